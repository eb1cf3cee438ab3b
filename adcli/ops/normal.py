"""The table: the normal distribution and the inverses of the error functions.

The derivatives of the inverses are helpers, because exp(y**2) would magnify the rounding error of y 1400 times.
"""

from __future__ import annotations

from . import textbook
from .arithmetic import both, either, eq, ge, le
from .domain import Domain, Kink
from .elementary import exp
from .kernels import normal as kernels
from .op import Op
from .operands import Operand
from .special import erfc

ROOT_HALF = 0.7071067811865476
ONE_OVER_ROOT_TAU = 0.3989422804014327
HALF_ROOT_PI = 0.886226925452758


def _between(low: float, high: float) -> tuple[Domain, tuple[Kink, ...]]:
    """Return the domain of an inverse, and the poles at its ends."""

    def at_ends(out: Operand, x: Operand) -> Operand:
        return either(eq(x, low), eq(x, high))

    return (
        Domain(f"[{low:g}, {high:g}]", lambda x: both(ge(x, low), le(x, high))),
        (Kink("pole", f"x = {low:g} or x = {high:g}", at_ends, "the argument is at the end of the domain"),),
    )


_probability, _probability_ends = _between(0.0, 1.0)
_of_erf, _erf_ends = _between(-1.0, 1.0)
_of_erfc, _erfc_ends = _between(0.0, 2.0)

normpdf: Op = Op(
    "normpdf", kernels.normpdf, [lambda out, x: normpdf_derivative(1.0, x)],
    textbook=lambda x: ONE_OVER_ROOT_TAU * exp(-0.5 * x**2.0),
    doc="Density of the standard normal distribution, exp(-x**2/2)/sqrt(2*pi).",
)  # fmt: skip
normpdf_derivative: Op = Op(
    "normpdf_derivative", kernels.normpdf_derivative, [None, lambda out, n, x: normpdf_derivative(n + 1.0, x)],
    integers=(0,), helper=True, textbook=textbook.normpdf_derivative,
    doc="normpdf differentiated n times: a Hermite polynomial times it (DLMF 18.5.5).",
)  # fmt: skip
normcdf: Op = Op("normcdf", kernels.normcdf, [lambda out, x: normpdf(x)],
             textbook=lambda x: 0.5 * erfc(-ROOT_HALF * x),
             doc="Distribution function of the standard normal distribution, erfc(-x/sqrt(2))/2.")  # fmt: skip
norminv: Op = Op("norminv", kernels.norminv, [lambda out, p: norminv_slope(p)], domain=_probability,
             kinks=_probability_ends, doc="Inverse of normcdf, the quantile of a probability p.")  # fmt: skip
norminv_slope: Op = Op(
    "norminv_slope", kernels.norminv_slope, [lambda out, p: norminv(p) * out**2.0], domain=_probability,
    kinks=_probability_ends, helper=True, textbook=lambda p: 1.0 / normpdf(norminv(p)),
    doc="The derivative of norminv, 1/normpdf(norminv(p)).",
)  # fmt: skip
erfinv: Op = Op("erfinv", kernels.erfinv, [lambda out, x: erfinv_slope(x)], domain=_of_erf, kinks=_erf_ends,
            doc="Inverse of erf.")  # fmt: skip
erfinv_slope: Op = Op(
    "erfinv_slope", kernels.erfinv_slope, [lambda out, x: 2.0 * erfinv(x) * out**2.0], domain=_of_erf, kinks=_erf_ends,
    helper=True, textbook=lambda x: HALF_ROOT_PI * exp(erfinv(x) ** 2.0),
    doc="The derivative of erfinv, sqrt(pi)/2*exp(erfinv(x)**2).",
)  # fmt: skip
erfcinv: Op = Op("erfcinv", kernels.erfcinv, [lambda out, x: -erfcinv_slope(x)], domain=_of_erfc, kinks=_erfc_ends,
             textbook=lambda x: -ROOT_HALF * norminv(0.5 * x), doc="Inverse of erfc.")  # fmt: skip
erfcinv_slope: Op = Op(
    "erfcinv_slope", kernels.erfcinv_slope, [lambda out, x: -2.0 * erfcinv(x) * out**2.0], domain=_of_erfc,
    kinks=_erfc_ends, helper=True, textbook=lambda x: HALF_ROOT_PI * exp(erfcinv(x) ** 2.0),
    doc="The negative derivative of erfcinv, sqrt(pi)/2*exp(erfcinv(x)**2).",
)  # fmt: skip
