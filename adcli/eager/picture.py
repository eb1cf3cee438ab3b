"""Pictures of graphs of Values: values and, after `backward`, adjoints and local derivatives.

The Values are written into a graph, row by row, so that they are drawn as formulas are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..graph.expr import Expr, Graph
from ..ops.op import NUMBERS, Operand

if TYPE_CHECKING:
    from ..draw.picture import Picture
    from ..draw.show import Drawing
    from .value import Value


def visualize(value: Value, name: str | None) -> Drawing | Path:
    """Draw the graph of a Value into a file, whose suffix is the format, or for a notebook."""
    from ..draw.show import show

    return show(picture_of(value, Path(name).stem if name else None), name)


def picture_of(root: Value, title: str | None) -> Picture:
    """Return the picture of the graph under a Value; constants stand in the boxes that use them."""
    from ..draw.build import picture_of_values

    nodes = sorted([*root.order(), root], key=_number)
    graph, values, rows = _graph_of(nodes)
    has_adjoint = [node for node in nodes if node.grad is not None and node.value.__class__ is not bool]
    adjoints = {rows[id(node)]: node.grad for node in has_adjoint}
    titles = {rows[id(node)]: node.label or "leaf" for node in nodes if node.op is None}
    result = Expr(graph, rows[id(root)])
    return picture_of_values(result, values, adjoints, titles, title or root.label or "a graph of values")


def _number(node: Value) -> int:
    """The order in which nodes were made: arguments come before their users."""
    return node.number


def _graph_of(nodes: Sequence[Value]) -> tuple[Graph, list[Operand], dict[int, int]]:
    """Write Values into a graph, none of them folded or shared; return it, the values and the row of each by its id."""
    graph = Graph()
    rows: dict[int, int] = {}
    values: dict[int, Operand] = {}

    def constant(x: Any) -> int:
        row = graph.constant(float(x)) if x.__class__ in NUMBERS else graph.array(x)
        values[row] = graph.constants[row] if row in graph.constants else graph.arrays[row]
        return row

    for node in nodes:
        inputs = tuple([rows[id(x)] if node._is_node(x) else constant(x) for x in node.inputs])
        row = rows[id(node)] = len(graph)
        values[row] = node.value
        graph.ops.append(node.op)
        graph.inputs.append(inputs)
        if node.shape:
            graph.shapes[row] = node.shape
        if node.op is None:
            name = node.label or "leaf"
            graph.variables[name if name not in graph.variables else f"{name} {row}"] = row
        elif node.label:
            graph.labels[row] = node.label
    return graph, [values[row] for row in range(len(graph))], rows
