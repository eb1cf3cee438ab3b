"""Object stores and web servers, through fsspec (the extra `remote`). See `Store`.

Errors of the libraries are raised as OSError with one line, so that callers treat them as those of local files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from glob import has_magic
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from ..errors import RequestError
from ..temporary_file import TemporaryFile
from .entry import Entry, ReadableFile, Status, T, join_path, without_query
from .file_system import FileSystem, account_of, load_class, locate
from .remote_errors import as_os_error

if TYPE_CHECKING:
    from collections.abc import Mapping

Info: TypeAlias = "Mapping[str, Any]"  # what fsspec says about a file

BLOCK = 1 << 23  # bytes of one request for a part of an object. Each file that is read keeps so many in memory
UPLOAD_BLOCK = 1 << 23  # bytes of one request of an upload to S3. Several are in memory at a time
UPLOADS = 4  # requests of an upload at a time
REQUESTS = 16  # at a time, for the status of many files
STAMPS = ("generation", "ETag", "etag", "Last-Modified", "LastModified", "last_modified", "mtime", "created")


class RemoteStore:
    """The files of one scheme. See `Store`.

    Raises:
        RequestError: a package is not installed.
    """

    def __init__(self, scheme: str) -> None:
        self._scheme = scheme
        self._is_web = scheme in ("http", "https")
        load_class(scheme)

    def _locate(self, url: str) -> tuple[FileSystem, str]:
        """Return the file system of a URL and what it calls the file."""
        return locate(self._scheme, url)

    def _url(self, name: str, like: str) -> str:
        """Return the URL of what a file system lists, with the account that another URL names."""
        if self._is_web:
            return name
        account = account_of(like)
        container, _, rest = name.lstrip("/").partition("/")
        return f"{self._scheme}://{container}{account and '@'}{account}/{rest}"

    def status(self, path: str) -> Status | None:
        """Return the status of a file. See `Store`."""
        with _as_os_errors():
            fs, name = self._locate(path)
            return _status(fs.info(name))

    def each(self, function: Callable[[str], T], paths: Sequence[str]) -> list[T]:
        """Return what a function returns for each path. Several requests are under way at a time. See `Store`."""
        if len(paths) < 2:
            return list(map(function, paths))
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(REQUESTS)
        try:
            return list(pool.map(function, paths))
        finally:
            pool.shutdown(cancel_futures=True)  # after an error the rest is not asked for

    def exists(self, path: str) -> bool:
        """Return whether there is a file or a folder of this name."""
        with _as_os_errors():
            fs, name = self._locate(path)
            return bool(fs.exists(name))

    def is_folder(self, path: str) -> bool:
        """Return whether there is a folder of this name. A web server has none, because each URL is a file."""
        if self._is_web:
            return False
        with _as_os_errors():
            fs, name = self._locate(path)
            return bool(fs.isdir(name))

    def match(self, pattern: str) -> list[Entry]:
        """Return the files and folders that a pattern matches. A web server must list them as links."""
        with _as_os_errors():
            fs, name = self._locate(pattern)
            try:
                found = fs.glob(name, detail=True)
            except FileNotFoundError as error:
                if error.__cause__ is not None:  # of a web server: it does not answer, or refuses
                    raise
                return []
        return self._entries(found, pattern)

    def walk(self, folder: str) -> list[Entry]:
        """Return the files in a folder and in those below it. See `Store`."""
        with _as_os_errors():
            fs, name = self._locate(folder)
            found = fs.find(name, detail=True)
        return self._entries(found, folder)

    def _entries(self, found: Mapping[str, Info], like: str) -> list[Entry]:
        """Return entries for what a file system lists.

        A name that ends with ``/`` only stands for a folder. With a query it sorts the page of a web server.
        """
        listed = [
            (self._url(name, like), info)
            for name, info in found.items()
            if info["type"] == "directory" or not without_query(name).endswith("/")
        ]
        files = {url: info for url, info in listed if info["type"] != "directory"}
        statuses: dict[str, Status | None] = {}
        if self._is_web:  # the links of a page have neither size nor time
            statuses = dict(zip(files, self.each(self._link_status, [*files]), strict=True))
        else:
            statuses = {url: _status(info) for url, info in files.items()}
        return [Entry(url, statuses.get(url), is_folder=url not in files) for url, _ in listed]

    def _link_status(self, url: str) -> Status | None:
        """Return the status of a file to which a page leads. An error names the file."""
        try:
            return self.status(url)
        except OSError as error:
            raise OSError(error.errno, f"{url}: {error.strerror}") from None

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the bytes of each file in a folder. See `Store`."""
        with _as_os_errors():
            fs, name = self._locate(folder)
            try:
                listed = fs.ls(name, detail=True)
            except FileNotFoundError:
                return {}
        prefix = f"{name.rstrip('/')}/"
        names = [(info["name"].removeprefix(prefix).rstrip("/"), info) for info in listed]
        return {name: info["size"] or 0 for name, info in names if name and "/" not in name}

    def open(self, path: str) -> tuple[RemoteFile, int | None]:
        """Open a file for reading. See `Store`."""
        with _as_os_errors():
            fs, name = self._locate(path)
            if self._is_web:  # one request, in whose size a server may be wrong. `size` avoids another one
                file = fs.open(name, "rb", block_size=0, size=1)
                length = file.r.headers.get("Content-Length", "")
                return RemoteFile(file), int(length) if length.isdecimal() else None
            file = fs.open(name, "rb", block_size=BLOCK, cache_type="readahead")
            return RemoteFile(file), file.size

    def read(self, path: str) -> bytes | None:
        """Return the contents of a small file. See `Store`."""
        with _as_os_errors():
            fs, name = self._locate(path)
            try:
                data: bytes = fs.cat_file(name)
            except FileNotFoundError:
                return None
            return data

    def create(self, path: str) -> Upload:
        """Return a new file. See `Store`."""
        self._refuse_writing()
        is_folder = path.endswith("/")
        if not is_folder:
            with suppress(PermissionError):  # who may write need not be allowed to list
                is_folder = self.is_folder(path)
        if is_folder:
            raise IsADirectoryError(21, "it is a directory, so end its name with /")
        return Upload(*self._locate(path))

    def write(self, path: str, data: bytes) -> None:
        """Write a small file whole. See `Store`."""
        self._refuse_writing()
        with _as_os_errors():
            fs, name = self._locate(path)
            fs.pipe_file(name, data)

    def _refuse_writing(self) -> None:
        if self._is_web:
            raise OSError(30, "a web server is only read, so write to a local file or an object store")

    def remove(self, folder: str, names: Iterable[str]) -> None:
        """Remove files of a folder. See `Store`."""
        with _as_os_errors():
            fs, _ = self._locate(folder)
            paths = [self._locate(join_path(folder, name))[1] for name in names]
            if not paths:
                return
            with suppress(FileNotFoundError):
                if has_magic(folder):  # `rm` would remove what its names match as patterns
                    self.each(fs.rm_file, paths)
                else:
                    fs.rm(paths)


