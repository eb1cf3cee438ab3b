"""Read files of the user, and write them whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .errors import RequestError, quoted_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO


@contextmanager
def os_errors_as(problem: str, kind: type[RequestError] = RequestError) -> Iterator[None]:
    """Raise an error of the operating system as a RequestError with this problem. A broken pipe passes unchanged."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise kind(problem, hint=error.strerror or str(error)) from None
    except ValueError:
        raise kind(problem, hint="the name holds a null byte") from None


def read_file(path: str) -> bytes:
    """Return the contents of a file.

    Raises:
        RequestError: it cannot be read.
    """
    with os_errors_as(f"cannot read {quoted_path(path)}"), open(path, "rb") as file:
        return file.read()


def read_mentioned(path: str, example: str) -> bytes:
    """Return the contents of the file that is named after an @. `example` shows such a word in the message."""
    if not path:
        raise RequestError("'@' needs the name of a file after it", hint=f"as in {example}")
    if path == "-":
        hint = f"write @FILE, as in {example}; - alone reads the expression from it"
        raise RequestError("'@-' does not read standard input", hint=hint)
    return read_file(path)


def decode_text(data: bytes, source: str) -> str:
    """Return UTF-8 text.

    Raises:
        RequestError: the data are not UTF-8. The message names the source.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        hint = f"byte {error.start + 1} is 0x{data[error.start]:02x}"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            hint = "save it as UTF-8, because it looks like UTF-16"
        raise RequestError(f"{source} is not UTF-8 text", hint=hint) from None


def names_folder(path: str) -> bool:
    """Return whether a path ends with a separator, which on Windows may be a slash or a backslash.

    >>> names_folder("out/"), names_folder("out")
    (True, False)
    """
    return path.endswith((os.sep, os.altsep or os.sep))


class AtomicFile:
    """A new file beside its destination, which it replaces on `commit`.

    A signal that ends the process removes it. Links are followed, and the mode of an old file is kept. A device or a
    FIFO is written directly.

    Attributes:
        file: the binary file to write to.
        direct: whether the destination itself is written, so that `discard` has no effect.
    """

    def __init__(self, path: str) -> None:
        if names_folder(path):
            raise IsADirectoryError(21, "Is a directory")
        self._destination = os.path.realpath(path)
        self._mode: int | None = None
        with suppress(FileNotFoundError):
            self._mode = os.stat(path).st_mode
        self.direct = self._mode is not None and not stat.S_ISREG(self._mode)
        if self.direct:
            self.file: BinaryIO = open(path, "wb")  # noqa: SIM115 - until commit or discard
            return
        if self._mode is not None and not os.access(path, os.W_OK):
            raise PermissionError(13, "Permission denied")
        from .temporary_file import TemporaryFile  # and fcntl: an answer on standard output needs neither

        self._temporary = TemporaryFile(os.path.dirname(self._destination))
        self.file = open(self._temporary.descriptor, "wb")  # noqa: SIM115 - until commit or discard

    def commit(self) -> None:
        """Close the file and move it to its destination."""
        self.file.close()
        if not self.direct:
            if self._mode is not None:
                os.chmod(self._temporary.path, stat.S_IMODE(self._mode))
            self._temporary.move(self._destination)

    def discard(self) -> None:
        """Close and remove the file. An old file at the destination stays."""
        with suppress(OSError):
            self.file.close()
        if not self.direct:
            self._temporary.remove()


def write_file(path: str, data: bytes) -> None:
    """Write a file whole, or leave the old one as it was.

    Raises:
        OSError: it cannot be written.
    """
    target = AtomicFile(path)
    try:
        target.file.write(data)
        target.commit()
    except BaseException:
        target.discard()
        raise
