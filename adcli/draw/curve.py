"""Sample a function of one variable and its derivatives, and find where the lines break or bend.

Halving an interval separates a jump from a steep slope: the change over an interval around a pole or a jump does not
shrink with the interval. Halving separates a kink from a bend in the same way, by the change of the derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from adcli.ops.operands import Array

Evaluate: TypeAlias = Callable[[Array], Sequence[Array]]  # points -> values, first derivatives, second derivatives …
Mask: TypeAlias = NDArray[np.bool_]

SAMPLES = 1201
MAX_HALVINGS = 60  # enough for the two ends to be neighbouring floats
MAX_SUSPECTS = 400  # intervals that are halved
NEAR = 1e-9  # positions that are closer, as a part of the axis, are one position


class Curve(NamedTuple):
    """Points of a function and its derivatives, nan where a line breaks.

    Attributes:
        x: the positions, in order.
        lines: the values, the first derivatives, the second derivatives …
        breaks: where the value jumps or has a pole.
        kinks: for each line but the last the places where its derivative jumps: the position and the value there.
        gaps: the intervals without a value.
        open: for each line whether it may go to infinity, because it has a break or a place without a number.
    """

    x: Array
    lines: list[Array]
    breaks: list[float]
    kinks: list[list[tuple[float, float]]]
    gaps: list[tuple[float, float]]
    open: list[bool]


class Axis(NamedTuple):
    """The horizontal axis of a plot.

    Attributes:
        name: of the variable.
        start, stop: its ends, finite, the lower one first.
        log: whether its scale is logarithmic, which needs positive ends.
        points: the number of points that are sampled.
    """

    name: str
    start: float
    stop: float
    log: bool = False
    points: int = SAMPLES

    def sample(self) -> Array:
        """Return the points."""
        spaced = np.geomspace if self.log else np.linspace
        return spaced(self.start, self.stop, self.points)

    def halve(self, low: Array, high: Array) -> Array:
        """Return the middle of each interval."""
        return np.sqrt(low) * np.sqrt(high) if self.log else low / 2 + high / 2

    def near(self, position: float) -> float:
        """Return the distance within which positions are one position."""
        return NEAR * (position if self.log else self.stop - self.start)

    def clean(self, position: float) -> float:
        """Return 0 for a position that is as good as 0, such as the 1e-21 of halving."""
        return 0.0 if abs(position) <= self.near(0.0) else position


def sample_curve(evaluate: Evaluate, axis: Axis) -> Curve:
    """Sample a function and find its breaks and kinks.

    Args:
        evaluate: returns the values and the derivatives up to an order of at least 1.
        axis: where to sample.

    >>> curve = sample_curve(lambda x: [np.abs(x), np.sign(x)], Axis("x", -1.0, 2.0))
    >>> [[round(x, 9) + 0.0 for x, value in kinks] for kinks in curve.kinks], curve.breaks
    ([[0.0]], [])
    """
    with np.errstate(all="ignore"):
        x = axis.sample()
        lines = _finite(evaluate(x))
        x, lines = _add_edges(evaluate, axis, x, lines)
        order = _suspects(x, lines[0], lines[1])
        jumps = [
            _find_jumps(evaluate, 0, axis, x[order], x[order + 1]),
            _find_poles(evaluate, axis, x, _peaks(lines[0], lines[1])),
        ]
        breaks = _apart(np.concatenate(jumps), axis)
        holes, gaps = _missing(x, np.isnan(lines[0]))
        open_ends = [bool(breaks) or bool(np.isnan(line).any()) for line in lines]
        ends: list[list[float]] = [breaks]  # where each line breaks, besides the breaks of the lines before
        for level in range(1, len(lines)):
            bends = _bends(lines[level] * (x**level if axis.log else 1.0))
            taken = np.array([position for each in ends for position in each])
            bends = bends[~((taken >= x[bends, None]) & (taken <= x[bends + 1, None])).any(axis=1)]
            ends.append(_apart(_find_jumps(evaluate, level, axis, x[bends], x[bends + 1]), axis))
        kinks = [_values_at(evaluate, level, positions) for level, positions in enumerate(ends[1:])]
        for level, positions in enumerate(ends):
            x, lines = _break_lines(evaluate, axis, x, lines, level, positions)
    breaks = _apart(np.array([*breaks, *holes]), axis)
    outside = [axis.clean(place) for place in breaks if not any(low <= place <= high for low, high in gaps)]
    kinks = [[(axis.clean(place), value) for place, value in pairs] for pairs in kinks]
    return Curve(x, lines, outside, kinks, gaps, open_ends)


def _finite(lines: Sequence[Array]) -> list[Array]:
    """Return the lines with nan in place of infinities."""
    return [np.where(np.isfinite(line), line, np.nan) for line in lines]


def _add_edges(evaluate: Evaluate, axis: Axis, x: Array, lines: list[Array]) -> tuple[Array, list[Array]]:
    """Add the last points with a value before each gap, so that sqrt(x) reaches 0. At a pole none is added."""
    values = lines[0]
    missing = np.isnan(values)
    single = missing[1:-1] & ~missing[:-2] & ~missing[2:]
    defined = ~missing
    defined[1:-1] |= single
    edges = np.flatnonzero(defined[:-1] != defined[1:])
    if not edges.size or edges.size > MAX_SUSPECTS or not defined.any():
        return x, lines
    inside = np.where(defined[edges], x[edges], x[edges + 1])
    outside = np.where(defined[edges], x[edges + 1], x[edges])
    for _ in range(MAX_HALVINGS):
        middle = axis.halve(inside, outside)
        is_defined = np.isfinite(evaluate(middle)[0])
        inside, outside = np.where(is_defined, middle, inside), np.where(is_defined, outside, middle)
    added = np.unique(inside[~np.isin(inside, x)])
    if not added.size:
        return x, lines
    heights = evaluate(added)[0]
    low, high = np.nanmin(values), np.nanmax(values)
    is_near = np.abs(heights - (low / 2 + high / 2)) <= 0.6 * (high - low)
    added, heights = added[is_near], heights[is_near]
    return _insert(x, lines, added, [heights, *(np.full(added.shape, np.nan) for _ in lines[1:])])


def _insert(x: Array, lines: Sequence[Array], added: Array, values: Sequence[Array]) -> tuple[Array, list[Array]]:
    places = np.searchsorted(x, added)
    return np.insert(x, places, added), [
        np.insert(line, places, numbers) for line, numbers in zip(lines, values, strict=True)
    ]


def _break_lines(
    evaluate: Evaluate, axis: Axis, x: Array, lines: list[Array], level: int, positions: Sequence[float]
) -> tuple[Array, list[Array]]:
    """Break the line of a level, and those of higher derivatives, at positions."""
    for position in positions:  # a derivative at the place itself is that of neither side
        for line in lines[max(level, 1) :]:
            line[np.abs(x - position) <= axis.near(position)] = np.nan
    if not positions:
        return x, lines
    added = np.array(positions)
    values = _finite(evaluate(added))
    return _insert(x, lines, added, [*values[:level], *(np.full(added.shape, np.nan) for _ in lines[level:])])


def _values_at(evaluate: Evaluate, level: int, positions: Sequence[float]) -> list[tuple[float, float]]:
    values = evaluate(np.array(positions))[level].tolist() if positions else []
    if level:  # the line may have no value at the place itself, such as a derivative of a condition
        return [(x, y) for x, y in zip(positions, values, strict=True) if np.isfinite(y)]
    return list(zip(positions, values, strict=True))


def _missing(x: Array, missing: Mask) -> tuple[list[float], list[tuple[float, float]]]:
    """Return the single points without a value, such as a pole, and the intervals without values.

    >>> _missing(np.arange(7.0), np.array([False, True, False, False, True, True, False]))
    ([1.0], [(3.0, 6.0)])
    """
    ends = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(int))).reshape(-1, 2)
    holes = [float(x[first]) for first, after in ends if after - first == 1 and 0 < first < x.size - 1]
    gaps = [
        (float(x[max(first - 1, 0)]), float(x[min(after, x.size - 1)])) for first, after in ends if after - first > 1
    ]
    return holes, gaps


def _apart(positions: Array, axis: Axis) -> list[float]:
    """Return the positions in order, without nan. Of positions that are close to each other only the first is kept."""
    apart: list[float] = []
    for position in np.sort(positions[~np.isnan(positions)]).tolist():
        if not apart or position - apart[-1] > axis.near(position):
            apart.append(position)
    return apart


def _suspects(x: Array, values: Array, slopes: Array) -> NDArray[np.intp]:
    """Return the intervals over which the value does not change as the derivatives predict, worst first."""
    change = np.diff(values)
    predicted = np.diff(x) * (slopes[:-1] + slopes[1:]) / 2
    off = np.abs(change - predicted)
    size = np.nanmax(np.abs(values), initial=0.0)
    odd = np.flatnonzero((off > 0.1 * np.abs(change)) & (off > 1e-9 * size))
    return odd[np.argsort(-off[odd], kind="stable")][:MAX_SUSPECTS]


def _peaks(values: Array, slopes: Array) -> NDArray[np.intp]:
    """Return the intervals in which the distance of the value from zero has a maximum."""
    away = np.sign(values) * slopes
    return np.flatnonzero((away[:-1] > 0) & (away[1:] < 0))[:MAX_SUSPECTS]


def _bends(slopes: Array) -> NDArray[np.intp]:
    """Return the intervals over which the derivative changes much more than next to them."""
    change = np.abs(np.diff(slopes))
    around = np.fmax(np.append(change[1:], 0.0), np.append(0.0, change[:-1]))
    near = np.fmin(np.append(change[1:], np.inf), np.append(np.inf, change[:-1]))
    size = np.nanmax(np.abs(slopes), initial=0.0)
    return np.flatnonzero((change > 1e-6 * size) & ((change > 3 * around) | (change > 3 * near)))[:MAX_SUSPECTS]


def _find_poles(evaluate: Evaluate, axis: Axis, x: Array, peaks: NDArray[np.intp]) -> Array:
    """Return the position of the pole in each interval between values of one sign, nan if it is only a peak.

    Value and derivative grow without bound towards a pole. At a peak or a cusp one of them does not.
    """
    low, high = x[peaks], x[peaks + 1]
    poles = np.full(low.shape, np.nan)
    if not low.size:
        return poles
    (value, slope, *_), (end, end_slope, *_) = evaluate(low), evaluate(high)
    height, steepness, rising = np.fmax(abs(value), abs(end)), np.fmax(abs(slope), abs(end_slope)), slope > 0
    searching = np.ones(low.shape, dtype=bool)
    for _ in range(MAX_HALVINGS):
        middle = axis.halve(low, high)
        searching &= (low < middle) & (middle < high)
        if not searching.any():
            break
        values, slopes, *_ = evaluate(middle)
        undefined = searching & ~(np.isfinite(values) & np.isfinite(slopes))
        poles[undefined] = middle[undefined]
        searching &= ~undefined
        value, slope = np.where(searching, values, value), np.where(searching, slopes, slope)
        right = (slopes > 0) == rising
        low, high = np.where(searching & right, middle, low), np.where(searching & ~right, middle, high)
    grows = np.isnan(poles) & (abs(value) > 2 * height) & (abs(slope) > 1e6 * steepness)
    return np.where(grows, high, poles)


def _find_jumps(evaluate: Evaluate, level: int, axis: Axis, low: Array, high: Array) -> Array:
    """Return the position in each interval at which the value (level 0) or a derivative jumps, nan if it does not."""
    jumps = np.full(low.shape, np.nan)
    if not low.size:
        return jumps
    left, right = evaluate(low)[level], evaluate(high)[level]
    first = abs(right - left)
    searching = np.ones(low.shape, dtype=bool)
    for _ in range(MAX_HALVINGS):
        middle = axis.halve(low, high)
        splits = searching & (low < middle) & (middle < high)
        if not splits.any():
            break
        between = evaluate(middle)[level]
        undefined = splits & ~np.isfinite(between)
        jumps[undefined] = middle[undefined]
        searching &= ~undefined
        splits &= ~undefined
        is_left = abs(between - left) >= abs(right - between)
        to_left, to_right = splits & is_left, splits & ~is_left
        high, right = np.where(to_left, middle, high), np.where(to_left, between, right)
        low, left = np.where(to_right, middle, low), np.where(to_right, between, left)
        searching &= ~(splits & (abs(right - left) < 0.2 * first))
    # At a kink the derivative is the mean of both sides, so each half has half of the jump.
    return np.where(searching & (abs(right - left) >= 0.2 * first), high, jumps)
