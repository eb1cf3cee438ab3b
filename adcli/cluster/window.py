"""A window of tasks in flight: as many as keep the workers busy, so that neither side holds all of them."""

from __future__ import annotations

import os
import time
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

from ..errors import RequestError, quoted_path
from .connection import WORKER_SECONDS, lost_scheduler

if TYPE_CHECKING:
    from distributed import Client, Future

T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S")

IN_FLIGHT_PER_THREAD = 3  # tasks: one is computed while the next one waits beside it
LOOK_SECONDS = 0.5  # between two looks at the connection while no task ends
COUNT_SECONDS = 5.0  # between two counts of the workers
RESULT_SECONDS = 10.0  # to fetch a result. Its worker may have just died, and then the task runs again


class Window(Generic[S, T, R]):
    """Runs a function on the workers, once for each of many small arguments.

    Args:
        client: of the cluster.
        address: of its scheduler, for messages.
        function: of a module, called with `shared` and one argument.
        shared: goes to each worker once.

    Attributes:
        repeated: arguments to go on with. They may be added while results are read.
    """

    def __init__(self, client: Client, address: str, function: Callable[[S, T], R], shared: S) -> None:
        self._client = client
        self._address = address
        self._function = function
        self._prefix = f"adcli-{os.urandom(6).hex()}"
        # The result of a task, and not data of this process: it can be computed again if its workers die.
        self._shared = client.submit(_same, shared, key=f"{self._prefix}-run", pure=False)
        self._ended: SimpleQueue[Future[R]] = SimpleQueue()
        self._submitted = 0
        self._threads = 1
        self._last_count = 0.0
        self._last_worker = time.monotonic()
        self.repeated: deque[T] = deque()

    def results(self, tasks: Iterable[T]) -> Iterator[tuple[T, R | Exception]]:
        """Yield each argument with its result, or with what the function or Dask raised, as they end.

        Args:
            tasks: the arguments. They are read as far as the window needs them.

        Raises:
            RequestError: the scheduler does not answer, or has no workers.
        """
        running: dict[Future[R], T] = {}
        waiting = iter(tasks)
        try:
            while True:
                self._check()
                while len(running) < IN_FLIGHT_PER_THREAD * self._threads:
                    task = self.repeated.popleft() if self.repeated else next(waiting, None)
                    if task is None:
                        break
                    running[self._submit(task)] = task
                if not running:
                    return
                try:
                    future = self._ended.get(timeout=LOOK_SECONDS)
                except Empty:
                    continue
                try:
                    result: R | Exception = future.result(timeout=RESULT_SECONDS)
                except CancelledError:  # not an Exception
                    raise lost_scheduler(self._address) from None
                except Exception as error:
                    if future.status != "error":  # the task has ended, but the result did not get here
                        self._ended.put(future)
                        time.sleep(LOOK_SECONDS)
                        continue
                    result = error
                yield running.pop(future), result
        finally:
            for future in running:
                future.release()

    def _submit(self, task: T) -> Future[R]:
        self._submitted += 1
        key = f"{self._prefix}-{self._submitted}"
        try:
            future = self._client.submit(self._function, self._shared, task, key=key, pure=False)
        except Exception:
            raise lost_scheduler(self._address) from None
        future.add_done_callback(self._ended.put)
        return future

    def _check(self) -> None:
        """Count the threads of the workers from time to time.

        Raises:
            RequestError: the scheduler does not answer, or has had no workers for too long.
        """
        if self._client.status != "running":
            raise lost_scheduler(self._address)
        now = time.monotonic()
        if now - self._last_count < COUNT_SECONDS:
            return
        self._last_count = now
        try:
            threads = sum(self._client.nthreads().values())
        except Exception:
            raise lost_scheduler(self._address) from None
        if threads:
            self._last_worker = now
        elif now - self._last_worker > WORKER_SECONDS:
            hint = "see the workers' logs for why they ended"
            raise RequestError(f"{quoted_path(self._address)} has lost all its workers", hint=hint)
        self._threads = max(threads, 1)


def _same(value: S) -> S:
    return value
