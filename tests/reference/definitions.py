"""Reference definitions of functions of one argument: one row is all that a new function needs.

The older functions have their derivatives written out: values in `evaluator.py`, points in `generate.py`, smooth ranges
in `tests/contract/samplers.py`. Here mpmath differentiates, at rising precision until the digits agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from mpmath import mp  # type: ignore[import-untyped]

from .bessel import four

Four: TypeAlias = tuple[Any, Any, Any, Any]


class Definition(NamedTuple):
    """A function in mpmath.

    Attributes:
        value: the function of an mpmath number, wherever it is smooth; cancellation does not matter.
        points: the name of the sampler of `generate.py`, for the 50-digit data.
        smooth: a range in which it is smooth, for difference quotients.
        written: the value and three derivatives written out, where mpmath's differences are too slow.
        at: a point at which they are compared with differences.
    """

    value: Callable[[Any], Any]
    points: str = "exponential"
    smooth: tuple[float, float] = (-2.0, 2.0)
    written: Callable[[Any], Four] | None = None
    at: float = 0.4

    def derivatives(self, x: Any) -> Four:
        """Return the value and the first three derivatives."""
        if self.written is not None:
            return self.written(x)
        value, first, second, third = mp.diffs(self.value, x, 3)
        return value, first, second, third


def _written(written: Callable[[Any], Four], points: str, smooth: tuple[float, float], at: float = 0.4) -> Definition:
    return Definition(lambda x: written(x)[0], points, smooth, written, at)


def _scaled(base: float) -> Callable[[Any], Four]:
    """Return the derivatives of base**x."""

    def power(x: Any) -> Four:
        k, v = mp.log(base), mp.exp(x * mp.log(base))
        return v, k * v, k**2 * v, k**3 * v

    return power


def _linear(turns: int) -> Callable[[Any], Four]:
    """Return those of x*(pi/180) or of x/(pi/180)."""
    return lambda x: (x * (mp.pi / 180) ** turns, (mp.pi / 180) ** turns, mp.zero, mp.zero)


def _degree(x: Any) -> tuple[Any, Any, Any]:
    """Return pi/180, and the sine and cosine of x degrees. Their zeros are exact."""
    with mp.extraprec(40 + max(0, int(mp.mag(x)) if x else 0)):
        r = x - 360 * mp.floor(x / 360)
    d = mp.pi / 180
    s = mp.zero if r in (0, 180) else mp.sin(r * d)
    c = mp.zero if r in (90, 270) else mp.cos(r * d)
    return d, s, c


def _sind(x: Any) -> Four:
    d, s, c = _degree(x)
    return s, d * c, -(d**2) * s, -(d**3) * c


def _cosd(x: Any) -> Four:
    d, s, c = _degree(x)
    return c, -d * s, -(d**2) * c, d**3 * s


def _tand(x: Any) -> Four:
    d, s, c = _degree(x)
    t = s / c
    q = 1 + t**2
    return t, d * q, 2 * d**2 * t * q, 2 * d**3 * q * (1 + 3 * t**2)


def _asin(x: Any) -> Four:
    w = (1 - x) * (1 + x)
    v = mp.sqrt(w)
    return mp.asin(x), 1 / v, x / (v * w), (1 + 2 * x**2) / (v * w**2)


def _in_degrees(four: Four, sign: int = 1) -> Four:
    value, first, second, third = (sign * each * 180 / mp.pi for each in four)
    return value, first, second, third


def _acosd(x: Any) -> Four:
    _, first, second, third = _in_degrees(_asin(x), -1)
    return mp.acos(x) * 180 / mp.pi, first, second, third


def _atan(x: Any) -> Four:
    q = 1 + x**2
    return mp.atan(x), 1 / q, -2 * x / q**2, (6 * x**2 - 2) / q**3


def _acot(x: Any) -> Four:
    _, first, second, third = _atan(x)
    return mp.atan(1 / x), -first, -second, -third


def _asec(x: Any) -> Four:
    a = abs(x)
    w = (a - 1) * (a + 1)
    v = mp.sqrt(w)
    first, second = 1 / (a * v), -(2 * a**2 - 1) / (a**2 * v * w)
    third = (6 * a**4 - 5 * a**2 + 2) / (a**3 * v * w**2)
    return mp.acos(1 / x), first, second * mp.sign(x), third


def _acsc(x: Any) -> Four:
    _, first, second, third = _asec(x)
    return mp.asin(1 / x), -first, -second, -third


def _acoth(x: Any) -> Four:
    w = (x - 1) * (x + 1)
    return mp.atanh(1 / x), -1 / w, 2 * x / w**2, -(6 * x**2 + 2) / w**3


def _asech(x: Any) -> Four:
    w = (1 - x) * (1 + x)
    v = mp.sqrt(w)
    first, second = -1 / (x * v), (1 - 2 * x**2) / (x**2 * v * w)
    third = -(6 * x**4 - 5 * x**2 + 2) / (x**3 * v * w**2)
    return mp.acosh(1 / x), first, second, third


def _acsch(x: Any) -> Four:
    a = abs(x)
    w = 1 + x**2
    v = mp.sqrt(w)
    first, second = -1 / (a * v), (1 + 2 * x**2) / (a**2 * v * w)
    third = -(6 * x**4 + 5 * x**2 + 2) / (a**3 * v * w**2)
    return mp.asinh(1 / x), first, mp.sign(x) * second, third


def _gamma(x: Any) -> Four:
    """Return those of gamma. The polygammas of negative numbers are those of the evaluator."""
    from .evaluator import gamma, polygamma

    g, p, p1, p2 = gamma(x), polygamma(0, x), polygamma(1, x), polygamma(2, x)
    return g, g * p, g * (p**2 + p1), g * (p**3 + 3 * p * p1 + p2)


def _normpdf(x: Any) -> Four:
    v = mp.exp(-(x**2) / 2) / mp.sqrt(2 * mp.pi)
    return v, -x * v, (x**2 - 1) * v, (3 * x - x**3) * v


def _normcdf(x: Any) -> Four:
    """Return those of the distribution function, far out by the asymptotic series of erfc."""
    from .evaluator import erfc

    first, second, third, _ = _normpdf(x)
    return erfc(-x / mp.sqrt(2)) / 2, first, second, third


def _norminv(p: Any) -> Four:
    """Return those of the quantile, by Newton's iteration from the float's logarithm."""
    if not 0 < p < 1:
        return mp.nan, mp.nan, mp.nan, mp.nan
    tail = min(p, 1 - p)
    if tail == mp.mpf("0.5"):
        z = mp.zero
    else:
        z = mp.sqrt(-2 * mp.log(2 * tail))
        for _ in range(200):
            value, slope, _, _ = _normcdf(-z)
            step = mp.log(value / tail) * value / slope
            z += step
            if abs(step) < abs(z) * mp.eps * 16:
                break
        z = -z if p < mp.mpf("0.5") else z
    g = 1 / _normpdf(z)[0]
    return z, g, z * g**2, (1 + 2 * z**2) * g**3


def _erfcinv(x: Any) -> Four:
    value, first, second, third = _norminv(x / 2)
    k = -1 / mp.sqrt(2)
    return k * value, k * first / 2, k * second / 4, k * third / 8


def _erfinv(x: Any) -> Four:
    if abs(x) > mp.mpf("0.5"):
        value, first, second, third = _erfcinv(1 - x)
        return value, -first, second, -third
    y = x * mp.sqrt(mp.pi) / 2
    for _ in range(9):
        y -= (mp.erf(y) - x) * mp.exp(y**2) * mp.sqrt(mp.pi) / 2
    g = mp.sqrt(mp.pi) / 2 * mp.exp(y**2)
    return y, g, 2 * y * g**2, (2 + 8 * y**2) * g**3


def _lambertw(x: Any) -> Four:
    """Return those of W, whose digits near -1/e need a higher precision."""
    with mp.extraprec(120):
        w = mp.lambertw(x).real
        v, g = 1 + w, mp.exp(-w)
        return w, g / v, -(g**2) * (1 + v) / v**3, g**3 * (2 * v**2 + 4 * v + 3) / v**5


def _expint(x: Any) -> Four:
    g = mp.exp(-x)
    return mp.e1(x), -g / x, g * (x + 1) / x**2, -g * (x**2 + 2 * x + 2) / x**3


DEFINITIONS: dict[str, Definition] = {
    "exp2": _written(_scaled(2), "exponential", (-2.0, 2.0)),
    "exp10": _written(_scaled(10), "exponential", (-2.0, 2.0)),
    "deg2rad": _written(_linear(1), "anywhere", (-2.0, 2.0)),
    "rad2deg": _written(_linear(-1), "anywhere", (-2.0, 2.0)),
    "sind": _written(_sind, "in_degrees", (-80.0, 80.0)),
    "cosd": _written(_cosd, "in_degrees", (-80.0, 80.0)),
    "tand": _written(_tand, "in_degrees_without_poles", (-70.0, 70.0)),
    "asind": _written(lambda x: _in_degrees(_asin(x)), "unit_interval", (-0.9, 0.9)),
    "acosd": _written(_acosd, "unit_interval", (-0.9, 0.9)),
    "atand": _written(lambda x: _in_degrees(_atan(x)), "anywhere", (-2.0, 2.0)),
    "acot": _written(_acot, "anywhere_but_zero", (0.3, 2.0)),
    "asec": _written(_asec, "beyond_one", (1.2, 3.0), 1.7),
    "acsc": _written(_acsc, "beyond_one", (1.2, 3.0), 1.7),
    "acoth": _written(_acoth, "beyond_one", (1.2, 3.0), 1.7),
    "asech": _written(_asech, "below_one", (0.1, 0.9)),
    "acsch": _written(_acsch, "anywhere_but_zero", (0.3, 2.0)),
    "normpdf": _written(_normpdf, "normal", (-2.0, 2.0)),
    "normcdf": _written(_normcdf, "normal", (-2.0, 2.0)),
    "norminv": _written(_norminv, "probabilities", (0.1, 0.9)),
    "erfinv": _written(_erfinv, "unit_interval", (-0.9, 0.9)),
    "erfcinv": _written(_erfcinv, "twice_probabilities", (0.1, 1.9)),
    "lambertw": _written(_lambertw, "above_branch_point", (-0.2, 2.0)),
    "expint": _written(_expint, "half_exponential", (0.3, 2.0)),
    "factorial": _written(lambda x: _gamma(x + 1), "factorial_points", (-0.5, 2.0)),
    "j0": _written(four("j", 0), "bessel_j0", (-2.0, 2.0)),
    "j1": _written(four("j", 1), "bessel_j1", (-2.0, 2.0)),
    "y0": _written(four("y", 0), "bessel_y0", (0.3, 2.0)),
    "y1": _written(four("y", 1), "bessel_y1", (0.3, 2.0)),
    "i0": _written(four("i", 0), "bessel_i", (-2.0, 2.0)),
    "i1": _written(four("i", 1), "bessel_i", (-2.0, 2.0)),
}
