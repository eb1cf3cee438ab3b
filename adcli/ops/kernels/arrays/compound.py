"""Array kernels: choices, and compositions that would cancel or overflow if they were computed as they are written."""

from __future__ import annotations

import numpy as np

from ...operands import Array, Operand, Rule
from .. import compound as _compound
from .. import derivatives as _derivatives
from .functions import sin
from .loops import mend, where

# Nothing but arithmetic, so that the scalar kernel's own helper serves arrays as well.
_square_error: Rule = _compound.square_error


def difference(x: Operand, y: Operand) -> Array:
    """x - y, and 0 for equal infinities."""
    return where(np.equal(x, y), 0.0, np.subtract(x, y))


def subtraction_error(x: Operand, y: Operand) -> Array:
    """The exact (x - y) - fl(x - y), by Knuth's TwoSum, and 0 if anything is not finite."""
    s = np.subtract(x, y)
    t = s - x
    error = (x - (s - t)) - (y + t)
    return where(np.isfinite(error), error, 0.0)


def minimum(x: Array, *others: Array) -> Array:
    """The smallest argument, and nan if any is nan."""
    # np.minimum leaves min(0.0, -0.0) to the processor.
    for other in others:
        x = where(np.less(other, x) | np.isnan(other), other, x)
    return x


def maximum(x: Array, *others: Array) -> Array:
    """The largest argument, and nan if any is nan."""
    for other in others:
        x = where(np.greater(other, x) | np.isnan(other), other, x)
    return x


def clip(x: Array, lo: Array, hi: Array) -> Array:
    """min(max(x, lo), hi), and nan if any is nan."""
    return minimum(maximum(x, lo), hi)


def tie_share(out: Array, *xs: Array) -> Array:
    """1/n where n of the xs equal out, and 0 if none does."""
    n: Operand = np.zeros(np.shape(out))
    for x in xs:
        n = n + np.equal(x, out)
    return where(n > 0.0, 1.0 / np.maximum(n, 1.0), 0.0)


def relu(x: Array) -> Array:
    """max(x, 0). Nan stays nan, and both zeros give 0."""
    out: Array = np.maximum(x, 0.0)
    out += 0.0  # -0.0 becomes 0.0
    return out


def direction(x: Array, y: Array) -> Array:
    """x / hypot(x, y), by the scalar kernel at the origin and where hypot leaves the middle of the range."""
    h = np.hypot(x, y)
    return mend(x / h, ~((h > 1e-290) & (h < 1e290)), _compound.direction, x, y)


def semicircle(x: Array) -> Array:
    """sqrt(1 - x**2), factored where 1 - x**2 cancels."""
    a = np.abs(x)
    out: Array = np.sqrt(where(a < 0.5, 1.0 - a * a, (1.0 - a) * (1.0 + a)))
    return out


def gaussian(x: Array) -> Array:
    """exp(-x**2), the square split exactly as in the scalar kernel."""
    hi = np.square(x)
    e = np.exp(-hi)
    return where(np.abs(x) >= 28.0, 0.0, e - e * _square_error(x, hi))


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), accurate in both tails."""
    e = np.exp(-np.abs(x))
    s = 1.0 + e
    lost = (1.0 - s) + e
    above = 1.0 / s
    below = e / s
    return where(np.greater_equal(x, 0.0), above - above * above * lost, below - below * (1.0 - below) * lost)


def softplus(x: Array) -> Array:
    """log(1 + exp(x)) without overflow."""
    out: Array = np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))
    return out


def xlogy(x: Array, y: Array) -> Array:
    """x * log(y), and 0 where x is 0, unless y is nan."""
    return where(np.equal(x, 0.0) & ~np.isnan(y), 0.0, x * np.log(y))


def logaddexp(x: Array, y: Array) -> Array:
    """log(exp(x) + exp(y)), by the scalar kernel near the curve where it vanishes."""
    high, low = np.maximum(x, y), np.minimum(x, y)
    e = np.exp(low - high)
    s = np.log1p(e + e * subtraction_error(low, high))
    r = where(np.equal(high, low), high + np.log(2.0), high + s)
    return mend(r, (high < 0.0) & (r > -1.5 * s) & (r < 0.7 * s), _compound.logaddexp, x, y)


def sinc(x: Array) -> Array:
    """sin(x) / x, and 1 at 0."""
    return where(np.equal(x, 0.0), 1.0, sin(x) / x)


def power_derivative(x: Array, y: Array, k: float, m: float) -> Array:
    """d^k/dx^k d^m/dy^m of x**y, by the scalar kernel at zeros, at infinities and where the terms cancel."""
    order, degree = int(k), int(m)
    if order == 0 and degree == 0:
        out: Array = np.float_power(x, y)
        return out
    a = np.abs(x)
    logarithm = np.log(a)
    d = np.subtract(y, k)
    p = np.float_power(a, d)
    c: list[Operand] = [0.0] * degree + [1.0, 0.0]
    sizes = c
    for i in range(order):
        shift = np.subtract(y, i)
        c = [shift * c[j] + (j + 1) * c[j + 1] for j in range(degree + 1)] + [0.0]
        sizes = [np.abs(shift) * sizes[j] + (j + 1) * sizes[j + 1] for j in range(degree + 1)] + [0.0]
    total: Operand = 0.0
    size: Operand = 0.0
    for each, bound in zip(reversed(c), reversed(sizes), strict=True):
        total = total * logarithm + each
        size = size * np.abs(logarithm) + bound
    regular = (p > 1e-290) & (p < 1e290) & np.isfinite(a) & (np.abs(y) < 2.0**53)
    if degree:
        regular &= np.greater(x, 0.0) & (np.abs(total) >= 0.25 * size)
    else:
        whole = np.equal(np.floor(y), y)
        regular &= np.greater(x, 0.0) | (np.less(x, 0.0) & whole)
        total = where(np.less(x, 0.0) & (np.remainder(y, 2.0) != order % 2), 0.0 - total, total)
    total = total + total * (subtraction_error(y, k) * logarithm)
    return mend(total * p, ~regular, lambda x, y: _derivatives.power_derivative(x, y, k, m), x, y)
