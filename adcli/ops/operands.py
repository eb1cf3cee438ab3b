"""The arguments of operations: numbers, arrays and carriers, the types of rules on them, and their shapes.

May import nothing of the package. NumPy is not imported before there is an array.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
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
NUMERIC_KINDS = frozenset("biuf")  # of dtypes: truths, whole numbers, floats


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


def float_of(x: Operand) -> float:
    """Return the nearest float of a number of Python. Beyond the range it is infinite.

    >>> float_of(2**70), float_of(-(10**400))
    (1.1805916207174113e+21, -inf)
    """
    try:
        return float(x)
    except OverflowError:
        return inf if x > 0 else -inf


def is_numeric(x: object) -> bool:
    """Return whether something is a number, an array of numbers, a list of numbers or a carrier."""
    if x.__class__ in NUMBERS or getattr(x, "level", None) is not None:
        return True
    if isinstance(x, (list, tuple)):
        return all(is_numeric(part) for part in x)
    from decimal import Decimal
    from numbers import Real

    dtype = getattr(x, "dtype", None)
    return isinstance(x, (Real, Decimal)) if dtype is None else getattr(dtype, "kind", "") in NUMERIC_KINDS


def has_masked_cells(x: Operand) -> bool:
    """Return whether something is a masked array of NumPy with masked cells."""
    mask = getattr(x, "mask", None)
    return mask is not None and hasattr(x, "filled") and bool(mask.any())


def is_list(x: object) -> bool:
    """Return whether an argument is a list or a tuple, which stands for an array."""
    return isinstance(x, (list, tuple))


def holds_carriers(x: Operand) -> bool:
    """Return whether an argument is a list with carriers, or an array of objects with carriers.

    >>> holds_carriers([1.0, 2.0])
    False
    """
    pending = [x]
    while pending:
        part = pending.pop()
        if is_list(part):
            pending.extend(part)
        elif getattr(getattr(part, "dtype", None), "kind", "") == "O":
            pending.extend(part.flat)
        elif part is not x and getattr(part, "level", None) is not None:
            return True
    return False


class CarriersInArrayError(TypeError):
    """An array of objects has carriers, as `np.array([x, y])` makes it. `Op` joins them and tries again."""


def float_array(array: Operand) -> Array:
    """Return a float64 array from one of whole numbers, truths, floats of another width or objects that are numbers.

    Raises:
        TypeError: the elements are not numbers.
    """
    if array.dtype.kind == "O":
        array = _from_objects(array)
    if array.dtype.kind not in NUMERIC_KINDS:
        if holds_carriers(array):
            raise CarriersInArrayError("an array of Values: join them with adcli.stack([x, y])")
        raise TypeError(f"an array of {array.dtype} is not an array of numbers")
    converted: Array = array.astype("float64")
    return converted


def _from_objects(array: Operand) -> Operand:
    """Return an array of objects as float64 if all of them are numbers, such as large ints and fractions."""
    import numpy as np

    parts = array.ravel().tolist()
    if not all(is_numeric(x) and getattr(x, "level", None) is None for x in parts):
        return array
    return np.array([float_of(x) for x in parts]).reshape(array.shape)
