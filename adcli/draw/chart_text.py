"""Draw a plot as text, for a terminal."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import cycle
from math import floor, log10
from string import ascii_lowercase
from typing import TYPE_CHECKING

import numpy as np

from adcli.draw.chart import Chart, Panel
from adcli.draw.line_breaks import cut_middle, title_lines, wrap_parts
from adcli.errors import missing_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from numpy.typing import NDArray
    from uniplot.axis_labels.label_set import LabelSet

    from adcli.ops.operands import Array

    Plot: TypeAlias = Callable[..., str]  # uniplot's function, which has no narrower type

AXIS = 12  # columns beside a panel, for the frame and the numbers of the vertical axis
FRAME = 4  # lines around a panel: its label, its frame and the numbers of the horizontal axis
HEIGHTS = (17, 9, 7)  # lines of a panel, by the number of panels
LEAST_HEIGHT = 5  # lines of a panel
POINTS = "●■▲◆"  # the signs of measured points
COLOURS = ("blue", "red", "green", "magenta", "cyan", "yellow")
ASCII = str.maketrans("─│┌┐└┘…█▔▁●■▲◆", "-|++++.#--#@%&")  # the signs of uniplot and of this module


def chart_text(
    chart: Chart,
    *,
    width: int = 80,
    height: int | None = None,
    screen: int | None = None,
    colour: bool = False,
    ascii_only: bool = False,
) -> str:
    """Return a plot as lines of text.

    Several lines have letters instead of dots if there are not enough colours to tell them apart.

    Args:
        chart: the plot.
        width: of all, in columns.
        height: of all, in lines [default: 17 for one panel, and a few more for several].
        screen: the number of lines that a screen shows, if the plot should fit.
        colour: draw the lines in colours.
        ascii_only: draw with the signs that every terminal has.

    Raises:
        RequestError: uniplot is not installed.
    """
    try:
        from uniplot import plot_to_string
    except ImportError:
        raise missing_extra("a plot in a terminal needs uniplot", "plot") from None
    _correct_labels()
    chart = _in_units(chart)
    above = title_lines(chart.title, width)
    if chart.fixed:
        fixed = [cut_middle(part, width - 6) for part in chart.fixed]
        above += wrap_parts([f"with {fixed[0]}", *fixed[1:]], width)
    letters = ascii_only or len(chart.looks) > (len(COLOURS) if colour else 1)
    below = _lines_below(chart, width)
    legend_lines = len(wrap_parts([f"## {label}" for label in _legend(chart, width)], width - AXIS, "   "))
    rows = _panel_height(chart, len(above) + legend_lines + len(below), height, screen)
    texts = above
    for number, panel in enumerate(chart.panels, 1):
        legend = number == len(chart.panels) and bool(chart.looks)
        texts.append(cut_middle(f"{panel.label}{', logarithmic' if panel.log else ''}", width))
        with np.errstate(all="ignore"):  # of large numbers
            texts.append(_draw_panel(plot_to_string, chart, panel, width, rows, colour, letters, legend))
    text = "\n".join([*texts, *below]) + "\n"
    return text.translate(ASCII) if ascii_only else text


def _correct_labels() -> None:
    """Let uniplot write the numbers of an axis with `_write_labels`."""
    with suppress(ImportError):  # another version may keep them elsewhere
        from uniplot.axis_labels.label_set import LabelSet

        LabelSet._find_shortest_string_representation = _write_labels  # type: ignore[assignment, method-assign]
        LabelSet._add_log_to_label = lambda _, label: label  # type: ignore[assignment, method-assign]


def _write_labels(labels: LabelSet) -> list[str]:
    """Return the shortest texts of the numbers of an axis. Those of uniplot only differ from each other: 2, 5, 8."""
    numbers = [float(number) for number in labels.labels]
    if labels.log:
        return [_power_text(number) for number in numbers]
    near = 1e-4 * (labels.x_max - labels.x_min)  # much less than a column
    for digits in range(14):
        texts = [f"{number:,.{digits}f}" for number in numbers]
        exact = [float(text.replace(",", "")) for text in texts]
        if all(abs(number - other) <= near for number, other in zip(numbers, exact, strict=True)):
            return [text if number else text.lstrip("-") for text, number in zip(texts, exact, strict=True)]
    return [f"{number:.15g}" for number in numbers]


def _power_text(exponent: float) -> str:
    """Return a power of ten as the label of a logarithmic axis.

    >>> [_power_text(exponent) for exponent in (-6.25, -6.0, -1.0, 0.0, 0.4, 2.0, 20.0)]
    ['5.62e-7', '1e-6', '0.1', '1', '2.51', '100', '1e20']
    """
    whole = floor(exponent + 1e-9)
    first = f"{10.0 ** (exponent - whole):.3g}"
    return f"{float(first) * 10.0**whole:.3g}" if -4 < whole < 4 else f"{first}e{whole}"


def _in_units(chart: Chart) -> Chart:
    """Return the plot with small numbers on its axes, whose labels name the unit: uniplot writes digits, no powers."""
    axis, panels = chart.axis, []
    x_unit, x_text = _unit(axis.start, axis.stop, axis.log)
    for panel in chart.panels:
        low, high = panel.limits
        unit, text = _unit(low, high, panel.log)
        lines = [
            line._replace(x=line.x / x_unit, y=line.y / unit, breaks=[place / x_unit for place in line.breaks])
            for line in panel.lines
        ]
        points = [each._replace(x=each.x / x_unit, y=each.y / unit) for each in panel.points]
        limits = low / unit, high / unit
        panels.append(panel._replace(label=f"{panel.label}{text}", lines=lines, points=points, limits=limits))
    label = chart.x_label if chart.x_label == axis.name else f"{axis.name}, {chart.x_label}"
    axis = axis._replace(start=axis.start / x_unit, stop=axis.stop / x_unit)
    return chart._replace(axis=axis, x_label=f"{label}{x_text}", panels=panels)


def _unit(low: float, high: float, log: bool) -> tuple[float, str]:
    """Return the unit of an axis, a power of 1000, and what its label says of it."""
    largest = max(abs(low), abs(high))
    if log or 1e-4 <= largest < 1e7:
        return 1.0, ""
    unit = f"1e{max(floor(log10(largest) / 3) * 3, -300)}"
    return float(unit), f", in units of {unit}"


def _legend(chart: Chart, width: int) -> list[str]:
    """Return the names of the lines, as long as they fit."""
    return [cut_middle(look.label, width - AXIS) for look in chart.looks]


def _panel_height(chart: Chart, others: int, height: int | None, screen: int | None) -> int:
    """Return the lines of a panel, where so many `others` stand around all panels."""
    panels = len(chart.panels)
    rows = HEIGHTS[panels - 1]
    if height is not None:
        rows = (height - others) // panels - FRAME
    elif screen is not None:
        rows = min(rows, (screen - others) // panels - FRAME)
    return max(rows, LEAST_HEIGHT)


def _lines_below(chart: Chart, width: int) -> list[str]:
    """Return what stands below the panels: the horizontal axis, the points and the remarks."""
    points = [f"points: {sign} {each.label}" for sign, each in zip(cycle(POINTS), chart.panels[0].points, strict=False)]
    lines = [f"horizontal: {chart.x_label}{', logarithmic' if chart.axis.log else ''}", *points, *chart.remarks]
    parts = [[cut_middle(part, width - 1) for part in line.split(", ")] for line in lines]
    return [line for each in parts for line in wrap_parts(each, width)]


def _draw_panel(
    plot: Plot, chart: Chart, panel: Panel, width: int, rows: int, colour: bool, letters: bool, legend: bool
) -> str:
    axis = chart.axis
    columns = max(width - AXIS, 20)
    low, high = panel.limits
    reach = high - low  # uniplot fills in lines outside of the panel too, in time that grows with their length
    bottom, top = (low / 100, high * 100) if panel.log else (low - reach, high + reach)
    ys = [line.y.clip(bottom, top) for line in panel.lines]
    ys = [y if np.isfinite(y).any() else np.full(y.shape, bottom) for y in ys]  # uniplot needs a number
    shades = [COLOURS[number % len(COLOURS)] for number, _ in enumerate(ys)]
    signs = ascii_lowercase[: len(panel.lines)] if len(panel.lines) > 1 else "*"
    breaks = panel.lines[0].breaks if len(panel.lines) == 1 else ()
    text = plot(
        xs=[line.x for line in panel.lines],
        ys=ys,
        lines=True,
        legend_labels=_legend(chart, width) if legend else None,
        color=shades if colour else False,
        character_set="ascii" if letters else "braille",
        force_ascii_characters=list(signs),
        width=columns,
        height=rows,
        x_min=axis.start,
        x_max=axis.stop,
        y_min=low,
        y_max=high,
        x_as_log=axis.log,
        y_as_log=panel.log,
        x_gridlines=list(breaks[:20]),
        y_gridlines=[] if panel.log else [0.0],
    )
    return _add_points(text, chart, panel, columns, rows) if panel.points else text


def _add_points(text: str, chart: Chart, panel: Panel, columns: int, rows: int) -> str:
    """Return a panel with the signs of measured points over its lines."""
    axis = chart.axis
    lines = text.split("\n")
    signs: dict[int, dict[int, str]] = {}  # by line and column
    for sign, points in zip(cycle(POINTS), panel.points, strict=False):
        across = _cells(points.x, axis.start, axis.stop, columns, axis.log)
        up = _cells(points.y, *panel.limits, rows, panel.log)
        shown = (across >= 0) & (up >= 0)
        for column, height in set(zip(across[shown].tolist(), up[shown].tolist(), strict=True)):
            signs.setdefault(rows - height, {})[column + 1] = sign  # the frame is the first line and column
    for number, line_signs in signs.items():
        lines[number] = _overwrite(lines[number], line_signs)
    return "\n".join(lines)


def _cells(numbers: Array, low: float, high: float, count: int, log: bool) -> NDArray[np.intp]:
    """Return the cell of each number on an axis, -1 for one outside of it."""
    if log:
        numbers, low, high = np.log10(numbers), log10(low), log10(high)
    parts = (numbers - low) / (high - low)
    inside = (parts >= 0) & (parts <= 1)
    return np.where(inside, np.minimum(np.where(inside, parts, 0.0) * count, count - 1), -1).astype(np.intp)


def _overwrite(line: str, signs: Mapping[int, str]) -> str:
    """Return a line with other signs in some columns. In a line with colours they are bold.

    >>> _overwrite("│⠤⠤│", {2: "●"}), _overwrite("│\\x1b[34m⠤⠤\\x1b[0m│", {1: "●"})
    ('│⠤●│', '│\\x1b[34m\\x1b[0;1m●\\x1b[0m\\x1b[34m⠤\\x1b[0m│')
    """
    parts: list[str] = []
    column, colour = 0, ""
    for part in re.findall(r"\x1b\[[\d;]*m|.", line):
        if len(part) > 1:
            colour = part
        else:
            if column in signs:
                part = f"\x1b[0;1m{signs[column]}\x1b[0m{colour}" if "\x1b" in line else signs[column]
            column += 1
        parts.append(part)
    return "".join(parts)
