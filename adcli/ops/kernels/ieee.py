"""Scalar kernels: arithmetic, rounding, steps and choices.

They never raise for floats. Where Python raises, they return the result of C99 annex F. `x != x` tests for nan without
a call.
"""

import math
from math import copysign as _copysign
from math import fmod as _fmod
from math import pow as _pow

_INF = math.inf
_NAN = math.nan
_INTEGERS_ONLY = 4503599627370496.0


def div(x: float, y: float) -> float:
    """x / y. A zero divisor gives a signed infinity, or nan for 0/0 (IEEE 754, 7.3)."""
    try:
        return x / y
    except ZeroDivisionError:
        if x != x or x == 0.0:
            return _NAN
        return _copysign(_INF, x) * _copysign(1.0, y)


def square(x: float) -> float:
    """x * x, rounded once."""
    return x * x


def _is_odd(y: float) -> bool:
    """Whether y is an odd whole number. The second test is for -1 + 2**-53, whose remainder rounds to 1."""
    return y % 2.0 == 1.0 and y % 1.0 == 0.0


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


def mod(x: float, y: float) -> float:
    """Python's x % y, which has the sign of y, and nan where Python raises."""
    try:
        return x % y
    except ZeroDivisionError:
        return _NAN


def fmod(x: float, y: float) -> float:
    """C's fmod, the remainder with the sign of x, and nan where Python raises."""
    try:
        return _fmod(x, y)
    except ValueError:
        return _NAN


def floordiv(x: float, y: float) -> float:
    """Python's x // y, the floor of the exact quotient. x/0 stays as it is, for inf is its own floor."""
    try:
        return x // y
    except ZeroDivisionError:
        return div(x, y)


def difference(x: float, y: float) -> float:
    """x - y, and 0 for equal infinities."""
    return 0.0 if x == y else x - y


def subtraction_error(x: float, y: float) -> float:
    """The exact (x - y) - fl(x - y), by Knuth's TwoSum, and 0 if anything is not finite."""
    s = x - y
    t = s - x
    error = (x - (s - t)) - (y + t)
    return error if error - error == 0.0 else 0.0


# Rounded once by the hardware and free of errors that raise: the C function is the kernel.
absolute = math.fabs


def sign(x: float) -> float:
    """1, 0 or -1. Nan stays nan, and both zeros give 0."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return 0.0 if x == 0.0 else x


def floor(x: float) -> float:
    """The largest whole number not above x, as a float. -0.0, inf and nan stay what they are."""
    r = x // 1.0
    return r if r == r else x


def ceil(x: float) -> float:
    """The smallest whole number not below x, as a float. ceil(-0.5) is -0.0, as in C99."""
    r = -(-x // 1.0)
    return r if r == r else x


def trunc(x: float) -> float:
    """The whole part, as a float. The sign of a zero is that of x."""
    return floor(x) if x > 0.0 else ceil(x)


def round_half_even(x: float) -> float:
    """The nearest whole number, ties to even: adding 2**52 makes the hardware round there."""
    if -_INTEGERS_ONLY < x < _INTEGERS_ONLY:
        shift = _copysign(_INTEGERS_ONLY, x)
        return _copysign((x + shift) - shift, x)
    return x


def minimum(x: float, *others: float) -> float:
    """The smallest argument, of equal ones the first, and nan if any is nan."""
    if x != x:
        return x
    for other in others:
        if other < x:
            x = other
        elif other != other:
            return other
    return x


def maximum(x: float, *others: float) -> float:
    """The largest argument, of equal ones the first, and nan if any is nan."""
    if x != x:
        return x
    for other in others:
        if other > x:
            x = other
        elif other != other:
            return other
    return x


def clip(x: float, lo: float, hi: float) -> float:
    """min(max(x, lo), hi), and nan if any is nan."""
    if lo <= x <= hi:
        return x
    return minimum(maximum(x, lo), hi)


def tie_share(out: float, *xs: float) -> float:
    """1/n where n of the xs equal out (the slope of max and min at a tie), and 0 if none does."""
    n = xs.count(out) if out == out else 0
    return 1.0 / n if n else 0.0


def heaviside(x: float, at0: float) -> float:
    """0 below zero, 1 above, at0 at zero. Nan stays nan."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return 0.0
    return at0 if x == 0.0 else x


def relu(x: float) -> float:
    """max(x, 0). Nan stays nan, and both zeros give 0."""
    return 0.0 if x <= 0.0 else x
