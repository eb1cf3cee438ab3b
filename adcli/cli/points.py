"""Many points from the words of the command line: the grid of sweeps, or the rows of tables."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from ..errors import AdcliError, RequestError, UnknownNameError, join_names, quoted, quoted_path, short, suggest
from ..files import os_errors_as
from ..tables.block import Block, Table
from ..tables.column import Column, Numbers, parse_numbers
from ..tables.formats import open_table
from ..tables.sweep import Grid
from .directions import read_directions
from .inputs import no_value, read_number, read_texts
from .ranges import is_sweep, read_sweep

if TYPE_CHECKING:
    from ..formula.lowered import Lowerings
    from ..tables.bad_rows import BadRows
    from ..tables.delimited_cells import TextDialect
    from .options import TableOptions
    from .words import ParsedWords


LARGE = 1 << 22  # bytes of a file from which a thread to read it pays


def open_points(
    words: ParsedWords, table: TableOptions, formula: Lowerings, directed: bool = False
) -> SweptPoints | TablePoints:
    """The points that the words name; with `directed` directions may be among the variables."""
    if table.data:
        return TablePoints(words, table, formula, directed)
    return SweptPoints(words, formula, table.zipped, directed)


class SweptPoints:
    """The points of sweeps, and of the values that are not swept.

    Attributes:
        formula: the expression; with `directed` the directions that have values are variables of it.
        directions: which variable is the direction in which.
        inputs: the names of the columns that are printed before the results.
        fixed: the values that are the same everywhere.
        dialect: of the table that is read; None.
    """

    def __init__(self, words: ParsedWords, formula: Lowerings, zipped: bool, directed: bool) -> None:
        formula, self.directions = read_directions(words, formula, directed)
        self.formula = formula
        texts = read_texts(words, formula)
        missing = [name for name in formula.variables if name not in texts]
        if missing:
            raise no_value(missing, formula)
        self.inputs = list(formula.variables)
        self.dialect: TextDialect | None = None
        swept = {
            name: read_sweep(name, text, partial(read_number, name, formula=formula))
            for name, text in texts.items()
            if is_sweep(text)
        }
        if zipped and len(swept) < 2:
            raise RequestError("--zip needs several swept variables", hint="as in --x 0:1:11 --y 0:2:11 --zip")
        self.fixed = {name: read_number(name, text, formula) for name, text in texts.items() if name not in swept}
        self._grid = Grid(swept, zipped)

    def blocks(self, bad: BadRows) -> Generator[Block, None, None]:
        """The points, in order; none of them is bad."""
        return self._grid.blocks(self.inputs, self.fixed)

    def part(self, rows: int) -> float | None:
        """How much of the whole so many rows are."""
        return rows / self._grid.count

    def close(self) -> None:
        """There is nothing to close."""


class TablePoints:
    """The rows of tables of the same columns, one after another, and the values that every row gets.

    Attributes:
        formula: the expression; with `directed` the directions that have values or columns are variables of it.
        directions: which variable is the direction in which.
        inputs: the names of the columns that are printed before the results.
        fixed: the values that are the same everywhere.
        dialect: how the first table is written, where it is CSV or TSV.
    """

    def __init__(self, words: ParsedWords, table: TableOptions, formula: Lowerings, directed: bool) -> None:
        texts = read_texts(words, read_directions(words, formula, directed)[0])
        swept = next((name for name, text in texts.items() if is_sweep(text)), None)
        if swept is not None:
            hint = "a table has the points itself; give one number for every row"
            raise RequestError(f"{short(swept)} is swept and there is a table", hint=hint)
        if table.zipped:
            raise RequestError("--zip pairs swept variables", hint="the columns of a table are paired anyway")
        self.fixed = {name: read_number(name, text, formula) for name, text in texts.items()}
        self._paths = list(table.data)
        self._check_paths()
        self._table = open_table(self._paths[0])
        self._columns = list(self._table.columns)
        self._everything = table.keep in (None, "all")
        try:
            plan = _Plan(self._table, table, words, formula, texts, directed)
            for path in self._paths[1:]:
                if os.path.isfile(path):  # others can be opened once
                    with closing(self._opened(path)):
                        pass
        except BaseException:
            self._table.close()
            raise
        self.formula, self.directions = plan.formula, plan.directions
        self._numbers = plan.numbers
        self._kept = plan.kept
        self._sizes = [os.path.getsize(path) if os.path.isfile(path) else 0 for path in self._paths]
        self._finished = self._consumed = 0  # bytes of the tables that are done, and with the blocks given out
        # Variables the table has no column for stand after its columns, which may be whole lines.
        self._filled = [name for name in self.formula.variables if name not in plan.numbers]
        self.inputs = [*plan.kept.values(), *self._filled]
        self.dialect = self._table.dialect
        if self.dialect is not None:
            same = {name: column for column, name in plan.kept.items() if column not in plan.renamed}
            self.dialect = self.dialect.select(same)

    def _check_paths(self) -> None:
        for path in self._paths:
            if path != "-":
                with os_errors_as(f"cannot read {quoted_path(path)}"):
                    os.stat(path)

    def _opened(self, path: str) -> Table:
        """A further table, which has the columns of the first in any order."""
        table = open_table(path)
        if sorted(table.columns) != sorted(self._columns):
            table.close()
            problem = f"{table.name} has the columns {join_names(table.columns)}"
            raise RequestError(problem, hint=f"the first table has {join_names(self._columns)}")
        return table

    def blocks(self, bad: BadRows) -> Generator[Block, None, None]:
        """The rows, in order; bad ones are treated as `bad` says."""
        for place, path in enumerate(self._paths):
            if place:
                self._table = self._opened(path)
            self._table.rejects_new_columns = self._everything
            blocks = _counted(self._table, self._table.blocks(self._numbers, list(self._kept)))
            if self._sizes[place] >= LARGE:
                from ..tables.threads import read_ahead

                blocks = read_ahead(blocks)
            for block in bad.apply(self._table.name, blocks):
                import numpy as np

                kept: dict[str, Column] = {self._kept[name]: column for name, column in block.columns.items()}
                for name in self._filled:
                    block.numbers[name] = np.full(block.count, self.fixed[name])
                    kept[name] = Numbers(block.numbers[name])
                block.columns = kept
                if len(self._paths) > 1:
                    block.describe_row = _named(self._table.name, block.describe_row)
                self._consumed = self._finished + block.consumed
                yield block
            self._table.close()
            self._finished += self._sizes[place]

    def close(self) -> None:
        """Close the table that is open."""
        self._table.close()

    def part(self, rows: int) -> float | None:
        """How much of the files is read; None where a pipe is among them."""
        if not all(self._sizes):
            return None
        return self._consumed / sum(self._sizes)


def _named(table: str, place: Callable[[int], str]) -> Callable[[int], str]:
    """Where a row came from, with the name of its table."""
    return lambda row: f"{table}, {place(row)}"


def _counted(table: Table, blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks, which know how far the file was read when each was made."""
    for block in blocks:
        block.consumed = table.consumed
        yield block


