"""A block: some rows of a table, as float64 columns for the variables and as they came for what is carried through."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import RequestError, quoted
from ..strict_json import json_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .cells import Dialect
    from .source import Source

    Array = NDArray[np.float64]

_ODD = re.compile(r"[^\x00-\x7f]|_")  # what Python's float reads and no other reader of tables does
_HALF = re.compile("[\ud800-\udfff]")  # bytes that were no UTF-8, and half characters of JSON


def number(text: str) -> float:
    """The nearest float64 of a decimal; ``nan`` and ``inf`` in any case.

    Raises:
        ValueError: it is no number; an empty text is none.

    >>> number("9007199254740993"), number(" -inf "), number("1e400")
    (9007199254740992.0, -inf, inf)
    """
    if _ODD.search(text):
        raise ValueError(text)
    return float(text)


def numbers(texts: Sequence[str]) -> tuple[Array, list[int]]:
    """A column of texts as float64, and the places of those that are no numbers, which are nan.

    >>> numbers(["1", "x", "2.5"])
    (array([1. , nan, 2.5]), [1])
    """
    import numpy as np

    try:
        if not _ODD.search("".join(texts)):
            return np.array(list(map(float, texts)), dtype=np.float64), []
    except ValueError:
        pass
    column = np.full(len(texts), np.nan)
    bad = []
    for place, text in enumerate(texts):
        try:
            column[place] = number(text)
        except ValueError:
            bad.append(place)
    return column, bad


def encoded(text: str) -> bytes:
    """UTF-8; bytes that were none when they were read come out as they were.

    >>> encoded("é"), encoded(b"\\xff".decode("utf-8", "surrogateescape"))
    (b'\\xc3\\xa9', b'\\xff')
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, which JSON can spell
        return text.encode("utf-8", "replace")


def legible(text: str) -> str:
    """The text as a format takes it that is UTF-8 whatever comes: U+FFFD stands for what is no character.

    >>> legible(b"a\\xff".decode("utf-8", "surrogateescape")), legible("é")
    ('a\ufffd', 'é')
    """
    return text if text.isascii() else _HALF.sub("\ufffd", text)


class Column(Protocol):
    """A column that is carried through: it can be printed, and rows of it can be picked."""

    def texts(self) -> list[str]:
        """Its cells as plain text, without the quotes of a format."""

    def json(self) -> list[str]:
        """Its cells as JSON values."""

    def typed(self) -> Any:
        """Its cells as an array or a series with a type of its own, or None where they are text."""

    def array(self) -> NDArray[Any] | None:
        """The same, as an array of NumPy."""

    def pick(self, rows: Any) -> Column:
        """The cells of these rows, an index array or a slice."""


class Numbers:
    """A column of an array of numbers, booleans or dates.

    >>> import numpy as np
    >>> Numbers(np.array([2**53 + 1])).texts(), Numbers(np.array([0.5, np.inf])).json()
    (['9007199254740993'], ['0.5', '"Infinity"'])
    """

    __slots__ = ("cells",)

    def __init__(self, cells: NDArray[Any]) -> None:
        self.cells = cells

    def texts(self) -> list[str]:
        """Shortest decimals; ``true`` and ``false``."""
        if self.cells.dtype.kind == "b":
            return ["true" if cell else "false" for cell in self.cells.tolist()]
        if self.cells.dtype.kind in "iu":
            return list(map(str, self.cells.tolist()))
        if self.cells.dtype.kind == "f":
            return list(map(repr, self.cells.astype(float).tolist()))
        return list(map(str, self.cells))

    def json(self) -> list[str]:
        """Numbers; dates as strings."""
        if self.cells.dtype.kind in "biu":
            return self.texts()
        return list(map(json_number, self.texts())) if self.cells.dtype.kind == "f" else Texts(self.texts()).json()

    def typed(self) -> NDArray[Any]:
        """The array itself."""
        return self.cells

    array = typed

    def pick(self, rows: Any) -> Numbers:
        """The cells of these rows."""
        return Numbers(self.cells[rows])


