"""Write a picture as strict JSON, for programs that draw it themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.strict_json import finite_or_name

if TYPE_CHECKING:
    from adcli.draw.picture import Picture


def to_json(picture: Picture) -> str:
    """Return nodes and edges as JSON. Numbers that are not finite are strings.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> print(to_json(Picture([Node(0, "input", "x", value="2")], [], "x")), end="")
    {"title": "x", "nodes": [{"id": 0, "kind": "input", "title": "x", "value": 2.0}], "edges": []}
    """
    from json import dumps

    nodes: list[dict[str, object]] = []
    for node in picture.nodes:
        fields = {
            "id": node.key,
            "kind": node.kind,
            "title": node.title,
            "label": node.label,
            "name": node.name,
            "formula": node.formula,
            "value": number_or_text(node.value),
            "adjoint": number_or_text(node.adjoint),
            "mark": node.mark,
        }
        nodes.append({name: value for name, value in fields.items() if value is not None})
    edges = [
        {"source": edge.source, "target": edge.target}
        | ({"argument": edge.label} if edge.label else {})
        | ({"partial": number_or_text(edge.partial)} if edge.partial is not None else {})
        | ({"contribution": number_or_text(edge.term)} if edge.term is not None else {})
        | ({"flow": finite_or_name(edge.flow.net or 0.0)} if edge.flow is not None else {})
        | ({} if edge.taken else {"taken": False})
        for edge in picture.edges
    ]
    return dumps({"title": picture.title, "nodes": nodes, "edges": edges}, ensure_ascii=False) + "\n"


def number_or_text(text: str | None) -> float | str | None:
    """Return the number of a text, or a string if it is not finite or not a number.

    >>> number_or_text("2"), number_or_text("inf"), number_or_text("true"), number_or_text(None)
    (2.0, 'Infinity', 'true', None)
    """
    if text is None:
        return None
    try:
        return finite_or_name(float(text))
    except ValueError:
        return text
