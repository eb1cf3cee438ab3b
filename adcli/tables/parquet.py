"""Parquet with Polars (the extra `tables`): row groups in and out, columns carried through with their types."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from threading import Thread
from typing import IO, TYPE_CHECKING

from ..errors import RequestError, quoted, short
from .block import Block, Table, type_mismatch
from .column import Column, parse_number, replace_surrogates
from .polars_column import PolarsColumn
from .polars_library import polars_errors, polars_errors_as, require_polars
from .source import Source
from .threads import BlockQueue, start_thread
from .writer import Heading, Printer, Stream, Writer

if TYPE_CHECKING:
    import polars as pl

    from .column import AnyArray, Array
    from .read_options import Mask

MAGIC = b"PAR1"  # at both ends of a file
GROUP_ROWS = 1 << 18  # of a block and of a row group
QUEUED_FRAMES = 2  # blocks that may wait to be written


def open_table(source: Source, name: str) -> Table:
    """Open a table."""
    return Parquet(source)


def open_writer(stream: Stream, heading: Heading, printer: Printer | None, name: str) -> Writer:
    """Open a writer."""
    return ParquetWriter(stream, heading)


class Parquet(Table):
    """A table in a Parquet file. See `Table`."""

    def __init__(self, source: Source) -> None:
        pl = require_polars("Parquet")
        super().__init__(source)
        self._file = source.seekable()
        self._consumed = 0
        self._is_whole = _ends_with_magic(self._file)
        with self._errors():
            self._frame = pl.scan_parquet(self._file)
            schema = self._frame.collect_schema()
        self.columns = list(schema.names())
        if not self.columns:
            raise RequestError(f"{self.name} has no columns", hint="a table has rows and columns")

    @property
    def consumed(self) -> int:
        """Bytes of the file that were read so far, estimated by the rows."""
        return self._consumed

    def _errors(self) -> AbstractContextManager[None]:
        if self._is_whole:
            advice = "write it again with pyarrow or DuckDB, in plain types"
            return polars_errors_as(f"{self.name} is damaged, or Polars cannot read it", advice)
        return polars_errors_as(f"{self.name} is damaged or cut off")

    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows. See `Table`."""
        pl = require_polars("Parquet")
        columns = list(dict.fromkeys([*keep, *variables.values()])) or self.columns[:1]
        first = 0
        with self._errors():
            total = self._frame.select(pl.len()).collect().item()
            batches = iter(
                self._frame.select(columns).collect_batches(chunk_size=GROUP_ROWS, maintain_order=True, lazy=True)
            )
        while True:
            with self._errors():
                frame = next(batches, None)
            if frame is None:
                return
            for start in range(0, frame.height, GROUP_ROWS):
                part = frame.slice(start, GROUP_ROWS)
                self._consumed = int((self.source.size or 0) * (first + part.height) / max(total, 1))
                yield self._block(part.rechunk(), variables, keep, first)
                first += part.height

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
                    problem = f"{quoted(str(series[row]))} is not a number"
                    problems.setdefault(row, f"row {first + row + 1}, column {short(name)}: {problem}")
                column, mask = column.fill_null(float("nan")), is_missing.to_numpy()
            numbers[variable], mask = self.source.options.mark(column.to_numpy(), mask)
            if mask is not None:
                missing[variable] = mask
        columns: dict[str, Column] = {name: PolarsColumn(frame[name]) for name in keep}
        return Block(frame.height, numbers, columns, lambda row: f"row {first + row + 1}", problems, missing=missing)

    def _find_missing(self, series: pl.Series) -> pl.Series:
        """Return which cells are missing: those without a value, and texts that stand for one."""
        pl = require_polars("Parquet")
        is_missing = series.is_null()
        if series.dtype in (pl.String, pl.Categorical, pl.Enum):
            texts = series.cast(pl.String).str.strip_chars()
            is_missing |= texts.is_in(["", *self.source.options.na]).fill_null(True)
        return is_missing

    def _as_floats(self, series: pl.Series) -> pl.Series:
        """Return a column as float64, null for what is not a number."""
        pl = require_polars("Parquet")
        if series.dtype.is_decimal() or series.dtype in (pl.String, pl.Categorical, pl.Enum):
            return _parse_texts(series.cast(pl.String))  # by its digits: the nearest float64
        if series.dtype.is_numeric() or series.dtype in (pl.Boolean, pl.Null):
            return series.cast(pl.Float64)
        problem = f"the column {quoted(series.name)} of {self.name} holds {series.dtype}"
        raise RequestError(problem, hint="choose a column of numbers")


