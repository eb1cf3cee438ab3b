"""Rows as text: an aligned table (the format `text`), or bare numbers (the format `value`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import printable, width
from .block import Block
from .column import encode
from .writer import Heading, Printer, Stream, Writer

if TYPE_CHECKING:
    from .column import Array


def open_writer(stream: Stream, heading: Heading, printer: Printer | None, name: str) -> Writer:
    """Open a writer of the format `name`."""
    if name == "value":
        return ValueWriter(stream, printer)
    return AlignedWriter(stream, heading, printer)


class AlignedWriter(Writer):
    """Write an aligned table: columns are as wide as their widest cell so far, with two blanks between them."""

    def __init__(self, stream: Stream, heading: Heading, printer: Printer | None = None) -> None:
        self._stream = stream
        self._printer = printer or repr
        self._header: list[str] | None = [printable(name) for name in [*heading.inputs, *heading.labels]]
        self._widths = [0] * len(self._header)

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Write the rows of one block."""
        columns = [[printable(text).replace("\n", " ") for text in column.texts()] for column in block.columns.values()]
        columns += [list(map(self._printer, column.tolist())) for column in results]
        if self._header is not None:
            columns = [[name, *cells] for name, cells in zip(self._header, columns, strict=True)]
            self._header = None
        padded = []
        for index, cells in enumerate(columns):
            widths = [width(cell) for cell in cells]
            self._widths[index] = widest = max([self._widths[index], *widths])
            is_last = index == len(columns) - 1
            padded.append(cells if is_last else [c + " " * (widest - w) for c, w in zip(cells, widths, strict=True)])
        self._stream.write(encode("".join("  ".join(row) + "\n" for row in zip(*padded, strict=True))))

    def finish(self) -> None:
        """Write the header if there were no rows."""
        if self._header is not None:
            self._stream.write(encode("  ".join(self._header) + "\n"))


class ValueWriter(Writer):
    """Write bare numbers, one per line: the value of a row, then its derivatives."""

    def __init__(self, stream: Stream, printer: Printer | None = None) -> None:
        self._stream = stream
        self._printer = printer or repr

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Write the rows of one block."""
        rows = zip(*(map(self._printer, column.tolist()) for column in results), strict=True)
        self._stream.write("".join("\n".join(row) + "\n" for row in rows).encode())
