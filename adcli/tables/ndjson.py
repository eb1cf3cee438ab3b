"""JSON: one object per row. A value that is carried through keeps its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING

from ..errors import RequestError, quoted, short
from .bad_cells import missing_hint
from .block import Block, Lines, Table
from .column import SURROGATE, Column, Texts, quote_json
from .json_cells import JSON, JsonRow, as_text, is_strict, join_object, nested_paths, split_object, split_path
from .json_rows import JsonRows, read_rows
from .ndjson_writer import open_writer as open_writer
from .source import Source

if TYPE_CHECKING:
    from .column import Array
    from .read_options import Mask

LOOK_ROWS = 1000  # whose members are the columns, because members may be missing in the first row
MANY_COLUMNS = 100  # rows with more are split member by member
_STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?"
_VALUE = f"{_STRING}|{_NUMBER}|true|false|null"
_POSSESSIVE = re.compile(r"(?<=[*+])[+]")  # which the patterns of Polars do not have
Splitter = Callable[[str], "re.Match[str] | None"]


def open_table(source: Source, name: str) -> Table:
    """Open a table."""
    return NdJson(source)


class NdJson(Table):
    """A table of JSON objects, whose columns are the members of its first rows. See `Table`."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.columns = []
        self._known = set[str]()
        self._paths: dict[str, list[str]] = {}
        self._rows = read_rows(source)
        self._first = next((rows for rows in self._rows if rows.texts), None)
        if self._first is None:
            raise RequestError(f"{self.name} has no rows", hint="write one object a line (NDJSON)")
        try:
            row = split_object(_check_utf8(self._first.texts[0]))
        except ValueError as error:
            problem = f"{self.name}, line {self._first.numbers[0]}: {error}"
            raise RequestError(problem, hint="write one object a line (NDJSON)") from None
        self._learn(row)
        is_like_first = re.compile(self._pattern([]) or "(?!)").fullmatch
        for text in self._first.texts[1:LOOK_ROWS]:
            if not is_like_first(text):
                with suppress(ValueError):  # a bad row is treated when it is read
                    self._learn(split_object(_check_utf8(text)))

    def _learn(self, row: JsonRow) -> None:
        """Add the members of a row to the columns."""
        new = [name for name in row if name not in self._known]
        self.columns += new
        self._known.update(new)
        for name, path in nested_paths(row).items():
            self._paths.setdefault(name, path)
        self.parts = [name for name in self._paths if name not in self._known]

    def empty_column(self, name: str) -> Callable[[int], Column]:
        """Return what makes a column of nulls. See `Table`."""
        return lambda count: Texts(["null"] * count, JSON)

    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows. See `Table`."""
        pattern = self._pattern(list(dict.fromkeys(variables.values())))
        split: Splitter = re.compile(pattern).fullmatch if pattern else lambda text: None
        fast_pattern = f"^{_POSSESSIVE.sub('', pattern)}$" if pattern and variables else ""
        first = [self._first] if self._first is not None else []
        for rows in chain(first, self._rows):
            if rows.texts:
                block = self._read_fast(rows, fast_pattern, variables, keep)
                yield block or self._block(rows, split, variables, keep)

    def _pattern(self, names: Sequence[str]) -> str:
        """Return a pattern of rows written like the first one, with groups for these columns, or an empty text."""
        if len(self.columns) > MANY_COLUMNS or any(name not in self._known for name in names):
            return ""
        members = [
            rf"{re.escape(quoted_name)}[ \t]*+:[ \t]*+{'(' if column in names else '(?:'}{_VALUE})[ \t]*+"
            for column, quoted_name in zip(self.columns, quote_json(self.columns), strict=True)
        ]
        pattern = r",[ \t]*+".join(members)
        return rf"[ \t]*+\{{[ \t]*+{pattern}\}}\s*+"

    def _read_fast(
        self, rows: JsonRows, pattern: str, variables: Mapping[str, str], keep: Sequence[str]
    ) -> Block | None:
        """Read a block with Polars. Return None if it must be read row by row."""
        from .polars_json import FAST_ROWS, read_numbers
        from .polars_library import is_installed

        if not pattern or len(rows.texts) < FAST_ROWS or not is_installed():
            return None
        names = [column for column in self.columns if column in variables.values()]
        result = read_numbers(rows.texts, pattern, names, variables)
        if result is None:
            return None
        series, numbers = result
        missing: dict[str, Mask] = {}
        for variable, column in numbers.items():
            numbers[variable], mask = self.source.options.mark(column)
            if mask is not None:
                missing[variable] = mask
        columns, lines = self._carry(rows.texts, {}, keep)
        if lines is not None:
            lines = lines._replace(rows=Texts(rows.texts, JSON, series))
        return Block(
            len(rows.texts), numbers, columns, lambda row: f"line {rows.numbers[row]}", lines=lines, missing=missing
        )

    def _block(self, rows: JsonRows, split: Splitter, variables: Mapping[str, str], keep: Sequence[str]) -> Block:
        sources = set(variables.values())
        names = [column for column in [*self.columns, *self.parts] if column in sources]
        names += [name for name in sources if name not in names]
        problems: dict[int, str] = {}
        matches = list(map(split, rows.texts))
        odd = {row: self._read_odd(rows, row, problems) for row in self._find_odd(rows.texts, matches)}
        cells: list[Sequence[str]] = list(
            zip(
                *[
                    match.groups() if match and row not in odd else self._pick(odd[row], names)
                    for row, match in enumerate(matches)
                ],
                strict=True,
            )
        )
        numbers: dict[str, Array] = {}
        missing: dict[str, Mask] = {}
        for variable, name in variables.items():
            values = cells[names.index(name)]
            numbers[variable], bad, mask = self.source.options.parse(list(map(as_text, values)))
            if mask is not None:
                missing[variable] = mask
            for row in bad:
                problem = f"{quoted(values[row])} is not a number{missing_hint(as_text(values[row]))}"
                problems.setdefault(row, f"line {rows.numbers[row]}, column {short(name)}: {problem}")
        columns, lines = self._carry(rows.texts, odd, keep)
        return Block(len(matches), numbers, columns, lambda row: f"line {rows.numbers[row]}", problems, lines, missing)

    def _find_odd(self, texts: list[str], matches: Sequence[re.Match[str] | None]) -> list[int]:
        """Return the rows that must be split member by member."""
        odd = [row for row, match in enumerate(matches) if match is None] if None in matches else []
        if any(map(SURROGATE.search, texts)):
            odd = [row for row, match in enumerate(matches) if match is None or SURROGATE.search(texts[row])]
        return odd

    def _read_odd(self, rows: JsonRows, row: int, problems: dict[int, str]) -> JsonRow:
        """Return the members of a row, none of a bad one."""
        members: JsonRow = {}
        try:
            members = split_object(_check_utf8(rows.texts[row]))
            new = members.keys() - self._known
            if new and self.rejects_new_columns:
                raise ValueError(f"the first rows have no {quoted(min(new))} (--keep chooses columns)")
        except ValueError as error:
            problems[row] = f"line {rows.numbers[row]}: {error}"
        return members

    def _pick(self, row: JsonRow, names: Sequence[str]) -> list[str]:
        paths = [[name] if name in self._known else self._paths.get(name) or name.split(".") for name in names]
        return [split_path(row, path) for path in paths]

    def _carry(
        self, texts: list[str], odd: dict[int, JsonRow], keep: Sequence[str]
    ) -> tuple[dict[str, Column], Lines | None]:
        """Return the columns that are carried through, and whole rows if these are all columns."""

        @cache
        def members() -> list[JsonRow]:
            return [odd[row] if row in odd else split_object(text) for row, text in enumerate(texts)]

        def cells(name: str) -> list[str]:
            return [self._pick(row, [name])[0] for row in members()]

        columns: dict[str, Column] = {name: Texts(partial(cells, name), JSON) for name in keep}
        if not self.columns or list(keep[: len(self.columns)]) != self.columns:
            return columns, None
        lines = texts
        if odd:
            lines = [
                text if row not in odd or (odd[row] and is_strict(odd[row]) and odd[row].keys() <= self._known)
                else join_object({name: odd[row].get(name, "") for name in self.columns})
                for row, text in enumerate(texts)
            ]  # fmt: skip
        return columns, Lines(Texts(lines, JSON), self.columns)


def _check_utf8(text: str) -> str:
    """Return the text, or raise a ValueError if it was not UTF-8."""
    escape = None if text.isascii() else SURROGATE.search(text)
    if escape is not None:
        raise ValueError(f"not UTF-8 text (it has the byte 0x{ord(escape[0]) - 0xDC00:02x})")
    return text
