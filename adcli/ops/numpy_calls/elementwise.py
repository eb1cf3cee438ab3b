"""NumPy's functions of numbers that are compositions of operations of the table."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, pi

import numpy as np

from .. import arithmetic as ops
from .. import elementary
from ..arithmetic import absolute, ceil, eq, floor, lt, ne, round_
from ..linear import matmul
from ..op import TABLE
from ..operands import Operand, Rule, shape_of
from .binding import operand, translates
from .numbers import primal
from .products import vecdot

# The ufuncs that are no operation of the table. Those of SciPy have NumPy's class and are looked up here too.
COMPOSED: dict[str, Rule] = {
    "conjugate": lambda x: x,
    "deg2rad": lambda x: x * (pi / 180.0),
    "degrees": lambda x: x * (180.0 / pi),
    "divmod": lambda x, y: (TABLE["floordiv"](x, y), ops.mod(x, y)),
    "exp2": lambda x: ops.power(2.0, x),
    "fmax": lambda x, y: ops.where(ne(x, x), y, ops.where(ne(y, y), x, ops.maximum(x, y))),
    "fmin": lambda x, y: ops.where(ne(x, x), y, ops.where(ne(y, y), x, ops.minimum(x, y))),
    "isfinite": lambda x: lt(absolute(x), np.inf),
    "isinf": lambda x: eq(absolute(x), np.inf),
    "isnan": lambda x: ne(x, x),
    "ldexp": lambda x, n: x * ops.power(2.0, n),
    "logaddexp2": lambda x, y: elementary.logaddexp(x * log(2.0), y * log(2.0)) / log(2.0),
    "logit": lambda x: elementary.log(x) - elementary.log1p(-x),
    "matvec": lambda x, y: matmul(x, y[..., None])[..., 0],
    "positive": lambda x: x,
    "rad2deg": lambda x: x * (180.0 / pi),
    "radians": lambda x: x * (pi / 180.0),
    "reciprocal": lambda x: 1.0 / x,
    "trunc": lambda x: ops.where(lt(x, 0.0), ceil(x), floor(x)),
    "vecdot": vecdot,
    "vecmat": lambda x, y: matmul(x[..., None, :], y)[..., 0, :],
}


@translates("sinc")
def sinc(x: Operand) -> Operand:
    """Return sin(pi x) / (pi x)."""
    return elementary.sinc(pi * x)


@translates("fix")
def fix(x: Operand) -> Operand:
    """Return the number without its fraction."""
    return COMPOSED["trunc"](x)


@translates("real")
def real(val: Operand) -> Operand:
    """Return the number itself: there are no complex ones."""
    return val


@translates("real_if_close")
def real_if_close(a: Operand, tol: Operand = 100) -> Operand:
    """Return the number itself: there are no complex ones."""
    return a


@translates("imag")
def imag(val: Operand) -> Operand:
    """Return zeros: there are no complex numbers."""
    return np.zeros(shape_of(val))


@translates("clip")
def clip(
    a: Operand,
    a_min: Operand = None,
    a_max: Operand = None,
    min: Operand = None,
    max: Operand = None,
) -> Operand:
    """Return the numbers limited to a range. A bound may be None."""
    low, high = (min if a_min is None else a_min), (max if a_max is None else a_max)
    a = operand(a)
    if low is None:
        return a if high is None else ops.minimum(a, high)
    return ops.maximum(a, low) if high is None else ops.clip(a, low, high)


@translates("round", "around", "round_")
def round(a: Operand, decimals: int = 0) -> Operand:
    """Return the numbers rounded to some decimals, halves to the even digit."""
    a = operand(a)
    if decimals == 0:
        return round_(a)
    scale = 10.0 ** abs(decimals)
    return round_(a * scale) / scale if decimals > 0 else round_(a / scale) * scale


@translates("where")
def where(condition: Operand, x: Operand = None, y: Operand = None) -> Operand:
    """Return x where the condition holds, else y. Of a condition alone return the positions at which it holds."""
    if x is None and y is None:
        return np.nonzero(primal(condition, "where"))
    return ops.where(operand(condition), operand(x), operand(y))


@translates("select")
def select(condlist: Sequence[Operand], choicelist: Sequence[Operand], default: Operand = 0) -> Operand:
    """Return the choice of the first condition that holds."""
    result = operand(default)
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        result = ops.where(operand(condition), operand(choice), result)
    return result


@translates("nan_to_num")
def nan_to_num(x: Operand, nan: Operand = 0.0, posinf: Operand = None, neginf: Operand = None) -> Operand:
    """Return the numbers with others in the place of nan and infinities."""
    x = operand(x)
    largest = np.finfo(np.float64).max
    x = ops.where(eq(x, np.inf), largest if posinf is None else posinf, x)
    x = ops.where(eq(x, -np.inf), -largest if neginf is None else neginf, x)
    return ops.where(ne(x, x), nan, x)


@translates("linspace")
def linspace(
    start: Operand, stop: Operand, num: int = 50, endpoint: bool = True, retstep: bool = False, axis: int = 0
) -> Operand:
    """Return numbers at equal distances."""
    start, stop = operand(start), operand(stop)
    rank = len(np.broadcast_shapes(shape_of(start), shape_of(stop)))
    if axis != 0:
        raise TypeError("np.linspace of Values, Duals and symbols takes no axis=: use np.moveaxis on the result")
    share = np.reshape(np.linspace(0.0, 1.0, num, endpoint=endpoint), (-1,) + (1,) * rank)
    numbers = ops.where(lt(share, 1.0), start + share * (stop - start), stop)
    return (numbers, (stop - start) / (num - 1 if endpoint else num)) if retstep else numbers
