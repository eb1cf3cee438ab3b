"""Derivatives of what an equation defines: y(x) where F(x, y) = 0, to any order.

dy/dx = -F_x/F_y. A derivative of it is the total one, d/dx = ∂/∂x + dy/dx ∂/∂y, taken again and again in the graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from math import isfinite
from typing import TYPE_CHECKING

from ..errors import DomainError, RequestError
from ..graph.derive import gradient
from ..graph.expr import Expr
from ..graph.gc_pause import gc_paused
from ..graph.text import number_text
from ..language.parser import parse_equation
from ..ops.operands import Numeric, Operand
from .arguments import Arguments, as_float, is_array
from .fields import Fields, Slot
from .kinds import require_numbers
from .labels import derivative_label
from .lowered import Lowered, Lowerings
from .numerical import EPSILON, MARGIN, value_and_bound
from .outputs import Compute, Output, Outputs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

NEWTON_STEPS = 50  # at most, to find the point of the curve that an error suggests


def implicit(
    equation: str,
    point: Mapping[str, ArrayLike] | None = None,
    /,
    *,
    of: str,
    wrt: str | Sequence[str] | None = None,
    order: int = 1,
    **inputs: ArrayLike,
) -> dict[str, Operand]:
    """Return the derivatives of a variable that an equation defines, at one point of its curve or at many.

    Args:
        equation: two sides with an ``=`` between them.
        point: the values of all variables as one mapping.
        of: the variable that the equation defines.
        wrt: the variable or variables to differentiate by [default: all others].
        order: of the last derivatives. Mixed ones are included.
        inputs: one value per variable, or columns that broadcast against one another.

    Returns:
        Floats, or arrays if a value is an array, by names such as ``dy_dx`` and ``d2y_dx2``. Rows of an array that do
        not satisfy the equation are nan.

    Raises:
        DomainError: the point does not satisfy the equation, as far as rounding allows.
        AdcliError: the equation, a name or a value is wrong.

    >>> import adcli
    >>> adcli.implicit("x**2 + y**2 = 25", of="y", order=2, x=3.0, y=4.0)
    {'dy_dx': -0.75, 'd2y_dx2': -0.390625}
    """
    lowered = require_numbers(Lowerings(parse_equation(equation)))
    arguments = Arguments(lowered.variables)
    names = [name for name in lowered.variables if name != of] if wrt is None else arguments.read_wrt(wrt)
    arguments.read_wrt([of, *names])
    outputs = Implicit(lowered, of, names, order)
    values = arguments.read_point(() if point is None else (point,), inputs)
    return dict(zip(outputs.names, _derivatives(outputs, values), strict=True))


def _derivatives(outputs: Implicit, values: Mapping[str, Operand]) -> Sequence[Operand]:
    """Return the derivatives as floats, or as arrays if a value is an array."""
    if any(map(is_array, values.values())):
        return outputs.columns()(values)
    numbers, _ = outputs.at({name: as_float(name, values[name]) for name in outputs.variables})
    return numbers[outputs.hidden :]


class Implicit(Outputs):
    """The derivatives of one variable by others. Hidden before them are the difference of the sides and its slopes.

    Args:
        lowered: an equation, whose value is the difference of its sides.
        of: the variable that it defines.
        wrt: the variables to differentiate by.
        order: of the last derivatives.
    """

    @gc_paused()
    def __init__(self, lowered: Lowered, of: str, wrt: Sequence[str], order: int = 1) -> None:
        if of in wrt:
            raise RequestError(f"{of} cannot be differentiated by itself", hint="leave it out of wrt")
        if not wrt:
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
        fields: Fields = {"of": of, "derivative": {name: Slot(index) for index, name in enumerate(wrt)}}
        labels = [derivative_label(names, of) for names in derivatives]
        if order > 1:
            fields["higher"] = {label: Slot(index) for index, label in enumerate(labels) if index >= len(wrt)}
        outputs += [Output(label, node) for label, node in zip(labels, derivatives.values(), strict=True)]
        super().__init__(lowered, outputs, fields, hidden)
        self._dependent = of

    def at(self, inputs: Mapping[str, Numeric]) -> tuple[list[float], list[Operand]]:
        """Compute all outputs at one point. See `Outputs.at`.

        Raises:
            DomainError: it does not satisfy the equation, as far as rounding allows.
        """
        numbers, values = super().at(inputs)
        point = {name: float(inputs[name]) for name in self.variables}
        residual = numbers[0]
        if residual == residual and abs(residual) > self._rounding_bound(point):
            root = self._root(point)
            hint = None if root is None else f"{self._dependent} = {number_text(root)} does"
            problem = f"the point does not satisfy the equation (left - right = {residual:.3g})"
            raise DomainError(problem, hint=hint)
        return numbers, values

    def columns(self, backend: str = "auto", rows: int | None = None, threads: int | None = None) -> Compute:
        """Return what computes the derivatives at many points, nan for points off the curve. See `Outputs.columns`."""
        import numpy as np

        compute = self.all_columns(backend, rows, threads)

        def on_the_curve(columns: Mapping[str, ArrayLike]) -> list[Operand]:
            residual, *others = compute(columns)
            slopes, derivatives = others[: self.hidden - 1], others[self.hidden - 1 :]
            points = [np.broadcast_to(np.asarray(columns[name], float), residual.shape) for name in self.variables]
            with np.errstate(all="ignore"):
                change = sum(np.abs(slope * column) for slope, column in zip(slopes, points, strict=True))
                # This is a part of what `_rounding_bound` allows. The few points that fail get the whole of it.
                doubtful = ~(np.abs(residual) <= MARGIN * EPSILON * change) & ~np.isnan(residual)
            for index in np.argwhere(doubtful):
                row = tuple(index)
                inputs = {name: float(column[row]) for name, column in zip(self.variables, points, strict=True)}
                if abs(residual[row]) > self._rounding_bound(inputs):
                    for column in derivatives:
                        column[row] = np.nan
            return derivatives

        return on_the_curve

    def _rounding_bound(self, inputs: Mapping[str, float]) -> float:
        """Return how far apart the sides may be because the values and the operations are rounded."""
        _, bound = value_and_bound(self.lowered, self.lowered.scalar, inputs)
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
