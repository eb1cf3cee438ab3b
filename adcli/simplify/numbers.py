"""Calculate with numbers as people write them: whole numbers and fractions exactly, decimals by their digits.

A Fraction is exact. A float stands for the decimal that it prints as, and a result with it is the nearest float64 of
the decimal result. So 3*0.1 is 0.3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isfinite, log2

from ..graph.text import number_text

Exact = Fraction | float
ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
WHOLE = 2.0**53  # every whole number up to this one is a float64
LARGEST = 2**1000  # fractions of whole numbers up to this one are exact. They are rounded when they are written


def to_exact(value: float) -> Exact:
    """Return a whole number or 0.5 as a Fraction, any other float64 as it is.

    >>> to_exact(2.0), to_exact(0.5), to_exact(0.1)
    (Fraction(2, 1), Fraction(1, 2), 0.1)
    """
    if isfinite(value) and ((value == int(value) and abs(value) <= WHOLE) or abs(value) == 0.5):
        return Fraction(value)
    return value


def size(value: Exact) -> Exact:
    """Return the absolute value."""
    return -value if value < 0 else value


def calculate(operation: Callable[[Fraction, Fraction], Fraction], a: Exact, b: Exact) -> Exact | None:
    """Return the result of exact arithmetic, or None if float64 cannot hold it.

    >>> from operator import mul
    >>> calculate(mul, 0.1, Fraction(3)), calculate(mul, Fraction(1, 3), Fraction(2))
    (0.3, Fraction(2, 3))
    """
    result = operation(_decimal(a), _decimal(b))
    is_small = max(abs(result.numerator), result.denominator) <= LARGEST
    if is_small and (result.denominator == 1 or (isinstance(a, Fraction) and isinstance(b, Fraction))):
        return result
    try:
        rounded = float(result)
    except OverflowError:
        return None
    return rounded if rounded or not result else None


def _decimal(value: Exact) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(repr(value))


def raise_number(base: Exact, exponent: Fraction) -> Exact | None:
    """Return base**exponent if it is a whole power that is not too large or an exact root, otherwise None.

    >>> raise_number(Fraction(4, 9), Fraction(-1, 2)), raise_number(Fraction(2), Fraction(1, 2))
    (Fraction(3, 2), None)
    """
    if base == 1:
        return base
    if exponent.denominator != 1:
        if not isinstance(base, Fraction) or base <= 0 or exponent.denominator > 12:
            return None
        above, below = _root(base.numerator, exponent.denominator), _root(base.denominator, exponent.denominator)
        if above is None or below is None:
            return None
        base = Fraction(above, below)
    power = exponent.numerator
    if base == 0 or abs(power) > 1074 or abs(power * log2(size(base))) > 1000:
        return Fraction(0) if base == 0 and power > 0 else None
    result = _decimal(base) ** power
    return calculate(lambda a, b: a * b, result, Fraction(1)) if isinstance(base, Fraction) else to_exact(float(result))


def _root(value: int, degree: int) -> int | None:
    root = round(value ** (1 / degree)) if value < WHOLE else 0
    return root if root**degree == value else None


def exact_text(value: Exact) -> str:
    """Return the number in the language. A fraction has a `/`."""
    return str(value) if isinstance(value, Fraction) else number_text(value)
