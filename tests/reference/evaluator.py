"""A slow, independent mpmath evaluator of operations and expressions, with their partial derivatives.

Every result is computed at two working precisions and accepted only when both agree to the digits asked for
(plus a margin); otherwise the precision is doubled and the comparison repeated.  Inputs are float64 numbers
taken exactly. Nothing here imports the package under test.

Two entry points:

* ``evaluate_op(name, arguments, order=3)``: one operation, value and partials up to total order 3;
* ``evaluate(program, point, order=1)``: the text of a program (bindings and one scalar result).

Where a value or a derivative is not a finite real number, ``Undefined`` is raised: edges are listed by hand
in ``generate.py`` and are no business of this module, except for the first-derivative conventions at kinks.
"""

from __future__ import annotations

import ast
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from mpmath import mp, mpc, mpf  # type: ignore[import-untyped]

from . import bessel
from .definitions import DEFINITIONS

Real: TypeAlias = Any
"""An mpmath real number (mpmath carries no type information)."""

Index: TypeAlias = tuple[int, ...]
"""A multi-index: how often each argument is differentiated."""

Partials: TypeAlias = dict[Index, Real]

PRECISIONS = (110, 220, 440, 880, 1760)
"""The working precisions that are tried, in decimal digits."""


class Undefined(ValueError):
    """The value, or a derivative that was asked for, is no finite real number at this point."""


class NotSmooth(Undefined):
    """A second or third derivative was asked for at a kink or a jump."""


class PrecisionError(ArithmeticError):
    """The digits asked for could not be confirmed with the largest working precision."""


class SyntaxProblem(ValueError):
    """The text is not a program that this evaluator understands."""


# ----------------------------------------------------------------------------------------------------------
# precision


def _agree(a: Real, b: Real, digits: int) -> bool:
    """Whether two numbers agree to a relative 10**-digits."""
    if a == b:
        return True
    if a == 0 or b == 0:
        return False
    return bool(abs(a - b) <= abs(b) * mpf(10) ** (-digits))


def settle(compute: Callable[[], Partials], digits: int = 60, trust_zero: bool = True) -> Partials:
    """Run ``compute`` at rising precisions until two runs agree to ``digits`` significant digits.

    A number that keeps falling with the precision (a true zero hidden in rounding noise) is taken for 0 at
    the end.  Without ``trust_zero`` an exact 0 counts only at the largest precision: in ``1 - cos(x)`` it may
    be a cancellation that the smaller ones do not resolve.
    """
    before: Partials = {}
    now: Partials = {}
    for dps in PRECISIONS:
        before = now
        with mp.workdps(dps):
            now = compute()
            settled = before.keys() == now.keys() and all(_agree(before[k], now[k], digits) for k in now)
            if settled and (trust_zero or all(value != 0 for value in now.values())):
                return now
    with mp.workdps(PRECISIONS[-1]):
        for key, value in now.items():
            if _agree(before[key], value, digits):
                continue
            if abs(value) > mpf(10) ** (-int(0.8 * PRECISIONS[-1])):
                raise PrecisionError(f"partial {key} does not settle")
            now[key] = mpf(0)
    return now


def spell(value: Real, digits: int = 50) -> str:
    """Write a finite number with ``digits`` significant digits.

    Magnitudes beyond 10**20000 are clamped to ``1e+20000`` and ``1e-20000`` (with the sign): far outside
    float64.
    """
    if value == 0:
        return "0.0"
    magnitude = mp.mag(value)
    if abs(magnitude) > 66440:
        return ("-" if value < 0 else "") + ("1e+20000" if magnitude > 0 else "1e-20000")
    with mp.workdps(max(digits, 50) + 20):
        return str(mp.nstr(value, digits, strip_zeros=True, min_fixed=-5, max_fixed=25))


# ----------------------------------------------------------------------------------------------------------
# special functions that mpmath does not offer in the form, or at the speed, needed


def _exact(x: float) -> Real:
    """A float64 number as mpmath number, exactly."""
    if not math.isfinite(x):
        raise Undefined(f"{x!r} is not finite")
    return mpf(x)


def _fraction(x: Real) -> Fraction:
    """An mpmath number as exact fraction."""
    sign, man, exp, _ = x._mpf_
    whole = -int(man) if sign else int(man)
    return Fraction(whole * 2**exp) if exp >= 0 else Fraction(whole, 2**-exp)


def _cot_derivative(n: int, t: Real) -> Real:
    """The n-th derivative of cot where its value is t, a polynomial in t: p' = -(1 + t*t) dp/dt."""
    p = [0, 1]
    for _ in range(n):
        d = [k * p[k] for k in range(1, len(p))]
        p = [-(d[k] if k < len(d) else 0) - (d[k - 2] if k >= 2 else 0) for k in range(len(d) + 2)]
    total = mpf(0)
    for c in reversed(p):
        total = total * t + c
    return total


def _cot_pi(x: Real) -> Real:
    """cot(pi*x), with the argument reduced exactly first."""
    r = x - mp.nint(x)
    if r == 0:
        raise Undefined("pole of cot")
    return mp.cos(mp.pi * r) / mp.sin(mp.pi * r)


def polygamma(n: int, x: Real) -> Real:
    """The n-th derivative of digamma, by reflection for negative arguments."""
    if x <= 0 and x == mp.floor(x):
        raise Undefined(f"polygamma has a pole at {x}")
    if x > 0:
        return mp.psi(n, x)
    # psi_n(x) = (-1)**n psi_n(1 - x) - pi**(n+1) cot^(n)(pi x)
    with mp.extraprec(40):
        flipped = 1 - x
        value = (-1) ** n * mp.psi(n, flipped) - mp.pi ** (n + 1) * _cot_derivative(n, _cot_pi(x))
    return +value


def lgamma(x: Real) -> Real:
    """log(abs(gamma(x)))."""
    if x > 0:
        return mp.re(mp.loggamma(x))
    r = x - mp.nint(x)
    if r == 0:
        raise Undefined(f"lgamma has a pole at {x}")
    with mp.extraprec(40):
        value = mp.log(mp.pi) - mp.log(abs(mp.sin(mp.pi * r))) - mp.re(mp.loggamma(1 - x))
    return +value


