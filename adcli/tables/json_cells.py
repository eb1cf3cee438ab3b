"""JSON objects whose values keep the text with which they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from json import JSONDecodeError, JSONDecoder

from ..errors import quoted
from ..strict_json import NOT_FINITE
from .column import Spelling, quote_json

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = JSONDecoder(parse_int=str, parse_float=str)  # only the text of a number is used
JsonRow = dict[str, str]  # the text of each value


def split_object(line: str) -> JsonRow:
    """Return the members of a JSON object, each value as it is written.

    Raises:
        ValueError: the line is not an object. The message describes what is wrong with it.

    >>> split_object('{"id": 1.50, "x": [1, {}]}')
    {'id': '1.50', 'x': '[1, {}]'}
    """
    row: JsonRow = {}
    position = _skip_blanks(line, 0)
    if line[position : position + 1] != "{":
        raise ValueError("there is no JSON object")
    position = _skip_blanks(line, position + 1)
    if line[position : position + 1] != "}":
        try:
            while True:
                position = _skip_blanks(line, _read_member(line, position, row))
                if line[position : position + 1] != ",":
                    break
                position = _skip_blanks(line, position + 1)
        except JSONDecodeError as error:
            raise ValueError(f"no JSON from character {error.pos + 1} on") from None
        except RecursionError:
            raise ValueError("nested too deeply") from None
    if line[position : position + 1] != "}":
        raise ValueError(f"',' or '}}' is missing at character {position + 1}")
    if _skip_blanks(line, position + 1) != len(line):
        raise ValueError(f"something follows the object at character {position + 2}")
    return row


def _read_member(line: str, position: int, row: JsonRow) -> int:
    """Add the member that begins at a position to the row, and return the position behind it."""
    if line[position : position + 1] != '"':
        raise ValueError(f"a name in quotes is missing at character {position + 1}")
    name, position = _DECODER.raw_decode(line, position)
    position = _skip_blanks(line, position)
    if line[position : position + 1] != ":":
        raise ValueError(f"':' is missing at character {position + 1}")
    start = _skip_blanks(line, position + 1)
    _, stop = _DECODER.raw_decode(line, start)
    if name in row:
        raise ValueError(f"{quoted(name)} occurs twice")
    row[name] = line[start:stop]
    return stop


def _skip_blanks(line: str, position: int) -> int:
    match = _BLANK.match(line, position)
    return match.end() if match else position


def as_text(value: str) -> str:
    """Return the text of a JSON value: a string without its quotes, nothing for null.

    >>> as_text('"a\\\\u00e9"'), as_text("1.50"), as_text("null")
    ('aé', '1.50', '')
    """
    if value.startswith('"'):
        text: str = _DECODER.decode(value)
        return text
    return "" if value == "null" else value


def _to_strict(values: Sequence[str]) -> list[str]:
    """Return strict JSON for values, among which Python writes ``NaN`` for a number that is not finite."""
    return [f'"{value}"' if value in NOT_FINITE.values() else value for value in values]


JSON = Spelling(lambda values: list(map(as_text, values)), _to_strict)  # a missing value is an empty text


def is_strict(row: JsonRow) -> bool:
    """Return whether no value is a number that is not finite, which JSON does not have."""
    return not set(NOT_FINITE.values()) & set(row.values())


def join_object(row: JsonRow) -> str:
    """Return a JSON object. A value that is missing is left out.

    >>> join_object({"id": '"007"', "x": "", "y": "NaN"})
    '{"id": "007", "y": "NaN"}'
    """
    values = zip(quote_json(list(row)), _to_strict(list(row.values())), strict=True)
    return f"{{{', '.join([f'{name}: {value}' for name, value in values if value])}}}"


def split_path(row: JsonRow, path: Sequence[str]) -> str:
    """Return the text of a value in nested objects, an empty text if there is none.

    >>> split_path({"p": '{"x": 1.50}'}, ["p", "x"]), split_path({"p": "null"}, ["p", "x"])
    ('1.50', '')
    """
    value = row.get(path[0], "")
    for name in path[1:]:
        if not value.startswith("{"):
            return ""
        value = split_object(value).get(name, "")
    return value


def nested_paths(row: JsonRow) -> dict[str, list[str]]:
    """Return the paths to the values in nested objects, by names like ``p.x``.

    >>> nested_paths({"p": '{"x": 1, "q": {"y": 2}}', "t": "3"})
    {'p.x': ['p', 'x'], 'p.q': ['p', 'q'], 'p.q.y': ['p', 'q', 'y']}
    """
    paths: dict[str, list[str]] = {}
    open_objects = [([name], value) for name, value in reversed(row.items())]
    while open_objects:
        path, value = open_objects.pop()
        if len(path) > 1:
            paths.setdefault(".".join(path), path)
        if value.startswith("{"):
            members = split_object(value)
            open_objects += [([*path, name], member) for name, member in reversed(members.items())]
    return {name: path for name, path in paths.items() if name not in row}
