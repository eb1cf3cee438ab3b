"""`adcli jac`: the Jacobian of a vector at a point, or at many."""

from __future__ import annotations

import click

from ..words import TableOptions, expression_command, table_options


@expression_command("jac")
@table_options
@click.option("--wrt", metavar="X,Y", help="Differentiate by these variables only.")
def command(ctx: click.Context, table: TableOptions, wrt: str | None) -> int:
    """The values and all partial derivatives of a vector at a point, or at many.

    \b
    Examples:
      adcli jac "[x*y, x + y]" --x 2 --y 3
      adcli jac "r = hypot(x, y); [r, atan2(y, x)]" x=3 y=4 --json
      adcli jac "[r*cos(t), r*sin(t)]" --data polar.csv -o slopes.csv
      adcli jac "A @ x" --A "[[1, 2], [3, 4]]" --x "[1, 2]"

    One backward sweep per element or one forward sweep per variable, whichever are fewer.
    Values may be several (1,2,5 or START:STOP:COUNT) or columns of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "jacobian", wrt=wrt)