def gamma(x: Real) -> Real:
    """The gamma function; huge and tiny results keep their exponent."""
    if x <= 0 and x == mp.floor(x):
        raise Undefined(f"gamma has a pole at {x}")
    if abs(x) < 1000:
        return mp.gamma(x)
    size = lgamma(x)
    if abs(size) > mpf(10) ** 40:  # far beyond any use: keep the sign of the exponent only
        size = mpf(10) ** 40 if size > 0 else -(mpf(10) ** 40)
    sign = 1 if x > 0 or int(mp.floor(x)) % 2 == 0 else -1
    return sign * mp.exp(size)


def erfc(x: Real) -> Real:
    """The complementary error function; far out by its asymptotic series."""
    if x < 10000:
        return mp.erfc(x)
    total, term, k = mpf(1), mpf(1), 1
    while abs(term) > mp.eps / 1024:
        term *= -(2 * k - 1) / (2 * x**2)
        total += term
        k += 1
    return total * mp.exp(-(x**2)) / (x * mp.sqrt(mp.pi))


def sinc_derivative(n: int, x: Real) -> Real:
    """The n-th derivative of sin(x)/x."""
    if abs(x) < 2:
        total = mpf(0)
        k = (n + 1) // 2
        power = x ** (2 * k - n)
        while True:
            # d^n/dx^n of (-1)^k x^(2k) / (2k+1)!
            term = (-1) ** k * power / (mp.factorial(2 * k - n) * (2 * k + 1))
            total += term
            if term == 0 or (abs(term) < abs(total) * mp.eps / 1024 and k > n):
                return total
            power *= x * x
            k += 1
    s, c = mp.sin(x), mp.cos(x)
    turns = (s, c, -s, -c)
    total = mpf(0)
    for j in range(n + 1):
        total += mp.binomial(n, j) * turns[(n - j) % 4] * (-1) ** j * mp.factorial(j) / x ** (j + 1)
    return total


# ----------------------------------------------------------------------------------------------------------
# operations of one argument: value, first, second, third derivative, in forms that do not cancel in the tails

Four: TypeAlias = tuple[Real, Real, Real, Real]


def _domain(inside: bool, name: str, x: Real) -> None:
    if not inside:
        raise Undefined(f"{name} is not finite at {mp.nstr(x, 20)}")


def _neg(x: Real) -> Four:
    return -x, mpf(-1), mpf(0), mpf(0)


def _square(x: Real) -> Four:
    return x * x, 2 * x, mpf(2), mpf(0)


def _sqrt(x: Real) -> Four:
    _domain(x > 0, "sqrt", x)
    s = mp.sqrt(x)
    return s, 1 / (2 * s), -1 / (4 * s**3), 3 / (8 * s**5)


def _cbrt(x: Real) -> Four:
    _domain(x != 0, "the slope of cbrt", x)
    c = mp.sign(x) * mp.cbrt(abs(x))
    return c, 1 / (3 * c**2), -2 / (9 * c**5), 10 / (27 * c**8)


def _exp(x: Real) -> Four:
    v = mp.exp(x)
    return v, v, v, v


def _expm1(x: Real) -> Four:
    v = mp.exp(x)
    return mp.expm1(x), v, v, v


def _log(x: Real) -> Four:
    _domain(x > 0, "log", x)
    return mp.log(x), 1 / x, -1 / x**2, 2 / x**3


def _log2(x: Real) -> Four:
    v = _log(x)
    k = mp.log(2)
    return v[0] / k, v[1] / k, v[2] / k, v[3] / k


def _log10(x: Real) -> Four:
    v = _log(x)
    k = mp.log(10)
    return v[0] / k, v[1] / k, v[2] / k, v[3] / k


def _log1p(x: Real) -> Four:
    _domain(x > -1, "log1p", x)
    y = 1 + x
    return mp.log1p(x), 1 / y, -1 / y**2, 2 / y**3


def _sin(x: Real) -> Four:
    s, c = mp.sin(x), mp.cos(x)
    return s, c, -s, -c


def _cos(x: Real) -> Four:
    s, c = mp.sin(x), mp.cos(x)
    return c, -s, -c, s


def _tan(x: Real) -> Four:
    t = mp.sin(x) / mp.cos(x)
    q = 1 + t**2
    return t, q, 2 * t * q, 2 * q * (1 + 3 * t**2)


def _sec(x: Real) -> Four:
    c = mp.cos(x)
    s, t = 1 / c, mp.sin(x) / c
    return s, s * t, s * (1 + 2 * t**2), s * t * (5 + 6 * t**2)


def _csc(x: Real) -> Four:
    _domain(x != 0, "csc", x)
    s = mp.sin(x)
    c, k = 1 / s, mp.cos(x) / s
    return c, -c * k, c * (1 + 2 * k**2), -c * k * (5 + 6 * k**2)


def _cot(x: Real) -> Four:
    _domain(x != 0, "cot", x)
    k = mp.cos(x) / mp.sin(x)
    q = 1 + k**2
    return k, -q, 2 * k * q, -2 * q * (1 + 3 * k**2)


def _asin(x: Real) -> Four:
    _domain(-1 < x < 1, "asin", x)
    w = (1 - x) * (1 + x)
    v = mp.sqrt(w)
    return mp.asin(x), 1 / v, x / (v * w), (1 + 2 * x**2) / (v * w**2)


def _acos(x: Real) -> Four:
    _domain(-1 < x < 1, "acos", x)
    v = _asin(x)
    return mp.acos(x), -v[1], -v[2], -v[3]


def _atan(x: Real) -> Four:
    q = 1 + x**2
    return mp.atan(x), 1 / q, -2 * x / q**2, (6 * x**2 - 2) / q**3


def _sinh(x: Real) -> Four:
    s, c = mp.sinh(x), mp.cosh(x)
    return s, c, s, c


def _cosh(x: Real) -> Four:
    s, c = mp.sinh(x), mp.cosh(x)
    return c, s, c, s


def _tanh(x: Real) -> Four:
    t, s = mp.tanh(x), 1 / mp.cosh(x) ** 2
    return t, s, -2 * t * s, s * (4 * t**2 - 2 * s)


