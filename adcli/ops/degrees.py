"""The table: angles in degrees, and the inverses of the reciprocal trigonometric and hyperbolic functions.

`acot(x)` is atan(1/x), as in MATLAB, Mathematica, SymPy and Julia. So it is odd, cot(acot(x)) is x, and it jumps at 0.
"""

from __future__ import annotations

from .arithmetic import absolute, both, eq, ge, le
from .domain import Domain, Kink
from .elementary import acos, acosh, asin, asinh, atan, atanh, cos, hypot, interval, semicircle, sin, sqrt, tan
from .kernels import degrees as kernels
from .op import Op
from .operands import Operand

RADIANS = 0.017453292519943295  # a degree
DEGREES = 57.29577951308232  # a radian

_whole_line = interval("(-inf, inf)")
_outside = Domain("[1, inf) and (-inf, -1]", lambda x: ge(absolute(x), 1.0))
_pole_at_ends = (
    Kink("pole", "x = -1 or x = 1", lambda out, x: eq(absolute(x), 1.0), "the argument is at the end of the domain"),
)
_pole_at_0 = (Kink("pole", "x = 0", lambda out, x: eq(x, 0.0), "the argument is 0"),)

rad2deg: Op = Op("rad2deg", kernels.rad2deg, [DEGREES], aliases=("degrees",), textbook=lambda x: x * DEGREES,
             doc="Degrees of an angle in radians, x*180/pi.")  # fmt: skip
deg2rad: Op = Op("deg2rad", kernels.deg2rad, [RADIANS], aliases=("radians",), textbook=lambda x: x * RADIANS,
             doc="Radians of an angle in degrees, x*pi/180.")  # fmt: skip
sind: Op = Op("sind", kernels.sind, [lambda out, x: RADIANS * cosd(x)], domain=_whole_line,
          textbook=lambda x: sin(deg2rad(x)),
          doc="Sine of an angle in degrees, correctly rounded at multiples of 15.")  # fmt: skip
cosd: Op = Op("cosd", kernels.cosd, [lambda out, x: -RADIANS * sind(x)], domain=_whole_line,
          textbook=lambda x: cos(deg2rad(x)),
          doc="Cosine of an angle in degrees, correctly rounded at multiples of 15.")  # fmt: skip
tand: Op = Op(
    "tand", kernels.tand, [lambda out, x: RADIANS * (1.0 + out**2.0)], domain=_whole_line,
    textbook=lambda x: tan(deg2rad(x)),
    kinks=(Kink("pole", "x = 90, 270, …", lambda out, x: eq(cosd(x), 0.0), "the angle is 90 degrees"),),
    doc="Tangent of an angle in degrees, correctly rounded at multiples of 15.",
)  # fmt: skip
asind: Op = Op("asind", kernels.asind, [lambda out, x: DEGREES / semicircle(x)], aliases=("arcsind",),
           domain=interval("[-1, 1]"), kinks=_pole_at_ends, textbook=lambda x: rad2deg(asin(x)),
           doc="Inverse sine, in degrees.")  # fmt: skip
acosd: Op = Op("acosd", kernels.acosd, [lambda out, x: -DEGREES / semicircle(x)], aliases=("arccosd",),
           domain=interval("[-1, 1]"), kinks=_pole_at_ends, textbook=lambda x: rad2deg(acos(x)),
           doc="Inverse cosine, in degrees.")  # fmt: skip
atand: Op = Op("atand", kernels.atand, [lambda out, x: DEGREES / hypot(1.0, x) * (1.0 / hypot(1.0, x))],
           aliases=("arctand",), textbook=lambda x: rad2deg(atan(x)), doc="Inverse tangent, in degrees.")  # fmt: skip

# ---------------------------------------------------------------- inverses of reciprocal functions


def _asec_slope(x: Operand) -> Operand:
    """Return 1/(|x| sqrt(x**2 - 1)). The quotient comes first, so that no product overflows."""
    a = absolute(x)
    return 1.0 / a / (sqrt(a - 1.0) * sqrt(a + 1.0))


acot: Op = Op(
    "acot", kernels.acot, [lambda out, x: -((1.0 / hypot(1.0, x)) ** 2.0)], aliases=("arccot",),
    textbook=lambda x: atan(1.0 / x),
    kinks=(Kink("jump", "x = 0", lambda out, x: eq(x, 0.0), "the value jumps from -pi/2 to pi/2; slope -1 is used"),),
    doc="Inverse cotangent, atan(1/x), in radians.",
)  # fmt: skip
asec: Op = Op("asec", kernels.asec, [lambda out, x: _asec_slope(x)], aliases=("arcsec",), domain=_outside,
          kinks=_pole_at_ends, textbook=lambda x: acos(1.0 / x),
          doc="Inverse secant, acos(1/x), in radians.")  # fmt: skip
acsc: Op = Op("acsc", kernels.acsc, [lambda out, x: -_asec_slope(x)], aliases=("arccsc",), domain=_outside,
          kinks=_pole_at_ends, textbook=lambda x: asin(1.0 / x),
          doc="Inverse cosecant, asin(1/x), in radians.")  # fmt: skip
acoth: Op = Op("acoth", kernels.acoth, [lambda out, x: -(1.0 / (x - 1.0)) / (x + 1.0)], aliases=("arccoth",),
           domain=_outside, kinks=_pole_at_ends, textbook=lambda x: atanh(1.0 / x),
           doc="Inverse hyperbolic cotangent, atanh(1/x).")  # fmt: skip
asech: Op = Op(
    "asech", kernels.asech, [lambda out, x: -(1.0 / semicircle(x) / x)], aliases=("arcsech",),
    domain=Domain("[0, 1]", lambda x: both(ge(x, 0.0), le(x, 1.0))), textbook=lambda x: acosh(1.0 / x),
    kinks=(
        Kink(
            "pole", "x = 0 or x = 1", lambda out, x: eq(x * (1.0 - x), 0.0), "the argument is at the end of the domain"
        ),
    ),
    doc="Inverse hyperbolic secant, acosh(1/x).",
)  # fmt: skip
acsch: Op = Op("acsch", kernels.acsch, [lambda out, x: -(1.0 / absolute(x) / hypot(1.0, x))], aliases=("arccsch",),
           kinks=_pole_at_0, textbook=lambda x: asinh(1.0 / x),
           doc="Inverse hyperbolic cosecant, asinh(1/x).")  # fmt: skip
