"""How an answer is printed: one function a format. Add one here and in the choices of `_arguments.point_options`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from ..errors import RequestError, quoted, width

if TYPE_CHECKING:
    from ..formula.answer import Answer

Number = Callable[[float], str]


def number_printer(digits: int | None) -> Number:
    """Shortest text that reads back to the same float64, or that many significant digits."""
    return repr if digits is None else lambda value: f"{value:.{digits}g}"


def columns(rows: Sequence[tuple[str, str]]) -> str:
    """Two columns: what, and how much."""
    column = max((width(label) for label, _ in rows), default=0) + 2
    return "".join(f"{label}{' ' * (column - width(label))}{content}\n" for label, content in rows)


def text(answer: Answer, number: Number) -> str:
    """Two columns: what, and how much. A vector is one line, an array of more axes has a line for each of its rows."""
    return columns([row for label, x in answer.rows.items() for row in _rows(label, x, number)])


def _rows(label: str, value: Any, number: Number) -> list[tuple[str, str]]:
    """``f  2.0``, ``f  [1.0, 2.0]``, or ``f[0]  [1.0, 2.0]`` and so on, the numbers of a column below one another."""
    if isinstance(value, float):
        return [(label, number(value))]
    if value.ndim == 1:
        return [(label, f"[{', '.join(map(number, value.tolist()))}]")]
    length = value.shape[-1]
    rows = [list(map(number, row)) for row in value.reshape(-1, length).tolist()] if value.size else []
    widths = [max(len(row[place]) for row in rows) for place in range(length if rows else 0)]
    labels = [f"{label}[{','.join(map(str, place))}]" for place in _places(value.shape[:-1])]
    if not rows:
        return [(label, "[]")]
    texts = (", ".join(cell.rjust(size) for cell, size in zip(row, widths, strict=True)) for row in rows)
    return [(each, f"[{row}]") for each, row in zip(labels, texts, strict=True)]


def _places(shape: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    """All indices of a shape, the last one running fastest."""
    return product(*map(range, shape))


def _elements(name: str, value: Any) -> list[tuple[str, float]]:
    """The column of a number, or one for each element of an array: ``x_0``, ``A_0_1``."""
    if isinstance(value, float):
        return [(name, value)]
    labels = ("_".join([name, *map(str, place)]) for place in _places(value.shape))
    return list(zip(labels, value.ravel().tolist(), strict=True))


def _numbers(value: Any) -> list[float]:
    return [value] if isinstance(value, float) else list(value.ravel().tolist())


def value(answer: Answer, number: Number) -> str:
    """Bare numbers, the value first; arrays row by row."""
    return "".join([f"{number(x)}\n" for result in answer.rows.values() for x in _numbers(result)])


def json(answer: Answer, number: Number) -> str:
    """One strict JSON object on one line: arrays are nested lists, what is not finite a string (the ProtoJSON rule)."""
    notes = [
        {"kind": note.kind, "where": note.where, "column": note.column, "message": note.message}
        | ({"line": note.line} if note.line > 1 else {})
        for note in answer.notes
    ]
    fields = {
        "expression": json_text(answer.lowered.formula.text, number),
        "at": json_text(answer.inputs, repr),  # --digits rounds what was asked for, not where
        **{name: json_text(field, number) for name, field in answer.fields.items()},
        "notes": json_text(notes, number),
    }
    return "{" + ", ".join(f'"{name}": {field}' for name, field in fields.items()) + "}\n"


def json_text(x: Any, number: Number) -> str:
    """Strict JSON of mappings, lists, arrays, texts and numbers; a float by the printer, not finite as a string."""
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
    if not isinstance(x, float):
        return json_text(x.tolist(), number)
    if isfinite(x):
        return number(x)
    return '"NaN"' if isnan(x) else '"Infinity"' if x > 0 else '"-Infinity"'


def csv(answer: Answer, number: Number, separator: str = ",") -> str:
    """A header and one row: the inputs, ``f``, and ``df_dx`` for each slope; of an array, a column for each element."""
    inputs = [column for name, x in answer.inputs.items() for column in _elements(name, x)]
    results = [column for label, x in answer.rows.items() for column in _elements(label.replace("/", "_"), x)]
    taken = {name for name, _ in results}
    for name, _ in inputs:
        if name in taken:
            hint = "rename the variable, or use --format json"
            of_what = "a result" if any(name == result for result, _ in results) else "another"
            raise RequestError(f"the input column {quoted(name)} has the name of {of_what}", hint=hint)
        taken.add(name)
    cells = [*[repr(x) for _, x in inputs], *[number(x) for _, x in results]]
    return f"{separator.join([name for name, _ in inputs + results])}\n{separator.join(cells)}\n"


def tsv(answer: Answer, number: Number) -> str:
    """As csv, with tabs."""
    return csv(answer, number, "\t")


def deliver(answer: Answer, form: str, digits: int | None, output: str | None) -> int:
    """Print an answer and what is to be said of it; returns the exit status."""
    from .notes import tell
    from .output import write

    write(FORMATS[form](answer, number_printer(digits)), output)
    return tell(answer.notes, form == "json")


FORMATS = {"text": text, "json": json, "csv": csv, "tsv": tsv, "value": value}
