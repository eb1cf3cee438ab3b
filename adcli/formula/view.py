"""From an answer to the view that pictures, pages and traces show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..explain.view import ResultAt, View
from ..graph.derive import gradient
from ..graph.expr import Expr
from ..language.ast import Formula
from ..ops.operands import Numeric
from .answer import Answer, answer_at
from .lowered import Lowered, Lowerings
from .outputs import Outputs, gradient_outputs, value_outputs


def view_formula(
    lowerings: Lowerings, inputs: Mapping[str, Numeric] | None, wrt: Sequence[str], with_slopes: bool = True
) -> View:
    """Return the view of a formula, at a point or without one.

    Args:
        lowerings: the formula. Without a point it must be one of numbers.
        inputs: one value per variable, or None.
        wrt: the variables to differentiate by.
        with_slopes: make nodes of the derivatives of results that are numbers. Without them there are no notes on
            derivatives that are not finite.
    """
    outputs = _outputs(lowerings.numeric if inputs is None else lowerings.at(inputs), wrt, with_slopes)
    return _view(outputs, []) if inputs is None else view_of(answer_at(outputs, inputs))


def view_of(answer: Answer) -> View:
    """Return the view of the results of an answer."""
    results = [
        ResultAt(answer.inputs, answer.value(i), answer.slopes(i), answer.inspection(i), answer.notes_of(i))
        for i in range(len(answer.lowered.results))
    ]
    return _view(answer.outputs, results)


def _outputs(lowered: Lowered, wrt: Sequence[str], with_slopes: bool) -> Outputs:
    """Return the results and, of numbers, the derivatives by the variables."""
    outputs = value_outputs(lowered)
    moving = () if lowered.results[0].shape else tuple(wrt)
    if with_slopes:
        variables = [lowered.variable(name) for name in moving]
        for index, result in enumerate(lowered.results):
            outputs += gradient_outputs(lowered, gradient(result, variables), moving, index)
    return Outputs(lowered, outputs, {}, moving=moving)


def _view(outputs: Outputs, answers: Sequence[ResultAt]) -> View:
    lowered = outputs.lowered
    slopes: list[dict[str, Expr]] = [{} for _ in lowered.results]
    for output in outputs.outputs:
        if output.wrt is not None and output.node is not None:
            slopes[output.of][output.wrt] = output.node
    return View(one_line(lowered.formula), lowered.names, lowered.results, slopes, answers)


def one_line(formula: Formula) -> str:
    """Return the formula as it was written, on one line."""
    return str(formula) if {"\n", "#"} & set(formula.text) else formula.text
