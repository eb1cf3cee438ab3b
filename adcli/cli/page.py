"""The page that plays a graph: its picture, its steps, and the JavaScript that computes them for other inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..draw.build import SHOWN_ELEMENTS, Detail, picture_of
from ..draw.flow import DARK, LIGHT, PALEST, THICKEST, THINNEST, flow_of
from ..draw.picture import Edge, Picture, Style, repeat_leaves
from ..explain.steps import Trace
from ..graph.text import number_text, program_text
from ..ops.operands import Numeric, Operand
from ..ops.rules import zeros_like
from ..strict_json import finite_or_name
from .page_script import Record, generate

if TYPE_CHECKING:
    from ..explain.view import View
    from ..graph.expr import Expr

START = 1.0  # the value of each input of a page without a point


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
        functions, conditions = ("", {}) if self.is_fixed else generate(self.trace)
        data: Record = {
            "inputs": [{"name": name, "value": self._input_text(x)} for name, x in self.inputs.items()],
            "nodes": self._nodes(conditions),
            "uses": self._uses(),
            "results": [self._result(index) for index in starts],
            "copies": self._copies(),
            "ends": self.trace.results,
            "first": starts.index(self.detail.which) if self.detail.which in starts else 0,
            "partials": self.detail.partials,
            "flow": self._flow_style(),
            "digits": self.detail.digits,
        }
        return functions, data

    def _input_text(self, x: Numeric) -> str:
        return short_text(x) if self.is_fixed else number_text(float(x))

    def _flow_style(self) -> Record | None:
        """Return how the arrows show the flow along them, as in a picture."""
        if self.detail.measure is None:
            return None
        palettes: Record = {"light": LIGHT._asdict(), "dark": DARK._asdict()}
        return palettes | {
            "measure": self.detail.measure,
            "thinnest": THINNEST,
            "thickest": THICKEST,
            "palest": PALEST,
        }

    def _nodes(self, conditions: Mapping[int, Record]) -> list[Record]:
        varies = self.trace.varies
        marks = {note.row: [note.kind, note.message] for note in self.view.notes()} if self.is_fixed else {}
        return [
            {
                "id": step.row,
                "name": step.name,
                "formula": formula_text(step.formula),
                "moves": bool(varies[step.row]) and not isinstance(step.value, bool),
                "value": short_text(step.value) if self.is_fixed else None,
                "mark": marks.get(step.row),
                **conditions.get(step.row, {}),
            }
            for step in self.trace.steps
        ]

    @property
    def repeated(self) -> set[int]:
        """The inputs that are drawn once per use."""
        return {edge.source for copy, edge in self._drawn_edges() if copy.source != edge.source}

    @property
    def result_boxes(self) -> dict[int, int]:
        """The input of each box of a result that is an input."""
        rows = {step.row for step in self.trace.steps}
        return {edge.target: edge.source for edge in self.picture.edges if edge.target not in rows}

    def _drawn_edges(self) -> list[tuple[Edge, Edge]]:
        """Return each arrow as it is drawn, and as it is in the picture."""
        return list(zip(repeat_leaves(self.picture).edges, self.picture.edges, strict=True))

    def _copies(self) -> dict[int, int]:
        """Return the row of each box whose key is not a row: further boxes of an input are among them."""
        copies = {copy.source: edge.source for copy, edge in self._drawn_edges() if copy.source != edge.source}
        return copies | self.result_boxes

    def _uses(self) -> list[Record]:
        edges = {(edge.target, edge.position): number for number, edge in enumerate(self.picture.edges, 1)}
        drawn, labelled = self._drawn_edges(), self.labelled_edges if self.is_fixed else []
        repeated = self.repeated
        uses: list[Record] = []
        for row, position in self.trace.uses():
            slope = self.trace.slope(row, position)
            number = edges.get((row, position))
            edge = labelled[number - 1] if labelled and number else None
            target = self.trace.graph.inputs[row][position]
            uses.append({
                "source": row,
                "target": target,
                "slope": formula_text(slope),
                "edge": number,
                "box": drawn[number - 1][0].source if number and target in repeated else None,
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
            "undefined": self._undefined(index) if self.is_fixed else None,
        }

    def _undefined(self, index: int) -> dict[int, str] | None:
        """Return the adjoints of a result that is nan: nan in every element. None for a result that is not."""
        value = self.trace.values[self.trace.results[index]]
        if value == value:
            return None
        return {step.row: short_text(zeros_like(step.value) + value) for step in self.trace.steps}

    def _terms(self, index: int) -> list[Record]:
        """Return the contributions of a backward pass over arrays, which the page shows and does not compute."""
        adjoints = {self.trace.results[index]: "1"}
        uses = {use: number for number, use in enumerate(self.trace.uses())}
        measure, value = self.detail.measure, self.trace.values[self.trace.results[index]]
        terms: list[Record] = []
        for each in self.trace.backward(index):
            total = short_text(each.total)
            term = each.term if value == value else each.term + value  # nan if the result is
            flow = flow_of(term, self.trace.values[each.row], measure) if measure and each.is_picked else None
            terms.append({
                "use": uses[each.user, each.position],
                "flow": None if flow is None else [finite_or_name(part) for part in flow],
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
        texts += [pair for index in starts for pair in (self._undefined(index) or {}).items()] if self.is_fixed else []
        terms = dict.fromkeys(self.trace.uses(), widest_number)
        for each in [each for index in starts for each in self.trace.backward(index)] if self.is_fixed else []:
            texts.append((each.row, short_text(each.total)))
            use = each.user, each.position
            terms[use] = max(terms[use], short_text(each.term), key=len)
        widest: dict[int, str] = {}
        for row, text in texts:
            widest[row] = max(widest.get(row, widest_number), text, key=len)
        widest |= {box: widest[row] for box, row in self.result_boxes.items() if row in widest}
        varies, repeated = self.trace.varies, self.repeated
        moving = {step.row for step in self.trace.steps if varies[step.row] and not isinstance(step.value, bool)}
        boxes = [
            node._replace(value=widest[node.key], adjoint=widest[node.key] if node.key in moving else None)
            if node.key in widest and node.kind != "constant"
            else node
            for node in self.picture.nodes
        ]
        arrows = []
        for edge in self.labelled_edges if self.is_fixed else self.picture.edges:
            use = edge.target, edge.position
            partial = (edge.partial or widest_number) if partials and use in terms else None
            term = terms.get(use) if partials or edge.source in repeated else None
            arrows.append(edge._replace(partial=partial, term=term, taken=True, flow=None))
        return self.picture._replace(nodes=boxes, edges=arrows, title="")


def formula_text(formula: Expr | None) -> str | None:
    """Return a formula in the signs of the picture, or None if there is none."""
    return None if formula is None else program_text(formula.graph, formula.row, book=True)


def short_text(value: Operand) -> str:
    """Return a number or a small array in a few characters, and the size of a large array."""
    if isinstance(value, bool):
        return str(value).lower()
    if getattr(value, "size", 1) > SHOWN_ELEMENTS:
        return f"{value.size} numbers"
    if isinstance(value, list):
        return f"[{', '.join(map(short_text, value))}]"
    return short_text(value.tolist()) if hasattr(value, "tolist") else f"{value or 0.0:.6g}"  # without the sign of -0
