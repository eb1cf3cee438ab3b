"""Operations on complex numbers, for the complex step: those that are analytic, and real on their real domain.

f(x + ih) has the imaginary part h*f'(x) without any subtraction, so a tiny h gives all digits (Squire & Trapp, SIAM
Review 40, 1998). abs, floor, max and where are not analytic. A function without a row has no complex step.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable
from math import log

from . import elementary
from .arithmetic import add, div, mul, neg, power, square, sub
from .op import Op


def _power(x: complex, y: complex) -> complex:
    if y.imag == 0 and y.real == int(y.real) and abs(y.real) <= 100:
        return x ** int(y.real)  # by multiplication: the polar form would lose h at a negative base
    if x.real <= 0:
        raise ValueError("a power of a negative number is not analytic in the exponent")
    return cmath.exp(y * cmath.log(x))


ANALYTIC: dict[Op, Callable[..., complex]] = {
    add: lambda x, y: x + y,
    sub: lambda x, y: x - y,
    mul: lambda x, y: x * y,
    div: lambda x, y: x / y,
    neg: lambda x: -x,
    square: lambda x: x * x,
    power: _power,
    elementary.sqrt: cmath.sqrt,
    elementary.exp: cmath.exp,
    elementary.expm1: lambda x: cmath.exp(x) - 1.0,
    elementary.log: cmath.log,
    elementary.log2: lambda x: cmath.log(x) / log(2.0),
    elementary.log10: lambda x: cmath.log(x) / log(10.0),
    elementary.log1p: lambda x: cmath.log(1.0 + x),
    elementary.sin: cmath.sin,
    elementary.cos: cmath.cos,
    elementary.tan: cmath.tan,
    elementary.sec: lambda x: 1.0 / cmath.cos(x),
    elementary.csc: lambda x: 1.0 / cmath.sin(x),
    elementary.cot: lambda x: 1.0 / cmath.tan(x),
    elementary.asin: cmath.asin,
    elementary.acos: cmath.acos,
    elementary.atan: cmath.atan,
    elementary.sinh: cmath.sinh,
    elementary.cosh: cmath.cosh,
    elementary.tanh: cmath.tanh,
    elementary.sech: lambda x: 1.0 / cmath.cosh(x),
    elementary.csch: lambda x: 1.0 / cmath.sinh(x),
    elementary.coth: lambda x: 1.0 / cmath.tanh(x),
    elementary.asinh: cmath.asinh,
    elementary.acosh: cmath.acosh,
    elementary.atanh: cmath.atanh,
    elementary.hypot: lambda x, y: cmath.sqrt(x * x + y * y),
    elementary.sigmoid: lambda x: 1.0 / (1.0 + cmath.exp(-x)),
    elementary.softplus: lambda x: cmath.log(1.0 + cmath.exp(x)),
}
