"""The views of a formula: its results as pictures and traces show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..explain.view import ResultAt, View
from ..graph.expr import Expr
from ..language.ast import Formula
from ..ops.operands import Numeric
from .answer import Answer, answer_at
from .kinds import build_results
from .lowered import Lowerings


def view_of(answer: Answer) -> View:
    """Return the view of an answer with its first derivatives."""
    lowered = answer.lowered
    results = []
    for index, node in enumerate(lowered.results):
        slopes = None if node.shape else answer.slopes(index)
        look, notes = answer.look(index), answer.notes_of(index)
        results.append(ResultAt(answer.inputs, answer.value(index), slopes, look, notes))
    return View(_one_line(lowered.formula), lowered.names, lowered.results, [], results)


def view_at(
    formula: Lowerings, inputs: Mapping[str, Numeric] | None, wrt: Sequence[str], with_slopes: bool = True
) -> View:
    """Return the results of a formula, at a point or without one.

    Args:
        formula: without a point one of numbers.
        inputs: one value per variable.
        wrt: the variables to differentiate by.
        with_slopes: make nodes of the derivatives of results that are numbers.
    """
    lowered = formula.numeric if inputs is None else formula.at(inputs)
    outputs = build_results(lowered, wrt, with_slopes)
    nodes: list[dict[str, Expr]] = [{} for _ in lowered.results]
    for output in outputs.outputs:
        if output.wrt is not None and output.node is not None:
            nodes[output.of][output.wrt] = output.node
    if inputs is None:
        return View(_one_line(lowered.formula), lowered.names, lowered.results, nodes, [])
    return view_of(answer_at(outputs, inputs))._replace(slopes=nodes)


def _one_line(formula: Formula) -> str:
    """Return the formula as it was written; on one line if it was written on several."""
    return str(formula) if {"\n", "#"} & set(formula.text) else formula.text
