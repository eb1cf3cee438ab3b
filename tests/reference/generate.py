"""Write the expected-value tables ``tests/cases/ops/*.tsv``, reproducibly: ``python -m
tests.reference.generate``.

``TABLE`` has one row per operation: its name, how many arguments vary, and the sampler of its points.  Each
sampler gets a random generator seeded with the name of the operation, so one table can be rewritten without
the others. Edge rows come from ``edges.py``.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

from mpmath import mp  # type: ignore[import-untyped]

from . import bessel
from .definitions import DEFINITIONS
from .edges import BINARY_EDGES, CLIP_EDGES, UNARY_EDGES
from .evaluator import ORDER3, Index, Real, Undefined, evaluate_op, spell

CASES = Path(__file__).resolve().parent.parent / "cases" / "ops"

Rng: TypeAlias = random.Random
Point: TypeAlias = tuple[float, ...]

EPS = 2.0**-53
MAX = sys.float_info.max
TINY = sys.float_info.min
SUBNORMAL = [5e-324, 1.5e-323, 1e-320, 3.7e-312, 2.225073858507201e-308]
POSITIVE_ENDS = [*SUBNORMAL, TINY, 1e-300, 1e-200, 1e-100, 1e100, 1e200, 1e300, MAX]
ENDS = POSITIVE_ENDS + [-x for x in POSITIVE_ENDS]
ZEROS = [0.0, -0.0]

# ---------------------------------------------------------------------------------------- building blocks


def wide(rng: Rng, n: int, low: float, high: float, signed: bool = True) -> list[float]:
    """n numbers whose decimal exponent is uniform between low and high."""
    found = []
    for _ in range(n):
        mantissa = rng.uniform(1.0, 10.0) if high > low + 1 else 10 ** rng.random()
        exponent = rng.uniform(low, high)
        x = mantissa * 10.0 ** math.floor(exponent) if exponent < high - 1 else 10.0**exponent
        found.append(-x if signed and rng.random() < 0.5 else x)
    return found


def even(rng: Rng, n: int, low: float, high: float) -> list[float]:
    """n numbers uniform between low and high."""
    return [rng.uniform(low, high) for _ in range(n)]


def around(*centres: float) -> list[float]:
    """Each centre with neighbours at a few ulps and at relative distances from 1e-15 to 1e-2."""
    found = []
    for c in centres:
        up = down = c
        found.append(c)
        for _ in range(2):
            up, down = math.nextafter(up, math.inf), math.nextafter(down, -math.inf)
            found += [up, down]
        for k in (14, 11, 8, 5, 2):
            found += [c * (1 + 10.0**-k), c * (1 - 10.0**-k)]
    return found


def inside(points: Iterable[float], low: float, high: float) -> list[float]:
    """Those strictly between the bounds."""
    return [x for x in points if low < x < high]


def approach(end: float, side: int, scale: float = 1.0) -> list[float]:
    """Numbers that approach a finite end from one side, down to the neighbouring float64."""
    steps = [2.0**-k for k in range(1, 53, 3)] + [10.0**-k for k in range(1, 16, 2)]
    found = [end + side * scale * s for s in steps]
    x = end
    for _ in range(3):
        x = math.nextafter(x, side * math.inf)
        found.append(x)
    return found


def multiples(step: str, factors: Iterable[float]) -> list[float]:
    """The float64 nearest to k times pi or pi/2."""
    with mp.workdps(60):
        unit = mp.pi if step == "pi" else mp.pi / 2
        return [float(unit * k) for k in factors]


def root(function: Callable[[object], object], start: float) -> float:
    """The float64 nearest to a zero near ``start``."""
    with mp.workdps(40):
        return float(mp.findroot(function, start))


# ---------------------------------------------------------------------------------------- unary samplers


def anywhere(rng: Rng) -> list[float]:
    """The whole line."""
    return wide(rng, 120, -308, 308) + even(rng, 60, -10, 10) + around(1.0, -1.0) + ENDS + ZEROS + [1e16, 1e15, 3.0]


def anywhere_but_zero(rng: Rng) -> list[float]:
    """The whole line without zero."""
    return [x for x in anywhere(rng) if x != 0]


def positive(rng: Rng) -> list[float]:
    """The positive half line, dense near 1."""
    near = approach(1.0, 1) + approach(1.0, -1) + around(1.0)
    return wide(rng, 110, -308, 308, False) + even(rng, 60, 0.2, 4) + near + POSITIVE_ENDS + [2.0, 10.0, 1024.0, 1e22]


def exponential(rng: Rng) -> list[float]:
    """The whole line for functions that grow or fall like exp, with the overflow and underflow tails."""
    tails = around(709.782712893384, -745.1332191019411, -708.3964185322641, 710.4758600739439, -709.782712893384)
    tails += [745.0, -745.0, 746.0, -746.0, 1000.0, -1000.0, 1e4, -1e4, 372.0, -372.0]
    middle = wide(rng, 40, -308, -20) + wide(rng, 40, -20, 0) + even(rng, 30, -1, 1) + even(rng, 50, -40, 40)
    far = even(rng, 25, -745, -600) + even(rng, 25, 600, 745) + [5e-324, -5e-324, 1e-320, TINY, -TINY, 1e308, -1e308]
    return middle + far + tails + ZEROS + around(1.0)


def exponential_but_zero(rng: Rng) -> list[float]:
    """The same without zero."""
    return [x for x in exponential(rng) if x != 0]


def trigonometric(rng: Rng) -> list[float]:
    """The whole line with multiples of pi/2 and huge arguments."""
    exact = multiples("half", [*range(1, 13), 101, 1000, 12345678, 1e9 + 1, 1e15, -1, -2, -3, -7, 2**52])
    near = [math.nextafter(x, s * math.inf) for x in exact[:4] for s in (1, -1)]
    quarter = [x / 2 for x in exact[:8]]
    huge = [
        1e15,
        1e22,
        -1e22,
        1.7e308,
        -1.7e308,
        MAX,
        2.0**1000,
        6381956970095103 * 2.0**797,
        1e308,
        2.0**53 + 2,
    ]
    points = wide(rng, 35, -308, 0) + even(rng, 50, -10, 10) + wide(rng, 35, 1, 20) + wide(rng, 40, 20, 308)
    return points + exact + near + quarter + huge + SUBNORMAL + ZEROS + around(1.0)


def trigonometric_but_zero(rng: Rng) -> list[float]:
    """The same without zero."""
    return [x for x in trigonometric(rng) if x != 0]


def unit_interval(rng: Rng) -> list[float]:
    """The open interval (-1, 1), dense at its ends."""
    ends = approach(1.0, -1) + approach(-1.0, 1)
    points = wide(rng, 60, -308, -1) + even(rng, 100, -1, 1) + ends + ZEROS + around(0.5) + SUBNORMAL
    return inside([*points, -5e-324, -1e-310, 0.7071067811865476], -1.0, 1.0)


def above_minus_one(rng: Rng) -> list[float]:
    """(-1, inf), dense at -1 and near 0."""
    points = wide(rng, 90, -308, 0) + wide(rng, 60, 0, 308, False) + even(rng, 50, -1, 3) + approach(-1.0, 1)
    return inside(points + ENDS + ZEROS + around(1.0), -1.0, math.inf)


def above_one(rng: Rng) -> list[float]:
    """(1, inf), dense at 1."""
    points = approach(1.0, 1) + wide(rng, 120, 0, 308, False) + even(rng, 80, 1, 5) + wide(rng, 20, 0, 8, False)
    return inside([*points, *around(1.5, 2.0), 1e16, 1e154, 1e155, 1e200, 1e300, MAX], 1.0, math.inf)


def beyond_one(rng: Rng) -> list[float]:
    """Outside [-1, 1], dense at the ends."""
    return [x if rng.random() < 0.6 else -x for x in above_one(rng)]


def below_one(rng: Rng) -> list[float]:
    """(0, 1), dense at both ends."""
    points = wide(rng, 90, -308, 0, False) + even(rng, 90, 0, 1) + approach(1.0, -1) + around(0.5)
    return inside([*points, *SUBNORMAL, TINY, 1e-300, 1e-100, 1e-101, 0.7071067811865475], 0.0, 1.0)


def in_degrees(rng: Rng) -> list[float]:
    """The whole line with multiples of 15 degrees and their neighbours, and huge angles."""
    whole = [15.0 * k for k in range(-26, 27)] + [1e6 + 30, 360.0 * 2**40 + 45, 3600030.0]
    near = [math.nextafter(15.0 * k, s * math.inf) for k in (1, 2, 3, 6, 9, 12, 18, 24, -6, -12) for s in (1, -1)]
    points = wide(rng, 50, -308, 2) + even(rng, 70, -400, 400) + wide(rng, 50, 2, 308)
    return points + whole + near + [1e22, MAX, -MAX, 2.0**60] + SUBNORMAL + ZEROS


def in_degrees_without_poles(rng: Rng) -> list[float]:
    """The same without the odd multiples of 90 degrees."""
    return [x for x in in_degrees(rng) if math.fmod(x, 180.0) not in (90.0, -90.0)]


def steps(rng: Rng) -> list[float]:
    """For floor, ceil, round, sign: halves, integers and their neighbours."""
    jumps = [k / 2 for k in range(-9, 10)]
    jumps += [math.nextafter(x, s * math.inf) for x in jumps if x for s in (1, -1)]
    big = [
        2.0**52 + 0.5,
        2.0**52 - 0.5,
        2.0**51 + 0.5,
        4503599627370497.5,
        2.0**53,
        -(2.0**52) - 0.5,
        1e300,
        -1e300,
    ]
    tiny = [5e-324, -5e-324, 1e-300, -1e-300, TINY, 0.49999999999999994, -0.49999999999999994]
    return wide(rng, 70, -6, 17) + even(rng, 70, -20, 20) + jumps + big + tiny + [0.0, MAX, -MAX]


def bell(rng: Rng) -> list[float]:
    """For erf, erfc and the Gaussian: tails to 27 and beyond, tiny arguments."""
    tails = even(rng, 35, 4, 27.5) + even(rng, 25, -27.5, -4) + around(5.921587195794508, 26.543258454256) + [
        26.5, 27.0, 27.2, 27.3, 28.0, 30.0, 40.0, -28.0, -40.0, 100.0, -100.0, 1e3, 1e10, 1e308, -1e308,
        26.641747557046326, 27.226017111108366, 27.297034111271873, -26.615717509251262, 5.863584748755168,
    ]  # fmt: skip
    points = wide(rng, 35, -308, -20) + wide(rng, 35, -20, 0) + even(rng, 60, -3, 3)
    return (
        points + tails + around(1.0, -1.0) + ZEROS + SUBNORMAL + [0.84375, 1.25, 2.857142857142857, 0.7071067811865475]
    )


def normal(rng: Rng) -> list[float]:
    """For the normal distribution: the points of erf, farther out."""
    return [*bell(rng), *(1.5 * x for x in even(rng, 40, 15, 27)), *even(rng, 40, -39.5, -20), -38.4, -37.6, -38.56]


def probabilities(rng: Rng) -> list[float]:
    """(0, 1), dense at both ends and at 1/2."""
    points = wide(rng, 90, -308, 0, False) + even(rng, 80, 0, 1) + approach(1.0, -1) + around(0.5, 0.02425, 0.25, 0.75)
    return inside([*points, 0.975, *SUBNORMAL, TINY, 1e-300, 1e-280, 1e-279, 1e-16, 1e-5], 0.0, 1.0)


def twice_probabilities(rng: Rng) -> list[float]:
    """(0, 2), dense at both ends and at 1."""
    return [2.0 * p for p in probabilities(rng)]


def above_branch_point(rng: Rng) -> list[float]:
    """For Lambert's W function: above -1/e, dense there and at 0."""
    ends = approach(-0.36787944117144233, 1) + around(-0.27, -0.2, 3.0, 1.0)
    points = wide(rng, 60, -308, -1) + wide(rng, 60, -1, 308, False) + even(rng, 70, -0.36, 4) + even(rng, 30, -0.36, 0)
    return inside(points + ends + ZEROS + POSITIVE_ENDS + SUBNORMAL, -0.36787944117144233, math.inf)


