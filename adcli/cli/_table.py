"""An expression at many points: rows of tables or points of sweeps in, rows with results out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ..errors import AdcliError, RequestError, quoted
from ..tables.bad import BadRows
from ..tables.block import Block
from ..tables.formats import Heading, open_writer
from ._output import STANDARD_OUTPUT, note, output, say
from ._points import SweptPoints, TablePoints
from ._progress import Progress

if TYPE_CHECKING:
    from ..function import Function
    from ..tables.block import Array
    from ._arguments import TableOptions, Words


FEW = 8192  # a first block of fewer rows is all there is


def evaluator(
    function: Function, table: TableOptions, wrt: Sequence[str] | None, rows: int | None
) -> Callable[[Mapping[str, Any], int], list[Array]]:
    """A function from columns and their length to the value and the slopes: where tables meet the batch backends.

    Args:
        function: of the expression.
        table: says which backend and how many threads.
        wrt: the variables of the slopes.
        rows: about how many there are; None for very many.
    """
    import numpy as np

    batch = function.batcher(wrt or (), backend=table.backend or "auto", rows=rows, threads=table.threads)

    def compute(columns: Mapping[str, Any], count: int) -> list[Array]:
        values, slopes = batch(columns, threads=table.threads)
        return [np.broadcast_to(column, count) for column in (values, *slopes.values())]

    return compute


def _rows_of(block: Block, points: SweptPoints | TablePoints) -> int | None:
    """About how many rows there are, by the first block of them; None where nobody knows."""
    part = points.part(block.count)
    if part:
        return round(block.count / part)
    return block.count if block.count < FEW else None


def run_table(
    words: Words,
    table: TableOptions,
    function: Function,
    wrt: Sequence[str] | None,
    form: str,
    digits: int | None,
    path: str | None,
) -> int:
    """Evaluate at every point, print every row, and return the exit status.

    Args:
        words: of the command line.
        table: what they say about tables.
        function: of the expression.
        wrt: the variables to differentiate by; None for the value alone.
        form: the format of the rows.
        digits: significant digits of the results; None for the shortest that read back the same.
        path: where to write; None for standard output.
    """
    from ._formats import number_printer

    binary = form in ("npy", "parquet")
    if digits is not None and binary:
        raise RequestError(f"--digits does not go with {form}", hint="its numbers are binary")
    shown = path in (None, *STANDARD_OUTPUT) and sys.stdout is not None and sys.stdout.isatty()
    if binary and shown:
        raise RequestError(f"{form} is not for a terminal", hint=f"-o FILE.{form}")
    printer = number_printer(digits) if digits is not None else None
    points = TablePoints(words, table, function) if table.data else SweptPoints(words, function, table.zipped)
    with closing(points):
        heading = Heading(function.formula.text, function.variables, points.inputs, wrt, points.dialect)
        if form not in ("json", "value"):
            _refuse_clash(heading, function)
        bad = BadRows(table.on_error or "fail")
        undefined = _Undefined()
        compute: Callable[[Mapping[str, Any], int], list[Array]] | None = None
        rows = 0
        with output(path) as stream, closing(Progress(shown)) as progress:
            try:
                with (
                    closing(points.blocks(bad)) as blocks,
                    closing(open_writer(form, stream, heading, printer)) as writer,
                ):
                    for block in blocks:
                        if compute is None:
                            compute = evaluator(function, table, wrt, _rows_of(block, points))
                        results = compute({**block.numbers, **points.fixed}, block.count)
                        undefined.look(block, results)
                        writer.write(block, results)
                        rows += block.count
                        progress.show(rows, points.part(rows))
                    writer.finish()
            except AdcliError as error:
                if stream.streamed and rows and not binary:  # which come through whole or are of no use
                    told = f"{_rows(rows)} {'was' if rows == 1 else 'were'} written before"
                    error.hint = "; ".join(filter(None, [error.hint, told]))
                raise
    if said := bad.report():
        note(said)
    return undefined.report(rows, function, points.fixed, wrt, table.strict)


def _refuse_clash(heading: Heading, function: Function) -> None:
    results = {*heading.results(), *heading.results("df/d")}
    clash = next((name for name in heading.inputs if name in results), None)
    if clash is None:
        return
    hint = f"rename it, as in --rename {clash}_in={clash}, or leave it out with --keep"
    if clash in function.variables:
        hint = "rename the variable, or use --format json"
    raise RequestError(f"the input column {quoted(clash)} has the name of a result", hint=hint)


class _Undefined:
    """The rows with a result that is nan: how many, and the first."""

    def __init__(self) -> None:
        self._count = 0
        self._first: tuple[str, dict[str, float]] | None = None

    def look(self, block: Block, results: Sequence[Array]) -> None:
        """Count those of a block."""
        import numpy as np

        found = np.isnan(results[0])
        for column in results[1:]:
            found = found | np.isnan(column)
        count = int(np.count_nonzero(found))
        if count and self._first is None:
            row = int(np.argmax(found))
            self._first = block.place(row), {name: float(column[row]) for name, column in block.numbers.items()}
        self._count += count

    def report(
        self, rows: int, function: Function, fixed: dict[str, float], wrt: Sequence[str] | None, strict: bool
    ) -> int:
        """Say it, if there is something to say; the exit status."""
        if self._first is None:
            return 0
        from ._point import answer

        place, point = self._first
        text = f"{self._count} of {_rows(rows)} {'is' if self._count == 1 else 'are'} undefined; the first: {place}"
        fatal = [remark for remark in answer(function, {**fixed, **point}, wrt).notes if remark.fatal]
        if fatal:
            text += f", {fatal[0]}"
        if strict:
            say(text)
            return 1
        note(text)
        return 0


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