class _Plan:
    """Which column is which variable, and which are carried through under which name.

    Attributes:
        formula, directions: see `TablePoints`.
        numbers: the column of each variable that has one.
        kept: the name under which each column that is kept is printed, in the table's order.
        renamed: the new names of columns.
    """

    def __init__(
        self,
        table: Table,
        options: TableOptions,
        words: ParsedWords,
        formula: Lowerings,
        texts: dict[str, str],
        directed: bool,
    ) -> None:
        self._table = table
        twice = next((name for name in table.columns if table.columns.count(name) > 1), None)
        if twice is not None:
            problem = f"the column {quoted(twice)} occurs twice in {table.name}"
            if not twice:
                problem = f"two columns of {table.name} have no name"
            raise RequestError(problem, hint="give them names of their own in the table")
        self.renamed = self._renamed(options.rename)
        names = {column: self.renamed.get(column, column) for column in table.columns}
        meant = {column: variable for column, name in names.items() if (variable := _as_variable(name)) is not None}
        self.formula, self.directions = read_directions(words, formula, directed, list(meant.values()))
        self.numbers = self._variables(names, meant, self.formula, texts)
        wanted = self._wanted(options.keep, names)
        variables = {column: variable for variable, column in self.numbers.items()}
        self.kept = {
            column: variables.get(column, name)
            for column, name in names.items()
            if column in wanted or column in variables
        }
        twice = next((name for name in self.kept.values() if list(self.kept.values()).count(name) > 1), None)
        if twice is not None:
            raise RequestError(f"two columns of {table.name} are called {quoted(twice)}", hint="give one another name")

    def _renamed(self, rename: Sequence[str]) -> dict[str, str]:
        renamed: dict[str, str] = {}
        for text in rename:
            new, equals, old = text.partition("=")
            if not equals or not new or not old:
                raise RequestError(f"--rename takes NEW=OLD, not {quoted(text)}", hint="as in --rename x=temperature")
            if new in self._table.columns and old not in self._table.columns:
                problem = f"--rename: {self._table.name} has no column {quoted(old)}"
                raise UnknownNameError(problem, hint=f"it is NEW=OLD: did you mean {short(f'{old}={new}')}?")
            self._known(old, "--rename")
            if old in renamed:
                raise RequestError(f"--rename gives the column {quoted(old)} two names", hint="leave one out")
            renamed[old] = new
        return renamed

    def _known(self, column: str, option: str) -> None:
        if column not in self._table.columns:
            hint = suggest(column, self._table.columns, f"its columns are {join_names(self._table.columns)}")
            raise UnknownNameError(f"{option}: {self._table.name} has no column {quoted(column)}", hint=hint)

    def _variables(
        self, names: dict[str, str], meant: dict[str, str], formula: Lowerings, texts: dict[str, str]
    ) -> dict[str, str]:
        found: dict[str, str] = {}
        known = set(formula.variables)
        for column, variable in meant.items():
            if variable in known:
                if variable in found:
                    problem = f"two columns of {self._table.name} are called {quoted(variable)}"
                    raise RequestError(problem, hint="give one another name: --rename NEW=OLD")
                found[variable] = column
        missing = [name for name in formula.variables if name not in found and name not in texts]
        if not self._table.has_names and not self.renamed and len(missing) == len(names):
            return dict(zip(missing, names, strict=True))
        both = next((name for name in found if name in texts), None)
        if both is not None:
            problem = f"{quoted(both)} has a value and is a column of {self._table.name}"
            raise RequestError(problem, hint=f"leave out the value, or rename the column: --rename NEW={found[both]}")
        if missing:
            hint = f"its columns are {join_names(list(names))}; --rename {missing[0]}=COLUMN, or a value for every row"
            alone = "".join(names) if len(names) == 1 else ""
            if self._table.dialect is not None and not parse_numbers(list(names))[1]:
                hint = f"its first line names the columns, and here it is {join_names(list(names))}"
            if self._table.dialect is not None and re.search(r"[;|\t ]", alone):
                hint = f"its one column is {quoted(alone)}; commas separate columns, or tabs in a .tsv"
            raise RequestError(f"no column of {self._table.name} is called {join_names(missing)}", hint=hint)
        return {name: found[name] for name in formula.variables if name in found}

    def _wanted(self, keep: str | None, names: dict[str, str]) -> set[str]:
        if keep in (None, "all"):
            return set(names)
        if keep == "none":
            return set()
        columns = {name: column for column, name in names.items()}
        wanted = set()
        for text in (keep or "").split(","):
            known = text in columns or text in self._table.columns
            name = text if known else text.strip()  # a blank may belong to a name; behind a comma it seldom does
            if name not in columns:
                self._known(name, "--keep")
            wanted.add(columns.get(name, name))
        return wanted


def _as_variable(name: str) -> str | None:
    """The variable that the name of a column means; None where it is no name of the language."""
    from ..language.parser import variable_name

    try:
        return variable_name(name.strip())
    except AdcliError:
        return None
