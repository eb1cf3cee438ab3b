"""`adcli taylor`: the coefficients of a Taylor expansion at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._arguments import WholeNumber, expression_command, format_of, point_options

if TYPE_CHECKING:
    from ..function import Function
    from ._point import Results


@expression_command("taylor")
@point_options
@click.option("--order", type=WholeNumber(0, 99), default=4, metavar="N", help="Of the last coefficient; 4 without it.")
@click.option("--wrt", metavar="X", help="The variable to expand in, where there are several.")
def command(
    ctx: click.Context,
    form: str | None,
    as_json: bool,
    digits: int | None,
    output: str | None,
    order: int,
    wrt: str | None,
) -> int:
    """The coefficients of the Taylor expansion in one variable at a point.

    \b
    Examples:
      adcli taylor "exp(x)" --x 0 --order 8
      adcli taylor "a*sin(w*t)" --wrt t t=0 a=1 w=2

    c0 is the value, and ck the k-th derivative divided by k!: f(x + h) = c0 + c1*h + c2*h**2 + … All of them take time
    quadratic in the order.
    """
    from ..errors import RequestError, listed
    from ._formats import deliver
    from ._point import read_numbers, read_numeric, read_wrt

    form = format_of(form, as_json)
    function = read_numeric(ctx.obj, "taylor")
    names = read_wrt(wrt, function)
    if len(names) != 1:
        hint = f"add --wrt with one of {listed(names)}" if names else "the expression has no variables"
        raise RequestError("a Taylor expansion is in one variable", hint=hint)
    return deliver(_answer(function, read_numbers(ctx.obj, function), names[0], order), form, digits, output)


def _answer(function: Function, inputs: dict[str, float], name: str, order: int) -> Results:
    from ._point import Results, notes_of, numbers_of

    result = function.result
    _, at = numbers_of(result, [], inputs)
    coefficients = function.taylor(order, inputs, wrt=name)
    rows = {f"c{k}": c for k, c in enumerate(coefficients)}
    slopes = {name: coefficients[1]} if order else {}
    notes = notes_of(function, result, at, slopes, {label: c for label, c in rows.items() if label not in ("c0", "c1")})
    return Results(function, inputs, rows, {"wrt": name, "order": order, "taylor": coefficients}, notes)
