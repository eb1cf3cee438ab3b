"""NumPy's functions that put elements in another order, pick some, or take diagonals and triangles."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index

import numpy as np

from .. import structure as ops
from ..arithmetic import where
from ..carrier import Carrier
from ..operands import Operand, Rule, shape_of
from ..reductions import sum_
from ..shapes import Axis, axes_of
from ..structure import scatter
from .binding import operand, translates
from .reductions import along
from .shapes import moveaxis, ravel

# ---------------------------------------------------------------- order of elements


@translates("flip")
def flip(m: Operand, axis: Axis = None) -> Operand:
    """Return the elements in reverse order along some axes, or all."""
    m = operand(m)
    reversed_axes = axes_of(tuple(axis) if isinstance(axis, list) else axis, len(shape_of(m)))
    if not reversed_axes:
        return m
    return m[tuple(slice(None, None, -1) if i in reversed_axes else slice(None) for i in range(len(shape_of(m))))]


@translates("fliplr")
def fliplr(m: Operand) -> Operand:
    """Return the columns in reverse order."""
    return flip(m, 1)


@translates("flipud")
def flipud(m: Operand) -> Operand:
    """Return the rows in reverse order."""
    return flip(m, 0)


@translates("rot90")
def rot90(m: Operand, k: int = 1, axes: Sequence[int] = (0, 1)) -> Operand:
    """Return the array turned k times by 90 degrees in the plane of two axes."""
    m = operand(m)
    one, other = axes_of(tuple(axes), len(shape_of(m)))
    k %= 4
    if k == 2:
        return flip(m, (one, other))
    if k % 2:
        m = ops.swapaxes(m, one, other)
        return flip(m, one if k == 1 else other)
    return m


@translates("roll")
def roll(a: Operand, shift: Operand, axis: Operand = None) -> Operand:
    """Return the elements moved along some axes. Those that leave at one end enter at the other."""
    a = operand(a)
    if axis is None:
        return ops.reshape(roll(ops.reshape(a, (-1,)), shift, 0), shape_of(a))
    for step, place in np.broadcast(shift, axis):
        (place,) = axes_of(int(place), len(shape_of(a)))
        count = shape_of(a)[place]
        step = int(step) % count if count else 0
        if step:
            parts = along(a, place, slice(-step, None)), along(a, place, slice(None, -step))
            a = ops.concatenate(*parts, axis=place)
    return a


# ---------------------------------------------------------------- parts


@translates("take")
def take(a: Operand, indices: Operand, axis: int | None = None) -> Operand:
    """Return the elements or parts at some positions."""
    a = operand(a)
    if axis is None:
        a, axis = ops.reshape(a, (-1,)), 0
    (place,) = axes_of(axis, len(shape_of(a)))
    return along(a, place, np.asarray(indices))


@translates("take_along_axis")
def take_along_axis(arr: Operand, indices: Operand, axis: int | None = -1) -> Operand:
    """Return the elements at positions that differ along the other axes."""
    arr = operand(arr)
    if axis is None:
        arr, axis = ops.reshape(arr, (-1,)), 0
    (place,) = axes_of(axis, len(shape_of(arr)))
    indices = np.asarray(indices)
    grid = np.ogrid[tuple(slice(n) for n in shape_of(arr))] if len(shape_of(arr)) > 1 else [indices]
    return arr[tuple(indices if i == place else part for i, part in enumerate(grid))]


@translates("compress")
def compress(condition: Operand, a: Operand, axis: int | None = None) -> Operand:
    """Return the parts at which the condition holds."""
    return take(a, np.flatnonzero(condition), axis)


@translates("delete")
def delete(arr: Operand, obj: Operand, axis: int | None = None) -> Operand:
    """Return the array without some parts."""
    arr = operand(arr)
    if axis is None:
        arr, axis = ops.reshape(arr, (-1,)), 0
    (place,) = axes_of(axis, len(shape_of(arr)))
    return take(arr, np.delete(np.arange(shape_of(arr)[place]), obj), place)


@translates("repeat")
def repeat(a: Operand, repeats: Operand, axis: int | None = None) -> Operand:
    """Return each element several times."""
    a = operand(a)
    if axis is None:
        a, axis = ops.reshape(a, (-1,)), 0
    (place,) = axes_of(axis, len(shape_of(a)))
    return take(a, np.repeat(np.arange(shape_of(a)[place]), repeats), place)


@translates("tile")
def tile(A: Operand, reps: Operand) -> Operand:  # noqa: N803 - NumPy's name
    """Return the whole array several times along each axis."""
    A = operand(A)  # noqa: N806
    counts = tuple(reps) if isinstance(reps, (tuple, list)) else (reps,)
    rank = max(len(counts), len(shape_of(A)))
    counts = (1,) * (rank - len(counts)) + counts
    shape = (1,) * (rank - len(shape_of(A))) + shape_of(A)
    once = ops.reshape(A, tuple(size for n in shape for size in (1, n)))
    many = ops.broadcast_to(once, tuple(size for pair in zip(counts, shape, strict=True) for size in pair))
    return ops.reshape(many, tuple(count * n for count, n in zip(counts, shape, strict=True)))


# ---------------------------------------------------------------- diagonals, triangles


def _diagonal_index(rows: int, columns: int, offset: int) -> tuple[Operand, Operand]:
    """Return the rows and columns of a diagonal."""
    count = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    return np.arange(count) + max(-offset, 0), np.arange(count) + max(offset, 0)


@translates("diagonal")
def diagonal(a: Operand, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Operand:
    """Return a diagonal of two axes, which becomes the last axis."""
    a = moveaxis(a, (axis1, axis2), (-2, -1))
    if offset == 0:
        return ops.diagonal(a)
    return a[(..., *_diagonal_index(shape_of(a)[-2], shape_of(a)[-1], index(offset)))]


@translates("trace")
def trace(a: Operand, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Operand:
    """Return the sum of a diagonal of two axes."""
    a = operand(a)
    if len(shape_of(a)) == 2 and (offset, axis1, axis2) == (0, 0, 1):
        return ops.trace(a)
    return sum_(diagonal(a, offset, axis1, axis2), -1)


@translates("linalg.diagonal")
def linalg_diagonal(x: Operand, offset: int = 0) -> Operand:
    """Return a diagonal of the matrices of the last two axes."""
    return diagonal(x, offset, -2, -1)


@translates("linalg.trace")
def linalg_trace(x: Operand, offset: int = 0) -> Operand:
    """Return the sum of a diagonal of the matrices of the last two axes. Before NumPy 2 there is no such function."""
    return trace(x, offset, -2, -1)


@translates("diag")
def diag(v: Operand, k: int = 0) -> Operand:
    """Return the matrix with a vector on its k-th diagonal, or the k-th diagonal of a matrix."""
    v = operand(v)
    if len(shape_of(v)) == 2:
        return diagonal(v, k)
    if len(shape_of(v)) != 1:
        raise ValueError(f"np.diag needs a vector or a matrix, not an array of shape {shape_of(v)}")
    if k == 0:
        return ops.diag(v)
    size = shape_of(v)[0] + abs(k)
    return scatter(v, _diagonal_index(size, size, index(k)), (size, size))


@translates("diagflat")
def diagflat(v: Operand, k: int = 0) -> Operand:
    """Return the matrix with all elements on its k-th diagonal."""
    return diag(ravel(v), k)


def _triangle(choose: Rule) -> Rule:
    def triangle(m: Operand, k: int = 0) -> Operand:
        m = operand(m)
        return where(choose(np.ones(shape_of(m)[-2:], bool), k), m, 0.0)

    return triangle


translates("tril")(_triangle(np.tril))
translates("triu")(_triangle(np.triu))


@translates("pad")
def pad(array: Operand, pad_width: Operand, mode: str = "constant", constant_values: Operand = 0) -> Operand:
    """Return the array with a constant around it."""
    array = operand(array)
    if mode != "constant" or np.ndim(constant_values):
        raise TypeError(f"np.pad of Values, Duals and symbols takes no mode={mode!r}: it pads with one constant")
    if isinstance(pad_width, dict):
        raise TypeError("np.pad of Values, Duals and symbols takes no pad_width by axis: give one pair for each axis")
    widths = np.broadcast_to(pad_width, (len(shape_of(array)), 2)).tolist()
    shape = tuple(before + n + after for (before, after), n in zip(widths, shape_of(array), strict=True))
    inside = tuple(slice(before, before + n) for (before, _), n in zip(widths, shape_of(array), strict=True))
    padded = scatter(array, inside, shape)
    if isinstance(constant_values, Carrier) or constant_values != 0:
        is_inside = np.zeros(shape, bool)
        is_inside[inside] = True
        padded = where(is_inside, padded, constant_values)
    return padded
