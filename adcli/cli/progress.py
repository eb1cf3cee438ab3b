"""How far a long run is: one line on standard error that is written over, on a terminal only."""

from __future__ import annotations

import os
import sys
import time

AFTER = 1.0  # seconds before there is anything to see
EVERY = 0.2


class Progress:
    """Rows, rows per second, and the time left where the end is known.

    Args:
        results_shown: whether the rows themselves go to the terminal, where a bar would be in their way.
    """

    def __init__(self, results_shown: bool) -> None:
        self._seen = not results_shown and animated()
        self._start = self._last = time.monotonic()
        self._drawn = 0

    def show(self, rows: int, part: float | None) -> None:
        """Draw it, if it is time.

        Args:
            rows: done so far.
            part: of the whole, from 0 to 1, or None where nobody knows.
        """
        now = time.monotonic()
        if not self._seen or now - self._start < AFTER or now - self._last < EVERY:
            return
        self._last = now
        line = told(rows, now - self._start, part)
        self._put("\r" + line.ljust(self._drawn))
        self._drawn = len(line)

    def close(self) -> None:
        """Take the line away."""
        if self._drawn:
            self._put("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _put(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            self._seen = False


def animated() -> bool:
    """Whether standard error is a terminal on which something may move."""
    try:
        plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        return not plain and sys.stderr is not None and sys.stderr.isatty()
    except (OSError, ValueError):
        return False


def told(rows: int, seconds: float, part: float | None) -> str:
    """The line.

    >>> told(1_500_000, 3.0, 0.25)
    '[#####               ]  25%  1.5 M rows  500 k rows/s  9 s left'
    """
    text = f"{_amount(rows)} rows  {_amount(rows / seconds)} rows/s"
    if part:
        part = min(part, 1.0)
        bar = "#" * int(part * 20)
        text = f"[{bar:<20}] {part:4.0%}  {text}  {_time(seconds * (1 - part) / part)} left"
    return text


def _amount(count: float) -> str:
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count:.0f}"


def _time(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
