"""Derivatives as expressions for people to read, and as code in other languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..graph.expr import Expr, Graph, Unfolded
from ..graph.gc_pause import gc_paused
from ..graph.text import program_text
from ..language.ast import Formula
from ..language.lower import is_vector, lower_results, refuse_vector
from ..ops.operands import Shape
from ..simplify.orders import differentiate
from ..simplify.tidy import LINE
from .lowered import Lowerings

if TYPE_CHECKING:
    from ..codegen.request import CodeRequest

UNBROKEN = 10**9  # characters. The elements of a vector get no bindings


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


def derivative_text(lowerings: Lowerings, wrt: Sequence[str], ranks: Mapping[str, int] | None = None) -> str:
    """Return the derivative of a formula of numbers, vectors or matrices as a program of the language.

    Args:
        lowerings: the formula.
        wrt: names of variables, as for `derivative`.
        ranks: 0, 1 or 2 for variables that are numbers, vectors or matrices [default: guessed].
    """
    if is_symbolic_array(lowerings, ranks):
        from ..matrix.derive import differentiate_arrays

        return differentiate_arrays(lowerings.formula, lowerings.variables, [wrt], ranks or {}).texts[0]
    return write_derivative(lowerings.formula, wrt)[0]


def is_symbolic_array(lowerings: Lowerings, ranks: Mapping[str, int] | None) -> bool:
    """Return whether a formula has vectors or matrices, by itself or by what is known of its variables."""
    return not lowerings.is_numeric or (ranks is not None and any(ranks.values()))


def write_derivative(formula: Formula, wrt: Sequence[str], with_latex: bool = False) -> tuple[str, str]:
    """Return the derivative of a formula of numbers, or of each element of a vector ``[f, g]``, as text and LaTeX.

    >>> from adcli import parse
    >>> write_derivative(parse("[x*y, x/y]"), ["x"], with_latex=True)
    ('[y, 1/y]', '\\\\begin{pmatrix} y \\\\\\\\ \\\\frac{1}{y} \\\\end{pmatrix}')
    """
    if not is_vector(formula.result):
        result = derivative(formula, wrt)
        return program_text(result.graph, result.row, LINE), _latex([result]) if with_latex else ""
    results = [differentiate(element, wrt) for element in lower_results(formula, Unfolded())]
    elements = [program_text(each.graph, each.row, UNBROKEN) for each in results]
    return f"[{', '.join(elements)}]", _latex(results) if with_latex else ""


def _latex(results: Sequence[Expr]) -> str:
    from ..codegen.typesetting import column, display

    return display(results) if len(results) == 1 else column([display([each]) for each in results])


def typeset(lowerings: Lowerings, ranks: Mapping[str, int] | None = None) -> str:
    r"""Return a formula of numbers, vectors or matrices as one LaTeX formula for display mode.

    Args:
        lowerings: the formula.
        ranks: 0, 1 or 2 for variables that are numbers, vectors or matrices [default: guessed].

    Raises:
        RequestError: there is no notation for one of its operations on arrays.

    >>> from adcli import parse
    >>> print(typeset(Lowerings(parse("x @ A"))))
    A^{\top} x
    """
    if is_symbolic_array(lowerings, ranks):
        from ..matrix.derive import typeset_arrays

        return typeset_arrays(lowerings.formula, lowerings.variables, ranks or {})
    from ..codegen.typesetting import display

    return display(lower_results(lowerings.formula, Unfolded()))


@gc_paused()
def write_code(
    lowerings: Lowerings,
    target: str,
    parts: Sequence[str] | None,
    wrt: Sequence[str],
    name: str,
    table: str | None = None,
    shapes: Mapping[str, Shape] | None = None,
) -> str:
    """Return a formula as a function in another language. See `Function.code`."""
    from dataclasses import replace

    from ..codegen import load_target

    writer = load_target(target)
    if lowerings.is_numeric and not shapes:
        request = _request_of_numbers(lowerings, parts, wrt, name)
    else:
        from .array_code import request_for

        request = request_for(writer, target, lowerings, shapes or {}, parts, wrt, name)
    return writer.write(replace(request, table=table))


def _request_of_numbers(
    lowerings: Lowerings, parts: Sequence[str] | None, wrt: Sequence[str], name: str
) -> CodeRequest:
    from ..codegen.request import derive_request

    formula, lowered = lowerings.formula, lowerings.numeric
    # A graph of its own: the tangents of a jvp are variables of it.
    results = lower_results(formula, Graph())
    names = [each if each in lowerings.bindings else name + each[1:] for each in lowered.names]
    result = tuple(results) if lowered.is_vector else results[0]
    return derive_request(result, str(formula), parts, wrt, name, names)
