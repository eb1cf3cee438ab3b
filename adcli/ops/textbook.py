"""What the helpers of the table are in school functions: rules written with ops, for readers and for power series.

A helper is there for its digits; its school form is the same function of the reals, wherever the form is defined. Where
it is not (`0/0` where the helper has its limit), the rule says so.
"""

from __future__ import annotations

from math import comb
from typing import Any, NamedTuple

from .arithmetic import constant, floor, floordiv, power_derivative, square
from .elementary import cbrt, cbrt_derivative, direction, exp, hypot, log, semicircle, sqrt, subtraction_error
from .op import Op, Rule
from .special import gaussian, gaussian_derivative


class School(NamedTuple):
    """A helper in school functions: `rule` takes its arguments; `where` says where the two are the same."""

    rule: Rule
    where: str = "everywhere"


def _order(n: Any) -> int:
    value = constant(n)
    assert value is not None  # the language sees to it that orders are literal
    return int(value)


def _cbrt_derivative(n: Any, x: Any) -> Any:
    """(1/3)(1/3 - 1)… cbrt(x)**(1 - 3n), the coefficient as a quotient of whole numbers."""
    order = _order(n)
    above = 1
    for j in range(order):
        above *= 1 - 3 * j
    return float(above) * cbrt(x) ** (1.0 - 3.0 * order) / 3.0**order


def _gaussian_derivative(n: Any, x: Any) -> Any:
    """(-1)**n H_n(x) exp(-x**2) with the Hermite polynomial H_n (DLMF 18.9.1)."""
    order = _order(n)
    before, now = [0], [1]  # coefficients of H_(-1) and H_0, constant first
    for k in range(order):
        shifted = [0, *[2 * c for c in now]]
        before, now = now, [c - 2 * k * (before[i] if i < len(before) else 0) for i, c in enumerate(shifted)]
    return (-1.0) ** order * _polynomial(now, x) * exp(-(x**2.0))


def _polynomial(coefficients: list[int], x: Any) -> Any:
    terms = [float(c) * x ** float(i) if i else float(c) for i, c in enumerate(coefficients) if c]
    total = terms[-1]
    for term in reversed(terms[:-1]):
        total = total + term
    return total


def _power_derivative(x: Any, y: Any, k: Any, m: Any) -> Any:
    """d^k/dx^k d^m/dy^m of x**y by Leibniz' rule: the falling factorial of y times powers of log(x)."""
    by_base, by_exponent = _order(k), _order(m)
    if by_exponent == 0:
        result = x ** (y - float(by_base)) if by_base else x**y
        for j in range(by_base):
            result = (y - float(j)) * result if j else y * result
        return result
    falling = [1]  # y(y - 1)…(y - k + 1), constant first
    for j in range(by_base):
        falling = [a - j * b for a, b in zip([0, *falling], [*falling, 0], strict=True)]
    total: Any = None
    for j in range(by_exponent + 1):
        if any(falling):
            term = _polynomial([comb(by_exponent, j) * c for c in falling], y)
            if j < by_exponent:
                term = term * log(x) ** float(by_exponent - j)
            total = term if total is None else total + term
        falling = [i * c for i, c in enumerate(falling)][1:]
    return total * x ** (y - float(by_base))


SCHOOL: dict[Op, School] = {
    square: School(lambda x: x**2.0),
    semicircle: School(lambda x: sqrt(1.0 - x**2.0)),
    direction: School(lambda x, y: x / hypot(x, y), "(x, y) is not the origin"),
    gaussian: School(lambda x: exp(-(x**2.0))),
    gaussian_derivative: School(_gaussian_derivative),
    cbrt_derivative: School(_cbrt_derivative, "x is not 0"),
    power_derivative: School(_power_derivative, "x > 0, or x is not 0 and m = 0"),
    floordiv: School(lambda x, y: floor(x / y), "x/y rounds to no whole number that it is not"),
    subtraction_error: School(lambda x, y: 0.0),
}
