"""The `dtype` of carriers."""

from __future__ import annotations

import numpy as np

from ..carrier import Carrier, is_condition
from ..operands import Operand


class ElementType:
    """The dtype of a carrier. It equals NumPy's, and NumPy takes it in the place of that.

    ``np.mean([x, y])`` calls ``x.dtype.type`` on its result, which must stay a carrier.
    """

    def __init__(self, dtype: np.dtype[np.generic]) -> None:
        self.dtype = dtype

    def __getattr__(self, name: str) -> Operand:
        return getattr(self.dtype, name)

    def __eq__(self, other: object) -> bool:
        return bool(self.dtype == other)

    def __hash__(self) -> int:
        return hash(self.dtype)

    def __repr__(self) -> str:
        return repr(self.dtype)

    def __str__(self) -> str:
        return str(self.dtype)

    def type(self, x: Operand) -> Operand:
        """Return a carrier as it is, and a number as one of NumPy."""
        return x if isinstance(x, Carrier) else self.dtype.type(x)


FLOATS, TRUTHS = ElementType(np.dtype(np.float64)), ElementType(np.dtype(np.bool_))


def element_type(x: Carrier) -> ElementType:
    """Return the type of the numbers of a carrier."""
    return TRUTHS if is_condition(x) else FLOATS
