"""`adcli code`: an expression and its derivatives as a function in another language."""

from __future__ import annotations

import click

from ..declarations import FORMULAS, ExpressionCommand, expression_command
from ..options import complete, file_option, option, wrt_option


class _CodeCommand(ExpressionCommand):
    """A command whose help lists the targets, which are looked up when help is asked for."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from ...codegen import target_summaries

        with formatter.section("Targets"):
            formatter.write_dl(target_summaries())
        super().format_epilog(ctx, formatter)


def _complete_target(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    from ...codegen import target_names

    return [name for name in target_names() if name.startswith(typed)]


@expression_command(FORMULAS, at_points=False, cls=_CodeCommand)
@option(
    "--to", "target", metavar="TARGET", shell_complete=_complete_target,
    help="Target language [default: by the suffix of -o].",
)  # fmt: skip
@option(
    "--what", metavar="PARTS", shell_complete=complete("parts"),
    help="What to compute, separated by commas: any of value, gradient, jacobian, hessian and jvp [default: value and "
    "first derivatives].",
)  # fmt: skip
@wrt_option()
@option(
    "--shape", "shapes", metavar="A=2x3,X=3", multiple=True,
    help="Shapes of the variables that are arrays [default: all are numbers].",
)  # fmt: skip
@option("--name", metavar="NAME", default="f", show_default=True, help="Name of the function.")
@option("--table", metavar="NAME", help="Table that the SQL targets read [default: points].")
@file_option
def command(
    ctx: click.Context,
    target: str | None,
    what: str | None,
    wrt: str | None,
    shapes: tuple[str, ...],
    name: str,
    table: str | None,
    output: str | None,
) -> int:
    """Write the value and derivatives as code in another language.

    \b
    Examples:
      adcli code "sin(x**2)*cos(y)" --to c
      adcli code "u = x^2; sin(u)/u" -o f.js
      adcli code "a*exp(-k*t)" --to sql --wrt a,k --table runs
      adcli code "x**y" --to python --what value,gradient,hessian
      adcli code "norm(A@x - b)^2" --to c --shape A=2x3,x=3,b=2

    The code needs only the language's own library. It has the conventions of `adcli grad` at kinks. Where the value is
    nan, so are all derivatives.
    """
    from ...errors import RequestError, quoted
    from ..inputs import read_function, read_shapes, read_texts, read_wrt
    from ..output import write
    from ..suffixes import code_targets, format_by_suffix

    function = read_function(ctx.obj)
    if target is None:
        target = format_by_suffix(output or "", code_targets(), "code", "--to")
    if target is None:
        raise RequestError("--to is missing", hint=f"the targets are {', '.join(code_targets())}")
    for variable in read_texts(ctx.obj, function):
        raise RequestError(f"{quoted(variable)} has a value, but code is for all points", hint="leave it out")
    parts = None if what is None else [part.strip() for part in what.split(",")]
    names = None if wrt is None else read_wrt(wrt, function)
    write(function.code(target, parts, names, name, table, read_shapes(shapes, function)), output)
    return 0
