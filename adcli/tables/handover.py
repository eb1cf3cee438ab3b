"""What one thread hands to another, in order, with few places for what waits."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Handover(Generic[T]):
    """A queue of so many places, which Ctrl-C leaves whole at any moment.

    The lock of `queue.Queue` stays locked where Ctrl-C comes just behind its acquisition; these have none of Python's.

    >>> ready = Handover(1)
    >>> ready.put("block"), ready.put("another", timeout=0.01), ready.get()
    (True, False, 'block')
    """

    def __init__(self, places: int) -> None:
        self._items: SimpleQueue[T] = SimpleQueue()
        self._free: SimpleQueue[None] = SimpleQueue()
        for _ in range(places):
            self._free.put(None)

    def put(self, item: T, timeout: float | None = None) -> bool:
        """Hand over when there is a place; whether there was one within so many seconds."""
        try:
            self._free.get(timeout=timeout)
        except Empty:
            return False
        self._items.put(item)
        return True

    def put_last(self, item: T) -> None:
        """Hand over beside the places, for an end that must not wait."""
        self._items.put(item)

    def get(self) -> T:
        """Wait for the next."""
        item = self._items.get()
        self._free.put(None)
        return item

    def let_go(self) -> None:
        """Make a place for who waits to hand over, though nobody will take it."""
        self._free.put(None)
