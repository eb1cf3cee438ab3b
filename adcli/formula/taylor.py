"""Taylor expansions as quantities: at one point, or as columns of coefficients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..graph.evaluate import evaluate
from ..graph.expr import Expr
from ..graph.series import Series
from ..graph.tape import Tape
from .quantities import Place, Quantities, Quantity

if TYPE_CHECKING:
    from ..backends._rows import Array, Fill
    from .function import Function

BLOCK = 4096  # rows of which the coefficients of all nodes stay near the cache


class Taylor(Quantities):
    """Coefficients of an expansion: no nodes, but power series that are pushed through the graph, many rows at once."""

    def __init__(self, function: Function, name: str, order: int) -> None:
        labels = [f"c{place}" for place in range(order + 1)]
        items = [Quantity("c0", function.scalar), *(Quantity(label, None, 0) for label in labels[1:])]
        fields = {"wrt": name, "order": order, "taylor": list(map(Place, range(order + 1)))}
        super().__init__(function.variables, items, fields, moving=[name])
        self._function, self._name, self._order = function, name, order

    def at(self, inputs: Mapping[str, float]) -> tuple[list[float], list[Any]]:
        """The coefficients at one point; see `Quantities`."""
        result = self._function.scalar
        values = evaluate(result.graph, [result.row], inputs)
        return self._function.taylor(self._order, inputs, wrt=self._name), values

    @cached_property
    def program(self) -> Tape:
        """The value of every row of the graph that the series go through."""
        graph, rows = self._series.graph, range(len(self._series.graph))
        return Tape(graph, [Expr(graph, row) for row in rows], rows)

    @cached_property
    def _series(self) -> Series:
        return Series(self._function.scalar, self._name, dict.fromkeys(self.variables, 1.0))

    def _filler(self, backend: str) -> Fill:
        """Coefficients of a block of rows at a time; by ``python``, and where the rules need it, point by point."""
        import numpy as np

        from ..graph.series_columns import coefficients, has_columns
        from .columns import filler

        if backend == "python" or not has_columns(self._series):
            return self._by_points
        series, order, fill, width = self._series, self._order, filler(self.program, backend), len(self.program.outputs)

        def by_blocks(inputs: Sequence[Any], results: Sequence[Array]) -> None:
            for begin in range(0, len(results[0]), BLOCK):
                part = slice(begin, begin + BLOCK)
                start = list(np.empty((width, len(results[0][part]))))
                fill([column[part] if np.ndim(column) else column for column in inputs], start)
                found = coefficients(series, start, order)
                for result, column in zip(results, found, strict=True):
                    result[part] = np.where(np.isnan(found[0]), np.nan, column)

        return by_blocks

    def _by_points(self, inputs: Sequence[Any], results: Sequence[Array]) -> None:
        lists = [column.tolist() if hasattr(column, "tolist") else [column] * len(results[0]) for column in inputs]
        series: Series | None = None
        for row, point in enumerate(zip(*lists, strict=True)):
            at = dict(zip(self.variables, map(float, point), strict=True))
            if series is None:
                series = Series(self._function.scalar, self._name, at)
            else:
                series.move(at)
            found = series.to(self._order)
            for result, coefficient in zip(results, found, strict=True):
                result[row] = coefficient if found[0] == found[0] else found[0]