def half_exponential(rng: Rng) -> list[float]:
    """The positive half line for functions that fall like exp(-x), with the tail of float64."""
    points = wide(rng, 60, -308, 0, False) + even(rng, 70, 0, 5) + even(rng, 50, 5, 100) + even(rng, 50, 100, 735)
    return [*points, *around(0.7, 1.0, 0.37), *SUBNORMAL, TINY, 1e-300, 701.8, 738.0, 740.0, 800.0, 1e5, 1e300, MAX]


def gamma_family(rng: Rng, zeros: Sequence[float], tails: Sequence[float]) -> list[float]:
    """For gamma, lgamma, digamma: poles and zeros, both half lines."""
    points = wide(rng, 30, -308, -10) + wide(rng, 15, -10, 0) + even(rng, 35, 0.01, 12) + even(rng, 15, 12, 171)
    points += even(rng, 35, -10, 0) + even(rng, 12, -170, -10)
    poles = []
    for k in (1, 2, 3, 10, 20, 50, 100, 150):
        poles += [math.nextafter(-k, 0), math.nextafter(-k, -math.inf), -k + 1e-6, -k - 0.5]
    whole = [float(k) for k in (1, 2, 3, 4, 5, 10, 20, 50, 100, 171)] + [0.5, 1.5, 2.5, -0.5, -1.5]
    extra = [5e-324, -5e-324, 1e-320, -1e-320, TINY, -TINY, 5.7e-309, -5.7e-309, 1e-300, -1e-300]
    points += poles + whole + extra + around(1.0, 2.0) + list(tails)
    for z in zeros:
        points += [z, math.nextafter(z, math.inf), math.nextafter(z, -math.inf), z * (1 + 1e-8)]
    return points


def gamma_points(rng: Rng) -> list[float]:
    """For gamma: overflow at 171.6, underflow at large negative arguments."""
    tails = [
        171.6243769563027,
        171.62437695630274,
        171.61447887182298,
        170.0,
        170.5,
        171.7,
        172.0,
        200.0,
        1000.5,
    ]
    tails += [
        -171.5,
        -175.3,
        -177.7,
        -180.5,
        -183.6,
        -184.5,
        -190.5,
        -1000.5,
        -4503599627370495.5,
        1e5,
        1e308,
    ]
    return gamma_family(rng, [1.4616321449683622, -0.5040830082644554, -1.5734984731623904], tails)


def factorial_points(rng: Rng) -> list[float]:
    """For the factorial: those of gamma, one less, and whole numbers."""
    points = [x - 1.0 for x in gamma_points(rng)] + wide(rng, 20, -308, -2) + [float(k) for k in range(0, 171, 7)]
    return [x for x in points if x >= 0 or x != math.floor(x)] + around(0.46163214496836236, 1.0) + ZEROS


def lgamma_zeros() -> list[float]:
    """The first negative zeros of log(abs(gamma))."""
    starts = [-2.457, -2.7476, -3.1435, -3.955, -4.0392, -4.9915, -5.0082, -6.0014]
    return [root(lambda x: mp.log(abs(mp.gamma(x))), s) for s in starts]


def lgamma_points(rng: Rng) -> list[float]:
    """For lgamma: huge arguments, zeros on the negative side, the minimum at 1.4616."""
    tails = [
        *wide(rng, 25, 2, 305, False),
        2.5e305,
        2.55e305,
        1e306,
        1e308,
        1e15,
        1e17,
        -1e15 - 0.5,
        -1e10 - 0.25,
    ]
    return gamma_family(rng, [*lgamma_zeros(), 1.4616321449683622], tails)


def digamma_points(rng: Rng) -> list[float]:
    """For digamma: its positive zero and the first negative ones."""
    zeros = [root(lambda x: mp.psi(0, x), s) for s in (1.4616, -0.50408, -1.5735, -2.6107, -3.6353, -9.7027)]
    tails = [
        *wide(rng, 30, 2, 308, False),
        1e15,
        1e17,
        1e308,
        MAX,
        -1e10 - 0.25,
        -4503599627370495.5,
        -1e15 - 0.125,
    ]
    return gamma_family(rng, zeros, tails)


def oscillating(rng: Rng) -> list[float]:
    """For sin(x)/x."""
    return trigonometric(rng)


# ---------------------------------------------------------------------------------------- binary samplers


def pairs(a: Sequence[float], b: Sequence[float]) -> list[Point]:
    """Two columns side by side."""
    return list(zip(a, b, strict=True))


def plane(rng: Rng, low: float = -308, high: float = 308) -> list[Point]:
    """Pairs over the plane: independent magnitudes, moderate values, nearly equal or opposite ones."""
    found = pairs(wide(rng, 80, low, high), wide(rng, 80, low, high))
    found += pairs(even(rng, 60, -10, 10), even(rng, 60, -10, 10))
    for x in wide(rng, 30, max(low, -290), min(high, 290)):
        near = x * (1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-15.5, -1))
        found += [(x, near), (x, -near)]
    small = [0.5, 1.0, -2.0, 3.0]
    return found + [(x, y) for x in small for y in small if x != y]


def sums(rng: Rng) -> list[Point]:
    """For addition and subtraction."""
    return [
        *plane(rng),
        (MAX, MAX),
        (1e308, -1e308),
        (5e-324, 5e-324),
        (TINY, -5e-324),
        (1.0, EPS),
        (0.0, 3.5),
        (0.1, 0.2),
    ]


def products(rng: Rng) -> list[Point]:
    """For multiplication."""
    return plane(rng, -150, 150) + pairs(wide(rng, 20, -308, 308), wide(rng, 20, -308, 308)) + [
        (0.0, 3.0), (MAX, 2.0), (5e-324, 0.5), (TINY, TINY), (MAX, TINY), (1.5, 0.0),
    ]  # fmt: skip


def quotients(rng: Rng) -> list[Point]:
    """For division."""
    return plane(rng, -150, 150) + pairs(wide(rng, 20, -308, 308), wide(rng, 20, -308, 308)) + [
        (0.0, 3.0), (MAX, 0.5), (5e-324, 2.0), (1.0, MAX), (1.0, 5e-324), (TINY, MAX), (3.0, 3.0),
    ]  # fmt: skip


def powers(rng: Rng) -> list[Point]:
    """For x**y: sizes from underflow to overflow, bases near 1, integer exponents of negative bases."""
    found: list[Point] = []
    for x in wide(rng, 75, -308, 308, False):
        limit = 708 / abs(math.log(x))
        found.append((x, rng.uniform(-limit, limit)))
    for _ in range(30):
        x = 1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-15.5, -1)
        found.append((x, rng.uniform(-700, 700) / math.log(x)))
    found += pairs(even(rng, 40, 0.01, 10), even(rng, 40, -8, 8))
    found += [(x, float(rng.randint(-9, 9))) for x in even(rng, 25, -10, -0.1)]
    found += [(x, float(rng.randint(-300, 300))) for x in even(rng, 10, -3, -0.5)]
    for x in (0.5, 1.0, 2.0, 3.7, 1e-10, 1e10):
        found += [(x, y) for y in (0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, -0.5, 1 / 3, 1.5)]
    found += [
        (-2.0, 3.0),
        (-2.0, 2.0),
        (-2.0, 1.0),
        (-2.0, 0.0),
        (-2.0, -1.0),
        (-1.0, 1e15),
        (-1.0, 2.0**53),
        (-1e-5, 50.0),
    ]
    found += [
        (1 + 2.0**-52, 1e16),
        (1 - EPS, 1e18),
        (1e300, 2.0),
        (1e-300, 2.0),
        (10.0, 308.5),
        (10.0, -330.0),
    ]
    return [
        *found,
        (5e-324, 0.5),
        (5e-324, 1.0),
        (MAX, 1.0),
        (MAX, 0.5),
        (2.0, 1e-300),
        (2.0, 1023.0),
        (2.0, -1074.0),
    ]


def remainders(rng: Rng) -> list[Point]:
    """For x % y and floor(x/y): all signs, exact and nearly exact multiples, huge ratios."""
    found = pairs(even(rng, 70, -30, 30), even(rng, 70, -7, 7))
    found += pairs(wide(rng, 50, -20, 20), wide(rng, 50, -20, 20))
    found += pairs(wide(rng, 30, 0, 308), wide(rng, 30, -308, 10))
    found += pairs(wide(rng, 15, -308, -10), wide(rng, 15, -5, 308))
    for y in (0.1, 0.3, 1 / 3, 2.5, -0.7, 1e-5):
        found += [(y * k, y) for k in (1, 2, 3, 7, -4, 1000)]
        found += [(math.nextafter(y * k, s * math.inf), y) for k in (3, -5) for s in (1, -1)]
    found += [(float(a), float(b)) for a in (-7, -6, 5, 6, 7) for b in (-3, -2, 2, 3)]
    return [
        *found,
        (1.0, 0.1),
        (0.3, 0.1),
        (-1e-20, 1.0),
        (1e-20, -1.0),
        (-1e-300, 3.0),
        (MAX, 3.0),
        (1e308, 1e-308),
        (0.0, 2.0),
    ]


