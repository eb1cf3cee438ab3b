"""Append an AST to a graph. Check names, numbers of arguments and conditions. Every error has a position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import ParseError, ShapeError, UnknownNameError, quoted
from ..graph.evaluate import evaluate
from ..graph.expr import Expr, Graph
from ..graph.gc_pause import gc_paused
from ..ops import SIGNS, Op, constant
from ..ops.arithmetic import both
from ..ops.operands import Operand
from .ast import Binder, Call, Definition, Formula, Node, Number
from .calls import (
    ARRAY_SYNTAX,
    CONDITIONS,
    check_kinds,
    check_numbers,
    function_of,
    in_order,
    refuse_bars,
    refuse_dots,
    used_before_binding,
)
from .parser import parse
from .scope import Scope, Walk

if TYPE_CHECKING:
    from .arrays import Item


class ShapesNeededError(Exception):
    """The formula has operations on arrays, so that lowering needs the shapes of its variables.

    Args:
        node: the first such operation.
    """

    def __init__(self, node: Node) -> None:
        self.node = node


@gc_paused()
def lower(formula: Formula, graph: Graph, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Expr:
    """Append the formula to the graph. Its bindings become labels, its inputs variables.

    Args:
        formula: the AST.
        graph: to append to.
        shapes: of the variables. One that is missing is a number. None is for a formula of numbers.

    Returns:
        The node of the result.

    Raises:
        UnknownNameError: a function that is not in the table.
        ParseError: a wrong number of arguments, a condition where a number is needed or the reverse, a binding that
            shadows an input.
        ShapeError: two shapes do not fit. The message has both.
        ShapesNeededError: there is an operation on arrays, and `shapes` is None.

    >>> from adcli import parse
    >>> print(lower(parse("u = x + 1; u*u"), Graph()))
    u = x + 1; u*u
    """
    scope = _begin(formula, graph, shapes)
    result = _run(scope, formula.result)
    check_numbers([formula.result], [result], formula.text)
    return result


@gc_paused()
def lower_results(formula: Formula, graph: Graph, shapes: Mapping[str, tuple[int, ...]] | None = None) -> list[Expr]:
    """Append a formula to the graph, as `lower` does, but keep a vector of numbers as its elements.

    Args:
        formula: the AST.
        graph: to append to.
        shapes: of the variables. None is for a formula of numbers, or a vector of such formulas.

    Returns:
        The nodes of the elements of a vector ``[f, g]`` of numbers, otherwise the one node of the result.

    Raises:
        ShapeError: there are other operations on arrays and no shapes. It has the position of the first operation.

    >>> from adcli import parse
    >>> print(*lower_results(parse("[x*y, x + y]"), Graph()))
    x*y x + y
    """
    result = formula.result
    elements = result.arguments if isinstance(result, Call) and is_vector(result) else (result,)
    try:
        scope = _begin(formula, graph, shapes)
        results = [_run(scope, element) for element in elements]
    except ShapesNeededError as error:
        problem = "this works on formulas of numbers, and here is an operation on arrays"
        span = (error.node.start, error.node.stop)
        raise ShapeError(problem, text=formula.text, span=span) from None
    check_numbers(elements, results, formula.text)
    if is_vector(result) and any(node.shape for node in results):
        return [lower(formula, graph, shapes)]
    return results


def is_vector(node: Node) -> bool:
    """Return whether a node is a vector ``[a, b]``."""
    return isinstance(node, Call) and node.function == "[]"


def refuse_vector(formula: Formula) -> None:
    """Raise a ShapeError if the result is a vector ``[f, g]``. Call this if a number is needed."""
    result = formula.result
    if is_vector(result):
        span = (result.start, result.stop)
        hint = "a vector [f, g] has a Jacobian (jac) and directional derivatives (jvp)"
        raise ShapeError("this takes one scalar expression", text=formula.text, span=span, hint=hint)


def _run(scope: Scope, root: Node) -> Expr:
    """Append a tree, and return its node. Walks that wait for others stand on a stack, so that nothing recurses."""
    stack: list[Walk] = [_walk(scope, root, {})]
    row: int | None = None  # None starts a walk
    while stack:
        try:
            request = stack[-1].send(row)
        except StopIteration as stop:
            row = stop.value
            stack.pop()
        else:
            stack.append(_walk(scope, *request) if isinstance(request, tuple) else request)
            row = None
    assert row is not None
    return Expr(scope.graph, row)


def _walk(scope: Scope, root: Node, local: Mapping[str, int]) -> Walk:
    """Append one tree. `local` has the rows of parameters and indices."""
    # The results that no call has used so far: rows, and the slices and keyword arguments of array calls.
    rows: list[Any] = []
    graph, functions = scope.graph, scope.functions
    spans, ops, find_sign, shaped = graph.spans, graph.ops, SIGNS.get, scope.shapes is not None
    node = root
    try:
        for node in in_order(root):
            before = len(ops)
            if isinstance(node, Call):
                name = node.function
                binds = node.__class__ is Binder
                count = 0 if binds else len(node.arguments)
                op = find_sign((name, count))
                arguments = tuple(rows[-count:]) if count else ()
                if count:
                    del rows[-count:]
                if op is None and (binds or name in functions or name[-1] == "'"):
                    from .expansion import expand

                    rows.append((yield expand(scope, node, arguments, local)))
                    continue
                if op is None or shaped or op.takes_conditions or _any_condition(ops, arguments):
                    result = _apply(scope, node, arguments)
                else:
                    result = graph.apply(op, arguments)
            elif isinstance(node, Number):
                result = graph.constant(node.value)
            else:
                result = scope.name_row(node, local)
            rows.append(result)
            for row in range(before, len(ops)):
                spans[row] = (node.start, node.stop)
    except ShapeError as error:
        if scope.shapes is None:
            raise ShapesNeededError(node) from None
        if error.span is not None:
            raise
        raise error.at(scope.text, (node.start, node.stop)) from None
    whole: int = rows[0]
    return whole


def _begin(formula: Formula, graph: Graph, shapes: Mapping[str, tuple[int, ...]] | None) -> Scope:
    """Append the bindings, and check the functions."""
    scope = Scope(formula, graph, shapes)
    for statement in formula.statements:
        if isinstance(statement, Definition):
            from .definitions import check_definition

            for free in check_definition(statement, scope.functions, scope.text):
                scope.name_row(free, {})
            scope.functions[statement.name] = statement
            continue
        name, node, span = statement
        row = _run(scope, node).row
        if name in graph.variables:
            raise used_before_binding(name, scope.text, span)
        scope.rows[name] = row
        if graph.ops[row] is not None or row in graph.constants or row in graph.arrays:
            graph.labels.setdefault(row, name)
    return scope


def _any_condition(ops: list[Op | None], rows: tuple[int, ...]) -> bool:
    for row in rows:
        op = ops[row]
        if op is not None and op.is_condition:
            return True
    return False


def _apply(scope: Scope, node: Call, rows: Sequence[Item]) -> Item:
    """Append a call that is not a plain sign of numbers."""
    name, graph, text = node.function, scope.graph, scope.text
    arguments = [Expr(graph, row) for row in rows if isinstance(row, int)]
    if len(arguments) == len(rows):
        op = SIGNS.get((name, len(rows)))
        if op is not None:
            refuse_dots(node, arguments, text)
            check_kinds(op, node.arguments, arguments, text)
            result: Expr = op(*arguments)
            return result.row
        if name == "+" and len(rows) == 1:
            return arguments[0].row
        if " " in name or name in CONDITIONS:
            return _chain(node, name.split(" "), arguments, text).row
        if name == "abs" and arguments:
            refuse_bars(node, arguments, text)
        if name not in ARRAY_SYNTAX and name[-1] != "=" and ":" not in name:
            if scope.functions:
                from .definitions import refuse_slip

                refuse_slip(node, scope.functions, text)
            op = function_of(node, text, graph.variables)
            if op.shape is None:
                return _call(op, node, arguments, text).row
    if scope.shapes is None:
        raise ShapesNeededError(node)
    from . import arrays

    return arrays.apply(node, rows, graph, text)


def _chain(node: Call, signs: list[str], arguments: list[Expr], text: str) -> Expr:
    """Append ``a < b <= c`` as ``a < b and b <= c``, with b evaluated once."""
    links: list[Expr] = []
    for number, sign in enumerate(signs):
        op = SIGNS[sign, 2]
        pair = slice(number, number + 2)
        check_kinds(op, node.arguments[pair], arguments[pair], text)
        links.append(op(*arguments[pair]))
        if number:
            links = [both(*links)]
    return links[0]


def _call(op: Op, node: Call, arguments: list[Expr], text: str) -> Expr:
    overload = op.overloads.get(len(arguments))
    if overload is None:
        check_kinds(op, node.arguments, arguments, text)
        for number in op.integers:
            check = _check_shape if number in op.shape_parameters else _check_order
            check(op, node, number, arguments[number], text)
        result: Expr = op(*arguments)
        return result
    check_numbers(node.arguments, arguments, text)
    overloaded: Expr = overload(*arguments)
    return overloaded


def _check_order(op: Op, node: Call, number: int, argument: Expr, text: str) -> None:
    order = constant(argument)
    child = node.arguments[number]
    if order is None or order != int(order) or not 0 <= order <= 99:
        problem = f"argument {number + 1} of {op.name} is an order"
        span = (child.start, child.stop)
        raise ParseError(problem, text=text, span=span, hint="write a whole number from 0 to 99")


def _check_shape(op: Op, node: Call, number: int, argument: Expr, text: str) -> None:
    if constant(argument) is None:
        problem = f"{op.name} has no derivative by argument {number + 1}, its shape, so it must not vary"
        child = node.arguments[number]
        raise ParseError(problem, text=text, span=(child.start, child.stop), hint="write a number, as in 2.5")


def constant_value(text: str) -> Operand:
    """Return the value of an expression without variables, such as ``pi/4`` on the command line.

    Returns:
        A float, or a float64 array.

    Raises:
        UnknownNameError: it has a variable.

    >>> constant_value("-1e-3")
    -0.001
    >>> constant_value("[[1, 2], [3, 4]]*2").tolist()
    [[2.0, 4.0], [6.0, 8.0]]
    """
    formula = parse(text)
    if isinstance(formula.result, Number) and not formula.statements:
        return formula.result.value
    graph = Graph()
    try:
        result = lower(formula, graph)
    except ShapesNeededError:
        graph = Graph()
        result = lower(formula, graph, {})
    if graph.variables:
        name = next(iter(graph.variables))
        raise UnknownNameError(f"{quoted(name)} has no value", text=text, span=graph.spans[graph.variables[name]])
    value = evaluate(graph, [result.row], {}, text)[result.row]
    return value if getattr(value, "shape", ()) else float(value)