def _sech(x: Real) -> Four:
    s, t = 1 / mp.cosh(x), mp.tanh(x)
    return s, -s * t, s * (1 - 2 * s**2), s * t * (6 * s**2 - 1)


def _csch(x: Real) -> Four:
    _domain(x != 0, "csch", x)
    c = 1 / mp.sinh(x)
    k = 1 / mp.tanh(x)
    return c, -c * k, c * (1 + 2 * c**2), -c * k * (1 + 6 * c**2)


def _coth(x: Real) -> Four:
    _domain(x != 0, "coth", x)
    c = 1 / mp.sinh(x)
    k = 1 / mp.tanh(x)
    return k, -(c**2), 2 * c**2 * k, -2 * c**2 * (2 * k**2 + c**2)


def _asinh(x: Real) -> Four:
    q = 1 + x**2
    v = mp.sqrt(q)
    return mp.asinh(x), 1 / v, -x / (v * q), (2 * x**2 - 1) / (v * q**2)


def _acosh(x: Real) -> Four:
    _domain(x > 1, "acosh", x)
    q = (x - 1) * (x + 1)
    v = mp.sqrt(q)
    return mp.acosh(x), 1 / v, -x / (v * q), (2 * x**2 + 1) / (v * q**2)


def _atanh(x: Real) -> Four:
    _domain(-1 < x < 1, "atanh", x)
    w = (1 - x) * (1 + x)
    return mp.atanh(x), 1 / w, 2 * x / w**2, (2 + 6 * x**2) / w**3


def _erf(x: Real) -> Four:
    g = 2 / mp.sqrt(mp.pi) * mp.exp(-(x**2))
    return mp.erf(x), g, -2 * x * g, (4 * x**2 - 2) * g


def _erfc(x: Real) -> Four:
    v = _erf(x)
    return erfc(x), -v[1], -v[2], -v[3]


def _gamma(x: Real) -> Four:
    g = gamma(x)
    p, p1, p2 = polygamma(0, x), polygamma(1, x), polygamma(2, x)
    return g, g * p, g * (p**2 + p1), g * (p**3 + 3 * p * p1 + p2)


def _lgamma(x: Real) -> Four:
    return lgamma(x), polygamma(0, x), polygamma(1, x), polygamma(2, x)


def _digamma(x: Real) -> Four:
    return polygamma(0, x), polygamma(1, x), polygamma(2, x), polygamma(3, x)


def _logistic(x: Real) -> Real:
    if x >= 0:
        return 1 / (1 + mp.exp(-x))
    v = mp.exp(x)
    return v / (1 + v)


def _sigmoid(x: Real) -> Four:
    s = _logistic(x)
    p = s * _logistic(-x)
    return s, p, -p * mp.tanh(x / 2), p * (1 - 6 * p)


def _softplus(x: Real) -> Four:
    v = mp.log1p(mp.exp(-abs(x)))
    s = _sigmoid(x)
    return (x + v if x > 0 else v), s[0], s[1], s[2]


def _sinc(x: Real) -> Four:
    return sinc_derivative(0, x), sinc_derivative(1, x), sinc_derivative(2, x), sinc_derivative(3, x)


def _gaussian(x: Real) -> Four:
    g = mp.exp(-(x**2))
    return g, -2 * x * g, (4 * x**2 - 2) * g, (12 * x - 8 * x**3) * g


def _semicircle(x: Real) -> Four:
    _domain(-1 < x < 1, "the slope of semicircle", x)
    v = mp.sqrt((1 - x) * (1 + x))
    return v, -x / v, -1 / v**3, -3 * x / v**5


SMOOTH: dict[str, Callable[[Real], Four]] = {
    "neg": _neg,
    "square": _square,
    "sqrt": _sqrt,
    "cbrt": _cbrt,
    "exp": _exp,
    "expm1": _expm1,
    "log": _log,
    "log2": _log2,
    "log10": _log10,
    "log1p": _log1p,
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "sec": _sec,
    "csc": _csc,
    "cot": _cot,
    "asin": _asin,
    "acos": _acos,
    "atan": _atan,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "sech": _sech,
    "csch": _csch,
    "coth": _coth,
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "erf": _erf,
    "erfc": _erfc,
    "gamma": _gamma,
    "lgamma": _lgamma,
    "digamma": _digamma,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "sinc": _sinc,
    "gaussian": _gaussian,
    "semicircle": _semicircle,
}


def round_even(x: Real) -> Real:
    """The nearest integer; halves go to the even neighbour."""
    return mp.nint(x)


STEPS: dict[str, Callable[[Real], Real]] = {
    "sign": mp.sign,
    "floor": mp.floor,
    "ceil": mp.ceil,
    "trunc": lambda x: mp.ceil(x) if x < 0 else mp.floor(x),
    "round": round_even,
}


def at_jump(name: str, x: Real) -> bool:
    """Whether a step function of one argument jumps exactly at x."""
    if name == "sign":
        return bool(x == 0)
    if name == "round":
        return bool(2 * x == mp.floor(2 * x) and x != mp.floor(x))
    return bool(x == mp.floor(x)) and not (name == "trunc" and x == 0)


def unary(name: str, x: Real) -> Four:
    """Value and three derivatives of a unary operation; at a kink or jump the higher ones are nan."""
    if name in SMOOTH:
        return SMOOTH[name](x)
    if name in DEFINITIONS:
        return DEFINITIONS[name].derivatives(x)
    zero = mpf(0)
    if name in STEPS:
        high = mp.nan if at_jump(name, x) else zero
        return STEPS[name](x), zero, high, high
    if name == "abs":
        high = mp.nan if x == 0 else zero
        return abs(x), mp.sign(x), high, high
    if name == "relu":
        high = mp.nan if x == 0 else zero
        return (x if x > 0 else zero), mpf(1 if x > 0 else 0), high, high
    raise KeyError(name)


UNARY: tuple[str, ...] = (*SMOOTH, *DEFINITIONS, *STEPS, "abs", "relu")


# ----------------------------------------------------------------------------------------------------------
# operations of two arguments: all partials up to total order 3

ORDER3: tuple[Index, ...] = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3))


def _ten(*values: Real) -> Partials:
    return {index: mpf(value) for index, value in zip(ORDER3, values, strict=True)}


