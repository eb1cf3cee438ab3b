"""Scalar kernels of the regularised incomplete beta function and of its derivatives by x, within an ulp of the truth.

Everything is computed in Python's integers: logarithms in fixed point, the continued fraction (DLMF 8.17.22) by Lentz's
method, and the polynomial of a derivative without any rounding. Where a difference from 1 cancels, the same is done
again with more bits. They never raise.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

from .bessel import _rounded, _shifted, _split
from .fixed import exp_minus, log_2_fixed, log_fixed, pi_fixed

_INF = math.inf
_NAN = math.nan
_KEPT = 66  # bits of a result that must be right
_START = 128  # bits in the first try
LARGEST = 1e10  # of shapes: the continued fraction takes about as many steps as the root of the larger one


def betainc(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b): nan unless a, b >= 0, not both 0, and 0 <= x <= 1."""
    if not _is_inside(a, b, x):
        return _NAN
    if a == 0.0 or b == 0.0 or x == 0.0 or x == 1.0:
        return 1.0 if a == 0.0 or (x == 1.0 and b > 0.0) else 0.0
    bits = _START
    swapped = x * (a + b + 2.0) > a + 1.0
    while True:
        if not swapped:
            return _rounded(*_lower(a, b, x, False, bits))
        m, e = _lower(b, a, x, True, bits)
        rest = (1 << bits) - _shifted(m, e + bits)
        if rest.bit_length() >= _KEPT:
            return _rounded(rest, -bits)
        bits *= 2


def betainc_derivative(n: float, a: float, b: float, x: float) -> float:
    """The n-th derivative of betainc by x: x**(a - n) (1 - x)**(b - n)/beta(a, b) times a polynomial in a, b and x."""
    order = int(n)
    if order == 0:
        return betainc(a, b, x)
    if not _is_inside(a, b, x):
        return _NAN
    if a == 0.0 or b == 0.0:
        return 0.0
    if x == 0.0:
        return _at_0(order - 1, a, b)
    if x == 1.0:
        end = _at_0(order - 1, b, a)
        return end if order % 2 else -end
    total, e = _polynomial(order - 1, a, b, x)
    if total == 0:
        return 0.0
    m, exponent = _power_product(a, b, x, False, order, _START)
    return _rounded(total * m, e + exponent)


def _is_inside(a: float, b: float, x: float) -> bool:
    return 0.0 <= a <= LARGEST and 0.0 <= b <= LARGEST and a + b > 0.0 and 0.0 <= x <= 1.0


def _at_0(m: int, a: float, b: float) -> float:
    """The m-th derivative at 0 of x**(a - 1) (1 - x)**(b - 1)/beta(a, b)."""
    if a - 1.0 > m:
        return 0.0
    if a != math.floor(a):
        sign = 1.0
        for k in range(1, m + 1):
            sign *= 1.0 if a > k else -1.0
        return sign * _INF
    low = int(a) - 1
    p, s = _fraction(b)
    total = math.perm(m, low)
    for k in range(1, m - low + 1):
        total *= (k << s) - p
    bits = _START
    work = _work(a, b, bits)
    shift, m_one = _exponential(-_log_beta(a, b, work), work, bits)
    return _rounded(total * m_one, shift - s * (m - low))


def _fraction(x: float) -> tuple[int, int]:
    """The integers p and s >= 0 of x = p/2**s."""
    p, q = x.as_integer_ratio()
    return p, q.bit_length() - 1


def _work(a: float, b: float, bits: int) -> int:
    """How many bits the logarithms need for `bits` of a product of powers: more for large and for tiny shapes."""
    small = max(0, -math.frexp(min(a, b))[1])
    return bits + 40 + small + 2 * max(0, math.frexp(max(a, b))[1])


def _exponential(logarithm: int, work: int, bits: int) -> tuple[int, int]:
    """The exponential of a fixed-point number, as a power of 2 and an integer."""
    halvings, rest = divmod(-logarithm, log_2_fixed(work))
    return -halvings - bits, exp_minus(rest >> (work - bits), bits)


def _power_product(a: float, b: float, x: float, flipped: bool, n: int, bits: int) -> tuple[int, int]:
    """x**(a - n) (1 - x)**(b - n)/beta(a, b), or that of 1 - x if `flipped`, as an integer and a power of 2."""
    work = _work(a, b, bits)
    p, s = _fraction(x)
    rest = (1 << s) - p
    if flipped:
        p, rest = rest, p
    total = -_log_beta(a, b, work)
    for shape, top in ((a, p), (b, rest)):
        q, t = _fraction(shape)
        total += (q - (n << t)) * log_fixed(top, 1 << s, work + 12) >> t + 12
    exponent, m = _exponential(total, work, bits)
    return m, exponent