def polar(rng: Rng) -> list[Point]:
    """For atan2, hypot and direction: magnitudes to both ends, axes, diagonals."""
    found = plane(rng) + pairs(wide(rng, 15, 300, 308), wide(rng, 15, 300, 308))
    found += pairs(wide(rng, 15, -308, -300), wide(rng, 15, -308, -300))
    found += [
        (3.0, 4.0),
        (-3.0, 4.0),
        (3.0, -4.0),
        (-3.0, -4.0),
        (1.0, 1.0),
        (-1.0, 1.0),
        (0.0, 2.0),
        (2.0, 0.0),
        (-2.0, 0.0),
    ]
    return [
        *found,
        (MAX, MAX),
        (MAX, 1.0),
        (5e-324, 5e-324),
        (TINY, 5e-324),
        (5e-324, 1.0),
        (1.0, 5e-324),
        (1e-200, 1e-200),
    ]


def angles(rng: Rng) -> list[Point]:
    """For atan2: as ``polar``."""
    return [*polar(rng), (1e-300, -1.0), (-1e-300, -1.0), (1.0, -1.0), (-1.0, -1.0), (5e-324, -MAX)]


def levels(rng: Rng) -> list[Point]:
    """For heaviside(x, at0)."""
    found = pairs(wide(rng, 125, -308, 308), even(rng, 125, -2, 2))
    found += pairs(even(rng, 125, -3, 3), even(rng, 125, 0, 1))
    return [*found, (5e-324, 0.5), (-5e-324, 0.5), (MAX, 0.5), (-MAX, 1.0)]


def weighted_logs(rng: Rng) -> list[Point]:
    """For xlogy(x, y)."""
    found = pairs(wide(rng, 90, -308, 305), wide(rng, 90, -308, 308, False))
    found += pairs(even(rng, 70, -10, 10), even(rng, 70, 0.01, 10))
    ones = approach(1.0, 1) + approach(1.0, -1)
    found += pairs(even(rng, len(ones), -5, 5), ones)
    found += [(0.0, y) for y in (2.0, 0.5, 1.0, 1e-300, 5e-324, 1e300)]
    return found + [(x, x) for x in (0.1, 0.5, 1.0, 1e-10, 1e-300)] + [(1.0, 5e-324), (1.0, MAX), (2.5, 1.0)]


def log_sums(rng: Rng) -> list[Point]:
    """For logaddexp."""
    found = pairs(even(rng, 90, -40, 40), even(rng, 90, -40, 40)) + pairs(
        even(rng, 50, -2000, 2000), even(rng, 50, -2000, 2000)
    )
    found += pairs(wide(rng, 50, -300, 300), wide(rng, 50, -300, 300))
    for x in even(rng, 25, -800, 800):
        found.append((x, x + rng.choice([-1, 1]) * 10 ** rng.uniform(-12, 1)))
    found += [(x, math.log1p(-math.exp(x))) for x in (-0.1, -0.5, -1.0, -2.0, -5.0, -20.0, -0.6931471805599453)]
    found += [
        (0.0, 0.0),
        (1.0, 1.0),
        (1000.0, 1000.0),
        (-1000.0, -1000.0),
        (1e308, -1e308),
        (-1e308, -1e308),
        (0.0, -745.0),
    ]
    return [
        *found,
        (0.0, -37.0),
        (-36.7, 0.0),
        (700.0, -700.0),
        (5.0, -740.0),
        (5e-324, 0.0),
        (1e-300, -1e-300),
    ]


def orderings(rng: Rng) -> list[Point]:
    """For min and max, with ties."""
    return [
        *plane(rng),
        (1.0, 1.0),
        (-2.5, -2.5),
        (1e300, 1e300),
        (5e-324, 5e-324),
        (5e-324, 0.0),
        (0.0, 0.0),
        (MAX, -MAX),
    ]


def log_bases(rng: Rng) -> list[Point]:
    """For log(x, base)."""
    found = pairs(wide(rng, 90, -308, 308, False), wide(rng, 90, -308, 308, False))
    found += pairs(even(rng, 80, 0.05, 10), even(rng, 80, 1.1, 12)) + pairs(
        even(rng, 25, 0.05, 10), even(rng, 25, 0.02, 0.95)
    )
    ones = approach(1.0, 1) + approach(1.0, -1)
    found += pairs(ones, even(rng, len(ones), 1.5, 11)) + pairs(even(rng, len(ones), 1.5, 11), ones)
    found += [
        (8.0, 2.0),
        (1000.0, 10.0),
        (1024.0, 2.0),
        (0.125, 2.0),
        (1.0, 7.0),
        (5e-324, 2.0),
        (MAX, 2.0),
        (2.0, MAX),
        (81.0, 3.0),
    ]
    return [(x, b) for x, b in found if b != 1.0]


def radicands(rng: Rng) -> list[Point]:
    """For root(x, n): whole n of either sign, some between."""
    found = [
        (x, float(rng.choice([2, 3, 4, 5, 6, 7, 9, 12, 25, -1, -2, -3]))) for x in wide(rng, 110, -308, 308, False)
    ]
    found += [(x, float(rng.choice([3, 4, 5, 7]))) for x in [*approach(1.0, 1), *approach(1.0, -1)]]
    found += pairs(even(rng, 70, 0.01, 40), even(rng, 70, 1.5, 9))
    found += pairs(wide(rng, 40, -200, 200, False), [*even(rng, 20, -9, -1.1), *even(rng, 20, 0.7, 9)])
    found += [(1e300, 1e17), (1e-300, -1e17), (1.7e308, 1e300), (1e80, 0.3), (1e-70, -0.3)]
    return [*found, (5e-324, 3.0), (MAX, 5.0), (TINY, 7.0), (1024.0, 10.0), (243.0, 5.0), (9.0, 2.0)]


