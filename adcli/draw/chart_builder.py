"""Make the description of a plot from sampled curves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from adcli.draw.axis import LARGEST, Axis
from adcli.draw.chart import Chart, Interval, Line, Look, Panel, Points
from adcli.draw.curve import Curve
from adcli.draw.limits import Limits, find_limits, finite_numbers
from adcli.errors import RequestError
from adcli.ops.operands import Array

MOST_LINES = 24  # curves that readers can tell apart, and whose names fit beside a plot
LONGEST_LABEL = 28  # characters beside a vertical axis
DISTINCT = 7  # colours that are told apart; longer families are shaded
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
    panels = [_build_panel(traces, looks, axis, level, log_y, limits, points) for level in range(order + 1)]
    if y_label:
        panels[0] = panels[0]._replace(label=y_label)
    remarks = [line for trace, look in zip(traces, looks, strict=True) for line in _remarks(trace, look, axis.name)]
    return Chart(
        title,
        fixed,
        axis,
        x_label or axis.name,
        panels,
        looks if len(traces) > 1 else (),
        remarks,
        _left_out(traces, axis, log_y),
    )


def _build_panel(
    traces: Sequence[Trace],
    looks: Sequence[Look],
    axis: Axis,
    level: int,
    log_y: bool,
    limits: Limits,
    points: Sequence[Points],
) -> Panel:
    """Return the panel of the values (level 0) or of a derivative. Points and limits are for the values."""
    label = _panel_label([trace.labels[level] for trace in traces], level)
    ys = [trace.curve.lines[level] for trace in traces]
    log, negated = _log_scale(ys, level, log_y)
    if negated:
        label, ys = f"-{label}", [-y for y in ys]
    ys = [_drawable(y, log) for y in ys]
    lines = []
    for trace, y, look in zip(traces, ys, looks, strict=True):
        curve = trace.curve
        kinks = curve.kinks[level] if level < len(curve.kinks) else []
        holes = curve.holes if level == 0 else []
        sign = -1 if negated else 1
        shown = [[(x, sign * h) for x, h in pairs if not log or sign * h > 0] for pairs in (holes, kinks)]
        lines.append(Line(curve.x, y, look, curve.breaks, *shown))
    over = [_inside(each, axis.start, axis.stop, log) for each in points] if level == 0 else []
    is_open = any(trace.curve.open[level] for trace in traces)
    low, high = find_limits([*ys, *(each.y for each in over)], is_open, log, () if level else limits)
    over = [each._replace(y=np.where((each.y < low) | (each.y > high), np.nan, each.y)) for each in over]
    gaps = reduce(_common, (trace.curve.gaps for trace in traces))
    return Panel(label, lines, over, gaps, (low, high), log)


def _drawable(y: Array, log: bool = False) -> Array:
    """Return numbers with nan for those that cannot be drawn."""
    return np.where(y > 0 if log else np.abs(y) <= LARGEST, y, np.nan)


def _inside(points: Points, start: float, stop: float, log: bool) -> Points:
    """Return the points with nan for those outside of the horizontal axis."""
    return points._replace(y=np.where((points.x >= start) & (points.x <= stop), _drawable(points.y, log), np.nan))


def _looks(traces: Sequence[Trace]) -> list[Look]:
    """Return how each line looks. Results differ in colour, or in dashes if the members of a family have colours."""
    results = list(dict.fromkeys(trace.result for trace in traces))
    members = list(dict.fromkeys(trace.member for trace in traces))
    looks = []
    for trace in traces:
        result, member = results.index(trace.result), members.index(trace.member)
        label = ", ".join(filter(None, [trace.result if len(results) > 1 else "", trace.member]))
        part = member / (len(members) - 1) if len(members) > DISTINCT else None
        if len(members) == 1:
            looks.append(Look(label, result, result + result // DISTINCT, None))
        elif len(results) == 1 and part is None:
            looks.append(Look(label, member, member, None))
        else:
            looks.append(Look(label, member + len(members) * (result // DISTINCT), result, part))
    return looks


def _panel_label(labels: Sequence[str], level: int) -> str:
    """Return the label of a vertical axis: the results, or what they are if these are many."""
    label = ", ".join(dict.fromkeys(labels))
    return label if len(label) <= LONGEST_LABEL or len(set(labels)) == 1 else WHOLE_NAMES[level]


def _log_scale(ys: Sequence[Array], level: int, log_y: bool) -> tuple[bool, bool]:
    """Return whether a panel has a logarithmic axis, and whether with the other sign."""
    if not log_y or not level:
        return log_y, False
    numbers = finite_numbers(ys)
    if not numbers.size or (numbers == 0).all():
        return False, False
    return bool((numbers >= 0).all() or (numbers <= 0).all()), bool((numbers <= 0).all())


def _left_out(traces: Sequence[Trace], axis: Axis, log: bool) -> list[str]:
    """Return a note on values that the axis of the values cannot show, if there are some.

    Raises:
        RequestError: these are all values.
    """
    shown = False
    names: list[str] = []
    places: list[Array] = []
    for trace in traces:
        y = trace.curve.lines[0]
        is_drawn = np.isfinite(_drawable(y, log))
        shown = shown or bool(is_drawn.any())
        left_out = np.isfinite(y) & ~is_drawn
        if left_out.any():
            names.append(", ".join(filter(None, [trace.labels[0], trace.member])))
            places.append(trace.curve.x[left_out])
    if not shown:
        raise RequestError(
            "no value is positive, as a logarithmic axis needs" if log else f"all values are beyond {LARGEST:g}"
        )
    if not names:
        return []
    where = np.concatenate(places)
    low, high = f"{where.min():.6g}", f"{where.max():.6g}"
    part = f"at {axis.name} = {low}" if low == high else f"for some {axis.name} from {low} to {high}"
    what = f"{names[0]} is" if len(names) == 1 else f"{len(names)} of {len(traces)} curves are"
    return [f"{what} {'not positive' if log else f'beyond {LARGEST:g}'} {part}, which the plot leaves out"]


def _common(gaps: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """Return the parts of intervals that are in others too."""
    both = [(max(low, start), min(high, stop)) for low, high in gaps for start, stop in others]
    return [(low, high) for low, high in both if low < high]


def _remarks(trace: Trace, look: Look, name: str) -> list[str]:
    """Return a line for the breaks, the gaps and the kinks, which the curves alone do not show."""
    curve = trace.curve
    places = {
        "poles and jumps": [f"{place:.6g}" for place in curve.breaks],
        "undefined": [f"{place:.6g}" for place, _ in curve.holes],
        "kinks": [f"{place:.6g}" for place, _ in curve.kinks[0]],
        "no value": [f"{low:.6g} to {high:.6g}" for low, high in curve.gaps],
    }
    of = f" of {look.label}" if look.label else ""
    return [
        f"{what}{of}: {name} = {', '.join(texts[:8])}{', …' if len(texts) > 8 else ''}"
        for what, texts in places.items()
        if texts
    ]
