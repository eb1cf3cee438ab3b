"""`adcli implicit`: the derivatives of a variable that an equation defines."""

from __future__ import annotations

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, order_option, table_options, wrt_option


@expression_command(DERIVATIVES, equation=True)
@click.option("--of", metavar="Y", required=True, help="Variable that the equation defines.")
@wrt_option("Variables to differentiate by [default: all others].", "X,Z")
@order_option(1, 9, 1, "Order of the last derivatives.")
@table_options
def command(ctx: click.Context, table: TableOptions, of: str, wrt: str | None, order: int) -> int:
    """Differentiate a variable that an equation defines.

    \b
    Examples:
      adcli implicit "x**2 + y**2 = 1" --of y --wrt x --x 0.6 --y 0.8
      adcli implicit "x**2 + y**2 = 1" --of y --x 0.6 --y 0.8 --order 2
      adcli implicit "p*V = n*R*T" --of V p=2 V=3 n=1 R=2 T=3 --json
      adcli implicit "y**3 + y = x" --of y --data curve.csv

    The first word is the equation, even if it looks like a value (y = x**2). For F = 0 the derivative is dy/dx =
    -F_x/F_y, and higher orders differentiate that again. The point must satisfy the equation. A value may be several
    (1,2,5 or START:STOP:COUNT) or a column of a table. Results are nan in rows that do not satisfy the equation.
    """
    from ...errors import RequestError
    from ...formula.implicit import Implicit
    from ..delivery import run_task
    from ..inputs import read_numeric, read_wrt
    from ..task import Task

    formula = read_numeric(ctx.obj, "implicit")
    [dependent] = read_wrt(of, formula, option="--of") if "," not in of else [""]
    if not dependent:
        raise RequestError("--of names one variable", hint="as in --of y")
    names = [name for name in read_wrt(wrt, formula) if wrt is not None or name != dependent]
    if dependent in names:
        raise RequestError(f"--of and --wrt both name {dependent}", hint="a variable by itself has the slope 1")

    return run_task(Task(ctx.obj, table, formula, lambda lowered, _: Implicit(lowered, dependent, names, order)))
