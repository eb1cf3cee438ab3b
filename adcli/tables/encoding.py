"""Text in other encodings than UTF-8, converted when it is read. `encoded_stream.py` converts it back."""

from __future__ import annotations

from codecs import getincrementaldecoder

MARKS = {"utf-16": (b"\xfe\xff", "utf-16-be", "utf-16-le"), "utf-32": (b"\x00\x00\xfe\xff", "utf-32-be", "utf-32-le")}


class Transcoder:
    """Convert bytes in an encoding to UTF-8, in parts.

    Attributes:
        encoding: with the order of bytes, if the first ones tell it. Their mark is kept.
    """

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self._decoder = None if encoding in MARKS else getincrementaldecoder(encoding)("surrogateescape")
        self._head = b""  # too short for a mark

    def convert(self, data: bytes, is_last: bool = False) -> bytes:
        r"""Return the next bytes as UTF-8, none before the order of bytes is known.

        >>> transcoder = Transcoder("utf-16")
        >>> [transcoder.convert(piece) for piece in (b"", b"\xfe", b"\xff\x00x")], transcoder.encoding
        ([b'', b'', b'\xef\xbb\xbfx'], 'utf-16-be')

        Raises:
            UnicodeError: they are not text in this encoding.
        """
        if self._decoder is None:
            mark, marked, other = MARKS[self.encoding]
            self._head = data = self._head + data
            if len(data) < len(mark) and not is_last:
                return b""
            self.encoding = marked if data.startswith(mark) else other
            self._decoder = getincrementaldecoder(self.encoding)("surrogateescape")
        return self._decoder.decode(data, is_last).encode("utf-8", "surrogateescape")
