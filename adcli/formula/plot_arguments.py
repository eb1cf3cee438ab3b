"""Read the arguments of `Function.plot`: a range, numbers, several numbers for a family of curves."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..draw.axis import INCHES, Axis
from ..errors import RequestError, ShapeError, join_names, quoted, short
from .arguments import as_numeric
from .labels import result_names
from .plotting import Measured, plot_formula

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..draw.chart import Chart
    from ..ops.operands import Numeric, Operand
    from .engine import Engine
    from .point_types import Limits

MAX_ORDER = 2


class PlotOptions(NamedTuple):
    """What to draw. The fields are those of `Function.plot`."""

    order: int
    data: tuple[ArrayLike, ArrayLike] | None
    log: str
    ylim: Limits
    title: str | None


def read_size(size: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the width and the height of a plot, checked."""
    if size is None:
        return None
    least, most = INCHES
    if len(size) != 2 or not all(isinstance(each, Real) and least <= each <= most for each in size):
        raise RequestError(f"size={size}: give a width and a height from {least} to {most} inches", hint="as in (7, 4)")
    return float(size[0]), float(size[1])


def chart_of(engine: Engine, positions: Sequence[Operand], named: Mapping[str, Operand], options: PlotOptions) -> Chart:
    """Return the description of a plot. A warning says what it leaves out.

    Raises:
        RequestError: there is not one range, or an option has a wrong value.
    """
    order, data, log, ylim, title = options
    if not 0 <= order <= MAX_ORDER:
        raise RequestError(f"order={order}: a plot shows derivatives of the orders 0 to {MAX_ORDER}")
    if log not in ("", "x", "y", "xy"):
        raise RequestError(f"there are no axes {quoted(log)}", hint="log is 'x', 'y' or 'xy'")
    values = engine.arguments.read_point(positions, named)
    axis = _read_axis(values, "x" in log)
    fixed: dict[str, Numeric] = {}
    families: dict[str, Sequence[float]] = {}
    for name, value in values.items():
        if name != axis.name:
            number = as_numeric(name, value)
            if isinstance(number, float) or not engine.lowerings.is_numeric:
                fixed[name] = number
            else:
                families[name] = _read_family(name, number)
    measured = None if data is None else _read_points(data, result_names(engine.lowerings.formula)[0])
    chart = plot_formula(
        engine.lowerings, axis, fixed, families, order=order, measured=measured, log_y="y" in log,
        limits=_read_limits(ylim, "y" in log), title=title,
    )  # fmt: skip
    for note in chart.notes:
        warnings.warn(note, stacklevel=3)
    return chart


def _read_axis(values: Mapping[str, Operand], log: bool) -> Axis:
    """Return the axis of the one variable whose value is a tuple of two numbers."""
    names = [name for name, value in values.items() if _is_range(value)]
    if len(names) != 1:
        hint = f"give one variable the tuple of its two ends, as in {short(next(iter(values), 'x'))}=(-3, 3)"
        raise RequestError(f"{join_names(names)} have ranges" if names else "no variable has a range", hint=hint)
    [name] = names
    start, stop = map(float, values[name])
    return Axis(name, start, stop, log)


def _is_range(value: Operand) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(end, Real) for end in value)


def _read_family(name: str, numbers: Numeric) -> Sequence[float]:
    """Return the values of a variable for which there is a curve each."""
    array = np.asarray(numbers)
    if array.ndim != 1 or not array.size:
        raise ShapeError(f"{short(name)} has the shape {array.shape}", hint="give a number, or a list of numbers")
    return list(map(float, array))


def _read_points(data: tuple[ArrayLike, ArrayLike], result: str) -> Measured:
    """Return points over the curve of a result."""
    try:
        x, y = (np.array(each, dtype=np.float64) for each in data)
    except (TypeError, ValueError):
        raise RequestError("data is not a pair of arrays of numbers", hint="as in data=(x, y)") from None
    if x.ndim != 1 or x.shape != y.shape:
        raise ShapeError(f"the points have the shapes {x.shape} and {y.shape}", hint="give two lists of one length")
    finite = np.isfinite(x)
    return Measured("data", np.where(finite, x, np.nan), {result: np.where(finite, y, np.nan)})


def _read_limits(limits: Limits, log: bool) -> Limits:
    """Return the ends of the axis of the values, checked."""
    if len(limits) != 2 or not all(end is None or (isinstance(end, Real) and isfinite(end)) for end in limits):
        raise RequestError(f"ylim={limits}: give two ends, as in (0, 5)")
    low, high = limits
    if low is not None and high is not None and not low < high:
        raise RequestError(f"ylim={limits}: the first end must be below the second")
    if log and any(end is not None and end <= 0 for end in limits):
        raise RequestError(f"ylim={limits}: a logarithmic axis needs ends above 0")
    return low, high