def _add(x: Real, y: Real) -> Partials:
    return _ten(x + y, 1, 1, 0, 0, 0, 0, 0, 0, 0)


def _sub(x: Real, y: Real) -> Partials:
    return _ten(x - y, 1, -1, 0, 0, 0, 0, 0, 0, 0)


def _mul(x: Real, y: Real) -> Partials:
    return _ten(x * y, y, x, 0, 1, 0, 0, 0, 0, 0)


def _div(x: Real, y: Real) -> Partials:
    _domain(y != 0, "division", y)
    return _ten(
        x / y, 1 / y, -x / y**2, 0, -1 / y**2, 2 * x / y**3, 0, 0, 2 / y**3, -6 * x / y**4
    )  # fmt: skip


def _power(x: Real, y: Real) -> Real:
    """x**y for x > 0, or for x != 0 and an integer y; any exponent size."""
    if x > 0:
        return mp.exp(y * mp.log(x))
    sign = -1 if int(y) % 2 else 1
    return sign * mp.exp(y * mp.log(-x))


def _pow(x: Real, y: Real) -> Partials:
    whole = y == mp.floor(y)
    _domain(x > 0 or (x < 0 and whole), "pow", x)
    n1, n2 = y * (y - 1), y * (y - 1) * (y - 2)
    f, f1, f2, f3 = _power(x, y), _power(x, y - 1), _power(x, y - 2), _power(x, y - 3)
    if x < 0:
        no = mp.nan
        return _ten(f, y * f1, no, n1 * f2, no, no, n2 * f3, no, no, no)
    k = mp.log(x)
    return _ten(
        f,
        y * f1,
        f * k,
        n1 * f2,
        f1 * (1 + y * k),
        f * k**2,
        n2 * f3,
        f2 * (2 * y - 1 + n1 * k),
        f1 * k * (2 + y * k),
        f * k**3,
    )


def floor_quotient(x: Real, y: Real) -> int:
    """floor(x/y), exactly."""
    _domain(y != 0, "floor(x/y)", y)
    return math.floor(_fraction(x) / _fraction(y))


def _wide(n: int) -> Real:
    """A big integer as mpmath number without rounding."""
    with mp.workprec(max(mp.prec, n.bit_length() + 8)):
        return mpf(n)


def _mod(x: Real, y: Real) -> Partials:
    q = floor_quotient(x, y)
    rest = _fraction(x) - q * _fraction(y)
    high = mp.nan if rest == 0 else mpf(0)
    value = _wide(rest.numerator) / _wide(rest.denominator)
    return _ten(value, 1, -_wide(q), *[high] * 7)


def _fmod(x: Real, y: Real) -> Partials:
    _domain(y != 0, "fmod", y)
    q = abs(_fraction(x)) // abs(_fraction(y))
    rest = abs(_fraction(x)) - q * abs(_fraction(y))
    q, rest = (q if (x > 0) == (y > 0) else -q), (rest if x > 0 else -rest)
    high = mp.nan if rest == 0 and x != 0 else mpf(0)
    value = _wide(rest.numerator) / _wide(rest.denominator)
    return _ten(value, 1, -_wide(q), *[high] * 7)


def _floordiv(x: Real, y: Real) -> Partials:
    q = floor_quotient(x, y)
    high = mp.nan if q * _fraction(y) == _fraction(x) else mpf(0)
    return _ten(_wide(q), 0, 0, *[high] * 7)


def _atan2(a: Real, b: Real) -> Partials:
    _domain(a != 0 or b > 0, "atan2", b)
    q = a**2 + b**2
    return _ten(
        mp.atan2(a, b),
        b / q,
        -a / q,
        -2 * a * b / q**2,
        (a - b) * (a + b) / q**2,
        2 * a * b / q**2,
        2 * b * (3 * a**2 - b**2) / q**3,
        2 * a * (3 * b**2 - a**2) / q**3,
        2 * b * (b**2 - 3 * a**2) / q**3,
        2 * a * (a**2 - 3 * b**2) / q**3,
    )


def _hypot(x: Real, y: Real) -> Partials:
    _domain(x != 0 or y != 0, "the slope of hypot", x)
    r = mp.sqrt(x**2 + y**2)
    return _ten(
        r,
        x / r,
        y / r,
        y**2 / r**3,
        -x * y / r**3,
        x**2 / r**3,
        -3 * x * y**2 / r**5,
        y * (2 * x**2 - y**2) / r**5,
        x * (2 * y**2 - x**2) / r**5,
        -3 * x**2 * y / r**5,
    )


def _direction(x: Real, y: Real) -> Partials:
    _domain(x != 0 or y != 0, "direction", x)
    r = mp.sqrt(x**2 + y**2)
    return _ten(
        x / r,
        y**2 / r**3,
        -x * y / r**3,
        -3 * x * y**2 / r**5,
        y * (2 * x**2 - y**2) / r**5,
        x * (2 * y**2 - x**2) / r**5,
        3 * y**2 * (4 * x**2 - y**2) / r**7,
        3 * x * y * (3 * y**2 - 2 * x**2) / r**7,
        (2 * x**4 - 11 * x**2 * y**2 + 2 * y**4) / r**7,
        3 * x * y * (3 * x**2 - 2 * y**2) / r**7,
    )


def _heaviside(x: Real, at0: Real) -> Partials:
    if x == 0:
        return _ten(at0, 0, 1, *[mp.nan] * 7)
    return _ten(1 if x > 0 else 0, *[0] * 9)


def _xlogy(x: Real, y: Real) -> Partials:
    _domain(y > 0, "xlogy", y)
    return _ten(
        x * mp.log(y), mp.log(y), x / y, 0, 1 / y, -x / y**2, 0, 0, -1 / y**2, 2 * x / y**3
    )  # fmt: skip


def _logaddexp(x: Real, y: Real) -> Partials:
    d = x - y
    p, q = _logistic(d), _logistic(-d)
    h = -p * q * mp.tanh(d / 2)
    value = max(x, y) + mp.log1p(mp.exp(-abs(d)))
    return _ten(value, p, q, p * q, -p * q, p * q, h, -h, h, -h)


