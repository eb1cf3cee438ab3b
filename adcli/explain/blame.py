"""Which operation made the nan or the infinity of a derivative.

A nan often arises where the slope inf of one operation meets the slope 0 of another. The operation that made the inf
is to blame: its arguments are finite, and its value or its slope is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isinf, isnan
from typing import NamedTuple

from ..graph.expr import Expr, Graph
from ..graph.text import number_text
from ..ops.operands import Operand, shape_of
from .elements import MAX_ELEMENTS, At, Elements, element
from .passes import (
    BackwardPass,
    Contribution,
    Mask,
    any_of,
    first_element,
    ignore_warnings,
    is_all_finite,
    is_infinite,
    is_nan,
)


class Cause(NamedTuple):
    """Why a derivative is nan or infinite: the kind of the note, the row of the operation, and the message."""

    kind: str
    row: int
    message: str


class Uses(NamedTuple):
    """The uses through which a nan or an infinity reached an adjoint, from the variable towards the result.

    Attributes:
        path: the uses.
        crux: the use at which the nan arose, None on the way of an infinity.
        before: the adjoint before that use was added.
    """

    path: list[Contribution]
    crux: Contribution | None
    before: Operand


def cause_of_derivative(backward: BackwardPass, elements: Elements, variable: int, label: str) -> Cause | None:
    """Return the cause of a first derivative that is nan or infinite, None if it is in no operation.

    Args:
        backward: the record of the backward pass.
        elements: of the nodes.
        variable: the row to differentiate by.
        label: of the derivative.
    """
    if variable not in backward.adjoints or is_all_finite(backward.adjoints[variable]):
        return None
    with ignore_warnings(backward.graph):
        uses = _uses_behind(backward, variable)
        for each in uses.path:
            at = first_element(_makes_it(backward, each))
            if at is not None:
                return _describe(backward, elements, each, at, uses.crux, label)
        for each in uses.path:
            source = infinite_argument(backward.graph, backward.values, each.user)
            if source is not None:
                row, at = source
                where = elements.argument_text(row, at) or "these constants"
                value = number_text(elements.number(row, at))
                return Cause("indeterminate", row, f"its value {value} at {where} leaves {label} undefined")
        return None if uses.crux is None else _describe_meeting(backward, elements, uses.crux, uses.before)


def cause_of_further_derivative(backward: BackwardPass, elements: Elements, effect: str) -> Cause | None:
    """Return the first operation on numbers whose second derivative is nan or infinite at finite arguments.

    Args:
        backward: the record of the backward pass.
        elements: of the nodes.
        effect: what follows from it, such as ``c2 is nan``.
    """
    rows = [row for row, moving in enumerate(backward.moving) if any_of(moving) and _is_smooth(backward, row)]
    for row in rows[:MAX_ELEMENTS]:
        second = _second_derivative(backward, row)
        if not isfinite(second):
            where = elements.argument_text(row, ())
            says = f"its second derivative is {number_text(second)} at {where}; {effect}"
            return Cause("pole" if isinf(second) else "indeterminate", row, says)
    return None


def _is_smooth(backward: BackwardPass, row: int) -> bool:
    """Return whether a row is an operation on numbers with finite arguments and a finite value."""
    op, values = backward.graph.ops[row], backward.values
    if op is None or op.shape is not None or op.is_condition or shape_of(values[row]):
        return False
    return all(isfinite(values[i]) for i in (row, *backward.graph.inputs[row]))


def _second_derivative(backward: BackwardPass, row: int) -> float:
    """Return the first second derivative of a row that is not finite, otherwise 0."""
    from ..graph.derive import gradient
    from ..graph.evaluate import evaluate

    scratch, op = Graph(), backward.graph.ops[row]
    assert op is not None
    inputs = dict.fromkeys(backward.graph.inputs[row])
    symbols = {
        i: scratch.variable(f"x{i}") if backward.varies[i] else Expr(scratch, scratch.constant(backward.values[i]))
        for i in inputs
    }
    moving = [symbols[i] for i in inputs if backward.varies[i]]
    out: Expr = op(*[symbols[i] for i in backward.graph.inputs[row]])
    slopes = [slope for slope in gradient(out, moving) if isinstance(slope, Expr)]
    seconds = [second for slope in slopes for second in gradient(slope, moving) if isinstance(second, Expr)]
    point = {f"x{i}": backward.values[i] for i in inputs if backward.varies[i]}
    values = evaluate(scratch, [second.row for second in seconds], point)
    return next((values[second.row] for second in seconds if not isfinite(values[second.row])), 0.0)


def _uses_behind(backward: BackwardPass, row: int) -> Uses:
    by_row: dict[int, list[Contribution]] = {}
    for each in backward.contributions:
        by_row.setdefault(each.row, []).append(each)
    adjoints, path = backward.adjoints, list[Contribution]()
    crux, before = None, 0.0
    seeks_nan = any_of(is_nan(adjoints[row]))
    while True:
        uses = [use for use in by_row.get(row, ()) if use.is_picked]
        if seeks_nan:
            at = next((i for i, use in enumerate(uses) if any_of(is_nan(use.total))), None)
        else:
            at = next((i for i, use in enumerate(uses) if not is_all_finite(use.term)), None)
        if at is None:
            return Uses(path, crux, before)
        use = uses[at]
        if seeks_nan:
            crux, before = use, uses[at - 1].total if at else 0.0
        path.append(use)
        row = use.user
        cotangent = adjoints.get(row, 1.0)
        seeks_nan = seeks_nan and any_of(is_nan(use.term)) and any_of(is_nan(cotangent))
        if is_all_finite(cotangent) or (not seeks_nan and not any_of(is_infinite(cotangent))):
            return Uses(path, crux, before)


def _makes_it(backward: BackwardPass, use: Contribution) -> Mask:
    """Return the elements of the user whose arguments are finite, while their value or slope is not."""
    graph, values = backward.graph, backward.values
    op, out = graph.ops[use.user], values[use.user]
    arguments = [values[i] for i in graph.inputs[use.user]]
    assert op is not None
    if op.shape is not None:
        if not all(map(is_all_finite, arguments)):
            return False
        if is_all_finite(out) and is_all_finite(backward.adjoints[use.user]) and not is_all_finite(use.term):
            return True
        return _not_finite(out)
    slope = 0.0 if use.factor is None else use.factor
    mask: Mask = _not_finite(out) | _not_finite(slope)
    for argument in arguments:
        mask = mask & (_not_finite(argument) == 0)
    return mask


def _not_finite(value: Operand) -> Mask:
    number = 1.0 * value  # truth values have no difference
    mask: Mask = number - number != 0
    return mask


def infinite_argument(graph: Graph, values: Sequence[Operand], row: int) -> tuple[int, At] | None:
    """Return the operation that made an infinite argument of a row: its own arguments are finite."""
    found = None
    while True:
        infinite = next((i for i in graph.inputs[row] if any_of(is_infinite(values[i]))), None)
        if infinite is None:
            return found
        row = infinite
        if graph.ops[row] is None:
            return None
        at = first_element(is_infinite(values[row]))
        assert at is not None
        found = row, at


def _describe(
    backward: BackwardPass, elements: Elements, use: Contribution, at: At, crux: Contribution | None, label: str
) -> Cause:
    """Return the cause at an operation whose value or slope is not finite."""
    row, op = use.user, elements.graph.ops[use.user]
    assert op is not None
    if op.shape is not None:
        inputs = ", ".join([elements.whole_equation(i) for i in elements.graph.inputs[row]])
        return Cause("indeterminate", row, f"its value or its slope is not finite at {inputs}")
    where = elements.argument_text(row, at)
    value, slope = elements.number(row, at), elements.derivative(row, use.position, at)
    if slope is None or isnan(slope):
        for kink in elements.kinks(row, at):
            if kink.kind in ("domain", "indeterminate"):
                says = elements.kink_text(kink, row, at)
                return Cause(kink.kind, row, f"{says} ({where})" if where else says)
        if isfinite(value):
            return Cause("indeterminate", row, f"it has no slope at {where}")
    if use is crux and isinf(slope or 0.0) and element(backward.adjoints[row], at) == 0.0:
        argument = f"{elements.name(use.row, at)} = {number_text(elements.number(use.row, at))}"
        return Cause("indeterminate", row, f"its slope {number_text(slope or 0.0)} meets 0 at {argument}")
    if crux is None:
        return Cause("overflow", row, f"its slope is beyond the largest float64 ({where})")
    if not isfinite(value):
        facts = f"its value {number_text(value)} and its slope {number_text(slope or 0.0)} at {where}"
        return Cause("indeterminate", row, f"{facts} leave {label} undefined")
    text = f"its slope {number_text(slope or 0.0)} at {where}"
    if crux.factor is not None and not shape_of(crux.factor) and crux.factor == 0.0:
        inner = elements.node_text(crux.user)
        return Cause("indeterminate", row, f"{text} meets the slope 0 of {inner}")
    return Cause("indeterminate", row, f"{text} leaves {label} undefined")


def _describe_meeting(backward: BackwardPass, elements: Elements, use: Contribution, before: Operand) -> Cause:
    """Return the cause at the use that made an adjoint nan, if no operation made an infinity of finite numbers."""
    row, op = use.user, backward.graph.ops[use.user]
    adjoint = backward.adjoints.get(row, 1.0)
    if op is None or op.shape is not None:
        return Cause("indeterminate", row, f"its slope is nan at {elements.whole_equation(use.row)}")
    indices: Sequence[At] = [()]
    if shape_of(backward.values[row]):
        indices = list(elements.marked_indices(row, True))
    for at in indices:
        cotangent, slope = float(element(adjoint, at)), elements.derivative(row, use.position, at)
        if slope is None or isnan(cotangent) or not isnan(cotangent * slope):
            continue
        where = f"{elements.name(use.row, at)} = {number_text(elements.number(use.row, at))}"
        if isnan(slope):
            return Cause("indeterminate", row, f"it has no slope at {where}")
        if isinf(slope):
            return Cause("indeterminate", row, f"its slope {number_text(slope)} meets 0 at {where}")
        outer = number_text(cotangent)
        return Cause("indeterminate", row, f"its slope 0 at {where} meets the slope {outer} of what it is used in")
    if shape_of(use.total):
        return Cause("indeterminate", row, f"its slope is nan at {elements.whole_equation(use.row)}")
    slopes = f"{number_text(float(before or 0.0))} and {number_text(float(use.term))}"
    return Cause("indeterminate", use.row, f"the slopes {slopes} meet in it")