def positive_pairs(rng: Rng) -> list[Point]:
    """For beta and lbeta: both small, both large, and one much larger than the other."""
    found = pairs(wide(rng, 60, -3, 3, False), wide(rng, 60, -3, 3, False))
    found += pairs(even(rng, 80, 0.05, 20), even(rng, 80, 0.05, 20)) + pairs(
        even(rng, 40, 5, 400), even(rng, 40, 5, 400)
    )
    found += pairs(wide(rng, 30, -20, 1, False), wide(rng, 30, 1, 12, False))
    return [*found, (1.0, 1.0), (0.5, 0.5), (10.0, 10.0), (9.99, 10.0), (1.0, 1e6), (2.0, 3.0), (100.0, 1e5)]


def binomial_points(rng: Rng) -> list[Point]:
    """For binomial(n, k): whole numbers, and between."""
    found = [(n, n * rng.uniform(0, 1)) for n in (*even(rng, 80, 0, 30), *even(rng, 50, 30, 900))]
    found += [(float(n), float(rng.randint(3, n - 2))) for n in range(6, 60)] + [
        (1000.0, 500.0),
        (60.0, 30.0),
        (52.0, 5.0),
    ]
    return [*found, *((n, rng.uniform(0, n)) for n in even(rng, 60, 0.5, 20)), (1e6, 3.0)]


def shaped_points(rng: Rng) -> list[Point]:
    """For the incomplete gamma functions: both tails, x near a, small and large x."""
    found: list[Point] = []
    for a in (1e-3, 0.1, 0.5, 0.99, 1.0, 2.5, 7.3, 20.0, 150.0, 201.5, 900.0, 3e3):
        spread = math.sqrt(a)
        near = [abs(a + rng.gauss(0, 3) * spread) for _ in range(12)] + [a, a + 1.0, math.nextafter(a + 1.0, 0.0)]
        found += [(a, x) for x in (*near, *wide(rng, 6, -6, 2, False), *even(rng, 3, 0.5, 1.2))]
    return found


def twice_shaped_points(rng: Rng) -> list[Point]:
    """For the incomplete beta function: both tails, x near the mean and near the ends."""
    found: list[Point] = []
    for a, b in (
        (0.5, 0.5),
        (2.5, 1.5),
        (1e-3, 3.0),
        (40.0, 0.01),
        (3.0, 7.0),
        (150.0, 90.0),
        (900.0, 2e3),
        (0.3, 60.0),
    ):
        mean = a / (a + b)
        near = [mean * rng.uniform(0.8, 1.0) + rng.uniform(0.0, 0.2) * mean * (1 - mean) for _ in range(3)]
        found += [(a, b, x) for x in (mean, *near, *even(rng, 2, 0.01, 0.99), *wide(rng, 1, -9, -2, False))]
        found.append((a, b, 1.0 - wide(rng, 1, -15, -2, False)[0]))
    return found


def polygamma_points(rng: Rng) -> list[Point]:
    """For polygamma(n, x), n from 0 to 5."""
    found: list[Point] = []
    for n in range(6):
        xs = wide(rng, 8, -60, -1) + wide(rng, 8, 1, 60, False) + even(rng, 12, 0.1, 12) + even(rng, 8, -8, 0)
        xs += [
            1.0,
            2.0,
            0.5,
            1.4616321449683622,
            1 + 2.0**-52,
            1 - EPS,
            10.0,
            100.5,
            -0.5,
            -1.5,
            -10.25,
            1e-300 if n < 1 else 1e-30,
        ]
        found += [(float(n), x) for x in xs]
    return found


def sinc_points(rng: Rng) -> list[Point]:
    """For the n-th derivative of sin(x)/x, n from 0 to 4."""
    found: list[Point] = []
    for n in range(5):
        xs = (
            wide(rng, 8, -308, -20)
            + wide(rng, 8, -20, 0)
            + even(rng, 14, -3, 3)
            + even(rng, 8, -40, 40)
            + wide(rng, 5, 2, 308)
        )
        xs += [
            0.0,
            -0.0,
            1.0,
            math.pi,
            2 * math.pi,
            4.493409457909064,
            1e-3,
            1e-8,
            0.1,
            1e22,
            1e308,
            2.0815759778181,
        ]
        found += [(float(n), x) for x in xs]
    return found


def bessel_line(rng: Rng, *zeros: float, end: float = 308) -> list[float]:
    """For J and I: both half lines, and both sides of the zeros."""
    points = wide(rng, 8, -308, -8) + wide(rng, 12, -8, 0) + even(rng, 24, -60, 60) + wide(rng, 8, 1, min(end, 4))
    beside = [math.nextafter(zero, zero * side) for zero in zeros for side in (0.0, 1.0, 2.0)]
    return [*points, *wide(rng, 6 if end > 4 else 0, 4, end), *beside, 0.0, -0.0, 1.0, 3.0, 45.0, 100.0, -700.0]


def bessel_half_line(rng: Rng, *zeros: float, end: float = 308) -> list[float]:
    """For Y and K: the positive numbers, and both sides of the zeros."""
    return [abs(x) for x in bessel_line(rng, *zeros, end=end) if x]


def bessel_j0(rng: Rng) -> list[float]:
    return bessel_line(rng, *bessel.zeros("j", 0))


