"""`adcli trace`: the straight-line program of an expression, and the passes over it, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..words import PRECISION, expression_command, value_option

if TYPE_CHECKING:
    from ..drawing import View

FORMATS = ("text", "markdown", "latex", "json")


@expression_command("trace")
@value_option
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output; - is standard output.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="How to print: without it by the suffix of -o, or text."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--digits", type=PRECISION, metavar="N", help="Significant digits; without it the shortest that read back."
)
@click.option("--wrt", metavar="X,Y", help="Differentiate by these variables only.")
@click.option("--of", metavar="NAME", help="Only the backward pass of this result, of several f1, f2 …")
@click.option(
    "--mode", type=click.Choice(["reverse", "forward"]), default="reverse",
    help="The backward pass, or the tangents beside the values.",
)  # fmt: skip
def command(
    ctx: click.Context,
    output: str | None,
    form: str | None,
    as_json: bool,
    digits: int | None,
    wrt: str | None,
    of: str | None,
    mode: str,
) -> int:
    """The passes of automatic differentiation at a point, step by step.

    \b
    Examples:
      adcli trace "sin(x**2)*cos(y)" --x 2 --y 3
      adcli trace "u = x*w; u + sin(u)" --x 1 --w 4 --format markdown
      adcli trace "x*exp(y)" --x 2 --y 0 --mode forward

    Reverse mode: the values, then how each adjoint adds up, from the result back to the inputs. Forward mode: the
    values, and beside them the tangents along each variable. Steps have the names of the bindings where there are any.
    Of several results, [f, g], each has a backward pass of its own; --of names one of f1, f2 …
    """
    from ...errors import RequestError
    from ...explain.steps import Trace
    from ..drawing import view
    from ..inputs import read_formula, read_point, read_wrt
    from ..notes import tell
    from ..output import write
    from ..trace_tables import printed
    from ..words import format_of

    form = format_of(form, as_json, output, FORMATS)
    formula = read_formula(ctx.obj, "trace")
    names = read_wrt(wrt, formula)
    seen = view(formula, read_point(ctx.obj, formula), names)
    which = seen.place(of)
    if of is not None and mode == "forward":
        raise RequestError("--of is for the backward pass", hint="forward mode has the tangents of all results")
    refuse_arrays(seen)
    passes = Trace(seen.results, seen.answers[0].look.values, names, seen.names)
    chosen = range(len(seen.results)) if which is None else [which]
    write(printed(form, passes, seen, chosen, names, mode == "forward", digits), output)
    return tell(seen.notes(), form == "json")


def refuse_arrays(seen: View) -> None:
    """Raise a ShapeError where a result is an array: a backward pass starts from a number."""
    from ...errors import ShapeError
    from ...ops.shapes import shape_text

    for name, result in zip(seen.names, seen.results, strict=True):
        if result.shape:
            problem = f"the result {name} has the shape {shape_text(result.shape)}, and a pass goes back from a number"
            raise ShapeError(problem, hint="name its elements, as in [v[0], v[1]], or add them up: sum(v)")
