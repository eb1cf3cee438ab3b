"""Parquet with Polars (the extra `tables`): blocks of rows, columns carried through with their types.

`arrow.py` reads and writes Arrow files in the same way.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from ..errors import RequestError, quoted, short
from .bad_cells import missing_hint
from .block import Block, Table
from .column import Column, parse_number
from .parquet_writer import GROUP_ROWS
from .parquet_writer import open_writer as open_writer
from .polars_column import PolarsColumn
from .polars_library import import_polars, polars_errors_as, require_polars
from .source import Source

if TYPE_CHECKING:
    import polars as pl

    from .column import Array
    from .read_options import Mask

FIRST_ROWS = 1 << 13  # of the first block


def open_table(source: Source, name: str) -> Table:
    """Open a table."""
    return Parquet(source)


class Parquet(Table):
    """A table in a Parquet file. See `Table`.

    Attributes:
        title: of the format.
        magic: at both ends of a file.
    """

    title, magic = "Parquet", b"PAR1"

    def __init__(self, source: Source) -> None:
        require_polars(self.title)
        super().__init__(source)
        self._file = source.seekable()
        self._consumed = 0
        self._is_whole = _ends_with(self._file, self.magic)
        with self._errors():
            self._frame = self.scan(self._file)
            self._schema = self._frame.collect_schema()
        self.columns = list(self._schema.names())
        if not self.columns:
            raise RequestError(f"{self.name} has no columns", hint="a table has rows and columns")

    def scan(self, file: IO[bytes]) -> pl.LazyFrame:
        """Return the rows of a file, which are read later."""
        frame: pl.LazyFrame = import_polars().scan_parquet(file)
        return frame

    @property
    def consumed(self) -> int:
        """Bytes of the file that were read so far, estimated by the rows."""
        return self._consumed

    def count_rows(self) -> int:
        """Return how many rows there are."""
        pl = import_polars()
        with self._errors():
            count: int = self._frame.select(pl.len()).collect().item()
        return count

    def empty_column(self, name: str) -> Callable[[int], Column]:
        """Return what makes a column of nulls of the type of a column. See `Table`."""
        pl = import_polars()
        dtype = self._schema[name]
        return lambda count: PolarsColumn(pl.Series(name, [None], dtype=dtype).new_from_index(0, count))

    def _errors(self) -> AbstractContextManager[None]:
        if self._is_whole:
            advice = "write it again with pyarrow or DuckDB, in plain types"
            return polars_errors_as(f"{self.name} is damaged, or Polars cannot read it", advice)
        return polars_errors_as(f"{self.name} is damaged or cut off")

    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows. See `Table`."""
        columns = list(dict.fromkeys([*keep, *variables.values()])) or self.columns[:1]
        first = 0
        total = self.count_rows()
        with self._errors():
            batches = self.read_frames(self._frame.select(columns), total)
        while True:
            with self._errors():
                frame = next(batches, None)
            if frame is None:
                if not first:  # the types of the columns
                    yield self._block(self._empty(columns), variables, keep, 0)
                return
            for start, stop in pairwise(_starts(frame.height, is_first=not first)):
                part = frame.slice(start, stop - start)
                self._consumed = int((self.source.size or 0) * (first + part.height) / max(total, 1))
                yield self._block(part.rechunk(), variables, keep, first)
                first += part.height

    def read_frames(self, frame: pl.LazyFrame, total: int) -> Iterator[pl.DataFrame]:
        """Read the rows in parts. `total` is how many there are."""
        return iter(frame.collect_batches(chunk_size=GROUP_ROWS, maintain_order=True, lazy=True))

    def _empty(self, columns: Sequence[str]) -> pl.DataFrame:
        with self._errors():
            frame: pl.DataFrame = self._frame.select(columns).collect_schema().to_frame()
        return frame

    def _block(self, frame: pl.DataFrame, variables: Mapping[str, str], keep: Sequence[str], first: int) -> Block:
        numbers: dict[str, Array] = {}
        problems: dict[int, str] = {}
        missing: dict[str, Mask] = {}
        for variable, name in variables.items():
            series = frame[name]
            column = self._as_floats(series)
            mask: Mask | None = None
            if column.null_count():
                is_missing = self._find_missing(series)
                for row in (column.is_null() & ~is_missing).arg_true().to_list():
                    text = str(series[row])
                    problem = f"{quoted(text)} is not a number{missing_hint(text)}"
                    problems.setdefault(row, f"row {first + row + 1}, column {short(name)}: {problem}")
                column, mask = column.fill_null(float("nan")), is_missing.to_numpy()
            numbers[variable], mask = self.source.options.mark(column.to_numpy(), mask)
            if mask is not None:
                missing[variable] = mask
        columns: dict[str, Column] = {name: PolarsColumn(frame[name]) for name in keep}
        return Block(frame.height, numbers, columns, lambda row: f"row {first + row + 1}", problems, missing=missing)

    def _find_missing(self, series: pl.Series) -> pl.Series:
        """Return which cells are missing: those without a value, and texts that stand for one."""
        pl = import_polars()
        is_missing = series.is_null()
        if series.dtype in (pl.String, pl.Categorical, pl.Enum):
            texts = series.cast(pl.String).str.strip_chars()
            is_missing |= texts.is_in(["", *self.source.options.na]).fill_null(True)
        return is_missing

    def _as_floats(self, series: pl.Series) -> pl.Series:
        """Return a column as float64, null for what is not a number."""
        pl = import_polars()
        if series.dtype.is_decimal() or series.dtype in (pl.String, pl.Categorical, pl.Enum):
            return _parse_texts(series.cast(pl.String))  # by its digits: the nearest float64
        if series.dtype.is_numeric() or series.dtype in (pl.Boolean, pl.Null):
            return series.cast(pl.Float64)
        problem = f"the column {quoted(series.name)} of {self.name} holds {series.dtype}"
        raise RequestError(problem, hint="choose a column of numbers")


def _starts(height: int, is_first: bool) -> list[int]:
    """Return where blocks of a frame begin, and its end. The first block is small, so that its rows leave early."""
    head = [0, FIRST_ROWS] if is_first and height > FIRST_ROWS else [0]
    return [*head, *range(head[-1] + GROUP_ROWS, height, GROUP_ROWS), height]


def _ends_with(file: IO[bytes], magic: bytes) -> bool:
    """Return whether a file ends with these bytes, so that it is not cut off. Go back to its beginning."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - len(magic)))
    is_whole = file.read() == magic
    file.seek(0)
    return is_whole


def _parse_texts(series: pl.Series) -> pl.Series:
    """Return texts as float64, null for those that are not numbers in a CSV table either."""
    pl = import_polars()
    column = series.cast(pl.Float64, strict=False)
    for row in (column.is_null() & series.is_not_null()).arg_true().to_list():
        with suppress(ValueError):
            column[row] = parse_number(series[row])
    return column
