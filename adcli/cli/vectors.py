"""Columns of tables as vectors: one column for ``@FILE:COLUMN``, all of them for ``--whole``."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from ..errors import RequestError, ShapeError, UnknownNameError, join_names, quoted, suggest
from ..tables.bad_rows import BadRows
from ..tables.formats import open_table
from .output import note
from .points import TablePoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..formula.lowered import Lowered, Lowerings
    from ..ops.operands import Numeric
    from ..tables.block import Block
    from ..tables.column import Array
    from .options import TableOptions
    from .task import Task
    from .words import ParsedWords


def read_column(path: str, name: str) -> Array:
    """Return the column of that name in a table.

    Raises:
        RequestError: the table cannot be read, has no such column, or has a cell there that is not a number.
    """
    with closing(open_table(path)) as table:
        columns = [column for column in table.columns if column.strip() == name.strip()]
        columns = [name] if name in columns or name in table.parts else columns
        if not columns:
            hint = suggest(name, [*table.columns, *table.parts], f"its columns are {join_names(table.columns)}")
            raise UnknownNameError(f"{table.name} has no column {quoted(name)}", hint=hint)
        if table.columns.count(columns[0]) > 1 or len(columns) > 1:
            raise RequestError(f"{table.name} has several columns {quoted(name)}", hint="give them other names")
        table.rejects_new_columns = False
        blocks = _without_problems(table.name, table.blocks({name: columns[0]}, []))
        return _join(blocks, [name], table.name)[name]


def _without_problems(table: str, blocks: Iterator[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.problems:
            problem = f"{table}, {block.problems[min(block.problems)]}"
            raise RequestError(problem, hint="each cell of the column must be a number")
        yield block


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
    bad = BadRows(table.on_error or "fail")
    with closing(TablePoints(words, table._replace(keep="none"), formula, directed, None)) as points:
        names = [name for name in points.formula.variables if name not in points.fixed]
        if not names:
            raise RequestError("--whole: no column is a variable", hint="leave out --data and --whole")
        with closing(points.blocks(bad)) as blocks:
            vectors = _join(blocks, names, "the table")
    if report := bad.report():
        note(report)
    values: dict[str, Numeric] = {**points.fixed, **vectors}
    return points.formula, points.directions, {name: values[name] for name in points.formula.variables}


def _join(blocks: Iterable[Block], names: list[str], table: str) -> dict[str, Array]:
    """Return the columns of all blocks."""
    import numpy as np

    parts = [{name: block.numbers[name] for name in names} for block in blocks]
    if not parts:
        raise RequestError(f"{table} has no rows", hint="a vector needs at least one number")
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


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
