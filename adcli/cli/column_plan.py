"""Which column of a table is which variable, and which columns are carried through under which name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import AdcliError, RequestError, UnknownNameError, join_names, quoted, short, suggest
from ..language.tokens import CONSTANTS
from ..tables.block import Table
from ..tables.column import parse_numbers

if TYPE_CHECKING:
    from ..formula.lowered import Lowerings
    from ..language.ast import Formula
    from .options import TableOptions
    from .row_filter import RowFilter
    from .words import ParsedWords


class ColumnPlan:
    """What the columns of a table are used for.

    Args:
        table: the table.
        options: names for columns, and the columns to keep.
        words: of the command line.
        formula: the expression.
        texts: the values of variables that are not columns.
        directed: whether columns may be directions.
        unknown: a variable that is computed. Its column, which has the starts, is not copied.
        condition: on the rows, whose variables may be columns.

    Attributes:
        formula: the expression. With `directed` the directions that have values or columns are variables of it.
        directions: per variable that moves the name of its direction.
        sources: the column of each variable that has one.
        read: the same with the columns of the condition.
        copied: the name under which each column that is copied is printed, in the table's order.
        new_names: of columns that are renamed.

    Raises:
        AdcliError: a variable has no column, or names of columns clash.
    """

    def __init__(
        self,
        table: Table,
        options: TableOptions,
        words: ParsedWords,
        formula: Lowerings,
        texts: dict[str, str],
        directed: bool,
        unknown: str | None,
        condition: RowFilter | None = None,
    ) -> None:
        self._table = table
        self._known = {*table.columns, *table.parts}
        self.new_names = self._rename(options.rename)
        parts = [name for name in table.parts if name in self.new_names]
        names = {column: self.new_names.get(column, column) for column in [*table.columns, *parts]}
        variables = {column: variable for column, name in names.items() if (variable := _as_variable(name)) is not None}
        for each in [formula.formula, *([condition.formula.formula] if condition else [])]:
            self._refuse_constants(each, variables)
        self.formula, self.directions = formula, dict[str, str]()
        if directed:
            from .directions import read_directions

            self.formula, self.directions = read_directions(words, formula, list(variables.values()))
        self.sources = self._find_sources(names, variables, texts)
        wanted = condition.variables if condition else ()
        further = [name for name in wanted if name not in self.sources and name not in texts]
        self.read = self._choose_columns(variables, further) | self.sources
        if missing := [name for name in further if name not in self.read]:
            raise self._no_column(missing, list(names))
        for column in self.read.values():
            self._refuse_repeated(column)
        to_copy = self._to_copy(options.keep, names) - {self.sources.get(unknown or ""), *parts}
        targets = {column: variable for variable, column in self.sources.items()}
        self.copied = {
            column: targets.get(column, name)
            for column, name in names.items()
            if column in to_copy or targets.get(column, unknown) != unknown
        }
        twice = _repeated(list(self.copied.values()))
        if twice is not None:
            raise RequestError(f"two columns of {table.name} are called {quoted(twice)}", hint="give one another name")

    def _rename(self, rename: Sequence[str]) -> dict[str, str]:
        """Return the new names of columns from the texts of --rename."""
        new_names: dict[str, str] = {}
        for text in rename:
            new, equals, old = text.partition("=")
            if not equals or not new or not old:
                raise RequestError(f"--rename takes NEW=OLD, not {quoted(text)}", hint="as in --rename x=temperature")
            if new in self._known and old not in self._known:
                problem = f"--rename: {self._table.name} has no column {quoted(old)}"
                raise UnknownNameError(problem, hint=f"it is NEW=OLD: did you mean {short(f'{old}={new}')}?")
            self._check_column(old, "--rename")
            if old in new_names:
                raise RequestError(f"--rename gives the column {quoted(old)} two names", hint="leave one out")
            self._refuse_repeated(old)
            new_names[old] = new
        return new_names

    def _refuse_constants(self, formula: Formula, variables: dict[str, str]) -> None:
        """Raise a RequestError if the expression uses a constant that has the name of a column."""
        constants = {name: column for column, name in variables.items() if name in CONSTANTS}
        use = next((use for use in formula.names() if use.name in constants), None) if constants else None
        if use is None:
            return
        problem = f"{use.name!r} is a constant here, and {self._table.name} has a column of this name"
        new = f"{use.name}_"
        hint = f"--rename {new}={constants[use.name].strip()}, and write {new} where you mean the column"
        raise RequestError(problem, text=formula.text, span=(use.start, use.stop), hint=hint)

    def _check_column(self, column: str, option: str) -> None:
        if column not in self._known:
            hint = suggest(column, sorted(self._known), f"its columns are {join_names(self._table.columns)}")
            raise UnknownNameError(f"{option}: {self._table.name} has no column {quoted(column)}", hint=hint)

    def _refuse_repeated(self, column: str) -> None:
        """Raise a RequestError if the file has several columns of this name."""
        if column in self._table.repeated:
            problem = f"the column {quoted(column)} occurs twice in {self._table.name}"
            if not column:
                problem = f"several columns of {self._table.name} have no name"
            raise RequestError(
                problem, hint="give them names of their own in the table; --skip N leaves out lines before the header"
            )

    def _find_sources(self, names: dict[str, str], variables: dict[str, str], texts: dict[str, str]) -> dict[str, str]:
        """Return the column of each variable that has one.

        Args:
            names: of the columns, after renaming.
            variables: the variable that the name of each column means.
            texts: the values of variables that are not columns.
        """
        sources = self._choose_columns(variables, self.formula.variables)
        missing = [name for name in self.formula.variables if name not in sources and name not in texts]
        if not self._table.has_names and not self.new_names and len(missing) == len(names):
            return dict(zip(missing, names, strict=True))
        both = next((name for name in sources if name in texts), None)
        if both is not None:
            problem = f"{quoted(both)} has a value and is a column of {self._table.name}"
            raise RequestError(problem, hint=f"leave out the value, or rename the column: --rename NEW={sources[both]}")
        if missing:
            raise self._no_column(missing, list(names))
        return {name: sources[name] for name in self.formula.variables if name in sources}

    def _choose_columns(self, variables: dict[str, str], wanted: Sequence[str]) -> dict[str, str]:
        """Return the columns of those of the wanted variables that have one."""
        sources: dict[str, str] = {}
        known = set(wanted)
        for column, variable in variables.items():
            if variable in known:
                if variable in sources:
                    problem = f"two columns of {self._table.name} are called {quoted(variable)}"
                    raise RequestError(problem, hint="give one another name: --rename NEW=OLD")
                sources[variable] = column
        return sources

    def _no_column(self, missing: list[str], columns: list[str]) -> RequestError:
        """Return the error of variables that have no column."""
        old = next((name for name in self._table.parts if name.endswith(f".{missing[0]}")), "COLUMN")
        hint = f"its columns are {join_names(columns)}; --rename {missing[0]}={old}, or a value for every row"
        if not columns:
            hint = "its first row has no columns"
        elif self._table.dialect is not None:
            hint = _header_hint(columns) or hint
        return RequestError(f"no column of {self._table.name} is called {join_names(missing)}", hint=hint)

    def _to_copy(self, keep: str | None, names: dict[str, str]) -> set[str]:
        """Return the columns that --keep asks for."""
        if keep in (None, "all"):
            return set(names)
        if keep == "none":
            return set()
        columns = {name: column for column, name in names.items()}
        to_copy = set()
        for text in (keep or "").split(","):
            is_known = text in columns or text in self._known
            name = text if is_known else text.strip()  # a blank may belong to a name; behind a comma it seldom does
            if name not in columns:
                self._check_column(name, "--keep")
            self._refuse_repeated(columns.get(name, name))
            to_copy.add(columns.get(name, name))
        return to_copy


def _header_hint(columns: Sequence[str]) -> str | None:
    """Return what to do about the first row of a CSV or TSV table that does not look like a header."""
    first = re.match(r"\s*(#|%|//)", columns[0])
    if first is not None:
        return f"its first line begins with {first[1]}; --comment '{first[1]}' leaves out comments, --skip N lines"
    if not parse_numbers(columns)[1]:
        return f"its first line is {join_names(columns)}; --no-header reads it as a row, with columns 0, 1, …"
    if len(columns) == 1 and re.search(r"[,;|\t ]", columns[0]):
        return f"its one column is {quoted(columns[0])}; --delimiter chooses the sign between columns, --skip N lines"
    return None


def _repeated(names: Sequence[str]) -> str | None:
    """Return the first name that occurs twice."""
    seen: set[str] = set()
    return next((name for name in names if name in seen or seen.add(name)), None)  # type: ignore[func-returns-value]


def _as_variable(name: str) -> str | None:
    """Return the variable that the name of a column means; None if it is no name of the language."""
    from ..language.parser import variable_name

    try:
        return variable_name(name.strip())
    except AdcliError:
        return None
