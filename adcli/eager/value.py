"""The class `Value`: a number or an array that records the operations on it and computes gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ..errors import ShapeError
from ..ops import Op
from ..ops.arithmetic import add, div, mul, power, sub
from ..ops.operands import NUMBERS, Numeric, Operand, shape_of
from ..ops.rules import zeros_like
from .copying import Memo, Reduced, deep_copy, make_node, reduce_node, shallow_copy
from .drawn import DrawnValue
from .levels import copy_if_shared, plain, unwrap_scalar
from .numeric import NumericCarrier
from .operators import make_operator, make_reflected_operator, next_number
from .sweep import nodes_below, sweep

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import ArrayLike

_NO_GRADIENT: Operand = None


class Value(DrawnValue, NumericCarrier):
    """A number or an array that records the operations on it.

    Each operation computes at once and appends a node. `backward` on a result fills `grad` of every node below it.
    Operators take numbers and arrays on either side. Each function of the language is a method and a function of
    adcli, and NumPy's function of the same name (``np.sin(x)``) works as well. Nothing recurses, so that only memory
    limits the length of a chain of operations.

    ``format(x, ".3f")``, ``round(x, 3)`` and ``x.item()`` give plain numbers. ``float(x)`` is a TypeError, because
    ``math.sin(x)`` would lose the gradient silently.

    Args:
        value: a number, a list or an array. It is copied, as float64.
        label: a name for pictures and programs. It may be set later, on results too.

    Attributes:
        value: a float or a float64 array. `data` is another name of it. The value of a leaf may be set, and `forward`
            then computes the results again.
        grad: the derivative of the result of the last `backward` by this, of the shape of the value. None before the
            first `backward`.
        op: the operation (``str(x.op)`` is its sign or name), None for a leaf.
        inputs: the operands of the operation: Values, numbers and arrays.
        label: the name, or None.

    Raises:
        TypeError: the value is not a number or an array of numbers.

    >>> x, y = Value(2.0, label="x"), Value(3.0, label="y")
    >>> z = x*y + x**2
    >>> z.backward()
    >>> z.value, x.grad, y.grad
    (10.0, 7.0, 2.0)
    """

    __slots__ = ("__weakref__", "_order", "grad", "inputs", "label", "number", "op", "value")
    level = 1
    family: ClassVar[set[Operand]]  # this class and all that derive from it. The level tells whose node an object is
    # None before the first backward. The type omits None, so that users need no check after backward.
    grad: Numeric
    op: Op | None
    inputs: tuple[Operand, ...]
    label: str | None
    number: int

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        Value.family.add(cls)

    def __init__(self, value: ArrayLike, label: str | None = None) -> None:
        self.value = plain(value)
        if getattr(self.value, "level", 0):
            raise TypeError(f"a Value holds numbers, not a {type(value).__name__}: use its .value")
        self.grad = _NO_GRADIENT
        self.op = None
        self.inputs = ()
        self.label = label
        self.number = next_number()

    # ------------------------------------------------------------ properties

    @property
    def data(self) -> Numeric:
        """The value. It may be set to lists and arrays of any type of number."""
        return self.value

    @data.setter
    def data(self, value: ArrayLike) -> None:
        self.value = plain(value)

    @property
    def prev(self) -> tuple[Value, ...]:
        """The Values from which it was computed. Constants are in `inputs` only.

        >>> x = Value(2.0)
        >>> (3.0 * x).prev == (x,)
        True
        """
        return tuple([x for x in self.inputs if self._is_node(x)])

    def __repr__(self) -> str:
        value = (
            np.array2string(self.value, separator=", ", threshold=20)
            if isinstance(self.value, np.ndarray)
            else repr(self.value)
        )
        parts = [value]
        if self.label is not None:
            parts.append(f"label={self.label!r}")
        if self.op is not None:
            parts.append(f"op={str(self.op)!r}")
        if self.grad is not None:
            grad = self.grad
            parts.append(f"grad={grad!r}" if not self.shape else f"grad of shape {getattr(grad, 'shape', ())}")
        return f"{type(self).__name__}({', '.join(parts)})"

    # ------------------------------------------------------------ operations

    def apply_op(self, op: Op, arguments: Sequence[Operand]) -> Operand:
        """Compute the result and record it as a node."""
        level, family = self.level, self.family
        inputs, primals = [], []
        numbers, plainly = op.shape is None, True
        for x in arguments:
            primal = x
            if x.__class__ in family and x.level == level:
                primal = x.value
            elif x.__class__ not in NUMBERS:
                primal = x = self._input(x, level)
            inputs.append(x)
            primals.append(primal)
            if primal.__class__ not in NUMBERS:
                numbers = False
                plainly = plainly and primal.__class__ is np.ndarray
        if numbers:
            value = op.forward(*primals)
        else:
            value = op.on_arrays(primals) if plainly else op(*primals)
        return self._record(op, unwrap_scalar(value), tuple(inputs))

    def _input(self, x: Operand, level: int) -> Operand:
        other = getattr(x, "level", 0)
        if other == level:
            raise TypeError(f"a {x.noun} and a {self.noun} of one level do not mix")
        return plain(x)

    def _is_node(self, x: object) -> bool:
        """Return whether an input is a node of this graph instead of a constant."""
        return x.__class__ in self.family

    def _record(self, op: Op, value: Operand, inputs: tuple[Operand, ...]) -> Value:
        node: Value = make_node(Value, op, inputs, value, None, None)
        return node

    def __copy__(self) -> Self:
        copied: Self = shallow_copy(self)
        return copied

    def __deepcopy__(self, memo: Memo) -> Self:
        copied: Self = deep_copy(self, memo)
        return copied

    def __reduce__(self) -> Reduced:
        return reduce_node(self)

    # ------------------------------------------------------------ passes

    def order(self) -> list[Value]:
        """Return the nodes from which this was computed, in order of evaluation, without itself.

        >>> x = Value(2.0)
        >>> (x * x).order() == [x]
        True
        """
        try:
            return self._order
        except AttributeError:
            self._order: list[Value] = nodes_below([self])
            return self._order

    def backward(self, seed: ArrayLike | None = None, *, accumulate: bool = False) -> None:
        """Fill `grad` of every node from which this was computed.

        Gradients start from zero at each call. A node on which the result does not depend (behind a branch that is not
        taken) gets 0. If a scalar result is nan, so are the gradients of the leaves.

        Args:
            seed: the cotangent of this value, of its shape [default: 1 for a number].
            accumulate: add to the gradients of the leaves instead of replacing them.

        Raises:
            ShapeError: an array without a seed, or a seed of another shape.

        >>> x = Value([1.0, 2.0])
        >>> (x * x).backward(seed=[1.0, 10.0])
        >>> x.grad
        array([ 2., 40.])
        """
        cotangent = self._seed(seed)
        order: list[Operand] = self.order()
        leaves: list[Operand] = [node for node in order if node.op is None] if self.op is not None else [self]
        earlier = [leaf.grad for leaf in leaves] if accumulate else []
        has_arrays = sweep([self], [cotangent], order)
        for node in order:
            if node.grad is None and node.value.__class__ is not bool:
                node.grad = zeros_like(node.value)
        if self.value.__class__ is float and self.value != self.value:
            for leaf in leaves:
                leaf.grad = None if leaf.grad is None else leaf.grad + self.value
        elif has_arrays:
            shared = {id(node.grad) for node in [*order, self] if node.op is not None}
            for leaf in leaves:
                leaf.grad = copy_if_shared(leaf.grad, shared)
        for leaf, grad in zip(leaves, earlier, strict=False):
            if grad is not None:
                leaf.grad = grad + leaf.grad

    def _seed(self, seed: ArrayLike | None) -> Operand:
        """Return the cotangent to start `backward` from, checked."""
        if seed is None:
            if self.shape:
                hint = "give a seed of that shape, or sum it"
                raise ShapeError(f"backward of an array of shape {self.shape}", hint=hint)
            return 1.0
        cotangent = plain(seed)
        if shape_of(cotangent) != self.shape:
            raise ShapeError(f"a seed of shape {shape_of(cotangent)} for a value of shape {self.shape}")
        return cotangent

    def forward(self) -> Numeric:
        """Compute everything again from the leaves, whose values may have been set, and return the new value.

        Choices (`where`, `max`, `relu`, comparisons) are nodes, so they are computed again too.

        >>> x = Value(2.0)
        >>> z = x * x
        >>> x.value = 3
        >>> z.forward()
        9.0
        """
        for node in [*self.order(), self]:
            op = node.op
            if op is None:
                node.value = plain(node.value)
            else:
                node.value = unwrap_scalar(op(*[x.value if node._is_node(x) else x for x in node.inputs]))
        return self.value

    def zero_grad(self) -> None:
        """Set the gradient of this, and of every node from which it was computed, to zero."""
        for node in [*self.order(), self]:
            node.grad = zeros_like(node.value)

    def detach(self) -> Value:
        """Return a leaf of the same value and label, through which no gradient passes."""
        return Value(self.value, self.label)


Value.family = {Value}

for _name, _op in {"add": add, "sub": sub, "mul": mul, "truediv": div, "pow": power}.items():
    setattr(Value, f"__{_name}__", make_operator(_op, Value))
    setattr(Value, f"__r{_name}__", make_reflected_operator(_op, Value))
