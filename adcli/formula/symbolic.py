"""Derivatives as expressions for people to read, and as code in other languages."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph.expr import Expr, Graph, Unfolded
from ..graph.gc_pause import gc_paused
from ..graph.text import program_text
from ..language.ast import Formula
from ..language.lower import lower_results, refuse_vector
from ..simplify.orders import differentiate
from ..simplify.tidy import LINE
from .kinds import require_numbers
from .lowered import Lowerings


@gc_paused()
def derivative(formula: Formula, wrt: Sequence[str]) -> Expr:
    """Return the derivative by these variables, one after the other, as a person would write it.

    Args:
        formula: of a number.
        wrt: names of variables. ``["x", "x", "y"]`` is the third derivative, twice by x and once by y.

    Raises:
        ShapeError: the result is a vector, or there are operations on arrays.
        RequestError: the derivative is too long to write.

    >>> from adcli import parse
    >>> print(derivative(parse("x**3*y"), ["x", "x", "y"]))
    6*x
    """
    refuse_vector(formula)
    [result] = lower_results(formula, Unfolded())
    return differentiate(result, wrt)


def derivative_text(formula: Formula, wrt: Sequence[str]) -> str:
    """Return the same as a program of the language."""
    result = derivative(formula, wrt)
    return program_text(result.graph, result.row, LINE)


@gc_paused()
def write_code(lowerings: Lowerings, target: str, parts: Sequence[str], wrt: Sequence[str], name: str) -> str:
    """Return a formula of a number as a function in another language. See `Function.code`."""
    from ..codegen import load_target
    from ..codegen.request import derive_request

    writer = load_target(target)
    formula = lowerings.formula
    refuse_vector(formula)
    require_numbers(lowerings)
    # A graph of its own: the tangents of a jvp are variables of it.
    [result] = lower_results(formula, Graph())
    return writer.write(derive_request(result, str(formula), parts, wrt, name))
