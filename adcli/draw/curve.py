"""A function of one variable and its slope: where the curve breaks and where it bends, and the two as a plot.

A jump is told from a steep slope by halving: the change over an interval around a pole or a jump does not shrink with
the interval. The same of the slope tells a kink from a bend.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adcli.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float64]
Line = tuple[Array, dict[str, Any]]  # what is drawn, and how it looks
Evaluate = Callable[[Array], tuple[Array, Array]]  # points -> values and slopes there

POINTS = 1201
HALVINGS = 60  # until the two ends are neighbours among the floats
SCALES = 12  # how much higher than the value the slope may be, or lower, over one axis
SUSPECTS = 400  # intervals that are looked at closely


class Curve(NamedTuple):
    """Points of a function and its slope, nan where the line breaks.

    Attributes:
        x, values, slopes: the points, in order.
        breaks: where the value jumps or has a pole.
        kinks: where the slope jumps, with the value there.
        gaps: from where to where there is no value at all.
    """

    x: Array
    values: Array
    slopes: Array
    breaks: list[float]
    kinks: list[tuple[float, float]]
    gaps: list[tuple[float, float]]


def sample_curve(evaluate: Evaluate, start: float, stop: float, points: int = POINTS) -> Curve:
    """Sample a function, and find its breaks and kinks.

    >>> found = sample_curve(lambda x: (np.abs(x), np.sign(x)), -1.0, 2.0)
    >>> [round(x, 9) + 0.0 for x, value in found.kinks], found.breaks
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
        bent = [(low, high) for low, high in _bends(x, slopes) if not any(low <= place <= high for place in breaks)]
        kinks = _apart([_jump(evaluate, 1, low, high) for low, high in bent], near)
        at_kinks = evaluate(np.array(kinks))[0] if kinks else np.array([])
    for place in (*breaks, *kinks):  # what the engine takes for the slope at the very place is neither side's
        slopes[np.abs(x - place) <= near] = np.nan
    for place in breaks:
        after = int(np.searchsorted(x, place))
        x = np.insert(x, after, place)
        values, slopes = np.insert(values, after, np.nan), np.insert(slopes, after, np.nan)
    for place in kinks:  # the slope has two values there: its line breaks too
        after = int(np.searchsorted(x, place, side="right"))
        value = np.interp(place, x, values)
        x = np.insert(x, after, place)
        values, slopes = np.insert(values, after, value), np.insert(slopes, after, np.nan)
    breaks = _apart([*breaks, *holes], near)
    outside = [place for place in breaks if not any(low <= place <= high for low, high in gaps)]
    found = [(float(place), float(value)) for place, value in zip(kinks, at_kinks, strict=True)]
    return Curve(x, values, slopes, outside, found, gaps)


def _missing(x: Array, missing: NDArray[np.bool_]) -> tuple[list[float], list[tuple[float, float]]]:
    """The single points that have no value, such as a pole that was hit, and the stretches that have none.

    >>> _missing(np.arange(6.0), np.array([False, True, False, False, True, True]))
    ([1.0], [(4.0, 5.0)])
    """
    ends = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(int)))
    runs = [(float(x[first]), float(x[after - 1])) for first, after in ends.reshape(-1, 2)]
    holes = [low for low, high in runs if low == high and x[0] < low < x[-1]]
    return holes, [run for run in runs if run[0] < run[1]]


def _apart(places: Sequence[float | None], near: float) -> list[float]:
    """The places in order, those that two intervals share once."""
    found: list[float] = []
    for place in sorted(float(place) for place in places if place is not None):
        if not found or place - found[-1] > near:
            found.append(place)
    return found


def _suspects(x: Array, values: Array, slopes: Array) -> list[int]:
    """Intervals over which the value changes otherwise than the slopes at their ends say, the worst first."""
    change = np.diff(values)
    foretold = np.diff(x) * (slopes[:-1] + slopes[1:]) / 2
    off = np.abs(change - foretold)
    size = np.nanmax(np.abs(values), initial=0.0)
    odd = np.nonzero((off > 0.1 * np.abs(change)) & (off > 1e-9 * size))[0]
    return [int(i) for i in odd[np.argsort(-off[odd], kind="stable")][:SUSPECTS]]


def _peaks(values: Array, slopes: Array) -> list[int]:
    """Intervals that the value enters and leaves on one side of zero, away from it in between."""
    away = np.sign(values) * slopes
    return [int(i) for i in np.flatnonzero((away[:-1] > 0) & (away[1:] < 0))[:SUSPECTS]]


def _pole(evaluate: Evaluate, low: float, high: float) -> float | None:
    """The place of a pole between two points where the value has the same sign on both sides; None at a mere peak.

    The slope grows beyond all bounds towards a pole, and the value with it; at a peak or a cusp one of them does not.
    """
    values, slopes = evaluate(np.array([low, high]))
    height, steepness, rising = np.abs(values).max(), np.abs(slopes).max(), slopes[0] > 0
    value, slope = values[0], slopes[0]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        value, slope = (float(found[0]) for found in evaluate(np.array([middle])))
        if not (np.isfinite(value) and np.isfinite(slope)):
            return middle
        low, high = (middle, high) if (slope > 0) == rising else (low, middle)
    return high if abs(value) > 2 * height and abs(slope) > 1e6 * steepness else None


