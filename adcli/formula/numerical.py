"""Numerical ways to a derivative and the bounds of their errors, and points at which they apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isfinite, nan, ulp
from random import Random
from sys import float_info
from typing import NamedTuple

from ..errors import DomainError
from ..explain.notes import Inspection
from ..explain.passes import BackwardPass, any_of, ignore_warnings
from ..graph.derive import gradient
from ..graph.evaluate import evaluate
from ..graph.expr import Expr, Graph
from ..ops import Op
from ..ops.analytic import ANALYTIC
from ..ops.arithmetic import add, fmod, mod, neg, sub
from ..ops.operands import Numeric, Operand, shape_of
from .lowered import Lowered

EPSILON = 2.0**-53  # half a unit in the last place of 1, the largest relative error of one rounding
MARGIN = 64.0  # an error is allowed to be this many times as large as single roundings explain
NORMAL = float_info.min  # results below have fewer digits
SMALLEST = ulp(0.0)
NUDGE = 2.0**-20  # relative distance at which a zero that is no underflow is no longer a zero
JUMP = MARGIN * EPSILON  # relative distance within which rounding may move an argument over a jump
REMAINDERS = (mod, fmod)  # they jump by their divisor
STEP = 1e-20  # the complex step, relative to the variable
ATTEMPTS = 200  # random points that are tried for each that is asked for


class Bound(NamedTuple):
    """How far off a computed number may be.

    Attributes:
        rounding: if every operation below it is off by half an ulp.
        underflow: if results between 0 and the smallest normal float64 are off by the smallest one.
    """

    rounding: float
    underflow: float

    @property
    def total(self) -> float:
        """Both together."""
        return self.rounding + self.underflow


def error_bound(graph: Graph, row: int, values: Sequence[Operand]) -> Bound:
    """Return how far off a number may be, given the value of every row below it.

    The adjoint of an operation says how much an error of its result changes the number. An operation on arrays is as
    exact as if its arguments were rounded. Constants are rounded too, unless they are whole.
    """
    record = BackwardPass(graph, row, values, graph.variables.values(), graph.live([row]))
    rounding, underflow = 0.0, 0.0
    with ignore_warnings(graph):
        for other, adjoint in record.adjoints.items():
            value, op = values[other], graph.ops[other]
            if op is not None:
                rounding += _size(adjoint * value)
                underflow += _size(adjoint * _underflows(graph, op, other, values))
        for each in record.contributions:
            op = graph.ops[each.user]
            if op is not None and op.shape is not None:
                value = values[each.row]
                rounding += _size(each.term) * _largest(value) * max(shape_of(value), default=1)
            elif graph.constants.get(each.row, 0.0) % 1.0:
                rounding += _size(each.term * graph.constants[each.row])
    rounding *= EPSILON
    return Bound(rounding if rounding == rounding else inf, SMALLEST * underflow if underflow == underflow else inf)


def may_jump(graph: Graph, row: int, values: Sequence[Operand]) -> bool:
    """Return whether rounding could move a computed argument of a step such as floor to its other side."""
    rounded: set[int] = set()
    for other in graph.live([row]):
        op, inputs = graph.ops[other], graph.inputs[other]
        if op is None:
            continue
        if not _is_exact(op) or any(i in rounded for i in inputs):
            rounded.add(other)
        if op.is_elementwise and (op in REMAINDERS or _is_step(op)) and any(i in rounded for i in inputs):
            size = 0.5 * abs(values[inputs[1]]) if op in REMAINDERS else 0.0
            for nudge in (JUMP, -JUMP):
                beside = _beside(graph, inputs, values, rounded, nudge)
                near = op.on_arrays(beside) if shape_of(values[other]) else op.forward(*beside)
                if any_of(abs(1.0 * near - values[other]) > size):  # truth values have no difference
                    return True
    return False


def _beside(
    graph: Graph, inputs: Sequence[int], values: Sequence[Operand], rounded: set[int], nudge: float
) -> list[Operand]:
    """Return arguments as rounding could make them, moved apart. What picks one of them picks a moved one."""
    moved = {
        i: values[i] * (1.0 + nudge * (-1.0) ** place) if i in rounded else values[i] for place, i in enumerate(inputs)
    }
    for i in inputs:
        op, below = graph.ops[i], graph.inputs[i]
        if op is not None and op.picks is not None and op.is_elementwise and any(j in moved for j in below):
            arguments = [moved.get(j, values[j]) for j in below]
            moved[i] = op.on_arrays(arguments) if shape_of(values[i]) else op.forward(*arguments)
    return [moved[i] for i in inputs]


def _is_step(op: Op) -> bool:
    return op.is_condition or all(op.partial(position) is None for position in range(op.arity))


def _is_exact(op: Op) -> bool:
    """Return whether an operation does not round, if its arguments are exact."""
    return op is neg or op.picks is not None or op.moves or (op.is_elementwise and _is_step(op))


def _size(x: Operand) -> float:
    return float(abs(x).sum() if shape_of(x) else abs(x))


def _largest(x: Operand) -> float:
    return float(abs(x).max(initial=0.0) if shape_of(x) else abs(x))


def _underflows(graph: Graph, op: Op, row: int, values: Sequence[Operand]) -> Operand:
    """Return whether a result, or each element of one, is so small that it has lost digits, or all of them."""
    value, arguments = values[row], [values[i] for i in graph.inputs[row]]
    if not op.is_elementwise or _is_exact(op) or op in (add, sub):
        return 0.0
    tiny = (abs(value) < NORMAL) & (value != 0.0)
    lost = value == 0.0
    if not (lost.any() if shape_of(lost) else lost):
        return tiny
    for argument in arguments:
        lost = lost & (argument != 0.0) & (abs(argument) < inf)
    if all(op.partial(position) is None for position in range(len(arguments))):
        return tiny
    # A zero that stays zero beside the arguments has underflowed. log(1) and a difference of equals have not.
    nudges = [0.0 if place in op.integers else NUDGE * (place + 1) for place in range(len(arguments))]
    beside = [argument * (1.0 + nudge) for argument, nudge in zip(arguments, nudges, strict=True)]
    near = op.on_arrays(beside) if shape_of(value) else op.forward(*beside)
    return tiny | (lost & (near == 0.0))


def value_and_bound(node: Expr, at: Mapping[str, Numeric]) -> tuple[float, float]:
    """Return a node's value, and how far off it may be if every operation below it is off by half an ulp."""
    values = evaluate(node.graph, [node.row], at)
    return float(values[node.row]), error_bound(node.graph, node.row, values).total


