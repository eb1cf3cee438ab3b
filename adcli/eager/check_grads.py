"""Compare the derivatives of a Python function with differences, in both modes and to any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from ..errors import AdcliError, RequestError
from ..ops import shape_of
from ..ops.operands import Numeric, Operand
from .functional import jvp, vjp
from .levels import plain
from .tracing import AnyFunction
from .tree import Tree, flatten

LeafFunction: TypeAlias = Callable[..., list[Operand]]  # from leaves to leaves

MAX_ELEMENTS = 200  # elements of one argument that are compared one by one after a comparison failed

MAX_UNCERTAINTY = (
    0.1  # largest uncertainty of a difference quotient, relative to the derivative; above it there is no limit
)
NOISE = 1e-7  # rounding error allowed in a derivative, relative to the values from which it is computed


class Check(NamedTuple):
    """One comparison: a derivative along a random direction, and the difference quotient along it."""

    order: int
    mode: str
    derivative: float
    expected: float
    uncertainty: float
    ok: bool

    def __str__(self) -> str:
        verdict = "agrees" if self.ok else "DIFFERS"
        return (
            f"order {self.order}, {self.mode}: {verdict}; derivative {self.derivative:.12g}, "
            f"differences {self.expected:.12g} +- {self.uncertainty:.1g}"
        )


class Report(NamedTuple):
    """The comparisons of `check_grads`. The text of a report has one line per comparison."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether all comparisons agree."""
        return all(check.ok for check in self.checks)

    def __str__(self) -> str:
        return "\n".join(map(str, self.checks))


class GradientError(AdcliError):
    """A derivative differs from the difference quotient. `report` has all comparisons."""

    exit_status = 1

    def __init__(self, problem: str, report: Report) -> None:
        super().__init__(problem)
        self.report = report


def check_grads(f: AnyFunction, *arguments: Tree, order: int = 2, tolerance: float = 1e-6, seed: int = 0) -> Report:
    """Compare the derivatives of a function, in both modes, with differences along random directions.

    Each order checks the tangent along a random direction and the cotangent of random weights. The next order checks
    both of these as functions.

    Args:
        f: a function of the arguments, smooth near them, or a compiled formula. Inputs and outputs may be nested.
        arguments: the point.
        order: the highest order of derivative to check.
        tolerance: the allowed relative difference, in addition to the uncertainty of the difference quotient.
        seed: the seed of the random directions.

    Returns:
        The report, if everything agrees.

    Raises:
        GradientError: a derivative differs, or the differences have no limit, as at a jump. The message names the
            order, the mode, the argument and the element.
        RequestError: there is no argument, or `f` is not callable.

    >>> check_grads(lambda x: x**3, 2.0, order=3).ok
    True
    """
    leaves, names, rebuild = flatten(arguments, "")
    if not leaves or not callable(f):
        raise RequestError("check_grads needs a function and a point", hint="give each argument of the function")
    point = [plain(leaf) for leaf in leaves]
    names = [f"argument {name[1:].replace(']', '', 1)}" for name in names]

    def call_on_leaves(*inputs: Operand) -> list[Operand]:
        return flatten(f(*rebuild(inputs)))[0]

    return _check_orders(call_on_leaves, point, names, order, tolerance, np.random.default_rng(seed))


def _check_orders(
    f: LeafFunction,
    point: list[Operand],
    names: Sequence[str],
    order: int,
    tolerance: float,
    random: np.random.Generator,
) -> Report:
    """Compare each order of derivative. The derivatives of one order are the functions of the next."""
    functions = [f]
    checks: list[Check] = []
    largest = 0.0  # largest number so far, to which the rounding of a cancelled difference is relative
    for level in range(1, order + 1):
        derivatives: list[LeafFunction] = []
        for function in functions:
            direction = [_random_like(x, random) for x in point]
            values = [plain(x) for x in function(*point)]
            weights = [_random_like(x, random) for x in values]
            largest = max([largest, *map(_largest, values)])
            modes = {"forward": _along(function, direction), "reverse": _weighted(function, weights)}
            for check in _compare(function, modes, (point, direction, weights), level, tolerance, NOISE * largest):
                checks.append(check)
                if not check.ok:
                    raise GradientError(f"{check}{_where(function, point, weights, names)}", Report(tuple(checks)))
            derivatives.extend(modes.values())
        functions = derivatives
    return Report(tuple(checks))


