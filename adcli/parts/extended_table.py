"""A table with further columns that are the same in every row: what directories name, and what the file lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from ..errors import quoted, short
from ..records import NamedTuple
from ..tables.bad_cells import missing_hint
from ..tables.block import Block, Table
from ..tables.column import Column, Numbers, Texts, parse_number
from ..tables.read_options import DEFAULTS, ReadOptions

MakeColumn = Callable[[int], Column]  # from the number of rows
CellType: TypeAlias = type[int] | type[float] | type[str]


class FurtherColumn(NamedTuple):
    """A column that is the same in every row.

    Attributes:
        make: makes the column of so many rows, to be carried through.
        number: its value as a variable, nan if it has none.
        problem: why it is not a number, None for a number or a missing value.
        is_missing: whether the value is missing.
    """

    make: MakeColumn
    number: float
    problem: str | None = None
    is_missing: bool = False


class ExtendedTable(Table):
    """A table with further columns behind or between its own. See `Table`.

    Args:
        table: the table.
        columns: all columns in order, among them those of the table.
        further: those that the table does not have.
    """

    def __init__(self, table: Table, columns: Sequence[str], further: Mapping[str, FurtherColumn]) -> None:
        super().__init__(table.source)
        self._table = table
        self._further = further
        self.columns = list(columns)
        self.parts = table.parts
        self.repeated = table.repeated
        self.has_names = table.has_names
        self.remarks = table.remarks
        self.dialect = table.dialect
        self.format = table.format

    @property
    def consumed(self) -> int:
        """Bytes of the file that were read so far."""
        return self._table.consumed

    def close(self) -> None:
        """Close the file."""
        self._table.close()

    def count_rows(self) -> int:
        """Return how many rows there are. See `Table`."""
        return self._table.count_rows()

    def empty_column(self, name: str) -> MakeColumn:
        """Return what makes a column without values. See `Table`."""
        return self._further[name].make if name in self._further else self._table.empty_column(name)

    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows. See `Table`."""
        self._table.rejects_new_columns = self.rejects_new_columns
        self._table.starts_early = self.starts_early
        own = {variable: name for variable, name in variables.items() if name not in self._further}
        further = {variable: name for variable, name in variables.items() if name in self._further}
        kept = [name for name in keep if name not in self._further]
        lines_stand_first = list(keep[: len(kept)]) == kept
        for block in self._table.blocks(own, kept):
            for variable, name in further.items():
                self._add_number(block, variable, name)
            columns = {name: self._further[name].make(block.count) for name in keep if name in self._further}
            block.columns = {name: columns[name] if name in columns else block.columns[name] for name in keep}
            if not lines_stand_first:
                block.lines = None
            self.not_text = self._table.not_text
            yield block

    def _add_number(self, block: Block, variable: str, name: str) -> None:
        import numpy as np

        column = self._further[name]
        block.numbers[variable] = np.full(block.count, column.number)
        if column.is_missing:
            block.missing[variable] = np.ones(block.count, dtype=bool)
        if column.problem is not None:
            for row in range(block.count):
                problem = f"{block.describe_row(row)}, column {short(name)}: {column.problem}"
                block.problems.setdefault(row, problem)


def partition_kinds(partitions: Sequence[Mapping[str, str]], union: bool = False) -> dict[str, CellType]:
    """Return the types of the columns that the directories of the files of a data set name.

    A column has numbers if all of its values in the data set are numbers that are printed as they are written.
    `union`: whether a file may lack columns.

    >>> partition_kinds([{"k": "1", "day": "01"}, {"k": "2", "day": "02"}])
    {'k': <class 'int'>, 'day': <class 'str'>}
    """
    values: dict[str, set[str]] = {}
    for partition in partitions:
        for name, text in partition.items():
            values.setdefault(name, set()).add(text)
    if union:
        for name, texts in values.items():
            if any(name not in partition for partition in partitions):
                texts.add("")
    return {name: _kind(texts) for name, texts in values.items()}


def partition_columns(
    partition: Mapping[str, str], kinds: Mapping[str, CellType], options: ReadOptions = DEFAULTS
) -> dict[str, FurtherColumn]:
    """Return the columns that the directories of a file name.

    Args:
        partition: their values.
        kinds: their types, see `partition_kinds`.
        options: how the file is read. What stands for a missing cell does so here too.

    >>> columns = partition_columns({"k": "2", "day": "02"}, {"k": int, "day": str})
    >>> columns["k"].make(2).json(), columns["day"].make(2).json(), columns["day"].number
    (['2', '2'], ['"02"', '"02"'], 2.0)
    """
    read = ReadOptions(na=options.na)  # the decimal sign of the files is not that of the directories
    return {name: _partition_column(text, kinds[name], read) for name, text in partition.items()}


def _kind(texts: set[str]) -> CellType:
    """Return the type of a column with these values. Whole numbers with leading zeros are text, as in ``month=01``."""
    if "" not in texts and all(_is_whole(text) for text in texts):
        return int
    try:
        is_plain = all(str(parse_number(text)) == text for text in texts)
    except ValueError:
        return str
    return float if is_plain else str


def _is_whole(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) < 19 and str(int(text)) == text


def _partition_column(text: str, kind: CellType, options: ReadOptions) -> FurtherColumn:
    import numpy as np

    (number,), bad, missing = options.parse([text])
    problem = f"{quoted(text)}, from the directory, is not a number{missing_hint(text)}" if bad else None

    def make(count: int) -> Column:
        return Texts([text] * count) if kind is str else Numbers(np.full(count, kind(text)))

    return FurtherColumn(make, float(number), problem, is_missing=missing is not None)


def missing_column(make: MakeColumn) -> FurtherColumn:
    """Return a column that a file lacks. `make`: makes it with the type that it has in another file."""
    return FurtherColumn(make, float("nan"), is_missing=True)
