"""Directories of parts on a Dask cluster: a scheduler and worker processes on the loopback."""

from __future__ import annotations

import gc
import json
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from adcli.cli import cluster_run, cluster_task
from adcli.cluster import connection
from adcli.errors import RequestError

from .conftest import ENVIRONMENT, assert_refused

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="distributed is not installed")

# A worker without a nanny, whose command line runs the statement before it.
WORKER = "import sys; {}; from distributed.cli.dask_worker import main; main()"
QUIET = {**ENVIRONMENT, "DASK_LOGGING__DISTRIBUTED": "error", "POLARS_MAX_THREADS": "1"}
BITS = "log(1 + exp(-x*y))/sqrt(1 + x**2 + y**2)*tanh(x - y) + x*y"


class Cluster:
    """A scheduler and workers of one thread, as processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self.start_scheduler()

    def start_scheduler(self) -> None:
        file = self.folder / f"{os.urandom(4).hex()}.json"
        words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler", *words]
        self.scheduler = self._start(command)
        while not file.exists() or not file.read_text().endswith("}"):
            assert self.scheduler.poll() is None
            time.sleep(0.02)
        self.address = json.loads(file.read_text())["address"]

    def add_worker(self, before: str = "pass", folder: Path | None = None) -> subprocess.Popen[bytes]:
        words = ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--death-timeout", "600"]
        place = ["--local-directory", str(self.folder)]
        worker = self._start([sys.executable, "-c", WORKER.format(before), self.address, *words, *place], folder)
        self.workers.append(worker)
        return worker

    def _start(self, command: list[str], folder: Path | None = None) -> subprocess.Popen[bytes]:
        log = open(self.folder / "log", "ab")  # noqa: SIM115 - the process has it
        with log:
            return subprocess.Popen(command, cwd=folder or self.folder, env=QUIET, stdout=log, stderr=log)

    def grow(self, count: int) -> None:
        """Start workers until there are so many."""
        while len(self.workers) < count:
            self.add_worker()
        self.wait_for_workers(len(self.workers))

    def wait_for_workers(self, count: int) -> None:
        with connection.connect(self.address) as client:
            client.wait_for_workers(count, timeout=600)
            while len(client.nthreads()) != count:
                time.sleep(0.05)

    def stop(self, processes: list[subprocess.Popen[bytes]]) -> None:
        for process in processes:
            process.kill()
            process.wait()
        self.workers = [worker for worker in self.workers if worker not in processes]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One worker at first. Tests may add others and kill them. A slow machine may take its time to start them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "SCHEDULER_SECONDS", 600.0)
        patch.setattr(connection, "WORKER_SECONDS", 600.0)
        started = Cluster(tmp_path_factory.mktemp("cluster"))
        started.add_worker()
        try:
            yield started
        finally:
            started.stop([*started.workers, started.scheduler])


def write_files(count: int, rows: int = 300, folder: str = "in", suffix: str = "csv") -> None:
    chance = np.random.default_rng(3)
    os.makedirs(folder, exist_ok=True)
    for number in range(count):
        table = np.column_stack([np.arange(rows) + number * rows, chance.normal(size=(rows, 2))])
        if suffix == "parquet":
            import polars as pl

            pl.DataFrame(table, schema=["id", "x", "y"]).write_parquet(f"{folder}/{number:02}.parquet")
        else:
            lines = [f"{int(id)},{x!r},{y!r}\n" for id, x, y in table.tolist()]
            Path(f"{folder}/{number:02}.csv").write_text("id,x,y\n" + "".join(lines))


def contents(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def same_as_single(run, words: list[str], address: str) -> None:
    """The cluster and this process write the same files, with the same notes."""
    alone = run([*words, "-o", "alone/", "--cluster", "none"])
    together = run([*words, "-o", "together/", "--cluster", address])
    assert together == alone
    assert contents("together") == contents("alone")


def test_bits_are_those_of_one_machine(run, cluster: Cluster) -> None:
    backends = ["numpy", "llvm"] if find_spec("llvmlite") is not None else ["numpy"]
    cases = [(count, backend) for count in (1, 4, 16) for backend in backends]
    for count in (1, 4, 16):
        write_files(count, 4800 // count, f"in{count}")
    alone = {}
    for count, backend in cases:
        words = ["grad", BITS, "--data", f"in{count}", "--backend", backend, "-o", f"alone-{count}-{backend}/"]
        assert run(words) == (0, "", "")
        alone[count, backend] = contents(f"alone-{count}-{backend}")
    for workers in (1, 2):
        cluster.grow(workers)
        for count, backend in cases:
            out = f"out-{workers}-{count}-{backend}/"
            words = ["grad", BITS, "--data", f"in{count}", "--backend", backend, "-o", out]
            assert run([*words, "--cluster", cluster.address]) == (0, "", "")
            assert contents(out) == alone[count, backend], out


def test_notes_are_those_of_one_machine(run, cluster: Cluster) -> None:
    for name, text in (("k=1/a", "x;n\n-1,5;a\n;b\n"), ("k=-2/b", "n;x\n-;oops\nc;2,5\n"), ("k=01/c", "n;x\n\xe9;4\n")):
        path = Path(f"in/{name}.csv")
        path.parent.mkdir(parents=True)
        path.write_bytes(text.encode("latin-1"))
    words = ["taylor", "a*sqrt(x)", "--data", "in", "--decimal", ",", "--on-error", "skip", "--order", "2"]
    same_as_single(run, [*words, "a=1/3", "--wrt", "x", "--strict", "--format", "json"], cluster.address)
    assert json.loads(Path("together/_SUCCESS").read_text())["undefined"]["count"] == 1


def test_every_command_with_parts(run, cluster: Cluster) -> None:
    write_files(3, 5)
    Path("in/02.csv").write_text("x,id\n0.5,7\n")
    Path("formula.txt").write_text("f(t) = t**2; f(x)*id")
    commands = [
        ["eval", "@formula.txt", "--name", "f=g"],
        ["jac", "[x*id, x]"], ["hess", "x**2*id"], ["jvp", "x*id", "--dx", "1"],
        ["hvp", "x*id*x", "dx=2"],
        ["implicit", "z**2 = x**2 + 1", "--of", "z", "--wrt", "x", "--solve", "z=0:9"],
    ]  # fmt: skip
    for number, words in enumerate(commands):
        os.makedirs(str(number))
        words = [*words, "--data", "in/*.csv", "--union", "--where", "id < 12"]
        alone = run([*words, "-o", f"{number}/alone/"])
        assert alone.status == 0, alone
        assert run([*words, "-o", f"{number}/out/", "--cluster", cluster.address]) == alone
        assert contents(f"{number}/out") == contents(f"{number}/alone")


def test_a_damaged_file_does_not_stop_the_others(run, cluster: Cluster) -> None:
    pytest.importorskip("polars")
    write_files(6, suffix="parquet")
    words = ["grad", "x*y", "--data", "in", "-o", "out/", "--cluster", cluster.address]
    whole = Path("in/03.parquet").read_bytes()
    Path("in/03.parquet").write_bytes(whole[:500])
    done = run(words)
    assert_refused(done, "'in/03.parquet'", "5 of 6 parts are written; the same command computes what is missing\n")
    assert done.err.count("\n") == 1
    assert not os.path.exists("out/_SUCCESS")
    times = {path: os.stat(path).st_mtime_ns for path in Path("out").glob("part-*")}
    Path("in/03.parquet").write_bytes(whole)
    assert run(words) == (0, "", "")
    assert {path: os.stat(path).st_mtime_ns for path in times} == times
    assert run(["grad", "x*y", "--data", "in", "-o", "alone/"]) == (0, "", "")
    assert contents("out") == contents("alone")


def test_a_worker_that_is_killed_loses_nothing(run, cluster: Cluster) -> None:
    write_files(16, 2000)
    cluster.grow(2)

    def kill() -> None:
        while not list(Path("out").glob("part-*")):
            time.sleep(0.001)
        cluster.stop(cluster.workers[1:])

    thread = threading.Thread(target=kill)
    thread.start()
    done = run(["grad", BITS, "--data", "in", "-o", "out/", "--cluster", cluster.address])
    thread.join()
    assert done == (0, "", "")
    assert run(["grad", BITS, "--data", "in", "-o", "alone/"]) == (0, "", "")
    assert contents("out") == contents("alone")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (caused(OSError("Timed out"), ConnectionRefusedError(111, "Connection refused")), "Connection refused"),
        (OSError("Timed out"), "check the address, or start one with the command dask scheduler"),
        (MemoryError("Unable to allocate 3.07 EiB"), "another program answers there"),
        (ValueError("unknown address scheme\nmore"), "unknown address scheme"),
        (ValueError(), "ValueError"),
    ],
)
def test_why_there_is_no_connection(error: Exception, hint: str, monkeypatch) -> None:
    def fail(*rest: object) -> None:
        raise error

    monkeypatch.setattr(connection, "SCHEDULER_SECONDS", 10.0)
    monkeypatch.setattr(connection, "_open_client", fail)
    with pytest.raises(RequestError) as raised, connection.connect("tcp://h:1"):
        pass
    assert str(raised.value) == f"no scheduler answers at 'tcp://h:1' within 10 s: {hint}"


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("--cluster local:4", ["--cluster is for a directory of parts: as in --data 'in/*.csv' -o out/ --cluster"]),
        ("-o out.csv --cluster tcp://127.0.0.1:1", ["--cluster is for a directory of parts"]),
        ("-o out/ --cluster local:0", ["'local:0' is not the address of a cluster: as in tcp://HOST:8786"]),
        ("-o out/ --cluster scheduler", ["'scheduler' is not the address of a cluster"]),
        ("-o out/ --cluster tcp://127.0.0.1:1", ["no scheduler answers at 'tcp://127.0.0.1:1' within 0.1 s: "]),
        ("-o out/ --cluster tls://127.0.0.1:1", ["no scheduler answers at 'tls://127.0.0.1:1'"]),
        ("-o out/ --cluster nothing://h:1", ["no scheduler answers at 'nothing://h:1'"]),
    ],
)
def test_mistakes(words: str, texts: list[str], run, monkeypatch) -> None:
    monkeypatch.setattr(connection, "SCHEDULER_SECONDS", 0.1)
    write_files(1, 2)
    done = run(["eval", "x", "--data", "in", *words.split()])
    assert_refused(done, *texts)
    assert done.err.count("\n") == 1
    assert not os.path.exists("out")


def test_a_client_that_cannot_connect_is_closed() -> None:
    """The garbage collection would close it while another client starts, and would wait forever."""
    from distributed import Client

    with pytest.raises(RequestError), connection.connect("nothing://h:1"):
        pass
    clients = [each for each in gc.get_objects() if issubclass(type(each), Client)]
    assert [client for client in clients if client.status != "closed"] == []


def test_without_dask(run, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    write_files(1, 2)
    done = run(["eval", "x", "--data", "in", "-o", "out/", "--cluster", "local:2"])
    assert_refused(done, "a cluster needs Dask's distributed", 'pip install "adcli[cluster]"')


def test_the_address_in_the_environment(run, monkeypatch, cluster: Cluster) -> None:
    write_files(2, 2)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.address)
    note = f"note: the parts are computed on '{cluster.address}' (DASK_SCHEDULER_ADDRESS); --cluster none computes"
    assert run(["eval", "x", "--data", "in", "-o", "out/"]).err == f"{note} them here\n"
    assert run(["eval", "x", "--data", "in", "-o", "here/", "--cluster", "none"]) == (0, "", "")
    assert run(["eval", "x", "--data", "in", "-o", "one.csv"]) == (0, "", "")
    monkeypatch.setattr(cluster_run, "find_spec", lambda name: None)
    assert run(["eval", "x", "--data", "in", "-o", "also-here/"]) == (0, "", "")


def test_other_versions_and_other_bits_are_refused(run, monkeypatch, cluster: Cluster) -> None:
    write_files(2, 2)
    words = ["eval", "x", "--data", "in", "-o", "out/", "--cluster", cluster.address]
    describe = cluster_task.describe_machine
    for name, text in (
        ("numpy", "this machine has 0.9"),
        ("bits", "gives other bits than this machine at 1000 points"),
    ):
        monkeypatch.setattr(cluster_run, "describe_machine", lambda *rest, name=name: {**describe(*rest), name: "0.9"})
        done = run(words)
        assert_refused(done, f"the worker {cluster.address.rpartition(':')[0]}:", text)
        assert done.err.count("\n") == 1
        assert not os.path.exists("out")


def test_a_scheduler_that_ends_while_the_workers_are_checked(run, monkeypatch, cluster: Cluster) -> None:
    from distributed.comm import CommClosedError

    def fail(*rest: object) -> None:
        raise CommClosedError("ConnectionResetError")

    write_files(1, 2)
    monkeypatch.setattr(cluster_run, "_check_workers", fail)
    done = run(["eval", "x", "--data", "in", "-o", "out/", "--cluster", cluster.address])
    assert_refused(done, f"the connection to the scheduler '{cluster.address}' is lost: start it again if it has ended")
    assert not os.path.exists("out")


def test_small_files_share_a_task(run, monkeypatch) -> None:
    write_files(16, 10)
    groups: list[tuple[int, ...]] = []

    def compute(parts: cluster_run.Parts, address: str) -> Iterator[object]:
        monkeypatch.setattr(parts.points.data, "sizes", [100] * 16)
        for threads in (1, 2, 100):
            groups.append(tuple(map(len, cluster_run._plan_groups(parts, list(range(16)), threads))))
        monkeypatch.setattr(parts.points.data, "sizes", [1 << 29] * 15 + [1 << 40])
        groups.append(tuple(map(len, cluster_run._plan_groups(parts, list(range(16)), 1))))
        task = next(cluster_run._plan_groups(parts, [0, 1], 1))
        groups.append((len(pickle.dumps((cluster_task.compute_parts, task))),))
        raise cluster_run.RequestError("enough")
        yield

    monkeypatch.setattr(cluster_run, "_connect", cluster_run.contextmanager(compute))
    assert run(["eval", "x", "--data", "in", "-o", "out/", "--cluster", "local:2"]).err == "adcli: enough\n"
    assert [sum(group) for group in groups[:4]] == [16] * 4
    assert groups[0] == (4, 4, 4, 4)
    assert groups[1] == (2,) * 8
    assert groups[2] == (1,) * 16
    assert groups[3] == (2,) * 7 + (1, 1)
    assert groups[4] < (2000,)
