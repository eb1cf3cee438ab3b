"""What the benchmarks share: interleaved timing, medians, child processes, and one way to print a table.

Nothing here asserts anything about a clock. Cases that are to be compared run in turns (A B A B …), because the speed
of a shared machine drifts while one looks; what is printed is the median of each and its ratio to a peer of the same
turns.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from typing import Any

Task = Callable[[], object]


def options(text: str, runs: int = 9, quick_runs: int = 3, huge: str | None = None) -> argparse.Namespace:
    """Read the command line that all benchmarks share.

    Args:
        text: the description, of which the first line is shown.
        runs: how many turns the medians are of.
        quick_runs: the same under `--quick`.
        huge: what `--huge` adds; None for no such option.

    Returns:
        A namespace with `quick`, `runs`, `huge`.
    """
    parser = argparse.ArgumentParser(description=text.strip().splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"smaller cases, medians of {quick_runs} turns")
    parser.add_argument("--runs", type=int, metavar="N", help=f"turns that a median is of (default {runs})")
    if huge is not None:
        parser.add_argument("--huge", action="store_true", help=huge)
    given = parser.parse_args()
    if given.runs is None:
        given.runs = quick_runs if given.quick else runs
    return given


def once(task: Task) -> float:
    """Seconds that one run of a task takes."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def timed(tasks: Mapping[str, Task], runs: int) -> dict[str, float]:
    """Median seconds of each task, the tasks run in turns; one turn before the first is not counted.

    The garbage collector is off meanwhile, as in `timeit`: what it takes depends on what else is alive.
    """
    for task in tasks.values():
        task()
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    collecting = gc.isenabled()
    gc.disable()
    for _ in range(runs):
        for name, task in tasks.items():
            seconds[name].append(once(task))
    if collecting:
        gc.enable()
    return {name: median(times) for name, times in seconds.items()}


def timed_calls(tasks: Mapping[str, Task], runs: int, least: float = 0.02) -> dict[str, float]:
    """Median seconds of one call of each task, for tasks too short for the clock: each turn repeats a call many times.

    Args:
        tasks: what is called, by name.
        runs: how many turns.
        least: how long one task takes its turn, in seconds.
    """
    repeats = {}
    for name, task in tasks.items():
        count = 1
        while (seconds := once(lambda task=task, count=count: _repeat(task, count))) < least / 4:  # type: ignore[misc]
            count *= 4
        repeats[name] = max(1, round(count * least / seconds))
    turns = {name: (lambda task=task, count=repeats[name]: _repeat(task, count)) for name, task in tasks.items()}
    return {name: seconds / repeats[name] for name, seconds in timed(turns, runs).items()}


def _repeat(task: Task, count: int) -> None:
    for _ in range(count):
        task()


def peer(module: str) -> Any:
    """A peer's module, which may or may not have types of its own."""
    return import_module(module)


def installed(module: str) -> bool:
    """Whether a peer is there; says on standard error which one is skipped."""
    found = find_spec(module) is not None
    if not found:
        skip(module)
    return found


def skip(name: str) -> None:
    """Say that a peer is left out because it is not installed."""
    print(f"({name} is not installed: skipped)", file=sys.stderr)


def child(script: str, arguments: Sequence[str], limit: float) -> dict[str, Any] | None:
    """Run a script in a process of its own and read the one JSON object that it prints.

    Returns:
        The object, or None where the process died, printed none, or took more seconds than `limit`.
    """
    command = [sys.executable, script, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=True)
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, json.JSONDecodeError):
        return None
    return answer


def peak_memory() -> int:
    """The most memory this process has had so far, in bytes."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def figure(value: float | str | None, digits: int = 3) -> str:
    """A number for a table, to a few significant digits and without an exponent; what is not there is a dash.

    >>> figure(1234.5), figure(0.0123456), figure(None)
    ('1234', '0.0123', '-')
    """
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    if value != 0 and abs(value) >= 10**digits:
        return f"{value:.0f}"
    text = f"{value:#.{digits}g}"
    return (f"{value:.{digits + 3}f}" if "e" in text else text).rstrip(".")


class Table:
    """A table of plain text, printed when it is whole: the first column to the left, the others to the right."""

    def __init__(self, title: str, *columns: str) -> None:
        self.title = title
        self.rows: list[Sequence[str]] = [columns]

    def add(self, *cells: float | str | None) -> None:
        """One row; numbers are shortened."""
        self.rows.append([str(cell) if isinstance(cell, int) else figure(cell) for cell in cells])

    def print(self) -> None:
        """Write it to standard output."""
        widths = [max(map(len, column)) for column in zip(*self.rows, strict=True)]
        print(f"{self.title}\n")
        for row in self.rows:
            cells = [cell.ljust(width) if not place else cell.rjust(width)
                     for place, (cell, width) in enumerate(zip(row, widths, strict=True))]  # fmt: skip
            print("  ".join(cells).rstrip())
        print(flush=True)
