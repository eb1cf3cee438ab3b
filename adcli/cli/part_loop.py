"""Compute the parts of a run one by one: in the process of the command, or in a worker of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import without_secrets
from ..store.entry import join_path
from .output import output
from .row_counts import RowCounts
from .row_loop import RowLoop

if TYPE_CHECKING:
    from ..formula.outputs import Outputs
    from ..parts.directory import Facts, PartRecords
    from .options import TableOptions
    from .points import TablePoints
    from .progress import Progress


class PartLoop:
    """Computes parts, each from its file.

    Args:
        table: the options, with the format of the parts.
        points: the files.
        outputs: what is computed at each row.
        backend: of all parts.
        records: of the directory of the parts.
    """

    def __init__(
        self,
        table: TableOptions,
        points: TablePoints,
        outputs: Outputs,
        backend: str,
        records: PartRecords,
    ) -> None:
        self._points = points
        self._records = records
        self._on_error = table.on_error or "fail"
        self._loop = RowLoop(table, points, outputs)
        self._compute = self._loop.compute(backend)

    def compute(self, number: int, name: str, progress: Progress, rows_before: int = 0) -> Facts:
        """Compute a part and return what was counted in it.

        Args:
            number: of its file among those of the points.
            name: of the part.
            progress, rows_before: see `RowLoop.write`.

        Raises:
            AdcliError: the file cannot be read, or has changed.
            UnwritableError: the part cannot be written.
        """
        points = self._points
        counts = RowCounts(self._on_error)
        with output(join_path(self._records.path, name)) as stream:
            blocks = points.blocks_of(number, counts.bad)
            self._loop.write(stream, blocks, self._compute, counts, progress, rows_before)
            facts = {"name": name, "file": without_secrets(points.data.files[number].path), **counts.facts()}
            if notes := points.notes():
                facts["notes"] = notes
            self._records.add(name, facts)
        return facts
