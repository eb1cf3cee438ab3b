"""The page that plays a graph: its picture, its steps, and the JavaScript that computes them for other inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..draw.build import SHOWN_ELEMENTS, Detail, picture_of
from ..draw.picture import Edge, Picture, Style, repeat_leaves
from ..explain.steps import Trace
from ..graph.expr import Expr, Graph
from ..graph.tape import Tape
from ..graph.text import number_text
from ..ops import Op
from ..ops.operands import Numeric, Operand
from ..ops.rules import local

if TYPE_CHECKING:
    from ..explain.view import View

START = 1.0  # the value of each input of a page without a point

Record: TypeAlias = dict[str, object]  # an object of the script's data


def page_of(view: View, variables: Sequence[str], detail: Detail, style: Style, most: int) -> bytes:
    """Return the page of a formula. Without a point the inputs start at 1.

    The inputs of a formula of numbers can be changed on the page. A formula of arrays is played at its point.

    Args:
        view: the results of the formula.
        variables: the names of its inputs.
        detail: what the picture shows. `which` is the result to go back from first.
        style: of the picture.
        most: the largest number of boxes.

    Raises:
        RequestError: there are too many boxes, or every result is an array, from which no pass goes back.
    """
    from ..draw.dot import LARGE_GRAPH
    from ..draw.page import to_page
    from ..draw.render import draw
    from ..errors import RequestError
    from ..graph.evaluate import evaluate

    starts = [index for index, result in enumerate(view.results) if not result.shape]
    if not starts:
        raise RequestError("a page goes back from a number, and the result is an array", hint="draw it as .svg")
    picture = picture_of(view._replace(answers=[]), Detail(detail.digits, fold=detail.fold))
    count = len(picture.nodes)
    if count > most:
        raise RequestError(f"the graph has {count} nodes, too many to play", hint="draw it as .svg, summed up")
    if view.answers:
        inputs, values = view.answers[0].inputs, view.answers[0].inspection.values
    else:
        inputs = dict.fromkeys(variables, START)
        values = evaluate(view.results[0].graph, [result.row for result in view.results], inputs)
    page = _Page(view, Trace(view.results, values, variables, view.names), inputs, picture, detail)
    functions, data = page.script(starts)
    svg = draw(page.picture_with_room(starts, detail.partials), "svg", style=style)
    # A second layout of a large graph takes seconds.
    labelled = b""
    if count <= LARGE_GRAPH:
        labelled = draw(page.picture_with_room(starts, not detail.partials), "svg", style=style)
    return to_page(view.text, svg, data, functions, labelled)


class _Page(NamedTuple):
    """What the parts of a page are made from. See `page_of`."""

    view: View
    trace: Trace
    inputs: Mapping[str, Numeric]
    picture: Picture
    detail: Detail

    @property
    def is_fixed(self) -> bool:
        """Whether there are arrays or operations on them, so that the page shows one point and computes nothing."""
        graph, live = self.trace.graph, self.trace.live
        ops = [graph.ops[row] for row in live]
        return not graph.shapes.keys().isdisjoint(live) or any(op is not None and op.shape is not None for op in ops)

    def script(self, starts: list[int]) -> tuple[str, Record]:
        """Return the JavaScript that computes the steps, and the data of the page's script."""
        functions, conditions = ("", {}) if self.is_fixed else _generate(self.trace)
        data: Record = {
            "inputs": [{"name": name, "value": self._input_text(x)} for name, x in self.inputs.items()],
            "nodes": self._nodes(conditions),
            "uses": self._uses(),
            "results": [self._result(index) for index in starts],
            "copies": self._copies(),
            "ends": self.trace.results,
            "first": starts.index(self.detail.which) if self.detail.which in starts else 0,
            "partials": self.detail.partials,
            "digits": self.detail.digits,
        }
        return functions, data

    def _input_text(self, x: Numeric) -> str:
        return short_text(x) if self.is_fixed else number_text(float(x))

    def _nodes(self, conditions: Mapping[int, Record]) -> list[Record]:
        varies = self.trace.varies
        marks = {note.row: [note.kind, note.message] for note in self.view.notes()} if self.is_fixed else {}
        return [
            {
                "id": step.row,
                "name": step.name,
                "formula": None if step.formula is None else str(step.formula),
                "moves": bool(varies[step.row]) and not isinstance(step.value, bool),
                "value": short_text(step.value) if self.is_fixed else None,
                "mark": marks.get(step.row),
                **conditions.get(step.row, {}),
            }
            for step in self.trace.steps
        ]

    @property
    def result_boxes(self) -> dict[int, int]:
        """The input of each box of a result that is an input."""
        rows = {step.row for step in self.trace.steps}
        return {edge.target: edge.source for edge in self.picture.edges if edge.target not in rows}

    def _copies(self) -> dict[int, int]:
        """Return the row of each box whose key is not a row: further boxes of an input are among them."""
        pairs = zip(repeat_leaves(self.picture).edges, self.picture.edges, strict=True)
        return {copy.source: edge.source for copy, edge in pairs if copy.source != edge.source} | self.result_boxes

    def _uses(self) -> list[Record]:
        edges = {(edge.target, edge.position): number for number, edge in enumerate(self.picture.edges, 1)}
        uses: list[Record] = []
        for row, position in self.trace.uses():
            slope = self.trace.slope(row, position)
            number = edges.get((row, position))
            edge = self.labelled_edges[number - 1] if self.is_fixed and number else None
            uses.append({
                "source": row,
                "target": self.trace.graph.inputs[row][position],
                "slope": None if slope is None else str(slope),
                "edge": number,
                "partial": edge.partial if edge else None,
                "picked": edge.taken if edge else None,
            })  # fmt: skip
        return uses

    @property
    def labelled_edges(self) -> list[Edge]:
        """The arrows of the picture with the local derivatives at the point."""
        return picture_of(self.view, self.detail._replace(partials=True)).edges

    def _result(self, index: int) -> Record:
        row = self.trace.results[index]
        return {
            "id": row,
            "name": self.view.names[index],
            "live": self.trace.graph.live([row]) if len(self.trace.results) > 1 else None,
            "terms": self._terms(index) if self.is_fixed else None,
        }

    def _terms(self, index: int) -> list[Record]:
        """Return the contributions of a backward pass over arrays, which the page shows and does not compute."""
        adjoints = {self.trace.results[index]: "1"}
        terms: list[Record] = []
        for each in self.trace.backward(index):
            total = short_text(each.total)
            terms.append({
                "source": each.user,
                "target": each.row,
                "partial": None if each.factor is None else short_text(each.factor),
                "arrives": each.is_picked,
                "term": short_text(each.term),
                "total": total,
                "from": adjoints.get(each.user, "0"),
            })  # fmt: skip
            adjoints[each.row] = total
        return terms

    def picture_with_room(self, starts: list[int], partials: bool) -> Picture:
        """Return the picture with the widest text there can be in each box, and beside each arrow with `partials`."""
        digits = self.detail.digits
        widest_number = f"-{'1.' if digits > 1 else '1'}{'2' * (digits - 1)}e-300"
        texts = [(step.row, short_text(step.value) if self.is_fixed else "") for step in self.trace.steps]
        if self.is_fixed:
            texts += [(each.row, short_text(each.total)) for index in starts for each in self.trace.backward(index)]
        widest: dict[int, str] = {}
        for row, text in texts:
            widest[row] = max(widest.get(row, widest_number), text, key=len)
        varies = self.trace.varies
        moving = {step.row for step in self.trace.steps if varies[step.row] and not isinstance(step.value, bool)}
        widest |= {box: widest[row] for box, row in self.result_boxes.items() if row in widest}
        boxes = [
            node._replace(value=widest[node.key], adjoint=widest[node.key] if node.key in moving else None)
            if node.key in widest and node.kind != "constant"
            else node
            for node in self.picture.nodes
        ]
        uses = set(self.trace.uses()) if partials else set()
        arrows = [
            edge._replace(partial=widest_number if (edge.target, edge.position) in uses else None)
            for edge in self.picture.edges
        ]
        if partials and self.is_fixed:
            arrows = self.labelled_edges
        return self.picture._replace(nodes=boxes, edges=arrows, title="")


