"""A stream that takes UTF-8 and writes text in another encoding."""

from __future__ import annotations

from codecs import getincrementaldecoder, getincrementalencoder
from typing import TYPE_CHECKING

from ..errors import RequestError

if TYPE_CHECKING:
    from .writer import Stream


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
