"""`adcli eval`: the value of an expression at a point."""

from __future__ import annotations

import click

from ..words import TableOptions, expression_command, table_options


@expression_command("eval")
@table_options
def command(ctx: click.Context, table: TableOptions) -> int:
    """The value at a point, or at many.

    \b
    Examples:
      adcli eval "exp(-x**2/2)/sqrt(tau)" --x 0.5
      adcli eval "2*pi*sqrt(l/g)" l=1 g=9.81 --format value
      echo "x**3 - 2" | adcli eval - --x 2
      adcli eval "sin(x)/x" --x 1:10:19
      adcli eval "m*g*h" --data measured.csv g=9.81 -o energy.csv

    The expression is one quoted word, @FILE or - for standard input. Its variables are options (--x 2) or words (x=2);
    their values are constant expressions such as pi/4, several of them (1,2,5 or START:STOP:COUNT), or columns of a
    table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "value")
