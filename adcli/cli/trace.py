"""`adcli trace`: the straight-line program of an expression, and the passes over it, step by step."""

from __future__ import annotations

import click

from ._arguments import PRECISION, expression_command, value_option

FORMATS = ("text", "markdown", "latex", "json")


@expression_command("trace")
@value_option
@click.option("-o", "--output", metavar="FILE", help="Write there; - or nothing is standard output.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="How to print; text without it.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--digits", type=PRECISION, metavar="N", help="Significant digits; without it the shortest that read back."
)
@click.option("--wrt", metavar="X,Y", help="Differentiate by these variables only.")
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
    """
    from ..graph.steps import Passes
    from ._arguments import format_of
    from ._output import write
    from ._point import answer, read_function, read_point, read_wrt, tell
    from ._traces import printed

    form = format_of(form, as_json)
    function = read_function(ctx.obj, "trace")
    names = read_wrt(wrt, function)
    result = answer(function, read_point(ctx.obj, function), names)
    passes = Passes(result.function.result, result.look.values, names)
    write(printed(form, passes, result, names, mode == "forward", digits), output)
    return tell(result.notes, form == "json")
