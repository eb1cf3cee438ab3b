"""Derivatives as graph to graph, in reverse and in forward mode; they nest to any order and share work with the value.

An absent cotangent or tangent is None and never becomes a number; `ops/rules.py` says the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ..ops.rules import Sweep, ones, push
from .expr import Expr, Graph

Seeds: TypeAlias = Mapping[int, Any]  # row -> its tangent


def gradient(output: Expr, variables: Sequence[Expr], seed: Any = None) -> list[Expr | None]:
    """All the partial derivatives of one node by reverse mode, for a few times the work of the node itself.

    Args:
        output: the node to differentiate.
        variables: nodes of the same graph; any node may serve, not only named variables, and counts as one that varies
            by itself, even where another of them depends on it.
        seed: the cotangent of the output, 1 by default.

    Returns:
        One node per variable, of its shape, or None where the output does not depend on it.

    >>> x = Graph().variable("x")
    >>> [slope] = gradient(x**3.0, [x])
    >>> print(slope)
    3*x**2
    """
    graph = output.graph
    wanted = {variable.row for variable in variables}
    if not wanted:
        return []
    varies = _varies(graph, wanted, output.row)
    sweep = Sweep()
    if varies[output.row]:
        sweep.cotangents[output.row] = ones(output.shape) if seed is None else seed
    ops, inputs, cotangents = graph.ops, graph.inputs, sweep.cotangents
    for row in range(output.row, min(wanted) - 1, -1):
        op = ops[row]
        if op is None or row in wanted or row not in cotangents:
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
    """The directional derivative of one node by forward mode; see `tangents`.

    >>> x = Graph().variable("x")
    >>> print(tangent(x * x, {x.row: 1.0}))
    x + x
    """
    return tangents([output], seeds)[0]


def tangents(outputs: Sequence[Expr], seeds: Seeds) -> list[Expr | None]:
    """The directional derivatives of some nodes of one graph in one sweep of forward mode.

    Args:
        outputs: the nodes to differentiate.
        seeds: row -> its tangent; rows that are missing do not move.

    Returns:
        One node per output, or None where it does not depend on the seeded rows.
    """
    if not outputs:
        return []
    graph = outputs[0].graph
    tops = [output.row for output in outputs]
    varies = _varies(graph, set(seeds), max(tops))
    found: dict[int, Any] = dict(seeds)
    for row in _path(graph, varies, set(seeds), tops):
        op = graph.ops[row]
        if op is None or row in seeds:
            continue
        inputs = graph.inputs[row]
        arguments = [Expr(graph, argument) for argument in inputs]
        moved = push(op, [found.get(argument) for argument in inputs], Expr(graph, row), arguments)
        if moved is not None:
            found[row] = moved
    return [_node(graph, found.get(row)) for row in tops]


def _node(graph: Graph, x: Any) -> Expr | None:
    """A node of what a rule gave, which may be a plain number."""
    return x if x is None or isinstance(x, Expr) else Expr(graph, graph.array(x))


def jacobian(outputs: Sequence[Expr], variables: Sequence[Expr]) -> list[list[Expr | None]]:
    """Every output by every variable: a backward sweep per output or a forward one per variable, whichever are fewer.

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
    return [[column[place] for column in columns] for place in range(len(outputs))]


def hessian(output: Expr, variables: Sequence[Expr]) -> list[list[Expr | None]]:
    """The second derivatives of one node: forward sweeps over its gradient, each pair of variables once.

    Returns:
        The lower triangle: row i has the derivatives by variables i and 0 … i; None where there is no dependence.

    >>> graph = Graph()
    >>> x, y = graph.variable("x"), graph.variable("y")
    >>> print(*hessian(x * y * y, [x, y])[1])
    y + y x + x
    """
    slopes = gradient(output, variables)
    triangle: list[list[Expr | None]] = [[None] * (place + 1) for place in range(len(variables))]
    for place, variable in enumerate(variables):
        below = [later for later in range(place, len(variables)) if slopes[later] is not None]
        columns = tangents([slope for later in below if (slope := slopes[later]) is not None], {variable.row: 1.0})
        for later, entry in zip(below, columns, strict=True):
            triangle[later][place] = entry
    return triangle


def hessian_product(output: Expr, variables: Sequence[Expr], seeds: Seeds) -> list[Expr | None]:
    """The Hessian times a vector, without the Hessian: one forward sweep over the gradient.

    >>> x = Graph().variable("x")
    >>> print(*hessian_product(x**3.0, [x], {x.row: 2.0}))
    2*(2*x)*3
    """
    slopes = gradient(output, variables)
    moved = iter(tangents([slope for slope in slopes if slope is not None], seeds))
    return [None if slope is None else next(moved) for slope in slopes]


def _varies(graph: Graph, wanted: set[int], top: int) -> bytearray:
    """Which rows up to `top` depend on the wanted ones."""
    varies = bytearray(top + 1)
    for row in wanted:
        if row <= top:
            varies[row] = 1
    inputs = graph.inputs
    for row in range(min(wanted, default=top), top + 1):
        for argument in inputs[row]:
            if varies[argument]:
                varies[row] = 1
                break
    return varies


def _path(graph: Graph, varies: bytearray, seeds: set[int], tops: Sequence[int]) -> list[int]:
    """The rows that depend on a seed and on which one of the tops depends, in order."""
    top = max(tops)
    needed = bytearray(top + 1)
    for row in tops:
        needed[row] = 1
    for row in range(top, -1, -1):
        if needed[row] and varies[row] and row not in seeds:
            for argument in graph.inputs[row]:
                needed[argument] = 1
    return [row for row in range(top + 1) if needed[row] and varies[row]]
