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
Evaluate = Callable[[Array], tuple[Array, Array]]  # points -> values and slopes there

POINTS = 1201
HALVINGS = 60  # until the two ends are neighbours among the floats
SUSPECTS = 400  # intervals that are looked at closely


class Curve(NamedTuple):
    """Points of a function and its slope, nan where the line breaks.

    Attributes:
        x, values, slopes: the points, in order.
        breaks: where the value jumps or has a pole.
        kinks: where the slope jumps, with the value there.
    """

    x: Array
    values: Array
    slopes: Array
    breaks: list[float]
    kinks: list[tuple[float, float]]


def curve(evaluate: Evaluate, start: float, stop: float, points: int = POINTS) -> Curve:
    """Sample a function, and find its breaks and kinks.

    >>> found = curve(lambda x: (np.abs(x), np.sign(x)), -1.0, 2.0)
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
        breaks = _apart([_jump(evaluate, 0, low, high) for low, high in broken], near)
        poles = x[np.isnan(values)]
        bent = [(low, high) for low, high in _bends(x, slopes) if not any(low <= place <= high for place in breaks)]
        kinks = _apart([_jump(evaluate, 1, low, high) for low, high in bent], near)
        at_kinks = evaluate(np.array(kinks))[0] if kinks else np.array([])
    for place in breaks:
        after = int(np.searchsorted(x, place))
        x = np.insert(x, after, place)
        values, slopes = np.insert(values, after, np.nan), np.insert(slopes, after, np.nan)
    for place in kinks:  # the slope has two values there: its line breaks too
        after = int(np.searchsorted(x, place, side="right"))
        value = np.interp(place, x, values)
        x = np.insert(x, after, place)
        values, slopes = np.insert(values, after, value), np.insert(slopes, after, np.nan)
    edges = [float(place) for place in poles if start < place < stop]
    found = [(float(place), float(value)) for place, value in zip(kinks, at_kinks, strict=True)]
    return Curve(x, values, slopes, sorted({*breaks, *edges} if len(edges) < SUSPECTS else breaks), found)


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


def plotted(found: Curve, *, name: str, title: str, format: str, labels: Sequence[str], dark: bool = False) -> bytes:
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
        axes = figure.add_subplot()
        axes.axhline(0.0, color=ink, linewidth=0.6, alpha=0.5)
        # Dashes as well as colours: the two are told apart in grey.
        axes.plot(found.x, found.values, color="#56b4e9" if dark else "#0072b2", label=labels[0], linewidth=1.8)
        axes.plot(found.x, found.slopes, color="#e69f00" if dark else "#c04f00", label=labels[1], linewidth=1.6,
                  linestyle=(0, (5, 2)))  # fmt: skip
        for place in found.breaks:
            axes.axvline(place, color=ink, linewidth=0.8, linestyle=":", alpha=0.7)
        if found.kinks:
            axes.plot(
                *zip(*found.kinks, strict=True), "o", color=ink, markersize=5, label="kink", markerfacecolor=ground
            )
        axes.set_ylim(*_limits(found))
        axes.set_xlim(float(found.x[0]), float(found.x[-1]))
        axes.set_xlabel(name)
        axes.set_title(title if len(title) <= 70 else title[:69] + "…", fontsize=11)
        axes.legend(loc="best", frameon=False)
        held = BytesIO()
        metadata = {"Date": None, "Title": title} if format == "svg" else {"Title": title} if format == "png" else None
        figure.savefig(held, format=format, dpi=144, metadata=metadata)
    return held.getvalue()


def _limits(found: Curve) -> tuple[float, float]:
    """What of the vertical axis to show: all of it, but of a pole no more than leaves the rest readable."""
    drawn = np.concatenate([found.values[np.isfinite(found.values)], found.slopes[np.isfinite(found.slopes)]])
    if not drawn.size:
        return -1.0, 1.0
    low, high = float(drawn.min()), float(drawn.max())
    inner_low, inner_high = (float(q) for q in np.quantile(drawn, [0.04, 0.96]))
    inner = max(inner_high - inner_low, 1e-300)
    low, high = max(low, inner_low - 2 * inner), min(high, inner_high + 2 * inner)
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin
