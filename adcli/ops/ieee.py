"""Scalar kernels: what every operation of the table computes on one float, with the results of IEEE 754.

They never raise, whatever float they are given: where the stdlib raises, C99 annex F says what comes out (1/0
is inf, log(0) is -inf, log(-1) is nan, exp(1000) is inf). Nothing but `math` is imported, so that a one-shot command
starts without NumPy. Each stays within 2 ulp of the true value, measured against mpmath with glibc 2.36; the
derivatives (`..._derivative`) within 8. `x != x` asks for nan without a call.
"""

import math
from math import copysign as _copysign
from math import cos as _cos
from math import exp as _exp
from math import expm1 as _expm1
from math import fsum as _fsum
from math import hypot as _hypot
from math import log as _log
from math import log1p as _log1p
from math import pow as _pow
from math import sin as _sin
from math import sinh as _sinh
from math import sqrt as _sqrt
from math import tan as _tan

from .reduction import HUGE, cos_huge, sin_huge, tan_huge

_INF = math.inf
_NAN = math.nan
_THIRD = 1.0 / 3.0

# Veltkamp's constant: x * _SPLIT separates the upper 26 bits of x from the rest.
_SPLIT = 134217729.0
_INTEGERS_ONLY = 4503599627370496.0

# Rounded once by the hardware and free of errors that raise: the C function is the kernel.
absolute = math.fabs
atan = math.atan
atan2 = math.atan2
asinh = math.asinh
hypot = math.hypot


# -- arithmetic --------------------------------------------------------------------------------------------


def div(x: float, y: float) -> float:
    """x / y; a zero divisor gives a signed infinity, or nan for 0/0 (IEEE 754, 7.3)."""
    try:
        return x / y
    except ZeroDivisionError:
        if x != x or x == 0.0:
            return _NAN
        return _copysign(_INF, x) * _copysign(1.0, y)


def square(x: float) -> float:
    """x * x, rounded once."""
    return x * x


def power(x: float, y: float) -> float:
    """C99 pow (annex F.10.4.4): nan for a negative base and a fractional exponent, never complex."""
    try:
        return _pow(x, y)
    except OverflowError:
        return -_INF if x < 0.0 and _is_odd(y) else _INF
    except ValueError:
        if x != 0.0:
            return _NAN
        return _copysign(_INF, x) if _is_odd(y) else _INF


def _is_odd(y: float) -> bool:
    """Whether y is an odd whole number; the second test is for -1 + 2**-53, whose remainder rounds to 1."""
    return y % 2.0 == 1.0 and y % 1.0 == 0.0


def mod(x: float, y: float) -> float:
    """Python's x % y, which has the sign of y; nan where Python raises."""
    try:
        return x % y
    except ZeroDivisionError:
        return _NAN


def floordiv(x: float, y: float) -> float:
    """Python's x // y, the floor of the exact quotient; x/0 as it is, for inf is its own floor."""
    try:
        return x // y
    except ZeroDivisionError:
        return div(x, y)


def subtraction_error(x: float, y: float) -> float:
    """The exact (x - y) - fl(x - y), by Knuth's TwoSum; 0 when anything is not finite."""
    s = x - y
    t = s - x
    error = (x - (s - t)) - (y + t)
    return error if error - error == 0.0 else 0.0


# -- powers, exponentials, logarithms ----------------------------------------------------------------------


def sqrt(x: float) -> float:
    """The square root, correctly rounded; nan below zero."""
    try:
        return _sqrt(x)
    except ValueError:
        return _NAN


def cbrt(x: float) -> float:
    """The real cube root: pow, then one step of Newton, which also makes perfect cubes exact."""
    r = _copysign(abs(x) ** _THIRD, x)
    if r - r != 0.0 or r == 0.0:
        return r
    return r + (x / (r * r) - r) / 3.0


def cbrt_derivative(n: float, x: float) -> float:
    """The n-th derivative of cbrt, 1/3 (1/3 - 1) … (1/3 - n + 1) cbrt(x)/x**n, without the roundings of cbrt's powers."""
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


def exp(x: float) -> float:
    """e**x; inf on overflow."""
    try:
        return _exp(x)
    except OverflowError:
        return _INF


def expm1(x: float) -> float:
    """e**x - 1 without cancellation; inf on overflow."""
    try:
        return _expm1(x)
    except OverflowError:
        return _INF


def log(x: float) -> float:
    """The natural logarithm; -inf at 0, nan below."""
    try:
        return _log(x)
    except ValueError:
        return -_INF if x == 0.0 else _NAN


def log2(x: float) -> float:
    """The logarithm to base 2; -inf at 0, nan below."""
    try:
        return math.log2(x)
    except ValueError:
        return -_INF if x == 0.0 else _NAN


def log10(x: float) -> float:
    """The logarithm to base 10; -inf at 0, nan below."""
    try:
        return math.log10(x)
    except ValueError:
        return -_INF if x == 0.0 else _NAN


def log1p(x: float) -> float:
    """log(1 + x) without cancellation; -inf at -1, nan below."""
    try:
        return _log1p(x)
    except ValueError:
        return -_INF if x == -1.0 else _NAN


# -- trigonometry ------------------------------------------------------------------------------------------


def sin(x: float) -> float:
    """The sine; nan at the infinities."""
    if -HUGE < x < HUGE:
        return _sin(x)
    return sin_huge(x) if x - x == 0.0 else _NAN


def cos(x: float) -> float:
    """The cosine; nan at the infinities."""
    if -HUGE < x < HUGE:
        return _cos(x)
    return cos_huge(x) if x - x == 0.0 else _NAN


def tan(x: float) -> float:
    """The tangent; nan at the infinities."""
    if -HUGE < x < HUGE:
        return _tan(x)
    return tan_huge(x) if x - x == 0.0 else _NAN


def sec(x: float) -> float:
    """1 / cos(x); no float is a pole."""
    return 1.0 / cos(x)


def csc(x: float) -> float:
    """1 / sin(x); at zero an infinity with the zero's sign."""
    try:
        return 1.0 / sin(x)
    except ZeroDivisionError:
        return _copysign(_INF, x)


def cot(x: float) -> float:
    """1 / tan(x); at zero an infinity with the zero's sign."""
    try:
        return 1.0 / tan(x)
    except ZeroDivisionError:
        return _copysign(_INF, x)


def asin(x: float) -> float:
    """The arc sine; nan outside [-1, 1]."""
    try:
        return math.asin(x)
    except ValueError:
        return _NAN


def acos(x: float) -> float:
    """The arc cosine; nan outside [-1, 1]."""
    try:
        return math.acos(x)
    except ValueError:
        return _NAN


# -- hyperbolic functions ----------------------------------------------------------------------------------


def sinh(x: float) -> float:
    """The hyperbolic sine; a signed infinity on overflow."""
    try:
        return _sinh(x)
    except OverflowError:
        return _copysign(_INF, x)


def cosh(x: float) -> float:
    """The hyperbolic cosine; inf on overflow."""
    try:
        return math.cosh(x)
    except OverflowError:
        return _INF


def tanh_ratio(z: float) -> float:
    """(tanh(x)/x - 1) / z with z = x**2 < 0.4: a rational fit at Chebyshev's nodes, good to 6e-17."""
    p = (-0.0001991780435861287 * z - 0.020498799708498872) * z - 0.3333333333333333
    q = ((0.0002065337374875025 * z + 0.02329133187629886) * z + 0.4614963991254931) * z + 1.0
    return p / q


def tanh(x: float) -> float:
    """The hyperbolic tangent: rational below 0.625 (as in Cephes, fitted anew), else 1 - 2/(exp(2x) + 1)."""
    if -0.625 < x < 0.625:
        z = x * x
        return x + x * (z * tanh_ratio(z)) if z else x
    if x > 0.0:
        return 1.0 - 2.0 / (_exp(x + x) + 1.0) if x < 20.0 else 1.0
    if x < 0.0:
        return 2.0 / (_exp(-x - x) + 1.0) - 1.0 if x > -20.0 else -1.0
    return x


def sech(x: float) -> float:
    """1 / cosh(x) = 2e / (1 + e**2) with e = exp(-|x|), down to the last subnormal."""
    a = abs(x)
    if a < 1.0:
        k = _expm1(a)
        square_k = k * k
        return 1.0 - square_k / (square_k + (k + k) + 2.0)
    if a < 708.0:
        e = _exp(-a)
        q = e * e
        s = 1.0 + q
        r = (e + e) / s
        return r - r * ((1.0 - s) + q)
    e = _exp(-0.5 * a)
    return (e + e) * e


# sinh(x)/x - 1 = z/6 (1 + z/20 (1 + z/42 (1 + ...))) with z = x**2: the quotients of the factorials.
SINH_STEPS = (342.0, 272.0, 210.0, 156.0, 110.0, 72.0, 42.0, 20.0, 6.0)


def csch(x: float) -> float:
    """1 / sinh(x) = 2e / (1 - e**2) with e = exp(-|x|), to the last subnormal; Taylor's series near 0."""
    a = abs(x)
    if a < 1.0:
        r = div(1.0, x)
        if a < 1e-9:
            return r
        z = x * x
        w = 0.0
        for divisor in SINH_STEPS:
            w = (w + 1.0) * z / divisor
        return r - r * (w / (1.0 + w))
    if a < 708.0:
        e = _exp(-a)
        q = e * e
        s = 1.0 - q
        r = (e + e) / s
        return _copysign(r + r * (q - (1.0 - s)), x)
    e = _exp(-0.5 * a)
    return _copysign((e + e) * e, x)


def coth(x: float) -> float:
    """1 / tanh(x) from the same two forms, each inverted on its own; signed infinities at the zeros."""
    if -0.625 < x < 0.625:
        r = div(1.0, x)
        if -1e-9 < x < 1e-9:
            return r
        z = x * x
        w = z * tanh_ratio(z)
        return r - r * (w / (1.0 + w))
    if x > 0.0:
        return 1.0 + 2.0 / _expm1(x + x) if x < 20.0 else 1.0
    if x < 0.0:
        return -1.0 - 2.0 / _expm1(-x - x) if x > -20.0 else -1.0
    return x


def acosh_ratio(t: float) -> float:
    """(acosh(1+t)/sqrt(2t) - 1) / t for t < 1: a rational fit at Chebyshev's nodes, good to 6e-17."""
    p = (-3.0345603585198614e-07 * t - 0.0001580791083923394) * t - 0.003938788969140718
    p = ((p * t - 0.029783640122604236) * t - 0.0859754319186422) * t - 0.08333333333333333
    q = (0.00024426503722231455 * t + 0.009604554286348961) * t + 0.11486712496105085
    return p / (((q * t + 0.5731980619374969) * t + 1.2567051830237015) * t + 1.0)


def acosh(x: float) -> float:
    """The inverse hyperbolic cosine; nan below 1. To 2, where glibc is off by 2.2 ulp, from the root at 1."""
    if x < 1.0:
        return _NAN
    if x < 2.0:
        t = x - 1.0
        r = _sqrt(t + t)
        return r + r * (t * acosh_ratio(t))
    return math.acosh(x)


def atanh(x: float) -> float:
    """The inverse hyperbolic tangent; a signed infinity at 1 and -1, nan outside."""
    try:
        return math.atanh(x)
    except ValueError:
        return _copysign(_INF, x) if x == 1.0 or x == -1.0 else _NAN


# -- steps and choices -------------------------------------------------------------------------------------


