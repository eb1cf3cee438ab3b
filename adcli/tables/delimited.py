"""CSV and TSV: rows of cells, read so that what is carried through keeps every byte.

A row keeps its text, and where all of it is carried through to the same format it is written as it came.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any, BinaryIO

from ..errors import RequestError, quoted, short
from .block import Block, Column, Numbers, Table, encoded, numbers
from .cells import Cells, Dialect, Lines, as_cell, raw_cells, stays_open, unquoted
from .source import CHUNK, Source

if TYPE_CHECKING:
    from .block import Array

LONGEST_LINE = 1 << 26  # bytes; what is longer is no table
BOM = "\ufeff"
FAST_FROM = 1 << 22  # bytes to read from which loading Polars pays
FAST_CHUNK = 1 << 22  # bytes of a block of theirs
FAST_ROWS = 1 << 16  # rows to print from which it does


class Delimited(Table):
    """A CSV or TSV table with a header; see `Table`.

    Args:
        source: its bytes.
        separator: between cells; None looks at the header: a tab where there is one and no comma.
        fast: whether Polars may be used, where it is installed; None decides by size.
    """

    def __init__(self, source: Source, separator: str | None = None, fast: bool | None = None) -> None:
        super().__init__(source)
        self._fast = fast
        self._rest = b""
        self._line = 1  # of the next line to be read
        self.separator = separator or ""
        header = self._header()
        bom = header.startswith(BOM)
        header = header.removeprefix(BOM)
        self._newline = "\r\n" if header.endswith("\r") else "\n"
        header = header.removesuffix("\r")
        if "\r" in header and '"' not in header:
            raise RequestError(f"{self.name} has lines that end with CR alone", hint="write LF, or CR and LF")
        cells = raw_cells(header, self.separator)
        self.columns = list(map(unquoted, cells))
        self.dialect = Dialect(self.separator, self._newline, bom, dict(zip(self.columns, cells, strict=True)))

    def _header(self) -> str:
        """The first row that is not empty; quoted names may hold line breaks."""
        data, inside = b"", False
        lines: list[str] = []
        while True:
            more = self.source.read()
            data += more
            while (stop := data.find(b"\n")) >= 0 or (data and not more):
                line, data = (data, b"") if stop < 0 else (data[:stop], data[stop + 1 :])
                self._line += 1
                text = self._decoded(line, self._line - 1)
                if not lines and not text.strip(f"\r{BOM}"):
                    continue
                lines.append(text)
                if len(lines) == 1 and not self.separator:
                    self.separator = "\t" if "\t" in text and "," not in text else ","
                inside = stays_open(text.removeprefix(BOM), inside, self.separator)
                if not inside:
                    self._rest = data
                    return "\n".join(lines)
            if not more:
                hint = "its first line names the columns"
                raise RequestError(f"{self.name} has no rows", hint=hint if not lines else "a quote is never closed")
            if len(data) > LONGEST_LINE:
                raise RequestError(f"{self.name} is no table", hint="its first line has no end")

    def _decoded(self, line: bytes, place: int) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            problem = f"{self.name}, line {place} is not UTF-8 text"
            raise RequestError(problem, hint=f"byte {error.start + 1} is 0x{line[error.start]:02x}") from None

    def blocks(self, numbers: dict[str, str], kept: Sequence[str]) -> Iterator[Block]:
        """The rows; see `Table`."""
        self._choose(self.source.size or 0)
        return self._blocks(numbers, kept)

    def _choose(self, size: int) -> None:
        """Load Polars where so many bytes are worth it and nothing is said."""
        if self._fast is None and size >= FAST_FROM:
            from .fast import installed

            self._fast = installed()

    def _blocks(self, numbers: dict[str, str], kept: Sequence[str]) -> Iterator[Block]:
        quoted_rows = _Open(self.name)
        passed = 0
        rest, more, ended = b"", self._rest, False
        if self._fast:
            more += self.source.read(FAST_CHUNK)
        while True:
            cut = more.rfind(b"\n") + 1
            # Blocks are large: each is copied once.
            data = b"".join([rest, memoryview(more)[:cut]]) if cut else rest if ended else b""
            rest = more[cut:] if cut else rest + more
            if len(rest) > LONGEST_LINE:
                raise RequestError(f"{self.name}, line {self._line} is too long", hint="is the file a table?")
            passed += len(data)
            self._choose(passed)
            block = self._quick(data, numbers, kept) if self._fast and data and not quoted_rows.lines else None
            if block is not None:
                yield block
            else:
                blocks = (self._block(part, quoted_rows, numbers, kept) for part in _parts(data))
                yield from (block for block in blocks if block.count)
            if ended:
                break
            more = self.source.read(FAST_CHUNK if self._fast else None)
            ended = not more
        if quoted_rows.lines:
            problem = f"{self.name}, line {quoted_rows.first}: a quote is never closed"
            raise RequestError(problem, hint="the file may be cut off")

    def _quick(self, data: bytes, numbered: dict[str, str], kept: Sequence[str]) -> Block | None:
        """The block by Polars, or None where the careful way has to look: quotes, bad cells, ragged or empty lines."""
        from . import fast

        if not numbered:
            return None
        found = fast.read(data, self.separator, self._newline, self.columns, numbered, kept)
        if found is None:
            return None
        columns, carried, lines = found
        first, count = self._line, len(next(iter(columns.values())))
        self._line += count
        return Block(count, columns, carried, lambda row: f"line {first + row}", lines=lines)

    def _block(self, data: bytes, open_row: _Open, numbered: dict[str, str], kept: Sequence[str]) -> Block:
        text = data.decode("utf-8", "surrogateescape")
        ascii_alone = text.isascii() and not open_row.lines  # the beginning of an open row was in another block
        lines, places = self._lines(text, open_row)
        problems: dict[int, str] = {}
        rows = self._rows(lines, places, problems)
        cells = list(zip(*rows, strict=True)) if rows else [()] * len(self.columns)
        columns: dict[str, Sequence[str]] = dict(zip(self.columns, cells, strict=True))
        if not ascii_alone:
            for name in dict.fromkeys([*kept, *numbered.values()]):
                _undecoded(columns[name], name, places, problems)
        found: dict[str, Array] = {}
        for variable, name in numbered.items():
            found[variable], bad = numbers(list(map(unquoted, columns[name])))
            for row in bad:
                problems.setdefault(row, f"line {places[row]}, column {short(name)}: {_no_number(columns[name][row])}")
        carried: dict[str, Column] = {name: Cells(columns[name], self.separator) for name in kept}
        as_written = Lines(lines, self.separator, len(self.columns)) if list(kept) == self.columns else None
        return Block(len(rows), found, carried, lambda row: f"line {places[row]}", problems, as_written)

    def _lines(self, text: str, open_row: _Open) -> tuple[list[str], Sequence[int]]:
        """The rows as they are written, without their line ends, and the line where each begins; no empty ones."""
        lines = text.split("\n")
        if lines[-1] == "":
            lines.pop()
        places: Sequence[int] = range(self._line, self._line + len(lines))
        self._line += len(lines)
        if open_row.lines or '"' in text:
            lines, places = open_row.joined(lines, places, self.separator)
        if "\r" in text:
            lines = [line.removesuffix("\r") for line in lines]
        if "" in lines:
            places = [place for place, line in zip(places, lines, strict=True) if line]
            lines = [line for line in lines if line]
        return lines, places

    def _rows(self, lines: list[str], places: Sequence[int], problems: dict[int, str]) -> list[list[str]]:
        """The cells of each row; a row with too many or too few is a problem, and is cut or filled up."""
        separator, width = self.separator, len(self.columns)
        rows = [raw_cells(line, separator) for line in lines]
        if set(map(len, rows)) - {width}:
            for row, cells in enumerate(rows):
                if len(cells) != width:
                    count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
                    problems[row] = f"line {places[row]} has {count} and not {width}"
                    rows[row] = [*cells, *repeat("", width - len(cells))][:width]
                    lines[row] = separator.join(rows[row])
        return rows


def _undecoded(cells: Sequence[str], name: str, places: Sequence[int], problems: dict[int, str]) -> None:
    """Note the cells that are not UTF-8 text."""
    for row, cell in enumerate(cells):
        odd = None if cell.isascii() else next((c for c in cell if "\udc80" <= c <= "\udcff"), None)
        if odd is not None:
            what = f"the cell is not UTF-8 text (it has the byte 0x{ord(odd) - 0xDC00:02x})"
            problems.setdefault(row, f"line {places[row]}, column {short(name)}: {what}")


def _no_number(cell: str) -> str:
    text = unquoted(cell)
    says = f"{quoted(text)} is not a number" if text.strip() else "the cell is empty"
    return f"{says} (the decimal point is '.')" if re.fullmatch(r"\s*[+-]?\d*,\d+\s*", text) else says


def _parts(data: bytes) -> Iterator[bytes]:
    """Whole lines, about a chunk of them at a time."""
    start = 0
    while start < len(data):
        stop = data.find(b"\n", start + CHUNK) + 1 or len(data)
        yield data[start:stop]
        start = stop


class _Open:
    """The lines so far of a row with a quoted cell that is not closed yet."""

    def __init__(self, table: str) -> None:
        self._table = table
        self.lines: list[str] = []
        self.first = 0
        self._length = 0

    def joined(self, lines: list[str], places: Sequence[int], separator: str) -> tuple[list[str], list[int]]:
        """Lines put together to rows, and where each begins; what is still open stays here."""
        rows, starts = [], []
        for line, place in zip(lines, places, strict=True):
            if not self.lines:
                if '"' not in line or not stays_open(line, False, separator):
                    rows.append(line)
                    starts.append(place)
                    continue
                self.first, self._length = place, 0
            closes = bool(self.lines) and not stays_open(line, True, separator)
            self.lines.append(line)
            self._length += len(line)
            if closes:
                rows.append("\n".join(self.lines))
                starts.append(self.first)
                self.lines = []
            elif self._length > LONGEST_LINE:
                problem = f"{self._table}, line {self.first}: a quote is never closed"
                raise RequestError(problem, hint="is the file a table?")
        return rows, starts


class Writer:
    """Prints blocks and their results as CSV or TSV.

    Args:
        stream: where to.
        inputs: the names of what is kept.
        results: the names of the results.
        separator: between cells.
        printer: of the results' numbers; None for the shortest decimal.
        dialect: of the table that was read, whose line ends and header are kept where the separator is the same.
        fast: whether Polars may be used, where it is installed; None decides by the rows.
    """

    def __init__(
        self,
        stream: BinaryIO,
        inputs: Sequence[str],
        results: Sequence[str],
        separator: str,
        printer: Callable[[float], str] | None = None,
        dialect: Dialect | None = None,
        fast: bool | None = None,
    ) -> None:
        self._stream = stream
        self._separator = separator
        self._printer = printer
        self._fast = fast
        self._rows = 0
        as_before = dialect if dialect is not None and dialect.separator == separator else None
        self._newline = as_before.newline if as_before else "\n"
        raw = as_before.header if as_before else {}
        names = [*(raw.get(name, as_cell(name, separator)) for name in inputs), *results]
        self._stream.write(
            encoded((BOM if as_before and as_before.bom else "") + separator.join(names) + self._newline)
        )

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """The rows of one block."""
        self._rows += block.count
        pays = self._fast or self._rows >= FAST_ROWS or "polars" in sys.modules
        if self._printer is None and self._fast is not False and pays:
            from . import fast

            self._fast = fast.installed()
            if self._fast:
                columns = [*self._before(block, True), *results]
                pieces: list[bytes] = []
                # A thread of Polars that waits for a pipe could not be ended: this one writes there.
                write = pieces.append if getattr(self._stream, "streamed", True) else self._stream.write
                try:
                    fast.written(columns, self._separator, self._newline, write)
                except UnicodeEncodeError:
                    pass  # bytes that are no UTF-8 are nothing for Polars, which has written nothing so far
                else:
                    if pieces:
                        self._stream.write(b"".join(pieces))
                    return
        shown = [list(map(self._printer or repr, column.tolist())) for column in results]
        rows = map(self._separator.join, zip(*self._before(block, False), *shown, strict=True))
        self._stream.write(encoded(self._newline.join(rows) + self._newline))

    def _before(self, block: Block, fast: bool) -> list[Any]:
        """What stands before the results: whole rows as they came where that is possible, else columns of cells."""
        columns, before = list(block.kept.values()), []
        if block.lines is not None and block.lines.separator == self._separator:
            before.append(block.lines.series() if fast else block.lines.texts())
            columns = columns[block.lines.width :]
        for column in columns:
            if isinstance(column, Cells) and column.separator == self._separator:
                before.append(column.series() if fast else column.cells)
            elif isinstance(column, Numbers):
                as_array = fast and column.cells.dtype == float
                before.append(column.cells if as_array else column.texts())
            else:
                before.append([as_cell(text, self._separator) for text in column.texts()])
        return before

    def finish(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""
