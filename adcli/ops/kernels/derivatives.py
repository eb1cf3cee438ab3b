"""Scalar kernels: derivatives of any order that the rules of other functions cannot reach without cancellation."""

import math
from math import copysign as _copysign
from math import exp as _exp
from math import fsum as _fsum
from math import log as _log
from math import pow as _pow

from .compound import gaussian, sinc, square_error
from .elementary import cbrt, cos, sin
from .fixed import FIXED_BITS, ONE_FIXED, log_fixed
from .ieee import power, subtraction_error

_INF = math.inf
_NAN = math.nan


def cbrt_derivative(n: float, x: float) -> float:
    """The n-th derivative of cbrt, 1/3 (1/3 - 1) … (1/3 - n + 1) cbrt(x)/x**n: no power of cbrt, no rounding of one."""
    order = int(n)
    if order <= 0 or x != x:
        return cbrt(x)
    sign = 1.0 if order % 2 else -_copysign(1.0, x)
    if x == 0.0:
        return sign * _INF
    if x - x != 0.0:
        return sign * 0.0
    value = cbrt(x)
    for i in range(order):
        value = value / x * (1 - 3 * i) / 3.0
    return value


def gaussian_derivative(n: float, x: float) -> float:
    """The n-th derivative of exp(-x**2), (-1)**n H_n(x) exp(-x**2) (DLMF 18.5.5), H_n in exact integers."""
    order = int(n)
    if order <= 0:
        return gaussian(x)
    if not -40.0 < x < 40.0:
        return 0.0 if x == x else x
    # H_(n+1) = 2x H_n - 2n H_(n-1) at x = p/q, times q**n. Below 2**-60 further bits of x change nothing.
    p, q = x.as_integer_ratio() if abs(x) > 2.0**-60 else (0, 1)
    before, hermite = 0, 1
    for i in range(order):
        before, hermite = hermite, 2 * (p * hermite - i * q * q * before)
    if hermite == 0:
        # An odd order near 0: H_n(x) = (-1)**((n-1)/2) 2x n!!
        slope = -2.0
        for i in range(3, order + 1, 2):
            slope *= -2.0 * i
        return slope * x
    try:
        c: float = (hermite if order % 2 == 0 else -hermite) / q**order
    except OverflowError:
        return _INF if (hermite > 0) == (order % 2 == 0) else -_INF
    hi = x * x
    # Two factors, because exp(-x**2) alone may be subnormal where its product with H_n is not.
    e = _exp(-0.5 * hi)
    return ((c - c * square_error(x, hi)) * e) * e


def sinc_derivative(n: float, x: float) -> float:
    """The n-th derivative of sin(x)/x: Taylor's series in integers, or Leibniz' rule where x is large."""
    order = int(n)
    if order <= 0:
        return sinc(x)
    if x - x != 0.0:
        return _NAN
    if abs(x) > 20.0 + 4.0 * order:
        return _sinc_leibniz(order, x)
    return _sinc_series(order, x)


def _sinc_leibniz(n: int, x: float) -> float:
    """sum_j C(n, j) sin^(n-j)(x) (-1)^j j! / x**(j+1)."""
    s, c = sin(x), cos(x)
    cycle = (s, c, -s, -c)
    factor = 1.0 / x
    terms = []
    for j in range(n + 1):
        terms.append(factor * cycle[(n - j) % 4])
        factor *= -(n - j) / x
    return _fsum(terms)


def _sinc_series(n: int, x: float) -> float:
    """sum_k (-1)**k x**(2k-n) / ((2k+1) (2k-n)!), exact to 2**-bits of its first term."""
    k = (n + 1) // 2
    power_of_x = 2 * k - n
    a = abs(x)
    # Terms grow to exp(|x|) and may cancel down to the size of 1/x. What is left keeps over 100 bits.
    bits = 128 + int(3.0 * a)
    p, q = a.as_integer_ratio()
    square_n, square_d = p * p, q * q
    # The first term is 1/(n+1) or x/(n+2), whose size is kept apart so that a tiny x keeps its bits.
    term = 1 << bits
    total = 0
    j = power_of_x
    sign_bit = k & 1
    while term:
        part = term // (2 * k + 1)
        total += -part if sign_bit else part
        sign_bit ^= 1
        term = (term * square_n) // (square_d * (j + 1) * (j + 2))
        j += 2
        k += 1
    value = total / (1 << bits)
    return value * x if power_of_x else value


