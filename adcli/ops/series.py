"""Power series of ops: what the table's own partials do not give, because they lead from function to function for ever.

A partial is a differential equation: with sin' = cos and cos' = -sin the series of both grow together, a coefficient at
a time (graph/series.py). That works wherever the partials of partials come back to functions that were there before.
Here are the others: slopes in terms of the function itself, and functions composed by their derivatives.
"""

from __future__ import annotations

from collections.abc import Callable

from .arithmetic import power
from .elementary import cbrt, log, sinc, sinc_derivative
from .kernels import derivatives
from .kernels import gamma as kernels
from .op import Op
from .operands import Rule
from .special import digamma, gaussian, polygamma

SLOPES: dict[Op, tuple[Rule, ...]] = {
    power: (lambda out, x, y: y * (out / x), lambda out, x, y: out * log(x)),
    cbrt: (lambda out, x: out / (3.0 * x),),
    gaussian: (lambda out, x: -2.0 * x * out,),
}
"""Partials that stand in for the table's; where x is 0 the power is made of products instead."""

COMPOSED: dict[Op, Callable[..., float]] = {
    digamma: lambda j, x: kernels.polygamma(float(j), x) if j else kernels.digamma(x),
    polygamma: lambda j, n, x: kernels.polygamma(n + j, x),
    sinc: lambda j, x: derivatives.sinc_derivative(float(j), x),
    sinc_derivative: lambda j, n, x: derivatives.sinc_derivative(n + j, x),
}
"""The j-th derivative on numbers, in the last argument: these satisfy no such equation, or one that divides by 0."""
