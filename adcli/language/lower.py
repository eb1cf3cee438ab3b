"""The AST to nodes of the graph: names, constants, arities, conditions; every error points at its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import ParseError, ShapeError, UnknownNameError, closest, quoted, short
from ..graph.collector import uncollected
from ..graph.explain import evaluate
from ..graph.expr import Expr, Graph
from ..ops import FUNCTIONS, SIGNS, TABLE, Op
from ..ops.arithmetic import both, constant
from .ast import Call, Formula, Node, Number
from .parser import CONSTANTS, parse

_CONDITIONS = {sign for (sign, _), op in SIGNS.items() if op.is_condition}


@uncollected
def lower(formula: Formula, graph: Graph) -> Expr:
    """Append a formula with a scalar result to the graph; see `lower_results`.

    Raises:
        ShapeError: the result is a vector.

    >>> from adcli import parse
    >>> print(lower(parse("u = x + 1; u*u"), Graph()))
    u = x + 1; u*u
    """
    results = lower_results(formula, graph)
    refuse_vector(formula)
    return results[0]


def refuse_vector(formula: Formula) -> None:
    """Raise a ShapeError where the result is a vector and a scalar is needed."""
    result = formula.result
    if is_vector(result):
        hint = "a vector [f, g] has a Jacobian (jac), not a gradient"
        raise ShapeError(
            "this takes one scalar expression", text=formula.text, span=(result.start, result.stop), hint=hint
        )


def is_vector(node: Node) -> bool:
    """Whether a node is written as a vector."""
    return isinstance(node, Call) and node.function == "[]"


@uncollected
def lower_results(formula: Formula, graph: Graph) -> list[Expr]:
    """Append the formula to the graph; its bindings become labels, its inputs variables.

    Returns:
        The nodes of the elements of the result; a scalar is one.

    Raises:
        UnknownNameError: a function that is not in the table.
        ParseError: a wrong number of arguments, a condition where a number is needed or the reverse, a binding that
            shadows an input.

    >>> from adcli import parse
    >>> print(*lower_results(parse("[x*y, x + y]"), Graph()))
    x*y x + y
    """
    scope: dict[str, Expr] = {}
    text = formula.text
    for name, node, span in formula.bindings:
        expr = _lower(node, text, graph, scope)
        if name in graph.variables:
            problem = f"{quoted(name)} is used as an input before it is bound"
            hint = "give the binding a name of its own, or bind it first"
            raise ParseError(problem, text=text, span=span, hint=hint)
        scope[name] = expr
        if graph.ops[expr.row] is not None or expr.row in graph.constants:
            graph.labels.setdefault(expr.row, name)
    node = formula.result
    elements = node.arguments if isinstance(node, Call) and is_vector(node) else (node,)
    results = []
    for element in elements:
        results.append(_lower(element, text, graph, scope))
        if _is_condition(results[-1]):
            _not_a_number(element, text)
    return results


def _lower(root: Node, text: str, graph: Graph, scope: dict[str, Expr]) -> Expr:
    """One tree without recursion: listed with arguments after their users, and walked from the end."""
    order: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        order.append(node)
        if isinstance(node, Call):
            stack.extend(node.arguments)
    order.reverse()
    rows: list[int] = []  # of what is done and not yet used
    spans, ops, find_sign = graph.spans, graph.ops, SIGNS.get
    for node in order:
        before = len(ops)
        if isinstance(node, Call):
            count = len(node.arguments)
            op = find_sign((node.function, count))
            arguments = tuple(rows[-count:]) if count else ()
            if op is None or op.takes_conditions or _any_condition(ops, arguments):
                result = _apply(node, [Expr(graph, row) for row in arguments], text).row
            else:
                result = graph.apply(op, arguments)
            if count:
                del rows[-count:]
        elif isinstance(node, Number):
            result = graph.constant(node.value)
        else:
            bound = scope.get(node.name)
            if bound is not None:
                result = bound.row
            else:
                value = CONSTANTS.get(node.name)
                result = graph.variable(node.name).row if value is None else graph.named(node.name, value)
        rows.append(result)
        for row in range(before, len(ops)):
            spans[row] = (node.start, node.stop)
    return Expr(graph, rows[0])


def _any_condition(ops: list[Op | None], rows: tuple[int, ...]) -> bool:
    for row in rows:
        op = ops[row]
        if op is not None and op.is_condition:
            return True
    return False


def _apply(node: Call, arguments: list[Expr], text: str) -> Expr:
    name = node.function
    op = SIGNS.get((name, len(arguments)))
    if op is None:
        if name == "+" and len(arguments) == 1:
            return arguments[0]
        if " " in name or name in _CONDITIONS:
            return _chain(node, name.split(" "), arguments, text)
        return _call(node, arguments, text)
    _check_kinds(op, node.arguments, arguments, text)
    result: Expr = op(*arguments)
    return result


def _chain(node: Call, signs: list[str], arguments: list[Expr], text: str) -> Expr:
    """``a < b <= c`` is ``a < b and b <= c`` with b evaluated once."""
    result: Any = None
    for place, sign in enumerate(signs):
        op = SIGNS[sign, 2]
        pair = slice(place, place + 2)
        _check_kinds(op, node.arguments[pair], arguments[pair], text)
        link = op(*arguments[pair])
        result = link if result is None else both(result, link)
    expr: Expr = result
    return expr


def _call(node: Call, arguments: list[Expr], text: str) -> Expr:
    op = FUNCTIONS.get(node.function)
    if node.function == "[]":
        hint = "a vector [f, g] stands alone, as the result"
        raise ShapeError("a vector cannot stand here", text=text, span=(node.start, node.stop), hint=hint)
    if op is None:
        raise _unknown(node, arguments, text)
    count = len(arguments)
    overload = op.overloads.get(count)
    if overload is None and (count == 0 if op.variadic else count != op.arity):
        counts = sorted({op.arity, *op.overloads})
        wanted = "one or more arguments" if op.variadic else _counted(counts)
        raise ParseError(f"{node.function} takes {wanted}, not {count}", text=text, span=(node.start, node.stop))
    if overload is None:
        _check_kinds(op, node.arguments, arguments, text)
        for number in op.integers:
            _check_order(op, node, number, arguments[number], text)
        result: Expr = op(*arguments)
        return result
    for argument, child in zip(arguments, node.arguments, strict=True):
        if _is_condition(argument):
            _not_a_number(child, text)
    overloaded: Expr = overload(*arguments)
    return overloaded


def _unknown(node: Call, arguments: list[Expr], text: str) -> UnknownNameError:
    name = node.function
    meant = closest(name, list(FUNCTIONS))
    sign = TABLE[name].sign if name in TABLE else None
    if sign is not None:
        hint = f"write {f'x {sign} y' if TABLE[name].arity == 2 else f'{sign} x'}"
    elif len(arguments) == 1 and (len(name) == 1 or name in arguments[0].graph.variables):
        hint = f"write {short(name)}*(…) for a product"
    else:
        hint = f"did you mean '{meant}'?" if meant else "`adcli functions` lists them"
    return UnknownNameError(f"unknown function {quoted(name)}", text=text, span=node.head, hint=hint)


def _counted(counts: list[int]) -> str:
    return " or ".join(map(str, counts)) + (" argument" if counts == [1] else " arguments")


def _check_order(op: Op, node: Call, number: int, argument: Expr, text: str) -> None:
    order = constant(argument)
    child = node.arguments[number]
    if order is None or order != int(order) or not 0 <= order <= 99:
        problem = f"argument {number + 1} of {op.name} is the order of a derivative"
        span = (child.start, child.stop)
        raise ParseError(problem, text=text, span=span, hint="write a whole number from 0 to 99")


def _check_kinds(op: Op, nodes: Sequence[Node], arguments: Sequence[Expr], text: str) -> None:
    """Conditions go where conditions are needed and nowhere else."""
    for number, (child, argument) in enumerate(zip(nodes, arguments, strict=True)):
        if _is_condition(argument) != (number in op.takes_conditions):
            if number in op.takes_conditions:
                span = (child.start, child.stop)
                raise ParseError("a condition is needed here", text=text, span=span, hint="compare it, as in x > 0")
            _not_a_number(child, text)


def _is_condition(expr: Expr) -> bool:
    op = expr.graph.ops[expr.row]
    return op is not None and op.is_condition


def _not_a_number(node: Node, text: str) -> None:
    hint = "use it in where(condition, a, b) or in a if condition else b"
    raise ParseError("a condition is not a number", text=text, span=(node.start, node.stop), hint=hint)


def constant_value(text: str) -> float:
    """The value of an expression without variables, such as ``pi/4``: what the command line takes for a number.

    Raises:
        UnknownNameError: it has a variable.

    >>> constant_value("-1e-3")
    -0.001
    """
    graph = Graph()
    result = lower(parse(text), graph)
    if graph.variables:
        name = next(iter(graph.variables))
        raise UnknownNameError(f"{quoted(name)} has no value", text=text, span=graph.spans[graph.variables[name]])
    return float(evaluate(graph, [result.row], {})[result.row])
