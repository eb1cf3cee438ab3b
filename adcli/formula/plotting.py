"""The description of a plot of a formula: over one variable, for the values of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product
from math import inf, prod
from typing import TYPE_CHECKING, NamedTuple

from ..draw.axis import Axis
from ..draw.chart import Chart, Points
from ..draw.chart_builder import MOST_LINES, Trace, build_chart
from ..draw.curve import sample_curve
from ..errors import DomainError, RequestError, ShapeError, join_names, quoted, short
from ..graph.derive import tangent
from ..graph.text import array_text, number_text
from ..language.ast import Call, Formula
from ..language.lower import is_vector
from .labels import derivative_label
from .outputs import Output, Outputs
from .view import one_line

if TYPE_CHECKING:
    from ..draw.jumps import Evaluate
    from ..draw.limits import Limits
    from ..graph.expr import Expr
    from ..ops.operands import Array, Numeric, Operand
    from .lowered import Lowered, Lowerings

LONGEST_FIXED = 60  # characters of a value above a plot; of a longer array its shape is written
LONGEST_WHOLE = 1e7  # numbers, from which one such as 5500000000000000 is written as 5.5e15
LONGEST_MEMBER = 8  # characters of the values of a family, beyond which they are rounded
LONGEST_RESULT = 32  # characters of an element in the legend


class Result(NamedTuple):
    """A number that is plotted: its name, its text if it is an element of a vector, and its node."""

    name: str
    text: str
    node: Expr


class Measured(NamedTuple):
    """Measured points: what they are called, where they are, and the values there by the name of the result."""

    label: str
    x: Array
    columns: Mapping[str, Array]


def plot_formula(
    formula: Lowerings,
    axis: Axis,
    fixed: Mapping[str, Numeric],
    families: Mapping[str, Sequence[float]] = {},
    *,
    order: int = 1,
    new_names: Mapping[str, str] = {},
    measured: Measured | None = None,
    log_y: bool = False,
    limits: Limits = (None, None),
    title: str | None = None,
    x_label: str | None = None,
    y_label: str | None = None,
) -> Chart:
    """Return the description of a plot of a formula and its derivatives.

    Args:
        formula: the expression. Each of several results, and each element of an array, is a curve.
        axis: the variable that is plotted over, and its range.
        fixed: the values of variables that are the same everywhere.
        families: the values of variables for which there is one curve each.
        order: of the last derivative that is drawn.
        new_names: of results.
        measured: points that are drawn over the values.
        log_y, limits, x_label, y_label: see `build_chart`.
        title: above the plot [default: the expression].

    Raises:
        RequestError: the axis is not one, there are too many curves, or no number to draw.
        ShapeError: the shapes do not fit.

    >>> from adcli import parse
    >>> from adcli.formula.lowered import Lowerings
    >>> formula = Lowerings(parse("[a*sin(x), cos(x)]"))
    >>> chart = plot_formula(formula, Axis("x", 0.0, 3.0), {}, {"a": [1.0, 2.0]})
    >>> [look.label for look in chart.looks]
    ['f1 = a*sin(x), a = 1', 'f1 = a*sin(x), a = 2', 'f2 = cos(x)']
    """
    axis.check()
    families = {name: list(dict.fromkeys(values)) for name, values in families.items()}
    fixed = {**fixed, **{name: values[0] for name, values in families.items() if len(values) == 1}}
    families = {name: values for name, values in families.items() if len(values) > 1}
    start = {name: values[0] for name, values in families.items()}
    lowered = formula.at({**fixed, **start, axis.name: axis.start})
    results = _results(lowered, new_names)
    return build_chart(
        _sample(lowered, results, axis, fixed, families, order),
        axis,
        title=one_line(formula.formula) if title is None else title,
        fixed=[f"{name} = {_value_text(value)}" for name, value in fixed.items()],
        points=[] if measured is None else _points(measured, [result.name for result in results], not families),
        order=order,
        log_y=log_y,
        limits=limits,
        x_label=x_label,
        y_label=y_label,
    )


def _sample(
    lowered: Lowered,
    results: Sequence[Result],
    axis: Axis,
    fixed: Mapping[str, Numeric],
    families: Mapping[str, Sequence[float]],
    order: int,
) -> list[Trace]:
    """Return a curve for each result and each choice of values from the families."""
    count = sum(prod(len(families[name]) for name in _moving(result.node, families)) for result in results)
    if count > MOST_LINES:
        problem = f"there are {count} curves, more than the {MOST_LINES} that a plot can show"
        raise RequestError(problem, hint="plot fewer results, or give fewer values")
    members = {name: _member_texts(values) for name, values in families.items()}
    traces = []
    for result in results:
        labels = [result.name, *(derivative_label([axis.name] * level, result.name) for level in range(1, order + 1))]
        text = f"{result.name} = {result.text}" if result.text not in ("", result.name) else result.name
        outputs = _outputs(lowered, result, axis.name, max(order, 1))
        moving = _moving(result.node, families)  # a result that is the same for all members is drawn once
        for values in product(*(families[name] if name in moving else families[name][:1] for name in families)):
            member = dict(zip(families, values, strict=True))
            curve = sample_curve(_evaluator(outputs, {**fixed, **member}, axis), axis)
            texts = [f"{name} = {members[name][member[name]]}" for name in moving]
            traces.append(Trace(curve, labels, text, ", ".join(texts)))
    if not any((trace.curve.lines[0] == trace.curve.lines[0]).any() for trace in traces):
        ends = f"from {axis.start:g} to {axis.stop:g}"
        raise RequestError(f"the expression has no finite value for {short(axis.name)} {ends}")
    return traces


def _results(lowered: Lowered, new_names: Mapping[str, str]) -> list[Result]:
    """Return the numbers that are plotted."""
    names = [new_names.get(name, name) for name in lowered.names]
    texts = _element_texts(lowered.formula) if lowered.is_vector else [""]
    results: list[Result] = []
    for name, text, node in zip(names, texts, lowered.results, strict=True):
        size = prod(node.shape)
        if size > MOST_LINES:
            hint = "name the elements that are plotted, as in [v[0], v[1]]"
            raise ShapeError(f"the result has {size} elements, more than the {MOST_LINES} curves of a plot", hint=hint)
        if not node.shape:
            results.append(Result(name, text, node))
            continue
        for index in product(*map(range, node.shape)):
            element = node
            for number in index:
                element = element[number]
            results.append(Result(f"{name}{''.join(f'[{number}]' for number in index)}", "", element))
    if not results:
        raise ShapeError("the result is empty: there is nothing to plot")
    return results


def _element_texts(formula: Formula) -> list[str]:
    """Return the text of each element of a vector, empty if it is long."""
    assert isinstance(formula.result, Call)
    assert is_vector(formula.result)
    texts = [formula.text[element.start : element.stop] for element in formula.result.arguments]
    return ["" if len(text) > LONGEST_RESULT or "\n" in text else text for text in texts]


def _points(measured: Measured, names: Sequence[str], coloured: bool) -> list[Points]:
    """Return the points of each result, in the colour of its curve if it has one curve of several."""
    points = []
    for name, y in measured.columns.items():
        if name not in names:
            raise RequestError(
                f"there is no result {quoted(name)} for the points", hint=f"there are {join_names(names)}"
            )
        label = f"{measured.label}: {name}" if len(measured.columns) > 1 else measured.label
        colour = names.index(name) if coloured and len(names) > 1 else None
        points.append(Points(label, measured.x, y, colour))
    return points


def _moving(node: Expr, names: Iterable[str]) -> list[str]:
    """Return the variables that a node depends on."""
    graph, needed = node.graph, {node.row}
    for row in range(node.row, -1, -1):
        if row in needed:
            needed.update(graph.inputs[row])
    return [name for name in names if graph.variables[name] in needed]


def _outputs(lowered: Lowered, result: Result, name: str, order: int) -> Outputs:
    """Return a number and its derivatives by one variable."""
    row = lowered.graph.variables[name]
    outputs = [Output("f", result.node)]
    node: Expr | None = result.node
    for level in range(1, order + 1):
        node = None if node is None else tangent(node, {row: 1.0})
        outputs.append(Output(f"d{level}", node))
    return Outputs(lowered, outputs, {}, moving=[name])


def _evaluator(outputs: Outputs, inputs: Mapping[str, Numeric], axis: Axis) -> Evaluate:
    """Return what computes a number and its derivatives at points of the axis."""
    import numpy as np

    if outputs.lowered.is_numeric:
        compute = outputs.columns(rows=2 * axis.points)
        names = [name for name in outputs.variables if name != axis.name]

        def evaluate(x: Array) -> Sequence[Array]:
            return compute({axis.name: x, **{name: inputs[name] for name in names}})

        return evaluate

    undefined = [np.nan] * len(outputs.outputs)

    def evaluate_at(position: float) -> Sequence[Operand]:
        try:
            return outputs.run([position if name == axis.name else inputs[name] for name in outputs.variables])
        except DomainError:  # a matrix is singular
            return undefined

    def evaluate_each(x: Array) -> Sequence[Array]:
        rows = [evaluate_at(position) for position in x.tolist()]
        return list(np.array(rows, dtype=np.float64).reshape(len(rows), len(outputs.outputs)).T)

    return evaluate_each


def _value_text(value: Numeric) -> str:
    """Return a value as people read it above a plot."""
    if isinstance(value, float):
        return _short_number(value)
    text = array_text(value)
    return text if len(text) <= LONGEST_FIXED else f"array of shape {'×'.join(map(str, value.shape))}"


def _short_number(value: float) -> str:
    """Return the shortest text that reads back to this float64, large and small numbers with a power of ten.

    >>> [_short_number(value) for value in (5.5e15, 299792458.0, -2e7, 1000.0, 1e-6)]
    ['5.5e15', '299792458', '-2e7', '1000', '1e-6']
    """
    texts = [number_text(value)]
    if LONGEST_WHOLE <= abs(value) < inf:
        powers = (f"{value:.{digits}e}" for digits in range(17))
        texts.append(next(text for text in powers if float(text) == value))
    return min((text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e") for text in texts), key=len)


def _member_texts(values: Sequence[float]) -> dict[float, str]:
    """Return the texts of the values of a family: whole, or of so many digits that they are told apart.

    >>> list(_member_texts([3000.0, 3000 + 3000 / 11, 6000.0]).values())
    ['3000', '3273', '6000']
    """
    texts = {value: _short_number(value) for value in values}
    if max(map(len, texts.values())) <= LONGEST_MEMBER:
        return texts
    ordered = sorted(values)
    gap = min((high - low for low, high in pairwise(ordered)), default=0.0)
    for digits in range(3, 17):
        rounded = {value: float(f"{value:.{digits}g}") for value in values}
        if all(abs(rounded[value] - value) <= 0.01 * gap for value in values):
            return {value: _short_number(number) for value, number in rounded.items()}
    return texts
