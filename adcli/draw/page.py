"""Build one self-contained page that plays the passes over a graph and recomputes them for other inputs.

The page fetches nothing from the network. Its content-security policy forbids it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def to_page(title: str, svg: bytes, data: Mapping[str, object], functions: str) -> bytes:
    """Return the page.

    Args:
        title: the text of the formula.
        svg: the picture. The name of a box is ``n`` and its key, and it has three lines of text.
        data: of the script of the page: inputs, nodes, uses, results.
        functions: JavaScript that defines ``adcli(inputs…)``: every value, local derivative and pick.

    >>> b"<h1>x &lt; 1</h1>" in to_page("x < 1", b"<svg></svg>", {}, "")
    True
    """
    from json import dumps
    from re import sub

    from adcli.draw.dot import escape_markup

    # The end tag is the only markup in a script. No text of the user may contain it.
    inert = dumps(data, ensure_ascii=False).replace("<", r"\u003c").replace("\u2028", r"\u2028")
    picture = svg.decode("utf-8")
    parts = {
        "title": escape_markup(" ".join(title.split())[:2000]),
        "svg": picture[picture.index("<svg") :],
        "data": inert.replace("\u2029", r"\u2029"),
        "functions": functions.replace("</", r"<\/"),
    }
    template = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
    return sub("@(title|svg|data|functions)@", lambda match: parts[match[1]], template).encode("utf-8", "replace")