def _min(x: Real, y: Real) -> Partials:
    if x == y:
        return _ten(x, 0.5, 0.5, *[mp.nan] * 7)
    first = 1 if x < y else 0
    return _ten(min(x, y), first, 1 - first, *[0] * 7)


def _max(x: Real, y: Real) -> Partials:
    if x == y:
        return _ten(x, 0.5, 0.5, *[mp.nan] * 7)
    first = 1 if x > y else 0
    return _ten(max(x, y), first, 1 - first, *[0] * 7)


def _logb(x: Real, b: Real) -> Partials:
    _domain(x > 0 and b > 0 and b != 1, "log(x, base)", b)
    u, u1, u2, u3 = _log(x)
    k = mp.log(b)
    v = 1 / k
    v1 = -1 / (b * k**2)
    v2 = (k + 2) / (b**2 * k**3)
    v3 = -(2 * k**2 + 6 * k + 6) / (b**3 * k**4)
    return _ten(u * v, u1 * v, u * v1, u2 * v, u1 * v1, u * v2, u3 * v, u2 * v1, u1 * v2, u * v3)


def _of_logarithm(value: Real, logarithm: Partials) -> Partials:
    """Return the partials of a function from its value and those of its logarithm."""
    x, y = logarithm[1, 0], logarithm[0, 1]
    xx, xy, yy = logarithm[2, 0], logarithm[1, 1], logarithm[0, 2]
    xxx, xxy, xyy, yyy = logarithm[3, 0], logarithm[2, 1], logarithm[1, 2], logarithm[0, 3]
    second = x**2 + xx, x * y + xy, y**2 + yy
    third = (
        x**3 + 3 * x * xx + xxx,
        x**2 * y + 2 * x * xy + xx * y + xxy,
        x * y**2 + 2 * y * xy + x * yy + xyy,
        y**3 + 3 * y * yy + yyy,
    )
    return _ten(value, *(value * factor for factor in (x, y, *second, *third)))


def _root(x: Real, n: Real) -> Partials:
    _domain(n != 0 and (x > 0 or (x < 0 and n == mp.floor(n) and int(n) % 2 == 1)), "root", x)
    k = mp.log(x) if x > 0 else mp.nan
    value = mp.sign(x) * mp.exp(mp.log(abs(x)) / n)
    slopes = 1 / (n * x), -k / n**2, -1 / (n * x**2), -1 / (n**2 * x), 2 * k / n**3
    return _of_logarithm(value, _ten(0, *slopes, 2 / (n * x**3), 1 / (n**2 * x**2), 2 / (n**3 * x), -6 * k / n**4))


def _lbeta(a: Real, b: Real) -> Partials:
    _domain(a > 0 and b > 0, "beta", a)
    whole = [mp.psi(k, a + b) for k in range(3)]
    one, other = [mp.psi(k, a) for k in range(3)], [mp.psi(k, b) for k in range(3)]
    value = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return _ten(
        value,
        one[0] - whole[0],
        other[0] - whole[0],
        one[1] - whole[1],
        -whole[1],
        other[1] - whole[1],
        one[2] - whole[2],
        -whole[2],
        -whole[2],
        other[2] - whole[2],
    )


def _beta(a: Real, b: Real) -> Partials:
    logarithm = _lbeta(a, b)
    return _of_logarithm(mp.exp(logarithm[0, 0]), logarithm)


def _binomial(n: Real, k: Real) -> Partials:
    _domain(n > -1 and -1 < k < n + 1, "binomial", k)
    top, low, high = ([mp.psi(i, x + 1) for i in range(3)] for x in (n, k, n - k))
    value = mp.exp(mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1))
    first = top[0] - high[0], high[0] - low[0]
    second = top[1] - high[1], high[1], -low[1] - high[1]
    third = top[2] - high[2], high[2], -high[2], high[2] - low[2]
    return _of_logarithm(value, _ten(0, *first, *second, *third))


BINARY: dict[str, Callable[[Real, Real], Partials]] = {
    "add": _add,
    "sub": _sub,
    "difference": _sub,
    "mul": _mul,
    "div": _div,
    "pow": _pow,
    "mod": _mod,
    "fmod": _fmod,
    "floordiv": _floordiv,
    "atan2": _atan2,
    "hypot": _hypot,
    "direction": _direction,
    "heaviside": _heaviside,
    "xlogy": _xlogy,
    "logaddexp": _logaddexp,
    "min": _min,
    "max": _max,
    "log_base": _logb,
    "root": _root,
    "beta": _beta,
    "lbeta": _lbeta,
    "binomial": _binomial,
}

INDEXED: dict[str, Callable[[int, Real], Real]] = {"polygamma": polygamma, "sinc_derivative": sinc_derivative}
BESSEL = {f"bessel{family}": family for family in "jyik"}


def _gammainc(upper: bool) -> Callable[[Real, Real], list[Real]]:
    def four(a: Real, x: Real) -> list[Real]:
        """Return a regularised incomplete gamma function and its derivatives by x."""
        _domain(a > 0 and x > 0, "gammainc", x)
        with mp.extraprec(80 + int(abs(a)) + int(abs(x))):
            series = mp.hyp1f1(1, a + 1, x) * mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))
            slope = mp.exp((a - 1) * mp.log(x) - x - mp.loggamma(a))
            d = (a - 1) / x - 1
            found = [series, slope, slope * d, slope * (d**2 - (a - 1) / x**2)]
            return [1 - found[0], *(-each for each in found[1:])] if upper else found

    return four


def _betainc(a: Real, b: Real, x: Real) -> list[Real]:
    """Return the regularised incomplete beta function and its derivatives by x."""
    _domain(a > 0 and b > 0 and 0 < x < 1, "betainc", x)
    with mp.extraprec(120):
        scale = mp.exp(mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b))
        front = scale * x**a * (1 - x) ** b
        if x * (a + b + 2) <= a + 1:
            value = front / a * mp.hyp2f1(a + b, 1, a + 1, x)
        else:
            value = 1 - front / b * mp.hyp2f1(a + b, 1, b + 1, 1 - x)
        slope = front / (x * (1 - x))
        p, q = (a - 1) / x, (b - 1) / (1 - x)
        return [value, slope, slope * (p - q), slope * ((p - q) ** 2 - p / x - q / (1 - x))]


