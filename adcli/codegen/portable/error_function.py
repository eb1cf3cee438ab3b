"""The error functions in float64 arithmetic alone, by W. J. Cody's rational approximations and a continued fraction.

The coefficients are those of Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969), as
in his program CALERF. The relative error is a few 1e-16.
"""

from math import copysign

from ...ops.kernels.compound import gaussian
from ...ops.kernels.normal import CODY_FAR_P as CODY_FAR_P
from ...ops.kernels.normal import CODY_FAR_Q as CODY_FAR_Q

# Numerators and denominators from the leading coefficient on: erf(x)/x of x*x below 0.46875, erfcx between it and 4.
CODY_NEAR_P = (
    1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3,
)  # fmt: skip
CODY_NEAR_Q = (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3)
CODY_MIDDLE_P = (
    2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
    8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
)  # fmt: skip
CODY_MIDDLE_Q = (
    1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
    3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
)  # fmt: skip


def _erf_near(x: float) -> float:
    """erf(x) below 0.46875."""
    square = x * x
    above = 0.0
    below = 0.0
    for c in CODY_NEAR_P:
        above = above * square + c
    for c in CODY_NEAR_Q:
        below = below * square + c
    return x * (above / below)


def _erfc_beyond(x: float) -> float:
    """erfc(x) for x above 0.48, from 1 on by its continued fraction (DLMF 7.9.1), evaluated from the end."""
    if x > 27.5:
        return 0.0
    if x > 1.0:
        tail = x
        for k in range(int(10.0 + 250.0 / (x * x)), 0, -1):
            tail = x + 0.5 * k / tail
        return gaussian(x) / (1.7724538509055160 * tail)
    above = 0.0
    below = 0.0
    for c in CODY_MIDDLE_P:
        above = above * x + c
    for c in CODY_MIDDLE_Q:
        below = below * x + c
    return gaussian(x) * (above / below)


def erf(x: float) -> float:
    """The error function."""
    if x != x:
        return x
    if abs(x) > 6.0:
        return copysign(1.0, x)
    if abs(x) <= 0.48:
        return _erf_near(x)
    return copysign(1.0 - _erfc_beyond(abs(x)), x)


def erfc(x: float) -> float:
    """1 - erf(x)."""
    if x > 0.48:
        return _erfc_beyond(x)
    return 1.0 - erf(x)