def bessel_j1(rng: Rng) -> list[float]:
    return bessel_line(rng, *bessel.zeros("j", 1))


def bessel_y0(rng: Rng) -> list[float]:
    return bessel_half_line(rng, *bessel.zeros("y", 0))


def bessel_y1(rng: Rng) -> list[float]:
    return bessel_half_line(rng, *bessel.zeros("y", 1))


def bessel_i(rng: Rng) -> list[float]:
    return bessel_line(rng, end=2.84)


def of_orders(sample: Callable[[Rng], list[float]], *more: tuple[int, float]) -> Callable[[Rng], list[Point]]:
    """For a Bessel function of the orders 0 to 4 and some higher ones: a part of the points each."""

    def points(rng: Rng) -> list[Point]:
        found = [(float(n), x) for n in (0, 1, 2, 3, 4, 10, 40, 99) for x in rng.sample(sample(rng), 8)]
        return [*found, *((float(n), x) for n, x in more)]

    return points


def clip_points(rng: Rng) -> list[Point]:
    """For clip(x, lo, hi) with lo < hi, and x at either bound."""
    found: list[Point] = []
    for k in range(200):
        low, high = sorted(even(rng, 2, -10, 10))
        x = (rng.uniform(low, high), rng.uniform(-12, 12), low, high, math.nextafter(low, -math.inf))[k % 5]
        found.append((x, low, high))
    for x in wide(rng, 40, -308, 308):
        low, high = sorted(wide(rng, 2, -308, 308))
        found.append((x, low, high))
    return found


# ---------------------------------------------------------------------------------------------- the table

Sampler: TypeAlias = Callable[[Rng], Sequence[float] | Sequence[Point]]

TABLE: tuple[tuple[str, str, Sampler], ...] = (
    ("neg", "unary", anywhere),
    ("square", "unary", anywhere),
    ("sqrt", "unary", positive),
    ("cbrt", "unary", anywhere_but_zero),
    ("exp", "unary", exponential),
    ("expm1", "unary", exponential),
    ("log", "unary", positive),
    ("log2", "unary", positive),
    ("log10", "unary", positive),
    ("log1p", "unary", above_minus_one),
    ("sin", "unary", trigonometric),
    ("cos", "unary", trigonometric),
    ("tan", "unary", trigonometric),
    ("sec", "unary", trigonometric),
    ("csc", "unary", trigonometric_but_zero),
    ("cot", "unary", trigonometric_but_zero),
    ("asin", "unary", unit_interval),
    ("acos", "unary", unit_interval),
    ("atan", "unary", anywhere),
    ("sinh", "unary", exponential),
    ("cosh", "unary", exponential),
    ("tanh", "unary", exponential),
    ("sech", "unary", exponential),
    ("csch", "unary", exponential_but_zero),
    ("coth", "unary", exponential_but_zero),
    ("asinh", "unary", anywhere),
    ("acosh", "unary", above_one),
    ("atanh", "unary", unit_interval),
    ("abs", "unary", anywhere_but_zero),
    ("sign", "unary", steps),
    ("floor", "unary", steps),
    ("ceil", "unary", steps),
    ("round", "unary", steps),
    ("trunc", "unary", steps),
    ("erf", "unary", bell),
    ("erfc", "unary", bell),
    ("gamma", "unary", gamma_points),
    ("lgamma", "unary", lgamma_points),
    ("digamma", "unary", digamma_points),
    ("sigmoid", "unary", exponential),
    ("softplus", "unary", exponential),
    ("relu", "unary", anywhere_but_zero),
    ("sinc", "unary", oscillating),
    ("gaussian", "unary", bell),
    ("semicircle", "unary", unit_interval),
    ("add", "binary", sums),
    ("sub", "binary", sums),
    ("mul", "binary", products),
    ("div", "binary", quotients),
    ("pow", "binary", powers),
    ("mod", "binary", remainders),
    ("fmod", "binary", remainders),
    ("floordiv", "binary", remainders),
    ("atan2", "binary", angles),
    ("hypot", "binary", polar),
    ("direction", "binary", polar),
    ("heaviside", "binary", levels),
    ("xlogy", "binary", weighted_logs),
    ("logaddexp", "binary", log_sums),
    ("min", "binary", orderings),
    ("max", "binary", orderings),
    ("log_base", "binary", log_bases),
    ("root", "binary", radicands),
    ("beta", "binary", positive_pairs),
    ("lbeta", "binary", positive_pairs),
    ("binomial", "binary", binomial_points),
    ("polygamma", "indexed", polygamma_points),
    ("sinc_derivative", "indexed", sinc_points),
    (
        "besselj",
        "indexed",
        of_orders(bessel_line, (2, 5.135622301840683), (5, 8.771483815959954), (40, 40.0), (99, 60.0)),
    ),
    ("bessely", "indexed", of_orders(bessel_half_line, (2, 3.3842417671495935), (5, 6.747183824871022), (99, 130.0))),
    ("besseli", "indexed", of_orders(bessel_i, (99, 0.5), (40, 700.0))),
    ("besselk", "indexed", of_orders(lambda rng: bessel_half_line(rng, end=2.84), (99, 30.0), (40, 690.0))),
    ("gammainc", "shaped", shaped_points),
    ("gammaincc", "shaped", shaped_points),
    ("betainc", "twice shaped", twice_shaped_points),
    ("clip", "ternary", clip_points),
    *((name, "unary", globals()[definition.points]) for name, definition in DEFINITIONS.items()),
)

