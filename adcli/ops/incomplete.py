"""The table: the exponential integral and the incomplete gamma and beta functions."""

from __future__ import annotations

from math import comb

from ..errors import RequestError
from .arithmetic import both, eq, ge, le
from .beta import lbeta
from .domain import Domain, Kink
from .elementary import exp
from .kernels import betainc as beta_kernels
from .kernels import incomplete as kernels
from .kernels.expint import expint as expint_kernel
from .op import Op
from .operands import Operand, Rule
from .special import lgamma
from .textbook import order_of

expint: Op = Op(
    "expint", expint_kernel, [lambda out, x: -exp(-x) / x], domain=Domain("(0, inf)", lambda x: ge(x, 0.0)),
    kinks=(Kink("pole", "x = 0", lambda out, x: eq(x, 0.0), "the argument is 0"),),
    doc="Exponential integral E1(x), the integral of exp(-t)/t from x to inf.",
)  # fmt: skip


def _refuse(call: str, *shapes: str) -> Rule:
    """Return a partial by a shape, which tells that there is none."""

    def refuse(out: Operand, *arguments: Operand) -> Operand:
        hint = f"differentiate by x alone, at constant {', '.join(shapes)}"
        raise RequestError(f"{call} has no derivative by {' or '.join(shapes)}", hint=hint)

    return refuse


_no_slope_of_p = _refuse("gammainc(a, x)", "a")
_no_slope_of_q = _refuse("gammaincc(a, x)", "a")
_no_slope_of_beta = _refuse("betainc(a, b, x)", "a", "b")


def _derivative_textbook(n: Operand, a: Operand, x: Operand) -> Operand:
    """Return x**(a - n) exp(-x)/gamma(a) L, where L of the next order is (a - n - x) L - (n - 1) x L of one less."""
    order = order_of(n)
    if order == 0:
        return gammainc(a, x)
    before, value = 0.0, 1.0
    for k in range(order - 1):
        before, value = value, (a - 1.0 - float(k) - x) * value - float(k) * x * before
    return x ** (a - float(order)) * exp(-x - lgamma(a)) * value


_positive = Domain("[0, inf) for a >= 0", lambda a, x: both(ge(a, 0.0), ge(x, 0.0)), argument=1)
gammainc: Op = Op(
    "gammainc", kernels.gammainc, [_no_slope_of_p, lambda out, a, x: gammainc_derivative(1.0, a, x)], integers=(0,),
    shape_parameters=(0,), domain=_positive,
    doc="Regularised lower incomplete gamma function P(a, x), by x.",
)  # fmt: skip
gammaincc: Op = Op(
    "gammaincc", kernels.gammaincc, [_no_slope_of_q, lambda out, a, x: -gammainc_derivative(1.0, a, x)], integers=(0,),
    shape_parameters=(0,), domain=_positive,
    doc="Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), by x.",
)  # fmt: skip
gammainc_derivative: Op = Op(
    "gammainc_derivative", kernels.gammainc_derivative,
    [None, _no_slope_of_p, lambda out, n, a, x: gammainc_derivative(n + 1.0, a, x)], integers=(0, 1),
    shape_parameters=(1,), helper=True, textbook=_derivative_textbook,
    domain=Domain("[0, inf) for a >= 0", lambda n, a, x: both(ge(a, 0.0), ge(x, 0.0)), argument=2),
    doc="gammainc differentiated n times by x.",
)  # fmt: skip


def _beta_textbook(n: Operand, a: Operand, b: Operand, x: Operand) -> Operand:
    """Return x**(a - n) (1 - x)**(b - n)/beta(a, b) times a polynomial, by Leibniz' rule for the two powers."""
    order = order_of(n)
    if order == 0:
        return betainc(a, b, x)
    front = x ** (a - float(order)) * (1.0 - x) ** (b - float(order)) * exp(-lbeta(a, b))
    total: Operand = None
    for j in range(order):
        term: Operand = (-1.0) ** (order - 1 - j) * comb(order - 1, j)
        for k in range(1, j + 1):
            term = term * (a - float(k)) * (1.0 - x)
        for k in range(1, order - j):
            term = term * (b - float(k)) * x
        total = term if total is None else total + term
    return front * total


def _is_within(low: float, x: Operand, high: float) -> Operand:
    return both(ge(x, low), le(x, high))


def _in_unit(a: Operand, b: Operand, x: Operand) -> Operand:
    shapes = both(_is_within(0.0, a, beta_kernels.LARGEST), _is_within(0.0, b, beta_kernels.LARGEST))
    return both(shapes, _is_within(0.0, x, 1.0))


betainc: Op = Op(
    "betainc", beta_kernels.betainc,
    [_no_slope_of_beta, _no_slope_of_beta, lambda out, a, b, x: betainc_derivative(1.0, a, b, x)], integers=(0, 1),
    shape_parameters=(0, 1), domain=Domain("[0, 1] for a, b from 0 to 1e10", _in_unit, argument=2),
    doc="Regularised incomplete beta function I_x(a, b), by x.",
)  # fmt: skip
betainc_derivative: Op = Op(
    "betainc_derivative", beta_kernels.betainc_derivative,
    [None, _no_slope_of_beta, _no_slope_of_beta, lambda out, n, a, b, x: betainc_derivative(n + 1.0, a, b, x)],
    integers=(0, 1, 2), shape_parameters=(1, 2), helper=True, textbook=_beta_textbook,
    domain=Domain("[0, 1] for a, b from 0 to 1e10", lambda n, a, b, x: _in_unit(a, b, x), argument=3),
    doc="betainc differentiated n times by x.",
)  # fmt: skip
