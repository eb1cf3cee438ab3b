"""Tensor kernels: linear algebra through NumPy and its LAPACK.

They work on the last two axes. The axes before them are batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, permutations
from string import ascii_letters
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...errors import DomainError
from ..operands import Array, Numeric, Operand, Shape

Mask: TypeAlias = NDArray[np.bool_]
Exponents: TypeAlias = NDArray[np.int32]
MOST_KEPT = 4096  # elements of matrices whose decomposition is kept for the next direction


def solve(a: Numeric, b: Numeric, vector: bool) -> Operand:
    """Return the x with a @ x = b. With `vector` the last axis of b is a vector, else its last two are a matrix."""
    # NumPy 1 takes an array of one axis less than `a` as vectors, NumPy 2 one of one axis. Both take this as matrices.
    b = np.expand_dims(b, -1) if vector else np.asarray(b)
    b = b.reshape((1,) * (np.ndim(a) - b.ndim) + b.shape)
    try:
        x = np.linalg.solve(a, b)
        return x[..., 0] if vector else x
    except np.linalg.LinAlgError:
        raise DomainError("solve: the matrix is singular") from None


def inv(a: Numeric) -> Operand:
    """Return the inverse."""
    try:
        return np.linalg.inv(a)
    except np.linalg.LinAlgError:
        raise DomainError("inv: the matrix is singular") from None


def det(a: Numeric) -> Operand:
    """Return the determinant, nan if an element is nan."""
    a = np.asarray(a)
    if not 0 < a.shape[-1] < 4:
        return _large_det(a)
    # NumPy's goes through a logarithm, which costs digits.
    out = _small_det(a.tolist() if a.ndim == 2 else np.moveaxis(a, (-2, -1), (0, 1)))
    fits = out - out == 0.0
    if fits is True:
        return np.float64(out)
    whole: Operand = out if np.all(fits) else np.where(fits, out, _large_det(a))
    return whole[()]


def _large_det(a: Array) -> Operand:
    """Return NumPy's determinant, which can be 0 where an element is nan."""
    out = np.linalg.det(a)
    if out.all():
        return out
    checked: Operand = np.where(np.isnan(a).any(axis=(-2, -1)), np.nan, out)
    return checked[()]


def _small_det(rows: Operand) -> Operand:
    """Return the determinant of at most three rows of numbers, or of arrays that have one number per matrix."""
    if len(rows) == 1:
        return 1.0 * rows[0][0]
    if len(rows) == 2:
        (a, b), (c, d) = rows
        return a * d - b * c
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def cofactor(a: Numeric, *directions: Numeric) -> Operand:
    """Return the matrix of cofactors, or its derivative in directions, a polynomial also of singular matrices."""
    n = np.shape(a)[-1]
    if len(directions) >= n:
        return np.zeros(np.broadcast_shapes(np.shape(a), *map(np.shape, directions)))
    if n <= 3:
        return _small_cofactor(a, *directions)
    a = np.asarray(a, np.float64)
    decompose = _decompose if a.size <= MOST_KEPT else _decompose.__wrapped__
    u, s, vt, exponents, whole, finite = decompose(a.tobytes(), a.shape)
    if directions:
        scaled = [np.ldexp(direction, -exponents) for direction in directions]
        turned = [u.swapaxes(-1, -2) @ direction @ vt.swapaxes(-1, -2) for direction in scaled]
        out = u @ _diagonal_cofactor(s, turned) @ vt
    else:
        out = (u * _products_of_others(s, 1)[..., None, :]) @ vt
    out = np.ldexp(out, whole - exponents)
    for direction in directions:
        out = np.where(_moves_elsewhere(direction, -1) & _moves_elsewhere(direction, -2), out, 0.0)
    return out if finite is None else np.where(finite, out, np.nan)


@lru_cache(maxsize=1)  # for the cofactors of one matrix in many directions
def _decompose(data: bytes, shape: Shape) -> tuple[Array, Array, Array, Exponents, Exponents, Mask | None]:
    """Return the singular value decomposition of matrices with rows and columns scaled to elements near 1.

    Returns:
        u, s and vt, with det(u @ vt) = 1 and a last element of s that may be negative, the exponents of 2 by which
        each element was scaled, those of the determinants, and which matrices are finite, None for all of them.
    """
    a: Array = np.frombuffer(data).reshape(shape)
    finite: Mask | None = None
    sizes: Array = np.abs(a)
    if not sizes.max(initial=0.0) < np.inf:
        finite = np.asarray((sizes < np.inf).all(axis=(-2, -1), keepdims=True))
        a = np.where(finite, a, 0.0)
        sizes = np.abs(a)
    rows = np.frexp(sizes.max(axis=-1, keepdims=True))[1]
    columns = np.frexp(np.ldexp(sizes, -rows).max(axis=-2, keepdims=True))[1]
    exponents = rows + columns
    u, s, vt = np.linalg.svd(np.ldexp(a, -exponents))
    sign = np.sign(np.linalg.det(u @ vt))[..., None]
    u[..., -1] *= sign
    s[..., -1:] *= sign
    whole = rows.sum(axis=-2, keepdims=True) + columns.sum(axis=-1, keepdims=True)
    return u, s, vt, exponents, whole, finite


