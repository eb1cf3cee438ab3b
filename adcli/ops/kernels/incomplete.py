"""Scalar kernels of the regularised incomplete gamma functions, and of their derivatives by x. They never raise."""

import math
from math import exp as _exp
from math import expm1 as _expm1
from math import floor as _floor
from math import log as _log
from math import log1p as _log1p
from math import sqrt as _sqrt

from .beta import _stirling
from .compound import product_error
from .gamma import _lgamma_beside_1, gamma
from .ieee import power, subtraction_error

_INF = math.inf
_NAN = math.nan
_ONE_OVER_ROOT_TAU = 0.3989422804014327
# Half of the nodes and weights of the Gauss-Legendre quadrature with 16 nodes (DLMF 3.5.15).
_NODES = (
    0.09501250983763744, 0.2816035507792589, 0.45801677765722737, 0.6178762444026438,
    0.755404408355003, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499,
)  # fmt: skip
_WEIGHTS = (
    0.1894506104550685, 0.18260341504492358, 0.16915651939500254, 0.14959598881657674,
    0.12462897125553388, 0.09515851168249279, 0.062253523938647894, 0.027152459411754096,
)  # fmt: skip


def _density(a: float, x: float) -> float:
    """x**a exp(-x)/gamma(a) for 0 < x < inf, by Stirling's series at a + n >= 10."""
    if a < 1e-20:
        return a * _exp(-x)
    if a > 1e4 and abs(x - a) >= 0.5 * a:
        return 0.0
    if x < 1e-290:
        return power(x, a) / gamma(a)
    product = 1.0
    product_low = 0.0
    z = a
    low = 0.0
    steps = 0.0
    while z < 10.0:
        p = product * z
        product_low = product_low * z + product * low + product_error(product, z, p)
        product = p
        low += subtraction_error(z, -1.0)
        z += 1.0
        steps += 1.0
    front = _ONE_OVER_ROOT_TAU * _sqrt(z) * product * power(z, -steps)
    lost = product_low / product - _stirling(z) + (0.5 - steps) * low / z
    if a > 1e40:
        return front if x == a else 0.0
    if a > 1000.0 and abs(x - a) < 0.5 * a:
        return _density_near(front, lost, a, x)
    q = x / z
    back = q * z
    lost += a * ((((x - back) - product_error(q, z, back)) - q * low) / x if x > 1e-290 else 0.0)
    lost += subtraction_error(z, x) + low
    pieces = 2.0
    while abs(z - x) > 600.0 * pieces:
        pieces *= 2.0
    piece = power(q, a / pieces) * _exp((z - x) / pieces)
    total = front
    while pieces > 2.0:
        piece *= piece
        pieces *= 0.5
    total = (total * piece) * piece
    return total + total * _expm1(lost)


def _density_near(front: float, lost: float, a: float, x: float) -> float:
    """The rest of _density for a large a and x near it."""
    # a*log(x/a) + a - x, whose first term is -a*s*u with u = x/a - 1 and s = u/(2 + u)
    d = x - a
    d_low = subtraction_error(x, a)
    square = d * d
    below = x + a
    first = square / below
    back = first * below
    first_low = ((square - back) - product_error(first, below, back) + product_error(d, d, square)
                 + 2.0 * d * d_low + first * subtraction_error(-a, x)) / below  # fmt: skip
    s = d / below
    w = s * s
    series = 0.0
    for k in range(18, 0, -1):
        series = series * w + 1.0 / (2.0 * k + 1.0)
    return front * _exp(-first) * _exp(2.0 * a * s * w * series - first_low + lost)


def _series(a: float, x: float) -> float:
    """P(a, x)/_density(a, x), the sum of x**k/(a (a + 1)… (a + k)) from its end (DLMF 8.7.1)."""
    count = 0.0
    term = 1.0
    while term > 1e-18:
        count += 1.0
        term *= x / (a + count)
    total = 1.0
    for k in range(int(count), 0, -1):
        total = 1.0 + x / (a + k) * total
    return total / a


def _fraction(a: float, x: float) -> float:
    """Q(a, x)/_density(a, x) by Legendre's continued fraction from its end (DLMF 8.9.2)."""
    count = int(20.0 + 120.0 / x + 6.0 * _sqrt(a))
    tail = x + 1.0 + 2.0 * count - a
    for k in range(count, 0, -1):
        tail = x - 1.0 + 2.0 * k - a + k * (a - k) / tail
    return 1.0 / tail


def _small_complement(a: float, x: float) -> float:
    """Q(a, x) for a and x below 1: 1 - x**a/gamma(1 + a) and the rest of the series (DLMF 8.7.1)."""
    logarithm = a * (_log(x) - (a - 1.0) * _lgamma_beside_1(a))
    rest = 0.0
    for k in range(18, 0, -1):
        rest = x / k * (1.0 / (a + k) - rest)
    return a * rest * _exp(logarithm) - _expm1(logarithm)


def _log1p_rest(u: float) -> float:
    """u - log1p(u), without cancellation."""
    if not -0.4 < u < 0.6:
        return u - _log1p(u)
    s = u / (2.0 + u)
    w = s * s
    series = 0.0
    for k in range(22, 0, -1):
        series = series * w + 1.0 / (2.0 * k + 1.0)
    return s * (u - 2.0 * w * series)


