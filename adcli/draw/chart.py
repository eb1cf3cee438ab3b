"""The description of a plot: panels with lines, points and marks, and what their axes say.

`chart_builder` makes it from sampled curves. `chart_figure` draws it with matplotlib, and `chart_text` in a terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from adcli.draw.axis import Axis
from adcli.draw.limits import finite_numbers
from adcli.ops.operands import Array

Interval: TypeAlias = tuple[float, float]


class Points(NamedTuple):
    """Measured points over the values of a result, in the colour of its curve or, with None, in that of letters."""

    label: str
    x: Array
    y: Array
    colour: int | None = None


class Look(NamedTuple):
    """How a line is told apart from others: the numbers of its colour and of its dashes, and its name.

    Attributes:
        part: for lines of a long family how far along the family it is, from 0 to 1; None for few lines.
    """

    label: str
    colour: int
    dash: int
    part: float | None = None


class Line(NamedTuple):
    """A line of a panel, with the places where it breaks, has no value although both sides meet, or bends."""

    x: Array
    y: Array
    look: Look
    breaks: Sequence[float]
    holes: Sequence[Interval]
    kinks: Sequence[Interval]


class Panel(NamedTuple):
    """The lines over one vertical axis.

    Attributes:
        label: of the vertical axis.
        lines: the curves.
        points: measured points.
        gaps: intervals in which no line has a value.
        limits: the ends of the vertical axis.
        log: whether its scale is logarithmic.
    """

    label: str
    lines: Sequence[Line]
    points: Sequence[Points]
    gaps: Sequence[Interval]
    limits: Interval
    log: bool


class Chart(NamedTuple):
    """A plot.

    Attributes:
        title: the expression.
        fixed: the values that are the same everywhere, such as ``y = 3``.
        axis: the horizontal axis.
        x_label: of the horizontal axis.
        panels: values, first derivatives, second derivatives, one above the other.
        looks: of the lines, for the legend; empty if there is one.
        remarks: lines of text that say where the curves break and bend.
        notes: what the plot leaves out.
    """

    title: str
    fixed: Sequence[str]
    axis: Axis
    x_label: str
    panels: Sequence[Panel]
    looks: Sequence[Look]
    remarks: Sequence[str]
    notes: Sequence[str]

    @property
    def description(self) -> str:
        """What the plot shows, for readers who cannot see it."""
        axis = self.axis
        parts = [f"{self.x_label} from {axis.start:.6g} to {axis.stop:.6g}"]
        for panel in self.panels:
            numbers = finite_numbers([line.y for line in panel.lines])
            ends = numbers.clip(*panel.limits)  # near a pole the numbers only say how near the points are
            parts.append(f"{panel.label} from {ends.min():.6g} to {ends.max():.6g}" if ends.size else "")
        if self.fixed:
            parts.append(", ".join(self.fixed))
        if self.looks:
            parts.append("curves: " + ", ".join(look.label for look in self.looks))
        return "; ".join(filter(None, [*parts, *self.remarks]))
