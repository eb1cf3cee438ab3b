"""Write results to standard output or to a file, whole or not at all, and messages to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..errors import RequestError, UnwritableError, printable, quoted_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
UNWRITABLE = "cannot write to standard output"


class ClosedPipeError(Exception):
    """The reader of standard output has closed it, which ends the command quietly."""


def say(message: str) -> None:
    """Print a message on standard error, after the program's name."""
    _to_error(f"adcli: {message}\n")


def note(message: str) -> None:
    """Print a note on standard error."""
    _to_error(f"note: {message}\n")


def _to_error(text: str) -> None:
    if sys.stderr is None:
        return
    encoding = sys.stderr.encoding or "utf-8"
    try:
        sys.stderr.write(printable(text).encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()
    except OSError:
        # There is no other stream to report it on. The interpreter must not flush the text again when it ends.
        sys.stderr = None


def write(text: str | bytes, path: str | None = None) -> None:
    """Write a whole result to a file, or to standard output for None or ``-``. See `output` for errors."""
    with output(path) as stream:
        stream.write(text.encode("utf-8") if isinstance(text, str) else text)


@contextmanager
def output(path: str | None = None) -> Iterator[Output]:
    """Open a file to write results to, or standard output for None or ``-``.

    The file appears at its path when the block ends without an error. A name with the suffix of a compression is
    compressed.

    Raises:
        RequestError: it cannot be written. The old file is unchanged.
        ClosedPipeError: the reader of standard output has closed it.
    """
    if path is None or path in STANDARD_OUTPUT:
        if sys.stdout is None:
            raise RequestError(UNWRITABLE, hint="it is closed")
        yield _StandardOutput(sys.stdout)
        return
    if not path:
        raise RequestError("the name of the file to write is empty", hint="as in -o result.txt")
    from ..compression import by_suffix, open_compressed
    from ..files import os_errors_as
    from ..store import store_of

    problem = f"cannot write {quoted_path(path)}"
    with os_errors_as(problem, UnwritableError):
        target = store_of(path).create(path)
    try:
        compression = by_suffix(path)
        compressed = open_compressed(compression, target.file) if compression is not None else None
        rewritable = not target.direct and compressed is None
        yield Output(compressed or target.file, problem, target.direct, rewritable)
        with os_errors_as(problem, UnwritableError):
            if compressed is not None:
                compressed.close()
            target.commit()
    except BaseException:
        target.discard()
        raise


class Output:
    """A binary stream for results, whose errors are RequestErrors.

    Attributes:
        file: the file.
        problem: the message if it cannot be written.
        streamed: whether rows that were written stay if the rest fails, as on standard output, a device or a FIFO.
        rewritable: whether its beginning can be overwritten.
    """

    def __init__(self, file: Any, problem: str, streamed: bool, rewritable: bool = False) -> None:
        self.file = file
        self.problem = problem
        self.streamed = streamed
        self.rewritable = rewritable

    def write(self, data: bytes | memoryview) -> None:
        """Write all of the data. A stream is flushed each time."""
        from ..files import os_errors_as

        try:
            with os_errors_as(self.problem, UnwritableError):
                self.file.write(data)
                if self.streamed:
                    self.file.flush()
        except BrokenPipeError:
            raise ClosedPipeError from None

    def rewrite(self, data: bytes) -> None:
        """Overwrite the beginning. The stream must be `rewritable`."""
        from ..files import os_errors_as

        with os_errors_as(self.problem, UnwritableError):
            self.file.seek(0)
            self.file.write(data)
            self.file.seek(0, os.SEEK_END)


class _StandardOutput(Output):
    def __init__(self, text: TextIO) -> None:
        super().__init__(getattr(text, "buffer", None), UNWRITABLE, streamed=True)
        self._text = text

    def write(self, data: bytes | memoryview) -> None:
        try:
            if self.file is None:  # a stream of the host for text alone
                self._text.write(bytes(data).decode("utf-8"))
                self._text.flush()
            else:
                self.file.write(data)
                self.file.flush()
        except BrokenPipeError:
            _discard_output()
            raise ClosedPipeError from None
        except OSError as error:
            _discard_output()
            raise _cannot_write(error) from None


def is_terminal(path: str | None) -> bool:
    """Return whether results are shown in a terminal: they go to standard output, and that is one."""
    return path in (None, *STANDARD_OUTPUT) and sys.stdout is not None and sys.stdout.isatty()


def require_file(output_format: str, path: str | None) -> None:
    """Raise a RequestError if a format for programs would be written to a terminal."""
    if output_format not in ("text", "json") and is_terminal(path):
        from .suffixes import is_for_files

        if is_for_files(output_format):
            raise RequestError(f"{output_format} is not for a terminal", hint=f"-o FILE.{output_format}")


def is_directory(path: str | None) -> bool:
    """Return whether results go into a directory of parts: its name ends with ``/``, or it exists on this machine."""
    if path is None:
        return False
    from ..files import names_folder

    return names_folder(path) or os.path.isdir(path)


def same_place(path: str, other: str) -> bool:
    """Return whether two names of outputs mean the same file or stream."""
    places = {"-" if name in STANDARD_OUTPUT else os.path.realpath(name) for name in (path, other)}
    return len(places) == 1


def output_failed(error: OSError) -> int:
    """Return the exit status after click could not write to standard output. A broken pipe is no error."""
    _discard_output()
    if isinstance(error, BrokenPipeError):
        return 0
    say(str(_cannot_write(error)))
    return RequestError.exit_status


def _cannot_write(error: OSError) -> RequestError:
    return RequestError(UNWRITABLE, hint=error.strerror or str(error))


def _discard_output() -> None:
    """Redirect standard output to the null device, so that Python does not flush it again at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
