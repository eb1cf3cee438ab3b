"""Scalar kernels of the real n-th root and its derivatives. They never raise."""

import math
from math import sqrt as _sqrt

from .derivatives import power_derivative
from .ieee import power

_INF = math.inf
_NAN = math.nan


def root(x: float, n: float) -> float:
    """The real n-th root: pow, then a step of Newton's iteration, because 1/n is rounded."""
    if x < 0.0:
        return -root(-x, n) if n % 2.0 == 1.0 else _NAN
    if n == 0.0:
        return _NAN
    if n == 2.0:
        return _sqrt(x)
    if n == 1.0 or n == -1.0:
        return power(x, n)
    r = power(x, 1.0 / n)
    if not 0.0 < r < _INF or not 0.0 < x < _INF:
        return r
    p = power(r, n - 1.0)
    if 1e-290 < p < 1e290:
        return r + (x / p - r) / n
    half = power(r, 0.5 * n)
    return r + r * (x / half / half - 1.0) / n


def root_derivative(k: float, x: float, n: float) -> float:
    """The k-th derivative of the n-th root by x: root(x, n)/x**k times (1/n)(1/n - 1)… (1/n - k + 1)."""
    value = root(x, n)
    if n == 0.0 or x == 0.0 or not -_INF < value < _INF or not -_INF < x < _INF:
        return power_derivative(x, 1.0 / n, k, 0.0) if n != 0.0 and x >= 0.0 else _NAN
    for i in range(int(k)):
        value = value / x * (1.0 - i * n) / n
    return value
