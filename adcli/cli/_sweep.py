"""Values of which there are several: ``0:1:11``, ``1,2,5``, and mixtures of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import RequestError, quoted, short
from ..tables.sweep import Range, Sweep, whole
from ._point import read_number

if TYPE_CHECKING:
    from ..function import Function


def pieces(text: str, separator: str) -> list[str]:
    """The text cut at a separator outside brackets and comments.

    >>> pieces("1, max(2,3), 5", ","), pieces("0:2*pi:9", ":")
    (['1', ' max(2,3)', ' 5'], ['0', '2*pi', '9'])
    """
    found, depth, start = [], 0, 0
    for place, character in enumerate(text):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "#":
            break
        elif character == separator and depth <= 0:
            found.append(text[start:place])
            start = place + 1
    return [*found, text[start:]]


def is_sweep(text: str) -> bool:
    """Whether a value is several.

    >>> is_sweep("0:1:11"), is_sweep("max(1, 2)")
    (True, False)
    """
    return not text.startswith("@") and any(mark in text and len(pieces(text, mark)) > 1 for mark in ",:")


def read_sweep(name: str, text: str, function: Function) -> Sweep:
    """The values of a variable: numbers and ranges ``start:stop:count``, separated by commas."""
    return Sweep([_range(name, piece, function) for piece in pieces(text, ",")])


def _range(name: str, text: str, function: Function) -> Range:
    ends = pieces(text, ":")
    if len(ends) == 1:
        value = read_number(name, text, function)
        return Range(value, value, 1)
    if len(ends) != 3:
        problem = f"the value of {short(name)}, {quoted(text)}, is not a range"
        raise RequestError(problem, hint="a range is START:STOP:COUNT, as in 0:1:11")
    start, stop, count = (read_number(name, end, function) for end in ends)
    if abs(start) == float("inf") or abs(stop) == float("inf") or start != start or stop != stop:
        problem = f"the range of {short(name)}, {quoted(text)}, has no end"
        raise RequestError(problem, hint="its ends are finite numbers, as in 0:1:11")
    return Range(start, stop, whole(count, ends[2]))
