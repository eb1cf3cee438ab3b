"""`adcli hvp`: the Hessian times a vector at a point, or at many."""

from __future__ import annotations

import click

from ..words import DirectedCommand, TableOptions, expression_command, table_options


@expression_command("hvp", DirectedCommand)
@table_options
def command(ctx: click.Context, table: TableOptions) -> int:
    """The Hessian times a vector at a point, or at many, without the Hessian: one forward sweep over the gradient.

    \b
    Examples:
      adcli hvp "x**2*y" --x 2 --y 3 --dx 1 --dy 0
      adcli hvp "100*(y - x**2)^2 + (1 - x)^2" x=1 y=1 dx=1 --json
      adcli hvp "x**2*y" --x 0:1:11 y=3 dx=1
      adcli hvp "sum(x**3)" --x "[1, 2]" --dx "[0, 1]"

    The vector's element for x is --dx; what is missing is 0. Values, those of the vector too, may be several (1,2,5 or
    START:STOP:COUNT) or columns of a table.
    """
    from ..delivery import run_kind

    return run_kind(ctx.obj, table, "hvp")