def _compare(
    function: LeafFunction,
    modes: dict[str, LeafFunction],
    at: tuple[list[Operand], list[Operand], list[Operand]],
    order: int,
    tolerance: float,
    noise: float,
) -> Iterator[Check]:
    """Compare the derivative of each mode at ``(point, direction, weights)`` with the difference quotient."""
    point, direction, weights = at
    expected, uncertainty = _quotient(function, point, direction, weights)
    for mode, derivative in modes.items():
        slopes = [plain(x) for x in derivative(*point)]
        slope = _dot(slopes, weights if mode == "forward" else direction)
        size = max(abs(slope), abs(expected)) + noise
        has_limit = uncertainty <= MAX_UNCERTAINTY * max(size, NOISE * tolerance)
        agrees = has_limit and abs(slope - expected) <= tolerance * size + uncertainty
        yield Check(order, mode, slope, expected, uncertainty, agrees)


def _along(function: LeafFunction, direction: Sequence[Operand]) -> LeafFunction:
    return lambda *inputs: jvp(function, inputs, direction)[1]


def _weighted(function: LeafFunction, weights: Sequence[Operand]) -> LeafFunction:
    return lambda *inputs: list(vjp(function, *inputs)[1](list(weights)))


def _random_like(x: Operand, random: np.random.Generator) -> Numeric:
    shape = shape_of(x)
    return random.standard_normal(shape) if shape else float(random.standard_normal())


def _largest(x: Operand) -> float:
    return float(np.max(np.abs(x), initial=0.0))


def _dot(values: Sequence[Operand], weights: Sequence[Operand]) -> float:
    return float(sum(np.sum(np.multiply(x, w)) for x, w in zip(values, weights, strict=True)))


def _quotient(
    function: LeafFunction, point: Sequence[Operand], direction: Sequence[Operand], weights: Sequence[Operand]
) -> tuple[float, float]:
    """Return the weighted derivative along a direction by extrapolated central differences, and its uncertainty.

    Ridders' method ("Accurate computation of F'(x) and F'(x)F''(x)", 1982): a tableau over falling steps. The entry
    that changes least is returned.
    """

    def along(step: float) -> float:
        moved = [plain(x) + step * t for x, t in zip(point, direction, strict=True)]
        return _dot([plain(x) for x in function(*moved)], weights)

    scale = max([1e-3, *map(_largest, point)])
    longest = max([1e-300, *map(_largest, direction)])
    step = 0.02 * min(scale, 1.0) / longest
    shrink = 1.6
    rows: list[list[float]] = []
    best, error = float("nan"), float("inf")
    size = abs(along(0.0))
    for i in range(12):
        row = [(along(step) - along(-step)) / (2 * step)]
        rounding = 4e-16 * size / step
        for j in range(i):
            factor = shrink ** (2 * (j + 1))
            row.append((row[j] * factor - rows[-1][j]) / (factor - 1))
            change = max(abs(row[-1] - row[-2]), abs(row[-1] - rows[-1][j])) + rounding
            if change < error:
                best, error = row[-1], change
        rows.append(row)
        step /= shrink
    return best, 10 * error


def _where(function: LeafFunction, point: Sequence[Operand], weights: Sequence[Operand], names: Sequence[str]) -> str:
    """Return a text that names the element of the arguments in which the cotangent differs most."""
    slopes = _weighted(function, weights)(*point)
    worst, text = 0.0, ""
    for number, (x, name) in enumerate(zip(point, names, strict=True)):
        shape = shape_of(x)
        for position in range(min(int(np.prod(shape)), MAX_ELEMENTS)):
            direction: list[Operand] = [np.zeros(shape_of(y)) if shape_of(y) else 0.0 for y in point]
            if shape:
                direction[number].flat[position] = 1.0
            else:
                direction[number] = 1.0
            slope = float(np.asarray(slopes[number]).flat[position])
            expected, error = _quotient(function, point, direction, weights)
            if abs(slope - expected) - error > worst:
                worst = abs(slope - expected) - error
                index = str([int(i) for i in np.unravel_index(position, shape)]) if shape else ""
                text = f"; most in {name}{index}: {slope:.12g} for {expected:.12g}"
    return text
