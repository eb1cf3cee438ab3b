"""What leaves the command: results to standard output or a file, written whole or not at all; messages to standard
error.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..errors import RequestError, printable, quoted_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO

STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


class ClosedPipe(Exception):
    """The reader of standard output has gone: end quietly."""


def say(message: str) -> None:
    """One message on standard error, with the program's name before it."""
    _to_error(f"adcli: {message}\n")


def note(message: str) -> None:
    """One note on standard error."""
    _to_error(f"note: {message}\n")


def _to_error(text: str) -> None:
    if sys.stderr is None:
        return
    with suppress(OSError):  # nobody is left to tell
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(printable(text).encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()


def write(text: str | bytes, path: str | None = None) -> None:
    """Write a result whole to a file, or to standard output (None or ``-``); see `output`.

    Raises:
        RequestError: it cannot be written; the old file is as it was.
        ClosedPipe: the reader of standard output has gone.
    """
    with output(path) as stream:
        stream.write(text.encode("utf-8") if isinstance(text, str) else text)


@contextmanager
def output(path: str | None = None) -> Iterator[Output]:
    """A place to write results to: a file, or standard output (None or ``-``).

    A file is written beside its place and moved there when the block ends without an error: links are followed, the old
    file's mode is kept, devices and FIFOs are written directly. What is named ``.gz`` is compressed.

    Raises:
        RequestError: it cannot be written; the old file is as it was.
        ClosedPipe: the reader of standard output has gone.
    """
    if path is None or path in STANDARD_OUTPUT:
        if sys.stdout is None:
            raise RequestError("cannot write to standard output", hint="it is closed")
        yield _StandardOutput(sys.stdout, "cannot write to standard output", streamed=True)
        return
    if not path:
        raise RequestError("the name of the file to write is empty", hint="as in -o result.txt")
    with _failing(f"cannot write {quoted_path(path)}"):
        beside, file, mode = _opened(path)
    compressed = _compressing(file) if path.endswith(".gz") else None
    place = os.path.realpath(path)
    rewritable = beside is not None and compressed is None
    stream = Output(compressed or file, f"cannot write {quoted_path(path)}", beside is None, rewritable)
    try:
        yield stream
        with _failing(stream.problem):
            if compressed is not None:
                compressed.close()
            file.close()
            if beside is not None:
                if mode is not None:
                    os.chmod(beside, stat.S_IMODE(mode))
                os.replace(beside, place)
    except BaseException:
        with suppress(OSError):
            file.close()
        if beside is not None:
            with suppress(OSError):
                os.unlink(beside)
        raise


class Output:
    """Where results go.

    Attributes:
        file: the binary file.
        problem: what to say where it cannot be written.
        streamed: whether what was written stays if the rest fails: standard output, a device or a FIFO.
        rewritable: whether one can go back and write over the beginning.
    """

    def __init__(self, file: Any, problem: str, streamed: bool, rewritable: bool = False) -> None:
        self.file = file
        self.problem = problem
        self.streamed = streamed
        self.rewritable = rewritable

    def write(self, data: bytes | memoryview) -> None:
        """Write all of it; where nothing is taken back, at once."""
        try:
            with _failing(self.problem):
                self.file.write(data)
                if self.streamed:
                    self.file.flush()
        except BrokenPipeError:
            raise ClosedPipe from None

    def rewrite(self, data: bytes) -> None:
        """Write over the beginning, where that is possible."""
        with _failing(self.problem):
            self.file.seek(0)
            self.file.write(data)
            self.file.seek(0, os.SEEK_END)


class _StandardOutput(Output):
    def write(self, data: bytes | memoryview) -> None:
        try:
            stream = getattr(self.file, "buffer", None)
            if stream is None:
                self.file.write(bytes(data).decode("utf-8"))
                self.file.flush()
            else:
                stream.write(data)
                stream.flush()
        except BrokenPipeError:
            _discard_output()
            raise ClosedPipe from None
        except OSError as error:
            _discard_output()
            raise _unwritten(error) from None


@contextmanager
def _failing(problem: str) -> Iterator[None]:
    """Tell an error of the operating system in our words."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RequestError(problem, hint=error.strerror or str(error)) from None
    except ValueError:
        raise RequestError(problem, hint="the name holds a null byte") from None


def _compressing(file: BinaryIO) -> Any:
    from gzip import GzipFile

    return GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)


def same_place(path: str, other: str) -> bool:
    """Whether two names of outputs are one place."""
    places = {"-" if name in STANDARD_OUTPUT else os.path.realpath(name) for name in (path, other)}
    return len(places) == 1


def output_failed(error: OSError) -> int:
    """The exit status after somebody else's writing to standard output failed; says so unless the reader has gone."""
    _discard_output()
    if isinstance(error, BrokenPipeError):
        return 0
    say(str(_unwritten(error)))
    return RequestError.exit_status


def _unwritten(error: OSError) -> RequestError:
    return RequestError("cannot write to standard output", hint=error.strerror or str(error))


def _discard_output() -> None:
    """Keep the interpreter from flushing the lost output once more when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _opened(path: str) -> tuple[str | None, BinaryIO, int | None]:
    """The file to write into, its name where it stands beside the result's place, and the mode of the old file."""
    if path.endswith(os.sep):
        raise IsADirectoryError(21, "Is a directory")
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        return None, open(path, "wb"), None
    if mode is not None and not os.access(path, os.W_OK):
        raise PermissionError(13, "Permission denied")
    beside, descriptor = _new_file(os.path.dirname(os.path.realpath(path)))
    return beside, open(descriptor, "wb"), mode


def _new_file(folder: str) -> tuple[str, int]:
    """A file in the folder of the result, so that the move is atomic; its name is short whatever the result's is."""
    number = 0
    while True:
        path = os.path.join(folder, f".adcli-{os.getpid()}-{number}")
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            number += 1
