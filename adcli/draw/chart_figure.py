"""Draw a plot with matplotlib, as SVG, PNG or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import inf
from typing import TYPE_CHECKING, TypeVar

from adcli.draw.chart import Chart, Panel
from adcli.draw.chart_styles import (
    DARK,
    HOLE,
    KINK,
    LIGHT,
    Colours,
    break_style,
    line_style,
    mark_style,
    point_style,
)
from adcli.draw.dot import TOOLTIP_LIMIT, escape_markup, shorten
from adcli.draw.line_breaks import cut_middle, title_lines, wrap_formula, wrap_parts
from adcli.errors import RequestError, missing_extra

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.ticker import LogLocator

    from adcli.draw.chart_styles import Style

    Entries: TypeAlias = list[tuple[Any, str]]  # a sign of matplotlib and its text

# Formats, and what is left out of their files: times, so that the bytes are the same, and addresses in the network.
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": dict.fromkeys(("Date", "Creator", "Format", "Type")),
    "png": {},
    "pdf": {"CreationDate": None},
}
FIGURE_FORMATS = tuple(_METADATA)
WIDTH = 7.0  # inches
HEIGHTS = (4.0, 5.6, 7.2)  # inches, by the number of panels
TITLE_POINTS, LABEL_POINTS, SMALL_POINTS = 10, 10, 9  # sizes of letters
LETTER = 0.62  # width of a letter of the title, as a part of its height; the font is monospaced
NARROW = 0.54  # of the usual letter of other texts
LONGEST_NAME = 40  # characters in the legend
LEGEND_ROW, LEGEND_MARK = 1.7, 6.0  # height of a row, width beside the letters, as parts of the height of a letter
MOST_BESIDE = 0.3  # of the width of a plot that names of lines take beside it
MOST_BELOW = 0.3  # of the given height of a plot that they take below it
SHORT_NAME = 16  # characters of names that are long and too many for below
ROW = SMALL_POINTS * LEGEND_ROW / 72  # inches
SMALLEST = 0.6  # of the size of letters in a small plot
ROOMY = (5.0, 1.5)  # inches of the width, and of the height of each panel, below which letters are smaller
MOST_MARKED = 60  # breaks or kinks that are marked on a line

Place = TypeVar("Place")


def draw_chart(
    chart: Chart, format: str = "svg", *, dark: bool = False, size: tuple[float, float] | None = None
) -> bytes:
    """Return the bytes of a file with the plot. The same plot gives the same bytes.

    Args:
        chart: the plot.
        format: one of `FIGURE_FORMATS`.
        dark: draw light lines on a dark ground.
        size: width and height in inches [default: 7, and more height for more panels].

    Raises:
        RequestError: matplotlib is not installed, or has no folder for its caches.
    """
    import logging
    import warnings

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # without a writable home it warns of slow imports
    try:
        import matplotlib.figure
    except ImportError:
        raise missing_extra("plots need matplotlib", "plot") from None
    except OSError:
        hint = "set MPLCONFIGDIR to one, or draw in the terminal"
        raise RequestError("Matplotlib needs a folder that it can write to", hint=hint) from None

    colours = DARK if dark else LIGHT
    buffer = BytesIO()
    width, height = size or (WIDTH, None)
    scale = _letter_scale(width, height, len(chart.panels))
    with matplotlib.rc_context(_settings(colours, scale)), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that a font lacks, and of labels in a small picture
        figure = _make_figure(chart, colours, width, height, scale)
        name = shorten(chart.title, TOOLTIP_LIMIT)
        metadata = _METADATA[format] | ({} if format == "svg" else {"Title": name})
        figure.savefig(buffer, format=format, dpi=144, metadata=metadata)
    return _describe_svg(buffer.getvalue(), name, chart.description) if format == "svg" else buffer.getvalue()


def _make_figure(chart: Chart, colours: Colours, width: float, height: float | None, scale: float) -> Figure:
    """Return the figure. Without a height it is as high as panels, title and legend need."""
    from matplotlib.figure import Figure

    title = _title_lines(chart, width, scale)
    beside, below = _legend_entries(chart, colours, width / scale, height and height / scale)
    columns = _count_columns(below, width / scale)
    if height is None:
        rows = max(-(-len(below) // columns), 1)
        height = HEIGHTS[len(chart.panels) - 1] + 0.18 * (len(title) - 1) + ROW * (rows - 1)
    figure = Figure((width, height), layout="constrained")
    figure.suptitle("\n".join(title), fontsize=TITLE_POINTS * scale, family="monospace", parse_math=False)
    _draw_panels(figure, chart, colours, width - scale * _entry_width(beside), scale)
    _add_legend(figure, beside, "outside center right", 1, scale)
    _add_legend(figure, below, "outside lower center", columns, scale)
    return figure


def _letter_scale(width: float, height: float | None, panels: int) -> float:
    """Return the size of letters as a part of the usual one, so that those of a small plot do not touch."""
    parts = [width / ROOMY[0], 1.0 if height is None else height / (ROOMY[1] * panels)]
    return max(min(1.0, *parts), SMALLEST)


def _settings(colours: Colours, scale: float) -> Style:
    """Return the settings of matplotlib."""
    inks = ("axes.edgecolor", "text.color", "axes.labelcolor", "xtick.color", "ytick.color", "hatch.color")
    grounds = ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
    fixed: Style = {
        "axes.formatter.limits": (-4, 5),  # powers of ten, beyond which they stand at the end of the axis
        "svg.hashsalt": "adcli",
        "svg.fonttype": "none",
        "font.size": LABEL_POINTS * scale,
        "font.sans-serif": ["DejaVu Sans", "Verdana"],
        "font.monospace": ["DejaVu Sans Mono", "Menlo"],
    }
    return fixed | dict.fromkeys(grounds, colours.ground) | dict.fromkeys(inks, colours.ink)


def _title_lines(chart: Chart, width: float, scale: float) -> list[str]:
    """Return the expression and, below it, the values that are the same everywhere."""
    letters = max(int(width * 72 / (TITLE_POINTS * scale * LETTER)) - 2, 12)
    fixed = [cut_middle(part, letters - 6) for part in chart.fixed]
    lines = title_lines(chart.title, letters)
    return lines + wrap_parts([f"with {fixed[0]}", *fixed[1:]], letters) if fixed else lines


def _draw_panels(figure: Figure, chart: Chart, colours: Colours, width: float, scale: float) -> None:
    """Draw the panels one above the other, over the same horizontal axis, `width` inches wide with its labels."""
    axis = chart.axis
    letter = LABEL_POINTS * scale * NARROW / 72
    across = (width - 1.0 * scale) / letter
    up = (figure.get_figheight() - 1.5 * scale) / len(chart.panels) / letter
    all_axes = figure.subplots(len(chart.panels), sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(all_axes, chart.panels, strict=True):
        if axis.log:
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(_log_locator())
        if panel.log:
            axes.set_yscale("log")
            axes.yaxis.set_major_locator(_log_locator())
        _draw_panel(axes, panel, colours)
        axes.set_ylabel(_label(panel.label, up), parse_math=False)
        axes.grid(True, color=colours.ink, alpha=0.12, linewidth=0.6)
    if not axis.log and scale < 1:
        all_axes[-1].locator_params(axis="x", nbins=max(int(across / 8), 2))  # letters of a number and a gap
    all_axes[-1].set_xlabel(_label(chart.x_label, across), parse_math=False)
    all_axes[-1].set_xlim(axis.start, axis.stop)
    figure.align_ylabels(all_axes)


def _label(text: str, letters: float) -> str:
    """Return the label of an axis on which so many letters fit, broken over lines."""
    return "\n".join(wrap_formula(shorten(text, TOOLTIP_LIMIT), max(int(letters), 4), 4))


def _log_locator() -> LogLocator:
    """Return what places the ticks of a logarithmic axis. Over hundreds of decades the next tick may be infinite."""
    from matplotlib.ticker import LogLocator

    class FiniteLogLocator(LogLocator):
        def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
            return [tick for tick in super().tick_values(vmin, vmax) if 0 < tick < inf]

    return FiniteLogLocator()


def _draw_panel(axes: Axes, panel: Panel, colours: Colours) -> None:
    """Draw the lines of a panel with the breaks, gaps and kinks."""
    if not panel.log:
        axes.axhline(0.0, color=colours.ink, linewidth=0.6, alpha=0.5)
    for low, high in panel.gaps:
        axes.axvspan(low, high, facecolor="none", edgecolor=colours.ink, alpha=0.2, hatch="///", linewidth=0.0)
    alone = len(panel.lines) == 1
    for line in panel.lines:
        style = line_style(line.look, colours)
        axes.plot(line.x, line.y, **style)
        for position in _marked(line.breaks):
            axes.axvline(position, **break_style(colours.ink if alone else style["color"]))
        for places, marker in ((line.kinks, KINK), (line.holes, HOLE)):
            if shown := _marked(places):
                axes.plot(
                    *zip(*shown, strict=True), **mark_style(marker, colours.ink if alone else style["color"], colours)
                )
    for points in panel.points:
        axes.plot(points.x, points.y, **point_style(points, colours))
    axes.set_ylim(*panel.limits)


def _marked(places: Sequence[Place]) -> Sequence[Place]:
    """Return the places that are marked on a line: none if they are so many that they would hide it."""
    return places if len(places) <= MOST_MARKED else ()


def _legend_entries(chart: Chart, colours: Colours, width: float, height: float | None) -> tuple[Entries, Entries]:
    """Return what stands beside the plot and below it: which line is which, and what the marks mean.

    Lines with long names stand below, unless they are so many that a plot of a given height would be hidden.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    names: Entries = [(Line2D([], [], **line_style(look, colours)), look.label) for look in chart.looks]
    panels, lines = chart.panels, [line for panel in chart.panels for line in panel.lines]
    marks: Entries = [(Line2D([], [], **point_style(each, colours)), each.label) for each in panels[0].points]
    if any(_marked(line.kinks) for line in lines):
        marks.append((Line2D([], [], **mark_style(KINK, colours.ink, colours)), "kink"))
    if holes := {place for line in lines for place, _ in _marked(line.holes)}:
        where = f" at {chart.axis.name} = {holes.pop():.6g}" if len(holes) == 1 else ""
        marks.append((Line2D([], [], **mark_style(HOLE, colours.ink, colours)), f"undefined{where}"))
    if any(_marked(line.breaks) for line in lines):
        marks.append((Line2D([], [], **break_style(colours.ink)), "pole or jump"))
    if any(panel.gaps for panel in panels):
        marks.append(
            (Patch(facecolor="none", edgecolor=colours.ink, alpha=0.4, hatch="///", linewidth=0.0), "no value")
        )
    below = [*names, *marks]
    if _entry_width(names) <= MOST_BESIDE * width:
        return names, marks
    if height is not None and _count_rows(below, width) * ROW > MOST_BELOW * height:
        return [(handle, cut_middle(name, SHORT_NAME)) for handle, name in names], marks
    return [], below


