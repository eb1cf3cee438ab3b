"""The files of this machine. See `Store`."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import IO

from ..files import AtomicFile, write_file
from .entry import Entry, Status, T


class LocalStore:
    """The files of this machine. See `Store`."""

    def status(self, path: str) -> Status | None:
        """Return the status of a file. See `Store`."""
        return _status(os.stat(path))

    def each(self, function: Callable[[str], T], paths: Sequence[str]) -> list[T]:
        """Return what a function returns for each path. See `Store`."""
        return list(map(function, paths))

    def exists(self, path: str) -> bool:
        """Return whether there is a file or a folder of this name."""
        return os.path.exists(path)

    def is_folder(self, path: str) -> bool:
        """Return whether there is a folder of this name."""
        return os.path.isdir(path)

    def match(self, pattern: str) -> list[Entry]:
        """Return the files and folders that a pattern matches. See `Store`."""
        from glob import iglob

        return [_entry(path) for path in iglob(pattern, recursive=True)]

    def walk(self, folder: str) -> list[Entry]:
        """Return the files in a folder and in those below it. Folders whose names begin with ``_`` or ``.`` are not."""

        def fail(error: OSError) -> None:
            raise error

        entries: list[Entry] = []
        for place, folders, names in os.walk(folder, onerror=fail, followlinks=True):
            folders[:] = [name for name in folders if not name.startswith(("_", "."))]
            entries += [_entry(os.path.join(place, name)) for name in names]
        return entries

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the bytes of each file in a folder. See `Store`."""
        sizes: dict[str, int] = {}
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):  # another run has just removed it
                        sizes[entry.name] = entry.stat().st_size if entry.is_file() else 0
        except FileNotFoundError:
            return {}
        return sizes

    def open(self, path: str) -> tuple[IO[bytes], int | None]:
        """Open a file for reading. See `Store`."""
        file = open(path, "rb", buffering=0)  # noqa: SIM115 - the caller closes it
        size = os.fstat(file.fileno()).st_size
        return file, size if size and not path.startswith("/dev/") else None

    def read(self, path: str) -> bytes | None:
        """Return the contents of a small file. See `Store`."""
        try:
            with open(path, "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def create(self, path: str) -> AtomicFile:
        """Return a new file. See `Store`."""
        return AtomicFile(path)

    def write(self, path: str, data: bytes) -> None:
        """Write a small file whole. See `Store`."""
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        write_file(path, data)

    def remove(self, folder: str, names: Iterable[str]) -> None:
        """Remove files of a folder. See `Store`."""
        for name in names:
            with suppress(FileNotFoundError):
                os.unlink(os.path.join(folder, name))
        with suppress(OSError):
            os.rmdir(folder)


def _status(status: os.stat_result) -> Status | None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(21, "Is a directory")
    return Status(status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _entry(path: str) -> Entry:
    """Return a file or folder. A link that leads nowhere has no status."""
    try:
        return Entry(path, _status(os.stat(path)))
    except IsADirectoryError:
        return Entry(path, None, is_folder=True)
    except OSError:
        return Entry(path, None)


LOCAL_STORE = LocalStore()
