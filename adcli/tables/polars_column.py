"""A column of a Polars series that is carried through: as text and JSON, as an array, or with its type.

Dates, times and durations are printed as pyarrow prints them, and bytes as DuckDB does. Lists and structs are JSON.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ..errors import RequestError, quoted
from ..strict_json import json_number
from .column import quote_json

if TYPE_CHECKING:
    import polars as pl

    from .column import AnyArray, Rows

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")  # a time zone that has no name, which Polars does not print
_UNITS = {"ms": 3, "us": 6, "ns": 9}  # digits of a second
_ESCAPED = {byte: f"\\x{byte:02X}" for byte in range(256) if not 32 <= byte <= 126 or byte in b"\\'\""}
_BYTES = {byte: _ESCAPED.get(byte, chr(byte)) for byte in range(256)}


class PolarsColumn:
    """A column of a Polars series, with its type."""

    __slots__ = ("series",)

    def __init__(self, series: pl.Series) -> None:
        self.series = series

    def texts(self) -> list[str]:
        """Return the cells as text, empty for a missing one."""
        import polars as pl

        series, dtype = self.series, self.series.dtype
        if dtype.is_float():
            return ["" if cell is None else repr(cell) for cell in series.cast(pl.Float64).to_list()]
        if dtype.is_nested():
            return ["" if cell == "null" else cell for cell in json_cells(series)]
        if dtype == pl.Binary:
            return ["" if cell is None else "".join(map(_BYTES.__getitem__, cell)) for cell in series.to_list()]
        cells: list[str] = _as_strings(series).fill_null("").to_list()
        return cells

    def json(self) -> list[str]:
        """Return numbers, truth values, lists and structs as such, ``null`` for a missing cell."""
        return json_cells(self.series)

    def typed(self) -> pl.Series:
        """Return the series itself."""
        return self.series

    def array(self) -> AnyArray | None:
        """Return numbers, truth values and dates, None for what NumPy has no type for.

        Raises:
            RequestError: a cell is missing among whole numbers or truth values, which NumPy cannot mark as missing.
        """
        import polars as pl

        dtype = self.series.dtype
        is_whole = (dtype.is_integer() and dtype != pl.Int128) or dtype == pl.Boolean
        if is_whole and self.series.null_count():
            hint = "use --keep none to leave out columns that are not variables"
            problem = f"npy cannot hold the empty cell of the column {quoted(self.series.name)} of whole numbers"
            raise RequestError(problem, hint=hint)
        if is_whole or dtype.is_float() or dtype in (pl.Date, pl.Datetime, pl.Duration):
            cells: AnyArray = self.series.to_numpy()
            return cells
        return None

    def pick(self, rows: Rows) -> PolarsColumn:
        """Return the column of these rows."""
        return PolarsColumn(self.series[rows])


def json_cells(series: pl.Series) -> list[str]:
    """Return the cells of a series as JSON values."""
    import polars as pl

    dtype = series.dtype
    is_null = series.is_null().to_list()
    if isinstance(dtype, pl.Array):
        series = series.arr.to_list()
    if isinstance(series.dtype, pl.List):
        lengths = series.list.len()
        items = iter(json_cells(series.filter(lengths > 0).explode()))
        cells = [f"[{', '.join(islice(items, length or 0))}]" for length in lengths.to_list()]
    elif isinstance(dtype, pl.Struct):
        names = [f"{name}: " for name in quote_json([field.name for field in dtype.fields])]
        fields = [json_cells(series.struct.field(field.name)) for field in dtype.fields]
        rows = zip(*fields, strict=True) if fields else iter([()] * len(series))
        cells = [f"{{{', '.join(map(str.__add__, names, row))}}}" for row in rows]
    elif dtype.is_numeric() or dtype in (pl.Boolean, pl.Duration):
        cells = list(map(json_number, PolarsColumn(series).texts()))
    else:
        cells = quote_json(PolarsColumn(series).texts())
    return ["null" if missing else cell for cell, missing in zip(cells, is_null, strict=True)]


def _as_strings(series: pl.Series) -> pl.Series:
    import polars as pl

    dtype = series.dtype
    if isinstance(dtype, pl.Duration):
        return series.to_physical().cast(pl.String)
    if dtype == pl.Time:
        fraction = series.to_physical() % 1_000_000_000
        texts = series.dt.to_string("%H:%M:%S%.9f").str.strip_chars_end("0").str.strip_chars_end(".")
        return texts.zip_with(fraction != 0, series.dt.to_string("%H:%M:%S"))
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        return _zoned(series, dtype.time_zone, f"%Y-%m-%d %H:%M:%S%.{_UNITS[dtype.time_unit]}f")
    return series.cast(pl.String)


def _zoned(series: pl.Series, zone: str, style: str) -> pl.Series:
    """Return times of a zone with their offset from UTC, ``Z`` for UTC itself."""
    import polars as pl

    offset = _OFFSET.fullmatch(zone)
    if offset is None:
        return series.dt.to_string(style + ("Z" if zone in ("UTC", "Etc/UTC") else "%z"))
    sign, hours, minutes = offset.groups()
    shift = pl.duration(hours=int(f"{sign}{hours}"), minutes=int(f"{sign}{minutes}"))
    naive = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    texts = naive.to_frame().select((pl.col(series.name) + shift).dt.to_string(f"{style}{sign}{hours}{minutes}"))
    return texts.to_series()
