"""Rules of operations that are the gradient of a function, as `cofactor` is that of det.

Such an operation takes x and any number of directions, and returns the derivative of the gradient in these directions.
The derivatives of a function are the same in every order of their directions. So a tangent or a cotangent is one more
direction, and one operation has the derivatives of every order.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from .arithmetic import add
from .op import TABLE
from .operands import Operand, Parameters, Rule, shape_of
from .structure import sum_to


def _along(name: str, position: int, new: Operand, arguments: Sequence[Operand], parameters: Parameters) -> Operand:
    """Return the operation in one more direction, in which x moves, or with one of its directions replaced."""
    others = [each for i, each in enumerate(arguments) if i not in (0, position)]
    return TABLE[name](arguments[0], *others, new, **parameters)


def push_gradient(name: str) -> Rule:
    """Return the push of an operation that is a gradient."""

    def push(tangents: Sequence[Operand], out: Operand, *arguments: Operand, **parameters: Operand) -> Operand:
        return reduce(add, [_along(name, i, t, arguments, parameters) for i, t in enumerate(tangents) if t is not None])

    return push


def pull_gradient(name: str) -> Rule:
    """Return the pulls of an operation that is a gradient, by the number of the argument."""

    def pull_of(position: int) -> Rule:
        def pull(g: Operand, out: Operand, *arguments: Operand, **parameters: Operand) -> Operand:
            pulled, shape = _along(name, position, g, arguments, parameters), shape_of(arguments[position])
            return pulled if shape_of(pulled) == shape else sum_to.bind(shape=shape)(pulled)

        return pull

    return pull_of
