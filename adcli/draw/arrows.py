"""Write the arrows of a picture as DOT text, and join the pieces of an arrow with a text in the SVG file.

Graphviz puts the label of an arrow beside a line that it bends later, so that the label may end up at another arrow.
It keeps arrows away from boxes. So the text of an arrow is a box without a border, and two pieces lead to it and on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adcli.draw.flow import colour_of, largest, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphviz import Digraph

    from adcli.draw.picture import Edge, Style

TEXT = {"shape": "plain", "style": "", "fontsize": "10", "class": "label"}
WITH_TEXTS = {"ranksep": "0.27"}  # boxes stand on every second rank, texts between them
NOT_TAKEN = {"style": "dashed", "arrowhead": "empty"}
UNDEFINED_FLOW = {"style": "dotted"}

_GROUP = r'(?:<!-- [^\n]* -->\n)?<g id="(edge\d+){}" class="[^"]*">\n<title>([^<]*)</title>\n(.*?)</g>\n'
_TAIL, _TEXT, _HEAD = (re.compile(_GROUP.format(part), re.DOTALL) for part in ("tail", "text", ""))
_ARROW = "&#45;&gt;"  # between two names, as Graphviz writes it


def add_arrows(graph: Digraph, edges: Sequence[Edge], texts: Sequence[str], style: Style) -> None:
    """Add the arrows to the DOT text. The identifier of an arrow in an SVG file is ``edge`` and its number from 1.

    Args:
        graph: the DOT text.
        edges: the arrows.
        texts: of each arrow, escaped for a label, or empty.
        style: of the picture.
    """
    from graphviz import nohtml

    most = largest(edges)
    straight = {"minlen": "2"} if any(texts) else {}
    if straight:
        graph.attr("graph", **WITH_TEXTS)
    # A text is wide: from left to right a line goes to its sides, top down anywhere.
    west, east = (":w", ":e") if style.direction == "LR" else ("", "")
    for number, (edge, text) in enumerate(zip(edges, texts, strict=True), 1):
        tail, middle, head = f"n{edge.source}", f"t{number}", f"n{edge.target}"
        key, look = f"edge{number}", _look(edge, most, style.dark)
        if text:
            graph.node(middle, nohtml(f" {text} "), id=f"{key}text", **TEXT)
            graph.edge(tail, f"{middle}{west}", id=f"{key}tail", **look | {"arrowhead": "none"})
            graph.edge(f"{middle}{east}", head, id=key, **look)
        else:
            graph.edge(tail, head, id=key, **look, **straight)


def _look(edge: Edge, most: float, dark: bool) -> dict[str, str]:
    """Return the width, the colour and the dashes of an arrow."""
    if not edge.taken:
        return NOT_TAKEN
    if edge.flow is None:
        return {}
    colour = colour_of(edge.flow, most, dark)
    look = {"color": colour, "penwidth": f"{width_of(edge.flow, most):g}"}
    return look | (UNDEFINED_FLOW if edge.flow.size != edge.flow.size else {})


def join_arrows(svg: str) -> str:
    """Return an SVG file of Graphviz in which each arrow is one group: both pieces, and the text between them."""
    tails = {match[1]: match for match in _TAIL.finditer(svg)}
    if not tails:
        return svg
    texts = {match[1]: match[3] for match in _TEXT.finditer(svg)}

    def joined(match: re.Match[str]) -> str:
        key, title, head = match.groups()
        if key not in tails:
            return match[0]
        title = tails[key][2].partition(_ARROW)[0] + _ARROW + title.partition(_ARROW)[2]
        return f'<g id="{key}" class="edge">\n<title>{title}</title>\n{tails[key][3]}{head}{texts.get(key, "")}</g>\n'

    return _HEAD.sub(joined, _TEXT.sub("", _TAIL.sub("", svg)))
