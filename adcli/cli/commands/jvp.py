"""`adcli jvp`: the derivative in a direction."""

from __future__ import annotations

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, table_options


@expression_command(DERIVATIVES, directed=True)
@table_options
def command(ctx: click.Context, table: TableOptions) -> int:
    """Compute the derivative in a direction, in one forward pass.

    \b
    Examples:
      adcli jvp "x*y**2" --x 2 --y 3 --dx 1 --dy 0.5
      adcli jvp "[x*y, x + y]" x=2 y=3 dx=1
      adcli jvp "x*y**2" --data moves.csv
      adcli jvp "A @ x" --A "[[1, 2], [3, 4]]" --x "[1, 2]" --dx "[1, 0]"

    The direction in x is --dx [default: 0]. A value or a direction may be several (1,2,5 or START:STOP:COUNT) or a
    column of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "jvp")
