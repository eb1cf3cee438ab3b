"""Scalar kernels of the beta function, its logarithm, and what differentiates them. They never raise.

Nothing here subtracts values of lgamma or digamma, which cancel where one argument is much larger than the other.
"""

import math
from math import expm1 as _expm1
from math import floor as _floor
from math import log as _log
from math import log1p as _log1p
from math import sqrt as _sqrt

from .compound import product_error
from .gamma import gamma, lgamma
from .ieee import div, power, subtraction_error

_INF = math.inf
_NAN = math.nan
_ROOT_TAU = 2.5066282746310007
# B(2k) of the Bernoulli numbers and (2k)! (DLMF 24.2).
_BERNOULLI_NUMBERS = (
    0.16666666666666666, -0.03333333333333333, 0.023809523809523808, -0.03333333333333333, 0.07575757575757576,
    -0.2531135531135531, 1.1666666666666667, -7.092156862745098,
)  # fmt: skip
# B(2k)/(2k (2k-1)) of Stirling's series (DLMF 5.11.1), the last first.
_STIRLING_TERMS = (
    -0.029550653594771242, 0.00641025641025641, -0.0019175269175269176, 0.0008417508417508417, -0.0005952380952380953,
    0.0007936507936507937, -0.002777777777777778, 0.08333333333333333,
)  # fmt: skip


def _stirling(x: float) -> float:
    """lgamma(x) less its first terms, for x >= 10."""
    z = 1.0 / (x * x)
    series = 0.0
    for c in _STIRLING_TERMS:
        series = series * z + c
    return series / x


def _lost_in_power(x: float, x_low: float, total: float, low: float) -> float:
    """The logarithm of (x/total)**x of pairs of floats, less that of the same of their heads."""
    q = x / total
    p = q * total
    return ((x - p) - product_error(q, total, p) - q * low) + x_low + x_low * _log(q)


def beta(a: float, b: float) -> float:
    """gamma(a) gamma(b)/gamma(a + b) for positive numbers."""
    if not (a > 0.0 and b > 0.0):
        return _INF if (a == 0.0 and b >= 0.0) or (b == 0.0 and a > 0.0) else _NAN
    if a > b:
        larger = a
        a = b
        b = larger
    if b > 1e25:
        return gamma(a) * power(b, -a)
    if a < 1e-150:
        return 1.0 / a + (1.0 / b if b < 1e-150 else 0.0)
    total = a + b
    return _beta_of_pairs(a, 0.0, b, 0.0, total, subtraction_error(a, -b))


def _beta_of_pairs(a: float, a_low: float, b: float, b_low: float, total: float, low: float) -> float:
    """beta(a, b) of pairs of floats, their sum as the third one, from (a + 1, b) and (a, b + 1) until Stirling's
    series holds.
    """
    above = 1.0
    above_low = 0.0
    below = 1.0
    below_low = 0.0
    while a < 10.0 or b < 10.0:
        # beta(x, y) = beta(x + 1, y) (x + y)/x, of the smaller one
        x = a
        x_low = a_low
        if b < a:
            x = b
            x_low = b_low
        p = above * total
        above_low = product_error(above, total, p) + (above_low * total + above * low)
        above = p
        p = below * x
        below_low = product_error(below, x, p) + (below_low * x + below * x_low)
        below = p
        low += subtraction_error(total, -1.0)
        total += 1.0
        if a <= b:
            a_low += subtraction_error(a, -1.0)
            a += 1.0
        else:
            b_low += subtraction_error(b, -1.0)
            b += 1.0
    value = _ROOT_TAU * _sqrt(total / b / a) * power(a / total, a) * (above / below) * power(b / total, b)
    if value == 0.0:
        return 0.0  # what was lost may be beyond exp
    lost = _stirling(a) + (_stirling(b) - _stirling(total)) + (above_low / above - below_low / below)
    lost += _lost_in_power(a, a_low, total, low) + _lost_in_power(b, b_low, total, low)
    return value + value * _expm1(lost)


