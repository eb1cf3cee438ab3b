"""`adcli trace`: the forward and backward pass over an expression, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..declarations import PICTURES, expression_command
from ..options import complete, digits_option, mode_option, option, output_options, value_option, wrt_option

if TYPE_CHECKING:
    from ...formula.pass_tables import PassTables


@expression_command(PICTURES)
@wrt_option()
@mode_option
@option(
    "--of", metavar="NAME", shell_complete=complete("result"),
    help="Result whose backward pass is shown, for example f2 [default: all].",
)  # fmt: skip
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
    from ...formula.pass_tables import trace_formula
    from ..inputs import read_formula, read_point, read_wrt
    from ..output import write
    from ..printing import print_notes

    formula = read_formula(ctx.obj)
    names = read_wrt(wrt, formula)
    point, forward = read_point(ctx.obj, formula), mode == "forward"
    tables = trace_formula(formula, point, names, of, forward=forward, digits=digits, option="--of")
    write(_print_passes(tables, output_format), output)
    return print_notes(tables.view.notes(), output_format == "json")


def _print_passes(tables: PassTables, output_format: str) -> str:
    if output_format == "json":
        from ..trace_json import print_json

        return print_json(tables)
    writers = {"text": tables.text, "markdown": tables.markdown, "latex": tables.latex}
    return writers[output_format]()
