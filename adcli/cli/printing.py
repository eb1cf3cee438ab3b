"""Print the results of one point, one function for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING

from ..errors import RequestError, quoted, width
from ..formula.labels import column_names, refuse_equal_names
from .output import note, say, write

if TYPE_CHECKING:
    from ..explain.notes import Note
    from ..formula.answer import Answer
    from ..ops.operands import Numeric

Number = Callable[[float], str]


def number_printer(digits: int | None) -> Number:
    """Return the printer of numbers with that many significant digits, or of the shortest text that round-trips."""
    return repr if digits is None else lambda value: f"{value:.{digits}g}"


def align(rows: Sequence[tuple[str, str]]) -> str:
    """Return labels and contents as two columns."""
    widths = [width(label) for label, _ in rows]
    column = max(widths, default=0) + 2
    return "".join(
        [f"{label}{' ' * (column - w)}{content}\n" for w, (label, content) in zip(widths, rows, strict=True)]
    )


def print_text(answer: Answer, number: Number) -> str:
    """Return two columns. A vector takes one line, a matrix a line for each row."""
    refuse_equal_names(label for label, _ in answer.rows)
    return align([row for label, x in answer.rows for row in _text_rows(label, x, number)])


def _text_rows(label: str, value: Numeric, number: Number) -> list[tuple[str, str]]:
    """Return ``f  2.0``, ``f  [1.0, 2.0]``, or ``f[0]  [1.0, 2.0]`` and so on, with the numbers aligned."""
    if isinstance(value, float):
        return [(label, number(value))]
    if value.ndim == 1:
        return [(label, f"[{', '.join(map(number, value.tolist()))}]")]
    if not value.size:
        return [(label, "[]")]
    length = value.shape[-1]
    rows = [list(map(number, row)) for row in value.reshape(-1, length).tolist()]
    widths = [max(len(row[i]) for row in rows) for i in range(length)]
    labels = [f"{label}[{','.join(map(str, index))}]" for index in _indices(value.shape[:-1])]
    texts = (", ".join(cell.rjust(size) for cell, size in zip(row, widths, strict=True)) for row in rows)
    return [(each, f"[{row}]") for each, row in zip(labels, texts, strict=True)]


def _indices(shape: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    """Return all indices of a shape. The last one varies fastest."""
    return product(*map(range, shape))


def _columns(name: str, value: Numeric) -> list[tuple[str, float]]:
    """Return the column of a number, or one for each element of an array: ``x_0``, ``A_0_1``."""
    if isinstance(value, float):
        return [(name, value)]
    labels = ("_".join([name, *map(str, index)]) for index in _indices(value.shape))
    return list(zip(labels, value.ravel().tolist(), strict=True))


def print_value(answer: Answer, number: Number) -> str:
    """Return bare numbers, one a line: the value, then the derivatives."""
    return "".join([f"{number(x)}\n" for _, result in answer.rows for _, x in _columns("", result)])


def note_records(notes: Sequence[Note]) -> list[dict[str, object]]:
    """Return the first notes as JSON has them in every command. The line is there if it is not the first one."""
    from ..explain.notes import limit_notes

    return [
        {"kind": note.kind, "where": note.where, "column": note.column, "message": note.message}
        | ({"line": note.line} if note.line > 1 else {})
        for note in limit_notes(notes)
    ]


def print_json(answer: Answer, number: Number) -> str:
    """Return one strict JSON object on one line."""
    from ..strict_json import json_text

    fields = {
        "expression": json_text(answer.lowered.formula.text),
        "at": json_text(answer.inputs),  # --digits rounds results, not inputs
        **{name: json_text(field, number) for name, field in answer.fields.items()},
        "notes": json_text(note_records(answer.notes)),
    }
    return "{" + ", ".join(f'"{name}": {field}' for name, field in fields.items()) + "}\n"


def print_csv(answer: Answer, number: Number, separator: str = ",") -> str:
    """Return a header and one row: the inputs, ``f`` and the derivatives, a column for each element of an array."""
    inputs = [column for name, x in answer.inputs.items() for column in _columns(name, x)]
    names = column_names([label for label, _ in answer.rows])
    pairs = zip(names, [x for _, x in answer.rows], strict=True)
    results = [column for name, x in pairs for column in _columns(name, x)]
    result_names = {name for name, _ in results}
    taken = set(result_names)
    for name, _ in inputs:
        if name in taken:
            hint = "rename the variable, or use --format json"
            owner = "a result" if name in result_names else "another"
            raise RequestError(f"the input column {quoted(name)} has the name of {owner}", hint=hint)
        taken.add(name)
    refuse_equal_names(name for name, _ in results)
    cells = [*[repr(x) for _, x in inputs], *[number(x) for _, x in results]]
    return f"{separator.join([name for name, _ in inputs + results])}\n{separator.join(cells)}\n"


def print_tsv(answer: Answer, number: Number) -> str:
    """Return the same as csv, with tabs."""
    return print_csv(answer, number, "\t")


# The formats of results at one point. Every other format is for tables alone.
PRINTERS = {"text": print_text, "json": print_json, "csv": print_csv, "tsv": print_tsv, "value": print_value}


def print_answer(answer: Answer, output_format: str, digits: int | None, output: str | None) -> int:
    """Print an answer and its notes, and return the exit status."""
    write(PRINTERS[output_format](answer, number_printer(digits)), output)
    return print_notes(answer.notes, output_format == "json")


def print_notes(notes: Sequence[Note], shown: bool = False) -> int:
    """Print notes on standard error and return the exit status.

    Args:
        notes: fatal ones are errors, with status 1.
        shown: whether the output has the notes itself. Then only fatal ones are printed.
    """
    from ..explain.notes import limit_notes

    for remark in limit_notes([each for each in notes if each.fatal or not shown]):
        (say if remark.fatal else note)(str(remark))
    return int(any(remark.fatal for remark in notes))
