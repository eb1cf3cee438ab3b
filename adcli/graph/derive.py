"""Derivatives as graph to graph, in reverse and in forward mode; they nest to any order and share work with the value.

An absent cotangent or tangent is None and never becomes a number; the table of operations says the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from ..ops.arithmetic import add, both, either, mul, neg, negate, where
from .expr import Expr, Graph

Seeds: TypeAlias = "dict[int, Expr | float]"  # row -> its tangent


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
        out = Expr(graph, row)
        arguments = [Expr(graph, argument) for argument in inputs]
        moves = [found.get(argument) for argument in inputs]
        if all(move is None for move in moves):
            continue
        if op.push is not None:
            found[row] = op.push(moves, out, *arguments)
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
            found[row] = total
    results = [found.get(row) for row in tops]
    return [Expr(graph, graph.constant(float(x))) if isinstance(x, (int, float)) else x for x in results]


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
    3*(2*x*2)
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


def _scale(graph: Graph, row: int, partial: Any) -> int:
    """A cotangent times a local slope; 1 and -1 never become numbers of the graph."""
    if isinstance(partial, Expr):
        return graph.apply(mul, (row, partial.row))
    if partial == 1.0:
        return row
    if partial == -1.0:
        return graph.apply(neg, (row,))
    return graph.apply(mul, (row, graph.constant(float(partial))))


def _times(partial: Any, move: Any) -> Any:
    """A local slope times a tangent; 1 and -1 never become numbers of the graph."""
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
