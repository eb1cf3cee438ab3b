"""Draw a plot with matplotlib, as SVG, PNG or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import inf
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from adcli.draw.chart import Chart, Look, Panel, Points
from adcli.draw.dot import TOOLTIP_LIMIT, escape_markup, shorten
from adcli.draw.line_breaks import cut_middle, title_lines, wrap_parts
from adcli.errors import RequestError, missing_extra

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.ticker import LogLocator

    Style: TypeAlias = dict[str, Any]  # keyword arguments of matplotlib

# Formats, and what is left out of their files: times, so that the bytes are the same, and addresses in the network.
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": dict.fromkeys(("Date", "Creator", "Format", "Type")),
    "png": {},
    "pdf": {"CreationDate": None},
}
FIGURE_FORMATS = tuple(_METADATA)
WIDTH = 7.0  # inches
HEIGHTS = (4.0, 5.6, 7.2)  # inches, by the number of panels
TITLE_POINTS, SMALL_POINTS = 10, 9  # sizes of letters
LETTER = 0.62  # width of a letter of the title, as a part of its height; the font is monospaced
LONGEST_NAME = 40  # characters in the legend
LEGEND_ROW, LEGEND_MARK = 1.7, 6.5  # height of a row, width beside the letters, as parts of the height of a letter
MANY_POINTS = 100  # measured points, beyond which they are smaller. Lines are drawn over them
MOST_MARKED = 60  # breaks or kinks that are marked on a line

Place = TypeVar("Place")


class Colours(NamedTuple):
    """The colours of a plot. Lines also differ in their dashes, for readers who see only grey."""

    ground: str
    ink: str
    lines: Sequence[str]
    shades: tuple[float, float]


# Colours of Okabe and Ito, which colour-blind readers can tell apart, darker on white. Shades are of the map cividis.
LIGHT = Colours(
    "#ffffff", "#222222", ("#0072b2", "#c04f00", "#007a5a", "#9a4b7f", "#000000", "#3a8fc4", "#a67c00"), (0.0, 0.82)
)
DARK = Colours(
    "#16181d", "#e8e8e8", ("#56b4e9", "#e69f00", "#2fc49a", "#d997c0", "#ffffff", "#f0e442", "#f08a4b"), (0.3, 1.0)
)
MARKERS = "Ds^vPX*"  # of measured points, filled
HOLE, KINK = "o", "d"  # of a point without a value and of a kink, open
DASHES: Sequence[Any] = (
    "-",
    (0, (5, 2)),
    (0, (1, 1.5)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (9, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
    (0, (9, 2, 3, 2)),
)


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
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise missing_extra("plots need matplotlib", "plot") from None
    except OSError:
        hint = "set MPLCONFIGDIR to one, or draw in the terminal"
        raise RequestError("Matplotlib needs a folder that it can write to", hint=hint) from None

    colours = DARK if dark else LIGHT
    buffer = BytesIO()
    with matplotlib.rc_context(_settings(colours)), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that a font lacks, and of labels in a small picture
        title = _title_lines(chart, size[0] if size else WIDTH)
        figure = Figure(size or (WIDTH, HEIGHTS[len(chart.panels) - 1] + 0.18 * (len(title) - 1)), layout="constrained")
        figure.suptitle("\n".join(title), fontsize=TITLE_POINTS, family="monospace", parse_math=False)
        _draw_panels(figure, chart, colours)
        _add_legends(figure, chart, colours)
        name = shorten(chart.title, TOOLTIP_LIMIT)
        metadata = _METADATA[format] | ({} if format == "svg" else {"Title": name})
        figure.savefig(buffer, format=format, dpi=144, metadata=metadata)
    return _describe_svg(buffer.getvalue(), name, chart.description) if format == "svg" else buffer.getvalue()


def _settings(colours: Colours) -> Style:
    """Return the settings of matplotlib."""
    inks = ("axes.edgecolor", "text.color", "axes.labelcolor", "xtick.color", "ytick.color", "hatch.color")
    grounds = ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
    fixed: Style = {
        "svg.hashsalt": "adcli",
        "svg.fonttype": "none",
        "font.size": 10,
        "font.sans-serif": ["DejaVu Sans", "Verdana"],
        "font.monospace": ["DejaVu Sans Mono", "Menlo"],
    }
    return fixed | dict.fromkeys(grounds, colours.ground) | dict.fromkeys(inks, colours.ink)


def _title_lines(chart: Chart, width: float) -> list[str]:
    """Return the expression and, below it, the values that are the same everywhere."""
    letters = max(int(width * 72 / (TITLE_POINTS * LETTER)) - 2, 12)
    fixed = [cut_middle(part, letters - 6) for part in chart.fixed]
    lines = title_lines(chart.title, letters)
    return lines + wrap_parts([f"with {fixed[0]}", *fixed[1:]], letters) if fixed else lines


def _draw_panels(figure: Figure, chart: Chart, colours: Colours) -> None:
    """Draw the panels one above the other, over the same horizontal axis."""
    axis = chart.axis
    all_axes = figure.subplots(len(chart.panels), sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(all_axes, chart.panels, strict=True):
        if axis.log:
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(_log_locator())
        if panel.log:
            axes.set_yscale("log")
            axes.yaxis.set_major_locator(_log_locator())
        _draw_panel(axes, panel, colours)
        axes.set_ylabel(shorten(panel.label, 60), parse_math=False)
        axes.grid(True, color=colours.ink, alpha=0.12, linewidth=0.6)
    all_axes[-1].set_xlabel(shorten(chart.x_label, 100), parse_math=False)
    all_axes[-1].set_xlim(axis.start, axis.stop)
    figure.align_ylabels(all_axes)


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
        style = _line_style(line.look, colours)
        axes.plot(line.x, line.y, **style)
        for position in _marked(line.breaks):
            axes.axvline(position, **_break_style(colours.ink if alone else style["color"]))
        for places, marker in ((line.kinks, KINK), (line.holes, HOLE)):
            if shown := _marked(places):
                axes.plot(
                    *zip(*shown, strict=True), **_mark_style(marker, colours.ink if alone else style["color"], colours)
                )
    for points in panel.points:
        axes.plot(points.x, points.y, **_point_style(points, colours))
    axes.set_ylim(*panel.limits)


def _marked(places: Sequence[Place]) -> Sequence[Place]:
    """Return the places that are marked on a line: none if they are so many that they would hide it."""
    return places if len(places) <= MOST_MARKED else ()


def _line_style(look: Look, colours: Colours) -> Style:
    dash = DASHES[look.dash % len(DASHES)]
    if look.part is None:
        return {"color": colours.lines[look.colour % len(colours.lines)], "linestyle": dash, "linewidth": 1.7}
    from matplotlib import colormaps

    first, last = colours.shades
    shade = colormaps["cividis"](first + look.part * (last - first))
    return {"color": shade, "linestyle": dash, "linewidth": 1.5}


def _break_style(colour: str) -> Style:
    return {"color": colour, "linewidth": 0.8, "linestyle": ":", "alpha": 0.7}


def _mark_style(marker: str, colour: str, colours: Colours) -> Style:
    style: Style = {"color": colour, "markersize": 5, "markerfacecolor": colours.ground, "linestyle": "none"}
    return style | {"marker": marker, "zorder": 3}


def _point_style(points: Points, colours: Colours) -> Style:
    colour = colours.ink if points.colour is None else colours.lines[points.colour % len(colours.lines)]
    number = points.colour or 0
    marker = MARKERS[(number + number // len(colours.lines)) % len(MARKERS)]
    size = 5 if points.x.size <= MANY_POINTS else 3
    style: Style = {"color": colour, "marker": marker, "markersize": size, "linestyle": "none"}
    return style | {"zorder": 1.9, "markeredgecolor": colours.ground, "markeredgewidth": 0.5, "clip_on": False}


def _add_legends(figure: Figure, chart: Chart, colours: Colours) -> None:
    """Say beside the plot which line is which, and below it what the marks mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: list[tuple[Any, str]] = [
        (Line2D([], [], **_line_style(look, colours)), look.label) for look in chart.looks
    ]
    _add_legend(figure, entries, "outside center right", 1)
    panels, lines = chart.panels, [line for panel in chart.panels for line in panel.lines]
    marks: list[tuple[Any, str]] = [
        (Line2D([], [], **_point_style(each, colours)), each.label) for each in panels[0].points
    ]
    if any(_marked(line.kinks) for line in lines):
        marks.append((Line2D([], [], **_mark_style(KINK, colours.ink, colours)), "kink"))
    if holes := {place for line in lines for place, _ in _marked(line.holes)}:
        where = f" at {chart.axis.name} = {holes.pop():.6g}" if len(holes) == 1 else ""
        marks.append((Line2D([], [], **_mark_style(HOLE, colours.ink, colours)), f"undefined{where}"))
    if any(_marked(line.breaks) for line in lines):
        marks.append((Line2D([], [], **_break_style(colours.ink)), "pole or jump"))
    if any(panel.gaps for panel in panels):
        marks.append(
            (Patch(facecolor="none", edgecolor=colours.ink, alpha=0.4, hatch="///", linewidth=0.0), "no value")
        )
    longest = max((min(len(label), LONGEST_NAME) for _, label in marks), default=0)
    columns = int(figure.get_figwidth() * 72 / (SMALL_POINTS * (LEGEND_MARK + LETTER * longest)))
    _add_legend(figure, marks, "outside lower center", max(min(columns, len(marks)), 1))


def _add_legend(figure: Figure, entries: Sequence[tuple[Any, str]], place: str, columns: int) -> None:
    if not entries:
        return
    # matplotlib leaves out entries whose names begin with _, so the names are set afterwards.
    handles, labels = [handle for handle, _ in entries], [cut_middle(label, LONGEST_NAME) for _, label in entries]
    rows = -(-len(entries) // columns)
    points = min(SMALL_POINTS, figure.get_figheight() * 72 / ((rows + 1) * LEGEND_ROW))  # so that all rows fit
    legend = figure.legend(
        handles, ["…"] * len(entries), loc=place, ncols=columns, frameon=False, fontsize=points, handlelength=3.2
    )
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
