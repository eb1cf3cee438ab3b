"""`adcli jac`: the Jacobian of a vector at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._arguments import expression_command, format_of, point_options

if TYPE_CHECKING:
    from ..function import Function
    from ._point import Results


@expression_command("jac")
@point_options
@click.option("--wrt", metavar="X,Y", help="Differentiate by these variables only.")
def command(
    ctx: click.Context, form: str | None, as_json: bool, digits: int | None, output: str | None, wrt: str | None
) -> int:
    """The values and all partial derivatives of a vector at a point.

    \b
    Examples:
      adcli jac "[x*y, x + y]" --x 2 --y 3
      adcli jac "r = hypot(x, y); [r, atan2(y, x)]" x=3 y=4 --json

    One backward sweep per element or one forward sweep per variable, whichever are fewer.
    """
    from ._formats import deliver
    from ._point import read_numbers, read_numeric, read_wrt

    form = format_of(form, as_json)
    function = read_numeric(ctx.obj, "jac", vector=True)
    names = read_wrt(wrt, function)
    return deliver(_answer(function, read_numbers(ctx.obj, function), names), form, digits, output)


def _answer(function: Function, inputs: dict[str, float], names: list[str]) -> Results:
    from ._point import Results, derivative_label, notes_of, numbers_of

    values: dict[str, float] = {}
    slopes: list[dict[str, float]] = []
    notes = {}
    for place, (result, row) in enumerate(zip(function.results, function.jacobian_nodes(names), strict=True), 1):
        (value, *numbers), at = numbers_of(result, row, inputs)
        values[f"f{place}" if function.is_vector else "f"] = value
        slopes.append(dict(zip(names, numbers, strict=True)))
        notes.update({str(note): note for note in notes_of(function, result, at, slopes[-1], {})})
    rows = dict(values)
    for label, found in zip(values, slopes, strict=True):
        rows.update({derivative_label([name], label): slope for name, slope in found.items()})
    fields = {"value": list(values.values()), "jacobian": slopes}
    return Results(function, inputs, rows, fields, list(notes.values()))