def _ends_with_magic(file: IO[bytes]) -> bool:
    """Return whether a file ends as Parquet does, so that it is not cut off. Go back to its beginning."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - len(MAGIC)))
    is_whole = file.read() == MAGIC
    file.seek(0)
    return is_whole


def _parse_texts(series: pl.Series) -> pl.Series:
    """Return texts as float64, null for those that are not numbers in a CSV table either."""
    pl = require_polars("Parquet")
    column = series.cast(pl.Float64, strict=False)
    for row in (column.is_null() & series.is_not_null()).arg_true().to_list():
        with suppress(ValueError):
            column[row] = parse_number(series[row])
    return column


# The units of NumPy's dates and durations that Parquet does not have, and the units that hold them.
UNITS = {"M": {"Y": "D", "M": "D", "W": "D", "h": "ms", "m": "ms", "s": "ms"},
         "m": {"W": "ms", "D": "ms", "h": "ms", "m": "ms", "s": "ms"}}  # fmt: skip


def _lossless(column: AnyArray | pl.Series | None) -> AnyArray | pl.Series | None:
    """Return an array in a type that Parquet has without loss, None if there is none, and a series as it is.

    >>> import numpy as np
    >>> _lossless(np.array(["2024-01-31T12"], dtype="M8[h]")).dtype, _lossless(np.array(["2024"], dtype="M8[as]"))
    (dtype('<M8[ms]'), None)
    """
    import numpy as np

    if not isinstance(column, np.ndarray):
        return column
    kind = column.dtype.kind
    if kind in UNITS:
        unit, count = np.datetime_data(column.dtype)
        target = UNITS[kind].get(unit, unit)
        if target not in ("ms", "us", "ns", "D" if kind == "M" else "ms"):
            return None
        return column if target == unit and count == 1 else column.astype(f"{kind}8[{target}]")
    return column.astype(float) if kind == "f" and column.dtype.itemsize > 8 else column


def _convert_series(series: pl.Series, dtype: pl.DataType, block: Block) -> pl.Series:
    """Return a column of another table in the type of the tables before it.

    Raises:
        RequestError: that loses something.
    """
    pl = require_polars("Parquet")
    are_numbers = [kind.is_numeric() or kind == pl.Boolean for kind in (series.dtype, dtype)]
    if all(are_numbers) or pl.String in (series.dtype, dtype):
        with suppress(*polars_errors()):
            converted = series.cast(dtype, strict=False)
            if converted.cast(series.dtype, strict=False).equals(series, null_equal=True):
                return converted
    raise type_mismatch(series.name, series.dtype, dtype, block)


class _Sink:
    """The stream as Polars writes to it.

    Attributes:
        error: the error that ended the writing, because Polars would raise another one.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self._stream.write(data)
        except BaseException as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        """Do nothing."""


class ParquetWriter(Writer):
    """Write blocks and their results as Parquet, on a thread while the next block is computed."""

    def __init__(self, stream: Stream, heading: Heading) -> None:
        self._polars = require_polars("Parquet")
        self._sink = _Sink(stream)
        self._names = list(map(replace_surrogates, [*heading.inputs, *heading.names]))
        self._frames: BlockQueue[pl.DataFrame | None] = BlockQueue(QUEUED_FRAMES)
        self._schema: Mapping[str, pl.DataType] | None = None
        self._thread: Thread | None = None
        self._error: BaseException | None = None
        self._is_stopped = False

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Write the rows of one block soon."""
        inputs = [
            list(map(replace_surrogates, column.texts())) if (lossless := _lossless(typed)) is None else lossless
            for column, typed in zip(block.columns.values(), block.typed(), strict=True)
        ]
        columns = zip(self._names, [*inputs, *results], strict=True)
        series = [self._polars.Series(name, column) for name, column in columns]
        if self._schema is not None:
            series = [
                each if each.dtype == dtype else _convert_series(each, dtype, block)
                for each, dtype in zip(series, self._schema.values(), strict=True)
            ]
        frame = self._polars.DataFrame(series)
        if self._thread is None:
            self._start(frame.schema)
        self._push(frame)

    def _start(self, schema: Mapping[str, pl.DataType]) -> None:
        from polars.io.plugins import register_io_source

        def frames(*_: object) -> Iterator[pl.DataFrame]:
            while (frame := self._frames.get()) is not None and not self._is_stopped:
                yield frame
            if self._is_stopped:
                raise InterruptedError

        self._schema = schema
        lazy = register_io_source(frames, schema=schema)

        def run() -> None:
            try:
                lazy.sink_parquet(self._sink, row_group_size=GROUP_ROWS, maintain_order=True)
            except BaseException as error:  # raised again by the other thread
                self._error = error

        thread = Thread(target=run, daemon=True)
        if not start_thread(thread):
            raise RequestError("cannot write Parquet", hint="it needs a thread, and the system allows no more of them")
        self._thread = thread

    def _push(self, frame: pl.DataFrame | None) -> None:
        """Put a block into the queue. The thread that takes it may have ended."""
        self._check()
        while not self._frames.put(frame, timeout=0.2):
            self._check()

    def _check(self) -> None:
        if self._error is not None:
            raise self._sink.error or RequestError("cannot write Parquet", hint=str(self._error)[:200])

    def finish(self) -> None:
        """Wait until everything is written."""
        if self._thread is None:
            self._start(dict.fromkeys(self._names, self._polars.Float64))
        self._push(None)
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.2)
        self._check()

    def close(self) -> None:
        """End the thread at once, because a thread that is still running crashes at the interpreter's exit."""
        if self._thread is None or not self._thread.is_alive():
            return
        self._is_stopped = True
        self._frames.put_last(None)
        self._thread.join()
