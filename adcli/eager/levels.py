"""Levels: which carrier belongs to which derivative, so that nested ones never take each other's tangents.

Where carriers of several levels meet, the highest applies the op, and the others are constants to it; that is what
keeps d/dx [x * d/dy (x + y)] at 1 (Siskind and Pearlmutter, "Perturbation confusion and referential transparency",
2005). Numbers and symbols have level 0, a Value or Dual that the user makes of numbers 1; every transformation draws a
fresh one.
"""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np

from ..ops.on_arrays import FLOAT
from ..ops.operands import NUMBERS, float_array

fresh_level = count(1000, 1000).__next__  # gaps leave room for Duals that a user nests inside a transformation


def plain(x: Any) -> Any:
    """What a user gave as a number or an array: a float, a float64 array of its own, or the carrier that it is.

    Raises:
        TypeError: it is none of these.

    >>> plain(2), plain([1, 2])
    (2.0, array([1., 2.]))
    """
    if x.__class__ is float:
        return x
    if x.__class__ is np.ndarray and x.dtype is FLOAT and x.shape:
        return x.copy()
    if getattr(x, "level", None) is not None:
        return x
    array = np.array(x)
    if array.dtype != np.float64:
        if array.dtype.kind == "b":
            return array if array.shape else bool(array)
        array = float_array(array)
    return array if array.shape else float(array)


def settled(x: Any) -> Any:
    """A result as it is kept: scalars as Python floats, truths as bools, arrays and carriers as they are."""
    kind = x.__class__
    if kind in NUMBERS:
        return float(x) if kind is int else x
    if x.shape if kind is np.ndarray else not isinstance(x, np.generic):
        return x
    return bool(x) if x.dtype == np.bool_ else float(x)


def owned(x: Any, shared: set[int]) -> Any:
    """An array of its own, which may be written to: a view, or one that is known by its id, is copied.

    >>> array = np.zeros(2)
    >>> owned(array, set()) is array, owned(array, {id(array)}) is array
    (True, False)
    """
    if x.__class__ is np.ndarray:
        if x.base is not None or id(x) in shared:
            x = np.array(x)
        shared.add(id(x))
    return x
