"""`adcli hess`: all second derivatives at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._arguments import expression_command, format_of, point_options

if TYPE_CHECKING:
    from ..function import Function
    from ._point import Results


@expression_command("hess")
@point_options
@click.option("--wrt", metavar="X,Y", help="Differentiate by these variables only.")
def command(
    ctx: click.Context, form: str | None, as_json: bool, digits: int | None, output: str | None, wrt: str | None
) -> int:
    """The value, all first and all second derivatives at a point.

    \b
    Examples:
      adcli hess "x**2*y + sin(y)" --x 2 --y 3
      adcli hess "100*(y - x**2)^2 + (1 - x)^2" x=1 y=1 --json

    Each pair of variables is printed once; JSON has the whole symmetric matrix. Forward sweeps over the gradient.
    """
    from ._formats import deliver
    from ._point import read_numbers, read_numeric, read_wrt

    form = format_of(form, as_json)
    function = read_numeric(ctx.obj, "hess")
    names = read_wrt(wrt, function)
    return deliver(_answer(function, read_numbers(ctx.obj, function), names), form, digits, output)


def _answer(function: Function, inputs: dict[str, float], names: list[str]) -> Results:
    from ._point import Results, derivative_label, notes_of, numbers_of

    result = function.result
    triangle = function.hessian_nodes(names)
    pairs = [(row, column) for column in range(len(names)) for row in range(column, len(names))]
    entries = [triangle[row][column] for row, column in pairs]
    (value, *numbers), at = numbers_of(result, [*function.slopes(names), *entries], inputs)
    slopes = dict(zip(names, numbers, strict=False))
    second = {
        derivative_label([names[column], names[row]]): x
        for (row, column), x in zip(pairs, numbers[len(names) :], strict=True)
    }
    matrix = [[second[derivative_label([names[min(i, j)], names[max(i, j)]])] for j in range(len(names))]
              for i in range(len(names))]  # fmt: skip
    rows = {"f": value} | {derivative_label([name]): slope for name, slope in slopes.items()} | second
    fields = {
        "value": value,
        "gradient": slopes,
        "hessian": {name: dict(zip(names, row, strict=True)) for name, row in zip(names, matrix, strict=True)},
    }
    return Results(function, inputs, rows, fields, notes_of(function, result, at, slopes, second))
