"""Vector code of the hyperbolic functions, from exp(-|x|)."""

from __future__ import annotations

from .pairs import quick_two_sum, quotient
from .powers import exponential_parts, short_parts
from .vector import Vector, absolute, copysign, fma, select


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
        below, above = scale - 1.0, scale + 1.0  # exact, or equal to 1 to the last bit
        self.n, self.d = fma(scale, p, below), fma(scale, p, above)
        self.n_low, self.d_low = fma(scale, p, below - self.n), fma(scale, p, above - self.d)


def tanh(x: Vector) -> Vector:
    """Return the hyperbolic tangent."""
    e = _DoubleDecay(x)
    return copysign(quotient(e.n, e.n_low, e.d, e.d_low), x)


def sech_squared(x: Vector) -> Vector:
    """Return the square of the hyperbolic secant."""
    e = _DoubleDecay(x)
    inverse = 1.0 / e.d
    return (e.lifted * inverse) * inverse * 2.0**-510


def _tail(x: Vector, value: Vector) -> Vector:
    """Return a function that falls like exp(-|x|): by the scalar kernel where it is subnormal, and 0 beyond."""
    a = absolute(x)
    return x.emitter.rescue(select(a > 746.0, 0.0, value), (a > 700.0) & (a <= 746.0), x)


def sech(x: Vector) -> Vector:
    """Return the hyperbolic secant."""
    e = _Decay(x)
    return _tail(x, (e.scale + e.scale) * quotient(e.w, e.w_low, e.d, e.d_low))


def csch(x: Vector) -> Vector:
    """Return the hyperbolic cosecant."""
    e = _Decay(x)
    value = _tail(x, (e.scale + e.scale) * quotient(e.w, e.w_low, e.n, e.n_low))
    return x.emitter.rescue(copysign(value, x), absolute(x) < 1e-290, x)


def coth(x: Vector) -> Vector:
    """Return the hyperbolic cotangent."""
    e = _Decay(x)
    value = copysign(quotient(e.d, e.d_low, e.n, e.n_low), x)
    return x.emitter.rescue(value, absolute(x) < 1e-290, x)


def sinh(x: Vector) -> Vector:
    """Return the hyperbolic sine."""
    e = _Decay(x)
    value = 0.5 * (quotient(e.n, e.n_low, e.w, e.w_low) / e.scale)
    return x.emitter.rescue(copysign(value, x), absolute(x) > 700.0, x)


def cosh(x: Vector) -> Vector:
    """Return the hyperbolic cosine."""
    e = _Decay(x)
    value = 0.5 * (quotient(e.d, e.d_low, e.w, e.w_low) / e.scale)
    return x.emitter.rescue(value, absolute(x) > 700.0, x)


def sigmoid(x: Vector) -> Vector:
    """Return the logistic function."""
    e = _Decay(x)
    one = x.emitter.constant(1.0)
    d, d_low = quick_two_sum(x.emitter.constant(2.0), e.m)
    d_low = d_low + e.m_low
    above = quotient(one, 0.0, d, d_low)
    below = select(x < -746.0, 0.0, e.scale * quotient(e.w, e.w_low, d, d_low))
    return x.emitter.rescue(select(x >= 0.0, above, below), (x < -700.0) & (x >= -746.0), x)
