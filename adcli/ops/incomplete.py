"""The table: the exponential integral."""

from __future__ import annotations

from .arithmetic import eq, ge
from .domain import Domain, Kink
from .elementary import exp
from .kernels.expint import expint as expint_kernel
from .op import Op

expint: Op = Op(
    "expint", expint_kernel, [lambda out, x: -exp(-x) / x], domain=Domain("(0, inf)", lambda x: ge(x, 0.0)),
    kinks=(Kink("pole", "x = 0", lambda out, x: eq(x, 0.0), "the argument is 0"),),
    doc="Exponential integral E1(x), the integral of exp(-t)/t from x to inf.",
)  # fmt: skip
