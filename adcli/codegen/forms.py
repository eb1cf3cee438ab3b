"""How a target spells an operation: a `Form` is text with places for the arguments, and how tightly it binds.

Parentheses follow from the strengths, which are those of the table (`ops/arithmetic.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..graph.text import Piece
from ..ops.arithmetic import AND, ATOM, COMPARISON, NEGATION, OR, PRODUCT, SUM

CHOICE = OR - 0.5  # `c ? a : b` binds less tightly than `or`
_PLACE = re.compile(r"\{(\d)\}")


class Form(NamedTuple):
    """Pieces of text and places of arguments, each with the least strength that needs no parentheses there.

    Attributes:
        pieces: text, or ``(place, least strength)``.
        binding: how tightly the whole binds.
        repeated: the places written more than once: what stands there gets a name.
    """

    pieces: tuple[Piece, ...]
    binding: float = ATOM
    repeated: frozenset[int] = frozenset()


def form(template: str, binding: float = ATOM, least: float | Sequence[float] = 0) -> Form:
    """A form from a template in which ``{0}`` is the first argument.

    Args:
        template: other braces stand for themselves.
        binding: how tightly the whole binds.
        least: the least strength of the arguments, one for all or one each.

    >>> form("{0} * {0}", PRODUCT, PRODUCT).repeated
    frozenset({0})
    """
    parts = _PLACE.split(template)
    pieces: list[Piece] = []
    places: list[int] = []
    for number, part in enumerate(parts):
        if number % 2:
            place = int(part)
            places.append(place)
            pieces.append((place, least[place] if isinstance(least, Sequence) else least))
        elif part:
            pieces.append(part)
    return Form(tuple(pieces), binding, frozenset(place for place in places if places.count(place) > 1))


def call(name: str, count: int, first: int = 0) -> Form:
    """A call of a function with `count` arguments, of which the leading `first` are left out."""
    return form(f"{name}({', '.join(f'{{{place}}}' for place in range(first, count))})")


def infix(sign: str, binding: float) -> Form:
    """A sign between two arguments; the right one must bind tighter, for a - (b - c) is not a - b - c."""
    return form(f"{{0}} {sign} {{1}}", binding, (binding, binding + 1))


def comparison(sign: str) -> Form:
    """A sign of comparison, which no target chains."""
    return form(f"{{0}} {sign} {{1}}", COMPARISON, COMPARISON + 1)


def arithmetic() -> dict[str, Form]:
    """What nearly all targets spell alike: the four operations, the negative, the comparisons that need no care."""
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


def c_like() -> dict[str, Form]:
    """The arithmetic of the languages that descend from C, with their conditions and their choice."""
    return arithmetic() | {
        "and": form("{0} && {1}", AND, (AND, AND + 1)),
        # gcc -Wall wants parentheses around && inside ||.
        "or": form("{0} || {1}", OR, COMPARISON),
        "not": form("!{0}", NEGATION, ATOM),
        "where": form("{0} ? {1} : {2}", CHOICE, OR),
    }


def shared(count: int, equal: str = "({0} == {1})") -> Form:
    """How many of the later arguments equal the first, as a sum of comparisons: what `tie_share` divides 1 by."""
    terms = [equal.replace("{1}", f"{{{place}}}") for place in range(1, count)]
    made = form(" + ".join(terms), SUM, COMPARISON + 1)
    return made._replace(repeated=made.repeated | {0})


def nested(name: str, count: int) -> Form:
    """A function of two arguments applied to more, from the left; of one argument it is that argument."""
    text = "{0}"
    for place in range(1, count):
        text = f"{name}({text}, {{{place}}})"
    return form(text)


Table = Mapping[str, Form | str]
"""How a target spells operations, by the name in the table: a form, or the name of a function it calls."""