def _tail(a: float, x: float) -> float:
    """The smaller of P and Q over _density(a, x) for large a, by quadrature of (t/x)**(a - 1) exp(x - t)."""
    side = 1.0 if x > a else -1.0
    slope = side * (subtraction_error(x, a) + (x - a) + 1.0) / x
    reach = _sqrt(80.0 / a)
    if slope > 0.0:
        reach = 80.0 / (_sqrt(slope * slope * x * x + 80.0 * a) + slope * x)
    reach *= 1.3
    if side < 0.0 and reach > 1.0:
        reach = 1.0
    # The exponent at t = x + side*x*u is -slope*x*u - (a - 1) (side*u - log1p(side*u)).
    panel = reach / 4.0
    total = 0.0
    for i in range(4):
        middle = (3.5 - i) * panel
        for k in range(8):
            step = 0.5 * panel * _NODES[k]
            u = middle + step
            one = _exp(-slope * x * u - (a - 1.0) * _log1p_rest(side * u))
            u = middle - step
            total += _WEIGHTS[k] * (one + _exp(-slope * x * u - (a - 1.0) * _log1p_rest(side * u)))
    return 0.5 * panel * total


def gammainc(a: float, x: float) -> float:
    """The regularised lower incomplete gamma function P(a, x): nan unless a >= 0 and x >= 0."""
    if not (a >= 0.0 and x >= 0.0) or a == _INF:
        return _NAN
    if x == 0.0 or x > 1e6 + 10.0 * a or a == 0.0:
        return 0.0 if x == 0.0 and a > 0.0 else 1.0
    if a < 1.0 and x < 1.0:
        complement = _small_complement(a, x)
        if complement < 0.5:
            return 1.0 - complement
    density = _density(a, x)
    if density == 0.0:
        return 0.0 if x < a else 1.0
    if a > 200.0:
        smaller = density * _tail(a, x)
        return 1.0 - smaller if x > a else smaller
    if x < a + 1.0 and not (a < 1.0 <= x):
        return density * _series(a, x)
    return 1.0 - density * _fraction(a, x)


def gammaincc(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x): nan unless a >= 0 and x >= 0."""
    if not (a >= 0.0 and x >= 0.0) or a == _INF:
        return _NAN
    if x == 0.0 or x > 1e6 + 10.0 * a or a == 0.0:
        return 1.0 if x == 0.0 and a > 0.0 else 0.0
    if a < 1.0 and x < 1.0:
        return _small_complement(a, x)
    density = _density(a, x)
    if density == 0.0:
        return 1.0 if x < a else 0.0
    if a > 200.0:
        smaller = density * _tail(a, x)
        return smaller if x > a else 1.0 - smaller
    if x < a + 1.0 and a >= 1.0:
        return 1.0 - density * _series(a, x)
    return density * _fraction(a, x)


def _polynomial(n: float, a: float, x: float) -> float:
    """x**k times the k-th derivative of the density over itself, for k one less than the order."""
    # L(k + 1) = (a - 1 - k - x) L(k) - k x L(k - 1) for x**k times the k-th derivative over the function, in pairs.
    before = 0.0
    before_low = 0.0
    value = 1.0
    low = 0.0
    head = a - x
    head_low = subtraction_error(a, x)
    for k in range(int(n) - 1):
        factor = head - 1.0 - k
        factor_low = head_low + subtraction_error(head, 1.0) + subtraction_error(head - 1.0, 1.0 * k)
        one = factor * value
        one_low = product_error(factor, value, one) + factor_low * value + factor * low
        other = k * x
        other_low = product_error(1.0 * k, x, other)
        back = other * before
        other_low = product_error(other, before, back) + other_low * before + other * before_low
        before = value
        before_low = low
        total = one - back
        low = subtraction_error(one, back) + (one_low - other_low)
        value = total + low
        low -= value - total
    return value


def gammainc_derivative(n: float, a: float, x: float) -> float:
    """The n-th derivative of P by x, x**(a - n) exp(-x)/gamma(a) times a polynomial in a and x, n up to 100."""
    order = int(n)
    if not (a >= 0.0 and x >= 0.0 and order <= 100) or a == _INF:
        return _NAN
    if order == 0:
        return gammainc(a, x)
    if x > 1e6 + 10.0 * a or a == 0.0:
        return 0.0
    if x < 0.5 and a <= n and a == _floor(a):
        return _whole_derivative(n, a, x)
    if x == 0.0:
        return _derivative_at_0(n, a)
    density = _density(a, x)
    if density == 0.0 and (x >= 1.0 or a > 170.0):
        return 0.0
    value = _polynomial(n, a, x)
    if x < 1e-30 or (x < 1.0 and density < 1e-280):
        # x**a alone would underflow
        exponent = a - n
        value = value * a if a < 1e-20 else value / gamma(a)
        while exponent <= -1.0:
            value /= x
            exponent += 1.0
        return power(x, exponent) * value * _exp(-x)
    result = density / x * value
    for _ in range(order - 1):
        result /= x
    return result


def _derivative_at_0(n: float, a: float) -> float:
    """The n-th derivative of P at 0 where a is not a whole number up to n: 0 below the order a, infinite above it."""
    if a > n:
        return 0.0
    sign = 1.0
    for k in range(1, int(n)):
        sign *= 1.0 if a > k else -1.0
    return sign * _INF


def _whole_derivative(n: float, a: float, x: float) -> float:
    """The n-th derivative of P for a whole a up to n, by Leibniz' rule: its powers of x end with the constant."""
    coefficient = 1.0
    total = 0.0
    for k in range(int(a)):
        total = coefficient - total * x
        coefficient *= (n - 1.0 - k) / (k + 1.0) * (a - 1.0 - k)
    total *= _exp(-x) / gamma(a)
    return total if _floor(0.5 * (n - a)) == 0.5 * (n - a) else -total
