"""A block is some rows of a table: float64 columns for the variables, and the columns that are carried through."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from ..errors import RequestError, quoted
from ..records import NamedTuple
from .column import Column, Texts

if TYPE_CHECKING:
    import polars as pl

    from .column import AnyArray, Array, Rows
    from .delimited_cells import TextDialect
    from .read_options import Mask
    from .source import Source

T = TypeVar("T")


class Lines(NamedTuple):
    """Whole rows of a CSV, TSV or NDJSON table as they are written, without their line ends.

    Attributes:
        rows: one text per row.
        columns: the names of the cells in each, as the table has them.
    """

    rows: Texts
    columns: Sequence[str]


class Block:
    """Some rows, in order.

    Attributes:
        count: of the rows.
        numbers: float64 columns by the names of the variables.
        columns: what is printed before the results, by name and in order.
        lines: whole rows as they are written, if their cells are the first of `columns`. Otherwise None.
        problems: what is wrong with bad rows, by index, like ``"line 3, column x: 'abc' is not a number"``.
        describe_row: returns where the row with an index came from, like ``"line 3"``.
        missing: which rows lack the value of a variable, which is nan, for the variables that some row lacks.
        consumed: bytes of the file that were read when the block was made.
    """

    __slots__ = ("columns", "consumed", "count", "describe_row", "lines", "missing", "numbers", "problems")

    def __init__(
        self,
        count: int,
        numbers: dict[str, Array],
        columns: dict[str, Column],
        describe_row: Callable[[int], str],
        problems: dict[int, str] | None = None,
        lines: Lines | None = None,
        missing: dict[str, Mask] | None = None,
    ) -> None:
        self.count = count
        self.numbers = numbers
        self.columns = columns
        self.describe_row = describe_row
        self.problems = problems or {}
        self.lines = lines
        self.missing = missing or {}
        self.consumed = 0

    def typed(self) -> list[AnyArray | pl.Series | None]:
        """Return `columns` as arrays and series with types, None for a column of texts that is not a variable."""
        return self._with_numbers([column.typed() for column in self.columns.values()])

    def arrays(self) -> list[AnyArray | None]:
        """Return the same as arrays."""
        return self._with_numbers([column.array() for column in self.columns.values()])

    def _with_numbers(self, columns: Sequence[T]) -> list[T | Array | None]:
        """Return columns with the numbers of a variable for its texts."""
        pairs = zip(self.columns, columns, strict=True)
        return [self.numbers.get(name) if column is None else column for name, column in pairs]

    def find_missing(self) -> Mask | None:
        """Return which rows lack the value of a variable, None if no row does."""
        joined: Mask | None = None
        for mask in self.missing.values():
            joined = mask if joined is None else joined | mask
        return joined

    def pick(self, rows: Rows) -> Block:
        """Return the block of these rows. Their problems are dropped."""
        import numpy as np

        indices = np.arange(self.count)[rows]
        block = Block(
            len(indices),
            {name: column[rows] for name, column in self.numbers.items()},
            {name: column.pick(rows) for name, column in self.columns.items()},
            lambda row: self.describe_row(int(indices[row])),
            lines=self.lines._replace(rows=self.lines.rows.pick(rows)) if self.lines is not None else None,
            missing={name: mask[rows] for name, mask in self.missing.items()},
        )
        block.consumed = self.consumed
        return block


def type_mismatch(name: str, dtype: object, before: object, block: Block) -> RequestError:
    """Return the error for a column whose type does not fit into its type in the tables before."""
    change = f"the column {quoted(name)} changes from {before} to {dtype}, which would lose some of it"
    problem = f"{block.describe_row(0)}: {change}"
    return RequestError(problem, hint="write csv or json, which take both types")


def name_columns(names: Sequence[str]) -> tuple[list[str], set[str]]:
    """Return names that differ, and those that occur more than once. All but the first of these get a number.

    >>> columns, repeated = name_columns(["x", "note", "", "note", "note.1", ""])
    >>> columns, sorted(repeated)
    (['x', 'note', '', 'note.2', 'note.1', 'column.1'], ['', 'note'])
    """
    known, seen = set(names), set[str]()
    numbers: dict[str, Iterator[int]] = {}
    columns = list(names)
    for position, name in enumerate(names):
        if name in seen:
            further = numbers.setdefault(name, count(1))
            candidates = (f"{name or 'column'}.{number}" for number in further)
            columns[position] = next(candidate for candidate in candidates if candidate not in known)
        seen.add(name)
    return columns, set(numbers)


class Table(ABC):
    """A table that is being read. One class per format.

    Attributes:
        name: as messages call it, like ``'points.csv'``.
        columns: their names.
        parts: names of values inside of columns, like ``p.x``. They can be variables, and are carried only by name.
        repeated: names that several columns have in the file. All but the first have a number behind the name.
        not_text: where the first cell was that is carried through and is not UTF-8, so far.
        has_names: False if the columns are numbered because the format has no names.
        rejects_new_columns: whether a row with further columns is bad, in formats where rows can differ.
        remarks: what was assumed about it, in phrases that follow its name.
        starts_early: whether the first block is small, so that its rows leave early.
        dialect: the separator, line ends and header of a CSV or TSV table, otherwise None.
        format: the name of its format, which `open_table` sets.
    """

    columns: list[str]
    format = ""
    parts: Sequence[str] = ()
    repeated: Collection[str] = ()
    not_text = ""
    has_names = True
    rejects_new_columns = True
    starts_early = True
    remarks: Sequence[str] = ()
    dialect: TextDialect | None = None

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.source = source

    @property
    def consumed(self) -> int:
        """Bytes of the file that were read so far."""
        return self.source.consumed

    def close(self) -> None:
        """Close the file."""
        self.source.close()

    def count_rows(self) -> int:
        """Return how many rows there are. They cannot be read afterwards."""
        return sum(block.count for block in self.blocks({}, self.columns[:1]))

    def empty_column(self, name: str) -> Callable[[int], Column]:
        """Return what makes a column of so many rows without values, of the type that the column `name` has."""
        return lambda count: Texts([""] * count)

    @abstractmethod
    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows.

        Args:
            variables: the column of each variable that has one.
            keep: the columns to carry through, in the table's order.
        """
