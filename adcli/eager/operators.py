"""The operators of Values on scalars, which record a node without the detour through `apply_op`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TypeAlias

from ..ops import Op
from ..ops.operands import Operand, float_of

next_number = count().__next__  # numbers the nodes in order of creation: inputs have smaller numbers than results
new_node: Callable[[type[object]], Operand] = object.__new__

Operator: TypeAlias = Callable[[Operand, Operand], Operand]


def make_operator(op: Op, kind: type[Operand]) -> Operator:
    """Return an operator that skips `apply_op` for two scalars of one graph: ten times as fast."""
    compute = op.forward

    def method(self: Operand, other: Operand) -> Operand:
        x = self.value
        if x.__class__ is float and self.__class__ is kind:
            if other.__class__ is kind:
                y = other.value
            elif other.__class__ is int:
                y = other = float_of(other)
            else:
                y = other
            if y.__class__ is float:
                node = new_node(kind)
                node.value = compute(x, y)
                node.grad = None
                node.op = op
                node.inputs = (self, other)
                node.label = None
                node.number = next_number()
                return node
        return self.apply_op(op, (self, other)) if other.__class__ is self.__class__ is kind else op(self, other)

    return method


def make_reflected_operator(op: Op, kind: type[Operand]) -> Operator:
    """Return the same operator with a number on the left."""
    compute = op.forward

    def method(self: Operand, other: Operand) -> Operand:
        y = self.value
        if y.__class__ is float and self.__class__ is kind and (other.__class__ is float or other.__class__ is int):
            other = float_of(other)
            node = new_node(kind)
            node.value = compute(other, y)
            node.grad = None
            node.op = op
            node.inputs = (other, self)
            node.label = None
            node.number = next_number()
            return node
        return op(other, self)

    return method