def _moves_elsewhere(direction: Numeric, axis: int) -> Mask:
    """Return for each row (axis -1) or column whether a direction moves another one, which its cofactors need."""
    moves = np.any(np.not_equal(direction, 0.0), axis=axis, keepdims=True)
    return np.asarray(moves.sum(axis=-3 - axis, keepdims=True) > moves)


def _small_cofactor(a: Numeric, *directions: Numeric) -> Operand:
    """Return `cofactor` of matrices of at most three rows, from their elements."""
    x, y = [np.asarray(each) for each in (a, a, *directions)[-2:]]
    n = y.shape[-1]
    if n < 2:
        total = np.ones(y.shape)
    elif n == 2:
        total = np.stack([y[..., 1, ::-1] * [1.0, -1.0], y[..., 0, ::-1] * [-1.0, 1.0]], axis=-2)
    else:
        after, last = np.array([1, 2, 0]), np.array([2, 0, 1])
        grids = [(row[:, None], column) for row in (after, last) for column in (after, last)]
        x11, x12, x21, x22 = [x[..., row, column] for row, column in grids]
        y11, y12, y21, y22 = [y[..., row, column] for row, column in grids]
        total = (x11 * y22 - x12 * y21) + (y11 * x22 - y12 * x21)
        if not directions:
            total *= 0.5
    total += 0.0  # -0.0 becomes 0.0
    shape = np.broadcast_shapes(np.shape(a), *map(np.shape, directions))
    return total if total.shape == shape else np.broadcast_to(total, shape).copy()


def _diagonal_cofactor(s: Array, directions: Sequence[Array]) -> Array:
    """Return `cofactor` of the diagonal matrix of s.

    The derivative of det of order m is the sum, over all m different rows p and all permutations q of them, of the
    sign of q, the product of the elements of s in the other rows, and the elements (p[i], q[i]) of the directions. The
    first direction is left open.
    """
    n, order = s.shape[-1], len(directions) + 1
    rows = ascii_letters[:order]
    others = _products_of_others(s, order)
    total = np.zeros((*np.broadcast_shapes(s.shape[:-1], *[each.shape[:-2] for each in directions]), n, n))
    positions = np.arange(n)
    for columns in permutations(rows):
        inversions = sum(one > other for one, other in combinations(columns, 2))
        factors = ",".join(f"...{row}{column}" for row, column in zip(rows[1:], columns[1:], strict=True))
        taken = rows[0] + columns[0].replace(rows[0], "")
        term = np.einsum(f"...{rows},{factors}->...{taken}" if factors else f"...{rows}->...{taken}",
                         others, *directions)  # fmt: skip
        if len(taken) == 2:
            total += (-1.0) ** inversions * term
        else:
            total[..., positions, positions] += (-1.0) ** inversions * term
    return total


def _products_of_others(s: Array, order: int) -> Operand:
    """Return the products of all elements except those at `order` different places, 0 where places are equal."""
    n = s.shape[-1]
    if order == 1:
        left, right = np.ones((2, *s.shape))
        np.multiply.accumulate(s[..., :-1], axis=-1, out=left[..., 1:])
        np.multiply.accumulate(s[..., :0:-1], axis=-1, out=right[..., -2::-1])
        return left * right
    # between[i, j] is the product of the elements from place i to before place j, and 0 for j < i.
    starts, ends = np.arange(n + 1)[:, None], np.arange(n + 1)
    between = np.ones((*s.shape[:-1], n + 1, n + 1))
    between[..., 1:] = np.where(starts > ends[:-1], 1.0, s[..., None, :])
    np.multiply.accumulate(between, axis=-1, out=between)
    between[..., starts > ends] = 0.0
    rising = between[..., 0, :-1]
    rows = ascii_letters[:order]
    for i in range(1, order):
        rising = np.einsum(f"...{rows[:i]},...{rows[i - 1 : i + 1]}->...{rows[: i + 1]}", rising, between[..., 1:, :-1])
    rising = rising * between[(..., *[None] * (order - 1), slice(1, None), -1)]
    batch = tuple(range(s.ndim - 1))
    places = range(s.ndim - 1, rising.ndim)
    return np.asarray(sum(rising.transpose(batch + permuted) for permuted in permutations(places)))


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
