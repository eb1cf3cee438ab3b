"""Append derivatives to a graph, in reverse and in forward mode. They share nodes with the value and nest to any order.

An absent cotangent or tangent is None. It never becomes a number. See `ops/rules.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ..ops.operands import Operand, ones
from ..ops.rules import BackwardSweep, push
from ..ops.support import select
from .expr import Expr, Graph

Seeds: TypeAlias = Mapping[int, Operand]  # row -> its tangent


def gradient(output: Expr, variables: Sequence[Expr], seed: Operand = None) -> list[Expr | None]:
    """Return all the partial derivatives of one node by reverse mode, for a few times the work of the node itself.

    Args:
        output: the node to differentiate.
        variables: nodes of the same graph, not only named variables. Each counts as independent, even if another
            of them depends on it.
        seed: the cotangent of the output [default: 1].

    Returns:
        One node per variable, of its shape, or None where the output does not depend on it.

    >>> x = Graph().variable("x")
    >>> [derivative] = gradient(x**3.0, [x])
    >>> print(derivative)
    3*x**2
    """
    graph = output.graph
    targets = {variable.row for variable in variables}
    if not targets:
        return []
    varies = _varies(graph, targets, output.row)
    sweep = BackwardSweep()
    if varies[output.row]:
        sweep.cotangents[output.row] = ones(output.shape) if seed is None else seed
    ops, inputs, cotangents = graph.ops, graph.inputs, sweep.cotangents
    for row in range(output.row, min(targets) - 1, -1):
        op = ops[row]
        if op is None or row in targets or row not in cotangents:
            continue
        arguments = inputs[row]
        sweep.step(
            row,
            op,
            Expr(graph, row),
            [Expr(graph, argument) for argument in arguments],
            [argument if varies[argument] else None for argument in arguments],
        )
    return [_node(graph, sweep.selected(variable.row)) for variable in variables]


def tangent(output: Expr, seeds: Seeds) -> Expr | None:
    """Return the directional derivative of one node by forward mode, as `tangents` does for several.

    >>> x = Graph().variable("x")
    >>> print(tangent(x * x, {x.row: 1.0}))
    x + x
    """
    return tangents([output], seeds)[0]


def tangents(outputs: Sequence[Expr], seeds: Seeds) -> list[Expr | None]:
    """Return the directional derivatives of nodes of one graph, in one sweep of forward mode.

    Args:
        outputs: the nodes to differentiate.
        seeds: row -> its tangent. Rows that are missing have no tangent.

    Returns:
        One node per output, or None where it does not depend on the seeded rows.
    """
    if not outputs:
        return []
    graph = outputs[0].graph
    tops = [output.row for output in outputs]
    varies = _varies(graph, set(seeds), max(tops))
    tangent_of: dict[int, Operand] = dict(seeds)
    tracks = not graph.shapes  # a formula of arrays is computed again with arrays, if a derivative is not finite
    for row in _path(graph, varies, set(seeds), tops):
        op = graph.ops[row]
        if op is None or row in seeds:
            continue
        inputs = graph.inputs[row]
        arguments = [Expr(graph, argument) for argument in inputs]
        result = push(op, [tangent_of.get(argument) for argument in inputs], Expr(graph, row), arguments, tracks)
        if result is not None:
            tangent_of[row] = result
    return [_node(graph, select(tangent_of.get(row))) for row in tops]


def _node(graph: Graph, x: Operand) -> Expr | None:
    """Return the result of a rule as a node. It may be a plain number."""
    return x if x is None or isinstance(x, Expr) else Expr(graph, graph.array(x))


def jacobian(outputs: Sequence[Expr], variables: Sequence[Expr]) -> list[list[Expr | None]]:
    """Return the derivative of every output by every variable.

    This takes a reverse sweep per output or a forward sweep per variable, whichever are fewer.

    Returns:
        One list per output with one node per variable, or None where there is no dependence.

    >>> graph = Graph()
    >>> x, y = graph.variable("x"), graph.variable("y")
    >>> print(*jacobian([x * y, x + y], [x, y])[0])
    y x
    """
    if len(outputs) <= len(variables):
        return [gradient(output, variables) for output in outputs]
    columns = [tangents(outputs, {variable.row: 1.0}) for variable in variables]
    return [[column[output] for column in columns] for output in range(len(outputs))]


def hessian(first: Sequence[Expr | None], variables: Sequence[Expr]) -> list[list[Expr | None]]:
    """Return the second derivatives of a node by forward sweeps over its gradient, each pair of variables once.

    Args:
        first: the gradient, one node per variable.
        variables: the variables.

    Returns:
        The lower triangle: row i has the derivatives by variables i and 0 … i, or None where there is no dependence.

    >>> graph = Graph()
    >>> x, y = graph.variable("x"), graph.variable("y")
    >>> print(*hessian(gradient(x * y * y, [x, y]), [x, y])[1])
    y + y x + x
    """
    triangle: list[list[Expr | None]] = [[None] * (column + 1) for column in range(len(variables))]
    for column, variable in enumerate(variables):
        below = [(row, node) for row, node in enumerate(first) if row >= column and node is not None]
        entries = tangents([node for _, node in below], {variable.row: 1.0})
        for (row, _), entry in zip(below, entries, strict=True):
            triangle[row][column] = entry
    return triangle


def hessian_product(output: Expr, variables: Sequence[Expr], seeds: Seeds) -> list[Expr | None]:
    """Return the Hessian times a vector by one forward sweep over the gradient, without the Hessian.

    >>> x = Graph().variable("x")
    >>> print(*hessian_product(x**3.0, [x], {x.row: 2.0}))
    2*(2*x)*3
    """
    first = gradient(output, variables)
    second = iter(tangents([node for node in first if node is not None], seeds))
    return [None if node is None else next(second) for node in first]


def _varies(graph: Graph, targets: set[int], top: int) -> bytearray:
    """Return a flag per row up to `top`: whether it depends on a target."""
    varies = bytearray(top + 1)
    for row in targets:
        if row <= top:
            varies[row] = 1
    inputs = graph.inputs
    for row in range(min(targets, default=top), top + 1):
        for argument in inputs[row]:
            if varies[argument]:
                varies[row] = 1
                break
    return varies


def _path(graph: Graph, varies: bytearray, seeds: set[int], tops: Sequence[int]) -> list[int]:
    """Return the rows that depend on a seed and on which one of the tops depends, in order."""
    top = max(tops)
    needed = bytearray(top + 1)
    for row in tops:
        needed[row] = 1
    for row in range(top, -1, -1):
        if needed[row] and varies[row] and row not in seeds:
            for argument in graph.inputs[row]:
                needed[argument] = 1
    return [row for row in range(top + 1) if needed[row] and varies[row]]
