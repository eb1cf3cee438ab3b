"""Arithmetic on pairs of floats: a rounded result and its rounding error."""

from __future__ import annotations

from .vector import Vector, fma


def two_sum(x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """Return the sum and its rounding error (Knuth)."""
    s = x + y
    t = s - x
    return s, (x - (s - t)) + (y - t)


def quick_two_sum(x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """Return the same for |x| >= |y| or x = 0 (Dekker)."""
    s = x + y
    return s, (x - s) + y


def product(x: Vector, x_low: Vector, y: Vector, y_low: Vector) -> tuple[Vector, Vector]:
    """Return (x + x_low)(y + y_low)."""
    p = x * y
    low = fma(x, y, -p)
    for one, other in ((x, y_low), (y, x_low)):
        if other.number != 0.0:
            low = fma(one, other, low)
    return p, low


def quotient(x: Vector, x_low: Vector | float, y: Vector, y_low: Vector) -> Vector:
    """Return (x + x_low)/(y + y_low): one division that others may share, and one step of correction."""
    inverse = 1.0 / y
    q = x * inverse
    return fma(fma(-q, y_low, fma(-q, y, x) + x_low), inverse, q)
