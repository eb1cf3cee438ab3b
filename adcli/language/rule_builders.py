"""What the parser builds from the children of a rule: one function per named rule of `grammar/expression.lark`.

Each function gets the text, the parser's stacks of values, starts and stops, and the index `at` of the first child,
counted from the end of the stacks. It returns the value that replaces the children.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ..errors import ParseError, quoted
from .ast import Binding, Call, Formula, Name, Node, Number
from .literals import read_float, read_name
from .tokens import CONSTANTS

Values: TypeAlias = list[Any]  # tokens as text, nodes, lists of arguments, bindings and lists of bindings
Places: TypeAlias = list[int]


def _number(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Number(read_float(text, starts[at], stops[at]), starts[at], stops[at])


def _name(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Name(read_name(text, values[at], starts[at]), starts[at], stops[at])


def _infix(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    sign = values[at + 1]
    if sign == "^":
        sign = "**"
    head = (starts[at + 1], stops[at + 1])
    return Call(sign, (values[at], values[at + 2]), starts[at], stops[at + 2], head)


def _prefix(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Call(values[at], (values[at + 1],), starts[at], stops[at + 1], (starts[at], stops[at]))


def _implicit(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    coefficient = Number(read_float(text, starts[at], stops[at]), starts[at], stops[at])
    return Call("*", (coefficient, values[at + 1]), starts[at], stops[at + 1], (starts[at], stops[at]))


def _compare(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    left, sign, right = values[at], values[at + 1], values[at + 2]
    head = (starts[at + 1], stops[at + 1])
    if at == -3 and isinstance(left, _Chain):
        return _Chain(f"{left.function} {sign}", (*left.arguments, right), left.start, stops[at + 2], head)
    return _Chain(sign, (left, right), starts[at], stops[at + 2], head)


class _Chain(Call):
    """A comparison to which `< c` can still be added. Parentheses end it, as in `(a < b) < c`."""

    __slots__ = ()


def _group(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    node: Node = values[at + 1]
    if isinstance(node, _Chain):
        return Call(node.function, node.arguments, node.start, node.stop, node.head)
    return node


def _choice(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    arguments = (values[at + 2], values[at], values[at + 4])
    return Call("where", arguments, starts[at], stops[at + 4], (starts[at + 1], stops[at + 1]))


def _call(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    arguments: list[Node] = values[at + 2] if at < -3 else []
    name = read_name(text, values[at], starts[at])
    return Call(name, tuple(arguments), starts[at], stops[-1], (starts[at], stops[at]))


def _vector(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Call("[]", tuple(values[at + 1]), starts[at], stops[-1], (starts[at], starts[at] + 1))


def _index(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Call("x[]", (values[at], *values[at + 2]), starts[at], stops[-1], (starts[at + 1], stops[-1]))


def _postfix(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Call(values[at + 1], (values[at],), starts[at], stops[-1], (starts[at + 1], stops[-1]))


def _slice(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    """Return a slice ``a:b``. Its function has a letter for each bound that is present."""
    colon = at if values[at].__class__ is str else at + 1
    spelling = ("a:" if colon > at else ":") + ("b" if colon < -1 else "")
    bounds = tuple([value for value in values[at:] if value.__class__ is not str])
    return Call(spelling, bounds, starts[at], stops[-1], (starts[colon], stops[colon]))


def _stepped(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    """Return a slice ``a:b:c``. Without a step the second colon has no effect."""
    bounds: Call = values[at]
    if at == -2:
        return Call(bounds.function, bounds.arguments, bounds.start, stops[-1], bounds.head)
    return Call(f"{bounds.function}:c", (*bounds.arguments, values[-1]), bounds.start, stops[-1], bounds.head)


def _keyword(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    """Return a keyword argument ``axis=0``. True is 1, False is 0, and None is a call without arguments."""
    name = read_name(text, values[at], starts[at])
    value = values[at + 2]
    if isinstance(value, Name) and value.name in ("True", "False"):
        value = Number(float(value.name == "True"), value.start, value.stop)
    arguments = () if isinstance(value, Name) and value.name == "None" else (value,)
    return Call(f"{name}=", arguments, starts[at], stops[-1], (starts[at], stops[at]))


def _argument(text: str, values: Values, starts: Places, stops: Places, at: int) -> list[Node]:
    if at == -1:
        return [values[at]]
    arguments: list[Node] = values[at]
    arguments.append(values[at + 2])
    return arguments


def _binding(text: str, values: Values, starts: Places, stops: Places, at: int) -> Binding:
    span = (starts[at], stops[at])
    name = read_name(text, values[at], starts[at])
    if name in CONSTANTS:
        problem = f"'{name}' is a constant and cannot be bound"
        raise ParseError(problem, text=text, span=span, hint="choose another name")
    return Binding(name, values[at + 2], span)


def _result(text: str, values: Values, starts: Places, stops: Places, at: int) -> Binding:
    return Binding("", values[at], (starts[at], stops[at]))


def _first(text: str, values: Values, starts: Places, stops: Places, at: int) -> list[Binding]:
    return [values[at]]


def _next(text: str, values: Values, starts: Places, stops: Places, at: int) -> list[Binding]:
    statements: list[Binding] = values[at]
    statements.append(values[at + 2])
    return statements


def _blank(text: str, values: Values, starts: Places, stops: Places, at: int) -> object:
    return values[at]


def _leading(text: str, values: Values, starts: Places, stops: Places, at: int) -> object:
    return values[at + 1]


REDUCTIONS: dict[str, Callable[[str, Values, Places, Places, int], object]] = {
    "number": _number, "name": _name, "infix": _infix, "prefix": _prefix, "implicit": _implicit, "compare": _compare,
    "group": _group, "choice": _choice, "call": _call, "argument": _argument, "vector": _vector, "index": _index,
    "postfix": _postfix, "slice": _slice, "stepped": _stepped, "keyword": _keyword,
    "binding": _binding, "result": _result, "first": _first, "next": _next, "blank": _blank, "leading": _leading,
}  # fmt: skip


def formula_of(text: str, statements: list[Binding]) -> Formula:
    """Return the Formula of the statements: bindings of new names, and a result at the end."""
    seen: set[str] = set()
    for name, _, span in statements[:-1]:
        if not name:
            problem = "only the last statement can be a result"
            raise ParseError(problem, text=text, span=span, hint="bind this one: v1 = …")
        if name in seen:
            problem = f"{quoted(name)} is bound twice"
            raise ParseError(problem, text=text, span=span, hint="give the second one its own name")
        seen.add(name)
    last = statements[-1]
    if last.name:
        problem = f"the program ends with the binding of {quoted(last.name)} and has no result"
        raise ParseError(problem, text=text, span=last.span, hint=f"add {quoted('; ' + last.name)}")
    return Formula(tuple(statements[:-1]), last.node, text)
