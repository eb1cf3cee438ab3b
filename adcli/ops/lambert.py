"""The table: Lambert's W function."""

from __future__ import annotations

from .arithmetic import eq, ge
from .domain import Domain, Kink
from .elementary import exp
from .kernels import lambert as kernels
from .op import Op
from .operands import Operand
from .textbook import order_of, polynomial

_BRANCH_POINT = -0.36787944117144233


def _textbook(n: Operand, x: Operand) -> Operand:
    """Return exp(-n*w) p(w)/(1 + w)**(2n - 1), where p(w) = -(n w + 3n - 1) p(w) + (1 + w) p'(w) of one order less."""
    order = order_of(n)
    if order == 0:
        return lambertw(x)
    p = [1]
    for m in range(1, order):
        slopes = [*(i * c for i, c in enumerate(p)), 0][1:]
        p = [
            -(3 * m - 1) * c - m * below + slope + slope_below
            for c, below, slope, slope_below in zip([*p, 0], [0, *p], [*slopes, 0], [0, *slopes], strict=True)
        ]
    w = lambertw(x)
    return exp(-float(order) * w) * polynomial(p, w) / (1.0 + w) ** (2.0 * order - 1.0)


def _at_end(out: Operand, *arguments: Operand) -> Operand:
    return eq(arguments[-1], _BRANCH_POINT)


_ends = (Kink("pole", "x = -1/e", _at_end, "the argument is at the end of the domain"),)
lambertw: Op = Op(
    "lambertw", kernels.lambertw, [lambda out, x: lambertw_derivative(1.0, x)], kinks=_ends,
    domain=Domain("[-1/e, inf)", lambda x: ge(x, _BRANCH_POINT)),
    doc="Lambert's W function, the w >= -1 with w*exp(w) = x.",
)  # fmt: skip
lambertw_derivative: Op = Op(
    "lambertw_derivative", kernels.lambertw_derivative, [None, lambda out, n, x: lambertw_derivative(n + 1.0, x)],
    integers=(0,), helper=True, textbook=_textbook, kinks=_ends,
    domain=Domain("[-1/e, inf)", lambda n, x: ge(x, _BRANCH_POINT), argument=1),
    doc="lambertw differentiated n times.",
)  # fmt: skip
