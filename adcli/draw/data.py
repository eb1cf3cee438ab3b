"""A picture as data, for programs that draw themselves: strict JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcli.strict_json import finite_or_name

if TYPE_CHECKING:
    from adcli.draw.picture import Picture


def to_json(picture: Picture) -> str:
    """Nodes and edges as JSON; numbers are numbers, or strings where they are not finite.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> print(to_json(Picture([Node(0, "input", "x", value="2")], [], "x")), end="")
    {"title": "x", "nodes": [{"id": 0, "kind": "input", "title": "x", "value": 2.0}], "edges": []}
    """
    from json import dumps

    nodes: list[dict[str, Any]] = []
    for node in picture.nodes:
        fields = {
            "id": node.key, "kind": node.kind, "title": node.title, "label": node.label, "value": number(node.value),
            "adjoint": number(node.adjoint), "mark": node.mark,
        }  # fmt: skip
        nodes.append({name: value for name, value in fields.items() if value is not None})
    edges = [
        {"source": edge.source, "target": edge.target}
        | ({"argument": edge.label} if edge.label else {})
        | ({"partial": number(edge.partial)} if edge.partial is not None else {})
        | ({} if edge.taken else {"taken": False})
        for edge in picture.edges
    ]
    return dumps({"title": picture.title, "nodes": nodes, "edges": edges}, ensure_ascii=False) + "\n"


def number(text: str | None) -> Any:
    """The number behind a text, a string where it is not finite or no number.

    >>> number("2"), number("inf"), number("true"), number(None)
    (2.0, 'Infinity', 'true', None)
    """
    if text is None:
        return None
    try:
        return finite_or_name(float(text))
    except ValueError:
        return text
