"""`adcli trace`: the forward and backward pass over an expression, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..declarations import PICTURES, expression_command
from ..options import digits_option, mode_option, option, output_options, value_option, wrt_option

if TYPE_CHECKING:
    from ...explain.view import View


@expression_command(PICTURES)
@wrt_option()
@mode_option
@option("--of", metavar="NAME", help="Result whose backward pass is shown, for example f2 [default: all].")
@value_option
@output_options(lambda: ("text", "markdown", "latex", "json"))
@digits_option()
def command(
    ctx: click.Context,
    output: str | None,
    output_format: str,
    digits: int | None,
    wrt: str | None,
    of: str | None,
    mode: str,
) -> int:
    """Show the forward and backward pass step by step.

    \b
    Examples:
      adcli trace "sin(x**2)*cos(y)" --x 2 --y 3
      adcli trace "u = x*w; u + sin(u)" --x 1 --w 4 --format markdown
      adcli trace "x*exp(y)" --x 2 --y 0 --mode forward

    Reverse mode prints the values, then every contribution to an adjoint, from the result back to the inputs. Forward
    mode prints the values and beside them the tangents along each variable. A step has the name of its binding. Each of
    several results, [f, g], has a backward pass of its own, and --of chooses one of f1, f2 …
    """
    from ...errors import RequestError
    from ...explain.steps import Trace
    from ...formula.view import view_formula
    from ..inputs import read_formula, read_point, read_wrt
    from ..output import write
    from ..printing import print_notes
    from ..trace_tables import TraceRequest, print_passes

    formula = read_formula(ctx.obj, "trace")
    names = read_wrt(wrt, formula)
    view = view_formula(formula, read_point(ctx.obj, formula), names)
    which = view.result_index(of, "--of")
    if of is not None and mode == "forward":
        raise RequestError("--of is for the backward pass", hint="forward mode has the tangents of all results")
    _refuse_arrays(view)
    passes = Trace(view.results, view.answers[0].inspection.values, names, view.names)
    starts = range(len(view.results)) if which is None else [which]
    write(print_passes(output_format, TraceRequest(passes, view, starts, names, mode == "forward", digits)), output)
    return print_notes(view.notes(), output_format == "json")


def _refuse_arrays(view: View) -> None:
    """Raise a ShapeError if a result is an array, because a backward pass starts from a number."""
    from ...errors import ShapeError
    from ...ops.shapes import shape_text

    for name, result in zip(view.names, view.results, strict=True):
        if result.shape:
            problem = f"the result {name} has the shape {shape_text(result.shape)}, and a pass goes back from a number"
            raise ShapeError(problem, hint="name its elements, as in [v[0], v[1]], or add them up: sum(v)")
