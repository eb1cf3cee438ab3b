"""Load Polars, and turn its errors and panics into errors of adcli."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..errors import RequestError, one_line

if TYPE_CHECKING:
    from types import ModuleType


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


def is_installed() -> bool:
    """Load Polars and return whether it is installed."""
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
        RequestError: it is not installed.
    """
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
