"""Expressions as people write them, for hypothesis: every spelling, few parentheses, every function of the table.

`tests/strategies.py` is for numbers: it varies what is computed; this one varies how it is written.

>>> from hypothesis import given
>>> @given(expressions())
... def test(text: str) -> None: ...
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from adcli.ops import FUNCTIONS, Op

CHOICE, OR, AND, NOT, COMPARISON, SUM, PRODUCT, IMPLICIT, NEGATION, POWER, ATOM = range(11)
VARIABLES = ("x", "y", "z")
SPACES = ("", "", " ")


class Piece(NamedTuple):
    """A text and how tightly it binds."""

    text: str
    binding: int

    def at(self, least: int) -> str:
        """The text, in parentheses where it binds less tightly than that."""
        return self.text if self.binding >= least else f"({self.text})"


def literals() -> st.SearchStrategy[str]:
    """Numbers as people write them, none of them negative."""
    return st.one_of(
        st.integers(0, 20).map(str),
        st.sampled_from(["0", "1", "2", "0.5", ".5", "1.", "1e-3", "2.5E2", "5e+30", "1_000", "1_0.2_5", "1e300"]),
        st.floats(0, allow_nan=False, allow_infinity=False).map(repr),
    )


def expressions(
    variables: Sequence[str] = VARIABLES, functions: Sequence[str] | None = None, size: int = 12
) -> st.SearchStrategy[str]:
    """Expressions whose value is a number.

    Args:
        variables: the names that may occur.
        functions: the spellings that may occur, all by default.
        size: about how many leaves there are at most.
    """
    return _numbers(variables, functions, size).map(lambda piece: piece.text)


def programs(variables: Sequence[str] = VARIABLES, size: int = 8) -> st.SearchStrategy[str]:
    """Up to three bindings `u1`, `u2` … and a result that may use them."""
    bound = [f"u{number}" for number in range(1, 4)]

    @st.composite
    def program(draw: st.DrawFn) -> str:
        count = draw(st.integers(0, 3))
        parts = [
            f"{bound[place]} = {draw(expressions([*variables, *bound[:place]], size=size))}" for place in range(count)
        ]
        parts.append(draw(expressions([*variables, *bound[:count]], size=size)))
        return draw(st.sampled_from([";", "; ", "\n", ";\n", " # note\n"])).join(parts)

    return program()


def _numbers(variables: Sequence[str], functions: Sequence[str] | None, size: int) -> st.SearchStrategy[Piece]:
    names = st.sampled_from([*variables, *variables, "pi", "π", "tau", "e"])
    leaves = st.one_of(names, literals()).map(lambda text: Piece(text, ATOM))
    every = [word for word, op in FUNCTIONS.items() if op.is_elementwise]
    calls = every if functions is None else list(functions)
    return st.recursive(leaves, lambda children: _grown(children, calls), max_leaves=size)


@st.composite
def _grown(draw: st.DrawFn, children: st.SearchStrategy[Piece], functions: list[str]) -> Piece:
    """One operation on smaller expressions."""
    kinds = ["sum", "product", "division", "power", "negation", "implicit", "group", "choice"] + ["call"] * 4
    kind = draw(st.sampled_from(kinds if functions else kinds[:-4]))
    space = draw(st.sampled_from(SPACES))
    left = draw(children)
    if kind == "sum":
        sign = draw(st.sampled_from("+-"))
        return Piece(f"{left.at(SUM)}{space}{sign}{space}{draw(children).at(PRODUCT)}", SUM)
    if kind == "product":
        return Piece(f"{left.at(PRODUCT)}{space}*{space}{draw(children).at(IMPLICIT)}", PRODUCT)
    if kind == "division":
        sign = draw(st.sampled_from("/%"))
        return Piece(f"{left.at(PRODUCT)}{space}{sign}{space}{draw(children).at(NEGATION)}", PRODUCT)
    if kind == "power":
        sign = draw(st.sampled_from(["^", "**"]))
        return Piece(f"{left.at(ATOM)}{space}{sign}{space}{draw(children).at(NEGATION)}", POWER)
    if kind == "negation":
        sign = draw(st.sampled_from("-+"))
        return Piece(f"{sign}{space}{left.at(IMPLICIT)}", min(NEGATION, max(left.binding, IMPLICIT)))
    if kind == "implicit":
        factor = left.at(POWER)
        begins_with_e = factor[0] == "e" and not factor[1:2].isidentifier()  # 2e is an error
        factor = factor if (factor[0].isalpha() or factor[0] == "(") and not begins_with_e else f"({factor})"
        return Piece(f"{draw(st.sampled_from(['2', '10', '.5', '1e-3']))}{factor}", IMPLICIT)
    if kind == "group":
        return Piece(f"({space}{left.text}{space})", ATOM)
    if kind == "choice":
        condition = draw(_conditions(children))
        return Piece(f"{left.at(OR)} if {condition.at(OR)} else {draw(children).at(CHOICE)}", CHOICE)
    return draw(_calls(children, functions))


@st.composite
def _calls(draw: st.DrawFn, children: st.SearchStrategy[Piece], functions: list[str]) -> Piece:
    word = draw(st.sampled_from(functions))
    op: Op = FUNCTIONS[word]
    count = draw(st.integers(1, 4)) if op.variadic else draw(st.sampled_from([op.arity, *op.overloads]))
    arguments = []
    for place in range(count):
        if place in op.integers:
            arguments.append(str(draw(st.integers(0, 3))))
        elif place in op.takes_conditions:
            arguments.append(draw(_conditions(children)).text)
        else:
            arguments.append(draw(children).text)
    ending = draw(st.sampled_from(["", "", "", ","]))
    return Piece(f"{word}({', '.join(arguments)}{ending})", ATOM)


def _conditions(children: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    return st.recursive(_comparisons(children), _joined, max_leaves=3)


@st.composite
def _comparisons(draw: st.DrawFn, children: st.SearchStrategy[Piece]) -> Piece:
    text = draw(children).at(SUM)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        text += f" {draw(st.sampled_from(['<', '<=', '>', '>=', '==', '!=']))} {draw(children).at(SUM)}"
    return Piece(text, COMPARISON)


def _joined(conditions: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    return st.one_of(
        st.builds(lambda a, b: Piece(f"{a.at(AND)} and {b.at(NOT)}", AND), conditions, conditions),
        st.builds(lambda a, b: Piece(f"{a.at(OR)} or {b.at(AND)}", OR), conditions, conditions),
        conditions.map(lambda a: Piece(f"not {a.at(NOT)}", NOT)),
    )
