"""The results of a formula for pictures and traces: their nodes and, at a point, their numbers and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..errors import UnknownNameError, join_names, quoted
from ..graph.derive import gradient
from ..graph.evaluate import evaluate
from ..graph.expr import Expr
from ..graph.tape import guard
from ..ops.operands import Numeric
from ..ops.rules import zeros_like
from .notes import Inspection, Note


class ResultAt(NamedTuple):
    """One result at a point.

    Attributes:
        inputs: one value per variable.
        value: of the result.
        slopes: its derivatives by variable, None for an array.
        inspection: of every node of the result.
        notes: on the value and the derivatives.
    """

    inputs: Mapping[str, Numeric]
    value: Numeric
    slopes: Mapping[str, Numeric] | None
    inspection: Inspection
    notes: list[Note]


class View(NamedTuple):
    """The results of a formula.

    Attributes:
        text: of the formula, on one line.
        names: of the results.
        results: their nodes, all of one graph.
        slopes: the nodes of the derivatives of each result by variable, for variables that it depends on.
        answers: one for each result, nothing without a point.
    """

    text: str
    names: Sequence[str]
    results: Sequence[Expr]
    slopes: Sequence[Mapping[str, Expr]]
    answers: Sequence[ResultAt]

    @property
    def derivatives(self) -> dict[str, Expr]:
        """The nodes of all derivatives under names such as ``df1/dx``."""
        return {
            f"d{of}/d{name}": slope
            for of, slopes in zip(self.names, self.slopes, strict=True)
            for name, slope in slopes.items()
        }

    def result_index(self, name: str | None) -> int | None:
        """Return the index of the result to start the backward pass from, or None if there are several and no name.

        Raises:
            UnknownNameError: there is no such result.
        """
        if name is None:
            return 0 if len(self.names) == 1 else None
        if name not in self.names:
            several = len(self.names) > 1
            hint = (
                f"the results are {join_names(self.names)}" if several else f"the one result is {quoted(self.names[0])}"
            )
            raise UnknownNameError(f"--of names {quoted(name)}, which is not a result", hint=hint)
        return list(self.names).index(name)

    def notes(self) -> list[Note]:
        """Return the notes on all results, each once."""
        return list({str(note): note for answer in self.answers for note in answer.notes}.values())


def derivative_nodes(results: Sequence[Expr], wrt: Sequence[str]) -> list[dict[str, Expr]]:
    """Return the nodes of the derivatives of each result that is a number, by the variables that it depends on."""
    graph = results[0].graph
    variables = [Expr(graph, graph.variables[name]) for name in wrt]
    by_result = []
    for result in results:
        nodes = [] if result.shape else gradient(result, variables)
        by_result.append({name: node for name, node in zip(wrt, nodes, strict=bool(nodes)) if node is not None})
    return by_result


def view_at(
    text: str,
    names: Sequence[str],
    results: Sequence[Expr],
    inputs: Mapping[str, Numeric],
    wrt: Sequence[str],
    with_slopes: bool = True,
    title: str | None = None,
) -> View:
    """Return a view of the results at a point, with the derivatives and notes of those that are numbers.

    Args:
        text: the source that the spans of the graph point into.
        names: of the results.
        results: their nodes, all of one graph.
        inputs: one value per variable.
        wrt: the variables to differentiate by.
        with_slopes: add nodes for the derivatives, which the notes on derivatives that are not finite need.
        title: of the view [default: the text].
    """
    by_result = derivative_nodes(results, wrt) if with_slopes else [{} for _ in results]
    rows = [result.row for result in results] + [node.row for nodes in by_result for node in nodes.values()]
    values = evaluate(results[0].graph, rows, inputs, text)
    answers = []
    for name, result, nodes in zip(names, results, by_result, strict=True):
        variables: Sequence[str] = () if result.shape else wrt
        slopes = [values[nodes[name].row] if name in nodes else zeros_like(inputs[name]) for name in variables]
        value, *masked = guard([values[result.row], *slopes])
        numbers = None if result.shape else dict(zip(variables, masked, strict=True))
        inspection = Inspection(text, result, values, variables, name)
        answers.append(ResultAt(inputs, value, numbers, inspection, inspection.notes(numbers)))
    return View(title or text, names, results, by_result, answers)
