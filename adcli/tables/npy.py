"""NumPy's files: ``.npy`` (one array, its columns by field or by number) and ``.npz`` (one array a column).

Nothing is ever unpickled: an array of Python objects is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any

from ..errors import AdcliError, RequestError, join_names, one_line, quoted, short
from .block import Block, Column, Numbers, Table, Texts, misfit
from .source import Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .block import Array

BYTES = 1 << 21  # of a block
MOST_COLUMNS = 1 << 20
KINDS = "fiubmMSU"  # of arrays that are read: numbers, truth values, dates and texts


def array_header(file: Any, name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, Fortran order and type of the array that follows in a file.

    Raises:
        RequestError: there is none, or one of Python objects.
    """
    from numpy.lib import format as npy

    try:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(file)
        if version == (3, 0) and dtype.names:  # which differs from 2 in the encoding of field names alone
            dtype.names = tuple([field.encode("latin-1").decode("utf-8") for field in dtype.names])
        if min(shape, default=0) < 0:
            raise ValueError(f"its shape is {shape}")
    except AdcliError:
        raise
    except Exception as error:  # NumPy reads it as Python's literals and says nowhere what that may raise
        says = one_line(str(error))[:100]
        raise RequestError(f"{name} is damaged", hint=f"its header cannot be read ({says})") from None
    kinds = [dtype[field] for field in dtype.names] if dtype.names else [dtype]
    for kind in kinds:
        if kind.hasobject:
            raise RequestError(f"{name} holds Python objects", hint="pickled arrays are never read")
        if kind.kind not in KINDS or kind.shape or not kind.itemsize:
            raise RequestError(f"{name} holds {kind} and no numbers", hint="float64 is what is computed with")
    return shape, fortran, dtype


def as_column(array: NDArray[Any]) -> Column:
    """A column that is carried through."""
    if array.dtype.kind == "S":
        return Texts([cell.decode("utf-8", "surrogateescape") for cell in array.tolist()])
    return Texts(array.tolist()) if array.dtype.kind == "U" else Numbers(array)


def block_of(
    arrays: dict[str, NDArray[Any]], numbers: dict[str, str], kept: Sequence[str], first: int, name: str
) -> Block:
    """A block of typed columns."""
    import numpy as np

    found: dict[str, Array] = {}
    for variable, column in numbers.items():
        if arrays[column].dtype.kind not in "fiub":
            hint = "the columns of variables are numbers"
            raise RequestError(f"the column {quoted(column)} of {name} holds {arrays[column].dtype}", hint=hint)
        found[variable] = np.ascontiguousarray(arrays[column], dtype=np.float64)
    count = len(next(iter(arrays.values())))
    carried = {column: as_column(arrays[column]) for column in kept}
    return Block(count, found, carried, lambda row: f"row {first + row + 1}")


