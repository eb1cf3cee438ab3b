"""Shapes: broadcasting, axes, and the limits of an array. There are no operations here.

May import `errors` and `operands` only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod as product_of
from typing import TypeAlias

from ..errors import ShapeError
from .operands import Operand, Shape, is_list, shape_of

Axis: TypeAlias = "int | tuple[int, ...] | None"
MAX_AXES = 32  # the limit of NumPy's older versions
MAX_ELEMENTS = 2**31  # of one array: 17 GB


def shape_text(shape: Shape) -> str:
    """Return a shape as people write it.

    >>> shape_text((2, 3)), shape_text((2,)), shape_text(())
    ('(2, 3)', '(2,)', 'a number')
    """
    return str(tuple(shape)) if shape else "a number"


def broadcast_shape(*shapes: Shape) -> Shape:
    """Return the common shape of elementwise arguments.

    Raises:
        ShapeError: they do not broadcast.

    >>> broadcast_shape((2, 1), (3,), ())
    (2, 3)
    """
    common: list[int] = []
    for shape in shapes:
        if len(shape) > len(common):
            common[:0] = [1] * (len(shape) - len(common))
        for i in range(-len(shape), 0):
            if shape[i] != common[i]:
                if common[i] != 1 and shape[i] != 1:
                    listed = " and ".join(shape_text(each) for each in shapes)
                    raise ShapeError(f"the shapes {listed} do not fit", hint="sizes must be equal, or 1")
                common[i] = shape[i] if common[i] == 1 else common[i]
    return tuple(common)


def axes_of(axis: Axis, ndim: int) -> tuple[int, ...]:
    """Return the axes of an axis parameter, counted from 0. None means all axes.

    Raises:
        ShapeError: there is no such axis.

    >>> axes_of(-1, 3), axes_of(None, 2)
    ((2,), (0, 1))
    """
    if axis is None:
        return tuple(range(ndim))
    axes: list[int] = []
    for each in axis if isinstance(axis, tuple) else (axis,):
        if not -ndim <= each < ndim:
            counted = f"{ndim} axis" if ndim == 1 else f"{ndim} axes"
            raise ShapeError(f"there is no axis {each}", hint=f"the argument has {counted}")
        if each % ndim in axes:
            raise ShapeError(f"the axis {each} is named twice", hint="leave one out")
        axes.append(each % ndim)
    return tuple(axes)


def kept_shape(shape: Shape, axis: Axis) -> Shape:
    """Return the shape after a reduction that keeps its axes, at size 1."""
    return reduced_shape(shape, axis, keepdims=True)


def reduced_shape(shape: Shape, axis: Axis, keepdims: bool = False) -> Shape:
    """Return the shape after a reduction along some axes."""
    reduced = axes_of(axis, len(shape))
    return tuple(1 if i in reduced else n for i, n in enumerate(shape) if keepdims or i not in reduced)


def shape_of_list(x: Operand) -> Shape:
    """Return the shape of an argument that may be a nested list."""
    if not is_list(x):
        return shape_of(x)
    import numpy as np

    return np.shape(x)


def check_limits(shape: Shape) -> None:
    """Check that an array of this shape can be made.

    Raises:
        ShapeError: too many axes or elements.
    """
    if len(shape) > MAX_AXES:
        raise ShapeError(f"an array of {len(shape)} axes", hint=f"use at most {MAX_AXES}")
    if product_of(shape) > MAX_ELEMENTS:
        raise ShapeError(
            f"an array of the shape {shape_text(shape)} does not fit into memory", hint="use smaller sizes"
        )


def stretched_shape(old: Shape, shape: Shape) -> Shape:
    """Return the shape that an array is repeated to.

    Raises:
        ShapeError: the array does not broadcast to it.
    """
    check_limits(shape)
    if any(n < 0 for n in shape) or broadcast_shape(old, shape) != tuple(shape):
        raise ShapeError(f"cannot broadcast {shape_text(old)} to {shape_text(shape)}")
    return shape


def shrunk_shape(old: Shape, shape: Shape) -> Shape:
    """Return the shape that a repeated array is summed to.

    Raises:
        ShapeError: that shape does not broadcast to the old one.
    """
    stretched_shape(shape, old)
    return shape


def matrix_shape(shape: Shape, name: str) -> Shape:
    """Return the shape of a matrix, or of several.

    Raises:
        ShapeError: there are fewer than two axes.
    """
    if len(shape) < 2:
        raise ShapeError(f"{name} needs a matrix, not {shape_text(shape)}")
    return shape


def square_shape(name: str) -> Callable[[Shape], Shape]:
    """Return a shape rule that takes square matrices and returns their shape."""

    def square(shape: Shape) -> Shape:
        if matrix_shape(shape, name)[-1] != shape[-2]:
            raise ShapeError(f"{name} needs a square matrix, not {shape_text(shape)}")
        return shape

    return square


def scalar_of_square(name: str) -> Callable[[Shape], Shape]:
    """Return a shape rule that takes square matrices and returns a number for each."""
    square = square_shape(name)
    return lambda shape: square(shape)[:-2]


def sizes_of(x: Operand, shape: Sequence[Operand]) -> tuple[int, ...]:
    """Return sizes given one by one or as one tuple. A -1 is computed from the other sizes."""
    sizes = tuple(map(int, unpack(shape)))
    if sizes.count(-1) == 1:
        rest = -product_of(sizes)
        total = product_of(shape_of_list(x))
        sizes = tuple((total // rest if rest else 0) if n == -1 else n for n in sizes)
    return sizes


def unpack(sizes: Sequence[Operand]) -> Sequence[Operand]:
    """Return whole numbers that were given one by one, or as one tuple."""
    first: Sequence[Operand] = sizes[0] if len(sizes) == 1 and hasattr(sizes[0], "__len__") else sizes
    return first
