"""The AST to nodes of the graph: names, constants, arities, conditions; every error points at its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import AdcliError, ParseError, UnknownNameError, closest
from ..graph.expr import Expr, Graph
from ..ops import FUNCTIONS, SIGNS, Op
from ..ops.arithmetic import both, constant
from .ast import Call, Formula, Name, Node, Number
from .parser import CONSTANTS

_CONDITIONS = {sign for sign, _ in SIGNS if SIGNS[sign, _].is_condition}


def lower(formula: Formula, graph: Graph) -> Expr:
    """Append the formula to the graph; its bindings become labels, its inputs variables.

    Returns:
        The node of the result.

    Raises:
        UnknownNameError: a function that is not in the table.
        ParseError: a wrong number of arguments, a condition where a number is needed or the reverse, a binding that
            shadows an input.

    >>> from adcli import parse
    >>> print(lower(parse("u = x + 1; u*u"), Graph()))
    u = x + 1; u*u
    """
    scope: dict[str, Expr] = {}
    text = formula.text
    for name, node, span in formula.bindings:
        if name in graph.variables:
            raise ParseError(
                f"'{name}' is used as an input before it is bound", text=text, span=span, hint="bind it first"
            )
        scope[name] = expr = _lower(node, text, graph, scope)
        if graph.ops[expr.row] is not None:
            graph.labels.setdefault(expr.row, name)
    result = _lower(formula.result, text, graph, scope)
    if _is_condition(result):
        _not_a_number(formula.result, text)
    return result


def _lower(root: Node, text: str, graph: Graph, scope: dict[str, Expr]) -> Expr:
    """One tree by an explicit stack: a node goes on it twice, before and after its arguments."""
    stack: list[tuple[Node, bool]] = [(root, False)]
    done: list[Expr] = []
    spans = graph.spans
    while stack:
        node, ready = stack.pop()
        if isinstance(node, Number):
            done.append(Expr(graph, graph.constant(node.value)))
            spans.setdefault(done[-1].row, (node.start, node.stop))
        elif isinstance(node, Name):
            bound = scope.get(node.name)
            if bound is None:
                value = CONSTANTS.get(node.name)
                bound = Expr(graph, graph.constant(value)) if value is not None else graph.variable(node.name)
            done.append(bound)
            spans.setdefault(bound.row, (node.start, node.stop))
        elif not ready:
            stack.append((node, True))
            stack.extend((argument, False) for argument in reversed(node.arguments))
        else:
            count = len(node.arguments)
            arguments = done[len(done) - count :]
            del done[len(done) - count :]
            before = len(graph)
            result = _apply(node, arguments, text)
            for row in range(before, len(graph)):
                spans.setdefault(row, (node.start, node.stop))
            done.append(result)
    return done[0]


def _apply(node: Call, arguments: list[Expr], text: str) -> Expr:
    name = node.function
    op = SIGNS.get((name, len(arguments)))
    if op is None:
        if name == "+" and len(arguments) == 1:
            return arguments[0]
        if " " in name or name in _CONDITIONS:
            return _chain(node, name.split(" "), arguments, text)
        return _call(node, arguments, text)
    _check_kinds(op, node, arguments, text)
    result: Expr = op(*arguments)
    return result


def _chain(node: Call, signs: list[str], arguments: list[Expr], text: str) -> Expr:
    """``a < b <= c`` is ``a < b and b <= c`` with b evaluated once."""
    result: Any = None
    for sign, left, right in zip(signs, arguments, arguments[1:], strict=False):
        op = SIGNS[sign, 2]
        _check_kinds(op, node, [left, right], text)
        link = op(left, right)
        result = link if result is None else both(result, link)
    expr: Expr = result
    return expr


def _call(node: Call, arguments: list[Expr], text: str) -> Expr:
    op = FUNCTIONS.get(node.function)
    if op is None:
        meant = closest(node.function, list(FUNCTIONS))
        hint = f"did you mean '{meant}'?" if meant else "`adcli functions` lists them"
        raise UnknownNameError(f"unknown function '{node.function}'", text=text, span=node.head, hint=hint)
    count = len(arguments)
    overload = op.overloads.get(count)
    if overload is None and (count == 0 if op.variadic else count != op.arity):
        counts = sorted({op.arity, *op.overloads})
        wanted = "one or more arguments" if op.variadic else _counted(counts)
        raise ParseError(f"{node.function} takes {wanted}, not {count}", text=text, span=(node.start, node.stop))
    if overload is None:
        _check_kinds(op, node, arguments, text)
        for number in op.integers:
            _check_order(op, node, number, arguments[number], text)
        result: Expr = op(*arguments)
        return result
    for argument, child in zip(arguments, node.arguments, strict=True):
        if _is_condition(argument):
            _not_a_number(child, text)
    overloaded: Expr = overload(*arguments)
    return overloaded


def _counted(counts: list[int]) -> str:
    return " or ".join(map(str, counts)) + (" argument" if counts == [1] else " arguments")


def _check_order(op: Op, node: Call, number: int, argument: Expr, text: str) -> None:
    order = constant(argument)
    child = node.arguments[number]
    if order is None or order != int(order) or not 0 <= order <= 99:
        problem = f"argument {number + 1} of {op.name} is the order of a derivative"
        span = (child.start, child.stop)
        raise ParseError(problem, text=text, span=span, hint="write a whole number from 0 to 99")


def _check_kinds(op: Op, node: Call, arguments: Iterable[Expr], text: str) -> None:
    """Conditions go where conditions are needed and nowhere else."""
    for number, argument in enumerate(arguments):
        if _is_condition(argument) != (number in op.takes_conditions):
            child = node.arguments[min(number, len(node.arguments) - 1)]
            if number in op.takes_conditions:
                raise ParseError(
                    "a condition is needed here", text=text, span=(child.start, child.stop), hint="compare it, as in x > 0"
                )
            _not_a_number(child, text)


def _is_condition(expr: Expr) -> bool:
    op = expr.graph.ops[expr.row]
    return op is not None and op.is_condition


def _not_a_number(node: Node, text: str) -> None:
    hint = "use it in where(condition, a, b) or in a if condition else b"
    raise ParseError("a condition is not a number", text=text, span=(node.start, node.stop), hint=hint)


def constant_value(text: str, formula: Formula | None = None) -> float:
    """The value of an expression without variables, such as ``pi/4``: what the command line takes for a number.

    >>> constant_value("-1e-3")
    -0.001
    """
    from .parser import parse

    formula = formula or parse(text)
    graph = Graph()
    result = lower(formula, graph)
    if graph.variables:
        name = next(iter(graph.variables))
        raise AdcliError(f"'{name}' is not a number", text=text, span=graph.spans[graph.variables[name]])
    values: dict[int, Any] = {}
    for row in graph.live([result.row]):
        op = graph.ops[row]
        values[row] = graph.constants[row] if op is None else op.forward(*[values[i] for i in graph.inputs[row]])
    return float(values[result.row])
