"""A picture of an expression's graph: its nodes with their operation or name and, at a point, value and adjoint."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from ..draw.picture import Edge, Kind, Node, Picture

if TYPE_CHECKING:
    from ..function import Function
    from ._point import Answer

DIGITS = 6  # what a box can hold and an eye can take in; --digits asks for others
ORDERLESS = ("+", "*")  # whose arguments need no number on their edges


def picture_of(function: Function, answer: Answer | None, digits: int | None) -> Picture:
    """The graph of the result; with an answer each node carries its value and the adjoint of the result by it."""
    from ..graph.text import number_text
    from ..ops.arithmetic import square

    graph, result = function.graph, function.result.row
    names = {row: name for name, row in graph.variables.items()}
    nodes, edges = [], []
    look = answer.look if answer is not None else None
    adjoints = look.adjoints() if look is not None else {}

    def short(x: float | bool) -> str:
        return str(x).lower() if isinstance(x, bool) else f"{x:.{digits or DIGITS}g}"

    for row in graph.live([result]):
        op = graph.ops[row]
        if op is None:
            title = names[row] if row in names else number_text(graph.constants[row])
            kind: Kind = "input" if row in names else "constant"
        else:
            title, kind = op.sign or ("**2" if op is square else op.name), "operation"
            for place, argument in enumerate(graph.inputs[row], 1):
                numbered = len(graph.inputs[row]) > 1 and op.sign not in ORDERLESS
                edges.append(Edge(argument, row, str(place) if numbered else ""))
        value = adjoint = None
        if look is not None and kind != "constant":
            value = short(look.values[row])
            if look.varies[row] and not (op is not None and op.is_condition):
                whole = look.values[result]
                adjoint = short(whole if isnan(whole) else adjoints.get(row, 0.0))
        nodes.append(Node(row, "result" if row == result else kind, title, graph.labels.get(row), value, adjoint))
    return Picture(nodes, edges, function.formula.text)