SHAPED: dict[str, Callable[..., list[Real]]] = {
    "gammainc": _gammainc(False),
    "gammaincc": _gammainc(True),
    "betainc": _betainc,
}


def _clip(x: Real, lo: Real, hi: Real) -> Partials:
    """min(max(x, lo), hi), first partials only."""
    if lo >= hi:
        raise Undefined("clip: the bounds are not in order")
    half, one, zero = mpf("0.5"), mpf(1), mpf(0)
    if x == lo:
        value, slopes = lo, (half, half, zero)
    elif x == hi:
        value, slopes = hi, (half, zero, half)
    elif x < lo:
        value, slopes = lo, (zero, one, zero)
    elif x > hi:
        value, slopes = hi, (zero, zero, one)
    else:
        value, slopes = x, (one, zero, zero)
    return {(0, 0, 0): value, (1, 0, 0): slopes[0], (0, 1, 0): slopes[1], (0, 0, 1): slopes[2]}


# ----------------------------------------------------------------------------------------------------------
# names of the language

ALIASES: dict[str, str] = {
    "ln": "log",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "sgn": "sign",
    "clamp": "clip",
    "gammaln": "lgamma",
    "lngamma": "lgamma",
    "psi": "digamma",
    "expit": "sigmoid",
    "logistic": "sigmoid",
}

CONSTANTS: dict[str, float] = {"pi": math.pi, "π": math.pi, "tau": math.tau, "τ": math.tau, "e": math.e}


def evaluate_op(name: str, arguments: Sequence[float], order: int = 3, digits: int = 60) -> Partials:
    """Value and partials of one operation at float64 arguments, to ``digits`` digits; nan marks "not
    claimed".

    For ``polygamma``, ``sinc_derivative`` and the Bessel functions the first argument is the integer
    order, and the indices count derivatives in the second argument alone.
    """
    name = ALIASES.get(name, name)

    def compute() -> Partials:
        xs = [_exact(x) for x in arguments]
        if name in BINARY:
            found = BINARY[name](*xs)
        elif name == "clip":
            found = _clip(*xs)
        elif name in SHAPED:
            found = {(k,): v for k, v in enumerate(SHAPED[name](*xs))}
        elif name in INDEXED:
            n = int(arguments[0])
            found = {(k,): INDEXED[name](n + k, xs[1]) for k in range(order + 1)}
        elif name in BESSEL:
            n = int(arguments[0])
            found = {(k,): value for k, value in enumerate(bessel.derivatives(BESSEL[name], order, n, xs[1]))}
        else:
            found = {(k,): v for k, v in enumerate(unary(name, xs[0]))}
            if any(isinstance(value, mpc) for value in found.values()) or all(map(mp.isnan, found.values())):
                raise Undefined
        return {index: value for index, value in found.items() if sum(index) <= order and not mp.isnan(value)}

    return settle(compute, digits)


# ----------------------------------------------------------------------------------------------------------
# truncated Taylor arithmetic in several variables


@dataclass
class Jet:
    """A polynomial in the displacements of the inputs, truncated at a total order.

    ``terms`` maps a multi-index to the Taylor coefficient (the partial divided by the factorials).
    ``smooth`` is False once a kink was met: then only the first order means anything.
    """

    terms: Partials
    count: int
    order: int
    smooth: bool = True

    @property
    def value(self) -> Real:
        """The constant term."""
        return self.terms.get((0,) * self.count, mpf(0))

    @property
    def constant(self) -> bool:
        """Whether no input moves this number."""
        return all(sum(index) == 0 or coefficient == 0 for index, coefficient in self.terms.items())

    def lift(self, value: Real) -> Jet:
        """A constant with the same shape."""
        return Jet({(0,) * self.count: mpf(value)}, self.count, self.order)

    def __add__(self, other: Jet) -> Jet:
        terms = dict(self.terms)
        for index, coefficient in other.terms.items():
            terms[index] = terms.get(index, mpf(0)) + coefficient
        return Jet(terms, self.count, self.order, self.smooth and other.smooth)

    def scale(self, factor: Real) -> Jet:
        """This jet times a number."""
        return Jet({i: c * factor for i, c in self.terms.items()}, self.count, self.order, self.smooth)

    def __neg__(self) -> Jet:
        return self.scale(mpf(-1))

    def __sub__(self, other: Jet) -> Jet:
        return self + (-other)

    def __mul__(self, other: Jet) -> Jet:
        terms: Partials = {}
        for i, a in self.terms.items():
            for j, b in other.terms.items():
                index = tuple(p + q for p, q in zip(i, j, strict=True))
                if sum(index) <= self.order:
                    terms[index] = terms.get(index, mpf(0)) + a * b
        return Jet(terms, self.count, self.order, self.smooth and other.smooth)

    def compose(self, derivatives: Sequence[Real]) -> Jet:
        """f(self), where ``derivatives`` are f and its derivatives at ``self.value``."""
        zero = (0,) * self.count
        step = Jet({i: c for i, c in self.terms.items() if i != zero}, self.count, self.order, self.smooth)
        result = self.lift(derivatives[0])
        power = self.lift(mpf(1))
        for k in range(1, self.order + 1):
            power = power * step
            if not power.terms:
                break
            if mp.isnan(derivatives[k]):
                result.smooth = False
                break
            result = result + power.scale(derivatives[k] / math.factorial(k))
        result.smooth = result.smooth and self.smooth
        return result

    def apply(self, name: str) -> Jet:
        """An operation of one argument by name."""
        if self.constant and name in ("sqrt", "cbrt") and self.value == 0:
            return self.lift(0)
        if self.constant and name in ("asin", "acos") and abs(self.value) == 1:
            return self.lift(getattr(mp, name)(self.value))
        return self.compose(unary(name, self.value))


def _divide(a: Jet, b: Jet) -> Jet:
    v = b.value
    _domain(v != 0, "division", v)
    return a * b.compose((1 / v, -1 / v**2, 2 / v**3, -6 / v**4))


