"""CSV by Polars, for large tables: the same cells and the same bytes as the careful way of `delimited.py`, sooner.

Rows go from the input to the output as whole lines. What is unusual in a block (a quote, an empty line, a cell that
Polars does not take for a number) leaves the block to the careful way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .cells import Cells

if TYPE_CHECKING:
    from .block import Array, Column

MARK = b"\x1f"  # no table has it: Polars reads a line as one cell that ends with it; stands for cells put in later
MANY = 1 / 16  # marks a row, from which a look at every byte is done sooner than a search for each


def installed() -> bool:
    """Whether Polars is there; loads it."""
    try:
        import polars  # noqa: F401
    except ImportError:
        return False
    return True


class FastLines:
    """Whole rows as a series of texts; see `cells.Lines`."""

    __slots__ = ("_columns", "_series", "separator", "width")

    def __init__(self, series: Any, separator: str, width: int) -> None:
        self._series = series
        self._columns: list[Sequence[str]] | None = None
        self.separator = separator
        self.width = width

    def texts(self) -> list[str]:
        """The rows."""
        rows: list[str] = self._series.to_list()
        return rows

    def series(self) -> Any:
        """The rows, as Polars takes them."""
        return self._series

    def column(self, place: int) -> Sequence[str]:
        """One column's cells: the lines are cut when somebody looks at one."""
        if self._columns is None:
            self._columns = list(zip(*(line.split(self.separator) for line in self.texts()), strict=True))
        return self._columns[place]

    def pick(self, rows: Any) -> FastLines:
        """These rows."""
        return FastLines(self._series[rows], self.separator, self.width)


class LazyCells(Cells):
    """A column of whole lines."""

    __slots__ = ("_lines", "_place")

    def __init__(self, lines: FastLines, place: int) -> None:
        self._lines = lines
        self._place = place
        self.separator = lines.separator

    @property
    def cells(self) -> Sequence[str]:  # type: ignore[override]
        """The cells as they are written."""
        return self._lines.column(self._place)

    def pick(self, rows: Any) -> LazyCells:
        """The cells of these rows."""
        return LazyCells(self._lines.pick(rows), self._place)


class FastCells(Cells):
    """A column as a series of texts."""

    __slots__ = ("_series",)

    def __init__(self, series: Any, separator: str) -> None:
        self._series = series
        self.separator = separator

    @property
    def cells(self) -> Sequence[str]:  # type: ignore[override]
        """The cells as they are written."""
        found: list[str] = self._series.to_list()
        return found

    def series(self) -> Any:
        """The cells, as Polars takes them."""
        return self._series

    def pick(self, rows: Any) -> FastCells:
        """The cells of these rows."""
        return FastCells(self._series[rows], self.separator)


def read(
    data: bytes, separator: str, newline: str, columns: Sequence[str], numbers: dict[str, str], kept: Sequence[str]
) -> tuple[dict[str, Array], dict[str, Column], FastLines | None] | None:
    """A block, or None where the careful way must look; there are no quotes in what is given out.

    Args:
        data: whole rows.
        separator: between cells.
        newline: at the ends of rows.
        columns: the names of all columns.
        numbers: the column of each variable that has one.
        kept: the columns to carry through.

    Returns:
        The columns of the variables, what is carried through, and the whole rows where that is everything.
    """
    import polars as pl

    if data.startswith(b"\xef\xbb\xbf"):  # of a cell, which Polars would take for a mark
        return None
    if b'"' in data or MARK in data or (b"\r" in data and not _ends_alike(data, newline)):
        return None
    everything = list(kept) == list(columns)
    name = {column: f"column_{place}" for place, column in enumerate(columns, 1)}  # as Polars calls them
    numeric = {name[column] for column in numbers.values()}
    texts = {name[column] for column in kept} if not everything else set()

    def cells(wanted: set[str], kinds: dict[str, Any]) -> Any:
        order = [column for column in name.values() if column in wanted]
        options: dict[str, Any] = {"ignore_errors": True, "empty_string_is_null": False}
        return pl.read_csv(
            data, has_header=False, quote_char=None, separator=separator, schema=kinds, columns=order, **options
        )

    try:
        whole = {"column_1": pl.String}
        rows = pl.read_csv(data, has_header=False, quote_char=None, separator=MARK.decode(), schema=whole).to_series()
        last = {name[columns[-1]]}
        kinds = {column: pl.Float64 if column in numeric else pl.String for column in name.values()}
        frame = cells(numeric | texts | last, kinds)
        # What is both read as a number and printed as it came is read twice.
        twice = cells(numeric & texts, dict.fromkeys(name.values(), pl.String)) if numeric & texts else frame
    except pl.exceptions.PolarsError:
        return None
    import numpy as np  # which may still be loading while Polars reads

    # As many separators as there should be, and (below) no row that is too short: so there is none too long.
    if np.count_nonzero(np.frombuffer(data, np.uint8) == ord(separator)) != len(rows) * (len(columns) - 1):
        return None
    # A cell that a row does not have is missing, even where an empty text is not.
    if frame.height != len(rows) or rows.null_count() or any(column.null_count() for column in frame):
        return None
    found = {variable: frame[name[column]].to_numpy() for variable, column in numbers.items()}
    if everything:
        lines = FastLines(rows, separator, len(columns))
        return found, {column: LazyCells(lines, place) for place, column in enumerate(columns)}, lines
    sources = {column: twice if name[column] in numeric else frame for column in kept}
    return found, {column: FastCells(sources[column][name[column]], separator) for column in kept}, None


