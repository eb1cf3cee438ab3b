"""Compute the parts of a run on a Dask cluster: plan the tasks, check the workers, collect what they return."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeAlias

from ..errors import AdcliError, RequestError, quoted_path
from ..store.entry import join_path, place_in
from .cluster_task import Outcome, Part, Run, compute_parts, describe_machine, describe_worker, explain_difference
from .output import note
from .part_run import Engine, OpenEngine, Parts, compute_here
from .progress import Progress

if TYPE_CHECKING:
    from distributed import Client

    from ..cluster.window import Window
    from ..parts.directory import Facts

Group: TypeAlias = tuple[Part, ...]  # what one task computes

RETRIES = 2  # of a part after a fault of a network or the death of its worker
TASK_INPUT = 1 << 30  # bytes of input per task, or less for a share of all workers
TASKS_PER_THREAD = 4  # at least, if there are enough parts, so that all workers end at about the same time
TASK_BYTES = 1400  # of the parts in a task
PLAIN_BYTES = 64  # of a part in a task, besides its names
VARIABLE = "DASK_SCHEDULER_ADDRESS"  # where programs that use Dask find a cluster
NO_CLUSTER = "none"


def choose_engine(option: str | None) -> OpenEngine:
    """Return what computes the parts: a cluster if there is one, otherwise this process.

    `option`: the value of --cluster. Without one, and if Dask is installed, it is that of `VARIABLE`.
    """
    address = option
    if option is None and find_spec("distributed") is not None:
        address = os.environ.get(VARIABLE) or None
    return compute_here if address is None or address == NO_CLUSTER else partial(_connect, address=address)


@contextmanager
def _connect(parts: Parts, address: str) -> Iterator[Engine]:
    """Connect to a cluster and check its workers.

    Raises:
        RequestError: there is none, or a worker would not give the same bits as this machine.
    """
    import gc

    from ..cluster.connection import connect

    if parts.table.cluster is None:
        note(f"the parts are computed on {quoted_path(address)} ({VARIABLE}); --cluster none computes them here")
    gc.enable()  # the connection leaves garbage with each task
    run = _describe_run(parts)
    with connect(address) as client:
        _check_workers(client, run)
        yield partial(_compute, parts, run, client, address)


def _describe_run(parts: Parts) -> Run:
    """Return a run as plain data."""
    import click

    from ..parts.directory import digest

    ctx = click.get_current_context()
    words, fixed = ctx.obj, parts.points.fixed
    values = [(name, repr(fixed[name]) if text.lstrip().startswith("@") else text) for name, text in words.values]
    first = parts.points.data.files[0].path
    output = place_in(os.getcwd(), join_path(parts.directory.path, ""))
    run = Run(
        digest="",
        command=ctx.info_name or "",
        words=(parts.task.formula.formula.text, values, list(words.known), words.equation),
        params={**ctx.params, "data": (first,), "output": output, "cluster": None},
        layout=parts.points.data.layout(),
        output=output,
        output_format=parts.table.output_format,
        backend=parts.backend,
        facts=parts.run,
        machine=describe_machine(parts.outputs, parts.backend),
    )
    return run._replace(digest=digest(run))


def _check_workers(client: Client, run: Run) -> None:
    """Check that each worker gives the same bits as this machine."""
    from ..cluster.connection import ask_workers

    for worker, answer in ask_workers(client, describe_worker, run).items():
        if isinstance(answer, OSError):  # the worker has just gone
            continue
        if _lacks_module(answer):
            hint = f"install adcli {run.machine['adcli']} and its extras there"
            raise RequestError(f"the worker {worker} does not have this adcli", hint=hint)
        if isinstance(answer, AdcliError):
            raise RequestError(f"the worker {worker} cannot compute parts", hint=answer.command_message())
        if isinstance(answer, BaseException):
            raise answer
        difference = explain_difference(worker, answer, run.machine)
        if difference is not None:
            raise difference


def _lacks_module(answer: object) -> bool:
    """Return whether a worker could not find a module or function of adcli. Dask may return the text of the error."""
    return isinstance(answer, ImportError) or (type(answer) is Exception and "ModuleNotFoundError" in str(answer))


def _compute(
    parts: Parts, run: Run, client: Client, address: str, numbers: Iterable[int], progress: Progress, rows: int
) -> Iterator[tuple[int, Facts | AdcliError]]:
    """Yield the numbers of parts with what was counted in them, or why they are missing, as they end. See `Engine`."""
    from ..cluster.window import Window

    window: Window[Run, Group, list[Outcome]] = Window(client, address, compute_parts, run)
    tries: Counter[int] = Counter()
    threads = sum(client.nthreads().values())
    for group, result in window.results(_plan_groups(parts, list(numbers), threads)):
        outcomes = _explain_failure(group, result) if isinstance(result, Exception) else result
        by_number = {part.number: part for part in group}
        for number, outcome, is_passing, is_final in outcomes:
            if is_passing and tries[number] < RETRIES:
                tries[number] += 1
                again = group if is_final else (by_number[number],)
                window.repeated.append(again)
                continue
            if isinstance(outcome, AdcliError) and is_final:
                raise outcome
            parts.points.skip(number)
            if not isinstance(outcome, AdcliError):
                rows += outcome["rows"]
            yield number, outcome
            progress.show(rows, parts.points.part(rows))


def _plan_groups(parts: Parts, numbers: Sequence[int], threads: int) -> Iterator[Group]:
    """Yield the parts of each task: one, or several small ones."""
    data = parts.points.data
    share = sum(data.sizes[number] for number in numbers) // (max(threads, 1) * TASKS_PER_THREAD)
    limit = min(share, TASK_INPUT)
    group: list[Part] = []
    size = text = 0
    for number in numbers:
        file = data.files[number]
        assert file.status is not None  # it was listed for a directory of parts
        part = Part(number, parts.names[number], file.path, file.status)
        length = len(part.name) + len(part.path.encode("utf-8", "surrogateescape")) + PLAIN_BYTES
        if group and (size + data.sizes[number] > limit or text + length > TASK_BYTES):
            yield tuple(group)
            group, size, text = [], 0, 0
        group.append(part)
        size += data.sizes[number]
        text += length
    if group:
        yield tuple(group)


def _explain_failure(group: Group, error: Exception) -> list[Outcome]:
    """Return the outcomes of a task that has returned none.

    Raises:
        RequestError: its worker does not have this adcli, or has failed.
        Exception: it is neither that nor the death of a worker nor a lack of memory.
    """
    from distributed import KilledWorker

    if _lacks_module(error):
        raise RequestError("a worker does not have this adcli", hint="install the same version on all machines")
    if isinstance(error, OSError):
        raise RequestError("a worker has failed", hint=str(error))
    if not isinstance(error, (KilledWorker, MemoryError)):
        raise error
    hint = "give workers more memory, and see their logs"
    return [
        Outcome(part.number, RequestError(f"workers end while they compute {quoted_path(part.path)}", hint=hint), True)
        for part in group
    ]
