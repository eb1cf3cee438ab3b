"""Columns that are carried through a table, and numbers read from texts.

A column is an array (`Numbers`), texts as a format spells them (`Texts`), or a Polars series (`polars_column.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from ..records import NamedTuple
from ..strict_json import json_number

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    AnyArray = NDArray[Any]  # numbers, truth values, dates or texts
    Rows: TypeAlias = NDArray[np.int64] | slice

T = TypeVar("T")

_ONLY_PYTHON = re.compile(r"[^\x00-\x7f]|_")  # characters that Python's float accepts and other readers refuse
SURROGATE = re.compile("[\ud800-\udfff]")  # bytes that were not UTF-8, and half characters of JSON


def parse_number(text: str) -> float:
    """Return the nearest float64 of a decimal, ``nan`` and ``inf`` in any case.

    Raises:
        ValueError: it is not a number. An empty text is not one.

    >>> parse_number("9007199254740993"), parse_number(" -inf "), parse_number("1e400")
    (9007199254740992.0, -inf, inf)
    """
    if _ONLY_PYTHON.search(text):
        raise ValueError(text)
    return float(text)


def parse_numbers(texts: Sequence[str]) -> tuple[Array, list[int]]:
    """Return a column of texts as float64, and the rows of those that are not numbers, which are nan.

    >>> parse_numbers(["1", "x", "2.5"])
    (array([1. , nan, 2.5]), [1])
    """
    import numpy as np

    try:
        if not _ONLY_PYTHON.search("".join(texts)):
            return np.array(list(map(float, texts)), dtype=np.float64), []
    except ValueError:
        pass
    column = np.full(len(texts), np.nan)
    bad = []
    for row, text in enumerate(texts):
        try:
            column[row] = parse_number(text)
        except ValueError:
            bad.append(row)
    return column, bad


def encode(text: str) -> bytes:
    """Encode as UTF-8. Bytes that were not UTF-8 when they were read are written unchanged.

    >>> encode("é"), encode(b"\\xff".decode("utf-8", "surrogateescape"))
    (b'\\xc3\\xa9', b'\\xff')
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, which JSON can spell
        return text.encode("utf-8", "replace")


def replace_surrogates(text: str) -> str:
    """Replace what is not a character by U+FFFD, for formats that are UTF-8 throughout.

    >>> replace_surrogates(b"a\\xff".decode("utf-8", "surrogateescape")), replace_surrogates("é")
    ('a\ufffd', 'é')
    """
    return text if text.isascii() else SURROGATE.sub("\ufffd", text)


def quote_json(texts: Sequence[str]) -> list[str]:
    """Return texts as JSON strings.

    >>> quote_json(["007", 'a "b"'])
    ['"007"', '"a \\\\"b\\\\""']
    """
    from json.encoder import encode_basestring

    return list(map(encode_basestring, texts))


def pick_items(cells: Sequence[T], rows: Rows) -> Sequence[T]:
    """Return the items of a list by a slice or by an array of indices."""
    return cells[rows] if isinstance(rows, slice) else [cells[row] for row in rows.tolist()]


class Column(Protocol):
    """A column that is carried through: it can be printed, and rows of it can be picked."""

    def texts(self) -> Sequence[str]:
        """Return its cells as plain text, without the quotes of a format."""

    def json(self) -> list[str]:
        """Return its cells as JSON values."""

    def typed(self) -> AnyArray | pl.Series | None:
        """Return its cells as an array or a series with a type of its own, None for texts."""

    def array(self) -> AnyArray | None:
        """Return the same as an array, None for what NumPy has no type for."""

    def pick(self, rows: Rows) -> Column:
        """Return the column of these rows."""


class Numbers:
    """A column of an array of numbers, truth values or dates.

    >>> import numpy as np
    >>> Numbers(np.array([2**53 + 1])).texts(), Numbers(np.array([0.5, np.inf])).json()
    (['9007199254740993'], ['0.5', '"Infinity"'])
    """

    __slots__ = ("cells",)

    def __init__(self, cells: AnyArray) -> None:
        self.cells = cells

    def texts(self) -> list[str]:
        """Return shortest decimals, ``true`` and ``false``."""
        if self.cells.dtype.kind == "b":
            return ["true" if cell else "false" for cell in self.cells.tolist()]
        if self.cells.dtype.kind in "iu":
            return list(map(str, self.cells.tolist()))
        if self.cells.dtype.kind == "f":
            return list(map(repr, self.cells.astype(float).tolist()))
        return list(map(str, self.cells))

    def json(self) -> list[str]:
        """Return numbers, and dates as strings."""
        if self.cells.dtype.kind in "biu":
            return self.texts()
        return list(map(json_number, self.texts())) if self.cells.dtype.kind == "f" else quote_json(self.texts())

    def typed(self) -> AnyArray:
        """Return the array itself."""
        return self.cells

    array = typed

    def pick(self, rows: Rows) -> Numbers:
        """Return the column of these rows."""
        return Numbers(self.cells[rows])


class Spelling(NamedTuple):
    """How the cells of a text format are written.

    Attributes:
        to_texts: turns cells into plain texts.
        to_json: turns cells into JSON values.
        separator: between the cells of a row, empty for formats that have none.
    """

    to_texts: Callable[[Sequence[str]], Sequence[str]]
    to_json: Callable[[Sequence[str]], list[str]]
    separator: str = ""


PLAIN_SPELLING = Spelling(list, quote_json)


class Texts:
    """A column of cells that keep the text with which they are written.

    Args:
        cells: the texts, or a function that makes them when they are first needed.
        spelling: of the format that they are written in.
        series: the same cells as a Polars series, if Polars has read them.
    """

    __slots__ = ("_cells", "series", "spelling")

    def __init__(
        self,
        cells: Sequence[str] | Callable[[], Sequence[str]],
        spelling: Spelling = PLAIN_SPELLING,
        series: pl.Series | None = None,
    ) -> None:
        self._cells = cells
        self.spelling = spelling
        self.series = series

    @property
    def cells(self) -> Sequence[str]:
        """The cells as they are written."""
        if callable(self._cells):
            self._cells = self._cells()
        return self._cells

    def texts(self) -> Sequence[str]:
        """Return plain texts."""
        return self.spelling.to_texts(self.cells)

    def json(self) -> list[str]:
        """Return JSON values."""
        return self.spelling.to_json(self.cells)

    def typed(self) -> None:
        """Return None: the type is text."""

    array = typed

    def pick(self, rows: Rows) -> Texts:
        """Return the column of these rows."""
        return Texts(pick_items(self.cells, rows), self.spelling)


def empty_column_of(dtype: np.dtype[np.generic]) -> Callable[[int], Column]:
    """Return what makes a column without values of a type. Whole numbers and truth values become nan."""
    import numpy as np

    if dtype.kind in "SU":
        return lambda count: Texts([""] * count)
    if dtype.kind in "mM":
        return lambda count: Numbers(np.full(count, "NaT", dtype=dtype))
    return lambda count: Numbers(np.full(count, np.nan))
