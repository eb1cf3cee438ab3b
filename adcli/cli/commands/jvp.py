"""`adcli jvp`: the derivative in a direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, table_options

if TYPE_CHECKING:
    from ...formula.function import Function
    from ...formula.shaped import Shaped
    from ..quantities import Arrays


@expression_command(DERIVATIVES, directed=True)
@table_options
def command(ctx: click.Context, table: TableOptions) -> int:
    """Compute the derivative in a direction, in one forward sweep.

    \b
    Examples:
      adcli jvp "x*y**2" --x 2 --y 3 --dx 1 --dy 0.5
      adcli jvp "[x*y, x + y]" x=2 y=3 dx=1
      adcli jvp "x*y**2" --data moves.csv
      adcli jvp "A @ x" --A "[[1, 2], [3, 4]]" --x "[1, 2]" --dx "[1, 0]"

    The direction in x is --dx [default: 0]. A value or a direction may be several (1,2,5 or START:STOP:COUNT) or a
    column of a table.
    """
    from ...formula.quantities import jvp
    from ..inputs import read_function
    from ..quantities import deliver_quantities

    function = read_function(ctx.obj, "jvp")
    return deliver_quantities(ctx.obj, table, function, jvp, directed=True, of_arrays=_of_arrays)


def _of_arrays(made: Function | Shaped, at: dict[str, Any], directions: dict[str, Any]) -> Arrays:
    from ...formula.arrays import jvp

    found = jvp(made, at, directions)
    return {}, {"jvp": found}, {"jvp": found}
