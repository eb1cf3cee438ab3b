"""Roots of many equations in one unknown each: Newton's method from a start, or kept inside a bracket.

Every row is solved by itself, by a rule that looks at its own numbers only. So its root does not depend on the rows
beside it. Rows that are done leave the computation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..ops.operands import Array

Rows: TypeAlias = "NDArray[np.intp]"
# From rows and a value of the unknown for each to the difference of the sides and its derivative by the unknown.
Sides: TypeAlias = Callable[[Rows, Array], tuple[Array, Array]]

NEWTON_STEPS = 200  # at most; a simple root takes 3 to 10, a double one about 30
BRACKET_STEPS = 400  # at most; halving reaches neighbouring float64s in 3 * 128
SLOW = 3  # in so many steps the bracket must shrink to a half, otherwise it is halved
STEADY = 1e-2  # two ratios of Newton steps that differ by less are those of a multiple root
STALLED = 1e-6  # a Newton step of more than this part of the unknown has not converged
DOUBLINGS = 48  # of the distance from the start at which a change of sign is searched
NEAREST = 2.0**-12  # the first such distance, relative to the start
HALVINGS = 60  # of the distance from an end of a bracket without a value to the first value
NEARBY = 1.2345e-4  # relative distance at which the sides of a single solution differ
NEAR_ZERO = 1.2345e-9  # the same beside the solution 0, as a distance


def roots_from_starts(sides: Sides, start: Array) -> Array:
    """Return the value near each start at which the sides differ least. It is a root if Newton's method converges.

    Where it stalls, the nearest change of sign on either side of the start is searched and followed.
    """
    y, difference, slope = _descend(sides, start)
    with np.errstate(all="ignore"):
        stalled = ~(np.abs(difference) <= STALLED * np.abs(slope * y)) & (difference != 0) & np.isfinite(difference)
    rows = np.flatnonzero(stalled)
    if not rows.size:
        return y
    low, high = _search(sides, rows, start[rows])
    found = ~np.isnan(low)
    rows = rows[found]
    roots, distance = roots_in_brackets(lambda some, at: sides(rows[some], at), low[found], high[found])
    closer = distance < np.abs(difference[rows])
    y[rows[closer]] = roots[closer]
    return y


def _descend(sides: Sides, start: Array) -> tuple[Array, Array, Array]:
    """Take Newton steps, shortened until the sides come closer. Return the last point with its sides.

    At a root of multiplicity m each step is (m - 1)/m of the one before. The sum of the steps to come is taken at once.
    """
    rows = np.arange(len(start))
    y = start.copy()
    difference, slope = sides(rows, y)
    part, ratio = np.ones(len(y)), np.zeros(len(y))
    with np.errstate(all="ignore"):
        step = -difference / slope
        for _ in range(NEWTON_STEPS):
            trial = y[rows] + part[rows] * step[rows]
            going = np.isfinite(trial) & (trial != y[rows]) & (difference[rows] != 0)
            endless = np.isinf(trial) & np.isfinite(step[rows])  # beyond the largest float64: a shorter step may do
            part[rows[endless]] /= 4.0
            rows, trial = rows[going | endless], trial[going | endless]
            if not rows.size:
                break
            trial_difference, trial_slope = sides(rows, trial)
            closer = (np.abs(trial_difference) < np.abs(difference[rows])) & np.isfinite(trial)
            moved = rows[closer]
            y[moved], difference[moved], slope[moved] = trial[closer], trial_difference[closer], trial_slope[closer]
            step[moved], before = -difference[moved] / slope[moved], part[moved] * step[moved]
            part[moved] = 1.0
            ratio[moved], last = step[moved] / before, ratio[moved]
            is_steady = (np.abs(ratio[moved] - last) < STEADY) & (ratio[moved] > 0.25) & (ratio[moved] < 0.95)
            step[moved] /= np.where(is_steady, 1.0 - ratio[moved], 1.0)
            part[rows[~closer]] /= np.where(np.isinf(trial_difference[~closer]), 2.0**16, 4.0)
    return y, difference, slope


def _search(sides: Sides, rows: Rows, start: Array) -> tuple[Array, Array]:
    """Return for each row the nearest two points on one side of the start between which the sign changes, or nan."""
    low, high = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    first = np.sign(sides(rows, start)[0])
    size = np.where(start == 0.0, 1.0, np.abs(start)) * NEAREST
    ends = {direction: start.copy() for direction in (1.0, -1.0)}
    open_ends = {direction: np.isfinite(first) for direction in ends}
    with np.errstate(all="ignore"):
        for doubling in range(DOUBLINGS):
            for direction, end in ends.items():
                some = np.flatnonzero(open_ends[direction] & np.isnan(low))
                if not some.size:
                    continue
                trial = start[some] + direction * size[some] * 2.0**doubling
                sign = np.sign(sides(rows[some], trial)[0])
                crossed = some[sign * first[some] <= 0.0]
                low[crossed], high[crossed] = end[crossed], trial[sign * first[some] <= 0.0]
                open_ends[direction][some] = ~np.isnan(sign)
                end[some] = trial
    return np.minimum(low, high), np.maximum(low, high)


def roots_in_brackets(sides: Sides, low: Array, high: Array) -> tuple[Array, Array]:
    """Return the value in each bracket at which the sides differ least of all that are tried, and their distance.

    At a pole or a jump the sign changes as at a root, but the sides do not come close. If the sides have the same sign
    at both ends, nothing between them is tried.
    """
    every = np.arange(len(low))
    low, high = np.minimum(low, high), np.maximum(low, high)
    low, below, _ = _inset(sides, low, high)
    high, above, slope = _inset(sides, high, low)
    state = _Brackets(low, high, below, above)
    state.take(every, high, above, slope)
    state.take(every, low, below, sides(every, low)[1])
    state.try_zero(sides, every[(low < 0.0) & (high > 0.0)])
    with np.errstate(all="ignore"):
        rows = every[np.sign(below) * np.sign(above) < 0.0]
        for number in range(BRACKET_STEPS):
            rows = rows[state.is_open(rows)]
            if not rows.size:
                break
            trial = state.next(rows, number)
            state.replace(rows, trial, *sides(rows, trial))
    return state.best, state.distance


def _inset(sides: Sides, end: Array, other: Array) -> tuple[Array, Array, Array]:
    """Return ends with their sides. An end without a value, as of log(y) at 0, is moved inwards to the first value."""
    difference, slope = sides(np.arange(len(end)), end)
    rows = np.flatnonzero(np.isnan(difference))
    if not rows.size:
        return end, difference, slope
    undefined, defined = end[rows], other[rows]
    for _ in range(HALVINGS):
        middle = undefined / 2.0 + defined / 2.0
        is_undefined = np.isnan(sides(rows, middle)[0])
        undefined, defined = np.where(is_undefined, middle, undefined), np.where(is_undefined, defined, middle)
    end = end.copy()
    end[rows] = defined
    difference[rows], slope[rows] = sides(rows, defined)
    return end, difference, slope


def neighbours(y: Array) -> tuple[Array, Array]:
    """Return values on both sides of each, so near that a root found between them would be no other one."""
    away = np.where(y == 0.0, NEAR_ZERO, NEARBY * y)
    with np.errstate(all="ignore"):
        return y - away, y + away


def are_flat(sides: Sides, y: Array) -> NDArray[np.bool_]:
    """Return whether the sides are equal on one side of each value too, as where exp(-y) underflows to 0."""
    every = np.arange(len(y))
    is_root = sides(every, y)[0] == 0.0
    is_flat = np.zeros(len(y), bool)
    for near in neighbours(y):
        rows = np.flatnonzero(is_root & ~is_flat)
        is_flat[rows] = sides(rows, near[rows])[0] == 0.0
    return is_flat


def with_zeros(sides: Sides, y: Array) -> Array:
    """Return the roots, and 0 for each beside it that is found only as near as rounding allows, as by exp(y) = 1."""
    rows = np.flatnonzero((np.abs(y) <= NEAR_ZERO) & (y != 0.0))
    if rows.size:
        difference, slope = sides(rows, y[rows])
        with np.errstate(all="ignore"):
            is_vague = ~(np.abs(difference) < NEARBY * np.abs(slope * y[rows])) | are_flat(
                lambda some, at: sides(rows[some], at), y[rows]
            )
        rows = rows[is_vague]
        y[rows[sides(rows, np.zeros(len(rows)))[0] == 0.0]] = 0.0
    return y


class _Brackets:
    """Brackets with a change of sign, and the best value in each so far.

    Args:
        low, high: the ends.
        below, above: the differences of the sides there.
    """

    def __init__(self, low: Array, high: Array, below: Array, above: Array) -> None:
        self._low, self._high, self._sign = low.copy(), high.copy(), np.sign(below)
        with np.errstate(all="ignore"):
            self._widths = [high - low] * SLOW  # before the last steps, the oldest first
        self.best = low.copy()
        self.distance = np.full(len(low), np.inf)
        self._step = np.zeros(len(low))  # of Newton's method, from the best value

    def try_zero(self, sides: Sides, rows: Rows) -> None:
        """Take 0 where it is a root. Beside it powers such as y**3 may be 0 as well, because they underflow."""
        zeros = np.zeros(len(rows))
        difference, slope = sides(rows, zeros)
        exact = difference == 0.0
        self.take(rows[exact], zeros[exact], difference[exact], slope[exact])

    def is_open(self, rows: Rows) -> NDArray[np.bool_]:
        """Return which of the rows have float64s between the ends and no exact root."""
        return (np.nextafter(self._low[rows], self._high[rows]) < self._high[rows]) & (self.distance[rows] > 0.0)

    def next(self, rows: Rows, number: int) -> Array:
        """Return the next value for each of the rows: by Newton's method, or the middle if that is slow or leaves."""
        low, high = self._low[rows], self._high[rows]
        best, step = self.best[rows], self._step[rows]
        trial = best + step
        # A step of less than an ulp becomes one of an ulp, which closes the bracket from the other side.
        trial = np.where(trial == best, np.nextafter(best, np.where(best == low, high, low)), trial)
        is_slow = (high - low > 0.5 * self._widths[0][rows]) & (number >= SLOW)
        middle = _middle(low, high) if number % 2 else low / 2.0 + high / 2.0
        middle = np.where((low < middle) & (middle < high), middle, np.nextafter(low, high))
        return np.where((low < trial) & (trial < high) & ~is_slow, trial, middle)

    def replace(self, rows: Rows, trial: Array, difference: Array, slope: Array) -> None:
        """Move one end of each bracket to the value that was tried."""
        oldest = self._widths.pop(0).copy()
        oldest[rows] = self._high[rows] - self._low[rows]
        self._widths.append(oldest)
        same = np.sign(difference) == self._sign[rows]
        self._low[rows[same]] = trial[same]
        self._high[rows[~same]] = trial[~same]
        self.take(rows, trial, difference, slope)

    def take(self, rows: Rows, trial: Array, difference: Array, slope: Array) -> None:
        """Take values as the best ones where their sides are closer."""
        distance = np.abs(difference)
        closer = distance < self.distance[rows]
        some = rows[closer]
        self.best[some], self.distance[some] = trial[closer], distance[closer]
        with np.errstate(all="ignore"):
            self._step[some] = -difference[closer] / slope[closer]


def _middle(low: Array, high: Array) -> Array:
    """Return the value in the middle of the float64s between the ends, so that a root near 0 is not far."""
    return _from_ordinal(_ordinal(low) // 2 + _ordinal(high) // 2)


def _ordinal(x: Array) -> NDArray[np.int64]:
    """Return the place of each number in the order of all float64s, 0.0 at 0."""
    bits = x.view(np.int64)
    return np.where(bits < 0, np.int64(-(2**63)) - bits, bits)


def _from_ordinal(place: NDArray[np.int64]) -> Array:
    bits = np.where(place < 0, np.int64(-(2**63)) - place, place)
    return bits.view(np.float64)
