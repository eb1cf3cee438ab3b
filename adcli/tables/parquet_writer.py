"""Write Parquet with Polars, columns that are carried through with their types. `arrow.py` writes in the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from ..errors import RequestError
from .block import Block, type_mismatch
from .column import replace_surrogates
from .polars_library import import_polars, polars_errors, require_polars
from .threads import BlockQueue, start_thread
from .writer import Heading, Printer, Stream, Writer

if TYPE_CHECKING:
    import polars as pl

    from .column import AnyArray, Array

GROUP_ROWS = 1 << 18  # of a row group
QUEUED_FRAMES = 2  # blocks that may wait to be written
DEFAULT_COMPRESSION = "lz4"  # takes a third of the time of zstd. Derivatives hardly get smaller with either


def open_writer(stream: Stream, heading: Heading, printer: Printer | None, name: str) -> Writer:
    """Open a writer."""
    return ParquetWriter(stream, heading)


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
    pl = import_polars()
    are_numbers = [kind.is_numeric() or kind == pl.Boolean for kind in (series.dtype, dtype)]
    if all(are_numbers) or pl.String in (series.dtype, dtype):
        with suppress(*polars_errors()):
            converted = series.cast(dtype, strict=False)
            if converted.cast(series.dtype, strict=False).equals(series, null_equal=True):
                return converted
    raise type_mismatch(series.name, series.dtype, dtype, block)


class Sink:
    """The stream as Polars writes to it.

    Attributes:
        error: the error that ended the writing, because Polars would raise another one.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        """Write all of the bytes."""
        try:
            self._stream.write(data)
        except BaseException as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        """Do nothing."""


class ParquetWriter(Writer):
    """Write blocks and their results as Parquet, on a thread while the next block is computed.

    Attributes:
        title: of the format, for messages.
    """

    title = "Parquet"

    def __init__(self, stream: Stream, heading: Heading) -> None:
        self._polars = require_polars(self.title)
        self._sink = Sink(stream)
        self._compression: str = heading.compression or DEFAULT_COMPRESSION
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
        text = self._polars.String  # also of a list of no texts
        series = [self._polars.Series(n, column, text if isinstance(column, list) else None) for n, column in columns]
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
                self.write_frames(lazy, self._sink, self._compression.replace("none", "uncompressed"))
            except BaseException as error:  # raised again by the other thread
                self._error = error

        thread = Thread(target=run, daemon=True)
        if not start_thread(thread):
            hint = "it needs a thread, and the system allows no more of them"
            raise RequestError(f"cannot write {self.title}", hint=hint)
        self._thread = thread

    def write_frames(self, lazy: pl.LazyFrame, sink: Sink, compression: str) -> None:
        """Write all blocks. `compression` is as Polars calls it."""
        lazy.sink_parquet(sink, compression=compression, row_group_size=GROUP_ROWS, maintain_order=True)

    def _push(self, frame: pl.DataFrame | None) -> None:
        """Put a block into the queue. The thread that takes it may have ended."""
        self._check()
        while not self._frames.put(frame, timeout=0.2):
            self._check()

    def _check(self) -> None:
        if self._error is not None:
            raise self._sink.error or RequestError(f"cannot write {self.title}", hint=str(self._error)[:200])

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
