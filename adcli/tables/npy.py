"""NumPy's ``.npy``: one array whose fields, or second axis, are the columns. Python objects are never unpickled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Protocol

from ..errors import AdcliError, RequestError, one_line, quoted
from .block import Block, Table, type_mismatch
from .column import Column, Numbers, Texts, empty_column_of
from .source import Source
from .threads import write_in_background
from .writer import Heading, Printer, Stream, Writer

if TYPE_CHECKING:
    import numpy as np

    from .column import AnyArray, Array
    from .read_options import Mask

BLOCK_BYTES = 1 << 21  # of one block that is read or copied
MAX_COLUMNS = 1 << 20  # an array with a longer second axis is probably transposed
MAX_HEADER = 1 << 26  # bytes of the header, which names the columns
READABLE_KINDS = "fiubmMSU"  # of arrays that are read: numbers, truth values, dates and texts


def open_table(source: Source, name: str) -> Table:
    """Open a table."""
    return Npy(source)


def open_writer(stream: Stream, heading: Heading, printer: Printer | None, name: str) -> Writer:
    """Open a writer."""
    return write_in_background(NpyWriter(stream, heading), stream)


class Readable(Protocol):
    """A file from which NumPy reads a header."""

    def read(self, count: int = -1, /) -> bytes:
        """Return this many bytes, or fewer at the end."""


def read_header(file: Readable, name: str) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    """Read shape, Fortran order and type of the array that follows in a file.

    Raises:
        RequestError: there is none, or one of Python objects.
    """
    from numpy.lib import format as npy

    try:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(file, max_header_size=MAX_HEADER)
        if version == (3, 0) and dtype.names:  # it differs from version 2 in the encoding of field names alone
            dtype.names = tuple([field.encode("latin-1").decode("utf-8") for field in dtype.names])
        if min(shape, default=0) < 0:
            raise ValueError(f"its shape is {shape}")
    except AdcliError:
        raise
    except Exception as error:  # NumPy parses it as Python and does not document what that may raise
        problem = one_line(str(error))[:100]
        raise RequestError(f"{name} is damaged", hint=f"its header cannot be read ({problem})") from None
    for kind in [dtype[field] for field in dtype.names] if dtype.names else [dtype]:
        if kind.hasobject:
            raise RequestError(
                f"{name} holds Python objects", hint="store numbers, because pickled arrays are never read"
            )
        if kind.kind not in READABLE_KINDS or kind.shape or not kind.itemsize:
            raise RequestError(f"{name} holds {kind} instead of numbers", hint="convert it to float64")
    return shape, fortran, dtype


def as_column(array: AnyArray) -> Column:
    """Return an array as a column that is carried through."""
    if array.dtype.kind == "S":
        return Texts([cell.decode("utf-8", "surrogateescape") for cell in array.tolist()])
    return Texts(array.tolist()) if array.dtype.kind == "U" else Numbers(array)


def block_of_arrays(
    arrays: Mapping[str, AnyArray], variables: Mapping[str, str], keep: Sequence[str], first: int, source: Source
) -> Block:
    """Return a block of typed columns.

    Args:
        arrays: all columns.
        variables: the column of each variable that has one.
        keep: the columns to carry through.
        first: the number of the first row, from 0.
        source: the table.
    """
    import numpy as np

    numbers: dict[str, Array] = {}
    missing: dict[str, Mask] = {}
    for variable, column in variables.items():
        if arrays[column].dtype.kind not in "fiub":
            hint = "choose a column of numbers"
            raise RequestError(f"the column {quoted(column)} of {source.name} holds {arrays[column].dtype}", hint=hint)
        numbers[variable], mask = source.options.mark(np.ascontiguousarray(arrays[column], dtype=np.float64))
        if mask is not None:
            missing[variable] = mask
    count = len(next(iter(arrays.values())))
    columns = {column: as_column(arrays[column]) for column in keep}
    return Block(count, numbers, columns, lambda row: f"row {first + row + 1}", missing=missing)


class Npy(Table):
    """A table in one array, of fields or of rows of numbers. See `Table`."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        shape, self._fortran, self._dtype = read_header(_ExactReader(source), source.name)
        self.has_names = self._dtype.names is not None
        if len(shape) > (1 if self.has_names else 2) or not shape:
            raise RequestError(f"{self.name} has {len(shape)} dimensions", hint="a table has rows and columns")
        self._rows, self._width = shape[0], 1 if len(shape) == 1 else shape[1]
        if self._width > MAX_COLUMNS:
            hint = "transpose it, because the first axis numbers the rows"
            raise RequestError(f"{self.name} has {self._width} columns", hint=hint)
        self.columns = list(self._dtype.names) if self._dtype.names else [str(i) for i in range(self._width)]
        if not self.columns:
            raise RequestError(f"{self.name} has no columns", hint="a table has rows and columns")

    def count_rows(self) -> int:
        """Return how many rows there are."""
        return self._rows

    def empty_column(self, name: str) -> Callable[[int], Column]:
        """Return what makes a column without values. See `Table`."""
        fields = self._dtype.fields
        return empty_column_of(fields[name][0] if fields else self._dtype)

    def blocks(self, variables: Mapping[str, str], keep: Sequence[str]) -> Iterator[Block]:
        """Read the rows. See `Table`."""
        by_columns = self._fortran and self._width > 1 and self._rows > 0
        first = 0
        for arrays in self._read_by_columns() if by_columns else self._read_by_rows():
            yield block_of_arrays(arrays, variables, keep, first, self.source)
            first += len(arrays[self.columns[0]])

    def _read_by_rows(self) -> Iterator[dict[str, AnyArray]]:
        import numpy as np

        size, first = self._dtype.itemsize * self._width, 0
        if not self._rows:  # the types of the columns
            yield self._split_rows(np.empty((0, self._width), dtype=self._dtype))
        while first < self._rows:
            count = min(max(1, BLOCK_BYTES // size), self._rows - first)
            whole = len(data := self.source.exactly(count * size)) // size
            if whole:
                rows = np.frombuffer(data, dtype=self._dtype, count=whole * self._width)
                yield self._split_rows(rows.reshape(whole, self._width))
            first += whole
            if whole < count:
                raise self._cut_off(first)

    def _split_rows(self, rows: AnyArray) -> dict[str, AnyArray]:
        columns = [rows[:, 0][name] for name in self.columns] if self.has_names else rows.T
        return dict(zip(self.columns, columns, strict=True))

    def _read_by_columns(self) -> Iterator[dict[str, AnyArray]]:
        import numpy as np

        file = self.source.seekable()
        if not self.source.is_copied:  # of a pipe, what follows the header is copied
            read_header(file, self.name)
        start, step = file.tell(), max(1, BLOCK_BYTES // (self._dtype.itemsize * self._width))
        for first in range(0, self._rows, step):
            count = min(step, self._rows - first)
            arrays: dict[str, AnyArray] = {}
            for index, column in enumerate(self.columns):
                file.seek(start + (index * self._rows + first) * self._dtype.itemsize)
                data = file.read(count * self._dtype.itemsize)
                if len(data) < count * self._dtype.itemsize:
                    raise self._cut_off(first)
                arrays[column] = np.frombuffer(data, dtype=self._dtype)
            yield arrays

    def _cut_off(self, rows: int) -> RequestError:
        return RequestError(f"{self.name} is cut off", hint=f"it should have {self._rows} rows and ends after {rows}")


class _ExactReader:
    """Read as many bytes of a source as NumPy asks for."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, count: int = -1, /) -> bytes:
        return self._source.exactly(count)


def _convert(name: str, array: AnyArray, dtype: np.dtype[np.generic], block: Block) -> AnyArray:
    """Return a column of another table in the type of the tables before it.

    Raises:
        RequestError: that loses something.
    """
    import numpy as np

    if (array.dtype.kind in "mM") == (dtype.kind in "mM"):
        with np.errstate(all="ignore"):
            converted = array.astype(dtype)
            is_same = np.array_equal(converted.astype(array.dtype), array, equal_nan=True)
        if is_same:
            return converted
    raise type_mismatch(name, array.dtype, dtype, block)


@contextmanager
def _temporary_file_errors() -> Iterator[None]:
    """Raise an error of the temporary file as a RequestError."""
    try:
        yield
    except OSError as error:
        hint = f"{error.strerror or error}; npy goes through one into a pipe or a compressed file"
        raise RequestError("cannot write a temporary file", hint=hint) from None


class NpyWriter(Writer):
    """Write blocks and their results as one array whose fields are the columns.

    The header has the number of rows, which is known at the end. For an output whose beginning cannot be written again,
    a pipe or a compressed file, the rows go through a temporary file.
    """

    def __init__(self, stream: Stream, heading: Heading) -> None:
        self._stream = stream
        self._names = [*heading.inputs, *heading.names]
        self._rows = 0
        self._dtype: np.dtype[np.void] | None = None
        self._copy: IO[bytes] | None = None
        if not stream.rewritable:
            from tempfile import TemporaryFile

            with _temporary_file_errors():
                self._copy = TemporaryFile()  # noqa: SIM115 - until close

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Write the rows of one block."""
        import numpy as np

        arrays: dict[str, AnyArray] = {}
        for name, array in zip(self._names, [*block.arrays(), *results], strict=True):
            if array is None:
                # A column of texts may hold nothing but numbers, but only its bytes are carried through.
                hint = "use --keep none to leave out columns that are not variables"
                raise RequestError(f"npy cannot hold the column {quoted(name)} of texts", hint=hint)
            arrays[name] = array
        if self._dtype is None:
            self._dtype = np.dtype([(name, array.dtype) for name, array in arrays.items()])
            self._write(self._header())
        rows = np.empty(block.count, dtype=self._dtype)
        for name, array in arrays.items():
            dtype = self._dtype[name]
            rows[name] = array if array.dtype == dtype else _convert(name, array, dtype, block)
        self._write(rows.view(np.uint8).data)
        self._rows += block.count

    def _write(self, data: bytes | memoryview) -> None:
        if self._copy is None:
            self._stream.write(data)
        else:
            with _temporary_file_errors():
                self._copy.write(data)
                self._copy.flush()

    def _header(self) -> bytes:
        """Return magic and header, of the same length for any number of rows."""
        import numpy as np

        dtype = self._dtype if self._dtype is not None else np.dtype([(name, np.float64) for name in self._names])
        text = (
            f"{{'descr': {np.lib.format.dtype_to_descr(dtype)!r}, 'fortran_order': False, 'shape': ({self._rows},), }}"
        )
        data = text.encode("utf-8")
        length = len(data) + 21 - len(str(self._rows)) + 1  # room for a number of 21 digits
        length += -(length + 12) % 64
        version = b"\x03\x00" if not text.isascii() else b"\x02\x00"
        return b"\x93NUMPY" + version + length.to_bytes(4, "little") + data.ljust(length - 1) + b"\n"

    def finish(self) -> None:
        """Write the header again, with the number of rows."""
        if self._dtype is None:
            self._write(self._header())
        elif self._copy is None:
            self._stream.rewrite(self._header())
        if self._copy is not None:
            with _temporary_file_errors():
                self._copy.seek(0)
                self._copy.write(self._header())
                self._copy.seek(0)
            while data := self._copy.read(BLOCK_BYTES):
                self._stream.write(data)

    def close(self) -> None:
        """Delete the temporary file."""
        if self._copy is not None:
            with suppress(OSError):  # an error was raised when the file was written
                self._copy.close()