def _raise(a: Jet, b: Jet) -> Jet:
    """a**b; an exponent without slope is a number, and an integer then needs no logarithm."""
    x, y = a.value, b.value
    if not b.constant:
        _domain(x > 0, "the slope of a power in its exponent", x)
        return (b * a.apply("log")).apply("exp")
    if y == mp.floor(y) and abs(y) < 10**6:
        n = int(y)
        if n < 0:
            _domain(x != 0, "division", x)
        rising = [mpf(1)]
        for k in range(a.order):
            rising.append(rising[-1] * (n - k))
        return a.compose([c * x ** (n - k) if c != 0 else mpf(0) for k, c in enumerate(rising)])
    _domain(x > 0, "power", x)
    factor = mpf(1)
    derivatives = []
    for k in range(a.order + 1):
        derivatives.append(factor * mp.exp((y - k) * mp.log(x)))
        factor = factor * (y - k)
    return a.compose(derivatives)


def _blend(jets: Sequence[Jet], pick: Callable[[Sequence[Real]], Real]) -> Jet:
    """min or max of several: ties share the slope."""
    best = pick([jet.value for jet in jets])
    chosen = [jet for jet in jets if jet.value == best]
    if len(chosen) == 1:
        return chosen[0]
    total = chosen[0]
    for jet in chosen[1:]:
        total = total + jet
    result = total.scale(mpf(1) / len(chosen))
    result.smooth = all(jet.terms == chosen[0].terms for jet in chosen) and result.smooth
    return result


def _two(name: str, a: Jet, b: Jet) -> Jet:
    """An operation of two arguments through its own partials: a Taylor expansion in the two displacements."""
    table = BINARY[name](a.value, b.value)
    zero = (0,) * a.count
    da = Jet({i: c for i, c in a.terms.items() if i != zero}, a.count, a.order, a.smooth)
    db = Jet({i: c for i, c in b.terms.items() if i != zero}, a.count, a.order, b.smooth)
    result = a.lift(table[(0, 0)])
    for (j, k), partial in table.items():
        if not 1 <= j + k <= a.order:
            continue
        term = a.lift(mpf(1))
        for _ in range(j):
            term = term * da
        for _ in range(k):
            term = term * db
        if not any(c != 0 for c in term.terms.values()):
            continue
        if mp.isnan(partial):
            if j + k == 1:
                raise Undefined(f"{name} has no such slope here")
            result.smooth = False
            continue
        result = result + term.scale(partial / (math.factorial(j) * math.factorial(k)))
    result.smooth = result.smooth and a.smooth and b.smooth
    return result


# ----------------------------------------------------------------------------------------------------------
# programs

_TOKEN = re.compile(
    r"(?P<space>[ \t\f]+)|(?P<comment>\#[^\r\n]*)|(?P<newline>\r\n|\r|\n)"
    r"|(?P<number>(?:\d[\d_]*\.?(?:\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<op>\*\*|<=|>=|==|!=|[-+*/%^()<>,=;])"
)

WORDS = frozenset({"if", "else", "and", "or", "not"})
RESERVED = frozenset({*CONSTANTS, *WORDS, "inf", "nan"})


@dataclass
class Program:
    """A parsed program: bindings in order, then the result; ``variables`` in order of first appearance."""

    bindings: list[tuple[str, ast.expr]]
    result: ast.expr
    variables: list[str] = field(default_factory=list)


def _statements(text: str) -> list[list[str]]:
    """Split into statements of tokens in Python's notation; names get a prefix, numbers become float64."""
    text = text.removeprefix("\ufeff")
    statements: list[list[str]] = [[]]
    depth = 0
    position = 0
    touching = False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise SyntaxProblem(f"unexpected {text[position]!r} at column {position + 1}")
        position = match.end()
        kind, word = match.lastgroup, match.group()
        now = statements[-1]
        was_touching, touching = touching, False
        if kind in ("space", "comment"):
            continue
        if kind == "newline" or word == ";":
            if depth == 0:
                statements.append([])
            elif word == ";":
                raise SyntaxProblem("';' inside brackets")
            continue
        if was_touching and ((kind == "name" and word not in WORDS) or word == "("):
            if len(now) >= 2 and now[-2] in ("/", "%", "**"):
                raise SyntaxProblem("an implicit product after '/', '%' or a power needs parentheses")
            now.append("*")
        if kind == "number":
            number = float(word)
            if not math.isfinite(number):
                raise SyntaxProblem(f"{word} is too large")
            now.append(repr(number))
            touching = True
        elif kind == "name":
            name = unicodedata.normalize("NFKC", word)
            now.append(name if name in WORDS else f"n_{name}")
        else:
            depth += {"(": 1, ")": -1}.get(word, 0)
            now.append("**" if word == "^" else word)
    return [tokens for tokens in statements if tokens]


def parse(text: str) -> Program:
    """Parse a scalar program."""
    statements = _statements(text)
    if not statements:
        raise SyntaxProblem("empty program")
    bindings: list[tuple[str, ast.expr]] = []
    used: list[str] = []

    def tree(tokens: list[str]) -> ast.expr:
        try:
            parsed = ast.parse("(" + " ".join(tokens) + ")", mode="eval").body
        except SyntaxError as error:
            raise SyntaxProblem(f"cannot read {' '.join(tokens)!r}") from error
        bound = {name for name, _ in bindings}
        names = [node for node in ast.walk(parsed) if isinstance(node, ast.Name)]
        functions = {id(node.func) for node in ast.walk(parsed) if isinstance(node, ast.Call)}
        for node in sorted(names, key=lambda n: n.col_offset):
            name = node.id[2:]
            if id(node) not in functions and name not in bound and name not in RESERVED and name not in used:
                used.append(name)
        return parsed

    for tokens in statements[:-1]:
        if len(tokens) < 3 or tokens[1] != "=" or not tokens[0].startswith("n_"):
            raise SyntaxProblem(f"not a binding: {' '.join(tokens)!r}")
        name = tokens[0][2:]
        if name in RESERVED or name in used or name in {n for n, _ in bindings}:
            raise SyntaxProblem(f"{name!r} cannot be bound here")
        expression = tree(tokens[2:])
        bindings.append((name, expression))
    result = tree(statements[-1])
    return Program(bindings, result, used)


