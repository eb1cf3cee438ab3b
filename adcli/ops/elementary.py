"""The table, second part: roots, exponentials, logarithms, trigonometric and hyperbolic functions and their inverses.

Rules are written in forms that neither cancel nor overflow before the derivative does; where calculus books have a form
that does, a helper (`semicircle`, `direction`) closes the family under differentiation without loss.
"""

from __future__ import annotations

from typing import Any

from .arithmetic import absolute, both, either, eq, ge, lt, sub, where
from .kernels import compound, derivatives, ieee
from .kernels import elementary as kernels
from .kernels.reduction import HUGE
from .op import Domain, Kink, Op, interval

LOG2_E = 1.4426950408889634
LOG10_E = 0.4342944819032518


def _pole(where: str, x: float) -> tuple[Kink, ...]:
    return (Kink("pole", where, lambda out, *arguments: eq(arguments[0], x), f"the argument is {x:g}"),)


_pole_at_0 = _pole("x = 0", 0.0)
_pole_at_ends = (
    Kink("pole", "x = -1 or x = 1", lambda out, x: eq(absolute(x), 1.0), "the argument is at the end of the domain"),
)
_whole_line = interval("(-inf, inf)")

# ---------------------------------------------------------------- roots, exponentials, logarithms

sqrt: Op = Op("sqrt", kernels.sqrt, [lambda out, x: 0.5 / out], fast="sqrt", domain=interval("[0, inf)"),
          kinks=_pole_at_0, doc="Square root.")  # fmt: skip
cbrt: Op = Op("cbrt", kernels.cbrt, [lambda out, x: cbrt_derivative(1.0, x)], kinks=_pole_at_0,
          doc="Cube root, of negative numbers too.")  # fmt: skip
cbrt_derivative: Op = Op(
    "cbrt_derivative", derivatives.cbrt_derivative, [None, lambda out, n, x: cbrt_derivative(n + 1.0, x)],
    integers=(0,), kinks=(Kink("pole", "x = 0", lambda out, n, x: eq(x, 0.0), "the argument is 0"),), helper=True,
    doc="cbrt differentiated n times; 1/(3*cbrt(x)**2) is n = 1.",
)  # fmt: skip
exp: Op = Op("exp", kernels.exp, [lambda out, x: out], fast="exp", doc="Exponential.")
expm1: Op = Op("expm1", kernels.expm1, [lambda out, x: exp(x)], fast="expm1", doc="exp(x) - 1, exact near 0.")
log: Op = Op("log", kernels.log, [lambda out, x: 1.0 / x], fast="log", aliases=("ln",), domain=interval("(0, inf)"),
         kinks=_pole_at_0, overloads={2: lambda x, base: _log_to_base(x, base)},
         doc="Natural logarithm; log(x, base) to another base.")  # fmt: skip
log2: Op = Op("log2", kernels.log2, [lambda out, x: LOG2_E / x], fast="log2", domain=interval("(0, inf)"),
          kinks=_pole_at_0, doc="Logarithm to base 2.")  # fmt: skip
log10: Op = Op("log10", kernels.log10, [lambda out, x: LOG10_E / x], domain=interval("(0, inf)"), kinks=_pole_at_0,
           doc="Logarithm to base 10.")  # fmt: skip
log1p: Op = Op("log1p", kernels.log1p, [lambda out, x: 1.0 / (1.0 + x)], fast="log1p", domain=interval("(-1, inf)"),
           kinks=_pole("x = -1", -1.0), doc="log(1 + x), exact near 0.")  # fmt: skip


def _log_to_base(x: Any, base: Any) -> Any:
    of = getattr(base, "constant", base)
    return log10(x) if of == 10.0 else log2(x) if of == 2.0 else log_base(x, base)


log_base: Op = Op(
    "log_base", kernels.log_base,
    # The logarithm first: it is moderate, so that neither quotient overflows before the slope does.
    [lambda out, x, base: 1.0 / log(base) / x, lambda out, x, base: -(out / log(base) / base)],
    domain=interval("(0, inf)"),
    kinks=(
        Kink("pole", "x = 0", lambda out, x, base: eq(x, 0.0), "the argument is 0"),
        Kink("pole", "base = 1", lambda out, x, base: eq(base, 1.0), "the logarithm of the base is 0"),
    ),
    doc="Logarithm to a base: what log(x, base) means.",
)  # fmt: skip

# ---------------------------------------------------------------- trigonometric functions

sin: Op = Op(
    "sin",
    kernels.sin,
    [lambda out, x: cos(x)],
    fast="sin",
    fast_within=HUGE,
    domain=_whole_line,
    doc="Sine, of radians.",
)
cos: Op = Op(
    "cos",
    kernels.cos,
    [lambda out, x: -sin(x)],
    fast="cos",
    fast_within=HUGE,
    domain=_whole_line,
    doc="Cosine, of radians.",
)
tan: Op = Op("tan", kernels.tan, [lambda out, x: 1.0 + out**2.0], fast="tan", fast_within=HUGE, domain=_whole_line,
         doc="Tangent, of radians.")  # fmt: skip
sec: Op = Op("sec", kernels.sec, [lambda out, x: out * tan(x)], domain=_whole_line, doc="Secant, 1/cos(x).")
csc: Op = Op("csc", kernels.csc, [lambda out, x: -(out * cot(x))], domain=_whole_line, kinks=_pole_at_0,
         doc="Cosecant, 1/sin(x).")  # fmt: skip
cot: Op = Op("cot", kernels.cot, [lambda out, x: -(1.0 + out**2.0)], domain=_whole_line, kinks=_pole_at_0,
         doc="Cotangent, 1/tan(x).")  # fmt: skip
semicircle: Op = Op("semicircle", compound.semicircle, [lambda out, x: -(x / out)], domain=interval("[-1, 1]"),
                kinks=_pole_at_ends, helper=True, formula="sqrt(1 - x**2)",
                doc="sqrt(1 - x**2) without cancellation.")  # fmt: skip
asin: Op = Op("asin", kernels.asin, [lambda out, x: 1.0 / semicircle(x)], fast="asin", aliases=("arcsin",),
          domain=interval("[-1, 1]"), kinks=_pole_at_ends, doc="Inverse sine.")  # fmt: skip
acos: Op = Op("acos", kernels.acos, [lambda out, x: -1.0 / semicircle(x)], fast="acos", aliases=("arccos",),
          domain=interval("[-1, 1]"), kinks=_pole_at_ends, doc="Inverse cosine.")  # fmt: skip
# (1/h)**2 and not 1/(1 + x**2), whose square overflows at 1e155 and whose own derivative underflows at 1e77.
atan: Op = Op("atan", kernels.atan, [lambda out, x: (1.0 / hypot(1.0, x)) ** 2.0], fast="atan", aliases=("arctan",),
          doc="Inverse tangent.")  # fmt: skip

# ---------------------------------------------------------------- the plane

direction: Op = Op(
    "direction", compound.direction,
    [
        # The quotient first: the square of a small cosine would underflow before the small hypotenuse saves it.
        lambda out, x, y: direction(y, x) * (direction(y, x) / hypot(x, y)),
        lambda out, x, y: -(out * (direction(y, x) / hypot(x, y))),
    ],
    kinks=(Kink("kink", "x = y = 0", lambda out, x, y: both(eq(x, 0.0), eq(y, 0.0)), "it turns there; 0 is used"),),
    helper=True, formula="x/hypot(x, y)",
    doc="x/hypot(x, y), the cosine of the angle of (x, y); 0 at the origin.",
)  # fmt: skip
hypot: Op = Op(
    "hypot", kernels.hypot, [lambda out, x, y: direction(x, y), lambda out, x, y: direction(y, x)], fast="hypot",
    kinks=(
        Kink("kink", "x = y = 0", lambda out, x, y: both(eq(x, 0.0), eq(y, 0.0)),
             "slopes -1 (left) and 1 (right); 0 is used"),
    ),
    doc="sqrt(x**2 + y**2) without overflow.",
)  # fmt: skip
atan2: Op = Op(
    "atan2", kernels.atan2,
    [lambda out, y, x: direction(x, y) / hypot(x, y), lambda out, y, x: -(direction(y, x) / hypot(x, y))],
    fast="atan2", aliases=("arctan2",),
    kinks=(
        Kink("indeterminate", "x = y = 0", lambda out, y, x: both(eq(x, 0.0), eq(y, 0.0)),
             "the angle of (0, 0) has no slope"),
        Kink("jump", "y = 0, x < 0", lambda out, y, x: both(eq(y, 0.0), lt(x, 0.0)),
             "the angle jumps by 2*pi; the slope along the branch is used"),
    ),
    doc="Angle of the point (x, y), from -pi to pi; y comes first.",
)  # fmt: skip

# ---------------------------------------------------------------- hyperbolic functions

sinh: Op = Op("sinh", kernels.sinh, [lambda out, x: cosh(x)], doc="Hyperbolic sine.")
cosh: Op = Op("cosh", kernels.cosh, [lambda out, x: sinh(x)], doc="Hyperbolic cosine.")
tanh: Op = Op("tanh", kernels.tanh, [lambda out, x: sech(x) ** 2.0], doc="Hyperbolic tangent.")
sech: Op = Op("sech", kernels.sech, [lambda out, x: -(out * tanh(x))], doc="Hyperbolic secant, 1/cosh(x).")
csch: Op = Op(
    "csch", kernels.csch, [lambda out, x: -(out * coth(x))], kinks=_pole_at_0, doc="Hyperbolic cosecant, 1/sinh(x)."
)
coth: Op = Op("coth", kernels.coth, [lambda out, x: -(csch(x) ** 2.0)], kinks=_pole_at_0,
          doc="Hyperbolic cotangent, 1/tanh(x).")  # fmt: skip
asinh: Op = Op("asinh", kernels.asinh, [lambda out, x: 1.0 / hypot(1.0, x)], aliases=("arcsinh",),
           doc="Inverse hyperbolic sine.")  # fmt: skip
acosh: Op = Op("acosh", kernels.acosh, [lambda out, x: 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0))], aliases=("arccosh",),
           domain=interval("[1, inf)"), kinks=_pole("x = 1", 1.0), doc="Inverse hyperbolic cosine.")  # fmt: skip
atanh: Op = Op("atanh", kernels.atanh, [lambda out, x: (1.0 / semicircle(x)) ** 2.0], aliases=("arctanh",),
           domain=interval("[-1, 1]"), kinks=_pole_at_ends, doc="Inverse hyperbolic tangent.")  # fmt: skip

# ---------------------------------------------------------------- exponentials in company

sigmoid: Op = Op("sigmoid", compound.sigmoid, [lambda out, x: (0.5 * sech(0.5 * x)) ** 2.0],
             aliases=("expit", "logistic"), doc="1/(1 + exp(-x)).")  # fmt: skip
softplus: Op = Op("softplus", compound.softplus, [lambda out, x: sigmoid(x)], doc="log(1 + exp(x)) without overflow.")
subtraction_error: Op = Op(
    "subtraction_error", ieee.subtraction_error, [None, None], helper=True,
    doc="What rounding took from x - y (TwoSum); a constant to differentiation.",
)  # fmt: skip


def _share_of_exponential(x: Any, y: Any) -> Any:
    """sigmoid(x - y), corrected to first order for the rounding of x - y, which at 700 would cost 250 ulp."""
    difference = sub(x, y)
    return sigmoid(difference) * (1.0 + subtraction_error(x, y) * sigmoid(-difference))


logaddexp: Op = Op(
    "logaddexp", compound.logaddexp,
    [lambda out, x, y: _share_of_exponential(x, y), lambda out, x, y: _share_of_exponential(y, x)],
    doc="log(exp(x) + exp(y)) without overflow.",
)  # fmt: skip
xlogy: Op = Op(
    "xlogy", compound.xlogy,
    [lambda out, x, y: log(y), lambda out, x, y: where(both(eq(x, 0.0), eq(y, 0.0)), 0.0, x / y)],
    domain=Domain("[0, inf)", lambda x, y: either(eq(x, 0.0), ge(y, 0.0)), argument=1),
    kinks=(
        Kink("jump", "x = y = 0", lambda out, x, y: both(eq(x, 0.0), eq(y, 0.0)),
             "the value is 0 by definition; slope 0 in y is used", (1,)),
        Kink("pole", "y = 0", lambda out, x, y: eq(y, 0.0), "the logarithm of 0"),
    ),
    doc="x*log(y), and 0 where x is 0.",
)  # fmt: skip

# ---------------------------------------------------------------- sin(x)/x

sinc: Op = Op(
    "sinc", compound.sinc, [lambda out, x: sinc_derivative(1.0, x)], domain=_whole_line, doc="sin(x)/x, and 1 at 0."
)
sinc_derivative: Op = Op(
    "sinc_derivative", derivatives.sinc_derivative, [None, lambda out, n, x: sinc_derivative(n + 1.0, x)],
    integers=(0,), domain=_whole_line, helper=True, doc="sin(x)/x differentiated n times, without cancellation.",
)  # fmt: skip
