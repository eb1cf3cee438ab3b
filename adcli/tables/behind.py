"""Writing behind: a block is printed by a thread of its own while the next one is computed."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Thread
from typing import TYPE_CHECKING

from .block import Block
from .handover import Handover

if TYPE_CHECKING:
    from .block import Array
    from .formats import Writer

ROWS = 1 << 14  # of a block from which a thread pays
WAITING = 1  # blocks that may wait to be written


class Behind:
    """A writer that lets another one write, in order; an error of its comes with the next block, or at the end.

    For files: a thread that waits for a pipe could not be ended.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._thread: Thread | None = None
        self._blocks: Handover[tuple[Block, Sequence[Array]] | None] = Handover(WAITING)
        self._over = False
        self._error: BaseException | None = None

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Hand over the rows of one block; the results are not to be written into afterwards."""
        if self._thread is None:
            if block.count < ROWS:
                self._writer.write(block, results)
                return
            self._thread = Thread(target=self._run, daemon=True)
            self._thread.start()
        self._check()
        self._blocks.put((block, results))

    def _run(self) -> None:
        while (item := self._blocks.get()) is not None:
            if self._error is None and not self._over:
                try:
                    self._writer.write(*item)
                except BaseException as error:  # told by the thread that hands over; what still comes is dropped
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
        """End the thread after the block it is at."""
        if self._thread is not None and self._thread.is_alive():
            self._over = True
            self._blocks.put_last(None)
            self._thread.join()
        self._writer.close()
