"""How each operation becomes vector code: one entry in `KERNELS`, by the name of the op; the rest calls scalar kernels.

Reductions are Cody and Waite's with fused multiply-add, polynomials those of fdlibm (Sun Microsystems, 1993) or fits at
Chebyshev's nodes. Where an argument is outside the range of a formula, its lane goes to the scalar function (`rescue`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ...ops.kernels.compound import square_error
from ...ops.kernels.reduction import HUGE
from . import powers as powers
from .powers import (
    INF,
    SHIFT,
    exponential_parts,
    moderate_exp,
    quick_two_sum,
    quotient,
    short_parts,
    two_sum,
)
from .vector import Vector, absolute, copysign, fma, polynomial, select, sqrt

# Nothing but arithmetic, so that the scalar kernels' own helper serves vectors as well.
_square_error: Callable[[Any, Any], Any] = square_error

# ---------------------------------------------------------------- sine and cosine

TWO_OVER_PI = 2.0 / math.pi
MINUS_HALF_PI = (-1.5707963267948966, -6.123233995736766e-17, 1.4973849048591698e-33)
SINE = (1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06,
        -1.98412698298579493134e-04, 8.33333333332248946124e-03)  # fmt: skip
SINE_1 = -1.66666666666666324348e-01
COSINE = (-1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07,
          2.48015872894767294178e-05, -1.38888888888741095749e-03, 4.16666666666666019037e-02)  # fmt: skip


def _reduced(x: Vector) -> tuple[Vector, Vector, Vector]:
    """The quadrant in the last bits, and the rest within pi/4 in two parts; for |x| < HUGE."""
    t = fma(x, TWO_OVER_PI, SHIFT)
    k = t - SHIFT
    first = fma(k, MINUS_HALF_PI[0], x)  # exact: both are multiples of 2**-53; a zero keeps its sign
    product = k * MINUS_HALF_PI[1]
    high, low = two_sum(first, product)
    return t.bits(), high, fma(k, MINUS_HALF_PI[2], low + fma(k, MINUS_HALF_PI[1], -product))


def _sine_and_cosine(x: Vector) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """The quadrant, and both functions of the rest: the sine as a difference, the cosine as a sum."""
    quadrant, y, low = _reduced(x)
    z = y * y
    v = z * y
    half = 0.5 * z
    w = 1.0 - half
    sine_rest = fma(z, fma(-v, polynomial(z, *SINE), 0.5 * low), -low) - v * SINE_1
    cosine_rest = ((1.0 - w) - half) + fma(z, z * polynomial(z, *COSINE), -(y * low))
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
    sine, sine_low = quick_two_sum(y, -sine_rest)
    cosine, cosine_low = quick_two_sum(w, cosine_rest)
    upright = (quadrant & 1).equal(turned)
    above, above_low = select(upright, sine, cosine), select(upright, sine_low, cosine_low)
    below, below_low = select(upright, cosine, sine), select(upright, cosine_low, sine_low)
    value = quotient(above, above_low, below, below_low)
    return (value.bits() ^ ((quadrant & 1) << 63)).floats()


def _tan(x: Vector) -> Vector:
    return x.emitter.rescue(select(x.equal(0.0), x, _ratio(x, 0)), _far(x), x)


def _cot(x: Vector) -> Vector:
    return x.emitter.rescue(_ratio(x, 1), _far(x) | (absolute(x) < 1e-290), x)


# ---------------------------------------------------------------- the hyperbolic family, from exp(-|x|)


class _Decay:
    """u = exp(-|x|) = scale*(w + w_low), and with m = u - 1: n = u**2 - 1 and d = u**2 + 1, each in two parts."""

    def __init__(self, x: Vector) -> None:
        a = absolute(x)
        scale, r, error, q = exponential_parts(-select(a > 700.0, 700.0, a))
        p, p_low = quick_two_sum(r, q + error)
        one = x.emitter.constant(1.0)
        w, w_low = quick_two_sum(one, p)
        self.scale, self.w, self.w_low = scale, w, w_low + p_low
        m, m_low = quick_two_sum(scale - 1.0, scale * p)
        m_low = m_low + scale * p_low
        self.m, self.m_low = m, m_low
        n = fma(m, m, m + m)
        self.n = n
        # m + m - n is exact, for n is between m and 2m (Sterbenz).
        self.n_low = fma(m, m, (m + m) - n) + (m_low + m_low) * (m + 1.0)
        d, d_low = quick_two_sum(x.emitter.constant(2.0), n)
        self.d, self.d_low = d, d_low + self.n_low


class _DoubleDecay:
    """e = exp(-2|x|), times 2**512 so that its tail is normal, and n = e - 1 and d = e + 1 in two parts each."""

    def __init__(self, x: Vector) -> None:
        y = -2.0 * absolute(x)
        y = select(y < -1000.0, -1000.0, y)
        scale, p = short_parts(y)
        lifted = (scale.bits() + (512 << 52)).floats()
        self.lifted = fma(lifted, p, lifted)
        scale = select(y < -700.0, 0.0, scale)
        below, above = scale - 1.0, scale + 1.0  # exact, or one that is 1 to the last bit
        self.n, self.d = fma(scale, p, below), fma(scale, p, above)
        self.n_low, self.d_low = fma(scale, p, below - self.n), fma(scale, p, above - self.d)


def _tanh(x: Vector) -> Vector:
    e = _DoubleDecay(x)
    return copysign(quotient(e.n, e.n_low, e.d, e.d_low), x)


def _sech_squared(x: Vector) -> Vector:
    e = _DoubleDecay(x)
    inverse = 1.0 / e.d
    return (e.lifted * inverse) * inverse * 2.0**-510


def _tail(x: Vector, value: Vector) -> Vector:
    """A function that falls like exp(-|x|): by the scalar kernel where it gets subnormal, and then 0."""
    a = absolute(x)
    return x.emitter.rescue(select(a > 746.0, 0.0, value), (a > 700.0) & (a <= 746.0), x)


def _sech(x: Vector) -> Vector:
    e = _Decay(x)
    return _tail(x, (e.scale + e.scale) * quotient(e.w, e.w_low, e.d, e.d_low))


def _csch(x: Vector) -> Vector:
    e = _Decay(x)
    value = _tail(x, (e.scale + e.scale) * quotient(e.w, e.w_low, e.n, e.n_low))
    return x.emitter.rescue(copysign(value, x), absolute(x) < 1e-290, x)


def _coth(x: Vector) -> Vector:
    e = _Decay(x)
    value = copysign(quotient(e.d, e.d_low, e.n, e.n_low), x)
    return x.emitter.rescue(value, absolute(x) < 1e-290, x)


def _sinh(x: Vector) -> Vector:
    e = _Decay(x)
    value = 0.5 * (quotient(e.n, e.n_low, e.w, e.w_low) / e.scale)
    return x.emitter.rescue(copysign(value, x), absolute(x) > 700.0, x)


def _cosh(x: Vector) -> Vector:
    e = _Decay(x)
    value = 0.5 * (quotient(e.d, e.d_low, e.w, e.w_low) / e.scale)
    return x.emitter.rescue(value, absolute(x) > 700.0, x)


def _sigmoid(x: Vector) -> Vector:
    e = _Decay(x)
    one = x.emitter.constant(1.0)
    d, d_low = quick_two_sum(x.emitter.constant(2.0), e.m)
    d_low = d_low + e.m_low
    above = quotient(one, 0.0, d, d_low)
    below = select(x < -746.0, 0.0, e.scale * quotient(e.w, e.w_low, d, d_low))
    return x.emitter.rescue(select(x >= 0.0, above, below), (x < -700.0) & (x >= -746.0), x)


# ---------------------------------------------------------------- the plane, and other compositions


def _distance(x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """sqrt(x**2 + y**2) with one step of Newton for what rounding took, and where it can not be had like that."""
    if x.name > y.name:  # so that it is shared by both directions
        x, y = y, x
    p, q = x * x, y * y
    total, error = two_sum(p, q)
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
    e = moderate_exp(-select(far, 0.0, square))
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


def _floor_and_rest(x: Vector, y: Vector) -> tuple[Vector, Vector, Vector]:
    """The floor of x/y, what is left of x, and where it is so; the quotient's rounding may have gone up to the next."""
    ratio = x / y
    q = x.emitter.intrinsic("floor", ratio)
    rest = fma(-q, y, x)  # exact, or Python's one rounding
    over = select(y > 0.0, rest, -rest) < 0.0
    sizes = (absolute(x) < 1e280) & (absolute(y) > 1e-280) & (absolute(y) < 1e280)
    return select(over, q - 1.0, q), select(over, rest + y, rest), sizes & (absolute(ratio) < 2.0**50)


def _mod(x: Vector, y: Vector) -> Vector:
    _, rest, fits = _floor_and_rest(x, y)
    return x.emitter.rescue(select(rest.equal(0.0), copysign(0.0, y), rest), ~fits, x, y)


def _floordiv(x: Vector, y: Vector) -> Vector:
    q, _, fits = _floor_and_rest(x, y)
    return x.emitter.rescue(q, ~fits, x, y)


# What is squared and read by nothing else, by its square.
SQUARES: Mapping[str, Callable[[Vector], Vector]] = {"sech": _sech_squared}

KERNELS: Mapping[str, Callable[..., Vector]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "square": lambda x: x * x,
    "pow": powers.power,
    "power_derivative": powers.power_derivative,
    "mod": _mod,
    "floordiv": _floordiv,
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
    "cbrt": powers.cbrt,
    "cbrt_derivative": powers.cbrt_derivative,
    "exp": powers.exp,
    "expm1": powers.expm1,
    "log": powers.log,
    "log2": powers.log2,
    "log10": powers.log10,
    "log1p": powers.log1p,
    "softplus": powers.softplus,
    "logaddexp": powers.logaddexp,
    "xlogy": powers.xlogy,
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
