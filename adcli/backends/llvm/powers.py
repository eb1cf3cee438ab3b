"""Vector code of exponentials, logarithms and powers."""

from __future__ import annotations

import math

from .pairs import product, quick_two_sum, quotient, two_sum
from .vector import Vector, absolute, copysign, fma, polynomial, select, sqrt

SHIFT = 1.5 * 2.0**52  # adding it rounds to a whole number, which is then in the last bits
INF = math.inf
SMALLEST_NORMAL = 2.0**-1022

# ---------------------------------------------------------------- exponentials

LOG2_E = 1.4426950408889634
LOG_2 = (0.6931471805599453, 2.3190468138462996e-17)
ONE_BITS = 0x3FF0000000000000
# (exp(r) - 1 - r)/r**2 for |r| <= log(2)/2, off by 3e-19 in exp.
EXPONENTIAL = (
    2.0911236630261545e-09, 2.510038549551032e-08, 2.755728296954995e-07, 2.7557268459997064e-06,
    2.4801587317144498e-05, 0.00019841269863053618, 0.0013888888888886552, 0.008333333333330062,
    0.041666666666666664, 0.16666666666666669, 0.5,
)  # fmt: skip


def reduced_exponent(x: Vector, x_low: Vector | None = None) -> tuple[Vector, Vector, Vector]:
    """Return 2**k, and r in two parts with exp(x + x_low) = 2**k exp(r) and |r| <= log(2)/2, for |x| <= 708.

    For smaller x the bits of 2**k are those of another number, to which a multiple of 2**52 may be added.
    """
    t = fma(x, LOG2_E, SHIFT)
    k = SHIFT - t
    first = fma(k, LOG_2[0], x)  # exact
    if x_low is None:
        r = fma(k, LOG_2[1], first)
        error = fma(k, LOG_2[1], first - r)
    else:
        r, error = two_sum(first, fma(k, LOG_2[1], x_low))
    return ((t.bits() << 52) + ONE_BITS).floats(), r, error


def exponential_parts(x: Vector, x_low: Vector | None = None) -> tuple[Vector, Vector, Vector, Vector]:
    """Return 2**k, and r, its error and q with exp(x + x_low) = 2**k (1 + r + error + q), for |x| <= 708."""
    scale, r, error = reduced_exponent(x, x_low)
    return scale, r, error, r * r * polynomial(r, *EXPONENTIAL)


def moderate_exp(x: Vector, x_low: Vector | None = None) -> Vector:
    """Return exp(x + x_low) for |x| <= 708."""
    scale, r, error, q = exponential_parts(x, x_low)
    high, low = quick_two_sum(x.emitter.constant(1.0), r)
    return scale * (high + (low + (q if x_low is None else q + error)))


def short_parts(x: Vector) -> tuple[Vector, Vector]:
    """Return 2**k and p with exp(x) = 2**k (1 + p), off by an ulp, for |x| <= 708."""
    scale, r, _ = reduced_exponent(x)
    return scale, fma(r * r, polynomial(r, *EXPONENTIAL), r)


def exp(x: Vector) -> Vector:
    """Return e**x."""
    return x.emitter.rescue(moderate_exp(x), absolute(x) > 708.0, x)


def expm1(x: Vector) -> Vector:
    """Return e**x - 1. The part 2**k - 1 is exact up to k = 53, and 0 for k = 0."""
    scale, r, error, q = exponential_parts(x)
    p, p_low = quick_two_sum(r, q + error)
    whole, rest = two_sum(scale - 1.0, scale * p)
    value = select(x.equal(0.0), x, whole + (rest + scale * p_low))
    return x.emitter.rescue(value, ~(absolute(x) <= 708.0), x)


# ---------------------------------------------------------------- logarithms

LOGARITHM = (
    1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
    2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01,
)  # fmt: skip
# (atanh(s)/s - 1 - z/3)/z**2 of z = s**2 for |s| <= 3 - 2 sqrt(2), off by 2**-66 in atanh(s)/s.
INVERSE_TANGENT = (
    0.058628016300963384, 0.05853002125150056, 0.06667406684555924, 0.07692297401428141,
    0.09090909168444268, 0.11111111110824641, 0.14285714285714687, 0.2,
)  # fmt: skip
LOG_2_SHORT = (6.93147180369123816490e-01, 1.90821492927058770002e-10)  # the first ends in zeros: k times it is exact
THIRD = (0.3333333333333333, 1.850371707708594e-17)
LOG10_E = (0.4342944819032518, 1.098319650216765e-17)
LOG2_E_LOW = 2.0355273740931033e-17
ROOT_HALF_BITS = 0x3FE6A09E667F3BCD


