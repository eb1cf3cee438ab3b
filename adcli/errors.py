"""The errors that a user can fix, and the parts of their messages: quotes, lists, carets, "did you mean".

Every package may import this module. It imports nothing of adcli.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

WINDOW = 76  # columns of a source line that are shown around a caret
LONGEST_WORD = 40  # the most characters of a word in a message
LONGEST_PATH = 120  # characters of a file's name that a message quotes
LONGEST_RUN = 130  # the most characters without a space in a message: a path with its quotes
LONGEST_PART = 450  # the most characters of a problem, and of a hint
MAX_NAMES = 8  # names that a message lists


class AdcliError(Exception):
    """An error the user can fix: a one-line message and, if known, the source line with a caret.

    Args:
        problem: what is wrong, without the position, for example ``"unknown function 'sinn'"``.
        text: the source that the span points into.
        span: ``(start, stop)`` character offsets into ``text``.
        hint: what to do about it. It follows the problem after a colon.
        command_hint: the hint that the command prints instead, where it must name an option.

    ``str(error)`` is the message. ``.line`` and ``.column`` count from 1. They are None without a span. Problem and
    hints are cut here, so that no word of the user makes a message long.

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
        command_hint: str | None = None,
    ) -> None:
        self.problem = cut(problem)
        self.hint = None if hint is None else cut(hint)
        self.command_hint = None if command_hint is None else cut(command_hint)
        self.text = text
        self.span = span
        self.line: int | None = None
        self.column: int | None = None
        if text is not None and span is not None:
            self.line, self.column = find_position(text, span[0])
        super().__init__(self.problem)

    def __str__(self) -> str:
        return self._message(self.hint)

    def command_message(self) -> str:
        """Return the message that the command prints."""
        return self._message(self.command_hint or self.hint)

    def at(self, text: str | None, span: tuple[int, int] | None) -> Self:
        """Return the same error at another place."""
        return type(self)(self.problem, text=text, span=span, hint=self.hint, command_hint=self.command_hint)

    def _message(self, hint: str | None) -> str:
        message = one_line(self.problem)
        if self.text is not None and self.span is not None:
            message += f" ({describe_position(self.text, self.span[0])})"
        if hint:
            message += f": {one_line(hint)}"
        if self.text is not None and self.span is not None:
            message += "\n" + draw_caret(self.text, self.span)
        return message


class ParseError(AdcliError):
    """A text that is not a program of the language."""


class UnknownNameError(AdcliError):
    """The name of a function, variable, column or the like that does not exist."""


class ShapeError(AdcliError):
    """An array where a number is needed, a number where an array is, or shapes that do not fit."""


class RequestError(AdcliError):
    """A request that cannot be carried out, because of an option, a value or a file."""


def missing_extra(problem: str, extra: str) -> RequestError:
    """Return the error of a request that needs a library of an extra.

    >>> print(missing_extra("plots need matplotlib", "plot"))
    plots need matplotlib: install it with pip install "adcli[plot]"
    """
    # The shells of Windows need double quotes. Where adcli is installed, pip finds it there and asks no index for it.
    return RequestError(problem, hint=f'install it with pip install "adcli[{extra}]"')


class UnwritableError(RequestError):
    """A result that cannot be written, because the disk is full or for another reason of the system."""


class DomainError(AdcliError):
    """A result that is undefined at this point."""

    exit_status = 1


def find_position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a character offset.

    >>> find_position("a = 1\\nb", 6)
    (2, 1)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def describe_position(text: str, offset: int) -> str:
    """Return ``column 3``, or ``line 2, column 3`` in a text of several lines."""
    line, column = find_position(text, offset)
    return f"line {line}, column {column}" if "\n" in text.rstrip("\r\n") else f"column {column}"


