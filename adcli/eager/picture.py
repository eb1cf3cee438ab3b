"""Pictures of a graph of Values: what each node is, its value and, once `backward` has run, its adjoint.

An expression or a program at a point is drawn as the Values it is when it is played with them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ops.op import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..draw.picture import Picture
    from ..graph.expr import Expr
    from .value import Value

LARGEST = 6  # elements of an array that are shown


class Drawing:
    """A picture of a graph that a notebook shows."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture

    def _repr_svg_(self) -> str:
        from ..draw.render import draw

        return draw(self.picture, "svg").decode("utf-8")

    def _repr_html_(self) -> str:
        svg = self._repr_svg_()
        return svg[svg.index("<svg") :]


def visualize(root: Value, name: str | None, title: str | None = None) -> Drawing | Path:
    """Draw into a file, whose suffix says the format, or for a notebook."""
    picture = root.picture(title or (Path(name).stem if name else None))
    if name is None:
        return Drawing(picture)
    from ..draw.render import draw

    path = Path(name)
    path = path if path.suffix else path.with_suffix(".svg")
    path.write_bytes(draw(picture, path.suffix[1:]))
    return path


def played(result: Expr, inputs: Mapping[str, Any]) -> Value:
    """A node of a graph as a Value, with the labels of the graph, after its backward pass where it is a number.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> z = played(x * x, {"x": 3.0})
    >>> z.value, z.prev[0].label, z.prev[0].grad
    (9.0, 'x', 6.0)
    """
    from .value import Value

    graph = result.graph
    names = {row: name for name, row in graph.variables.items()}
    made: dict[int, Any] = {}
    for row in graph.live([result.row]):
        op = graph.ops[row]
        if row in names:
            made[row] = Value(inputs[names[row]], names[row])
        elif op is None:
            made[row] = graph.arrays[row] if row in graph.arrays else graph.constants[row]
        else:
            made[row] = op(*[made[argument] for argument in graph.inputs[row]])
            if isinstance(made[row], Value):
                made[row].label = graph.labels.get(row)
    root = made[result.row]
    if not isinstance(root, Value):
        root = Value(root)
    if not root.shape:
        root.backward()
    return root


def picture_of(root: Value, title: str | None) -> Picture:
    """The graph under a Value as a description that can be drawn."""
    from ..draw.picture import Edge, Node, Picture
    from ..ops.tensor import shape_text

    nodes, edges = [], []
    order = [*root.order(), root]
    key = max(node.number for node in order) + 1
    for node in order:
        kind: Any = "result" if node is root else "input" if node.op is None else "operation"
        label = node.label if node.op is not None else None
        name = str(node.op) if node.op is not None else node.label or "leaf"
        adjoint = None if node.grad is None or node.value.__class__ is bool else shown(node.grad)
        shape = shape_text(node.shape) if node.shape else None
        nodes.append(Node(node.number, kind, name, label, shown(node.value), adjoint, shape))
        for x in node.inputs:
            if node._is_node(x):
                edges.append(Edge(x.number, node.number))
            else:
                nodes.append(Node(key, "constant", shown(x) or f"array {np.shape(x)}"))
                edges.append(Edge(key, node.number))
                key += 1
    return Picture(nodes, edges, title or root.label or "a graph of values")


def shown(value: Any) -> str | None:
    """A number or a small array in a few characters; None for a large one, of which the shape is shown."""
    if value.__class__ in NUMBERS:
        return f"{value:.6g}" if value.__class__ is float else str(value).lower()
    return np.array2string(value, precision=4, separator=", ") if value.size <= LARGEST else None
