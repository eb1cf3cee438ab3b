"""Read CSV and TSV so that what is carried through keeps every byte.

A row keeps its text. If all of its columns are carried through to the same format, it is written as it was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from ..errors import RequestError, quoted, short
from .block import Block, Lines, Table, name_columns
from .column import Column, Texts, parse_numbers
from .delimited_cells import TextDialect, delimited_spelling, has_stray_quote, leaves_quote_open, split_row, unquote
from .delimited_writer import SEPARATORS
from .delimited_writer import open_writer as open_writer
from .source import BOM, CHUNK, FAST_BYTES, FAST_CHUNK, LONGEST_LINE, Source

if TYPE_CHECKING:
    from .column import Array


def open_table(source: Source, name: str) -> Table:
    """Open a table. `name` is ``csv``, ``tsv`` or, for an unknown format, empty."""
    return Delimited(source, SEPARATORS.get(name))


class Delimited(Table):
    """A CSV or TSV table with a header. See `Table`.

    Args:
        source: its bytes.
        separator: between cells [default: a tab if the header has one and no comma, otherwise a comma].
        fast: whether Polars may be used, if it is installed [default: by size].
    """

    def __init__(self, source: Source, separator: str | None = None, fast: bool | None = None) -> None:
        super().__init__(source)
        self._fast = fast
        self._rest = b""  # bytes that were read and not used
        self._line = 1  # the number of the next line
        self.separator = separator or ""
        header = self._read_header()
        bom = header.startswith(BOM)
        header = header.removeprefix(BOM)
        self._newline = "\r\n" if header.endswith("\r") else "\n"
        header = header.removesuffix("\r")
        if "\r" in header and '"' not in header:
            raise RequestError(f"{self.name} has lines that end with CR alone", hint="write LF, or CR and LF")
        cells = split_row(header, self.separator)
        self.columns, self.repeated = name_columns(list(map(unquote, cells)))
        self.dialect = TextDialect(self.separator, self._newline, bom, dict(zip(self.columns, cells, strict=True)))

    def _read_header(self) -> str:
        """Read the first row that is not empty. Quoted names may hold line breaks."""
        lines: list[str] = []
        inside = False
        for line, number in self._header_lines():
            text = self._decode(line, number)
            if not lines and not text.strip(f"\r{BOM}"):
                continue
            lines.append(text)
            if len(lines) == 1 and not self.separator:
                self.separator = "\t" if "\t" in text and "," not in text else ","
            inside = leaves_quote_open(text.removeprefix(BOM), inside, self.separator)
            if not inside:
                return "\n".join(lines)
        hint = "name the columns in its first line" if not lines else "close the quote in its first line"
        raise RequestError(f"{self.name} has no rows", hint=hint)

    def _header_lines(self) -> Iterator[tuple[bytes, int]]:
        """Yield lines and their numbers. What was read after them is in `_rest`."""
        more = self.source.read()
        self._rest = more
        while more or self._rest:
            while (stop := self._rest.find(b"\n")) >= 0 or (self._rest and not more):
                line = self._rest if stop < 0 else self._rest[:stop]
                self._rest = b"" if stop < 0 else self._rest[stop + 1 :]
                self._line += 1
                yield line, self._line - 1
            if len(self._rest) > LONGEST_LINE:
                raise RequestError(f"{self.name} has a first line without end", hint="check that the file is a table")
            more = self.source.read() if more else b""
            self._rest += more

    def _decode(self, line: bytes, number: int) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            problem = f"{self.name}, line {number} is not UTF-8 text"
            raise RequestError(problem, hint=f"byte {error.start + 1} is 0x{line[error.start]:02x}") from None

    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows. See `Table`."""
        self._decide_fast(self.source.size or 0)
        return self._read_blocks(variables, keep)

    def _decide_fast(self, size: int) -> None:
        """Load Polars if there are enough bytes and the caller has not decided."""
        if self._fast is None and size >= FAST_BYTES:
            from .polars_csv import is_installed

            self._fast = is_installed()

    def _read_blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        open_row = _OpenRow(self.name)
        total = 0
        has_rows = False
        for data in self._whole_lines():
            total += len(data)
            self._decide_fast(total)
            block = self._read_fast(data, variables, keep) if self._fast and data and not open_row.lines else None
            if block is not None:
                has_rows = True
                yield block
                continue
            for part in _split_chunks(data):
                block = self._read_block(part, open_row, variables, keep)
                if block.count:
                    has_rows = True
                    yield block
        if not has_rows and not open_row.lines:
            yield self._read_block(b"", open_row, variables, keep)  # the types of the columns
        if open_row.lines:
            problem = f"{self.name}, line {open_row.first}: a quote is never closed"
            raise RequestError(problem, hint="check that the file is not cut off")

    def _whole_lines(self) -> Iterator[bytes]:
        """Yield all bytes, cut behind line ends. The last may lack one."""
        rest, more, is_over = b"", self._rest, False  # a small first block, whose rows leave early
        while not is_over:
            cut = more.rfind(b"\n") + 1
            if cut:
                yield b"".join([rest, memoryview(more)[:cut]])  # blocks are large: copy each once
            rest = more[cut:] if cut else rest + more
            if len(rest) > LONGEST_LINE:
                problem = f"{self.name}, line {self._line} is too long"
                raise RequestError(problem, hint="check that the file is a table")
            more = self.source.read(FAST_CHUNK if self._fast else None)
            is_over = not more
        yield rest

    def _read_fast(self, data: bytes, variables: Mapping[str, str], keep: Sequence[str]) -> Block | None:
        """Read a block with Polars, None if it holds quotes, bad cells, ragged or empty lines."""
        from . import polars_csv

        if not variables:
            return None
        parts = polars_csv.read_rows(data, self.separator, self._newline, self.columns, variables, keep)
        if parts is None:
            return None
        numbers, columns, lines = parts
        first, count = self._line, len(next(iter(numbers.values())))
        self._line += count
        return Block(count, numbers, columns, lambda row: f"line {first + row}", lines=lines)

    def _read_block(self, data: bytes, open_row: _OpenRow, variables: Mapping[str, str], keep: Sequence[str]) -> Block:
        text = data.decode("utf-8", "surrogateescape")
        is_ascii = text.isascii() and not open_row.lines  # the beginning of an open row was in another block
        lines, numbers_of_lines = self._split_lines(text, open_row)
        problems: dict[int, str] = {}
        rows = self._split_cells(lines, numbers_of_lines, problems)
        transposed = list(zip(*rows, strict=True)) if rows else [()] * len(self.columns)
        cells: dict[str, Sequence[str]] = dict(zip(self.columns, transposed, strict=True))
        if not is_ascii:
            not_text: dict[int, str] = {}  # no problems: cells that are carried through keep their bytes
            for name in keep:
                _note_bytes(cells[name], name, numbers_of_lines, not_text)
            self.not_text = self.not_text or (not_text[min(not_text)] if not_text else "")
            for name in dict.fromkeys(variables.values()):
                _note_bytes(cells[name], name, numbers_of_lines, problems)
        numbers: dict[str, Array] = {}
        for variable, name in variables.items():
            numbers[variable], bad = parse_numbers(list(map(unquote, cells[name])))
            for row in bad:
                problem = f"line {numbers_of_lines[row]}, column {short(name)}: {_describe_cell(cells[name][row])}"
                problems.setdefault(row, problem)
        spelling = delimited_spelling(self.separator)
        columns: dict[str, Column] = {name: Texts(cells[name], spelling) for name in keep}
        whole = Lines(Texts(lines, spelling), self.columns) if list(keep) == self.columns else None
        return Block(len(rows), numbers, columns, lambda row: f"line {numbers_of_lines[row]}", problems, whole)

    def _split_lines(self, text: str, open_row: _OpenRow) -> tuple[list[str], Sequence[int]]:
        """Return the rows that are not empty, without line ends, and the number of the line where each begins."""
        lines = text.split("\n")
        if lines[-1] == "":
            lines.pop()
        numbers: Sequence[int] = range(self._line, self._line + len(lines))
        self._line += len(lines)
        if open_row.lines or '"' in text:
            lines, numbers = open_row.join(lines, numbers, self.separator)
        if "\r" in text:
            lines = [line.removesuffix("\r") for line in lines]
        if "" in lines:
            numbers = [number for number, line in zip(numbers, lines, strict=True) if line]
            lines = [line for line in lines if line]
        return lines, numbers

    def _split_cells(self, lines: list[str], numbers: Sequence[int], problems: dict[int, str]) -> list[list[str]]:
        """Return the cells of each row. A row of another width is a problem, and is cut or filled up."""
        separator, width = self.separator, len(self.columns)
        rows = [split_row(line, separator) for line in lines]
        for row, line in enumerate(lines):
            if "\n" in line and has_stray_quote(rows[row]):
                problem = "text follows the closing quote of a cell of several lines"
                problems[row] = f"line {numbers[row]}: {problem} (quotes in it are doubled)"
        if set(map(len, rows)) - {width}:
            for row, cells in enumerate(rows):
                if len(cells) != width:
                    count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
                    problems[row] = f"line {numbers[row]} has {count} and not {width}"
                    rows[row] = [*cells, *repeat("", width - len(cells))][:width]
                    lines[row] = separator.join(rows[row])
        return rows


