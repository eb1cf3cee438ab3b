"""The parts that the batch backends share: the type of a filler, and the distribution of rows to threads.

A filler computes the outputs of one program for some rows: ``fill(inputs, results)``. An input is a number or a
one-dimensional array. A result is a one-dimensional float64 array. All arrays have one length. A filler writes nothing
else, so that several threads may run it at once on different rows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..ops.operands import Array as Array

AnyArray: TypeAlias = NDArray[Any]  # of any type of numbers
Input: TypeAlias = float | AnyArray  # a number, which all rows share, or a column
FLOAT = np.dtype(np.float64)
Fill = Callable[[Sequence[Input], Sequence[Array]], None]

PIECE = 1 << 19  # rows that a thread takes at a time. Ctrl-C waits for at most one piece
THREAD_ROWS = 1 << 16  # the least number of rows per thread. Fewer rows use fewer threads
STEP = 512  # pieces begin at multiples of this, so that they begin at whole vectors


def count_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def count_threads(rows: int, threads: int) -> int:
    """Return how many of at most so many threads share the rows."""
    return max(1, min(threads, rows // THREAD_ROWS))


def slice_rows(inputs: Sequence[Input], part: slice) -> list[Input]:
    """Return some rows of inputs. Numbers stay as they are."""
    return [column[part] if isinstance(column, np.ndarray) else column for column in inputs]


def run_rows(fill: Fill, inputs: Sequence[Input], results: Sequence[Array], threads: int) -> None:
    """Run a filler over all rows in pieces, which threads share. Results do not depend on their number.

    An error in one thread, or Ctrl-C, ends the others after their piece.
    """
    rows = len(results[0])
    threads = count_threads(rows, threads)
    share = -(-rows // threads)
    piece = min(PIECE, -(-share // STEP) * STEP) or 1
    is_stopped = False

    def work(number: int) -> None:
        nonlocal is_stopped
        try:
            for start in range(number * piece, rows, threads * piece):
                if is_stopped:
                    return
                part = slice(start, start + piece)
                fill(slice_rows(inputs, part), [result[part] for result in results])
        except BaseException:
            is_stopped = True
            raise

    if threads == 1 and rows <= piece:
        fill(inputs, results)
    elif threads == 1:
        work(0)
    else:
        _run_threads(work, threads)


def _run_threads(work: Callable[[int], None], threads: int) -> None:
    """Call a function with the numbers 0 to `threads` - 1, each on a thread, and raise the first error."""
    from threading import Thread  # concurrent.futures takes ten times as long to load

    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # raised again by the thread that waits
            errors.append(error)

    others: list[Thread] = []
    try:
        for number in range(1, threads):
            thread = Thread(target=run, args=(number,))
            thread.start()
            others.append(thread)
    except (RuntimeError, MemoryError):  # the system allows no more threads: do their part here
        pass
    try:
        for number in [0, *range(1 + len(others), threads)]:
            work(number)
    finally:
        for thread in others:
            thread.join()
    if errors:
        raise errors[0]


def flatten(arrays: Sequence[AnyArray], shape: tuple[int, ...]) -> list[Input]:
    """Return columns that broadcast to a shape as one-dimensional arrays, those of one element as numbers."""
    if len(shape) == 1 and shape != (1,) and all(array.shape == shape for array in arrays):
        return list(arrays)
    inputs: list[Input] = []
    for array in arrays:
        if array.size == 1:
            inputs.append(float(array.reshape(())))
        elif array.shape == shape:
            inputs.append(array if len(shape) == 1 else array.reshape(-1))
        else:
            inputs.append(np.broadcast_to(array, shape).reshape(-1))
    return inputs


def are_disjoint(inputs: Sequence[Input], results: Sequence[Array]) -> bool:
    """Return whether no input and result share memory, as far as bounds tell."""
    arrays = [column for column in inputs if isinstance(column, np.ndarray)]
    owners, others = _owners(arrays), _owners(results)
    if owners.isdisjoint(others) and 0 not in owners | others:
        return True
    return not any(np.may_share_memory(column, result) for column in arrays for result in results)


def find_overlap(results: Sequence[Array]) -> tuple[int, int] | None:
    """Return the indices of two results that share memory, or None.

    >>> buffer = np.empty(5)
    >>> find_overlap([buffer[0::2], buffer[1::2]]), find_overlap([buffer[:3], buffer[2:]])
    (None, (0, 1))
    """
    owners = _owners(results)
    if len(owners) == len(results) and 0 not in owners:
        return None
    spans = sorted((*_span(result), index) for index, result in enumerate(results))
    if all(stop <= start for (_, stop, _), (start, _, _) in pairwise(spans)):
        return None
    before: list[tuple[int, int]] = []
    for start, stop, index in spans:
        before = [(end, other) for end, other in before if end > start]
        for _, other in before:
            if np.shares_memory(results[index], results[other]):
                return min(index, other), max(index, other)
        before.append((stop, index))
    return None


def _span(result: Array) -> tuple[int, int]:
    """Return the address of an array's first byte, and of the one behind its last."""
    start: int = result.ctypes.data
    if result.flags.c_contiguous:
        return start, start + result.nbytes
    steps = [(size - 1) * stride for size, stride in zip(result.shape, result.strides, strict=True) if size]
    return start + sum(min(step, 0) for step in steps), start + sum(max(step, 0) for step in steps) + result.itemsize


def _owners(arrays: Sequence[AnyArray]) -> set[int]:
    return {id(array) if (base := array.base) is None else _owner(base) for array in arrays}


def _owner(base: object) -> int:
    """Return the identity of the array whose memory this is or views, 0 if that is not an array."""
    while isinstance(base, np.ndarray):
        if base.base is None:
            return id(base)
        base = base.base
    return 0


def guard_columns(results: Sequence[Array], masks: Sequence[int]) -> None:
    """Set derivatives to nan in the rows where their value is (see `graph.tape.guard`)."""
    for index in dict.fromkeys(masks):
        values = results[index]
        if np.isnan(np.vdot(values, values)):  # one pass to exclude the usual case
            undefined = np.isnan(values)
            for result, mask in zip(results, masks, strict=True):
                if mask == index:
                    result[undefined] = np.nan
