"""Read and write CSV with Polars: the same cells and the same bytes as `delimited.py`, in less time for large tables.

Rows go from the input to the output as whole lines. A block with something unusual (a quote, an empty line, a cell that
Polars does not read as a number) is left to `delimited.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

from .block import Lines
from .column import Column, Texts
from .delimited_cells import delimited_spelling
from .polars_library import is_installed as is_installed
from .polars_library import polars_errors
from .source import count_byte

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from .column import Array
    from .read_options import Mask, ReadOptions

    Parts: TypeAlias = tuple[dict[str, Array], dict[str, Column], Lines | None, dict[str, Mask]]

# Ends the one cell that a whole line is read as, and stands for cells that are put in later. No table holds it.
MARK = b"\x1f"
MANY_MARKS = 1 / 16  # above this many marks per row, splitting all bytes takes less time than searching for each mark


def is_plain_separator(separator: str) -> bool:
    """Return whether Polars can read and write cells with this separator: one byte that is not the mark."""
    return separator.isascii() and separator.encode() != MARK


def read_rows(
    data: bytes,
    separator: str,
    newline: str,
    columns: Sequence[str],
    variables: Mapping[str, str],
    keep: Sequence[str],
    options: ReadOptions,
) -> Parts | None:
    """Read whole rows without quotes, or return None if `delimited.py` must read them.

    Returns:
        The columns of the variables, what is carried through, the rows if all `columns` are carried through, and which
        rows lack the value of a variable.
    """
    import polars as pl

    if not _is_simple(data, newline):
        return None
    keeps_all = list(keep) == list(columns)
    name = {column: f"column_{number}" for number, column in enumerate(columns, 1)}  # as Polars names them
    numeric = {name[column] for column in variables.values()}
    texts = set() if keeps_all else {name[column] for column in keep}
    types = {column: pl.Float64 if column in numeric else pl.String for column in name.values()}
    try:
        whole = {"column_1": pl.String}
        rows = pl.read_csv(data, has_header=False, quote_char=None, separator=MARK.decode(), schema=whole).to_series()
        frame = _read_cells(data, separator, types, numeric | texts | {name[columns[-1]]})
        # Needed as numbers and as they are written: read them twice.
        odd = {column for column in numeric if options.decimal != "." or frame[column].null_count()}
        both = numeric & texts | odd
        again = _read_cells(data, separator, dict.fromkeys(types, pl.String), both) if both else frame
    except polars_errors():
        return None
    if not _fits(frame, odd, rows, count_byte(data, separator.encode()), len(columns)):
        return None
    numbers: dict[str, Array] = {}
    missing: dict[str, Mask] = {}
    for variable, column in variables.items():
        parsed = _parse(frame[name[column]], again[name[column]] if name[column] in odd else None, options)
        if parsed is None:
            return None
        numbers[variable], mask = parsed
        if mask is not None:
            missing[variable] = mask
    spelling = delimited_spelling(separator)
    if keeps_all:
        lines = Lines(Texts(rows.to_list, spelling, rows), columns)
        return numbers, _columns_of_lines(lines, columns), lines, missing
    cells = {column: (again if name[column] in numeric else frame)[name[column]] for column in keep}
    return numbers, {column: Texts(each.to_list, spelling, each) for column, each in cells.items()}, None, missing


def _parse(numbers: pl.Series, texts: pl.Series | None, options: ReadOptions) -> tuple[Array, Mask | None] | None:
    """Return the numbers of a column with nan for missing ones, and which are missing.

    Return None if a row has no such cell, or there are other texts, or Polars may read a number differently.

    Args:
        numbers: of the cells, null for what is not a number with a decimal point.
        texts: the cells as they are written, None if all are numbers with a decimal point.
        options: how the table is read.
    """
    import polars as pl

    if texts is None:
        return options.mark(numbers.to_numpy())
    if texts.null_count():
        return None
    if options.decimal != ".":
        plain = texts.str.replace_all(".", "?", literal=True).str.replace_all(options.decimal, ".", literal=True)
        numbers = plain.cast(pl.Float64, strict=False)
    missing = numbers.is_null()
    if not texts.filter(missing).str.strip_chars().is_in(["", *options.na]).all():
        return None
    return options.mark(numbers.fill_null(float("nan")).to_numpy(), missing.to_numpy() if missing.any() else None)


def _columns_of_lines(lines: Lines, columns: Sequence[str]) -> dict[str, Column]:
    """Return the columns of whole rows, which are split when a cell is needed first."""
    spelling = lines.rows.spelling

    @cache
    def split_rows() -> list[Sequence[str]]:
        return list(zip(*(line.split(spelling.separator) for line in lines.rows.cells), strict=True))

    def cells(index: int) -> Sequence[str]:
        return split_rows()[index]

    return {column: Texts(partial(cells, index), spelling) for index, column in enumerate(columns)}


def _is_simple(data: bytes, newline: str) -> bool:
    """Return whether Polars reads these bytes as `delimited.py` does."""
    if data.startswith(b"\xef\xbb\xbf"):  # part of a cell, which Polars would drop
        return False
    if b'"' in data or MARK in data:
        return False
    if b"\r" not in data:
        return True
    is_alike = newline == "\r\n" and count_byte(data, b"\r") == data.count(b"\r\n") == count_byte(data, b"\n")
    return is_alike and b"\n\r" not in data


def _read_cells(data: bytes, separator: str, types: Mapping[str, object], columns: set[str]) -> pl.DataFrame:
    """Read some columns. Cells that are not numbers, or that a row does not have, become null."""
    import polars as pl

    return pl.read_csv(
        data, has_header=False, quote_char=None, separator=separator, schema=types,
        columns=[column for column in types if column in columns], ignore_errors=True, empty_string_is_null=False,
    )  # fmt: skip


def _fits(frame: pl.DataFrame, odd: set[str], rows: pl.Series, separators: int, width: int) -> bool:
    """Return whether all rows have `width` cells and all numbers were read, except those of the `odd` columns."""
    # No cell is missing, so no row is too short. With the right number of separators no row is too long either.
    if separators != len(rows) * (width - 1):
        return False
    return (
        frame.height == len(rows)
        and not rows.null_count()
        and not any(column.null_count() for column in frame if column.name not in odd)
    )


def write_rows(
    columns: Sequence[list[str] | pl.Series | Array], separator: str, newline: str, write: Callable[[bytes], object]
) -> None:
    """Write rows of cells: texts as they are, float64 arrays as their shortest decimals.

    Polars spells ``nan`` and ``1e-05`` unlike Python, as ``NaN`` and ``0.00001``. For such numbers it writes a mark,
    which is replaced before the bytes are passed on.

    Args:
        columns: texts, or float64 arrays. A series of texts comes from `read_rows` and holds no mark.
        write: takes the next bytes. A thread of Polars calls it.
    """
    import numpy as np
    import polars as pl

    series = [pl.Series(str(index), column) for index, column in enumerate(columns)]
    rows: list[np.ndarray[tuple[int], np.dtype[np.intp]]] = []
    spelled: list[bytes] = []
    for index, column in enumerate(columns):
        if series[index].dtype == pl.Float64:
            values = np.asarray(column)
            unlike = find_unlike_python(values)
            if len(unlike):
                series[index] = series[index].scatter(unlike, None)
                rows.append(unlike)
                spelled += [repr(value).encode() for value in values[unlike].tolist()]
    texts = [each for each, column in zip(series, columns, strict=True) if isinstance(column, list)]
    if spelled and any(each.str.contains(MARK.decode(), literal=True).any() for each in texts):
        cells = [map(repr, c.tolist()) if isinstance(c, np.ndarray) else list(c) for c in columns]
        write("".join(separator.join(row) + newline for row in zip(*cells, strict=True)).encode())
        return
    # Marks come row by row, in the order of the columns.
    order = np.argsort(np.concatenate(rows), kind="stable").tolist() if rows else []
    sink = _MarkSink(write, [spelled[position] for position in order], len(order) > MANY_MARKS * len(columns[0]))
    pl.DataFrame(series).write_csv(
        sink, include_header=False, separator=separator, line_terminator=newline, quote_style="never",
        null_value=MARK.decode(),
    )  # fmt: skip
    if sink.error is not None:
        raise sink.error


def find_unlike_python(values: Array) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the rows of numbers that Polars does not spell as Python does."""
    import numpy as np

    size = np.abs(values)
    return np.flatnonzero(((size < 1e-4) & (size >= 1e-9)) | np.isnan(values))


class _MarkSink:
    """A file that Polars writes to, which replaces marks by cells.

    Attributes:
        error: the error that ended the writing, because Polars would raise another one.
    """

    def __init__(self, write: Callable[[bytes], object], cells: Sequence[bytes], many: bool) -> None:
        self._write = write
        self._cells = iter(cells) if cells else None
        self._many = many
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        if self.error is None:
            try:
                self._write(data if self._cells is None else self._replace_marks(data, self._cells))
            except BaseException as error:  # raised again when Polars is done
                self.error = error
        return len(data)

    def _replace_marks(self, data: bytes, cells: Iterator[bytes]) -> bytes:
        first, *rest = data.split(MARK) if self._many else _split_at_marks(data)
        return b"".join([first, *[piece for part in rest for piece in (next(cells), part)]])

    def flush(self) -> None:
        """Do nothing."""


def _split_at_marks(data: bytes) -> Iterator[memoryview]:
    """Yield what is between marks, by a search for each."""
    start, view = 0, memoryview(data)
    while (stop := data.find(MARK, start)) >= 0:
        yield view[start:stop]
        start = stop + 1
    yield view[start:]