class Npy(Table):
    """A table in one array, of fields, or of rows of numbers; see `Table`."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        shape, self._fortran, self._dtype = array_header(_Exact(source), source.name)
        self.named = self._dtype.names is not None
        if len(shape) > (1 if self.named else 2) or not shape:
            raise RequestError(f"{self.name} has {len(shape)} dimensions", hint="a table has rows and columns")
        self._rows, self._width = shape[0], 1 if len(shape) == 1 else shape[1]
        if self._width > MOST_COLUMNS:
            raise RequestError(f"{self.name} has {self._width} columns", hint="its first axis is that of the rows")
        self.columns = list(self._dtype.names) if self._dtype.names else [str(i) for i in range(self._width)]
        if not self.columns:
            raise RequestError(f"{self.name} has no columns", hint="a table has rows and columns")

    def blocks(self, numbers: dict[str, str], kept: Sequence[str]) -> Iterator[Block]:
        """The rows; see `Table`."""
        if self._fortran and self._width > 1:
            yield from self._by_columns(numbers, kept)
            return
        import numpy as np

        size = self._dtype.itemsize * self._width
        first = 0
        while first < self._rows:
            count = min(max(1, BYTES // size), self._rows - first)
            data = self.source.exactly(count * size)
            whole = len(data) // size
            rows = np.frombuffer(data, dtype=self._dtype, count=whole * self._width)
            if whole:
                if self.named:
                    arrays = {column: rows[column] for column in self.columns}
                else:
                    arrays = dict(zip(self.columns, rows.reshape(whole, self._width).T, strict=True))
                yield block_of(arrays, numbers, kept, first, self.name)
            first += whole
            if whole < count:
                raise self._cut_off(first)

    def _by_columns(self, numbers: dict[str, str], kept: Sequence[str]) -> Iterator[Block]:
        import numpy as np

        file = self.source.seekable()
        array_header(file, self.name)
        start, step = file.tell(), max(1, BYTES // (self._dtype.itemsize * self._width))
        for first in range(0, self._rows, step):
            count = min(step, self._rows - first)
            arrays = {}
            for place, column in enumerate(self.columns):
                file.seek(start + (place * self._rows + first) * self._dtype.itemsize)
                data = file.read(count * self._dtype.itemsize)
                if len(data) < count * self._dtype.itemsize:
                    raise self._cut_off(first)
                arrays[column] = np.frombuffer(data, dtype=self._dtype)
            yield block_of(arrays, numbers, kept, first, self.name)

    def _cut_off(self, rows: int) -> RequestError:
        return RequestError(f"{self.name} is cut off", hint=f"it should have {self._rows} rows and ends after {rows}")


class _Exact:
    """The bytes of a source, as NumPy reads a header: as many as it asks for."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, count: int) -> bytes:
        return self._source.exactly(count)


