"""What a store says about its files, and the parts of their names: a path of this machine, or a URL."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..errors import RequestError, quoted
from ..records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import IO, BinaryIO

# Each scheme of a URL with the package that fsspec needs for it.
SCHEMES = {
    "http": "aiohttp", "https": "aiohttp", "s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs",
    "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs",
}  # fmt: skip
_LOCAL = re.compile(r"^file:(//localhost(?=/)|//|(?=/))", re.IGNORECASE)  # Java writes file:/in/a.csv
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+", re.IGNORECASE)


class Status(NamedTuple):
    """What changes if a file does.

    Attributes:
        size: in bytes, None if the server does not say.
        stamp: the time of a local file in nanoseconds, otherwise the ETag, generation or time that the server gives.
    """

    size: int | None
    stamp: int | str


class Entry(NamedTuple):
    """A file or a folder that a store lists.

    Attributes:
        path: its name, a URL for a file that is elsewhere.
        status: None for a folder and for what can be read only once, such as a pipe.
        is_folder: whether it is a folder.
    """

    path: str
    status: Status | None
    is_folder: bool = False


class ReadableFile(Protocol):
    """A file that is read from front to back."""

    def read(self, most: int, /) -> bytes:
        """Return bytes, at least one and at most so many, none at the end."""

    def close(self) -> None:
        """Close the file."""


T = TypeVar("T")


class NewFile(Protocol):
    """A file that appears at its destination when it is committed. See `AtomicFile`."""

    file: BinaryIO
    direct: bool

    def commit(self) -> None:
        """Close the file and let it appear."""

    def discard(self) -> None:
        """Close and remove the file. What was at the destination stays."""


class Store(Protocol):
    """Files of this machine or elsewhere. A path is a whole name, with its folder. All methods raise OSError."""

    def status(self, path: str) -> Status | None:
        """Return the status of a file, None if it can be read only once. A folder is an IsADirectoryError."""

    def each(self, function: Callable[[str], T], paths: Sequence[str]) -> list[T]:
        """Return what a function of this store returns for each path, in their order."""

    def exists(self, path: str) -> bool:
        """Return whether there is a file or a folder of this name."""

    def is_folder(self, path: str) -> bool:
        """Return whether there is a folder of this name."""

    def match(self, pattern: str) -> list[Entry]:
        """Return the files and folders that a pattern matches."""

    def walk(self, folder: str) -> list[Entry]:
        """Return the files in a folder and in those below it."""

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the bytes of each file in a folder by its name there, 0 for folders, none without a folder."""

    def open(self, path: str) -> tuple[ReadableFile | IO[bytes], int | None]:
        """Open a file for reading, and return it with its size, None if that is unknown or the file is a pipe."""

    def read(self, path: str) -> bytes | None:
        """Return the contents of a small file, None if there is none."""

    def create(self, path: str) -> NewFile:
        """Return a new file that appears whole when it is committed."""

    def write(self, path: str, data: bytes) -> None:
        """Write a small file whole. Its folder is made."""

    def remove(self, folder: str, names: Iterable[str]) -> None:
        """Remove files of a folder that exist, and the folder if it is then empty."""


def scheme_of(path: str) -> str:
    """Return the scheme of a URL in small letters, empty for a local path.

    Raises:
        RequestError: it is a URL of another scheme.

    >>> scheme_of("S3://bucket/in/a.csv"), scheme_of("in/a.csv"), scheme_of("c://a.csv")
    ('s3', '', '')
    """
    if "://" not in path:
        return ""
    scheme = path.partition("://")[0]
    if _SCHEME.fullmatch(scheme) is None:
        return ""
    if scheme.lower() in SCHEMES:
        return scheme.lower()
    if os.path.lexists(path):
        return ""
    known = ", ".join([f"{each}://" for each in ("https", "s3", "gs", "az", "file")])
    raise RequestError(f"{quoted(f'{scheme}://')} is not read or written", hint=f"URLs begin with {known}")


def local_path(word: str) -> str:
    """Return a word without ``file://`` or ``file:``, so that the rest is a local path.

    >>> [local_path(word) for word in ("file:///a.csv", "file://localhost/a.csv", "file:/a.csv", "in/a.csv")]
    ['/a.csv', '/a.csv', '/a.csv', 'in/a.csv']
    """
    return _LOCAL.sub("", word)


def split_path(path: str) -> list[str]:
    """Return the names of which a path consists. The query of a URL is left out.

    >>> split_path("https://host/k=1/a.csv?key=2")
    ['https:', '', 'host', 'k=1', 'a.csv']
    """
    if scheme_of(path):
        return without_query(path).split("/")
    return (path.replace(os.altsep, os.sep) if os.altsep else path).split(os.sep)


def is_web_url(path: str) -> bool:
    """Return whether a path is a URL of a web server."""
    return path[:8].lower().startswith(("http://", "https://"))


def without_query(path: str) -> str:
    """Return a path without the query and the fragment that a URL of a web server may have.

    >>> without_query("https://host/a.csv?key=2"), without_query("s3://bucket/a?.csv")
    ('https://host/a.csv', 's3://bucket/a?.csv')
    """
    return re.split(r"[?#]", path, maxsplit=1)[0] if is_web_url(path) else path


def unsigned(path: str) -> str:
    """Return a URL without passwords, and without its query if that is signed, so that it is the same tomorrow.

    >>> unsigned("https://me:key@host/a.csv?X-Amz-Signature=1f"), unsigned("https://host/table?name=a")
    ('https://host/a.csv', 'https://host/table?name=a')
    """
    if not scheme_of(path):
        return path
    path = re.sub(r"(?i)^(https?://)[^/]*@", r"\1", path)
    is_signed = re.search(r"(?i)[?&]([\w-]*signature|sig|[\w-]*token)=", path) is not None
    return without_query(path) if is_signed else path


def place_in(folder: str, path: str) -> str:
    """Return where a path leads that is relative to a folder, which may be empty for the current one.

    >>> place_in("/home/me", "s3://bucket/a.csv")
    's3://bucket/a.csv'
    """
    return path if scheme_of(path) else os.path.join(folder, path)


def join_path(folder: str, *names: str) -> str:
    """Return the path of a file in a folder.

    >>> join_path("s3://bucket/out/", "a.csv"), join_path("s3://bucket", "_parts", "a.json")
    ('s3://bucket/out/a.csv', 's3://bucket/_parts/a.json')
    """
    return "/".join([folder.rstrip("/"), *names]) if scheme_of(folder) else os.path.join(folder, *names)
