"""Vector code of sine, cosine and their ratios and reciprocals.

The reduction is Cody and Waite's with fused multiply-add, the polynomials are those of fdlibm (Sun Microsystems, 1993).
"""

from __future__ import annotations

import math

from ...ops.kernels.huge_angles import HUGE
from .pairs import quick_two_sum, quotient, two_sum
from .powers import SHIFT
from .vector import Vector, absolute, fma, polynomial, select

TWO_OVER_PI = 2.0 / math.pi
MINUS_HALF_PI = (-1.5707963267948966, -6.123233995736766e-17, 1.4973849048591698e-33)
SINE = (1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06,
        -1.98412698298579493134e-04, 8.33333333332248946124e-03)  # fmt: skip
SINE_1 = -1.66666666666666324348e-01
COSINE = (-1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07,
          2.48015872894767294178e-05, -1.38888888888741095749e-03, 4.16666666666666019037e-02)  # fmt: skip


def _reduced(x: Vector) -> tuple[Vector, Vector, Vector]:
    """Return the quadrant in the last bits, and the rest within pi/4 in two parts, for |x| < HUGE."""
    t = fma(x, TWO_OVER_PI, SHIFT)
    k = t - SHIFT
    first = fma(k, MINUS_HALF_PI[0], x)  # exact: both are multiples of 2**-53; a zero keeps its sign
    product = k * MINUS_HALF_PI[1]
    high, low = two_sum(first, product)
    return t.bits(), high, fma(k, MINUS_HALF_PI[2], low + fma(k, MINUS_HALF_PI[1], -product))


def _sine_and_cosine(x: Vector) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """Return the quadrant, and both functions of the rest: the sine as a difference, the cosine as a sum."""
    quadrant, y, low = _reduced(x)
    z = y * y
    v = z * y
    half = 0.5 * z
    w = 1.0 - half
    sine_rest = fma(z, fma(-v, polynomial(z, *SINE), 0.5 * low), -low) - v * SINE_1
    cosine_rest = ((1.0 - w) - half) + fma(z, z * polynomial(z, *COSINE), -(y * low))
    return quadrant, y, sine_rest, w, cosine_rest


def moderate_sine(x: Vector, turned: int) -> Vector:
    """Return sin(x) or, turned by a quarter, cos(x), for |x| < HUGE."""
    quadrant, y, sine_rest, w, cosine_rest = _sine_and_cosine(x)
    value = select((quadrant & 1).equal(turned), y - sine_rest, w + cosine_rest)
    return (value.bits() ^ (((quadrant + turned if turned else quadrant) & 2) << 62)).floats()


def is_huge(x: Vector) -> Vector:
    """Return where the reduction does not hold."""
    return absolute(x) >= HUGE


def sin(x: Vector) -> Vector:
    """Return the sine."""
    return x.emitter.rescue(moderate_sine(x, 0), is_huge(x), x)


def cos(x: Vector) -> Vector:
    """Return the cosine."""
    return x.emitter.rescue(moderate_sine(x, 1), is_huge(x), x)


def csc(x: Vector) -> Vector:
    """Return the cosecant."""
    return x.emitter.rescue(1.0 / moderate_sine(x, 0), is_huge(x), x)


def sec(x: Vector) -> Vector:
    """Return the secant."""
    return x.emitter.rescue(1.0 / moderate_sine(x, 1), is_huge(x), x)


def _ratio(x: Vector, turned: int) -> Vector:
    """Return tan(x) or, turned, cot(x), for |x| < HUGE and x != 0."""
    quadrant, y, sine_rest, w, cosine_rest = _sine_and_cosine(x)
    sine, sine_low = quick_two_sum(y, -sine_rest)
    cosine, cosine_low = quick_two_sum(w, cosine_rest)
    upright = (quadrant & 1).equal(turned)
    above, above_low = select(upright, sine, cosine), select(upright, sine_low, cosine_low)
    below, below_low = select(upright, cosine, sine), select(upright, cosine_low, sine_low)
    value = quotient(above, above_low, below, below_low)
    return (value.bits() ^ ((quadrant & 1) << 63)).floats()


def tan(x: Vector) -> Vector:
    """Return the tangent."""
    return x.emitter.rescue(select(x.equal(0.0), x, _ratio(x, 0)), is_huge(x), x)


def cot(x: Vector) -> Vector:
    """Return the cotangent."""
    return x.emitter.rescue(_ratio(x, 1), is_huge(x) | (absolute(x) < 1e-290), x)
