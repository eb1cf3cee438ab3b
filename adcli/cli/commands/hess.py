"""`adcli hess`: all second derivatives of an expression."""

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
    """Compute the value and all first and second derivatives.

    \b
    Examples:
      adcli hess "x**2*y + sin(y)" --x 2 --y 3
      adcli hess "100*(y - x**2)^2 + (1 - x)^2" x=1 y=1 --json
      adcli hess "x**2*y" --x 0:1:11 --y 1,2
      adcli hess "x @ A @ x" --A "[[1, 2], [3, 4]]" --x "[1, 2]" --wrt x

    Each pair of variables is printed once. JSON has the whole symmetric matrix.
    A value may be several (1,2,5 or START:STOP:COUNT) or a column of a table.
    """
    from ...formula.quantities import hessian
    from ..inputs import read_function, read_wrt
    from ..quantities import deliver_quantities

    function = read_function(ctx.obj, "hess")
    names = read_wrt(wrt, function)
    return deliver_quantities(
        ctx.obj, table, function, lambda f, _: hessian(f, names),
        of_arrays=lambda made, at, _: _of_arrays(made, at, names),
    )  # fmt: skip


def _of_arrays(made: Function | Shaped, at: dict[str, Any], names: list[str]) -> Arrays:
    from ...formula.arrays import gradient, hessian
    from ...formula.derivatives import derivative_label

    slopes, second = gradient(made, at, names), hessian(made, at, names)
    pairs = [(name, other) for place, name in enumerate(names) for other in names[place:]]
    further = {derivative_label(pair): second[pair[0]][pair[1]] for pair in pairs}
    return slopes, further, {"gradient": slopes, "hessian": second}
