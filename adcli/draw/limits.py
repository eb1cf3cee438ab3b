"""Choose the ends of a vertical axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from adcli.draw.axis import LARGEST, LARGEST_LOG
from adcli.errors import RequestError
from adcli.ops.operands import Array

Limits: TypeAlias = "tuple[float | None, float | None]"  # None for an end that follows from the lines


def finite_numbers(ys: Iterable[Array]) -> Array:
    """Return the numbers of all lines that are finite."""
    return np.concatenate([y[np.isfinite(y)] for y in ys])


def find_limits(
    ys: Sequence[Array], is_open: bool, log: bool = False, given: Sequence[float | None] = ()
) -> tuple[float, float]:
    """Return the ends of a vertical axis: all of it, but near a pole only so much that the rest is readable.

    Args:
        ys: the lines.
        is_open: whether they may go to infinity.
        log: whether the scale is logarithmic.
        given: the two ends, None for one that follows from the lines.

    Raises:
        RequestError: a given end is too far away to be drawn.
    """
    smallest, largest = (1 / LARGEST_LOG, LARGEST_LOG) if log else (0.0, LARGEST)
    for end in given:
        if end is not None and not smallest <= abs(end) <= largest:
            problem = f"the axis of the values cannot end at {end:g}"
            raise RequestError(problem, hint=f"give ends from {smallest:g} to {largest:g}")
    finite = finite_numbers(ys)
    if log:
        finite = np.log10(finite)
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (-1.0, 1.0)
    if is_open and finite.size:
        inner_low, inner_high = (float(q) for q in np.quantile(finite, [0.1, 0.9]))
        inner = (inner_high - inner_low) or (high - low)
        low, high = max(low, inner_low - inner), min(high, inner_high + inner)
    margin = 0.05 * (high - low)
    if not margin > 1e-12 * max(abs(low), abs(high)):  # a constant, but for rounding
        margin = 0.5 if log else 0.05 * max(abs(low), abs(high)) or 1.0
    low, high = low - margin, high + margin
    if log:
        low, high = max(10.0**low, 1 / LARGEST_LOG), min(10.0 ** min(high, 300.0), LARGEST_LOG)
    first, last = [end if end is None else float(end) for end in given] or [None, None]
    low, high = low if first is None else first, high if last is None else last
    if low < high:
        return low, high
    if last is None:  # the given end is beyond all lines
        return low, (10.0 * low if log else low + max(1.0, abs(low)))
    return (high / 10.0 if log else high - max(1.0, abs(high))), high
