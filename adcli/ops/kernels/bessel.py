"""Scalar kernels of the Bessel functions of integer order and of their derivatives, within an ulp of the truth.

Everything is computed in fixed point, in Python's integers: the series at 0 (DLMF 10.2.2, 10.8.1, 10.25.2, 10.31.1) or
Hankel's expansions at large arguments (DLMF 10.17.3, 10.40.2), and the recurrences of the orders (DLMF 10.6.1,
10.29.1).
Where too many bits cancel, near a zero, the same is done again with more bits. The k-th derivative is a sum over
neighbouring orders (DLMF 10.6.7, 10.29.5), or is taken term by term.
"""

from __future__ import annotations

import math

from .fixed import cos_sin_fixed, euler_fixed, exp_minus, log_2_fixed, log_fixed, pi_fixed

_INF = math.inf
_NAN = math.nan
_KEPT = 60  # bits of a result that must be right
_START = 96  # bits in the first try
_LARGEST_I = 1500.0  # beyond it besseli overflows
_LARGEST_K = 1500.0  # beyond it besselk underflows
_LAST_ORDER = 199.0  # higher ones are nan. The language takes 0 to 99, and derivatives read the neighbours


def besselj(n: float, x: float) -> float:
    """The Bessel function of the first kind of a whole order."""
    return besselj_derivative(0.0, n, x)


def bessely(n: float, x: float) -> float:
    """The Bessel function of the second kind of a whole order. It is -inf at 0, and nan below."""
    return bessely_derivative(0.0, n, x)


def besseli(n: float, x: float) -> float:
    """The modified Bessel function of the first kind of a whole order."""
    return besseli_derivative(0.0, n, x)


def besselk(n: float, x: float) -> float:
    """The modified Bessel function of the second kind of a whole order. It is inf at 0, and nan below."""
    return besselk_derivative(0.0, n, x)


def j0(x: float) -> float:
    """besselj(0, x)."""
    return besselj_derivative(0.0, 0.0, x)


def j1(x: float) -> float:
    """besselj(1, x)."""
    return besselj_derivative(0.0, 1.0, x)


def y0(x: float) -> float:
    """bessely(0, x)."""
    return bessely_derivative(0.0, 0.0, x)


def y1(x: float) -> float:
    """bessely(1, x)."""
    return bessely_derivative(0.0, 1.0, x)


def i0(x: float) -> float:
    """besseli(0, x)."""
    return besseli_derivative(0.0, 0.0, x)


def i1(x: float) -> float:
    """besseli(1, x)."""
    return besseli_derivative(0.0, 1.0, x)


def besselj_derivative(k: float, n: float, x: float) -> float:
    """The k-th derivative of besselj(n, x)."""
    if not _is_order(n):
        return _NAN
    times, order = int(k), int(n)
    if x < 0.0 or (x == 0.0 and math.copysign(1.0, x) < 0.0):
        mirrored = besselj_derivative(k, n, -x)
        return -mirrored if (times + order) % 2 else mirrored
    if x - x != 0.0:
        return 0.0 if x == _INF else _NAN
    bits = _START + times
    while True:
        if 2.88 * x >= bits + 8.0 and times + order < x:
            total, exponent, lost = _waves(times, order, x, bits, False)
        else:
            total, exponent, lost = _power_series(-1, times, order, x, bits)
        if bits - lost >= _KEPT:
            return _rounded(total, exponent)
        bits = lost + _KEPT + 20


def besseli_derivative(k: float, n: float, x: float) -> float:
    """The k-th derivative of besseli(n, x)."""
    if not _is_order(n):
        return _NAN
    times, order = int(k), int(n)
    if x < 0.0 or (x == 0.0 and math.copysign(1.0, x) < 0.0):
        mirrored = besseli_derivative(k, n, -x)
        return -mirrored if (times + order) % 2 else mirrored
    if x != x or x > _LARGEST_I:
        return x + _INF
    total, exponent, _ = _power_series(1, times, order, x, _START + times)
    return _rounded(total, exponent)


def bessely_derivative(k: float, n: float, x: float) -> float:
    """The k-th derivative of bessely(n, x)."""
    if not _is_order(n):
        return _NAN
    times, order = int(k), int(n)
    if not x > 0.0 or x == _INF:
        return 0.0 if x == _INF else _NAN if x != 0.0 else _INF if times % 2 else -_INF
    if _overflows(times + order, x):
        return _INF if times % 2 else -_INF
    bits = _START + times
    while True:
        if 2.88 * x >= bits + 8.0:
            total, exponent, lost = _waves(times, order, x, bits, True)
        else:
            total, exponent, lost = _logarithmic_series(-1, times, order, x, bits)
        if bits - lost >= _KEPT:
            return _rounded(total, exponent)
        bits = lost + _KEPT + 20


