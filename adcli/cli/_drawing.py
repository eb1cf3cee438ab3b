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

SHOWN = 6  # elements of an array
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
    from ..graph.text import number_text, op_title
    from ..ops.rules import zeros_like
    from ..ops.tensor import shape_text

    made = function if answer is None else answer.function
    graph, result = made.graph, made.result.row
    outputs = {result: ""} if slopes is None else {node.row: name for name, node in slopes.items() if node is not None}
    names = {row: name for name, row in graph.variables.items()}
    nodes, edges = [], []
    is_number = answer is not None and isinstance(answer.value, float)
    undefined = answer is not None and is_number and isnan(answer.value)
    adjoints = answer.look.adjoints() if answer is not None and is_number and slopes is None else {}
    marks = {note.row: note.kind for note in answer.notes} if answer is not None else {}
    passes = Passes(made.result, answer.look.values, function.variables) if answer is not None else None

    def short(x: Any) -> str | None:
        if isinstance(x, bool):
            return str(x).lower()
        if isinstance(x, list):
            return f"[{', '.join([short(item) or '' for item in x])}]"
        if getattr(x, "shape", ()):
            return short(x.tolist()) if x.size <= SHOWN else None
        return f"{x:.{digits or DIGITS}g}"

    for row in graph.live(outputs):
        op = graph.ops[row]
        shape = graph.shapes.get(row)
        if op is None:
            title = names.get(row) or (
                short(graph.arrays[row]) or "constant" if shape else number_text(graph.constants[row])
            )
            kind: Kind = "input" if row in names else "constant"
        else:
            title, kind = op_title(op), "operation"
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
            moves = slopes is None and is_number and answer.look.varies[row]
            if moves and not (op is not None and op.is_condition):
                slope = adjoints.get(row, zeros_like(answer.look.values[row]))
                adjoint = short(slope + answer.value if undefined else slope)
        label = outputs.get(row) or graph.labels.get(row)
        shown = shape_text(shape) if shape else None
        kind = "result" if row in outputs else kind
        nodes.append(Node(row, kind, title, label, value, adjoint, shown, marks.get(row)))
    return Picture(nodes, edges, function.formula.text)
