"""NumPy's norms of vectors and matrices."""

from __future__ import annotations

import numpy as np

from .. import arithmetic
from .. import reductions as ops
from ..arithmetic import absolute, eq, ne
from ..operands import Operand, shape_of
from ..shapes import Axis, axes_of
from ..structure import reshape
from .binding import operand, translates
from .reductions import read_axis


@translates("linalg.norm")
def norm(x: Operand, ord: Operand = None, axis: Axis = None, keepdims: bool = False) -> Operand:
    """Return NumPy's norm: of vectors for one axis, of matrices for two."""
    x = operand(x)
    rank = len(shape_of(x))
    axis = read_axis(x, axis)
    if ord is None and (axis is None or isinstance(axis, int) or len(axis) <= 2):
        return ops.norm(x, axis, bool(keepdims))
    axes = axes_of(axis, rank)
    if len(axes) == 1:
        return _vector_norm(x, ord, axes[0], keepdims)
    if len(axes) == 2:
        return _matrix_norm(x, ord, axes, keepdims)
    raise ValueError(f"np.linalg.norm with ord={ord!r} needs one or two axes: give axis=")


def _vector_norm(x: Operand, order: Operand, axis: Axis, keepdims: bool) -> Operand:
    if isinstance(order, str):
        raise ValueError(f"np.linalg.norm of vectors has no ord={order!r}")
    if order is None or order == 2:
        return ops.norm(x, axis, bool(keepdims))
    if order == 0:
        return ops.sum_(arithmetic.where(ne(x, 0.0), 1.0, 0.0), axis, bool(keepdims))
    sizes = absolute(x)
    if order in (np.inf, -np.inf):
        return (ops.amax if order > 0 else ops.amin)(sizes, axis, bool(keepdims))
    if order == 1:
        return ops.sum_(sizes, axis, bool(keepdims))
    total = ops.sum_(sizes**order, axis, bool(keepdims))
    return arithmetic.where(eq(total, 0.0), 0.0 if order > 0 else np.inf, total ** (1.0 / order))


def _matrix_norm(x: Operand, order: Operand, axes: tuple[int, ...], keepdims: bool) -> Operand:
    rows, columns = axes
    if order is None or order == "fro":
        return ops.norm(x, axes, bool(keepdims))
    if order in (2, -2, "nuc"):
        raise TypeError(
            f"np.linalg.norm of matrices with ord={order!r} needs singular values, which adcli does not have"
        )
    if order not in (1, -1, np.inf, -np.inf):
        raise ValueError(f"np.linalg.norm of matrices has no ord={order!r}")
    summed, chosen = (rows, columns) if order in (1, -1) else (columns, rows)
    sums = ops.sum_(absolute(x), summed, keepdims=True)
    result = (ops.amax if order > 0 else ops.amin)(sums, chosen, keepdims=True)
    return result if keepdims else ops.sum_(result, axes)


@translates("linalg.matrix_norm")
def matrix_norm(x: Operand, keepdims: bool = False, ord: Operand = "fro") -> Operand:
    """Return the norms of the matrices in the last two axes."""
    return norm(x, ord, (-2, -1), keepdims)


@translates("linalg.vector_norm")
def vector_norm(x: Operand, axis: Axis = None, keepdims: bool = False, ord: Operand = 2) -> Operand:
    """Return the norm of all elements, or along one axis."""
    x = operand(x)
    axis = read_axis(x, axis)
    if axis is None:
        result = _vector_norm(reshape(x, (-1,)), ord, 0, keepdims=False)
        return reshape(result, (1,) * len(shape_of(x))) if keepdims else result
    return _vector_norm(x, ord, axis, keepdims)
