"""NDJSON: one JSON object per line. A value that is carried through keeps its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING

from ..errors import RequestError, quoted, short
from ..strict_json import NOT_FINITE, json_number
from .block import Block, Table
from .column import Column, Spelling, Texts, parse_numbers, quote_json, replace_surrogates
from .source import BOM, LONGEST_LINE, Source
from .writer import Heading, Printer, Stream, Writer

if TYPE_CHECKING:
    from .column import Array

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = JSONDecoder(parse_int=str, parse_float=str)  # only the text of a number is used
JsonRow = dict[str, str]  # the text of each value


def open_table(source: Source, name: str) -> Table:
    """Open a table."""
    return NdJson(source)


def open_writer(stream: Stream, heading: Heading, printer: Printer | None, name: str) -> Writer:
    """Open a writer."""
    return NdJsonWriter(stream, heading, printer)


def split_object(line: str) -> JsonRow:
    """Return the members of a JSON object, each value as it is written.

    Raises:
        ValueError: the line is not an object. The message describes what is wrong with it.

    >>> split_object('{"id": 1.50, "x": [1, {}]}')
    {'id': '1.50', 'x': '[1, {}]'}
    """
    row: JsonRow = {}
    position = _skip_blanks(line, 0)
    if line[position : position + 1] != "{":
        raise ValueError("there is no JSON object")
    position = _skip_blanks(line, position + 1)
    if line[position : position + 1] != "}":
        try:
            while True:
                position = _skip_blanks(line, _read_member(line, position, row))
                if line[position : position + 1] != ",":
                    break
                position = _skip_blanks(line, position + 1)
        except JSONDecodeError as error:
            raise ValueError(f"no JSON from character {error.pos + 1} on") from None
        except RecursionError:
            raise ValueError("nested too deeply") from None
    if line[position : position + 1] != "}":
        raise ValueError(f"',' or '}}' is missing at character {position + 1}")
    if _skip_blanks(line, position + 1) != len(line):
        raise ValueError(f"something follows the object at character {position + 2}")
    return row


def _read_member(line: str, position: int, row: JsonRow) -> int:
    """Add the member that begins at a position to the row, and return the position behind it."""
    if line[position : position + 1] != '"':
        raise ValueError(f"a name in quotes is missing at character {position + 1}")
    name, position = _DECODER.raw_decode(line, position)
    position = _skip_blanks(line, position)
    if line[position : position + 1] != ":":
        raise ValueError(f"':' is missing at character {position + 1}")
    start = _skip_blanks(line, position + 1)
    _, stop = _DECODER.raw_decode(line, start)
    if name in row:
        raise ValueError(f"{quoted(name)} occurs twice")
    row[name] = line[start:stop]
    return stop


def _skip_blanks(line: str, position: int) -> int:
    match = _BLANK.match(line, position)
    return match.end() if match else position


def as_text(value: str) -> str:
    """Return the text of a JSON value: a string without its quotes, nothing for null.

    >>> as_text('"a\\\\u00e9"'), as_text("1.50"), as_text("null")
    ('aé', '1.50', '')
    """
    if value.startswith('"'):
        text: str = _DECODER.decode(value)
        return text
    return "" if value == "null" else value


def _to_strict(values: Sequence[str]) -> list[str]:
    """Return strict JSON for values, among which Python writes ``NaN`` for a number that is not finite."""
    return [f'"{value}"' if value in NOT_FINITE.values() else value for value in values]


JSON = Spelling(lambda values: list(map(as_text, values)), _to_strict)  # a missing value is an empty text


class NdJson(Table):
    """A table of one JSON object per line, whose columns are those of its first row. See `Table`."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._lines = self._read_lines(source)
        self._first: list[tuple[int, str]] = []
        for number, line in self._lines:
            if not line:
                continue
            if line.lstrip().startswith("["):
                raise RequestError(f"{self.name} is one JSON array", hint="write one object a line (NDJSON)")
            self._first.append((number, line))
            try:
                self.columns = list(split_object(line))
            except ValueError as error:
                problem = f"{self.name}, line {number}: {error}"
                raise RequestError(problem, hint="write one object a line (NDJSON)") from None
            break
        else:
            raise RequestError(f"{self.name} has no rows", hint="write one object a line (NDJSON)")

    def _read_lines(self, source: Source) -> Iterator[tuple[int, str]]:
        """Yield the numbers and texts of lines that are not empty, and an empty text at the end of each chunk."""
        rest, number = b"", 0
        for data in source.chunks():
            *lines, rest = (rest + data).split(b"\n")
            if len(rest) > LONGEST_LINE:
                problem = f"{self.name}, line {number + 1} is too long"
                raise RequestError(problem, hint="write one object a line (NDJSON)")
            for line in lines:
                number += 1
                if line.strip():
                    yield number, line.decode("utf-8", "surrogateescape").removeprefix(BOM)
            yield number, ""
        if rest.strip():
            yield number + 1, rest.decode("utf-8", "surrogateescape").removeprefix(BOM)

    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows. See `Table`."""
        lines = self._first
        for number, line in self._lines:
            if line:
                lines.append((number, line))
            elif lines:
                yield self._block(lines, variables, keep)
                lines = []
        if lines:
            yield self._block(lines, variables, keep)

    def _block(self, lines: list[tuple[int, str]], variables: Mapping[str, str], keep: Sequence[str]) -> Block:
        problems: dict[int, str] = {}
        rows: list[JsonRow] = []
        known = set(self.columns)
        for row, (number, line) in enumerate(lines):
            rows.append({})
            try:
                rows[-1] = split_object(_check_utf8(line))
                new = rows[-1].keys() - known
                if new and self.rejects_new_columns:
                    raise ValueError(f"the first row has no {quoted(min(new))} (--keep chooses columns)")
            except ValueError as error:
                problems[row] = f"line {number}: {error}"
        numbers: dict[str, Array] = {}
        for variable, name in variables.items():
            values = [row.get(name, "") for row in rows]
            texts = ["" if value[:1] in "tfn[{" else as_text(value) for value in values]
            numbers[variable], bad = parse_numbers(texts)
            for row in bad:
                problem = f"{quoted(values[row])} is not a number" if values[row] else "is missing"
                problems.setdefault(row, f"line {lines[row][0]}, column {short(name)}: {problem}")
        columns: dict[str, Column] = {name: Texts([row.get(name, "") for row in rows], JSON) for name in keep}
        return Block(len(rows), numbers, columns, lambda row: f"line {lines[row][0]}", problems)


def _check_utf8(line: str) -> str:
    """Return the line, or raise a ValueError if it was not UTF-8."""
    escape = None if line.isascii() else next((c for c in line if "\udc80" <= c <= "\udcff"), None)
    if escape is not None:
        raise ValueError(f"not UTF-8 text (it has the byte 0x{ord(escape) - 0xDC00:02x})")
    return line


class NdJsonWriter(Writer):
    """Write one object per row: ``expression``, ``at`` the variables, the results, and what is ``kept``."""

    def __init__(self, stream: Stream, heading: Heading, printer: Printer | None = None) -> None:
        self._stream = stream
        self._start = f'{{"expression": {quote_json([heading.expression])[0]}, "at": '
        self._variables = heading.variables
        members = heading.members()
        self._members = ", " + "%s".join([text.replace("%", "%%") for text in members[::2]])
        self._indices = list(map(int, members[1::2]))
        self._printer = printer or repr

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Write the rows of one block."""
        at = {name: list(map(json_number, map(repr, block.numbers[name].tolist()))) for name in self._variables}
        cells = [list(map(json_number, map(self._printer, column.tolist()))) for column in results]
        rows = zip(*[cells[index] for index in self._indices], strict=True)
        parts = [_join_objects(at, block.count), [self._members % row for row in rows]]
        others = {name: column.json() for name, column in block.columns.items() if name not in block.numbers}
        if others:
            parts.append([f', "kept": {text}' for text in _join_objects(others, block.count)])
        text = "".join(f"{self._start}{''.join(row)}}}\n" for row in zip(*parts, strict=True))
        self._stream.write(replace_surrogates(text).encode())


def _join_objects(columns: Mapping[str, list[str]], count: int) -> list[str]:
    """Return one object per row. A value that is missing is left out."""
    if not columns:
        return ["{}"] * count
    names = [f"{name}: " for name in quote_json(list(columns))]
    return [
        "{" + ", ".join([name + cell for name, cell in zip(names, row, strict=True) if cell]) + "}"
        for row in zip(*columns.values(), strict=True)
    ]
