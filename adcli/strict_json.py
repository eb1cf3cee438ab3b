"""Strict JSON: a number that is not finite is the string ``"NaN"``, ``"Infinity"`` or ``"-Infinity"`` (ProtoJSON)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite

NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}  # names in other outputs -> names in JSON


def json_number(text: str) -> str:
    """Return a printed number as JSON.

    >>> json_number("1.5"), json_number("-inf"), json_number("nan")
    ('1.5', '"-Infinity"', '"NaN"')
    """
    return f'"{NOT_FINITE[text]}"' if text in NOT_FINITE else text


def finite_or_name(value: float) -> float | str:
    """Return a number for `json.dumps`: itself, or its name if it is not finite.

    >>> finite_or_name(2.0), finite_or_name(float("-inf"))
    (2.0, '-Infinity')
    """
    return value if isfinite(value) else NOT_FINITE[f"{value}"]


def json_text(x: object, number: Callable[[float], str] = repr) -> str:
    """Return mappings, sequences, arrays, texts, numbers, truth values and None as JSON on one line.

    Args:
        x: the data. Arrays become nested lists.
        number: prints a finite float.

    >>> json_text({"at": {"x": float("nan")}, "notes": []}), json_text([1.0, 2, True, None, "é"])
    ('{"at": {"x": "NaN"}, "notes": []}', '[1.0, 2, true, null, "é"]')
    """
    if isinstance(x, float):  # or NumPy's, which prints its type
        return number(float(x)) if isfinite(x) else json_number(f"{x}")
    if isinstance(x, Mapping):
        members = [f"{json_text(name)}: {json_text(item, number)}" for name, item in x.items()]
        return "{" + ", ".join(members) + "}"
    if isinstance(x, Sequence) and not isinstance(x, str):
        return "[" + ", ".join([json_text(item, number) for item in x]) + "]"
    if x is None or isinstance(x, (bool, int, str)):
        from json import dumps

        return dumps(x, ensure_ascii=False)
    return json_text(x.tolist(), number)  # type: ignore[attr-defined]  # an array
