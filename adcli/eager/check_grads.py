"""`check_grads`: derivatives of a Python function against differences, in both modes and to any order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..errors import AdcliError
from ..ops import shape_of
from .functional import jvp, vjp
from .levels import plain
from .tree import flatten

MOST_ELEMENTS = 200  # of one argument that are looked at one by one once something differs

UNSURE = 0.1  # relative to the derivative: a difference quotient that is less sure than this finds no limit (a jump)
NOISE = 1e-7  # times the tolerance: what the rounding of a derivative may be, relative to what it is derived from


class Check(NamedTuple):
    """One comparison: a derivative along a random direction, and the difference quotient along it."""

    order: int
    mode: str
    found: float
    expected: float
    uncertainty: float
    ok: bool

    def __str__(self) -> str:
        verdict = "agrees" if self.ok else "DIFFERS"
        return (
            f"order {self.order}, {self.mode}: {verdict}; derivative {self.found:.12g}, "
            f"differences {self.expected:.12g} +- {self.uncertainty:.1g}"
        )


class Report(NamedTuple):
    """What `check_grads` found; its text has one line a comparison."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether all agree."""
        return all(check.ok for check in self.checks)

    def __str__(self) -> str:
        return "\n".join(map(str, self.checks))


class GradientError(AdcliError):
    """A derivative and the differences disagree; `report` has all comparisons."""

    exit_status = 1

    def __init__(self, problem: str, report: Report) -> None:
        super().__init__(problem)
        self.report = report


def check_grads(
    f: Callable[..., Any], *arguments: Any, order: int = 2, tolerance: float = 1e-6, seed: int = 0
) -> Report:
    """Compare the derivatives of a function, in both modes, with differences along random directions.

    At each order the tangent along a random direction and the cotangent of random weights are checked; the next order
    checks both of these as functions.

    Args:
        f: a function of the arguments, to be smooth near them; inputs and outputs may be nested.
        arguments: the point.
        order: how often to differentiate.
        tolerance: the relative difference that is let pass, beside what the difference quotient itself is unsure of.
        seed: of the random directions.

    Returns:
        The report, where everything agrees.

    Raises:
        GradientError: something differs, or the differences find no limit, as at a jump; the message says by how much,
            in which mode, at which order and in which argument and element.

    >>> check_grads(lambda x: x**3, 2.0, order=3).ok
    True
    """
    random = np.random.default_rng(seed)
    leaves, names, rebuild = flatten(arguments, "")
    point = [plain(leaf) for leaf in leaves]
    names = [f"argument {name[1:].replace(']', '', 1)}" for name in names]

    def of_leaves(*inputs: Any) -> list[Any]:
        return flatten(f(*rebuild(inputs)))[0]

    functions: list[Callable[..., list[Any]]] = [of_leaves]
    checks: list[Check] = []
    largest = 0.0  # of all numbers so far: what is left where they cancel is rounding
    for level in range(1, order + 1):
        following = []
        for function in functions:
            direction = [_random_like(x, random) for x in point]
            values = [plain(x) for x in function(*point)]
            weights = [_random_like(x, random) for x in values]
            largest = max([largest, *[float(np.max(np.abs(x), initial=0.0)) for x in values]])
            modes = {"forward": _along(function, direction), "reverse": _weighted(function, weights)}
            expected, uncertainty = _quotient(function, point, direction, weights)
            for mode, derived in modes.items():
                made = [plain(x) for x in derived(*point)]
                found = _dot(made, weights if mode == "forward" else direction)
                size = max(abs(found), abs(expected)) + NOISE * largest
                sure = uncertainty <= UNSURE * max(size, NOISE * tolerance)
                ok = sure and abs(found - expected) <= tolerance * size + uncertainty
                checks.append(Check(level, mode, found, expected, uncertainty, ok))
                if not ok:
                    where = _where(function, point, weights, names)
                    report = Report(tuple(checks))
                    raise GradientError(f"{checks[-1]}{where}", report)
                following.append(derived)
        functions = following
    return Report(tuple(checks))


def _along(function: Callable[..., list[Any]], direction: Sequence[Any]) -> Callable[..., list[Any]]:
    return lambda *inputs: jvp(function, inputs, direction)[1]


def _weighted(function: Callable[..., list[Any]], weights: Sequence[Any]) -> Callable[..., list[Any]]:
    def pulled(*inputs: Any) -> list[Any]:
        slopes = vjp(function, *inputs)[1](list(weights))
        return list(slopes) if isinstance(slopes, tuple) else [slopes]

    return pulled


def _random_like(x: Any, random: np.random.Generator) -> Any:
    shape = shape_of(x)
    return random.standard_normal(shape) if shape else float(random.standard_normal())


def _dot(values: Sequence[Any], weights: Sequence[Any]) -> float:
    return float(sum(np.sum(np.multiply(x, w)) for x, w in zip(values, weights, strict=True)))


def _quotient(
    function: Callable[..., list[Any]], point: Sequence[Any], direction: Sequence[Any], weights: Sequence[Any]
) -> tuple[float, float]:
    """The weighted derivative along a direction by central differences, extrapolated, and how unsure it is.

    Ridders' method ("Accurate computation of F'(x) and F'(x)F''(x)", 1982): a tableau over falling steps, from which
    the entry that changes least is taken.
    """

    def along(step: float) -> float:
        moved = [plain(x) + step * t for x, t in zip(point, direction, strict=True)]
        return _dot([plain(x) for x in function(*moved)], weights)

    scale = max([1e-3, *[float(np.max(np.abs(x), initial=0.0)) for x in point]])
    longest = max([1e-300, *[float(np.max(np.abs(t), initial=0.0)) for t in direction]])
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


def _where(
    function: Callable[..., list[Any]],
    point: Sequence[Any],
    weights: Sequence[Any],
    names: Sequence[str],
) -> str:
    """The element of the arguments in which the cotangent differs most."""
    slopes = _weighted(function, weights)(*point)
    worst, said = 0.0, ""
    for number, (x, name) in enumerate(zip(point, names, strict=True)):
        shape = shape_of(x)
        for place in range(min(int(np.prod(shape)), MOST_ELEMENTS)):
            direction: list[Any] = [np.zeros(shape_of(y)) if shape_of(y) else 0.0 for y in point]
            if shape:
                direction[number].flat[place] = 1.0
                found = float(np.asarray(slopes[number]).flat[place])
            else:
                direction[number] = 1.0
                found = float(slopes[number])
            expected, error = _quotient(function, point, direction, weights)
            if abs(found - expected) - error > worst:
                worst = abs(found - expected) - error
                index = str([int(i) for i in np.unravel_index(place, shape)]) if shape else ""
                said = f"; most in {name}{index}: {found:.12g} for {expected:.12g}"
    return said
