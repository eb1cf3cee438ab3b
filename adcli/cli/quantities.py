"""What a command wants of a formula, at the point of the command line or at its points."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import MOST, RequestError, short
from ..formula.derivatives import derivative_label
from ..formula.quantities import Quantities, filled
from .inputs import Results, is_table, notes_of, read_directions, read_numbers, read_point

if TYPE_CHECKING:
    from ..formula.function import Function
    from ..formula.shaped import Shaped
    from .options import TableOptions
    from .words import ParsedWords

Arrays = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
# From a formula at the shapes of its inputs, these, and the direction in each variable that has one, to the first
# derivatives by variable, further results by label, and both as fields of JSON.
AskArrays = Callable[["Function | Shaped", dict[str, Any], dict[str, Any]], Arrays]
# From the function, and the direction of each variable that has one, to what is wanted; see `quantities.hvp`.
Ask = Callable[["Function", dict[str, str]], Quantities]


def deliver_quantities(
    words: ParsedWords,
    table: TableOptions,
    function: Function,
    ask: Ask,
    directed: bool = False,
    of_arrays: AskArrays | None = None,
) -> int:
    """Print them at the point, or a row for each of the points, and return the exit status.

    Args:
        words: of the command line.
        table: what they say about points and results.
        function: of the expression.
        ask: says what is wanted.
        directed: whether the command takes directions, ``--dx 1``.
        of_arrays: says what is wanted where values are arrays, at one point; None where they are refused.
    """
    if is_table(words, table):
        from .table_points import run_table

        return run_table(words, table, function, ask, directed)
    from .printing import deliver

    function, directions = read_directions(words, function, directed)
    inputs = read_numbers(words, function) if of_arrays is None else read_point(words, function)
    if directed:
        check_directions(function, directions)
    if of_arrays and not (function.is_numeric and all(isinstance(x, float) for x in inputs.values())):
        return deliver(
            _results_of_arrays(function, of_arrays, inputs, directions), table.form, table.digits, table.output
        )
    return deliver(results_at(function, ask(function, directions), inputs), table.form, table.digits, table.output)


def check_directions(function: Function, directions: dict[str, str]) -> None:
    """Raise where a command that takes directions was given none."""
    if directions:
        return
    taken = {name: f"d{name}" in (*function.variables, *function.bindings) for name in function.variables}
    free = " ".join([f"--d{short(name)} …" for name in taken if not taken[name]][:MOST])
    hints = [f"add {free}"] if free else []
    hints += [f"for one in {short(name)} rename d{short(name)} in the expression" for name in taken if taken[name]][:1]
    raise RequestError("there is no direction", hint="; ".join(hints) or "there are no variables")


def results_at(function: Function, wanted: Quantities, inputs: dict[str, float]) -> Results:
    """The numbers at one point, and what is to be said of them.

    Raises:
        DomainError: the point is none at which they are defined.
    """
    from ..explain.notes import Point

    numbers, values = wanted.at(inputs)
    notes, text = {}, function.formula.text
    for place, item in enumerate(wanted.items):
        if item.of != place or item.node is None:
            continue
        slopes, further = {}, {}
        for number, (other, x) in enumerate(zip(wanted.items, numbers, strict=True)):
            if other.of == place and other.wrt is not None:
                slopes[other.wrt] = x
            elif other.of == place and number != place and number >= wanted.hidden:
                further[other.label] = x
        look = Point(text, item.node, values, wanted.moving)
        notes.update({str(note): note for note in notes_of(look, text, slopes, further)})
    shown = numbers[wanted.hidden :]
    rows = dict(zip(wanted.labels, shown, strict=True))
    return Results(function, inputs, rows, filled(wanted.fields, shown), list(notes.values()))


def _results_of_arrays(
    function: Function, ask: AskArrays, inputs: dict[str, Any], directions: dict[str, str]
) -> Results:
    from ..explain.array_notes import ArrayPoint
    from ..graph.evaluate import evaluate

    at = {name: x for name, x in inputs.items() if name not in directions.values()}
    made, text = type(function)(function.formula, list(at)).shaped(at), function.formula.text
    values = evaluate(made.graph, [made.result.row], at, text)
    slopes, further, fields = ask(made, at, {name: inputs[direction] for name, direction in directions.items()})
    value = values[made.result.row]
    look = ArrayPoint(text, made.result, values, tuple(directions or slopes))
    notes = notes_of(look, text, slopes, further)
    rows = {"f": value} | {derivative_label([name]): slope for name, slope in slopes.items()} | further
    return Results(function, inputs, rows, {"value": value} | fields, notes)
