"""The bytes of a table: a file, a URL or standard input, decompressed, as soon as they arrive."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BufferedReader
from typing import IO, TYPE_CHECKING, cast

from ..compression import LONGEST_MAGIC, Decompressor, by_magic, may_be_magic, without_suffix
from ..errors import RequestError, quoted_path
from ..files import os_errors_as
from ..store import store_of
from ..store.entry import place_in, scheme_of, without_query
from .encoding import Transcoder
from .read_options import DEFAULTS, ReadOptions

if TYPE_CHECKING:
    from ..store.entry import ReadableFile

CHUNK = 1 << 18  # bytes of a block of text, whose objects take a hundred times as much memory
FAST_BYTES = 1 << 22  # use Polars after 4 MiB of text. For less, loading it takes more time than it saves
FAST_CHUNK = 1 << 22  # bytes of a block that Polars reads
LONGEST_LINE = 1 << 26  # a file with a line of more than 64 MiB is not a table
MAGIC_BYTES = 16  # by which a format is recognized
BOM = "\ufeff"


class Source:
    """The bytes of one table.

    Attributes:
        name: as messages call it, ``'points.csv'`` or ``standard input``.
        path: of the file without the suffix of a compression, empty for standard input.
        size: bytes of the file, None if unknown, as for a pipe.
        consumed: bytes of the file that were read so far.
        magic: the first bytes, decompressed.
        transcoder: of the encoding, None for UTF-8.
        options: how the table is read. With an encoding the bytes are converted to UTF-8.
        data_bytes: of all files of a data set that this one belongs to, 0 if unknown.
    """

    def __init__(self, path: str, options: ReadOptions | None = None, folder: str = "") -> None:
        self.options = options or DEFAULTS
        self.transcoder = Transcoder(self.options.encoding) if self.options.encoding else None
        self.path = "" if path == "-" else without_suffix(without_query(path))
        self.name = "standard input" if path == "-" else quoted_path(path)
        self.consumed = 0
        self.size: int | None = None
        self.data_bytes = 0
        self._is_remote = bool(scheme_of(path))
        self._file = self._open(path, folder)
        self._rest = b""
        self._decompressor: Decompressor | None = None
        self._copy: IO[bytes] | None = None
        self._ended = False
        try:
            self._read_magic()
        except BaseException:
            self.close()
            raise

    def _read_magic(self) -> None:
        """Read enough bytes to recognize the format."""
        head = self._raw(CHUNK)
        while 0 < len(head) < MAGIC_BYTES and (len(head) < 4 or head.isspace()) and (more := self._raw(CHUNK)):
            head += more
        while may_be_magic(head) and (more := self._raw(LONGEST_MAGIC)):
            head += more
        self._rest = head
        if (compression := by_magic(head)) is not None:
            self._decompressor = Decompressor(compression, self.name)
            self._decompressor.feed(head)
            self._rest = b""
            while not self._rest and not self._ended:
                self._rest = self._next(CHUNK)
        elif self.transcoder is not None:
            self._rest = self._transcode(head)
            while not self._rest and not self._ended:
                self._rest = self._next(CHUNK)
        self.magic = self._rest[:MAGIC_BYTES]
        if (encoding := _guess_utf_16(self.magic)) is not None:
            raise RequestError(f"{self.name} is not UTF-8 text", hint=f"it looks like UTF-16: --encoding {encoding}")

    def _open(self, path: str, folder: str) -> IO[bytes] | ReadableFile:
        if path == "-":
            if sys.stdin is None:
                raise RequestError("cannot read standard input", hint="it is closed")
            return sys.stdin.buffer
        with os_errors_as(f"cannot read {self.name}"):
            file, self.size = store_of(path).open(place_in(folder, path))
        return file

    def close(self) -> None:
        """Close the file, unless it is standard input."""
        if self.name != "standard input":
            self._file.close()
        if self._copy is not None:
            self._copy.close()

    def _raw(self, most: int) -> bytes:
        """Read what is available, at least one byte and at most `most`, nothing at the end."""
        with os_errors_as(f"cannot read {self.name}"):
            read = getattr(self._file, "read1", self._file.read)
            data: bytes = read(most)
        self.consumed += len(data)
        return data

    def _next(self, most: int) -> bytes:
        """Return about as many bytes as asked for, none at the end or if more bytes are needed for one."""
        data = self._next_decompressed(most)
        return data if self.transcoder is None else self._transcode(data)

    def _transcode(self, data: bytes) -> bytes:
        """Convert bytes to UTF-8."""
        assert self.transcoder is not None
        try:
            return self.transcoder.convert(data, self._ended)
        except UnicodeError as error:
            problem = f"{self.name} is not text in {self.options.encoding}"
            raise RequestError(problem, hint=f"{getattr(error, 'reason', error)}") from None

    def _next_decompressed(self, most: int) -> bytes:
        """Return about as many bytes as asked for, none at the end or if more compressed bytes are needed for one."""
        if self._decompressor is None:
            data = self._raw(most)
            self._ended = not data
            return data
        if self._decompressor.needs_input:
            data = self._raw(CHUNK)
            if not data:
                self._ended = True
                self._decompressor.finish()
            self._decompressor.feed(data)
        return self._decompressor.read(most)

    def read(self, most: int | None = None) -> bytes:
        """Read what is available without waiting, about `most` bytes [default: `CHUNK`] and at least one.

        Return no bytes at the end.
        """
        most = most or CHUNK
        data, self._rest = self._rest, b""
        while not data and not self._ended:
            data = self._next(most)
        if len(data) < most and not self._ended:
            pieces, length = [data], len(data)
            while length < most and self._is_ready() and (more := self._next(most - length)):
                pieces.append(more)
                length += len(more)
            data = b"".join(pieces)
        return data

    def _is_ready(self) -> bool:
        """Return whether there is more to read right now, which is always true of a file, here or elsewhere."""
        is_file = self.size is not None or self._is_remote
        if is_file or (self._decompressor is not None and not self._decompressor.needs_input):
            return True
        from select import select

        try:
            return bool(select([cast("IO[bytes]", self._file)], [], [], 0)[0])
        except (OSError, ValueError):
            return False  # not a file of the operating system: do not wait for more than is needed

    def is_large(self, total: int = 0) -> bool:
        """Return whether there are enough bytes for Polars. `total`: how many were read, decompressed."""
        return max(total, self.size or 0, self.data_bytes) >= FAST_BYTES

    def exactly(self, count: int) -> bytes:
        """Read that many bytes, fewer at the end."""
        pieces = []
        while count > 0 and (data := self.read(count)):
            self._rest = data[count:]
            pieces.append(data[:count])
            count -= len(pieces[-1])
        return b"".join(pieces)

    def chunks(self) -> Iterator[bytes]:
        """Yield all the bytes."""
        while data := self.read():
            yield data

    @property
    def is_copied(self) -> bool:
        """Whether `seekable` returns a copy of the bytes that were not read before."""
        return self._decompressor is not None or self.size is None or self._is_remote

    def seekable(self) -> IO[bytes]:
        """Return a seekable file: the file itself, or a copy on disk of what is elsewhere, a pipe or compressed."""
        if not self.is_copied:
            file = cast("IO[bytes]", self._file)
            file.seek(0)
            self._copy = BufferedReader(file)  # type: ignore[type-var]
            return self._copy
        from tempfile import TemporaryFile

        with os_errors_as(f"cannot copy {self.name} to disk"):
            self._copy = TemporaryFile()  # noqa: SIM115 - until close
            for data in self.chunks():
                self._copy.write(data)
            self._copy.seek(0)
        return self._copy


def count_byte(data: bytes, byte: bytes) -> int:
    """Return how often a byte occurs. `bytes.count` takes four times as long.

    >>> count_byte(b"1,2,3", b",")
    2
    """
    import numpy as np

    view = np.frombuffer(data, dtype=np.uint8)
    return sum(int(np.count_nonzero(view[start : start + CHUNK] == byte[0])) for start in range(0, len(view), CHUNK))


def _guess_utf_16(head: bytes) -> str | None:
    """Return the encoding of a text in UTF-16, without a byte order mark if it begins with ASCII.

    >>> _guess_utf_16("x,y".encode("utf-16-be")), _guess_utf_16(b"x,y")
    ('utf-16-be', None)
    """
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    low, high = head[1::2], head[::2]
    if len(head) > 2 and any(low) != any(high):
        return "utf-16-be" if any(low) else "utf-16-le"
    return None
