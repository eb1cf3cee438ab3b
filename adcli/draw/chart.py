"""The description of a plot: panels with lines, points and marks, and what their axes say.

`build_chart` makes it from sampled curves. `chart_figure` draws it with matplotlib, and `chart_text` in a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import NamedTuple, TypeAlias

import numpy as np

from adcli.draw.curve import Axis, Curve
from adcli.ops.operands import Array

Interval: TypeAlias = tuple[float, float]
Limits: TypeAlias = "tuple[float | None, float | None]"  # None for an end that follows from the lines

MOST_LINES = 24  # curves that readers can tell apart, and whose names fit beside a plot
LARGEST = 1e300  # a larger number is not drawn, because the arithmetic of axes would overflow
LONGEST_LABEL = 28  # characters beside a vertical axis
WHOLE_NAMES = ("value", "first derivative", "second derivative")


class Trace(NamedTuple):
    """One curve of a plot.

    Attributes:
        curve: its points.
        labels: of its lines, such as ``f`` and ``df/dx``.
        result: what the legend calls the result, such as ``f1 = sin(x)``.
        member: what the legend says of the values that tell curves of one result apart, such as ``a = 1``.
    """

    curve: Curve
    labels: Sequence[str]
    result: str = ""
    member: str = ""


class Points(NamedTuple):
    """Measured points over the values of a result."""

    label: str
    x: Array
    y: Array
    colour: int = 0


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
    """A line of a panel, with the places where it breaks or bends."""

    x: Array
    y: Array
    look: Look
    breaks: Sequence[float]
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
            numbers = _numbers([line.y for line in panel.lines])
            parts.append(f"{panel.label} from {numbers.min():.6g} to {numbers.max():.6g}" if numbers.size else "")
        if self.fixed:
            parts.append(", ".join(self.fixed))
        if self.looks:
            parts.append("curves: " + ", ".join(look.label for look in self.looks))
        return "; ".join(filter(None, [*parts, *self.remarks]))


def build_chart(
    traces: Sequence[Trace],
    axis: Axis,
    *,
    title: str,
    fixed: Sequence[str] = (),
    points: Sequence[Points] = (),
    order: int = 1,
    log_y: bool = False,
    limits: Limits = (None, None),
    x_label: str | None = None,
    y_label: str | None = None,
) -> Chart:
    """Return the description of a plot of curves and their derivatives over one axis.

    Args:
        traces: the curves.
        axis: over which they were sampled.
        title: above the plot, which is broken over lines.
        fixed: the values that are the same everywhere, such as ``y = 3``.
        points: measured points over the values.
        order: of the last derivative that is drawn. Each order has a panel of its own.
        log_y: whether values have a logarithmic axis. So do derivatives of one sign, if need be with the other sign.
        limits: the ends of the axis of the values.
        x_label, y_label: of the axes [default: the variable and the results].

    >>> from adcli.draw.curve import sample_curve
    >>> axis = Axis("x", 0.0, 3.0)
    >>> curve = sample_curve(lambda x: [np.sin(x), np.cos(x)], axis)
    >>> chart = build_chart([Trace(curve, ["f", "df/dx"])], axis, title="sin(x)")
    >>> [panel.label for panel in chart.panels]
    ['f', 'df/dx']
    """
    looks = _looks(traces)
    notes: list[str] = []
    panels = []
    for level in range(order + 1):
        label = _panel_label([trace.labels[level] for trace in traces], level)
        ys = [
            np.where(np.abs(trace.curve.lines[level]) > LARGEST, np.nan, trace.curve.lines[level]) for trace in traces
        ]
        shown = [] if level else points
        log, negated = _log_scale(ys, level, log_y)
        if negated:
            label, ys = f"-{label}", [-y for y in ys]
        if log and not level:
            notes += _below_zero(traces, ys, axis)
            shown = [each._replace(y=np.where(each.y > 0, each.y, np.nan)) for each in shown]
        if log:
            ys = [np.where(y > 0, y, np.nan) for y in ys]
        lines = [
            Line(
                trace.curve.x,
                y,
                look,
                trace.curve.breaks,
                trace.curve.kinks[level] if level < min(order + 1, len(trace.curve.kinks)) and not negated else (),
            )
            for trace, y, look in zip(traces, ys, looks, strict=True)
        ]
        drawn = [*ys, *(each.y for each in shown)]
        is_open = any(trace.curve.open[level] for trace in traces)
        ends = find_limits(drawn, is_open, log, () if level else limits)
        gaps = reduce(_common, (trace.curve.gaps for trace in traces))
        panels.append(Panel(y_label if y_label and not level else label, lines, shown, gaps, ends, log))
    remarks = [line for trace, look in zip(traces, looks, strict=True) for line in _remarks(trace, look, axis.name)]
    return Chart(title, fixed, axis, x_label or axis.name, panels, looks if len(traces) > 1 else (), remarks, notes)


def _looks(traces: Sequence[Trace]) -> list[Look]:
    """Return how each line looks. Results differ in colour, or in dashes if the members of a family have colours."""
    results = list(dict.fromkeys(trace.result for trace in traces))
    members = list(dict.fromkeys(trace.member for trace in traces))
    looks = []
    for trace in traces:
        result, member = results.index(trace.result), members.index(trace.member)
        label = ", ".join(filter(None, [trace.result if len(results) > 1 else "", trace.member]))
        part = member / (len(members) - 1) if len(members) > len(DISTINCT) else None
        if len(members) == 1:
            looks.append(Look(label, result, result, None))
        else:
            looks.append(Look(label, member, result if len(results) > 1 or part is not None else member, part))
    return looks


DISTINCT = range(7)  # the numbers of the colours that are told apart; longer families are shaded


def _panel_label(labels: Sequence[str], level: int) -> str:
    """Return the label of a vertical axis: the results, or what they are if these are many."""
    label = ", ".join(dict.fromkeys(labels))
    return label if len(label) <= LONGEST_LABEL or len(set(labels)) == 1 else WHOLE_NAMES[level]


def _numbers(ys: Iterable[Array]) -> Array:
    return np.concatenate([y[np.isfinite(y)] for y in ys])


def _log_scale(ys: Sequence[Array], level: int, log_y: bool) -> tuple[bool, bool]:
    """Return whether a panel has a logarithmic axis, and whether with the other sign."""
    if not log_y or not level:
        return log_y, False
    numbers = _numbers(ys)
    if not numbers.size or (numbers == 0).all():
        return False, False
    return bool((numbers >= 0).all() or (numbers <= 0).all()), bool((numbers <= 0).all())


def _below_zero(traces: Sequence[Trace], ys: Sequence[Array], axis: Axis) -> list[str]:
    """Return notes on values that a logarithmic axis cannot show."""
    notes = []
    for trace, y in zip(traces, ys, strict=True):
        below = trace.curve.x[y <= 0]
        if below.size:
            where = f"from {below.min():.6g} to {below.max():.6g}" if below.size > 1 else f"at {below[0]:.6g}"
            of = ", ".join(filter(None, [trace.labels[0], trace.member]))
            part = "everywhere" if below.size == np.isfinite(y).sum() else f"for some {axis.name} {where}"
            notes.append(f"{of} is not positive {part}: a logarithmic axis leaves it out")
    return notes


def find_limits(ys: Sequence[Array], is_open: bool, log: bool = False, given: Sequence[float | None] = ()) -> Interval:
    """Return the ends of a vertical axis: all of it, but near a pole only so much that the rest is readable.

    Args:
        ys: the lines.
        is_open: whether they may go to infinity.
        log: whether the scale is logarithmic.
        given: the two ends, None for one that follows from the lines.
    """
    finite = _numbers(ys)
    if log:
        finite = np.log10(finite)
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (-1.0, 1.0)
    if is_open and finite.size:
        inner_low, inner_high = (float(q) for q in np.quantile(finite, [0.1, 0.9]))
        inner = (inner_high - inner_low) or (high - low)
        low, high = max(low, inner_low - inner), min(high, inner_high + inner)
    margin = 0.05 * (high - low)
    if not margin > 1e-12 * max(abs(low), abs(high)):  # a constant, but for rounding
        margin = 0.05 * max(abs(low), abs(high)) or 1.0
    low, high = low - margin, high + margin
    if log:
        low, high = 10.0 ** max(low, -300.0), 10.0 ** min(high, 300.0)
    first, last = [end if end is None else float(end) for end in given] or [None, None]
    low, high = low if first is None else first, high if last is None else last
    return (low, high) if low < high else (low, low + 1.0) if last is None else (high - 1.0, high)


def _common(gaps: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """Return the parts of intervals that are in others too."""
    both = [(max(low, start), min(high, stop)) for low, high in gaps for start, stop in others]
    return [(low, high) for low, high in both if low < high]


def _remarks(trace: Trace, look: Look, name: str) -> list[str]:
    """Return a line for the breaks, the gaps and the kinks, which the curves alone do not show."""
    curve = trace.curve
    places = {
        "poles and jumps": [f"{place:.6g}" for place in curve.breaks],
        "kinks": [f"{place:.6g}" for place, _ in curve.kinks[0]],
        "no value": [f"{low:.6g} to {high:.6g}" for low, high in curve.gaps],
    }
    of = f" of {look.label}" if look.label else ""
    return [
        f"{what}{of}: {name} = {', '.join(texts[:8])}{', …' if len(texts) > 8 else ''}"
        for what, texts in places.items()
        if texts
    ]
