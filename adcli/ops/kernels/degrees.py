"""Scalar kernels of angles in degrees, which are reduced exactly, and of the inverses of 1/cos, 1/sin and the like.

They stay within 2 ulp of the true value, measured against mpmath with glibc 2.36.
"""

import math
from math import atan as _atan
from math import copysign as _copysign
from math import cos as _cos
from math import fmod as _fmod
from math import log1p as _log1p
from math import sin as _sin
from math import sqrt as _sqrt

from .compound import product_error
from .elementary import acos, acosh, acosh_ratio, asin, asinh, atanh, log
from .ieee import div

_INF = math.inf
_NAN = math.nan
_LOG_2 = 0.6931471805599453
# pi/180 and 180/pi, and what the floats lack of them.
_RADIANS = 0.017453292519943295
_RADIANS_LOW = 2.9486522708701687e-19
_DEGREES = 57.29577951308232
_DEGREES_LOW = -1.9878495670576283e-15


def _sin_of_degrees(r: float) -> float:
    """The sine of at most 45 degrees. The rounding error of the angle in radians is put back."""
    a = r * _RADIANS
    return _sin(a) + _cos(a) * (product_error(r, _RADIANS, a) + r * _RADIANS_LOW)


def _cos_of_degrees(r: float) -> float:
    """The cosine of at most 45 degrees, rounded to the nearest float at 30."""
    if r == 30.0:
        return 0.8660254037844386
    a = r * _RADIANS
    return _cos(a) - _sin(a) * (product_error(r, _RADIANS, a) + r * _RADIANS_LOW)


def sind(x: float) -> float:
    """The sine of degrees, from the exact rest by 360, and nan at the infinities."""
    if x - x != 0.0:
        return _NAN
    r = abs(_fmod(x, 360.0))
    s = 1.0 if x > 0.0 else -1.0
    if r >= 180.0:
        r -= 180.0
        s = -s
    if r > 90.0:
        r = 180.0 - r
    if r == 0.0:
        return x * 0.0
    return s * (_sin_of_degrees(r) if r < 45.0 else _cos_of_degrees(90.0 - r))


def cosd(x: float) -> float:
    """The cosine of degrees, from the exact rest by 360, and nan at the infinities."""
    if x - x != 0.0:
        return _NAN
    r = abs(_fmod(x, 360.0))
    if r > 180.0:
        r = 360.0 - r
    if r == 90.0:
        return 0.0
    if r <= 45.0:
        return _cos_of_degrees(r)
    return _sin_of_degrees(90.0 - r) if r < 135.0 else -_cos_of_degrees(180.0 - r)


def tand(x: float) -> float:
    """The tangent of degrees, from the exact rest by 180. At 90 it is inf, at -90 -inf, and nan at the infinities.

    It is rounded to the nearest float at multiples of 15, where a quotient of the two above would miss 30 and 75.
    """
    if x - x != 0.0:
        return _NAN
    r = abs(_fmod(x, 180.0))
    s = 1.0 if x > 0.0 else -1.0
    if r > 90.0:
        r = 180.0 - r
        s = -s
    if r == 0.0:
        return x * 0.0
    if r == 30.0:
        return s * 0.5773502691896257
    if r == 45.0:
        return s
    if r == 75.0:
        return s * 3.732050807568877
    if r < 45.0:
        return s * (_sin_of_degrees(r) / _cos_of_degrees(r))
    r = 90.0 - r
    return s * (_cos_of_degrees(r) / _sin_of_degrees(r)) if r > 0.0 else s * _INF


def _to_degrees(a: float) -> float:
    """An angle of at most pi from radians to degrees, rounded once."""
    d = a * _DEGREES
    if abs(d) < 1e-280:
        return d
    return d + (product_error(a, _DEGREES, d) + a * _DEGREES_LOW)


def asind(x: float) -> float:
    """The arc sine in degrees, exact at 1/2, and nan outside [-1, 1]."""
    return _copysign(30.0, x) if abs(x) == 0.5 else _to_degrees(asin(x))


def acosd(x: float) -> float:
    """The arc cosine in degrees, exact at 1/2, and nan outside [-1, 1]."""
    if abs(x) == 0.5:
        return 60.0 if x > 0.0 else 120.0
    return _to_degrees(acos(x))


def atand(x: float) -> float:
    """The arc tangent in degrees."""
    return _to_degrees(_atan(x))


def rad2deg(x: float) -> float:
    """x * 180/pi."""
    return x * _DEGREES


def deg2rad(x: float) -> float:
    """x * pi/180."""
    return x * _RADIANS


# -- inverses ----------------------------------------------------------------------------------------------


def acot(x: float) -> float:
    """atan(1/x), which jumps at 0 from -pi/2 to pi/2."""
    return _atan(div(1.0, x))


def asec(x: float) -> float:
    """acos(1/x), without cancellation near 1 and -1, and nan between them."""
    a = abs(x)
    if not 1.0 <= a < 2.0:
        return acos(div(1.0, x)) if a >= 2.0 else _NAN
    angle = _atan(_sqrt((a - 1.0) * (a + 1.0)))
    return angle if x > 0.0 else math.pi - angle


def acsc(x: float) -> float:
    """asin(1/x), without cancellation near 1 and -1, and nan between them."""
    a = abs(x)
    if not 1.0 <= a < 2.0:
        return asin(div(1.0, x)) if a >= 2.0 else _NAN
    return _copysign(_atan(div(1.0, _sqrt((a - 1.0) * (a + 1.0)))), x)


def acoth(x: float) -> float:
    """atanh(1/x), without cancellation near 1 and -1, and nan between them."""
    a = abs(x)
    if a >= 2.0:
        return atanh(div(1.0, x))
    if a >= 1.0:
        return _copysign(0.5 * _log1p(div(2.0, a - 1.0)), x)
    return _NAN


def asech(x: float) -> float:
    """acosh(1/x), without cancellation near 1, and nan outside [0, 1]."""
    if 0.5 < x <= 1.0:
        t = (1.0 - x) / x
        r = _sqrt(t + t)
        return r + r * (t * acosh_ratio(t))
    if 0.0 <= x <= 0.5:
        return acosh(1.0 / x) if x > 1e-100 else _LOG_2 - log(x)
    return _NAN


def acsch(x: float) -> float:
    """asinh(1/x), which is finite where 1/x overflows."""
    if abs(x) > 1e-100 or x != x:
        return asinh(1.0 / x)
    return _copysign(_LOG_2 - log(abs(x)), x)
