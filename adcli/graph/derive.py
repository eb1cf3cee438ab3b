"""Derivatives as graph to graph, in reverse and in forward mode; they nest to any order and share work with the value.

An absent cotangent or tangent is None and never becomes a number; `ops/rules.py` says the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..ops.rules import Sweep, ones, push
from .expr import Expr, Graph


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


def tangent(output: Expr, seeds: Mapping[int, Any]) -> Expr | None:
    """The directional derivative of one node by forward mode.

    Args:
        output: the node to differentiate.
        seeds: row -> its tangent; rows that are missing do not move.

    Returns:
        A node, or None where the output does not depend on the seeded rows.

    >>> x = Graph().variable("x")
    >>> print(tangent(x * x, {x.row: 1.0}))
    x + x
    """
    graph = output.graph
    varies = _varies(graph, set(seeds), output.row)
    if not varies[output.row]:
        return None
    tangents: dict[int, Any] = dict(seeds)
    for row in _path(graph, varies, set(seeds), output.row):
        op = graph.ops[row]
        if op is None or row in seeds:
            continue
        inputs = graph.inputs[row]
        arguments = [Expr(graph, argument) for argument in inputs]
        moved = push(op, [tangents.get(argument) for argument in inputs], Expr(graph, row), arguments)
        if moved is not None:
            tangents[row] = moved
    return _node(graph, tangents.get(output.row))


def _node(graph: Graph, x: Any) -> Expr | None:
    """A node of what a rule gave, which may be a plain number."""
    return x if x is None or isinstance(x, Expr) else Expr(graph, graph.array(x))


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


def _path(graph: Graph, varies: bytearray, seeds: set[int], top: int) -> list[int]:
    """The rows that depend on a seed and on which the top depends, in order."""
    needed = bytearray(top + 1)
    needed[top] = 1
    for row in range(top, -1, -1):
        if needed[row] and varies[row] and row not in seeds:
            for argument in graph.inputs[row]:
                needed[argument] = 1
    return [row for row in range(top + 1) if needed[row] and varies[row]]
