"""Arrays from files: `.npy`, which NumPy wrote, and text such as CSV."""

from __future__ import annotations

import re
from typing import Any

from ..errors import RequestError, one_line, quoted, quoted_path
from .inputs import decode, file_bytes

MAGIC = b"\x93NUMPY"


def read_array(path: str) -> Any:
    """The array in a file; what has one row or one column is a vector, and one number a float.

    Args:
        path: of an `.npy` file, or of a text of numbers: a row a line, separated by commas, semicolons, tabs or blanks;
            empty lines and comments from `#` on are skipped.

    Raises:
        RequestError: it cannot be read, or something in it is no number; with line and column.
    """
    data = file_bytes(path, "@A.csv")
    if data.startswith(MAGIC):
        return _from_npy(data, path)
    if data.startswith(b"PK\x03\x04"):
        raise RequestError(f"{quoted_path(path)} is an archive of arrays", hint="save the one you mean with numpy.save")
    if path.endswith(".npy"):
        raise RequestError(f"{quoted_path(path)} is no .npy file", hint="numpy.save writes them")
    return _from_text(data, path)


def _from_npy(data: bytes, path: str) -> Any:
    from io import BytesIO

    import numpy as np

    try:
        array = np.load(BytesIO(data), allow_pickle=False)  # a pickle could run anything
    except (ValueError, EOFError, OSError, SyntaxError, TypeError, OverflowError) as error:
        hint = "it holds Python objects, which are not read" if "allow_pickle" in str(error) else one_line(str(error))
        raise RequestError(f"cannot read {quoted_path(path)}", hint=hint) from None
    if array.dtype.kind not in "biuf":
        raise RequestError(f"{quoted_path(path)} holds no numbers of float64", hint=f"its type is {array.dtype}")
    return array.astype(np.float64) if array.shape else float(array)


def _from_text(data: bytes, path: str) -> Any:

    text = decode(data, quoted_path(path)).removeprefix("\ufeff")
    rows: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0]
        if not line.strip():
            continue
        row = _row(line, f"{quoted_path(path)}, line {number}")
        if rows and len(row) != len(rows[0]):
            problem = f"{quoted_path(path)}, line {number} has {len(row)} of them"
            raise RequestError(problem, hint=f"the lines before it have {len(rows[0])} numbers")
        rows.append(row)
    if not rows:
        raise RequestError(f"{quoted_path(path)} holds no numbers", hint="write a row a line, as in 1, 2, 3")
    import numpy as np

    array = np.array(rows)
    if array.size == 1:
        return float(array[0, 0])
    return array.ravel() if 1 in array.shape else array


def _row(line: str, where: str) -> list[float]:
    """The numbers of a line; a comma or semicolon at its end ends the last one."""
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
    return [_number(cell.strip(), f"{where}, column {start + 1}") for cell, start in cells]


def _number(cell: str, where: str) -> float:
    try:
        return float(cell)
    except ValueError:
        if not cell:
            raise RequestError(f"{where}: a number is missing", hint="write nan where there is none") from None
        comma = re.fullmatch(r"[+-]?\d+,\d+", cell)
        hint = (
            f"the decimal point is '.', as in {cell.replace(',', '.')}" if comma else "a file of values has no header"
        )
        raise RequestError(f"{where}: {quoted(cell)} is no number", hint=hint) from None
