"""The table: the exponential integral and the incomplete gamma functions."""

from __future__ import annotations

from ..errors import RequestError
from .arithmetic import both, eq, ge
from .domain import Domain, Kink
from .elementary import exp
from .kernels import incomplete as kernels
from .kernels.expint import expint as expint_kernel
from .op import Op
from .operands import Operand
from .special import lgamma
from .textbook import order_of

expint: Op = Op(
    "expint", expint_kernel, [lambda out, x: -exp(-x) / x], domain=Domain("(0, inf)", lambda x: ge(x, 0.0)),
    kinks=(Kink("pole", "x = 0", lambda out, x: eq(x, 0.0), "the argument is 0"),),
    doc="Exponential integral E1(x), the integral of exp(-t)/t from x to inf.",
)  # fmt: skip


def _refuse(out: Operand, *arguments: Operand) -> Operand:
    raise RequestError("gammainc(a, x) has no derivative by a", hint="differentiate by x alone, at a constant a")


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
    "gammainc", kernels.gammainc, [_refuse, lambda out, a, x: gammainc_derivative(1.0, a, x)], integers=(0,),
    shape_parameters=(0,), domain=_positive,
    doc="Regularised lower incomplete gamma function P(a, x), by x.",
)  # fmt: skip
gammaincc: Op = Op(
    "gammaincc", kernels.gammaincc, [_refuse, lambda out, a, x: -gammainc_derivative(1.0, a, x)], integers=(0,),
    shape_parameters=(0,), domain=_positive,
    doc="Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), by x.",
)  # fmt: skip
gammainc_derivative: Op = Op(
    "gammainc_derivative", kernels.gammainc_derivative,
    [None, _refuse, lambda out, n, a, x: gammainc_derivative(n + 1.0, a, x)], integers=(0, 1), shape_parameters=(1,),
    helper=True, textbook=_derivative_textbook,
    domain=Domain("[0, inf) for a >= 0", lambda n, a, x: both(ge(a, 0.0), ge(x, 0.0)), argument=2),
    doc="gammainc differentiated n times by x.",
)  # fmt: skip
