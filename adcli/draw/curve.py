"""Sample a function of one variable and its derivative, find breaks and kinks, and plot both curves.

Halving an interval separates a jump from a steep slope: the change over an interval around a pole or a jump does not
shrink with the interval. Halving separates a kink from a bend in the same way, by the change of the derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adcli.errors import missing_extra
from adcli.ops.operands import Array

if TYPE_CHECKING:
    from collections.abc import Sequence

Line = tuple[Array, dict[str, Any]]  # the numbers, and the style
Evaluate = Callable[[Array], tuple[Array, Array]]  # points -> values and derivatives there

SAMPLES = 1201
MAX_HALVINGS = 60  # enough for the two ends to be neighbouring floats
MAX_SCALE_RATIO = 12  # the largest ratio of the heights of value and derivative that share an axis
MAX_SUSPECTS = 400  # intervals that are halved


class Curve(NamedTuple):
    """Points of a function and its derivative, nan where the line breaks.

    Attributes:
        x, values, slopes: the points, in order.
        breaks: where the value jumps or has a pole.
        kinks: where the derivative jumps, with the value there.
        gaps: the intervals without a value.
    """

    x: Array
    values: Array
    slopes: Array
    breaks: list[float]
    kinks: list[tuple[float, float]]
    gaps: list[tuple[float, float]]


def sample_curve(evaluate: Evaluate, start: float, stop: float, points: int = SAMPLES) -> Curve:
    """Sample a function and find its breaks and kinks.

    >>> curve = sample_curve(lambda x: (np.abs(x), np.sign(x)), -1.0, 2.0)
    >>> [round(x, 9) + 0.0 for x, value in curve.kinks], curve.breaks
    ([0.0], [])
    """
    x = np.linspace(start, stop, points)
    with np.errstate(all="ignore"):
        values, slopes = evaluate(x)
        values = np.where(np.isfinite(values), values, np.nan)
        slopes = np.where(np.isfinite(slopes), slopes, np.nan)
        broken = [(x[i], x[i + 1]) for i in _suspects(x, values, slopes)]
        near = 1e-9 * (stop - start)
        peaks = [_pole(evaluate, float(x[i]), float(x[i + 1])) for i in _peaks(values, slopes)]
        breaks = _apart([*peaks, *(_jump(evaluate, 0, low, high) for low, high in broken)], near)
        holes, gaps = _missing(x, np.isnan(values))
        bent = [
            (low, high) for low, high in _bends(x, slopes) if not any(low <= position <= high for position in breaks)
        ]
        kinks = _apart([_jump(evaluate, 1, low, high) for low, high in bent], near)
        at_kinks = evaluate(np.array(kinks))[0] if kinks else np.array([])
    for position in (*breaks, *kinks):  # the derivative used at the place itself is that of neither side
        slopes[np.abs(x - position) <= near] = np.nan
    for position in breaks:
        after = int(np.searchsorted(x, position))
        x = np.insert(x, after, position)
        values, slopes = np.insert(values, after, np.nan), np.insert(slopes, after, np.nan)
    for position in kinks:  # the derivative has two values there, so its line breaks too
        after = int(np.searchsorted(x, position, side="right"))
        value = np.interp(position, x, values)
        x = np.insert(x, after, position)
        values, slopes = np.insert(values, after, value), np.insert(slopes, after, np.nan)
    breaks = _apart([*breaks, *holes], near)
    outside = [position for position in breaks if not any(low <= position <= high for low, high in gaps)]
    with_values = [(float(position), float(value)) for position, value in zip(kinks, at_kinks, strict=True)]
    return Curve(x, values, slopes, outside, with_values, gaps)


def _missing(x: Array, missing: NDArray[np.bool_]) -> tuple[list[float], list[tuple[float, float]]]:
    """Return the single points without a value, such as a pole, and the intervals without values.

    >>> _missing(np.arange(6.0), np.array([False, True, False, False, True, True]))
    ([1.0], [(4.0, 5.0)])
    """
    ends = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(int)))
    runs = [(float(x[first]), float(x[after - 1])) for first, after in ends.reshape(-1, 2)]
    holes = [low for low, high in runs if low == high and x[0] < low < x[-1]]
    return holes, [run for run in runs if run[0] < run[1]]


def _apart(positions: Sequence[float | None], near: float) -> list[float]:
    """Return the positions in order. Of positions that are close to each other only the first is kept."""
    apart: list[float] = []
    for position in sorted(float(position) for position in positions if position is not None):
        if not apart or position - apart[-1] > near:
            apart.append(position)
    return apart


def _suspects(x: Array, values: Array, slopes: Array) -> list[int]:
    """Return the intervals over which the value does not change as the derivatives predict, worst first."""
    change = np.diff(values)
    predicted = np.diff(x) * (slopes[:-1] + slopes[1:]) / 2
    off = np.abs(change - predicted)
    size = np.nanmax(np.abs(values), initial=0.0)
    odd = np.nonzero((off > 0.1 * np.abs(change)) & (off > 1e-9 * size))[0]
    return [int(i) for i in odd[np.argsort(-off[odd], kind="stable")][:MAX_SUSPECTS]]


def _peaks(values: Array, slopes: Array) -> list[int]:
    """Return the intervals in which the distance of the value from zero has a maximum."""
    away = np.sign(values) * slopes
    return [int(i) for i in np.flatnonzero((away[:-1] > 0) & (away[1:] < 0))[:MAX_SUSPECTS]]


def _pole(evaluate: Evaluate, low: float, high: float) -> float | None:
    """Return the position of a pole between two points with values of the same sign, or None if it is only a peak.

    Value and derivative grow without bound towards a pole. At a peak or a cusp one of them does not.
    """
    values, slopes = evaluate(np.array([low, high]))
    height, steepness, rising = np.abs(values).max(), np.abs(slopes).max(), slopes[0] > 0
    value, slope = values[0], slopes[0]
    for _ in range(MAX_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        value, slope = (float(numbers[0]) for numbers in evaluate(np.array([middle])))
        if not (np.isfinite(value) and np.isfinite(slope)):
            return middle
        low, high = (middle, high) if (slope > 0) == rising else (low, middle)
    return high if abs(value) > 2 * height and abs(slope) > 1e6 * steepness else None


def _bends(x: Array, slopes: Array) -> list[tuple[float, float]]:
    """Return the intervals over which the derivative changes much more than next to them."""
    change = np.abs(np.diff(slopes))
    around = np.fmax(np.append(change[1:], 0.0), np.append(0.0, change[:-1]))
    near = np.fmin(np.append(change[1:], np.inf), np.append(np.inf, change[:-1]))
    size = np.nanmax(np.abs(slopes), initial=0.0)
    odd = np.nonzero((change > 1e-6 * size) & ((change > 3 * around) | (change > 3 * near)))[0]
    return [(float(x[i]), float(x[i + 1])) for i in odd[:MAX_SUSPECTS]]


def _jump(evaluate: Evaluate, which: int, low: float, high: float) -> float | None:
    """Return the position between two points at which the value (0) or the derivative (1) jumps, or None."""
    ends = [float(y) for y in evaluate(np.array([low, high]))[which]]
    first = abs(ends[1] - ends[0])
    for _ in range(MAX_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        between = float(evaluate(np.array([middle]))[which][0])
        if not np.isfinite(between):
            return middle
        if abs(between - ends[0]) >= abs(ends[1] - between):
            high, ends[1] = middle, between
        else:
            low, ends[0] = middle, between
        if abs(ends[1] - ends[0]) < 0.2 * first:
            return None
    # At a kink the derivative is the mean of both sides, so each half has half of the jump.
    return high if abs(ends[1] - ends[0]) >= 0.2 * first else None


class Colours(NamedTuple):
    """The colours of a plot. The two lines also differ in their dashes, for readers who see only grey."""

    ground: str
    ink: str
    value: str
    slope: str


LIGHT = Colours("#ffffff", "#222222", "#0072b2", "#c04f00")
DARK = Colours("#16181d", "#e8e8e8", "#56b4e9", "#e69f00")


def plot_curve(curve: Curve, *, name: str, title: str, format: str, labels: Sequence[str], dark: bool = False) -> bytes:
    """Return a plot of the value and the derivative over one axis, with breaks and kinks marked.

    Args:
        curve: the points.
        name: of the variable.
        title: above the plot.
        format: svg, png or pdf.
        labels: of the value and of the derivative.
        dark: draw light lines on a dark ground.

    Raises:
        RequestError: matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise missing_extra("plots need matplotlib", "plot") from None
    from io import BytesIO

    colours = DARK if dark else LIGHT
    with matplotlib.rc_context(_settings(colours)):
        figure = Figure(figsize=(7.0, 4.3), layout="constrained")
        value_line: Line = curve.values, {"color": colours.value, "label": labels[0], "linewidth": 1.8}
        slope_line: Line = (
            curve.slopes,
            {"color": colours.slope, "label": labels[1], "linewidth": 1.6, "linestyle": (0, (5, 2))},
        )
        panels = [[value_line, slope_line]] if is_one_scale(curve) else [[value_line], [slope_line]]
        all_axes = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
        _draw_panels(all_axes, panels, curve, colours)
        all_axes[-1].set_xlabel(name)
        all_axes[0].set_title(title if len(title) <= 70 else title[:69] + "…", fontsize=11)
        buffer = BytesIO()
        metadata = {"Date": None, "Title": title} if format == "svg" else {"Title": title} if format == "png" else None
        figure.savefig(buffer, format=format, dpi=144, metadata=metadata)
    return buffer.getvalue()


