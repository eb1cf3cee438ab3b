"""Show a picture: in a notebook, or in a file whose suffix is the format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcli.draw.picture import Picture
    from adcli.graph.expr import Expr
    from adcli.ops.operands import Numeric


class Drawing:
    """A picture that a notebook shows."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture

    def _repr_svg_(self) -> str:
        from adcli.draw.render import draw

        return draw(self.picture, "svg").decode("utf-8")

    def _repr_html_(self) -> str:
        svg = self._repr_svg_()
        return svg[svg.index("<svg") :]


def show(picture: Picture, name: str | None) -> Drawing | Path:
    """Return the picture for a notebook, or write it to a file and return its path.

    Args:
        picture: the picture to show.
        name: of the file. ``.svg`` is added if it has no suffix.

    Raises:
        RequestError: the file cannot be written, or there is no format of this suffix.
    """
    if name is None:
        return Drawing(picture)
    from adcli.draw.render import draw
    from adcli.errors import quoted_path
    from adcli.files import os_errors_as, write_file

    path = Path(name)
    path = path if path.suffix else path.with_suffix(".svg")
    data = draw(picture, path.suffix[1:])
    with os_errors_as(f"cannot write {quoted_path(str(path))}"):
        write_file(str(path), data)
    return path


def show_results(
    results: Sequence[Expr],
    names: Sequence[str],
    inputs: Mapping[str, Numeric],
    name: str | None,
    text: str = "",
    title: str | None = None,
) -> Drawing | Path:
    """Show the graph of some results at a point as `adcli graph --partials` does.

    Args:
        results: nodes of one graph.
        names: of the results.
        inputs: one value per variable.
        name: of the file, or None for a notebook.
        text: the source that the spans of the graph point into.
        title: above the picture [default: the text].
    """
    from adcli.draw.build import picture_of
    from adcli.explain.view import view_at

    view = view_at(text, names, results, inputs, list(inputs), with_slopes=False, title=title)
    return show(picture_of(view, None, partials=True, which=view.result_index(None)), name)
