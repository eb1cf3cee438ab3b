"""Parquet, through Polars (the extra `tables`): row groups in and out, columns carried through with their types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from ..errors import RequestError, quoted, short
from ..strict_json import json_number
from .block import Block, Column, Table, Texts, legible, misfit
from .handover import Handover
from .source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .block import Array

ROWS = 1 << 18  # of a block and of a row group
WAITING = 2  # blocks that may wait to be written


def polars() -> Any:
    """The library.

    Raises:
        RequestError: it is not installed.
    """
    try:
        import polars
    except ImportError:
        raise RequestError("Parquet needs Polars", hint="pip install 'adcli[tables]'") from None
    return polars


class Series(Texts):
    """A column of a Polars series, with its type."""

    __slots__ = ("series",)

    def __init__(self, series: Any) -> None:
        self.series = series

    @property
    def cells(self) -> list[str]:  # type: ignore[override]
        """The cells as text; nothing for a missing one."""
        pl = polars()
        if self.series.dtype.is_float():
            return ["" if cell is None else repr(cell) for cell in self.series.cast(pl.Float64).to_list()]
        try:
            found: list[str] = self.series.cast(pl.String).fill_null("").to_list()
        except pl.exceptions.PolarsError:
            found = ["" if cell is None else str(cell) for cell in self.series.to_list()]
        return found

    def json(self) -> list[str]:
        """Numbers and truth values as such, ``null`` for a missing cell."""
        pl = polars()
        plain = self.series.dtype.is_numeric() or self.series.dtype == pl.Boolean
        texts = map(json_number, self.cells) if plain else super().json()
        return ["null" if gone else text for text, gone in zip(texts, self.series.is_null().to_list(), strict=True)]

    def typed(self) -> Any:
        """The series itself."""
        return self.series

    def array(self) -> NDArray[Any] | None:
        """Numbers, truth values and dates; None for what NumPy has no type for.

        Raises:
            RequestError: cells are missing among whole numbers or truth values, where NumPy has no sign for that.
        """
        dtype, pl = self.series.dtype, polars()
        whole = (dtype.is_integer() and dtype != pl.Int128) or dtype == pl.Boolean
        if whole and self.series.null_count():
            hint = "npy has no sign for that among whole numbers: --keep none leaves out what is no variable"
            raise RequestError(f"the column {quoted(self.series.name)} has an empty cell", hint=hint)
        if whole or dtype.is_float() or dtype in (pl.Date, pl.Datetime, pl.Duration):
            cells: NDArray[Any] = self.series.to_numpy()
            return cells
        return None

    def pick(self, rows: Any) -> Series:
        """The cells of these rows."""
        return Series(self.series[rows])


class Parquet(Table):
    """A table in a Parquet file; see `Table`."""

    def __init__(self, source: Source) -> None:
        pl = polars()
        super().__init__(source)
        self._file = source.seekable()
        self._done = 0
        try:
            self._frame = pl.scan_parquet(self._file)
            schema = self._frame.collect_schema()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise self._damaged(error) from None
        self.columns = list(schema.names())
        if not self.columns:
            raise RequestError(f"{self.name} has no columns", hint="a table has rows and columns")

    @property
    def consumed(self) -> int:
        """Bytes of the file read so far; all the rest is counted in rows."""
        return self._done

    def _damaged(self, error: Exception) -> RequestError:
        says = (str(error).splitlines() or [""])[0][:100]
        return RequestError(f"{self.name} is damaged or cut off", hint=says)

    def blocks(self, numbers: dict[str, str], kept: Sequence[str]) -> Iterator[Block]:
        """The rows; see `Table`."""
        pl = polars()
        columns = list(dict.fromkeys([*kept, *numbers.values()])) or self.columns[:1]
        first = 0
        try:
            total = self._frame.select(pl.len()).collect().item()
            batches = self._frame.select(columns).collect_batches(chunk_size=ROWS, maintain_order=True, lazy=True)
            for frame in batches:
                for start in range(0, frame.height, ROWS):
                    part = frame.slice(start, ROWS)
                    self._done = int((self.source.size or 0) * (first + part.height) / max(total, 1))
                    yield self._block(part.rechunk(), numbers, kept, first)
                    first += part.height
        except (pl.exceptions.PolarsError, OSError) as error:
            raise self._damaged(error) from None

    def _block(self, frame: Any, numbers: dict[str, str], kept: Sequence[str], first: int) -> Block:
        pl = polars()
        found: dict[str, Array] = {}
        problems: dict[int, str] = {}
        for variable, name in numbers.items():
            series = frame[name]
            if series.dtype.is_decimal() or series.dtype == pl.String or series.dtype == pl.Categorical:
                column = series.cast(pl.String).cast(pl.Float64, strict=False)  # by its digits: the nearest float64
            elif series.dtype.is_numeric() or series.dtype in (pl.Boolean, pl.Null):
                column = series.cast(pl.Float64)
            else:
                hint = "the columns of variables are numbers"
                raise RequestError(f"the column {quoted(name)} of {self.name} holds {series.dtype}", hint=hint)
            if column.null_count():
                for row in column.is_null().arg_true().to_list():
                    cell = series[row]
                    what = "the cell is empty" if cell is None else f"{quoted(str(cell))} is not a number"
                    problems.setdefault(row, f"row {first + row + 1}, column {short(name)}: {what}")
                column = column.fill_null(float("nan"))
            found[variable] = column.to_numpy(writable=bool(problems))
        carried: dict[str, Column] = {name: Series(frame[name]) for name in kept}
        return Block(frame.height, found, carried, lambda row: f"row {first + row + 1}", problems)


# The units of NumPy's dates and durations that are others in Parquet.
UNITS = {"M": {"Y": "D", "M": "D", "W": "D", "h": "ms", "m": "ms", "s": "ms"},
         "m": {"W": "ms", "D": "ms", "h": "ms", "m": "ms", "s": "ms"}}  # fmt: skip


def _known(column: Any) -> Any:
    """A column of NumPy in a type that Parquet has without loss, or None; another column as it is.

    >>> import numpy as np
    >>> _known(np.array(["2024-01-31T12"], dtype="M8[h]")).dtype, _known(np.array(["2024"], dtype="M8[as]"))
    (dtype('<M8[ms]'), None)
    """
    kind = getattr(column.dtype, "kind", "") if column is not None else ""
    if kind in UNITS:
        from numpy import datetime_data

        unit, count = datetime_data(column.dtype)
        meant = UNITS[kind].get(unit, unit)
        if meant not in ("ms", "us", "ns", "D" if kind == "M" else "ms"):
            return None
        return column if meant == unit and count == 1 else column.astype(f"{kind}8[{meant}]")
    return column.astype(float) if kind == "f" and column.dtype.itemsize > 8 else column


def _fitted(series: Any, dtype: Any, block: Block) -> Any:
    """A column of another table in the type of the tables before it.

    Raises:
        RequestError: that loses something.
    """
    pl = polars()
    kinds = [kind.is_numeric() or kind == pl.Boolean for kind in (series.dtype, dtype)]
    if all(kinds) or pl.String in (series.dtype, dtype):
        with suppress(pl.exceptions.PolarsError):
            fitted = series.cast(dtype, strict=False)
            if fitted.cast(series.dtype, strict=False).equals(series, null_equal=True):
                return fitted
    raise misfit(series.name, series.dtype, dtype, block)


class _Sink:
    """The stream as Polars writes to it; remembers why it could not be written."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.failed: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self._stream.write(data)
        except BaseException as error:
            self.failed = error
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


