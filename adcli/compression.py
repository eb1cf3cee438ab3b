"""Compressed files: gzip, bz2, xz and zstd, read in steps of bounded size, and written."""

from __future__ import annotations

from importlib import import_module

from .errors import RequestError, missing_extra

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import IO, BinaryIO, Protocol

    class _Stream(Protocol):
        """One compressed stream, as the standard library reads it."""

        @property
        def eof(self) -> bool: ...
        @property
        def needs_input(self) -> bool: ...
        @property
        def unused_data(self) -> bytes: ...
        def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


XZ_MEMORY = 1 << 28  # bytes that an xz stream may need. `xz -9` needs 65 MiB
_BZ2 = [b"BZh%d%s" % (level, end) for level in range(1, 10) for end in (b"1AY&SY", b"\x17rE8P\x90")]


class Compression:
    """A way to compress files.

    Attributes:
        name: as messages call it.
        suffix: of file names, with the dot.
        magic: the first bytes of such a file, one of these.
    """

    __slots__ = ("magic", "name", "suffix")

    def __init__(self, name: str, suffix: str, magic: tuple[bytes, ...]) -> None:
        self.name = name
        self.suffix = suffix
        self.magic = magic


COMPRESSIONS = (
    Compression("gzip", ".gz", (b"\x1f\x8b",)),
    Compression("zstd", ".zst", (b"\x28\xb5\x2f\xfd", *[b"%c*M\x18" % byte for byte in range(0x50, 0x60)])),
    Compression("bz2", ".bz2", tuple(_BZ2)),
    Compression("xz", ".xz", (b"\xfd7zXZ\0",)),
)
LONGEST_MAGIC = max(len(magic) for each in COMPRESSIONS for magic in each.magic)


def by_suffix(path: str) -> Compression | None:
    """Return how a file with this name is compressed.

    >>> by_suffix("rows.csv.zst").name, by_suffix("rows.csv")
    ('zstd', None)
    """
    return next((each for each in COMPRESSIONS if path.lower().endswith(each.suffix)), None)


def without_suffix(path: str) -> str:
    """Return the name of a file without the suffix of its compression.

    >>> without_suffix("rows.csv.GZ"), without_suffix("rows.csv")
    ('rows.csv', 'rows.csv')
    """
    compression = by_suffix(path)
    return path[: -len(compression.suffix)] if compression else path


def by_magic(head: bytes) -> Compression | None:
    """Return how data with these first bytes are compressed."""
    return next((each for each in COMPRESSIONS if head.startswith(each.magic)), None)


def may_be_magic(head: bytes) -> bool:
    """Return whether these bytes are the beginning of some first bytes, so that more must be read to decide."""
    return any(len(head) < len(magic) and magic.startswith(head) for each in COMPRESSIONS for magic in each.magic)


class Decompressor:
    """Decompress data that arrive in pieces. A file may hold several streams one after another.

    Args:
        compression: of the data.
        name: of the file, for messages.
    """

    def __init__(self, compression: Compression, name: str) -> None:
        self._compression = compression
        self._name = name
        self._stream = self._new_stream()
        self._data = b""  # that was fed and not used

    @property
    def needs_input(self) -> bool:
        """Whether `read` can return nothing before more data are fed."""
        return not self._data and (self._stream.eof or self._stream.needs_input)

    def feed(self, data: bytes) -> None:
        """Take more compressed data, if `needs_input`."""
        self._data += data

    def read(self, most: int) -> bytes:
        """Return at most so many bytes, none if more data are needed.

        Raises:
            RequestError: the data are damaged.
        """
        while not self.needs_input:
            if self._stream.eof:
                self._data = self._data.lstrip(b"\0")  # zeros may fill up the last block of a tape
                if not self._data:
                    break
                self._stream = self._new_stream()
            data, self._data = self._data, b""
            try:
                piece = self._stream.decompress(data, most)
            except self._errors() as error:
                hint = f"its {self._compression.name} data cannot be read: {error}"
                raise RequestError(f"{self._name} is damaged", hint=hint) from None
            if self._stream.eof:
                self._data = self._stream.unused_data
            if piece:
                return piece
        return b""

    def finish(self) -> None:
        """Check that the data are whole.

        Raises:
            RequestError: the file is cut off.
        """
        if not self._stream.eof:
            raise RequestError(f"{self._name} is cut off", hint=f"its {self._compression.name} data ends early")

    def _new_stream(self) -> _Stream:
        match self._compression.name:
            case "bz2":
                from bz2 import BZ2Decompressor

                return BZ2Decompressor()
            case "xz":
                from lzma import LZMADecompressor

                return LZMADecompressor(memlimit=XZ_MEMORY)
            case "zstd":
                stream: _Stream = _load_zstd().ZstdDecompressor()
                return stream
        return _GzipStream()

    def _errors(self) -> tuple[type[Exception], ...]:
        """Return what the library raises for damaged data."""
        match self._compression.name:
            case "xz":
                from lzma import LZMAError

                return (LZMAError,)
            case "zstd":
                return (_load_zstd().ZstdError,)
            case "gzip":
                import zlib

                return (zlib.error,)
        return OSError, EOFError, ValueError


class _GzipStream:
    """One gzip stream, in the way of the other decompressors."""

    def __init__(self) -> None:
        from zlib import decompressobj

        self._inflate = decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)


def open_compressed(compression: Compression, file: BinaryIO) -> IO[bytes]:
    """Return a file whose data are compressed into another one. It must be closed before the other one."""
    match compression.name:
        case "bz2":
            from bz2 import BZ2File

            return BZ2File(file, "wb")
        case "xz":
            from lzma import LZMAFile

            return LZMAFile(file, "wb")
        case "zstd":
            stream: IO[bytes] = _load_zstd().ZstdFile(file, "wb")
            return stream
    from gzip import GzipFile

    # No name and no time in the header: the same data give the same bytes.
    return GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)  # type: ignore[return-value]


def _load_zstd() -> ModuleType:
    """Return Python's module for zstd, which has the same names as the package for older versions of Python."""
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise missing_extra("zstd needs a library", "tables")
