"""New arrays for results, in memory that is used again when nothing refers to it any more.

The operating system clears every page of new memory. For results of 10**6 rows this takes as long as the computation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from ..ops.operands import Array

# Bytes of a result from which its memory is used again. The C library keeps smaller blocks itself.
LEAST_BYTES = 1 << 17
KEPT_BYTES = 1 << 27  # most bytes that wait for use, for results of one size
SIZES = 2  # sizes of results whose memory waits
LINE_BYTES = 64  # a line of the cache, at which memory begins


class _Loan:
    """Own the memory of one result as long as arrays refer to it, then put it back."""

    __slots__ = ("_free", "_memory")

    def __init__(self, memory: Array, free: deque[Array]) -> None:
        self._memory = memory
        self._free = free

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return self._memory.__array_interface__

    def __del__(self) -> None:
        self._free.append(self._memory)


def new_results(count: int, shape: Sequence[int]) -> list[Array]:
    """Return arrays whose elements are not set.

    >>> [result.shape for result in new_results(2, (3, 1))]
    [(3, 1), (3, 1)]
    """
    size = int(np.prod(shape, dtype=np.int64))
    if 8 * size < LEAST_BYTES:
        return [np.empty(shape) for _ in range(count)]
    free = _free_memory(size)
    return [np.asarray(_Loan(_take(free, size), free)).reshape(shape) for _ in range(count)]


@lru_cache(maxsize=SIZES)
def _free_memory(size: int) -> deque[Array]:
    """Return the memory of results with so many elements that nothing refers to. It drops what is too much."""
    return deque(maxlen=KEPT_BYTES // (8 * size))


def _take(free: deque[Array], size: int) -> Array:
    try:
        return free.pop()
    except IndexError:
        memory = np.empty(size + LINE_BYTES // 8)
        first = -memory.ctypes.data % LINE_BYTES // 8
        return memory[first : first + size]
