"""What the workers of a cluster compute: parts of a run, which is rebuilt from the words of its command line.

A run is plain data. A worker keeps what it has built of the last runs, with their compiled formulas.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ..errors import AdcliError, RequestError, UnwritableError, quoted_path
from ..parts.data_files import DataFile, read_partition
from ..parts.data_set import DataSet, Layout
from ..parts.directory import Facts, PartRecords
from ..store.entry import Status
from .command_group import load_command
from .part_loop import PartLoop
from .points import TablePoints
from .progress import Progress
from .task import read_task
from .vectors import require_rows
from .words import ParsedWords

if TYPE_CHECKING:
    from ..formula.outputs import Outputs

Machine: TypeAlias = dict[str, str]  # what must be equal on all machines of a run

KEPT_RUNS = 4  # whose compiled formulas a worker keeps
PROBE_ROWS = 1000
# What may pass, of a network or a file system on it, besides broken connections and timeouts.
_NAMES = ("EIO", "ESTALE", "ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH")
PASSING = {getattr(errno, name) for name in _NAMES if hasattr(errno, name)}


class Run(NamedTuple):
    """A run as plain data.

    Attributes:
        digest: of all the rest.
        command: its name.
        words: the expression, the values as ``(name, text)``, the command's options and whether there is an equation.
        params: the options, as click has parsed them.
        layout: of the input.
        output: the directory of the parts, as an absolute path or a URL.
        output_format: of the parts.
        backend: of all parts.
        facts: the hash of the run, which the directory has recorded.
        machine: of the command.
    """

    digest: str
    command: str
    words: tuple[str, Sequence[tuple[str, str]], Sequence[str], bool]
    params: Mapping[str, Any]
    layout: Layout
    output: str
    output_format: str
    backend: str
    facts: str
    machine: Machine


class Part(NamedTuple):
    """A part to compute.

    Attributes:
        number: of the part, from 0.
        name: of its file.
        path, status: of the file with its rows.
    """

    number: int
    name: str
    path: str
    status: Status


class Outcome(NamedTuple):
    """What became of a part.

    Attributes:
        number: of the part.
        result: what was counted in it, or why it is missing.
        is_passing: whether it may succeed if it is tried again.
        is_final: whether all other parts would fail as well.
    """

    number: int
    result: Facts | AdcliError
    is_passing: bool = False
    is_final: bool = False


def describe_machine(outputs: Outputs, backend: str) -> Machine:
    """Return versions and the hash of the results at fixed points, which show whether two machines give equal bits."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from .._version import __version__

    machine = {"adcli": __version__, "Python": ".".join(platform.python_version_tuple()[:2])}
    for name in ("numpy", "llvmlite", "polars"):
        try:
            machine[name] = version(name)
        except PackageNotFoundError:
            machine[name] = "none"
    return {**machine, "bits": _probe(outputs, backend)}


def _probe(outputs: Outputs, backend: str) -> str:
    """Return a hash of the results at `PROBE_ROWS` points."""
    from hashlib import sha256

    import numpy as np

    rows = np.arange(PROBE_ROWS, dtype=np.float64)
    columns = {name: (rows * (0.6180339887 + number) % 1 - 0.3) * 9 for number, name in enumerate(outputs.variables)}
    results = outputs.columns(backend, PROBE_ROWS, 1)(columns)
    bits = sha256()
    for result in results:
        column = np.broadcast_to(result, PROBE_ROWS)
        bits.update(np.where(np.isnan(column), np.nan, column).tobytes())  # the sign of a nan is not a result
    return bits.hexdigest()[:12]


def describe_worker(run: Run) -> Machine:
    """Return what `Run.machine` is on this worker.

    Raises:
        AdcliError: the run cannot be built here, for example because its files are elsewhere.
    """
    with _borrow(run) as worker:
        return worker.machine


