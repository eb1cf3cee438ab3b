"""The table, third part: the error function and the gamma family."""

from __future__ import annotations

from . import textbook
from .arithmetic import both, eq, floor, le, lt, negate
from .domain import Domain, Kink
from .elementary import exp
from .kernels import compound, derivatives
from .kernels import gamma as gamma_kernels
from .kernels import polygamma as polygamma_kernels
from .op import Op
from .operands import Operand

TWO_OVER_SQRT_PI = 1.1283791670955126


def _is_pole(out: Operand, *arguments: Operand) -> Operand:
    x = arguments[-1]
    return both(le(x, 0.0), eq(x, floor(x)))


_poles = (Kink("pole", "x = 0, -1, -2, …", _is_pole, "the argument is a pole"),)
_no_poles = Domain("the numbers other than 0, -1, -2, …", lambda *arguments: negate(_is_pole(0.0, *arguments)))
_no_order_poles = Domain(_no_poles.text, _no_poles.contains, argument=1)


gaussian: Op = Op(
    "gaussian", compound.gaussian, [lambda out, x: gaussian_derivative(1.0, x)], helper=True,
    textbook=lambda x: exp(-(x**2.0)),
    doc="exp(-x**2) with x**2 taken exactly.",
)  # fmt: skip
gaussian_derivative: Op = Op(
    "gaussian_derivative", derivatives.gaussian_derivative, [None, lambda out, n, x: gaussian_derivative(n + 1.0, x)],
    integers=(0,), helper=True, textbook=textbook.gaussian_derivative,
    doc="exp(-x**2) differentiated n times: a Hermite polynomial times it (DLMF 18.5.5).",
)  # fmt: skip
erf: Op = Op("erf", gamma_kernels.erf, [lambda out, x: TWO_OVER_SQRT_PI * gaussian(x)], fast="erf",
         doc="Error function.")  # fmt: skip
erfc: Op = Op("erfc", gamma_kernels.erfc, [lambda out, x: -TWO_OVER_SQRT_PI * gaussian(x)],
          doc="Complementary error function, 1 - erf(x).")  # fmt: skip
gamma: Op = Op("gamma", gamma_kernels.gamma, [lambda out, x: out * digamma(x)], domain=_no_poles, kinks=_poles,
           doc="Gamma function.")  # fmt: skip
lgamma: Op = Op("lgamma", gamma_kernels.lgamma, [lambda out, x: digamma(x)], aliases=("gammaln", "lngamma"),
            kinks=_poles, doc="Logarithm of the absolute value of gamma.")  # fmt: skip
digamma: Op = Op("digamma", polygamma_kernels.digamma, [lambda out, x: polygamma(1.0, x)], aliases=("psi",),
             domain=_no_poles, kinks=_poles, doc="Digamma function, the derivative of lgamma.")  # fmt: skip
polygamma: Op = Op(
    "polygamma", polygamma_kernels.polygamma, [None, lambda out, n, x: polygamma(n + 1.0, x)], integers=(0,),
    domain=_no_order_poles, kinks=_poles, doc="Polygamma function, digamma differentiated n times.",
)  # fmt: skip

# ---------------------------------------------------------------- factorials


def _is_whole_below_0(out: Operand, *arguments: Operand) -> Operand:
    x = arguments[-1]
    return both(lt(x, 0.0), eq(x, floor(x)))


_factorial_poles = (Kink("pole", "x = -1, -2, …", _is_whole_below_0, "the argument is a pole"),)
_no_negative_wholes = "the numbers other than -1, -2, …"

factorial: Op = Op(
    "factorial", gamma_kernels.factorial, [lambda out, x: out * polygamma_above(0.0, x)], kinks=_factorial_poles,
    domain=Domain(_no_negative_wholes, lambda x: negate(_is_whole_below_0(0.0, x))),
    textbook=lambda x: gamma(x + 1.0), doc="Factorial, gamma(x + 1), exact at whole numbers.",
)  # fmt: skip
polygamma_above: Op = Op(
    "polygamma_above", polygamma_kernels.polygamma_above, [None, lambda out, n, x: polygamma_above(n + 1.0, x)],
    integers=(0,), helper=True, kinks=_factorial_poles, textbook=textbook.polygamma_above,
    domain=Domain(_no_negative_wholes, lambda n, x: negate(_is_whole_below_0(0.0, x)), argument=1),
    doc="polygamma(n, x + 1), without the rounding error of x + 1.",
)  # fmt: skip
