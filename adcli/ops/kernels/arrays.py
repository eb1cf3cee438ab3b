"""Array kernels: the functions of the scalar kernels, under the same names, on float64 arrays and np.float64.

Arguments broadcast; the results are those of the scalar kernels within an ulp, and bit for bit but for tanh,
hypot and direction; the bits of a point depend on nothing but the point. Callers hold
`np.errstate(all="ignore")`. A NumPy function stands here as it is where it was measured to be good enough.
Where most points have a cheap formula and a few do not, the few go to the scalar kernel (`_mend`); what has
no cheap formula at all loops over it (`_each`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ..operands import Array, Numeric, Operand, Rule
from . import compound as _compound
from . import derivatives as _derivatives
from . import elementary as _elementary
from .reduction import HUGE as _HUGE

# Nothing but arithmetic, so that the scalar kernels' own helpers serve arrays as well.
_tanh_ratio: Rule = _elementary.tanh_ratio
_acosh_ratio: Rule = _elementary.acosh_ratio
_square_error: Rule = _compound.square_error

# Arrays of no dimension cost a ufunc less than numbers do.
_ONE, _TWO, _TANH_SMALL = np.array(1.0), np.array(2.0), np.array(3.4903429574618414)


def _each(kernel: Callable[..., float], *arguments: Array) -> Array:
    """Loop a scalar kernel over the broadcast arguments."""
    columns = np.broadcast_arrays(*arguments)
    values = map(kernel, *(column.ravel().tolist() for column in columns))
    flat = np.fromiter(values, np.float64, columns[0].size)
    result: Array = flat.reshape(columns[0].shape)[()]
    return result


def looped(kernel: Rule) -> Rule:
    """Return the array kernel of a function that has only a scalar one: a loop over it."""
    return partial(_each, kernel)


def _mend(out: Array, where_: Operand, kernel: Callable[..., float], *arguments: Numeric) -> Array:
    """Put the scalar kernel's results where the mask says; `out` must be fresh."""
    if not np.any(where_):
        result: Array = out
        return result
    out, mask, *columns = np.broadcast_arrays(out, where_, *arguments)
    out = out.copy()
    picked = (column[mask].tolist() for column in columns)
    out[mask] = list(map(kernel, *picked))
    mended: Array = out[()]
    return mended


def _all_below(x: Operand, bound: float) -> bool:
    """Whether every |x| certainly is below the bound; one pass, and nan where there is one is not."""
    return bool(np.vdot(x, x) < bound * bound)


def _put(values: Array, out: Array | None) -> Array:
    """Values, in the array to write into where there is one."""
    if out is None:
        return values
    out[...] = values
    return out


def where(condition: Operand, x: Numeric, y: Numeric) -> Array:
    """x where the condition holds, y elsewhere."""
    result: Array = np.where(condition, x, y)[()]
    return result


# -- arithmetic --------------------------------------------------------------------------------------------

sub = np.subtract
mul = np.multiply
neg = np.negative
div = np.true_divide
square = np.square
# np.power takes another path, with other bits, where the exponent is a single -1, 0.5 or 2.
power = np.float_power
mod = np.remainder
absolute = np.absolute


floordiv = np.floor_divide


def subtraction_error(x: Operand, y: Operand) -> Array:
    """The exact (x - y) - fl(x - y), by Knuth's TwoSum; 0 when anything is not finite."""
    s = np.subtract(x, y)
    t = s - x
    error = (x - (s - t)) - (y + t)
    return where(np.isfinite(error), error, 0.0)


# -- powers, exponentials, logarithms ----------------------------------------------------------------------

sqrt = np.sqrt
exp = np.exp
expm1 = np.expm1
log = np.log
log2 = np.log2
log10 = np.log10
log1p = np.log1p


def log_base(x: Array, base: Array) -> Array:
    """log(x)/log(base)."""
    return where(
        np.equal(base, 10.0), np.log10(x), where(np.equal(base, 2.0), np.log2(x), np.divide(np.log(x), np.log(base)))
    )


