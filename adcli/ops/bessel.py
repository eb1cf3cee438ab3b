"""The table: the Bessel functions of integer order.

A derivative is a sum over neighbouring orders, of which near a zero most cancels. So there are helpers for the
derivatives of each order. Their textbook forms are the sums.
"""

from __future__ import annotations

from math import comb

from .arithmetic import eq, ge
from .domain import Domain, Kink
from .kernels import bessel as kernels
from .op import TABLE, Op
from .operands import Operand, Rule
from .textbook import order_of


def _is_0(out: Operand, *arguments: Operand) -> Operand:
    return eq(arguments[-1], 0.0)


_pole = (Kink("pole", "x = 0", _is_0, "the argument is 0"),)


def _from_0(argument: int) -> Domain:
    return Domain("[0, inf)", lambda *arguments: ge(arguments[-1], 0.0), argument=argument)


def _of_order(family: str, order: int, x: Operand) -> Operand:
    """Return the function of a whole order, by its short name if it has one."""
    short = f"{family}{order}"
    return TABLE[short](x) if short in TABLE else TABLE[f"bessel{family}"](float(order), x)


def _sum_of_orders(family: str) -> Rule:
    """Return the derivatives of each order as a sum over neighbouring orders (DLMF 10.6.7, 10.29.5)."""
    flip = 1 if family in "ik" else -1

    def textbook(k: Operand, n: Operand, x: Operand) -> Operand:
        times, order = order_of(k), order_of(n)
        coefficients: dict[int, int] = {}
        for i in range(times + 1):
            at = order - times + 2 * i
            sign = flip**i if at >= 0 else flip ** (i - at)
            coefficients[abs(at)] = coefficients.get(abs(at), 0) + sign * comb(times, i)
        scale = (-2.0 if family == "k" else 2.0) ** times
        total: Operand = None
        for at, coefficient in coefficients.items():
            term = coefficient / scale * _of_order(family, at, x)
            total = term if total is None else total + term
        return total

    return textbook


besselj: Op = Op("besselj", kernels.besselj, [None, lambda out, n, x: besselj_derivative(1.0, n, x)], integers=(0,),
             doc="Bessel function of the first kind, of a whole order.")  # fmt: skip
bessely: Op = Op("bessely", kernels.bessely, [None, lambda out, n, x: bessely_derivative(1.0, n, x)], integers=(0,),
             domain=_from_0(1), kinks=_pole, doc="Bessel function of the second kind, of a whole order.")  # fmt: skip
besseli: Op = Op("besseli", kernels.besseli, [None, lambda out, n, x: besseli_derivative(1.0, n, x)], integers=(0,),
             doc="Modified Bessel function of the first kind, of a whole order.")  # fmt: skip
besselk: Op = Op("besselk", kernels.besselk, [None, lambda out, n, x: besselk_derivative(1.0, n, x)], integers=(0,),
             domain=_from_0(1), kinks=_pole,
             doc="Modified Bessel function of the second kind, of a whole order.")  # fmt: skip
j0: Op = Op("j0", kernels.j0, [lambda out, x: besselj_derivative(1.0, 0.0, x)], doc="besselj(0, x).")
j1: Op = Op("j1", kernels.j1, [lambda out, x: besselj_derivative(1.0, 1.0, x)], doc="besselj(1, x).")
y0: Op = Op("y0", kernels.y0, [lambda out, x: bessely_derivative(1.0, 0.0, x)], domain=_from_0(0), kinks=_pole,
        doc="bessely(0, x).")  # fmt: skip
y1: Op = Op("y1", kernels.y1, [lambda out, x: bessely_derivative(1.0, 1.0, x)], domain=_from_0(0), kinks=_pole,
        doc="bessely(1, x).")  # fmt: skip
i0: Op = Op("i0", kernels.i0, [lambda out, x: besseli_derivative(1.0, 0.0, x)], doc="besseli(0, x).")
i1: Op = Op("i1", kernels.i1, [lambda out, x: besseli_derivative(1.0, 1.0, x)], doc="besseli(1, x).")
besselj_derivative: Op = Op(
    "besselj_derivative", kernels.besselj_derivative,
    [None, None, lambda out, k, n, x: besselj_derivative(k + 1.0, n, x)],
    integers=(0, 1), helper=True, textbook=_sum_of_orders("j"), doc="besselj(n, x) differentiated k times.",
)  # fmt: skip
bessely_derivative: Op = Op(
    "bessely_derivative", kernels.bessely_derivative,
    [None, None, lambda out, k, n, x: bessely_derivative(k + 1.0, n, x)], integers=(0, 1), helper=True,
    domain=_from_0(2), kinks=_pole, textbook=_sum_of_orders("y"), doc="bessely(n, x) differentiated k times.",
)  # fmt: skip
besseli_derivative: Op = Op(
    "besseli_derivative", kernels.besseli_derivative,
    [None, None, lambda out, k, n, x: besseli_derivative(k + 1.0, n, x)],
    integers=(0, 1), helper=True, textbook=_sum_of_orders("i"), doc="besseli(n, x) differentiated k times.",
)  # fmt: skip
besselk_derivative: Op = Op(
    "besselk_derivative", kernels.besselk_derivative,
    [None, None, lambda out, k, n, x: besselk_derivative(k + 1.0, n, x)], integers=(0, 1), helper=True,
    domain=_from_0(2), kinks=_pole, textbook=_sum_of_orders("k"), doc="besselk(n, x) differentiated k times.",
)  # fmt: skip
