"""Remainders, extremes, hypot and powers in float64 arithmetic alone."""

import math
from math import copysign, exp, expm1, floor, fmod, log1p, pow, sqrt

from ...ops.kernels.compound import square_error
from ...ops.kernels.ieee import subtraction_error

_INF = math.inf


def hypot(x: float, y: float) -> float:
    """sqrt(x**2 + y**2), scaled, and corrected by what rounding took from the squares (Borges 2019)."""
    if abs(x) == _INF or abs(y) == _INF:
        return _INF
    a = maximum(abs(x), abs(y))
    b = minimum(abs(x), abs(y))
    if not a > 0.0 or b < 1e-17 * a:
        return a
    scale = 1.0
    if a > 1e150:
        scale = 2.0**-600
    elif b < 1e-140:
        scale = 2.0**600
    a *= scale
    b *= scale
    p = a * a
    q = b * b
    h = sqrt(p + q)
    r = h * h
    h += (((p - r) + q) + ((square_error(a, p) + square_error(b, q)) - square_error(h, r))) / (2.0 * h)
    return h / scale


def mod(x: float, y: float) -> float:
    """The remainder with the sign of the divisor, as in Python. It is nan for a divisor of 0."""
    r = fmod(x, y)
    if r != 0.0:
        return r + y if (r < 0.0) != (y < 0.0) else r
    return copysign(0.0, y)


def floordiv(x: float, y: float) -> float:
    """The floor of the exact quotient. x/0 is not rounded."""
    if y == 0.0:
        return x / y
    r = fmod(x, y)
    q = (x - r) / y
    if r != 0.0 and (r < 0.0) != (y < 0.0):
        q -= 1.0
    if q == 0.0:
        return copysign(0.0, x / y)
    whole = floor(q)
    return whole + 1.0 if q - whole > 0.5 else whole


def minimum(x: float, y: float) -> float:
    """The smaller argument, the first of equal ones. It is nan if one is nan."""
    if x != x:
        return x
    return y if y < x or y != y else x


def maximum(x: float, y: float) -> float:
    """The larger argument, the first of equal ones. It is nan if one is nan."""
    if x != x:
        return x
    return y if y > x or y != y else x


def share(ties: float) -> float:
    """1 over the number of arguments that tie, 0 for none: the derivative of max and min."""
    return 1.0 / ties if ties > 0.0 else 0.0


def power(x: float, y: float) -> float:
    """C99 pow, also where JavaScript returns nan: 1 to any power, -1 to an infinite one."""
    if x == 1.0 or (x == -1.0 and abs(y) == _INF):
        return 1.0
    return pow(x, y)


def logaddexp(x: float, y: float) -> float:
    """log(exp(x) + exp(y)) without overflow. Near the curve where it vanishes it is computed from expm1."""
    high = maximum(x, y)
    low = minimum(x, y)
    if high != high:
        return high
    if high == low and high - high != 0.0:
        return high
    d = low - high
    e = exp(d)
    s = log1p(e + e * subtraction_error(low, high))
    r = high + s
    if high < 0.0 and -1.5 * s < r < 0.7 * s:
        return log1p(expm1(high) + exp(low))
    return r
