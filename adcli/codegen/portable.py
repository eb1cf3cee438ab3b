"""Kernels in nothing but float64 arithmetic and loops, for languages without Python's long integers and exceptions.

Each stands in for the kernel of the same name in `ops/kernels/` when `translate.py` writes C or JavaScript; the tests
hold both to the same references. They are written in the part of Python that `translate.py` reads, and run as Python.
Pairs of floats (a head and what rounding took from it) do the work of the long integers.
"""

import math
from math import copysign, exp, expm1, floor, fmod, log, log1p, pow, sqrt

from ..ops.kernels.compound import gaussian, square_error
from ..ops.kernels.elementary import cos, sin
from ..ops.kernels.gamma import _lgamma_beside_1, lgamma
from ..ops.kernels.ieee import subtraction_error
from ..ops.kernels.polygamma import _DIGAMMA_TAIL, _digamma_beside_1

_INF = math.inf
_NAN = math.nan
_PI = math.pi
_SPLIT = 134217729.0
# B(2k) / (2k)! of the Bernoulli numbers, k = 1 … 10 (DLMF 24.2): the asymptotic series of polygamma.
_BERNOULLI_OVER_FACTORIAL = (
    0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07, 2.08767569878681e-08,
    -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225829e-13, 8.586062056277845e-15,
    -2.174868698558062e-16,
)  # fmt: skip

# Stirling's series of gamma but for its first term (DLMF 5.11.4), the last first.
_GAMMA_SERIES = (
    -534703531 / 902961561600, 5246819 / 75246796800, 163879 / 209018880, -571 / 2488320, -139 / 51840, 1 / 288, 1 / 12,
)  # fmt: skip


def product_error(x: float, y: float, product: float) -> float:
    """The exact x*y - fl(x*y), by Veltkamp's splitting and Dekker's product (Dekker 1971)."""
    t = x * _SPLIT
    a = t - (t - x)
    b = x - a
    t = y * _SPLIT
    c = t - (t - y)
    d = y - c
    return ((a * c - product) + a * d + b * c) + b * d


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
    """The remainder with the sign of the divisor, as in Python; nan for a divisor of 0."""
    r = fmod(x, y)
    if r != 0.0:
        return r + y if (r < 0.0) != (y < 0.0) else r
    return copysign(0.0, y)


def floordiv(x: float, y: float) -> float:
    """The floor of the exact quotient; x/0 as it is."""
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
    """The smaller argument; nan if one is nan; of equal ones the first."""
    if x != x:
        return x
    return y if y < x or y != y else x


def maximum(x: float, y: float) -> float:
    """The larger argument; nan if one is nan; of equal ones the first."""
    if x != x:
        return x
    return y if y > x or y != y else x


def share(ties: float) -> float:
    """1 over the number of arguments that tie, 0 for none: the slope of max and min."""
    return 1.0 / ties if ties > 0.0 else 0.0


def sinc(x: float) -> float:
    """sin(x) / x, and 1 at 0; nan at the infinities, as sin."""
    return 1.0 if x == 0.0 else sin(x) / x


def logaddexp(x: float, y: float) -> float:
    """log(exp(x) + exp(y)) without overflow; from expm1 near the curve where it vanishes."""
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


def gaussian_derivative(n: float, x: float) -> float:
    """The n-th derivative of exp(-x**2), (-1)**n H_n(x) exp(-x**2) (DLMF 18.5.5), H_n in pairs of floats."""
    order = int(n)
    if order <= 0:
        return gaussian(x)
    if not -40.0 < x < 40.0:
        return 0.0 if x == x else x
    # H_(n+1) = 2x H_n - 2n H_(n-1)
    before = 0.0
    before_low = 0.0
    hermite = 1.0
    low = 0.0
    for i in range(order):
        a = 2.0 * x * hermite
        a_low = product_error(2.0 * x, hermite, a) + 2.0 * x * low
        b = 2.0 * i * before
        b_low = product_error(2.0 * i, before, b) + 2.0 * i * before_low
        s = a - b
        s_low = subtraction_error(a, b) + (a_low - b_low)
        before = hermite
        before_low = low
        hermite = s + s_low
        low = s_low - (hermite - s)
    c = hermite if order % 2 == 0 else -hermite
    hi = x * x
    # Two factors, because exp(-x**2) alone may be subnormal where its product with H_n is not.
    e = exp(-0.5 * hi)
    return ((c - c * square_error(x, hi)) * e) * e


