"""The page that plays a graph: its picture, its steps, and the JavaScript that computes them anew."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from ..draw.picture import Style
from .drawing import DIGITS, SHOWN

if TYPE_CHECKING:
    from ..explain.steps import Passes
    from ..formula.lowered import Lowerings
    from .drawing import View

AT_FIRST = 1.0  # the value of inputs that were given none


def page_of(
    formula: Lowerings,
    seen: View,
    style: Style,
    most: int,
    digits: int = DIGITS,
    partials: bool = False,
    which: int | None = None,
    fold: bool = True,
) -> bytes:
    """The page of a formula; without a point the inputs start at 1.

    The inputs of a formula of numbers can be changed in it; one of arrays is played at its point.

    Args:
        formula: the formula.
        seen: its results.
        style: of the picture.
        most: boxes of the picture.
        digits: significant ones in the boxes; the tables beside them have all.
        partials: local slopes beside the arrows.
        which: the number of the result to go back from first.
        fold: constants stand in the box of what they are used in.

    Raises:
        RequestError: there are too many boxes; or all of it is an array, which no pass goes back from.
    """
    from ..draw.page import to_page
    from ..draw.render import draw
    from ..errors import RequestError
    from ..explain.notes import evaluate
    from ..explain.steps import Passes
    from ..graph.text import number_text
    from .drawing import picture_of

    results, graph = seen.results, seen.results[0].graph
    starts = [place for place, result in enumerate(results) if not result.shape]
    if not starts:
        raise RequestError("a page goes back from a number, and the result is an array", hint="draw it as .svg")
    picture = picture_of(seen._replace(answers=[]), digits, fold=fold)
    count = len(picture.nodes)
    if count > most:
        raise RequestError(f"the graph has {count} nodes, too many to play", hint="draw it as .svg, summed up")
    inputs: Any = seen.answers[0].inputs if seen.answers else dict.fromkeys(formula.variables, AT_FIRST)
    values = seen.answers[0].look.values if seen.answers else None
    values = values or evaluate(graph, [result.row for result in results], inputs)
    passes = Passes(results, values, formula.variables, seen.names)
    # Boxes are laid out for the widest number there can be.
    widest_number = f"-{'1.' if digits > 1 else '1'}{'2' * (digits - 1)}e-300"
    fixed = not graph.shapes.keys().isdisjoint(passes.live)
    functions, conditions = ("", {}) if fixed else _computed(passes)
    told = {note.row: [note.kind, note.message] for note in seen.notes()} if fixed else {}
    rules = {(row, place): _rule(passes, row, place) for row, place in passes.uses()}
    edges = {(edge.target, edge.place): number for number, edge in enumerate(picture.edges, 1)}
    nodes: list[dict[str, Any]] = [
        {
            "id": step.row,
            "name": step.name,
            "formula": None if step.formula is None else str(step.formula),
            "moves": passes.moves[step.row] and not isinstance(step.value, bool),
            "line": 2 if step.row in graph.shapes else 1,
            "value": _text(step.value) if fixed else None,
            "mark": told.get(step.row),
            **conditions.get(step.row, {}),
        }
        for step in passes.steps
    ]
    data: dict[str, Any] = {
        "inputs": [{"name": name, "value": (_text if fixed else number_text)(x)} for name, x in inputs.items()],
        "nodes": nodes,
        "uses": [
            {"source": row, "target": graph.inputs[row][place], "slope": rule, "edge": edges.get((row, place))}
            for (row, place), rule in rules.items()
        ],
        "results": [
            {
                "id": results[place].row,
                "name": seen.names[place],
                "live": graph.live([results[place].row]) if len(results) > 1 else None,
                "terms": _terms(passes, place) if fixed else None,
            }
            for place in starts
        ],
        "ends": [result.row for result in results],
        "first": starts.index(which) if which in starts else 0,
        "partials": partials,
        "digits": digits,
    }
    shown = [(node["id"], node["value"] or "") for node in nodes]
    shown += [(term["target"], term["total"]) for result in data["results"] for term in result["terms"] or ()]
    widest: dict[int, str] = {}
    for row, text in shown:
        widest[row] = max(widest.get(row, widest_number), text, key=len)
    moving = {node["id"] for node in nodes if node["moves"]}
    boxes = [
        node._replace(value=widest[node.key], adjoint=widest[node.key] if node.key in moving else None)
        if node.key in widest and node.kind != "constant"
        else node
        for node in picture.nodes
    ]
    arrows = [
        edge._replace(partial=widest_number if partials and (edge.target, edge.place) in rules else None)
        for edge in picture.edges
    ]
    svg = draw(picture._replace(nodes=boxes, edges=arrows, title=""), "svg", style=style)
    return to_page(seen.text, svg, data, functions)


def _computed(passes: Passes) -> tuple[str, dict[int, dict[str, Any]]]:
    """The JavaScript that computes every step's value, then every local slope, what is picked, and the conditions.

    Beside it per row what `explain` decides the marks by: the arguments, and as numbers of conditions which of them
    are picked, where the slope breaks, and whether the arguments are in the domain.
    """
    from ..codegen.targets.javascript import program_text
    from ..graph.expr import Expr
    from ..graph.tape import Tape
    from ..ops.rules import local

    graph = passes.graph
    slopes, picks, conditions = [], [], []

    def condition(made: Any) -> int:
        conditions.append(_node(graph, made))
        return len(conditions) - 1

    for row, place in passes.uses():
        op, out = graph.ops[row], Expr(graph, row)
        assert op is not None
        arguments = [Expr(graph, argument) for argument in graph.inputs[row]]
        slope, pick = local(op, place, out, arguments), op.pick(place)
        slopes.append(_node(graph, slope))
        picks.append(_node(graph, 1.0 if pick is None else pick(out, *arguments)))
    found: dict[int, dict[str, Any]] = {}
    for step in passes.steps:
        op, out = graph.ops[step.row], Expr(graph, step.row)
        if op is None:
            continue
        inputs = graph.inputs[step.row]
        arguments = [Expr(graph, argument) for argument in inputs]
        chosen = [op.pick(place) for place in range(len(inputs))]
        found[step.row] = {
            "arguments": inputs,
            "finite": all(isfinite(graph.constants.get(argument, 0.0)) for argument in inputs),
            "condition": op.is_condition,
            "variadic": op.variadic,
            "picks": [None if pick is None else condition(pick(out, *arguments)) for pick in chosen],
            "domain": op.domain and {"text": op.domain.text, "holds": condition(op.domain.contains(*arguments))},
            "kinks": [
                {
                    "kind": kink.kind,
                    "says": kink.says if isinstance(kink.says, str) else kink.where,
                    "matters": kink.arguments is None or any(passes.moves[inputs[place]] for place in kink.arguments),
                    "when": condition(kink.when(out, *arguments)),
                }
                for kink in op.kinks
            ],
        }
    values = [Expr(graph, step.row) for step in passes.steps]
    return program_text(Tape(graph, [*values, *slopes, *picks, *conditions]), "adcli"), found


def _rule(passes: Passes, row: int, place: int) -> str | None:
    """The local slope as text; None of a tensor operation, which pulls adjoints back as a whole."""
    op = passes.graph.ops[row]
    return str(passes.slope(row, place)) if op is not None and op.is_elementwise else None


def _terms(passes: Passes, place: int) -> list[dict[str, Any]]:
    """The contributions of a backward pass over arrays, which the page shows and does not compute."""
    adjoints = {passes.results[place]: "1"}
    found = []
    for each in passes.backward(place):
        numbers = {"term": _text(each.term), "total": _text(each.total), "from": adjoints.get(each.user, "0")}
        partial = None if each.factor is None else _text(each.factor)
        found.append(
            {"source": each.user, "target": each.row, "partial": partial, "arrives": each.is_picked, **numbers}
        )
        adjoints[each.row] = numbers["total"]
    return found


def _text(value: Any) -> str:
    """A number or a small array in a few characters, a large one by its size."""
    if isinstance(value, bool):
        return str(value).lower()
    if getattr(value, "size", 1) > SHOWN:
        return f"{value.size} numbers"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    return _text(value.tolist()) if hasattr(value, "tolist") else f"{value:.6g}"


def _node(graph: Any, x: Any) -> Any:
    """A node of the graph of what a rule gave, which may be a plain number."""
    from ..graph.expr import Expr

    return x if isinstance(x, Expr) else Expr(graph, graph.constant(float(x)))
