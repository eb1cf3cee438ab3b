"""Draw graphs of Values: values and, after `backward`, adjoints and local derivatives.

The Values are copied into a graph, row by row, so that the pictures look like those of formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..graph.expr import Expr, Graph
from ..ops import Op
from ..ops.operands import NUMBERS, Numeric, Operand, Shape

if TYPE_CHECKING:
    from ..draw.picture import Picture
    from ..draw.show import Drawing


class RecordedValue(Protocol):
    """The attributes of a Value that a picture needs."""

    value: Numeric
    grad: Operand
    op: Op | None
    inputs: tuple[Operand, ...]
    label: str | None
    number: int  # in the order of creation, so that arguments come before their users

    @property
    def shape(self) -> Shape:
        """The shape of the value."""


def visualize(nodes: Sequence[RecordedValue], name: str | None) -> Drawing | Path:
    """Draw a graph of Values into a file, whose suffix is the format, or for a notebook.

    Args:
        nodes: every Value of the graph, the result last.
        name: of the file.
    """
    from ..draw.show import Drawing, show

    return show(Drawing(picture_of_nodes(nodes, Path(name).stem if name else None)), name)


def picture_of_nodes(nodes: Sequence[RecordedValue], title: str | None) -> Picture:
    """Return the picture of a graph of Values, the result last. Constants stand in the boxes that use them."""
    from ..draw.build import picture_of_values

    root = nodes[-1]
    graph, values, rows = _graph_of(sorted(nodes, key=lambda node: node.number))
    has_adjoint = [node for node in nodes if node.grad is not None and node.value.__class__ is not bool]
    adjoints = {rows[id(node)]: node.grad for node in has_adjoint}
    names = {row: name for name, row in graph.variables.items()}
    titles = {rows[id(node)]: node.label or names[rows[id(node)]] for node in nodes if node.op is None}
    result = Expr(graph, rows[id(root)])
    return picture_of_values(result, values, adjoints, titles, title or root.label or "a graph of values")


def _graph_of(nodes: Sequence[RecordedValue]) -> tuple[Graph, list[Operand], dict[int, int]]:
    """Copy Values into a graph, without folding or sharing. Return the graph, the values and the row of each id."""
    graph = Graph()
    labels = {node.label for node in nodes}
    fresh = (name for number in count(1) if (name := f"v{number}") not in labels)
    rows: dict[int, int] = {}
    values: dict[int, Operand] = {}

    def constant(x: Operand) -> int:
        row = graph.constant(float(x)) if x.__class__ in NUMBERS else graph.array(x)
        values[row] = graph.constants[row] if row in graph.constants else graph.arrays[row]
        return row

    for node in nodes:
        inputs = tuple([rows[id(x)] if id(x) in rows else constant(x) for x in node.inputs])
        row = rows[id(node)] = len(graph)
        values[row] = node.value
        graph.ops.append(node.op)
        graph.inputs.append(inputs)
        if node.shape:
            graph.shapes[row] = node.shape
        if node.op is None:
            name = node.label or next(fresh)
            graph.variables[name if name not in graph.variables else f"{name} {row}"] = row
        elif node.label:
            graph.labels[row] = node.label
    return graph, [values[row] for row in range(len(graph))], rows