def printable(text: str) -> str:
    """Return the text with control characters and lone surrogates replaced, so that they do not reach a terminal.

    >>> printable("a\\x1b[31m")
    'a\ufffd[31m'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else " " if c == "\t" else "\ufffd" for c in text)


def one_line(text: str) -> str:
    """Return the text as one printable line, with a space for every line break."""
    return printable(text.replace("\n", " "))


def without_secrets(text: str) -> str:
    """Return a text without the passwords and queries, which may be signed, of the URLs in it.

    >>> without_secrets("cannot read 'https://me:key@host/a.csv?X-Amz-Signature=1f'")
    "cannot read 'https://host/a.csv?…'"
    """
    if "://" not in text:
        return text
    import re  # only URLs need it

    text = re.sub(r"(?i)(https?://)[^/\s'\"]*@", r"\1", text)
    text = re.sub(r"(?i)(https?://[^\s'\"?]*\?)[^\s'\"]*", r"\1…", text)
    return re.sub(r"(://)[^/\s:@'\"]*:(?!\d+/)[^\s@'\"]*@", r"\1", text)  # a password may have a slash, but no port


def cut(text: str) -> str:
    """Return a text for people without the middle of long words, and without its end if it is still long.

    >>> cut("write [x, 2]*" + "9" * 10**5), len(cut("x " * 10**5))
    ('write [x, 2]*999999999999999999999999999…99999999', 450)
    """
    text = without_secrets(text)
    if len(text) <= LONGEST_RUN:
        return text
    import re  # only long messages need it

    text = re.sub(rf"\S{{{LONGEST_RUN + 1},}}", lambda run: f"{run[0][:30]}…{run[0][-8:]}", text)
    return text if len(text) <= LONGEST_PART else f"{text[: LONGEST_PART - 1]}…"


def quoted(text: str) -> str:
    """Return the user's word in quotes, as a message shows it. A long word is cut.

    >>> quoted("x"), quoted("x" * 100)
    ("'x'", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'")
    """
    return f"'{short(text)}'"


def quoted_path(path: str) -> str:
    """Return the name of a file in quotes. Of a very long name only the end is shown, which differs between files.

    >>> far = quoted_path("data/" * 100 + "run_2.csv")
    >>> quoted_path("data/run_1.csv"), far[:2], far[-16:]
    ("'data/run_1.csv'", "'…", "/data/run_2.csv'")
    """
    path = without_secrets(path)
    return f"'{path if len(path) <= LONGEST_PATH else f'…{path[1 - LONGEST_PATH :]}'}'"


def short(text: str) -> str:
    """Return the text, or its beginning if it is long."""
    text = without_secrets(text)
    return text if len(text) <= LONGEST_WORD else f"{text[: LONGEST_WORD - 3]}…"


def join_names(names: Sequence[str]) -> str:
    """Return names separated by commas, the first few if there are many.

    >>> join_names(["x", "y"]), join_names([f"x{i}" for i in range(20)])
    ('x, y', 'x0, x1, x2, x3, x4, x5, x6, x7 and 12 more')
    """
    shown = ", ".join(short(name) for name in names[:MAX_NAMES])
    return shown if len(names) <= MAX_NAMES else f"{shown} and {len(names) - MAX_NAMES} more"


def draw_caret(text: str, span: tuple[int, int]) -> str:
    """Return the line of the span, indented, with carets below. Of a long line a window is shown."""
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
    """Return how many terminal columns the text takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def closest(word: str, words: Iterable[str]) -> str | None:
    """Return the word that was probably meant, or None. This is slow, so that only errors should use it."""
    from difflib import get_close_matches

    folded = {candidate.lower(): candidate for candidate in reversed(list(words))}
    matches = get_close_matches(word.lower()[:LONGEST_WORD], folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def suggest(word: str, words: Iterable[str], otherwise: str) -> str:
    """Return the hint for an unknown word: the known word that was probably meant, or `otherwise`.

    >>> suggest("sinn", ["sin", "cos"], "there are two"), suggest("zzz", ["sin", "cos"], "there are two")
    ("did you mean 'sin'?", 'there are two')
    """
    match = closest(word, words)
    return otherwise if match is None else f"did you mean {quoted(match)}?"