def _lower(a: float, b: float, x: float, flipped: bool, bits: int) -> tuple[int, int]:
    """I_x(a, b), or that of 1 - x if `flipped`, below the mean, as an integer and a power of 2."""
    m, e = _power_product(a, b, x, flipped, 0, bits)
    work = bits + 32 + max(0, -math.frexp(a)[1])
    unit = 1 << work
    p, s = _fraction(x)
    z = _shifted((1 << s) - p if flipped else p, work - s)
    first, second = (_shifted(q, work - t) for q, t in map(_fraction, (a, b)))
    # 1/(1 + d(1)/(1 + d(2)/(1 + …)))
    value, c, d, k = unit, unit, unit, 1
    change = 0
    while abs(change - unit) >= 1 << work - bits:
        m_at = k // 2 << work
        if k % 2:
            factor = -(first + m_at) * (first + second + m_at) * z
        else:
            factor = k // 2 * (second - m_at) * z << work
        factor //= (first + (k - 1 << work)) * (first + (k << work))
        d = (unit << work) // (unit + (factor * d >> work))
        c = unit + (factor << work) // c if k > 1 else unit
        change = c * d >> work
        value = value * change >> work
        k += 1
    q, t = _split(a)
    return (m * value << 60 + bits) // q, e - work - 60 - bits - t


def _polynomial(m: int, a: float, b: float, x: float) -> tuple[int, int]:
    """The m-th derivative of x**(a - 1) (1 - x)**(b - 1) over x**(a - 1 - m) (1 - x)**(b - 1 - m), by Leibniz' rule:
    exactly, as an integer and a power of 2.
    """
    pa, sa = _fraction(a)
    pb, sb = _fraction(b)
    p, s = _fraction(x)
    rest = (1 << s) - p
    shift = max(sa, sb)
    pa, pb, one = pa << shift - sa, pb << shift - sb, 1 << shift
    falls, others = [1], [1]
    for k in range(1, m + 1):
        falls.append(falls[-1] * (pa - k * one) * rest)
        others.append(others[-1] * (k * one - pb) * p)
    total = sum(math.comb(m, j) * falls[j] * others[m - j] for j in range(m + 1))
    return total, -(shift + s) * m


@cache
def _stirling_terms(count: int) -> list[tuple[int, int]]:
    """B(2k)/(2k (2k - 1)) for k = 1 … count as fractions, from the tangent numbers (DLMF 24.15.4)."""
    tangents = [0, 1]
    for k in range(2, count + 1):
        tangents.append((k - 1) * tangents[k - 1])
    for k in range(2, count + 1):
        for j in range(k, count + 1):
            tangents[j] = (j - k) * tangents[j - 1] + (j - k + 2) * tangents[j]
    return [(tangents[k] if k % 2 else -tangents[k], (4**k * (4**k - 1)) * (2 * k - 1)) for k in range(1, count + 1)]


def _log_gamma(p: int, s: int, bits: int) -> int:
    """The logarithm of gamma(p/2**s), by Stirling's series after a product (DLMF 5.11.1)."""
    steps = max(0, bits // 4 - (p >> s))
    product, scale = 1, 0
    for k in range(steps):
        product *= p + (k << s)
        scale += s
        extra = product.bit_length() - 2 * bits
        if extra > 0:
            product, scale = product >> extra, scale - extra
    p += steps << s
    z = _shifted(p, bits - s)
    total = ((2 * p - (1 << s)) * log_fixed(p, 1 << s, bits + 12) >> s + 13) - z
    total += log_fixed(2 * pi_fixed(bits), 1 << bits, bits) >> 1
    inverse = (1 << bits + s) // p
    square = inverse * inverse >> bits
    for top, bottom in _stirling_terms(bits // 6 + 4):
        term = top * inverse // bottom
        if not -2 < term < 2:
            total += term
        inverse = inverse * square >> bits
        if not inverse:
            break
    if steps:
        total -= log_fixed(product << max(0, -scale), 1 << max(0, scale), bits)
    return total


@lru_cache(maxsize=64)
def _log_beta(a: float, b: float, bits: int) -> int:
    """The logarithm of beta(a, b) in fixed point."""
    (p, s), (q, t) = _fraction(a), _fraction(b)
    fine = bits + 24
    both = max(s, t)
    total = _log_gamma((p << both - s) + (q << both - t), both, fine)
    return _log_gamma(p, s, fine) + _log_gamma(q, t, fine) - total >> 24
