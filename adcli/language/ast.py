"""What was written: a small tree of numbers, names and calls, each of which knows its place in the text.

An operator is a call of its sign (`+`, `**`, `< <=` for a chained comparison), a vector a call of `[]`; the AST holds
no table of its own.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Number:
    """A literal number, already read to the nearest float64."""

    __slots__ = ("start", "stop", "value")

    def __init__(self, value: float, start: int = 0, stop: int = 0) -> None:
        self.value = value
        self.start = start
        self.stop = stop

    def __repr__(self) -> str:
        return f"Number({self.value!r})"


class Name:
    """A variable, a binding or a reserved constant, NFKC-normalised."""

    __slots__ = ("name", "start", "stop")

    def __init__(self, name: str, start: int = 0, stop: int = 0) -> None:
        self.name = name
        self.start = start
        self.stop = stop

    def __repr__(self) -> str:
        return f"Name({self.name!r})"


class Call:
    """A function or an operator and its arguments; `head` is the span of the function's own name or sign."""

    __slots__ = ("arguments", "function", "head", "start", "stop")

    def __init__(
        self, function: str, arguments: tuple[Node, ...], start: int = 0, stop: int = 0, head: tuple[int, int] = (0, 0)
    ) -> None:
        self.function = function
        self.arguments = arguments
        self.start = start
        self.stop = stop
        self.head = head

    def __repr__(self) -> str:
        return f"Call({self.function!r}, {len(self.arguments)} arguments)"  # never nested: a tree can be 10^5 deep


Node: TypeAlias = Number | Name | Call


class Binding(NamedTuple):
    """`name = node`; `span` is the place of the name."""

    name: str
    node: Node
    span: tuple[int, int]


class Formula:
    """A parsed program: its bindings in order, its result, and the text it came from.

    Two formulas are equal when they say the same thing, wherever it stood in the text. `str(formula)` is text that
    parses to an equal formula.

    >>> from adcli import parse
    >>> str(parse("u = x^2 ; 2u+1"))
    'u = x**2; 2*u + 1'
    >>> parse("2x") == parse("2 * x")
    True
    """

    __slots__ = ("bindings", "result", "text")

    def __init__(self, bindings: tuple[Binding, ...], result: Node, text: str) -> None:
        self.bindings = bindings
        self.result = result
        self.text = text

    def __str__(self) -> str:
        from .unparse import formula_text

        return formula_text(self)

    def __repr__(self) -> str:
        return f"parse({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Formula):
            return NotImplemented
        if [b.name for b in self.bindings] != [b.name for b in other.bindings]:
            return False
        mine = [b.node for b in self.bindings] + [self.result]
        theirs = [b.node for b in other.bindings] + [other.result]
        return all(same(a, b) for a, b in zip(mine, theirs, strict=True))

    def __hash__(self) -> int:
        return hash(str(self))


def same(left: Node, right: Node) -> bool:
    """Whether two trees say the same, their places aside."""
    pairs = [(left, right)]
    while pairs:
        a, b = pairs.pop()
        if isinstance(a, Number) and isinstance(b, Number):
            if a.value != b.value:
                return False
        elif isinstance(a, Name) and isinstance(b, Name):
            if a.name != b.name:
                return False
        elif isinstance(a, Call) and isinstance(b, Call):
            if a.function != b.function or len(a.arguments) != len(b.arguments):
                return False
            pairs.extend(zip(a.arguments, b.arguments, strict=True))
        else:
            return False
    return True
