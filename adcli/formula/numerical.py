"""Numerical ways to a derivative and the bounds of their errors, and points at which they apply."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isfinite, nan
from random import Random

from ..errors import DomainError
from ..explain.notes import Inspection
from ..explain.passes import BackwardPass
from ..graph.evaluate import evaluate
from ..graph.expr import Expr
from ..ops.analytic import ANALYTIC
from .lowered import Lowered

EPSILON = 2.0**-53  # half a unit in the last place of 1, the largest relative error of one rounding
MARGIN = 64.0  # an error is allowed to be this many times as large as single roundings explain
STEP = 1e-20  # the complex step, relative to the variable
ATTEMPTS = 200  # random points that are tried for each that is asked for


def value_and_bound(lowered: Lowered, node: Expr, at: Mapping[str, float]) -> tuple[float, float]:
    """Return a node's value, and how far off it may be if every operation below it is off by half an ulp."""
    values = evaluate(node.graph, [node.row], at)
    adjoints = BackwardPass(node.graph, node.row, values, node.graph.variables.values()).adjoints
    ops = node.graph.ops
    change = sum(abs(adjoint * values[row]) for row, adjoint in adjoints.items() if ops[row] is not None)
    return values[node.row], EPSILON * change if change == change else inf


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
    slopes = lowered.slopes()
    rows = [lowered.scalar.row, *(slope.row for slope in slopes if slope is not None)]
    for attempt in range(ATTEMPTS * count):
        low = 0.0 if attempt % 2 else -1.0
        scale = random.choice((1.0, 1.0, 3.0, 10.0, 0.1, 100.0))
        point = {name: fixed.get(name, scale * random.uniform(low, 1.0)) for name in lowered.variables}
        values = evaluate(lowered.graph, rows, point)
        numbers = [values[row] for row in rows]
        if not all(map(isfinite, numbers)) or not all(abs(x) < 1e150 for x in numbers):
            continue
        named = dict.fromkeys(lowered.variables, 0.0)
        if Inspection(lowered.formula.text, lowered.scalar, values, lowered.variables).notes(named):
            continue
        points.append(point)
        if len(points) == count:
            break
    if not points:
        raise DomainError("no point was found at which the expression is smooth", hint="give values of its variables")
    return points


def central_difference(lowered: Lowered, variable: str, at: dict[str, float]) -> tuple[float, float]:
    """Return the slope by (f(x + h) - f(x - h))/2h and an estimate of its error, at the step where that is least.

    Halving the step shows the error of truncation. The function's own error bound gives the error of rounding.

    >>> from adcli import parse
    >>> slope, error = central_difference(Lowered(parse("exp(x)")), "x", {"x": 0.0})
    >>> abs(slope - 1.0) < 1e-9 and error < 1e-8
    True
    """
    _, bound = value_and_bound(lowered, lowered.scalar, at)
    x = at[variable]
    best, least, before = nan, inf, nan
    for halvings in range(3, 30):
        h = (abs(x) or 1.0) * 2.0**-halvings
        above, below = x + h, x - h
        ends = [value_at(lowered, at | {variable: end}) for end in (above, below)]
        slope = (ends[0] - ends[1]) / (above - below)
        error = abs(slope - before) / 3.0 + (bound + EPSILON * (abs(ends[0]) + abs(ends[1]))) / h
        if error < least:
            best, least = slope, error
        before = slope
    return best, least


def value_at(lowered: Lowered, at: Mapping[str, float]) -> float:
    """Return the value of a number at a point."""
    row = lowered.scalar.row
    value: float = evaluate(lowered.graph, [row], at)[row]
    return value


def complex_step(node: Expr, variable: str, at: Mapping[str, float]) -> float | None:
    """Return the slope by one evaluation at x + ih; None if an operation on the way is not analytic there.

    >>> from adcli import parse
    >>> complex_step(Lowered(parse("x**3")).scalar, "x", {"x": 2.0})
    12.0
    """
    graph = node.graph
    names = {row: name for name, row in graph.variables.items()}
    h = STEP * (abs(at[variable]) or 1.0)
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
    slope: float = values[node.row].imag / h
    return slope