def _ends_alike(data: bytes, newline: str) -> bool:
    """Whether every carriage return belongs to the end of a row, and every row ends with one."""
    returns = data.count(b"\r")
    return newline == "\r\n" and returns == data.count(b"\r\n") == data.count(b"\n") and b"\n\r" not in data


def written(columns: Sequence[Any], separator: str, newline: str, write: Callable[[bytes], object]) -> None:
    """Write rows of cells in pieces: texts as they are, float64 arrays as their shortest decimals.

    What Polars spells in another way than Python, ``NaN`` and ``0.00001`` for ``1e-05``, is left out at first: a mark
    stands for it, and is replaced before a piece is written.

    Args:
        columns: texts, or float64 arrays; a series of texts is one that `read` gave out, in which there is no mark.
        separator: between cells.
        newline: at the ends of rows.
        write: takes the next piece; a thread of Polars calls it.
    """
    import numpy as np
    import polars as pl

    frame: dict[str, Any] = {}
    rows, odd_cells = [], list[str]()
    for place, column in enumerate(columns):
        series = pl.Series(str(place), column)
        if series.dtype == pl.Float64:
            values = np.asarray(column)
            size = np.abs(values)
            odd = np.flatnonzero(((size < 1e-4) & (size >= 1e-9)) | np.isnan(values))
            if len(odd):
                series = series.scatter(odd, None)
                rows.append(odd)
                odd_cells += map(repr, values[odd].tolist())
        frame[str(place)] = series
    texts = [frame[str(place)] for place, column in enumerate(columns) if isinstance(column, list)]
    if odd_cells and any(series.str.contains(MARK.decode(), literal=True).any() for series in texts):
        shown = [map(repr, c.tolist()) if isinstance(c, np.ndarray) else list(c) for c in columns]
        write("".join(separator.join(row) + newline for row in zip(*shown, strict=True)).encode())
        return
    # Row by row, and in a row in the order of the columns, as a stable sort leaves them.
    order = np.argsort(np.concatenate(rows), kind="stable").tolist() if rows else []
    sink = _Sink(write, [odd_cells[place].encode() for place in order], len(order) > MANY * len(columns[0]))
    pl.DataFrame(frame).write_csv(
        sink, include_header=False, separator=separator, line_terminator=newline, quote_style="never",
        null_value=MARK.decode(),
    )  # fmt: skip
    if sink.failed is not None:
        raise sink.failed


class _Sink:
    """A file as Polars writes to it: puts cells in the place of marks, and remembers why it could not be written."""

    def __init__(self, write: Callable[[bytes], object], cells: Sequence[bytes], many: bool) -> None:
        self._write = write
        self._cells = iter(cells) if cells else None
        self._many = many
        self.failed: BaseException | None = None

    def write(self, data: bytes) -> int:
        if self.failed is None:
            try:
                self._write(data if self._cells is None else self._filled(data, self._cells))
            except BaseException as error:  # told when Polars is done
                self.failed = error
        return len(data)

    def _filled(self, data: bytes, cells: Iterator[bytes]) -> bytes:
        first, *rest = data.split(MARK) if self._many else _parts(data)
        return b"".join([first, *[piece for part in rest for piece in (next(cells), part)]])

    def flush(self) -> None:
        """Nothing is held back."""


def _parts(data: bytes) -> Iterator[memoryview]:
    """What stands between marks, by a search for each."""
    start, view = 0, memoryview(data)
    while (stop := data.find(MARK, start)) >= 0:
        yield view[start:stop]
        start = stop + 1
    yield view[start:]