def besselk_derivative(k: float, n: float, x: float) -> float:
    """The k-th derivative of besselk(n, x)."""
    if not _is_order(n):
        return _NAN
    times, order = int(k), int(n)
    if not x > 0.0 or x > _LARGEST_K:
        return (-0.0 if times % 2 else 0.0) if x > 0.0 else _NAN if x != 0.0 else -_INF if times % 2 else _INF
    if _overflows(times + order, x):
        return -_INF if times % 2 else _INF
    bits = _START
    if 2.88 * x >= bits + 8.0:
        total, exponent = _decay(times, order, x, bits)
    else:
        total, exponent, _ = _logarithmic_series(1, times, order, x, bits + int(2.0 * x))
    return _rounded(total, exponent)


# -- parts -------------------------------------------------------------------------------------------------


def _is_order(n: float) -> bool:
    return 0.0 <= n <= _LAST_ORDER and n % 1.0 == 0.0


def _rounded(m: int, e: int) -> float:
    """m * 2**e as a float, inf beyond its range."""
    shift = m.bit_length() - 64
    if shift > 0:
        m, e = m >> shift, e + shift
    try:
        return math.ldexp(m, e)
    except OverflowError:
        return math.copysign(_INF, m)


def _split(x: float) -> tuple[int, int]:
    """The integers p and e of x = p * 2**e."""
    m, e = math.frexp(x)
    return int(m * 9007199254740992.0), e - 53


def _shifted(m: int, e: int) -> int:
    """m * 2**e, rounded down."""
    return m << e if e >= 0 else m >> -e


def _overflows(order: int, x: float) -> bool:
    """Whether the pole at 0 makes the derivative larger than any float: its leading term, with room for 2**-k/pi."""
    if order == 0:
        return False
    return math.lgamma(order) + order * (math.log(2.0) - math.log(x)) > 720.0 + order


