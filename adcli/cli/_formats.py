"""How an answer is printed: one function a format. Add one here and in the choices of `_arguments.point_options`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite, isnan
from typing import Any

from ..errors import RequestError, quoted, width
from ._point import Answer

Number = Callable[[float], str]


def number_printer(digits: int | None) -> Number:
    """Shortest text that reads back to the same float64, or that many significant digits."""
    return repr if digits is None else lambda value: f"{value:.{digits}g}"


def columns(rows: Mapping[str, str]) -> str:
    """Two columns: what, and how much."""
    column = max(map(width, rows)) + 2
    return "".join(f"{label}{' ' * (column - width(label))}{content}\n" for label, content in rows.items())


def text(answer: Answer, number: Number) -> str:
    """Two columns: what, and how much."""
    return columns({label: number(x) for label, x in answer.rows.items()})


def value(answer: Answer, number: Number) -> str:
    """Bare numbers, the value first."""
    return "".join(f"{number(x)}\n" for x in answer.rows.values())


def json(answer: Answer, number: Number) -> str:
    """One strict JSON object on one line; what is not finite is a string (the ProtoJSON rule)."""
    notes = [
        {"kind": note.kind, "where": note.where, "column": note.column, "message": note.message}
        | ({"line": note.line} if note.line > 1 else {})
        for note in answer.notes
    ]
    fields = {
        "expression": json_text(answer.function.formula.text, number),
        "at": json_text(answer.inputs, repr),  # --digits rounds what was asked for, not where
        **{name: json_text(field, number) for name, field in answer.fields.items()},
        "notes": json_text(notes, number),
    }
    return "{" + ", ".join(f'"{name}": {field}' for name, field in fields.items()) + "}\n"


def json_text(x: Any, number: Number) -> str:
    """Strict JSON of mappings, lists, texts and numbers; a float by the printer, one that is not finite as a string."""
    if isinstance(x, dict):
        return (
            "{" + ", ".join(f"{json_text(name, number)}: {json_text(item, number)}" for name, item in x.items()) + "}"
        )
    if isinstance(x, list):
        return "[" + ", ".join(json_text(item, number) for item in x) + "]"
    if isinstance(x, str):
        from json import dumps

        return dumps(x, ensure_ascii=False)
    if isinstance(x, int):
        return str(x)
    if isfinite(x):
        return number(x)
    return '"NaN"' if isnan(x) else '"Infinity"' if x > 0 else '"-Infinity"'


def csv(answer: Answer, number: Number, separator: str = ",") -> str:
    """A header and one row: the inputs, ``f``, and ``df_dx`` for each slope."""
    header = list(answer.inputs)
    results = {label.replace("/", "_"): x for label, x in answer.rows.items()}
    clash = next((name for name in header if name in results), None)
    if clash is not None:
        hint = "rename the variable, or use --format json"
        raise RequestError(f"the input column {quoted(clash)} has the name of a result", hint=hint)
    cells = [*map(repr, answer.inputs.values()), *map(number, results.values())]
    return f"{separator.join([*header, *results])}\n{separator.join(cells)}\n"


def tsv(answer: Answer, number: Number) -> str:
    """As csv, with tabs."""
    return csv(answer, number, "\t")


def deliver(answer: Answer, form: str, digits: int | None, output: str | None) -> int:
    """Print an answer and what is to be said of it; returns the exit status."""
    from ._output import write
    from ._point import tell

    write(FORMATS[form](answer, number_printer(digits)), output)
    return tell(answer.notes, form == "json")


FORMATS = {"text": text, "json": json, "csv": csv, "tsv": tsv, "value": value}
