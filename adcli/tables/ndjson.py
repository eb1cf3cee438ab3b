"""NDJSON: one JSON object a line. A value that is carried through keeps its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from json import JSONDecodeError, JSONDecoder, dumps
from typing import TYPE_CHECKING, BinaryIO

from ..errors import RequestError, quoted, short
from ..strict_json import NOT_FINITE, json_number
from .block import Block, Column, Table, Texts, legible, numbers
from .delimited import BOM, LONGEST_LINE
from .source import Source

if TYPE_CHECKING:
    from .block import Array

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = JSONDecoder(parse_int=str, parse_float=str)  # only the text of a number is looked at
Row = dict[str, str]  # the text of each value


def members(line: str) -> Row:
    """The members of a JSON object, each value as it is written.

    Raises:
        ValueError: the line is none; says what is wrong with it.

    >>> members('{"id": 1.50, "x": [1, {}]}')
    {'id': '1.50', 'x': '[1, {}]'}
    """
    found: Row = {}
    place = _skip(line, 0)
    if line[place : place + 1] != "{":
        raise ValueError("there is no JSON object")
    place = _skip(line, place + 1)
    if line[place : place + 1] == "}":
        return _ended(line, place, found)
    try:
        while True:
            if line[place : place + 1] != '"':
                raise ValueError(f"a name in quotes is missing at character {place + 1}")
            name, place = _DECODER.raw_decode(line, place)
            place = _skip(line, place)
            if line[place : place + 1] != ":":
                raise ValueError(f"':' is missing at character {place + 1}")
            start = _skip(line, place + 1)
            _, stop = _DECODER.raw_decode(line, start)
            if name in found:
                raise ValueError(f"{quoted(name)} occurs twice")
            found[name] = line[start:stop]
            place = _skip(line, stop)
            if line[place : place + 1] != ",":
                return _ended(line, place, found)
            place = _skip(line, place + 1)
    except JSONDecodeError as error:
        raise ValueError(f"no JSON from character {error.pos + 1} on") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _ended(line: str, place: int, found: Row) -> Row:
    if line[place : place + 1] != "}":
        raise ValueError(f"',' or '}}' is missing at character {place + 1}")
    if _skip(line, place + 1) != len(line):
        raise ValueError(f"something follows the object at character {place + 2}")
    return found


def _skip(line: str, place: int) -> int:
    match = _BLANK.match(line, place)
    return match.end() if match else place


def plain(value: str) -> str:
    """The text of a JSON value: a string without its quotes, nothing for null.

    >>> plain('"a\\\\u00e9"'), plain("1.50"), plain("null")
    ('aé', '1.50', '')
    """
    if value.startswith('"'):
        text: str = _DECODER.decode(value)
        return text
    return "" if value == "null" else value


class Values(Texts):
    """A column of JSON values as they are written; one that is missing is an empty text."""

    def texts(self) -> list[str]:
        """Strings without quotes, nothing for null."""
        return list(map(plain, self.cells))

    def json(self) -> list[str]:
        """The values themselves; what Python writes for a number that is not finite becomes strict JSON."""
        return [f'"{cell}"' if cell in NOT_FINITE.values() else cell for cell in self.cells]


class NdJson(Table):
    """A table of one JSON object a line, whose columns are those of its first row; see `Table`."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._lines = self._read(source)
        self._first: list[tuple[int, str]] = []
        for place, line in self._lines:
            if not line:
                continue
            if line.lstrip().startswith("["):
                raise RequestError(f"{self.name} is one JSON array", hint="write one object a line (NDJSON)")
            self._first.append((place, line))
            try:
                self.columns = list(members(line))
            except ValueError as error:
                raise RequestError(f"{self.name}, line {place}: {error}", hint="one object a line (NDJSON)") from None
            break
        else:
            raise RequestError(f"{self.name} has no rows", hint="one object a line (NDJSON)")

    def _read(self, source: Source) -> Iterator[tuple[int, str]]:
        """The lines that are not empty, and the end of what has come so far as an empty one."""
        rest, place = b"", 0
        for data in source.chunks():
            *lines, rest = (rest + data).split(b"\n")
            if len(rest) > LONGEST_LINE:
                raise RequestError(f"{self.name}, line {place + 1} is too long", hint="one object a line (NDJSON)")
            for line in lines:
                place += 1
                if line.strip():
                    yield place, line.decode("utf-8", "surrogateescape").removeprefix(BOM)
            yield place, ""
        if rest.strip():
            yield place + 1, rest.decode("utf-8", "surrogateescape").removeprefix(BOM)

    def blocks(self, numbers: dict[str, str], kept: Sequence[str]) -> Iterator[Block]:
        """The rows; see `Table`."""
        rows = self._first
        for place, line in self._lines:
            if line:
                rows.append((place, line))
            elif rows:
                yield self._block(rows, numbers, kept)
                rows = []
        if rows:
            yield self._block(rows, numbers, kept)

    def _block(self, lines: list[tuple[int, str]], numbered: dict[str, str], kept: Sequence[str]) -> Block:
        problems: dict[int, str] = {}
        rows: list[Row] = []
        known = set(self.columns)
        for row, (place, line) in enumerate(lines):
            rows.append({})
            try:
                odd = next((c for c in line if "\udc80" <= c <= "\udcff"), None) if not line.isascii() else None
                if odd is not None:
                    raise ValueError(f"not UTF-8 text (it has the byte 0x{ord(odd) - 0xDC00:02x})")
                rows[-1] = members(line)
                new = rows[-1].keys() - known
                if new and self.everything:
                    raise ValueError(f"the first row has no {quoted(min(new))} (--keep chooses columns)")
            except ValueError as error:
                problems[row] = f"line {place}: {error}"
        found: dict[str, Array] = {}
        for variable, name in numbered.items():
            values = [row.get(name, "") for row in rows]
            texts = ["" if value[:1] in "tfn[{" else plain(value) for value in values]
            found[variable], bad = numbers(texts)
            for row in bad:
                says = f"{quoted(values[row])} is not a number" if values[row] else "is missing"
                problems.setdefault(row, f"line {lines[row][0]}, column {short(name)}: {says}")
        carried: dict[str, Column] = {name: Values([row.get(name, "") for row in rows]) for name in kept}
        return Block(len(rows), found, carried, lambda row: f"line {lines[row][0]}", problems)


