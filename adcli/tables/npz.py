"""NumPy's ``.npz``: one array per column. Python objects are never unpickled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING

from ..errors import RequestError, join_names, quoted, short
from .block import Block, Table
from .column import Column, empty_column_of
from .foreign_formats import describe_archive
from .npy import BLOCK_BYTES, block_of_arrays, read_header
from .source import Source

if TYPE_CHECKING:
    import numpy as np

    from .column import AnyArray


def open_table(source: Source, name: str) -> Table:
    """Open a table."""
    return Npz(source)


class Npz(Table):
    """A table of one array per column. See `Table`."""

    def __init__(self, source: Source) -> None:
        from zipfile import BadZipFile, ZipFile

        super().__init__(source)
        try:
            self._archive = ZipFile(source.seekable())
        except (BadZipFile, OSError, NotImplementedError):  # the last for a version that `zipfile` does not support
            raise RequestError(f"{self.name} is damaged or cut off", hint="an .npz file is a zip archive") from None
        members = [member for member in self._archive.namelist() if member.endswith(".npy")]
        self._members = {member.removesuffix(".npy"): member for member in members}
        self.columns = list(self._members)
        if not self.columns:
            title, advice = describe_archive(self._archive.namelist())
            raise RequestError(f"{self.name} is {title}", hint=advice)

    def count_rows(self) -> int:
        """Return how many rows there are."""
        shape, _, _ = read_header(self._open_member(self.columns[0]), self.name)
        return shape[0] if shape else 0

    def empty_column(self, name: str) -> Callable[[int], Column]:
        """Return what makes a column without values. See `Table`."""
        return empty_column_of(read_header(self._open_member(name), self.name)[2])

    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows. See `Table`."""
        files: dict[str, tuple[IO[bytes], np.dtype[np.generic]]] = {}
        rows: dict[str, int] = {}
        for column in dict.fromkeys([*keep, *variables.values()]) or self.columns[:1]:
            file = self._open_member(column)
            shape, _, dtype = read_header(file, f"{self.name}, column {short(column)}")
            if len(shape) != 1 or dtype.names:
                problem = f"the array {quoted(column)} of {self.name} has {len(shape)} dimensions instead of one"
                raise RequestError(problem, hint="use --keep none to leave out columns that are not variables")
            files[column], rows[column] = (file, dtype), shape[0]
        total = next(iter(rows.values()))
        if set(rows.values()) != {total}:
            lengths = join_names([f"{name} {count}" for name, count in rows.items()])
            problem = f"the columns of {self.name} have different lengths: {lengths}"
            raise RequestError(problem, hint="store one value per point in every column")
        step = max(1, BLOCK_BYTES // sum(dtype.itemsize for _, dtype in files.values()))
        for first in range(0, total or 1, step):  # without rows one block of the types of the columns
            count = min(step, total - first)
            arrays = {column: self._read(column, file, dtype, count) for column, (file, dtype) in files.items()}
            yield block_of_arrays(arrays, variables, keep, first, self.source)

    def _open_member(self, column: str) -> IO[bytes]:
        try:
            return self._archive.open(self._members[column])
        except Exception:  # `zipfile` raises errors of many kinds for what it cannot read
            raise self._damaged(column) from None

    def _read(self, column: str, file: IO[bytes], dtype: np.dtype[np.generic], count: int) -> AnyArray:
        import numpy as np

        try:
            data = file.read(count * dtype.itemsize)
        except Exception:
            data = b""
        if len(data) < count * dtype.itemsize:
            raise self._damaged(column)
        return np.frombuffer(data, dtype=dtype)

    def _damaged(self, column: str) -> RequestError:
        return RequestError(f"{self.name}, column {short(column)} is damaged or cut off", hint="write it again")
