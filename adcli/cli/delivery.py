"""A kind of derivative for the command line: the answer at its point, or a row for each of its points."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import RequestError
from .directions import read_directions, require_directions
from .inputs import is_table, read_formula, read_numbers, read_numeric, read_point, read_wrt

if TYPE_CHECKING:
    from ..formula.answer import Answer
    from ..formula.lowered import Lowered, Lowerings
    from ..formula.outputs import Outputs
    from ..ops.operands import Numeric
    from .options import TableOptions
    from .table_points import Build
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
        words: of the command line.
        table: the options for points and results.
        name: of the kind.
        wrt: the text of --wrt.
        order: of the last derivative.
        forward: use one tangent per variable instead of one backward sweep.
        one_point: an option that was given and that needs a single point.
        show: is called with the answer at the point before it is printed.
    """
    from ..formula.kinds import KINDS, Request, check_directions

    kind = KINDS[name]
    formula = (read_formula if kind.arrays else read_numeric)(words, kind.command)
    names = read_wrt(wrt, formula) if "wrt" in kind.takes else []

    def build(lowered: Lowered, directions: dict[str, str]) -> Outputs:
        return kind.build(lowered, Request(names, directions, order, forward))

    directed = "directions" in kind.takes
    if is_table(words, table):
        if one_point:
            raise RequestError(f"{one_point} is for one point", hint="leave it out, or give each variable one number")
        return run_many(words, table, formula, build, directed)
    moving, directions = read_directions(words, formula, directed)
    inputs: dict[str, Numeric] = read_point(words, moving) if kind.arrays else dict(read_numbers(words, moving))
    if directed:
        require_directions(formula, directions)
    lowered = moving.at(inputs)
    if kind.needs_number:
        lowered.scalar  # noqa: B018 - refuses an array before the shapes of directions are compared
    check_directions(directions, inputs)
    return deliver_at(build(lowered, directions), inputs, table, show)


def run_many(words: ParsedWords, table: TableOptions, formula: Lowerings, build: Build, directed: bool = False) -> int:
    """Print a row for each of the points, and return the exit status."""
    from .table_points import run_table

    return run_table(words, table, formula, build, directed)


def deliver_at(
    outputs: Outputs,
    inputs: dict[str, Numeric],
    table: TableOptions,
    show: Callable[[Answer], None] | None = None,
) -> int:
    """Print the answer at one point, and return the exit status."""
    from ..formula.answer import answer_at
    from .printing import deliver

    answer = answer_at(outputs, inputs)
    if show is not None:
        show(answer)
    return deliver(answer, table.form, table.digits, table.output)