def _bends(x: Array, slopes: Array) -> list[tuple[float, float]]:
    """Intervals over which the slope changes much more than next to them."""
    change = np.abs(np.diff(slopes))
    around = np.fmax(np.append(change[1:], 0.0), np.append(0.0, change[:-1]))
    near = np.fmin(np.append(change[1:], np.inf), np.append(np.inf, change[:-1]))
    size = np.nanmax(np.abs(slopes), initial=0.0)
    odd = np.nonzero((change > 1e-6 * size) & ((change > 3 * around) | (change > 3 * near)))[0]
    return [(float(x[i]), float(x[i + 1])) for i in odd[:SUSPECTS]]


def _jump(evaluate: Evaluate, which: int, low: float, high: float) -> float | None:
    """The place between two points at which the value (0) or the slope (1) jumps; None if it only changes."""
    ends = [float(y) for y in evaluate(np.array([low, high]))[which]]
    first = abs(ends[1] - ends[0])
    for _ in range(HALVINGS):
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
    # Beside a kink the slope at the middle itself is the mean of both: the halves are half the jump each.
    return high if abs(ends[1] - ends[0]) >= 0.2 * first else None


def plot_curve(found: Curve, *, name: str, title: str, format: str, labels: Sequence[str], dark: bool = False) -> bytes:
    """The plot as the bytes of an SVG, PNG or PDF file: value and slope over one axis, breaks and kinks marked.

    Args:
        found: the curve.
        name: of the variable.
        title: above the plot.
        format: svg, png or pdf.
        labels: of the value and of the slope.
        dark: light lines on a dark ground.

    Raises:
        RequestError: matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise RequestError("plots need matplotlib", hint="install it with pip install 'adcli[plot]'") from None
    from io import BytesIO

    ground, ink = ("#16181d", "#e8e8e8") if dark else ("#ffffff", "#222222")
    look: dict[str, Any] = {
        "svg.hashsalt": "adcli", "text.parse_math": False, "figure.facecolor": ground, "axes.facecolor": ground,
        "axes.edgecolor": ink, "text.color": ink, "axes.labelcolor": ink, "xtick.color": ink, "ytick.color": ink,
    }  # fmt: skip
    with matplotlib.rc_context(look):
        figure = Figure(figsize=(7.0, 4.3), layout="constrained")
        # Dashes as well as colours: the two are told apart in grey.
        value_line: Line = (
            found.values,
            {"color": "#56b4e9" if dark else "#0072b2", "label": labels[0], "linewidth": 1.8},
        )
        slope_line: Line = (
            found.slopes,
            {"color": "#e69f00" if dark else "#c04f00", "label": labels[1], "linewidth": 1.6, "linestyle": (0, (5, 2))},
        )
        panels = [[value_line, slope_line]] if _is_one_scale(found) else [[value_line], [slope_line]]
        all_axes = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
        for axes, drawn in zip(all_axes, panels, strict=True):
            axes.axhline(0.0, color=ink, linewidth=0.6, alpha=0.5)
            for line, style in drawn:
                axes.plot(found.x, line, **style)
            for place in found.breaks:
                axes.axvline(place, color=ink, linewidth=0.8, linestyle=":", alpha=0.7)
            for low, high in found.gaps:
                axes.axvspan(low, high, facecolor="none", edgecolor=ink, alpha=0.2, hatch="///", linewidth=0.0)
            axes.set_ylim(*_limits([line for line, _ in drawn], bool(found.breaks)))
        if found.kinks:
            all_axes[0].plot(
                *zip(*found.kinks, strict=True), "o", color=ink, markersize=5, label="kink", markerfacecolor=ground
            )
        all_axes[-1].set_xlim(float(found.x[0]), float(found.x[-1]))
        all_axes[-1].set_xlabel(name)
        all_axes[0].set_title(title if len(title) <= 70 else title[:69] + "…", fontsize=11)
        for axes in all_axes:
            axes.legend(loc="best", frameon=False)
        held = BytesIO()
        metadata = {"Date": None, "Title": title} if format == "svg" else {"Title": title} if format == "png" else None
        figure.savefig(held, format=format, dpi=144, metadata=metadata)
    return held.getvalue()


def _is_one_scale(found: Curve) -> bool:
    """Whether value and slope can be read over one axis; else each gets one of its own."""
    heights = [
        high - low for low, high in (_limits([line], bool(found.breaks)) for line in (found.values, found.slopes))
    ]
    return max(heights) <= SCALES * min(heights) or not found.slopes[np.isfinite(found.slopes)].any()


def _limits(lines: Sequence[Array], has_breaks: bool) -> tuple[float, float]:
    """What of the vertical axis to show: all of it, but of a pole no more than leaves the rest readable."""
    drawn = np.concatenate([line[np.isfinite(line)] for line in lines])
    if not drawn.size:
        return -1.0, 1.0
    low, high = float(drawn.min()), float(drawn.max())
    if has_breaks:
        inner_low, inner_high = (float(q) for q in np.quantile(drawn, [0.1, 0.9]))
        inner = (inner_high - inner_low) or (high - low)
        low, high = max(low, inner_low - inner), min(high, inner_high + inner)
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin
