"""Tensor kernels: reductions, shapes, products and linear algebra on float64 arrays through NumPy and its LAPACK.

Callers set `np.errstate(all="ignore")`. Linear algebra works on the last two axes, the axes before them are batches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from ...errors import DomainError
from ..operands import Array, Numeric, Operand, Shape
from ..shapes import Axis

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
    """Return the Euclidean norm of all elements along the axis, scaled so that no square overflows or vanishes."""
    size = np.abs(x)
    scale = np.max(size, axis=axis, keepdims=True, initial=0.0)
    safe = np.where((scale > 0.0) & (scale < np.inf), scale, 1.0)
    root = np.sqrt(np.sum(np.square(size / safe), axis=axis, keepdims=True)) * safe
    return root if keepdims else np.reshape(root, np.shape(np.sum(size, axis=axis)))


def unit(x: Numeric, axis: Axis) -> Operand:
    """Return x over its norm, and 0 where the norm is 0."""
    length = norm(x, axis, True)
    return np.where(np.equal(length, 0.0), 0.0, x / length)


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
    return np.einsum("...ii", x)  # np.trace takes matrices that are not square


def outer(x: Numeric, y: Numeric) -> Operand:
    """Return all products of two vectors."""
    return np.asarray(x)[..., :, None] * np.asarray(y)[..., None, :]


def softmax(x: Numeric, axis: Axis) -> Operand:
    """Return exp(x) over its sum, without overflow."""
    e = np.exp(x - _finite_max(x, axis))
    return e / np.sum(e, axis=axis, keepdims=True)


def logsumexp(x: Numeric, axis: Axis, keepdims: bool) -> Operand:
    """Return log of the sum of exp(x), without overflow.

    The greatest terms are added apart from the others, so that the others keep their digits.
    """
    top = _finite_max(x, axis)
    e = np.exp(x - top)
    greatest = np.equal(e, 1.0)
    others = np.sum(np.where(greatest, 0.0, e), axis=axis, keepdims=True)
    total = np.log1p(np.sum(greatest, axis=axis, keepdims=True) - 1.0 + others) + top
    return total if keepdims else np.reshape(total, np.shape(np.sum(e, axis=axis)))


def log_softmax(x: Numeric, axis: Axis) -> Operand:
    """Return the logarithm of softmax, without overflow or cancellation."""
    shifted = x - _finite_max(x, axis)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def _finite_max(x: Numeric, axis: Axis) -> Operand:
    top = np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    return np.where(np.isfinite(top), top, 0.0)


# ---------------------------------------------------------------- linear algebra


def solve(a: Numeric, b: Numeric, vector: bool) -> Operand:
    """Return the x with a @ x = b. With `vector` the last axis of b is a vector, else its last two are a matrix."""
    try:
        if not vector or np.ndim(b) == 1:
            return np.linalg.solve(a, b)
        return np.linalg.solve(a, np.asarray(b)[..., None])[..., 0]
    except np.linalg.LinAlgError:
        raise DomainError("solve: the matrix is singular") from None


def inv(a: Numeric) -> Operand:
    """Return the inverse."""
    try:
        return np.linalg.inv(a)
    except np.linalg.LinAlgError:
        raise DomainError("inv: the matrix is singular") from None


def det(a: Numeric) -> Operand:
    """Return the determinant."""
    return np.linalg.det(a)


def cofactor(a: Numeric) -> Operand:
    """Return det(a) times the transposed inverse, also of singular matrices, from the singular values."""
    finite = np.all(np.isfinite(a), axis=(-2, -1), keepdims=True)
    u, s, vt = np.linalg.svd(np.where(finite, a, 0.0))
    n = s.shape[-1]
    others = np.where(np.eye(n, dtype=bool), 1.0, s[..., None, :])
    rest = np.linalg.det(u) * np.linalg.det(vt)
    return np.where(finite, (u * (rest[..., None] * np.prod(others, axis=-1))[..., None, :]) @ vt, np.nan)


def logdet(a: Numeric) -> Operand:
    """Return log(det(a)). The determinant must be positive."""
    sign, log = np.linalg.slogdet(a)
    if np.any(sign == 0):
        raise DomainError("logdet: the matrix is singular")
    if np.any(sign < 0):
        problem = "logdet: the determinant is negative"
        raise DomainError(problem, hint="use slogdet for its sign and size", command_hint="use log(abs(det(A)))")
    return log


def logabsdet(a: Numeric) -> Operand:
    """Return log(abs(det(a)))."""
    return np.linalg.slogdet(a)[1]


def sign_det(a: Numeric) -> Operand:
    """Return the sign of the determinant."""
    return np.linalg.slogdet(a)[0]
