"""What array kernels are made of: a scalar kernel at every element, or at the few where a formula does not hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ...operands import Array, Numeric, Operand, Rule


def each(kernel: Callable[..., float], *arguments: Array) -> Array:
    """Loop a scalar kernel over the broadcast arguments."""
    columns = np.broadcast_arrays(*arguments)
    values = map(kernel, *(column.ravel().tolist() for column in columns))
    flat = np.fromiter(values, np.float64, columns[0].size)
    result: Array = flat.reshape(columns[0].shape)[()]
    return result


def looped(kernel: Rule) -> Rule:
    """Return the array kernel of a function that has only a scalar one: a loop over it."""
    return partial(each, kernel)


def mend(out: Array, where_: Operand, kernel: Callable[..., float], *arguments: Numeric) -> Array:
    """Put the scalar kernel's results where the mask says; `out` must be fresh."""
    if not np.any(where_):
        result: Array = out
        return result
    out, mask, *columns = np.broadcast_arrays(out, where_, *arguments)
    out = out.copy()
    picked = (column[mask].tolist() for column in columns)
    out[mask] = list(map(kernel, *picked))
    mended: Array = out[()]
    return mended


def all_below(x: Operand, bound: float) -> bool:
    """Whether every |x| is certainly below the bound, in one pass. A nan is not."""
    return bool(np.vdot(x, x) < bound * bound)


def put(values: Array, out: Array | None) -> Array:
    """Values, in the array to write into if there is one."""
    if out is None:
        return values
    out[...] = values
    return out


def where(condition: Operand, x: Numeric, y: Numeric) -> Array:
    """x where the condition holds, y elsewhere."""
    result: Array = np.where(condition, x, y)[()]
    return result
