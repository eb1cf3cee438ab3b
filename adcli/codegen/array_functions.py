"""Functions of arrays for code in NumPy, in the place of kernels that raise adcli's errors or take its own indices."""

from __future__ import annotations

import numpy as np

from ..ops.operands import Array, Numeric, Operand, Shape
from ..ops.shapes import Axis


def axes_of(axis: Axis, ndim: int) -> tuple[int, ...]:
    """Return the axes of an axis parameter, counted from 0. None means all axes."""
    if axis is None:
        return tuple(range(ndim))
    return tuple([each % ndim for each in (axis if isinstance(axis, tuple) else (axis,))])


def scatter(x: Numeric, index: Operand, shape: Shape) -> Array:
    """Return zeros of a shape with x added at an index, once for each repetition."""
    whole = np.zeros(shape)
    if any(isinstance(part, np.ndarray) for part in index):
        np.add.at(whole, index, x)
    else:
        whole[index] = x
    return whole


def solve(a: Array, b: Array, vector: bool) -> Operand:
    """Return the x with a @ x = b. With `vector` the last axis of b is a vector, else its last two are a matrix."""
    b = np.expand_dims(b, -1) if vector else b
    x = np.linalg.solve(a, b.reshape((1,) * (np.ndim(a) - b.ndim) + b.shape))
    return x[..., 0] if vector else x


def logdet(a: Array) -> Operand:
    """Return log(det(a)), nan if the determinant is not positive."""
    sign, log = np.linalg.slogdet(a)
    return np.where(sign > 0, log, np.nan)
