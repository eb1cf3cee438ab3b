"""A table of many files into a directory of parts: one part per file, each whole or absent."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ..compression import by_suffix, without_suffix
from ..errors import AdcliError, RequestError, UnwritableError, quoted_path, without_secrets
from ..parts.directory import PartDirectory, digest, part_name
from ..shutdown import cleanup_at_signal
from ..store.entry import join_path, without_query
from ..tables.formats import BY_NAME, BY_SUFFIX
from .one_or_many import check_compression
from .output import note, output
from .progress import Progress
from .row_counts import RowCounts
from .row_loop import RowLoop, check_format

if TYPE_CHECKING:
    from ..formula.outputs import Compute, Outputs
    from .points import TablePoints
    from .task import Task

# Options on which no bit of a part depends, or whose effect is in the facts about the parts.
WITHOUT_EFFECT = ("backend", "data", "output", "strict", "threads")


def run_parts(task: Task, points: TablePoints, outputs: Outputs) -> int:
    """Compute the parts that the directory lacks, write its marker, and return the exit status.

    A file that cannot be read does not stop the others. A part that cannot be written does.
    """
    parts = Parts(task, points, outputs)
    directory, names = parts.directory, parts.names
    directory.refuse_others(names)
    place = quoted_path(directory.path)
    counts = RowCounts(parts.on_error)
    is_complete = directory.is_complete(names)
    if is_complete:
        directory.tidy()
        facts = directory.read_facts(names)
        note(f"{place} is complete, with {_parts(len(names))}")
    else:
        facts = parts.compute_missing()
    for each in facts:
        if each is not None:
            counts.add_facts(each)
    if not is_complete:
        directory.finish({**parts.record, **counts.facts()}, [each for each in facts if each is not None])
    for remark in points.remarks:
        note(remark)
    return counts.report(outputs, points.fixed, task.table.strict)


class Parts:
    """The parts of a run.

    Args:
        task, points, outputs: of the run.

    Attributes:
        directory: where they go.
        names: of their files. A part needs no more than the run and its number, so another process could compute it.
        record: what all of them have in common, for the marker.
        on_error: what to do with bad rows.
    """

    def __init__(self, task: Task, points: TablePoints, outputs: Outputs) -> None:
        table = task.table
        self._points = points
        output_format, suffix = _format(task, points)
        table = table._replace(output_format=output_format)
        check_format(table)
        if table.compression is not None:
            check_compression(table)
        self.on_error = table.on_error or "fail"
        self._loop = RowLoop(table, points, outputs)
        facts = _run_facts(task, points, outputs, output_format)
        run = digest(facts)
        self.directory = PartDirectory(table.output or "", run)
        backend = None if table.backend == "auto" else table.backend
        self._backend = backend = backend or self.directory.backend or self._loop.choose_backend()
        common = [run, backend, _versions(backend)]
        self.names = [
            part_name(number, [*common, points.data.describe(number)], suffix)
            for number in range(len(points.data.files))
        ]
        self.record = {"adcli": facts["adcli"], "command": facts["command"], "expression": facts["expression"],
                       "options": facts["options"], "format": output_format, "backend": backend}  # fmt: skip

    def compute_missing(self) -> list[dict[str, Any] | None]:
        """Compute the parts that the directory lacks, and return what was counted in each.

        Raises:
            RequestError: a file cannot be read, after all others are done, or a part cannot be written.
        """
        directory = self.directory
        directory.begin(self.record)
        compute = self._loop.compute(self._backend)
        facts = directory.read_facts(self.names)
        failures: list[AdcliError] = []
        rows = 0
        progress = Progress(False)
        with closing(progress), cleanup_at_signal(progress.close):
            for number, name in enumerate(self.names):
                if facts[number] is None:
                    try:
                        facts[number] = self._compute(number, name, compute, progress, rows)
                    except UnwritableError as error:
                        raise self._incomplete(error, "the same command computes the rest") from None
                    except AdcliError as error:
                        failures.append(error)
                self._points.skip(number)
                rows += (facts[number] or {"rows": 0})["rows"]
        if failures:
            others = len(failures) - 1
            hint = f"{'another one' if others == 1 else f'{others} others'} failed; " if others else ""
            raise self._incomplete(failures[0], f"{hint}the same command computes what is missing")
        return facts

    def _compute(
        self, number: int, name: str, compute: Compute, progress: Progress, rows_before: int
    ) -> dict[str, Any]:
        """Compute one part and return what was counted in it."""
        counts = RowCounts(self.on_error)
        with output(join_path(self.directory.path, name)) as stream:
            blocks = self._points.blocks_of(number, counts.bad)
            self._loop.write(stream, blocks, compute, counts, progress, rows_before)
            facts = {"name": name, "file": without_secrets(self._points.data.files[number].path), **counts.facts()}
            self.directory.add(name, facts)
        return facts

    def _incomplete(self, error: AdcliError, hint: str) -> AdcliError:
        """Return an error with the number of parts that are there."""
        present = self.directory.count(self.names)
        text = f"{present} of {_parts(len(self.names))} are written; {hint}"
        error.hint = "; ".join(filter(None, [error.hint, text]))
        return error


def _parts(count: int) -> str:
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
