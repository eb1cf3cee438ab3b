"""A table of many files into a directory of parts: one part per file, each whole or absent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from ..compression import by_suffix, without_suffix
from ..errors import AdcliError, RequestError, UnwritableError, quoted_path
from ..parts.directory import CountedParts, Facts, PartDirectory, digest, part_name
from ..shutdown import cleanup_at_signal
from ..store.entry import without_query
from ..tables.formats import BY_NAME, BY_SUFFIX
from .one_or_many import check_compression
from .output import note
from .part_loop import PartLoop
from .progress import Progress
from .row_counts import RowCounts
from .row_loop import RowLoop, check_format

if TYPE_CHECKING:
    from ..formula.outputs import Outputs
    from .points import TablePoints
    from .task import Task

# From the numbers of parts to what was counted in them, or why there is no part, in any order. It raises an AdcliError
# if the other parts would fail as well.
Engine: TypeAlias = Callable[[Iterable[int], Progress, int], Iterator[tuple[int, "Facts | AdcliError"]]]
OpenEngine: TypeAlias = Callable[["Parts"], AbstractContextManager[Engine]]

# Options on which no bit of a part depends, or whose effect is in the facts about the parts.
WITHOUT_EFFECT = ("backend", "cluster", "data", "output", "strict", "threads")


def run_parts(task: Task, points: TablePoints, outputs: Outputs, open_engine: OpenEngine) -> int:
    """Compute the parts that the directory lacks, write its marker, and return the exit status.

    A file that cannot be read does not stop the others. A part that cannot be written does.
    """
    parts = Parts(task, points, outputs)
    directory, names = parts.directory, parts.names
    directory.refuse_others(names)
    place = quoted_path(directory.path)
    counts = RowCounts(parts.table.on_error or "fail")
    is_complete = directory.is_complete(names)
    if is_complete:
        directory.tidy()
        facts = directory.read_facts(names)
        note(f"{place} is complete, with {_count_parts(len(names))}")
    else:
        facts = parts.compute_missing(open_engine)
    for each in facts.present():
        counts.add_facts(each)
        points.add_notes(each.get("notes", {}))
    if not is_complete:
        directory.finish({**parts.record, **counts.facts()}, facts)
    for remark in points.remarks:
        note(remark)
    return counts.report(outputs, points.fixed, task.table.strict)


class Parts:
    """The parts of a run.

    Args:
        task, points, outputs: of the run.

    Attributes:
        task, points, outputs: the same.
        table: the options, with the format of the parts.
        backend: of all parts.
        directory: where they go.
        names: of their files. A part needs no more than the run and its number, so another process can compute it.
        record: what all of them have in common, for the marker.
    """

    def __init__(self, task: Task, points: TablePoints, outputs: Outputs) -> None:
        self.task, self.points, self.outputs = task, points, outputs
        output_format, suffix = _format(task, points)
        self.table = table = task.table._replace(output_format=output_format)
        check_format(table)
        if table.compression is not None:
            check_compression(table)
        loop = RowLoop(table, points, outputs)
        facts = _run_facts(task, points, outputs, output_format)
        self.run = digest(facts)
        self.directory = PartDirectory(table.output or "", self.run)
        backend = None if table.backend == "auto" else table.backend
        self.backend = backend or self.directory.backend or loop.choose_backend()
        count = len(points.data.files)
        common = [self.run, self.backend, _versions(self.backend)]
        self.names = [
            part_name(number, count, [*common, points.data.describe(number)], suffix) for number in range(count)
        ]
        self.record = {"adcli": facts["adcli"], "command": facts["command"], "expression": facts["expression"],
                       "options": facts["options"], "format": output_format, "backend": self.backend}  # fmt: skip

    def compute_missing(self, open_engine: OpenEngine) -> CountedParts:
        """Compute the parts that the directory lacks, and return what was counted in each.

        Raises:
            RequestError: a file cannot be read, after all others are done, or a part cannot be written.
        """
        facts = self.directory.read_facts(self.names)
        missing = [number for number in range(len(facts)) if facts[number] is None]
        with open_engine(self) as compute:
            self.directory.begin(self.record)
            try:
                failures = self._collect(facts, missing, compute)
            except AdcliError as error:
                raise self._incomplete(error, "the same command computes the rest") from None
        if failures:
            others = len(failures) - 1
            hint = f"{'another one' if others == 1 else f'{others} others'} failed; " if others else ""
            raise self._incomplete(failures[min(failures)], f"{hint}the same command computes what is missing")
        return facts

    def _collect(self, facts: CountedParts, missing: Sequence[int], compute: Engine) -> dict[int, AdcliError]:
        """Compute parts, add what was counted in them, and return why others are still missing."""
        points = self.points
        for number in set(range(len(facts))).difference(missing):
            points.skip(number)
        rows = sum(part["rows"] for part in facts.present())
        progress = Progress(False, len(facts), (len(facts) - len(missing), rows, points.part(rows) or 0.0))
        failures: dict[int, AdcliError] = {}
        with closing(progress), cleanup_at_signal(progress.close):
            for number, outcome in compute(missing, progress, rows):
                if isinstance(outcome, AdcliError):
                    failures[number] = outcome
                else:
                    facts[number] = outcome
                    progress.parts_done += 1
        return failures

    def _incomplete(self, error: AdcliError, hint: str) -> AdcliError:
        """Return an error with the number of parts that are there."""
        present = self.directory.count(self.names)
        text = f"{present} of {_count_parts(len(self.names))} are written; {hint}"
        error.hint = "; ".join(filter(None, [error.hint, text]))
        return error


@contextmanager
def compute_here(parts: Parts) -> Iterator[Engine]:
    """Return what computes parts in this process."""
    loop = PartLoop(parts.table, parts.points, parts.outputs, parts.backend, parts.directory)

    def compute(numbers: Iterable[int], progress: Progress, rows: int) -> Iterator[tuple[int, Facts | AdcliError]]:
        for number in numbers:
            try:
                facts = loop.compute(number, parts.names[number], progress, rows)
            except UnwritableError:
                raise
            except AdcliError as error:
                parts.points.skip(number)
                yield number, error
            else:
                rows += facts["rows"]
                yield number, facts

    yield compute


def _count_parts(count: int) -> str:
    """Return a number of parts as text."""
    return "1 part" if count == 1 else f"{count} parts"


def _format(task: Task, points: TablePoints) -> tuple[str, str]:
    """Return the format of the parts, and the suffix of their files: those of the input unless one is given."""
    table = task.table
    output_format = table.output_format or points.data.first.format
    row = BY_NAME[output_format]
    if not row.writes:
        problem = f"-o {quoted_path(table.output or '')}: {row.title} is not written"
        raise RequestError(problem, hint="choose another format, as in --format npy")
    suffix = f".{row.suffixes[0]}" if row.suffixes else ""
    if not table.output_format:
        path = without_query(points.data.files[0].path)
        own = os.path.splitext(without_suffix(path))[1]
        suffix = own if own.lower()[1:] in BY_SUFFIX and BY_SUFFIX[own.lower()[1:]] is row else suffix
        compression = by_suffix(path)
        suffix += "" if compression is None else compression.suffix
    return output_format, suffix


def _run_facts(task: Task, points: TablePoints, outputs: Outputs, output_format: str) -> dict[str, Any]:
    """Return what the bits of all parts depend on, except the backend."""
    import click

    from .._version import __version__

    dialect = points.dialect
    ctx = click.get_current_context()
    options = {name: value for name, value in ctx.params.items() if name not in WITHOUT_EFFECT and value is not None}
    return {
        "adcli": __version__,
        "command": ctx.info_name,
        "expression": task.formula.formula.text,
        "options": options,
        "values": {name: repr(number) for name, number in points.fixed.items()},
        "columns": [points.inputs, outputs.labels, list(dialect) if dialect else None],
        "format": output_format,
    }


def _versions(backend: str) -> list[str]:
    """Return the versions of the libraries that compute."""
    from importlib.metadata import version

    return [version(name) for name in ("numpy", *(["llvmlite"] if backend == "llvm" else []))]
