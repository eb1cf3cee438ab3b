"""`adcli jvp`: the derivative in a direction at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._arguments import expression_command, format_of, point_options

if TYPE_CHECKING:
    from ..function import Function
    from ._point import Results


@expression_command("jvp")
@point_options
def command(ctx: click.Context, form: str | None, as_json: bool, digits: int | None, output: str | None) -> int:
    """The derivative in a direction at a point, by one forward sweep.

    \b
    Examples:
      adcli jvp "x*y**2" --x 2 --y 3 --dx 1 --dy 0.5
      adcli jvp "[x*y, x + y]" x=2 y=3 dx=1

    The direction in x is --dx; a variable without one does not move.
    """
    from ._formats import deliver
    from ._point import read_direction, read_numbers, read_numeric

    form = format_of(form, as_json)
    function = read_numeric(ctx.obj, "jvp", vector=True)
    direction = read_direction(ctx.obj, function)
    return deliver(_answer(function, read_numbers(ctx.obj, function), direction), form, digits, output)


def _answer(function: Function, inputs: dict[str, float], direction: dict[str, float]) -> Results:
    from ._point import Results, notes_of, numbers_of

    results, pushed = function.directional_nodes("jvp", tuple(direction))
    everything = inputs | {f"d {name}": x for name, x in direction.items()}
    inputs = inputs | {f"d{name}": x for name, x in direction.items()}
    values, rows, notes = dict[str, float](), dict[str, float](), {}
    for place, (result, node) in enumerate(zip(results, pushed, strict=True), 1):
        number = str(place) if function.is_vector else ""
        (values[f"f{number}"], rows[f"jvp{number}"]), at = numbers_of(result, [node], everything)
        further = {f"jvp{number}": rows[f"jvp{number}"]}
        notes.update({str(note): note for note in notes_of(function, result, at, {}, further)})
    listed = [list(values.values()), list(rows.values())]
    value, jvp = listed if function.is_vector else (listed[0][0], listed[1][0])
    fields = {"value": value, "jvp": jvp}
    return Results(function, inputs, values | rows, fields, list(notes.values()))
