"""`adcli grad`: the value of an expression and its first derivatives."""

from __future__ import annotations

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, mode_option, table_options, wrt_option


@expression_command(DERIVATIVES)
@wrt_option()
@mode_option
@click.option("--svg", metavar="FILE", help="File for a picture of the graph, with values and adjoints.")
@table_options
def command(
    ctx: click.Context,
    wrt: str | None,
    mode: str,
    svg: str | None,
    table: TableOptions,
) -> int:
    """Compute the value and all first derivatives of a number.

    \b
    Examples:
      adcli grad "sin(x**2)*cos(y)" --x 2 --y 3
      adcli grad "u = x^2; sin(u)/u" x=pi/4 --json
      adcli grad "a*exp(-k*t)" a=2 k=0.5 t=1 --wrt a,k
      adcli grad @formula.txt --x 2 --svg graph.svg
      adcli grad "x**y" --x 1:2:5 --y 1,2
      adcli grad "m*g*h" --data measured.csv g=9.81 -o slopes.csv

    The expression is one quoted word, @FILE, or - for standard input. Its variables are options (--x 2) or words (x=2).
    A value is a constant expression such as pi/4. It may be several (1,2,5 or START:STOP:COUNT) or a column of a table.
    """
    from ...errors import RequestError
    from ..inputs import answer, is_table, read_function, read_point, read_wrt
    from ..output import same_place, write
    from ..printing import deliver

    if svg is not None and same_place(svg, table.output or "-"):
        raise RequestError("--svg and the answer go to the same place", hint="give one of them a file of its own")
    function = read_function(ctx.obj, "grad")
    names = read_wrt(wrt, function)
    if is_table(ctx.obj, table):
        from ...formula.quantities import gradient
        from ..table_points import run_table

        if svg is not None or mode == "forward":
            option = "--svg" if svg is not None else "--mode forward"
            raise RequestError(f"{option} is for one point", hint="leave it out, or give each variable one number")
        return run_table(ctx.obj, table, function, lambda f, _: gradient(f, names))
    result = answer(function, read_point(ctx.obj, function), names, mode == "forward")
    if svg is not None:
        from ...draw.render import draw
        from ..drawing import picture_of, view_of

        write(draw(picture_of(view_of(result), table.digits), "svg"), svg)
    return deliver(result, table.form, table.digits, table.output)
