"""What leaves the command: results to standard output or a file, written whole or not at all; messages to standard
error.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress

from ..errors import RequestError, printable, quoted

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
    """Write a result to a file, or to standard output (None or ``-``).

    A file is written beside its place and moved there when it is whole: links are followed, the old file's mode is
    kept, devices and FIFOs are written directly.

    Raises:
        RequestError: it cannot be written; the old file is as it was.
        ClosedPipe: the reader of standard output has gone.
    """
    data = text.encode("utf-8") if isinstance(text, str) else text
    if path is None or path in STANDARD_OUTPUT:
        _to_output(data)
        return
    if not path:
        raise RequestError("the name of the file to write is empty", hint="as in -o result.txt")
    try:
        _to_file(data, path)
    except OSError as error:
        raise RequestError(f"cannot write {quoted(path)}", hint=error.strerror or str(error)) from None
    except ValueError:
        raise RequestError(f"cannot write {quoted(path)}", hint="the name holds a null byte") from None


def same_place(path: str, other: str) -> bool:
    """Whether two names of outputs are one place."""
    places = {"-" if name in STANDARD_OUTPUT else os.path.realpath(name) for name in (path, other)}
    return len(places) == 1


def _to_output(data: bytes) -> None:
    if sys.stdout is None:
        raise RequestError("cannot write to standard output", hint="it is closed")
    try:
        sys.stdout.flush()
        stream = getattr(sys.stdout, "buffer", None)
        if stream is None:
            sys.stdout.write(data.decode("utf-8"))
            sys.stdout.flush()
        else:
            stream.write(data)
            stream.flush()
    except BrokenPipeError:
        _discard_output()
        raise ClosedPipe from None
    except OSError as error:
        _discard_output()
        raise _unwritten(error) from None


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


def _to_file(data: bytes, path: str) -> None:
    if path.endswith(os.sep):
        raise IsADirectoryError(21, "Is a directory")
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        with open(path, "wb") as file:
            file.write(data)
        return
    if mode is not None and not os.access(path, os.W_OK):
        raise PermissionError(13, "Permission denied")
    path = os.path.realpath(path)
    beside, descriptor = _new_file(os.path.dirname(path))
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        if mode is not None:
            os.chmod(beside, stat.S_IMODE(mode))
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def _new_file(folder: str) -> tuple[str, int]:
    """A file in the folder of the result, so that the move is atomic; its name is short whatever the result's is."""
    number = 0
    while True:
        path = os.path.join(folder, f".adcli-{os.getpid()}-{number}")
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            number += 1
