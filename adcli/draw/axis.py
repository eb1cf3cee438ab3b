"""The horizontal axis of a plot."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np

from adcli.errors import RequestError, short
from adcli.ops.operands import Array

SAMPLES = 1201
INCHES = (2, 100)  # the least and the largest width and height of a plot
LARGEST = 1e150  # of a linear axis, because the arithmetic of axes squares its numbers
LARGEST_LOG = 1e250  # of a logarithmic axis, and 1 over the smallest, because the next tick must be a number
NEAR = 1e-9  # positions that are closer, as a part of the axis, are one position


class Axis(NamedTuple):
    """The horizontal axis of a plot.

    Attributes:
        name: of the variable.
        start, stop: its ends, finite, the lower one first.
        log: whether its scale is logarithmic, which needs positive ends.
        points: the number of points that are sampled.
    """

    name: str
    start: float
    stop: float
    log: bool = False
    points: int = SAMPLES

    def check(self) -> None:
        """Raise a RequestError if there is no such axis."""
        ends = f"the range of {short(self.name)} from {self.start:.6g} to {self.stop:.6g}"
        if not -inf < self.start < self.stop < inf:
            raise RequestError(f"{ends}: the start must be below the stop, and both finite")
        if self.log and self.start <= 0:
            raise RequestError(f"a logarithmic axis needs a range above 0: {ends} is not")
        largest = max(abs(self.start), abs(self.stop))
        if largest > (LARGEST_LOG if self.log else LARGEST) or (self.log and self.start < 1 / LARGEST_LOG):
            raise RequestError(f"{ends} is too wide for a plot")
        if self.stop - self.start < 1e-12 * largest:
            raise RequestError(f"{ends} is too narrow for a plot", hint="its numbers have too few digits apart")

    def sample(self) -> Array:
        """Return the points."""
        spaced = np.geomspace if self.log else np.linspace
        return spaced(self.start, self.stop, self.points)

    def halve(self, low: Array, high: Array) -> Array:
        """Return the middle of each interval."""
        return np.sqrt(low) * np.sqrt(high) if self.log else low / 2 + high / 2

    def near(self, position: float) -> float:
        """Return the distance within which positions are one position."""
        return NEAR * (position if self.log else self.stop - self.start)

    def clean(self, position: float) -> float:
        """Return 0 for a position that is as good as 0, such as the 1e-21 of halving."""
        return 0.0 if abs(position) <= self.near(0.0) else position
