"""`adcli hvp`: the Hessian times a vector."""

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
    """Multiply the Hessian by a vector, in one forward sweep.

    \b
    Examples:
      adcli hvp "x**2*y" --x 2 --y 3 --dx 1 --dy 0
      adcli hvp "100*(y - x**2)^2 + (1 - x)^2" x=1 y=1 dx=1 --json
      adcli hvp "x**2*y" --x 0:1:11 y=3 dx=1
      adcli hvp "sum(x**3)" --x "[1, 2]" --dx "[0, 1]"

    The element of the vector for x is --dx [default: 0]. A value or an element may be several (1,2,5 or
    START:STOP:COUNT) or a column of a table.
    """
    from ...formula.quantities import hvp
    from ..inputs import read_function
    from ..quantities import deliver_quantities

    function = read_function(ctx.obj, "hvp")
    return deliver_quantities(ctx.obj, table, function, hvp, directed=True, of_arrays=_of_arrays)


def _of_arrays(made: Function | Shaped, at: dict[str, Any], directions: dict[str, Any]) -> Arrays:
    from ...formula.arrays import hvp

    found = hvp(made, at, directions)
    return {}, {f"hvp_{name}": x for name, x in found.items()}, {"hvp": found}
