"""Write CSV and TSV: cells and whole rows of the same format as they were read, other cells quoted as needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import polars_csv
from .block import Block
from .column import Column, Numbers, Texts, encode
from .delimited_cells import TextDialect, quote_cell
from .encoded_stream import EncodedStream
from .polars_library import writes_faster
from .source import BOM
from .threads import write_in_background
from .writer import SEPARATORS, Heading, Printer, Stream, Writer

if TYPE_CHECKING:
    import polars as pl

    from .column import Array


def open_writer(stream: Stream, heading: Heading, printer: Printer | None, name: str) -> Writer:
    """Open a writer of the format `name`, ``csv`` or ``tsv``."""
    return write_in_background(DelimitedWriter(stream, heading, name, printer), stream)


class DelimitedWriter(Writer):
    """Write blocks and their results as CSV or TSV.

    The separator, line ends, header and encoding of the table that is read are kept if the format is the same. Its
    decimal sign is kept in both formats.

    Args:
        stream: the output.
        heading: what stands before the rows.
        name: of the format, ``csv`` or ``tsv``.
        printer: of the results' numbers, None for the shortest decimals.
        fast: whether Polars may be used, if it is installed [default: by the number of rows].
    """

    def __init__(
        self,
        stream: Stream,
        heading: Heading,
        name: str,
        printer: Printer | None = None,
        fast: bool | None = None,
    ) -> None:
        separator = SEPARATORS[name]
        dialect = heading.dialect
        decimal = dialect.decimal if dialect is not None else "."
        if dialect is None or (name != dialect.format and separator != dialect.separator):
            dialect = TextDialect(name, separator)
        self._stream = EncodedStream(stream, dialect.encoding) if dialect.encoding else stream
        self._separator = separator = dialect.separator
        self._decimal = decimal
        self._print = printer or repr
        self._fast = fast if printer is None and decimal == "." and polars_csv.is_plain_separator(separator) else False
        self._rows = 0
        self._newline = dialect.newline
        names = [*(dialect.header.get(name, quote_cell(name, separator)) for name in heading.inputs), *heading.names]
        self._stream.write(encode((BOM if dialect.bom else "") + separator.join(names) + self._newline))

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Write the rows of one block."""
        if not block.count:
            return
        self._rows += block.count
        if self._fast is None and writes_faster(self._rows):
            self._fast = True
        if self._fast and self._write_fast(block, results):
            return
        numbers = [self._with_decimal(list(map(self._print, column.tolist()))) for column in results]
        rows = map(self._separator.join, zip(*self._texts(block), *numbers, strict=True))
        self._stream.write(encode(self._newline.join(rows) + self._newline))

    def _write_fast(self, block: Block, results: Sequence[Array]) -> bool:
        """Write rows with Polars. Return False, with nothing written, if there are bytes that are not UTF-8."""
        pieces: list[bytes] = []
        # A thread of Polars that waits for a pipe could not be ended, so this thread writes there.
        write = pieces.append if self._stream.streamed else self._stream.write
        try:
            polars_csv.write_rows([*self._fast_columns(block), *results], self._separator, self._newline, write)
        except UnicodeEncodeError:
            return False
        if pieces:
            self._stream.write(b"".join(pieces))
        return True

    def _texts(self, block: Block) -> list[Sequence[str]]:
        """Return the cells before the results, by column."""
        return [
            column.cells if isinstance(column, Texts) and self._is_spelled_alike(column) else self._spell(column)
            for column in self._columns(block)
        ]

    def _fast_columns(self, block: Block) -> list[list[str] | pl.Series | Array]:
        """Return the same as series and float64 arrays if there are such, otherwise as lists."""
        columns: list[list[str] | pl.Series | Array] = []
        for column in self._columns(block):
            if isinstance(column, Numbers) and column.cells.dtype == float:
                columns.append(column.cells)
            elif isinstance(column, Texts) and self._is_spelled_alike(column):
                columns.append(list(column.cells) if column.series is None else column.series)
            else:
                columns.append(self._spell(column))
        return columns

    def _columns(self, block: Block) -> list[Column]:
        """Return the columns before the results. Whole rows as they were read are one column."""
        columns = list(block.columns.values())
        if block.lines is not None and self._is_spelled_alike(block.lines.rows):
            return [block.lines.rows, *columns[len(block.lines.columns) :]]
        return columns

    def _is_spelled_alike(self, column: Texts) -> bool:
        return column.spelling.separator == self._separator

    def _spell(self, column: Column) -> list[str]:
        texts = column.texts()
        if isinstance(column, Numbers):
            return self._with_decimal(list(texts)) if column.cells.dtype.kind == "f" else list(texts)
        return [quote_cell(text, self._separator) for text in texts]

    def _with_decimal(self, texts: list[str]) -> list[str]:
        """Return printed numbers with the decimal sign of the table."""
        if self._decimal == ".":
            return texts
        return [quote_cell(text.replace(".", self._decimal), self._separator) for text in texts]