def explain_difference(worker: str, machine: Machine, expected: Machine) -> AdcliError | None:
    """Return an error if a worker would not give the same bits as the machine of the command."""
    name = next((name for name in expected if machine.get(name) != expected[name]), None)
    if name == "bits":
        problem = f"the worker {worker} gives other bits than this machine at {PROBE_ROWS} points"
        hint = "run the command on a machine like the workers', or choose another --backend"
        return RequestError(problem, hint=hint)
    if name is not None:
        problem = f"the worker {worker} has {name} {machine.get(name)}, but this machine has {expected[name]}"
        return RequestError(problem, hint="install the same versions on all machines")
    return None


def compute_parts(run: Run, parts: Sequence[Part]) -> list[Outcome]:
    """Compute parts and write them, and return what became of each. After a full disk the rest is left out."""
    outcomes: list[Outcome] = []
    try:
        with _borrow(run) as worker:
            worker.check()
            for part in parts:
                outcomes.append(worker.compute(part))
                if outcomes[-1].is_final:
                    break
    except AdcliError as error:  # of building the run
        return [Outcome(parts[0].number, error, _is_passing(error), is_final=True)]
    return outcomes


class _Worker:
    """A run as this worker has built it."""

    def __init__(self, run: Run) -> None:
        expression, values, known, equation = run.words
        words = ParsedWords(known, equation)
        words.expression, words.values = expression, list(values)
        task = read_task(load_command(run.command), words, run.params)
        table = task.table._replace(
            output=run.output, output_format=run.output_format, threads=task.table.threads or 1
        )  # a worker has as many tasks at a time as it has threads
        data = DataSet([run.layout.first], table.dialect, table.union, checks=False, layout=run.layout)
        self._points = TablePoints(task.words, table, task.formula, task.directed, task.unknown, data)
        with closing(self._points):
            outputs = task.outputs(require_rows(self._points.formula, task), self._points.directions)
            self.machine = describe_machine(outputs, run.backend)
            self._run = run
            self._records = PartRecords(run.output, run.facts)
            self._loop = PartLoop(table, self._points, outputs, run.backend, self._records)
        self._is_checked = False

    def check(self) -> None:
        """Check once that this worker gives the same bits, and that it has the directory of the run.

        Raises:
            RequestError: it does not.
        """
        if self._is_checked:
            return
        from distributed import get_worker

        difference = explain_difference(get_worker().address, self.machine, self._run.machine)
        if difference is not None:
            raise difference
        if self._records.read_run() is None:
            problem = f"the worker {get_worker().address} does not have the directory {quoted_path(self._run.output)}"
            raise RequestError(problem, hint="all workers need one that they share with this machine")
        self._is_checked = True

    def compute(self, part: Part) -> Outcome:
        """Compute a part, unless another worker has just done it."""
        self._points.data.replace(1, DataFile(part.path, read_partition(part.path), part.status))
        try:
            done = self._records.find(part.name)
            return Outcome(part.number, done or self._loop.compute(1, part.name, Progress(True)))
        except AdcliError as error:
            passing = _is_passing(error)
            return Outcome(part.number, error, passing, isinstance(error, UnwritableError))
        except MemoryError:
            problem = f"the worker has too little memory for {quoted_path(part.path)}"
            return Outcome(part.number, RequestError(problem, hint="give workers fewer threads, or more memory"))


def _is_passing(error: BaseException | None) -> bool:
    """Return whether an error comes from a fault of a network, which may pass."""
    while error is not None:
        if isinstance(error, (ConnectionError, TimeoutError)):
            return True
        if isinstance(error, OSError) and error.errno in PASSING:
            return True
        error = error.__cause__ or error.__context__
    return False


_idle: dict[str, list[_Worker]] = {}  # of the last runs, by their digests
_lock = Lock()


@contextmanager
def _borrow(run: Run) -> Iterator[_Worker]:
    """Lend what this worker has built of a run. No two threads get the same."""
    with _lock:
        kept = _idle.get(run.digest)
        worker = kept.pop() if kept else None
    worker = worker or _Worker(run)
    yield worker
    with _lock:
        _idle[run.digest] = [*_idle.pop(run.digest, []), worker]
        while len(_idle) > KEPT_RUNS:
            del _idle[next(iter(_idle))]
