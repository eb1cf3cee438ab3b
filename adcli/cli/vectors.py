"""All columns of tables as vectors, for ``--whole``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from ..errors import RequestError, ShapeError
from ..tables.bad_rows import BadRows
from .output import note
from .row_counts import count_text

if TYPE_CHECKING:
    from ..formula.lowered import Lowered, Lowerings
    from ..ops.operands import Numeric
    from ..tables.block import Block
    from .options import TableOptions
    from .task import Task
    from .words import ParsedWords


def read_vectors(
    words: ParsedWords, table: TableOptions, formula: Lowerings, directed: bool = False
) -> tuple[Lowerings, dict[str, str], dict[str, Numeric]]:
    """Read all rows of the tables.

    Args:
        words, table: of the command line.
        formula: the expression.
        directed: whether directions may be among the variables.

    Returns:
        The formula, which has the directions as variables, per variable that moves the name of its direction, and
        the values: a vector for each variable that has a column.
    """
    from .array_files import join_blocks
    from .points import TablePoints

    bad = BadRows(table.on_error or "fail")
    missing: list[int] = []
    with closing(TablePoints(words, table._replace(keep="none"), formula, directed, None)) as points:
        names = [name for name in points.formula.variables if name not in points.fixed]
        if not names:
            raise RequestError("--whole: no column is a variable", hint="leave out --data and --whole")
        with closing(points.blocks(bad)) as blocks:
            vectors = join_blocks(_count_missing(blocks, missing), names, "the table")
    incomplete = None
    if count := sum(missing):
        incomplete = f"{count_text(count)} {'has' if count == 1 else 'have'} a missing cell"
    for remark in [*points.remarks, *filter(None, [bad.report(), incomplete])]:
        note(remark)
    values: dict[str, Numeric] = {**points.fixed, **vectors}
    return points.formula, points.directions, {name: values[name] for name in points.formula.variables}


def _count_missing(blocks: Iterable[Block], counts: list[int]) -> Iterator[Block]:
    """Yield the same blocks, and append how many rows of each have a missing cell."""
    for block in blocks:
        mask = block.find_missing()
        counts.append(0 if mask is None else int(mask.sum()))
        yield block


def require_rows(formula: Lowerings, task: Task) -> Lowered:
    """Return the graph of a formula that is computed in each row.

    Raises:
        ShapeError: it has operations on arrays. The hint names --whole if columns can be vectors.
    """
    from ..formula.kinds import require_numbers

    try:
        return require_numbers(formula)
    except ShapeError as error:
        if task.arrays and task.table.data:
            error.command_hint = "a row has one number of each column; --whole takes the columns as vectors"
        raise
