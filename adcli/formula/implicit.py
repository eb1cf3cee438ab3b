"""The derivatives of a variable that an equation defines, and its value, from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..errors import RequestError
from ..language.parser import parse_equation
from ..ops.operands import Operand
from .arguments import Arguments, as_float, as_numeric, is_array
from .equations import Implicit
from .kinds import require_numbers
from .lowered import Lowerings
from .solved import Solved

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def implicit(
    equation: str,
    point: Mapping[str, ArrayLike] | None = None,
    /,
    *,
    of: str,
    wrt: str | Sequence[str] | None = None,
    order: int = 1,
    solve: Operand = None,
    **inputs: ArrayLike,
) -> dict[str, Operand]:
    """Return the derivatives of a variable that an equation defines, at one point of its curve or at many.

    Args:
        equation: two sides with an ``=`` between them.
        point: the values of all variables as one mapping.
        of: the variable that the equation defines.
        wrt: the variable or variables to differentiate by [default: all others].
        order: of the last derivatives. Mixed ones are included.
        solve: compute the variable and return it too. A number or a column is the start, a tuple ``(low, high)`` a
            bracket. With True the value of the variable is the start [default: the point is given whole].
        inputs: one value per variable, or columns that broadcast against one another.

    Returns:
        Floats, or arrays if a value is an array, by names such as ``dy_dx`` and ``d2y_dx2``. Rows of an array that do
        not satisfy the equation, or for which it has no solution, are nan.

    Raises:
        DomainError: the point does not satisfy the equation, as far as rounding allows, or no solution is found.
        AdcliError: the equation, a name or a value is wrong.

    >>> import adcli
    >>> adcli.implicit("x**2 + y**2 = 25", of="y", order=2, x=3.0, y=4.0)
    {'dy_dx': -0.75, 'd2y_dx2': -0.390625}
    >>> adcli.implicit("x**2 + y**2 = 25", of="y", solve=(0, 5), x=3.0)
    {'y': 4.0, 'dy_dx': -0.75}
    """
    lowered = require_numbers(Lowerings(parse_equation(equation)))
    arguments = Arguments(lowered.variables)
    names = [name for name in lowered.variables if name != of] if wrt is None else arguments.read_wrt(wrt)
    arguments.read_wrt([of, *names])
    if solve is None or solve is False:
        outputs = Implicit(lowered, of, names, order)
    else:
        bracket = _read_bracket(solve) if isinstance(solve, tuple) else None
        outputs = Solved(lowered, of, names, order, bracket)
        if solve is not True:
            point, inputs = _with_start(of, 0.0 if bracket else solve, point, inputs)
    values = arguments.read_point(() if point is None else (point,), inputs)
    return dict(zip(outputs.names, _results(outputs, values), strict=True))


def _read_bracket(ends: tuple[Operand, ...]) -> tuple[Operand, Operand]:
    if len(ends) != 2:
        raise RequestError(
            f"solve is a tuple of {len(ends)}", hint="a bracket is (low, high), and many starts are a list"
        )
    low, high = (as_numeric("solve", end) for end in ends)
    return low, high


def _with_start(
    of: str, start: Operand, point: Mapping[str, Operand] | None, inputs: Mapping[str, Operand]
) -> tuple[dict[str, Operand] | None, dict[str, Operand]]:
    """Return the point and the values by keyword, with the start as the value of the unknown."""
    if of in {**(point or {}), **inputs}:
        problem, hint = f"{of} has a value, and solve says where to start", "leave one of them out"
        raise RequestError(problem, hint=hint)
    if point is None:
        return None, {**inputs, of: start}
    return {**point, of: start}, dict(inputs)


def _results(outputs: Implicit, values: Mapping[str, Operand]) -> Sequence[Operand]:
    """Return the results as floats, or as arrays if a value is an array."""
    bracket = outputs.bracket if isinstance(outputs, Solved) and outputs.bracket else ()
    if any(map(is_array, [*values.values(), *bracket])):
        from .columns import rows_of

        rows = rows_of({**values, **{f"bracket {index}": end for index, end in enumerate(bracket)}})
        return outputs.columns(rows=rows)(values)
    numbers, _ = outputs.at({name: as_float(name, values[name]) for name in outputs.variables})
    return numbers[outputs.hidden :]
