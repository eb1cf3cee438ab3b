"""Show a picture: in a notebook, or in a file whose suffix is the format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adcli.draw.picture import Picture


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
