"""Scalar kernels of digamma and its derivatives, with the results of IEEE 754. They never raise.

They stay within 10 ulp, measured against mpmath. Where two terms cancel near a zero the value is computed again in
fixed point, in Python's integers.
"""

import math
from math import floor as _floor
from math import fsum as _fsum
from math import log as _log
from math import tan as _tan

from .fixed import FIXED_BITS, ONE_FIXED, log_fixed
from .gamma import BERNOULLI, DEEP
from .ieee import power

_INF = math.inf
_NAN = math.nan
_PI = math.pi
# B(2k) / (2k), the last first.
_DIGAMMA_TAIL = tuple(b / (d * 2 * k) for k, (b, d) in enumerate(BERNOULLI[:8], start=1))[::-1]

# -- digamma -----------------------------------------------------------------------------------------------

# digamma(1 + t) / (t - root) on [0, 1], with the root in two pieces.
_DIGAMMA_P = (
    1.0894678528383955e-06,
    0.0005811135063985677,
    0.01996408274151926,
    0.21631407251432455,
    0.9711327526262392,
    1.8675925104074453,
    1.2503801375034054,
)
_DIGAMMA_Q = (
    0.00012043151172286901,
    0.006100975692434821,
    0.09111902253303285,
    0.5710455727133128,
    1.6630736963665909,
    2.1771665986671342,
    1.0,
)
_ROOT_HIGH = 0.46163214496836236
_ROOT_LOW = -1.5522348162858677e-17


def _digamma_beside_1(t: float) -> float:
    """digamma(1 + t) for t in [0, 1]."""
    p = q = 0.0
    for c in _DIGAMMA_P:
        p = p * t + c
    for c in _DIGAMMA_Q:
        q = q * t + c
    return ((t - _ROOT_HIGH) - _ROOT_LOW) * (p / q)


def digamma(x: float) -> float:
    """d/dx lgamma(x): asymptotic from 10 on (DLMF 5.11.2), steps down to [1, 2], reflection.

    It is nan at the poles except at the two zeros, each of which has a side.
    """
    if x >= 10.0:
        z = 1.0 / (x * x)
        series = 0.0
        for c in _DIGAMMA_TAIL:
            series = series * z + c
        return _log(x) - (0.5 / x + z * series)
    if x >= 1.0:
        total = 0.0
        while x >= 2.0:
            x -= 1.0
            total += 1.0 / x
        return total + _digamma_beside_1(x - 1.0)
    if x > 0.0:
        return _digamma_beside_1(x) - 1.0 / x
    if x > -0.25:
        if x == 0.0:
            return math.copysign(_INF, -x)
        return _digamma_beside_1(1.0 + x) - 1.0 / (1.0 + x) - 1.0 / x
    if x % 1.0 == 0.0 or x - x != 0.0:
        return _NAN
    return _digamma_reflected(x)


def _digamma_reflected(x: float) -> float:
    """digamma(1 - x) - pi cot(pi x) (DLMF 5.5.4)."""
    r = x - round(x)
    if r > 0.25:
        cotangent = _tan(_PI * (0.5 - r))
    elif r < -0.25:
        cotangent = _tan(_PI * (-0.5 - r))
    else:
        cotangent = 1.0 / _tan(_PI * r)
    mirrored = digamma(1.0 - x)
    result = mirrored - _PI * cotangent
    return _polygamma_exact(0, x) if abs(result) < 0.4 * mirrored else result


def polygamma_above(n: float, x: float) -> float:
    """The n-th derivative of digamma at x + 1. Near the root of digamma the sum is not rounded."""
    if n == 0.0 and 0.0 <= x <= 1.0:
        return _digamma_beside_1(x)
    return polygamma(n, x + 1.0) if x != -1.0 else _NAN


# -- polygamma ---------------------------------------------------------------------------------------------

# Per order: (n-1)!, n!, and the coefficients of the asymptotic series relative to its first term.
_SERIES: dict[int, tuple[float, float, tuple[float, ...]]] = {}
_LARGEST_ORDER = 150


def _series(n: int) -> tuple[float, float, tuple[float, ...]]:
    """(n-1)!, n! and B(2k) C(2k+n-1, 2k), the last first."""
    if n not in _SERIES:
        terms = [b * math.comb(2 * k + n - 1, 2 * k) / d for k, (b, d) in enumerate(BERNOULLI[:10], start=1)]
        _SERIES[n] = (float(math.factorial(n - 1)), float(math.factorial(n)), tuple(reversed(terms)))
    return _SERIES[n]


