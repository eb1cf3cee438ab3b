"""The base of everything that an operation takes in the place of a number.

Its operators come from `arithmetic.py`, its methods from the whole table (`ops/__init__.py`), and what NumPy calls from
`numpy_protocol.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod as product_of
from typing import TYPE_CHECKING

from .arithmetic import (
    absolute,
    add,
    both,
    div,
    either,
    eq,
    floordiv,
    ge,
    gt,
    le,
    lt,
    mod,
    mul,
    ne,
    neg,
    negate,
    power,
    sub,
)
from .lazy_table import LazyTable
from .op import TABLE, Op
from .operands import Operand, Rule, is_numeric

if TYPE_CHECKING:
    from typing import Self


class Carrier:
    """The base of what an op takes in the place of a number. It has the operators, and a subclass has `apply_op`.

    Every function of the table that takes an array first is a method: ``x.sin()``, ``x.sum(axis=0)``. Functions of
    NumPy call the operation of their name: ``np.sin(x)``, ``np.sum(x)``, ``array * x``.

    Attributes:
        level: where carriers of several kinds meet, the one of the highest level applies the op.
        shape: the shape of the array that it stands for, () for a number.
        reciprocal: for a symbol of 1/y or -(1/y) the pair of y and whether the sign is negative, otherwise None.
        squared: x for a symbol of x**2, otherwise None.
        noun: what messages call it.
    """

    __slots__ = ()
    level = 0
    reciprocal: Operand = None
    squared: Operand = None
    noun = "Value"
    shape: tuple[int, ...]
    __hash__ = object.__hash__

    if TYPE_CHECKING:  # what `numpy_protocol.py` and `ops/__init__.py` add
        dtype: Operand

        def __getattr__(self, name: str) -> Callable[..., Self]: ...

    def apply_op(self, op: Op, arguments: tuple[Operand, ...]) -> Operand:
        """Apply the op to arguments, at least one of which is of this kind. Others may be numbers."""
        raise TypeError(f"{type(self).__name__} does not define apply_op")

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return product_of(self.shape)

    @property
    def T(self) -> Self:  # noqa: N802 - NumPy's name
        """The array with its axes reversed."""
        result: Self = TABLE["transpose"](self)
        return result

    def __getitem__(self, index: Operand) -> Self:
        result: Self = TABLE["getitem"](self, index)
        return result

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a number has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Self]:
        return (self[i] for i in range(len(self)))

    @property
    def mT(self) -> Self:  # noqa: N802 - NumPy's name
        """The matrices of the last two axes transposed."""
        result: Self = TABLE["swapaxes"](self, -1, -2)
        return result

    def __add__(self, other: Operand) -> Self:
        result: Self = add(self, other)
        return result

    def __radd__(self, other: Operand) -> Self:
        result: Self = add(other, self)
        return result

    def __sub__(self, other: Operand) -> Self:
        result: Self = sub(self, other)
        return result

    def __rsub__(self, other: Operand) -> Self:
        result: Self = sub(other, self)
        return result

    def __mul__(self, other: Operand) -> Self:
        result: Self = mul(self, other)
        return result

    def __rmul__(self, other: Operand) -> Self:
        result: Self = mul(other, self)
        return result

    def __truediv__(self, other: Operand) -> Self:
        result: Self = div(self, other)
        return result

    def __rtruediv__(self, other: Operand) -> Self:
        result: Self = div(other, self)
        return result

    def __mod__(self, other: Operand) -> Self:
        result: Self = mod(self, other)
        return result

    def __rmod__(self, other: Operand) -> Self:
        result: Self = mod(other, self)
        return result

    def __floordiv__(self, other: Operand) -> Self:
        result: Self = floordiv(self, other)
        return result

    def __rfloordiv__(self, other: Operand) -> Self:
        result: Self = floordiv(other, self)
        return result

    def __divmod__(self, other: Operand) -> tuple[Self, Self]:
        return self // other, self % other

    def __rdivmod__(self, other: Operand) -> tuple[Self, Self]:
        return other // self, other % self

    def __pow__(self, other: Operand) -> Self:
        result: Self = power(self, other)
        return result

    def __rpow__(self, other: Operand) -> Self:
        result: Self = power(other, self)
        return result

    def __matmul__(self, other: Operand) -> Self:
        result: Self = TABLE["matmul"](self, other)
        return result

    def __rmatmul__(self, other: Operand) -> Self:
        result: Self = TABLE["matmul"](other, self)
        return result

    def __lt__(self, other: Operand) -> Operand:
        return lt(self, other)

    def __le__(self, other: Operand) -> Operand:
        return le(self, other)

    def __gt__(self, other: Operand) -> Operand:
        return gt(self, other)

    def __ge__(self, other: Operand) -> Operand:
        return ge(self, other)

    # Beside something that is not numeric, such as None, Python compares by identity.

    def __eq__(self, other: Operand) -> Operand:
        return eq(self, other) if is_numeric(other) else NotImplemented

    def __ne__(self, other: Operand) -> Operand:
        return ne(self, other) if is_numeric(other) else NotImplemented

    def __and__(self, other: Operand) -> Operand:
        return all_of(self, other)

    def __or__(self, other: Operand) -> Operand:
        return any_of(self, other)

    def __xor__(self, other: Operand) -> Operand:
        return one_of(self, other)

    def __invert__(self) -> Operand:
        return none_of(self)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __neg__(self) -> Self:
        result: Self = neg(self)
        return result

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Self:
        result: Self = absolute(self)
        return result


def is_condition(x: Operand) -> bool:
    """Return whether something is a truth value, an array of them, or a carrier of them."""
    while isinstance(x, Carrier):
        if not hasattr(x, "value"):
            op: Op | None = getattr(x, "op", None)
            return op is not None and op.is_condition
        x = x.value
    return x.__class__ is bool or getattr(getattr(x, "dtype", None), "kind", "") == "b"


def _on_conditions(rule: Rule) -> Rule:
    """Return a rule that refuses arguments that are not conditions."""

    def checked(*arguments: Operand) -> Operand:
        if not all(map(is_condition, arguments)):
            raise TypeError("the signs & | ^ ~ join conditions, each in parentheses, as in (x > 0) & (x < 2)")
        return rule(*arguments)

    return checked


all_of, any_of, none_of = map(_on_conditions, (both, either, negate))
one_of = _on_conditions(lambda x, y: either(both(x, negate(y)), both(negate(x), y)))

# NumPy's names of ufuncs -> the operations. `ops/__init__.py` fills it from the table.
UFUNCS: LazyTable[Rule] = LazyTable()
