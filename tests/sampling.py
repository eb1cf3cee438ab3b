"""How much of a grid one run of the suite tests.

`make test` tests a part of each large grid and leaves out the long runs. ``ADCLI_TESTS=all`` (`make test-all`) tests
everything. ``ADCLI_SEED`` chooses the part. CI sets it to the number of commits, so that successive commits together
test the whole grid.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

import pytest

T = TypeVar("T")

ALL = os.environ.get("ADCLI_TESTS") == "all"
SEED = int(os.environ.get("ADCLI_SEED", "0"))
DEPTH = 100_000 if ALL else 5_000  # of what a recursion would end on: five times Python's limit, or what is promised
long = pytest.mark.long  # signals, full disks, memory, builds: run by `make test-all` alone


def rotate(rows: Iterable[T], parts: int) -> list[T]:
    """Return one of so many parts of the rows, chosen by the seed; all of them under `ALL`.

    Neighbours stand in different parts, so that every part has rows of every kind.
    """
    chosen = list(rows)
    return chosen if ALL else chosen[SEED % parts :: parts]


def examples(count: int) -> int:
    """Return how many random examples to draw: a sixth of the count, or the whole count under `ALL`."""
    return count if ALL else max(12, count // 6)
