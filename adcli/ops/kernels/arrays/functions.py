"""Array kernels: logarithms, roots, trigonometric and hyperbolic functions, in the forms of the scalar kernels."""

from __future__ import annotations

import numpy as np

from ...operands import Array, Rule
from .. import derivatives as _derivatives
from .. import elementary as _elementary
from ..huge_angles import HUGE as _HUGE
from .loops import all_below, mend, put, where

# Nothing but arithmetic, so that the scalar kernels' own helpers serve arrays as well.
_tanh_ratio: Rule = _elementary.tanh_ratio
_acosh_ratio: Rule = _elementary.acosh_ratio

# Arrays of no dimension cost a ufunc less than numbers do.
_ONE, _TWO, _TANH_SMALL = np.array(1.0), np.array(2.0), np.array(3.4903429574618414)


def log_base(x: Array, base: Array) -> Array:
    """log(x)/log(base)."""
    return where(
        np.equal(base, 10.0), np.log10(x), where(np.equal(base, 2.0), np.log2(x), np.divide(np.log(x), np.log(base)))
    )


def exp2(x: Array) -> Array:
    """2**x, exact for whole x."""
    out: Array = np.float_power(2.0, x)
    return out


def exp10(x: Array) -> Array:
    """10**x."""
    out: Array = np.float_power(10.0, x)
    return out


def cbrt(x: Array) -> Array:
    """The real cube root: pow, then one step of Newton, as in the scalar kernel. np.cbrt is off by 2.8 ulp."""
    r = np.copysign(np.float_power(np.abs(x), 1.0 / 3.0), x)
    mended = r + (x / (r * r) - r) / 3.0
    return where(np.isnan(mended), r, mended)


def cbrt_derivative(n: float, x: Array) -> Array:
    """The n-th derivative of cbrt."""
    value = cbrt(x)
    for i in range(int(n)):
        value = value / x * (1 - 3 * i) / 3.0
    return mend(value, ~np.isfinite(x) | np.equal(x, 0.0), _derivatives.cbrt_derivative, n, x)


def sin(x: Array, out: Array | None = None) -> Array:
    """The sine, also into an array, which may be x."""
    if all_below(x, _HUGE):
        result: Array = np.sin(x, out=out)
        return result
    return put(mend(np.sin(x), np.absolute(x) >= _HUGE, _elementary.sin, x), out)


def cos(x: Array, out: Array | None = None) -> Array:
    """The cosine, also into an array, which may be x."""
    if all_below(x, _HUGE):
        result: Array = np.cos(x, out=out)
        return result
    return put(mend(np.cos(x), np.absolute(x) >= _HUGE, _elementary.cos, x), out)


def tan(x: Array, out: Array | None = None) -> Array:
    """The tangent, also into an array, which may be x."""
    if all_below(x, _HUGE):
        result: Array = np.tan(x, out=out)
        return result
    return put(mend(np.tan(x), np.absolute(x) >= _HUGE, _elementary.tan, x), out)


def sec(x: Array) -> Array:
    """1 / cos(x)."""
    return 1.0 / cos(x)


def csc(x: Array) -> Array:
    """1 / sin(x)."""
    return 1.0 / sin(x)


def cot(x: Array) -> Array:
    """1 / tan(x)."""
    return 1.0 / tan(x)


def tanh_into(x: Array, value: Array, scratch: Array) -> None:
    """tanh(x), written into an array of its own."""
    tanh_and_slope(x, value, None, scratch)


def tanh_and_slope(x: Array, value: Array, slope: Array | None, scratch: Array) -> None:
    """tanh(x) and sech(x)**2, written into arrays of their own, in the forms of the scalar kernel.

    With r = 2/(exp(2|x|) + 1), tanh(|x|) is 1 - r, and sech(x)**2 is r * (2 - r).
    """
    e = np.absolute(x, out=scratch)
    np.add(e, e, e)
    np.exp(e, e)
    small = np.less(e, _TANH_SMALL)
    np.add(e, _ONE, e)
    rest = np.divide(_TWO, e, scratch)
    np.subtract(_ONE, rest, value)
    if slope is not None:
        np.subtract(_TWO, rest, slope)
        np.multiply(rest, slope, slope)
    if np.count_nonzero(small):
        few = x[small]
        square_few = few * few
        value[small] = few + few * (square_few * _tanh_ratio(square_few))
    np.copysign(value, x, value)
    if slope is not None and not all_below(x, 350.0) and (tail := np.absolute(x) >= 350.0).any():
        slope[tail] = np.square(sech(x[tail]))  # exp(2|x|) overflows before its reciprocal vanishes


def acosh(x: Array) -> Array:
    """The inverse hyperbolic cosine, below 2 in the form of the scalar kernel."""
    t = np.subtract(x, 1.0)
    r = np.sqrt(t + t)
    return where(np.less(x, 2.0), r + r * (t * _acosh_ratio(t)), np.arccosh(x))


def sech(x: Array) -> Array:
    """1 / cosh(x), down to the last subnormal, in the forms of the scalar kernel."""
    a = np.abs(x)
    k = np.expm1(a)
    square_k = k * k
    small = 1.0 - square_k / (square_k + (k + k) + 2.0)
    e = np.exp(-a)
    q = e * e
    s = 1.0 + q
    r = (e + e) / s
    return _with_tail(where(a < 1.0, small, r - r * ((1.0 - s) + q)), a)


def csch(x: Array) -> Array:
    """1 / sinh(x), down to the last subnormal, in the forms of the scalar kernel."""
    a = np.abs(x)
    small = 1.0 / a
    z = a * a
    w = np.zeros_like(z)
    for divisor in _elementary.SINH_STEPS:
        w = (w + 1.0) * z / divisor
    # At 0 itself, inf - inf * 0.
    small = where(np.isinf(small), small, small - small * (w / (1.0 + w)))
    e = np.exp(-a)
    q = e * e
    s = 1.0 - q
    r = (e + e) / s
    out: Array = np.copysign(_with_tail(where(a < 1.0, small, r + r * (q - (1.0 - s))), a), x)
    return out


def _with_tail(body: Array, a: Array) -> Array:
    """2 exp(-a) in two factors from 708 on, where exp(-a) alone loses bits."""
    if not np.any(a >= 708.0):
        return body
    e = np.exp(-0.5 * a)
    return where(a < 708.0, body, (e + e) * e)


def coth(x: Array) -> Array:
    """1 / tanh(x), in the forms of the scalar kernel."""
    a = np.abs(x)
    r = 1.0 / a
    z = a * a
    w = z * _tanh_ratio(z)
    small = where(np.isinf(r), r, r - r * (w / (1.0 + w)))
    out: Array = np.copysign(where(a < 0.625, small, 1.0 + 2.0 / np.expm1(a + a)), x)
    return out
