"""Sweeps: evenly spaced values of a variable, and the grid or the pairs of several."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from functools import partial
from itertools import product
from math import isfinite, prod
from typing import TYPE_CHECKING

from ..errors import RequestError
from ..records import NamedTuple
from .block import Block
from .column import Column, Numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .column import Array

BLOCK_ROWS = 1 << 16  # of a block
MAX_POINTS = 2**62  # an int64 can count them


class Range(NamedTuple):
    """Evenly spaced points from `start` to `stop`, both included. A single point is the start."""

    start: float
    stop: float
    points: int


class Sweep:
    """The values of one variable: ranges one after another. A single value is a range of one point.

    >>> import numpy as np
    >>> sweep = Sweep([Range(0.0, 1.0, 11), Range(5.0, 5.0, 1)])
    >>> sweep.count, sweep.at(np.array([0, 3, 10, 11])).tolist()
    (12, [0.0, 0.3, 1.0, 5.0])
    """

    def __init__(self, ranges: Sequence[Range]) -> None:
        self.ranges = ranges
        self.count = sum(each.points for each in ranges)

    def values(self) -> list[float]:
        """Return all values. They have the bits of `at`, which takes arrays.

        >>> Sweep([Range(0.0, 1.0, 11)]).values()[3]
        0.3
        """
        return [_value(each, step) for each in self.ranges for step in range(each.points)]

    def at(self, indices: NDArray[np.int64]) -> Array:
        """Return the values of these indices, counted from 0."""
        import numpy as np

        starts = np.array([each.start for each in self.ranges], dtype=np.float64)
        stops = np.array([each.stop for each in self.ranges], dtype=np.float64)
        counts = np.array([each.points for each in self.ranges], dtype=np.int64)
        ends = np.cumsum(counts)
        which = np.searchsorted(ends, indices, side="right")
        step = indices - (ends - counts)[which]
        start, stop, steps = starts[which], stops[which], np.maximum(counts[which] - 1, 1)
        with np.errstate(all="ignore"):
            # Products first and one division: 0:1:11 has 0.3, while steps of 0.1 would give 0.30000000000000004.
            values = (start * (steps - step) + stop * step) / steps
            overflows = ~np.isfinite(values)
            values[overflows] = (start * ((steps - step) / steps) + stop * (step / steps))[overflows]
        low, high = np.minimum(start, stop), np.maximum(start, stop)
        values = np.where(values < low, low, np.where(values > high, high, values))  # clip may change the sign of a 0
        return np.where(step == 0, start, np.where(step == steps, stop, values))


def _value(points: Range, step: int) -> float:
    start, stop, steps = points.start, points.stop, max(points.points - 1, 1)
    if step in (0, steps):
        return stop if step else start
    value = (start * (steps - step) + stop * step) / steps
    if not isfinite(value):
        value = start * ((steps - step) / steps) + stop * (step / steps)
    low, high = min(start, stop), max(start, stop)
    return low if value < low else high if value > high else value


class Grid:
    """The points of several sweeps: every combination, the first sweep slowest, or their pairs.

    Attributes:
        count: of the points.

    >>> grid = Grid({"x": Sweep([Range(0.0, 1.0, 2)]), "y": Sweep([Range(5.0, 5.0, 1), Range(7.0, 7.0, 1)])}, False)
    >>> [block.numbers["x"].tolist() for block in grid.blocks(["x", "y"], {})]
    [[0.0, 0.0, 1.0, 1.0]]
    """

    def __init__(self, sweeps: Mapping[str, Sweep], zipped: bool) -> None:
        self.sweeps = dict(sweeps)
        self.zipped = zipped
        counts = [sweep.count for sweep in self.sweeps.values()]
        if zipped and len(set(counts)) > 1:
            listed = ", ".join(f"{name} {sweep.count}" for name, sweep in self.sweeps.items())
            raise RequestError(f"--zip pairs as many points of each variable, not {listed}", hint="leave out --zip")
        self.count = counts[0] if zipped else prod(counts)
        if self.count > MAX_POINTS:
            raise RequestError(f"a grid of {self.count:.3g} points is too large", hint="use fewer points")

    def blocks(self, names: Sequence[str], numbers: Mapping[str, float]) -> Generator[Block, None, None]:
        """Yield the points.

        Args:
            names: the variables, in the order in which they are printed.
            numbers: the values of those that are not swept.
        """
        import numpy as np

        for first in range(0, self.count, BLOCK_ROWS):
            count = min(BLOCK_ROWS, self.count - first)
            columns = self._values(np.arange(first, first + count, dtype=np.int64))
            for name in names:
                if name not in columns:
                    columns[name] = np.full(count, numbers[name])
            printed: dict[str, Column] = {name: Numbers(columns[name]) for name in names}
            yield Block(count, columns, printed, partial(_name_point, first))

    def columns(self) -> dict[str, list[float]]:
        """Return all values of each swept variable, without NumPy.

        >>> Grid({"x": Sweep([Range(0.0, 1.0, 2)]), "y": Sweep([Range(5.0, 5.0, 1)])}, False).columns()
        {'x': [0.0, 1.0], 'y': [5.0, 5.0]}
        """
        values = [sweep.values() for sweep in self.sweeps.values()]
        points = zip(*values, strict=True) if self.zipped else product(*values)
        return {name: list(column) for name, column in zip(self.sweeps, zip(*points, strict=True), strict=True)}

    def _values(self, indices: NDArray[np.int64]) -> dict[str, Array]:
        """Return the values of the swept variables at these points, counted from 0."""
        import numpy as np

        columns: dict[str, Array] = {}
        for name, sweep in reversed(self.sweeps.items()):
            if self.zipped:
                columns[name] = sweep.at(indices)
            else:
                indices, index = np.divmod(indices, sweep.count)
                columns[name] = sweep.at(index)
        return columns


def _name_point(first: int, row: int) -> str:
    return f"point {first + row + 1}"
