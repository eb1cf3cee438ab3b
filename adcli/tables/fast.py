"""CSV by Polars, for large tables: the same cells and the same bytes as the careful way of `delimited.py`, sooner.

Rows go from the input to the output as whole lines. What is unusual in a block (a quote, an empty line, a cell that
Polars does not take for a number) leaves the block to the careful way.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from .delimited import Cells

if TYPE_CHECKING:
    from .block import Array

UNIT = "\x1f"  # a separator no table has: with it Polars reads a line as one cell


def installed() -> bool:
    """Whether Polars is there; loads it."""
    try:
        import polars  # noqa: F401
    except ImportError:
        return False
    return True


class FastLines:
    """Whole rows as a series of texts; see `delimited.Lines`."""

    __slots__ = ("_series", "separator", "width")

    def __init__(self, series: Any, separator: str, width: int) -> None:
        self._series = series
        self.separator = separator
        self.width = width

    def texts(self) -> list[str]:
        """The rows."""
        rows: list[str] = self._series.to_list()
        return rows

    def series(self) -> Any:
        """The rows, as Polars takes them."""
        return self._series

    def pick(self, rows: Any) -> FastLines:
        """These rows."""
        return FastLines(self._series[rows], self.separator, self.width)


class LazyCells(Cells):
    """A column of lines that are cut into cells only where somebody looks at them."""

    __slots__ = ("_lines", "_place")

    def __init__(self, lines: FastLines, place: int) -> None:
        self._lines = lines
        self._place = place
        self.separator = lines.separator

    @property
    def cells(self) -> Sequence[str]:  # type: ignore[override]
        """The cells as they are written; there are no quotes in a block that Polars read."""
        return [line.split(self.separator)[self._place] for line in self._lines.texts()]

    def pick(self, rows: Any) -> LazyCells:
        """The cells of these rows."""
        return LazyCells(self._lines.pick(rows), self._place)


def read(
    data: bytes, separator: str, newline: str, width: int, wanted: Sequence[int]
) -> tuple[FastLines, list[Array]] | None:
    """Lines and some of their columns as float64, or None where the careful way must look.

    Args:
        data: whole rows.
        separator: between cells.
        newline: at the ends of rows.
        width: how many columns there are.
        wanted: the places of the columns that are numbers.
    """
    import polars as pl

    returns = data.count(b"\r")
    if b'"' in data or b"\n\n" in data or data[:1] in b"\r\n" or UNIT.encode() in data or b"\n\r" in data:
        return None
    if returns and (newline == "\n" or returns != data.count(b"\r\n") or not data.endswith(b"\n")):
        return None
    shared: dict[str, Any] = {"has_header": False, "quote_char": None, "low_memory": False}
    names = [str(place) for place in range(width)]
    try:
        lines = pl.read_csv(data, separator=UNIT, schema={"0": pl.String}, **shared).to_series()
        counted = lines.str.count_matches(separator, literal=True)
        if counted.min() != width - 1 or counted.max() != width - 1:
            return None
        schema = {name: pl.Float64 if place in wanted else pl.String for place, name in enumerate(names)}
        frame = pl.read_csv(
            data, separator=separator, schema=schema, columns=[names[place] for place in sorted(set(wanted))],
            ignore_errors=True, rechunk=True, **shared,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    columns = [frame[names[place]] for place in wanted]
    if frame.height != len(lines) or lines.null_count() or any(column.null_count() for column in columns):
        return None
    return FastLines(lines, separator, width), [column.to_numpy() for column in columns]


def written(columns: Sequence[Any], separator: str, newline: str) -> memoryview:
    """Rows of cells: texts are written as they are, float64 arrays as their shortest decimals."""
    import numpy as np
    import polars as pl

    frame = {}
    for place, column in enumerate(columns):
        series = pl.Series(str(place), column)
        if series.dtype == pl.Float64:
            values = np.asarray(column)
            size = np.abs(values)
            # What Polars spells in another way than Python: NaN, and 0.00001 for 1e-05.
            odd = np.flatnonzero(((size < 1e-4) & (size != 0)) | np.isnan(values))
            if len(odd):
                series = series.cast(pl.String).scatter(odd, list(map(repr, values[odd].tolist())))
        frame[str(place)] = series
    stream = BytesIO()
    pl.DataFrame(frame).write_csv(
        stream, include_header=False, separator=separator, line_terminator=newline, quote_style="never"
    )
    return stream.getbuffer()
