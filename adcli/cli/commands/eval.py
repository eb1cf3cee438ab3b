"""`adcli eval`: the value of an expression."""

from __future__ import annotations

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, table_options


@expression_command(DERIVATIVES)
@table_options
def command(ctx: click.Context, table: TableOptions) -> int:
    """Compute the value, at one point or at many.

    \b
    Examples:
      adcli eval "exp(-x**2/2)/sqrt(tau)" --x 0.5
      adcli eval "2*pi*sqrt(l/g)" l=1 g=9.81 --format value
      adcli eval "sum(x^i/factorial(i), i=0..9)" x=0.5
      echo "x**3 - 2" | adcli eval - --x 2
      adcli eval "sin(x)/x" --x 1:10:19
      adcli eval "m*g*h" --data measured.csv g=9.81 -o energy.csv

    The expression is one quoted word, @FILE, or - for standard input. Its variables are options (--x 2) or words (x=2).
    A value is a constant expression such as pi/4. It may be several (1,2,5 or START:STOP:COUNT) or a column of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "value")
