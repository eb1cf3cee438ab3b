"""How each operation becomes vector code: one entry in `KERNELS`, by the name of the op.

Other operations call their scalar kernel for each lane. A lane whose argument is outside the range of a formula goes to
the scalar kernel as well (`Emitter.rescue`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...ops.kernels.compound import square_error
from ...ops.operands import Rule
from . import circular, hyperbolic, powers
from .circular import is_huge, moderate_sine
from .pairs import two_sum
from .powers import INF, moderate_exp
from .vector import Vector, absolute, copysign, fma, select, sqrt

_square_error: Rule = square_error  # it is plain arithmetic, which serves vectors as well

# ---------------------------------------------------------------- the plane, and other compositions


def _distance(x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """Return sqrt(x**2 + y**2), with a Newton step for the rounding error, and where that formula does not hold."""
    if x.name > y.name:  # so that both directions share it
        x, y = y, x
    p, q = x * x, y * y
    total, error = two_sum(p, q)
    h = sqrt(total)
    rest = fma(-h, h, total) + (error + (fma(x, x, -p) + fma(y, y, -q)))
    return fma(rest, 0.5 / h, h), ~((h > 1e-140) & (h < 1e140))


def _hypot(x: Vector, y: Vector) -> Vector:
    h, extreme = _distance(x, y)
    return x.emitter.rescue(h, extreme, x, y)


def _direction(x: Vector, y: Vector) -> Vector:
    h, extreme = _distance(x, y)
    return x.emitter.rescue(x / h, extreme, x, y)


def _semicircle(x: Vector) -> Vector:
    a = absolute(x)
    return sqrt(select(a < 0.5, 1.0 - a * a, (1.0 - a) * (1.0 + a)))


def _gaussian(x: Vector) -> Vector:
    square = x * x
    far = absolute(x) > 26.0
    e = moderate_exp(-select(far, 0.0, square))
    value = select(absolute(x) >= 28.0, 0.0, e - e * _square_error(x, square))
    return x.emitter.rescue(value, far & (absolute(x) < 28.0), x)


def _sinc(x: Vector) -> Vector:
    return x.emitter.rescue(select(x.equal(0.0), 1.0, moderate_sine(x, 0) / x), is_huge(x), x)


def _subtraction_error(x: Vector, y: Vector) -> Vector:
    s = x - y
    t = s - x
    error = (x - (s - t)) - (y + t)
    return select(absolute(error) < INF, error, 0.0)


# ---------------------------------------------------------------- steps and choices


def _minimum(x: Vector, *others: Vector) -> Vector:
    for other in others:
        x = select((other < x) | other.isnan(), other, x)
    return x


def _maximum(x: Vector, *others: Vector) -> Vector:
    for other in others:
        x = select((other > x) | other.isnan(), other, x)
    return x


def _clip(x: Vector, lo: Vector, hi: Vector) -> Vector:
    return _minimum(_maximum(x, lo), hi)


def _tie_share(out: Vector, *others: Vector) -> Vector:
    n = out.emitter.constant(0.0)
    for x in others:
        n = n + select(x.equal(out), 1.0, out.emitter.constant(0.0))
    return select(n > 0.0, 1.0 / n, 0.0)


def _sign(x: Vector) -> Vector:
    one = x.emitter.constant(1.0)
    return select(x.unequal(0.0) & ~x.isnan(), copysign(one, x), select(x.isnan(), x, 0.0))


def _heaviside(x: Vector, at0: Vector) -> Vector:
    return select(x > 0.0, 1.0, select(x < 0.0, 0.0, select(x.equal(0.0), at0, x)))


def _rounding(name: str) -> Callable[..., Vector]:
    return lambda x: x.emitter.intrinsic(name, x)


def _floor_and_rest(x: Vector, y: Vector) -> tuple[Vector, Vector, Vector]:
    """Return the floor of x/y, the rest of x, and where they hold. The quotient may have been rounded up."""
    ratio = x / y
    q = x.emitter.intrinsic("floor", ratio)
    rest = fma(-q, y, x)  # exact, or Python's one rounding
    over = select(y > 0.0, rest, -rest) < 0.0
    sizes = (absolute(x) < 1e280) & (absolute(y) > 1e-280) & (absolute(y) < 1e280)
    return select(over, q - 1.0, q), select(over, rest + y, rest), sizes & (absolute(ratio) < 2.0**50)


def _mod(x: Vector, y: Vector) -> Vector:
    _, rest, fits = _floor_and_rest(x, y)
    return x.emitter.rescue(select(rest.equal(0.0), copysign(0.0, y), rest), ~fits, x, y)


def _floordiv(x: Vector, y: Vector) -> Vector:
    q, _, fits = _floor_and_rest(x, y)
    return x.emitter.rescue(q, ~fits, x, y)


# Kernels of the square of an op whose result is read by nothing else.
SQUARES: Mapping[str, Callable[[Vector], Vector]] = {"sech": hyperbolic.sech_squared}

KERNELS: Mapping[str, Callable[..., Vector]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "square": lambda x: x * x,
    "pow": powers.power,
    "power_derivative": powers.power_derivative,
    "mod": _mod,
    "floordiv": _floordiv,
    "sqrt": lambda x: sqrt(x),
    "lt": lambda x, y: x < y,
    "le": lambda x, y: x <= y,
    "gt": lambda x, y: x > y,
    "ge": lambda x, y: x >= y,
    "eq": lambda x, y: x.equal(y),
    "ne": lambda x, y: x.unequal(y),
    "and": lambda x, y: x & y,
    "or": lambda x, y: x | y,
    "not": lambda x: ~x,
    "where": lambda c, x, y: select(c, x, y),
    "abs": lambda x: absolute(x),
    "sign": _sign,
    "floor": _rounding("floor"),
    "ceil": _rounding("ceil"),
    "round": _rounding("nearbyint"),
    "heaviside": _heaviside,
    "relu": lambda x: select(x <= 0.0, 0.0, x),
    "min": _minimum,
    "max": _maximum,
    "clip": _clip,
    "tie_share": _tie_share,
    "difference": lambda x, y: select(x.equal(y), 0.0, x - y),
    "subtraction_error": _subtraction_error,
    "cbrt": powers.cbrt,
    "cbrt_derivative": powers.cbrt_derivative,
    "exp": powers.exp,
    "expm1": powers.expm1,
    "log": powers.log,
    "log2": powers.log2,
    "log10": powers.log10,
    "log1p": powers.log1p,
    "softplus": powers.softplus,
    "logaddexp": powers.logaddexp,
    "xlogy": powers.xlogy,
    "sin": circular.sin,
    "cos": circular.cos,
    "tan": circular.tan,
    "cot": circular.cot,
    "sec": circular.sec,
    "csc": circular.csc,
    "tanh": hyperbolic.tanh,
    "sech": hyperbolic.sech,
    "csch": hyperbolic.csch,
    "coth": hyperbolic.coth,
    "sinh": hyperbolic.sinh,
    "cosh": hyperbolic.cosh,
    "sigmoid": hyperbolic.sigmoid,
    "hypot": _hypot,
    "direction": _direction,
    "semicircle": _semicircle,
    "gaussian": _gaussian,
    "sinc": _sinc,
}
