"""Build nodes from the children of a rule: one function per named rule of `grammar/expression.lark`.

Each function gets the text, the parser's stacks of values, starts and stops, and the index `at` of the first child,
counted from the end of the stacks. It returns the value that replaces the children.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ..errors import ParseError, quoted, short
from .ast import Binder, Binding, Call, Definition, Formula, Name, Node, Number, Statement, is_running
from .literals import read_float, read_name
from .tokens import CONSTANTS, SPELLINGS

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

Values: TypeAlias = list[Any]  # tokens as text, nodes, lists of arguments, bindings and lists of bindings
Positions: TypeAlias = list[int]


def _plain(sign: str) -> str:
    """Return the spelling by which nodes name an operator."""
    return SPELLINGS.get(sign, sign)


def _number(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    return Number(read_float(text, starts[at], stops[at]), starts[at], stops[at])


def _name(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    return Name(read_name(text, values[at], starts[at]), starts[at], stops[at])


def _infix(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    sign = _plain(values[at + 1])
    head = (starts[at + 1], stops[at + 1])
    return Call(sign, (values[at], values[at + 2]), starts[at], stops[at + 2], head)


def _prefix(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    sign = _plain(values[at])
    return Call(sign, (values[at + 1],), starts[at], stops[at + 1], (starts[at], stops[at]))


def _implicit(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    coefficient = Number(read_float(text, starts[at], stops[at]), starts[at], stops[at])
    return Call("*", (coefficient, values[at + 1]), starts[at], stops[at + 1], (starts[at], stops[at]))


def _compare(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    left, right = values[at], values[at + 2]
    sign = _plain(values[at + 1])
    head = (starts[at + 1], stops[at + 1])
    if at == -3 and isinstance(left, _Chain):
        return _Chain(f"{left.function} {sign}", (*left.arguments, right), left.start, stops[at + 2], head)
    return _Chain(sign, (left, right), starts[at], stops[at + 2], head)


class _Chain(Call):
    """A comparison to which `< c` can still be added. Parentheses end it, as in `(a < b) < c`."""

    __slots__ = ()


def _group(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    node: Node = values[at + 1]
    if isinstance(node, _Chain):
        return Call(node.function, node.arguments, node.start, node.stop, node.head)
    return node


def _choice(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    arguments = (values[at + 2], values[at], values[at + 4])
    return Call("where", arguments, starts[at], stops[at + 4], (starts[at + 1], stops[at + 1]))


def _call(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    arguments: list[Node] = values[at + 2] if at < -3 else []
    name = read_name(text, values[at], starts[at])
    binds = name == "diff" or any(map(is_running, arguments))
    return (Binder if binds else Call)(name, tuple(arguments), starts[at], stops[-1], (starts[at], stops[at]))


def _slope(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    """Return ``f'(x)``, a call of the name with its primes. ″ is two of them."""
    order = len(values[at + 1].replace("″", "''"))
    name = read_name(text, values[at], starts[at]) + "'" * order
    return Call(name, (values[at + 3],), starts[at], stops[-1], (starts[at], stops[at + 1]))


