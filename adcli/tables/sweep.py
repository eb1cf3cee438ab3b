"""Sweeps: the values of a variable between two ends, the grid of several, or their pairs."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import RequestError
from .block import Block, Column, Numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROWS = 1 << 16  # of a block
MOST = 2**62  # rows that an index can count


class Range(NamedTuple):
    """`points` points from `start` to `stop`, both included, evenly spaced; one point is its start."""

    start: float
    stop: float
    points: int


class Sweep:
    """The values of one variable: ranges one after another; a single value is a range of one.

    >>> import numpy as np
    >>> sweep = Sweep([Range(0.0, 1.0, 11), Range(5.0, 5.0, 1)])
    >>> sweep.count, sweep.at(np.array([0, 3, 10, 11])).tolist()
    (12, [0.0, 0.3, 1.0, 5.0])
    """

    def __init__(self, ranges: Sequence[Range]) -> None:
        self.ranges = ranges
        self.count = sum(each.points for each in ranges)

    def at(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """The values at these places, counted from 0."""
        import numpy as np

        starts, stops = (np.array(ends, dtype=np.float64) for ends in list(zip(*self.ranges, strict=True))[:2])
        counts = np.array([each.points for each in self.ranges], dtype=np.int64)
        past = np.cumsum(counts)
        which = np.searchsorted(past, places, side="right")
        place = places - (past - counts)[which]
        start, stop, steps = starts[which], stops[which], np.maximum(counts[which] - 1, 1)
        with np.errstate(all="ignore"):
            # Products first and one division: 0:1:11 has 0.3, where steps of 0.1 would have 0.30000000000000004.
            values = (start * (steps - place) + stop * place) / steps
            far = ~np.isfinite(values)
            values[far] = (start * ((steps - place) / steps) + stop * (place / steps))[far]
        values = np.clip(values, np.minimum(start, stop), np.maximum(start, stop))
        return np.where(place == 0, start, np.where(place == steps, stop, values))


class Grid:
    """The points of several sweeps: every combination, the first sweep slowest, or their pairs.

    Attributes:
        count: how many points.

    >>> grid = Grid({"x": Sweep([Range(0.0, 1.0, 2)]), "y": Sweep([Range(5.0, 5.0, 1), Range(7.0, 7.0, 1)])}, False)
    >>> [block.numbers["x"].tolist() for block in grid.blocks(["x", "y"], {})]
    [[0.0, 0.0, 1.0, 1.0]]
    """

    def __init__(self, sweeps: Mapping[str, Sweep], zipped: bool) -> None:
        self.sweeps = dict(sweeps)
        self.zipped = zipped
        counts = [sweep.count for sweep in self.sweeps.values()]
        if zipped and len(set(counts)) > 1:
            told = ", ".join(f"{name} {sweep.count}" for name, sweep in self.sweeps.items())
            raise RequestError(f"--zip pairs as many points of each variable, not {told}", hint="leave out --zip")
        self.count = counts[0] if zipped else prod(counts)
        if self.count > MOST:
            raise RequestError(f"a grid of {self.count:.3g} points", hint="no table is as long as that")

    def blocks(self, names: Sequence[str], numbers: Mapping[str, float]) -> Generator[Block, None, None]:
        """The points.

        Args:
            names: the variables, in the order in which they are printed.
            numbers: the values of those that are not swept.
        """
        import numpy as np

        for first in range(0, self.count, ROWS):
            count = min(ROWS, self.count - first)
            places: Any = np.arange(first, first + count, dtype=np.int64)
            columns: dict[str, NDArray[np.float64]] = {}
            for name, sweep in reversed(self.sweeps.items()):
                if self.zipped:
                    columns[name] = sweep.at(places)
                else:
                    places, place = np.divmod(places, sweep.count)
                    columns[name] = sweep.at(place)
            for name in names:
                if name not in columns:
                    columns[name] = np.full(count, numbers[name])
            kept: dict[str, Column] = {name: Numbers(columns[name]) for name in names}
            yield Block(count, columns, kept, lambda row, first=first: f"point {first + row + 1}")  # type: ignore[misc]
