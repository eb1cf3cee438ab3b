"""How an answer is printed: one function a format. Add one here and in the choices of `_arguments.point_options`."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, isnan

from ..errors import RequestError, quoted, width
from ._point import Answer

Number = Callable[[float], str]


def number_printer(digits: int | None) -> Number:
    """Shortest text that reads back to the same float64, or that many significant digits."""
    return repr if digits is None else lambda value: f"{value:.{digits}g}"


def text(answer: Answer, number: Number) -> str:
    """Two columns: what, and how much."""
    rows = [("f", number(answer.value))]
    rows += [(f"df/d{name}", number(slope)) for name, slope in (answer.slopes or {}).items()]
    column = max(width(label) for label, _ in rows) + 2
    return "".join(f"{label}{' ' * (column - width(label))}{value}\n" for label, value in rows)


def value(answer: Answer, number: Number) -> str:
    """Bare numbers, the value first."""
    return "".join(f"{number(x)}\n" for x in [answer.value, *(answer.slopes or {}).values()])


def json(answer: Answer, number: Number) -> str:
    """One strict JSON object on one line; what is not finite is a string (the ProtoJSON rule)."""
    from json import dumps

    def quoted(x: float, number: Number) -> str:
        if isfinite(x):
            return number(x)
        return '"NaN"' if isnan(x) else '"Infinity"' if x > 0 else '"-Infinity"'

    def mapping(numbers: dict[str, float], number: Number) -> str:
        pairs = (f"{dumps(name, ensure_ascii=False)}: {quoted(x, number)}" for name, x in numbers.items())
        return "{" + ", ".join(pairs) + "}"

    fields = [
        f'"expression": {dumps(answer.function.formula.text, ensure_ascii=False)}',
        f'"at": {mapping(answer.inputs, repr)}',  # --digits rounds what was asked for, not where
        f'"value": {quoted(answer.value, number)}',
    ]
    if answer.slopes is not None:
        fields.append(f'"gradient": {mapping(answer.slopes, number)}')
    notes = [
        {"kind": note.kind, "where": note.where, "column": note.column, "message": note.message}
        | ({"line": note.line} if note.line > 1 else {})
        for note in answer.notes
    ]
    fields.append(f'"notes": {dumps(notes, ensure_ascii=False)}')
    return "{" + ", ".join(fields) + "}\n"


def csv(answer: Answer, number: Number, separator: str = ",") -> str:
    """A header and one row: the inputs, ``f``, and ``df_dx`` for each slope."""
    header = list(answer.inputs)
    results = dict.fromkeys(["f", *(f"df_d{name}" for name in answer.slopes or {})])
    clash = next((name for name in header if name in results), None)
    if clash is not None:
        hint = "rename the variable, or use --format json"
        raise RequestError(f"the input column {quoted(clash)} has the name of a result", hint=hint)
    cells = [*map(repr, answer.inputs.values()), *map(number, [answer.value, *(answer.slopes or {}).values()])]
    return f"{separator.join([*header, *results])}\n{separator.join(cells)}\n"


def tsv(answer: Answer, number: Number) -> str:
    """As csv, with tabs."""
    return csv(answer, number, "\t")


FORMATS = {"text": text, "json": json, "csv": csv, "tsv": tsv, "value": value}
