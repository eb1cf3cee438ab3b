"""Compute power series at many points at once: the rules of `series.Series` on columns, one row per point."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul as times
from typing import TypeAlias

import numpy as np

from ..ops.arithmetic import add, div, mul, neg, square, sub
from ..ops.operands import Operand
from ..ops.series_rules import COMPOSED
from .series import Series

Coefficient: TypeAlias = Operand  # a column of float64, or a float that is the same in every row


def has_columns(series: Series) -> bool:
    """Return whether no op is composed from its derivatives (ops/series_rules.py), which needs one point at a time."""
    return not any(varies and op in COMPOSED for op, varies in zip(series.graph.ops, series.varies, strict=True))


def coefficients(series: Series, start: Sequence[Coefficient], order: int) -> list[Coefficient]:
    """Return the output's coefficients c_0 … c_order at every point.

    Args:
        series: of the output, at any point.
        start: the values of all rows of its graph.
        order: of the last coefficient.

    Returns:
        Columns, or a float if the coefficient is the same in every row.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> series = Series(x * x, "x", {"x": 0.0})
    >>> coefficients(series, [np.array([1.0, 3.0]), np.array([1.0, 9.0])], 2)
    [array([1., 9.]), array([2., 6.]), 1.0]
    """
    columns: list[list[Coefficient]] = [[value] for value in start]
    varying = [row for row in range(len(start)) if series.varies[row]]
    with np.errstate(all="ignore"):
        for k in range(1, order + 1):
            for row in varying:
                if k <= series.degrees[row]:
                    columns[row].append(_next(series, columns, row, k))
    return [*columns[series.top], *[0.0] * order][: order + 1]


def find_zero_powers(series: Series, start: Sequence[Coefficient]) -> Coefficient:
    """Return where a power has a base of 0, which needs one point at a time."""
    mask: Coefficient = False
    for row, varies in enumerate(series.varies):
        if varies:
            mask = mask | series.is_zero_power(row, start)
    return mask


def _next(series: Series, c: list[list[Coefficient]], row: int, k: int) -> Coefficient:
    op, inputs = series.graph.ops[row], series.graph.inputs[row]
    if op is None:
        return 1.0
    a = c[inputs[0]]
    if op is neg:
        return -a[k]
    if op is square:
        return _product(a, a, k)
    if op in (add, sub):
        left, right = (x[k] if k < len(x) else 0.0 for x in (a, c[inputs[1]]))
        return left + right if op is add else left - right
    if op is mul:
        return _product(a, c[inputs[1]], k)
    if op is div:
        b = c[inputs[1]]
        above = a[k] if k < len(a) else 0.0
        return (above - _product(b, c[row], k, 1)) / np.where(b[0] == 0.0, np.nan, b[0])
    total: Coefficient = 0.0
    for argument, partial, when in series.equations[row]:
        x = c[argument]
        if isinstance(partial, float):
            term = partial * x[k] if k < len(x) else 0.0
        else:
            derivative = c[partial]
            least, last = max(1, k - len(derivative) + 1), min(k, len(x) - 1)
            term = sum([i * x[i] * derivative[k - i] for i in range(least, last + 1)]) / k
        total = total + (term if when is None else np.where(np.not_equal(c[when][0], 0.0), term, 0.0))
    return total


def _product(a: list[Coefficient], b: list[Coefficient], k: int, least: int = 0) -> Coefficient:
    """Return the sum of a_i * b_(k - i) for i from `least`, over the coefficients that there are."""
    first = max(least, k - len(b) + 1)
    last = min(k, len(a) - 1)
    return sum(map(times, a[first : last + 1], b[k - last : k - first + 1][::-1]), 0.0)
