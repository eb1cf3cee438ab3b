"""The base of Values and Duals: a value that is a number or an array, and its conversions to plain numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, overload

from ..errors import ShapeError
from ..ops import Carrier
from ..ops.operands import NUMBERS, Numeric, Operand, Shape, shape_of


class NumericCarrier(Carrier):
    """A carrier whose `value` is a float, a float64 array, or inside a transformation a carrier of a lower level."""

    __slots__ = ()
    value: Numeric

    @property
    def shape(self) -> Shape:  # type: ignore[override]
        """The shape of the value, () for a number."""
        return shape_of(self.value)

    def item(self) -> float:
        """Return the value as a plain Python number, without its derivatives. An array must have one element.

        >>> from adcli import Value
        >>> Value(2.5).item(), Value([[2.5]]).item()
        (2.5, 2.5)
        """
        if self.size != 1:
            raise ShapeError(f"item of an array of shape {self.shape}", hint="pick one element first, as in x[0]")
        value: Operand = self.value
        number: float = value if value.__class__ in NUMBERS else value.item()
        return number

    def __bool__(self) -> bool:
        return bool(self.value)

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        return format(self._scalar(f"the format '{spec}'", "numpy.array2string formats its .value"), spec)

    @overload
    def __round__(self, ndigits: None = None) -> int: ...
    @overload
    def __round__(self, ndigits: int) -> float: ...
    def __round__(self, ndigits: int | None = None) -> float:
        return round(self._scalar("round()", "adcli.round takes arrays"), ndigits)

    def _scalar(self, operation: str, hint: str) -> float:
        """Return the plain number of a scalar, or raise the TypeError that NumPy raises for an array."""
        if self.shape:
            raise TypeError(f"{operation} needs a number, not a {self.noun} of shape {self.shape}: {hint}")
        return self.item()

    if not TYPE_CHECKING:  # otherwise type checkers would accept math.sin(x)

        def __float__(self) -> NoReturn:
            # math.sin(x) calls this method. If it returned a number, the derivative would be lost silently.
            raise TypeError(f"a {self.noun} does not convert to a float: use .item(), or adcli.sin instead of math.sin")

        __int__ = __float__
