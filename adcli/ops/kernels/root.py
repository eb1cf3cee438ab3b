"""Scalar kernels of the real n-th root and its derivatives. They never raise."""

import math
from math import log as _log
from math import sqrt as _sqrt

from .compound import product_error
from .derivatives import power_derivative
from .ieee import power

_INF = math.inf
_NAN = math.nan


def root(x: float, n: float) -> float:
    """The real n-th root: pow, and what the rounding of 1/n changes. That is nothing for a large n."""
    if x < 0.0:
        return -root(-x, n) if n % 2.0 == 1.0 else _NAN
    if n == 0.0 or n != n:
        return _NAN
    if n == 2.0:
        return _sqrt(x)
    if n == 1.0 or n == -1.0:
        return power(x, n)
    inverse = 1.0 / n
    r = power(x, inverse)
    if not 0.0 < r < _INF or not 0.0 < x < _INF or x == 1.0 or abs(n) > 1e4:
        return r
    if -1.0 < n < 1.0:
        product = inverse * n
        return r + r * (((1.0 - product) - product_error(inverse, n, product)) * inverse * _log(x))
    # A step of Newton's iteration, which makes the roots of whole powers exact
    p = power(r, n)
    if 1e-290 < p < 1e290:
        return r + r * (x / p - 1.0) / n
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
