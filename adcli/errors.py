"""The errors a user can meet, and the one function that draws the caret under a place in their text.

Every room may import this one; it imports nothing of adcli.
"""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = 76  # columns of a source line that are shown around the place
LONGEST = 40  # characters of a word that a message quotes
LONGEST_PATH = 120  # of the name of a file
MOST = 8  # names that a message lists


class AdcliError(Exception):
    """Something the user can mend, said in one line and, where there is a place, shown with a caret.

    Args:
        problem: one sentence without the place, e.g. ``"unknown function 'sinn'"``.
        text: the source the span points into.
        span: ``(start, stop)`` character offsets into ``text``.
        hint: what to do about it; follows the problem after a colon.

    ``str(error)`` is the message the command prints. ``.span``, ``.line`` and ``.column`` (both from 1) are
    None without a place.

    >>> print(AdcliError("unknown function 'sinn'", text="2*sinn(x)", span=(2, 6), hint="did you mean 'sin'?"))
    unknown function 'sinn' (column 3): did you mean 'sin'?
      2*sinn(x)
        ^^^^
    """

    exit_status = 2

    def __init__(
        self,
        problem: str,
        *,
        text: str | None = None,
        span: tuple[int, int] | None = None,
        hint: str | None = None,
    ) -> None:
        self.problem = problem
        self.hint = hint
        self.text = text
        self.span = span
        self.line: int | None = None
        self.column: int | None = None
        if text is not None and span is not None:
            self.line, self.column = position(text, span[0])
        super().__init__(problem)

    def __str__(self) -> str:
        message = one_line(self.problem)
        if self.text is not None and self.span is not None:
            message += f" ({place(self.text, self.span[0])})"
        if self.hint:
            message += f": {one_line(self.hint)}"
        if self.text is not None and self.span is not None:
            message += "\n" + caret(self.text, self.span)
        return message


class ParseError(AdcliError):
    """The text is not a program of the language."""


class UnknownNameError(AdcliError):
    """A function or a variable that does not exist."""


class ShapeError(AdcliError):
    """A number where a vector is needed, a vector where a number is, or shapes that do not fit."""


class RequestError(AdcliError):
    """A request that cannot be carried out: an option, a value, a file."""


class DomainError(AdcliError):
    """The mathematics has no answer at this point."""

    exit_status = 1


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character offset.

    >>> position("a = 1\\nb", 6)
    (2, 1)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def place(text: str, offset: int) -> str:
    """``column 3``, or ``line 2, column 3`` in a text of several lines."""
    line, column = position(text, offset)
    return f"line {line}, column {column}" if "\n" in text.rstrip("\r\n") else f"column {column}"


def printable(text: str) -> str:
    """The text with every control character and lone surrogate replaced, so that no terminal obeys it.

    >>> printable("a\\x1b[31m")
    'a\ufffd[31m'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else " " if c == "\t" else "\ufffd" for c in text)


def one_line(text: str) -> str:
    """The text as a message may carry it: printable, with a space for every line break."""
    return printable(text.replace("\n", " "))


def quoted(text: str) -> str:
    """What the user wrote, as a message quotes it; shortened where it is long.

    >>> quoted("x"), quoted("x" * 100)
    ("'x'", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'")
    """
    return f"'{short(text)}'"


def quoted_path(path: str) -> str:
    """The name of a file, as a message quotes it; its end where it is very long, which tells it from its neighbours.

    >>> far = quoted_path("data/" * 100 + "run_2.csv")
    >>> quoted_path("data/run_1.csv"), far[:2], far[-16:]
    ("'data/run_1.csv'", "'…", "/data/run_2.csv'")
    """
    return f"'{path if len(path) <= LONGEST_PATH else f'…{path[1 - LONGEST_PATH :]}'}'"


def short(text: str) -> str:
    """The text, or its beginning where it is long."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…"


def listed(names: Sequence[str]) -> str:
    """Names for a message, separated by commas; the first few where there are many.

    >>> listed(["x", "y"]), listed([f"x{i}" for i in range(20)])
    ('x, y', 'x0, x1, x2, x3, x4, x5, x6, x7 and 12 more')
    """
    shown = ", ".join(short(name) for name in names[:MOST])
    return shown if len(names) <= MOST else f"{shown} and {len(names) - MOST} more"


def caret(text: str, span: tuple[int, int]) -> str:
    """The line of the span, indented, with carets under it; a window of it where the line is long."""
    start = text.rfind("\n", 0, span[0]) + 1
    stop = text.find("\n", span[0])
    stop = len(text) if stop < 0 else stop
    left = max(start, min(span[0] - WINDOW // 2, stop - WINDOW)) if stop - start > WINDOW else start
    right = min(stop, left + WINDOW)
    before, after = "…" if left > start else "", "…" if right < stop else ""
    shown = printable(text[left:right].rstrip("\r"))
    marked = max(1, width(shown[span[0] - left : min(span[1], right) - left]))
    return f"  {before}{shown}{after}\n  {' ' * (len(before) + width(shown[: span[0] - left]))}{'^' * marked}"


def width(text: str) -> int:
    """Columns a terminal gives the text: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def closest(word: str, words: list[str]) -> str | None:
    """The one of `words` that was probably meant, or None; quick enough for every error, not for every call."""
    from difflib import get_close_matches

    folded = {known.lower(): known for known in reversed(words)}
    found = get_close_matches(word.lower()[:40], folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None
