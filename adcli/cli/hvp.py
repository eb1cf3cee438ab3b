"""`adcli hvp`: the Hessian times a vector at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._arguments import expression_command, format_of, point_options

if TYPE_CHECKING:
    from ..function import Function
    from ._point import Results


@expression_command("hvp")
@point_options
def command(ctx: click.Context, form: str | None, as_json: bool, digits: int | None, output: str | None) -> int:
    """The Hessian times a vector at a point, without the Hessian: one forward sweep over the gradient.

    \b
    Examples:
      adcli hvp "x**2*y" --x 2 --y 3 --dx 1 --dy 0
      adcli hvp "100*(y - x**2)^2 + (1 - x)^2" x=1 y=1 dx=1 --json

    The vector's element for x is --dx; what is missing is 0.
    """
    from ._formats import deliver
    from ._point import read_direction, read_numbers, read_numeric

    form = format_of(form, as_json)
    function = read_numeric(ctx.obj, "hvp")
    direction = read_direction(ctx.obj, function)
    return deliver(_answer(function, read_numbers(ctx.obj, function), direction), form, digits, output)


def _answer(function: Function, inputs: dict[str, float], direction: dict[str, float]) -> Results:
    from ._point import Results, notes_of, numbers_of

    [result], products = function.directional_nodes("hvp", tuple(direction))
    everything = inputs | {f"d {name}": x for name, x in direction.items()}
    inputs = inputs | {f"d{name}": x for name, x in direction.items()}
    (value, *numbers), at = numbers_of(result, products, everything)
    named = dict(zip(function.variables, numbers, strict=True))
    rows = {f"hvp_{name}": x for name, x in named.items()}
    fields = {"value": value, "hvp": named}
    return Results(function, inputs, {"f": value} | rows, fields, notes_of(function, result, at, {}, rows))
