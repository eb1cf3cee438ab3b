"""A picture of an expression's graph: its nodes with their operation or name and, at a point, value and adjoint."""

from __future__ import annotations

from collections.abc import Sequence
from math import e, isnan, pi, tau
from typing import TYPE_CHECKING, Any, NamedTuple

from ..draw.picture import Edge, Kind, Node, Picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..formula.function import Function
    from ..graph.expr import Expr, Graph
    from ..language.ast import Formula
    from .inputs import Answer

SHOWN = 6  # elements of an array
DIGITS = 6  # what a box can hold and an eye can take in; --digits asks for others
ORDERLESS = ("+", "*")  # whose arguments need no number on their edges
NAMED = {pi: "pi", tau: "tau", e: "e"}


class View(NamedTuple):
    """A formula as it is drawn and traced: its results and, at a point, what there is to say of each.

    Attributes:
        text: of the formula, on one line.
        names: of the results: ``f``, or f1, f2 … where there are several.
        results: their nodes, all of one graph.
        slopes: the derivatives of each result by name of variable; of those it depends on.
        answers: one for each result; none without a point.
    """

    text: str
    names: list[str]
    results: list[Expr]
    slopes: list[dict[str, Expr]]
    answers: list[Answer]

    @property
    def derivatives(self) -> dict[str, Expr]:
        """The nodes of all slopes, under names such as ``df1/dx``."""
        from ..formula.derivatives import derivative_label

        return {
            derivative_label([name], of): slope
            for of, slopes in zip(self.names, self.slopes, strict=True)
            for name, slope in slopes.items()
        }

    def place(self, name: str | None) -> int | None:
        """The number of the result that adjoints are asked of; None where there are several and none is named.

        Raises:
            UnknownNameError: there is no such result.
        """
        from ..errors import UnknownNameError, join_names, quoted

        if name is None:
            return 0 if len(self.names) == 1 else None
        if name not in self.names:
            hint = f"the results are {join_names(self.names)}" if len(self.names) > 1 else "the one result is 'f'"
            raise UnknownNameError(f"--of names {quoted(name)}, which is no result", hint=hint)
        return self.names.index(name)

    def notes(self) -> list[Any]:
        """What there is to say, each once."""
        return list({str(note): note for answer in self.answers for note in answer.notes}.values())


def view_of(answer: Answer) -> View:
    """The view of an answer that is there already."""
    return View(one_line(answer.function.formula), ["f"], [answer.function.result], [], [answer])


def one_line(formula: Formula) -> str:
    """The formula as it was written, or as it is printed where that takes several lines."""
    return str(formula) if {"\n", "#"} & set(formula.text) else formula.text


def view(function: Function, inputs: Mapping[str, Any] | None, wrt: Sequence[str], slopes: bool = True) -> View:
    """The results of a formula, at a point or without one.

    Args:
        function: of the formula; without a point it is one of numbers.
        inputs: one value per variable.
        wrt: the variables to differentiate by.
        slopes: whether derivatives are asked for; at a point they are computed wherever the result is a number.
    """
    from ..explain.notes import Point, evaluate
    from ..explain.steps import elements, result_names
    from ..graph.derive import gradient
    from ..graph.expr import Expr
    from ..graph.tape import guard
    from ..ops.rules import zeros_like
    from .inputs import Answer

    made = function if inputs is None else function.shaped(inputs)
    results = function.results if inputs is None else elements(made.result)
    graph, text = results[0].graph, function.formula.text
    title = one_line(function.formula)
    variables = [Expr(graph, graph.variables[name]) for name in wrt]
    found: list[dict[str, Expr]] = []
    for result in results:
        nodes = gradient(result, variables) if slopes and not result.shape else []
        found.append({name: node for name, node in zip(wrt, nodes, strict=bool(nodes)) if node is not None})
    names = result_names(len(results))
    if inputs is None:
        return View(title, names, results, found, [])
    rows = [result.row for result in results] + [node.row for nodes_ in found for node in nodes_.values()]
    values = evaluate(graph, rows, inputs, text)
    answers = []
    for result, by_name in zip(results, found, strict=True):
        of = [values[by_name[name].row] if name in by_name else zeros_like(inputs[name]) for name in wrt]
        value, *masked = guard([values[result.row], *of])
        numbers = None if result.shape else dict(zip(wrt, masked, strict=True))
        asked = () if result.shape else wrt
        if made is function:
            look = Point(text, result, values, asked)
        else:
            from ..explain.array_notes import ArrayPoint

            look = ArrayPoint(text, result, values, asked)
        answers.append(Answer(made, dict(inputs), value, numbers, look))
    return View(title, names, results, found, answers)