def lbeta(a: float, b: float) -> float:
    """log(beta(a, b)) for positive numbers."""
    if not (a > 0.0 and b > 0.0):
        return _INF if (a == 0.0 and b >= 0.0) or (b == 0.0 and a > 0.0) else _NAN
    if a > b:
        larger = a
        a = b
        b = larger
    if b < 10.0 and a > 1e-300:
        return _log(beta(a, b))
    if b == _INF:
        return -_INF
    total = a + b
    if a <= 1e-300:
        return -_log(a)
    if a < 10.0:
        # log(gamma(b)/gamma(a + b)) as above
        fall = -(b - 0.5) * _log1p(a / b) - a * (_log(total) - 1.0)
        return lgamma(a) + (fall + (_stirling(b) - _stirling(total)))
    rest = 0.9189385332046728 + (_stirling(a) + (_stirling(b) - _stirling(total)))
    return (a - 0.5) * -_log1p(b / a) - b * _log1p(a / b) + (rest - 0.5 * _log(b))


def polygamma_difference(n: float, x: float, y: float) -> float:
    """polygamma(n, x) - polygamma(n, x + y) for x > 0 and x + y > 0, term by term of both series."""
    order = int(n)
    if not (x > 0.0 and x + y > 0.0):
        if x != 0.0 or not y > 0.0:
            return _NAN
        return -_INF if order % 2 == 0 else _INF
    if y < 0.0:
        return -polygamma_difference(n, x + y, -y)
    if x == _INF:
        return 0.0
    factor = 1.0
    for i in range(1, order + 1):
        factor *= 1.0 * i
    # (-1)**(n + 1) n! sum_k (1/(x + k)**(n + 1) - 1/(x + y + k)**(n + 1)), summed with what each addition loses.
    total = 0.0
    lost = 0.0
    steps = 0.0
    while x + steps < 15.0:
        term = factor * _power_fall(x + steps, y, order + 1)
        added = total + term
        lost += subtraction_error(total, -term)
        total = added
        steps += 1.0
    # The asymptotic series, with B(2k) (2k + n - 1)!/(2k)!
    x += steps
    growth = factor if order == 0 else factor / order
    far = _log1p(y / x) if order == 0 else growth * _power_fall(x, y, order)
    for k in range(1, 9):
        growth *= (2.0 * k + order - 1.0) * (2.0 * k + order - 2.0) if k > 1 or order > 0 else 1.0
        growth /= (2.0 * k) * (2.0 * k - 1.0)
        lost += _BERNOULLI_NUMBERS[k - 1] * growth * _power_fall(x, y, 2 * k + order)
    lost += 0.5 * factor * _power_fall(x, y, order + 1)
    added = total + far
    total = added + (lost + subtraction_error(total, -far))
    return -total if order % 2 == 0 else total


def _power_fall(x: float, y: float, n: int) -> float:
    """1/x**n - 1/(x + y)**n, which does not cancel."""
    if n == 1:
        return y / (x + y) / x if y < 1e300 else 1.0 / x
    return power(x, -1.0 * n) * -_expm1(-1.0 * n * _log1p(y / x))


def binomial(n: float, k: float) -> float:
    """gamma(n + 1)/(gamma(k + 1) gamma(n - k + 1)), and a product where k is a small whole number."""
    if k - k == 0.0 and n - n == 0.0 and k == _floor(k):
        if n == _floor(n) and n >= 0.0 and 2.0 * k > n:
            k = n - k
        if k < 0.0:
            return 0.0
        if k <= 1000.0:
            return _rising_product(n, k)
    if not (n > -1.0 and -1.0 < k < n + 1.0):
        return _NAN
    difference = n - k
    low = subtraction_error(n, k)
    a = k + 1.0
    b = difference + 1.0
    if b > 1e25 or a > 1e25:
        return power(difference, k) / gamma(a) if k < difference else power(k, difference) / gamma(b)
    low += subtraction_error(difference, -1.0)
    total = n + 2.0
    value = _beta_of_pairs(a, subtraction_error(k, -1.0), b, low, total, subtraction_error(n, -2.0))
    return div(1.0, value * (n + 1.0))


def _rising_product(n: float, k: float) -> float:
    """n (n - 1)… (n - k + 1)/k! in pairs of floats."""
    product = 1.0
    low = 0.0
    for i in range(int(k)):
        factor = n - i
        p = product * factor
        p_low = product_error(product, factor, p) + (low * factor + product * subtraction_error(n, i * 1.0))
        divisor = i + 1.0
        product = (p + p_low) / divisor
        back = product * divisor
        low = (((p - back) - product_error(product, divisor, back)) + p_low) / divisor
        if not -1e300 < product < 1e300:
            return product
    return product + low
