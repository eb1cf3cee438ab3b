"""An expression at many points: rows of tables or points of sweeps in, rows with results out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from ..errors import AdcliError, DomainError, RequestError, join_names, quoted
from ..formula.answer import answer_at
from ..formula.kinds import require_numbers
from ..formula.labels import refuse_equal_names
from ..shutdown import cleanup_at_signal
from ..tables.bad_rows import BadRows
from ..tables.block import Block
from ..tables.formats import BY_NAME, open_writer
from ..tables.writer import Heading
from .directions import require_directions
from .output import STANDARD_OUTPUT, Output, note, output, say
from .points import SweptPoints, TablePoints, open_points
from .progress import Progress

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..explain.notes import Note
    from ..formula.outputs import Outputs
    from ..tables.column import AnyArray, Array
    from ..tables.read_options import Mask
    from .options import TableOptions
    from .task import Task


WHOLE_INPUT_ROWS = 8192  # a smaller first block is assumed to be the whole input


def run_table(task: Task) -> int:
    """Compute a task at every point, print every row, and return the exit status."""
    table = task.table
    shown = table.output in (None, *STANDARD_OUTPUT) and sys.stdout is not None and sys.stdout.isatty()
    _check_format(table, shown)
    with closing(open_points(task.words, table, task.formula, task.directed, task.unknown)) as points:
        if task.directed:
            require_directions(task.formula, points.directions)
        outputs = task.outputs(require_numbers(points.formula), points.directions)
        heading = _heading(outputs, points)
        if table.output_format != "value":
            _refuse_clash(heading)
        bad = BadRows(table.on_error or "fail")
        noted = _NotedRows(), _NotedRows(), _NotedRows()
        progress = Progress(shown)
        with output(table.output) as stream, closing(progress), cleanup_at_signal(progress.close):
            rows = _write_rows(stream, heading, table, outputs, points, bad, noted, progress)
    for remark in [*points.remarks, *filter(None, [bad.report()])]:
        note(remark)
    missing, undefined, imprecise = noted
    incomplete = missing.report(("has a missing cell", "have a missing cell"), rows, _name_missing, table.strict)
    cause = partial(_explain, outputs, points.fixed, lambda remark: remark.kind == "cancellation")
    imprecise.report(("is imprecise", "are imprecise"), rows, cause, False)
    cause = partial(_explain, outputs, points.fixed, lambda remark: remark.fatal)
    return undefined.report(("is undefined", "are undefined"), rows, cause, table.strict) or incomplete


def _check_format(table: TableOptions, shown: bool) -> None:
    """Raise a RequestError if the format does not go with --digits or with a terminal."""
    name = table.output_format
    if not BY_NAME[name].binary:
        return
    if table.digits is not None:
        raise RequestError(f"--digits does not go with {name}", hint="its numbers are binary")
    if shown:
        raise RequestError(f"{name} is not for a terminal", hint=f"-o FILE.{name}")


def _write_rows(
    stream: Output,
    heading: Heading,
    table: TableOptions,
    outputs: Outputs,
    points: TablePoints | SweptPoints,
    bad: BadRows,
    noted: tuple[_NotedRows, _NotedRows, _NotedRows],
    progress: Progress,
) -> int:
    """Write the rows of all points and return how many there are."""
    from .printing import number_printer

    printer = number_printer(table.digits) if table.digits is not None else None
    rows = 0
    try:
        with closing(points.blocks(bad)) as blocks:
            block = next(blocks, None)  # before anything is written, so that a bad table writes nothing
            compute = outputs.columns(table.backend or "auto", _estimate_rows(block, points), table.threads)
            with closing(open_writer(table.output_format, stream, heading, printer)) as writer:
                while block is not None:
                    numbers: dict[str, ArrayLike] = {**block.numbers, **points.fixed}
                    results = _spread(compute(numbers), block.count)
                    missing = block.find_missing()
                    noted[0].add(block, missing)
                    noted[1].add(block, _find_undefined(results, missing))
                    noted[2].add(block, outputs.find_imprecise(numbers, results, table.threads))
                    writer.write(block, results)
                    rows += block.count
                    progress.show(rows, points.part(rows))
                    block = next(blocks, None)
                writer.finish()
    except AdcliError as error:
        # A binary table that is cut off is of no use.
        if stream.streamed and rows and not BY_NAME[table.output_format].binary:
            written = f"{_count_text(rows)} {'was' if rows == 1 else 'were'} written before"
            error.hint = "; ".join(filter(None, [error.hint, written]))
        raise
    return rows


def _estimate_rows(block: Block | None, points: SweptPoints | TablePoints) -> int | None:
    """Return about how many rows there are, by the first block of them; None if it is unknown."""
    if block is None:
        return 0
    part = points.part(block.count)
    if part:
        return round(block.count / part)
    return block.count if block.count < WHOLE_INPUT_ROWS else None


def _spread(columns: Sequence[Array], count: int) -> list[Array]:
    """Return the columns with one number per row, also those that are the same in every row."""
    import numpy as np

    return [np.broadcast_to(column, count) for column in columns]


def _heading(outputs: Outputs, points: TablePoints | SweptPoints) -> Heading:
    variables = [name for name in outputs.variables if name != outputs.unknown]
    return Heading(variables, points.inputs, outputs.labels, outputs.names, points.dialect)


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


def _find_undefined(results: Sequence[Array], missing: Mask | None) -> AnyArray:
    """Return for each row whether a result is nan and no value is missing."""
    import numpy as np

    undefined: AnyArray = np.isnan(results[0])
    for column in results[1:]:
        undefined = undefined | np.isnan(column)
    return undefined if missing is None else undefined & ~missing


def _name_missing(point: Mapping[str, float]) -> str:
    """Return the variables without a value."""
    return join_names([name for name, number in point.items() if number != number])


def _explain(
    outputs: Outputs, fixed: Mapping[str, float], is_cause: Callable[[Note], bool], point: Mapping[str, float]
) -> str:
    """Return the first note on a point that `is_cause` accepts, an empty text if there is none."""
    try:
        notes = answer_at(outputs, {**fixed, **point}).notes
    except DomainError as error:
        return str(error)
    return next((str(remark) for remark in notes if is_cause(remark)), "")


class _NotedRows:
    """The rows of which a note is printed: how many, and the first."""

    def __init__(self) -> None:
        self._count = 0
        self._first: tuple[str, dict[str, float]] | None = None  # where it came from, and its numbers

    def add(self, block: Block, mask: AnyArray | None) -> None:
        """Count those of a block."""
        import numpy as np

        count = 0 if mask is None else int(np.count_nonzero(mask))
        if mask is not None and count and self._first is None:
            row = int(np.argmax(mask))
            self._first = block.describe_row(row), {name: float(column[row]) for name, column in block.numbers.items()}
        self._count += count

    def report(
        self, verbs: tuple[str, str], rows: int, explain: Callable[[Mapping[str, float]], str], strict: bool
    ) -> int:
        """Print how many there are, if there are any, and return the exit status.

        Args:
            verbs: what one row, or several, are.
            rows: of the table.
            explain: returns the reason, from the numbers of the first such row.
            strict: whether such a row is an error.
        """
        if self._first is None:
            return 0
        place, point = self._first
        text = f"{self._count} of {_count_text(rows)} {verbs[self._count > 1]}"
        text += f"; the first: {place}"
        if cause := explain(point):
            text += f", {cause}"
        if strict:
            say(text)
            return 1
        note(text)
        return 0


def _count_text(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows} rows"
