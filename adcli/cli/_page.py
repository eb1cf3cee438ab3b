"""The page that plays a graph: its picture, its steps, and the JavaScript that computes them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..draw.picture import Style

if TYPE_CHECKING:
    from ..function import Function
    from ._point import Answer

WIDEST = "-1.23457e-300"  # boxes are laid out for the widest number that six digits can need
AT_FIRST = 1.0  # the value of inputs that were given none


def page_of(function: Function, answer: Answer | None, style: Style) -> bytes:
    """The page of a scalar expression; without an answer the inputs start at 1.

    Raises:
        RequestError: a value of the graph is an array.
    """
    from ..codegen.javascript import program_text
    from ..draw.page import to_page
    from ..draw.render import draw
    from ..errors import RequestError
    from ..graph.explain import evaluate
    from ..graph.expr import Expr
    from ..graph.program import Program
    from ..graph.steps import Passes
    from ..graph.text import number_text
    from ..ops.rules import local
    from ._drawing import picture_of

    if not function.is_scalar:
        raise RequestError("a page plays graphs of numbers, not of arrays", hint="draw it as .svg")
    graph, result = function.graph, function.result
    inputs = dict.fromkeys(function.variables, AT_FIRST) if answer is None else answer.inputs
    passes = Passes(result, evaluate(graph, [result.row], inputs), function.variables)
    nodes: list[dict[str, Any]] = [
        {
            "id": step.row,
            "name": step.name,
            "formula": None if step.formula is None else str(step.formula),
            "moves": passes.moves[step.row] and not isinstance(step.value, bool),
        }
        for step in passes.steps
    ]
    uses, slopes, picks = [], [], []
    for row, place in passes.uses():
        op, out = graph.ops[row], Expr(graph, row)
        assert op is not None
        arguments = [Expr(graph, argument) for argument in graph.inputs[row]]
        slope, pick = local(op, place, out, arguments), op.pick(place)
        slopes.append(_node(graph, slope))
        picks.append(_node(graph, 1.0 if pick is None else pick(out, *arguments)))
        uses.append({"source": row, "target": arguments[place].row, "slope": str(passes.slope(row, place))})
    values = [Expr(graph, step.row) for step in passes.steps]
    functions = program_text(Program(graph, [*values, *slopes, *picks]), "adcli")
    picture = picture_of(function, None, None)
    moving = {node["id"] for node in nodes if node["moves"]}
    boxes = [
        node._replace(value=WIDEST, adjoint=WIDEST if node.key in moving else None) if node.kind != "constant" else node
        for node in picture.nodes
    ]
    svg = draw(picture._replace(nodes=boxes, title=""), "svg", style=style)
    data = {
        "inputs": [{"name": name, "value": number_text(inputs[name])} for name in function.variables],
        "nodes": nodes,
        "uses": uses,
        "result": result.row,
    }
    return to_page(function.formula.text, svg, data, functions)


def _node(graph: Any, x: Any) -> Any:
    """A node of the graph of what a rule gave, which may be a plain number."""
    from ..graph.expr import Expr

    return x if isinstance(x, Expr) else Expr(graph, graph.constant(float(x)))
