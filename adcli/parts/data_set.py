"""Many files as one table: their columns are matched by name, and what a file lacks may be filled."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

from ..errors import AdcliError, RequestError, join_names, quoted_path
from ..files import os_errors_as
from ..store import store_of
from ..store.entry import place_in, scheme_of, unsigned, without_query
from ..tables.block import Table
from ..tables.formats import BY_NAME, BY_SUFFIX, open_table
from ..tables.read_options import DEFAULTS, ReadOptions
from .data_files import STANDARD_INPUT, DataFile
from .extended_table import CellType, ExtendedTable, FurtherColumn, missing_column, partition_columns, partition_kinds
from .row_count import count_rows


class Layout(NamedTuple):
    """What the files of a data set have in common, as plain data. With it any of them can be opened alone.

    Attributes:
        total: how many files there are.
        bytes: of all files.
        first: the first file.
        kinds: of the columns that directories name.
        sources: in a union, the files whose columns together are all columns.
        folder: to which the names of files are relative, empty for the current one.
    """

    total: int
    bytes: int
    first: DataFile
    kinds: Mapping[str, CellType]
    sources: Sequence[DataFile]
    folder: str


class DataSet:
    """Files of the same columns, in any order.

    Args:
        files: at least one.
        options: how the files are read.
        union: whether a file may lack columns, which are filled with missing cells.
        checks: whether to check the columns of all files now and not when each is opened.
        layout: of the data set to which these files belong, the first among them, if they are not all of it.

    Attributes:
        files: the files.
        is_many: whether the data set has several files.
        sizes: their bytes, 0 where they are unknown.
        first: the first table.
        columns: of all tables, in the order of the first.

    Raises:
        RequestError: a file cannot be read, or its columns are others.
    """

    def __init__(
        self,
        files: Sequence[DataFile],
        options: ReadOptions | None = None,
        union: bool = False,
        checks: bool = True,
        layout: Layout | None = None,
    ) -> None:
        self.files = list(files)
        self._folder = "" if layout is None else layout.folder
        self.sizes = [file.size for file in files]
        self._bytes = sum(self.sizes) if layout is None else layout.bytes
        self._options = options
        self._union = union
        self._kinds = partition_kinds([file.partition for file in files], union) if layout is None else layout.kinds
        self._missing: dict[str, FurtherColumn] = {}
        self._sources = self.files if layout is None else list(layout.sources)
        self.is_many = (len(self.files) if layout is None else layout.total) > 1
        self.columns: list[str] = []
        if union and self.is_many:
            self._collect_columns()
        self.first = self._extend(files[0], self._open_file(files[0]))
        self.columns = self.columns or self.first.columns
        self._is_first_open = True
        if checks and not union:
            self._check_columns()

    def layout(self) -> Layout:
        """Return what the files have in common, for another process, which may have another current directory."""
        sources = self._sources if self._union else []
        return Layout(len(self.files), self._bytes, self.files[0], self._kinds, sources, os.getcwd())

    def replace(self, number: int, file: DataFile) -> None:
        """Put another file of the data set in the place of a file, or after the last."""
        self.files[number:] = [file]
        self.sizes[number:] = [file.size]

    def _open_file(self, file: DataFile) -> Table:
        table = open_table(file.path, self._options, self._folder)
        table.source.data_bytes = self._bytes
        return table

    def _collect_columns(self) -> None:
        """Find the columns of all files, and the files that are enough to find them."""
        sources = []
        for file in self._sources:
            if file.status is None:
                name = "standard input" if file.path == STANDARD_INPUT else quoted_path(file.path)
                raise RequestError(f"--union reads the columns of {name} twice", hint="write it to a file")
            before = len(self._missing)
            with closing(self._open_file(file)) as table:
                for name in table.columns:
                    if name not in self._missing:
                        self._missing[name] = missing_column(table.empty_column(name))
            for name in file.partition:
                self._missing.setdefault(name, self._partition(file)[name])
            if len(self._missing) > before:
                sources.append(file)
        self._sources = sources
        self.columns = list(self._missing)

    def _check_columns(self) -> None:
        """Check the columns of all further files of this machine that can be opened twice."""
        try:
            for number, file in enumerate(self.files):
                if number and file.status is not None and not scheme_of(file.path):
                    self.open(number).close()
        except BaseException:
            self.close()
            raise

    def open(self, number: int) -> Table:
        """Open a table. It has the columns of the first in any order."""
        if not number and self._is_first_open:
            self._is_first_open = False
            return self.first
        file = self.files[number]
        table = self._extend(file, self._open_file(file))
        if not self._union and sorted(table.columns) != sorted(self.columns):
            table.close()
            problem = f"{table.name} has the columns {join_names(table.columns)}"
            lacks = set(table.columns) < set(self.columns)
            hint = f"the first table has {join_names(self.columns)}"
            raise RequestError(problem, hint=f"{hint}; --union fills what is missing" if lacks else hint)
        return table

    def _partition(self, file: DataFile) -> dict[str, FurtherColumn]:
        """Return the columns that the directories of a file name. In a union what they do not name is missing."""
        unnamed = dict.fromkeys(self._kinds, "") if self._union else {}  # as in those of Hive
        return partition_columns({**unnamed, **file.partition}, self._kinds, self._options or DEFAULTS)

    def _extend(self, file: DataFile, table: Table) -> Table:
        """Return a table with the columns of its directories and, in a union, those that it lacks."""
        own = dict.fromkeys(table.columns)
        further = {name: column for name, column in self._partition(file).items() if name not in own}
        own.update(dict.fromkeys(further))
        if self._union:
            further |= {name: column for name, column in self._missing.items() if name not in own}
        if not further:
            return table
        return ExtendedTable(table, self.columns if self._union and self.columns else list(own), further)

    def close(self) -> None:
        """Close the first table if it was not read."""
        if self._is_first_open:
            self.first.close()

    def has_rows(self, limit: int) -> bool:
        """Return whether all files together have at least so many rows.

        A pipe, whose length is unknown, counts as none. So does a file that cannot be read, which fails later.
        """
        text_bytes = 2  # a row of text is a digit and a line end at least
        count = 0
        if all(map(self._is_plain_text, self.files)) and sum(self.sizes) < text_bytes * limit:
            return False
        for file, size in zip(self.files, self.sizes, strict=True):
            if size:
                try:
                    count += self._count_rows(file, limit - count)
                except AdcliError:
                    continue
            if count >= limit:
                return True
        return False

    def _count_rows(self, file: DataFile, limit: int) -> int:
        """Return how many rows a file has, or at least `limit`."""
        is_open = file is self.files[0] and self._is_first_open and self.first.format in BY_NAME
        if is_open and BY_NAME[self.first.format].binary:
            return self.first.count_rows()  # its rows are counted without reading it, or copying it again
        return count_rows(file.path, limit, self._options)

    def _is_plain_text(self, file: DataFile) -> bool:
        row = BY_SUFFIX.get(without_query(file.path).rpartition(".")[2])
        return row is not None and row.reads and not row.binary

    def describe(self, number: int) -> Mapping[str, object]:
        """Return the facts about a file on which the numbers of its rows depend."""
        file = self.files[number]
        assert file.status is not None  # it was listed for a directory of parts
        columns = {name: [column.number, column.make(1).json()] for name, column in self._partition(file).items()}
        return {"path": unsigned(file.path), "size": file.status.size, "time": file.status.stamp, "partition": columns}

    def check_unchanged(self, number: int) -> None:
        """Check that a file is the one that was listed, after it was read.

        Raises:
            RequestError: it has changed since.
        """
        file = self.files[number]
        if file.status is None:
            return
        with os_errors_as(f"cannot read {quoted_path(file.path)} again"):
            status = store_of(file.path).status(place_in(self._folder, file.path))
        if status != file.status:
            raise RequestError(f"{quoted_path(file.path)} has changed while it was read", hint="run the command again")