def _is_normal(x: Vector) -> Vector:
    return (x >= SMALLEST_NORMAL) & (x < INF)


def moderate_log(x: Vector) -> Vector:
    """Return log(x) for normal x > 0."""
    bits = x.bits() + (ONE_BITS - ROOT_HALF_BITS)
    k = ((bits >> 52) | 0x4330000000000000).floats() - (2.0**52 + 1023)
    f = ((bits & 0x000FFFFFFFFFFFFF) + ROOT_HALF_BITS).floats() - 1.0
    s = f / (2.0 + f)
    z = s * s
    half = 0.5 * f * f
    rest = fma(s, fma(z, polynomial(z, *LOGARITHM), half), k * LOG_2_SHORT[1])
    return fma(k, LOG_2_SHORT[0], f - (half - rest))


def log(x: Vector) -> Vector:
    """Return the natural logarithm, -inf at 0 and nan below."""
    return x.emitter.rescue(moderate_log(x), ~_is_normal(x), x)


def log_parts(x: Vector, x_low: Vector | None = None) -> tuple[Vector, Vector]:
    """Return log(x + x_low) to some 65 bits, as a pair, for normal positive x, below 2**1000 if there is an x_low."""
    bits = x.bits() + (ONE_BITS - ROOT_HALF_BITS)
    exponent = bits >> 52
    k = (exponent | 0x4330000000000000).floats() - (2.0**52 + 1023)
    f = ((bits & 0x000FFFFFFFFFFFFF) + ROOT_HALF_BITS).floats() - 1.0
    zero = x.emitter.constant(0.0)
    # s = f/(2 + f), and log(1 + f) = 2 atanh(s).
    f_low = zero if x_low is None else x_low * ((2046 - exponent) << 52).floats()
    d, d_low = quick_two_sum(x.emitter.constant(2.0), f)
    inverse = 1.0 / d
    s = f * inverse
    s, s_low = quick_two_sum(s, ((fma(-s, d, f) + f_low) - s * (d_low + f_low)) * inverse)
    z, z_low = product(s, s_low, s, s_low)
    t, t_low = product(z, z_low, x.emitter.constant(THIRD[0]), x.emitter.constant(THIRD[1]))
    t, rest = quick_two_sum(t, z * z * polynomial(z, *INVERSE_TANGENT))
    c, c_low = product(s, s_low, t, t_low + rest)
    a, a_low = quick_two_sum(s, c)
    a_low = a_low + (c_low + s_low)
    high, low = quick_two_sum(k * LOG_2_SHORT[0], a + a)
    return quick_two_sum(high, low + fma(k, LOG_2_SHORT[1], a_low + a_low))


def _of_normal(x: Vector, value: Vector) -> Vector:
    """Return a value for normal positive x, and that of the scalar function elsewhere."""
    return x.emitter.rescue(value, ~_is_normal(x), x)


def log2(x: Vector) -> Vector:
    """Return the logarithm to base 2, exact at its whole powers."""
    high, low = log_parts(x)
    whole, rest = product(high, low, x.emitter.constant(LOG2_E), x.emitter.constant(LOG2_E_LOW))
    return _of_normal(x, whole + rest)


def log10(x: Vector) -> Vector:
    """Return the logarithm to base 10, exact at its whole powers."""
    high, low = log_parts(x)
    whole, rest = product(high, low, x.emitter.constant(LOG10_E[0]), x.emitter.constant(LOG10_E[1]))
    return _of_normal(x, whole + rest)


def log1p(x: Vector) -> Vector:
    """Return log(1 + x), from the sum and its rounding error."""
    total, rest = two_sum(x.emitter.constant(1.0), x)
    high, low = log_parts(total, rest)
    value = select(absolute(x) < 2.0**-54, x, high + low)
    return x.emitter.rescue(value, ~((x > -1.0) & (x < 2.0**1000)), x)


def _above(larger: Vector, decay: Vector) -> Vector:
    """Return larger + log(1 + decay), for a decay of at most 1."""
    total, rest = two_sum(larger.emitter.constant(1.0), decay)
    high, low = log_parts(total, rest)
    tiny = decay < 2.0**-54
    value, error = two_sum(larger, select(tiny, decay, high))
    return value + (error + select(tiny, 0.0, low))


def softplus(x: Vector) -> Vector:
    """Return log(1 + exp(x)), from the exponential of -|x|."""
    size = absolute(x)
    value = _above(select(x > 0.0, x, 0.0), moderate_exp(-select(size > 700.0, 700.0, size)))
    return x.emitter.rescue(value, ~(size <= 700.0), x)


