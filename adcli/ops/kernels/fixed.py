"""Exponential and logarithm in fixed point of 160 bits or more, for the few points where sums of floats cancel."""

from math import log as _log

FIXED_BITS = 160
ONE_FIXED = 1 << FIXED_BITS
_LOG_2_FIXED = 0xB17217F7D1CF79ABC9E3B39803F2F6AF40F34326


def exp_fixed(x: float, bits: int = FIXED_BITS) -> int:
    """exp(x) * 2**bits for x <= 0, by Taylor's series at x/256 and eight squarings. It is off by about 2**10."""
    if x < -0.7 * bits:
        return 0
    n, d = x.as_integer_ratio()
    t = (-n << bits) // (d << 8)
    total = term = 1 << bits
    i = 1
    while term:
        term = ((term * t) >> bits) // i
        total += -term if i & 1 else term
        i += 1
    for _ in range(8):
        total = (total * total) >> bits
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
