"""Scalar kernels: roots, exponentials, logarithms, trigonometric and hyperbolic functions.

Each stays within 2 ulp of the true value, measured against mpmath with glibc 2.36. The function of the C library is
called where it does.
"""

import math
from math import copysign as _copysign
from math import cos as _cos
from math import exp as _exp
from math import expm1 as _expm1
from math import log as _log
from math import log1p as _log1p
from math import sin as _sin
from math import sinh as _sinh
from math import sqrt as _sqrt
from math import tan as _tan

from .huge_angles import HUGE, cos_huge, sin_huge, tan_huge
from .ieee import div, power

_INF = math.inf
_NAN = math.nan
_THIRD = 1.0 / 3.0


def sqrt(x: float) -> float:
    """The square root, correctly rounded, and nan below zero."""
    try:
        return _sqrt(x)
    except ValueError:
        return _NAN


def cbrt(x: float) -> float:
    """The real cube root: pow, then one step of Newton, which also makes perfect cubes exact."""
    r = _copysign(abs(x) ** _THIRD, x)
    if r - r != 0.0 or r == 0.0:
        return r
    return r + (x / (r * r) - r) / 3.0


def exp(x: float) -> float:
    """e**x, and inf on overflow."""
    try:
        return _exp(x)
    except OverflowError:
        return _INF


def exp2(x: float) -> float:
    """2**x, exact for whole x, and inf on overflow."""
    return power(2.0, x)


def exp10(x: float) -> float:
    """10**x, and inf on overflow."""
    return power(10.0, x)


def expm1(x: float) -> float:
    """e**x - 1 without cancellation, and inf on overflow."""
    try:
        return _expm1(x)
    except OverflowError:
        return _INF


def log(x: float) -> float:
    """The natural logarithm, -inf at 0 and nan below."""
    try:
        return _log(x)
    except ValueError:
        return -_INF if x == 0.0 else _NAN


def log2(x: float) -> float:
    """The logarithm to base 2, -inf at 0 and nan below."""
    try:
        return math.log2(x)
    except ValueError:
        return -_INF if x == 0.0 else _NAN


def log10(x: float) -> float:
    """The logarithm to base 10, -inf at 0 and nan below."""
    try:
        return math.log10(x)
    except ValueError:
        return -_INF if x == 0.0 else _NAN


def log_base(x: float, base: float) -> float:
    """log(x)/log(base). Bases 10 and 2 have logarithms of their own, exact at whole powers."""
    if base == 10.0:
        return log10(x)
    return log2(x) if base == 2.0 else div(log(x), log(base))


def log1p(x: float) -> float:
    """log(1 + x) without cancellation, -inf at -1 and nan below."""
    try:
        return _log1p(x)
    except ValueError:
        return -_INF if x == -1.0 else _NAN


def sin(x: float) -> float:
    """The sine, and nan at the infinities."""
    if -HUGE < x < HUGE:
        return _sin(x)
    return sin_huge(x) if x - x == 0.0 else _NAN


def cos(x: float) -> float:
    """The cosine, and nan at the infinities."""
    if -HUGE < x < HUGE:
        return _cos(x)
    return cos_huge(x) if x - x == 0.0 else _NAN


def tan(x: float) -> float:
    """The tangent, and nan at the infinities."""
    if -HUGE < x < HUGE:
        return _tan(x)
    return tan_huge(x) if x - x == 0.0 else _NAN


def sec(x: float) -> float:
    """1 / cos(x). No float is a pole."""
    return 1.0 / cos(x)


def csc(x: float) -> float:
    """1 / sin(x), at zero an infinity with the sign of the zero."""
    try:
        return 1.0 / sin(x)
    except ZeroDivisionError:
        return _copysign(_INF, x)


def cot(x: float) -> float:
    """1 / tan(x), at zero an infinity with the sign of the zero."""
    try:
        return 1.0 / tan(x)
    except ZeroDivisionError:
        return _copysign(_INF, x)


def asin(x: float) -> float:
    """The arc sine, and nan outside [-1, 1]."""
    try:
        return math.asin(x)
    except ValueError:
        return _NAN


def acos(x: float) -> float:
    """The arc cosine, and nan outside [-1, 1]."""
    try:
        return math.acos(x)
    except ValueError:
        return _NAN


atan = math.atan


atan2 = math.atan2


hypot = math.hypot


def sinh(x: float) -> float:
    """The hyperbolic sine, and a signed infinity on overflow."""
    try:
        return _sinh(x)
    except OverflowError:
        return _copysign(_INF, x)


