"""Taylor coefficients at one point, or as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from math import isinf, log10
from typing import TYPE_CHECKING

from ..graph.evaluate import evaluate
from ..graph.expr import Expr
from ..graph.series import Series
from ..graph.tape import Tape
from ..ops.arithmetic import add, sub
from ..ops.operands import Numeric, Operand
from .fields import Fields, Slot
from .lowered import Lowered
from .outputs import Output, Outputs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..backends._rows import AnyArray, Array, Fill
    from ..explain.elements import Elements
    from .columns import Columns

BLOCK = 4096  # rows per block, so that the coefficients of all nodes stay near the cache


class Taylor(Outputs):
    """Coefficients of an expansion in one variable.

    They are not nodes of the graph: power series are computed through it, for many rows at once.
    """

    def __init__(self, lowered: Lowered, name: str, order: int) -> None:
        outputs = [Output("c0", lowered.scalar), *[Output(f"c{power}", None) for power in range(1, order + 1)]]
        fields: Fields = {"wrt": name, "order": order, "taylor": [Slot(power) for power in range(order + 1)]}
        super().__init__(lowered, outputs, fields, moving=[name])
        self._name = name
        self._order = order

    def at(self, inputs: Mapping[str, Numeric]) -> tuple[list[float], list[Operand]]:
        """Compute the coefficients at one point, and the value of every row of the graph."""
        result = self.lowered.scalar
        values = evaluate(result.graph, [result.row], inputs)
        return self.run([inputs[name] for name in self.variables]), values

    @cached_property
    def run(self) -> Callable[[Sequence[Operand]], list[float]]:
        """The function from one value per variable to the coefficients."""

        def run(inputs: Sequence[float]) -> list[float]:
            series = Series(self.lowered.scalar, self._name, dict(zip(self.variables, inputs, strict=True)))
            return _masked(series.to(self._order))

        return run

    def explain_nan(self, label: str, inputs: Mapping[str, Numeric], elements: Elements) -> tuple[int, str]:
        """Return the row in which a coefficient becomes nan, and why."""
        series = Series(self.lowered.scalar, self._name, {name: float(x) for name, x in inputs.items()})
        series.to(self._order)
        order, row = series.find_nan()
        graph = self.lowered.graph
        arguments = {old: new for new, old in series.origins.items() if old in graph.inputs[row]}
        infinite = [old for old, new in arguments.items() if any(map(isinf, series.coefficients[new][1 : order + 1]))]
        if infinite:
            partner = "one of the opposite sign" if graph.ops[row] in (add, sub) else "0"
            return row, f"{label} is nan: an infinite coefficient of {elements.node_text(infinite[0])} meets {partner}"
        where = elements.argument_text(row, ())
        return row, f"{label} is nan: there is no such expansion" + (f" at {where}" if where else "")

    def remarks(self, inputs: Mapping[str, Numeric], numbers: Sequence[Operand]) -> list[tuple[str, str]]:
        """Return the kind and text of a note on coefficients with few digits."""
        from ..graph.series_errors import PRECISE, MovedSeries, estimate_errors

        point = {name: float(x) for name, x in inputs.items()}
        errors = estimate_errors(MovedSeries(self.lowered.scalar, self._name, point), point, numbers)
        few = [order for order, error in enumerate(errors) if error >= PRECISE]
        if not few:
            return []
        worst = max(few, key=errors.__getitem__)
        digits = max(0, round(-log10(errors[worst])))
        says = f"c{worst} may keep only {digits} digits" if digits else f"c{worst} may have no correct digit"
        if len(few) > 1:
            says = f"{len(few)} coefficients from c{few[0]} on keep fewer than 10 digits, and {says}"
        return [("cancellation", f"{says}: large terms cancel")]

    def find_imprecise(
        self, columns: Mapping[str, ArrayLike], results: Sequence[Array], threads: int | None
    ) -> AnyArray:
        """Return for each row whether a coefficient has few digits."""
        from ..graph.series_errors import PRECISE

        points = {f" {name}": columns[name] for name in self.variables}
        [errors] = self._errors.compute({**points, **dict(zip(self.labels, results, strict=True))}, threads)
        mask: AnyArray = errors >= PRECISE
        return mask

    @cached_property
    def _errors(self) -> Columns:
        """What computes the largest relative error of a row from its point and its coefficients."""
        import numpy as np

        from ..graph.series_columns import estimate_column_errors, has_columns
        from ..graph.series_errors import MovedSeries, estimate_errors
        from .columns import Columns, filler

        series, order, count = self._series, self._order, len(self.variables)

        def fill_by_points(inputs: Sequence[Operand], results: Sequence[Array]) -> None:
            moved = MovedSeries(self.lowered.scalar, self._name, dict.fromkeys(self.variables, 1.0))
            rows = zip(*[np.broadcast_to(column, len(results[0])).tolist() for column in inputs], strict=True)
            for row, numbers in enumerate(rows):
                point = dict(zip(self.variables, numbers, strict=False))
                results[0][row] = max(estimate_errors(moved, point, numbers[count:]))

        def fill_by_blocks(inputs: Sequence[Operand], results: Sequence[Array]) -> None:
            for begin in range(0, len(results[0]), BLOCK):
                part = slice(begin, begin + BLOCK)
                start = list(np.empty((len(self.program.outputs), len(results[0][part]))))
                values = [column[part] if np.ndim(column) else column for column in inputs]
                fill(values[:count], start)
                results[0][part] = estimate_column_errors(series, start, values[count:], order)

        names = [*[f" {name}" for name in self.variables], *self.labels]
        if not has_columns(series):
            return Columns(names, 1, fill_by_points)
        fill = filler(self.program, "numpy")
        return Columns(names, 1, fill_by_blocks)

    @cached_property
    def program(self) -> Tape:
        """The tape of the value of every row of the graph that the series go through."""
        graph = self._series.graph
        rows = range(len(graph))
        return Tape(graph, [Expr(graph, row) for row in rows], rows)

    @cached_property
    def _series(self) -> Series:
        return Series(self.lowered.scalar, self._name, dict.fromkeys(self.variables, 1.0))

    def _filler(self, backend: str) -> Fill:
        """Return what computes a block of rows at a time, or point by point for `python` and if the rules need it."""
        import numpy as np

        from ..graph.series_columns import coefficients, find_zero_powers, has_columns
        from .columns import filler

        if backend == "python" or not has_columns(self._series):
            return self._fill_by_points
        series, order, fill, width = self._series, self._order, filler(self.program, backend), len(self.program.outputs)

        def fill_by_blocks(inputs: Sequence[Operand], results: Sequence[Array]) -> None:
            for begin in range(0, len(results[0]), BLOCK):
                part = slice(begin, begin + BLOCK)
                start = list(np.empty((width, len(results[0][part]))))
                values = [column[part] if np.ndim(column) else column for column in inputs]
                fill(values, start)
                columns = coefficients(series, start, order)
                for result, column in zip(results, columns, strict=True):
                    result[part] = np.where(np.isnan(columns[0]), np.nan, column)
                mask = find_zero_powers(series, start)
                if np.any(mask):
                    self._fill_points(values, [result[part] for result in results], np.flatnonzero(mask))

        return fill_by_blocks

    def _fill_by_points(self, inputs: Sequence[Operand], results: Sequence[Array]) -> None:
        self._fill_points(inputs, results, range(len(results[0])))

    def _fill_points(self, inputs: Sequence[Operand], results: Sequence[Array], rows: Iterable[int]) -> None:
        """Compute these rows point by point."""
        series: Series | None = None
        for row in rows:
            values = [float(column[row]) if getattr(column, "ndim", 0) else float(column) for column in inputs]
            point = dict(zip(self.variables, values, strict=True))
            if series is None:
                series = Series(self.lowered.scalar, self._name, point)
            else:
                series.move(point)
            for result, coefficient in zip(results, _masked(series.to(self._order)), strict=True):
                result[row] = coefficient


def _masked(coefficients: list[float]) -> list[float]:
    """Return the coefficients, all of them nan where the value is nan."""
    value = coefficients[0]
    return coefficients if value == value else [value] * len(coefficients)
