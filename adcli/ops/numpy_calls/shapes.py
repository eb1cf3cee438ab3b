"""NumPy's changes of shape: axes moved, added, removed, reversed, and parts of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index

import numpy as np

from .. import structure as ops
from ..operands import Operand, Rule, Shape, shape_of
from ..shapes import Axis, axes_of
from .binding import operand, refuse, translates


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
def moveaxis(a: Operand, source: Operand, destination: Operand) -> Operand:
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
