"""Scalar kernels: compositions that would cancel or overflow if they were computed as they are written."""

import math
from collections.abc import Sequence
from math import copysign as _copysign
from math import exp as _exp
from math import hypot as _hypot
from math import log1p as _log1p
from math import sqrt as _sqrt

from .elementary import log, sin
from .fixed import FIXED_BITS, exp_fixed
from .ieee import subtraction_error

_INF = math.inf
_NAN = math.nan
# Veltkamp's constant: x * _SPLIT separates the upper 26 bits of x from the rest.
_SPLIT = 134217729.0


def direction(x: float, y: float) -> float:
    """x / hypot(x, y), and 0 at the origin. It is scaled where hypot would overflow or lose bits."""
    h = _hypot(x, y)
    if 1e-290 < h < 1e290:
        return x / h
    if h != h or y != y:
        return _NAN
    if h == 0.0:
        return 0.0
    if h < 1.0:
        scale = 2.0**600
    else:
        if x - x != 0.0:
            return _copysign(1.0, x) if y - y == 0.0 else _NAN
        scale = 2.0**-600
        if y - y != 0.0:
            return _copysign(0.0, x)
        if abs(x) < 1.0:
            return x / h if h < _INF else (x * 0.5) / (abs(y) * 0.5)
    x *= scale
    return x / _hypot(x, y * scale)


def semicircle(x: float) -> float:
    """sqrt(1 - x**2), factored where 1 - x**2 cancels, and nan outside [-1, 1]."""
    a = abs(x)
    if a < 0.5:
        return _sqrt(1.0 - a * a)
    if a <= 1.0:
        return _sqrt((1.0 - a) * (1.0 + a))
    return _NAN


def square_error(x: float, square_of_x: float) -> float:
    """The exact x*x - fl(x*x), by Veltkamp's splitting and Dekker's product (Dekker 1971)."""
    t = x * _SPLIT
    a = t - (t - x)
    b = x - a
    return ((a * a - square_of_x) + 2.0 * a * b) + b * b


def product_error(x: float, y: float, product: float) -> float:
    """The exact x*y - fl(x*y), by Veltkamp's splitting and Dekker's product (Dekker 1971)."""
    t = x * _SPLIT
    a = t - (t - x)
    b = x - a
    t = y * _SPLIT
    c = t - (t - y)
    d = y - c
    return ((a * c - product) + a * d + b * c) + b * d


def gaussian(x: float) -> float:
    """exp(-x**2). The rounding error of the square is put back, since exp magnifies it 700 times."""
    if not -28.0 < x < 28.0:
        return 0.0 if x == x else x
    hi = x * x
    e = _exp(-hi)
    return e - e * square_error(x, hi)


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), in the form whose exp does not overflow, so that both tails are exact."""
    # The last line of each branch takes back the rounding of 1 + e.
    if x >= 0.0:
        e = _exp(-x)
        s = 1.0 + e
        r = 1.0 / s
        return r - r * r * ((1.0 - s) + e)
    e = _exp(x)
    s = 1.0 + e
    r = e / s
    return r - r * (1.0 - r) * ((1.0 - s) + e)


def softplus(x: float) -> float:
    """log(1 + exp(x)) without overflow."""
    return x + _log1p(_exp(-x)) if x > 0.0 else _log1p(_exp(x))


def xlogy(x: float, y: float) -> float:
    """x * log(y), and 0 where x is 0, unless y is nan."""
    if x == 0.0:
        return 0.0 if y == y else y
    return x * log(y)


def logaddexp(x: float, y: float) -> float:
    """log(exp(x) + exp(y)) without overflow, in fixed point near the curve where it vanishes."""
    if x < y:
        x, y = y, x
    if x == y:
        if x - x != 0.0:
            return x
    elif not y <= x:
        return _NAN
    d = y - x
    e = _exp(d)
    # What the subtraction lost counts where x is small beside the logarithm.
    s = _log1p(e + e * subtraction_error(y, x))
    r = x + s
    if x < 0.0 and -1.5 * s < r < 0.7 * s:
        return log_sum_of_exponentials((x, y))
    return r


def log_sum_of_exponentials(xs: Sequence[float]) -> float:
    """The logarithm of the sum of exp(x) for numbers of at most 0, in fixed point: exact where the sum is near 1."""
    # What cancels is as small as the least exponential to the last bits of the greatest.
    bits = FIXED_BITS - int(1.5 * max(min(xs), -750.0))
    one = 1 << bits
    return _log1p((sum([exp_fixed(x, bits) for x in xs if x > -_INF]) - one) / one)


def sinc(x: float) -> float:
    """sin(x) / x, 1 at 0, and nan at the infinities, as sin."""
    try:
        return sin(x) / x
    except ZeroDivisionError:
        return 1.0
    except ValueError:
        return _NAN
