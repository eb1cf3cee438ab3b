"""Threads that read blocks ahead and write blocks in the background.

They are for files only, because a thread that waits for a pipe cannot be ended.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from ..records import NamedTuple
from .block import Block
from .writer import Stream, Writer

if TYPE_CHECKING:
    from .column import Array

T = TypeVar("T")

READ_AHEAD_BLOCKS = 1  # blocks that are read before they are needed
WRITE_BLOCKS = 1  # blocks that may wait to be written
STUCK_SECONDS = 10.0  # leave a reader that does not end, for example one that waits for a file over a network
WRITE_ROWS = 1 << 14  # write on a thread from the first block of at least 16 384 rows


class BlockQueue(Generic[T]):
    """A bounded queue that Ctrl-C cannot leave locked.

    A `queue.Queue` stays locked if Ctrl-C comes right after its lock is acquired. `SimpleQueue` has no such lock.

    >>> ready = BlockQueue(1)
    >>> ready.put("block"), ready.put("another", timeout=0.01), ready.get()
    (True, False, 'block')
    """

    def __init__(self, slots: int) -> None:
        self._items: SimpleQueue[T] = SimpleQueue()
        self._free: SimpleQueue[None] = SimpleQueue()
        for _ in range(slots):
            self._free.put(None)

    def put(self, item: T, timeout: float | None = None) -> bool:
        """Wait for a free slot, at most this many seconds, and put an item there. Return whether there was a slot."""
        try:
            self._free.get(timeout=timeout)
        except Empty:
            return False
        self._items.put(item)
        return True

    def put_last(self, item: T) -> None:
        """Put an item without waiting for a slot, at the end."""
        self._items.put(item)

    def get(self) -> T:
        """Wait for the next item."""
        item = self._items.get()
        self._free.put(None)
        return item

    def release(self) -> None:
        """Free one slot without taking an item, so that a blocked producer can finish."""
        self._free.put(None)


def start_thread(thread: Thread) -> bool:
    """Start a thread. Return False if the system allows no more of them, or has no memory for one."""
    try:
        thread.start()
    except (RuntimeError, MemoryError):
        return False
    return True


def can_start_threads(count: int) -> bool:
    """Return whether the system allows so many threads at once. They end again."""
    is_over = Event()
    started = [start_thread(Thread(target=is_over.wait, daemon=True)) for _ in range(count)]
    is_over.set()
    return all(started)


class ReadAhead(Generic[T]):
    """The items of a generator, which a thread begins to make at once, and the error that ended them.

    >>> list(ReadAhead(number**2 for number in range(3)))
    [0, 1, 4]
    """

    def __init__(self, items: Generator[T, None, None]) -> None:
        self._items = items
        self._ready: BlockQueue[T | _End] = BlockQueue(READ_AHEAD_BLOCKS)
        self._is_over = False
        self._thread = Thread(target=self._read, daemon=True)
        self._has_thread = start_thread(self._thread)

    def _read(self) -> None:
        end = _End(None)
        try:
            for item in self._items:
                self._ready.put(item)
                if self._is_over:
                    return
        except BaseException as error:  # raised again by the thread that waits
            end = _End(error)
        self._ready.put_last(end)

    def __iter__(self) -> ReadAhead[T]:
        return self

    def __next__(self) -> T:
        if not self._has_thread:
            return next(self._items)
        if self._is_over:
            raise StopIteration
        item = self._ready.get()
        if not isinstance(item, _End):
            return item
        self._is_over = True
        raise StopIteration if item.error is None else item.error

    def close(self) -> None:
        """End the thread after the item that it is making, and close the generator."""
        self._is_over = True
        if self._has_thread:
            self._ready.release()
            self._thread.join(STUCK_SECONDS)
        if not self._thread.is_alive():
            self._items.close()


class _End(NamedTuple):
    error: BaseException | None


def write_in_background(writer: Writer, stream: Stream) -> Writer:
    """Return a writer that writes on a thread if the stream is a file, otherwise the writer itself."""
    return writer if stream.streamed else BackgroundWriter(writer)


class BackgroundWriter(Writer):
    """Write the blocks of another writer on a thread, in order.

    An error is raised again by the next `write` or by `finish`. Results must not be changed after they are written.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._thread: Thread | None = None
        self._blocks: BlockQueue[tuple[Block, Sequence[Array]] | None] = BlockQueue(WRITE_BLOCKS)
        self._is_over = False
        self._error: BaseException | None = None

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Write the rows of one block soon."""
        if self._thread is None:
            thread = Thread(target=self._run, daemon=True)
            if block.count < WRITE_ROWS or not start_thread(thread):
                self._writer.write(block, results)
                return
            self._thread = thread
        self._check()
        self._blocks.put((block, results))

    def _run(self) -> None:
        while (item := self._blocks.get()) is not None:
            if self._error is None and not self._is_over:
                try:
                    self._writer.write(*item)
                except BaseException as error:  # the other thread raises it again, and later blocks are dropped
                    self._error = error

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def finish(self) -> None:
        """Wait until everything is written."""
        if self._thread is not None:
            self._blocks.put_last(None)
            self._thread.join()
        self._check()
        self._writer.finish()

    def close(self) -> None:
        """End the thread after the block that it is writing."""
        if self._thread is not None and self._thread.is_alive():
            self._is_over = True
            self._blocks.put_last(None)
            self._thread.join()
        self._writer.close()