class Npz(Table):
    """A table of one array a column; see `Table`."""

    def __init__(self, source: Source) -> None:
        from zipfile import BadZipFile, ZipFile

        super().__init__(source)
        try:
            self._archive = ZipFile(source.seekable())
        except (BadZipFile, OSError, NotImplementedError):  # the last of a version that `zipfile` does not know
            raise RequestError(f"{self.name} is damaged or cut off", hint="an .npz file is a zip archive") from None
        members = [member for member in self._archive.namelist() if member.endswith(".npy")]
        self._members = {member.removesuffix(".npy"): member for member in members}
        self.columns = list(self._members)
        if not self.columns:
            raise RequestError(f"{self.name} has no columns", hint="its arrays are the columns")

    def blocks(self, numbers: dict[str, str], kept: Sequence[str]) -> Iterator[Block]:
        """The rows; see `Table`."""

        files: dict[str, tuple[IO[bytes], np.dtype[Any]]] = {}
        rows: dict[str, int] = {}
        for column in dict.fromkeys([*kept, *numbers.values()]) or self.columns[:1]:
            file = self._member(column)
            shape, _, dtype = array_header(file, f"{self.name}, column {short(column)}")
            if len(shape) != 1 or dtype.names:
                problem = f"the array {quoted(column)} of {self.name} has {len(shape)} dimensions"
                raise RequestError(problem, hint="a column has one; --keep none leaves out what is no variable")
            files[column], rows[column] = (file, dtype), shape[0]
        total = next(iter(rows.values()))
        if set(rows.values()) != {total}:
            told = join_names([f"{name} {count}" for name, count in rows.items()])
            raise RequestError(f"the columns of {self.name} have different lengths: {told}", hint="one row, one point")
        step = max(1, BYTES // sum(dtype.itemsize for _, dtype in files.values()))
        for first in range(0, total, step):
            count = min(step, total - first)
            arrays = {column: self._part(column, file, dtype, count) for column, (file, dtype) in files.items()}
            yield block_of(arrays, numbers, kept, first, self.name)

    def _member(self, column: str) -> IO[bytes]:
        try:
            return self._archive.open(self._members[column])
        except Exception:  # `zipfile` raises errors of many kinds for what it cannot read
            raise self._damaged(column) from None

    def _part(self, column: str, file: IO[bytes], dtype: np.dtype[Any], count: int) -> NDArray[Any]:
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


def _fitted(name: str, array: NDArray[Any], dtype: np.dtype[Any], block: Block) -> NDArray[Any]:
    """A column of another table in the type of the tables before it.

    Raises:
        RequestError: that loses something.
    """
    import numpy as np

    if (array.dtype.kind in "mM") == (dtype.kind in "mM"):
        with np.errstate(all="ignore"):
            fitted = array.astype(dtype)
            same = np.array_equal(fitted.astype(array.dtype), array, equal_nan=True)
        if same:
            return fitted
    raise misfit(name, array.dtype, dtype, block)


@contextmanager
def _on_disk() -> Iterator[None]:
    """Tell what goes wrong with the copy on disk."""
    try:
        yield
    except OSError as error:
        hint = f"{error.strerror or error}; npy goes through one into a pipe or gzip"
        raise RequestError("cannot write a temporary file", hint=hint) from None


class Writer:
    """Prints blocks and their results as one array whose fields are the columns.

    The number of rows stands at the beginning of the file and is known at the end: what cannot be written over, a pipe
    or gzip, gets it from a copy on disk.
    """

    def __init__(self, stream: Any, inputs: Sequence[str], results: Sequence[str]) -> None:
        self._stream = stream
        self._names = [*inputs, *results]
        self._rows = 0
        self._dtype: np.dtype[Any] | None = None
        self._copy: IO[bytes] | None = None
        if not stream.rewritable:
            from tempfile import TemporaryFile

            with _on_disk():
                self._copy = TemporaryFile()  # noqa: SIM115 - until close

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """The rows of one block."""
        import numpy as np

        arrays = [*block.arrays(), *results]
        text = next((name for name, array in zip(self._names, arrays, strict=True) if array is None), None)
        if text is not None:
            # A column of texts may hold nothing but numbers, but only its bytes are carried through.
            hint = "npy holds numbers: --keep none leaves out what is no variable"
            raise RequestError(f"the column {quoted(text)} is text", hint=hint)
        if self._dtype is None:
            self._dtype = np.dtype([(name, array.dtype) for name, array in zip(self._names, arrays, strict=True)])
            self._put(self._header())
        rows = np.empty(block.count, dtype=self._dtype)
        for name, array in zip(self._names, arrays, strict=True):
            rows[name] = array if array.dtype == self._dtype[name] else _fitted(name, array, self._dtype[name], block)
        self._put(rows.view(np.uint8).data)
        self._rows += block.count

    def _put(self, data: bytes | memoryview) -> None:
        if self._copy is None:
            self._stream.write(data)
        else:
            with _on_disk():
                self._copy.write(data)
                self._copy.flush()

    def _header(self) -> bytes:
        """Magic and header, as long for any number of rows."""
        import numpy as np

        dtype = self._dtype if self._dtype is not None else np.dtype([(name, np.float64) for name in self._names])
        text = (
            f"{{'descr': {np.lib.format.dtype_to_descr(dtype)!r}, 'fortran_order': False, 'shape': ({self._rows},), }}"
        )
        data = text.encode("utf-8")
        length = len(data) + 21 - len(str(self._rows)) + 1  # room for as many rows as there can be
        length += -(length + 12) % 64
        version = b"\x03\x00" if not text.isascii() else b"\x02\x00"
        return b"\x93NUMPY" + version + length.to_bytes(4, "little") + data.ljust(length - 1) + b"\n"

    def finish(self) -> None:
        """The header again, with the number of rows."""
        if self._dtype is None:
            self._put(self._header())
        elif self._copy is None:
            self._stream.rewrite(self._header())
        if self._copy is not None:
            with _on_disk():
                self._copy.seek(0)
                self._copy.write(self._header())
                self._copy.seek(0)
            while data := self._copy.read(BYTES):
                self._stream.write(data)

    def close(self) -> None:
        """Drop the copy."""
        if self._copy is not None:
            with suppress(OSError):  # told when it was written to
                self._copy.close()
