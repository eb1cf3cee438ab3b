"""`adcli hess`: all second derivatives at a point, or at many."""

from __future__ import annotations

import click

from ..words import TableOptions, expression_command, table_options


@expression_command("hess")
@table_options
@click.option("--wrt", metavar="X,Y", help="Differentiate by these variables only.")
def command(ctx: click.Context, table: TableOptions, wrt: str | None) -> int:
    """The value, all first and all second derivatives at a point, or at many.

    \b
    Examples:
      adcli hess "x**2*y + sin(y)" --x 2 --y 3
      adcli hess "100*(y - x**2)^2 + (1 - x)^2" x=1 y=1 --json
      adcli hess "x**2*y" --x 0:1:11 --y 1,2
      adcli hess "x @ A @ x" --A "[[1, 2], [3, 4]]" --x "[1, 2]" --wrt x

    Each pair of variables is printed once; JSON has the whole symmetric matrix. Forward sweeps over the gradient.
    Values may be several (1,2,5 or START:STOP:COUNT) or columns of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "hessian", wrt=wrt)
