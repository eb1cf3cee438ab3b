"""Derivatives as graph to graph, in reverse and in forward mode; they nest to any order and share work with the value.

An absent cotangent or tangent is None and never becomes a number; the table of operations says the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..ops.arithmetic import add, both, div, either, mul, neg, negate, where
from .expr import Expr, Graph


def gradient(output: Expr, variables: Sequence[Expr]) -> list[Expr | None]:
    """All the partial derivatives of one node by reverse mode, for a few times the work of the node itself.

    Where an op picks among its arguments, a cotangent travels with the condition under which it exists, and is
    selected by it only at the end: so a branch not taken contributes nothing, even where its slope is infinite.

    Args:
        output: the node to differentiate.
        variables: nodes of the same graph; any node may serve, not only named variables, and counts as one that varies
            by itself, even where another of them depends on it.

    Returns:
        One node per variable, or None where the output does not depend on it.

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
    sweep = _Sweep(graph)
    if varies[output.row]:
        sweep.cotangents[output.row] = graph.constant(1.0)
    for row in range(output.row, min(wanted) - 1, -1):
        op = graph.ops[row]
        if op is None or row in wanted or row not in sweep.cotangents:
            continue
        cotangent, condition = sweep.take(row)
        inputs = graph.inputs[row]
        out, arguments = Expr(graph, row), [Expr(graph, argument) for argument in inputs]
        for place, argument in enumerate(inputs):
            if not varies[argument]:
                continue
            partial = op.partial(place)
            if callable(partial):
                partial = partial(out, *arguments)
            if partial is None:
                continue
            when = condition
            if op.picks is not None and (pick := op.pick(place)) is not None:
                picked = pick(out, *arguments)
                when = picked if condition is None else both(condition, picked)
            sweep.add(argument, _scale(graph, cotangent, partial), when)
    slopes = []
    for variable in variables:
        slope = sweep.selected(variable.row)
        slopes.append(None if slope is None else Expr(graph, slope))
    return slopes


def tangent(output: Expr, seeds: dict[int, Expr | float]) -> Expr | None:
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
        out = Expr(graph, row)
        arguments = [Expr(graph, argument) for argument in inputs]
        moves = [tangents.get(argument) for argument in inputs]
        if all(move is None for move in moves):
            continue
        if op.push is not None:
            tangents[row] = op.push(moves, out, *arguments)
            continue
        total = None
        for number, move in enumerate(moves):
            if move is None:
                continue
            partial = op.partial(number)
            if callable(partial):
                partial = partial(out, *arguments)
            if partial is None:
                continue
            term = _times(partial, move)
            pick = op.pick(number)
            if pick is not None:
                term = where(pick(out, *arguments), term, 0.0)
            total = term if total is None else total + term
        if total is not None:
            tangents[row] = total
    result = tangents.get(output.row)
    return Expr(graph, graph.constant(float(result))) if isinstance(result, (int, float)) else result


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


def _scale(graph: Graph, row: int, partial: Any) -> int:
    """A cotangent times a local slope; 1 and -1 never become numbers of the graph.

    Times 1/y is over y: one operation and one rounding less, and no 1/y that overflows by itself.
    """
    if not isinstance(partial, Expr):
        if partial == 1.0:
            return row
        if partial == -1.0:
            return graph.apply(neg, (row,))
        return graph.apply(mul, (row, graph.constant(float(partial))))
    if graph.ops[partial.row] is div:
        top, bottom = graph.inputs[partial.row]
        if graph.constants.get(top) == 1.0:
            return graph.apply(div, (row, bottom))
    return graph.apply(mul, (row, partial.row))


def _times(partial: Any, move: Any) -> Any:
    """A local slope times a tangent; 1 and -1 never become numbers of the graph, and times 1/y is over y."""
    if isinstance(partial, Expr):
        graph, row = partial.graph, partial.row
        if graph.ops[row] is div and graph.constants.get(graph.inputs[row][0]) == 1.0:
            return move / Expr(graph, graph.inputs[row][1])
    for one, other in ((partial, move), (move, partial)):
        if isinstance(one, (int, float)):
            if one == 1.0:
                return other
            if one == -1.0:
                return -other
    return partial * move


class _Sweep:
    """The cotangents of a backward sweep, by row, and the conditions under which they exist (None: always)."""

    __slots__ = ("conditions", "cotangents", "graph")

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.cotangents: dict[int, int] = {}
        self.conditions: dict[int, Expr] = {}

    def take(self, row: int) -> tuple[int, Expr | None]:
        """The cotangent of a row, complete now, and its condition."""
        return self.cotangents.pop(row), self.conditions.pop(row, None)

    def selected(self, row: int) -> int | None:
        """The cotangent of a row, 0 where its condition does not hold."""
        cotangent = self.cotangents.get(row)
        return None if cotangent is None else self._select(self.conditions.get(row), cotangent)

    def add(self, row: int, term: int, when: Expr | None) -> None:
        """Add a contribution that exists only under a condition."""
        before = self.cotangents.get(row)
        if before is None:
            self.cotangents[row] = term
            if when is not None:
                self.conditions[row] = when
            return
        earlier = self.conditions.pop(row, None) if self.conditions else None
        if earlier is None and when is None:
            self.cotangents[row] = self.graph.apply(add, (before, term))
        elif earlier is not None and when is not None and earlier.row == when.row:
            self.cotangents[row] = self.graph.apply(add, (before, term))
            self.conditions[row] = earlier
        elif earlier is not None and when is not None and _opposite(earlier, when):
            self.cotangents[row] = self.graph.apply(where, (earlier.row, before, term))
        else:
            both_terms = self._select(earlier, before), self._select(when, term)
            self.cotangents[row] = self.graph.apply(add, both_terms)
            if earlier is not None and when is not None:
                self.conditions[row] = either(earlier, when)

    def _select(self, condition: Expr | None, row: int) -> int:
        if condition is None:
            return row
        return self.graph.apply(where, (condition.row, row, self.graph.constant(0.0)))


def _opposite(one: Expr, other: Expr) -> bool:
    """Whether one condition is written as the negation of the other."""
    graph = one.graph
    return any(graph.ops[a.row] is negate and graph.inputs[a.row] == (b.row,) for a, b in ((one, other), (other, one)))
