"""The passes over a graph at a point in the names of the user: the steps of the value, and how derivatives add up.

`adcli trace` and the page that plays a graph show them. Answers never come from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ..graph.expr import Expr, Graph
from ..ops.operands import Operand, ones
from ..ops.real import number
from ..ops.rules import local, push
from ..ops.support import select
from .passes import BackwardPass, dependent_rows, ignore_warnings, uses


class Step(NamedTuple):
    """One statement of the forward pass: ``name = formula`` in the names before it. An input has no formula."""

    row: int
    name: str
    formula: Expr | None
    value: Operand


class NamedContribution(NamedTuple):
    """A `Contribution` in the names of the steps.

    Attributes:
        row, user, position, is_picked, factor, term, total: as in `Contribution`.
        target, source: the names of the node and of its user.
        slope: the local derivative as a formula of the names, None where the node is not picked and for a tensor
            operation.
    """

    row: int
    user: int
    position: int
    is_picked: bool
    factor: Operand
    term: Operand
    total: Operand
    target: str
    source: str
    slope: Expr | None


class Trace:
    """The forward pass at a point, and on request the backward pass or the tangents.

    Args:
        results: the nodes of the values, one or several of one graph.
        values: the value of each row, from `evaluate`.
        wrt: the variables to differentiate by.
        names: of the results.

    Attributes:
        rows: the rows of the steps, in order.
        names: row -> name.
        varies: whether each row of the graph depends on one of `wrt`.

    >>> from adcli.graph.evaluate import evaluate
    >>> graph = Graph()
    >>> x, y = graph.variable("x"), graph.variable("y")
    >>> z = (x * y) * y
    >>> trace = Trace([z], evaluate(graph, [z.row], {"x": 2.0, "y": 3.0}), ["x", "y"])
    >>> [f"{step.name} = {step.formula}" for step in trace.steps if step.formula is not None]
    ['v1 = x*y', 'f = v1*y']
    >>> [f"{each.target} += {each.source}*{each.slope} = {each.term}" for each in trace.backward()]
    ['v1 += f*y = 3.0', 'y += f*v1 = 6.0', 'x += v1*y = 9.0', 'y += v1*x = 6.0']
    """

    def __init__(
        self, results: Sequence[Expr], values: Sequence[Operand], wrt: Sequence[str], names: Sequence[str] = ("f",)
    ) -> None:
        self.graph, self.results, self.values = results[0].graph, [result.row for result in results], values
        self.live = self.graph.live(self.results)
        self._wrt = [self.graph.variables[name] for name in wrt]
        self.varies = dependent_rows(self.graph, self.live, self._wrt)
        results_by_row = dict(reversed(list(zip(self.results, names, strict=True))))
        inputs = {row: name for name, row in self.graph.variables.items()}
        self.names = row_names(self.graph, self.live, inputs, results_by_row)
        self.rows = [row for row in self.live if row in self.names]

    @cached_property
    def steps(self) -> list[Step]:
        """The forward pass to all of the results."""
        return [*map(self.step, self.rows)]

    def step(self, row: int) -> Step:
        """Return one statement of the forward pass."""
        return Step(row, self.names[row], self._formula(row), self.values[row])

    def backward(self, which: int = 0) -> list[NamedContribution]:
        """Return every accumulation of the backward pass from one of the results, in order."""
        record = BackwardPass(self.graph, self.results[which], self.values, self._wrt)
        contributions = []
        for each in record.contributions:
            slope = self.slope(each.user, each.position) if each.is_picked else None
            contributions.append(NamedContribution(*each, self.names[each.row], self.names[each.user], slope))
        return contributions

    def uses(self) -> list[tuple[int, int]]:
        """Return rows with the positions of arguments that get a contribution, in the order of the backward pass."""
        return [(row, position) for row in reversed(self.live) for position in uses(self.graph, row, self.varies)]

    def tangents(self, variable: str) -> dict[int, Operand]:
        """Return the tangent of every row that depends on a variable, by forward mode."""
        graph = self.graph
        seed = graph.variables[variable]
        tangents: dict[int, Operand] = {seed: ones(graph.shapes.get(seed, ()))}
        with ignore_warnings(graph):
            for row in self.live:
                op, inputs = graph.ops[row], graph.inputs[row]
                if op is not None:
                    arguments = [self.values[i] for i in inputs]
                    tangent = push(op, [tangents.get(i) for i in inputs], self.values[row], arguments, tracks=True)
                    if tangent is not None:
                        tangents[row] = tangent
            return {row: number(select(tangent)) for row, tangent in tangents.items()}

    # ------------------------------------------------------------ texts

    def slope(self, row: int, position: int) -> Expr | None:
        """Return the local derivative of a row by one argument, in the names, or None for a tensor operation."""
        scratch, op = Graph(), self.graph.ops[row]
        assert op is not None
        if not op.is_elementwise:
            return None
        arguments = [self._symbol(scratch, i) for i in self.graph.inputs[row]]
        slope = local(op, position, self._symbol(scratch, row), arguments)
        return slope if isinstance(slope, Expr) else Expr(scratch, scratch.constant(float(slope)))

    def _symbol(self, scratch: Graph, row: int) -> Expr:
        """Return a row as a variable of its name, so that a rule writes its formula in the names of the steps."""
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
        formula: Expr = op(*[self._symbol(scratch, i) for i in self.graph.inputs[row]])
        return formula


def row_names(
    graph: Graph, rows: Sequence[int], inputs: Mapping[int, str], results: Mapping[int, str]
) -> dict[int, str]:
    """Return the name of each row but constants: the user's, that of the result, or v1, v2 …

    Args:
        graph: of the rows.
        rows: to name, in order.
        inputs: row -> name of the variables.
        results: row -> name of the results.

    >>> graph = Graph()
    >>> x = graph.variable("x")
    >>> y = (x * x) / x
    >>> row_names(graph, range(len(graph)), {x.row: "x"}, {y.row: "f"})
    {0: 'x', 1: 'v1', 2: 'f'}
    """
    names = dict(inputs)
    reserved = {*inputs.values(), *graph.labels.values()}
    count = 0
    for row in rows:
        if row in names or (graph.ops[row] is None and row not in results):
            continue
        name = graph.labels.get(row) or results.get(row)
        if row not in graph.labels and name in reserved:
            name = None
        while name is None:
            count += 1
            name = None if f"v{count}" in reserved else f"v{count}"
        names[row] = name
    return names
