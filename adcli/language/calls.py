"""Check calls: the operation, the number of arguments, the parameters, and where conditions may stand."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from ..errors import ParseError, ShapeError, UnknownNameError, quoted, short
from ..graph.expr import Expr
from ..ops import FUNCTIONS, SIGNS, Op
from ..ops.reductions import REDUCTIONS
from ..ops.signature import defaults_of, parameters_of
from .ast import Binder, Call, Name, Node, is_keyword, is_slice
from .tokens import CONSTANTS

_BEFORE_DX = r"\bd(\^\d)?\s*/\s*$"  # what stands before dx in d/dx(…)
ARRAY_SYNTAX = {"[]", "x[]", ".T", "[..]", "len"}
DOTS = "·⋅×"
CONDITIONS = {sign for (sign, _), op in SIGNS.items() if op.is_condition}


def function_of(node: Call, text: str, variables: Container[str]) -> Op:
    """Return the operation of a call.

    Raises:
        UnknownNameError: there is no function of this name.
        ParseError: it takes another number of arguments, or no such keyword.
    """
    op = FUNCTIONS.get(node.function)
    if op is None:
        raise _unknown_function(node, text, variables)
    count = len(node.arguments)
    if op.signature is None and count == op.arity and not op.variadic:
        for child in node.arguments:
            if child.__class__ is Call and (is_keyword(child) or is_slice(child)):
                break
        else:
            return op
    keywords = [child for child in node.arguments if isinstance(child, Call) and is_keyword(child)]
    if keywords:
        op = REDUCTIONS.get(op.name, op)
    _check_keywords(op, node.function, keywords, text)
    _check_count(op, node, keywords, text)
    for child in node.arguments:
        if is_slice(child) and "index" not in parameters_of(op)[0]:
            hint = "write it inside an index, as in x[1:3]"
            raise ParseError("a slice is not an argument", text=text, span=(child.start, child.stop), hint=hint)
    return op


def _check_keywords(op: Op, name: str, keywords: list[Call], text: str) -> None:
    parameters, _ = parameters_of(op)
    for child in keywords:
        if child.function[:-1] not in parameters:
            names = ", ".join(f"{each}=" for each in parameters)
            hint = f"use {names}" if names else "write == for a comparison"
            if name in ("sum", "prod", "max", "min"):
                hint = f"use {names}, or an index such as i=1..10"
            raise ParseError(f"{name} takes no {child.function}", text=text, span=child.head, hint=hint)
        if any(other is not child and other.function == child.function for other in keywords):
            raise ParseError(f"{child.function} is given twice", text=text, span=child.head, hint="leave one out")


def _check_count(op: Op, node: Call, keywords: list[Call], text: str) -> None:
    """Check the number of arguments without keyword."""
    parameters, rest = parameters_of(op)
    count = len(node.arguments) - len(keywords)
    required = [name for name in parameters if name not in defaults_of(op)]  # these need no keyword
    least = 1 if op.variadic else op.arity
    if not rest:
        least += len([name for name in required if all(child.function != f"{name}=" for child in keywords)])
    most = count if op.variadic or rest or "index" in required else least
    if least <= count <= most or count in op.overloads:
        return
    counts = sorted({least, max(least, most), *op.overloads})
    expected = "one or more arguments" if op.variadic or rest else _count_text(counts)
    hint = _count_hint(op, node) if op.shape is not None and count > most else None
    problem = f"{node.function} takes {expected}, not {count}"
    raise ParseError(problem, text=text, span=(node.start, node.stop), hint=hint)


def _count_hint(op: Op, node: Call) -> str:
    """Return the hint for too many arguments: a vector, or the terms of ``sum(i^2, i, 1, 10)``."""
    if op.name in ("sum", "prod") and len(node.arguments) == 4 and isinstance(node.arguments[1], Name):
        from .foreign_names import TERMS
        from .foreign_syntax import PRODUCT_TERMS

        return TERMS if op.name == "sum" else PRODUCT_TERMS
    return "write a vector as [a, b, …]"


def _unknown_function(node: Call, text: str, variables: Container[str]) -> UnknownNameError:
    from .foreign_names import function_hint, sign_hint

    name = node.function
    hint = sign_hint(name) or _application_hint(node, text, variables)
    own = f"define it first: {_head(node)} = …"
    hint = hint or function_hint(name, own if len(name) == 1 else f"`adcli functions` lists them, or {own}")
    return UnknownNameError(f"unknown function {quoted(name)}", text=text, span=node.head, hint=hint)


def _application_hint(node: Call, text: str, variables: Container[str]) -> str | None:
    """Return the hint for ``d/dx(…)``, a part ``x(1:)`` of an array, or a product ``k(x + 1)``."""
    from .foreign_names import DIFFERENTIATE, known_function

    name = node.function
    if name[0] == "d" and re.search(_BEFORE_DX, text[max(0, node.start - 20) : node.start]):
        return DIFFERENTIATE
    if any(map(is_slice, node.arguments)) and known_function(name) is None:
        return f"write {short(name)}[…] for a part"
    if name == "e":
        return "write exp(…) for a power of e, e*(…) for a product"
    is_primed = node.head[1] - node.head[0] > len(name)
    if len(node.arguments) == 1 and not is_primed and (len(name) == 1 or name in variables or name in CONSTANTS):
        return f"write {short(name)}*(…) for a product, or define it first: {_head(node)} = …"
    return None


def _head(node: Call) -> str:
    """Return the left side of a definition of the function that a call names."""
    parameters = ("t", "t", "t, s", "t, s, r")
    return f"{short(node.function)}({parameters[len(node.arguments)] if len(node.arguments) < 4 else 't, …'})"


def _count_text(counts: list[int]) -> str:
    return " or ".join(map(str, counts)) + (" argument" if counts == [1] else " arguments")


def check_kinds(op: Op, nodes: Sequence[Node], arguments: Sequence[Expr], text: str) -> None:
    """Check that conditions are where conditions are needed, and nowhere else."""
    for number, (child, argument) in enumerate(zip(nodes, arguments, strict=True)):
        if is_condition(argument) != (number in op.takes_conditions):
            if number in op.takes_conditions:
                span = (child.start, child.stop)
                raise ParseError("a condition is needed here", text=text, span=span, hint="compare it, as in x > 0")
            _not_a_number(child, text)


def check_numbers(nodes: Sequence[Node], arguments: Sequence[Expr], text: str) -> None:
    """Check that no argument is a condition."""
    for child, argument in zip(nodes, arguments, strict=True):
        if is_condition(argument):
            _not_a_number(child, text)


def is_condition(expr: Expr) -> bool:
    """Return whether a node is a condition."""
    op = expr.graph.ops[expr.row]
    return op is not None and op.is_condition


def _not_a_number(node: Node, text: str) -> None:
    hint = "use it in where(condition, a, b) or in a if condition else b"
    raise ParseError("a condition is not a number", text=text, span=(node.start, node.stop), hint=hint)


def used_before_binding(name: str, text: str, span: tuple[int, int]) -> ParseError:
    """Return the error of a binding whose name was already used as an input."""
    problem = f"{quoted(name)} is used as an input before it is bound"
    return ParseError(problem, text=text, span=span, hint="give the binding another name, or bind it first")


def in_order(root: Node) -> list[Node]:
    """Return the nodes of a tree, from left to right, arguments before the call. A Binder stands for its arguments."""
    order: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        order.append(node)
        if isinstance(node, Call) and node.__class__ is not Binder:
            stack.extend(node.arguments)
    order.reverse()
    return order


def refuse_bars(node: Call, arguments: Sequence[Expr], text: str) -> None:
    """Raise a ShapeError for ``|v|`` of an array, which has three meanings."""
    if arguments[0].shape and text[node.start : node.start + 1] == "|":
        problem, hint = "bars around an array have several meanings", "write norm(v), abs(v) or det(A)"
        raise ShapeError(problem, text=text, span=(node.start, node.stop), hint=hint)


def refuse_dots(node: Call, arguments: Sequence[Expr], text: str) -> None:
    """Raise a ShapeError for ``u·v`` and ``u×v`` of two arrays, which read as other products."""
    sign = text[node.head[0] : node.head[1]]
    if node.function == "*" and sign in DOTS and sign and all(argument.shape for argument in arguments):
        hint = "write u @ v for the product of vectors or matrices, or u*v element by element"
        raise ShapeError(f"'{sign}' between arrays is ambiguous", text=text, span=node.head, hint=hint)
