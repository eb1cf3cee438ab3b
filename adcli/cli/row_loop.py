"""Compute rows of points block by block and write them with their results."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, cast

from ..errors import AdcliError, RequestError, quoted
from ..formula.labels import refuse_equal_names
from ..tables.block import Block
from ..tables.column import Texts
from ..tables.formats import BY_NAME, open_writer
from ..tables.writer import Heading
from .output import Output
from .progress import Progress
from .row_counts import RowCounts, count_text
from .swept_points import SweptPoints

if TYPE_CHECKING:
    from array import array

    from numpy.typing import ArrayLike

    from ..formula.outputs import Compute, Outputs
    from ..tables.column import Array, Column
    from .options import TableOptions
    from .points import TablePoints


def check_format(table: TableOptions) -> None:
    """Raise a RequestError if the format does not go with --digits."""
    name = table.output_format
    if table.digits is not None and BY_NAME[name].binary:
        raise RequestError(f"--digits does not go with {name}", hint="its numbers are binary")


class RowLoop:
    """Computes the rows of points and writes them.

    Args:
        table: the options. Their output format is not empty.
        points: the points.
        outputs: what is computed at each.

    Raises:
        RequestError: two columns of the output would have one name.
    """

    def __init__(self, table: TableOptions, points: TablePoints | SweptPoints, outputs: Outputs) -> None:
        self._table = table
        self._points = points
        self._outputs = outputs
        self._heading = _heading(outputs, points, table.compression)
        if table.output_format != "value":
            _refuse_clash(self._heading)

    def choose_backend(self) -> str:
        """Return the backend for all rows."""
        if self._points.are_few(len(self._outputs.program.instructions)):
            return "python"
        return self._outputs.choose_backend(self._points.has_rows)

    def compute(self, backend: str | None) -> Compute:
        """Return what computes the rows. `backend`: of them, None or ``auto`` to choose one for all rows."""
        if backend in (None, "auto"):
            backend = self.choose_backend()
        return self._outputs.columns(backend, None, self._table.threads)

    def write_few(self, stream: Output, results: Sequence[array[float]]) -> None:
        """Write the rows of a few points of sweeps, whose results are all finite, without NumPy."""
        from .printing import number_printer

        table, points = self._table, self._points
        assert isinstance(points, SweptPoints)
        columns = points.columns()
        texts: dict[str, Column] = {name: Texts(list(map(repr, columns[name]))) for name in points.inputs}
        printer = number_printer(table.digits) if table.digits is not None else None
        with closing(open_writer(table.output_format, stream, self._heading, printer)) as writer:
            writer.write(Block(len(results[0]), {}, texts, str), cast("Sequence[Array]", results))
            writer.finish()

    def write(
        self,
        stream: Output,
        blocks: Generator[Block, None, None],
        compute: Compute,
        counts: RowCounts,
        progress: Progress,
        rows_before: int = 0,
    ) -> None:
        """Write the rows of blocks.

        Args:
            stream: the output.
            blocks: the points, which are closed.
            compute: see `compute`.
            counts: to which the rows are added.
            progress: shows how far it is.
            rows_before: that were written before, for `progress`.
        """
        from .printing import number_printer

        table, points = self._table, self._points
        printer = number_printer(table.digits) if table.digits is not None else None
        try:
            with closing(blocks):
                block = next(blocks, None)  # before anything is written, so that a bad table writes nothing
                with closing(open_writer(table.output_format, stream, self._heading, printer)) as writer:
                    while block is not None:
                        numbers: dict[str, ArrayLike] = {**block.numbers, **points.fixed}
                        results = _spread(compute(numbers), block.count)
                        counts.add(block, results, self._outputs.find_imprecise(numbers, results, table.threads))
                        writer.write(block, results)
                        progress.show(rows_before + counts.rows, points.part(counts.rows))
                        block = next(blocks, None)
                    writer.finish()
        except AdcliError as error:
            # A binary table that is cut off is of no use.
            if stream.streamed and counts.rows and not BY_NAME[table.output_format].binary:
                written = f"{count_text(counts.rows)} {'was' if counts.rows == 1 else 'were'} written before"
                error.hint = "; ".join(filter(None, [error.hint, written]))
            raise


def _spread(columns: Sequence[Array], count: int) -> list[Array]:
    """Return the columns with one number per row, also those that are the same in every row."""
    import numpy as np

    return [np.broadcast_to(column, count) for column in columns]


def _heading(outputs: Outputs, points: TablePoints | SweptPoints, compression: str | None) -> Heading:
    variables = [name for name in outputs.variables if name != outputs.unknown]
    return Heading(variables, points.inputs, outputs.labels, outputs.names, points.dialect, compression)


def _refuse_clash(heading: Heading) -> None:
    """Raise a RequestError if two columns of the output would have one name."""
    refuse_equal_names(heading.names)
    results = {*heading.names, *heading.labels}
    clash = next((name for name in heading.inputs if name in results), None)
    if clash is None:
        return
    hint = f"rename it, as in --rename {clash}_in={clash}, or leave it out with --keep"
    if clash in heading.variables:
        hint = "rename the variable, or the result with --name"
    raise RequestError(f"the input column {quoted(clash)} has the name of a result", hint=hint)
