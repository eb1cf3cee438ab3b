"""The results of the formula of the command line, as pictures and traces show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..draw.build import DIGITS as DIGITS
from ..draw.build import SHOWN_ELEMENTS as SHOWN_ELEMENTS
from ..draw.build import picture_of as picture_of
from ..explain.view import ResultAt, derivative_nodes, view_at
from ..explain.view import View as View
from ..ops.operands import Numeric

if TYPE_CHECKING:
    from ..formula.answer import Answer
    from ..formula.lowered import Lowerings
    from ..language.ast import Formula


def view_of(answer: Answer) -> View:
    """Return the view of the answer of a formula whose result is a number."""
    lowered = answer.lowered
    at = ResultAt(answer.inputs, answer.value(), answer.slopes(), answer.inspection(), answer.notes)
    return View(one_line(lowered.formula), lowered.names, lowered.results, [], [at])


def one_line(formula: Formula) -> str:
    """Return the formula as it was written; on one line if it was written on several."""
    return str(formula) if {"\n", "#"} & set(formula.text) else formula.text


def view(formula: Lowerings, inputs: Mapping[str, Numeric] | None, wrt: Sequence[str], slopes: bool = True) -> View:
    """Return the results of a formula, at a point or without one.

    Args:
        formula: without a point one of numbers.
        inputs: one value per variable.
        wrt: the variables to differentiate by.
        slopes: make nodes of the derivatives of results that are numbers.
    """
    lowered = formula.numeric if inputs is None else formula.at(inputs)
    names, results, title = lowered.names, lowered.results, one_line(lowered.formula)
    if inputs is None:
        return View(title, names, results, derivative_nodes(results, wrt) if slopes else [{} for _ in results], [])
    return view_at(lowered.formula.text, names, results, inputs, wrt, slopes, title)