def _generate(trace: Trace) -> tuple[str, dict[int, Record]]:
    """Return the JavaScript of every value, local derivative, pick and condition, and the conditions of each row."""
    from ..codegen.targets.javascript import function_text

    graph = trace.graph
    slopes, picks = [], []
    for row, position in trace.uses():
        op, out, arguments = _application(graph, row)
        pick = op.pick(position)
        slopes.append(_node(graph, local(op, position, out, arguments)))
        picks.append(_node(graph, 1.0 if pick is None else pick(out, *arguments)))
    conditions: list[Expr] = []
    by_row = {step.row: _conditions(trace, step.row, conditions) for step in trace.steps if graph.ops[step.row]}
    values = [Expr(graph, step.row) for step in trace.steps]
    return function_text(Tape(graph, [*values, *slopes, *picks, *conditions]), "adcli"), by_row


def _conditions(trace: Trace, row: int, conditions: list[Expr]) -> Record:
    """Return what the marks of a row are decided by: numbers of conditions, which are appended to the list."""

    def number(condition: Operand) -> int:
        conditions.append(_node(trace.graph, condition))
        return len(conditions) - 1

    op, out, arguments = _application(trace.graph, row)
    inputs = trace.graph.inputs[row]
    picks = [op.pick(position) for position in range(len(inputs))]
    return {
        "arguments": inputs,
        "finite": all(isfinite(trace.graph.constants.get(argument, 0.0)) for argument in inputs),
        "condition": op.is_condition,
        "variadic": op.variadic,
        "picks": [None if pick is None else number(pick(out, *arguments)) for pick in picks],
        "domain": op.domain and {"text": op.domain.text, "holds": number(op.domain.contains(*arguments))},
        "kinks": [
            {
                "kind": kink.kind,
                "says": kink.says if isinstance(kink.says, str) else kink.where,
                "matters": kink.arguments is None or any(trace.varies[inputs[position]] for position in kink.arguments),
                "when": number(kink.when(out, *arguments)),
            }
            for kink in op.kinks
        ],
    }


def _application(graph: Graph, row: int) -> tuple[Op, Expr, list[Expr]]:
    """Return the operation of a row, its node and the nodes of its arguments."""
    op = graph.ops[row]
    assert op is not None
    return op, Expr(graph, row), [Expr(graph, argument) for argument in graph.inputs[row]]


def _node(graph: Graph, x: Operand) -> Expr:
    """Return what a rule gave as a node. It may be a number."""
    return x if isinstance(x, Expr) else Expr(graph, graph.constant(float(x)))


def short_text(value: Operand) -> str:
    """Return a number or a small array in a few characters, and the size of a large array."""
    if isinstance(value, bool):
        return str(value).lower()
    if getattr(value, "size", 1) > SHOWN_ELEMENTS:
        return f"{value.size} numbers"
    if isinstance(value, list):
        return f"[{', '.join(map(short_text, value))}]"
    return short_text(value.tolist()) if hasattr(value, "tolist") else f"{value or 0.0:.6g}"  # without the sign of -0
