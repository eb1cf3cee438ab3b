"""`adcli implicit`: the derivatives of a variable that an equation defines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._arguments import EquationCommand, expression_command, format_of, point_options

if TYPE_CHECKING:
    from ..function import Function
    from ._point import Results


STEPS = 50  # of Newton's method, for the message about a point beside the curve


@expression_command("implicit", EquationCommand)
@point_options
@click.option("--of", metavar="Y", required=True, help="The variable that the equation defines.")
@click.option("--wrt", metavar="X,Z", help="Differentiate by these variables; without it by all others.")
def command(
    ctx: click.Context,
    form: str | None,
    as_json: bool,
    digits: int | None,
    output: str | None,
    of: str,
    wrt: str | None,
) -> int:
    """The derivatives of a variable that an equation defines, at a point of the curve.

    \b
    Examples:
      adcli implicit "x**2 + y**2 = 1" --of y --wrt x --x 0.6 --y 0.8
      adcli implicit "p*V = n*R*T" --of V p=2 V=3 n=1 R=2 T=3 --json

    The first word is the equation, also where it looks like a value (y = x**2). dy/dx = -F_x/F_y where the equation is
    F = 0.
    """
    from ..errors import RequestError
    from ._formats import deliver
    from ._point import read_numbers, read_numeric, read_wrt

    form = format_of(form, as_json)
    function = read_numeric(ctx.obj, "implicit")
    [dependent] = read_wrt(of, function, option="--of") if "," not in of else [""]
    if not dependent:
        raise RequestError("--of names one variable", hint="as in --of y")
    names = [name for name in read_wrt(wrt, function) if wrt is not None or name != dependent]
    if dependent in names:
        raise RequestError(f"--of and --wrt both name {dependent}", hint="a variable by itself has the slope 1")
    return deliver(_answer(function, read_numbers(ctx.obj, function), dependent, names), form, digits, output)


def _answer(function: Function, inputs: dict[str, float], of: str, names: list[str]) -> Results:
    from ..errors import DomainError
    from ..graph.text import number_text
    from ..ops.kernels.ieee import div
    from ._point import Results, derivative_label, notes_of, numbers_of

    result = function.result
    (residual, down, *across), at = numbers_of(result, function.slopes([of, *names]), inputs)
    notes = notes_of(function, result, at, {of: down, **dict(zip(names, across, strict=True))}, {})
    if residual == residual and abs(residual) > _explained(function, inputs):
        root = _root(function, inputs, of)
        hint = None if root is None else f"{of} = {number_text(root)} is"
        problem = f"the point is not on the curve: its sides differ by {residual:.3g}"
        raise DomainError(problem, hint=hint)
    slopes = {derivative_label([name], of): 0.0 - div(slope, down) for name, slope in zip(names, across, strict=True)}
    notes += [
        note for note in notes_of(function, result, at, {}, slopes) if str(note) not in {str(known) for known in notes}
    ]
    fields = {"of": of, "derivative": dict(zip(names, slopes.values(), strict=True))}
    return Results(function, inputs, slopes, fields, notes)


def _explained(function: Function, inputs: dict[str, float]) -> float:
    """How far apart the sides may be because the values and the operations are rounded."""
    from ..check import EPSILON, MARGIN, value_and_bound

    _, bound = value_and_bound(function, function.result, inputs)
    moved: float = sum(abs(slope * inputs[name]) for name, slope in function.gradient(inputs).items())
    return MARGIN * (bound + EPSILON * moved)


def _root(function: Function, inputs: dict[str, float], of: str) -> float | None:
    """The value of the variable near the given one that is on the curve, by Newton's method."""
    point = dict(inputs)
    for _ in range(STEPS):
        value, slopes = function.value_and_gradient(point)
        if not slopes[of] or value != value:
            return None
        point[of] -= value / slopes[of]
        if abs(value) <= _explained(function, point):
            return point[of]
    return None