def roughness(inspection: Inspection, variables: Sequence[str]) -> str | None:
    """Return why a result has no derivative at a point although a convention gives one; None if it is smooth there."""
    for note in inspection.notes(dict.fromkeys(variables, 0.0)):
        if note.kind in ("kink", "jump"):
            return str(note)
    return _boundary(inspection)


def _boundary(inspection: Inspection) -> str | None:
    """Return a text on a condition whose sides are equal at the point but not everywhere, if there is one."""
    graph, backward, values = inspection.graph, inspection.backward, inspection.values
    for row, active in enumerate(backward.active):
        op = graph.ops[row]
        if op is None or not op.is_condition or not backward.varies[row] or not any_of(active):
            continue
        sides = {i for i in graph.inputs[row] if not getattr(graph.ops[i], "is_condition", False)}
        if len(sides) == 2 and any_of(values[min(sides)] == values[max(sides)]):
            return f"both sides of {inspection.elements.node_text(row)} are equal"
    return None


def smooth_points(lowered: Lowered, fixed: Mapping[str, float], count: int, seed: int) -> list[dict[str, float]]:
    """Return random points at which the function and its slopes are finite and no convention is used.

    Args:
        lowered: the expression.
        fixed: the values of some variables. The others are drawn, at several scales and of both signs.
        count: the number of points. There may be fewer.
        seed: of the random numbers.

    Raises:
        DomainError: there is none among many.
    """
    random = Random(seed)
    points: list[dict[str, float]] = []
    variables = [lowered.variable(name) for name in lowered.variables]
    slopes = [slope for result in lowered.results for slope in gradient(result, variables) if slope is not None]
    rows = [node.row for node in [*lowered.results, *slopes]]
    named = dict.fromkeys(lowered.variables, 0.0)
    for attempt in range(ATTEMPTS * count):
        low = 0.0 if attempt % 2 else -1.0
        scale = random.choice((1.0, 1.0, 3.0, 10.0, 0.1, 100.0))
        point = {name: fixed.get(name, scale * random.uniform(low, 1.0)) for name in lowered.variables}
        values = evaluate(lowered.graph, rows, point)
        if not all(abs(values[row]) < 1e150 for row in rows):  # also not for nan
            continue
        text = lowered.formula.text
        inspections = [Inspection(text, result, values, lowered.variables) for result in lowered.results]
        if any(each.notes(named) or _boundary(each) for each in inspections):
            continue
        points.append(point)
        if len(points) == count:
            break
    if not points:
        raise DomainError("no point was found at which the expression is smooth", hint="give values of its variables")
    return points


