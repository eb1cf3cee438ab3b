"""Pictures of a graph of Values: what each node is, its value and, once `backward` has run, its adjoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ops.op import NUMBERS

if TYPE_CHECKING:
    from ..draw.picture import Picture
    from .value import Value

LARGEST = 6  # elements of an array that are shown; of a larger one its shape


class Drawing:
    """A picture of a graph that a notebook shows."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture

    def _repr_svg_(self) -> str:
        from ..draw.render import draw

        return draw(self.picture, "svg").decode("utf-8")


def visualize(root: Value, name: str | None) -> Drawing | Path:
    """Draw into a file, whose suffix says the format, or for a notebook."""
    picture = root.picture(Path(name).stem if name else None)
    if name is None:
        return Drawing(picture)
    from ..draw.render import draw

    path = Path(name)
    path = path if path.suffix else path.with_suffix(".svg")
    path.write_bytes(draw(picture, path.suffix[1:]))
    return path


def picture_of(root: Value, title: str | None) -> Picture:
    """The graph under a Value as a description that can be drawn."""
    from ..draw.picture import Edge, Node, Picture

    nodes, edges = [], []
    order = [*root.order(), root]
    key = max(node.number for node in order) + 1
    for node in order:
        kind: Any = "result" if node is root else "input" if node.op is None else "operation"
        label = node.label if node.op is not None else None
        name = str(node.op) if node.op is not None else node.label or "leaf"
        adjoint = None if node.grad is None or node.value.__class__ is bool else shown(node.grad)
        nodes.append(Node(node.number, kind, name, label, shown(node.value), adjoint))
        for x in node.inputs:
            if node._is_node(x):
                edges.append(Edge(x.number, node.number))
            else:
                nodes.append(Node(key, "constant", shown(x)))
                edges.append(Edge(key, node.number))
                key += 1
    return Picture(nodes, edges, title or root.label or "a graph of values")


def shown(value: Any) -> str:
    """A number, a small array, or the shape of a large one, in a few characters."""
    if value.__class__ in NUMBERS:
        return f"{value:.6g}" if value.__class__ is float else str(value)
    if value.size <= LARGEST:
        return np.array2string(value, precision=4, separator=", ")
    return f"array {value.shape}"
