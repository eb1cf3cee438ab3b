"""Load Polars, and turn its errors and panics into errors of adcli."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING

from ..errors import RequestError, missing_extra, one_line
from .threads import can_start_threads

if TYPE_CHECKING:
    from types import ModuleType

FAST_ROWS = 1 << 16  # write with Polars after 65 536 rows. For fewer, loading it takes more time than it saves
ROOM = 3 << 29  # bytes of address space that Polars reserves for its threads and blocks
THREADS = 10  # that Polars starts beside one for each core


def import_polars() -> ModuleType:
    """Return the library.

    Raises:
        ImportError: it is not installed.
    """
    # Polars does not parse every time zone that Parquet has. Without this it panics also where the column is not used.
    os.environ.setdefault("POLARS_IGNORE_TIMEZONE_PARSE_ERROR", "1")
    import polars

    module: ModuleType = polars
    return module


@cache
def may_start() -> bool:
    """Return whether Polars may reserve the address space and start the threads that it needs.

    With fewer it aborts, panics or hangs.
    """
    threads = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 64)
    return _has_room() and can_start_threads(threads + THREADS)


def _has_room() -> bool:
    if sys.platform == "win32":
        return True
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return True
    os.environ.setdefault("POLARS_MAX_THREADS", "2")  # each reserves some
    used = 0
    with suppress(OSError), open("/proc/self/statm", "rb") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    return limit - used >= ROOM


def is_installed() -> bool:
    """Load Polars and return whether it is installed and may start."""
    if not may_start():
        return False
    try:
        import_polars()
    except ImportError:
        return False
    return True


def writes_faster(rows: int) -> bool:
    """Return whether Polars writes so many rows in less time, its loading included. Load it if so."""
    return (rows >= FAST_ROWS or "polars" in sys.modules) and is_installed()


def require_polars(use: str) -> ModuleType:
    """Return the library.

    Args:
        use: what needs it, for the error.

    Raises:
        RequestError: it is not installed, or may not start.
    """
    if not may_start():
        hint = f"allow {ROOM >> 20} MiB more address space (ulimit -v) and more threads (ulimit -u), or use csv"
        raise RequestError(f"{use} needs Polars, and Polars cannot start here", hint=hint)
    try:
        return import_polars()
    except ImportError:
        raise missing_extra(f"{use} needs Polars", "tables") from None


def polars_errors() -> tuple[type[BaseException], ...]:
    """Return what Polars raises. A panic is a BaseException."""
    exceptions = import_polars().exceptions
    return exceptions.PolarsError, exceptions.PanicException


@contextmanager
def polars_errors_as(problem: str, advice: str = "") -> Iterator[None]:
    """Raise an error of Polars or of the operating system as a RequestError with this problem, and advice behind it."""
    errors: tuple[type[BaseException], ...] = (*polars_errors(), OSError)
    try:
        yield
    except errors as error:
        cause = one_line((str(error).splitlines() or [""])[0])[:100]
        raise RequestError(problem, hint="; ".join(filter(None, [cause, advice]))) from None