def polygamma(n: float, x: float) -> float:
    """The n-th derivative of digamma (DLMF 5.15). At poles it is inf for odd n, whose sides agree, else nan.

    At a signed zero the side is known: even orders give -inf at 0.0 and inf at -0.0. It is nan unless n is a whole
    number from 0.
    """
    if not (n >= 0.0 and n % 1.0 == 0.0):
        return _NAN
    order = int(n)
    if order == 0:
        return digamma(x)
    if x != x or x == -_INF:
        return _NAN
    if x == _INF:
        return 0.0
    if x <= 0.0 and x % 1.0 == 0.0:
        return _INF if order % 2 else math.copysign(_INF, -x) if x == 0.0 else _NAN
    if order > _LARGEST_ORDER:
        return _polygamma_exact(order, x)
    if x >= DEEP:
        return _polygamma_sum(order, x)
    side = -1.0 if order % 2 else 1.0
    r = x % 1.0
    here = _polygamma_sum(order, r)
    there = side * _polygamma_sum(order, 1.0 - r)
    result = here - there + side * _polygamma_sum(order, 1.0 - x)
    return _polygamma_exact(order, x) if abs(result) < 0.25 * abs(here) else result


def _polygamma_sum(n: int, x: float) -> float:
    """(-1)^(n+1) n! sum_i (x+i)^-(n+1), its tail by the asymptotic series (DLMF 5.15.1, 5.15.8)."""
    below, factorial, coefficients = _series(n)
    count = max(0, n + 15 - _floor(x))
    terms = []
    for i in range(count):
        z = x + i
        t = z - x
        lost = (x - (z - t)) + (i - t)
        term = factorial * power(z, -1.0 - n)
        terms.append(term - term * ((n + 1) * lost / z) if lost else term)
    z = x + count
    t = z - x
    lost = (x - (z - t)) + (count - t)
    w = 1.0 / (z * z)
    series = 0.0
    for c in coefficients:
        series = (series + c) * w
    series += 1.0 + 0.5 * n / z - n * lost / z
    p = power(z, float(-n))
    if p > 1e-290:
        tail = below * p * series
    else:
        # The power alone would be subnormal, not so its product with (n-1)!.
        p = power(z, -0.5 * n)
        tail = (below * p) * (p * series)
    if not terms:
        return tail if n % 2 else -tail
    if x == 0.0 or abs(terms[0]) == _INF:
        return terms[0] if n % 2 else -terms[0]
    terms.append(tail)
    result = _fsum(terms)
    if x < 0.0 and n % 2 == 0 and abs(result) < 0.25 * max(map(abs, terms)):
        return _polygamma_exact(n, x)
    return result if n % 2 else -result


def _polygamma_exact(n: int, x: float) -> float:
    """The same in fixed point, for where the float terms cancel."""
    p, q = x.as_integer_ratio()
    if x >= DEEP:
        total = _polygamma_fixed(n, p, q)
    else:
        side = -1 if n % 2 else 1
        r = p % q
        total = _polygamma_fixed(n, r, q)
        total += side * (_polygamma_fixed(n, q - p, q) - _polygamma_fixed(n, q - r, q))
    try:
        return total / ONE_FIXED
    except OverflowError:
        return _INF if total > 0 else -_INF


def _polygamma_fixed(n: int, p: int, q: int) -> int:
    """polygamma(n, p/q) * 2**160, by the recurrence up to n + 30 and the asymptotic series there."""
    total: int = 0
    factorial = math.factorial(n)
    power_of_q = q ** (n + 1)
    first = factorial * power_of_q << FIXED_BITS
    while p < (n + 30) * q:
        total += first // p ** (n + 1)
        p += q
    total += first // (2 * p ** (n + 1))
    if n:
        total += (factorial // n) * (q**n << FIXED_BITS) // p**n
    else:
        total -= log_fixed(p, q)
    top, bottom = power_of_q * q, p ** (n + 2)
    for k, (b, d) in enumerate(BERNOULLI, start=1):
        b *= math.factorial(2 * k + n - 1)
        d *= math.factorial(2 * k)
        total += (b * top << FIXED_BITS) // (d * bottom)
        top *= q * q
        bottom *= p * p
    return total if n % 2 else -total
