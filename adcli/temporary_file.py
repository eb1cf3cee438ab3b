"""Temporary files that are locked while they are written, so that the leftovers of killed runs can be removed."""

from __future__ import annotations

import os
import stat
import sys
import time
from contextlib import suppress
from functools import cache

from .shutdown import add_cleanup, drop_cleanup

if sys.platform == "win32":
    LOCKS = False  # nobody can remove an open file there
    PLAIN_FILE = 0
else:
    import fcntl

    LOCKS = True
    PLAIN_FILE = os.O_NOFOLLOW | os.O_NONBLOCK  # follow no link, and wait for no FIFO

PREFIX = ".adcli-"
FOREIGN_SECONDS = 86400.0  # keep an unlocked file of another machine for a day, because locks may not reach that far


class TemporaryFile:
    """A new file in a folder, which is removed if a signal ends the process.

    Args:
        folder: an empty name for the current one.
        mode: its permissions, before the mask of the process.

    Attributes:
        path: of the file.
        descriptor: open for writing. The caller closes it.
    """

    def __init__(self, folder: str, mode: int = 0o666) -> None:
        remove_leftovers(folder)
        while True:
            self.path = os.path.join(folder, f"{PREFIX}{_machine()}-{os.urandom(4).hex()}")
            add_cleanup(self, self._unlink)  # before the file exists: a signal may come right after
            try:
                self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
            except FileExistsError:
                drop_cleanup(self)
                continue
            except BaseException:
                drop_cleanup(self)
                raise
            if _is_ours(self.descriptor):
                break
            os.close(self.descriptor)
            drop_cleanup(self)
        self._lock: int | None = os.dup(self.descriptor) if LOCKS else None  # keeps the lock

    def _unlink(self) -> None:
        with suppress(OSError):
            os.unlink(self.path)

    def move(self, destination: str) -> None:
        """Give the file its name. Its descriptor must be closed."""
        os.replace(self.path, destination)
        self._release()

    def remove(self) -> None:
        """Remove the file. Its descriptor must be closed."""
        self._unlink()
        self._release()

    def _release(self) -> None:
        drop_cleanup(self)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _is_ours(descriptor: int) -> bool:
    """Lock a new file. Return False if another run has just taken it for a leftover."""
    try:
        _lock(descriptor)
    except BlockingIOError:
        return False
    except OSError:  # this file system has no locks, so other runs do not remove the file either
        return True
    return os.fstat(descriptor).st_nlink > 0


def _lock(descriptor: int) -> None:
    """Lock a file.

    Raises:
        BlockingIOError: another process has locked it.
        OSError: its file system has no locks.
    """
    if sys.platform != "win32":
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@cache
def _machine() -> str:
    """Return a text that tells apart running machines. All containers of one have the same."""
    from zlib import crc32

    try:
        with open("/proc/sys/kernel/random/boot_id", "rb") as file:
            name = file.read()
    except OSError:
        import platform

        name = platform.node().encode("utf-8", "replace")
    return f"{crc32(name):08x}"


@cache
def remove_leftovers(folder: str) -> None:
    """Remove the files of killed runs from a folder, once in this process. The files of live runs are locked."""
    if not LOCKS:
        return
    with suppress(OSError), os.scandir(folder or ".") as entries:
        for path in [entry.path for entry in entries if entry.name.startswith(PREFIX)]:
            with suppress(OSError):
                _remove_leftover(path)


def _remove_leftover(path: str) -> None:
    """Remove a file that nobody has locked.

    Raises:
        OSError: it is locked, or cannot be removed.
    """
    descriptor = os.open(path, os.O_RDWR | PLAIN_FILE)
    try:
        _lock(descriptor)
        status = os.fstat(descriptor)
        is_same = os.path.samestat(status, os.lstat(path))
        of_this_machine = os.path.basename(path).startswith(f"{PREFIX}{_machine()}-")
        is_old = of_this_machine or time.time() - status.st_mtime > FOREIGN_SECONDS
        if is_same and is_old and stat.S_ISREG(status.st_mode):
            os.unlink(path)
    finally:
        os.close(descriptor)
