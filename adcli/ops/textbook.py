"""Textbook forms of the helpers that are derivatives of a given order. Shorter forms stand in the entries.

A helper computes without cancellation. Its textbook form is the same function of the reals wherever the form is
defined. Power series and formulas for people use it.
"""

from __future__ import annotations

from math import comb

from .op import TABLE
from .operands import Operand, constant


def order_of(n: Operand) -> int:
    """Return an order of differentiation. The language accepts only literal orders."""
    value = constant(n)
    if value is None:
        raise ValueError("an order of differentiation must be a literal number")
    return int(value)


def polynomial(coefficients: list[int], x: Operand) -> Operand:
    """Return a polynomial with whole coefficients, the constant first."""
    terms = [float(c) * x ** float(i) if i else float(c) for i, c in enumerate(coefficients) if c]
    total = terms[-1]
    for term in reversed(terms[:-1]):
        total = total + term
    return total


def cbrt_derivative(n: Operand, x: Operand) -> Operand:
    """Return (1/3)(1/3 - 1)… cbrt(x)**(1 - 3n), the coefficient as a quotient of whole numbers. x is not 0."""
    order = order_of(n)
    above = 1
    for j in range(order):
        above *= 1 - 3 * j
    return float(above) * TABLE["cbrt"](x) ** (1.0 - 3.0 * order) / 3.0**order


def _hermite(order: int, scale: int) -> list[int]:
    """Return the coefficients of H_n for scale 2, of He_n for scale 1, the constant first (DLMF 18.9.1)."""
    before, hermite = [0], [1]
    for k in range(order):
        shifted = [0, *[scale * c for c in hermite]]
        before, hermite = (
            hermite,
            [c - scale * k * (before[i] if i < len(before) else 0) for i, c in enumerate(shifted)],
        )
    return hermite


def gaussian_derivative(n: Operand, x: Operand) -> Operand:
    """Return (-1)**n H_n(x) exp(-x**2) with the Hermite polynomial H_n."""
    order = order_of(n)
    return (-1.0) ** order * polynomial(_hermite(order, 2), x) * TABLE["exp"](-(x**2.0))


def normpdf_derivative(n: Operand, x: Operand) -> Operand:
    """Return (-1)**n He_n(x) normpdf(x) with the Hermite polynomial He_n."""
    order = order_of(n)
    return (-1.0) ** order * polynomial(_hermite(order, 1), x) * TABLE["normpdf"](x)


def polygamma_above(n: Operand, x: Operand) -> Operand:
    """Return the n-th derivative of digamma at x + 1."""
    order = order_of(n)
    return TABLE["polygamma"](float(order), x + 1.0) if order else TABLE["digamma"](x + 1.0)


def power_derivative(x: Operand, y: Operand, k: Operand, m: Operand) -> Operand:
    """Return d^k/dx^k d^m/dy^m of x**y by Leibniz' rule: falling factorials of y times powers of log(x).

    It is defined where x > 0 and, for m = 0, where x is not 0.
    """
    by_base, by_exponent = order_of(k), order_of(m)
    if by_exponent == 0:
        result = x ** (y - float(by_base)) if by_base else x**y
        for j in range(by_base):
            result = (y - float(j)) * result if j else y * result
        return result
    falling = [1]  # y(y - 1)…(y - k + 1), the constant first
    for j in range(by_base):
        falling = [a - j * b for a, b in zip([0, *falling], [*falling, 0], strict=True)]
    total: Operand = None
    for j in range(by_exponent + 1):
        if any(falling):
            term = polynomial([comb(by_exponent, j) * c for c in falling], y)
            if j < by_exponent:
                term = term * TABLE["log"](x) ** float(by_exponent - j)
            total = term if total is None else total + term
        falling = [i * c for i, c in enumerate(falling)][1:]
    return total * x ** (y - float(by_base))