class RemoteFile(ReadableFile):
    """A file that is read from front to back.

    Args:
        file: of fsspec.
    """

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, most: int, /) -> bytes:
        """Return bytes, at least one and at most so many, none at the end."""
        with _as_os_errors():
            data: bytes = self._file.read(most)
        return data

    def close(self) -> None:
        """Close the file."""
        with suppress(Exception):  # it was read, or its error was raised
            self._file.close()


class Upload:
    """A new file that is written on this machine and goes to a store in one step on `commit`. See `AtomicFile`.

    Attributes:
        file: the binary file to write to.
        direct: whether the destination itself is written, which it is not.
    """

    direct = False

    def __init__(self, fs: FileSystem, name: str) -> None:
        from tempfile import gettempdir

        self._fs, self._name = fs, name
        self._temporary = TemporaryFile(gettempdir(), 0o600)
        self.file: BinaryIO = open(self._temporary.descriptor, "wb")  # noqa: SIM115 - until commit or discard

    def commit(self) -> None:
        """Close the file and put it at its destination.

        It is one request, or a multipart upload, which only its end makes visible.
        """
        self.file.close()
        options = {"chunksize": UPLOAD_BLOCK, "max_concurrency": UPLOADS} if _is_s3(self._fs) else {}
        with _as_os_errors():
            self._fs.put_file(self._temporary.path, self._name, **options)
        self._temporary.remove()

    def discard(self) -> None:
        """Close and remove the file. What was at the destination stays."""
        with suppress(OSError):
            self.file.close()
        self._temporary.remove()


def _is_s3(fs: FileSystem) -> bool:
    return "s3" in fs.protocol


def _status(info: Info) -> Status:
    """Return the status of what fsspec describes.

    >>> _status({"type": "file", "size": 2, "ETag": '"1f"'})
    Status(size=2, stamp='1f')
    """
    if info["type"] == "directory":
        raise IsADirectoryError(21, "Is a directory")
    stamp = next((info[name] for name in STAMPS if info.get(name)), "")
    if isinstance(stamp, datetime):
        stamp = stamp.timestamp()  # as some of them list it
    return Status(info.get("size"), str(stamp).strip('"'))


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """Raise any error of a library as an OSError with one line. Those libraries raise errors of many kinds."""
    try:
        yield
    except (IsADirectoryError, RequestError):
        raise
    except Exception as error:
        raise as_os_error(error) from None
