"""Reference values of the Bessel functions of integer order: orders 0 and 1 of mpmath, and the recurrence upwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath import mp  # type: ignore[import-untyped]

BESSEL_FAMILY = ("j0", "j1", "y0", "y1", "i0", "i1", "besselj", "bessely", "besseli", "besselk")


def lowest(family: str, x: Any) -> tuple[Any, Any]:
    """Return Y or K of the orders 0 and 1, from the series at 0 (DLMF 10.8.2, 10.31.2) or by mpmath."""
    if x > 120:
        function = mp.bessely if family == "y" else mp.besselk
        return function(0, x), function(1, x)
    sign = -1 if family == "y" else 1
    with mp.extraprec(int(6 * x) + 40):
        log = mp.log(x / 2) + mp.euler
        quarter = sign * x**2 / 4
        term, harmonic, m = mp.one, mp.zero, 0
        zero = log
        one = mp.one  # minus x times the derivative of zero, without its sign
        while abs(term) * (harmonic + 1) * (m + 1) > mp.eps * mp.mpf(2) ** -int(3 * x):
            m += 1
            term *= quarter / m**2
            harmonic += mp.one / m
            zero += term * (log - harmonic)
            one += term * (1 + 2 * m * (log - harmonic))
        scale = 2 / mp.pi if family == "y" else -mp.one
        return scale * zero, -scale * one / x


def orders(family: str, last: int, x: Any) -> list[Any]:
    """Return the functions of the orders 0 … last, from the lowest by the recurrence upwards for Y and K."""
    if family in "ji":
        function = mp.besselj if family == "j" else mp.besseli
        return [function(order, x) for order in range(last + 1)]
    values = [*lowest(family, x)]
    for order in range(1, last):
        values.append(2 * order / x * values[order] + (values[order - 1] if family == "k" else -values[order - 1]))
    return values


def derivatives(family: str, last: int, n: int, x: Any) -> list[Any]:
    """Return the derivatives 0 … last of a function of order n (DLMF 10.6.7, 10.29.5)."""
    if family in "yk" and x <= 0:
        return [mp.nan] * (last + 1)
    with mp.extraprec(100):
        values = orders(family, n + last, x)
        found = []
        for k in range(last + 1):
            total = mp.zero
            for i in range(k + 1):
                order = n - k + 2 * i
                sign = 1 if family in "ik" else (-1) ** (i if order >= 0 else i - order)
                total += sign * mp.binomial(k, i) * values[abs(order)]
            found.append(total * (-1 if family == "k" and k % 2 else 1) / 2**k)
        return found


def four(family: str, n: int) -> Callable[[Any], tuple[Any, Any, Any, Any]]:
    """Return the value and three derivatives of a function of order n."""

    def written(x: Any) -> tuple[Any, Any, Any, Any]:
        zero, one, two, three = derivatives(family, 3, n, x)
        return zero, one, two, three

    return written


def zeros(family: str, n: int) -> list[float]:
    """Return the floats at some zeros of J or Y of order 0 or 1, and of the derivative."""
    found = []
    with mp.workdps(40):
        for m in (1, 2, 9, 200):
            for slope in (0, 1):
                quarters = 4 * m + 2 * n + (-1 if (family == "j") == (slope == 0) else -3)
                if family == "j" and n == 0 and slope:
                    quarters += 4  # the first zero is 0

                def function(x: Any, last: int = slope) -> Any:
                    return derivatives(family, last, n, x)[-1]

                found.append(float(mp.findroot(function, quarters * mp.pi / 4)))
    return found
