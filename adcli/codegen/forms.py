"""The spelling of an operation in a target: a `Form` is text with slots for the arguments, and how tightly it binds.

Parentheses follow from the strengths of the table of operations (`ops/arithmetic.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from ..graph.text import Piece
from ..ops.arithmetic import AND, ATOM, COMPARISON, NEGATION, OR, PRODUCT, SUM

CHOICE = OR - 0.5  # `c ? a : b` binds less tightly than `or`
_POSITION = re.compile(r"\{(\d+)\}")


class Form(NamedTuple):
    """Pieces of text and slots for arguments.

    Attributes:
        pieces: text, or ``(position of the argument, least strength that needs no parentheses there)``.
        binding: how tightly the whole binds.
        repeated: the positions that are written more than once. Their arguments get names.
    """

    pieces: tuple[Piece, ...]
    binding: float = ATOM
    repeated: frozenset[int] = frozenset()


Spellings: TypeAlias = dict[str, Form | str]
"""How a target writes operations, by their names in the table: a form, or the name of a function to call."""


def form(template: str, binding: float = ATOM, least: float | Sequence[float] = 0) -> Form:
    r"""Return the form of a template in which ``{0}`` is the first argument.

    Args:
        template: the text. Braces around anything but a number are text. So is ``{10}``, as in ``\log_{10}``, unless
            all arguments before it are there too.
        binding: how tightly the whole binds.
        least: the least strength of the arguments, one for all or one each.

    >>> form("{0} * {0}", PRODUCT, PRODUCT).repeated
    frozenset({0})
    """
    parts = _POSITION.split(template)
    numbers = {int(part) for part in parts[1::2]}
    count = max(10, min({*range(len(numbers) + 1)} - numbers))
    pieces: list[Piece] = []
    positions: list[int] = []
    for number, part in enumerate(parts):
        if number % 2 and int(part) >= count:
            pieces.append(f"{{{part}}}")
        elif number % 2:
            position = int(part)
            positions.append(position)
            pieces.append((position, least[position] if isinstance(least, Sequence) else least))
        elif part:
            pieces.append(part)
    repeated = frozenset(position for position, times in Counter(positions).items() if times > 1)
    return Form(tuple(pieces), binding, repeated)


def slots(count: int, first: int = 0) -> str:
    """Return so many arguments, separated by commas, for a template.

    >>> slots(2), slots(2, first=9)
    ('{0}, {1}', '{9}, {10}')
    """
    return ", ".join([f"{{{position}}}" for position in range(first, first + count)])


def call(name: str, count: int, options: Sequence[str] = ()) -> Form:
    """Return the call of a function with `count` arguments, and options after them as text."""
    return form(f"{name}({', '.join([slots(count), *options])})")


def infix(sign: str, binding: float) -> Form:
    """Return a sign between two arguments. The right one must bind tighter: a - (b - c) is not a - b - c."""
    return form(f"{{0}} {sign} {{1}}", binding, (binding, binding + 1))


def comparison(sign: str) -> Form:
    """Return a sign of comparison, which no target chains."""
    return form(f"{{0}} {sign} {{1}}", COMPARISON, COMPARISON + 1)


def arithmetic() -> Spellings:
    """Return the spellings that nearly all targets share: arithmetic, squares and comparisons."""
    return {
        "add": infix("+", SUM),
        "sub": infix("-", SUM),
        "mul": infix("*", PRODUCT),
        "div": infix("/", PRODUCT),
        "neg": form("-{0}", NEGATION, NEGATION + 1),
        "square": form("{0} * {0}", PRODUCT, PRODUCT + 1),
        "lt": comparison("<"),
        "le": comparison("<="),
        "gt": comparison(">"),
        "ge": comparison(">="),
        "eq": comparison("=="),
        "ne": comparison("!="),
    }


def c_like() -> Spellings:
    """Return the arithmetic, the conditions and the choice of the languages that descend from C."""
    return arithmetic() | {
        "and": form("{0} && {1}", AND, (AND, AND + 1)),
        # gcc -Wall warns about && inside || without parentheses.
        "or": form("{0} || {1}", OR, COMPARISON),
        "not": form("!{0}", NEGATION, ATOM),
        "where": form("{0} ? {1} : {2}", CHOICE, OR),
    }


def tie_share(count: int, equality: str, template: str = "1.0 / ({ties})", binding: float = PRODUCT) -> Form:
    """Return 1 over the number of later arguments that equal the first: the derivative of max and min at a tie.

    Args:
        count: the number of arguments.
        equality: a number that is 1 where ``{0}`` and ``{1}`` are equal, otherwise 0.
        template: the quotient, with ``{ties}`` for the sum of the equalities.
        binding: how tightly the quotient binds.

    >>> tie_share(2, "({0} == {1})").pieces
    ('1.0 / ((', (0, 5), ' == ', (1, 5), '))')
    """
    terms = [equality.replace("{1}", f"{{{position}}}") for position in range(1, count)]
    quotient = form(template.replace("{ties}", " + ".join(terms)), binding, COMPARISON + 1)
    return quotient._replace(repeated=quotient.repeated | {0})


def chain_calls(name: str, count: int) -> Form:
    """Return a function of two arguments applied to more, from the left. One argument stands alone."""
    text = "{0}"
    for position in range(1, count):
        text = f"{name}({text}, {{{position}}})"
    return form(text)