def logaddexp(x: Vector, y: Vector) -> Vector:
    """Return log(exp(x) + exp(y)), from exp(-|x - y|), near the curve where it vanishes by the scalar function."""
    larger, smaller = select(x > y, x, y), select(x > y, y, x)
    gap, low = two_sum(smaller, -larger)
    value = _above(larger, moderate_exp(select(gap > -700.0, gap, -700.0), low))
    fits = (gap > -700.0) & (larger < 1e300) & ((larger > 0.0) | (absolute(value) > 0.5))
    return x.emitter.rescue(value, ~fits, x, y)


def xlogy(x: Vector, y: Vector) -> Vector:
    """Return x*log(y), and 0 where x is 0 and y a number."""
    vanishes = x.equal(0.0) & ~y.isnan()
    return x.emitter.rescue(select(vanishes, 0.0, x * moderate_log(y)), ~(_is_normal(y) | vanishes), x, y)


# ---------------------------------------------------------------- powers

LARGEST_WHOLE = 64  # exponents up to this are products


def power(x: Vector, y: Vector) -> Vector:
    """Return x**y, as products for a small whole number y, otherwise exp(y log(x)) with the logarithm as a pair."""
    n = y.number
    if n == 2.0:
        return x * x
    if n == -1.0:
        return 1.0 / x
    if n == 0.5:
        return select(x.equal(-INF), INF, sqrt(x) + 0.0)
    if n is None or n != int(n) or abs(n) > LARGEST_WHOLE or n == 0.0:
        exponent, low = product(*log_parts(x), y, x.emitter.constant(0.0))
        return _real_power(x, y, exponent, moderate_exp(exponent, low))
    high, low = x, x.emitter.constant(0.0)
    for bit in bin(int(abs(n)))[3:]:
        high, low = product(high, low, high, low)
        if bit == "1":
            high, low = product(high, low, x, x.emitter.constant(0.0))
    value = high + low if n > 0 else quotient(x.emitter.constant(1.0), 0.0, high, low)
    size = absolute(high)
    return x.emitter.rescue(value, ~((size > 1e-250) & (size < 1e250)), x, y)


def _real_power(
    x: Vector, y: Vector, exponent: Vector, value: Vector, *orders: Vector, certain: Vector | None = None
) -> Vector:
    """Return a value for normal positive x and a moderate exponent, and that of the scalar function elsewhere."""
    fits = _is_normal(x) & (absolute(exponent) < 690.0)
    return x.emitter.rescue(value, ~(fits if certain is None else fits & certain), x, y, *orders)


def power_derivative(x: Vector, y: Vector, by_base: Vector, by_exponent: Vector) -> Vector:
    """Return derivatives of x**y, with the logarithm and the exponents as pairs.

    Mixed ones beyond (1 + y log(x)) x**(y - 1) go to the scalar function.
    """
    k, m = by_base.number, by_exponent.number
    if k is None or m is None or (k and m and (k, m) != (1.0, 1.0)) or k + m > 8:
        return x.emitter.each(x, y, by_base, by_exponent)
    high, low = log_parts(x)
    product_high, product_low = product(high, low, y, x.emitter.constant(0.0))
    exponent, exponent_low = product_high, product_low
    factor = x.emitter.constant(1.0)
    for i in range(int(k)):
        exponent, rest = two_sum(exponent, -high)
        exponent_low = rest + (exponent_low - low)
        factor = factor * (y - float(i)) if i else y
    certain = None
    if k and m:
        total, rest = two_sum(x.emitter.constant(1.0), product_high)
        factor = total + (rest + product_low)
        certain = absolute(factor) > 2.0**-8  # more digits are needed near its zero
    else:
        for _ in range(int(m)):
            factor = factor * (high + low)
    value = factor * moderate_exp(exponent, exponent_low)
    return _real_power(x, y, exponent, value, by_base, by_exponent, certain=certain)


def _moderate_cbrt(x: Vector) -> tuple[Vector, Vector]:
    """Return the cube root of normal numbers, and where x is not one."""
    size = absolute(x)
    third = [x.emitter.constant(part) for part in THIRD]
    value = copysign(moderate_exp(*product(*log_parts(size), *third)), x)
    return value, ~_is_normal(size)


def cbrt(x: Vector) -> Vector:
    """Return the real cube root, from a third of the logarithm. The pairs are precise enough to be exact at cubes."""
    value, extreme = _moderate_cbrt(x)
    return x.emitter.rescue(value, extreme, x)


def cbrt_derivative(order: Vector, x: Vector) -> Vector:
    """Return the first derivative of the cube root. Others go to the scalar function."""
    if order.number != 1.0:
        return x.emitter.each(order, x)
    value, extreme = _moderate_cbrt(x)
    return x.emitter.rescue(value / x / 3.0, extreme, order, x)
