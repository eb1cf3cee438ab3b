"""Values of which there are several: ``0:1:11``, ``1,2,5``, and mixtures of them."""

from __future__ import annotations

from ..errors import RequestError, quoted, short
from ..tables.sweep import MOST, Range, Sweep
from .inputs import Formula, read_number


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


def read_sweep(name: str, text: str, formula: Formula) -> Sweep:
    """The values of a variable: numbers and ranges ``start:stop:count``, separated by commas."""
    found = pieces(text, ",")
    if not all(piece.strip() for piece in found):
        raise RequestError(f"a value of {short(name)} is empty in {quoted(text)}", hint="as in 1,2,5")
    return Sweep([_range(name, piece.strip(), formula) for piece in found])


def _range(name: str, text: str, formula: Formula) -> Range:
    ends = pieces(text, ":")
    if len(ends) == 1:
        value = read_number(name, text, formula)
        return Range(value, value, 1)
    this = f"the range of {short(name)}, {quoted(text)},"
    example = "START:STOP:COUNT, as in 0:1:11"
    if len(ends) != 3 or not all(end.strip() for end in ends):
        raise RequestError(f"the value of {short(name)}, {quoted(text)}, is not a range", hint=f"a range is {example}")
    start, stop, count = (read_number(name, end, formula) for end in ends)
    if abs(start) == float("inf") or abs(stop) == float("inf") or start != start or stop != stop:
        raise RequestError(f"{this} has no end", hint="its ends are finite numbers, as in 0:1:11")
    if count >= MOST:
        raise RequestError(f"{this} has {count:.3g} points", hint="no table is as long as that")
    if count % 1 != 0:  # so it is of nan and -inf
        raise RequestError(f"{this} has no whole number of points", hint=example)
    if count < 2:
        raise RequestError(f"{this} has both its ends and so 2 points or more", hint=example)
    return Range(start, stop, int(count))
