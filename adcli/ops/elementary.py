"""The table, second part: roots, exponentials, logarithms, trigonometric and hyperbolic functions and their inverses.

Rules are written in forms that neither cancel nor overflow before the derivative does. Where the form of calculus books
does, a helper (`semicircle`, `direction`) closes the family under differentiation without loss.
"""

from __future__ import annotations

from math import inf

from . import textbook
from .arithmetic import absolute, both, either, eq, ge, gt, le, lt, maximum, power, sign, where
from .domain import Domain, Kink
from .kernels import compound, derivatives, ieee
from .kernels import elementary as kernels
from .kernels.huge_angles import HUGE
from .op import Op
from .operands import Operand

LOG2_E = 1.4426950408889634
LOG10_E = 0.4342944819032518
LOG_2 = 0.6931471805599453
LOG_10 = 2.302585092994046


def interval(text: str) -> Domain:
    """Return the Domain of the first argument from its usual notation, such as ``"[-1, 1]"`` or ``"(0, inf)"``.

    >>> interval("(0, inf)").contains(0.0)
    False
    """
    low, high = (float(end) for end in text[1:-1].split(","))
    above, below = ge if text[0] == "[" else gt, le if text[-1] == "]" else lt
    return Domain(text, lambda x, *_: both(above(x, low), below(x, high)))


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
          textbook=lambda x: sign(x) * power(absolute(x), 1.0 / 3.0),
          doc="Cube root, also of negative numbers.")  # fmt: skip
cbrt_derivative: Op = Op(
    "cbrt_derivative", derivatives.cbrt_derivative, [None, lambda out, n, x: cbrt_derivative(n + 1.0, x)],
    integers=(0,), kinks=(Kink("pole", "x = 0", lambda out, n, x: eq(x, 0.0), "the argument is 0"),), helper=True,
    textbook=textbook.cbrt_derivative,
    doc="cbrt differentiated n times. For n = 1 it is 1/(3*cbrt(x)**2).",
)  # fmt: skip


def _expm1_by_exp(x: Operand) -> Operand:
    """Return exp(x) - 1 with Kahan's correction for the rounding error of exp(x)."""
    e = exp(x)
    middle = (e - 1.0) * (x / log(e))
    return where(eq(e, 1.0), x, where(lt(absolute(x), 1.0), middle, e - 1.0))


def _log1p_by_log(x: Operand) -> Operand:
    """Return log(1 + x) with Kahan's correction for the rounding error of 1 + x."""
    above = 1.0 + x
    return where(eq(above, 1.0), x, log(above) * (x / (above - 1.0)))


exp: Op = Op("exp", kernels.exp, [lambda out, x: out], fast="exp", doc="Exponential.")
exp2: Op = Op("exp2", kernels.exp2, [lambda out, x: LOG_2 * out], textbook=lambda x: power(2.0, x),
          doc="2**x.")  # fmt: skip
exp10: Op = Op("exp10", kernels.exp10, [lambda out, x: LOG_10 * out], textbook=lambda x: power(10.0, x),
           doc="10**x.")  # fmt: skip
expm1: Op = Op("expm1", kernels.expm1, [lambda out, x: exp(x)], fast="expm1", textbook=_expm1_by_exp,
           doc="exp(x) - 1, exact near 0.")  # fmt: skip
log: Op = Op("log", kernels.log, [lambda out, x: 1.0 / x], fast="log", aliases=("ln",), domain=interval("(0, inf)"),
         kinks=_pole_at_0, overloads={2: lambda x, base: _log_to_base(x, base)},
         doc="Natural logarithm. log(x, base) is the logarithm to another base.")  # fmt: skip
log2: Op = Op("log2", kernels.log2, [lambda out, x: LOG2_E / x], fast="log2", domain=interval("(0, inf)"),
          textbook=lambda x: log(x) / LOG_2,
          kinks=_pole_at_0, doc="Logarithm to base 2.")  # fmt: skip
log10: Op = Op("log10", kernels.log10, [lambda out, x: LOG10_E / x], domain=interval("(0, inf)"), kinks=_pole_at_0,
           doc="Logarithm to base 10.")  # fmt: skip
log1p: Op = Op("log1p", kernels.log1p, [lambda out, x: 1.0 / (1.0 + x)], fast="log1p", domain=interval("(-1, inf)"),
           textbook=_log1p_by_log,
           kinks=_pole("x = -1", -1.0), doc="log(1 + x), exact near 0.")  # fmt: skip


def _log_to_base(x: Operand, base: Operand) -> Operand:
    number = getattr(base, "constant", base)
    return log10(x) if number == 10.0 else log2(x) if number == 2.0 else log_base(x, base)


log_base: Op = Op(
    "log_base", kernels.log_base,
    # The logarithm comes first: it is moderate, so that neither quotient overflows before the derivative does.
    [lambda out, x, base: 1.0 / log(base) / x, lambda out, x, base: -(out / log(base) / base)],
    textbook=lambda x, base: log(x) / log(base), domain=interval("(0, inf)"),
    kinks=(
        Kink("pole", "x = 0", lambda out, x, base: eq(x, 0.0), "the argument is 0"),
        Kink("pole", "base = 1", lambda out, x, base: eq(base, 1.0), "the logarithm of the base is 0"),
    ),
    doc="Logarithm to a base, the same as log(x, base).",
)  # fmt: skip

# ---------------------------------------------------------------- trigonometric functions

sin: Op = Op(
    "sin",
    kernels.sin,
    [lambda out, x: cos(x)],
    fast="sin",
    fast_within=HUGE,
    domain=_whole_line,
    doc="Sine of an angle in radians.",
)
cos: Op = Op(
    "cos",
    kernels.cos,
    [lambda out, x: -sin(x)],
    fast="cos",
    fast_within=HUGE,
    domain=_whole_line,
    doc="Cosine of an angle in radians.",
)
tan: Op = Op("tan", kernels.tan, [lambda out, x: 1.0 + out**2.0], fast="tan", fast_within=HUGE, domain=_whole_line,
         doc="Tangent of an angle in radians.")  # fmt: skip
sec: Op = Op("sec", kernels.sec, [lambda out, x: out * tan(x)], domain=_whole_line,
          textbook=lambda x: 1.0 / cos(x), doc="Secant of an angle in radians, 1/cos(x).")  # fmt: skip
csc: Op = Op("csc", kernels.csc, [lambda out, x: -(out * cot(x))], domain=_whole_line, kinks=_pole_at_0,
         textbook=lambda x: 1.0 / sin(x), doc="Cosecant of an angle in radians, 1/sin(x).")  # fmt: skip
cot: Op = Op("cot", kernels.cot, [lambda out, x: -(1.0 + out**2.0)], domain=_whole_line, kinks=_pole_at_0,
         textbook=lambda x: cos(x) / sin(x), doc="Cotangent of an angle in radians, 1/tan(x).")  # fmt: skip
semicircle: Op = Op("semicircle", compound.semicircle, [lambda out, x: -(x / out)], domain=interval("[-1, 1]"),
                kinks=_pole_at_ends, helper=True, textbook=lambda x: sqrt(1.0 - x**2.0),
                doc="sqrt(1 - x**2) without cancellation.")  # fmt: skip
asin: Op = Op("asin", kernels.asin, [lambda out, x: 1.0 / semicircle(x)], fast="asin", aliases=("arcsin",),
          domain=interval("[-1, 1]"), kinks=_pole_at_ends, doc="Inverse sine, in radians.")  # fmt: skip
acos: Op = Op("acos", kernels.acos, [lambda out, x: -1.0 / semicircle(x)], fast="acos", aliases=("arccos",),
          domain=interval("[-1, 1]"), kinks=_pole_at_ends, doc="Inverse cosine, in radians.")  # fmt: skip
# (1/h)**2 and not 1/(1 + x**2), whose square overflows at 1e155 and whose own derivative underflows at 1e77.
atan: Op = Op("atan", kernels.atan, [lambda out, x: (1.0 / hypot(1.0, x)) ** 2.0], fast="atan", aliases=("arctan",),
          doc="Inverse tangent, in radians.")  # fmt: skip

# ---------------------------------------------------------------- the plane

direction: Op = Op(
    "direction", compound.direction,
    [
        # The quotient comes first: the square of a small cosine would underflow before the division.
        lambda out, x, y: direction(y, x) * (direction(y, x) / hypot(x, y)),
        lambda out, x, y: -(out * (direction(y, x) / hypot(x, y))),
    ],
    kinks=(Kink("kink", "x = y = 0", lambda out, x, y: both(eq(x, 0.0), eq(y, 0.0)), "it turns there; 0 is used"),),
    helper=True, textbook=lambda x, y: x / hypot(x, y),
    doc="x/hypot(x, y), the cosine of the angle of (x, y), and 0 at the origin.",
)  # fmt: skip
hypot: Op = Op(
    "hypot", kernels.hypot, [lambda out, x, y: direction(x, y), lambda out, x, y: direction(y, x)], fast="hypot",
    textbook=lambda x, y: sqrt(x * x + y * y),
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
    doc="Angle of the point (x, y) in radians, from -pi to pi. y is the first argument.",
)  # fmt: skip

# ---------------------------------------------------------------- hyperbolic functions


def _tanh_by_exp(x: Operand) -> Operand:
    e = exp(-2.0 * absolute(x))
    return where(lt(absolute(x), 0.5), sinh(x) / cosh(x), sign(x) * ((1.0 - e) / (1.0 + e)))


def _sech_by_exp(x: Operand) -> Operand:
    e = exp(-absolute(x))
    return 2.0 * e / (1.0 + e * e)


def _csch_by_exp(x: Operand) -> Operand:
    e = exp(-absolute(x))
    return where(lt(absolute(x), 1.0), 1.0 / sinh(x), sign(x) * (2.0 * e / (1.0 - e * e)))


sinh: Op = Op("sinh", kernels.sinh, [lambda out, x: cosh(x)], doc="Hyperbolic sine.")
cosh: Op = Op("cosh", kernels.cosh, [lambda out, x: sinh(x)], doc="Hyperbolic cosine.")
tanh: Op = Op("tanh", kernels.tanh, [lambda out, x: sech(x) ** 2.0], textbook=_tanh_by_exp, doc="Hyperbolic tangent.")
sech: Op = Op("sech", kernels.sech, [lambda out, x: -(out * tanh(x))], textbook=_sech_by_exp,
           doc="Hyperbolic secant, 1/cosh(x).")  # fmt: skip
csch: Op = Op(
    "csch", kernels.csch, [lambda out, x: -(out * coth(x))], textbook=_csch_by_exp, kinks=_pole_at_0,
    doc="Hyperbolic cosecant, 1/sinh(x).",
)  # fmt: skip
coth: Op = Op("coth", kernels.coth, [lambda out, x: -(csch(x) ** 2.0)], kinks=_pole_at_0,
          textbook=lambda x: 1.0 / tanh(x), doc="Hyperbolic cotangent, 1/tanh(x).")  # fmt: skip
asinh: Op = Op("asinh", kernels.asinh, [lambda out, x: 1.0 / hypot(1.0, x)], aliases=("arcsinh",),
           doc="Inverse hyperbolic sine.")  # fmt: skip
acosh: Op = Op("acosh", kernels.acosh, [lambda out, x: 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0))], aliases=("arccosh",),
           domain=interval("[1, inf)"), kinks=_pole("x = 1", 1.0), doc="Inverse hyperbolic cosine.")  # fmt: skip
atanh: Op = Op("atanh", kernels.atanh, [lambda out, x: (1.0 / semicircle(x)) ** 2.0], aliases=("arctanh",),
           domain=interval("[-1, 1]"), kinks=_pole_at_ends, doc="Inverse hyperbolic tangent.")  # fmt: skip

# ---------------------------------------------------------------- sums of exponentials


def _sigmoid_by_exp(x: Operand) -> Operand:
    e = exp(-absolute(x))
    return where(ge(x, 0.0), 1.0 / (1.0 + e), e / (1.0 + e))


sigmoid: Op = Op("sigmoid", compound.sigmoid, [lambda out, x: (0.5 * sech(0.5 * x)) ** 2.0],
             textbook=_sigmoid_by_exp, aliases=("expit", "logistic"),
             doc="Logistic function, 1/(1 + exp(-x)).")  # fmt: skip
softplus: Op = Op("softplus", compound.softplus, [lambda out, x: sigmoid(x)],
              textbook=lambda x: maximum(x, 0.0) + log1p(exp(-absolute(x))),
              doc="log(1 + exp(x)) without overflow.")  # fmt: skip
difference: Op = Op(
    "difference", ieee.difference, [1.0, -1.0], helper=True, textbook=lambda x, y: x - y,
    doc="x - y, and 0 for equal infinities.",
)  # fmt: skip
subtraction_error: Op = Op(
    "subtraction_error", ieee.subtraction_error, [None, None], helper=True, textbook=lambda x, y: 0.0,
    doc="Rounding error of x - y (TwoSum). Its derivatives are 0.",
)  # fmt: skip


def _share_of_exponential(x: Operand, y: Operand) -> Operand:
    """Return sigmoid(x - y), corrected to first order for the rounding of x - y, which at 700 would cost 250 ulp.

    Equal infinities have equal shares. So the slope is a number, and an outer operation can weigh it with 0.
    """
    gap = difference(x, y)
    return sigmoid(gap) * (1.0 + subtraction_error(x, y) * sigmoid(-gap))


logaddexp: Op = Op(
    "logaddexp", compound.logaddexp,
    [lambda out, x, y: _share_of_exponential(x, y), lambda out, x, y: _share_of_exponential(y, x)],
    textbook=lambda x, y: maximum(x, y) + log1p(exp(-absolute(x - y))),
    kinks=(
        Kink("kink", "x = y = inf, x = y = -inf", lambda out, x, y: both(eq(x, y), eq(absolute(x), inf)),
             "infinite arguments tie: slopes from 0 to 1; an equal share is used for each"),
    ),
    doc="log(exp(x) + exp(y)) without overflow.",
)  # fmt: skip
xlogy: Op = Op(
    "xlogy", compound.xlogy,
    [lambda out, x, y: log(y), lambda out, x, y: where(both(eq(x, 0.0), eq(y, 0.0)), 0.0, x / y)],
    textbook=lambda x, y: where(eq(x, 0.0), 0.0 * y, x * log(y)),
    domain=Domain("[0, inf)", lambda x, y: either(eq(x, 0.0), ge(y, 0.0)), argument=1),
    kinks=(
        Kink("jump", "x = y = 0", lambda out, x, y: both(eq(x, 0.0), eq(y, 0.0)),
             "the value is 0 by definition; slope 0 in y is used", (1,)),
        Kink("pole", "y = 0", lambda out, x, y: eq(y, 0.0), "the logarithm of 0"),
    ),
    doc="x*log(y), and 0 where x is 0, also for y = 0.",
)  # fmt: skip

# ---------------------------------------------------------------- sin(x)/x

sinc: Op = Op(
    "sinc", compound.sinc, [lambda out, x: sinc_derivative(1.0, x)], domain=_whole_line,
    textbook=lambda x: where(eq(x, 0.0), 1.0, sin(x) / x), doc="sin(x)/x, and 1 at 0.",
)  # fmt: skip
sinc_derivative: Op = Op(
    "sinc_derivative", derivatives.sinc_derivative, [None, lambda out, n, x: sinc_derivative(n + 1.0, x)],
    integers=(0,), domain=_whole_line, helper=True, doc="sin(x)/x differentiated n times, without cancellation.",
)  # fmt: skip
