"""Sample a function of one variable and its derivatives, and break the lines where they jump."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from adcli.draw.axis import Axis
from adcli.draw.jumps import (
    MAX_HALVINGS,
    MAX_SUSPECTS,
    Evaluate,
    find_bends,
    find_jumps,
    find_kinks_at_holes,
    find_limits_at,
    find_peaks,
    find_poles,
    find_suspects,
)
from adcli.ops.operands import Array

Mask: TypeAlias = NDArray[np.bool_]


class Curve(NamedTuple):
    """Points of a function and its derivatives, nan where a line breaks.

    Attributes:
        x: the positions, in order.
        lines: the values, the first derivatives, the second derivatives …
        breaks: where the value jumps or has a pole.
        holes: single points without a value at which both sides have one limit: the position and the limit.
        kinks: for each line but the last the places where its derivative jumps: the position and the value there.
        gaps: the intervals without a value.
        open: for each line whether it may go to infinity, because it has a break or a place without a number.
    """

    x: Array
    lines: list[Array]
    breaks: list[float]
    holes: list[tuple[float, float]]
    kinks: list[list[tuple[float, float]]]
    gaps: list[tuple[float, float]]
    open: list[bool]


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
        holes = _fill_holes(evaluate, axis, x, lines)
        jumps = [
            find_jumps(evaluate, axis, x, lines, 0, find_suspects(x, lines[0], lines[1])),
            find_poles(evaluate, axis, x, lines, find_peaks(lines[0], lines[1])),
        ]
        breaks = _apart(np.concatenate(jumps), axis)
        undefined, gaps = _missing(x, np.isnan(lines[0]))
        whole = [*breaks, *(place for place, _ in holes)]  # where the value itself breaks
        open_ends = [bool(breaks) or bool(np.isnan(line).any()) for line in lines]
        ends: list[list[float]] = [breaks]  # where each line breaks, besides the breaks of the lines before
        for level in range(1, len(lines)):
            bends = find_bends(axis, x, lines, level)
            taken = np.array([position for each in ends for position in each])
            bends = bends[~((taken >= x[bends, None]) & (taken <= x[bends + 1, None])).any(axis=1)]
            jumps = [
                find_jumps(evaluate, axis, x, lines, level, bends),
                find_kinks_at_holes(evaluate, axis, x, lines, level),
            ]
            apart = _apart(np.concatenate(jumps), axis)
            ends.append([place for place in apart if not _is_at(place, whole, axis)])
        kinks = [_values_at(evaluate, level, positions) for level, positions in enumerate(ends[1:])]
        for level, positions in enumerate(ends):
            x, lines = _break_lines(evaluate, axis, x, lines, level, positions)
    breaks = _apart(np.array([*breaks, *undefined]), axis)
    outside = [axis.clean(place) for place in breaks if not any(low <= place <= high for low, high in gaps)]
    edges = [axis.start, axis.stop, *(end for gap in gaps for end in gap)]
    kinks = [
        [(axis.clean(place), value) for place, value in pairs if not _is_at(place, edges, axis)] for pairs in kinks
    ]
    return Curve(x, lines, outside, holes, kinks, gaps, open_ends)


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
    is_near = np.abs(heights - (low / 2 + high / 2)) <= high - low
    added, heights = added[is_near], heights[is_near]
    return _insert(x, lines, added, [heights, *(np.full(added.shape, np.nan) for _ in lines[1:])])


def _fill_holes(evaluate: Evaluate, axis: Axis, x: Array, lines: Sequence[Array]) -> list[tuple[float, float]]:
    """Fill single points without a value with the limit of both sides, if there is one, and return these points."""
    missing = np.isnan(lines[0])
    places = np.flatnonzero(missing[1:-1] & ~missing[:-2] & ~missing[2:])[:MAX_SUSPECTS] + 1
    if not places.size:
        return []
    limits = find_limits_at(evaluate, x, lines, places)
    places, limits = places[np.isfinite(limits[0])], [each[np.isfinite(limits[0])] for each in limits]
    for line, each in zip(lines, limits, strict=True):
        line[places] = each
    return [(axis.clean(place), limit) for place, limit in zip(x[places].tolist(), limits[0].tolist(), strict=True)]


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


def _is_at(position: float, others: Sequence[float], axis: Axis) -> bool:
    return any(abs(position - other) <= axis.near(other) for other in others)


def _apart(positions: Array, axis: Axis) -> list[float]:
    """Return the positions in order, without nan. Of positions that are close to each other only the first is kept."""
    apart: list[float] = []
    for position in np.sort(positions[~np.isnan(positions)]).tolist():
        if not apart or position - apart[-1] > axis.near(position):
            apart.append(position)
    return apart
