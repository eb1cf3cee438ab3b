"""The table: the real n-th root."""

from __future__ import annotations

from .arithmetic import absolute, both, either, eq, fmod, ge, lt, ne, power, sign, where
from .domain import Domain, Kink
from .elementary import log, xlogy
from .kernels import root as kernels
from .op import Op
from .operands import Operand
from .textbook import order_of


def _is_odd(n: Operand) -> Operand:
    return eq(absolute(fmod(n, 2.0)), 1.0)


def _root_textbook(x: Operand, n: Operand) -> Operand:
    return where(_is_odd(n), sign(x) * power(absolute(x), 1.0 / n), power(x, 1.0 / n))


def _root_derivative_textbook(k: Operand, x: Operand, n: Operand) -> Operand:
    value = root(x, n)
    for i in range(order_of(k)):
        value = value * ((1.0 - float(i) * n) / (n * x))
    return value


def _root_derivative_by_index(out: Operand, k: Operand, x: Operand, n: Operand) -> Operand:
    """Return -(1/n**2) times the derivative by u = 1/n of u (u - 1)… (u - k + 1) x**(u - k).

    The power is a factor of the whole, because the two terms may cancel, and then their own rounding errors would grow.
    """
    factors = [(1.0 - float(j) * n) / n for j in range(order_of(k))]
    product: Operand = 1.0
    slope: Operand = 0.0
    value = root(x, n)
    for factor in factors:
        product, slope = product * factor, slope * factor + product
        value = value / x
    return -(product * log(x) + slope) * value / n**2.0


_real = Domain(
    "[0, inf), and all numbers for an odd n",
    lambda x, n: both(either(ge(x, 0.0), _is_odd(n)), ne(n, 0.0)),
)
_negative = Kink("domain", "x < 0", lambda out, x, n: lt(x, 0.0), "a negative x has no slope in n", (1,))
root: Op = Op(
    "root", kernels.root, [lambda out, x, n: root_derivative(1.0, x, n), lambda out, x, n: -xlogy(out, x) / n**2.0],
    aliases=("nthroot", "surd"), domain=_real, textbook=_root_textbook,
    kinks=(Kink("pole", "x = 0", lambda out, x, n: eq(x, 0.0), "the argument is 0", (0,)), _negative),
    doc="The real n-th root of x, also of a negative x for an odd n.",
)  # fmt: skip
root_derivative: Op = Op(
    "root_derivative", kernels.root_derivative,
    [None, lambda out, k, x, n: root_derivative(k + 1.0, x, n), _root_derivative_by_index],
    integers=(0,), helper=True, textbook=_root_derivative_textbook,
    kinks=(Kink("pole", "x = 0", lambda out, k, x, n: eq(x, 0.0), "the argument is 0"),),
    doc="The n-th root of x differentiated k times by x.",
)  # fmt: skip
