"""How each operation becomes vector code: one entry in `KERNELS`, by the name of the op; the rest calls scalar kernels.

Reductions are Cody and Waite's with fused multiply-add, polynomials those of fdlibm (Sun Microsystems, 1993) or fits at
Chebyshev's nodes. Where an argument is outside the range of a formula, its lane goes to the scalar function (`rescue`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ..ops.kernels.compound import square_error
from ..ops.kernels.reduction import HUGE
from ._vector import Vector, absolute, copysign, fma, polynomial, select, sqrt

# Nothing but arithmetic, so that the scalar kernels' own helper serves vectors as well.
_square_error: Callable[[Any, Any], Any] = square_error

SHIFT = 1.5 * 2.0**52  # adding it rounds to a whole number, which then stands in the last bits
INF = math.inf

# ---------------------------------------------------------------- sine and cosine

TWO_OVER_PI = 2.0 / math.pi
MINUS_HALF_PI = (-1.5707963267948966, -6.123233995736766e-17, 1.4973849048591698e-33)
SINE = (1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06,
        -1.98412698298579493134e-04, 8.33333333332248946124e-03)  # fmt: skip
SINE_1 = -1.66666666666666324348e-01
COSINE = (-1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07,
          2.48015872894767294178e-05, -1.38888888888741095749e-03, 4.16666666666666019037e-02)  # fmt: skip


def _two_sum(x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """The sum and its rounding error (Knuth)."""
    s = x + y
    t = s - x
    return s, (x - (s - t)) + (y - t)


def _quick_two_sum(x: Any, y: Vector) -> tuple[Vector, Vector]:
    """The same where |x| >= |y| or x = 0 (Dekker)."""
    s = x + y
    return s, (x - s) + y


def _reduced(x: Vector) -> tuple[Vector, Vector, Vector]:
    """The quadrant in the last bits, and the rest within pi/4 in two parts; for |x| < HUGE."""
    t = fma(x, TWO_OVER_PI, SHIFT)
    k = t - SHIFT
    first = fma(k, MINUS_HALF_PI[0], x)  # exact: both are multiples of 2**-53; a zero keeps its sign
    product = k * MINUS_HALF_PI[1]
    high, low = _two_sum(first, product)
    return t.bits(), high, low + fma(k, MINUS_HALF_PI[1], -product) + k * MINUS_HALF_PI[2]


def _sine_and_cosine(x: Vector) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """The quadrant, and both functions of the rest: the sine as a difference, the cosine as a sum."""
    quadrant, y, low = _reduced(x)
    z = y * y
    v = z * y
    half = 0.5 * z
    w = 1.0 - half
    sine_rest = (z * (0.5 * low - v * polynomial(z, *SINE)) - low) - v * SINE_1
    cosine_rest = ((1.0 - w) - half) + (z * (z * polynomial(z, *COSINE)) - y * low)
    return quadrant, y, sine_rest, w, cosine_rest


def _moderate(x: Vector, turned: int) -> Vector:
    """sin(x) or, turned by a quarter, cos(x); for |x| < HUGE."""
    quadrant, y, sine_rest, w, cosine_rest = _sine_and_cosine(x)
    value = select((quadrant & 1).equal(turned), y - sine_rest, w + cosine_rest)
    return (value.bits() ^ (((quadrant + turned if turned else quadrant) & 2) << 62)).floats()


def _far(x: Vector) -> Vector:
    return absolute(x) >= HUGE


def _sin(x: Vector) -> Vector:
    return x.emitter.rescue(_moderate(x, 0), _far(x), x)


def _cos(x: Vector) -> Vector:
    return x.emitter.rescue(_moderate(x, 1), _far(x), x)


def _csc(x: Vector) -> Vector:
    return x.emitter.rescue(1.0 / _moderate(x, 0), _far(x), x)


def _sec(x: Vector) -> Vector:
    return x.emitter.rescue(1.0 / _moderate(x, 1), _far(x), x)


def _ratio(x: Vector, turned: int) -> Vector:
    """tan(x) or, turned, cot(x), for |x| < HUGE and not at 0."""
    quadrant, y, sine_rest, w, cosine_rest = _sine_and_cosine(x)
    sine, sine_low = _quick_two_sum(y, -sine_rest)
    cosine, cosine_low = _quick_two_sum(w, cosine_rest)
    upright = (quadrant & 1).equal(turned)
    above, above_low = select(upright, sine, cosine), select(upright, sine_low, cosine_low)
    below, below_low = select(upright, cosine, sine), select(upright, cosine_low, sine_low)
    value = _quotient(above, above_low, below, below_low)
    return (value.bits() ^ ((quadrant & 1) << 63)).floats()


def _tan(x: Vector) -> Vector:
    return x.emitter.rescue(select(x.equal(0.0), x, _ratio(x, 0)), _far(x), x)


def _cot(x: Vector) -> Vector:
    return x.emitter.rescue(_ratio(x, 1), _far(x) | (absolute(x) < 1e-290), x)


# ---------------------------------------------------------------- exponential and logarithm

LOG2_E = 1.4426950408889634
LOG_2 = (0.6931471805599453, 2.3190468138462996e-17)
# (exp(r) - 1 - r)/r**2 for |r| <= log(2)/2, off by 3e-19 in exp.
EXPONENTIAL = (
    2.0911236630261545e-09, 2.510038549551032e-08, 2.755728296954995e-07, 2.7557268459997064e-06,
    2.4801587317144498e-05, 0.00019841269863053618, 0.0013888888888886552, 0.008333333333330062,
    0.041666666666666664, 0.16666666666666669, 0.5,
)  # fmt: skip
LOGARITHM = (
    1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
    2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01,
)  # fmt: skip
LOG_2_SHORT = (6.93147180369123816490e-01, 1.90821492927058770002e-10)  # the first ends in zeros: k times it is exact
ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
ONE_BITS = 0x3FF0000000000000


def _exponential_parts(x: Vector) -> tuple[Vector, Vector, Vector, Vector]:
    """2**k, and r, its error and q with exp(x) = 2**k (1 + r + error + q); for |x| <= 708."""
    t = fma(x, LOG2_E, SHIFT)
    k = SHIFT - t
    first = fma(k, LOG_2[0], x)  # exact
    r = fma(k, LOG_2[1], first)
    error = fma(k, LOG_2[1], first - r)
    scale = ((t.bits() << 52) + ONE_BITS).floats()
    return scale, r, error, r * r * polynomial(r, *EXPONENTIAL)


def _moderate_exp(x: Vector) -> Vector:
    scale, r, _, q = _exponential_parts(x)
    high, low = _quick_two_sum(x.emitter.constant(1.0), r)
    return scale * (high + (low + q))


def _exp(x: Vector) -> Vector:
    return x.emitter.rescue(_moderate_exp(x), absolute(x) > 708.0, x)


def _log(x: Vector) -> Vector:
    small = x < 2.0**-1022
    bits = select(small, x * 2.0**54, x).bits() + (ONE_BITS - ROOT_HALF_BITS)
    bias = select(small, 2.0**52 + 1023 + 54, 2.0**52 + 1023)
    k = ((bits >> 52) | 0x4330000000000000).floats() - bias
    f = ((bits & 0x000FFFFFFFFFFFFF) + ROOT_HALF_BITS).floats() - 1.0
    s = f / (2.0 + f)
    z = s * s
    half = 0.5 * f * f
    value = k * LOG_2_SHORT[0] - ((half - (s * (half + z * polynomial(z, *LOGARITHM)) + k * LOG_2_SHORT[1])) - f)
    special = select(x.equal(0.0), -INF, select(x < 0.0, math.nan, x))
    return select((x > 0.0) & (x < INF), value, special)


# ---------------------------------------------------------------- the hyperbolic family, from exp(-|x|)


class _Decay:
    """u = exp(-|x|) = scale*(w + w_low), and with m = u - 1: n = u**2 - 1 and d = u**2 + 1, each in two parts."""

    def __init__(self, x: Vector) -> None:
        a = absolute(x)
        scale, r, error, q = _exponential_parts(-select(a > 700.0, 700.0, a))
        p, p_low = _quick_two_sum(r, q + error)
        one = x.emitter.constant(1.0)
        w, w_low = _quick_two_sum(one, p)
        self.scale, self.w, self.w_low = scale, w, w_low + p_low
        m, m_low = _quick_two_sum(scale - 1.0, scale * p)
        m_low = m_low + scale * p_low
        self.m, self.m_low = m, m_low
        n = fma(m, m, m + m)
        self.n = n
        # m + m - n is exact, for n is between m and 2m (Sterbenz).
        self.n_low = fma(m, m, (m + m) - n) + (m_low + m_low) * (m + 1.0)
        d, d_low = _quick_two_sum(x.emitter.constant(2.0), n)
        self.d, self.d_low = d, d_low + self.n_low


def _quotient(x: Vector, x_low: Vector | float, y: Vector, y_low: Vector) -> Vector:
    """(x + x_low)/(y + y_low), by one division that others may share and one step of correction."""
    inverse = 1.0 / y
    q = x * inverse
    return fma((fma(-q, y, x) + x_low) - q * y_low, inverse, q)


def _tanh(x: Vector) -> Vector:
    e = _Decay(x)
    return copysign(_quotient(e.n, e.n_low, e.d, e.d_low), x)


def _tail(x: Vector, value: Vector) -> Vector:
    """A function that falls like exp(-|x|): by the scalar kernel where it gets subnormal, and then 0."""
    a = absolute(x)
    return x.emitter.rescue(select(a > 746.0, 0.0, value), (a > 700.0) & (a <= 746.0), x)


def _sech(x: Vector) -> Vector:
    e = _Decay(x)
    return _tail(x, (e.scale + e.scale) * _quotient(e.w, e.w_low, e.d, e.d_low))


def _csch(x: Vector) -> Vector:
    e = _Decay(x)
    value = _tail(x, (e.scale + e.scale) * _quotient(e.w, e.w_low, e.n, e.n_low))
    return x.emitter.rescue(copysign(value, x), absolute(x) < 1e-290, x)


def _coth(x: Vector) -> Vector:
    e = _Decay(x)
    value = copysign(_quotient(e.d, e.d_low, e.n, e.n_low), x)
    return x.emitter.rescue(value, absolute(x) < 1e-290, x)


def _sinh(x: Vector) -> Vector:
    e = _Decay(x)
    value = 0.5 * (_quotient(e.n, e.n_low, e.w, e.w_low) / e.scale)
    return x.emitter.rescue(copysign(value, x), absolute(x) > 700.0, x)


def _cosh(x: Vector) -> Vector:
    e = _Decay(x)
    value = 0.5 * (_quotient(e.d, e.d_low, e.w, e.w_low) / e.scale)
    return x.emitter.rescue(value, absolute(x) > 700.0, x)


def _sigmoid(x: Vector) -> Vector:
    e = _Decay(x)
    one = x.emitter.constant(1.0)
    d, d_low = _quick_two_sum(x.emitter.constant(2.0), e.m)
    d_low = d_low + e.m_low
    above = _quotient(one, 0.0, d, d_low)
    below = select(x < -746.0, 0.0, e.scale * _quotient(e.w, e.w_low, d, d_low))
    return x.emitter.rescue(select(x >= 0.0, above, below), (x < -700.0) & (x >= -746.0), x)


# ---------------------------------------------------------------- powers

LARGEST_WHOLE = 64  # exponents up to this are products


def _power(x: Vector, y: Vector) -> Vector:
    n = y.number
    if n == 2.0:
        return x * x
    if n == -1.0:
        return 1.0 / x
    if n == 0.5:
        return select(x.equal(-INF), INF, sqrt(x) + 0.0)
    if n is None or n != int(n) or abs(n) > LARGEST_WHOLE or n == 0.0:
        return x.emitter.each(x, y)
    high, low = x, x.emitter.constant(0.0)
    for bit in bin(int(abs(n)))[3:]:
        high, low = _product(high, low, high, low)
        if bit == "1":
            high, low = _product(high, low, x, x.emitter.constant(0.0))
    value = high + low if n > 0 else _quotient(x.emitter.constant(1.0), 0.0, high, low)
    size = absolute(high)
    return x.emitter.rescue(value, ~((size > 1e-250) & (size < 1e250)), x, y)


def _product(x: Vector, x_low: Vector, y: Vector, y_low: Vector) -> tuple[Vector, Vector]:
    p = x * y
    low = fma(x, y, -p)
    for one, other in ((x, y_low), (y, x_low)):
        if other.number != 0.0:
            low = fma(one, other, low)
    return p, low


# ---------------------------------------------------------------- the plane, and other compositions


def _distance(x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """sqrt(x**2 + y**2) with one step of Newton for what rounding took, and where it can not be had like that."""
    if x.name > y.name:  # so that it is shared by both directions
        x, y = y, x
    p, q = x * x, y * y
    total, error = _two_sum(p, q)
    h = sqrt(total)
    rest = fma(-h, h, total) + (error + (fma(x, x, -p) + fma(y, y, -q)))
    return fma(rest, 0.5 / h, h), ~((h > 1e-140) & (h < 1e140))


def _hypot(x: Vector, y: Vector) -> Vector:
    h, extreme = _distance(x, y)
    return x.emitter.rescue(h, extreme, x, y)


def _direction(x: Vector, y: Vector) -> Vector:
    h, extreme = _distance(x, y)
    return x.emitter.rescue(x / h, extreme, x, y)


def _semicircle(x: Vector) -> Vector:
    a = absolute(x)
    return sqrt(select(a < 0.5, 1.0 - a * a, (1.0 - a) * (1.0 + a)))


def _gaussian(x: Vector) -> Vector:
    square = x * x
    far = absolute(x) > 26.0
    e = _moderate_exp(-select(far, 0.0, square))
    value = select(absolute(x) >= 28.0, 0.0, e - e * _square_error(x, square))
    return x.emitter.rescue(value, far & (absolute(x) < 28.0), x)


def _sinc(x: Vector) -> Vector:
    return x.emitter.rescue(select(x.equal(0.0), 1.0, _moderate(x, 0) / x), _far(x), x)


def _subtraction_error(x: Vector, y: Vector) -> Vector:
    s = x - y
    t = s - x
    error = (x - (s - t)) - (y + t)
    return select(absolute(error) < INF, error, 0.0)


# ---------------------------------------------------------------- steps and choices


def _minimum(x: Vector, *others: Vector) -> Vector:
    for other in others:
        x = select((other < x) | other.isnan(), other, x)
    return x


def _maximum(x: Vector, *others: Vector) -> Vector:
    for other in others:
        x = select((other > x) | other.isnan(), other, x)
    return x


def _clip(x: Vector, lo: Vector, hi: Vector) -> Vector:
    return _minimum(_maximum(x, lo), hi)


def _tie_share(out: Vector, *others: Vector) -> Vector:
    n = out.emitter.constant(0.0)
    for x in others:
        n = n + select(x.equal(out), 1.0, out.emitter.constant(0.0))
    return select(n > 0.0, 1.0 / n, 0.0)


def _sign(x: Vector) -> Vector:
    one = x.emitter.constant(1.0)
    return select(x.unequal(0.0) & ~x.isnan(), copysign(one, x), select(x.isnan(), x, 0.0))


def _heaviside(x: Vector, at0: Vector) -> Vector:
    return select(x > 0.0, 1.0, select(x < 0.0, 0.0, select(x.equal(0.0), at0, x)))


def _rounding(name: str) -> Callable[..., Vector]:
    return lambda x: x.emitter.intrinsic(name, x)


KERNELS: Mapping[str, Callable[..., Vector]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "square": lambda x: x * x,
    "pow": _power,
    "sqrt": lambda x: sqrt(x),
    "lt": lambda x, y: x < y,
    "le": lambda x, y: x <= y,
    "gt": lambda x, y: x > y,
    "ge": lambda x, y: x >= y,
    "eq": lambda x, y: x.equal(y),
    "ne": lambda x, y: x.unequal(y),
    "and": lambda x, y: x & y,
    "or": lambda x, y: x | y,
    "not": lambda x: ~x,
    "where": lambda c, x, y: select(c, x, y),
    "abs": lambda x: absolute(x),
    "sign": _sign,
    "floor": _rounding("floor"),
    "ceil": _rounding("ceil"),
    "round": _rounding("nearbyint"),
    "heaviside": _heaviside,
    "relu": lambda x: select(x <= 0.0, 0.0, x),
    "min": _minimum,
    "max": _maximum,
    "clip": _clip,
    "tie_share": _tie_share,
    "subtraction_error": _subtraction_error,
    "exp": _exp,
    "log": _log,
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "cot": _cot,
    "sec": _sec,
    "csc": _csc,
    "tanh": _tanh,
    "sech": _sech,
    "csch": _csch,
    "coth": _coth,
    "sinh": _sinh,
    "cosh": _cosh,
    "sigmoid": _sigmoid,
    "hypot": _hypot,
    "direction": _direction,
    "semicircle": _semicircle,
    "gaussian": _gaussian,
    "sinc": _sinc,
}
