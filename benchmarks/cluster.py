"""A directory of parts on a Dask cluster: processor time beside one process, memory, bytes per task, speed-up.

The scheduler and the workers run on this machine. Wall time and speed-up depend on its cores and on what else it does.
"""

from __future__ import annotations

import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common import Table, options

from adcli.cli import main

TEXT = "sin(x**2)*cos(y)"
ROWS = 500_000  # of a part
PARTS = 8
PLANNED = 100_000  # parts of the simulated run

# A run whose workers are simulated: each part is an empty file, and what was counted in it is a real record.
SIMULATED = """
import pickle, resource, sys
from contextlib import contextmanager
from types import SimpleNamespace
import distributed
from adcli.cli import cluster_run, main
from adcli.cluster import connection, window
from adcli.cli.cluster_task import Outcome

rows = {"count": 0, "first": None}
first = {"count": 7, "first": {"row": "line 12345", "point": {"x": 0.123456789012345, "y": -0.123456789012345}}}

class Window:
    def __init__(self, *rest): self.repeated = []
    def results(self, tasks):
        for group in tasks:
            for part in group:
                open(f"out/{part.name}", "w").close()
            outcomes = [Outcome(part.number, {"name": part.name, "file": part.path, "rows": 100, "bad": rows,
                        "missing": rows, "undefined": first, "imprecise": rows}) for part in group]
            yield group, pickle.loads(pickle.dumps([pickle.loads(pickle.dumps(outcome)) for outcome in outcomes]))

@contextmanager
def connect(address):
    yield SimpleNamespace(nthreads=lambda: {"w": 8})

connection.connect, window.Window, connection.ask_workers = connect, Window, lambda *rest: {}
status = main(["grad", "x*y", "--data", "in", "-o", "out/", "--cluster", "tcp://simulated:1"])
print(status, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def write_parts(folder: str, parts: int, rows: int) -> None:
    """Write Parquet files of three columns."""
    import numpy as np
    import polars as pl

    os.makedirs(folder)
    chance = np.random.default_rng(1)
    for number in range(parts):
        columns = {"id": np.arange(rows) + number * rows, "x": chance.normal(size=rows), "y": chance.normal(size=rows)}
        pl.DataFrame(columns).write_parquet(f"{folder}/{number:03}.parquet")


def run(*words: str) -> float:
    """Compute the parts, and return the seconds that it took."""
    shutil.rmtree("out", ignore_errors=True)
    start = time.perf_counter()
    status = main(["grad", TEXT, "--data", "in", "--backend", "llvm", "-o", "out/", *words])
    assert status == 0
    return time.perf_counter() - start


def measure_process() -> tuple[float, float]:
    """Return the processor seconds of this process so far, and its peak memory in MB."""
    return time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def start_cluster(workers: int) -> Iterator[tuple[str, object]]:
    """Start a scheduler and workers of one thread."""
    import dask
    from distributed import Client, LocalCluster

    environment = {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),
        LocalCluster(workers, threads_per_worker=1, dashboard_address=None, memory_limit=0, env=environment) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield cluster.scheduler_address, client


def measure_cluster(workers: int) -> tuple[float, float, float]:
    """Return wall seconds, processor seconds of the workers and the peak of one worker in MB, of a second run."""
    with start_cluster(workers) as (address, client):
        run("--cluster", address)
        before = client.run(measure_process)  # type: ignore[attr-defined]
        wall = run("--cluster", address)
        after = client.run(measure_process)  # type: ignore[attr-defined]
    spent = sum(after[worker][0] - before[worker][0] for worker in after)
    return wall, spent, max(peak for _, peak in after.values())


def simulate() -> int:
    """Return the peak memory in MB of a command with `PLANNED` parts and simulated workers."""
    os.makedirs("many/in")
    for number in range(PLANNED):
        Path(f"many/in/{number:06}.csv").write_text("x,y\n1,2\n")
    done = subprocess.run([sys.executable, "-c", SIMULATED], cwd="many", capture_output=True, text=True)
    status, peak = done.stdout.split()
    assert status == "0", done.stderr
    return int(peak)


def task_bytes() -> int:
    """Return the bytes of the largest task: the function and its argument."""
    from adcli.cli.cluster_run import PLAIN_BYTES, TASK_BYTES
    from adcli.cli.cluster_task import Part, compute_parts
    from adcli.store.entry import Status

    path = "s3://bucket/" + "x" * 48 + ".parquet"
    name = "part-00000-0123456789ab.parquet"
    status = Status(1 << 30, "0123456789abcdef0123456789abcdef")
    count = TASK_BYTES // (len(path) + len(name) + PLAIN_BYTES)
    parts = tuple(Part(number, f"{number}{name}", f"{number}{path}", status) for number in range(count))
    return len(pickle.dumps((compute_parts, "adcli-0123456789ab-run", parts, "adcli-0123456789ab-100000")))


def report() -> None:
    """Print the table."""
    given = options(__doc__ or "", runs=1, quick_runs=1)
    parts = 2 if given.quick else PARTS
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write_parts("in", parts, ROWS)
        run("--threads", "1")
        before = measure_process()[0]
        wall = run("--threads", "1")
        alone = measure_process()[0] - before
        title = f"{parts} parts of {ROWS} rows, {os.cpu_count()} cores"
        table = Table(title, "", "seconds", "CPU seconds", "ratio", "MB of a worker")
        table.add("one process, one thread", wall, alone, 1.0, None)
        walls = []
        for workers in (1, 2):
            wall, spent, peak = measure_cluster(workers)
            walls.append(wall)
            table.add(f"workers: {workers}", wall, spent, spent / alone, int(peak))
        table.print()
        print(f"speed-up of 2 workers: {walls[0] / walls[1]:.2f}")
        print(f"bytes of a task: {task_bytes()}")
        if not given.quick:
            print(f"memory of the command with {PLANNED} parts: {simulate()} MB")
        os.chdir("/")


if __name__ == "__main__":  # the workers import this module
    report()
