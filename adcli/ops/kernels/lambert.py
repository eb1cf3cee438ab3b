"""Scalar kernels of Lambert's W function, the inverse of w*exp(w), on its principal branch. They never raise."""

import math
from math import exp as _exp
from math import log as _log
from math import log1p as _log1p
from math import sqrt as _sqrt

from .compound import product_error
from .ieee import power, subtraction_error

_INF = math.inf
_NAN = math.nan
_BRANCH_POINT = -0.36787944117144233  # the float64 nearest to -1/e, which counts as -1/e
_SWITCH = -0.27
# e in three pieces.
_E = 2.718281828459045
_E_LOW = 1.4456468917292502e-16
_E_LOWEST = -2.1277171080381768e-33


def _left_side(x: float) -> float:
    """1 + e*x, with its own digits near 0."""
    product = x * _E
    low = x * _E_LOW
    q = (1.0 + product) + low
    q += (low - (q - (1.0 + product))) + product_error(x, _E, product) + product_error(x, _E_LOW, low) + x * _E_LOWEST
    return q


def _step_near_branch_point(x: float, v: float) -> float:
    """What 1 + W(x) is more than its approximation v: Newton's step for 1 + (v - 1) exp(v) = 1 + e*x."""
    # v**2/2 + v**3/3 + v**4/8 + …, the k-th term (k - 1) v**k/k!
    total = 0.0
    for k in range(21, 2, -1):
        total = (total + (k - 1.0)) * v / k
    square = 0.5 * (v * v)
    return (((_left_side(x) - square) - 0.5 * product_error(v, v, v * v)) - square * total) / (v * _exp(v))


def _above_near_branch_point(x: float) -> float:
    """1 + W(x) for x < -0.27, without the last step of Newton's iteration."""
    p = _sqrt(2.0 * _left_side(x))
    v = p * (1.0 - p * (0.3333333333333333 - p * (0.1527777777777778 - p * 0.07962962962962963)))
    for _ in range(3):
        v += _step_near_branch_point(x, v)
    return v


def _near(x: float) -> float:
    """W(x) for x >= -0.27 to a few units in the last place."""
    start = _log1p(x)
    w = start * (1.0 - _log1p(start) / (2.0 + start))
    if x > 3.0:
        for _ in range(3):
            w *= (1.0 + _log(x / w)) / (1.0 + w)
        return w
    for _ in range(4):
        t = x * _exp(-w)
        w -= (w - t) / (1.0 + t)
    return w


def _step(x: float, w: float) -> float:
    """What W(x) is more than its approximation w."""
    e = _exp(-w)
    t = x * e
    lost = product_error(x, e, t) if 1e-200 < abs(x) < 4.0 else 0.0
    return ((t - w) + lost) / (1.0 + w)


def lambertw(x: float) -> float:
    """The w >= -1 with w*exp(w) = x: nan below -1/e."""
    if not x >= _BRANCH_POINT:
        return _NAN
    if x <= _BRANCH_POINT:
        return -1.0
    if x < _SWITCH:
        v = _above_near_branch_point(x)
        return (v - 1.0) + (_step_near_branch_point(x, v) + subtraction_error(v, 1.0))
    if x == _INF or x == 0.0:
        return x
    w = _near(x)
    return w + _step(x, w)


def _derivative(n: float, v: float, low: float, slope: float, slope_low: float) -> float:
    """slope**n p(v)/v**(2n - 1) of pairs of floats."""
    # The coefficients of p are all of one sign: p' v - (n v + 2n - 1) p from order to order.
    c = [0.0] * 101
    c[0] = 1.0
    for m in range(1, int(n)):
        for k in range(m, 0, -1):
            c[k] = (2.0 * m - 1.0 - k) * c[k] + m * c[k - 1]
        c[0] = (2.0 * m - 1.0) * c[0]
    # p/v**(n - 1) as a polynomial in 1/v, and its derivative
    total = 0.0
    growth = 0.0
    for k in range(int(n)):
        growth = growth / v + total
        total = total / v + c[k]
    q = slope / v
    back = q * v
    lost = ((slope - back) - product_error(q, v, back) + slope_low - q * low) / slope if q > 1e-280 else 0.0
    result = total * power(q, n) * (1.0 + (n * lost - growth * low / (v * v * total)))
    return result if int(n) % 2 == 1 else -result


def lambertw_derivative(n: float, x: float) -> float:
    """The n-th derivative of W, exp(-n*w) p(v)/v**(2n - 1) with v = 1 + w (DLMF 4.13.4), n up to 100."""
    order = int(n)
    if not (x >= _BRANCH_POINT and order <= 100):
        return _NAN
    if order == 0:
        return lambertw(x)
    if x == _INF:
        return 0.0
    if x <= _BRANCH_POINT:
        return _INF if order % 2 == 1 else -_INF
    # v and exp(-w), with what both are more than their floats
    if x < _SWITCH:
        v = _above_near_branch_point(x)
        low = _step_near_branch_point(x, v)
        slope = _exp(1.0 - v)
        slope_low = slope * (subtraction_error(1.0, v) - low)
    else:
        w = _near(x)
        low = _step(x, w)
        slope = _exp(-w)
        slope_low = -slope * low
        if x > 3.0:
            slope = w / x
            slope_low = ((w - slope * x) - product_error(slope, x, slope * x) + low) / x
        if x > 1e280:
            slope = (w + low) / x
            slope_low = 0.0
        v = 1.0 + w
        low -= subtraction_error(-1.0, w)
    return _derivative(n, v, low, slope, slope_low)