def _entry_width(entries: Entries) -> float:
    """Return the width of a column of a legend in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=SMALL_POINTS)
    names = [cut_middle(name, LONGEST_NAME) for _, name in entries]
    widths = [text_to_path.get_text_width_height_descent(name, font, False)[0] for name in names]
    return (SMALL_POINTS * LEGEND_MARK + max(widths, default=0.0)) / 72 if entries else 0.0


def _count_columns(entries: Entries, width: float) -> int:
    return max(min(int(width / _entry_width(entries)), len(entries)), 1) if entries else 1


def _count_rows(entries: Entries, width: float) -> int:
    return -(-len(entries) // _count_columns(entries, width))


def _add_legend(figure: Figure, entries: Entries, place: str, columns: int, scale: float) -> None:
    if not entries:
        return
    # matplotlib leaves out entries whose names begin with _, so the names are set afterwards.
    handles, labels = [handle for handle, _ in entries], [cut_middle(label, LONGEST_NAME) for _, label in entries]
    rows = -(-len(entries) // columns)
    fitting = figure.get_figheight() * 72 / ((rows + 1) * LEGEND_ROW)  # so that all rows fit
    legend = figure.legend(
        handles, ["…"] * len(entries), loc=place, ncols=columns, frameon=False,
        fontsize=min(SMALL_POINTS * scale, fitting), handlelength=3.2,
    )  # fmt: skip
    texts: Sequence[Text] = legend.get_texts()
    for text, label in zip(texts, labels, strict=True):
        text.set_parse_math(False)
        text.set_text(label)


def _describe_svg(data: bytes, title: str, description: str) -> bytes:
    """Return the SVG file with a title and a description for screen readers, and without the address of its type."""
    _, _, body = data.decode("utf-8").partition("<svg")
    root, _, rest = body.partition(">")
    described = (
        f"<title>{escape_markup(title)}</title><desc>{escape_markup(shorten(description, TOOLTIP_LIMIT))}</desc>"
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<svg role="img"{root}>\n{described}{rest}'.encode()
