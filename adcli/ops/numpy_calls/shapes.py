"""NumPy's changes of shape: axes moved, added, removed, reversed, and parts of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index

import numpy as np

from .. import structure as ops
from ..carrier import Carrier
from ..operands import Operand, Rule, Shape, shape_of
from ..shapes import Axis, axes_of
from ..structure import scatter
from .binding import operand, refuse, translates
from .reductions import along


@translates("reshape")
def reshape(
    a: Operand, shape: Operand = None, order: str = "C", newshape: Operand = None, copy: bool | None = None
) -> Operand:
    """Return the same elements in another shape. With the order F the first axis runs fastest."""
    a = operand(a)
    shape = newshape if shape is None else shape
    if order in ("C", "A"):
        return ops.reshape(a, shape)
    if order != "F":
        raise ValueError(f"np.reshape has no order={order!r}")
    sizes = np.broadcast_to(0.0, shape_of(a)).reshape(shape).shape
    return ops.transpose(ops.reshape(ops.transpose(a), sizes[::-1]))


@translates("ravel")
def ravel(a: Operand, order: str = "C") -> Operand:
    """Return all elements along one axis."""
    return reshape(a, (-1,), "C" if order == "K" else order)


@translates("transpose", "permute_dims")
def transpose(a: Operand, axes: Sequence[int] | None = None) -> Operand:
    """Return the axes in another order [default: reversed]."""
    a = operand(a)
    if axes is not None and sorted(axes_of(tuple(axes), len(shape_of(a)))) != list(range(len(shape_of(a)))):
        raise ValueError(f"np.transpose: the axes {tuple(axes)} do not name each axis once")
    return ops.transpose(a) if axes is None or not shape_of(a) else ops.transpose(a, tuple(map(index, axes)))


@translates("matrix_transpose", "linalg.matrix_transpose")
def matrix_transpose(x: Operand) -> Operand:
    """Return the matrices of the last two axes transposed."""
    return ops.swapaxes(operand(x), -1, -2)


@translates("swapaxes")
def swapaxes(a: Operand, axis1: int, axis2: int) -> Operand:
    """Return the array with two axes exchanged."""
    return ops.swapaxes(operand(a), index(axis1), index(axis2))


@translates("moveaxis")
def moveaxis(a: Operand, source: Axis, destination: Axis) -> Operand:
    """Return the array with some axes at other places."""
    a = operand(a)
    order = np.moveaxis(_axes_along(shape_of(a)), source, destination)
    return ops.transpose(a, order.shape)


@translates("rollaxis")
def rollaxis(a: Operand, axis: int, start: int = 0) -> Operand:
    """Return the array with one axis moved before another."""
    a = operand(a)
    return ops.transpose(a, np.rollaxis(_axes_along(shape_of(a)), axis, start).shape)


def _axes_along(shape: Shape) -> Operand:
    """Return an array without elements or memory whose i-th size is i, to see where NumPy moves the axes."""
    return np.empty(range(len(shape)))


def _reshaped_like(change: Rule) -> Rule:
    """Return the translation of a function that only adds or removes axes of size 1."""

    def changed(a: Operand, axis: Axis = None) -> Operand:
        a = operand(a)
        return ops.reshape(a, change(np.broadcast_to(0.0, shape_of(a)), axis).shape)

    return changed


squeeze = translates("squeeze")(_reshaped_like(np.squeeze))
expand_dims = translates("expand_dims")(_reshaped_like(np.expand_dims))


def _at_least(change: Rule) -> Rule:
    def changed(*arys: Operand) -> Operand:
        arrays = [operand(x) for x in arys]
        raised = [ops.reshape(x, change(np.broadcast_to(0.0, shape_of(x))).shape) for x in arrays]
        return raised[0] if len(raised) == 1 else tuple(raised)

    return changed


atleast_1d = translates("atleast_1d")(_at_least(np.atleast_1d))
atleast_2d = translates("atleast_2d")(_at_least(np.atleast_2d))
atleast_3d = translates("atleast_3d")(_at_least(np.atleast_3d))


@translates("broadcast_to")
def broadcast_to(array: Operand, shape: Operand) -> Operand:
    """Return the array repeated to a shape."""
    return ops.broadcast_to(operand(array), shape)


@translates("broadcast_arrays")
def broadcast_arrays(*args: Operand) -> tuple[Operand, ...]:
    """Return the arrays repeated to their common shape."""
    arrays = [operand(x) for x in args]
    shape = np.broadcast_shapes(*map(shape_of, arrays))
    return tuple(ops.broadcast_to(x, shape) for x in arrays)


@translates("meshgrid")
def meshgrid(*xi: Operand, sparse: bool = False, indexing: str = "xy", copy: bool = True) -> tuple[Operand, ...]:
    """Return the coordinates of the points of a grid."""
    arrays = [ravel(x) for x in xi]
    order = [1, 0, *range(2, len(xi))] if indexing == "xy" and len(xi) > 1 else list(range(len(xi)))
    grid = [
        ops.reshape(x, tuple(-1 if order[place] == i else 1 for i in range(len(xi)))) for place, x in enumerate(arrays)
    ]
    return tuple(grid) if sparse else broadcast_arrays(*grid)


@translates("copy")
def copy(a: Operand) -> Operand:
    """Return the array itself, because a carrier is not written to."""
    return a


@translates("astype")
def astype(x: Operand, dtype: Operand, copy: bool = True) -> Operand:
    """Return the array itself if float64 is asked for."""
    if np.dtype(dtype) != np.float64:
        refuse("astype", "dtype", dtype)
    return x


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
def roll(a: Operand, shift: Axis, axis: Axis = None) -> Operand:
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
def tile(A: Operand, reps: Axis) -> Operand:  # noqa: N803 - NumPy's name
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
    return a[(..., *_diagonal_index(*shape_of(a)[-2:], index(offset)))]


@translates("trace")
def trace(a: Operand, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Operand:
    """Return the sum of a diagonal of two axes."""
    from ..reductions import sum_

    a = operand(a)
    if len(shape_of(a)) == 2 and shape_of(a)[0] == shape_of(a)[1] and (offset, axis1, axis2) == (0, 0, 1):
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
        from ..arithmetic import where

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
        from ..arithmetic import where

        is_inside = np.zeros(shape, bool)
        is_inside[inside] = True
        padded = where(is_inside, padded, constant_values)
    return padded


