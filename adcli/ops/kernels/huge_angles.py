"""Sine, cosine and tangent of huge arguments, with pi to 1 250 bits.

The C library keeps about 130 bits: near a multiple of pi/2 that leaves cos(5.319372648326541e255), the hardest of all
float64 (Muller, Elementary Functions, 3rd ed., table 11.1), 8 ulp off.
"""

from __future__ import annotations

import math

from .fixed import pi_fixed

HUGE = 1e8  # below this magnitude the C library has enough bits of pi
BITS = 1250  # of pi/2, in fixed point


def _reduce(x: float) -> tuple[int, float, float]:
    """Return the quadrant of x, and the rest in [-pi/4, pi/4] as a float and its rounding error."""
    half_pi = pi_fixed(BITS - 1)  # pi/2 in units of 2**-BITS
    numerator, denominator = x.as_integer_ratio()
    quadrant, rest = divmod((numerator << BITS) // denominator, half_pi)
    if rest > half_pi // 2:
        quadrant, rest = quadrant + 1, rest - half_pi
    high = rest / (1 << BITS)
    top, scale = high.as_integer_ratio()
    return quadrant % 4, high, (rest - (top << BITS) // scale) / (1 << BITS)


def sin_huge(x: float) -> float:
    """Return the sine of a finite argument.

    >>> sin_huge(1e22)
    -0.8522008497671888
    """
    quadrant, high, low = _reduce(x)
    if quadrant % 2:
        value = math.cos(high) - math.sin(high) * low
    else:
        value = math.sin(high) + math.cos(high) * low
    return -value if quadrant > 1 else value


def cos_huge(x: float) -> float:
    """Return the cosine of a finite argument.

    >>> cos_huge(5.319372648326541e255)
    -4.687165924254628e-19
    """
    quadrant, high, low = _reduce(x)
    if quadrant % 2:
        value = math.sin(high) + math.cos(high) * low
    else:
        value = math.cos(high) - math.sin(high) * low
    return -value if quadrant in (1, 2) else value


def tan_huge(x: float) -> float:
    """Return the tangent of a finite argument."""
    quadrant, high, low = _reduce(x)
    value = math.tan(high)
    value += (1.0 + value * value) * low
    return -1.0 / value if quadrant % 2 else value
