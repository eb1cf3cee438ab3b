"""Scalar kernels of the error and gamma functions, with the results of IEEE 754 and C99. They never raise.

erf and erfc stay within 3 ulp, the gamma family within 10, measured against mpmath. Where two terms cancel
near a zero the value is computed again in fixed point: Python's integers are exact and need no library. The
rational approximations were fitted with mpmath, at Chebyshev's nodes, to a relative error below 1e-16.
"""

import math
from math import erfc as _erfc
from math import exp as _exp
from math import floor as _floor
from math import log as _log
from math import sin as _sin

from .compound import square_error
from .fixed import FIXED_BITS, ONE_FIXED, log_fixed

_INF = math.inf
_NAN = math.nan
_PI = math.pi

# B(2), B(4), ...: the Bernoulli numbers of the asymptotic series (DLMF 24.2).
BERNOULLI = (
    (1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510),
    (43867, 798), (-174611, 330), (854513, 138), (-236364091, 2730), (8553103, 6), (-23749461029, 870),
    (8615841276005, 14322),
)  # fmt: skip
# B(2k) / (2k (2k-1)), the last first.
_STIRLING = tuple(b / (d * 2 * k * (2 * k - 1)) for k, (b, d) in enumerate(BERNOULLI[:7], start=1))[::-1]
_LOG_SQRT_TAU = 0xEB3F8E4325F5A53494BC900144192023CFB08F8D

# Down to here the recurrence is computed in integers. Below, the functions are reflected.
DEEP = -30.0

erf = math.erf


# (exp(x**2) erfc(x) - _ERFCX_AT_NODE) / h with h = x - _NODE, on [1.05, 2.25]. At this node the constant is a
# float to within 2e-18 of its value, and the rest is a small correction.
_NODE = 1.599609375
_ERFCX_AT_NODE = 0.3060113343717236
_ERFCX_P = (
    -1.767810835597811e-10,
    -0.00013751837326316597,
    -0.002535174939277252,
    -0.019519903021259433,
    -0.07860629427372591,
    -0.1661899650119017,
    -0.1493819684609749,
)
_ERFCX_Q = (
    0.0004494037357858413,
    0.009112954573832896,
    0.07926600924133395,
    0.37783218452800765,
    1.0391932147854657,
    1.5614234072596938,
    1.0,
)


def erfc(x: float) -> float:
    """1 - erf(x): the C library's value, computed anew where glibc is off by 4 ulp or more (below 1.25)."""
    if not 1.05 < x < 2.25:
        return _erfc(x)
    h = x - _NODE
    p = q = 0.0
    for c in _ERFCX_P:
        p = p * h + c
    for c in _ERFCX_Q:
        q = q * h + c
    t = h * (p / q)
    square = x * x
    return _exp(-square) * (_ERFCX_AT_NODE + (t - (_ERFCX_AT_NODE + t) * square_error(x, square)))


# -- gamma and its logarithm -------------------------------------------------------------------------------


def gamma(x: float) -> float:
    """C99 tgamma: infinite at the two zeros, nan at the negative whole numbers and at -inf."""
    try:
        return math.gamma(x)
    except OverflowError:
        # Next to -0.0 and to the negative poles, the interval determines the sign.
        return _INF if x > 0.0 or _floor(x) % 2 == 0 else -_INF
    except ValueError:
        return math.copysign(_INF, x) if x == 0.0 else _NAN


FACTORIALS = tuple(float(math.factorial(n)) for n in range(171))


def factorial(x: float) -> float:
    """gamma(x + 1): from a table at whole numbers, and without the rounding error of x + 1 elsewhere."""
    if x <= 1.0:
        return gamma(x + 1.0) if x != -1.0 else _NAN
    if x <= 170.0 and x % 1.0 == 0.0:
        return FACTORIALS[int(x)]
    return x * gamma(x)


# lgamma(1 + t) / (t (t - 1)) on [0, 1]: both zeros stand outside, so that the quotient keeps its bits.
_LGAMMA_P = (
    -7.978941098521763e-07,
    7.137711555893187e-05,
    0.009060657389383225,
    0.13010128282514377,
    0.6620976499212197,
    1.4930605983586913,
    1.5266184730966004,
    0.5772156649015329,
)
_LGAMMA_Q = (
    0.002977597285715616,
    0.0725453126933089,
    0.5774290623672858,
    2.0587168639115454,
    3.621645643899702,
    3.0696842607718264,
    1.0,
)


def _lgamma_beside_1(t: float) -> float:
    """lgamma(1 + t) / (t (t - 1)) for t in [0, 1]."""
    p = q = 0.0
    for c in _LGAMMA_P:
        p = p * t + c
    for c in _LGAMMA_Q:
        q = q * t + c
    return p / q


def lgamma(x: float) -> float:
    """C99 lgamma, log|gamma(x)|: Stirling's series from 10 on (DLMF 5.11.1), steps to [1, 2], reflection."""
    if x >= 10.0:
        if x == _INF:
            return x
        z = 1.0 / (x * x)
        series = 0.0
        for c in _STIRLING:
            series = series * z + c
        return (x - 0.5) * (_log(x) - 1.0) + (0.41893853320467274 + series / x)
    if x >= 2.0:
        product = 1.0
        while x >= 3.0:
            x -= 1.0
            product *= x
        product *= x - 1.0
        t = x - 2.0
        return t * (t - 1.0) * _lgamma_beside_1(t) + _log(product)
    if x >= 1.0:
        return (x - 1.0) * (x - 2.0) * _lgamma_beside_1(x - 1.0)
    if x > 0.0:
        return x * (x - 1.0) * _lgamma_beside_1(x) - _log(x)
    if x != x:
        return x
    if x % 1.0 == 0.0 or x == -_INF:
        return _INF
    if x > -0.5:
        t = 1.0 + x
        return t * x * _lgamma_beside_1(t) - math.log1p(x) - _log(-x)
    return _lgamma_reflected(x)


def _lgamma_reflected(x: float) -> float:
    """log(pi / |x sin(pi x)|) - lgamma(-x), from DLMF 5.5.3."""
    up = _log(_PI / (-x * abs(_sin(_PI * (x - round(x))))))
    mirrored = lgamma(-x)
    result = up - mirrored
    if x > DEEP and abs(result) < 0.25 * (abs(up) + abs(mirrored)):
        return _lgamma_fixed(x)
    return result


def _lgamma_fixed(x: float) -> float:
    """Stirling's series at x + n >= 30 less the logarithm of x (x+1) ... (x+n-1), in fixed point."""
    p, q = x.as_integer_ratio()
    product, scale = 1, 1
    while p < 30 * q:
        product *= p
        scale *= q
        p += q
    total = (2 * p - q) * log_fixed(p, q) // (2 * q) - (p << FIXED_BITS) // q + _LOG_SQRT_TAU
    top, bottom = q, p
    for k, (b, d) in enumerate(BERNOULLI, start=1):
        total += (b * top << FIXED_BITS) // (d * 2 * k * (2 * k - 1) * bottom)
        top *= q * q
        bottom *= p * p
    return (total - log_fixed(abs(product), scale)) / ONE_FIXED
