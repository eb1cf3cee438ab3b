"""Long tables: memory, pipes, signals, what is written and what is not."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adcli.cli import points as _points
from adcli.cli import progress as _progress
from adcli.cli.progress import format_progress
from adcli.tables import polars_csv, source
from tests.sampling import long, rotate

from .conftest import ENVIRONMENT, FULL, POLARS, PYTHON

FOREVER = ["--x", "0:1:1000000000", "y=2"]
HANGUP = pytest.mark.skipif(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN, reason="these tests run under nohup")


def started(words: list[str], **options) -> subprocess.Popen[bytes]:
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    return subprocess.Popen([*PYTHON, *words], env=ENVIRONMENT, **options)


PEAK = """
import resource, sys
sys.modules["polars"] = None  # whose blocks are larger and would hide small ones
from adcli.cli import main
status = main(sys.argv[1:])
print(status, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def peak(words: list[str], rows: int, row: bytes, header: bytes, folder: Path) -> int:
    """Kilobytes of memory that the command takes at most over so many rows from a pipe."""
    with subprocess.Popen(
        [sys.executable, "-c", PEAK, *words],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT, cwd=folder,
    ) as running:  # fmt: skip
        assert running.stdin is not None
        assert running.stderr is not None
        running.stdin.write(header)
        for _ in range(rows // 1000):
            running.stdin.write(row * 1000)
        running.stdin.close()
        status, memory = running.stderr.read().split()[-2:]
    assert status == b"0"
    return int(memory)


@pytest.mark.parametrize(
    ("words", "row", "header", "rows"),
    [
        (["--format", "csv"], b"1.25,abcdefghij\n", b"x,n\n", 70_000),
        (["--format", "json"], b'{"x": 1.25, "n": "abcdefghij"}\n', b"", 40_000),
        (["--format", "text"], b'1.25,"abc ""d"" efg"\n', b"x,n\n", 50_000),
        (["--keep", "none", "--format", "npy"], b"1.25,abcdefghij\n", b"x,n\n", 70_000),
    ],
    ids=["csv", "json", "text", "npy"],
)
@long
def test_memory_is_flat(words, row, header, rows, tmp_path, monkeypatch):
    command = ["grad", "x**2", "--data", "-", "--backend", "numpy", *words]  # LLVM alone takes 45 MB
    few, many = (peak(command, count, row, header, tmp_path) for count in (rows, rows * 5))
    # Both are several blocks. What grew with the rows would take some 300 bytes for each: 50 MB and more.
    assert many < few + 15_000, (few, many)


def test_the_first_rows_leave_at_once():
    with started(["grad", "x**2", "--data", "-", "--format", "csv"], stdin=subprocess.PIPE, bufsize=0) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for row in range(3):
            running.stdin.write(b"x\n1\n" if row == 0 else b"%d\n" % (row + 1))
            running.stdin.flush()
            if row == 0:
                assert running.stdout.readline() == b"x,f,df_dx\n"
            assert select.select([running.stdout], [], [], 600)[0]
            assert running.stdout.readline() == b"%d,%d.0,%d.0\n" % (row + 1, (row + 1) ** 2, 2 * (row + 1))
        running.stdin.close()
    assert running.returncode == 0


def test_rows_that_were_written_are_told(tmp_path):
    with started(["eval", "x", "--data", "-", "--format", "value"], stdin=subprocess.PIPE) as running:
        out, err = running.communicate(b"x\n" + b"1\n" * 100_000 + b"oops\n")
    assert running.returncode == 2
    assert out.count(b"\n") == 100_000
    assert b"standard input, line 100002, column x: 'oops' is not a number" in err
    assert err.endswith(b"; 100000 rows were written before\n")


@FULL
def test_rows_of_a_table_that_comes_whole_are_not_told():
    with (
        Path("/dev/full").open("wb") as full,
        started(["eval", "x", "--x", "0:1:9", "--format", "npy"], stdout=full) as r,
    ):
        err = r.communicate()[1]
    assert (r.returncode, err) == (2, b"adcli: cannot write to standard output: No space left on device\n")


@pytest.mark.parametrize("form", rotate(["csv", "text", "json", "value"], 2))
def test_a_closed_pipe_ends_quietly(form):
    with started(["grad", "x*y", *FOREVER, "--format", form]) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(100)
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


@pytest.mark.parametrize(
    ("name", "number", "status"),
    rotate(
        (
            pytest.param(name, number, status, marks=[*for_file, *for_signal])
            for number, status, for_signal in (
                (signal.SIGINT, 130, []), (signal.SIGTERM, 143, []), (signal.SIGHUP, 129, [HANGUP])
            )
            for name, for_file in (
                ("out.csv", []), ("out.csv.gz", []), ("out.npy", []), ("out.parquet", [POLARS]), ("-", [])
            )
        ),
        4,
    ),
)  # fmt: skip
def test_signals_leave_nothing_half_written(name, number, status, tmp_path):
    if name != "-":
        (tmp_path / name).write_text("old")
    with started(["grad", "x*y", *FOREVER, "-o", name], cwd=tmp_path) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        if name == "-":
            running.stdout.read(100)
        else:
            while not any(path.stat().st_size > 1000 for path in tmp_path.glob(".adcli*")):
                assert running.poll() is None, "it ended before it wrote"
                time.sleep(0.02)
        running.send_signal(number)
        assert running.stderr.read() == b""
    assert running.returncode == status
    assert [path.name for path in tmp_path.iterdir()] == ([] if name == "-" else [name])
    assert name == "-" or (tmp_path / name).read_text() == "old"


@pytest.mark.parametrize("name", ["/dev/full", "-", pytest.param("parquet", marks=POLARS)])
@FULL
def test_a_full_disk(name):
    words = ["grad", "x*y", "--x", "0:1:100000", "y=1", "-o", "/dev/full" if name == "/dev/full" else "-"]
    if name == "parquet":
        words += ["--format", "parquet"]
    with open("/dev/full", "wb") as full, started(words, stdout=full) as running:
        assert running.stderr is not None
        message = running.stderr.read().decode()
    assert running.returncode == 2
    assert "cannot write" in message
    assert "No space left on device" in message
    assert message.count("\n") == 1


@pytest.mark.parametrize("quiet", rotate([{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], 3))
def test_progress_is_for_terminals(quiet, tmp_path):
    mine, theirs = pty.openpty()
    environment = {**ENVIRONMENT, "TERM": "xterm", **quiet}
    with subprocess.Popen(
        [*PYTHON, "grad", "x*y", *FOREVER, "-o", "out.npy"], stderr=theirs, env=environment, cwd=tmp_path
    ) as running:
        os.close(theirs)
        ready = select.select([mine], [], [], 1.6 if quiet else 30)[0]
        shown = os.read(mine, 1000).decode() if ready else ""
        running.terminate()
    os.close(mine)
    if quiet:
        assert shown == ""
    else:
        assert shown.startswith("\r[")
        assert "rows/s" in shown
        assert "left" in shown


def test_progress_in_words():
    assert format_progress(50, 2.0, None) == "50 rows  25 rows/s"
    assert format_progress(10**9, 100.0, 0.01) == "[                    ]   1%  1 G rows  10 M rows/s  2 h 45 min left"
    assert format_progress(10**9, 100.0, 1.5).startswith("[####################] 100%")


def test_progress_is_of_what_is_done_and_not_of_what_is_read_ahead(run, tmp_path, monkeypatch):
    seen: list[tuple[int, float | None]] = []
    monkeypatch.setattr(_points, "READ_AHEAD_BYTES", 0)
    monkeypatch.setattr(source, "FAST_BYTES", 1 << 60)
    monkeypatch.setattr(_progress.Progress, "show", lambda self, rows, part: seen.append((rows, part)))
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(b"x,n\n" + b"1.5,abcdefgh\n" * 100_000)
    assert run(["eval", "2*x", "--data", "a.csv", "--data", "b.csv", "-o", "out.csv"]).status == 0
    assert len(seen) > 8
    for rows, part in seen:
        assert part is not None
        assert abs(part - rows / 200_000) < 1e-3


@POLARS
def test_the_size_of_all_files_decides_whether_polars_reads(run, tmp_path, monkeypatch):
    sizes: list[int] = []
    read_rows = polars_csv.read_rows

    def read_and_count(data, *rest):
        sizes.append(len(data))
        return read_rows(data, *rest)

    monkeypatch.setattr(polars_csv, "read_rows", read_and_count)
    text = b"x,n\n" + b"1.5,abcdefgh\n" * 1000
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(text)
    words = ["eval", "2*x", "--data", "*.csv"]
    plain = run(words).out
    assert not sizes
    monkeypatch.setattr(source, "FAST_BYTES", len(text) + 1)
    monkeypatch.setattr(_points, "READ_AHEAD_BYTES", 0)
    assert run(words).out == plain
    assert sizes == [len(text) - 4] * 2


def test_nothing_but_what_is_needed_is_loaded():
    code = "import sys; from adcli.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"

    def loaded(*words: str) -> set[str]:
        done = subprocess.run([sys.executable, "-c", code, *words], env=ENVIRONMENT, capture_output=True, check=True)
        return set(done.stderr.decode().split())

    assert not loaded("grad", "x", "--x", "2") & {"numpy", "adcli.tables", "adcli.cli.ranges", "adcli.cli.table_run"}
    assert not loaded("grad", "x", "--x", "max(1, 2)") & {"numpy"}
    assert not loaded("grad", "x", "--x", "1,2", "--format", "csv") & {"polars", "llvmlite", "adcli.tables.ndjson"}
