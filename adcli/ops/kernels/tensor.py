"""Tensor kernels: shapes and reductions on float64 arrays, and all others by name.

Callers set `np.errstate(all="ignore")`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from ..operands import Array, Numeric, Operand, Shape
from ..shapes import Axis
from .algebra import cofactor as cofactor
from .algebra import det as det
from .algebra import inv as inv
from .algebra import logabsdet as logabsdet
from .algebra import logdet as logdet
from .algebra import sign_det as sign_det
from .algebra import solve as solve
from .exponentials import deviation as deviation
from .exponentials import excess as excess
from .exponentials import exponential_share as exponential_share
from .exponentials import log_softmax as log_softmax
from .exponentials import logsumexp as logsumexp
from .exponentials import softmax as softmax

Index: TypeAlias = "tuple[Operand, ...]"

# Ufuncs and their methods, as far as there are any: NumPy's functions take twice the time on small arrays.
matmul = np.matmul
_add_up: Callable[..., Array] = np.add.reduce


def sum_(x: Numeric, axis: Axis, keepdims: bool) -> Operand:
    """Return the sum, 0 of nothing."""
    return _add_up(x, axis=axis, keepdims=keepdims)


def mean(x: Numeric, axis: Axis, keepdims: bool) -> Operand:
    """Return the mean, nan of nothing."""
    total = _add_up(x, axis=axis, keepdims=keepdims)
    return np.divide(total, np.size(x) / np.size(total) if np.size(total) else 1.0)


def reshape(x: Numeric, shape: Shape) -> Operand:
    """Return the same elements in another shape, as a view if possible."""
    return np.asarray(x).reshape(shape)


def swapaxes(x: Numeric, axis1: int, axis2: int) -> Operand:
    """Return a view with two axes exchanged."""
    return np.asarray(x).swapaxes(axis1, axis2)


def broadcast_to(x: Numeric, shape: Shape) -> Operand:
    """Return a new array repeated to a shape: BLAS takes no array with strides of 0."""
    whole = np.empty(shape, getattr(x, "dtype", np.float64))
    whole[...] = x
    return whole


def prod(x: Numeric, axis: Axis, keepdims: bool) -> Operand:
    """Return the product, 1 of nothing."""
    return np.prod(x, axis=axis, keepdims=keepdims)


def amax(x: Numeric, axis: Axis, keepdims: bool) -> Operand:
    """Return the greatest, nan if one is nan."""
    return np.max(x, axis=axis, keepdims=keepdims)


def amin(x: Numeric, axis: Axis, keepdims: bool) -> Operand:
    """Return the least, nan if one is nan."""
    return np.min(x, axis=axis, keepdims=keepdims)


def count_share(x: Numeric, extreme: Numeric, axis: Axis) -> Operand:
    """Return 1 over the number of elements along the axis that equal the extreme: the share of each at a tie."""
    return 1.0 / np.maximum(np.sum(np.equal(x, extreme), axis=axis, keepdims=True), 1)


def norm(x: Numeric, axis: Axis, keepdims: bool) -> Operand:
    """Return the Euclidean norm of all elements along the axis, scaled where squares would overflow or vanish."""
    total = _add_up(np.square(x), axis=axis, keepdims=keepdims)
    root = np.sqrt(total)
    if np.all((total > 1e-280) & (total < 1e280)):
        return root
    scale = _finite_scale(x, axis)
    scaled = np.sqrt(_add_up(np.square(x / scale), axis=axis, keepdims=True)) * scale
    scaled = np.where(np.isinf(x).any(axis=axis, keepdims=True), np.inf, scaled)  # also beside nan, as hypot
    return np.where((total > 1e-280) & (total < 1e280), root, np.reshape(scaled, np.shape(root)))


def _finite_scale(x: Numeric, axis: Axis) -> Operand:
    """Return the greatest size along the axis, 1 in the place of 0, inf and nan."""
    scale = np.max(np.abs(x), axis=axis, keepdims=True, initial=0.0)
    return np.where((scale > 0.0) & (scale < np.inf), scale, 1.0)


def unit(x: Numeric, axis: Axis) -> Operand:
    """Return x over its norm, and 0 where the norm is 0. A single infinite element outweighs the finite ones."""
    length = norm(x, axis, True)
    if np.all((length > 1e-290) & (length < 1e290)):
        return x / length
    infinite = np.isinf(x)
    count = _add_up(infinite, axis=axis, keepdims=True)
    scaled = np.where(count > 0, np.where(infinite, np.sign(x), 0.0 * x), x / _finite_scale(x, axis))
    direction = np.where(infinite & (count > 1), np.nan, scaled / norm(scaled, axis, True))
    return np.where(np.equal(length, 0.0), 0.0, direction)


def across(t: Numeric, x: Numeric, axis: Axis) -> Operand:
    """Return t without its part along x. Along an axis x may be of any length at which its square is a number.

    If one element of x is longer than the others together, 1 - x[i]**2 would cancel there: it is the sum of the other
    squares.
    """
    square = np.square(x)
    length = _add_up(square, axis=axis, keepdims=True)
    out = t - x * (_add_up(x * t, axis=axis, keepdims=True) / length)
    longest = square > 0.5 * length
    if not longest.any():
        return out
    others = np.where(longest, 0.0, x)
    along = _add_up(np.where(longest, t, 0.0), axis=axis, keepdims=True)
    kept = _add_up(others * (others * along), axis=axis, keepdims=True)
    lost = _add_up(others * t, axis=axis, keepdims=True)
    return np.where(longest, (kept - x * lost) / length, out)


def sum_to(x: Numeric, shape: Shape) -> Operand:
    """Return the sum over the axes along which an array of this shape was stretched to that of x."""
    lead = np.ndim(x) - len(shape)
    axes = tuple(range(lead))
    if 1 in shape:
        axes += tuple([i + lead for i, n in enumerate(shape) if n == 1 and np.shape(x)[i + lead] != 1])
    total = _add_up(x, axis=axes)
    return total if total.shape == shape else total.reshape(shape)


def transpose(x: Numeric, axes: Shape | None) -> Operand:
    """Return the axes in another order, reversed by default."""
    return np.transpose(x, axes)


def stack(*xs: Numeric, axis: int) -> Operand:
    """Return arrays of one shape along a new axis."""
    return np.stack(xs, axis=axis)


def concatenate(*xs: Numeric, axis: int) -> Operand:
    """Return arrays one after the other along an axis."""
    return np.concatenate(xs, axis=axis)


def key_of(index: Index) -> Index:
    """Return NumPy's index from that of the operation, in which a slice is ``("slice", start, stop, step)``."""
    return tuple(
        slice(*part[1:]) if isinstance(part, tuple) and part and part[0] == "slice" else part for part in index
    )


