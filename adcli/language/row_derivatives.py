"""Derivatives of rows by rows of a graph to which a formula is being appended, in forward mode.

There is one memo per variable, so that many derivatives take time in proportion to the graph (Griewank and Walther,
Evaluating Derivatives, section 3.2).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import isfinite

from ..errors import ParseError
from ..graph.derive import gradient
from ..graph.expr import Expr, Graph, Unfolded
from ..ops import TABLE
from ..ops.arithmetic import div, eq, mod, power, square, where
from ..ops.operands import Operand
from ..ops.rules import push
from ..ops.support import select
from .ast import Call
from .scope import Scope

EVERYWHERE = "(-inf, inf)"  # the domain of sin
# Operations with a value at every finite number that have a domain or are helpers.
ALWAYS_DEFINED = {square, *(op for op in TABLE.values() if op.domain is not None and op.domain.text == EVERYWHERE)}


def derivative(scope: Scope, node: Call, body: int, by: Sequence[int], *, elementwise: bool = False) -> int:
    """Return the row of the derivative of a row by each of these rows in turn. It is nan where the body is.

    Args:
        scope: the state.
        node: for the place of errors.
        body: the row to differentiate.
        by: the rows of the variables.
        elementwise: whether each element depends on the same element of the variable alone.

    Raises:
        ParseError: it is the derivative of an array by an array.
    """
    graph = scope.graph
    row = body
    for variable in by:
        before = len(graph)
        slope: Operand
        if graph.shapes.get(variable, ()) and not elementwise:
            if graph.shapes.get(row, ()):
                problem, hint = "the derivative of an array by an array is a Jacobian", "use the command jac"
                raise ParseError(problem, text=scope.text, span=(node.start, node.stop), hint=hint)
            [slope] = gradient(Expr(graph, row), [Expr(graph, variable)])
        else:
            slope = _tangent(scope, row, variable)
        if slope is None:
            shape = graph.shapes.get(variable, ()) or graph.shapes.get(row, ())
            row = graph.array(_zeros(shape)) if shape else graph.constant(0.0)
        else:
            row = slope.row if isinstance(slope, Expr) else graph.array(slope)
        scope.spend(node, len(graph) - before)
    if not isinstance(graph, Unfolded) and _can_be_nan(scope, body):
        value = Expr(graph, body)
        masked: Expr = where(eq(value, value), Expr(graph, row), float("nan"))
        row = masked.row
    return row


def _zeros(shape: tuple[int, ...]) -> Operand:
    import numpy as np

    return np.zeros(shape)


def _tangent(scope: Scope, row: int, variable: int) -> Operand:
    """Return the derivative of a row by the row of a number, or None. Each row is differentiated once."""
    graph = scope.graph
    known: dict[int, Operand] = scope.caches.setdefault("tangents", {}).setdefault(variable, {variable: 1.0})
    stack = [row]
    while stack:
        at = stack[-1]
        op = graph.ops[at]
        if at in known or op is None or at < variable:
            known.setdefault(at, None)
            stack.pop()
            continue
        inputs = graph.inputs[at]
        waiting = [each for each in inputs if each not in known]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        slopes = [known[each] for each in inputs]
        moves = any(slope is not None for slope in slopes)
        arguments = [Expr(graph, each) for each in inputs]
        known[at] = push(op, slopes, Expr(graph, at), arguments, not graph.shapes) if moves else None
    return select(known[row])


def _can_be_nan(scope: Scope, row: int) -> bool:
    """Return whether an operation with a domain stands at or below a row, so that it can be nan at finite numbers."""
    graph = scope.graph
    known = scope.caches.setdefault("domains", {})
    for each in range(len(known), row + 1):
        known[each] = any(known[argument] for argument in graph.inputs[each]) or _is_partial(graph, each)
    can: bool = known[row]
    return can


def _is_partial(graph: Graph, row: int) -> bool:
    """Return whether a row can be nan or infinite at finite arguments, apart from overflow."""
    op, inputs = graph.ops[row], graph.inputs[row]
    if op is None:
        number = graph.constants.get(row, 0.0)
        array = graph.arrays.get(row)
        return number - number != 0.0 if array is None else not isfinite(array.sum())
    if op in (div, mod):
        return not graph.constants.get(inputs[1])
    if op is power:
        exponent = graph.constants.get(inputs[1], 0.5)
        return exponent % 1.0 != 0.0 or exponent < 0.0
    return op not in ALWAYS_DEFINED and (op.domain is not None or op.helper)


def rows_between(scope: Scope, row: int, free: Collection[int]) -> list[int]:
    """Return the rows between free rows and a row that depends on them, in order."""
    graph = scope.graph
    first = min(free)
    below: set[int] = set()
    stack = [row]
    while stack:
        at = stack.pop()
        if at > first and at not in below:
            below.add(at)
            stack.extend(graph.inputs[at])
    moving = set(free)
    between: list[int] = []
    for at in sorted(below):
        if any(each in moving for each in graph.inputs[at]):
            moving.add(at)
            between.append(at)
    return between


def replay(scope: Scope, row: int, moved: Mapping[int, int], between: Sequence[int]) -> int:
    """Append the rows between once more, with the actual rows in the place of the free ones."""
    graph = scope.graph
    copy = dict(moved)
    for at in between:
        op = graph.ops[at]
        assert op is not None
        copy[at] = graph.apply(op, tuple([copy.get(each, each) for each in graph.inputs[at]]))
    return copy.get(row, row)


def check_elementwise(scope: Scope, node: Call, body: int, free: int) -> None:
    """Check that each element of a body depends on the same element of its argument alone."""
    graph = scope.graph
    between = rows_between(scope, body, [free])
    tensors = [row for row in between if getattr(graph.ops[row], "shape", None) is not None]
    if tensors or (between and graph.shapes.get(body, ()) != graph.shapes[free]):
        problem = "a prime goes element by element, and this function joins elements"
        hint = "write diff(f(v), v) for the gradient of a number, or use the command jac"
        raise ParseError(problem, text=scope.text, span=(node.start, node.stop), hint=hint)
