"""One page, whole in itself, that plays the passes over a graph and computes them anew for other inputs.

The page asks the network for nothing; its content-security policy forbids it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def to_page(title: str, svg: bytes, data: Mapping[str, Any], functions: str) -> bytes:
    """The page.

    Args:
        title: what the graph is of.
        svg: the picture, whose boxes are called ``n`` and their key, each with three lines of text.
        data: what the page's script needs to know: inputs, nodes, uses, result.
        functions: JavaScript that defines ``adcli(inputs…)``: every value, every local slope, every pick.

    >>> b"<h1>x &lt; 1</h1>" in to_page("x < 1", b"<svg></svg>", {}, "")
    True
    """
    from json import dumps
    from re import sub

    from adcli.draw.dot import markup

    # In a script nothing is markup but its end: no text of the user may write one.
    inert = dumps(data, ensure_ascii=False).replace("<", r"\u003c").replace("\u2028", r"\u2028")
    picture = svg.decode("utf-8")
    parts = {
        "title": markup(" ".join(title.split())[:2000]),
        "svg": picture[picture.index("<svg") :],
        "data": inert.replace("\u2029", r"\u2029"),
        "functions": functions.replace("</", r"<\/"),
    }
    template = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
    return sub("@(title|svg|data|functions)@", lambda match: parts[match[1]], template).encode("utf-8", "replace")
