"""Run the task of a command: print the answer at one point, or a row for each of many points."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import RequestError, quoted_path
from .inputs import read_formula, read_numbers, read_numeric, read_point, read_wrt
from .one_or_many import is_table
from .output import is_directory
from .task import Task, take_task

if TYPE_CHECKING:
    from ..formula.answer import Answer
    from ..formula.lowered import Lowered, Lowerings
    from ..formula.outputs import Outputs
    from ..ops.operands import Numeric
    from .options import TableOptions
    from .words import ParsedWords


def run_kind(
    words: ParsedWords,
    table: TableOptions,
    name: str,
    *,
    wrt: str | None = None,
    order: int | None = None,
    forward: bool = False,
    one_point: str | None = None,
    show: Callable[[Answer], None] | None = None,
) -> int:
    """Print the answer of a kind at the point, or a row for each of the points, and return the exit status.

    Args:
        words, table, one_point: see `Task`.
        name: of the kind.
        wrt: the text of --wrt.
        order: of the last derivative.
        forward: use one tangent per variable instead of one backward sweep.
        show: is called with the answer at the point before it is printed.
    """
    from ..formula.kinds import KINDS, Request

    kind = KINDS[name]
    formula = (read_formula if kind.arrays else read_numeric)(words)
    names = read_wrt(wrt, formula) if "wrt" in kind.takes else []

    def build(lowered: Lowered, directions: dict[str, str]) -> Outputs:
        return kind.build(lowered, Request(names, directions, order, forward))

    return run_task(Task(words, table, formula, build, kind.arrays, "directions" in kind.takes, one_point), show)


def run_task(task: Task, show: Callable[[Answer], None] | None = None) -> int:
    """Print the answer at the point, or a row for each of the points, and return the exit status."""
    words, table = task.words, task.table
    if take_task(task):
        return 0
    if is_directory(table.output) and (table.whole or not table.data):
        hint = "it is a directory, which takes the parts of --data; name a file in it"
        raise RequestError(f"cannot write {quoted_path(table.output or '')}", hint=hint)
    if table.cluster is not None and not is_directory(table.output):
        hint = "as in --data 'in/*.csv' -o out/ --cluster local:4"
        raise RequestError("--cluster is for a directory of parts", hint=hint)
    if is_table(words, table):
        if task.one_point:
            hint = "leave it out, or give each variable one number"
            raise RequestError(f"{task.one_point} is for one point", hint=hint)
        from .table_run import run_table

        return run_table(task)
    from ..formula.answer import answer_at
    from .printing import print_answer

    formula, directions, inputs = _read_inputs(task)
    if task.directed:
        from .directions import require_directions

        require_directions(task.formula, directions)
    answer = answer_at(task.outputs(formula.at(inputs), directions), inputs)
    if show is not None:
        show(answer)
    return print_answer(answer, table.output_format, table.digits, table.output)


def _read_inputs(task: Task) -> tuple[Lowerings, dict[str, str], dict[str, Numeric]]:
    """Return the formula with its directions as variables, the names of these, and the values at the point."""
    words, formula = task.words, task.formula
    if task.table.whole:
        from .vectors import read_vectors

        return read_vectors(words, task.table, formula, task.directed)
    directions: dict[str, str] = {}
    if task.directed:
        from .directions import read_directions

        formula, directions = read_directions(words, formula)
    return formula, directions, read_point(words, formula) if task.arrays else {**read_numbers(words, formula)}
