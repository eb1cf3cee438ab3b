"""Reading ahead: the next blocks are made by a thread of their own while these are worked on."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread

from .block import Block

WAITING = 1  # blocks that are ready before they are needed


def ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks, or the error that ended them; when nobody wants more the thread ends.

    For files: a thread that waits for a pipe could not be ended.

    >>> [block.count for block in ahead(iter([Block(2, {}, {}, str), Block(1, {}, {}, str)]))]
    [2, 1]
    """
    ready: Queue[Block | BaseException | None] = Queue(WAITING)
    over = Event()

    def give(item: Block | BaseException | None) -> None:
        while not over.is_set():
            try:
                ready.put(item, timeout=0.1)
                return
            except Full:
                continue

    def read() -> None:
        try:
            for block in blocks:
                give(block)
                if over.is_set():
                    return
            give(None)
        except BaseException as error:  # told by the thread that waits
            give(error)

    thread = Thread(target=read, daemon=True)
    thread.start()
    try:
        import numpy  # noqa: F401 - while the first block is read: nothing loads it sooner

        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        over.set()
        while not ready.empty():
            try:
                ready.get_nowait()
            except Empty:
                break
        thread.join()
