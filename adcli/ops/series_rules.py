"""Rules for the power series of ops whose partials need ever new functions.

A partial is a differential equation: with sin' = cos and cos' = -sin the series of both grow together, one coefficient
at a time (graph/series.py). That works if the partials of partials come back to earlier functions. The other ops have
a rule here: a derivative in terms of the function itself, or all derivatives as numbers. A helper of a given order
needs no rule, because it is replaced by its textbook form.
"""

from __future__ import annotations

from collections.abc import Callable

from .arithmetic import power
from .bessel import besseli, besselj, besselk, bessely, i0, i1, j0, j1, y0, y1
from .beta import beta, binomial, lbeta
from .elementary import cbrt, exp, log, sinc, sinc_derivative
from .incomplete import betainc, gammainc, gammaincc
from .kernels import bessel, derivatives
from .kernels import polygamma as kernels
from .lambert import lambertw
from .normal import normpdf
from .op import Op
from .operands import Operand, Partial
from .root import root
from .special import digamma, factorial, gaussian, lgamma, polygamma


def _gamma_density(a: Operand, x: Operand) -> Operand:
    return x ** (a - 1.0) * exp(-x - lgamma(a))


def _beta_density(a: Operand, b: Operand, x: Operand) -> Operand:
    return x ** (a - 1.0) * (1.0 - x) ** (b - 1.0) * exp(-lbeta(a, b))


SERIES_PARTIALS: dict[Op, tuple[Partial, ...]] = {
    power: (lambda out, x, y: y * (out / x), lambda out, x, y: out * log(x)),
    cbrt: (lambda out, x: out / (3.0 * x),),
    gaussian: (lambda out, x: -2.0 * x * out,),
    factorial: (lambda out, x: out * digamma(x + 1.0),),
    normpdf: (lambda out, x: -x * out,),
    gammainc: (gammainc.partials[0], lambda out, a, x: _gamma_density(a, x)),
    gammaincc: (gammaincc.partials[0], lambda out, a, x: -_gamma_density(a, x)),
    betainc: (*betainc.partials[:2], lambda out, a, b, x: _beta_density(a, b, x)),
    lambertw: (lambda out, x: exp(-out) / (1.0 + out),),
    root: (lambda out, x, n: out / (n * x), lambda out, x, n: -(out * log(x)) / n**2.0),
    beta: (
        lambda out, a, b: out * (digamma(a) - digamma(a + b)),
        lambda out, a, b: out * (digamma(b) - digamma(a + b)),
    ),
    lbeta: (lambda out, a, b: digamma(a) - digamma(a + b), lambda out, a, b: digamma(b) - digamma(a + b)),
    binomial: (
        lambda out, n, k: out * (digamma(n + 1.0) - digamma(n - k + 1.0)),
        lambda out, n, k: out * (digamma(n - k + 1.0) - digamma(k + 1.0)),
    ),
}
"""Partials used instead of those of the entry. At x = 0 a whole power is computed by products instead."""

COMPOSED: dict[Op, Callable[..., float]] = {
    digamma: lambda j, x: kernels.polygamma(float(j), x) if j else kernels.digamma(x),
    polygamma: lambda j, n, x: kernels.polygamma(n + j, x),
    sinc: lambda j, x: derivatives.sinc_derivative(float(j), x),
    sinc_derivative: lambda j, n, x: derivatives.sinc_derivative(n + j, x),
    besselj: bessel.besselj_derivative,
    bessely: bessel.bessely_derivative,
    besseli: bessel.besseli_derivative,
    besselk: bessel.besselk_derivative,
    j0: lambda j, x: bessel.besselj_derivative(j, 0.0, x),
    j1: lambda j, x: bessel.besselj_derivative(j, 1.0, x),
    y0: lambda j, x: bessel.bessely_derivative(j, 0.0, x),
    y1: lambda j, x: bessel.bessely_derivative(j, 1.0, x),
    i0: lambda j, x: bessel.besseli_derivative(j, 0.0, x),
    i1: lambda j, x: bessel.besseli_derivative(j, 1.0, x),
}
"""The j-th derivative by the last argument, on numbers. An equation of these would divide by 0, or there is none."""
