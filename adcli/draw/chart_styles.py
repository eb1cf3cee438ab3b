"""The colours, dashes and marks of a plot as matplotlib draws it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from adcli.draw.chart import Look, Points

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Style: TypeAlias = dict[str, Any]  # keyword arguments of matplotlib

MANY_POINTS = 100  # measured points, beyond which they are smaller. Lines are drawn over them


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


def line_style(look: Look, colours: Colours) -> Style:
    """Return the style of a line."""
    dash = DASHES[look.dash % len(DASHES)]
    if look.part is None:
        return {"color": colours.lines[look.colour % len(colours.lines)], "linestyle": dash, "linewidth": 1.7}
    from matplotlib import colormaps

    first, last = colours.shades
    shade = colormaps["cividis"](first + look.part * (last - first))
    return {"color": shade, "linestyle": dash, "linewidth": 1.5}


def break_style(colour: str) -> Style:
    """Return the style of the place of a pole or a jump."""
    return {"color": colour, "linewidth": 0.8, "linestyle": ":", "alpha": 0.7}


def mark_style(marker: str, colour: str, colours: Colours) -> Style:
    """Return the style of the places of kinks or holes."""
    style: Style = {"color": colour, "markersize": 5, "markerfacecolor": colours.ground, "linestyle": "none"}
    return style | {"marker": marker, "zorder": 3}


def point_style(points: Points, colours: Colours) -> Style:
    """Return the style of measured points."""
    colour = colours.ink if points.colour is None else colours.lines[points.colour % len(colours.lines)]
    number = points.colour or 0
    marker = MARKERS[(number + number // len(colours.lines)) % len(MARKERS)]
    size = 5 if points.x.size <= MANY_POINTS else 3
    style: Style = {"color": colour, "marker": marker, "markersize": size, "linestyle": "none"}
    return style | {"zorder": 1.9, "markeredgecolor": colours.ground, "markeredgewidth": 0.5, "clip_on": False}
