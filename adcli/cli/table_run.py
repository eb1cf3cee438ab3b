"""An expression at many points: rows of tables or points of sweeps in, rows with results out."""

from __future__ import annotations

import os
from array import array
from contextlib import closing
from math import isfinite
from typing import TYPE_CHECKING

import click

from ..errors import quoted_path, short
from ..formula.outputs import Outputs
from ..shutdown import cleanup_at_signal
from .directions import require_directions
from .output import is_directory, is_terminal, note, output
from .progress import Progress
from .row_counts import RowCounts
from .row_loop import RowLoop, check_format
from .swept_points import SweptPoints, open_points
from .vectors import require_rows

if TYPE_CHECKING:
    from .options import TableOptions
    from .points import TablePoints
    from .task import Task

PLAIN_FORMATS = ("text", "value", "csv", "tsv")  # whose writers do without NumPy


def run_table(task: Task) -> int:
    """Compute a task at every point, print every row, and return the exit status."""
    table = task.table
    shown = is_terminal(table.output)
    has_parts = is_directory(table.output)
    if not has_parts:
        check_format(table)
    with closing(open_points(task.words, table, task.formula, task.directed, task.unknown)) as points:
        if task.directed:
            require_directions(task.formula, points.directions)
        outputs = task.outputs(require_rows(points.formula, task), points.directions)
        if has_parts and not isinstance(points, SweptPoints):
            from .cluster_run import choose_engine
            from .part_run import run_parts

            return run_parts(task, points, outputs, choose_engine(table.cluster))
        loop = RowLoop(table, points, outputs)
        if (results := compute_few(table, points, outputs)) is not None:
            with output(table.output) as stream:
                loop.write_few(stream, results)
            return 0
        counts = RowCounts(table.on_error or "fail")
        blocks = points.blocks(counts.bad)  # are read while NumPy is loaded and the backend prepared
        compute = loop.compute(table.backend)
        progress = Progress(shown)
        with output(table.output) as stream, closing(progress), cleanup_at_signal(progress.close):
            loop.write(stream, blocks, compute, counts, progress)
    for remark in points.remarks:
        note(remark)
    if not isinstance(points, SweptPoints):
        _note_text(table, points)
    return counts.report(outputs, points.fixed, table.strict)


def _note_text(table: TableOptions, points: TablePoints) -> None:
    """Print a note if aligned text by default is in a file for which another format was probably meant."""
    path = table.output or ""
    if table.output_format != "text" or os.path.splitext(path)[1] or not os.path.isfile(path):
        return
    is_default = click.get_current_context().params.get("output_format") is None
    if is_default and (len(points.data.files) > 1 or points.dialect is None):
        parts = f"-o {short(path)}/ makes a directory of parts"
        note(f"{quoted_path(path)} is aligned text, as it has no suffix; {parts}, --format parquet or csv a table")


def compute_few(table: TableOptions, points: SweptPoints | TablePoints, outputs: Outputs) -> list[array[float]] | None:
    """Compute a few points of sweeps one by one, with the bits of one point. NumPy takes longer to import.

    Return None where NumPy is needed: for other formats, and to describe results that are not finite.
    """
    if not isinstance(points, SweptPoints) or table.backend not in (None, "auto", "python"):
        return None
    # Kinds with a class of their own compute many points in their own way.
    if table.output_format not in PLAIN_FORMATS or type(outputs) is not Outputs:
        return None
    if not points.are_few(len(outputs.program.instructions)):
        return None
    columns = points.columns()
    rows = map(outputs.run, zip(*[columns[name] for name in outputs.variables], strict=True))
    results = [array("d", column) for column in zip(*rows, strict=True)][outputs.hidden :]
    return results if all(isfinite(number) for column in results for number in column) else None
