"""Text in other encodings than UTF-8: converted when it is read, and back when it is written to the same format."""

from __future__ import annotations

from codecs import getincrementaldecoder, getincrementalencoder
from typing import TYPE_CHECKING

from ..errors import RequestError

if TYPE_CHECKING:
    from .writer import Stream

MARKS = {"utf-16": (b"\xfe\xff", "utf-16-be", "utf-16-le"), "utf-32": (b"\x00\x00\xfe\xff", "utf-32-be", "utf-32-le")}


class Transcoder:
    """Convert bytes in an encoding to UTF-8, in parts.

    Attributes:
        encoding: with the order of bytes, if the first ones tell it. Their mark is kept.
    """

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self._decoder = None if encoding in MARKS else getincrementaldecoder(encoding)("surrogateescape")

    def convert(self, data: bytes, is_last: bool = False) -> bytes:
        """Return the next bytes as UTF-8.

        Raises:
            UnicodeError: they are not text in this encoding.
        """
        if self._decoder is None:
            mark, marked, other = MARKS[self.encoding]
            self.encoding = marked if data.startswith(mark) else other
            self._decoder = getincrementaldecoder(self.encoding)("surrogateescape")
        return self._decoder.decode(data, is_last).encode("utf-8", "surrogateescape")


class EncodedStream:
    """A stream that takes UTF-8 and writes another encoding. See `writer.Stream`."""

    rewritable = False

    def __init__(self, stream: Stream, encoding: str) -> None:
        self._stream = stream
        self._name = encoding
        self._decoder = getincrementaldecoder("utf-8")("surrogateescape")
        self._encoder = getincrementalencoder(encoding)("surrogateescape")
        self.streamed = stream.streamed

    def write(self, data: bytes | memoryview, /) -> None:
        """Write all of the bytes."""
        text = self._decoder.decode(bytes(data))
        try:
            encoded = self._encoder.encode(text)
        except UnicodeEncodeError as error:
            problem = f"{text[error.start : error.start + 1]!r} cannot be written in {self._name}"
            raise RequestError(problem, hint="give the column another name, or write another format") from None
        self._stream.write(encoded)

    def rewrite(self, data: bytes, /) -> None:
        """Do nothing: the beginning cannot be written again."""
