"""Read and write NDJSON with Polars: the same cells and bytes as `ndjson.py` and `ndjson_writer.py`, in less time.

A block with something unusual (a row that is written in another way than the first, a value that is not a number) is
left to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..strict_json import json_number
from .polars_csv import MARK, find_unlike_python
from .polars_library import polars_errors

if TYPE_CHECKING:
    import polars as pl

    from .column import Array

FAST_ROWS = 1 << 12  # of a block: Polars reads blocks of at least 4096 rows


def read_numbers(
    texts: Sequence[str], pattern: str, names: Sequence[str], variables: Mapping[str, str]
) -> tuple[pl.Series, dict[str, Array]] | None:
    """Return the rows as a series and the columns of the variables, or None if `ndjson.py` must read them.

    Args:
        texts: of the rows.
        pattern: of a row, with a group for each of `names`.
        names: of the columns that are variables.
        variables: the column of each variable.
    """
    import polars as pl

    # A pattern may be too long, and bytes may not be UTF-8.
    errors: tuple[type[BaseException], ...] = (*polars_errors(), UnicodeEncodeError)
    try:
        rows = pl.Series(texts, dtype=pl.String)
        cells = rows.str.extract_groups(pattern).struct.unnest()
        columns = {name: cells[str(group)].cast(pl.Float64, strict=False) for group, name in enumerate(names, 1)}
    except errors:
        return None
    if any(column.null_count() for column in columns.values()):
        return None
    return rows, {variable: columns[name].to_numpy() for variable, name in variables.items()}


def number_cells(values: Array) -> pl.Series:
    """Return numbers as JSON, in the spelling of Python.

    >>> import numpy as np
    >>> number_cells(np.array([0.5, 1e-05, np.nan])).to_list()
    ['0.5', '1e-05', '"NaN"']
    """
    import numpy as np
    import polars as pl

    cells = pl.Series(values).cast(pl.String)
    unlike = np.union1d(find_unlike_python(values), np.flatnonzero(np.isinf(values)))
    if len(unlike):
        cells = cells.scatter(unlike, [json_number(repr(value)) for value in values[unlike].tolist()])
    return cells


def join_rows(
    rows: pl.Series | Sequence[str] | None, names: Sequence[str], cells: Sequence[Sequence[str] | pl.Series]
) -> bytes | None:
    """Return rows as bytes, or None if `ndjson_writer.py` must write them: a value is missing or is not UTF-8.

    Args:
        rows: whole rows as they were read, to which the members are added; None if there are none.
        names: of the members as JSON.
        cells: their values as JSON, by column.
    """
    from io import BytesIO

    import polars as pl

    try:
        columns = [pl.Series(column, dtype=pl.String) for column in cells]
        parts: list[pl.Series | pl.Expr] = [pl.lit("{")]
        if rows is not None:
            heads = pl.Series(rows, dtype=pl.String).str.strip_chars_end().str.strip_suffix("}").str.strip_chars_end()
            if heads.str.ends_with("{").any():  # an empty object has no comma behind it
                return None
            parts = [heads, pl.lit(", ")]
    except UnicodeEncodeError:
        return None
    if any((column == "").any() for column in columns):
        return None
    for number, (name, column) in enumerate(zip(names, columns, strict=True)):
        parts += [pl.lit(f"{', ' if number else ''}{name}: "), column]
    joined = pl.select(pl.concat_str([*parts, pl.lit("}")]))
    stream = BytesIO()
    joined.write_csv(stream, include_header=False, separator=MARK.decode(), quote_style="never")
    return stream.getvalue()
