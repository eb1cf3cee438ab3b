"""Write the description of a picture as DOT text, the language of Graphviz.

Texts of the user appear in it as text only: without markup, escapes of Graphviz or control characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adcli.draw.flow import colour_of, largest, width_of
from adcli.draw.picture import Style

if TYPE_CHECKING:
    from adcli.draw.picture import Edge, Node, Picture

LABEL_LIMIT = 32  # characters of a name or an operation in a box. The tooltip has the rest
NUMBERS_LIMIT = 84  # characters of a value: six numbers at six digits fit
TITLE_LINE = 90  # characters of a line of the title above the picture
TITLE_LINES = 5
AFTER_SIGN = re.compile(r"\*\*|[*/,()\]]|(?<![eE])[+-]")  # a title may be broken after one
TOOLTIP_LIMIT = 2000  # characters of any text that is kept at all

FONT = "Helvetica,Arial,sans-serif"

GRAPH = {
    "bgcolor": "white",
    "pad": "0.15",
    "nodesep": "0.3",
    "ranksep": "0.4",
    "labelloc": "t",
    "fontname": FONT,
    "fontsize": "15",
    "fontcolor": "#222222",
}
NODE = {
    "shape": "box",
    "style": "filled",
    "height": "0.38",
    "width": "0.5",
    "margin": "0.11,0.06",
    "penwidth": "1.1",
    "fontname": FONT,
    "fontsize": "12",
    "fontcolor": "#111111",
}
EDGE = {
    "color": "#555555",
    "penwidth": "1.0",
    "arrowsize": "0.65",
    "fontname": FONT,
    "fontsize": "10",
    "fontcolor": "#444444",
}

# Colour-blind readers can tell the colours apart, and readers of a grey print the outlines.
BOX_STYLES = {
    "input": {"style": "filled,rounded", "fillcolor": "#d9eaf7", "color": "#0072b2"},
    "constant": {"style": "filled,dashed", "fillcolor": "#f4f4f4", "color": "#777777"},
    "operation": {"fillcolor": "#ffffff", "color": "#333333"},
    "reference": {"style": "filled,dotted", "fillcolor": "#ffffff", "color": "#333333"},
    "result": {"fillcolor": "#fdebd3", "color": "#c04f00", "peripheries": "2"},
}
# On a dark ground: the same hues, light on dark.
DARK_GRAPH = {"bgcolor": "#16181d", "fontcolor": "#e8e8e8"}
DARK_NODE = {"fontcolor": "#f2f2f2"}
DARK_EDGE = {"color": "#a9a9a9", "fontcolor": "#cccccc"}
DARK_BOX_STYLES = {
    "input": {"fillcolor": "#0f3a57", "color": "#56b4e9"},
    "constant": {"fillcolor": "#2b2d33", "color": "#999999"},
    "operation": {"fillcolor": "#1f2229", "color": "#bbbbbb"},
    "reference": {"fillcolor": "#1f2229", "color": "#bbbbbb"},
    "result": {"fillcolor": "#4d2a06", "color": "#e69f00"},
}
MARKED_BOX = {"penwidth": "2.6"}  # a box at a kink or a pole. Its text also states the mark
MARK_COLOURS = {False: "#c04f00", True: "#ff9a4d"}
NOT_TAKEN = {"style": "dashed", "arrowhead": "empty"}
UNDEFINED_FLOW = {"style": "dotted"}
LEGEND_SIZE = 11  # points


# From this many boxes on the layout is limited. With an operation that hundreds of others share, 300 boxes took 8 s
# without these limits and 0.7 s with them.
LARGE_GRAPH = 150
QUICKLY = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.3"}
# If the arrows cross more ranks than this in all, they are drawn straight. 1300 boxes, three of which 330 others share,
# took more than a minute with curves and take 3 s with straight lines.
FAR = 5000
STRAIGHT = {"nslimit": "0.02", "mclimit": "0.05", "splines": "line"}


def to_dot(picture: Picture, style: Style = Style()) -> str:  # noqa: B008 - a tuple
    r"""Return the picture in DOT, one statement a line. The name of a box is ``n`` and its key.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> x, f = Node(0, "input", "x", value="2"), Node(1, "result", "exp", label="f", value="7.389")
    >>> text = to_dot(Picture([x, f], [Edge(0, 1)], "exp(x)"))
    >>> "n0 -> n1" in text, r'label="f = exp\nvalue 7.389"' in text
    (True, True)
    """
    from graphviz import Digraph, nohtml

    title = shorten(picture.title, TOOLTIP_LIMIT)
    graph = Digraph(
        # Graphviz does not show names that start with %.
        nohtml(escape_tooltip(title if title and not title.startswith("%") else f"graph {title}".rstrip())),
        graph_attr={"rankdir": style.direction}
        | GRAPH
        | (DARK_GRAPH if style.dark else {})
        | (QUICKLY if len(picture.nodes) > LARGE_GRAPH else {})
        | (STRAIGHT if count_crossed_ranks(picture) > FAR else {})
        | _title_attributes(picture, style),
        node_attr=NODE | (DARK_NODE if style.dark else {}),
        edge_attr=EDGE | (DARK_EDGE if style.dark else {}),
    )
    for node in picture.nodes:
        graph.node(
            f"n{node.key}",
            nohtml(r"\n".join(escape_label(line) for line in box_lines(node, LABEL_LIMIT))),
            tooltip=nohtml(r"\n".join(escape_tooltip(line) for line in box_lines(node, TOOLTIP_LIMIT))),
            **{"class": node.kind},
            **BOX_STYLES[node.kind]
            | (DARK_BOX_STYLES[node.kind] if style.dark else {})
            | (MARKED_BOX | {"color": MARK_COLOURS[style.dark]} if node.mark else {}),
        )
    shared, most = picture.shared, largest(picture.edges)
    for edge in picture.edges:
        label = shorten(edge_text(edge, edge.source in shared), LABEL_LIMIT)
        # Spaces, and an empty line where arrows go to the right, keep the label off the line it stands beside.
        room = r" \n " if style.direction == "LR" else " "
        attributes = {"label": nohtml(f" {escape_label(label)}{room}")} if label else {}
        graph.edge(f"n{edge.source}", f"n{edge.target}", **attributes, **_edge_look(edge, most, style.dark))
    graph.body += _results_in_order(picture)
    return str(graph.source)


def _title_attributes(picture: Picture, style: Style) -> dict[str, str]:
    """Return the label above the picture: its title and, on request, the legend, with room below."""
    from graphviz import nohtml

    title = shorten(picture.title, TOOLTIP_LIMIT)
    lines = title_lines(title) if title else []
    if style.legend:
        from adcli.draw.legend import legend_rows, title_with_legend

        named = picture._replace(of=shorten(picture.of, LABEL_LIMIT))
        rows = [(colour, escape_markup(text)) for colour, text in legend_rows(named, style.dark)]
        return {"label": title_with_legend(list(map(escape_markup, lines)), rows, LEGEND_SIZE)}
    return {"label": nohtml(r"\n".join([*map(escape_label, lines), " "]))} if lines else {}


def _edge_look(edge: Edge, most: float, dark: bool) -> dict[str, str]:
    """Return the width, the colour and the dashes of an arrow."""
    if not edge.taken:
        return NOT_TAKEN
    if edge.flow is None:
        return {}
    colour = colour_of(edge.flow, most, dark)
    look = {"color": colour, "penwidth": f"{width_of(edge.flow, most):g}"}
    return look | (UNDEFINED_FLOW if edge.flow.size != edge.flow.size else {})


def _results_in_order(picture: Picture) -> list[str]:
    """Return a statement that keeps the results that no box uses in their order, in one line.

    A picture in rows has none, because all results would move to one row.
    """
    sources = {edge.source for edge in picture.edges}
    ends = [f"n{key}" for key in picture.results if key not in sources]
    if len(ends) < 2 or any(node.kind == "reference" for node in picture.nodes):
        return []
    return [f"\t{{ rank=same; {' -> '.join(ends)} [style=invis] }}\n"]


def count_crossed_ranks(picture: Picture) -> int:
    """Count the ranks that the arrows cross between their ends, in all.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> nodes = [Node(key, "operation", "+") for key in range(4)]
    >>> count_crossed_ranks(Picture(nodes, [Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(0, 3)], ""))
    2
    """
    rank: dict[int, int] = {}
    first: dict[int, int] = {}  # the rank of the first user, before which a leaf is drawn
    for edge in picture.edges:
        rank[edge.target] = max(rank.get(edge.target, 0), rank.get(edge.source, 0) + 1)
    for edge in picture.edges:
        first[edge.source] = min(first.get(edge.source, rank[edge.target]), rank[edge.target])
    return sum(rank[edge.target] - rank.get(edge.source, first[edge.source] - 1) - 1 for edge in picture.edges)


def box_lines(node: Node, limit: int) -> list[str]:
    """Return the lines in the box of a node, each shortened to `limit` characters.

    >>> from adcli.draw.picture import Node
    >>> box_lines(Node(4, "operation", "sin", "u", "-0.757", "-0.99", name="u", formula="sin(v1)"), limit=32)
    ['u = sin(v1)', 'value -0.757', 'adjoint -0.99']
    """
    names = node.label or node.name or (node.title if node.kind == "result" and node.formula else None)
    title = shorten(node.formula or node.title, limit)
    texts = [f"{shorten(names, limit)} = {title}" if names else title]
    if node.shape is not None:
        texts.append(f"shape {shorten(node.shape, limit)}")
    if node.value is not None and node.kind != "constant":  # the title of a constant is its value
        texts.append(f"value {shorten(node.value, max(limit, NUMBERS_LIMIT))}")
    if node.adjoint is not None:
        texts.append(f"adjoint {shorten(node.adjoint, max(limit, NUMBERS_LIMIT))}")
    if node.share is not None:
        texts.append(f"this use adds {shorten(node.share, max(limit, NUMBERS_LIMIT))}")
    if node.mark is not None:
        texts.append(shorten(node.mark, limit))
    return texts


def title_lines(title: str) -> list[str]:
    """Return the title on a few lines, broken at the end of a statement, or else at a space or after a sign.

    >>> title_lines("u = x**2; " + "v" * 85)[0]
    'u = x**2;'
    """
    rest = shorten(title, TITLE_LINE * TITLE_LINES)
    broken: list[str] = []
    while len(rest) > TITLE_LINE and len(broken) < TITLE_LINES - 1:
        line = rest[: TITLE_LINE + 1]
        last_sign = max([match.end() for match in AFTER_SIGN.finditer(line, 0, TITLE_LINE)], default=0)
        end = max(line.rfind("; ") + 1, 0) or max(line.rfind(" "), last_sign) or TITLE_LINE
        broken.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*broken, shorten(rest, TITLE_LINE)]


def edge_text(edge: Edge, is_shared: bool = False) -> str:
    """Return the text beside an arrow: the local derivative, and what it adds to an adjoint that several arrows add to.

    >>> from adcli.draw.picture import Edge
    >>> edge_text(Edge(0, 1, "1", "0.5", term="-3")), edge_text(Edge(0, 1, "1", "0.5", term="3"), is_shared=True)
    ('×0.5', '×0.5: +3')
    """
    term = edge.term if is_shared and edge.term is not None else ""
    signed = term if term.startswith(("-", "[")) or term in ("", "0", "nan") else f"+{term}"
    return ": ".join(part for part in (f"×{edge.partial}" if edge.partial else "", signed) if part)


def shorten(text: str, limit: int) -> str:
    """Return the text on one line of at most `limit` characters, without characters that control a terminal.

    Characters that turn the direction of writing are replaced too, and lone surrogates, which no file can hold.

    >>> shorten("rate\\nof change", 8)
    'rate of…'
    """
    text = " ".join(text[: 4 * limit].split()) + ("…" if len(text) > 4 * limit else "")
    if len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def escape_label(text: str) -> str:
    r"""Return the text for a label, in which Graphviz reads escapes such as ``\N`` and entities such as ``&lt;``.

    >>> print(escape_label(r"\N & <b>"))
    \\N &amp; <b>
    """
    return text.replace("&", "&amp;").replace("\\", "\\\\")


def escape_tooltip(text: str) -> str:
    r"""Return the text for a tooltip or for the name of the graph, with a look-alike instead of each backslash.

    Graphviz unescapes tooltips twice, before and after it reads their entities, and does not unescape names.

    >>> escape_tooltip(r"\N & <b>") == "\u29f5N &amp; <b>"
    True
    """
    return text.replace("&", "&amp;").replace("\\", "\u29f5")


def escape_markup(text: str) -> str:
    """Return the text as XML and HTML need it between tags.

    The function of the standard library imports mail and network clients, which takes a fifth of the time of a small
    picture.

    >>> escape_markup("a < b")
    'a &lt; b'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