class Writer:
    """Prints one object a row: ``expression``, ``at`` the variables, the results, and what is ``kept``.

    Args:
        stream: where to.
        expression: its text.
        variables: of the expression, all of them columns of the blocks' numbers.
        fields: the results as members: text, the place of a result, text, and so on to a text.
        printer: of the results' numbers; None for the shortest decimal.
    """

    def __init__(
        self,
        stream: BinaryIO,
        expression: str,
        variables: Sequence[str],
        fields: Sequence[str],
        printer: Callable[[float], str] | None = None,
    ) -> None:
        self._stream = stream
        self._start = f'{{"expression": {_name(expression)}, "at": '
        self._variables = variables
        self._members = ", " + "%s".join([text.replace("%", "%%") for text in fields[::2]])
        self._places = list(map(int, fields[1::2]))
        self._printer = printer or repr

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """The rows of one block."""
        at = {name: list(map(json_number, map(repr, block.numbers[name].tolist()))) for name in self._variables}
        cells = [list(map(json_number, map(self._printer, column.tolist()))) for column in results]
        rows = zip(*[cells[place] for place in self._places], strict=True)
        parts = [_objects(at, block.count), [self._members % row for row in rows]]
        kept = {name: column.json() for name, column in block.kept.items() if name not in block.numbers}
        if kept:
            parts.append([f', "kept": {text}' for text in _objects(kept, block.count)])
        text = "".join(f"{self._start}{''.join(row)}}}\n" for row in zip(*parts, strict=True))
        self._stream.write(legible(text).encode())

    def finish(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""


def _name(text: str) -> str:
    return dumps(text, ensure_ascii=False)


def _objects(columns: dict[str, list[str]], count: int) -> list[str]:
    """One object a row; a value that is missing is left out."""
    if not columns:
        return ["{}"] * count
    names = [f"{_name(name)}: " for name in columns]
    return [
        "{" + ", ".join([name + cell for name, cell in zip(names, row, strict=True) if cell]) + "}"
        for row in zip(*columns.values(), strict=True)
    ]
