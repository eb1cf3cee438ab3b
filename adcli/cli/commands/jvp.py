"""`adcli jvp`: the derivative in a direction at a point, or at many."""

from __future__ import annotations

import click

from ..words import DirectedCommand, TableOptions, expression_command, table_options


@expression_command("jvp", DirectedCommand)
@table_options
def command(ctx: click.Context, table: TableOptions) -> int:
    """The derivative in a direction at a point, or at many, by one forward sweep.

    \b
    Examples:
      adcli jvp "x*y**2" --x 2 --y 3 --dx 1 --dy 0.5
      adcli jvp "[x*y, x + y]" x=2 y=3 dx=1
      adcli jvp "x*y**2" --data moves.csv
      adcli jvp "A @ x" --A "[[1, 2], [3, 4]]" --x "[1, 2]" --dx "[1, 0]"

    The direction in x is --dx; a variable without one does not move. Values, those of the direction too, may be several
    (1,2,5 or START:STOP:COUNT) or columns of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "jvp")
