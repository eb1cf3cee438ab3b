"""NumPy's functions that put arrays together and take them apart."""

from __future__ import annotations

from operator import index

import numpy as np

from .. import structure as ops
from ..operands import Operand, Rule, shape_of
from ..shapes import axes_of
from .binding import operand, translates
from .reductions import along
from .shapes import atleast_1d, atleast_2d, atleast_3d, ravel


def _each(arrays: Operand) -> list[Operand]:
    """Return the arrays of a list, or of an array along its first axis."""
    return [operand(x) for x in arrays]


@translates("stack")
def stack(arrays: Operand, axis: int = 0) -> Operand:
    """Return arrays of one shape along a new axis."""
    return ops.stack(*_each(arrays), axis=index(axis))


@translates("concatenate", "concat")
def concatenate(arrays: Operand, axis: int | None = 0) -> Operand:
    """Return arrays one after the other along an axis, or all their elements."""
    parts = _each(arrays)
    if axis is None:
        return ops.concatenate(*map(ravel, parts))
    if any(not shape_of(part) for part in parts):
        raise ValueError("np.concatenate takes no numbers: put them into arrays, or use np.stack")
    return ops.concatenate(*parts, axis=index(axis))


@translates("vstack", "row_stack")
def vstack(tup: Operand) -> Operand:
    """Return rows, or arrays along the first axis, one below the other."""
    return concatenate([atleast_2d(x) for x in tup], 0)


@translates("hstack")
def hstack(tup: Operand) -> Operand:
    """Return vectors one after the other, or arrays along the second axis."""
    parts = [atleast_1d(x) for x in tup]
    return concatenate(parts, 0 if len(shape_of(parts[0])) == 1 else 1)


@translates("dstack")
def dstack(tup: Operand) -> Operand:
    """Return arrays along the third axis."""
    return concatenate([atleast_3d(x) for x in tup], 2)


@translates("column_stack")
def column_stack(tup: Operand) -> Operand:
    """Return vectors as the columns of a matrix."""
    parts = _each(tup)
    return concatenate([ops.reshape(x, (-1, 1)) if len(shape_of(x)) < 2 else x for x in parts], 1)


@translates("append")
def append(arr: Operand, values: Operand, axis: int | None = None) -> Operand:
    """Return an array with values at its end."""
    return concatenate([operand(arr), operand(values)], axis)


def _splitter(divide: Rule) -> Rule:
    def split(ary: Operand, indices_or_sections: Operand, axis: int = 0) -> list[Operand]:
        ary = operand(ary)
        (place,) = axes_of(axis, len(shape_of(ary)))
        positions = divide(np.arange(shape_of(ary)[place]), indices_or_sections)
        ends = [(int(part[0]), int(part[-1]) + 1) if part.size else (0, 0) for part in positions]
        return [along(ary, place, slice(start, stop)) for start, stop in ends]

    return split


array_split = translates("array_split")(_splitter(np.array_split))
split = translates("split")(_splitter(np.split))


@translates("hsplit")
def hsplit(ary: Operand, indices_or_sections: Operand) -> list[Operand]:
    """Return parts of a vector, or of an array along its second axis."""
    parts: list[Operand] = split(ary, indices_or_sections, min(len(shape_of(operand(ary))), 2) - 1)
    return parts


@translates("vsplit")
def vsplit(ary: Operand, indices_or_sections: Operand) -> list[Operand]:
    """Return parts along the first axis of an array of at least two axes."""
    return _split_of_rank(ary, indices_or_sections, 2, 0)


@translates("dsplit")
def dsplit(ary: Operand, indices_or_sections: Operand) -> list[Operand]:
    """Return parts along the third axis."""
    return _split_of_rank(ary, indices_or_sections, 3, 2)


def _split_of_rank(ary: Operand, indices_or_sections: Operand, rank: int, axis: int) -> list[Operand]:
    if len(shape_of(operand(ary))) < rank:
        raise ValueError(f"an array of at least {rank} axes is needed, not of shape {shape_of(ary)}")
    parts: list[Operand] = split(ary, indices_or_sections, axis)
    return parts


@translates("unstack")
def unstack(x: Operand, axis: int = 0) -> tuple[Operand, ...]:
    """Return the parts along an axis, without that axis."""
    (place,) = axes_of(axis, len(shape_of(operand(x))))
    return tuple(along(x, place, i) for i in range(shape_of(x)[place]))
