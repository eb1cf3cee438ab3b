"""The cells of CSV and TSV as they are written: where they end, what they say, and whole rows of them.

A cell that begins with ``"`` goes on to the next ``"`` that is not doubled (RFC 4180); line breaks in it are its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .block import Texts, picked

_CLOSE = re.compile(r'[^"]*+(?:""[^"]*+)*+"')  # the rest of a quoted cell, its closing quote included


def stays_open(line: str, inside: bool, separator: str) -> bool:
    """Whether a quoted cell is open at the end of the line.

    >>> stays_open('1,"a', False, ","), stays_open('b",2', True, ","), stays_open('5" pipe,"a ""b"" c"', False, ",")
    (True, False, False)
    """
    place = 0
    while True:
        if inside or line.startswith('"', place):
            match = _CLOSE.match(line, place if inside else place + 1)
            if match is None:
                return True
            place, inside = match.end(), False
        place = line.find(separator, place) + 1
        if not place:
            return False


def raw_cells(row: str, separator: str) -> list[str]:
    """The cells of a row as they are written, quotes included.

    >>> raw_cells('1,"a, ""b"" c",', ",")
    ['1', '"a, ""b"" c"', '']
    """
    if '"' not in row:
        return row.split(separator)
    cells, start = [], 0
    while True:
        place = start
        if row.startswith('"', start):
            match = _CLOSE.match(row, start + 1)
            place = match.end() if match else len(row)
        stop = row.find(separator, place)
        if stop < 0:
            cells.append(row[start:])
            return cells
        cells.append(row[start:stop])
        start = stop + 1


def unquoted(cell: str) -> str:
    """The text of a cell.

    >>> unquoted('"a ""b"" c"'), unquoted('5" pipe')
    ('a "b" c', '5" pipe')
    """
    if not cell.startswith('"'):
        return cell
    match = _CLOSE.match(cell, 1)
    if match is None:
        return cell[1:].replace('""', '"')
    return match[0][:-1].replace('""', '"') + cell[match.end() :]


def as_cell(text: str, separator: str) -> str:
    """The cell of a text, in quotes where it needs them.

    >>> as_cell("a b", ","), as_cell('a,"b" c', ",")
    ('a b', '"a,""b"" c"')
    """
    if separator in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


class Cells(Texts):
    """A column of cells as they are written in a table with this separator."""

    __slots__ = ("separator",)

    def __init__(self, cells: Sequence[str], separator: str = ",") -> None:
        super().__init__(cells)
        self.separator = separator

    def texts(self) -> list[str]:
        """The cells without quotes."""
        return list(map(unquoted, self.cells))

    def series(self) -> Any:
        """The cells as they are written, as Polars takes them."""
        return list(self.cells)

    def pick(self, rows: Any) -> Cells:
        """The cells of these rows."""
        return Cells(picked(self.cells, rows), self.separator)


class Lines:
    """Whole rows of so many columns as they were written in a table with this separator, without their line ends."""

    __slots__ = ("rows", "separator", "width")

    def __init__(self, rows: Sequence[str], separator: str, width: int) -> None:
        self.rows = rows
        self.separator = separator
        self.width = width

    def texts(self) -> Sequence[str]:
        """The rows."""
        return self.rows

    def series(self) -> Any:
        """The rows, as Polars takes them."""
        return self.rows

    def pick(self, rows: Any) -> Lines:
        """These rows."""
        return Lines(picked(self.rows, rows), self.separator, self.width)


class Dialect:
    """How a table was written, so that it can be written like that again.

    Attributes:
        separator: between cells.
        newline: at the ends of rows.
        bom: whether it began with a byte order mark.
        header: the cells of its header as they were written, by column.
    """

    __slots__ = ("bom", "header", "newline", "separator")

    def __init__(self, separator: str, newline: str, bom: bool, header: dict[str, str]) -> None:
        self.separator = separator
        self.newline = newline
        self.bom = bom
        self.header = header

    def named(self, columns: dict[str, str]) -> Dialect:
        """The same with the header of these columns, by the name under which each is printed."""
        header = {name: self.header[column] for name, column in columns.items()}
        return Dialect(self.separator, self.newline, self.bom, header)
