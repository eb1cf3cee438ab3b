"""An expression at many points: rows of tables or points of sweeps in, rows with results out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, TypeAlias

from ..errors import AdcliError, DomainError, RequestError, quoted
from ..formula.answer import answer_at
from ..formula.kinds import require_numbers
from ..formula.outputs import fill
from ..tables.bad_rows import BadRows
from ..tables.block import Block
from ..tables.formats import BY_NAME, open_writer
from ..tables.writer import Heading
from .directions import require_directions
from .output import STANDARD_OUTPUT, note, output, say
from .points import SweptPoints, TablePoints, open_points
from .progress import Progress

if TYPE_CHECKING:
    from ..formula.lowered import Lowered, Lowerings
    from ..formula.outputs import Compute, Outputs
    from ..tables.column import Array
    from .options import TableOptions
    from .words import ParsedWords


# Makes the outputs of a lowered formula, given per variable that moves the name of its direction.
Build: TypeAlias = Callable[["Lowered", dict[str, str]], "Outputs"]
FEW = 8192  # a first block of fewer rows is all there is


def _rows_of(block: Block | None, points: SweptPoints | TablePoints) -> int | None:
    """About how many rows there are, by the first block of them; None where nobody knows."""
    if block is None:
        return 0
    part = points.part(block.count)
    if part:
        return round(block.count / part)
    return block.count if block.count < FEW else None


def run_table(
    words: ParsedWords,
    table: TableOptions,
    formula: Lowerings,
    build: Build,
    directed: bool = False,
) -> int:
    """Compute what is wanted at every point, print every row, and return the exit status.

    Args:
        words: of the command line.
        table: what they say about tables.
        formula: the expression.
        build: makes what is wanted.
        directed: whether the command takes directions, which may be swept or be columns.
    """
    from .printing import number_printer

    form, digits, path = table.form, table.digits, table.output
    binary = BY_NAME[form].binary
    if digits is not None and binary:
        raise RequestError(f"--digits does not go with {form}", hint="its numbers are binary")
    shown = path in (None, *STANDARD_OUTPUT) and sys.stdout is not None and sys.stdout.isatty()
    if binary and shown:
        raise RequestError(f"{form} is not for a terminal", hint=f"-o FILE.{form}")
    printer = number_printer(digits) if digits is not None else None
    with closing(open_points(words, table, formula, directed)) as points:
        if directed:
            require_directions(formula, points.directions)
        lowered = require_numbers(points.formula)
        wanted = build(lowered, points.directions)
        heading = _heading(wanted, points)
        if form not in ("json", "value"):
            _refuse_clash(heading)
        bad = BadRows(table.on_error or "fail")
        undefined = _Undefined()
        rows = 0
        with output(path) as stream, closing(Progress(shown)) as progress:
            try:
                with closing(points.blocks(bad)) as blocks:
                    block = next(blocks, None)  # before anything is written, which a bad table has not earned
                    compute = wanted.columns(table.backend or "auto", _rows_of(block, points), table.threads)
                    with closing(open_writer(form, stream, heading, printer)) as writer:
                        while block is not None:
                            results = _computed(compute, block, points.fixed)
                            undefined.look(block, results)
                            writer.write(block, results)
                            rows += block.count
                            progress.show(rows, points.part(rows))
                            block = next(blocks, None)
                        writer.finish()
            except AdcliError as error:
                if stream.streamed and rows and not binary:  # which come through whole or are of no use
                    told = f"{_rows(rows)} {'was' if rows == 1 else 'were'} written before"
                    error.hint = "; ".join(filter(None, [error.hint, told]))
                raise
    if said := bad.report():
        note(said)
    return undefined.report(rows, wanted, points.fixed, table.strict)


def _computed(compute: Compute, block: Block, fixed: dict[str, float]) -> list[Array]:
    import numpy as np

    return [np.broadcast_to(column, block.count) for column in compute({**block.numbers, **fixed})]


def _heading(wanted: Outputs, points: TablePoints | SweptPoints) -> Heading:
    from ..strict_json import json_text

    # Places are printed where the numbers will be, between characters that JSON's texts do not have.
    places = list(map(float, range(len(wanted.names))))
    fields = json_text(fill(wanted.fields, places), lambda place: f"\0{place:.0f}\0")[1:-1].split("\0")
    text = wanted.lowered.formula.text
    return Heading(text, wanted.variables, points.inputs, wanted.labels, wanted.names, fields, points.dialect)


def _refuse_clash(heading: Heading) -> None:
    results: set[str] = set()
    for name in heading.names:
        if name in results:
            raise RequestError(f"two results have the name {quoted(name)}", hint="rename a variable, or --format json")
        results.add(name)
    clash = next((name for name in heading.inputs if name in {*heading.names, *heading.labels}), None)
    if clash is None:
        return
    hint = f"rename it, as in --rename {clash}_in={clash}, or leave it out with --keep"
    if clash in heading.variables:
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
            self._first = block.describe_row(row), {name: float(column[row]) for name, column in block.numbers.items()}
        self._count += count

    def report(self, rows: int, wanted: Outputs, fixed: dict[str, float], strict: bool) -> int:
        """Say it, if there is something to say; the exit status."""
        if self._first is None:
            return 0
        place, point = self._first
        text = f"{self._count} of {_rows(rows)} {'is' if self._count == 1 else 'are'} undefined; the first: {place}"
        try:
            found = [str(remark) for remark in answer_at(wanted, {**fixed, **point}).notes if remark.fatal]
        except DomainError as error:
            found = [str(error)]
        if found:
            text += f", {found[0]}"
        if strict:
            say(text)
            return 1
        note(text)
        return 0


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
