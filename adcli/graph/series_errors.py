"""Estimate the rounding errors of Taylor coefficients: compute them again with every number moved a little.

Every number that is computed is moved by up to `MOVE` of itself, at random. What this does to a coefficient, rounding
does in proportion. A bound would be larger than the error by a factor that grows with the order, because in a bound no
errors cancel. (Vignes, A stochastic arithmetic for reliable scientific computation, 1993.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from random import Random

from ..ops.arithmetic import neg
from ..ops.op import Op
from ..ops.operands import Operand
from .composition import Composition
from .series import Series
from .zero_powers import ZeroPower

MOVE = 2.0**-42  # far above rounding, and so small that the effect is linear
SCALE = 2.0 * 2.0**-53 / MOVE  # from the change of a coefficient to its error, with a margin
PRECISE = 1e-10  # a larger relative error is reported
RUNS = 3  # one run may change a coefficient by very little
CLEAR = 1 / 64  # of PRECISE: below this one run is enough


class MovedSeries(Series):
    """A series in which every computed number is moved."""

    _random: Random

    def move(self, inputs: Mapping[str, float], seed: int = 0) -> None:
        """Restart at another point. The seed chooses how the numbers are moved."""
        self._random = Random(seed)
        super().move(inputs)
        self.start = move_start(self, self.start, lambda op, arguments: op.forward(*arguments), self._random)
        self.coefficients = [[value] for value in self.start]

    def _next(self, row: int, k: int) -> float:
        coefficient = super()._next(row, k)
        return coefficient if is_exact(self.graph.ops[row]) else coefficient * draw_factor(self._random)

    def _rule_at_start(self, row: int, order: int) -> Composition | ZeroPower | None:
        rule = super()._rule_at_start(row, order)
        if isinstance(rule, Composition):
            exact = rule.coefficient
            rule.coefficient = lambda j: exact(j) * draw_factor(self._random)
        return rule


def move_start(
    series: Series, start: Sequence[Operand], compute: Callable[[Op, list[Operand]], Operand], random: Random
) -> list[Operand]:
    """Return the values of all rows, computed again with every result moved."""
    moved: list[Operand] = []
    for op, inputs, value in zip(series.graph.ops, series.graph.inputs, start, strict=True):
        if op is neg:
            moved.append(-moved[inputs[0]])
        elif op is None or is_exact(op):
            moved.append(value)
        else:
            moved.append(compute(op, [moved[i] for i in inputs]) * draw_factor(random))
    return moved


def is_exact(op: Op | None) -> bool:
    """Return whether an op does not round, or only jumps."""
    return op is None or op is neg or all(op.partial(position) is None for position in range(op.arity))


def draw_factor(random: Random) -> float:
    """Return a factor near 1."""
    return 1.0 + MOVE * 2.0 * (random.random() - 0.5)


def estimate_errors(moved: MovedSeries, inputs: Mapping[str, float], coefficients: Sequence[float]) -> list[float]:
    """Return about how large the relative rounding error of each coefficient is, 0 if a coefficient is not finite.

    A coefficient that is exactly 0 is right, unless others have lost their digits.

    >>> from .expr import Graph
    >>> x, point = Graph().variable("x"), {"x": 1e8}
    >>> numbers = Series((0.1 + x) - x, "x", point).to(1)
    >>> numbers
    [0.09999999403953552, 0.0]
    >>> estimate_errors(MovedSeries((0.1 + x) - x, "x", point), point, numbers)[0] > 1e-10
    True
    """
    errors = [0.0] * len(coefficients)
    for seed in range(RUNS):
        moved.move(inputs, seed)
        others = moved.to(len(coefficients) - 1)
        for k, (a, b) in enumerate(zip(coefficients, others, strict=True)):
            if a and isfinite(a) and isfinite(b):
                errors[k] = max(errors[k], abs(a - b) / abs(a) * SCALE)
        if max(errors) < PRECISE * CLEAR:
            break
    if max(errors) >= PRECISE:
        for k, (a, b) in enumerate(zip(coefficients, others, strict=True)):
            errors[k] = 1.0 if a == 0.0 != b else errors[k]
    return errors
