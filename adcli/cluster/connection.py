"""A connection to the scheduler of a Dask cluster, or a cluster of worker processes on this machine."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from ..errors import AdcliError, RequestError, missing_extra, quoted_path

if TYPE_CHECKING:
    from distributed import Client

R = TypeVar("R")

LOCAL = "local:"  # before the number of worker processes
SCHEDULER_SECONDS = 10.0  # to wait for the scheduler
WORKER_SECONDS = 30.0  # to wait for the first worker
CLOSE_SECONDS = 5.0  # to wait for the scheduler when the connection is closed
MOST_LOCAL = 1024  # worker processes on one machine


def local_workers(address: str) -> int | None:
    """Return how many worker processes an address asks for on this machine, None for the address of a scheduler.

    >>> local_workers("local:4"), local_workers("tcp://10.0.0.1:8786")
    (4, None)

    Raises:
        RequestError: it is neither.
    """
    count = address.removeprefix(LOCAL) if address.startswith(LOCAL) else ""
    if count.isascii() and count.isdecimal() and 0 < int(count) <= MOST_LOCAL:
        return int(count)
    if address.startswith("local") or ":" not in address:
        hint = "as in tcp://HOST:8786, or local:4 for 4 processes on this machine"
        raise RequestError(f"{quoted_path(address)} is not the address of a cluster", hint=hint)
    return None


@contextmanager
def connect(address: str) -> Iterator[Client]:
    """Connect to the scheduler at an address, or start worker processes for ``local:N``, and wait for a worker.

    Nothing of Dask's log is printed until the connection is closed.

    Raises:
        RequestError: Dask is not installed, there is no scheduler or no worker in time, or the connection is lost.
    """
    count = local_workers(address)
    with _silence(), ExitStack() as stack:
        try:
            import distributed
        except ImportError:
            raise missing_extra("a cluster needs Dask's distributed", "cluster") from None
        target = address if count is None else stack.enter_context(_start_workers(count))
        try:
            client = _open_client(target, SCHEDULER_SECONDS)
        except Exception as error:  # of addresses, sockets, TLS and handshakes
            problem = f"no scheduler answers at {quoted_path(address)} within {SCHEDULER_SECONDS:g} s"
            raise RequestError(problem, hint=_explain(error)) from None
        stack.callback(_close, client)
        _wait_for_worker(client, address, WORKER_SECONDS)
        try:
            yield client
        except AdcliError:
            raise
        except Exception as error:
            if isinstance(error, distributed.comm.CommClosedError) or client.status != "running":
                raise lost_scheduler(address) from None
            raise


def _explain(error: Exception) -> str:
    """Return why there is no connection: what the system says, for example that it was refused, or what Dask says."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, OSError):  # a time-out, which the message names already
        return "check the address, or start one with the command dask scheduler"
    if isinstance(error, MemoryError):  # Dask takes an answer in another protocol for the length of a message
        return "another program answers there"
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0]


def _open_client(target: object, seconds: float) -> Client:
    """Return a client of a scheduler. One that cannot connect is closed here.

    Otherwise the garbage collection would close it, which never ends if it comes while another client starts.
    """
    from distributed import Client

    class ClosingClient(Client):  # type: ignore[misc]  # distributed has no types
        def start(self, **options: object) -> None:
            try:
                super().start(**options)
            except BaseException:
                _close(self)
                raise

    return ClosingClient(target, timeout=seconds, set_as_default=False, name="adcli")


def _wait_for_worker(client: Client, address: str, seconds: float) -> None:
    try:
        client.wait_for_workers(1, timeout=seconds)
    except Exception:
        if client.status != "running":
            raise lost_scheduler(address) from None
        problem = f"{quoted_path(address)} has no worker after {seconds:g} s"
        raise RequestError(problem, hint="start one with the command dask worker") from None


def lost_scheduler(address: str) -> RequestError:
    """Return the error that the connection to the scheduler is lost."""
    problem = f"the connection to the scheduler {quoted_path(address)} is lost"
    return RequestError(problem, hint="start it again if it has ended")


def _close(client: Client) -> None:
    with suppress(Exception):
        client.close(timeout=CLOSE_SECONDS)


@contextmanager
def _start_workers(count: int) -> Iterator[object]:
    """Start worker processes of one thread each, which end with this process."""
    import dask
    from distributed import LocalCluster

    # A worker has one thread, so the threads of its libraries would only wait for each other.
    environment = {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_THREAD_TIMEOUT": "4"}
    # Dask's profiler takes a fifth of the time. The variable is also for the process that cleans up at the end.
    settings = dask.config.set({"distributed.worker.profile.enabled": False})
    with settings, _set_variable("PYTHONWARNINGS", "ignore"):
        cluster = LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0,
            silence_logs=logging.CRITICAL, env=environment,
        )  # fmt: skip
    try:
        yield cluster
    finally:
        with suppress(Exception):
            cluster.close(timeout=CLOSE_SECONDS)


@contextmanager
def _set_variable(name: str, value: str) -> Iterator[None]:
    """Set an environment variable for the processes that are started inside of the block."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextmanager
def _silence() -> Iterator[None]:
    """Print no log and no warning of any library: each fault is one line of the command."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def ask_workers(client: Client, question: Callable[..., R], *arguments: object) -> dict[str, R | BaseException]:
    """Return what a function returns, or raises, on each worker."""
    answers: dict[str, R | BaseException] = client.run(question, *arguments, on_error="return")
    return answers
