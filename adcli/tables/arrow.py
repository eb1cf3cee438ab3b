"""Arrow files (Arrow IPC, Feather) with Polars (the extra `tables`). The rest is as in `parquet.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from ..errors import RequestError
from .block import Table
from .parquet import Parquet
from .parquet_writer import GROUP_ROWS, ParquetWriter, Sink
from .polars_library import import_polars
from .source import Source
from .writer import Heading, Printer, Stream, Writer

if TYPE_CHECKING:
    import polars as pl

MAPPED_BYTES = 1 << 25  # of a file that are mapped into memory at one time
OTHER_VARIANTS = {b"\xff\xff\xff\xff": "an Arrow stream", b"FEA1": "Feather of version 1"}


def open_table(source: Source, name: str) -> Table:
    """Open a table."""
    variant = OTHER_VARIANTS.get(source.magic[:4])
    if variant is not None:
        raise RequestError(f"{source.name} is {variant}", hint="write an Arrow file (IPC file format, Feather 2)")
    return Arrow(source)


def open_writer(stream: Stream, heading: Heading, printer: Printer | None, name: str) -> Writer:
    """Open a writer."""
    return ArrowWriter(stream, heading)


class Arrow(Parquet):
    """A table in an Arrow file. See `Table`."""

    title, magic = "Arrow", b"ARROW1"

    def scan(self, file: IO[bytes]) -> pl.LazyFrame:
        """Return the rows of a file, which are read later."""
        file.seek(0)  # Polars maps a file into memory from its position on
        frame: pl.LazyFrame = import_polars().scan_ipc(file)
        return frame

    def read_frames(self, frame: pl.LazyFrame, total: int) -> Iterator[pl.DataFrame]:
        """Read the rows in parts. Each part maps the file anew, because what was read stays mapped until then."""
        parts = max(1, (self.source.size or 0) // MAPPED_BYTES)
        columns, step = frame.collect_schema().names(), -(-total // parts)
        for first in range(0, total, max(step, 1)):
            yield from super().read_frames(self.scan(self._file).select(columns).slice(first, step), step)


class ArrowWriter(ParquetWriter):
    """Write blocks and their results as an Arrow file."""

    title = "Arrow"

    def write_frames(self, lazy: pl.LazyFrame, sink: Sink, compression: str) -> None:
        """Write all blocks, with the types that all readers of Arrow know."""
        level = import_polars().CompatLevel.oldest()
        lazy.sink_ipc(sink, compression=compression, compat_level=level, record_batch_size=GROUP_ROWS)