def cbrt(x: Array) -> Array:
    """The real cube root: pow, then one step of Newton, as the scalar kernel; np.cbrt is off by 2.8 ulp."""
    r = np.copysign(np.float_power(np.abs(x), 1.0 / 3.0), x)
    mended = r + (x / (r * r) - r) / 3.0
    return where(np.isnan(mended), r, mended)


def cbrt_derivative(n: float, x: Array) -> Array:
    """The n-th derivative of cbrt."""
    value = cbrt(x)
    for i in range(int(n)):
        value = value / x * (1 - 3 * i) / 3.0
    return _mend(value, ~np.isfinite(x) | np.equal(x, 0.0), _derivatives.cbrt_derivative, n, x)


# -- trigonometry ------------------------------------------------------------------------------------------


def sin(x: Array, out: Array | None = None) -> Array:
    """The sine, also into an array, which may be x."""
    if _all_below(x, _HUGE):
        result: Array = np.sin(x, out=out)
        return result
    return _put(_mend(np.sin(x), np.absolute(x) >= _HUGE, _elementary.sin, x), out)


def cos(x: Array, out: Array | None = None) -> Array:
    """The cosine, also into an array, which may be x."""
    if _all_below(x, _HUGE):
        result: Array = np.cos(x, out=out)
        return result
    return _put(_mend(np.cos(x), np.absolute(x) >= _HUGE, _elementary.cos, x), out)


def tan(x: Array, out: Array | None = None) -> Array:
    """The tangent, also into an array, which may be x."""
    if _all_below(x, _HUGE):
        result: Array = np.tan(x, out=out)
        return result
    return _put(_mend(np.tan(x), np.absolute(x) >= _HUGE, _elementary.tan, x), out)


# Kernels that, as ufuncs do, take an array to write into, which may be the one they read.
OVERWRITING = frozenset({sin, cos, tan})


asin = np.arcsin
acos = np.arccos
atan = np.arctan
atan2 = np.arctan2


def sec(x: Array) -> Array:
    """1 / cos(x)."""
    return 1.0 / cos(x)


def csc(x: Array) -> Array:
    """1 / sin(x)."""
    return 1.0 / sin(x)


def cot(x: Array) -> Array:
    """1 / tan(x)."""
    return 1.0 / tan(x)


# -- hyperbolic functions ----------------------------------------------------------------------------------

sinh = np.sinh
cosh = np.cosh
tanh = np.tanh
asinh = np.arcsinh
atanh = np.arctanh


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
    if slope is not None and not _all_below(x, 350.0) and (tail := np.absolute(x) >= 350.0).any():
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


# -- steps and choices -------------------------------------------------------------------------------------

sign = np.sign
floor = np.floor
ceil = np.ceil
round_half_even = np.rint
heaviside = np.heaviside


def minimum(x: Array, *others: Array) -> Array:
    """The smallest argument; nan if any is nan."""
    # np.minimum leaves min(0.0, -0.0) to the processor.
    for other in others:
        x = where(np.less(other, x) | np.isnan(other), other, x)
    return x


def maximum(x: Array, *others: Array) -> Array:
    """The largest argument; nan if any is nan."""
    for other in others:
        x = where(np.greater(other, x) | np.isnan(other), other, x)
    return x


def clip(x: Array, lo: Array, hi: Array) -> Array:
    """min(max(x, lo), hi); nan if any is nan."""
    return minimum(maximum(x, lo), hi)


def tie_share(out: Array, *xs: Array) -> Array:
    """1/n where n of the xs equal out; 0 if none does."""
    n: Operand = 0.0
    for x in xs:
        n = n + np.equal(x, out)
    return where(n > 0.0, 1.0 / np.maximum(n, 1.0), 0.0)


def relu(x: Array) -> Array:
    """max(x, 0); nan stays nan, and both zeros give 0."""
    out: Array = np.maximum(x, 0.0)
    out += 0.0  # -0.0 becomes 0.0
    return out


# -- compositions that would cancel or overflow ------------------------------------------------------------

