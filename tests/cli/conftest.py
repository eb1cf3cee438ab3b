"""The command run in this process, with its three streams caught as bytes, and as a process of its own."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import adcli
from adcli.cli import main
from adcli.tables import polars_csv

PYTHON = [sys.executable, "-m", "adcli"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(adcli.__file__).parents[1])}
POSIX_FILES = ["test_shells.py", "test_streams.py", "test_table_streams.py"]  # signals, FIFOs, terminals and devices
LINUX_FILES = ["test_signals.py"]  # reads /proc to see which signals a process catches
collect_ignore = [*(POSIX_FILES if os.name != "posix" else []), *(LINUX_FILES if sys.platform != "linux" else [])]
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
POLARS = pytest.mark.skipif(not polars_csv.is_installed(), reason="Polars is not installed")


class Outcome(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


class CountedName(str):
    """A name that counts how often names are compared, to show that a search is not repeated for each of them."""

    comparisons = 0

    def __eq__(self, other: object) -> bool:
        CountedName.comparisons += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def assert_refused(done: Outcome, *texts: str) -> None:
    """The command ended with status 2, wrote nothing, and its message has these texts."""
    assert (done.status, done.out) == (2, "")
    assert all(text in done.err for text in texts), done.err


def run_command(words: list[str], stdin: bytes = b"") -> Outcome:
    """`main` on these words; what it wrote, and its exit status."""
    before = sys.stdin, sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.BytesIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(out, encoding="utf-8")
    sys.stderr = io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace")
    try:
        status = main(words)
        sys.stdout.flush()
        sys.stderr.flush()
        return Outcome(status, out.getvalue().decode(), err.getvalue().decode())
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    """`run_command` in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    return run_command
