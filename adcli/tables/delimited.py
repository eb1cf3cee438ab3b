"""Read CSV and TSV so that what is carried through keeps every byte.

A row keeps its text. If all of its columns are carried through to the same format, it is written as it was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from ..errors import RequestError, short
from . import polars_csv
from .bad_cells import describe_cell, describe_width, note_bytes
from .block import Block, Lines, Table, name_columns
from .column import Column, Texts
from .delimited_cells import TextDialect, delimited_spelling, has_stray_quote, leaves_quote_open, split_row, unquote
from .delimited_rows import OpenRow
from .delimited_writer import open_writer as open_writer
from .source import BOM, CHUNK, FAST_CHUNK, LONGEST_LINE, Source

if TYPE_CHECKING:
    from .column import Array
    from .read_options import Mask

BOM_BYTES = BOM.encode()


def open_table(source: Source, name: str) -> Table:
    """Open a table. `name` is ``csv``, ``tsv`` or, for an unknown format, empty."""
    return Delimited(source, name)


class Delimited(Table):
    """A CSV or TSV table. See `Table`.

    Args:
        source: its bytes.
        name: of the format, ``csv``, ``tsv``, or empty if it is unknown.
        fast: whether Polars may be used, if it is installed [default: by size].
    """

    def __init__(self, source: Source, name: str = "", fast: bool | None = None) -> None:
        super().__init__(source)
        self._fast = fast
        self._options = options = source.options
        self._rest = bytearray()  # bytes that were read and not used, from which lines are taken in linear time
        self._line = 1  # the number of the next line
        self._bom = False
        self.separator = options.delimiter or ("\t" if name == "tsv" else "")
        header = self._read_header(name)
        self._newline = "\r\n" if header.endswith("\r") else "\n"
        row = header.removesuffix("\r")
        if "\r" in row and '"' not in row:
            raise RequestError(f"{self.name} has lines that end with CR alone", hint="write LF, or CR and LF")
        cells = split_row(row, self.separator)
        if options.header:
            self.columns, self.repeated = name_columns(list(map(unquote, cells)))
        else:
            self.has_names = False
            self.columns = [str(number) for number in range(len(cells))]
            self._rest[:0] = f"{header}\n".encode()
            self._line -= header.count("\n") + 1
            cells = []
        if not polars_csv.is_plain_separator(self.separator):
            self._fast = False
        transcoder = source.transcoder
        self.dialect = TextDialect(
            name or ("tsv" if self.separator == "\t" else "csv"), self.separator, self._newline, self._bom,
            dict(zip(self.columns, cells, strict=options.header)), options.decimal,
            transcoder.encoding if transcoder else "",
        )  # fmt: skip

    def _read_header(self, name: str) -> str:
        """Read the first row that is neither skipped nor a comment nor empty. Quoted names may hold line breaks."""
        lines: list[str] = []
        inside = False
        comment = self._options.comment
        for line, number in self._header_lines():
            if number <= self._options.skip:
                continue
            text = self._decode(line, number)
            if not lines and (not text.strip("\r") or (comment and text.startswith(comment))):
                continue
            lines.append(text)
            if len(lines) == 1 and not self.separator:
                self.separator = self._detect_separator(text.removesuffix("\r"), name)
            inside = leaves_quote_open(text, inside, self.separator)
            if not inside:
                return "\n".join(lines)
        hint = "name the columns in its first line" if not lines else "close the quote in its first line"
        raise RequestError(f"{self.name} has no rows", hint=hint)

    def _header_lines(self) -> Iterator[tuple[bytes, int]]:
        """Yield lines and their numbers. What was read after them is in `_rest`."""
        more = self.source.read()
        self._rest += more
        while more or self._rest:
            while (stop := self._rest.find(b"\n")) >= 0 or (self._rest and not more):
                if stop < 0:
                    stop = len(self._rest)
                line = bytes(self._rest[:stop])
                del self._rest[: stop + 1]
                if self._line == 1 and line.startswith(BOM_BYTES):
                    self._bom, line = True, line[len(BOM_BYTES) :]
                self._line += 1
                yield line, self._line - 1
            if len(self._rest) > LONGEST_LINE:
                raise RequestError(f"{self.name} has a first line without end", hint="check that the file is a table")
            more = self.source.read() if more else b""
            self._rest += more

    def _detect_separator(self, header: str, name: str) -> str:
        """Return what separates the cells of the header, a comma if nothing else certainly does."""
        options = self._options
        candidates = ";\t|" if options.decimal == "," else ",;\t|"
        fits = [sign for sign in candidates if len(split_row(header, sign)) > 1]
        is_known = (
            bool(fits) and (options.header or options.decimal == ",") and self._is_width_of_next_row(header, fits[0])
        )
        sign = fits[0] if is_known else "\t" if not name and "\t" in header and "," not in header else ","
        if sign != "," and (name or sign != "\t"):
            spelled = "a tab" if sign == "\t" else f"'{sign}'"
            self.remarks = [f"is read with {spelled} between its cells (--delimiter chooses another sign)"]
        return sign

    def _is_width_of_next_row(self, header: str, sign: str) -> bool:
        """Return whether the row behind the header has as many cells, if there is one."""
        if sign == ",":
            return True
        start = 0
        while True:
            stop = self._rest.find(b"\n", start)
            if stop < 0:
                more = self.source.read()
                self._rest += more
                if more and len(self._rest) <= LONGEST_LINE:
                    continue
                stop = len(self._rest)
            row = self._rest[start:stop].decode("utf-8", "surrogateescape").removesuffix("\r")
            is_comment = bool(self._options.comment) and row.startswith(self._options.comment)
            if row and not is_comment:
                return len(split_row(row, sign)) == len(split_row(header, sign))
            if stop >= len(self._rest):
                return True
            start = stop + 1

    def _decode(self, line: bytes, number: int) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            problem = f"{self.name}, line {number} is not UTF-8 text"
            raise RequestError(
                problem, hint=f"byte {error.start + 1} is 0x{line[error.start]:02x}; --encoding names another encoding"
            ) from None

    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows. See `Table`."""
        self._decide_fast()
        return self._read_blocks(variables, keep)

    def _decide_fast(self, total: int = 0) -> None:
        """Load Polars if there are enough bytes and the caller has not decided."""
        if self._fast is None and self.source.is_large(total):
            self._fast = polars_csv.is_installed()

    def _read_blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        open_row = OpenRow(self.name)
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
        rest, more, is_over = b"", bytes(self._rest), False
        if self._fast and not self.starts_early:
            rest, more = more, self.source.read(FAST_CHUNK)
        while not is_over:
            cut = more.rfind(b"\n") + 1
            if cut:
                yield b"".join([rest, memoryview(more)[:cut]])  # blocks are large: copy each once
            rest = more[cut:] if cut else rest + more
            if len(rest) > LONGEST_LINE:
                problem = f"{self.name}, line {self._line} is too long"
                raise RequestError(problem, hint="check that the file is a table")
            more = self._read_more()
            is_over = not more
        yield rest

    def _read_more(self) -> bytes:
        """Read the bytes of a block. A short end of the file is a part of its last block."""
        if not self._fast:
            return self.source.read()
        left = (self.source.size or 0) - self.source.consumed
        return self.source.read(left if FAST_CHUNK < left < 1.5 * FAST_CHUNK else FAST_CHUNK)

    def _read_fast(self, data: bytes, variables: Mapping[str, str], keep: Sequence[str]) -> Block | None:
        """Read a block with Polars, None if it holds quotes, bad cells, ragged or empty lines."""
        comment = self._options.comment.encode()
        if not variables or (comment and (data.startswith(comment) or b"\n" + comment in data)):
            return None
        parts = polars_csv.read_rows(data, self.separator, self._newline, self.columns, variables, keep, self._options)
        if parts is None:
            return None
        numbers, columns, lines, missing = parts
        first, count = self._line, len(next(iter(numbers.values())))
        self._line += count
        return Block(count, numbers, columns, lambda row: f"line {first + row}", lines=lines, missing=missing)

    def _read_block(self, data: bytes, open_row: OpenRow, variables: Mapping[str, str], keep: Sequence[str]) -> Block:
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
                note_bytes(cells[name], name, numbers_of_lines, not_text)
            self.not_text = self.not_text or (not_text[min(not_text)] if not_text else "")
            for name in dict.fromkeys(variables.values()):
                note_bytes(cells[name], name, numbers_of_lines, problems)
        numbers: dict[str, Array] = {}
        missing: dict[str, Mask] = {}
        for variable, name in variables.items():
            numbers[variable], bad, mask = self._options.parse(list(map(unquote, cells[name])))
            if mask is not None:
                missing[variable] = mask
            for row in bad:
                problem = describe_cell(unquote(cells[name][row]), self._options)
                problems.setdefault(row, f"line {numbers_of_lines[row]}, column {short(name)}: {problem}")
        spelling = delimited_spelling(self.separator)
        columns: dict[str, Column] = {name: Texts(cells[name], spelling) for name in keep}
        whole = Lines(Texts(lines, spelling), self.columns) if list(keep) == self.columns else None
        return Block(len(rows), numbers, columns, lambda row: f"line {numbers_of_lines[row]}", problems, whole, missing)

    def _split_lines(self, text: str, open_row: OpenRow) -> tuple[list[str], Sequence[int]]:
        """Return the rows that are not empty, without line ends, and the number of the line where each begins."""
        lines = text.split("\n")
        if lines[-1] == "":
            lines.pop()
        numbers: Sequence[int] = range(self._line, self._line + len(lines))
        self._line += len(lines)
        comment = self._options.comment
        if open_row.lines or '"' in text:
            lines, numbers = open_row.join(lines, numbers, self.separator, comment)
        elif comment and comment in text:
            numbers = [number for number, line in zip(numbers, lines, strict=True) if not line.startswith(comment)]
            lines = [line for line in lines if not line.startswith(comment)]
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
                    problem = describe_width(lines[row], len(cells), width, separator, self._options)
                    problems[row] = f"line {numbers[row]} {problem}"
                    rows[row] = [*cells, *repeat("", width - len(cells))][:width]
                    lines[row] = separator.join(rows[row])
        return rows


def _split_chunks(data: bytes) -> Iterator[bytes]:
    """Yield whole lines, about a chunk of them at a time."""
    start = 0
    while start < len(data):
        stop = data.find(b"\n", start + CHUNK) + 1 or len(data)
        yield data[start:stop]
        start = stop
