"""Arrays from files: `.npy` files, text such as CSV, and single columns of tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from ..errors import RequestError, UnknownNameError, join_names, one_line, quoted, quoted_path, suggest
from ..files import decode_text, read_mentioned
from ..tables.formats import FORMATS, open_table

if TYPE_CHECKING:
    from ..ops.operands import Numeric
    from ..tables.block import Block
    from ..tables.column import Array

_COLUMN_HINT = "name one of its columns, as in @FILE:T"
MAGIC = b"\x93NUMPY"  # the first bytes of an .npy file


def read_array(path: str) -> Numeric:
    """Return the array in a file. One row or one column of a text becomes a vector, and one number a float.

    Args:
        path: an `.npy` file, or a text with a row on each line and commas, semicolons, tabs or blanks between numbers.
            Empty lines and comments after `#` are skipped.

    Raises:
        RequestError: it cannot be read, or a cell is not a number, with line and column.
    """
    data = read_mentioned(path, "@A.csv")
    if data.startswith(MAGIC):
        return _read_npy(data, path)
    table = next((row for row in FORMATS if row.has_magic(data)), None)
    if table is not None:
        raise RequestError(f"{quoted_path(path)} is a table ({table.title})", hint=_COLUMN_HINT)
    if path.endswith(".npy"):
        raise RequestError(
            f"{quoted_path(path)} is not an .npy file", hint="save the array again, or give a text such as CSV"
        )
    return _read_text(data, path)


def _read_npy(data: bytes, path: str) -> Numeric:
    from io import BytesIO

    import numpy as np

    try:
        array = np.load(BytesIO(data), allow_pickle=False)  # a pickle could run anything
    except (ValueError, EOFError, OSError, SyntaxError, TypeError, OverflowError) as error:
        objects = "allow_pickle" in str(error)
        hint = "it holds Python objects; save an array of numbers" if objects else one_line(str(error))
        raise RequestError(f"cannot read {quoted_path(path)}", hint=hint) from None
    if array.dtype.kind not in "biuf":
        raise RequestError(f"{quoted_path(path)} holds {array.dtype}", hint="save it as float64")
    return array.astype(np.float64) if array.shape else float(array)


def _read_text(data: bytes, path: str) -> Numeric:
    text = decode_text(data, quoted_path(path)).removeprefix("\ufeff")
    rows: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0]
        if not line.strip():
            continue
        where = f"{quoted_path(path)}, line {number}"
        row = _read_row(line, where)
        if rows and len(row) != len(rows[0]):
            problem = f"{where}: the number of cells is {len(row)}, after lines of {len(rows[0])}"
            raise RequestError(problem, hint="write nan for a missing number")
        rows.append(row)
    if not rows:
        raise RequestError(f"{quoted_path(path)} holds no numbers", hint="write a row on each line, as in 1, 2, 3")
    import numpy as np

    array = np.array(rows)
    if array.size == 1:
        return float(array[0, 0])
    return array.ravel() if 1 in array.shape else array


def _read_row(line: str, where: str) -> list[float]:
    """Return the numbers of a line, which may end with a separator."""
    separator = next((sign for sign in ";,\t" if sign in line), None)
    cells: list[tuple[str, int]] = []
    if separator:
        start = 0
        for cell in line.split(separator):
            cells.append((cell, start + len(cell) - len(cell.lstrip())))
            start += len(cell) + 1
        if not cells[-1][0].strip():
            cells.pop()
    else:
        cells = [(match[0], match.start()) for match in re.finditer(r"\S+", line)]
    return [_read_number(cell.strip(), f"{where}, column {start + 1}") for cell, start in cells]


def _read_number(cell: str, where: str) -> float:
    try:
        return float(cell)
    except ValueError:
        if not cell:
            raise RequestError(f"{where}: a number is missing", hint="write nan for it") from None
        hint = f"remove the header and other words, or {_COLUMN_HINT}"
        if re.fullmatch(r"[+-]?\d+,\d+", cell):
            hint = f"write the decimal point as '.', as in {cell.replace(',', '.')}"
        raise RequestError(f"{where}: {quoted(cell)} is not a number", hint=hint) from None


def read_column(path: str, name: str) -> Array:
    """Return the column of that name in a table.

    Raises:
        RequestError: the table cannot be read, has no such column, or has a cell there that is not a number.
    """
    with closing(open_table(path)) as table:
        columns = [column for column in table.columns if column.strip() == name.strip()]
        columns = [name] if name in columns or name in table.parts else columns
        if not columns:
            hint = suggest(name, [*table.columns, *table.parts], f"its columns are {join_names(table.columns)}")
            raise UnknownNameError(f"{table.name} has no column {quoted(name)}", hint=hint)
        if columns[0] in table.repeated or len(columns) > 1:
            raise RequestError(f"{table.name} has several columns {quoted(name)}", hint="give them other names")
        table.rejects_new_columns = False
        blocks = _without_problems(table.name, table.blocks({name: columns[0]}, []))
        return join_blocks(blocks, [name], table.name)[name]


def _without_problems(table: str, blocks: Iterator[Block]) -> Iterator[Block]:
    for block in blocks:
        for mask in block.missing.values():
            if mask.any():
                row = int(mask.argmax())
                block.problems.setdefault(row, f"{block.describe_row(row)}: the cell is missing")
        if block.problems:
            problem = f"{table}, {block.problems[min(block.problems)]}"
            raise RequestError(problem, hint="each cell of the column must be a number")
        yield block


def join_blocks(blocks: Iterable[Block], names: list[str], table: str) -> dict[str, Array]:
    """Return the columns of all blocks."""
    import numpy as np

    parts = [{name: block.numbers[name] for name in names} for block in blocks if block.count]
    if not parts:
        raise RequestError(f"{table} has no rows", hint="a vector needs at least one number")
    return {name: np.concatenate([part[name] for part in parts]) for name in names}
