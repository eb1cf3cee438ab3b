"""Rewriting while a node is made: only what is exact for every IEEE value, signed zeros, inf and nan included.

Not done, because inf and nan forbid it: x*0 -> 0, x - x -> 0, x/x -> 1, x + 0 -> x (it turns -0.0 into 0.0).
A constant that is not finite stays a node, so that a note can name the sub-expression it comes from.
"""

from __future__ import annotations

from math import copysign, isfinite, isnan
from typing import TYPE_CHECKING

from ..ops.arithmetic import add, div, mul, neg, power, square, sub

if TYPE_CHECKING:
    from ..ops import Op
    from .expr import Graph


def fold(graph: Graph, op: Op, inputs: tuple[int, ...]) -> int | None:
    """The row that `op` of these rows is the same as, or None. At least one of the rows is a constant."""
    constants = graph.constants
    values = [constants.get(row) for row in inputs]
    if None not in values and not op.is_condition and not op.takes_conditions:
        result = op.forward(*values)
        if isfinite(result) or not (isnan(result) or all(isfinite(value) for value in values if value is not None)):
            return graph.constant(result)
        return None
    if len(inputs) != 2:
        return None
    left, right = values
    if op is mul:
        if right == 1.0:
            return inputs[0]
        if left == 1.0:
            return inputs[1]
        if right == -1.0:
            return graph.apply(neg, inputs[:1])
        if left == -1.0:
            return graph.apply(neg, inputs[1:])
    elif op is power:
        if right == 1.0:
            return inputs[0]
        if right == 0.0 or left == 1.0:
            return graph.constant(1.0)
        if right == 2.0:
            return graph.apply(square, inputs[:1])
    elif op is div:
        if right == 1.0:
            return inputs[0]
    elif op is sub:
        if right == 0.0 and copysign(1.0, right) > 0:
            return inputs[0]
    elif op is add:
        if right == 0.0 and copysign(1.0, right) < 0:
            return inputs[0]
        if left == 0.0 and copysign(1.0, left) < 0:
            return inputs[1]
    return None