def sinc_derivative(n: float, x: float) -> float:
    """The n-th derivative of sin(x)/x: Taylor's series in pairs of floats, or Leibniz' rule where x is large."""
    order = int(n)
    if order <= 0:
        return sinc(x)
    if x - x != 0.0:
        return _NAN
    limit = 20.0 + 4.0 * order
    if order > 3:
        limit = maximum(32.0, 2.0 * order)
    if abs(x) > limit:
        return _sinc_leibniz(order, x)
    return _sinc_series(order, x)


def _sinc_leibniz(n: int, x: float) -> float:
    """sum_j C(n, j) sin^(n-j)(x) (-1)^j j! / x**(j+1)."""
    s = sin(x)
    c = cos(x)
    factor = 1.0 / x
    total = 0.0
    lost = 0.0
    for j in range(n + 1):
        phase = (n - j) % 4
        wave = s if phase % 2 == 0 else c
        term = factor * (wave if phase < 2 else -wave)
        added = total + term
        lost += subtraction_error(total, -term)
        total = added
        factor *= -(n - j) / x
    return total + lost


def _sinc_series(n: int, x: float) -> float:
    """sum_k (-1)**k x**(2k-n) / ((2k+1) (2k-n)!), the first factor x of an odd n left to the end."""
    first = (n + 1) // 2
    odd = 2 * first - n
    square = x * x
    square_low = square_error(x, square)
    sign = 1.0 if first % 2 == 0 else -1.0
    # A term without its 1/(2k+1), and the sum, each as a head and what rounding took from it.
    term = sign
    term_low = 0.0
    total = 0.0
    total_low = 0.0
    j = odd * 1.0
    divisor = 2.0 * first + 1.0
    size = 1.0
    while size > 1e-34:
        q = term / divisor
        p = q * divisor
        q_low = (((term - p) - product_error(q, divisor, p)) + term_low) / divisor
        s = total + q
        s_low = subtraction_error(total, -q) + (total_low + q_low)
        total = s + s_low
        total_low = s_low - (total - s)
        p = term * square
        p_low = product_error(term, square, p) + (term * square_low + term_low * square)
        below = -((j + 1.0) * (j + 2.0))
        q = p / below
        p_back = q * below
        q_low = (((p - p_back) - product_error(q, below, p_back)) + p_low) / below
        term = q + q_low
        term_low = q_low - (term - q)
        j += 2.0
        divisor += 2.0
        size = abs(term)
    return total * x if odd else total


def power_derivative(x: float, y: float, k: float, m: float) -> float:
    """d^k/dx^k d^m/dy^m of x**y, which is x**(y-k) P(log x) with a polynomial P of degree m."""
    if m == 0.0:
        return power(x, y) if k == 0.0 else _power_slope(x, y, int(k))
    if x != x or y != y or x < 0.0:
        return _NAN
    order = int(k)
    degree = int(m)
    logarithm = log(x)
    if order == 0 and 0.0 < x < _INF:
        total = logarithm
        for _ in range(degree - 1):
            total *= logarithm
        return _scaled_power(total, x, y, 0.0)
    # Differentiating x**(y-i) P(L) once more in x gives x**(y-i-1) ((y-i) P(L) + P'(L)). Zeros stay zeros.
    c = [0.0] * 101
    c[degree] = 1.0
    for i in range(order):
        shift = y - i
        for j in range(degree + 1):
            c[j] = (shift * c[j] if c[j] != 0.0 else 0.0) + (j + 1) * c[j + 1]
    d = y - order
    if x == 0.0 or x == _INF:
        if x == 0.0 and order == 0:
            return 0.0 if y >= 0.0 else _NAN
        if x == 0.0 and d != 0.0:
            return 0.0 if d > 0.0 else _NAN
        if x == _INF and d < 0.0:
            return 0.0
        # The limit of the polynomial for log(x) -> -inf or inf.
        for j in range(degree):
            if c[degree - j] != 0.0:
                return c[degree - j] * (_INF if x == _INF or (degree - j) % 2 == 0 else -_INF)
        return c[0]
    total = 0.0
    for j in range(degree + 1):
        total = total * logarithm + c[degree - j]
    return _scaled_power(total, x, d, subtraction_error(y, order))