def getitem(x: Numeric, index: Index) -> Operand:
    """Return a copy of part of an array: a view would keep the whole array alive."""
    part = np.asarray(x)[key_of(index)]
    return part.copy() if isinstance(part, np.ndarray) else part


def scatter(x: Numeric, index: Index, shape: Shape) -> Operand:
    """Return zeros of a shape with x added at an index, once for each repetition: the adjoint of getitem."""
    whole = np.zeros(shape)
    key = key_of(index)
    if any(isinstance(part, np.ndarray) for part in key):
        np.add.at(whole, key, x)
    else:
        whole[key] = x
    return whole


def diagonal(x: Numeric) -> Operand:
    """Return the diagonals of matrices."""
    return np.diagonal(x, axis1=-2, axis2=-1).copy()


def diag_embed(x: Numeric, shape: tuple[int, int]) -> Operand:
    """Return matrices of a shape that have x on their diagonal, 0 elsewhere."""
    whole = np.zeros(np.shape(x)[:-1] + shape)
    positions = np.arange(np.shape(x)[-1])
    whole[..., positions, positions] = x
    return whole


def trace(x: Numeric) -> Operand:
    """Return the sum of the diagonal."""
    return np.trace(x, axis1=-2, axis2=-1)


def outer(x: Numeric, y: Numeric) -> Operand:
    """Return all products of two vectors."""
    return np.asarray(x)[..., :, None] * np.asarray(y)[..., None, :]