def _power_series(sign: int, k: int, n: int, x: float, bits: int) -> tuple[int, int, int]:
    """The k-th derivative of besselj (sign -1) or besseli (1), term by term, for 0 <= x.

    Returns:
        An integer and the power of 2 that it is multiplied with, and the number of bits that are not right, of `bits`.
    """
    p, e = _split(x)
    square = p * p
    growth = 10 + (int(1.45 * x) if sign < 0 else 0)
    work = bits + growth
    m = first = max(0, (k - n + 1) // 2)
    term = 1 << work
    total = weight = 0
    flip = 1
    while term:
        weight = math.perm(2 * m + n, k)
        total += flip * term * weight
        m += 1
        flip *= sign
        term = _shifted(term * square, 2 * e - 2) // (m * (m + n))
    power = 2 * first + n - k
    lost = bits + growth + weight.bit_length() + m.bit_length() - total.bit_length() if power == 0 or p else 0
    total *= sign**first * p**power << bits
    bottom = math.factorial(first) * math.factorial(first + n)
    return total // bottom, e * power - work - bits - 2 * first - n, lost


def _combined(k: int, n: int, values: list[int], flip: int) -> int:
    """The k-th derivative times 2**k from the values of the orders 0 … n + k, where order -m has flip**m the sign."""
    total, coefficient = 0, 1
    for i in range(k + 1):
        order = n - k + 2 * i
        sign = flip**i if order >= 0 else flip ** (i - order)
        total += sign * coefficient * values[abs(order)]
        coefficient = coefficient * (k - i) // (i + 1)
    return total


def _orders(zero: int, one: int, last: int, x: float, flip: int) -> list[int]:
    """The values of the orders 0 … last, by f(j + 1) = 2j/x f(j) + flip f(j - 1)."""
    p, e = _split(x)
    values = [zero, one]
    for j in range(1, last):
        values.append(_shifted(2 * j * values[j], 60 - e) // (p << 60) + flip * values[j - 1])
    return values


def _hankel_terms(order: int, x: float, bits: int) -> list[int]:
    """The terms a(i)/x**i of Hankel's expansions of order 0 or 1 (DLMF 10.17.1)."""
    p, e = _split(x)
    term, i = 1 << bits, 0
    terms = []
    while term:
        terms.append(term if (i - order) % 2 == 0 or i == 0 else -term)
        i += 1
        term = _shifted(term * abs(4 * order - (2 * i - 1) ** 2), max(-e, 0)) // (8 * i * p << max(e, 0))
    return terms


def _root(top: int, bottom: int, e: int, bits: int) -> tuple[int, int]:
    """The square root of top / bottom * 2**e, as an integer and a power of 2."""
    shift = 2 * bits + bottom.bit_length() - top.bit_length()
    shift += (shift + e) % 2
    return math.isqrt((top << shift) // bottom), (e - shift) // 2


def _waves(k: int, n: int, x: float, bits: int, second: bool) -> tuple[int, int, int]:
    """The k-th derivative of besselj or, if `second`, bessely from Hankel's expansions, as `_power_series` does."""
    p, e = _split(x)
    fine = bits + max(0, e + 53) + 8
    pi = pi_fixed(fine)
    angle = (_shifted(p, fine + e) - pi // 4) % (2 * pi)
    quadrant, rest = divmod(angle, pi // 2)
    c, s = cos_sin_fixed(rest >> (fine - bits), bits)
    for _ in range(quadrant % 4):
        c, s = -s, c
    zero, one = _hankel_terms(0, x, bits), _hankel_terms(1, x, bits)
    p0, q0 = sum(zero[0::4]) - sum(zero[2::4]), sum(zero[1::4]) - sum(zero[3::4])
    p1, q1 = sum(one[0::4]) - sum(one[2::4]), sum(one[1::4]) - sum(one[3::4])
    if second:
        values = _orders(p0 * s + q0 * c, q1 * s - p1 * c, n + k, x, -1)
    else:
        values = _orders(p0 * c - q0 * s, p1 * s + q1 * c, n + k, x, -1)
    total = _combined(k, n, values, -1)
    largest = max(map(abs, values)).bit_length() + k
    root, exponent = _root(2, pi_fixed(bits) * p, bits - e, bits)
    return total * root, exponent - 2 * bits - k, 16 + (n + k).bit_length() + largest - total.bit_length()


def _logarithmic_series(sign: int, k: int, n: int, x: float, bits: int) -> tuple[int, int, int]:
    """The k-th derivative of bessely (sign -1) or besselk (1) from the series at 0, as `_power_series` does."""
    p, e = _split(x)
    square = p * p
    growth = 16 + int(1.45 * x)
    work = bits + growth
    unit = 1 << work
    harmonic = plain = weighted = with_harmonic = both = m = 0
    term, flip = unit, 1
    while term:
        plain += flip * term
        weighted += flip * 2 * m * term
        part = flip * (term * harmonic >> work)
        with_harmonic += part
        both += 2 * m * part
        m += 1
        flip *= sign
        harmonic += unit // m
        term = _shifted(term * square, 2 * e - 2) // (m * m)
    fine = work + 12
    top, bottom = (p << e - 1, 1) if e > 0 else (p, 1 << 1 - e)
    logarithm = log_fixed(top, bottom, fine) + euler_fixed(fine) >> 12
    zero = (logarithm * plain >> work) - with_harmonic
    one = plain + (logarithm * weighted >> work) - both  # times x
    slope = _shifted(one, 60 - e) // (p << 60)
    values = _orders(-sign * zero, sign * slope, n + k, x, sign)
    if sign < 0:
        values = [-value for value in _orders(-zero, slope, n + k, x, -1)]
    total = _combined(k, n, values, sign)
    if sign > 0:
        return -total if k % 2 else total, -work - k, growth + m.bit_length()
    lost = max(map(abs, values)).bit_length() + k - total.bit_length() if x > 0.5 else 0
    return (total << work + 1) // pi_fixed(work), -work - k, 16 + m.bit_length() + max(0, lost)


def _decay(k: int, n: int, x: float, bits: int) -> tuple[int, int]:
    """The k-th derivative of besselk from Hankel's expansion, as an integer and a power of 2."""
    p, e = _split(x)
    values = _orders(sum(_hankel_terms(0, x, bits)), sum(_hankel_terms(1, x, bits)), n + k, x, 1)
    total = _combined(k, n, values, 1)
    halvings, rest = divmod(_shifted(p, e + bits + 12), log_2_fixed(bits + 12))
    root, exponent = _root(pi_fixed(bits), p, -bits - e - 1, bits)
    total *= root * exp_minus(rest >> 12, bits)
    return -total if k % 2 else total, exponent - 2 * bits - k - halvings
