"""The arguments of operations: numbers, arrays and carriers, the types of rules on them, and their shapes.

May import nothing of the package. NumPy is not imported before there is an array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The argument of a rule: a float, a float64 array or a carrier (a Value, a Dual, a node, a series).
Operand: TypeAlias = Any
Array: TypeAlias = "NDArray[np.float64]"
Numeric: TypeAlias = "float | NDArray[np.float64]"  # the value of a variable or of a result
Shape: TypeAlias = "tuple[int, ...]"
Rule: TypeAlias = Callable[..., Operand]
Partial: TypeAlias = "Rule | float | None"
Parameters: TypeAlias = "dict[str, Operand]"  # an axis, a shape, an index: what is not differentiated
Call: TypeAlias = "tuple[tuple[Operand, ...], Parameters]"  # the arguments and the parameters of a call

NUMBERS: frozenset[Operand] = frozenset((float, int, bool))


def shape_of(x: Operand) -> Shape:
    """Return the shape of a number (none), an array or a carrier.

    >>> shape_of(2.0)
    ()
    """
    shape: Shape = getattr(x, "shape", ())
    return shape


def zeros(shape: Shape) -> Operand:
    """Return 0.0, or zeros of a shape."""
    if not shape:
        return 0.0
    import numpy as np

    return np.zeros(shape)


def ones(shape: Shape) -> Operand:
    """Return 1.0, or ones of a shape."""
    if not shape:
        return 1.0
    import numpy as np

    return np.ones(shape)


def constant(x: Operand) -> float | None:
    """Return the number of a constant argument of a rule, or None if the argument can vary."""
    if isinstance(x, (int, float)):
        return float(x)
    value: float | None = getattr(x, "constant", None)
    return value


def is_list(x: object) -> bool:
    """Return whether an argument is a list or a tuple, which stands for an array."""
    return isinstance(x, (list, tuple))


def float_array(array: Operand) -> Array:
    """Return a float64 array from one of whole numbers, truths or floats of another width.

    Raises:
        TypeError: the elements are not numbers.
    """
    if array.dtype.kind not in "biuf":
        raise TypeError(f"an array of {array.dtype} is not an array of numbers")
    converted: Array = array.astype("float64")
    return converted
