"""Derivatives as expressions for people to read."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph.derive import gradient
from ..graph.expr import Expr, Unfolded
from ..graph.gc_pause import gc_paused
from ..language.ast import Formula
from ..language.lower import lower_results, refuse_vector
from ..simplify.tidy import tidy


@gc_paused
def derivative(formula: Formula, wrt: Sequence[str]) -> Expr:
    """Return the derivative by these variables, one after the other, as a person would write it.

    Args:
        formula: of a number.
        wrt: names of variables; ``["x", "x", "y"]`` is the third derivative, twice by x and once by y.

    Raises:
        ShapeError: the result is a vector, or there are operations on arrays.

    >>> from adcli import parse
    >>> print(derivative(parse("x**3*y"), ["x", "x", "y"]))
    6*x
    """
    refuse_vector(formula)
    [result] = lower_results(formula, Unfolded())
    for name in wrt:
        [slope] = gradient(result, [result.graph.variable(name)])
        result = tidy(Expr(result.graph, result.graph.constant(0.0)) if slope is None else slope)
    return result