def cosh(x: float) -> float:
    """The hyperbolic cosine, and inf on overflow."""
    try:
        return math.cosh(x)
    except OverflowError:
        return _INF


def tanh_ratio(z: float) -> float:
    """(tanh(x)/x - 1) / z with z = x**2 < 0.4: a rational fit at Chebyshev's nodes, good to 6e-17."""
    p = (-0.0001991780435861287 * z - 0.020498799708498872) * z - 0.3333333333333333
    q = ((0.0002065337374875025 * z + 0.02329133187629886) * z + 0.4614963991254931) * z + 1.0
    return p / q


def tanh(x: float) -> float:
    """The hyperbolic tangent: rational below 0.625 (as in Cephes, fitted anew), else 1 - 2/(exp(2x) + 1)."""
    if -0.625 < x < 0.625:
        z = x * x
        return x + x * (z * tanh_ratio(z)) if z else x
    if x > 0.0:
        return 1.0 - 2.0 / (_exp(x + x) + 1.0) if x < 20.0 else 1.0
    if x < 0.0:
        return 2.0 / (_exp(-x - x) + 1.0) - 1.0 if x > -20.0 else -1.0
    return x


def sech(x: float) -> float:
    """1 / cosh(x) = 2e / (1 + e**2) with e = exp(-|x|), down to the last subnormal."""
    a = abs(x)
    if a < 1.0:
        k = _expm1(a)
        square_k = k * k
        return 1.0 - square_k / (square_k + (k + k) + 2.0)
    if a < 708.0:
        e = _exp(-a)
        q = e * e
        s = 1.0 + q
        r = (e + e) / s
        return r - r * ((1.0 - s) + q)
    e = _exp(-0.5 * a)
    return (e + e) * e


# sinh(x)/x - 1 = z/6 (1 + z/20 (1 + z/42 (1 + ...))) with z = x**2: the quotients of the factorials.
SINH_STEPS = (342.0, 272.0, 210.0, 156.0, 110.0, 72.0, 42.0, 20.0, 6.0)


def csch(x: float) -> float:
    """1 / sinh(x) = 2e / (1 - e**2) with e = exp(-|x|), to the last subnormal. Near 0 it is Taylor's series."""
    a = abs(x)
    if a < 1.0:
        r = div(1.0, x)
        if a < 1e-9:
            return r
        z = x * x
        w = 0.0
        for divisor in SINH_STEPS:
            w = (w + 1.0) * z / divisor
        return r - r * (w / (1.0 + w))
    if a < 708.0:
        e = _exp(-a)
        q = e * e
        s = 1.0 - q
        r = (e + e) / s
        return _copysign(r + r * (q - (1.0 - s)), x)
    e = _exp(-0.5 * a)
    return _copysign((e + e) * e, x)


def coth(x: float) -> float:
    """1 / tanh(x) from the same two forms, each inverted on its own, with signed infinities at the zeros."""
    if -0.625 < x < 0.625:
        r = div(1.0, x)
        if -1e-9 < x < 1e-9:
            return r
        z = x * x
        w = z * tanh_ratio(z)
        return r - r * (w / (1.0 + w))
    if x > 0.0:
        return 1.0 + 2.0 / _expm1(x + x) if x < 20.0 else 1.0
    if x < 0.0:
        return -1.0 - 2.0 / _expm1(-x - x) if x > -20.0 else -1.0
    return x


asinh = math.asinh


def acosh_ratio(t: float) -> float:
    """(acosh(1+t)/sqrt(2t) - 1) / t for t < 1: a rational fit at Chebyshev's nodes, good to 6e-17."""
    p = (-3.0345603585198614e-07 * t - 0.0001580791083923394) * t - 0.003938788969140718
    p = ((p * t - 0.029783640122604236) * t - 0.0859754319186422) * t - 0.08333333333333333
    q = (0.00024426503722231455 * t + 0.009604554286348961) * t + 0.11486712496105085
    return p / (((q * t + 0.5731980619374969) * t + 1.2567051830237015) * t + 1.0)


def acosh(x: float) -> float:
    """The inverse hyperbolic cosine, and nan below 1. Up to 2, where glibc is off by 2.2 ulp, from the root at 1."""
    if x < 1.0:
        return _NAN
    if x < 2.0:
        t = x - 1.0
        r = _sqrt(t + t)
        return r + r * (t * acosh_ratio(t))
    return math.acosh(x)


def atanh(x: float) -> float:
    """The inverse hyperbolic tangent, a signed infinity at 1 and -1, and nan outside."""
    try:
        return math.atanh(x)
    except ValueError:
        return _copysign(_INF, x) if x == 1.0 or x == -1.0 else _NAN
