"""Exponential, logarithm, sine, cosine and constants in fixed point, for where sums of floats cancel.

A number x is the integer x * 2**bits. May import `math` only.
"""

from functools import cache
from math import log as _log

FIXED_BITS = 160
ONE_FIXED = 1 << FIXED_BITS


@cache
def pi_fixed(bits: int) -> int:
    """Pi, by Machin's formula pi/4 = 4 atan(1/5) - atan(1/239)."""

    def atan_inverse(n: int) -> int:
        term = (1 << bits + 16) // n
        total, k = term, 1
        while term:
            term //= -n * n
            k += 2
            total += term // k
        return total

    return 4 * (4 * atan_inverse(5) - atan_inverse(239)) >> 16


@cache
def log_2_fixed(bits: int) -> int:
    """The logarithm of 2."""
    return -_log_below_1(1 << bits + 15, bits + 16) >> 16


@cache
def euler_fixed(bits: int) -> int:
    """Euler's constant, by the method of Brent and McMillan (DLMF 10.31.2 at a large power of 2)."""
    work = bits + 32
    e = (bits // 5).bit_length()  # the error is exp(-4 * 2**e)
    top, bottom, harmonic, k = 0, 0, 0, 0
    term = 1 << work
    while term:
        bottom += term
        top += term * harmonic >> work
        k += 1
        harmonic += (1 << work) // k
        term = (term << 2 * e) // (k * k)
    return ((top << work) // bottom - e * log_2_fixed(work)) >> 32


def exp_fixed(x: float, bits: int = FIXED_BITS) -> int:
    """exp(x) * 2**bits for x <= 0. It is off by about 2**10."""
    if x < -0.7 * bits:
        return 0
    n, d = x.as_integer_ratio()
    return exp_minus((-n << bits) // d, bits)


def exp_minus(x: int, bits: int) -> int:
    """exp(-x) of a fixed-point x >= 0, by Taylor's series at x/256 and eight squarings."""
    t = x >> 8
    total = term = 1 << bits
    i = 1
    while term:
        term = ((term * t) >> bits) // i
        total += -term if i & 1 else term
        i += 1
    for _ in range(8):
        total = (total * total) >> bits
    return total


def log_fixed(n: int, d: int, bits: int = FIXED_BITS) -> int:
    """log(n/d) * 2**bits for positive integers."""
    e = n.bit_length() - d.bit_length()
    m = (n << bits) // (d << e) if e >= 0 else (n << (bits - e)) // d
    if m > 1 << bits:
        m >>= 1
        e += 1
    return _log_below_1(m, bits) + e * log_2_fixed(bits)


def _log_below_1(m: int, bits: int) -> int:
    """The logarithm of a fixed-point m in (0, 1]: the float's, and the series of log(1 + t) at what is left."""
    y = _log(m / (1 << bits))
    top, bottom = y.as_integer_ratio()
    t = (m << bits) // exp_fixed(y, bits) - (1 << bits)
    total, term, i = (top << bits) // bottom, t, 1
    while term and term != -1:
        total += term // i if i & 1 else -(term // i)
        term = term * t >> bits
        i += 1
    return total


def cos_sin_fixed(x: int, bits: int) -> tuple[int, int]:
    """The cosine and sine of a fixed-point x from 0 to 2, by Taylor's series."""
    sums = [0, 0, 0, 0]
    term, i = 1 << bits, 0
    while term:
        sums[i & 3] += term
        i += 1
        term = (term * x >> bits) // i
    return sums[0] - sums[2], sums[1] - sums[3]
