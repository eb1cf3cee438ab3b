"""Places where files are: this machine, or an object store or web server through fsspec (the extra `remote`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .entry import scheme_of

if TYPE_CHECKING:
    from .entry import Store


def store_of(path: str) -> Store:
    """Return the store of a path or URL. Its methods take any path of the same scheme.

    Raises:
        RequestError: the scheme is unknown, or a package that it needs is not installed.
    """
    scheme = scheme_of(path)
    if not scheme:
        from .local import LOCAL_STORE

        return LOCAL_STORE
    from .remote import RemoteStore

    return RemoteStore(scheme)
