"""`adcli taylor`: the coefficients of a Taylor expansion."""

from __future__ import annotations

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, number_table_options, order_option, wrt_option


@expression_command(DERIVATIVES)
@order_option(0, 99, 4, "Order of the last coefficient.")
@wrt_option("Variable to expand in [default: the only one].", "X")
@number_table_options
def command(ctx: click.Context, table: TableOptions, order: int, wrt: str | None) -> int:
    """Compute the coefficients of a Taylor expansion.

    \b
    Examples:
      adcli taylor "exp(x)" --x 0 --order 8
      adcli taylor "a*sin(w*t)" --wrt t t=0 a=1 w=2
      adcli taylor "sin(x)" --x 0:1:11 --order 3

    c0 is the value, and ck is the k-th derivative divided by k!: f(x + h) = c0 + c1*h + c2*h**2 + … The time grows with
    the square of the order. A value may be several (1,2,5 or START:STOP:COUNT) or a column of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "taylor", wrt=wrt, order=order)
