"""The passes over a graph at one point, step by step: what is computed, and how every adjoint or tangent adds up.

Only for people to read (`adcli trace`, the page that plays a graph); answers never come from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..graph.expr import Expr, Graph
from ..ops.real import number
from ..ops.rules import Sweep, local, ones, push


def result_names(count: int) -> list[str]:
    """What the results of a formula are called: ``f``, or f1, f2 … where there are several.

    >>> result_names(1), result_names(2)
    (['f'], ['f1', 'f2'])
    """
    return ["f"] if count == 1 else [f"f{place}" for place in range(1, count + 1)]


def elements(result: Expr) -> list[Expr]:
    """The elements of a vector that was written out, ``[f, g]``, as results of their own; anything else is one result.

    >>> from adcli.ops.structure import stack
    >>> x = Graph().variable("x")
    >>> print(*elements(stack(x, x * x)), *elements(x))
    x x*x x
    """
    op = result.graph.ops[result.row]
    if op is None or op.name != "stack" or op.parameters["axis"]:
        return [result]
    return [Expr(result.graph, row) for row in result.graph.inputs[result.row]]


class Step(NamedTuple):
    """One statement of the forward pass: ``name = formula`` in the names of those before; an input has no formula."""

    row: int
    name: str
    formula: Expr | None
    value: Any


class Contribution(NamedTuple):
    """What one use of a value adds to its adjoint: the adjoint of the user times the local slope.

    Attributes:
        row, user, place: the value, and as which argument of which row it is used.
        target, source: the names of the value and of its user.
        slope: the local slope as a formula of the names; None where the value was not picked, and of a tensor
            operation.
        factor: the slope as a number; None for a tensor operation, whose pull is no product of two numbers.
        term: what is added; 0 where the value was not picked.
        total: the adjoint so far.
        is_picked: whether the user takes this value at all: a branch not taken adds nothing.
    """

    row: int
    user: int
    place: int
    target: str
    source: str
    slope: Expr | None
    factor: Any
    term: Any
    total: Any
    is_picked: bool


class Passes:
    """The forward pass at a point, and from it the backward pass, or a tangent.

    Args:
        results: the nodes of the values, one or several.
        values: the value of each row, from `explain.evaluate`.
        wanted: names of the variables that slopes are asked of.

    Attributes:
        steps: the forward pass to all of the results.
        names: row -> name.
        moves: per row of the graph, whether it moves with a wanted variable.

    >>> from adcli import compile
    >>> from adcli.explain.notes import evaluate
    >>> f = compile("u = x*y; sin(u)")
    >>> passes = Passes([f.result], evaluate(f.graph, [f.result.row], {"x": 0.0, "y": 3.0}), f.variables)
    >>> [f"{step.name} = {step.formula}" for step in passes.steps if step.formula is not None]
    ['u = x*y', 'f = sin(u)']
    >>> [f"{each.target} += {each.source}*{each.slope} = {each.term}" for each in passes.backward()]
    ['u += f*cos(u) = 1.0', 'x += u*y = 3.0', 'y += u*x = 0.0']
    """

    def __init__(self, results: Sequence[Expr], values: Sequence[Any], wanted: Sequence[str]) -> None:
        self.graph, self.results, self.values = results[0].graph, [result.row for result in results], values
        self.live = self.graph.live(self.results)
        self.moves = self._moving([self.graph.variables[name] for name in wanted])
        self.names = self._names()
        self.steps = [
            Step(row, self.names[row], self._formula(row), values[row]) for row in self.live if row in self.names
        ]

    def backward(self, which: int = 0) -> list[Contribution]:
        """Every accumulation of the backward pass from one of the results, in order."""
        graph, result = self.graph, self.results[which]
        adjoints: dict[int, Any] = {result: ones(graph.shapes.get(result, ()))}
        found = []
        for row, place in self.uses():
            if row in adjoints:
                op, inputs = graph.ops[row], graph.inputs[row]
                assert op is not None
                argument = inputs[place]
                term = self._term(row, place, adjoints[row])
                slope = factor = None
                if term is not None and op.is_elementwise:
                    slope, factor = self.slope(row, place), self.factor(row, place)
                if term is not None:
                    adjoints[argument] = adjoints[argument] + term if argument in adjoints else term
                found.append(
                    Contribution(
                        argument, row, place, self.names[argument], self.names[row], slope, factor,
                        0.0 if term is None else term, adjoints.get(argument, 0.0), term is not None,
                    )
                )  # fmt: skip
        return found

    def uses(self) -> list[tuple[int, int]]:
        """In the order of the backward pass, which argument of which row gets a contribution, wherever the point is."""
        graph = self.graph
        found = []
        for row in reversed(self.live):
            op = graph.ops[row]
            if op is not None and self.moves[row]:
                for place, argument in enumerate(graph.inputs[row]):
                    if self.moves[argument] and not (op.is_elementwise and op.partial(place) is None):
                        found.append((row, place))
        return found

    def tangents(self, variable: str) -> dict[int, Any]:
        """The tangent of every row that moves with a variable: forward mode."""
        graph = self.graph
        seed = graph.variables[variable]
        found: dict[int, Any] = {seed: ones(graph.shapes.get(seed, ()))}
        for row in self.live:
            op = graph.ops[row]
            if op is None:
                continue
            inputs = graph.inputs[row]
            arguments = [self.values[i] for i in inputs]
            moved = push(op, [found.get(i) for i in inputs], self.values[row], arguments)
            if moved is not None:
                found[row] = moved
        return found

    def factor(self, row: int, place: int) -> Any:
        """The local slope of a row in one argument; None of a tensor operation, or where there is none."""
        op, inputs = self.graph.ops[row], self.graph.inputs[row]
        assert op is not None
        if not op.is_elementwise:
            return None
        return number(local(op, place, self.values[row], [self.values[i] for i in inputs]))

    def is_picked(self, row: int, place: int) -> bool:
        """Whether a row takes anything of one argument at this point."""
        op, inputs = self.graph.ops[row], self.graph.inputs[row]
        assert op is not None
        pick = op.pick(place)
        if pick is None:
            return True
        picked = pick(self.values[row], *[self.values[i] for i in inputs], **op.parameters)
        return bool(picked.any() if hasattr(picked, "any") else picked)

    def _term(self, row: int, place: int, adjoint: Any) -> Any:
        """What one argument of a node gets of its adjoint; None where it was not picked."""
        op, inputs = self.graph.ops[row], self.graph.inputs[row]
        assert op is not None
        sweep = Sweep()
        sweep.cotangents["result"] = adjoint
        keys = [place if i == place else None for i in range(len(inputs))]
        sweep.step("result", op, self.values[row], [self.values[i] for i in inputs], keys)
        return sweep.selected(place)

    def _moving(self, rows: Sequence[int]) -> list[bool]:
        moves = [False] * len(self.graph)
        for row in rows:
            moves[row] = True
        for row in self.live:
            moves[row] = moves[row] or any(moves[i] for i in self.graph.inputs[row])
        return moves

    # ------------------------------------------------------------ texts

    def _names(self) -> dict[int, str]:
        """The user's names where there are any, ``f`` or f1, f2 … for the results, v1, v2 … for the rest."""
        graph = self.graph
        names = {row: name for name, row in graph.variables.items()}
        taken = set(graph.variables) | set(graph.labels.values())
        called = dict(reversed(list(zip(self.results, result_names(len(self.results)), strict=True))))
        fresh = 0
        for row in self.live:
            if row in names or (graph.ops[row] is None and row not in called):
                continue
            name = graph.labels.get(row) or (called[row] if row in called and called[row] not in taken else None)
            while name is None:
                fresh += 1
                name = None if f"v{fresh}" in taken else f"v{fresh}"
            names[row] = name
        return names

    def _symbol(self, scratch: Graph, row: int) -> Expr:
        """A row as a variable of its name, so that a rule writes its formula in the names of the steps."""
        if row in self.graph.constants:
            return Expr(scratch, scratch.constant(self.graph.constants[row]))
        if row in self.graph.arrays:
            return Expr(scratch, scratch.array(self.graph.arrays[row]))
        return scratch.variable(self.names[row], self.graph.shapes.get(row, ()))

    def _formula(self, row: int) -> Expr | None:
        op = self.graph.ops[row]
        if op is None:
            return None
        scratch = Graph()
        made: Expr = op(*[self._symbol(scratch, i) for i in self.graph.inputs[row]])
        return made

    def slope(self, row: int, place: int) -> Expr:
        """The local slope of a row in one argument, in the names of the steps."""
        scratch = Graph()
        op = self.graph.ops[row]
        assert op is not None
        arguments = [self._symbol(scratch, i) for i in self.graph.inputs[row]]
        slope = local(op, place, self._symbol(scratch, row), arguments)
        return slope if isinstance(slope, Expr) else Expr(scratch, scratch.constant(float(slope)))