def _note_bytes(cells: Sequence[str], name: str, numbers: Sequence[int], problems: dict[int, str]) -> None:
    """Add a problem for each cell that is not UTF-8 text."""
    for row, cell in enumerate(cells):
        escape = None if cell.isascii() else next((c for c in cell if "\udc80" <= c <= "\udcff"), None)
        if escape is not None:
            problem = f"the cell is not UTF-8 text (it has the byte 0x{ord(escape) - 0xDC00:02x})"
            problems.setdefault(row, f"line {numbers[row]}, column {short(name)}: {problem}")


def _describe_cell(cell: str) -> str:
    """Return what is wrong with a cell that is not a number."""
    text = unquote(cell)
    problem = f"{quoted(text)} is not a number" if text.strip() else "the cell is empty"
    has_comma = re.fullmatch(r"\s*[+-]?\d*,\d+\s*", text)
    return f"{problem} (the decimal point is '.')" if has_comma else problem


def _split_chunks(data: bytes) -> Iterator[bytes]:
    """Yield whole lines, about a chunk of them at a time."""
    start = 0
    while start < len(data):
        stop = data.find(b"\n", start + CHUNK) + 1 or len(data)
        yield data[start:stop]
        start = stop


class _OpenRow:
    """The lines so far of a row with a quoted cell that is not closed yet.

    Attributes:
        lines: none if no row is open.
        first: the number of the first one.
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self.lines: list[str] = []
        self.first = 0
        self._length = 0

    def join(self, lines: list[str], numbers: Sequence[int], separator: str) -> tuple[list[str], list[int]]:
        """Return lines joined to rows, and the number of the line where each begins. Keep the lines of an open row."""
        rows, starts = [], []
        for line, number in zip(lines, numbers, strict=True):
            if not self.lines:
                if '"' not in line or not leaves_quote_open(line, False, separator):
                    rows.append(line)
                    starts.append(number)
                    continue
                self.first, self._length = number, 0
            closes = bool(self.lines) and not leaves_quote_open(line, True, separator)
            self.lines.append(line)
            self._length += len(line)
            if closes:
                rows.append("\n".join(self.lines))
                starts.append(self.first)
                self.lines = []
            elif self._length > LONGEST_LINE:
                problem = f"{self._table}, line {self.first}: a quote is never closed"
                raise RequestError(problem, hint="check that the file is a table")
        return rows, starts
