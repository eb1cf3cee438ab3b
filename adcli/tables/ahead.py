"""Reading ahead: the next blocks are made by a thread of their own while these are worked on."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread

from .block import Block
from .handover import Handover

WAITING = 1  # blocks that are ready before they are needed


def ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks, or the error that ended them; when nobody wants more the thread ends.

    For files: a thread that waits for a pipe could not be ended.

    >>> [block.count for block in ahead(iter([Block(2, {}, {}, str), Block(1, {}, {}, str)]))]
    [2, 1]
    """
    ready: Handover[Block | BaseException | None] = Handover(WAITING)
    over = Event()

    def read() -> None:
        try:
            for block in blocks:
                ready.put(block)
                if over.is_set():
                    return
            ready.put(None)
        except BaseException as error:  # told by the thread that waits
            ready.put(error)

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
        ready.let_go()
        thread.join()
