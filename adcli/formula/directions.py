"""The directions of `jvp` and `hvp`: variables ``dx`` beside x."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import ShapeError
from ..ops.operands import Operand
from ..ops.shapes import shape_text
from ..ops.support import direction
from .lowered import Lowered, Lowerings


def find_directions(lowerings: Lowerings, names: Sequence[str]) -> dict[str, str]:
    """Return the names that are directions, ``dx`` where x is a variable, by variable and in its order.

    >>> from adcli import parse
    >>> find_directions(Lowerings(parse("x*y")), ["dy", "n"])
    {'y': 'dy'}
    """
    taken = {*lowerings.variables, *lowerings.bindings}
    return {name: f"d{name}" for name in lowerings.variables if f"d{name}" in names and f"d{name}" not in taken}


def seeds_of(lowered: Lowered, directions: Mapping[str, str], exact: bool) -> dict[int, Operand]:
    """Return the direction of each variable that moves, by row.

    Args:
        lowered: the formula.
        directions: per variable that moves the name of the variable that is its direction.
        exact: whether a direction of 0 is left out by a condition.

    Raises:
        ShapeError: a direction does not have the shape of its variable.
    """
    for name, other in directions.items():
        shapes = [lowered.shapes.get(each, ()) for each in (other, name)]
        if shapes[0] != shapes[1]:
            texts = [f"has the shape {shape_text(shape)}" if shape else "is a number" for shape in shapes]
            problem = f"the direction in {name} {texts[0]}, and {name} {texts[1]}"
            raise ShapeError(problem, hint="give them the same shape")
    pairs = [(lowered.variable(name).row, lowered.variable(other)) for name, other in directions.items()]
    return {row: direction(node) if exact else node for row, node in pairs}
