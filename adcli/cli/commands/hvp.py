"""`adcli hvp`: the Hessian times a vector."""

from __future__ import annotations

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, table_options


@expression_command(DERIVATIVES, directed=True)
@table_options
def command(ctx: click.Context, table: TableOptions) -> int:
    """Multiply the Hessian by a vector, without computing the Hessian.

    \b
    Examples:
      adcli hvp "x**2*y" --x 2 --y 3 --dx 1 --dy 0
      adcli hvp "100*(y - x**2)^2 + (1 - x)^2" x=1 y=1 dx=1 --json
      adcli hvp "x**2*y" --x 0:1:11 y=3 dx=1
      adcli hvp "sum(x**3)" --x "[1, 2]" --dx "[0, 1]"

    The element of the vector for x is --dx [default: 0]. A value or an element may be several (1,2,5 or
    START:STOP:COUNT) or a column of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "hvp")
