"""The file systems of fsspec: which class a scheme has, and with what settings it is made."""

from __future__ import annotations

import logging
import os
from functools import cache
from typing import Any, TypeAlias

from ..errors import RequestError
from .entry import SCHEMES

FileSystem: TypeAlias = Any  # of fsspec, which has no types

CONNECT_SECONDS, READ_SECONDS = 10, 20  # without an answer, until a request fails
ATTEMPTS, READ_ATTEMPTS = 3, 2  # of a request to S3, and of one with its contents
_RETRIES = {"mode": "standard", "total_max_attempts": ATTEMPTS}
LOGGERS = ("asyncio", "aiohttp", "fsspec", "s3fs", "gcsfs", "adlfs", "azure", "google", "botocore", "aiobotocore")


def locate(scheme: str, url: str) -> tuple[FileSystem, str]:
    """Return the file system of a URL and what it calls the file."""
    kind = load_class(scheme)
    is_web = SCHEMES[scheme] == "aiohttp"
    rest = url.partition("://")[2]
    place = rest.partition("/")[0]
    if not place:
        raise OSError(22, f"a URL has a {'host' if is_web else 'bucket'} after ://")
    if ":" in place and not is_web:
        raise OSError(22, "a URL of a bucket has no password; set it as for the store's own tools")
    return _connect(scheme, account_of(url), os.getpid()), kind._strip_protocol(f"{scheme}://{rest}")


def account_of(url: str) -> str:
    """Return the account of Azure that a URL names.

    >>> account_of("abfs://in@me.dfs.core.windows.net/a.csv"), account_of("s3://in/a@b.csv")
    ('me.dfs.core.windows.net', '')
    """
    scheme, _, rest = url.partition("://")
    return rest.partition("/")[0].partition("@")[2] if SCHEMES[scheme.lower()] == "adlfs" else ""


@cache
def load_class(scheme: str) -> Any:
    """Return the class of fsspec for a scheme."""
    package = SCHEMES[scheme]
    try:
        import fsspec
    except ImportError:
        hint = f'install them with pip install "adcli[remote]" {package}'
        raise RequestError(f"{scheme}:// needs fsspec and {package}", hint=hint) from None
    for name in LOGGERS:  # without a handler Python prints their messages on standard error
        logging.getLogger(name).addHandler(logging.NullHandler())
    try:
        return fsspec.get_filesystem_class(scheme)
    except ImportError:
        raise RequestError(f"{scheme}:// needs {package}", hint=f"install it with pip install {package}") from None


@cache
def _connect(scheme: str, account: str, process: int) -> FileSystem:
    """Return a file system of a process. Its lists of files are not kept, because other processes change them."""
    from fsspec.config import apply_config

    kind = load_class(scheme)
    options: dict[str, Any] = {"use_listings_cache": False}
    own = apply_config(kind, {})  # of the user
    if SCHEMES[scheme] == "aiohttp":
        from aiohttp import ClientTimeout

        timeout = ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS)
        options["client_kwargs"] = {"timeout": timeout, "trust_env": True, **own.get("client_kwargs", {})}
        options["headers"] = {"Accept-Encoding": "identity", **own.get("headers", {})}
    elif SCHEMES[scheme] == "s3fs":
        timeouts = {"connect_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS, "retries": _RETRIES}
        options["config_kwargs"] = {**timeouts, **own.get("config_kwargs", {})}
    elif account:
        options |= kind._get_kwargs_from_urls(f"{scheme}://container@{account}/")
    fs = kind(**options)
    if SCHEMES[scheme] == "s3fs":
        fs.retries = READ_ATTEMPTS
    return fs
