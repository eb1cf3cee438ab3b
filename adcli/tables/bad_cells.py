"""What is wrong with a row or a cell of a table, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import quoted, short
from .read_options import ReadOptions

# What people write for a missing cell, in small letters.
MISSING_WORDS = ("na", "n/a", "nan.", "null", "none", "nil", "missing", "-", "--", ".", "?", "#n/a", "\\n")


def describe_cell(text: str, options: ReadOptions) -> str:
    """Return what is wrong with the text of a cell of CSV or TSV that is not a number.

    >>> describe_cell("1,5", ReadOptions())
    "'1,5' is not a number (--decimal , reads decimal commas)"
    """
    problem = f"{quoted(text)} is not a number"
    if options.decimal == "," and "." in text:
        return f"{problem} (the decimal sign is ',')"
    if re.fullmatch(r"\s*[+-]?\d*,\d+\s*", text):
        return f"{problem} (--decimal , reads decimal commas)"
    return problem + missing_hint(text)


def missing_hint(text: str) -> str:
    """Return the hint to ``--na``, to be put behind a problem, if people write this text for a missing cell.

    >>> missing_hint("<NA>"), missing_hint("abc")
    (" (--na '<NA>' makes it a missing cell)", '')
    """
    if text.strip().lower().strip("<>()") not in MISSING_WORDS:
        return ""
    from shlex import quote  # only errors need it

    return f" (--na {quote(text.strip())} makes it a missing cell)"


def describe_width(line: str, count: int, width: int, separator: str, options: ReadOptions) -> str:
    """Return what is wrong with a row of `count` cells in a table of `width` columns.

    >>> describe_width("1,2,3", 3, 2, ",", ReadOptions())
    "has 3 cells and not 2 (a cell that holds a ',' needs quotes)"
    """
    sign = "a tab" if separator == "\t" else f"a {separator!r}"
    hint = f"a cell that holds {sign} needs quotes" if count > width else f"an empty cell needs {sign} as well"
    if not line.strip():
        hint = "an empty line has no blanks"
    elif not options.comment and (mark := re.match(r"\s*(#|%|//)", line)):
        hint = f"--comment '{mark[1]}' leaves out comments"
    elif width == 1:
        hint = "--skip N leaves out lines before the header"
    return f"has {'1 cell' if count == 1 else f'{count} cells'} and not {width} ({hint})"


def note_bytes(cells: Sequence[str], name: str, numbers: Sequence[int], problems: dict[int, str]) -> None:
    """Add a problem for each cell that is not UTF-8 text."""
    for row, cell in enumerate(cells):
        escape = None if cell.isascii() else next((c for c in cell if "\udc80" <= c <= "\udcff"), None)
        if escape is not None:
            byte = f"0x{ord(escape) - 0xDC00:02x}"
            problem = f"the cell is not UTF-8 text (it has the byte {byte}; --encoding names another encoding)"
            problems.setdefault(row, f"line {numbers[row]}, column {short(name)}: {problem}")
