"""`adcli code`: an expression and its derivatives as a function in another language."""

from __future__ import annotations

import click

from ..words import FormulaCommand, expression_command


class _CodeCommand(FormulaCommand):
    """Lists the targets in its help; they are looked up when help is asked for."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from ...codegen import target_summaries

        with formatter.section("Targets"):
            formatter.write_dl(target_summaries())


def _targets(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The targets that complete what is typed."""
    from ...codegen import target_names

    return [name for name in target_names() if name.startswith(typed)]


@expression_command("code", _CodeCommand)
@click.option(
    "--to", "target", metavar="TARGET", shell_complete=_targets,
    help="The language; without it the suffix of FILE chooses.",
)  # fmt: skip
@click.option(
    "--what", metavar="PARTS", default="value,gradient", show_default=True,
    help="What to compute: some of value, gradient, hessian, jvp, separated by commas.",
)  # fmt: skip
@click.option("--wrt", metavar="X,Y", help="Differentiate by these variables only.")
@click.option("--name", metavar="NAME", default="f", show_default=True, help="The name of the function.")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output; - is standard output.")
def command(ctx: click.Context, target: str | None, what: str, wrt: str | None, name: str, output: str | None) -> int:
    """The value and derivatives as a function in another language.

    \b
    Examples:
      adcli code "sin(x**2)*cos(y)" --to c
      adcli code "u = x^2; sin(u)/u" -o f.js
      adcli code "a*exp(-k*t)" --to sql --wrt a,k
      adcli code "x**y" --to python --what value,gradient,hessian

    The code needs nothing but the language's own library. Its conventions at kinks are those of `adcli grad`; where the
    value is nan, so are all derivatives.
    """
    from ...codegen import target_names, target_of
    from ...errors import RequestError, quoted
    from ..inputs import read_function, read_wrt
    from ..output import write

    if ctx.obj.values:
        raise RequestError(
            f"{quoted(ctx.obj.values[0][0])} has a value, but code is for all points", hint="leave it out"
        )
    if target is None:
        target = target_of(output or "")
    if target is None:
        raise RequestError("--to is missing", hint=f"the targets are {', '.join(target_names())}")
    function = read_function(ctx.obj, "code")
    parts = [part.strip() for part in what.split(",")]
    write(function.code(target, parts, None if wrt is None else read_wrt(wrt, function), name), output)
    return 0