class Writer:
    """Prints blocks and their results as Parquet: a thread of its own writes while the next block is computed."""

    def __init__(self, stream: Any, inputs: Sequence[str], results: Sequence[str]) -> None:
        self._polars = polars()
        self._sink = _Sink(stream)
        self._names = list(map(legible, [*inputs, *results]))
        self._frames: Handover[Any] = Handover(WAITING)
        self._schema: Any = None
        self._thread: Thread | None = None
        self._error: BaseException | None = None
        self._stopped = False

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """The rows of one block."""
        kept = [
            list(map(legible, column.texts())) if (known := _known(typed)) is None else known
            for column, typed in zip(block.kept.values(), block.typed(), strict=True)
        ]
        columns = zip(self._names, [*kept, *results], strict=True)
        found = [self._polars.Series(name, column) for name, column in columns]
        if self._schema is not None:
            found = [
                series if series.dtype == dtype else _fitted(series, dtype, block)
                for series, dtype in zip(found, self._schema.values(), strict=True)
            ]
        frame = self._polars.DataFrame(found)
        if self._thread is None:
            self._start(frame.schema)
        self._push(frame)

    def _start(self, schema: Any) -> None:
        from polars.io.plugins import register_io_source

        def frames(*_: Any) -> Iterator[Any]:
            while (frame := self._frames.get()) is not None and not self._stopped:
                yield frame
            if self._stopped:
                raise InterruptedError

        self._schema = schema
        lazy = register_io_source(frames, schema=schema)

        def sink() -> None:
            try:
                lazy.sink_parquet(self._sink, row_group_size=ROWS, maintain_order=True)
            except BaseException as error:  # told by the thread that waits
                self._error = error

        self._thread = Thread(target=sink, daemon=True)
        self._thread.start()

    def _push(self, frame: Any) -> None:
        """Hand a block over; the thread that takes it may have ended."""
        self._check()
        while not self._frames.put(frame, timeout=0.2):
            self._check()

    def _check(self) -> None:
        if self._error is not None:
            raise self._sink.failed or RequestError("cannot write Parquet", hint=str(self._error)[:200])

    def finish(self) -> None:
        """Wait until everything is written."""
        if self._thread is None:
            self._start(dict.fromkeys(self._names, self._polars.Float64))
        self._push(None)
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.2)
        self._check()

    def close(self) -> None:
        """End the thread, whatever it is about: one that lived on would break the interpreter's own end."""
        if self._thread is None or not self._thread.is_alive():
            return
        self._stopped = True
        self._frames.put_last(None)
        self._thread.join()
