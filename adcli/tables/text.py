"""Rows for people and for awk: an aligned table, or bare numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, BinaryIO

from ..errors import printable, width
from .block import Block, encoded

if TYPE_CHECKING:
    from .block import Array


class Writer:
    """An aligned table: columns are as wide as their widest cell so far, and there are two blanks between them."""

    def __init__(
        self,
        stream: BinaryIO,
        inputs: Sequence[str],
        results: Sequence[str],
        printer: Callable[[float], str] | None = None,
    ) -> None:
        self._stream = stream
        self._printer = printer or repr
        self._header: list[str] | None = [printable(name) for name in [*inputs, *results]]
        self._widths = [0] * len(self._header)

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """The rows of one block."""
        columns = [[printable(text).replace("\n", " ") for text in column.texts()] for column in block.kept.values()]
        columns += [list(map(self._printer, column.tolist())) for column in results]
        if self._header is not None:
            columns = [[name, *cells] for name, cells in zip(self._header, columns, strict=True)]
            self._header = None
        padded = []
        for place, cells in enumerate(columns):
            wide = [width(cell) for cell in cells]
            self._widths[place] = most = max(self._widths[place], max(wide))
            last = place == len(columns) - 1
            padded.append(cells if last else [c + " " * (most - w) for c, w in zip(cells, wide, strict=True)])
        self._stream.write(encoded("".join("  ".join(row) + "\n" for row in zip(*padded, strict=True))))

    def finish(self) -> None:
        """The header, where there were no rows."""
        if self._header is not None:
            self._stream.write(encoded("  ".join(self._header) + "\n"))

    def close(self) -> None:
        """There is nothing to close."""


class Values:
    """Bare numbers, one a line: the value of a row, then its slopes."""

    def __init__(self, stream: BinaryIO, printer: Callable[[float], str] | None = None) -> None:
        self._stream = stream
        self._printer = printer or repr

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """The rows of one block."""
        rows = zip(*(map(self._printer, column.tolist()) for column in results), strict=True)
        self._stream.write("".join("\n".join(row) + "\n" for row in rows).encode())

    def finish(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""