def _settings(colours: Colours) -> dict[str, Any]:
    """Return the settings of matplotlib."""
    inks = ("axes.edgecolor", "text.color", "axes.labelcolor", "xtick.color", "ytick.color")
    grounds = ("figure.facecolor", "axes.facecolor")
    fixed = {"svg.hashsalt": "adcli", "text.parse_math": False}
    return fixed | dict.fromkeys(grounds, colours.ground) | dict.fromkeys(inks, colours.ink)


def _draw_panels(all_axes: Any, panels: Sequence[Sequence[Line]], curve: Curve, colours: Colours) -> None:
    """Draw the lines of each panel with the breaks, gaps and kinks."""
    ink = colours.ink
    for axes, lines in zip(all_axes, panels, strict=True):
        axes.axhline(0.0, color=ink, linewidth=0.6, alpha=0.5)
        for line, style in lines:
            axes.plot(curve.x, line, **style)
        for position in curve.breaks:
            axes.axvline(position, color=ink, linewidth=0.8, linestyle=":", alpha=0.7)
        for low, high in curve.gaps:
            axes.axvspan(low, high, facecolor="none", edgecolor=ink, alpha=0.2, hatch="///", linewidth=0.0)
        axes.set_ylim(*limits([line for line, _ in lines], bool(curve.breaks)))
    if curve.kinks:
        style = {"color": ink, "markersize": 5, "label": "kink", "markerfacecolor": colours.ground}
        all_axes[0].plot(*zip(*curve.kinks, strict=True), "o", **style)
    all_axes[-1].set_xlim(float(curve.x[0]), float(curve.x[-1]))
    for axes in all_axes:
        axes.legend(loc="best", frameon=False)


def is_one_scale(curve: Curve) -> bool:
    """Return whether value and derivative can be read over one axis. Otherwise each has a panel of its own."""
    heights = [
        high - low for low, high in (limits([line], bool(curve.breaks)) for line in (curve.values, curve.slopes))
    ]
    return max(heights) <= MAX_SCALE_RATIO * min(heights) or not curve.slopes[np.isfinite(curve.slopes)].any()


def limits(lines: Sequence[Array], has_breaks: bool) -> tuple[float, float]:
    """Return the ends of the vertical axis: all of it, but near a pole only so much that the rest is readable."""
    finite = np.concatenate([line[np.isfinite(line)] for line in lines])
    if not finite.size:
        return -1.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if has_breaks:
        inner_low, inner_high = (float(q) for q in np.quantile(finite, [0.1, 0.9]))
        inner = (inner_high - inner_low) or (high - low)
        low, high = max(low, inner_low - inner), min(high, inner_high + inner)
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin
