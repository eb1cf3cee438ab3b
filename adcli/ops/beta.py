"""The table: the beta function, its logarithm, and the binomial coefficients."""

from __future__ import annotations

from .arithmetic import both, either, eq, floor, ge, gt, le, lt, where
from .domain import Domain, Kink
from .kernels import beta as kernels
from .op import Op
from .operands import Operand
from .special import digamma, polygamma
from .textbook import order_of

_positive = Domain("(0, inf)", lambda a, b: both(ge(a, 0.0), ge(b, 0.0)))
_poles = (Kink("pole", "a = 0 or b = 0", lambda out, a, b: either(eq(a, 0.0), eq(b, 0.0)), "an argument is 0"),)


beta: Op = Op(
    "beta", kernels.beta,
    [lambda out, a, b: out * polygamma_difference(0.0, a, b), lambda out, a, b: out * polygamma_difference(0.0, b, a)],
    domain=_positive, kinks=_poles,
    doc="Beta function, gamma(a)*gamma(b)/gamma(a + b), of positive numbers.",
)  # fmt: skip
lbeta: Op = Op(
    "lbeta", kernels.lbeta,
    [lambda out, a, b: polygamma_difference(0.0, a, b), lambda out, a, b: polygamma_difference(0.0, b, a)],
    aliases=("betaln",), domain=_positive, kinks=_poles,
    doc="Logarithm of beta(a, b), without overflow.",
)  # fmt: skip


def _difference_textbook(n: Operand, x: Operand, y: Operand) -> Operand:
    order = order_of(n)
    if order == 0:
        return digamma(x) - digamma(x + y)
    return polygamma(float(order), x) - polygamma(float(order), x + y)


polygamma_difference: Op = Op(
    "polygamma_difference", kernels.polygamma_difference,
    [None, lambda out, n, x, y: polygamma_difference(n + 1.0, x, y), lambda out, n, x, y: -polygamma(n + 1.0, x + y)],
    integers=(0,), helper=True, textbook=_difference_textbook,
    domain=Domain("(0, inf)", lambda n, x, y: ge(x, 0.0), argument=1),
    kinks=(Kink("pole", "x = 0", lambda out, n, x, y: eq(x, 0.0), "the argument is 0"),),
    doc="polygamma(n, x) - polygamma(n, x + y), without cancellation.",
)  # fmt: skip


def _is_inside(n: Operand, k: Operand) -> Operand:
    return both(both(gt(n, -1.0), gt(k, -1.0)), lt(k, n + 1.0))


def _binomial_slope(n: Operand, k: Operand) -> Operand:
    """Return digamma(n - k + 1) - digamma(k + 1), from the smaller argument, which is rounded less."""
    half = n - 2.0 * k
    low, high = polygamma_difference(0.0, k + 1.0, half), polygamma_difference(0.0, (n - k) + 1.0, -half)
    return where(gt(half, 0.0), -low, high)


binomial: Op = Op(
    "binomial", kernels.binomial,
    [
        lambda out, n, k: -out * polygamma_difference(0.0, (n - k) + 1.0, k),
        lambda out, n, k: out * _binomial_slope(n, k),
    ],
    aliases=("binom",),
    domain=Domain("-1 < k < n + 1, and all n for a whole k", lambda n, k: either(_is_inside(n, k), eq(k, floor(k)))),
    kinks=(
        Kink("domain", "k <= -1 or k >= n + 1", lambda out, n, k: either(le(k, -1.0), ge(k, n + 1.0)),
             "there is a value only for whole k, and no slope"),
    ),
    doc="Binomial coefficient, n!/(k!*(n - k)!), also between whole numbers.",
)  # fmt: skip
