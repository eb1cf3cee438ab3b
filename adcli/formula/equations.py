"""Derivatives of what an equation defines, y(x) where F(x, y) = 0, to any order.

dy/dx = -F_x/F_y. A derivative of it is the total one, d/dx = ∂/∂x + dy/dx ∂/∂y, taken again and again in the graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from math import inf, isfinite, isnan
from typing import TYPE_CHECKING

from ..errors import DomainError, RequestError
from ..graph.derive import gradient
from ..graph.expr import Expr
from ..graph.gc_pause import gc_paused
from ..graph.text import number_text
from ..ops.operands import Numeric, Operand
from .fields import Fields, Slot
from .labels import derivative_label
from .lowered import Lowered
from .numerical import EPSILON, MARGIN, value_and_bound
from .outputs import Compute, Output, Outputs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from ..ops.operands import Array

NEWTON_STEPS = 50  # at most, to find the point of the curve that an error suggests
VAGUE = "no single value satisfies the equation as far as float64s tell"


class Implicit(Outputs):
    """The derivatives of one variable by others. Hidden before them are the difference of the sides and its slopes.

    Args:
        lowered: an equation, whose value is the difference of its sides.
        of: the variable that it defines.
        wrt: the variables to differentiate by.
        order: of the last derivatives.
        with_value: show the variable itself before its derivatives.
    """

    far = inf  # a point is off the curve if the inputs had to change by more than this part of each

    @gc_paused()
    def __init__(self, lowered: Lowered, of: str, wrt: Sequence[str], order: int = 1, with_value: bool = False) -> None:
        if of in wrt:
            raise RequestError(f"{of} cannot be differentiated by itself", hint="leave it out of wrt")
        if not wrt and not with_value:
            raise RequestError("there is nothing to differentiate by", hint=f"the equation has no variable beside {of}")
        if order < 1:
            raise RequestError("the order of a derivative must be at least 1")
        result, variables = lowered.scalar, lowered.variables
        zero = Expr(lowered.graph, lowered.graph.constant(0.0))
        pairs = zip(variables, lowered.slopes(), strict=True)
        slopes = {name: zero if slope is None else slope for name, slope in pairs}
        outputs = [Output("f", result)]
        outputs += [Output(f"df/d{name}", slopes[name], 0, name if name in (of, *wrt) else None) for name in slopes]
        hidden = len(outputs)
        derivatives: dict[tuple[str, ...], Expr] = {(name,): zero - slopes[name] / slopes[of] for name in wrt}
        for names in _combinations(wrt, 2, order):
            *before, last = names
            across, along = gradient(derivatives[tuple(before)], [lowered.variable(last), lowered.variable(of)])
            total = zero if across is None else across
            derivatives[names] = total if along is None else total + along * derivatives[last,]
        shown = [Output(of, lowered.variable(of))] if with_value else []
        slots = {names: Slot(index) for index, names in enumerate(derivatives, len(shown))}
        fields: Fields = {"of": of}
        if with_value:
            fields["value"] = Slot(0)
        fields["derivative"] = {name: slots[name,] for name in wrt}
        if order > 1:
            fields["higher"] = {derivative_label(names, of): slot for names, slot in slots.items() if len(names) > 1}
        shown += [Output(derivative_label(names, of), node) for names, node in derivatives.items()]
        super().__init__(lowered, [*outputs, *shown], fields, hidden)
        self._dependent, self._wrt = of, tuple(wrt)
        self._first = hidden + with_value  # the index of the first derivative

    def at(self, inputs: Mapping[str, Numeric]) -> tuple[list[float], list[Operand]]:
        """Compute all outputs at one point. See `Outputs.at`.

        Raises:
            DomainError: it does not satisfy the equation, as far as rounding allows.
        """
        numbers, values = super().at(inputs)
        point = {name: float(inputs[name]) for name in self.variables}
        residual, slopes = numbers[0], numbers[1 : self.hidden]
        changes = [abs(slope * x) for slope, x in zip(slopes, point.values(), strict=True)]
        change = sum(changes)
        if abs(residual) > self.far * change or self._is_off(point, residual):
            raise self._off_the_curve(point, residual)
        if self._may_be_vague(residual, changes) and self._is_vague(point):
            best = number_text(point[self._dependent])
            raise DomainError(f"left - right is 0, but for rounding, all around {self._dependent} = {best}", hint=VAGUE)
        return numbers, values

    def _off_the_curve(self, point: Mapping[str, float], residual: float) -> DomainError:
        """Return the error of a point that does not satisfy the equation."""
        root = self._root(point)
        hint = None if root is None else f"{self._dependent} = {number_text(root)} does"
        problem = f"the point does not satisfy the equation (left - right = {residual:.3g})"
        return DomainError(problem, hint=hint)

    def reason(self, index: int, numbers: Sequence[Operand]) -> str | None:
        """Return which derivative of the equation is 0 where an output is not finite. See `Outputs.reason`."""
        of, slopes = self._dependent, dict(zip(self.variables, numbers[1:], strict=False))
        if slopes[of] != 0.0:
            return None
        number = index - self._first
        other = self._wrt[number] if number < len(self._wrt) else next((x for x in self._wrt if not slopes[x]), None)
        if other is not None and slopes[other] == 0.0:
            return f"the derivatives of left - right by {of} and by {other} are 0, as where a curve crosses itself"
        return f"the derivative of left - right by {of} is 0"

    def columns(self, backend: str = "auto", rows: int | None = None, threads: int | None = None) -> Compute:
        """Return what computes the derivatives at many points, nan for points off the curve. See `Outputs.columns`."""
        import numpy as np

        compute = self.all_columns(backend, rows, threads)

        def on_the_curve(columns: Mapping[str, ArrayLike]) -> list[Operand]:
            residual, *others = compute(columns)
            slopes, derivatives = others[: self.hidden - 1], others[self.hidden - 1 :]
            points = [np.broadcast_to(np.asarray(columns[name], float), residual.shape) for name in self.variables]
            with np.errstate(all="ignore"):
                changes = [np.abs(slope * column) for slope, column in zip(slopes, points, strict=True)]
                change = sum(changes)
                # This is a part of what `_rounding_bound` allows. The few points that fail get the whole of it.
                doubtful = ~((np.abs(residual) <= MARGIN * EPSILON * change) & (change < np.inf)) & ~np.isnan(residual)
                far = np.abs(residual) > self.far * change
                vague = self._may_be_vague(residual, changes) & ~np.isnan(residual)
            for column in derivatives:
                column[far] = np.nan
            for index in np.argwhere((doubtful | vague) & ~far):
                row = tuple(index)
                inputs = {name: float(column[row]) for name, column in zip(self.variables, points, strict=True)}
                is_off = doubtful[row] and self._is_off(inputs, residual[row])
                if is_off or (vague[row] and self._is_vague(inputs)):
                    for column in derivatives:
                        column[row] = np.nan
            return derivatives

        return on_the_curve

    def _may_be_vague(self, residual: Array, changes: Sequence[Array]) -> NDArray[np.bool_] | bool:
        """Return at which points `_is_vague` could be true. No point that is given is.

        Args:
            residual: the differences of the sides.
            changes: how much each variable changes them, if all of it is taken away.
        """
        return False

    def _is_vague(self, point: Mapping[str, float]) -> bool:
        """Return whether other values of the dependent variable satisfy the equation as well, but for rounding."""
        return False

    def _is_off(self, point: Mapping[str, float], residual: float) -> bool:
        """Return whether rounding cannot explain the difference of the sides."""
        if residual == 0.0 or isnan(residual):
            return False
        bound = self._rounding_bound(point)
        if bound == inf:  # as where a square root is 0
            bound = min(map(self._rounding_bound, self._beside(point)))
        return not abs(residual) <= bound < inf

    def _beside(self, point: Mapping[str, float]) -> list[dict[str, float]]:
        """Return the points on both sides at which a single solution is told from its neighbours."""
        import numpy as np

        from .roots import neighbours

        ends = neighbours(np.array([point[self._dependent]]))
        return [{**point, self._dependent: float(end[0])} for end in ends]

    def _rounding_bound(self, inputs: Mapping[str, float]) -> float:
        """Return how far apart the sides may be because the values and the operations are rounded."""
        _, bound = value_and_bound(self.lowered.scalar, inputs)
        _, slopes = self._sides(inputs)
        change: float = sum(abs(slope * inputs[name]) for name, slope in slopes.items())
        return MARGIN * (bound + EPSILON * change)

    def _sides(self, inputs: Mapping[str, float]) -> tuple[float, dict[str, float]]:
        """Return the difference of the sides, and its derivative by each variable."""
        value, *slopes = self.run([inputs[name] for name in self.variables])[: self.hidden]
        return value, dict(zip(self.variables, slopes, strict=True))

    def _root(self, inputs: Mapping[str, float]) -> float | None:
        """Return the value of the dependent variable on the curve near the given one, by Newton's method."""
        point = dict(inputs)
        for _ in range(NEWTON_STEPS):
            value, slopes = self._sides(point)
            if not slopes[self._dependent] or not isfinite(value):
                return None
            point[self._dependent] -= value / slopes[self._dependent]
            if abs(value) <= self._rounding_bound(point):
                return float(point[self._dependent])
        return None


def _combinations(names: Sequence[str], least: int, most: int) -> list[tuple[str, ...]]:
    """Return all choices of so many names, in their order, with repetition."""
    sizes = range(least, most + 1)
    return [choice for size in sizes for choice in combinations_with_replacement(names, size)]
