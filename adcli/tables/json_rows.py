"""Find the rows of JSON text: one object per line, objects over several lines, or one array of objects."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..errors import RequestError
from .source import BOM, CHUNK, FAST_CHUNK, LONGEST_LINE, Source

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(rf'{_STRING}|[{{}}\[\]"]', re.DOTALL)  # a quote alone begins a string that is not read to its end
_LINE_BREAK = re.compile(rf"({_STRING})|(?<=[\[{{])\s*\n\s*|\s*\n\s*(?=[\]}}])|(\s*\n\s*)", re.DOTALL)
BETWEEN = " \t\r\n,"  # what may stand between rows
_CUT_OFF = "check that the file is not cut off"
_OBJECTS = "write one object a line (NDJSON)"


class JsonRows(NamedTuple):
    """Some rows.

    Attributes:
        texts: of the rows, each on one line.
        numbers: of the lines where they begin.
    """

    texts: list[str]
    numbers: Sequence[int]


def read_rows(source: Source) -> Iterator[JsonRows]:
    """Yield the rows, about a chunk of bytes at a time.

    Raises:
        RequestError: the text ends inside a row.
    """
    chunks = _decode(source)
    head = ""
    for text in chunks:
        head = (head + text).removeprefix(BOM)
        begin = head.lstrip()
        if begin and (begin[0] != "{" or "\n" in begin or len(head) > LONGEST_LINE):
            break
    first = head.lstrip().partition("\n")[0]
    is_spread = first.startswith("[") or (first.startswith("{") and _count_open(first) > 0)
    if is_spread:
        return _read_spread(_SpreadRows(source.name, 1 if first.startswith("[") else 0), head, chunks)
    return _read_lines(head, chunks, source.name)


def _decode(source: Source) -> Iterator[str]:
    """Yield the text. Bytes that are not UTF-8 become surrogates."""
    decoder = getincrementaldecoder("utf-8")("surrogateescape")
    total = 0
    while data := source.read(FAST_CHUNK if source.is_large(total) else CHUNK):
        total += len(data)
        yield decoder.decode(data)
    if rest := decoder.decode(b"", final=True):
        yield rest


def _count_open(text: str) -> int:
    """Return how many brackets are open at the end."""
    tokens = _TOKEN.findall(text)
    return sum(token in ("{", "[") for token in tokens) - sum(token in ("}", "]") for token in tokens)


def _read_lines(rest: str, chunks: Iterator[str], name: str) -> Iterator[JsonRows]:
    """Yield the lines that are not empty."""
    number = 1
    more: str | None = rest
    rest = ""
    while more is not None:
        *lines, rest = (rest + more).split("\n")
        if len(rest) > LONGEST_LINE:
            raise RequestError(f"{name}, line {number + len(lines)} is too long", hint=_OBJECTS)
        yield _without_blanks(lines, number)
        number += len(lines)
        more = next(chunks, None)
    yield _without_blanks([rest], number)


def _without_blanks(lines: list[str], first: int) -> JsonRows:
    if all(map(str.strip, lines)):
        return JsonRows(lines, range(first, first + len(lines)))
    numbered = [(number, line) for number, line in enumerate(lines, first) if line.strip()]
    return JsonRows([line for _, line in numbered], [number for number, _ in numbered])


def _read_spread(rows: _SpreadRows, head: str, chunks: Iterator[str]) -> Iterator[JsonRows]:
    yield rows.feed(head)
    for text in chunks:
        yield rows.feed(text)
    rows.finish()


class _SpreadRows:
    """The objects of one array, or objects that follow one another and may take several lines.

    Args:
        name: of the table.
        base: how many brackets are open between rows: 1 in an array, otherwise 0.
    """

    def __init__(self, name: str, base: int) -> None:
        self._name = name
        self._base = base
        self._depth = 0  # brackets that are open at the position
        self._text = ""  # that belongs to no row yet
        self._position = 0  # in this text, up to which brackets were counted
        self._line = 1  # where it begins
        self._rows = JsonRows([], [])

    def feed(self, text: str) -> JsonRows:
        """Return the rows that end in this part of the text."""
        self._rows = JsonRows([], [])
        self._text += text
        start = 0
        for token in _TOKEN.finditer(self._text, self._position):
            mark = token[0]
            if mark == '"':
                self._position = token.start()
                break
            self._position = token.end()
            if mark in ("{", "["):
                start = self._open(start, token)
            elif mark in ("}", "]"):
                start = self._close(start, token)
        else:
            self._position = max(self._position, start)
        self._text = self._text[start:]
        self._position -= start
        if len(self._text) > LONGEST_LINE:
            raise RequestError(f"{self._name}, line {self._line}: a row without end", hint=_CUT_OFF)
        return self._rows

    def _open(self, start: int, token: re.Match[str]) -> int:
        """Count an opening bracket. Return where the text begins that belongs to no row yet."""
        self._depth += 1
        if self._depth > self._base + 1:
            return start
        self._add(start, token.start(), is_row=False)
        return token.start() if self._depth == self._base + 1 else self._skip(token.start(), token.end())

    def _close(self, start: int, token: re.Match[str]) -> int:
        """Count a closing bracket. Return the same."""
        self._depth -= 1
        if self._depth > self._base:
            return start
        if self._depth == self._base or self._depth < 0:
            self._depth = max(self._depth, 0)
            return self._add(start, token.end(), is_row=True)
        self._add(start, token.start(), is_row=False)
        return self._skip(token.start(), token.end())

    def _add(self, start: int, stop: int, is_row: bool) -> int:
        """Add a part of the text as a row. Between rows it is one, a bad one, if it is more than a comma."""
        text = self._text[start:stop]
        if is_row or text.strip(BETWEEN):
            numbers = self._rows.numbers
            assert isinstance(numbers, list)
            before = text[: len(text) - len(text.lstrip(BETWEEN))]
            numbers.append(self._line + before.count("\n"))
            self._rows.texts.append(_on_one_line(text.strip(BETWEEN)))
        return self._skip(start, stop)

    def _skip(self, start: int, stop: int) -> int:
        self._line += self._text.count("\n", start, stop)
        return stop

    def finish(self) -> None:
        """Check that nothing is open."""
        if self._depth > 0 or self._text.strip():
            raise RequestError(f"{self._name}, line {self._line}: a bracket or a quote is not closed", hint=_CUT_OFF)


def _on_one_line(text: str) -> str:
    """Return the text of an object without the line breaks between its tokens."""
    return _LINE_BREAK.sub(lambda match: match[1] or (" " if match[2] else ""), text) if "\n" in text else text
