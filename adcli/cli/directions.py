"""Directions from the words of the command line: ``--dx 1`` is the direction in x."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import MAX_NAMES, RequestError, short

if TYPE_CHECKING:
    from ..formula.lowered import Lowerings
    from .words import ParsedWords


def read_directions(
    words: ParsedWords, formula: Lowerings, directed: bool, columns: Sequence[str] = ()
) -> tuple[Lowerings, dict[str, str]]:
    """Return the formula with the directions that are given as variables after its own.

    Args:
        words: of the command line.
        formula: the expression.
        directed: whether the command takes directions; otherwise there are none.
        columns: the variables that the columns of a table mean; some of them may be directions.

    Returns:
        That formula, and per variable that moves the name of its direction.
    """
    if not directed:
        return formula, {}
    from ..formula.kinds import find_directions
    from ..language.parser import variable_name

    directions = find_directions(formula, [*[variable_name(name) for name, _ in words.values], *columns])
    return formula.moving(directions), directions


def require_directions(formula: Lowerings, directions: dict[str, str]) -> None:
    """Raise a RequestError where a command that takes directions was given none."""
    if directions:
        return
    taken = {name: f"d{name}" in (*formula.variables, *formula.bindings) for name in formula.variables}
    free = " ".join([f"--d{short(name)} …" for name in taken if not taken[name]][:MAX_NAMES])
    hints = [f"add {free}"] if free else []
    hints += [f"for one in {short(name)} rename d{short(name)} in the expression" for name in taken if taken[name]][:1]
    raise RequestError("there is no direction", hint="; ".join(hints) or "there are no variables")