def _power_slope(x: float, y: float, k: int) -> float:
    """y (y-1) ... (y-k+1) x**(y-k), for any x if y is whole."""
    if x != x or y != y:
        return _NAN
    c = y
    for i in range(1, k):
        c *= y - i
    if c == 0.0 and 0.0 <= y < k and fmod(y, 1.0) == 0.0:
        return 0.0
    d = y - k
    a = abs(x)
    if copysign(1.0, x) < 0.0:
        if fmod(y, 1.0) == 0.0:
            # The parity of y - k, which may itself be rounded away.
            if (abs(fmod(y, 2.0)) == 1.0) != (k % 2 == 1):
                c = -c
        elif x != 0.0 and y - y == 0.0:
            return _NAN
    return _scaled_power(c, a, d, subtraction_error(y, k) if 0.0 < a < _INF else 0.0)


def _scaled_power(c: float, x: float, d: float, error: float) -> float:
    """c * x**(d + error) for x >= 0, in two factors where the power alone leaves the range of floats."""
    p = power(x, d)
    if error != 0.0 and c - c == 0.0:
        c += c * (error * log(x))
    if 1e-290 < p < 1e290 or x == 0.0 or x == _INF:
        return c * p
    if c == 0.0:
        return c
    h = power(x, 0.5 * d)
    if h == 0.0:
        return copysign(0.0, c)
    return (c * h) * h


def power(x: float, y: float) -> float:
    """C99 pow, also where JavaScript gives nan: 1 to any power, -1 to an infinite one."""
    if x == 1.0 or (x == -1.0 and abs(y) == _INF):
        return 1.0
    return pow(x, y)


def _erf_series(x: float) -> float:
    """erf(x)*sqrt(pi)/2 of Kummer's series exp(-x**2) sum 2**k x**(2k+1)/(2k+1)!!, all of one sign (DLMF 7.6.2)."""
    term = x
    total = 0.0
    divisor = 1.0
    while abs(term) > 1e-18 * abs(total):
        total += term
        divisor += 2.0
        term *= 2.0 * x * x / divisor
    return gaussian(x) * total


def _erfc_fraction(x: float) -> float:
    """erfc(x) for x >= 0.5 by its continued fraction (DLMF 7.9.1), from the end."""
    if x > 27.5:
        return 0.0
    below = x
    for k in range(int(10.0 + 250.0 / (x * x)), 0, -1):
        below = x + 0.5 * k / below
    return gaussian(x) / (1.7724538509055160 * below)


def erf(x: float) -> float:
    """The error function."""
    if x != x:
        return x
    if abs(x) > 6.0:
        return copysign(1.0, x)
    if abs(x) < 0.5:
        return 1.1283791670955126 * _erf_series(x)
    return copysign(1.0 - _erfc_fraction(abs(x)), x)


def erfc(x: float) -> float:
    """1 - erf(x)."""
    if x > 0.5:
        return _erfc_fraction(x)
    return 1.0 - erf(x)


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
        # Reflection (DLMF 5.5.3), the sign from the interval.
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
    """d/dx lgamma(x): asymptotic from 10 on (DLMF 5.11.2), steps down to [1, 2], reflection; nan at the poles
    but for the two zeros, which have a side each."""
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
    """The n-th derivative of digamma (DLMF 5.15); at poles inf for odd n, whose sides agree, else nan."""
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
