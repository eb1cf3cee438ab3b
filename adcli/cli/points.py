"""Many points from the words of the command line: the rows of tables."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import RequestError, short
from ..parts.data_files import list_files
from ..parts.data_set import DataSet
from ..records import NamedTuple
from ..store.entry import scheme_of
from ..tables.block import Block, Table
from ..tables.column import Column, Numbers
from ..tables.writer import SEPARATORS
from .column_plan import ColumnPlan
from .inputs import read_number, read_texts, read_value
from .output import is_directory
from .ranges import is_sweep

if TYPE_CHECKING:
    from ..formula.lowered import Lowerings
    from ..tables.bad_rows import BadRows
    from ..tables.threads import ReadAhead
    from .options import TableOptions
    from .words import ParsedWords

    Reading: TypeAlias = Generator["TableBlock", None, None] | ReadAhead["TableBlock"]

READ_AHEAD_BYTES = 1 << 22  # read files of at least 4 MiB ahead on a thread


class TableBlock(NamedTuple):
    """A block, the number of its file, and its table. The first item of a file has no block."""

    number: int
    table: Table
    block: Block | None


class TablePoints:
    """The rows of tables of the same columns, one after another, and the values that every row gets.

    Attributes:
        data: the tables.
        formula: the expression. With `directed` the directions that have values or columns are variables of it.
        directions: per variable that moves the name of its direction.
        inputs: the names of the columns that are printed before the results.
        fixed: the values that are the same everywhere.
        dialect: how the first table is written, if it is CSV or TSV.
        remarks: notes on the tables, of each kind the first.
    """

    def __init__(
        self,
        words: ParsedWords,
        table: TableOptions,
        formula: Lowerings,
        directed: bool,
        unknown: str | None,
        data: DataSet | None = None,
    ) -> None:
        known = formula
        if directed:
            from .directions import read_directions

            known = read_directions(words, formula)[0]
        texts = read_texts(words, known)
        swept = next((name for name, text in texts.items() if is_sweep(text)), None)
        if swept is not None:
            problem = f"{short(swept)} is swept, but --data already supplies the points"
            raise RequestError(problem, hint=f"give {short(swept)} one number")
        if table.zipped:
            raise RequestError("--zip pairs swept variables", hint="the columns of a table are paired anyway")
        read = read_value if table.whole else read_number
        self.fixed: dict[str, Any] = {name: read(name, text, formula) for name, text in texts.items()}
        self._condition = None
        if table.where is not None:
            from .row_filter import RowFilter

            self._condition = RowFilter(table.where, self.fixed)
        self._is_named_by_status = is_directory(table.output)
        if data is None:
            files = list_files(table.data, table.output if self._is_named_by_status else None)
            data = DataSet(files, table.dialect, table.union, checks=not self._is_named_by_status)
        self.data = data
        self._copies_all = table.keep in (None, "all")
        try:
            self._plan = plan = ColumnPlan(data.first, table, words, formula, texts, directed, unknown, self._condition)
        except BaseException:
            data.close()
            raise
        self._replaces_bytes = bool(table.output_format) and table.output_format not in SEPARATORS
        self.formula, self.directions = plan.formula, plan.directions
        self._table = data.first
        self._bytes = sum(data.sizes)
        self._reading: Reading | None = None
        self._has_sizes = all(data.sizes)
        self._bytes_of_tables = 0  # of those that are read
        self._consumed_bytes = 0
        # Variables without a column stand after the columns of the table, which may be whole lines.
        self._constants = [name for name in self.formula.variables if name not in plan.sources and not table.whole]
        self.inputs = [*plan.copied.values(), *[name for name in self._constants if name != unknown]]
        self.remarks: list[str] = []
        self._noted: set[str] = set()
        self.add_notes(self.notes())
        self.dialect = data.first.dialect
        if self.dialect is not None:
            same = {name: column for column, name in plan.copied.items() if column not in plan.new_names}
            self.dialect = self.dialect.select(same)

    def notes(self) -> dict[str, str]:
        """Return notes on the table that was read last, by what is the same in those on several tables."""
        table = self._table
        notes = {phrase: f"{table.name} {phrase}" for phrase in table.remarks}
        if table.not_text and self._replaces_bytes:
            end = "such bytes are replaced by U+FFFD in the output"
            notes[end] = f"{table.name}, {table.not_text}; {end}"
        return notes

    def add_notes(self, notes: Mapping[str, str]) -> None:
        """Add those of the notes on a table to the remarks that there is none of yet."""
        self.remarks += [notes[kind] for kind in notes if kind not in self._noted]
        self._noted.update(notes)

    def blocks(self, bad: BadRows) -> Generator[Block, None, None]:
        """Return the rows, in order. Large files are read ahead from now on. Bad rows are treated as `bad` says."""
        return self._blocks_of(range(len(self.data.files)), bad, starts_early=True)

    def blocks_of(self, number: int, bad: BadRows) -> Generator[Block, None, None]:
        """Return the rows of one file, in the same way."""
        return self._blocks_of([number], bad, starts_early=False)

    def _blocks_of(self, numbers: Sequence[int], bad: BadRows, starts_early: bool) -> Generator[Block, None, None]:
        blocks = self._read(numbers, starts_early)
        self._reading = blocks
        sizes = [self.data.sizes[number] for number in numbers]
        if all(sizes) and sum(sizes) >= READ_AHEAD_BYTES:
            from ..tables.threads import ReadAhead

            self._reading = ReadAhead(blocks)
        return self._choose_blocks(self._reading, bad)

    def _read(self, numbers: Sequence[int], starts_early: bool) -> Generator[TableBlock, None, None]:
        """Yield each block of files with its table. The first time there is no block, because a table may have none."""
        for number in numbers:
            table = self.data.open(number)
            with closing(table):
                yield TableBlock(number, table, None)
                table.rejects_new_columns = self._copies_all
                table.starts_early = starts_early and not number
                for block in table.blocks(self._plan.read, list(self._plan.copied)):
                    block.consumed = table.consumed
                    yield TableBlock(number, table, block)

    def _choose_blocks(self, reading: Reading, bad: BadRows) -> Generator[Block, None, None]:
        """Yield the blocks that are computed."""
        with closing(reading):
            for _, items in groupby(reading, attrgetter("number")):
                yield from self._choose_blocks_of_file(items, bad)

    def _choose_blocks_of_file(self, items: Iterator[TableBlock], bad: BadRows) -> Iterator[Block]:
        number, table, _ = next(items)
        self._table = table
        blocks = (item.block for item in items if item.block is not None)
        for block in self._choose_rows(bad.apply(table.name, blocks)):
            self._complete(block)
            self._consumed_bytes = self._bytes_of_tables + block.consumed
            yield block
        if not self._is_named_by_status:  # the notes on parts are added in their order when all are there
            self.add_notes(self.notes())
        if self._is_named_by_status or scheme_of(self.data.files[number].path):
            self.data.check_unchanged(number)
        self.skip(number)

    def skip(self, number: int) -> None:
        """Count a file as read, for `part`."""
        self._bytes_of_tables += self.data.sizes[number]
        self._consumed_bytes = self._bytes_of_tables

    def are_few(self, operations: int) -> bool:
        """Return False, because the number of rows is not known yet."""
        return False

    def has_rows(self, limit: int) -> bool:
        """Return whether there are at least so many rows. A pipe counts as none."""
        return self.data.has_rows(limit)

    def _choose_rows(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """Yield the rows that satisfy the condition, in blocks that are not empty."""
        if self._condition is None:
            yield from blocks
            return
        variables = frozenset(self._plan.sources)
        empty: Block | None = None  # for the types of the columns, if all rows are left out
        has_rows = False
        for block in blocks:
            chosen = self._condition.apply(block, variables)
            has_rows = has_rows or bool(chosen.count)
            if chosen.count:
                yield chosen
            else:
                empty = empty or chosen
        if empty is not None and not has_rows:
            yield empty

    def _complete(self, block: Block) -> None:
        """Give a block the variables without a column, and the names under which its columns are printed."""
        import numpy as np

        columns: dict[str, Column] = {self._plan.copied[name]: column for name, column in block.columns.items()}
        for name in self._constants:
            block.numbers[name] = np.full(block.count, self.fixed[name])
        columns |= {name: Numbers(block.numbers[name]) for name in self._constants if name in self.inputs}
        block.columns = columns
        if self.data.is_many:
            block.describe_row = _name_table(self._table.name, block.describe_row)

    def close(self) -> None:
        """Close the table that is open."""
        if self._reading is not None:
            self._reading.close()
        self.data.close()

    def part(self, rows: int) -> float | None:
        """Return how much of the files is read, from 0 to 1; None if a pipe is among them."""
        return self._consumed_bytes / self._bytes if self._has_sizes else None


def _name_table(table: str, place: Callable[[int], str]) -> Callable[[int], str]:
    """Return the function from a row to where it came from, with the name of its table."""
    return lambda row: f"{table}, {place(row)}"
