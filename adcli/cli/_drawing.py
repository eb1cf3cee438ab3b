"""A picture of an expression's graph: its nodes with their operation or name and, at a point, value and adjoint."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from ..draw.picture import Edge, Kind, Node, Picture

if TYPE_CHECKING:
    from ..function import Function
    from ._point import Answer

SHOWN = 6  # elements of an array
DIGITS = 6  # what a box can hold and an eye can take in; --digits asks for others
ORDERLESS = ("+", "*")  # whose arguments need no number on their edges


def picture_of(function: Function, answer: Answer | None, digits: int | None) -> Picture:
    """The graph of the result; with an answer each node carries its value and the adjoint of the result by it."""
    from ..graph.text import number_text, op_title
    from ..ops.rules import zeros_like
    from ..ops.tensor import shape_text

    made = function if answer is None else answer.function
    graph, result = made.graph, made.result.row
    names = {row: name for name, row in graph.variables.items()}
    nodes, edges = [], []
    look = answer.look if answer is not None else None
    whole = answer.rows["f"] if answer is not None else None
    is_number = isinstance(whole, float)
    undefined = isinstance(whole, float) and isnan(whole)
    adjoints = look.adjoints() if look is not None else {}

    def short(x: Any) -> str | None:
        if isinstance(x, bool):
            return str(x).lower()
        if isinstance(x, list):
            return f"[{', '.join([short(item) or '' for item in x])}]"
        if getattr(x, "shape", ()):
            return short(x.tolist()) if x.size <= SHOWN else None
        return f"{x:.{digits or DIGITS}g}"

    for row in graph.live([result]):
        op = graph.ops[row]
        shape = graph.shapes.get(row)
        if op is None:
            title = names.get(row) or (
                short(graph.arrays[row]) or "constant" if shape else number_text(graph.constants[row])
            )
            kind: Kind = "input" if row in names else "constant"
        else:
            title, kind = op_title(op), "operation"
            for place, argument in enumerate(graph.inputs[row], 1):
                numbered = len(graph.inputs[row]) > 1 and op.sign not in ORDERLESS
                edges.append(Edge(argument, row, str(place) if numbered else ""))
        value = adjoint = None
        if look is not None and kind != "constant":
            value = short(look.values[row])
            if is_number and look.varies[row] and not (op is not None and op.is_condition):
                slope = adjoints.get(row, zeros_like(look.values[row]))
                adjoint = short(slope + whole if undefined else slope)
        name = graph.labels.get(row)
        shown = shape_text(shape) if shape else None
        nodes.append(Node(row, "result" if row == result else kind, title, name, value, adjoint, shown))
    return Picture(nodes, edges, function.formula.text)