def power_derivative(x: float, y: float, k: float, m: float) -> float:
    """d^k/dx^k d^m/dy^m of x**y, which is x**(y-k) P(log x) with a polynomial P of degree m.

    Differentiating x**(y-i) P(L) once more in x gives x**(y-i-1) ((y-i) P(L) + P'(L)), hence the recurrence.
    """
    if m == 0.0:
        if k == 0.0:
            return power(x, y)
        return _power_slope(x, y, int(k))
    if x != x or y != y or x < 0.0:
        return _NAN
    order, degree = int(k), int(m)
    if order == 0 and 0.0 < x < _INF:
        total = logarithm = _log(x)
        for _ in range(degree - 1):
            total *= logarithm
        return _scaled_power(total, x, y, 0.0)
    c, size_of_c = _power_polynomial(y, order, degree)
    d = y - order
    if x == 0.0:
        if order == 0:
            return 0.0 if y >= 0.0 else _NAN
        if d == 0.0:
            return _at_log_infinity(c, -1.0)
        return 0.0 if d > 0.0 else _NAN
    if x == _INF:
        return 0.0 if d < 0.0 else _at_log_infinity(c, 1.0)
    logarithm = _log(x)
    total = size = 0.0
    for a, b in zip(reversed(c), reversed(size_of_c), strict=True):
        total = total * logarithm + a
        size = size * abs(logarithm) + b
    if abs(total) < 0.25 * size < _INF:
        total = _log_polynomial_fixed(x, y, order, degree)
    return _scaled_power(total, x, d, subtraction_error(y, order))


def _power_polynomial(y: float, k: int, m: int) -> tuple[list[float], list[float]]:
    """The coefficients of P in `power_derivative`, and what they would be if nothing cancelled."""
    c = [0.0] * m + [1.0, 0.0]
    size = c
    for i in range(k):
        shift = y - i
        # Zeros stay zeros, also when y is infinite.
        c = [(shift * c[j] if c[j] else 0.0) + (j + 1) * c[j + 1] for j in range(m + 1)] + [0.0]
        shift = abs(shift)
        size = [(shift * size[j] if size[j] else 0.0) + (j + 1) * size[j + 1] for j in range(m + 1)] + [0.0]
    return c, size


def _log_polynomial_fixed(x: float, y: float, k: int, m: int) -> float:
    """P(log x) of `power_derivative` in fixed point, for where its terms cancel."""
    n, d = x.as_integer_ratio()
    logarithm = log_fixed(n, d)
    n, d = y.as_integer_ratio()
    exponent = (n << FIXED_BITS) // d
    c = [0] * m + [ONE_FIXED, 0]
    for i in range(k):
        shift = exponent - (i << FIXED_BITS)
        c = [((shift * c[j]) >> FIXED_BITS) + (j + 1) * c[j + 1] for j in range(m + 1)] + [0]
    total = 0
    for a in reversed(c):
        total = ((total * logarithm) >> FIXED_BITS) + a
    try:
        return total / ONE_FIXED
    except OverflowError:
        return _INF if total > 0 else -_INF


def _power_slope(x: float, y: float, k: int) -> float:
    """y (y-1) ... (y-k+1) x**(y-k), for any x if y is whole."""
    if x != x or y != y:
        return _NAN
    c = y
    for i in range(1, k):
        c *= y - i
    if c == 0.0 and 0.0 <= y < k and y % 1.0 == 0.0:
        return 0.0
    d = y - k
    a = abs(x)
    if x < 0.0 or (x == 0.0 and _copysign(1.0, x) < 0.0):
        if y % 1.0 == 0.0:
            # The parity of y - k, which may itself be rounded away.
            if (y % 2.0 == 1.0) != (k % 2 == 1):
                c = -c
        elif 0.0 < a < _INF and y - y == 0.0:  # at -inf the power is that of inf, as in C
            return _NAN
    return _scaled_power(c, a, d, subtraction_error(y, k) if 0.0 < a < _INF else 0.0)


def _at_log_infinity(c: list[float], side: float) -> float:
    """The limit of the polynomial c(L) for L -> side * inf."""
    for j in range(len(c) - 1, 0, -1):
        if c[j]:
            return c[j] * _INF * (side if j % 2 else 1.0)
    return c[0]


def _scaled_power(c: float, x: float, d: float, error: float) -> float:
    """c * x**(d + error) for x >= 0, in two factors where the power alone leaves the range of floats."""
    try:
        p = _pow(x, d)
    except OverflowError:
        p = _INF
    except ValueError:
        return c * _INF
    if error and c - c == 0.0:
        c += c * (error * _log(x))
    if 1e-290 < p < 1e290 or x == 0.0 or x == _INF:
        return c * p
    if c == 0.0:
        return c
    try:
        h = _pow(x, 0.5 * d)
    except OverflowError:
        return _copysign(_INF, c)
    if h == 0.0:
        return _copysign(0.0, c)
    return (c * h) * h