def sign(x: float) -> float:
    """1, 0 or -1; nan stays nan, and both zeros give 0."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return 0.0 if x == 0.0 else x


def floor(x: float) -> float:
    """The largest whole number not above x, as a float; -0.0, inf and nan stay what they are."""
    r = x // 1.0
    return r if r == r else x


def ceil(x: float) -> float:
    """The smallest whole number not below x, as a float; ceil(-0.5) is -0.0, as in C99."""
    r = -(-x // 1.0)
    return r if r == r else x


def round_half_even(x: float) -> float:
    """The nearest whole number, ties to even: adding 2**52 makes the hardware round there."""
    if -_INTEGERS_ONLY < x < _INTEGERS_ONLY:
        shift = _copysign(_INTEGERS_ONLY, x)
        return _copysign((x + shift) - shift, x)
    return x


def minimum(x: float, *others: float) -> float:
    """The smallest argument; nan if any is nan; of equal ones the first."""
    if x != x:
        return x
    for other in others:
        if other < x:
            x = other
        elif other != other:
            return other
    return x


def maximum(x: float, *others: float) -> float:
    """The largest argument; nan if any is nan; of equal ones the first."""
    if x != x:
        return x
    for other in others:
        if other > x:
            x = other
        elif other != other:
            return other
    return x


def clip(x: float, lo: float, hi: float) -> float:
    """min(max(x, lo), hi); nan if any is nan."""
    if lo <= x <= hi:
        return x
    return minimum(maximum(x, lo), hi)


def tie_share(out: float, *xs: float) -> float:
    """1/n where n of the xs equal out (the slope of max and min at a tie); 0 if none does."""
    n = xs.count(out) if out == out else 0
    return 1.0 / n if n else 0.0


def heaviside(x: float, at0: float) -> float:
    """0 below zero, 1 above, at0 at zero; nan stays nan."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return 0.0
    return at0 if x == 0.0 else x


def relu(x: float) -> float:
    """max(x, 0); nan stays nan, and both zeros give 0."""
    return 0.0 if x <= 0.0 else x


# -- compositions that would cancel or overflow ------------------------------------------------------------


def direction(x: float, y: float) -> float:
    """x / hypot(x, y), 0 at the origin; scaled where hypot would overflow or lose bits."""
    h = _hypot(x, y)
    if 1e-290 < h < 1e290:
        return x / h
    if h != h or y != y:
        return _NAN
    if h == 0.0:
        return 0.0
    if h < 1.0:
        scale = 2.0**600
    else:
        if x - x != 0.0:
            return _copysign(1.0, x) if y - y == 0.0 else _NAN
        scale = 2.0**-600
        if y - y != 0.0:
            return _copysign(0.0, x)
        if abs(x) < 1.0:
            return x / h if h < _INF else (x * 0.5) / (abs(y) * 0.5)
    x *= scale
    return x / _hypot(x, y * scale)


def gaussian_derivative(n: float, x: float) -> float:
    """The n-th derivative of exp(-x**2), (-1)**n H_n(x) exp(-x**2) (DLMF 18.5.5), H_n in exact integers."""
    order = int(n)
    if order <= 0:
        return gaussian(x)
    if not -40.0 < x < 40.0:
        return 0.0 if x == x else x
    # H_(n+1) = 2x H_n - 2n H_(n-1) at x = p/q, times q**n; below 2**-60 further bits of x change nothing.
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


def semicircle(x: float) -> float:
    """sqrt(1 - x**2), factored where 1 - x**2 cancels; nan outside [-1, 1]."""
    a = abs(x)
    if a < 0.5:
        return _sqrt(1.0 - a * a)
    if a <= 1.0:
        return _sqrt((1.0 - a) * (1.0 + a))
    return _NAN


def square_error(x: float, square_of_x: float) -> float:
    """The exact x*x - fl(x*x), by Veltkamp's splitting and Dekker's product (Dekker 1971)."""
    t = x * _SPLIT
    a = t - (t - x)
    b = x - a
    return ((a * a - square_of_x) + 2.0 * a * b) + b * b


