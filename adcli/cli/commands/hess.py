"""`adcli hess`: all second derivatives of an expression."""

from __future__ import annotations

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, table_options, wrt_option


@expression_command(DERIVATIVES)
@wrt_option()
@table_options
def command(ctx: click.Context, table: TableOptions, wrt: str | None) -> int:
    """Compute the value and all first and second derivatives.

    \b
    Examples:
      adcli hess "x**2*y + sin(y)" --x 2 --y 3
      adcli hess "100*(y - x**2)^2 + (1 - x)^2" x=1 y=1 --json
      adcli hess "x**2*y" --x 0:1:11 --y 1,2
      adcli hess "x @ A @ x" --A "[[1, 2], [3, 4]]" --x "[1, 2]" --wrt x

    Each pair of variables is printed once. JSON has the whole symmetric matrix.
    A value may be several (1,2,5 or START:STOP:COUNT) or a column of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "hessian", wrt=wrt)
