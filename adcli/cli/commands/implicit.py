"""`adcli implicit`: the derivatives of a variable that an equation defines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, complete, number_table_options, option, order_option, wrt_option

if TYPE_CHECKING:
    from ...formula.lowered import Lowered, Lowerings
    from ...formula.outputs import Outputs
    from ..words import ParsedWords


@expression_command(DERIVATIVES, equation=True)
@option(
    "--of", metavar="Y", required=True, shell_complete=complete("variable"), help="Variable that the equation defines."
)
@wrt_option("Variables to differentiate by [default: all others].", "X,Z")
@order_option(1, 9, 1, "Order of the last derivatives.")
@option("--solve", is_flag=True, help="Compute Y from the start y=VALUE or in the bracket y=LOW:HIGH.")
@number_table_options
def command(ctx: click.Context, table: TableOptions, of: str, wrt: str | None, order: int, solve: bool) -> int:
    """Differentiate a variable that an equation defines.

    \b
    Examples:
      adcli implicit "x**2 + y**2 = 1" --of y --wrt x --x 0.6 --y 0.8
      adcli implicit "x**2 + y**2 = 1" --of y --x 0.6 --y 0.8 --order 2
      adcli implicit "p*V = n*R*T" --of V p=2 V=3 n=1 R=2 T=3 --json
      adcli implicit "y**3 + y = x" --of y --data curve.csv
      adcli implicit "E - ecc*sin(E) = M" --of E --solve E=0:pi ecc=0.1 M=1

    The first word is the equation, even if it looks like a value (y = x**2). For F = 0 the derivative is dy/dx =
    -F_x/F_y, and higher orders differentiate that again. The point must satisfy the equation. A value may be several
    (1,2,5 or START:STOP:COUNT) or a column of a table. Results are nan in rows that do not satisfy the equation.

    With --solve the variable is computed: from its value as a start, which may be a column, or in a bracket LOW:HIGH
    in which the sides change their order.
    """
    from ...errors import RequestError
    from ...formula.equations import Implicit
    from ...formula.solved import Solved
    from ..delivery import run_task
    from ..inputs import read_numeric, read_wrt
    from ..task import Task

    formula = read_numeric(ctx.obj)
    [dependent] = read_wrt(of, formula, option="--of") if "," not in of else [""]
    if not dependent:
        raise RequestError("--of names one variable", hint="as in --of y")
    names = [name for name in read_wrt(wrt, formula) if wrt is not None or name != dependent]
    if dependent in names:
        raise RequestError(f"--of and --wrt both name {dependent}", hint="a variable by itself has the slope 1")
    words, bracket = _take_bracket(ctx.obj, table, formula, dependent) if solve else (ctx.obj, None)

    def build(lowered: Lowered, directions: dict[str, str]) -> Outputs:
        if solve:
            return Solved(lowered, dependent, names, order, bracket)
        return Implicit(lowered, dependent, names, order)

    return run_task(Task(words, table, formula, build, unknown=dependent if solve else None))


def _take_bracket(
    words: ParsedWords, table: TableOptions, formula: Lowerings, name: str
) -> tuple[ParsedWords, tuple[float, float] | None]:
    """Return the words with the first end of a bracket ``y=LOW:HIGH`` as the value, and its ends; None for a start."""
    from copy import copy
    from math import isfinite

    from ...errors import RequestError, quoted
    from ..inputs import read_number, read_texts
    from ..ranges import split_outside

    text = read_texts(words, formula).get(name)
    if text is None and not table.data:
        hint = f"as in {name}=1, or as in {name}=0:2"
        raise RequestError(f"--solve needs a start or a bracket for {name}", hint=hint)
    ends = split_outside(text or "", ":")
    if len(ends) != 2 or len(split_outside(text or "", ",")) > 1:
        return words, None
    low, high = (read_number(name, end.strip(), formula) for end in ends)
    if not (isfinite(low) and isfinite(high)) or low == high:
        raise RequestError(
            f"the bracket {quoted(text or '')} of {name} needs two finite ends", hint=f"as in {name}=0:2"
        )
    started = copy(words)
    started.values = [(word, ends[0] if value == text else value) for word, value in words.values]
    return started, (low, high)
