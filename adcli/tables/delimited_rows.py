"""Rows of CSV and TSV that take several lines."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import RequestError
from .delimited_cells import leaves_quote_open
from .source import LONGEST_LINE


class OpenRow:
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

    def join(
        self, lines: list[str], numbers: Sequence[int], separator: str, comment: str
    ) -> tuple[list[str], list[int]]:
        """Return lines joined to rows, and the number of the line where each begins. Keep the lines of an open row."""
        rows, starts = [], []
        for line, number in zip(lines, numbers, strict=True):
            if not self.lines:
                if comment and line.startswith(comment):
                    continue
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
