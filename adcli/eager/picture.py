"""Pictures of a graph of Values: what each node is, its value and, once `backward` has run, its adjoint.

An expression or a program at a point is drawn as the Values it is when it is played with them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ops.op import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def visualize(roots: Sequence[Value], name: str | None, title: str | None = None) -> Drawing | Path:
    """Draw into a file, whose suffix says the format, or for a notebook."""
    picture = picture_of(roots, title or (Path(name).stem if name else None))
    if name is None:
        return Drawing(picture)
    from ..draw.render import draw
    from ..files import write_file

    path = Path(name)
    path = path if path.suffix else path.with_suffix(".svg")
    write_file(str(path), draw(picture, path.suffix[1:]))
    return path


def played(result: Expr, inputs: Mapping[str, Any]) -> list[Value]:
    """A node of a graph as a Value, with the labels of the graph, after its backward pass where it is a number.

    A vector that is written out, ``[f, g]``, is played as its elements, without a backward pass: an adjoint is that of
    one result.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> [z] = played(x * x, {"x": 3.0})
    >>> z.value, z.prev[0].label, z.prev[0].grad
    (9.0, 'x', 6.0)
    """
    from ..explain.steps import elements
    from .value import Value

    graph, results = result.graph, elements(result)
    names = {row: name for name, row in graph.variables.items()}
    made: dict[int, Any] = {}
    for row in graph.live([each.row for each in results]):
        op = graph.ops[row]
        if row in names:
            made[row] = Value(inputs[names[row]], names[row])
        elif op is None:
            made[row] = graph.arrays[row] if row in graph.arrays else graph.constants[row]
        else:
            made[row] = op(*[made[argument] for argument in graph.inputs[row]])
            if isinstance(made[row], Value):
                made[row].label = graph.labels.get(row)
    roots = [made[each.row] if isinstance(made[each.row], Value) else Value(made[each.row]) for each in results]
    if len(roots) == 1 and not roots[0].shape:
        roots[0].backward()
    return roots


def picture_of(roots: Sequence[Value], title: str | None) -> Picture:
    """The graph under one Value or several as a description that can be drawn; constants stand in their user's box."""
    from ..draw.picture import Edge, Node, Picture
    from ..explain.steps import result_names
    from ..graph.text import applied_title
    from ..ops.shapes import shape_text

    calls: dict[int, str] = {}
    for name, root in zip(result_names(len(roots)), roots, strict=True):
        calls[id(root)] = ", ".join(filter(None, (calls.get(id(root)), name)))
    nodes, edges = [], []
    order = sorted({id(node): node for root in roots for node in (*root.order(), root)}.values(), key=_number)
    key = order[-1].number + 1
    for node in order:
        is_result = id(node) in calls
        adjoint = None if node.grad is None or node.value.__class__ is bool else shown(node.grad)
        shape = shape_text(node.shape) if node.shape else None
        if node.op is None:
            is_leaf = not is_result or len(roots) > 1
            kind: Any = "input" if is_leaf else "result"
            nodes.append(Node(node.number, kind, node.label or "leaf", None, shown(node.value), adjoint, shape))
            if is_result and is_leaf:
                nodes.append(Node(key, "result", calls[id(node)], None, shown(node.value), adjoint, shape))
                edges.append(Edge(node.number, key))
                key += 1
            continue
        constants = [shown(x) if not node._is_node(x) and x.__class__ in NUMBERS else None for x in node.inputs]
        for place, x in enumerate(node.inputs):
            if node._is_node(x):
                edges.append(Edge(x.number, node.number, place=place))
            elif constants[place] is None:
                nodes.append(Node(key, "constant", shown(x) or f"array {np.shape(x)}"))
                edges.append(Edge(key, node.number, place=place))
                key += 1
        label = " = ".join(filter(None, (calls[id(node)] if is_result and len(roots) > 1 else None, node.label)))
        kind = "result" if is_result else "operation"
        nodes.append(
            Node(node.number, kind, applied_title(node.op, constants), label or None, shown(node.value), adjoint, shape)
        )
    return Picture(nodes, edges, title or roots[0].label or "a graph of values")


def _number(node: Value) -> int:
    """When a node was made, which is after its arguments."""
    return node.number


def shown(value: Any) -> str | None:
    """A number or a small array in a few characters; None for a large one, of which the shape is shown."""
    if value.__class__ in NUMBERS:
        return f"{value:.6g}" if value.__class__ is float else str(value).lower()
    return np.array2string(value, precision=4, separator=", ") if value.size <= LARGEST else None
