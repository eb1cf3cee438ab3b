"""Signals and kills at random and at chosen moments: nothing is left behind, and the output is old or new."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from adcli.tables import polars_csv
from tests.sampling import SEED, long

from .conftest import ENVIRONMENT, POLARS, PYTHON

IS_NOHUP = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGTERM if IS_NOHUP else signal.SIGHUP]
ROWS = 30_000
MANY_ROWS = 330_000  # so that Polars reads and writes them
CASES = [
    ("in.csv", "out.csv"),
    ("in.csv.gz", "out.tsv"),
    ("in.ndjson", "out.json"),
    ("in.npy", "out.npy"),
    ("in.npz", "out.txt"),
    ("in.csv", "out.csv.gz"),
    pytest.param("large.csv", "out.csv", marks=POLARS),
    pytest.param("in.parquet", "out.parquet", marks=POLARS),
    pytest.param("large.csv", "out.parquet", marks=POLARS),
    pytest.param("in.parquet", "-", marks=POLARS),
]
INJECTED = """
import os, signal, sys
number, at = int(sys.argv[1]), int(sys.argv[2])
del sys.argv[1:3]
lines = 0

def trace(frame, event, argument):
    global lines
    lines += lines > 0 or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    if lines == at:
        os.kill(os.getpid(), number)
    return trace if "adcli" in frame.f_code.co_filename or "threading" in frame.f_code.co_filename else None

from adcli.cli import run
sys.settrace(trace)
run()
"""
TRACED_LINES = 200_000  # of most runs, those of imported modules included


def write_inputs(folder: Path) -> None:
    x = np.linspace(0.5, 2.5, ROWS)
    rows = "".join(f"{a!r},{i}\n" for i, a in enumerate(x.tolist()))
    text = f"x,n\n{rows}".encode()
    (folder / "in.csv").write_bytes(text)
    (folder / "large.csv").write_bytes(b"x,n\n" + b"1.25,7\n2.5,8\n" * (MANY_ROWS))
    (folder / "in.csv.gz").write_bytes(gzip.compress(text, 1))
    (folder / "in.ndjson").write_text("".join(f'{{"x": {a!r}, "n": {i}}}\n' for i, a in enumerate(x.tolist())))
    np.save(folder / "in.npy", np.array(list(zip(x, range(ROWS), strict=True)), dtype=[("x", float), ("n", int)]))
    np.savez(folder / "in.npz", x=x, n=np.arange(ROWS))
    if polars_csv.is_installed():
        import polars as pl

        pl.DataFrame({"x": x, "n": np.arange(ROWS)}).write_parquet(folder / "in.parquet")


def wait_for_handlers(running: subprocess.Popen[bytes]) -> None:
    """Wait until the process catches SIGTERM."""
    bit = 1 << (signal.SIGTERM - 1)
    while running.poll() is None:
        try:
            status = Path(f"/proc/{running.pid}/status").read_text(encoding="utf-8")
        except OSError:
            return
        if int(status.partition("SigCgt:")[2].split()[0], 16) & bit:
            return
        time.sleep(0.001)


def signalled(
    words: list[str], number: int, chance: random.Random, is_injected: bool, seconds: float
) -> tuple[int, bytes]:
    """Run the command, send it a signal, and return its status and what it wrote to standard error."""
    command = [*PYTHON, *words]
    if is_injected:
        at = chance.randrange(1, TRACED_LINES)
        command = [sys.executable, "-c", INJECTED, str(int(number)), str(at), *words]
    with subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as running:
        if not is_injected:
            wait_for_handlers(running)
            time.sleep(chance.random() * seconds)
            running.send_signal(number)
        try:
            err = running.communicate(timeout=300)[1]
        except subprocess.TimeoutExpired:
            running.kill()
            raise
    return running.returncode, err


@pytest.mark.parametrize(("source", "target"), CASES)
@long
def test_a_hundred_signals(source, target, tmp_path, monkeypatch):
    """Ten cases: 1000 signals, each second one at a chosen line of the main thread."""
    monkeypatch.chdir(tmp_path)
    write_inputs(tmp_path)
    words = ["grad", "sin(x)*n", "--data", source, "-o", target, *(["--format", "csv"] if target == "-" else [])]
    start = time.perf_counter()
    assert subprocess.run([*PYTHON, *words], env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=False).returncode == 0
    seconds = time.perf_counter() - start
    new = None if target == "-" else Path(target).read_bytes()
    before = sorted(path.name for path in tmp_path.iterdir())
    chance = random.Random(f"{SEED} {source} {target}")
    ended = 0
    for turn in range(int(os.environ.get("ADCLI_SIGNALS", "100"))):
        if new is not None:
            Path(target).write_bytes(b"old")
        number = SIGNALS[turn % 3]
        status, err = signalled(words, number, chance, turn % 2 == 1, seconds)
        assert status in (0, 128 + number), (turn, number, status, err)
        assert err == b"", (turn, number, status, err)
        assert sorted(path.name for path in tmp_path.iterdir()) == before, (turn, number, status)
        if new is not None:
            content = Path(target).read_bytes()
            assert content == new or (status and content == b"old"), (turn, number, status)
        ended += status != 0
    assert ended > turn // 3


def test_a_signal_at_any_line_ends_the_process(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("x\n1\n2\n", encoding="utf-8")
    words = ["grad", "x^2", "--data", "in.csv", "-o", "out.csv"]
    for number, at in zip(SIGNALS, (300, 2000, 4000), strict=True):
        done = subprocess.run(
            [sys.executable, "-c", INJECTED, str(int(number)), str(at), *words],
            env=ENVIRONMENT,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (128 + number, b"")
        assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


FOREVER = ["grad", "x*y", "--x", "0:1:1000000000", "y=2", "-o", "out.csv"]


def temporary(folder: Path) -> list[Path]:
    return [path for path in folder.glob(".adcli-*") if path.stat().st_size > 1000]


def test_a_later_run_removes_what_a_killed_run_left_and_nothing_of_a_live_run(tmp_path):
    paths = []
    runs = []
    try:
        for _ in range(2):
            runs.append(subprocess.Popen([*PYTHON, *FOREVER], env=ENVIRONMENT, cwd=tmp_path))
            while not (new := [path for path in temporary(tmp_path) if path not in paths]):
                assert runs[-1].poll() is None
                time.sleep(0.02)
            paths += new
        runs[0].kill()
        runs[0].wait()
        assert sorted(tmp_path.iterdir()) == sorted(paths)
        foreign, old = (tmp_path / f".adcli-00000000-{number}" for number in "12")
        foreign.write_bytes(b"")
        old.write_bytes(b"")
        os.utime(old, (0, 0))
        subprocess.run([*PYTHON, "grad", "x", "x=1", "-o", "other.txt"], env=ENVIRONMENT, cwd=tmp_path, check=True)
        assert sorted(tmp_path.iterdir()) == sorted([paths[1], foreign, tmp_path / "other.txt"])
    finally:
        for run in runs:
            run.kill()
            run.wait()
