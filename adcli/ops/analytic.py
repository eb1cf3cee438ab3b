"""Operations on complex numbers, for the complex step: those that are analytic, and real on their real domain.

f(x + ih) has the imaginary part h*f'(x) without any subtraction, so a tiny h gives all digits (Squire & Trapp, SIAM
Review 40, 1998). abs, floor, max and where are not analytic. A function without a row has no complex step.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable
from math import log, pi, sqrt

from . import degrees, elementary, normal
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
    elementary.exp2: lambda x: cmath.exp(x * log(2.0)),
    elementary.exp10: lambda x: cmath.exp(x * log(10.0)),
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
    normal.normpdf: lambda x: cmath.exp(-0.5 * x * x) / sqrt(2.0 * pi),
    degrees.rad2deg: lambda x: x * (180.0 / pi),
    degrees.deg2rad: lambda x: x * (pi / 180.0),
    degrees.sind: lambda x: cmath.sin(x * (pi / 180.0)),
    degrees.cosd: lambda x: cmath.cos(x * (pi / 180.0)),
    degrees.tand: lambda x: cmath.tan(x * (pi / 180.0)),
    degrees.asind: lambda x: cmath.asin(x) * (180.0 / pi),
    degrees.acosd: lambda x: cmath.acos(x) * (180.0 / pi),
    degrees.atand: lambda x: cmath.atan(x) * (180.0 / pi),
    degrees.acot: lambda x: cmath.atan(1.0 / x),
    degrees.asec: lambda x: cmath.acos(1.0 / x),
    degrees.acsc: lambda x: cmath.asin(1.0 / x),
    degrees.acoth: lambda x: cmath.atanh(1.0 / x),
    degrees.asech: lambda x: cmath.acosh(1.0 / x),
    degrees.acsch: lambda x: cmath.asinh(1.0 / x),
}
