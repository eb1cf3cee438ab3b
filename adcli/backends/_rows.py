"""What the batch backends share: what a filler is, and rows dealt out to threads.

A filler computes the outputs of one program for some rows: ``fill(inputs, results)``, where an input is a number or a
one-dimensional array and a result a one-dimensional float64 array, all of one length. It writes nothing else, so that
several may run at once on different rows. It may have ``at_once(columns, results)`` besides, which takes what a caller
gave, the first an array, and says whether these are such arrays, no result on another; if so, it has computed.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FLOAT = np.dtype(np.float64)
Fill = Callable[[Sequence[Any], Sequence[Array]], None]

PIECE = 1 << 19  # rows that a thread takes at a time; also how long Ctrl-C may have to wait
THREAD_ROWS = 1 << 16  # fewer rows than this are not worth a thread of their own
APART, STRIDE = 512, 72  # float64s of a page, and from one array's place in it to the next one's
TOGETHER = 1 << 22  # bytes of results that are views of one array: who keeps one keeps all
STEP = 512  # pieces begin at multiples of this, so that they begin at whole vectors


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_one_piece(rows: int) -> bool:
    """Whether so many rows are computed by one thread, in one call."""
    return rows < 2 * THREAD_ROWS and rows <= PIECE


def spread(fill: Fill, inputs: Sequence[Any], results: Sequence[Array], threads: int) -> None:
    """Run a filler over all rows, in pieces dealt out to threads; what a row gets does not depend on how many.

    An error in one thread, or Ctrl-C, ends the others after their piece.
    """
    rows = len(results[0])
    threads = max(1, min(threads, rows // THREAD_ROWS))
    share = -(-rows // threads)
    piece = min(PIECE, -(-share // STEP) * STEP) or 1
    stopped = False

    def work(number: int) -> None:
        nonlocal stopped
        try:
            for start in range(number * piece, rows, threads * piece):
                if stopped:
                    return
                part = slice(start, start + piece)
                columns = [column[part] if isinstance(column, np.ndarray) else column for column in inputs]
                fill(columns, [result[part] for result in results])
        except BaseException:
            stopped = True
            raise

    if threads == 1 and rows <= piece:
        fill(inputs, results)
        return
    if threads == 1:
        work(0)
        return
    from threading import Thread  # concurrent.futures takes ten times as long to load

    failed: list[BaseException] = []

    def other(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # told by the thread that waits
            failed.append(error)

    others = [Thread(target=other, args=(number,)) for number in range(1, threads)]
    for thread in others:
        thread.start()
    try:
        work(0)
    finally:
        for thread in others:
            thread.join()
    if failed:
        raise failed[0]


def new_columns(count: int, shape: tuple[int, ...]) -> list[Array]:
    """New arrays for results, which do not begin at the same place of their pages.

    Many arrays that do are thrown out of the cache by one another: 11 results of 9 columns took 1.5 times as long. Few
    bytes are those of one array: 11 of 8192 rows, made and freed at every call, took another third.
    """
    size = math.prod(shape)
    if size < APART:
        return [np.empty(shape) for _ in range(count)]
    if 8 * size * count <= TOGETHER:
        pitch = -(-(size - STRIDE) // APART) * APART + STRIDE
        return [row[:size].reshape(shape) for row in np.empty((count, pitch))]
    starts = [number * STRIDE % APART for number in range(count)]
    return [np.empty(size + APART)[start : start + size].reshape(shape) for start in starts]


def flat(arrays: Sequence[NDArray[Any]], shape: tuple[int, ...]) -> list[Any]:
    """Columns of one shape as one-dimensional arrays, those of one element as numbers."""
    if len(shape) == 1 and shape != (1,) and all(array.shape == shape for array in arrays):
        return list(arrays)
    found: list[Any] = []
    for array in arrays:
        if array.size == 1:
            found.append(float(array.reshape(())))
        elif array.shape == shape:
            found.append(array if len(shape) == 1 else array.reshape(-1))
        else:
            found.append(np.broadcast_to(array, shape).reshape(-1))
    return found


def disjoint(inputs: Sequence[Any], results: Sequence[Array]) -> bool:
    """Whether no input and result have a byte in common, or may have."""
    arrays = [column for column in inputs if type(column) is not float]
    owners, others = _owners(arrays), _owners(results)
    if owners.isdisjoint(others) and 0 not in owners | others:
        return True
    return not any(np.may_share_memory(column, result) for column in arrays for result in results)


def overlapping(results: Sequence[Array]) -> tuple[int, int] | None:
    """The places of two results that have a byte in common.

    >>> room = np.empty(5)
    >>> overlapping([room[0::2], room[1::2]]), overlapping([room[:3], room[2:]])
    (None, (0, 1))
    """
    owners = _owners(results)
    if len(owners) == len(results) and 0 not in owners:
        return None
    spans = sorted((*_span(result), place) for place, result in enumerate(results))
    reach: list[tuple[int, int]] = []
    for start, stop, place in spans:
        reach = [(end, other) for end, other in reach if end > start]
        for _, other in reach:
            if np.shares_memory(results[place], results[other]):
                return min(place, other), max(place, other)
        reach.append((stop, place))
    return None


def _span(result: Array) -> tuple[int, int]:
    """The first byte of an array, and the one after its last."""
    start = result.__array_interface__["data"][0]
    steps = [(size - 1) * stride for size, stride in zip(result.shape, result.strides, strict=True) if size]
    return start + sum(min(step, 0) for step in steps), start + sum(max(step, 0) for step in steps) + result.itemsize


def _owners(arrays: Sequence[NDArray[Any]]) -> set[int]:
    return {id(array) if (base := array.base) is None else _owner(base) for array in arrays}


def _owner(base: Any) -> int:
    """The identity of the array whose memory this is or views; 0 where that is no array."""
    while isinstance(base, np.ndarray):
        if base.base is None:
            return id(base)
        base = base.base
    return 0


def guard_columns(results: Sequence[Array], masks: Sequence[int]) -> None:
    """Where a value is nan, its derivatives are (see `graph.program.guard`)."""
    for place in dict.fromkeys(masks):
        values = results[place]
        if np.isnan(np.vdot(values, values)):  # one pass over what is hardly ever the case
            undefined = np.isnan(values)
            for slope, mask in zip(results, masks, strict=True):
                if mask == place:
                    slope[undefined] = np.nan
