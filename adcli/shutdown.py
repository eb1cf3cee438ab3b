"""End the process at a signal: remove temporary files and end child processes, then exit at once.

An exception would not do. It would be raised at any line, also in a callback or a destructor, where it is lost or
turned into another error.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress

TYPE_CHECKING = False  # avoid importing typing (15 ms), during which Ctrl-C would print a traceback
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import NoReturn

SIGNALS = ("SIGINT", "SIGHUP", "SIGTERM")
_cleanups: dict[object, Callable[[], object]] = {}


def add_cleanup(key: object, cleanup: Callable[[], object]) -> None:
    """Call a function if a signal ends the process. It must not wait for other threads."""
    _cleanups[key] = cleanup


def drop_cleanup(key: object) -> None:
    """Forget the function of this key, if there is one."""
    _cleanups.pop(key, None)


@contextmanager
def cleanup_at_signal(cleanup: Callable[[], object]) -> Iterator[None]:
    """Call a function if a signal ends the process inside of the block."""
    key = object()
    add_cleanup(key, cleanup)
    try:
        yield
    finally:
        drop_cleanup(key)


def exit_at_signals() -> None:
    """Make Ctrl-C, SIGTERM and SIGHUP end this process. An ignored signal stays ignored, as nohup asks."""
    import _signal as signal  # type: ignore[import-not-found] # signal itself makes enumerations, for 2 ms

    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    for cleanup in list(_cleanups.values()):
        with suppress(BaseException):
            cleanup()
    os._exit(128 + number)


def exit_process(status: int) -> NoReturn:
    """End the process without taking down the interpreter, which takes time and has no handlers of signals."""
    import atexit

    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):  # every write was flushed and checked
                stream.flush()
    os._exit(status)
