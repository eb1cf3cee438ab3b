"""What a command computes: all that the command line says of it, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from ..records import NamedTuple

if TYPE_CHECKING:
    from ..formula.lowered import Lowered, Lowerings
    from ..formula.outputs import Outputs
    from .options import TableOptions
    from .words import ParsedWords


class Task(NamedTuple):
    """What a command computes, read from the command line.

    Attributes:
        words: of the command line.
        table: the options for points and results.
        formula: the expression.
        build: makes the outputs of a lowered formula, given per variable that moves the name of its direction.
        arrays: whether variables may be arrays, at one point.
        directed: whether there are directions, which may be swept or be columns.
        one_point: an option that was given and that needs a single point.
        unknown: a variable that is computed. Its values are where to start.
    """

    words: ParsedWords
    table: TableOptions
    formula: Lowerings
    build: Callable[[Lowered, dict[str, str]], Outputs]
    arrays: bool = False
    directed: bool = False
    one_point: str | None = None
    unknown: str | None = None

    def outputs(self, lowered: Lowered, directions: dict[str, str]) -> Outputs:
        """Return what is computed, under the names that --name gives."""
        outputs = self.build(lowered, directions)
        if self.table.names:
            from .result_names import rename_results

            rename_results(outputs, self.table.names)
        return outputs


_TAKEN = "adcli.task"  # the key of a list in `click.Context.meta`


def read_task(command: click.Command, words: ParsedWords, params: Mapping[str, object]) -> Task:
    """Return the task of a command, without running it.

    Args:
        command: that computes at many points.
        words, params: of its command line, as click has parsed it.
    """
    taken: list[Task] = []
    with click.Context(command, info_name=command.name, obj=words) as ctx:
        ctx.params = dict(params)
        ctx.meta[_TAKEN] = taken
        command.invoke(ctx)
    [task] = taken
    return task


def take_task(task: Task) -> bool:
    """Hand a task to `read_task` if that waits for it, and return whether it does."""
    taken = click.get_current_context().meta.get(_TAKEN)
    if taken is None:
        return False
    taken.append(task)
    return True
