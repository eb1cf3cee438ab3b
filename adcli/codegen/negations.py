"""Remove redundant negations: minus signs move out of products and disappear in sums.

Every rewriting is exact for all IEEE values, signed zeros and infinities included, because rounding is symmetric:
(-a)*b is -(a*b), a + (-b) is a - b. The sum (-a) + (-b) is left alone: at a = -b it is 0, and -(a + b) is -0.
"""

from __future__ import annotations

from typing import NamedTuple

from ..graph.expr import Expr, Graph
from ..graph.tape import Tape
from ..ops import Op
from ..ops.arithmetic import absolute, add, div, mul, neg, square, sub

_EVEN = (square, absolute)


class _Signed(NamedTuple):
    """A value: a row of the new graph, negated if `negative`."""

    row: int
    negative: bool


def fold_negations(program: Tape) -> Tape:
    """Return the program without redundant negations, equal to the bit.

    >>> graph = Graph()
    >>> x, y = graph.variable("x"), graph.variable("y")
    >>> [instruction.op.name for instruction in fold_negations(Tape(graph, [x + -(-y * x)])).instructions]
    ['mul', 'add']
    """
    graph = Graph()
    variables = zip(program.variables, program.shapes, strict=True)
    values = [_Signed(graph.variable(name, shape).row, False) for name, shape in variables]
    values += [_Signed(graph.array(value), False) for value in program.constants]
    for op, out, inputs in program.instructions:
        result = _apply(graph, op, [values[value] for value in inputs])
        label = program.labels.get(out)
        if label is not None:
            # The value of a binding keeps its sign.
            result = _Signed(_negate_if_needed(graph, result), False)
            if graph.ops[result.row] is not None:
                graph.labels.setdefault(result.row, label)
        values.append(result)
    return Tape(graph, [Expr(graph, _negate_if_needed(graph, values[value])) for value in program.outputs])


def _apply(graph: Graph, op: Op, arguments: list[_Signed]) -> _Signed:
    if op is neg:
        return _Signed(arguments[0].row, not arguments[0].negative)
    if op in _EVEN:
        return _Signed(graph.apply(op, (arguments[0].row,)), False)
    if op is mul or op is div:
        one, other = arguments
        return _Signed(graph.apply(op, (one.row, other.row)), one.negative != other.negative)
    if op is add or op is sub:
        one, other = arguments
        is_difference = other.negative != (op is sub)
        if not one.negative:
            return _Signed(graph.apply(sub if is_difference else add, (one.row, other.row)), False)
        if not is_difference:
            return _Signed(graph.apply(sub, (other.row, one.row)), False)
        return _Signed(graph.apply(sub, (_negate_if_needed(graph, one), other.row)), False)
    return _Signed(graph.apply(op, tuple(_negate_if_needed(graph, argument) for argument in arguments)), False)


def _negate_if_needed(graph: Graph, value: _Signed) -> int:
    """Return the row of a value. A product with a number, or a number over something, is negated in the number."""
    if not value.negative:
        return value.row
    op = graph.ops[value.row]
    if op is mul or op is div:
        left, right = graph.inputs[value.row]
        if left in graph.constants:
            return graph.apply(op, (graph.constant(-graph.constants[left]), right))
        if right in graph.constants and op is mul:
            return graph.apply(mul, (left, graph.constant(-graph.constants[right])))
    return graph.apply(neg, (value.row,))
