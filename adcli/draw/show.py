"""Show a picture or a plot: in a notebook, or in a file whose suffix is the format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from adcli.draw.chart import Chart
    from adcli.draw.picture import Picture


SMALLEST = 0.5  # of its size, to which a picture in a page shrinks before it scrolls
MAX_SHOWN_BOXES = 120  # of a graph that a notebook draws unasked


Shown = TypeVar("Shown", "Drawing", "Plot")


class Drawing:
    """A picture of a graph that a notebook shows."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture

    def __repr__(self) -> str:
        return f"<Drawing of {len(self.picture.nodes)} boxes>"

    def draw(self, format: str) -> bytes:
        """Return the bytes of a file."""
        from adcli.draw.render import draw

        return draw(self.picture, format)

    def _repr_svg_(self) -> str:
        return fit_svg(self.draw("svg").decode("utf-8"))

    def _repr_html_(self) -> str:
        return inline_svg(self._repr_svg_())


class Plot:
    """A plot that a notebook shows.

    Args:
        chart: the plot.
        dark: draw light lines on a dark ground.
        size: width and height in inches.
    """

    def __init__(self, chart: Chart, dark: bool, size: tuple[float, float] | None) -> None:
        self.chart, self._dark, self._size = chart, dark, size

    def __repr__(self) -> str:
        return f"<Plot of {self.chart.description}>"

    def draw(self, format: str) -> bytes:
        """Return the bytes of a file."""
        from adcli.draw.chart_figure import FIGURE_FORMATS, draw_chart
        from adcli.errors import RequestError, join_names, quoted

        if format not in FIGURE_FORMATS:
            raise RequestError(
                f"there is no plot format {quoted(format)}", hint=f"the formats are {join_names(FIGURE_FORMATS)}"
            )
        return draw_chart(self.chart, format, dark=self._dark, size=self._size)

    def _repr_svg_(self) -> str:
        return self.draw("svg").decode("utf-8")


def fit_svg(svg: str) -> str:
    """Return an SVG file that shrinks to the width of a page, but not below `SMALLEST` of its own.

    >>> fit_svg('<?xml version="1.0"?><svg width="100pt"></svg>')
    '<?xml version="1.0"?><svg style="max-width:100%;min-width:50pt;height:auto" width="100pt"></svg>'
    """
    import re

    width = re.search(r'<svg[^>]* width="([0-9.]+)pt"', svg)
    least = f"min-width:{SMALLEST * float(width[1]):.0f}pt;" if width else ""
    svg = svg.replace("<svg", f'<svg style="max-width:100%;{least}height:auto"', 1)
    # Tooltips are links without an address, and pages underline links.
    return svg.replace("<a xlink:title=", '<a style="text-decoration:none" xlink:title=')


def inline_svg(svg: str) -> str:
    """Return an SVG file as a part of a page, which scrolls if it is too wide."""
    return f'<div style="overflow-x:auto">{svg[svg.index("<svg") :]}</div>'


def svg_of_small(picture: Callable[[], Picture], boxes: int) -> str | None:
    """Return a picture that a notebook shows unasked as SVG, or None if it is too large or cannot be drawn.

    Args:
        picture: describes the picture.
        boxes: their number.
    """
    from adcli.errors import AdcliError

    if boxes > MAX_SHOWN_BOXES:
        return None
    try:
        return Drawing(picture())._repr_svg_()
    except AdcliError:
        return None


def show(drawing: Shown, name: str | None) -> Shown | Path:
    """Return a drawing for a notebook, or write it to a file and return its path.

    Args:
        drawing: the drawing to show.
        name: of the file. ``.svg`` is added if it has no suffix.

    Raises:
        RequestError: the file cannot be written, or there is no format of this suffix.
    """
    if name is None:
        return drawing
    from adcli.errors import quoted_path
    from adcli.files import os_errors_as, write_file

    path = Path(name)
    path = path if path.suffix else path.with_suffix(".svg")
    data = drawing.draw(path.suffix[1:])
    with os_errors_as(f"cannot write {quoted_path(str(path))}"):
        write_file(str(path), data)
    return path
