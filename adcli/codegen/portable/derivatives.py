"""Higher derivatives of gaussian, sinc and power in float64 arithmetic alone."""

import math
from math import copysign, exp, fmod, log

from ...ops.kernels.compound import gaussian, product_error, square_error
from ...ops.kernels.elementary import cos, sin
from ...ops.kernels.ieee import subtraction_error
from .arithmetic import maximum, power

_INF = math.inf
_NAN = math.nan


def sinc(x: float) -> float:
    """sin(x) / x, and 1 at 0. It is nan at the infinities, like sin."""
    return 1.0 if x == 0.0 else sin(x) / x


def gaussian_derivative(n: float, x: float) -> float:
    """The n-th derivative of exp(-x**2), (-1)**n H_n(x) exp(-x**2) (DLMF 18.5.5)."""
    order = int(n)
    if order <= 0:
        return gaussian(x)
    if not -40.0 < x < 40.0:
        return 0.0 if x == x else x
    hermite = _hermite(order, 2.0, x)
    c = hermite if order % 2 == 0 else -hermite
    square = x * x
    # Two factors, because exp(-x**2) alone may be subnormal where its product with H_n is not.
    e = exp(-0.5 * square)
    return ((c - c * square_error(x, square)) * e) * e


def normpdf_derivative(n: float, x: float) -> float:
    """The n-th derivative of normpdf, (-1)**n He_n(x) normpdf(x) (DLMF 18.5.5)."""
    order = int(n)
    if not -55.0 < x < 55.0:
        return 0.0 if x == x else x
    hermite = _hermite(order, 1.0, x)
    c = hermite if order % 2 == 0 else -hermite
    square = x * x
    # Two factors, because the exponential alone may be subnormal where its product with He_n is not.
    e = exp(-0.25 * square)
    return (0.3989422804014327 * (c - 0.5 * c * square_error(x, square)) * e) * e


def _hermite(n: int, scale: float, x: float) -> float:
    """Hermite's H_n(x) for the scale 2, He_n(x) for 1, by p_(k+1) = scale (x p_k - k p_(k-1)) in pairs of floats."""
    before = 0.0
    before_low = 0.0
    hermite = 1.0
    low = 0.0
    step = scale * x
    for k in range(n):
        a = step * hermite
        a_low = product_error(step, hermite, a) + step * low
        factor = scale * k
        b = factor * before
        b_low = product_error(factor, before, b) + factor * before_low
        s = a - b
        s_low = subtraction_error(a, b) + (a_low - b_low)
        before = hermite
        before_low = low
        hermite = s + s_low
        low = s_low - (hermite - s)
    return hermite


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
    # A term without its 1/(2k+1), and the sum. Each is a pair: a float and its rounding error.
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
        if x == 0.0 and (order == 0 or d != 0.0):
            return 0.0 if d >= 0.0 else _NAN
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
        elif 0.0 < a < _INF and y - y == 0.0:  # at -inf the power is that of inf, as in C
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