_COMPARE: dict[type[ast.cmpop], Callable[[Real, Real], bool]] = {
    ast.Lt: lambda a, b: bool(a < b),
    ast.LtE: lambda a, b: bool(a <= b),
    ast.Gt: lambda a, b: bool(a > b),
    ast.GtE: lambda a, b: bool(a >= b),
    ast.Eq: lambda a, b: bool(a == b),
    ast.NotEq: lambda a, b: bool(a != b),
}


class _Walker:
    """Evaluates the syntax tree of a program in jets."""

    def __init__(self, scope: dict[str, Jet], shape: Jet) -> None:
        self.scope = scope
        self.shape = shape

    def condition(self, node: ast.expr) -> bool:
        """The truth of a condition."""
        if isinstance(node, ast.BoolOp):
            parts = (self.condition(part) for part in node.values)
            return all(parts) if isinstance(node.op, ast.And) else any(parts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return not self.condition(node.operand)
        if isinstance(node, ast.Compare):
            values = [self.walk(part).value for part in (node.left, *node.comparators)]
            pairs = zip(node.ops, values[:-1], values[1:], strict=True)
            return all(_COMPARE[type(op)](a, b) for op, a, b in pairs)
        raise SyntaxProblem("not a condition")

    def walk(self, node: ast.expr) -> Jet:
        """The jet of a scalar expression."""
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            return self.shape.lift(mpf(node.value))
        if isinstance(node, ast.Name):
            name = node.id[2:]
            if name in CONSTANTS:
                return self.shape.lift(mpf(CONSTANTS[name]))
            if name not in self.scope:
                raise Undefined(f"no value for {name!r}")
            return self.scope[name]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            inner = self.walk(node.operand)
            return -inner if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp):
            return self.binary(node.op, self.walk(node.left), self.walk(node.right))
        if isinstance(node, ast.IfExp):
            return self.walk(node.body if self.condition(node.test) else node.orelse)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self.call(node.func.id[2:], node.args)
        raise SyntaxProblem(f"{type(node).__name__} is not part of the scalar language")

    def binary(self, op: ast.operator, a: Jet, b: Jet) -> Jet:
        """A binary operator."""
        if isinstance(op, ast.Add):
            return a + b
        if isinstance(op, ast.Sub):
            return a - b
        if isinstance(op, ast.Mult):
            return a * b
        if isinstance(op, ast.Div):
            return _divide(a, b)
        if isinstance(op, ast.Pow):
            return _raise(a, b)
        if isinstance(op, ast.Mod):
            return _two("mod", a, b)
        raise SyntaxProblem(f"operator {type(op).__name__}")

    def call(self, name: str, nodes: Sequence[ast.expr]) -> Jet:
        """A function call."""
        name = ALIASES.get(name, name)
        if name == "where" and len(nodes) == 3:
            return self.walk(nodes[1] if self.condition(nodes[0]) else nodes[2])
        args = [self.walk(node) for node in nodes]
        if name in SHAPED:
            return args[-1].compose(SHAPED[name](*(arg.value for arg in args))[: args[-1].order + 1])
        if name in INDEXED and len(args) == 2:
            n, x = int(args[0].value), args[1]
            return x.compose([INDEXED[name](n + k, x.value) for k in range(x.order + 1)])
        if name == "log" and len(args) == 2:
            return _two("log_base", *args)
        if name in ("min", "max") and args:
            return _blend(args, min if name == "min" else max)
        if name == "clip" and len(args) == 3:
            return _blend([_blend(args[:2], max), args[2]], min)
        if name == "heaviside" and len(args) == 1:
            args.append(self.shape.lift(mpf("0.5")))
        if name == "hypot" and len(args) > 2:
            total = args[0] * args[0]
            for arg in args[1:]:
                total = total + arg * arg
            return total.apply("sqrt")
        if name in ("atan2", "hypot", "heaviside", "xlogy", "logaddexp") and len(args) == 2:
            return _two(name, *args)
        if name in UNARY and len(args) == 1:
            return args[0].apply(name)
        raise SyntaxProblem(f"unknown function {name!r} of {len(args)} arguments")


def evaluate(
    program: str,
    point: Mapping[str, float],
    order: int = 1,
    wrt: Sequence[str] | None = None,
    digits: int = 60,
) -> Partials:
    """Value and partials of a program at a float64 point.

    The keys are multi-indices over ``wrt`` (by default all variables in order of first appearance); every
    index up to the total order is present, zeros included.
    """
    if not 0 <= order <= 3:
        raise ValueError("order must be 0, 1, 2 or 3")
    parsed = parse(program)
    names = list(parsed.variables if wrt is None else wrt)
    missing = [name for name in parsed.variables if name not in point]
    if missing:
        raise Undefined(f"no value for {', '.join(missing)}")

    def compute() -> Partials:
        count = len(names)
        shape = Jet({(0,) * count: mpf(0)}, count, order)
        scope: dict[str, Jet] = {}
        for name in parsed.variables:
            jet = shape.lift(_exact(point[name]))
            if name in names and order > 0:
                jet.terms[tuple(int(name == other) for other in names)] = mpf(1)
            scope[name] = jet
        walker = _Walker(scope, shape)
        for name, expression in parsed.bindings:
            scope[name] = walker.walk(expression)
        result = walker.walk(parsed.result)
        if not result.smooth and order > 1:
            raise NotSmooth("second and third derivatives do not exist here")
        partials: Partials = {}
        for index in indices(count, order):
            coefficient = result.terms.get(index, mpf(0))
            partials[index] = coefficient * math.prod(math.factorial(k) for k in index)
        return partials

    return settle(compute, digits, trust_zero=False)


def indices(count: int, order: int) -> list[Index]:
    """All multi-indices of ``count`` variables up to a total order, by rising order."""
    found: list[Index] = [(0,) * count]
    layer = found
    for _ in range(order):
        following = {tuple(v + (k == j) for k, v in enumerate(index)) for index in layer for j in range(count)}
        layer = sorted(following, reverse=True)
        found = found + layer
    return found


def gradient(program: str, point: Mapping[str, float], digits: int = 60) -> tuple[Real, dict[str, Real]]:
    """Value and first partials of a program, by variable name."""
    names = parse(program).variables
    partials = evaluate(program, point, 1, names, digits)
    zero = (0,) * len(names)
    slopes = {name: partials[tuple(int(name == other) for other in names)] for name in names}
    return partials[zero], slopes
