"""`adcli taylor`: the coefficients of a Taylor expansion at a point, or at many."""

from __future__ import annotations

import click

from ..words import TableOptions, WholeNumber, expression_command, table_options


@expression_command("taylor")
@table_options
@click.option("--order", type=WholeNumber(0, 99), default=4, metavar="N", help="Of the last coefficient; 4 without it.")
@click.option("--wrt", metavar="X", help="The variable to expand in, where there are several.")
def command(
    ctx: click.Context,
    table: TableOptions,
    order: int,
    wrt: str | None,
) -> int:
    """The coefficients of the Taylor expansion in one variable at a point, or at many.

    \b
    Examples:
      adcli taylor "exp(x)" --x 0 --order 8
      adcli taylor "a*sin(w*t)" --wrt t t=0 a=1 w=2
      adcli taylor "sin(x)" --x 0:1:11 --order 3

    c0 is the value, and ck the k-th derivative divided by k!: f(x + h) = c0 + c1*h + c2*h**2 + … All of them take time
    quadratic in the order. Values may be several (1,2,5 or START:STOP:COUNT) or columns of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "taylor", wrt=wrt, order=order)