hypot = np.hypot


def direction(x: Array, y: Array) -> Array:
    """x / hypot(x, y); at the origin and where hypot leaves the middle of the range, by the scalar kernel."""
    h = np.hypot(x, y)
    return _mend(x / h, ~((h > 1e-290) & (h < 1e290)), _compound.direction, x, y)


def semicircle(x: Array) -> Array:
    """sqrt(1 - x**2), factored where 1 - x**2 cancels."""
    a = np.abs(x)
    out: Array = np.sqrt(where(a < 0.5, 1.0 - a * a, (1.0 - a) * (1.0 + a)))
    return out


def gaussian(x: Array) -> Array:
    """exp(-x**2), the square split exactly as in the scalar kernel."""
    hi = np.square(x)
    e = np.exp(-hi)
    return where(np.abs(x) >= 28.0, 0.0, e - e * _square_error(x, hi))


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), accurate in both tails."""
    e = np.exp(-np.abs(x))
    s = 1.0 + e
    lost = (1.0 - s) + e
    above = 1.0 / s
    below = e / s
    return where(np.greater_equal(x, 0.0), above - above * above * lost, below - below * (1.0 - below) * lost)


def softplus(x: Array) -> Array:
    """log(1 + exp(x)) without overflow."""
    out: Array = np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))
    return out


def xlogy(x: Array, y: Array) -> Array:
    """x * log(y), and 0 where x is 0, unless y is nan."""
    return where(np.equal(x, 0.0) & ~np.isnan(y), 0.0, x * np.log(y))


def logaddexp(x: Array, y: Array) -> Array:
    """log(exp(x) + exp(y)); near the curve where it vanishes by the scalar kernel."""
    high, low = np.maximum(x, y), np.minimum(x, y)
    e = np.exp(low - high)
    s = np.log1p(e + e * subtraction_error(low, high))
    r = where(np.equal(high, low), high + np.log(2.0), high + s)
    return _mend(r, (high < 0.0) & (r > -1.5 * s) & (r < 0.7 * s), _compound.logaddexp, x, y)


def sinc(x: Array) -> Array:
    """sin(x) / x, and 1 at 0."""
    return where(np.equal(x, 0.0), 1.0, sin(x) / x)


def power_derivative(x: Array, y: Array, k: float, m: float) -> Array:
    """d^k/dx^k d^m/dy^m of x**y; at zeros, infinities and where the terms cancel by the scalar kernel."""
    order, degree = int(k), int(m)
    if order == 0 and degree == 0:
        out: Array = np.float_power(x, y)
        return out
    a = np.abs(x)
    logarithm = np.log(a)
    d = np.subtract(y, k)
    p = np.float_power(a, d)
    c: list[Operand] = [0.0] * degree + [1.0, 0.0]
    sizes = c
    for i in range(order):
        shift = np.subtract(y, i)
        c = [shift * c[j] + (j + 1) * c[j + 1] for j in range(degree + 1)] + [0.0]
        sizes = [np.abs(shift) * sizes[j] + (j + 1) * sizes[j + 1] for j in range(degree + 1)] + [0.0]
    total: Operand = 0.0
    size: Operand = 0.0
    for each, bound in zip(reversed(c), reversed(sizes), strict=True):
        total = total * logarithm + each
        size = size * np.abs(logarithm) + bound
    regular = (p > 1e-290) & (p < 1e290) & np.isfinite(a) & (np.abs(y) < 2.0**53)
    if degree:
        regular &= np.greater(x, 0.0) & (np.abs(total) >= 0.25 * size)
    else:
        whole = np.equal(np.floor(y), y)
        regular &= np.greater(x, 0.0) | (np.less(x, 0.0) & whole)
        total = where(np.less(x, 0.0) & (np.remainder(y, 2.0) != order % 2), 0.0 - total, total)
    total = total + total * (subtraction_error(y, k) * logarithm)
    return _mend(total * p, ~regular, lambda x, y: _derivatives.power_derivative(x, y, k, m), x, y)
