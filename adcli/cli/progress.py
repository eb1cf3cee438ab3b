"""The progress of a long run: one line on standard error that is overwritten, on a terminal only."""

from __future__ import annotations

import os
import sys
import time

AFTER = 1.0  # seconds before the line appears
EVERY = 0.2  # seconds between two updates


class Progress:
    """A line with rows, rows per second and, if the end is known, the time left.

    Args:
        results_shown: whether the rows go to the terminal, which leaves no room for the line.
        parts: into how many parts the results go, 0 for a single file.
        done: how many parts, how many rows and which part of the whole earlier runs have done.

    Attributes:
        parts_done: how many parts are there.
    """

    def __init__(self, results_shown: bool, parts: int = 0, done: tuple[int, int, float] = (0, 0, 0.0)) -> None:
        self._enabled = not results_shown and can_animate()
        self._parts = parts
        self.parts_done, self._rows_before, self._part_before = done
        self._start = self._last = time.monotonic()
        self._width = 0  # of the line that is visible

    def show(self, rows: int, part: float | None) -> None:
        """Update the line, if it is time.

        Args:
            rows: how many are done.
            part: how much of the whole that is, from 0 to 1, or None if it is unknown.
        """
        now = time.monotonic()
        if not self._enabled or now - self._start < AFTER or now - self._last < EVERY:
            return
        self._last = now
        line = format_progress(rows, now - self._start, part, self._rows_before, self._part_before)
        if self._parts:
            line += f"  {self.parts_done} of {self._parts} parts"
        self._put("\r" + line.ljust(self._width))
        self._width = len(line)

    def close(self) -> None:
        """Remove the line."""
        if self._width:
            self._put("\r" + " " * self._width + "\r")
            self._width = 0

    def _put(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            self._enabled = False
            sys.stderr = None  # the interpreter would flush the text again when it ends


def can_animate() -> bool:
    """Return whether standard error is a terminal, and neither NO_COLOR nor TERM=dumb asks for plain output."""
    try:
        plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        return not plain and sys.stderr is not None and sys.stderr.isatty()
    except (OSError, ValueError):
        return False


def format_progress(
    rows: int, seconds: float, part: float | None, rows_before: int = 0, part_before: float = 0.0
) -> str:
    """Return the line for so many rows after so many seconds, of which some were done before.

    >>> format_progress(1_500_000, 3.0, 0.25)
    '[#####               ]  25%  1.5 M rows  500 k rows/s  9 s left'
    >>> format_progress(1_500_000, 3.0, 0.75, 1_200_000, 0.5)
    '[###############     ]  75%  1.5 M rows  100 k rows/s  3 s left'
    """
    text = f"{_format_amount(rows)} rows  {_format_amount((rows - rows_before) / seconds)} rows/s"
    if part is not None and part > part_before:
        part = min(part, 1.0)
        bar = "#" * int(part * 20)
        left = _format_seconds(seconds * (1 - part) / (part - part_before))
        text = f"[{bar:<20}] {part:4.0%}  {text}  {left} left"
    return text


def _format_amount(count: float) -> str:
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count:.0f}"


def _format_seconds(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
