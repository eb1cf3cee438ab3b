"""The error functions in float64 arithmetic alone."""

from math import copysign

from ...ops.kernels.compound import gaussian


def _erf_series(x: float) -> float:
    """erf(x)*sqrt(pi)/2 of Kummer's series exp(-x**2) sum 2**k x**(2k+1)/(2k+1)!!, all of one sign (DLMF 7.6.2)."""
    term = x
    total = 0.0
    divisor = 1.0
    while abs(term) > 1e-18 * abs(total):
        total += term
        divisor += 2.0
        term *= 2.0 * x * x / divisor
    return gaussian(x) * total


def _erfc_fraction(x: float) -> float:
    """erfc(x) for x >= 0.5 by its continued fraction (DLMF 7.9.1), evaluated from the end."""
    if x > 27.5:
        return 0.0
    below = x
    for k in range(int(10.0 + 250.0 / (x * x)), 0, -1):
        below = x + 0.5 * k / below
    return gaussian(x) / (1.7724538509055160 * below)


def erf(x: float) -> float:
    """The error function."""
    if x != x:
        return x
    if abs(x) > 6.0:
        return copysign(1.0, x)
    if abs(x) < 0.5:
        return 1.1283791670955126 * _erf_series(x)
    return copysign(1.0 - _erfc_fraction(abs(x)), x)


def erfc(x: float) -> float:
    """1 - erf(x)."""
    if x > 0.5:
        return _erfc_fraction(x)
    return 1.0 - erf(x)
