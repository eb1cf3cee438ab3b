"""Directions from the words of the command line: ``--dx 1`` is the direction in x."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import MAX_NAMES, RequestError, short

if TYPE_CHECKING:
    from ..formula.lowered import Lowerings
    from .words import ParsedWords


def read_directions(
    words: ParsedWords, formula: Lowerings, columns: Sequence[str] = ()
) -> tuple[Lowerings, dict[str, str]]:
    """Return the formula with the directions that are given as variables after its own.

    Args:
        words: of the command line.
        formula: the expression.
        columns: the variables that the columns of a table mean. Some of them may be directions.

    Returns:
        That formula, and per variable that moves the name of its direction.
    """
    from ..formula.directions import find_directions
    from ..language.parser import variable_name

    directions = find_directions(formula, [*[variable_name(name) for name, _ in words.values], *columns])
    return formula.moving(directions), directions


def require_directions(formula: Lowerings, directions: dict[str, str]) -> None:
    """Raise a RequestError where a command that takes directions was given none."""
    if directions:
        return
    is_taken = {name: f"d{name}" in (*formula.variables, *formula.bindings) for name in formula.variables}
    free = " ".join([f"--d{short(name)} …" for name in is_taken if not is_taken[name]][:MAX_NAMES])
    hints = [f"add {free}"] if free else []
    taken = next((short(name) for name in is_taken if is_taken[name]), None)
    if taken is not None:
        hints.append(f"for one in {taken} rename d{taken} in the expression")
    raise RequestError("there is no direction", hint="; ".join(hints) or "there are no variables")
