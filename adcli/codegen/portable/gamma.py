"""The gamma family in float64 arithmetic alone."""

import math
from math import copysign, exp, expm1, floor, fmod, log, pow

from ...ops.kernels.compound import product_error
from ...ops.kernels.elementary import cos, sin
from ...ops.kernels.gamma import _lgamma_beside_1, lgamma
from ...ops.kernels.ieee import subtraction_error
from ...ops.kernels.polygamma import _DIGAMMA_TAIL, _digamma_beside_1
from .arithmetic import maximum

_INF = math.inf
_NAN = math.nan
_PI = math.pi
# B(2k) / (2k)! of the Bernoulli numbers, k = 1 … 10 (DLMF 24.2): the asymptotic series of polygamma.
_BERNOULLI_OVER_FACTORIAL = (
    0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07, 2.08767569878681e-08,
    -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225829e-13, 8.586062056277845e-15,
    -2.174868698558062e-16,
)  # fmt: skip

# Stirling's series of gamma without its first term (DLMF 5.11.4), from the last term to the first.
_GAMMA_SERIES = (
    -534703531 / 902961561600, 5246819 / 75246796800, 163879 / 209018880, -571 / 2488320, -139 / 51840, 1 / 288, 1 / 12,
)  # fmt: skip


def gamma(x: float) -> float:
    """C99 tgamma: from lgamma on [1, 2] by the recurrence to 20, by Stirling's series beyond (DLMF 5.11.3)."""
    if x != x or x == _INF:
        return x
    if x <= 0.0 and fmod(x, 1.0) == 0.0:
        return copysign(_INF, x) if x == 0.0 else _NAN
    if x == -_INF:
        return _NAN
    if x > 171.7:
        return _INF
    if -0.5 < x < 0.0:
        t = 1.0 + x
        return (1.0 + expm1(t * x * _lgamma_beside_1(t))) / t / x
    if x < 0.0:
        return _gamma_reflected(x)
    if x >= 20.0:
        z = 1.0 / x
        series = 0.0
        for c in _GAMMA_SERIES:
            series = (series + c) * z
        half = pow(x, 0.5 * x - 0.25)
        root = 2.5066282746310002 * (half * exp(-x)) * half
        return root + root * series
    product = 1.0
    lost = 0.0
    while x >= 2.0:
        x -= 1.0
        p = product * x
        lost = lost * x + product_error(product, x, p)
        product = p
    if x >= 1.0:
        t = x - 1.0
        e = expm1(t * (t - 1.0) * _lgamma_beside_1(t))
        return product + (lost + product * e)
    return (1.0 + expm1(x * (x - 1.0) * _lgamma_beside_1(x))) / x


def _gamma_reflected(x: float) -> float:
    """gamma of a negative number by reflection (DLMF 5.5.3), the sign from the interval."""
    if x < -184.0:
        return 0.0 if fmod(floor(x), 2.0) == 0.0 else -0.0
    above = floor(x + 0.5)
    wave = sin(_PI * (x - above))
    if fmod(above, 2.0) != 0.0:
        wave = -wave
    if x > -170.0:
        return -_PI / (x * wave) / gamma(-x)
    # Below, gamma(-x) itself is beyond the largest float.
    return -_PI / (x * wave) / gamma(-x - 20.0) / _rising(-x - 20.0)


def _rising(x: float) -> float:
    """x (x+1) … (x+19)."""
    product = 1.0
    for i in range(20):
        product *= x + i
    return product


def _lgamma_reflected(x: float) -> float:
    """log(pi / |x sin(pi x)|) - lgamma(-x), from DLMF 5.5.3."""
    above = floor(x + 0.5)
    return log(_PI / (-x * abs(sin(_PI * (x - above))))) - lgamma(-x)


def digamma(x: float) -> float:
    """d/dx lgamma(x): asymptotic from 10 on (DLMF 5.11.2), steps down to [1, 2], reflection. It is nan at the poles,
    except at the two zeros, each of which has one side."""
    if x >= 10.0:
        z = 1.0 / (x * x)
        series = 0.0
        for c in _DIGAMMA_TAIL:
            series = series * z + c
        return log(x) - (0.5 / x + z * series)
    if x >= 1.0:
        total = 0.0
        while x >= 2.0:
            x -= 1.0
            total += 1.0 / x
        return total + _digamma_beside_1(x - 1.0)
    if x > 0.0:
        return _digamma_beside_1(x) - 1.0 / x
    if x == 0.0:
        return copysign(_INF, -x)
    if x > -0.25:
        return _digamma_beside_1(1.0 + x) - 1.0 / (1.0 + x) - 1.0 / x
    if x != x or x == -_INF or fmod(x, 1.0) == 0.0:
        return _NAN
    # digamma(1 - x) - pi cot(pi x) (DLMF 5.5.4)
    r = x - floor(x + 0.5)
    return digamma(1.0 - x) - _PI * cos(_PI * r) / sin(_PI * r)


def polygamma(n: float, x: float) -> float:
    """The n-th derivative of digamma (DLMF 5.15). At poles it is inf for odd n, whose sides agree, otherwise nan."""
    order = int(n)
    if order <= 0:
        return digamma(x)
    if x != x or x == -_INF:
        return _NAN
    if x == _INF:
        return 0.0
    if x <= 0.0 and fmod(x, 1.0) == 0.0:
        if order % 2 == 1:
            return _INF
        return copysign(_INF, -x) if x == 0.0 else _NAN
    if x >= -30.0:
        return _polygamma_sum(order, x)
    side = -1.0 if order % 2 == 1 else 1.0
    r = x - floor(x)
    there = _polygamma_sum(order, 1.0 - r)
    return _polygamma_sum(order, r) - side * there + side * _polygamma_sum(order, 1.0 - x)


def _polygamma_sum(n: int, x: float) -> float:
    """(-1)^(n+1) n! sum_i (x+i)^-(n+1), its tail by the asymptotic series (DLMF 5.15.1, 5.15.8)."""
    factorial = 1.0
    for i in range(1, n + 1):
        factorial *= i
    count = int(maximum(0.0, n + 15.0 - floor(x)))
    total = 0.0
    lost = 0.0
    for i in range(count):
        z = x + i
        term = factorial * pow(z, -1.0 - n)
        # What rounding took from x + i moves the power.
        term += term * ((n + 1) * subtraction_error(x, -1.0 * i) / z) * -1.0 if abs(term) < 1e290 else 0.0
        lost += subtraction_error(total, -term)
        total += term
    z = x + count
    w = 1.0 / (z * z)
    # B(2k)/(2k)! (2k+n-1)!/(n-1)! / z**2k, beside the first term 1.
    series = 1.0 + 0.5 * n / z - n * subtraction_error(x, -1.0 * count) / z
    rising = 1.0
    j = n * 1.0
    for c in _BERNOULLI_OVER_FACTORIAL:
        rising *= j * (j + 1.0) * w
        series += c * rising
        j += 2.0
    half = pow(z, -0.5 * n)
    tail = (factorial / n * half) * (half * series)
    result = total + (tail + lost)
    return result if n % 2 == 1 else -result
