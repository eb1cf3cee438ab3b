"""Derivatives of what an equation defines: y(x) where F(x, y) = 0, to any order.

dy/dx = -F_x/F_y; a derivative of it is the total one, d/dx = ∂/∂x + dy/dx ∂/∂y, taken again and again in the graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..errors import DomainError, RequestError
from ..graph.derive import gradient
from ..graph.expr import Expr
from ..graph.gc_pause import gc_paused
from ..graph.text import number_text
from ..language.parser import parse_equation
from .claims import EPSILON, MARGIN, value_and_bound
from .derivatives import derivative_label
from .function import Function
from .quantities import Compute, Fields, Place, Quantities, Quantity

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

STEPS = 50  # of Newton's method, for the message about a point beside the curve


def implicit(
    equation: str,
    point: Mapping[str, ArrayLike] | None = None,
    /,
    *,
    of: str,
    wrt: str | Sequence[str] | None = None,
    order: int = 1,
    **inputs: ArrayLike,
) -> dict[str, Any]:
    """The derivatives of a variable that an equation defines, at a point of its curve or at many.

    Args:
        equation: two sides with an ``=`` between them.
        point: the values of all variables as one mapping, also for those that are named like an argument.
        of: the variable that the equation defines.
        wrt: the variable or variables to differentiate by; all the others by default.
        order: up to which derivatives are wanted; mixed ones are among them.
        inputs: one value per variable, or columns of them that broadcast against one another.

    Returns:
        Each derivative under the name that a table's column has: ``dy_dx``, ``d2y_dx2``; floats, or arrays where a
        value is one. In arrays rows that are not on the curve are nan.

    Raises:
        DomainError: the point is not on the curve, as far as rounding allows.
        ParseError, UnknownNameError, RequestError: what is given does not fit.

    >>> import adcli
    >>> adcli.implicit("x**2 + y**2 = 25", of="y", order=2, x=3.0, y=4.0)
    {'dy_dx': -0.75, 'd2y_dx2': -0.390625}
    """
    function = Function(parse_equation(equation))
    names = [name for name in function.variables if name != of] if wrt is None else function.chosen(wrt)
    found = Implicit(function, of, names, order)
    given = function.given(point, inputs)
    if any(getattr(value, "shape", ()) or isinstance(value, (list, tuple)) for value in given.values()):
        return dict(zip(found.names, found.columns()(given), strict=True))
    numbers, _ = found.at(dict(zip(function.variables, function.numbers(given), strict=True)))
    return dict(zip(found.names, numbers[found.hidden :], strict=True))


class Implicit(Quantities):
    """The derivatives of one variable by others; hidden before them the difference of the sides and its slopes.

    Args:
        function: of an equation, whose value is the difference of its sides.
        of: the variable that it defines.
        wrt: the variables to differentiate by.
        order: of the last derivatives.
    """

    @gc_paused
    def __init__(self, function: Function, of: str, wrt: Sequence[str], order: int = 1) -> None:
        function.chosen([of, *wrt])
        if of in wrt:
            raise RequestError(f"{of} is to be differentiated by itself", hint="a variable by itself has the slope 1")
        if not wrt:
            raise RequestError("there is nothing to differentiate by", hint=f"the equation has no variable beside {of}")
        if order < 1:
            raise RequestError("the order of a derivative is at least 1")
        result = function.scalar
        graph = result.graph
        variables = [graph.variable(name) for name in function.variables]
        zero = Expr(graph, graph.constant(0.0))
        pairs = zip(function.variables, gradient(result, variables), strict=True)
        slopes = {name: zero if slope is None else slope for name, slope in pairs}
        items = [Quantity("f", result)]
        items += [Quantity(f"df/d{name}", slopes[name], 0, name if name in (of, *wrt) else None) for name in slopes]
        hidden = len(items)
        found: dict[tuple[str, ...], Expr] = {(name,): zero - slopes[name] / slopes[of] for name in wrt}
        for names in _combinations(wrt, 2, order):
            *before, last = names
            inner = found[tuple(before)]
            across, along = gradient(inner, [graph.variable(last), graph.variable(of)])
            total = zero if across is None else across
            found[names] = total if along is None else total + along * found[last,]
        fields: Fields = {"of": of, "derivative": {name: Place(place) for place, name in enumerate(wrt)}}
        labels = [derivative_label(names, of) for names in found]
        if order > 1:
            fields["higher"] = {label: Place(place) for place, label in enumerate(labels) if place >= len(wrt)}
        items += [Quantity(label, node) for label, node in zip(labels, found.values(), strict=True)]
        super().__init__(function.variables, items, fields, hidden)
        self._function, self._of = function, of

    def at(self, inputs: Mapping[str, float]) -> tuple[list[float], list[Any]]:
        """The numbers at one point; see `Quantities`.

        Raises:
            DomainError: it is not on the curve, as far as rounding allows.
        """
        numbers, values = super().at(inputs)
        residual = numbers[0]
        if residual == residual and abs(residual) > self._explained(inputs):
            root = self._root(inputs)
            hint = None if root is None else f"{self._of} = {number_text(root)} is on it"
            raise DomainError(f"the point is not on the curve, its sides differ by {residual:.3g}", hint=hint)
        return numbers, values

    def columns(self, backend: str = "auto", rows: int | None = None, threads: int | None = None) -> Compute:
        """What computes them at many points, nan at those that are not on the curve; see `Quantities`."""
        import numpy as np

        compute = self.everything(backend, rows, threads)

        def on_the_curve(columns: Mapping[str, ArrayLike]) -> list[Any]:
            residual, *others = compute(columns)
            slopes, found = others[: self.hidden - 1], others[self.hidden - 1 :]
            points = [np.broadcast_to(np.asarray(columns[name], float), residual.shape) for name in self.variables]
            with np.errstate(all="ignore"):
                moved = sum(np.abs(slope * column) for slope, column in zip(slopes, points, strict=True))
                # A part of what `_explained` allows, and the whole of it for the few that are left.
                doubtful = ~(np.abs(residual) <= MARGIN * EPSILON * moved) & ~np.isnan(residual)
            for place in np.argwhere(doubtful):
                row = tuple(place)
                inputs = {name: float(column[row]) for name, column in zip(self.variables, points, strict=True)}
                if abs(residual[row]) > self._explained(inputs):
                    for column in found:
                        column[row] = np.nan
            return found

        return on_the_curve

    def _explained(self, inputs: Mapping[str, float]) -> float:
        """How far apart the sides may be because the values and the operations are rounded."""
        _, bound = value_and_bound(self._function, self._function.scalar, inputs)
        slopes = self._function.gradient(inputs)
        moved: float = sum(abs(slope * inputs[name]) for name, slope in slopes.items())
        return MARGIN * (bound + EPSILON * moved)

    def _root(self, inputs: Mapping[str, float]) -> float | None:
        """The value of the variable near the given one that is on the curve, by Newton's method."""
        point = dict(inputs)
        for _ in range(STEPS):
            value, slopes = self._function.value_and_gradient(point)
            if not slopes[self._of] or not isfinite(value):
                return None
            point[self._of] -= value / slopes[self._of]
            if abs(value) <= self._explained(point):
                return float(point[self._of])
        return None


def _combinations(names: Sequence[str], least: int, most: int) -> list[tuple[str, ...]]:
    """All choices of so many names, in their order, repeated ones among them."""
    return [found for size in range(least, most + 1) for found in combinations_with_replacement(names, size)]
