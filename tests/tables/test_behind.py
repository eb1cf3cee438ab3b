"""Writing behind: order, errors, and an end before the end."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from adcli.errors import RequestError
from adcli.tables import behind
from adcli.tables.behind import Behind
from adcli.tables.block import Block


class Remembering:
    """A writer that keeps what it is given, and fails at one block."""

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
def test_order_is_kept(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "ROWS", rows)
    before = threading.active_count()
    inner = Remembering()
    writer = Behind(inner)
    for count in range(50):
        writer.write(Block(count, {}, {}, str), [])
    writer.finish()
    writer.close()
    assert inner.counts == list(range(50))
    assert inner.done == ["finished", "closed"]
    assert threading.active_count() == before


def test_an_error_is_told_and_nothing_is_written_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "ROWS", 0)
    before = threading.active_count()
    inner = Remembering(fails_at=3)
    writer = Behind(inner)
    writing = (writer.write(Block(count, {}, {}, str), []) for count in range(50))
    with pytest.raises(RequestError, match="disk is full"):
        list(writing)
    writer.close()
    assert inner.counts == [0, 1, 2]
    assert inner.done == ["closed"]
    assert threading.active_count() == before


def test_the_last_error_comes_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "ROWS", 0)
    inner = Remembering(fails_at=0)
    writer = Behind(inner)
    writer.write(Block(0, {}, {}, str), [])
    with pytest.raises(RequestError, match="disk is full"):
        writer.finish()
    writer.close()
    assert inner.done == ["closed"]
