"""`adcli hvp`: the Hessian times a vector at a point, or at many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..words import DirectedCommand, TableOptions, expression_command, table_options

if TYPE_CHECKING:
    from ...formula.function import Function
    from ...formula.shaped import Shaped
    from ..quantities import Arrays


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
    from ...formula.quantities import hvp
    from ..inputs import read_function
    from ..quantities import deliver_quantities

    function = read_function(ctx.obj, "hvp")
    return deliver_quantities(ctx.obj, table, function, hvp, directed=True, of_arrays=_of_arrays)


def _of_arrays(made: Function | Shaped, at: dict[str, Any], directions: dict[str, Any]) -> Arrays:
    from ...formula.arrays import hvp

    found = hvp(made, at, directions)
    return {}, {f"hvp_{name}": x for name, x in found.items()}, {"hvp": found}
