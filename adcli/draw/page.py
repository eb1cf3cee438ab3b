"""Build one self-contained page that plays the passes over a graph and recomputes them for other inputs.

The page fetches nothing from the network. Its content-security policy forbids it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PARTS = Path(__file__).with_name("player")
SCRIPTS = (
    "numbers.js",
    "passes.js",
    "zoom.js",
    "picture.js",
    "player.js",
)  # of the page, in the order in which they run


def to_page(title: str, svg: bytes, data: Mapping[str, object], functions: str, labelled: bytes = b"") -> bytes:
    """Return the page.

    Args:
        title: the text of the formula.
        svg: the picture that the page opens with. The name of a box is ``n`` and its key. The last lines of its text
            are its value and its adjoint.
        data: of the script of the page: inputs, nodes, uses, results.
        functions: JavaScript that defines ``adcli(inputs…)``: every value, local derivative and pick.
        labelled: the same picture with local derivatives, or without if `svg` has them. Without this picture they
            cannot be switched.

    >>> b"<h1>x &lt; 1</h1>" in to_page("x < 1", b"<svg></svg>", {}, "")
    True
    """
    from json import dumps
    from re import sub

    from adcli.draw.dot import escape_markup

    # The end tag is the only markup in a script. No text of the user may contain it.
    inert = dumps(data, ensure_ascii=False).replace("<", r"\u003c").replace("\u2028", r"\u2028")
    parts = {
        "title": escape_markup(" ".join(title.split())[:2000]),
        "svg": _element(svg),
        "labelled": _element(labelled),
        "data": inert.replace("\u2029", r"\u2029"),
        "functions": functions.replace("</", r"<\/"),
        "style": _part("page.css"),
        "script": "\n".join(map(_part, SCRIPTS)),
    }
    return sub(f"@({'|'.join(parts)})@", lambda match: parts[match[1]], _part("page.html")).encode("utf-8", "replace")


def _part(name: str) -> str:
    return (PARTS / name).read_text(encoding="utf-8")


def _element(svg: bytes) -> str:
    """Return the element of a picture, without the declaration of the file."""
    text = svg.decode("utf-8")
    return text[max(text.find("<svg"), 0) :]
