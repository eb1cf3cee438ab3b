"""NumPy's products and its linear algebra."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index

import numpy as np

from .. import linear as ops
from ..arithmetic import mul
from ..operands import Operand, shape_of
from ..reductions import sum_
from ..shapes import axes_of
from ..structure import reshape, stack, transpose
from .binding import operand, translates
from .shapes import moveaxis, ravel


@translates("dot")
def dot(a: Operand, b: Operand) -> Operand:
    """Return NumPy's dot: over the last axis of a and the last but one of b."""
    a, b = operand(a), operand(b)
    if not shape_of(a) or not shape_of(b):
        return mul(a, b)
    if len(shape_of(a)) <= 2 and len(shape_of(b)) <= 2:
        return ops.matmul(a, b)
    return tensordot(a, b, (-1, max(len(shape_of(b)) - 2, 0)))


@translates("inner")
def inner(a: Operand, b: Operand) -> Operand:
    """Return the products summed over the last axes."""
    a, b = operand(a), operand(b)
    return mul(a, b) if not shape_of(a) or not shape_of(b) else tensordot(a, b, (-1, -1))


@translates("vdot")
def vdot(a: Operand, b: Operand) -> Operand:
    """Return the sum of the products of all elements."""
    return ops.matmul(ravel(a), ravel(b))


@translates("outer")
def outer(a: Operand, b: Operand) -> Operand:
    """Return all products of the elements of two arrays, as a matrix."""
    return ops.outer(ravel(a), ravel(b))


@translates("linalg.outer")
def linalg_outer(x1: Operand, x2: Operand) -> Operand:
    """Return all products of the elements of two vectors."""
    x1, x2 = operand(x1), operand(x2)
    if len(shape_of(x1)) != 1 or len(shape_of(x2)) != 1:
        raise ValueError("np.linalg.outer needs two vectors")
    return ops.outer(x1, x2)


@translates("linalg.matmul")
def matmul(x1: Operand, x2: Operand) -> Operand:
    """Return products of vectors and matrices."""
    return ops.matmul(operand(x1), operand(x2))


@translates("linalg.vecdot")
def vecdot(x1: Operand, x2: Operand, axis: int = -1) -> Operand:
    """Return the products summed over one axis."""
    return sum_(operand(x1) * operand(x2), index(axis))


@translates("tensordot")
def tensordot(a: Operand, b: Operand, axes: Operand = 2) -> Operand:
    """Return the products summed over pairs of axes."""
    a, b = operand(a), operand(b)
    if isinstance(axes, (int, np.integer)):
        axes = range(len(shape_of(a)) - int(axes), len(shape_of(a))), range(int(axes))
    of_a, of_b = (
        axes_of(tuple(map(int, np.atleast_1d(np.asarray(part, dtype=int)))), len(shape_of(x)))
        for part, x in zip(axes, (a, b), strict=True)
    )
    if [shape_of(a)[i] for i in of_a] != [shape_of(b)[i] for i in of_b]:
        raise ValueError(
            f"np.tensordot of the shapes {shape_of(a)} and {shape_of(b)}: the sizes along axes={axes} differ"
        )
    free_a = [i for i in range(len(shape_of(a))) if i not in of_a]
    free_b = [i for i in range(len(shape_of(b))) if i not in of_b]
    shape_a, shape_b = [shape_of(a)[i] for i in free_a], [shape_of(b)[i] for i in free_b]
    count = int(np.prod([shape_of(a)[i] for i in of_a], dtype=int))
    left = reshape(_permute(a, [*free_a, *of_a]), (int(np.prod(shape_a, dtype=int)), count))
    right = reshape(_permute(b, [*of_b, *free_b]), (count, int(np.prod(shape_b, dtype=int))))
    return reshape(ops.matmul(left, right), (*shape_a, *shape_b))


@translates("linalg.tensordot")
def linalg_tensordot(x1: Operand, x2: Operand, axes: Operand = 2) -> Operand:
    """Return the products summed over pairs of axes."""
    return tensordot(x1, x2, axes)


def _permute(x: Operand, order: Sequence[int]) -> Operand:
    return x if list(order) == sorted(order) else transpose(x, tuple(order))


@translates("kron")
def kron(a: Operand, b: Operand) -> Operand:
    """Return the Kronecker product."""
    a, b = operand(a), operand(b)
    rank = max(len(shape_of(a)), len(shape_of(b)))
    shape_a = (1,) * (rank - len(shape_of(a))) + shape_of(a)
    shape_b = (1,) * (rank - len(shape_of(b))) + shape_of(b)
    spread_a = reshape(a, tuple(size for n in shape_a for size in (n, 1)))
    spread_b = reshape(b, tuple(size for n in shape_b for size in (1, n)))
    return reshape(mul(spread_a, spread_b), tuple(m * n for m, n in zip(shape_a, shape_b, strict=True)))


@translates("cross")
def cross(
    a: Operand, b: Operand, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Operand:
    """Return the cross product of vectors in space, or its third component for vectors in a plane."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = moveaxis(a, axisa, -1), moveaxis(b, axisb, -1)
    sizes = shape_of(a)[-1], shape_of(b)[-1]
    if any(size not in (2, 3) for size in sizes):
        raise ValueError(f"np.cross needs vectors of 2 or 3 components, not {sizes[0]} and {sizes[1]}")
    a1, a2, b1, b2 = a[..., 0], a[..., 1], b[..., 0], b[..., 1]
    third = a1 * b2 - a2 * b1
    if sizes == (2, 2):
        return third
    a3 = a[..., 2] if sizes[0] == 3 else 0.0
    b3 = b[..., 2] if sizes[1] == 3 else 0.0
    return moveaxis(stack(a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, third, axis=-1), -1, axisc)


@translates("linalg.cross")
def linalg_cross(x1: Operand, x2: Operand, axis: int = -1) -> Operand:
    """Return the cross product of vectors in space."""
    return cross(x1, x2, axis=axis)


# ---------------------------------------------------------------- linear algebra


@translates("linalg.det")
def det(a: Operand) -> Operand:
    """Return the determinants."""
    return ops.det(operand(a))


@translates("linalg.slogdet")
def slogdet(a: Operand) -> Operand:
    """Return the sign and the logarithm of the size of the determinants."""
    return ops.slogdet(operand(a))


@translates("linalg.inv")
def inv(a: Operand) -> Operand:
    """Return the inverses."""
    return ops.inv(operand(a))


@translates("linalg.solve")
def solve(a: Operand, b: Operand) -> Operand:
    """Return the solutions of linear equations."""
    return ops.solve(operand(a), operand(b))


@translates("linalg.multi_dot")
def multi_dot(arrays: Sequence[Operand]) -> Operand:
    """Return the product of several matrices, from the first to the last."""
    product = operand(arrays[0])
    for array in arrays[1:]:
        product = ops.matmul(product, operand(array))
    return product


@translates("linalg.matrix_power")
def matrix_power(a: Operand, n: int) -> Operand:
    """Return a whole power of matrices, by squaring."""
    a = operand(a)
    power = abs(index(n))
    base = ops.inv(a) if n < 0 else a
    result = None
    while power:
        if power % 2:
            result = base if result is None else ops.matmul(result, base)
        power //= 2
        base = ops.matmul(base, base) if power else base
    return a * 0.0 + np.eye(shape_of(a)[-1]) if result is None else result
