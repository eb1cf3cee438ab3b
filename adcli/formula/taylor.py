"""Taylor coefficients at one point, or as columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..graph.evaluate import evaluate
from ..graph.expr import Expr
from ..graph.series import Series
from ..graph.tape import Tape
from ..ops.operands import Numeric, Operand
from .fields import Fields, Slot
from .lowered import Lowered
from .outputs import Output, Outputs

if TYPE_CHECKING:
    from ..backends._rows import Array, Fill

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

        from ..graph.series_columns import coefficients, has_columns
        from .columns import filler

        if backend == "python" or not has_columns(self._series):
            return self._fill_by_points
        series, order, fill, width = self._series, self._order, filler(self.program, backend), len(self.program.outputs)

        def fill_by_blocks(inputs: Sequence[Operand], results: Sequence[Array]) -> None:
            for begin in range(0, len(results[0]), BLOCK):
                part = slice(begin, begin + BLOCK)
                start = list(np.empty((width, len(results[0][part]))))
                fill([column[part] if np.ndim(column) else column for column in inputs], start)
                columns = coefficients(series, start, order)
                for result, column in zip(results, columns, strict=True):
                    result[part] = np.where(np.isnan(columns[0]), np.nan, column)

        return fill_by_blocks

    def _fill_by_points(self, inputs: Sequence[Operand], results: Sequence[Array]) -> None:
        columns = [column.tolist() if hasattr(column, "tolist") else [column] * len(results[0]) for column in inputs]
        series: Series | None = None
        for row, values in enumerate(zip(*columns, strict=True)):
            point = dict(zip(self.variables, map(float, values), strict=True))
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
