"""A picture of an expression's graph: its nodes with their operation or name and, at a point, value and adjoint."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from ..draw.picture import Edge, Kind, Node, Picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..function import Function
    from ..graph.expr import Expr
    from ._point import Answer

DIGITS = 6  # what a box can hold and an eye can take in; --digits asks for others
ORDERLESS = ("+", "*")  # whose arguments need no number on their edges


def picture_of(
    function: Function,
    answer: Answer | None,
    digits: int | None,
    *,
    partials: bool = False,
    slopes: Mapping[str, Expr | None] | None = None,
) -> Picture:
    """The graph of the result; with an answer each node carries its value and the adjoint of the result by it.

    Args:
        function: of the expression.
        answer: at a point, or None for the operations alone.
        digits: significant ones in the boxes.
        partials: write the local slope beside each edge that one goes along.
        slopes: draw the graph of these, by name, instead of that of the value.
    """
    from ..graph.steps import Passes
    from ..graph.text import number_text
    from ..ops.arithmetic import square

    graph, result = function.graph, function.result.row
    outputs = {result: ""} if slopes is None else {node.row: name for name, node in slopes.items() if node is not None}
    names = {row: name for name, row in graph.variables.items()}
    nodes, edges = [], []
    adjoints = answer.look.adjoints() if answer is not None and slopes is None else {}
    marks = {note.row: note.kind for note in answer.notes} if answer is not None else {}
    passes = Passes(function.result, answer.look.values, function.variables) if answer is not None else None

    def short(x: Any) -> str:
        return str(x).lower() if isinstance(x, bool) else f"{x:.{digits or DIGITS}g}"

    for row in graph.live(outputs):
        op = graph.ops[row]
        if op is None:
            title = names[row] if row in names else number_text(graph.constants[row])
            kind: Kind = "input" if row in names else "constant"
        else:
            title, kind = op.sign or ("**2" if op is square else op.name), "operation"
            for place, argument in enumerate(graph.inputs[row]):
                numbered = len(graph.inputs[row]) > 1 and op.sign not in ORDERLESS
                taken, partial = True, None
                if passes is not None:
                    taken = passes.is_picked(row, place)
                    if partials and taken and slopes is None and passes.moves[row] and passes.moves[argument]:
                        factor = passes.factor(row, place)
                        partial = None if factor is None else short(factor)
                edges.append(Edge(argument, row, str(place + 1) if numbered else "", partial, taken))
        value = adjoint = None
        if answer is not None and kind != "constant":
            value = short(answer.look.values[row])
            if slopes is None and answer.look.varies[row] and not (op is not None and op.is_condition):
                adjoint = short(answer.value if isnan(answer.value) else adjoints.get(row, 0.0))
        label = outputs.get(row) or graph.labels.get(row)
        nodes.append(Node(row, "result" if row in outputs else kind, title, label, value, adjoint, marks.get(row)))
    return Picture(nodes, edges, function.formula.text)
