"""Numbers with the condition under which they exist: cotangents and tangents that know their structural zeros.

A structural zero is known before anything is computed: an element that is not picked, a branch that is not taken, a
zero of a direction or of a basis. It contributes nothing, not even 0 times an infinite derivative, which is nan. A
computed 0.0 is an ordinary number (docs/decisions/004-conditional-cotangents.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from math import prod as product_of

from .arithmetic import add, both, div, either, mul, ne, neg, negate, sub, where
from .carrier import Carrier
from .op import Op
from .operands import NUMBERS, Array, Operand, Shape, ones, shape_of, zeros
from .reductions import sum_
from .shapes import broadcast_shape
from .structure import broadcast_to, reshape, sum_to

MOST_PRODUCTS = 10_000_000  # a product of matrices with infinities is not expanded into more terms than these


class Supported(Carrier):
    """A cotangent or tangent with its support, the condition under which it exists. The rules of the table run on it.

    Rules are linear in it. Where numbers are added up, those that do not exist are left out. Where it is multiplied,
    the product has the same support. So a choice is made as late as possible, and once (`select`).

    Args:
        value: the number, array or carrier. Where it does not exist it may be anything, nan included.
        support: a truth, an array of them, or a symbol of a condition.
        is_clean: whether the value is known to be 0 where it does not exist.

    >>> import numpy as np
    >>> x = Supported(np.array([1.0, 2.0]), np.array([True, False]))
    >>> select(x * np.array([3.0, np.inf]))
    array([3., 0.])
    """

    __slots__ = ("is_clean", "support", "value")
    level = 1 << 60  # above all others, because every carrier may be the derivative that it is multiplied by

    def __init__(self, value: Operand, support: Operand, is_clean: bool = False) -> None:
        self.value = value
        self.support = support
        self.is_clean = is_clean or support is True

    @property
    def shape(self) -> Shape:  # type: ignore[override]
        """The shape of the value, stretched to that of the support."""
        support = shape_of(self.support)
        return broadcast_shape(shape_of(self.value), support) if support else shape_of(self.value)

    def with_value(self, value: Operand, factor: Operand) -> Supported:
        """Return another value with the same support: this one times a factor."""
        return Supported(value, self.support, self.is_clean and factor.__class__ is float and isfinite(factor))

    def apply_op(self, op: Op, arguments: Sequence[Operand]) -> Operand:
        """Apply an operation of a rule, which is linear in the arguments with a support."""
        rule = _ELEMENTWISE.get(op)
        if rule is not None:
            return rule(*arguments)
        if op.moves:
            return _move(op, arguments)
        if op.spread is not None:
            return _multiply_matrices(op, *arguments)
        return _mix(op, arguments)


def split(x: Operand) -> tuple[Operand, Operand]:
    """Return the value and the support, None for a plain number."""
    return (x.value, x.support) if x.__class__ is Supported else (x, None)


def select(x: Operand) -> Operand:
    """Return a cotangent or tangent where it exists, and 0 elsewhere."""
    if x.__class__ is not Supported:
        return x
    if x.is_clean and shape_of(x.value) == x.shape:
        return x.value
    if x.support is False:
        return zeros(x.shape)
    return where(x.support, x.value, 0.0)


def restrict(x: Operand, condition: Operand) -> Operand:
    """Return a cotangent or tangent that exists only where a condition holds too."""
    value, support = split(x)
    return Supported(value, condition if support is None else _both(support, condition))


def track(x: Operand) -> Operand:
    """Return what exists everywhere, so that a rule finds the zeros that it makes of it."""
    return x if x.__class__ is Supported else Supported(x, True)


def settle(x: Operand) -> Operand:
    """Return a plain number for one that exists everywhere."""
    return x.value if x.__class__ is Supported and x.support is True else x


def written(x: Operand) -> Operand:
    """Return a seed that a user or a basis gives. Its zeros are structural, unless it is a carrier."""
    return settle(Supported(x, _truth(x != 0.0), is_clean=True)) if _is_plain(x) else x


def direction(x: Operand) -> Supported:
    """Return a symbol of a direction. At a point at which it is 0 it does not exist."""
    return Supported(x, ne(x, 0.0), is_clean=True)


def absent(x: Operand) -> Supported:
    """Return what does not exist, in the shape of an argument."""
    return Supported(zeros(shape_of(x)), False, is_clean=True)


def is_absent(x: Operand) -> bool:
    """Return whether no element exists."""
    return x is None or (x.__class__ is Supported and x.support is False)


def is_finite(x: Operand) -> bool | None:
    """Return whether all elements are finite, those of tangents included. None if it is not known, as of a symbol.

    >>> is_finite(1.0), is_finite(float("inf"))
    (True, False)
    """
    unseen, known = [x], True
    while unseen:
        part = unseen.pop()
        if part is None:
            continue
        if part.__class__ is float:
            if not isfinite(part):
                return False
        elif _is_plain(part):
            if not _is_finite_array(part):
                return False
        elif hasattr(part, "value"):  # a Value may be differentiated again, by a pass that is not seen here
            known = known and hasattr(part, "moves")
            unseen += [select(part) if part.__class__ is Supported else part.value, getattr(part, "moves", None)]
        else:
            known = False
    return True if known else None


def _is_finite_array(x: Array) -> bool:
    import numpy as np

    return isfinite(np.vdot(x, x)) or bool(np.isfinite(x).all())


def _is_plain(x: Operand) -> bool:
    """Return whether this is a number or an array of numbers."""
    return x.__class__ in NUMBERS or getattr(x, "level", None) is None


# ---------------------------------------------------------------- conditions


def _truth(condition: Operand) -> Operand:
    """Return a condition as simple as it is known: a truth for an array of equal ones."""
    if condition.__class__ is bool or not _is_plain(condition):
        return condition
    if condition.all():
        return True
    return condition if condition.any() else False


def _both(one: Operand, other: Operand) -> Operand:
    if one is True or other is False:
        return other
    return one if other is True or one is False else both(one, other)


def _either(one: Operand, other: Operand) -> Operand:
    if one is True or other is False:
        return one
    return other if other is True or one is False else _truth(either(one, other))


def _same(one: Operand, other: Operand) -> bool:
    """Return whether two conditions are known to be the same. Only symbols are compared."""
    compare: Callable[[Operand], bool] | None = getattr(one, "is_same", None)
    return one is other or (compare is not None and compare(other))


def _opposite(one: Operand, other: Operand) -> bool:
    """Return whether one condition is known to be the negation of the other."""
    compare: Callable[[Operand], bool] | None = getattr(one, "is_opposite", None)
    return compare is not None and compare(other)


def _as_numbers(x: Operand) -> Operand:
    """Return 1 where an argument exists and 0 elsewhere."""
    support, shape = split(x)[1], shape_of(x)
    if support is None or support is True:
        return ones(shape)
    return zeros(shape) if support is False else where(support, ones(shape), 0.0)


# ---------------------------------------------------------------- operations


def _add(x: Operand, y: Operand) -> Supported:
    (one, support), (other, condition) = split(x), split(y)
    support = True if support is None else support
    condition = True if condition is None else condition
    if _same(support, condition):
        return Supported(one + other, support, x.is_clean and y.is_clean if support is not True else True)
    if _opposite(support, condition):
        return Supported(where(support, one, other), True)
    if support is False or condition is False:
        return _add_nothing(x, y) if condition is False else _add_nothing(y, x)
    return Supported(select(x) + select(y), _either(support, condition), is_clean=True)


def _add_nothing(x: Operand, nothing: Supported) -> Supported:
    """Return an argument plus one that does not exist, which only stretches it."""
    shape = broadcast_shape(shape_of(x), nothing.shape)
    if shape != shape_of(x):
        x = broadcast_to.bind(shape=shape)(x)
    return x if x.__class__ is Supported else Supported(x, True)


def _scale(op: Op) -> Callable[[Operand, Operand], Operand]:
    """Return the rule of a product or quotient: one argument has a support, the other is a number."""

    def scale(x: Operand, y: Operand) -> Supported:
        (one, support), (other, _) = split(x), split(y)
        scaled, factor = (y, one) if support is None else (x, other)
        result: Supported = scaled.with_value(op(one, other), factor if op is mul else None)
        return result

    return scale


def _choose(condition: Operand, x: Operand, y: Operand) -> Operand:
    """Apply `where`. A plain 0 does not exist."""
    if y.__class__ is float and y == 0.0:
        return restrict(x, condition)
    opposite = (not condition) if condition.__class__ is bool else negate(condition)
    if x.__class__ is float and x == 0.0:
        return restrict(y, opposite)
    return restrict(x, condition) + restrict(y, opposite)


_ELEMENTWISE: dict[Op, Callable[..., Operand]] = {
    add: _add,
    sub: lambda x, y: _add(x, neg(y)),
    neg: lambda x: Supported(-x.value, x.support, x.is_clean),
    mul: _scale(mul),
    div: _scale(div),
    where: _choose,
}


def _move(op: Op, arguments: Sequence[Operand]) -> Supported:
    """Apply an operation that moves or adds up numbers. A result exists if one of its numbers does."""
    result = op(*[select(x) for x in arguments])
    reached = op(*[_as_numbers(x) for x in arguments])
    return Supported(result, _exists(reached), is_clean=True)


def _exists(reached: Operand) -> Operand:
    """Return where a number is reached by one that exists."""
    return _truth(ne(reached, 0.0))


def _multiply_matrices(op: Op, x: Operand, y: Operand) -> Operand:
    """Apply a product of which one factor has a support. An infinite number of the other meets existing ones only."""
    assert op.spread is not None
    left, right, total = op.spread(shape_of(x), shape_of(y))
    factor = y if x.__class__ is Supported else x
    may_be_infinite = is_finite(factor) is False or hasattr(factor, "moves")
    if may_be_infinite and product_of(broadcast_shape(left, right)) <= MOST_PRODUCTS:
        terms = reshape.bind(shape=left)(x) * reshape.bind(shape=right)(y)
        shape = op.shape_of_result([shape_of(x), shape_of(y)])
        return reshape.bind(shape=shape)(sum_to.bind(shape=total)(terms))
    result = op(select(x), select(y))
    reached = op(*[_as_numbers(each) if each.__class__ is Supported else ones(shape_of(each)) for each in (x, y)])
    return Supported(result, _exists(reached), is_clean=True)


def _mix(op: Op, arguments: Sequence[Operand]) -> Supported:
    """Apply an operation that mixes the numbers along some axes: its own, or those of a vector or a matrix."""
    result = op(*[select(x) for x in arguments])
    shape = shape_of(result)
    if not shape:
        return Supported(result, True)
    axis = op.parameters.get("axis", (-1,) if op.parameters.get("vector") else (-2, -1)[-len(shape) :])
    support = True
    for x in arguments:
        if x.__class__ is Supported:
            reached = sum_(broadcast_to(_as_numbers(x), shape), axis=axis, keepdims=True)
            support = _both(support, _exists(broadcast_to(reached, shape)))
    return Supported(result, support)