def gaussian(x: float) -> float:
    """exp(-x**2); the rounding of the square is put back, since exp magnifies it 700 times."""
    if not -28.0 < x < 28.0:
        return 0.0 if x == x else x
    hi = x * x
    e = _exp(-hi)
    return e - e * square_error(x, hi)


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), in the form whose exp does not overflow, so that both tails are exact."""
    # The last line of each branch takes back the rounding of 1 + e.
    if x >= 0.0:
        e = _exp(-x)
        s = 1.0 + e
        r = 1.0 / s
        return r - r * r * ((1.0 - s) + e)
    e = _exp(x)
    s = 1.0 + e
    r = e / s
    return r - r * (1.0 - r) * ((1.0 - s) + e)


def softplus(x: float) -> float:
    """log(1 + exp(x)) without overflow."""
    return x + _log1p(_exp(-x)) if x > 0.0 else _log1p(_exp(x))


def xlogy(x: float, y: float) -> float:
    """x * log(y), and 0 where x is 0, unless y is nan."""
    if x == 0.0:
        return 0.0 if y == y else y
    return x * log(y)


def logaddexp(x: float, y: float) -> float:
    """log(exp(x) + exp(y)) without overflow; in fixed point near the curve where it vanishes."""
    if x < y:
        x, y = y, x
    if x == y:
        if x - x != 0.0:
            return x
    elif not y <= x:
        return _NAN
    d = y - x
    e = _exp(d)
    # What the subtraction lost counts where x is small beside the logarithm.
    s = _log1p(e + e * subtraction_error(y, x))
    r = x + s
    if x < 0.0 and -1.5 * s < r < 0.7 * s:
        return _log1p((exp_fixed(x) + exp_fixed(y) - ONE_FIXED) / ONE_FIXED)
    return r


FIXED_BITS = 160
ONE_FIXED = 1 << FIXED_BITS
_LOG_2_FIXED = 0xB17217F7D1CF79ABC9E3B39803F2F6AF40F34326


def exp_fixed(x: float) -> int:
    """exp(x) * 2**160 for x <= 0, by Taylor's series at x/256 and eight squarings; off by about 2**10."""
    if x < -112.0:
        return 0
    n, d = x.as_integer_ratio()
    t = (-n << FIXED_BITS) // (d << 8)
    total = term = ONE_FIXED
    i = 1
    while term:
        term = ((term * t) >> FIXED_BITS) // i
        total += -term if i & 1 else term
        i += 1
    for _ in range(8):
        total = (total * total) >> FIXED_BITS
    return total


def log_fixed(n: int, d: int) -> int:
    """log(n/d) * 2**160 for positive integers: the float's logarithm and one step of Halley's iteration."""
    e = n.bit_length() - d.bit_length()
    m = (n << FIXED_BITS) // (d << e) if e >= 0 else (n << (FIXED_BITS - e)) // d
    if m > ONE_FIXED:
        m >>= 1
        e += 1
    y = _log(m / ONE_FIXED)
    top, bottom = y.as_integer_ratio()
    power_of_y = exp_fixed(y)
    step = (2 * (m - power_of_y) << FIXED_BITS) // (m + power_of_y)
    return (top << FIXED_BITS) // bottom + step + e * _LOG_2_FIXED


# -- sin(x)/x and its derivatives --------------------------------------------------------------------------


def sinc(x: float) -> float:
    """sin(x) / x, and 1 at 0; nan at the infinities, as sin."""
    try:
        return sin(x) / x
    except ZeroDivisionError:
        return 1.0
    except ValueError:
        return _NAN


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
    # Terms grow to exp(|x|) and may cancel down to the size of 1/x; what is left keeps over 100 bits.
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


# -- the derivatives of x**y -------------------------------------------------------------------------------


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
        elif x != 0.0 and y - y == 0.0:
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
