"""The command run in this process, with its three streams caught as bytes."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from adcli.cli import main


class Outcome(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


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
