"""Load Polars, and turn its errors and panics into errors of adcli."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ..errors import RequestError, one_line

if TYPE_CHECKING:
    from types import ModuleType

ROOM = 3 << 29  # bytes of address space that Polars reserves for its threads and blocks


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


def has_room() -> bool:
    """Return whether Polars may reserve the address space that it needs. With less it aborts or hangs.

    It then uses two threads, because each reserves some, and it is not asked again once it is loaded.
    """
    try:
        import resource
    except ImportError:  # Windows
        return True
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY or "polars" in sys.modules:
        return True
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    used = 0
    with suppress(OSError), open("/proc/self/statm", "rb") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    return limit - used >= ROOM


def is_installed() -> bool:
    """Load Polars and return whether it is installed, and allowed the memory that it needs."""
    if not has_room():
        return False
    try:
        import_polars()
    except ImportError:
        return False
    return True


def require_polars(use: str) -> ModuleType:
    """Return the library.

    Args:
        use: what needs it, for the error.

    Raises:
        RequestError: it is not installed, or not allowed the memory that it needs.
    """
    if not has_room():
        hint = f"allow {ROOM >> 20} MiB more address space (ulimit -v), or use csv"
        raise RequestError(f"{use} needs Polars, and Polars more memory", hint=hint)
    try:
        return import_polars()
    except ImportError:
        raise RequestError(f"{use} needs Polars", hint="install it with pip install 'adcli[tables]'") from None


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