HEADERS = {
    "unary": ["x", "f", "f_x", "f_xx", "f_xxx"],
    "binary": ["x", "y", "f", "f_x", "f_y", "f_xx", "f_xy", "f_yy", "f_xxx", "f_xxy", "f_xyy", "f_yyy"],
    "indexed": ["n", "x", "f", "f_x", "f_xx", "f_xxx"],
    "shaped": ["a", "x", "f", "f_x", "f_xx", "f_xxx"],
    "twice shaped": ["a", "b", "x", "f", "f_x", "f_xx", "f_xxx"],
    "ternary": ["x", "y", "z", "f", "f_x", "f_y", "f_z"],
}

COLUMNS: dict[str, tuple[Index, ...]] = {
    "unary": ((0,), (1,), (2,), (3,)),
    "binary": ORDER3,
    "indexed": ((0,), (1,), (2,), (3,)),
    "shaped": ((0,), (1,), (2,), (3,)),
    "twice shaped": ((0,), (1,), (2,), (3,)),
    "ternary": ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)),
}

INPUTS = {"unary": 1, "binary": 2, "indexed": 2, "shaped": 2, "twice shaped": 3, "ternary": 3}

ODD_AT_ZERO = frozenset(
    ["sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh", "cbrt", "erf", "expm1", "log1p", "sind", "tand",
     "asind", "atand", "erfinv", "lambertw", "deg2rad", "rad2deg", "j1", "i1"]
)  # fmt: skip
"""Operations that return -0.0 at -0.0 in C99."""

EXACT: dict[str, Callable[[], Real]] = {
    "pi": lambda: mp.pi,
    "-pi": lambda: -mp.pi,
    "pi/2": lambda: mp.pi / 2,
    "-pi/2": lambda: -mp.pi / 2,
    "pi/4": lambda: mp.pi / 4,
    "-pi/4": lambda: -mp.pi / 4,
    "3*pi/4": lambda: 3 * mp.pi / 4,
    "-3*pi/4": lambda: -3 * mp.pi / 4,
    "log(2)": lambda: mp.log(2),
    "-log(2)": lambda: -mp.log(2),
}


def spell_input(kind: str, position: int, x: float) -> str:
    """An argument as it stands in the file."""
    return str(int(x)) if kind == "indexed" and position == 0 else repr(x)


def edge_cell(word: str) -> str:
    """One cell of an edge row."""
    if word == ".":
        return ""
    if word in EXACT:
        with mp.workdps(80):
            return spell(EXACT[word]())
    return word


def edge_rows(name: str, kind: str) -> dict[tuple[str, ...], list[str]]:
    """The hand-written rows of an operation, by their inputs."""
    width = len(HEADERS[kind])
    found: dict[tuple[str, ...], list[str]] = {}
    for line in (UNARY_EDGES + BINARY_EDGES + CLIP_EDGES).splitlines():
        words = line.split()
        if not words or words[0] != name:
            continue
        count = INPUTS[kind]
        numbers = [float(word) for word in words[1 : 1 + count]]
        inputs = tuple(spell_input(kind, k, x) for k, x in enumerate(numbers))
        cells = [edge_cell(word) for word in words[1 + count :]]
        if inputs in found:
            raise ValueError(f"twice: {line}")
        found[inputs] = cells + [""] * (width - count - len(cells))
    return found


def value_row(name: str, kind: str, point: Point) -> list[str]:
    """The expected cells at an ordinary point; empty where nothing is claimed."""
    partials = evaluate_op(name, point)
    cells = [spell(partials[index]) if index in partials else "" for index in COLUMNS[kind]]
    x = point[-1] if kind == "indexed" else point[0]
    if name == "pow" and point[0] < 0:
        cells[2] = "nan"  # the slope in the exponent, of a negative base
    negative_zero = x == 0 and math.copysign(1.0, x) < 0
    if (name in ODD_AT_ZERO and negative_zero) or (name == "neg" and x == 0 and not negative_zero):
        cells[0] = "-0.0"
    return cells


def write(name: str, kind: str, sampler: Sampler) -> tuple[int, int]:
    """Write the table of one operation; returns the number of rows and of bytes."""
    edges = edge_rows(name, kind)
    rows: dict[tuple[str, ...], list[str]] = {}
    for sample in sampler(random.Random(name)):
        point = sample if isinstance(sample, tuple) else (sample,)
        inputs = tuple(spell_input(kind, k, x) for k, x in enumerate(point))
        if inputs in rows or inputs in edges or not all(math.isfinite(x) for x in point):
            continue
        try:
            rows[inputs] = value_row(name, kind, point)
        except Undefined as problem:
            raise ValueError(f"{name} at {point}: no ordinary point: {problem}") from problem
    rows.update(edges)
    lines = ["\t".join(HEADERS[kind])] + ["\t".join((*inputs, *cells)) for inputs, cells in rows.items()]
    text = "\n".join(lines) + "\n"
    CASES.mkdir(parents=True, exist_ok=True)
    (CASES / f"{name}.tsv").write_text(text, encoding="ascii", newline="\n")
    return len(rows), len(text)


def main(names: Sequence[str]) -> None:
    """Write the tables named, or all."""
    total = 0
    for name, kind, sampler in TABLE:
        if not names or name in names:
            rows, size = write(name, kind, sampler)
            total += size
            print(f"{name}\t{rows} rows\t{size} bytes", flush=True)
    print(f"total\t{total} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
