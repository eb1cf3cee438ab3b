"""The cells of CSV and TSV rows as they are written.

A cell that begins with ``"`` ends at the next ``"`` that is not doubled (RFC 4180) and may hold line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from ..records import NamedTuple
from .column import Spelling, quote_json

_CLOSE = re.compile(r'[^"]*+(?:""[^"]*+)*+"')  # the rest of a quoted cell, its closing quote included


def leaves_quote_open(line: str, inside: bool, separator: str) -> bool:
    """Return whether a quoted cell is open at the end of the line. `inside`: whether one is open at its beginning.

    >>> leaves_quote_open('1,"a', False, ","), leaves_quote_open('b",2', True, ",")
    (True, False)
    >>> leaves_quote_open('5" pipe,"a ""b"" c"', False, ",")
    False
    """
    start = 0
    while True:
        if inside or line.startswith('"', start):
            match = _CLOSE.match(line, start if inside else start + 1)
            if match is None:
                return True
            start, inside = match.end(), False
        start = line.find(separator, start) + 1
        if not start:
            return False


def split_row(row: str, separator: str) -> list[str]:
    """Return the cells of a row as they are written, quotes included.

    >>> split_row('1,"a, ""b"" c",', ",")
    ['1', '"a, ""b"" c"', '']
    """
    if '"' not in row:
        return row.split(separator)
    cells: list[str] = []
    start = 0
    while True:
        end_of_quotes = start
        if row.startswith('"', start):
            match = _CLOSE.match(row, start + 1)
            end_of_quotes = match.end() if match else len(row)
        stop = row.find(separator, end_of_quotes)
        if stop < 0:
            cells.append(row[start:])
            return cells
        cells.append(row[start:stop])
        start = stop + 1


def unquote(cell: str) -> str:
    """Return the text of a cell.

    >>> unquote('"a ""b"" c"'), unquote('5" pipe')
    ('a "b" c', '5" pipe')
    """
    if not cell.startswith('"'):
        return cell
    match = _CLOSE.match(cell, 1)
    if match is None:
        return cell[1:].replace('""', '"')
    return match[0][:-1].replace('""', '"') + cell[match.end() :]


def has_stray_quote(cells: Sequence[str]) -> bool:
    """Return whether a cell of several lines has text behind its closing quote, so that it may have swallowed rows.

    >>> has_stray_quote(['"a\\nb" c']), has_stray_quote(['"a\\nb"', '5" pipe'])
    (True, False)
    """
    quoted_cells = [cell for cell in cells if cell.startswith('"') and "\n" in cell]
    matches = [(cell, _CLOSE.match(cell, 1)) for cell in quoted_cells]
    return any(match is not None and cell[match.end() :].strip("\r") for cell, match in matches)


def quote_cell(text: str, separator: str) -> str:
    """Return the cell of a text, in quotes if it needs them.

    >>> quote_cell("a b", ","), quote_cell('a,"b" c', ",")
    ('a b', '"a,""b"" c"')
    """
    if separator in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _unquote_all(cells: Sequence[str]) -> list[str]:
    return list(map(unquote, cells))


@cache
def delimited_spelling(separator: str) -> Spelling:
    """Return the spelling of cells in a table with this separator."""
    return Spelling(_unquote_all, lambda cells: quote_json(_unquote_all(cells)), separator)


class TextDialect(NamedTuple):
    """The details of a CSV or TSV table that a table written like it needs.

    Attributes:
        format: its name, ``csv`` or ``tsv``.
        separator: between cells.
        newline: at the ends of rows.
        bom: whether it begins with a byte order mark.
        header: the cells of its header as they are written, by column.
        decimal: the decimal sign.
        encoding: of the text, empty for UTF-8.
    """

    format: str
    separator: str
    newline: str = "\n"
    bom: bool = False
    header: Mapping[str, str] = {}
    decimal: str = "."
    encoding: str = ""

    def select(self, columns: Mapping[str, str]) -> TextDialect:
        """Return the same with the header of these columns, by the name under which each is printed."""
        header = {name: self.header[column] for name, column in columns.items() if column in self.header}
        return self._replace(header=header)
