"""Compute power series at many points at once: the rules of `series.Series` on columns, one row per point."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul as times
from random import Random
from typing import TypeAlias

import numpy as np

from ..ops.arithmetic import add, div, mul, neg, power, square, sub
from ..ops.elementary import cbrt
from ..ops.operands import Array, Operand
from ..ops.series_rules import COMPOSED
from .series import Series
from .series_errors import CLEAR, PRECISE, RUNS, SCALE, draw_factor, is_exact, move_start

Coefficient: TypeAlias = Operand  # a column of float64, or a float that is the same in every row
Moves: TypeAlias = Operand  # a column of bools, or True for everywhere


def has_columns(series: Series) -> bool:
    """Return whether no op is composed from its derivatives (ops/series_rules.py), which needs one point at a time."""
    return not any(varies and op in COMPOSED for op, varies in zip(series.graph.ops, series.varies, strict=True))


def coefficients(
    series: Series, start: Sequence[Coefficient], order: int, random: Random | None = None
) -> list[Coefficient]:
    """Return the output's coefficients c_0 … c_order at every point.

    Args:
        series: of the output, at any point.
        start: the values of all rows of its graph.
        order: of the last coefficient.
        random: move every coefficient a little (series_errors.py).

    Returns:
        Columns, or a float if the coefficient is the same in every row.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> series = Series(x * x, "x", {"x": 0.0})
    >>> coefficients(series, [np.array([1.0, 3.0]), np.array([1.0, 9.0])], 2)
    [array([1., 9.]), array([2., 6.]), 1.0]
    """
    columns: list[list[Coefficient]] = [[value] for value in start]
    moves = find_moves(series, start)
    with np.errstate(all="ignore"):
        for k in range(1, order + 1):
            for row, op in enumerate(series.graph.ops):
                if series.varies[row] and k <= series.degrees[row]:
                    column = _where(moves[row], _next(series, columns, moves, row, k))
                    columns[row].append(column if random is None or is_exact(op) else column * draw_factor(random))
    return [*columns[series.top], *[0.0] * order][: order + 1]


def estimate_column_errors(series: Series, start: Sequence[Array], columns: Sequence[Coefficient], order: int) -> Array:
    """Return for each point about how large the largest relative rounding error of its coefficients is.

    An error above `PRECISE` is not computed more exactly.

    Args:
        series, start, order: as in `coefficients`.
        columns: the coefficients.
    """
    errors = np.zeros(len(start[0]))
    rows = np.arange(len(errors))
    for seed in range(RUNS):
        random = Random(seed)
        with np.errstate(all="ignore"):
            moved = move_start(series, start, lambda op, arguments: op.on_arrays(arguments), random)
            for a, b in zip(columns, coefficients(series, moved, order, random), strict=True):
                change = np.abs(a - b) / np.abs(a)
                errors[rows] = np.fmax(errors[rows], np.where(np.isfinite(change), change * SCALE, 0.0))
        unclear = (errors[rows] >= PRECISE * CLEAR) & (errors[rows] < PRECISE)
        if not unclear.any():
            break
        rows, start = rows[unclear], [column[unclear] for column in start]
        columns = [column[unclear] if np.ndim(column) else column for column in columns]
    return errors


def find_moves(series: Series, start: Sequence[Coefficient]) -> list[Moves]:
    """Return for each row where it depends on the variable: True for everywhere, and if its series is a constant."""
    pairs = zip(series.varies, series.find_moves(start), strict=True)
    return [True if not varies or np.all(moves) else moves for varies, moves in pairs]


def find_zero_powers(series: Series, start: Sequence[Coefficient]) -> Coefficient:
    """Return where a power has a base of 0, which needs one point at a time."""
    mask: Coefficient = False
    if any(op in (power, cbrt) for op in series.graph.ops):
        moves = series.find_moves(start)
        for row, varies in enumerate(series.varies):
            if varies:
                mask = mask | series.is_zero_power(row, start, moves)
    return mask


def _next(series: Series, c: list[list[Coefficient]], moves: list[Moves], row: int, k: int) -> Coefficient:
    op, inputs = series.graph.ops[row], series.graph.inputs[row]
    if op is None:
        return 1.0
    one, other = inputs[0], inputs[-1]
    a, b = c[one], c[other]
    if op is neg:
        return -a[k]
    if op in (add, sub):
        left, right = (x[k] if k < len(x) else 0.0 for x in (a, b))
        return left + right if op is add else left - right
    if op in (mul, square):
        return _product(a, b, k, moves[one], moves[other])
    if op is div:
        above = a[k] if k < len(a) else 0.0
        return (above - _product(b, c[row], k, moves[other], True, 1)) / np.where(b[0] == 0.0, np.nan, b[0])
    total: Coefficient = 0.0
    for argument, partial, when in series.equations[row]:
        x = c[argument]
        if isinstance(partial, float):
            term = partial * x[k] if k < len(x) else 0.0
        else:
            slopes = [i * coefficient for i, coefficient in enumerate(x[: k + 1])]
            term = _product(slopes, c[partial], k, moves[argument], moves[partial], 1) / k
        total = total + (term if when is None else np.where(np.not_equal(c[when][0], 0.0), term, 0.0))
    return total


def _product(
    a: list[Coefficient], b: list[Coefficient], k: int, moves_a: Moves, moves_b: Moves, least: int = 0
) -> Coefficient:
    """Return the sum of a_i * b_(k - i) for i from `least`, over the coefficients that there are."""
    first = max(least, k - len(b) + 1)
    last = min(k, len(a) - 1)
    terms = map(times, a[first : last + 1], b[k - last : k - first + 1][::-1])
    if moves_a is True and moves_b is True:
        return sum(terms, 0.0)
    exist = [(i == 0 or moves_a) & (i == k or moves_b) for i in range(first, last + 1)]
    return sum(map(_where, exist, terms), 0.0)


def _where(exists: Moves, coefficient: Coefficient) -> Coefficient:
    """Return a coefficient, and 0 where the series ends before it."""
    return coefficient if exists is True else np.where(exists, coefficient, 0.0)
