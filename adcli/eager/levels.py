"""Levels: the number of the derivative to which a carrier belongs, so that nested derivatives do not mix.

Where carriers of several levels meet, the highest applies the operation, and the others are constants to it. This keeps
d/dx [x * d/dy (x + y)] at 1 (Siskind and Pearlmutter, "Perturbation confusion and referential transparency", 2005).
Numbers and symbols have level 0. A Value or Dual that the user makes of numbers has level 1. Each transformation draws
a fresh level.
"""

from __future__ import annotations

from itertools import count

import numpy as np

from ..ops.on_arrays import FLOAT, new_array
from ..ops.operands import NUMBERS, CarriersInArrayError, Operand, float_array

FIRST_LEVEL = 1000  # from this level on, carriers belong to transformations
fresh_level = count(FIRST_LEVEL, 1000).__next__  # gaps leave room for Duals that a user nests inside a transformation


def plain(x: Operand) -> Operand:
    """Return a number as a float, an array or list as a new float64 array, and a carrier as it is.

    Raises:
        TypeError: it is another type.
        RequestError: it is a list whose rows have different lengths.

    >>> plain(2), plain([1, 2])
    (2.0, array([1., 2.]))
    """
    if x.__class__ is float:
        return x
    if x.__class__ is np.ndarray and x.dtype is FLOAT and x.shape:
        return x.copy()
    if getattr(x, "level", None) is not None:
        return x
    array = new_array(x)
    if array.dtype != np.float64:
        if array.dtype.kind == "b":
            return array if array.shape else bool(array)
        if array.dtype.kind not in "iufO" and not isinstance(x, np.ndarray):
            raise TypeError(f"a {type(x).__name__} is not a number or an array of numbers")
        try:
            array = float_array(array)
        except TypeError as error:
            if isinstance(x, np.ndarray) or isinstance(error, CarriersInArrayError):
                raise
            raise TypeError(f"a {type(x).__name__} is not a number or an array of numbers") from None
    return array if array.shape else float(array)


def unwrap_scalar(x: Operand) -> Operand:
    """Return NumPy's scalars as Python floats and bools, arrays and carriers as they are."""
    kind = x.__class__
    if kind in NUMBERS:
        return float(x) if kind is int else x
    if x.shape if kind is np.ndarray else not isinstance(x, np.generic):
        return x
    return bool(x) if x.dtype == np.bool_ else float(x)


def copy_if_shared(x: Operand, shared: set[int]) -> Operand:
    """Return an array that may be written to: a view, or an array whose id is in `shared`, is copied.

    >>> array = np.zeros(2)
    >>> copy_if_shared(array, set()) is array, copy_if_shared(array, {id(array)}) is array
    (True, False)
    """
    if x.__class__ is np.ndarray:
        if x.base is not None or id(x) in shared:
            x = np.array(x)
        shared.add(id(x))
    return x
