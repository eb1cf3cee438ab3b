"""Write the description of a picture as a Mermaid flowchart, which many wikis and code hosts draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.draw.dot import LABEL_LIMIT, TITLE_LINE, box_lines, edge_text, shorten
from adcli.draw.flow import colour_of, largest, width_of
from adcli.draw.picture import Style

if TYPE_CHECKING:
    from adcli.draw.picture import Picture

SHAPES = {"input": '(["{}"])', "constant": '("{}")', "operation": '["{}"]', "result": '[["{}"]]'}
CLASSES = {
    False: {
        "input": "fill:#d9eaf7,stroke:#0072b2,color:#111",
        "constant": "fill:#f4f4f4,stroke:#777,color:#111,stroke-dasharray:4 3",
        "operation": "fill:#fff,stroke:#333,color:#111",
        "result": "fill:#fdebd3,stroke:#c04f00,color:#111",
        "marked": "stroke:#c04f00,stroke-width:3px,stroke-dasharray:2 2",
    },
    True: {
        "input": "fill:#0f3a57,stroke:#56b4e9,color:#eee",
        "constant": "fill:#2b2b2b,stroke:#999,color:#eee,stroke-dasharray:4 3",
        "operation": "fill:#1c1c1c,stroke:#bbb,color:#eee",
        "result": "fill:#4d2a06,stroke:#e69f00,color:#eee",
        "marked": "stroke:#e69f00,stroke-width:3px,stroke-dasharray:2 2",
    },
}


def to_mermaid(picture: Picture, style: Style = Style()) -> str:  # noqa: B008 - a tuple
    """Return the picture as Mermaid text. Characters in texts of the user that could be markup are character codes.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> x, f = Node(0, "input", "x"), Node(1, "result", "exp")
    >>> print(to_mermaid(Picture([x, f], [Edge(0, 1)], "exp(x)")).splitlines()[4])
        n0(["x"]):::input
    """
    title = shorten(picture.title, TITLE_LINE)
    text = ["---", f'title: "{escape_mermaid(title)}"', "---", f"flowchart {style.direction}"]
    for node in picture.nodes:
        label = "<br/>".join(escape_mermaid(line) for line in box_lines(node, LABEL_LIMIT))
        text.append(f"    n{node.key}{SHAPES[node.kind].format(label)}:::{node.kind}")
        if node.mark:
            text.append(f"    class n{node.key} marked")
    shared, most = picture.shared, largest(picture.edges)
    looks: list[str] = []
    for number, edge in enumerate(picture.edges):
        label = escape_mermaid(shorten(edge_text(edge, edge.source in shared), LABEL_LIMIT))
        arrow = ("-->" if edge.taken else "-.->") + (f'|"{label}"|' if label else "")
        text.append(f"    n{edge.source} {arrow} n{edge.target}")
        if edge.taken and edge.flow is not None:
            colour, width = colour_of(edge.flow, most, style.dark), width_of(edge.flow, most)
            looks.append(f"    linkStyle {number} stroke:{colour},stroke-width:{width:g}px")
    text += looks
    text += [f"    classDef {name} {look}" for name, look in CLASSES[style.dark].items()]
    return "\n".join(text) + "\n"


def escape_mermaid(text: str) -> str:
    """Return the text with decimal character codes for everything but letters, digits and a few signs.

    >>> escape_mermaid("a < b")
    'a #60; b'
    """
    return "".join(c if c.isalnum() or c in " .,_=+-*/·^()'∂̄…" else f"#{ord(c)};" for c in text)
