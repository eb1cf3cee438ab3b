"""Arrays of the elements of an unrolled program: floats, nodes, truths and structural zeros."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ..graph.expr import Expr
from ..ops import Op
from ..ops.arithmetic import absolute, add, div, mul, neg, sub, where
from ..ops.elementary import hypot
from ..ops.operands import Operand, Shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Elements: TypeAlias = "NDArray[np.object_]"


class Zero:
    """A structural zero."""

    def __repr__(self) -> str:
        return "ZERO"


ZERO = Zero()


def array_of(numbers: Sequence[Operand], shape: Shape) -> Elements:
    """Return an array of these objects."""
    import numpy as np

    return np.fromiter(numbers, dtype=object, count=len(numbers)).reshape(shape)


def constant_array(constant: Operand, is_ordinary: bool) -> Elements:
    """Return the elements of a constant. Zeros of one that is not ordinary are structural."""
    import numpy as np

    array = np.asarray(constant)
    numbers = array.ravel().tolist()
    if not is_ordinary and array.shape and array.dtype.kind == "f":
        numbers = [ZERO if x == 0.0 else x for x in numbers]
    return array_of(numbers, array.shape)


def apply_to_numbers(op: Op, *numbers: Operand) -> Operand:
    """Apply an operation on numbers, of which some may be structural zeros."""
    if any(x is ZERO for x in numbers) and (rule := _OF_ZEROS.get(op)) is not None:
        return rule(*numbers)
    if op is where and not isinstance(numbers[0], Expr):
        return numbers[1] if numbers[0] else numbers[2]
    return op(*[0.0 if x is ZERO else x for x in numbers])


_OF_ZEROS: dict[Op, Callable[..., Operand]] = {
    mul: lambda x, y: ZERO,
    neg: lambda x: ZERO,
    add: lambda x, y: y if x is ZERO else x,
    sub: lambda x, y: x if y is ZERO else neg(y),
    div: lambda x, y: ZERO if x is ZERO else div(x, 0.0),
    where: lambda condition, x, y: _choose(condition, x, y),
}


def _choose(condition: Operand, x: Operand, y: Operand) -> Operand:
    if not isinstance(condition, Expr):
        return x if condition else y
    return ZERO if x is y else where(condition, 0.0 if x is ZERO else x, 0.0 if y is ZERO else y)


def fold_numbers(op: Op, numbers: Sequence[Operand], nothing: Operand = None) -> Operand:
    """Return the numbers joined by an operation from the left."""
    total = nothing
    for position, number in enumerate(numbers):
        total = apply_to_numbers(op, total, number) if position else number
    return total


def add_up(numbers: Sequence[Operand]) -> Operand:
    """Return the sum from the left."""
    return fold_numbers(add, numbers, 0.0)


def euclidean_length(numbers: Sequence[Operand]) -> Operand:
    """Return the Euclidean norm."""
    if len(numbers) == 1:
        return apply_to_numbers(absolute, numbers[0])
    return fold_numbers(hypot, [x for x in numbers if x is not ZERO], 0.0)


def small_det(n: int, a: Sequence[Operand]) -> Operand:
    """Return the determinant of at most three rows."""
    if n < 2:
        return a[0] if n else 1.0
    if n == 2:
        return apply_to_numbers(sub, apply_to_numbers(mul, a[0], a[3]), apply_to_numbers(mul, a[1], a[2]))
    minors = [small_det(2, [a[3 + i], a[3 + j], a[6 + i], a[6 + j]]) for i, j in ((1, 2), (0, 2), (0, 1))]
    terms = [apply_to_numbers(mul, *pair) for pair in zip(a[:3], minors, strict=True)]
    return apply_to_numbers(add, apply_to_numbers(sub, terms[0], terms[1]), terms[2])