def picture_of(
    seen: View,
    digits: int | None,
    *,
    partials: bool = False,
    gradient: bool = False,
    which: int | None = 0,
    fold: bool = True,
) -> Picture:
    """The graph of the results; at a point each node carries its value and the adjoint of a result by it.

    Args:
        seen: the results.
        digits: significant ones in the boxes.
        partials: write the local slope beside each edge that one goes along.
        gradient: draw the graph of the derivatives instead of that of the values.
        which: the number of the result whose adjoints are shown; None for none.
        fold: constants stand in the box of what they are used in.
    """
    from ..explain.steps import Passes
    from ..graph.text import applied_title, number_text, op_title
    from ..ops.rules import zeros_like
    from ..ops.shapes import shape_text

    graph = seen.results[0].graph
    outputs: dict[int, list[str]] = {}
    ends = list(seen.derivatives.items()) if gradient else list(zip(seen.names, seen.results, strict=True))
    for name, node in ends:
        outputs.setdefault(node.row, []).append(name)
    variables = {row: name for name, row in graph.variables.items()}
    nodes, edges = [], []
    answer = seen.answers[which or 0] if seen.answers else None
    values = [None] * len(graph) if answer is None else answer.look.values
    with_adjoints = answer is not None and which is not None and not gradient and isinstance(answer.value, float)
    adjoints = answer.look.adjoints() if answer is not None and with_adjoints else {}
    undefined = answer is not None and with_adjoints and isnan(answer.value)
    marks = {note.row: note.kind for note in seen.notes()}
    reached = set(graph.live([seen.results[which or 0].row]))
    passes = None if answer is None else Passes(seen.results, values, list(answer.inputs))

    def short(x: Any) -> str | None:
        if isinstance(x, bool):
            return str(x).lower()
        if isinstance(x, list):
            return f"[{', '.join([short(item) or '' for item in x])}]"
        if getattr(x, "shape", ()):
            return short(x.tolist()) if x.size <= SHOWN else None
        return None if x is None else f"{x:.{digits or DIGITS}g}"

    def adjoint_of(row: int) -> str | None:
        op = graph.ops[row]
        if answer is None or not with_adjoints or (op is not None and op.is_condition):
            return None
        if row not in (reached if row not in variables else variables):
            return None  # the result is not made of it
        if row < len(answer.look.varies) and not answer.look.varies[row]:
            return None
        slope = adjoints.get(row, zeros_like(values[row]))
        return short(slope + answer.value if undefined else slope)

    def label_of(row: int) -> str | None:
        label = graph.labels.get(row)
        if row in outputs and (gradient or len(ends) > 1):
            return " = ".join([", ".join(outputs[row]), *([label] if label else [])])
        return label

    fresh = len(graph)
    for row in graph.live(outputs):
        op = graph.ops[row]
        shape = graph.shapes.get(row)
        shown = shape_text(shape) if shape else None
        value = short(values[row])
        if op is None:
            kind: Kind = "input" if row in variables else "constant"
            title = variables.get(row) or constant_title(graph, row, short)
            if kind == "input":
                nodes.append(Node(row, kind, title, None, value, adjoint_of(row), shown, marks.get(row)))
            elif not fold or shape or row in outputs:
                exact = number_text(graph.constants[row]) if row in graph.constants else None
                nodes.append(Node(row, kind, title, graph.labels.get(row), exact, None, shown))
            if row in outputs:  # a leaf that is a result: what it is and what it is called are two boxes
                slope = adjoint_of(row) if row == seen.results[which or 0].row else None
                nodes.append(Node(fresh, "result", ", ".join(outputs[row]), None, value, slope, shown))
                edges.append(Edge(row, fresh))
                fresh += 1
            continue
        arguments = graph.inputs[row]
        folded = [
            constant_title(graph, argument, short) if fold and argument in graph.constants else None
            for argument in arguments
        ]
        several = sum(text is None for text in folded) > 1
        for place, argument in enumerate(arguments):
            if folded[place] is not None:
                continue
            taken, partial = True, None
            if passes is not None:
                taken = passes.is_picked(row, place)
                if partials and taken and not gradient and passes.moves[row] and passes.moves[argument]:
                    factor = passes.factor(row, place)
                    partial = None if factor is None else short(factor)
            number = str(place + 1) if several and op.sign not in ORDERLESS else ""
            edges.append(Edge(argument, row, number, partial, taken, place))
        title = applied_title(op, folded) if fold else op_title(op)
        kind = "result" if row in outputs else "operation"
        nodes.append(Node(row, kind, title, label_of(row), value, adjoint_of(row), shown, marks.get(row)))
    return Picture(nodes, edges, seen.text)


def constant_title(graph: Graph, row: int, short: Any) -> str:
    """A constant in a box: by its name, or with as many digits as the values have where it is long."""
    from ..graph.text import number_text

    if row in graph.arrays:
        return short(graph.arrays[row]) or "constant"
    value = graph.constants[row]
    text = NAMED.get(value) or number_text(value)
    return min(text, short(value) or text, key=len)
