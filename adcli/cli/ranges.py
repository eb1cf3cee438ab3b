"""Values that are several: ``0:1:11``, ``1,2,5``, and both combined."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from ..errors import RequestError, short
from ..tables.sweep import MAX_POINTS, Range, Sweep


def split_outside(text: str, separator: str) -> list[str]:
    """Return the text split at a separator, except in brackets and comments.

    >>> split_outside("1, max(2,3), 5", ","), split_outside("0:2*pi:9", ":")
    (['1', ' max(2,3)', ' 5'], ['0', '2*pi', '9'])
    """
    parts, depth, start = [], 0, 0
    for i, character in enumerate(text):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "#":
            break
        elif character == separator and depth <= 0:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]


def is_sweep(text: str) -> bool:
    """Return whether a value is several.

    >>> is_sweep("0:1:11"), is_sweep("max(1, 2)")
    (True, False)
    """
    return not text.startswith("@") and any(mark in text and len(split_outside(text, mark)) > 1 for mark in ",:")


def read_sweep(name: str, text: str, read_number: Callable[[str], float]) -> Sweep:
    """Read the values of a variable: numbers and ranges ``START:STOP:COUNT``, separated by commas.

    Args:
        name: of the variable.
        text: its values.
        read_number: reads one number of them.

    Raises:
        AdcliError: one of them is wrong.
    """
    parts = split_outside(text, ",")
    if not all(part.strip() for part in parts):
        raise RequestError(f"{_assignment(name, text)}: a value is empty", hint="write several as 1,2,5")
    return Sweep([_read_range(name, part.strip(), read_number) for part in parts])


def _read_range(name: str, text: str, read_number: Callable[[str], float]) -> Range:
    """Read one number, or START:STOP:COUNT."""
    ends = split_outside(text, ":")
    if len(ends) == 1:
        value = read_number(text)
        return Range(value, value, 1)
    here, example = _assignment(name, text), "write a range as 0:1:11"
    if len(ends) != 3 or not all(end.strip() for end in ends):
        raise RequestError(f"{here}: a range is START:STOP:COUNT", hint=example)
    start, stop, count = (read_number(end) for end in ends)
    if not (isfinite(start) and isfinite(stop)):
        raise RequestError(f"{here}: START and STOP must be finite", hint=example)
    if count >= MAX_POINTS:
        raise RequestError(f"{here}: COUNT is {count:.3g}, more than a table can have", hint=example)
    if count % 1 != 0:  # also for nan and -inf
        raise RequestError(f"{here}: COUNT must be an integer", hint=example)
    if count < 2:
        raise RequestError(f"{here}: COUNT must be at least 2, for both ends", hint=example)
    return Range(start, stop, int(count))


def _assignment(name: str, text: str) -> str:
    return f"{short(name)}={short(text)}"
