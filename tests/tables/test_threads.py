"""Reading ahead and writing in the background: order, errors, and an early end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import pytest

from adcli.backends._rows import run_rows
from adcli.errors import RequestError
from adcli.tables import threads
from adcli.tables.block import Block
from adcli.tables.polars_library import may_start
from adcli.tables.threads import BackgroundWriter, ReadAhead, can_start_threads


def blocks(count: int, ended: list[bool] | None = None) -> Generator[Block, None, None]:
    try:
        for place in range(count):
            yield Block(place, {}, {}, str)
    finally:
        if ended is not None:
            ended.append(True)


def test_numpy_is_loaded_while_the_first_block_is_read(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("x\n1\n")
    script = f"""
import sys
import adcli.cli.table_run
from adcli.tables.formats import open_table
table = open_table({str(path)!r})
table.blocks({{"x": "x"}}, ["x"])
print("numpy" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "False\n"


def test_blocks_are_read_in_order():
    assert [block.count for block in ReadAhead(blocks(50))] == list(range(50))


def test_an_error_comes_after_the_blocks_before_it():
    def failing() -> Generator[Block, None, None]:
        yield from blocks(3)
        raise ValueError("the fourth")

    seen = []
    with pytest.raises(ValueError, match="the fourth"):
        seen += [seen.append(block.count) for block in ReadAhead(failing())]
    assert seen == [0, 1, 2]


def test_the_thread_ends_when_nobody_wants_more():
    before = threading.active_count()
    reading = ReadAhead(blocks(10**9))
    assert next(reading).count == 0
    assert threading.active_count() == before + 1
    reading.close()
    assert threading.active_count() == before


def test_a_large_file_with_a_bad_row_at_its_end(tmp_path):
    from ..cli.conftest import run_command

    (tmp_path / "t.csv").write_bytes(b"x,n\n" + b"1.5,abcdefgh\n" * 400_000 + b"1,2,3\n")
    done = run_command(
        ["eval", "2*x", "--data", str(tmp_path / "t.csv"), "-o", str(tmp_path / "out.npy"), "--keep=none"]
    )
    assert done.status == 2
    assert "line 400002 has 3 cells and not 2" in done.err
    assert not (tmp_path / "out.npy").exists()
    words = ["eval", "2*x", "--data", str(tmp_path / "t.csv"), "--on-error", "skip", "-o", str(tmp_path / "out.csv")]
    done = run_command(words)
    assert (done.status, done.err.count("1 bad row left out")) == (0, 1)
    assert (tmp_path / "out.csv").read_bytes() == b"x,n,f\n" + b"1.5,abcdefgh,3.0\n" * 400_000


class Remembering:
    """A writer that keeps the counts of blocks, and fails at one block."""

    def __init__(self, fails_at: int = -1) -> None:
        self.counts: list[int] = []
        self.done: list[str] = []
        self._fails_at = fails_at

    def write(self, block: Block, results: Sequence[Any]) -> None:
        if block.count == self._fails_at:
            raise RequestError("the disk is full")
        self.counts.append(block.count)

    def finish(self) -> None:
        self.done.append("finished")

    def close(self) -> None:
        self.done.append("closed")


@pytest.mark.parametrize("rows", [0, 20, 10**9])
def test_blocks_are_written_in_order(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "WRITE_ROWS", rows)
    before = threading.active_count()
    inner = Remembering()
    writer = BackgroundWriter(inner)
    for count in range(50):
        writer.write(Block(count, {}, {}, str), [])
    writer.finish()
    writer.close()
    assert inner.counts == list(range(50))
    assert inner.done == ["finished", "closed"]
    assert threading.active_count() == before


def test_an_error_is_raised_and_nothing_is_written_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "WRITE_ROWS", 0)
    before = threading.active_count()
    inner = Remembering(fails_at=3)
    writer = BackgroundWriter(inner)
    writing = (writer.write(Block(count, {}, {}, str), []) for count in range(50))
    with pytest.raises(RequestError, match="disk is full"):
        list(writing)
    writer.close()
    assert inner.counts == [0, 1, 2]
    assert inner.done == ["closed"]
    assert threading.active_count() == before


def test_the_last_error_is_raised_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "WRITE_ROWS", 0)
    inner = Remembering(fails_at=0)
    writer = BackgroundWriter(inner)
    writer.write(Block(0, {}, {}, str), [])
    with pytest.raises(RequestError, match="disk is full"):
        writer.finish()
    writer.close()
    assert inner.done == ["closed"]


def test_without_threads_the_same_thread_does_the_work(monkeypatch):
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert not can_start_threads(1)
    assert [block.count for block in ReadAhead(blocks(2))] == [0, 1]
    x = np.arange(300_000.0)
    results = [np.empty_like(x)]
    run_rows(lambda inputs, outputs: np.multiply(inputs[0], 2, out=outputs[0]), [x], results, 3)
    assert (results[0] == 2 * x).all()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no limits here")
def test_polars_does_not_start_without_room(monkeypatch):
    import resource

    for limit, expected in ((resource.RLIM_INFINITY, True), (1 << 40, True), (1 << 30, False)):
        monkeypatch.setattr(resource, "getrlimit", lambda which, limit=limit: (limit, limit))
        monkeypatch.setenv("POLARS_MAX_THREADS", "2")
        may_start.cache_clear()
        assert may_start() is expected
    may_start.cache_clear()
