"""Describe the picture of a graph: a box for each node, an arrow for each use.

At a point a box has the value, the adjoint and a mark (a kink, a pole …), and an arrow the local derivative and how
much of the derivative of the result goes along it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import e, pi, tau
from typing import NamedTuple, TypeAlias

from adcli.draw.flow import flow_of
from adcli.draw.picture import BoxKind, Edge, Flow, Measure, Node, Picture
from adcli.explain.notes import Inspection
from adcli.explain.passes import dependent_rows, ignore_warnings, is_picked, local_derivative, pull_back, uses
from adcli.explain.steps import row_names
from adcli.explain.view import ResultAt, View
from adcli.graph.evaluate import evaluate
from adcli.graph.expr import Expr
from adcli.graph.text import book_text, number_text, op_title, without_defaults
from adcli.ops import Op
from adcli.ops.operands import Numeric, Operand, shape_of
from adcli.ops.rules import zeros_like
from adcli.ops.shapes import shape_text

SHOWN_ELEMENTS = 6  # elements of an array that a box shows
DIGITS = 6  # significant digits in a box
ORDERLESS = ("+", "*")  # operations whose arguments need no number
CONSTANT_NAMES = {pi: "pi", tau: "tau", e: "e"}

# What each use adds to the adjoint of its argument, by the row and the position of the argument.
Terms: TypeAlias = "Mapping[tuple[int, int], Operand]"


class Detail(NamedTuple):
    """The details that a picture shows.

    Attributes:
        digits: significant digits of the numbers.
        partials: write the local derivative beside each arrow that a derivative goes along.
        gradient: draw the graph of the derivatives instead of the graph of the values.
        which: the index of the result whose adjoints are shown, or None for no adjoints.
        fold: write constants into the box that uses them.
        measure: of the flow along the arrows, or None to draw all of them alike.
    """

    digits: int = DIGITS
    partials: bool = False
    gradient: bool = False
    which: int | None = 0
    fold: bool = True
    measure: Measure | None = "relative"


def picture_of(view: View, detail: Detail) -> Picture:
    """Return the picture of the results of a formula."""
    which = None if detail.gradient else detail.which
    return _build(view, detail, *(({}, {}) if which is None else derivatives_of(view, which)))


def derivatives_of(view: View, which: int) -> tuple[dict[int, Operand], Terms]:
    """Return the adjoint of every row that one result needs and of every variable, and what each use adds to them.

    There are none for a result that is an array, and they are nan if the result is.
    """
    if not view.answers or shape_of(view.answers[which].value) or isinstance(view.answers[which].value, bool):
        return {}, {}
    value: Operand = view.answers[which].value
    inspection, is_undefined = view.answers[which].inspection, value != value
    graph, backward = inspection.graph, inspection.backward
    adjoints: dict[int, Operand] = {}
    for row in {*graph.live([view.results[which].row]), *graph.variables.values()}:
        op = graph.ops[row]
        if backward.varies[row] and not (op is not None and op.is_condition):
            slope: Operand = backward.adjoints.get(row, zeros_like(inspection.values[row]))
            adjoints[row] = slope + value if is_undefined else slope
    pairs = [((each.user, each.position), each.term) for each in backward.contributions]
    return adjoints, {use: term + value if is_undefined else term for use, term in pairs}


def picture_at(result: Expr, inputs: Mapping[str, Numeric], title: str) -> Picture:
    """Return the picture of a node of a graph at a point, with adjoints and local derivatives."""
    inspection = Inspection("", result, evaluate(result.graph, [result.row], inputs), list(inputs))
    variables = {} if result.shape else result.graph.variables
    view = _view_node(
        result, inspection, {name: inspection.backward.adjoints.get(row, 0.0) for name, row in variables.items()}, title
    )
    return _build(view, Detail(partials=True), *derivatives_of(view, 0))


def picture_of_values(
    result: Expr, values: Sequence[Operand], adjoints: Mapping[int, Operand], titles: Mapping[int, str], title: str
) -> Picture:
    """Return the picture of a graph with these adjoints. Local derivatives are shown if there are any adjoints.

    Args:
        result: the node of the result.
        values: the value of each row.
        adjoints: by row.
        titles: of the inputs by row.
        title: above the picture.
    """
    variables = result.graph.variables
    slopes = {name: adjoints[row] for name, row in variables.items() if row in adjoints}
    view = _view_node(result, Inspection("", result, values, list(variables)), slopes if adjoints else None, title)
    terms = terms_at(result, values, adjoints) if adjoints else {}
    return _build(view, Detail(partials=bool(adjoints)), adjoints, terms, titles)


def terms_at(result: Expr, values: Sequence[Operand], adjoints: Mapping[int, Operand]) -> Terms:
    """Return what each use adds to the adjoint of its argument, for adjoints that are known."""
    graph, terms = result.graph, {}
    live = graph.live([result.row])
    varies = dependent_rows(graph, live, graph.variables.values())
    with ignore_warnings(graph):
        for row in live:
            for position in uses(graph, row, varies) if row in adjoints else ():
                single = pull_back(graph, values, row, position, adjoints[row])
                argument = graph.inputs[row][position]
                terms[row, position] = single.selected(argument) if argument in single.cotangents else 0.0
    return terms


def _view_node(result: Expr, inspection: Inspection, slopes: Mapping[str, Operand] | None, title: str) -> View:
    """Return the view of one node, with its derivatives if they are known."""
    inputs = {name: inspection.values[row] for name, row in result.graph.variables.items()}
    at = ResultAt(inputs, inspection.values[result.row], slopes or {}, inspection, inspection.notes(slopes))
    return View(title, ["f"], [result], [], [at])


def _build(
    view: View,
    detail: Detail,
    adjoints: Mapping[int, Operand],
    terms: Terms,
    titles: Mapping[int, str] | None = None,
) -> Picture:
    builder = _Builder(view, detail, adjoints, terms, titles)
    with ignore_warnings(builder.graph):
        for row in builder.graph.live(builder.outputs):
            builder.add(row)
    measure = detail.measure if terms else None
    results = tuple([builder.result_keys[row] for row in builder.outputs])
    return Picture(builder.nodes, builder.edges, view.text, measure, builder.result_name, results)


class _Builder:
    """Collect the boxes and arrows of one picture.

    Args:
        view: the results.
        detail: the details that are shown.
        adjoints: the adjoints that are shown, by row.
        terms: what each use adds to an adjoint.
        titles: of the inputs by row [default: the names of the variables].
    """

    def __init__(
        self,
        view: View,
        detail: Detail,
        adjoints: Mapping[int, Operand],
        terms: Terms,
        titles: Mapping[int, str] | None,
    ) -> None:
        self.view, self.detail, self.adjoints, self.terms = view, detail, adjoints, terms
        self.graph = view.results[0].graph
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.inputs = titles or {row: name for name, row in self.graph.variables.items()}
        self.outputs: dict[int, list[str]] = {}  # the names of the results by row
        results = view.derivatives.items() if detail.gradient else list(zip(view.names, view.results, strict=True))
        for name, node in results:
            self.outputs.setdefault(node.row, []).append(name)
        self.result_keys: dict[int, int] = {row: row for row in self.outputs}
        self.has_names = detail.gradient or len(results) > 1
        self.values: Sequence[Operand] = view.answers[0].inspection.values if view.answers else [None] * len(self.graph)
        self.marks = {note.row: note.kind for note in view.notes()}
        self.next_key = len(self.graph)
        first_names = {row: names[0] for row, names in self.outputs.items()}
        self.names = row_names(self.graph, self.graph.live(self.outputs), self.inputs, first_names)

    @cached_property
    def varies(self) -> bytearray:
        """Whether each row depends on an input."""
        live = self.graph.live([result.row for result in self.view.results])
        return dependent_rows(self.graph, live, [self.graph.variables[name] for name in self.view.answers[0].inputs])

    @property
    def result_name(self) -> str:
        """What the box of the result is called, of whose derivative the adjoints are."""
        which = self.detail.which or 0
        row = self.view.results[which].row
        return self.view.names[which] if self.has_names or self.graph.ops[row] is None else self.names[row]

    def add(self, row: int) -> None:
        """Add the box of a row and the arrows to it."""
        op = self.graph.ops[row]
        if op is not None:
            self._add_operation(row, op)
            return
        self._add_leaf(row)
        if row in self.outputs:  # a leaf that is a result has a box for each
            adjoint = self._adjoint(row) if row == self.view.results[self.detail.which or 0].row else None
            names, value = ", ".join(self.outputs[row]), self._text(self.values[row])
            node = Node(self.next_key, "result", names, None, value, adjoint, self._shape(row))
            self.nodes.append(node._replace(formula=self._argument_text(row)))
            self.edges.append(Edge(row, self.next_key))
            self.result_keys[row] = self.next_key
            self.next_key += 1

    def _add_leaf(self, row: int) -> None:
        graph = self.graph
        if row in self.inputs:
            value, mark = self._text(self.values[row]), self.marks.get(row)
            title, adjoint = self.inputs[row], self._adjoint(row)
            self.nodes.append(Node(row, "input", title, None, value, adjoint, self._shape(row), mark))
        elif not self.detail.fold or graph.shapes.get(row) or row in self.outputs:
            exact = number_text(graph.constants[row]) if row in graph.constants else None
            title = self._constant_title(row)
            self.nodes.append(Node(row, "constant", title, graph.labels.get(row), exact, None, self._shape(row)))

    def _add_operation(self, row: int, op: Op) -> None:
        inputs = self.graph.inputs[row]
        drawn = [i for i in range(len(inputs)) if not (self.detail.fold and inputs[i] in self.graph.constants)]
        for position in drawn:
            number = str(position + 1) if len(drawn) > 1 and op.sign not in ORDERLESS else ""
            is_taken, partial = self._use(row, position)
            edge = Edge(inputs[position], row, number, partial, is_taken, position)
            self.edges.append(self._with_flow(edge, inputs[position]))
        kind: BoxKind = "result" if row in self.outputs else "operation"
        value, adjoint, mark = self._text(self.values[row]), self._adjoint(row), self.marks.get(row)
        formula = book_text(without_defaults(self.graph, op, row), [self._argument_text(i) for i in inputs])
        node = Node(row, kind, op_title(op), self._label(row), value, adjoint, self._shape(row), mark)
        self.nodes.append(node._replace(name=self.names[row], formula=formula))

    def _with_flow(self, edge: Edge, row: int) -> Edge:
        """Return the arrow from a row with what it adds to the adjoint of the row."""
        if not self.terms or not edge.taken:
            return edge
        term = self.terms.get((edge.target, edge.position))
        if term is None:  # the result does not need it
            return edge._replace(flow=Flow(0.0, 0.0) if self.detail.measure else None)
        flow = flow_of(term, self.values[row], self.detail.measure) if self.detail.measure else None
        return edge._replace(term=self._text(term), flow=flow)

    def _argument_text(self, row: int) -> str:
        """Return what a formula calls a row: the name of an input or an operation, or the text of a constant."""
        if row in self.inputs or self.graph.ops[row] is not None:
            return self.names[row]
        label = self.graph.labels.get(row) if row in self.graph.arrays else None
        return label or self._constant_title(row)

    def _use(self, row: int, position: int) -> tuple[bool, str | None]:
        """Return whether a row picks an argument, and the local derivative beside the arrow."""
        if not self.view.answers:
            return True, None
        if not is_picked(self.graph, self.values, row, position):
            return False, None
        argument = self.graph.inputs[row][position]
        if not self.detail.partials or self.detail.gradient or not (self.varies[row] and self.varies[argument]):
            return True, None
        return True, self._text(local_derivative(self.graph, self.values, row, position))

    def _label(self, row: int) -> str | None:
        """Return the names of the result at a row, and the name that the user bound the row to."""
        label = self.graph.labels.get(row)
        if row in self.outputs and self.has_names:
            further = [label] if label and label not in self.outputs[row] else []
            return " = ".join([", ".join(self.outputs[row]), *further])
        return label

    def _adjoint(self, row: int) -> str | None:
        return self._text(self.adjoints.get(row))

    def _shape(self, row: int) -> str | None:
        shape = self.graph.shapes.get(row)
        return shape_text(shape) if shape else None

    def _constant_title(self, row: int) -> str:
        """Return the text of a constant: its name or its digits. A long one is rounded as the values are."""
        if row in self.graph.arrays:
            return self._text(self.graph.arrays[row]) or "constant"
        value = self.graph.constants[row]
        text = CONSTANT_NAMES.get(value) or number_text(value)
        return min(text, self._text(value) or text, key=len)

    def _text(self, x: Operand) -> str | None:
        """Return a number or a small array as text, or None for a large array."""
        if isinstance(x, bool):
            return str(x).lower()
        if isinstance(x, list):
            return f"[{', '.join([self._text(item) or '' for item in x])}]"
        if shape_of(x):
            return self._text(x.tolist()) if x.size <= SHOWN_ELEMENTS else None
        return None if x is None else f"{x or 0.0:.{self.detail.digits}g}"  # without the sign of -0
