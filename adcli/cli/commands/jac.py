"""`adcli jac`: the Jacobian of a vector."""

from __future__ import annotations

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, table_options, wrt_option


@expression_command(DERIVATIVES)
@wrt_option()
@table_options
def command(ctx: click.Context, table: TableOptions, wrt: str | None) -> int:
    """Compute the values and all first derivatives of a vector.

    \b
    Examples:
      adcli jac "[x*y, x + y]" --x 2 --y 3
      adcli jac "r = hypot(x, y); [r, atan2(y, x)]" x=3 y=4 --json
      adcli jac "[r*cos(t), r*sin(t)]" --data polar.csv -o slopes.csv
      adcli jac "A @ x" --A "[[1, 2], [3, 4]]" --x "[1, 2]"

    It takes one backward pass per element or one forward pass per variable, whichever are fewer.
    A value may be several (1,2,5 or START:STOP:COUNT) or a column of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "jacobian", wrt=wrt)
