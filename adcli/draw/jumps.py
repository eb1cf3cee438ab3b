"""Find where a sampled function or a derivative of it jumps or has a pole.

Halving an interval separates a jump from a steep slope: the change over an interval around a pole or a jump does not
shrink with the interval. Halving separates a kink from a bend in the same way, by the change of the derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from adcli.draw.axis import Axis
from adcli.ops.operands import Array

Evaluate: TypeAlias = Callable[[Array], Sequence[Array]]  # points -> values, first derivatives, second derivatives …
Places: TypeAlias = NDArray[np.intp]

MAX_HALVINGS = 60  # enough for the two ends to be neighbouring floats
MAX_SUSPECTS = 400  # intervals that are halved
STEEPER = 1e6  # the derivative near a pole is so much larger than at the ends of the interval
FLATTER = 0.1  # a derivative that falls to this part is around a peak; towards a pole it only grows


def find_suspects(x: Array, values: Array, slopes: Array) -> Places:
    """Return the intervals over which the value does not change as the derivatives predict, worst first."""
    change = np.diff(values)
    slope = (slopes[:-1] + slopes[1:]) / 2
    predicted = np.diff(x) * np.where(np.isfinite(slope), slope, 0.0)  # a value may have no derivative
    off = np.abs(change - predicted)
    size = np.nanmax(np.abs(values), initial=0.0)
    odd = np.flatnonzero((off > 0.1 * np.abs(change)) & (off > 1e-9 * size))
    return odd[np.argsort(-off[odd], kind="stable")][:MAX_SUSPECTS]


def find_peaks(values: Array, slopes: Array) -> Places:
    """Return the intervals in which the distance of the value from zero has a maximum."""
    away = np.sign(values) * slopes
    return np.flatnonzero((away[:-1] > 0) & (away[1:] < 0))[:MAX_SUSPECTS]


def find_bends(axis: Axis, x: Array, lines: Sequence[Array], level: int) -> Places:
    """Return the intervals over which a derivative changes much more than next to them, and more than by rounding."""
    slopes = lines[level] * x if axis.log else lines[level]
    change = np.abs(np.diff(slopes))
    around = np.fmax(np.append(change[1:], 0.0), np.append(0.0, change[:-1]))
    near = np.fmin(np.append(change[1:], np.inf), np.append(np.inf, change[:-1]))
    span = np.log(axis.stop / axis.start) if axis.log else axis.stop - axis.start
    rounding = max(1e-9 * _usual_size(lines[lower]) / span ** (level - lower) for lower in range(level))
    least = max(1e-6 * _usual_size(slopes), rounding)
    return np.flatnonzero((change > least) & ((change > 3 * around) | (change > 3 * near)))[:MAX_SUSPECTS]


def find_kinks_at_holes(evaluate: Evaluate, axis: Axis, x: Array, lines: Sequence[Array], level: int) -> Array:
    """Return the points at which a derivative has no number, and differs from one side to the other."""
    defined = np.isfinite(lines[level - 1])
    inside = defined[:-2] & defined[1:-1] & defined[2:]
    holes = np.flatnonzero(np.isnan(lines[level][1:-1]) & inside)[:MAX_SUSPECTS] + 1
    if not holes.size:
        return np.array([])
    left, right = (evaluate(x[holes] + 1e-6 * (x[holes + side] - x[holes]))[level] for side in (-1, 1))
    differs = np.abs(right - left) > 0.5 * np.fmax(np.abs(left), np.abs(right))
    return x[holes[differs & np.isfinite(left) & np.isfinite(right)]]


def find_limits_at(evaluate: Evaluate, x: Array, lines: Sequence[Array], places: Places) -> list[Array]:
    """Return for each line the limit at each of some points, nan if the sides differ or grow.

    The values of both sides come together towards a limit. They keep their distance at a jump, a pole or a logarithm.
    """
    sides = []  # from far to near, those of the left before those of the right
    for part in (1.0, 0.125, 0.125**2):
        sides.append([evaluate(x[places] + part * (x[places + side] - x[places])) for side in (-1, 1)])
    limits = []
    for level, line in enumerate(lines):
        far, middle, near = (np.array([side[level] for side in pair]) for pair in sides)
        spread, last = (np.ptp(np.concatenate(pairs), axis=0) for pairs in ((far, middle), (middle, near)))
        finite = line[np.isfinite(line)]
        low, high = np.quantile(finite, [0.1, 0.9]) if finite.size else (0.0, 0.0)
        unseen = 1e-3 * (high - low) + 1e-9 * np.max(np.abs(near), axis=0)  # of a difference
        agree = np.isfinite(last) & ((last <= 0.5 * spread) | (last <= unseen))
        limits.append(np.where(agree, near.mean(axis=0), np.nan))
    return limits


def _usual_size(y: Array) -> float:
    """Return the size of numbers without the tenth that are largest, which a pole may have made."""
    finite = np.abs(y[np.isfinite(y)])
    return float(np.quantile(finite, 0.9)) if finite.size else 0.0


def find_poles(evaluate: Evaluate, axis: Axis, x: Array, lines: Sequence[Array], peaks: Places) -> Array:
    """Return the position of the pole in each interval between values of one sign, nan if it is only a peak.

    Value and derivative grow without bound towards a pole. At a peak or a cusp one of them does not.
    """
    low, high = x[peaks], x[peaks + 1]
    poles = np.full(low.shape, np.nan)
    value, end = (np.abs(lines[0][places]) for places in (peaks, peaks + 1))
    slope, end_slope = (np.abs(lines[1][places]) for places in (peaks, peaks + 1))
    height, steepness, rising = np.fmax(value, end), np.fmax(slope, end_slope), lines[1][peaks] > 0
    steepest, is_peak = steepness, np.zeros(low.shape, dtype=bool)
    for _ in range(MAX_HALVINGS):
        middle = axis.halve(low, high)
        searching = np.isnan(poles) & ~is_peak & (low < middle) & (middle < high)
        if not searching.any():
            break
        values, slopes, *_ = evaluate(middle)
        undefined = searching & ~np.isfinite(values)
        poles[undefined] = middle[undefined]
        is_right = (slopes > 0) == rising
        to_right, to_left = searching & is_right, searching & ~is_right
        value = np.where(searching, abs(values), value)
        low, slope = np.where(to_right, middle, low), np.where(to_right, abs(slopes), slope)
        high, end_slope = np.where(to_left, middle, high), np.where(to_left, abs(slopes), end_slope)
        steep = np.fmax(slope, end_slope)
        steepest = np.fmax(steepest, steep)
        is_peak |= (steep < FLATTER * steepest) & (steepest < STEEPER * steepness)
    grows = np.isnan(poles) & ~is_peak & (value > 2 * height) & (np.fmax(slope, end_slope) > STEEPER * steepness)
    return np.where(grows, high, poles)


def find_jumps(evaluate: Evaluate, axis: Axis, x: Array, lines: Sequence[Array], level: int, suspects: Places) -> Array:
    """Return the position in each interval at which the value (level 0) or a derivative jumps, nan if it does not."""
    low, high = x[suspects], x[suspects + 1]
    jumps = np.full(low.shape, np.nan)
    left, right = lines[level][suspects], lines[level][suspects + 1]
    first = abs(right - left)
    searching = first != 0
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