class Texts:
    """A column of plain texts.

    >>> Texts(["007", 'a "b"']).json()
    ['"007"', '"a \\\\"b\\\\""']
    """

    __slots__ = ("cells",)

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = cells

    def texts(self) -> list[str]:
        """The texts."""
        return list(self.cells)

    def json(self) -> list[str]:
        """The texts as JSON strings."""
        from json import dumps

        return [dumps(text, ensure_ascii=False) for text in self.texts()]

    def typed(self) -> Any:
        """There is no type but text."""
        return None

    def array(self) -> NDArray[Any] | None:
        """There is none but of text."""
        return None

    def pick(self, rows: Any) -> Texts:
        """The cells of these rows."""
        return type(self)(picked(self.cells, rows))


def picked(cells: Sequence[Any], rows: Any) -> Sequence[Any]:
    """Items of a list by a slice or by an array of places."""
    return cells[rows] if isinstance(rows, slice) else [cells[row] for row in rows]


class Block:
    """Rows in order.

    Attributes:
        count: how many.
        numbers: float64 columns by the name of their variable.
        kept: what is printed before the results, by name and in order.
        lines: the rows as they came, where that is what `kept` says, or None; the format that made them knows them.
        problems: what is wrong with a row, by its place, e.g. ``"line 3, column x: 'abc' is not a number"``.
        place: where a row came from, e.g. ``"line 3"``.
        consumed: bytes of the file read when it was made; more may be by now, when a thread reads ahead.
    """

    __slots__ = ("consumed", "count", "kept", "lines", "numbers", "place", "problems")

    def __init__(
        self,
        count: int,
        numbers: dict[str, Array],
        kept: dict[str, Column],
        place: Callable[[int], str],
        problems: dict[int, str] | None = None,
        lines: Any = None,
    ) -> None:
        self.count = count
        self.numbers = numbers
        self.kept = kept
        self.place = place
        self.problems = problems or {}
        self.lines = lines
        self.consumed = 0

    def typed(self) -> list[Any]:
        """What is kept, as arrays and series with types; text that is a variable as the numbers read from it.

        None stands for a column that is text.
        """
        return self._numbered([column.typed() for column in self.kept.values()])

    def arrays(self) -> list[Any]:
        """The same, as arrays of NumPy."""
        return self._numbered([column.array() for column in self.kept.values()])

    def _numbered(self, found: Sequence[Any]) -> list[Any]:
        pairs = zip(self.kept, found, strict=True)
        return [self.numbers.get(name) if column is None else column for name, column in pairs]

    def pick(self, rows: Any) -> Block:
        """The block of these rows only, a slice or an array of places; their problems are forgotten."""
        import numpy as np

        places = np.arange(self.count)[rows]
        picked = Block(
            len(places),
            {name: column[rows] for name, column in self.numbers.items()},
            {name: column.pick(rows) for name, column in self.kept.items()},
            lambda row: self.place(int(places[row])),
            lines=self.lines.pick(rows) if self.lines is not None else None,
        )
        picked.consumed = self.consumed
        return picked


def misfit(name: str, found: object, before: object, block: Block) -> RequestError:
    """What to say where a table's column is of a type that the one of the tables before it does not hold."""
    problem = (
        f"{block.place(0)}: from here on the column {quoted(name)} is {found}; {before}, as before, would lose some"
    )
    return RequestError(problem, hint="csv and json take both")


class Table(ABC):
    """A table that is being read; one class a format.

    Attributes:
        name: as messages call it, e.g. ``'points.csv'``.
        columns: their names.
        named: False where they are numbered because the format has no names.
        everything: whether all of a row is wanted, so that one with further columns is bad where rows can differ.
        dialect: how it is written, where it is CSV or TSV.
    """

    columns: list[str]
    named = True
    everything = True
    dialect: Dialect | None = None

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.source = source

    @property
    def consumed(self) -> int:
        """Bytes of the file read so far."""
        return self.source.consumed

    def close(self) -> None:
        """Close the file."""
        self.source.close()

    @abstractmethod
    def blocks(self, numbers: dict[str, str], kept: Sequence[str]) -> Iterator[Block]:
        """The rows.

        Args:
            numbers: the column of each variable that has one.
            kept: the columns to carry through, in the table's order.
        """