def _joined(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> str:
    """Return several primes or raised digits as one text."""
    together: str = values[at] + values[at + 1]
    return together


def _raised(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    """Return the power ``x²``."""
    exponent = Number(float(values[-1].translate(_RAISED)), starts[-1], stops[-1])
    return Call("**", (values[at], exponent), starts[at], stops[-1], (starts[-1], stops[-1]))


def _root(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    name = "sqrt" if values[at] == "√" else "cbrt"
    return Call(name, (values[at + 1],), starts[at], stops[-1], (starts[at], stops[at]))


def _factorial(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    return Call("factorial", (values[at],), starts[at], stops[-1], (starts[-1], stops[-1]))


def _degrees(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    """Return ``x°`` as ``x*(pi/180)``."""
    head = (starts[-1], stops[-1])
    degree = Call("/", (Name("pi", *head), Number(180.0, *head)), *head, head)
    return Call("*", (values[at], degree), starts[at], stops[-1], head)


def _bars(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    """Return ``|x|`` as a call of abs whose head is the bar, by which lowering knows it."""
    return Call("abs", (values[at + 1],), starts[at], stops[-1], (starts[at], stops[at]))


def _range(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    """Return ``[a..b]`` or ``[a, b..c]``."""
    first: list[Node] = values[at + 1]
    if len(first) > 2:
        problem, hint = "a range has one or two numbers before the ..", "write [first..last] or [first, second..last]"
        raise ParseError(problem, text=text, span=(starts[at], stops[-1]), hint=hint)
    return Call("[..]", (*first, values[at + 3]), starts[at], stops[-1], (starts[at + 2], stops[at + 2]))


def _running(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    """Return an index with its bounds, ``i=a..b``."""
    name = read_name(text, values[at], starts[at])
    if name in CONSTANTS:
        problem = f"'{name}' is a constant and cannot be an index"
        raise ParseError(problem, text=text, span=(starts[at], stops[at]), hint="choose another name")
    head = (starts[at], stops[at])
    return Call(f"{name}=..", (values[at + 2], values[at + 4]), starts[at], stops[-1], head)


def _vector(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    return Call("[]", tuple(values[at + 1]), starts[at], stops[-1], (starts[at], starts[at] + 1))


def _index(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    return Call("x[]", (values[at], *values[at + 2]), starts[at], stops[-1], (starts[at + 1], stops[-1]))


def _postfix(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    return Call(values[at + 1], (values[at],), starts[at], stops[-1], (starts[at + 1], stops[-1]))


def _slice(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    """Return a slice ``a:b``. Its function has a letter for each bound that is present."""
    colon = at if values[at].__class__ is str else at + 1
    spelling = ("a:" if colon > at else ":") + ("b" if colon < -1 else "")
    bounds = tuple([value for value in values[at:] if value.__class__ is not str])
    return Call(spelling, bounds, starts[at], stops[-1], (starts[colon], stops[colon]))


def _stepped(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    """Return a slice ``a:b:c``. Without a step the second colon has no effect."""
    bounds: Call = values[at]
    if at == -2:
        return Call(bounds.function, bounds.arguments, bounds.start, stops[-1], bounds.head)
    return Call(f"{bounds.function}:c", (*bounds.arguments, values[-1]), bounds.start, stops[-1], bounds.head)


def _keyword(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Node:
    """Return a keyword argument ``axis=0``. True is 1, False is 0, and None is a call without arguments."""
    name = read_name(text, values[at], starts[at])
    value = values[at + 2]
    if isinstance(value, Name) and value.name in ("True", "False"):
        value = Number(float(value.name == "True"), value.start, value.stop)
    arguments = () if isinstance(value, Name) and value.name == "None" else (value,)
    return Call(f"{name}=", arguments, starts[at], stops[-1], (starts[at], stops[at]))


def _argument(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> list[Node]:
    if at == -1:
        return [values[at]]
    arguments: list[Node] = values[at]
    arguments.append(values[at + 2])
    return arguments


def _binding(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Binding:
    span = (starts[at], stops[at])
    name = read_name(text, values[at], starts[at])
    if name in CONSTANTS:
        problem = f"'{name}' is a constant and cannot be bound"
        raise ParseError(problem, text=text, span=span, hint="choose another name")
    return Binding(name, values[at + 2], span)


def _definition(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Definition:
    """Return the definition ``f(t) = …`` from a call on the left side of an equals sign."""
    called: Call = values[at]
    span = (called.start, called.stop)
    names: list[str] = []
    for each in called.arguments:
        if not isinstance(each, Name) or each.name in CONSTANTS or each.name in names:
            problem = "a parameter is a name"
            if isinstance(each, Name):
                is_constant = each.name in CONSTANTS
                problem = f"{quoted(each.name)} is a constant" if is_constant else "two parameters have one name"
            hint = f"write {short(called.function)}(t) = …, with a name of its own for each parameter"
            raise ParseError(problem, text=text, span=(each.start, each.stop), hint=hint)
        names.append(each.name)
    if not names:
        hint = f"bind a value without parentheses: {short(called.function)} = …"
        raise ParseError("a function has a parameter", text=text, span=span, hint=hint)
    return Definition(called.function, tuple(names), values[at + 2], span)


def _result(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> Binding:
    return Binding("", values[at], (starts[at], stops[at]))


def _first(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> list[Statement]:
    return [values[at]]


def _next(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> list[Statement]:
    statements: list[Statement] = values[at]
    statements.append(values[at + 2])
    return statements


def _blank(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> object:
    return values[at]


def _leading(text: str, values: Values, starts: Positions, stops: Positions, at: int) -> object:
    return values[at + 1]


BUILDERS: dict[str, Callable[[str, Values, Positions, Positions, int], object]] = {
    "number": _number, "name": _name, "infix": _infix, "prefix": _prefix, "implicit": _implicit, "compare": _compare,
    "group": _group, "choice": _choice, "call": _call, "argument": _argument, "vector": _vector, "index": _index,
    "slope": _slope, "joined": _joined, "raised": _raised, "root": _root, "factorial": _factorial,
    "degrees": _degrees, "bars": _bars, "range": _range, "running": _running, "definition": _definition,
    "postfix": _postfix, "slice": _slice, "stepped": _stepped, "keyword": _keyword,
    "binding": _binding, "result": _result, "first": _first, "next": _next, "blank": _blank, "leading": _leading,
}  # fmt: skip


def formula_of(text: str, statements: list[Statement]) -> Formula:
    """Return the Formula of the statements: bindings and definitions of new names, and a result at the end."""
    bound: set[str] = set()
    for statement in statements[:-1]:
        if not statement.name:
            problem = "only the last statement can be a result"
            raise ParseError(problem, text=text, span=statement.span, hint="bind this one: v1 = …")
        key = statement.name
        if isinstance(statement, Definition):
            key += "("  # a function and a number may have one name: a name before a parenthesis is a function
        if key in bound:
            verb = "bound" if key == statement.name else "defined"
            problem = f"{quoted(statement.name)} is {verb} twice"
            raise ParseError(problem, text=text, span=statement.span, hint="give the second one its own name")
        bound.add(key)
    last = statements[-1]
    if isinstance(last, Definition):
        problem = f"the program ends with the definition of {quoted(last.name)} and has no result"
        hint = f"add a result, such as {quoted(f'; {last.head}')}"
        raise ParseError(problem, text=text, span=last.span, hint=hint)
    if last.name:
        problem = f"the program ends with the binding of {quoted(last.name)} and has no result"
        raise ParseError(problem, text=text, span=last.span, hint=f"add {quoted('; ' + last.name)}")
    return Formula(tuple(statements[:-1]), last.node, text)
