"""Scalar kernel of the exponential integral. It never raises."""

import math
from math import exp as _exp
from math import log as _log

from .ieee import subtraction_error

_INF = math.inf
_NAN = math.nan
_EULER = 0.5772156649015329
_EULER_LOW = -4.942915152430645e-18


def expint(x: float) -> float:
    """E1(x), the integral of exp(-t)/t from x on: a power series below 0.7 (DLMF 6.6.2), a continued fraction above."""
    if not 0.0 < x <= 745.0:
        return 0.0 if x > 745.0 else _INF if x == 0.0 else _NAN
    if x < 0.7:
        series = 0.0
        for k in range(18, 0, -1):
            series = x / k * (1.0 / k - series)
        logarithm = _log(x)
        sum_ = -_EULER - logarithm
        lost = subtraction_error(-_EULER, logarithm)
        result = sum_ + series
        return result + (subtraction_error(sum_, -series) + lost - _EULER_LOW)
    tail = x
    for k in range(int(10.0 + 100.0 / x), 0, -1):
        tail = x + k / (1.0 + k / tail)
    if x > 700.0:
        half = _exp(-0.5 * x)
        return half / tail * half
    return _exp(-x) / tail
