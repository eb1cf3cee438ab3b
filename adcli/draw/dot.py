"""From the description of a picture to DOT text, the language in which Graphviz is told what to draw.

Texts of the user appear in it as text only: no markup, no escapes of Graphviz, no control characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.draw.picture import Style

if TYPE_CHECKING:
    from adcli.draw.picture import Edge, Node, Picture

LABEL_LIMIT = 32  # characters of a name or an operation shown in a box; the rest is in its tooltip
NUMBERS_LIMIT = 84  # characters of a value: six numbers at six digits fit
TITLE_LINE = 90  # characters of a line of the title above the picture
TITLE_LINES = 5
TOOLTIP_LIMIT = 2000  # characters of any text that is kept at all

FONT = "Helvetica,Arial,sans-serif"

GRAPH = {
    "ordering": "in",  # arguments stand in the order in which they are written; quicker too
    "bgcolor": "white",
    "pad": "0.15",
    "nodesep": "0.2",
    "ranksep": "0.34",
    "labelloc": "t",
    "fontname": FONT,
    "fontsize": "13",
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

# The colours are told apart by colour-blind readers; the outlines by everybody else who has only grey.
KINDS = {
    "input": {"style": "filled,rounded", "fillcolor": "#d9eaf7", "color": "#0072b2"},
    "constant": {"style": "filled,dashed", "fillcolor": "#f4f4f4", "color": "#777777"},
    "operation": {"fillcolor": "#ffffff", "color": "#333333"},
    "result": {"fillcolor": "#fdebd3", "color": "#c04f00", "peripheries": "2"},
}
# On a dark ground: the same hues, light on dark.
DARK_GRAPH = {"bgcolor": "#16181d", "fontcolor": "#e8e8e8"}
DARK_NODE = {"fontcolor": "#f2f2f2"}
DARK_EDGE = {"color": "#a9a9a9", "fontcolor": "#cccccc"}
DARK_KINDS = {
    "input": {"fillcolor": "#0f3a57", "color": "#56b4e9"},
    "constant": {"fillcolor": "#2b2d33", "color": "#999999"},
    "operation": {"fillcolor": "#1f2229", "color": "#bbbbbb"},
    "result": {"fillcolor": "#4d2a06", "color": "#e69f00"},
}
MARKED = {"penwidth": "2.6"}  # a kink, a pole: the box also says so in words
MARK = {False: "#c04f00", True: "#ff9a4d"}
NOT_TAKEN = {"style": "dashed", "arrowhead": "empty"}


# A drawing of this many boxes takes what Graphviz finds quickly: an operation that hundreds of others share
# cost 8 s at 300 boxes without these limits, and 0.7 s with them.
LARGE = 150
QUICKLY = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.3"}
# Arrows that cross so many ranks in all are drawn straight: 1300 boxes, three of which 330 others share, took more
# than a minute, and take 3 s so.
FAR = 5000
STRAIGHT = {"nslimit": "0.02", "mclimit": "0.05", "splines": "line"}


def to_dot(picture: Picture, style: Style = Style()) -> str:  # noqa: B008 - a tuple
    r"""The picture in DOT, one statement a line, the boxes called ``n`` and their key.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> x, f = Node(0, "input", "x", value="2"), Node(1, "result", "exp", label="f", value="7.389")
    >>> text = to_dot(Picture([x, f], [Edge(0, 1)], "exp(x)"))
    >>> "n0 -> n1" in text, r'label="f = exp\nvalue 7.389"' in text
    (True, True)
    """
    from graphviz import Digraph, nohtml

    title = plain(picture.title, TOOLTIP_LIMIT)
    graph = Digraph(
        # Graphviz takes names that start with % for its own and shows none of them.
        nohtml(hovering(title if title and not title.startswith("%") else f"graph {title}".rstrip())),
        graph_attr={"rankdir": style.direction}
        | GRAPH
        | (DARK_GRAPH if style.dark else {})
        | (QUICKLY if len(picture.nodes) > LARGE else {})
        | (STRAIGHT if reach(picture) > FAR else {})
        | ({"label": nohtml(r"\n".join(map(escaped, heading(title))))} if title else {}),
        node_attr=NODE | (DARK_NODE if style.dark else {}),
        edge_attr=EDGE | (DARK_EDGE if style.dark else {}),
    )
    for node in picture.nodes:
        graph.node(
            f"n{node.key}",
            nohtml(r"\n".join(escaped(line) for line in lines(node, LABEL_LIMIT))),
            tooltip=nohtml(r"\n".join(hovering(line) for line in lines(node, TOOLTIP_LIMIT))),
            **{"class": node.kind},
            **KINDS[node.kind]
            | (DARK_KINDS[node.kind] if style.dark else {})
            | (MARKED | {"color": MARK[style.dark]} if node.mark else {}),
        )
    for edge in picture.edges:
        # The spaces keep the label off the line it stands beside.
        label = plain(beside(edge), LABEL_LIMIT)
        shown = {"label": nohtml(f" {escaped(label)} ")} if label else {}
        graph.edge(f"n{edge.source}", f"n{edge.target}", **shown, **({} if edge.taken else NOT_TAKEN))
    return str(graph.source)


def reach(picture: Picture) -> int:
    """How many ranks the arrows cross between their ends, all together.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> nodes = [Node(key, "operation", "+") for key in range(4)]
    >>> reach(Picture(nodes, [Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(0, 3)], ""))
    2
    """
    rank: dict[int, int] = {}
    first: dict[int, int] = {}  # the rank of the first user, before which a leaf is drawn
    for edge in picture.edges:
        rank[edge.target] = max(rank.get(edge.target, 0), rank.get(edge.source, 0) + 1)
    for edge in picture.edges:
        first[edge.source] = min(first.get(edge.source, rank[edge.target]), rank[edge.target])
    return sum(rank[edge.target] - rank.get(edge.source, first[edge.source] - 1) - 1 for edge in picture.edges)


def lines(node: Node, limit: int) -> list[str]:
    """What stands in the box of a node, each text shortened to `limit` characters.

    >>> from adcli.draw.picture import Node
    >>> lines(Node(4, "operation", "sin", "v1", "-0.757", "-0.99"), limit=32)
    ['v1 = sin', 'value -0.757', 'adjoint -0.99']
    """
    title = plain(node.title, limit)
    texts = [f"{plain(node.label, limit)} = {title}" if node.label else title]
    if node.shape is not None:
        texts.append(f"shape {plain(node.shape, limit)}")
    if node.value is not None and node.kind != "constant":  # its title says it
        texts.append(f"value {plain(node.value, max(limit, NUMBERS_LIMIT))}")
    if node.adjoint is not None:
        texts.append(f"adjoint {plain(node.adjoint, max(limit, NUMBERS_LIMIT))}")
    if node.mark is not None:
        texts.append(plain(node.mark, limit))
    return texts


def heading(title: str) -> list[str]:
    """The title on a few lines, broken where a statement ends or else at a space.

    >>> heading("u = x**2; " + "v" * 85)[0]
    'u = x**2;'
    """
    rest = plain(title, TITLE_LINE * TITLE_LINES)
    found: list[str] = []
    while len(rest) > TITLE_LINE and len(found) < TITLE_LINES - 1:
        line = rest[: TITLE_LINE + 1]
        end = max(line.rfind("; ") + 1, 0) or max(line.rfind(" "), 0) or TITLE_LINE
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*found, plain(rest, TITLE_LINE)]


def beside(edge: Edge) -> str:
    """What stands beside an arrow: the number of the argument, and the local slope.

    >>> from adcli.draw.picture import Edge
    >>> beside(Edge(0, 1, "1", "0.5")), beside(Edge(0, 1, "", "2"))
    ('1: ×0.5', '×2')
    """
    return ": ".join(part for part in (edge.label, f"×{edge.partial}" if edge.partial else "") if part)


def plain(text: str, limit: int) -> str:
    """The text on one line of at most `limit` characters, without any that control a terminal or a reader.

    Characters that turn the direction of writing go as well, and lone surrogates, which no file can hold.

    >>> plain("rate\\nof change", 8)
    'rate of…'
    """
    text = " ".join(text[: 4 * limit].split()) + ("…" if len(text) > 4 * limit else "")
    if len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def escaped(text: str) -> str:
    r"""The text for a label, where Graphviz reads escapes such as ``\N`` and entities such as ``&lt;``.

    >>> print(escaped(r"\N & <b>"))
    \\N &amp; <b>
    """
    return text.replace("&", "&amp;").replace("\\", "\\\\")


def hovering(text: str) -> str:
    r"""The text for a tooltip or for the name of the graph, with a look-alike in the place of the backslash.

    Graphviz unescapes tooltips twice, before and after it reads their entities, and names not at all.

    >>> hovering(r"\N & <b>") == "\u29f5N &amp; <b>"
    True
    """
    return text.replace("&", "&amp;").replace("\\", "\u29f5")


def markup(text: str) -> str:
    """The text as XML and HTML have it between tags.

    The standard library's function of this kind loads its mail and network clients, for a fifth of the time of a
    small picture.

    >>> markup("a < b")
    'a &lt; b'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