def central_difference(
    node: Expr, variable: str, at: Mapping[str, Numeric], index: tuple[int, ...] = ()
) -> tuple[float, float] | None:
    """Return the slope by (f(x + h) - f(x - h))/2h and an estimate of its error, at the step where that is least.

    Halving the step shows the error of truncation. The function's own error bound gives the error of rounding.

    Args:
        node: the function, a number.
        variable: to differentiate by.
        at: the point.
        index: of an element of the variable, if it is an array.

    Returns:
        None if the function has no finite difference, as where x is too small for a step.

    >>> from adcli import parse
    >>> slope, error = central_difference(Lowered(parse("exp(x)")).scalar, "x", {"x": 0.0})
    >>> abs(slope - 1.0) < 1e-9 and error < 1e-8
    True
    """
    _, bound = value_and_bound(node, at)
    whole: Operand = at[variable]
    x = float(whole[index] if index else whole)
    best, least, before = nan, inf, nan
    for halvings in range(3, 30):
        h = (abs(x) or 1.0) * 2.0**-halvings
        above, below = x + h, x - h
        if not 0.0 < above - below < inf:
            continue
        ends = [_value(node, at, variable, index, end) for end in (above, below)]
        slope = (ends[0] - ends[1]) / (above - below)
        error = abs(slope - before) / 3.0 + (bound + EPSILON * (abs(ends[0]) + abs(ends[1]))) / h
        if error < least:
            best, least = slope, error
        before = slope
    return (best, least) if isfinite(best) else None


def _value(node: Expr, at: Mapping[str, Numeric], variable: str, index: tuple[int, ...], end: float) -> float:
    """Return the value of a number with one variable, or one element of an array, moved."""
    moved: Operand = end
    if index:
        moved = at[variable] * 1.0  # a copy
        moved[index] = end
    try:
        return float(evaluate(node.graph, [node.row], {**at, variable: moved})[node.row])
    except DomainError:
        return nan


def complex_step(node: Expr, variable: str, at: Mapping[str, Numeric]) -> float | None:
    """Return the slope by one evaluation at x + ih.

    Returns:
        None if an operation on the way is not analytic there, and where x or the result is too small for a step.

    >>> from adcli import parse
    >>> complex_step(Lowered(parse("x**3")).scalar, "x", {"x": 2.0})
    12.0
    """
    graph = node.graph
    if graph.shapes:
        return None
    names = {row: name for name, row in graph.variables.items()}
    h: float = STEP * (abs(float(at[variable])) or 1.0)
    if not NORMAL <= h < inf:
        return None
    values: dict[int, complex] = {}
    try:
        for row in graph.live([node.row]):
            op = graph.ops[row]
            if op is None:
                real = graph.constants[row] if row in graph.constants else at[names[row]]
                values[row] = complex(real, h if names.get(row) == variable else 0.0)
            elif op not in ANALYTIC:
                return None
            else:
                values[row] = ANALYTIC[op](*[values[i] for i in graph.inputs[row]])
    except (ValueError, ArithmeticError):
        return None
    change = values[node.row].imag
    return change / h if isfinite(change) and (change == 0.0 or abs(change) >= NORMAL) else None
