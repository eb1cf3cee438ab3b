"""An expression at many points: rows of tables or points of sweeps in, rows with results out."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from ..shutdown import cleanup_at_signal
from .directions import require_directions
from .output import is_directory, is_terminal, note, output
from .points import TablePoints, open_points
from .progress import Progress
from .row_counts import RowCounts
from .row_loop import RowLoop, check_format
from .vectors import require_rows

if TYPE_CHECKING:
    from .task import Task


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
        if has_parts and isinstance(points, TablePoints):
            from .cluster_run import choose_engine
            from .part_run import run_parts

            return run_parts(task, points, outputs, choose_engine(table.cluster))
        loop = RowLoop(table, points, outputs)
        counts = RowCounts(table.on_error or "fail")
        compute = loop.compute(table.backend)
        progress = Progress(shown)
        with output(table.output) as stream, closing(progress), cleanup_at_signal(progress.close):
            loop.write(stream, points.blocks(counts.bad), compute, counts, progress)
    for remark in points.remarks:
        note(remark)
    return counts.report(outputs, points.fixed, table.strict)
