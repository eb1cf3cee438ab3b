"""Simplify a node when it is appended. Every rule is exact for every IEEE value: signed zeros, inf and nan included.

inf and nan forbid these rules: x*0 -> 0, x - x -> 0, x/x -> 1. Signed zeros forbid x + 0 -> x, because -0.0 + 0.0 is
0.0. A constant result that is not finite stays a node, so that a note can name its sub-expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import copysign, isfinite, isnan
from typing import TypeAlias

from ..ops import Op
from ..ops.arithmetic import add, div, mul, neg, power, square, sub

Inputs: TypeAlias = tuple[int, ...]
# A row of the graph, a number, or another op to apply.
Folded: TypeAlias = int | float | tuple[Op, Inputs]


def fold(op: Op, inputs: Inputs, constants: Mapping[int, float]) -> Folded | None:
    """Return a simpler equal of `op` applied to these rows, or None. At least one of the rows is a constant.

    >>> fold(mul, (0, 1), {1: 1.0}), fold(mul, (0, 1), {0: 2.0, 1: 3.0})
    (0, 6.0)
    """
    rule = _RULES.get(op)
    if rule is not None:
        left, right = constants.get(inputs[0]), constants.get(inputs[1])
        if left is None or right is None:
            return rule(inputs, left, right)
    values = [constants.get(row) for row in inputs]
    return None if None in values else _fold_constants(op, values)


def _fold_constants(op: Op, values: list[float | None]) -> float | None:
    if op.is_condition or op.takes_conditions:
        return None
    result = float(op.forward(*values))
    if isfinite(result) or not (isnan(result) or all(isfinite(value) for value in values if value is not None)):
        return result
    return None


def _fold_mul(inputs: Inputs, left: float | None, right: float | None) -> Folded | None:
    if right == 1.0:
        return inputs[0]
    if left == 1.0:
        return inputs[1]
    if right == -1.0:
        return neg, inputs[:1]
    if left == -1.0:
        return neg, inputs[1:]
    return None


def _fold_power(inputs: Inputs, base: float | None, exponent: float | None) -> Folded | None:
    if exponent == 1.0:
        return inputs[0]
    if exponent == 0.0 or base == 1.0:
        return 1.0
    if exponent == 2.0:
        return square, inputs[:1]
    return None


def _fold_div(inputs: Inputs, left: float | None, right: float | None) -> Folded | None:
    return inputs[0] if right == 1.0 else None


def _fold_sub(inputs: Inputs, left: float | None, right: float | None) -> Folded | None:
    return inputs[0] if right == 0.0 and copysign(1.0, right) > 0 else None


def _fold_add(inputs: Inputs, left: float | None, right: float | None) -> Folded | None:
    if right == 0.0 and copysign(1.0, right) < 0:
        return inputs[0]
    if left == 0.0 and copysign(1.0, left) < 0:
        return inputs[1]
    return None


# Of ops with two arguments.
_RULES: dict[Op, Callable[[Inputs, float | None, float | None], Folded | None]] = {
    mul: _fold_mul,
    power: _fold_power,
    div: _fold_div,
    sub: _fold_sub,
    add: _fold_add,
}
