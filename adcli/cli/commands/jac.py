"""`adcli jac`: the Jacobian of a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, table_options, wrt_option

if TYPE_CHECKING:
    from ...formula.function import Function
    from ...formula.shaped import Shaped
    from ..quantities import Arrays


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

    It takes one backward sweep per element or one forward sweep per variable, whichever are fewer.
    A value may be several (1,2,5 or START:STOP:COUNT) or a column of a table.
    """
    from ...formula.quantities import jacobian
    from ..inputs import read_function, read_wrt
    from ..quantities import deliver_quantities

    function = read_function(ctx.obj, "jac")
    names = read_wrt(wrt, function)
    return deliver_quantities(
        ctx.obj, table, function, lambda f, _: jacobian(f, names),
        of_arrays=lambda made, at, _: _of_arrays(made, at, names),
    )  # fmt: skip


def _of_arrays(made: Function | Shaped, at: dict[str, Any], names: list[str]) -> Arrays:
    from ...formula.arrays import jacobian

    found = jacobian(made, at, names)
    return found, {}, {"jacobian": found}
