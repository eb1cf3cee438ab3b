"""Expand what has names of its own: functions of the user, `diff`, primes, and sums and products with an index.

Each function is a walk (see `scope.Walk`). A derivative by a parameter is by its name and not by the argument: the body
gets a free row for the parameter, is differentiated (see `row_derivatives`), and the rows that depend on the free row
are appended again with the argument in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..errors import ParseError, quoted
from ..graph.expr import Expr
from ..ops import FUNCTIONS, SIGNS
from .ast import Binder, Call, Name, Node, Number, is_keyword, is_running
from .calls import check_numbers
from .definitions import check_call, count_arguments, free_nodes, mentions
from .row_derivatives import check_elementwise, derivative, replay, rows_between
from .scope import MOST_NODES, Scope, Walk
from .tokens import CONSTANTS

MOST_PRIMES = 20  # the highest order of one derivative
FOLDS = {"sum": ("+", 0.0), "prod": ("*", 1.0)}  # name -> the sign between two terms, and the result of no terms


def expand(scope: Scope, node: Call, arguments: tuple[object, ...], local: Mapping[str, int]) -> Walk:
    """Return the walk that appends a call which binds names, or which has a body.

    Args:
        scope: the state.
        node: the call.
        arguments: the rows of its arguments, none for a Binder.
        local: the rows of parameters and indices around it.
    """
    if node.function in scope.functions:
        return _call(scope, node, arguments)
    if node.function == "diff":
        return _diff(scope, node, local)
    if node.__class__ is Binder:
        return _indexed(scope, node, local)
    return _slope(scope, node, arguments)


def _call(scope: Scope, node: Call, arguments: tuple[object, ...]) -> Walk:
    """Append the body of a function at its arguments, once for equal arguments."""
    definition = scope.functions[node.function]
    rows = _checked(scope, node, arguments)
    known = scope.caches.setdefault("calls", {})
    key = (node.function, rows)
    if key not in known:
        _count(scope, node, definition.node)
        known[key] = yield definition.node, dict(zip(definition.parameters, rows, strict=True))
    row: int = known[key]
    return row


def _checked(scope: Scope, node: Call, arguments: tuple[object, ...]) -> tuple[int, ...]:
    """Return the rows of the arguments of a function of the user."""
    check_call(node, scope.functions, scope.text, tuple(scope.graph.variables))
    definition = scope.functions.get(node.function.rstrip("'"))
    if definition is not None:
        count_arguments(node, definition, scope.text)
    rows = tuple([row for row in arguments if isinstance(row, int)])
    check_numbers(node.arguments, [Expr(scope.graph, row) for row in rows], scope.text)
    return rows


def _count(scope: Scope, node: Call, body: Node) -> None:
    """Count the nodes of a body that is lowered once more."""
    sizes = scope.caches.setdefault("sizes", {})
    size = sizes.get(body)
    if size is None:
        size, stack = 0, [body]
        while stack:
            each = stack.pop()
            size += 1
            if isinstance(each, Call) and each.__class__ is not Binder:  # a Binder counts its own terms
                stack.extend(each.arguments)
        sizes[body] = size
    scope.spend(node, size)


class _Slope(NamedTuple):
    """A derivative of a function of one argument: the free row of the argument, the row of the derivative, and the
    rows between them."""

    free: int
    row: int
    between: list[int]


def _slope(scope: Scope, node: Call, arguments: tuple[object, ...]) -> Walk:
    """Append ``f'(u)``, the derivative of f at u."""
    name, order = node.function.rstrip("'"), node.function.count("'")
    _check_order(scope, node, order)
    rows = _checked(scope, node, arguments)
    graph = scope.graph
    shape = graph.shapes.get(rows[0], ())
    known = scope.caches.setdefault("slopes", {})
    key = (name, order, shape)
    if key not in known:
        free = graph.free_row(shape)
        definition = scope.functions.get(name)
        if definition is not None:
            _count(scope, node, definition.node)
            body = yield definition.node, {definition.parameters[0]: free}
            check_numbers([definition.node], [Expr(graph, body)], scope.text)
        else:
            result: Expr = FUNCTIONS[name](Expr(graph, free))
            body = result.row
        if shape:
            check_elementwise(scope, node, body, free)
        slope = derivative(scope, node, body, [free] * order, elementwise=bool(shape))
        known[key] = _Slope(free, slope, rows_between(scope, slope, [free]))
    slope_of: _Slope = known[key]
    scope.spend(node, len(slope_of.between))
    with _Spans(scope, node):
        row = replay(scope, slope_of.row, {slope_of.free: rows[0]}, slope_of.between)
    return row


class _Spans:
    """Give the rows that are appended inside of it the place of a node."""

    def __init__(self, scope: Scope, node: Node) -> None:
        self.graph = scope.graph
        self.place = (node.start, node.stop)
        self.before = len(self.graph.ops)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        for row in range(self.before, len(self.graph.ops)):
            self.graph.spans[row] = self.place


def _check_order(scope: Scope, node: Call, order: int) -> None:
    if order > MOST_PRIMES:
        problem = f"the order of this derivative is {order}"
        hint = f"write at most {MOST_PRIMES}"
        raise ParseError(problem, text=scope.text, span=(node.start, node.stop), hint=hint)


def _diff(scope: Scope, node: Call, local: Mapping[str, int]) -> Walk:
    """Append ``diff(u, x, …)``, the derivative of u by the names behind it."""
    graph = scope.graph
    by = _names_to_differentiate(scope, node, local)
    names = [each.name for each in by]
    # Parameters are free rows: f(t) = diff(t*x, x) is t, so that f(x) is x.
    inside = dict(local)
    moved: dict[int, int] = {}
    for name, actual in local.items():
        if name in names or not (actual in graph.constants or actual in graph.arrays):
            inside[name] = graph.free_row(graph.shapes.get(actual, ()))
            moved[inside[name]] = actual
    _count(scope, node, node.arguments[0])
    body = yield node.arguments[0], inside
    check_numbers(node.arguments[:1], [Expr(graph, body)], scope.text)
    for each in by:
        if each.name not in inside:
            if each.name not in graph.variables and not mentions(scope.formula, each.name):
                problem = f"there is no variable {quoted(each.name)}"
                raise ParseError(problem, text=scope.text, span=(each.start, each.stop), hint="check the name")
            inside[each.name] = scope.name_row(each, {})
    with _Spans(scope, node):
        row = derivative(scope, node, body, [inside[name] for name in names])
        between = rows_between(scope, row, moved) if moved else []
        scope.spend(node, len(between))
        row = replay(scope, row, moved, between)
    return row


def _names_to_differentiate(scope: Scope, node: Call, local: Mapping[str, int]) -> list[Name]:
    """Return the name of each differentiation: ``diff(u, x, 2, y)`` has x, x and y."""
    text = scope.text
    if len(node.arguments) < 2:
        hint = "write diff(x**2, x)"
        raise ParseError("diff needs a variable", text=text, span=(node.start, node.stop), hint=hint)
    names: list[Name] = []
    before: Node | None = None
    for each in node.arguments[1:]:
        if isinstance(each, Number) and isinstance(before, Name) and each.value in range(1, MOST_PRIMES + 1):
            names += names[-1:] * (int(each.value) - 1)
        elif isinstance(each, Name) and each.name not in CONSTANTS:
            _check_variable(scope, node, each, local)
            names.append(each)
        else:
            problem, hint = "diff is by a variable", "write diff(u, x), or diff(u, x, 2) for the second derivative"
            if isinstance(each, Number) and before is not None:
                problem = f"the order of a derivative is a whole number from 1 to {MOST_PRIMES}, behind its variable"
                hint = "write diff(u, x, 2)"
            raise ParseError(problem, text=text, span=(each.start, each.stop), hint=hint)
        before = each
    _check_order(scope, node, len(names))
    return names


def _check_variable(scope: Scope, node: Call, name: Name, local: Mapping[str, int]) -> None:
    """Check that a name that a `diff` is by is not that of a binding, and that a parameter is not its order."""
    span = (name.start, name.stop)
    if name.name not in local and name.name in scope.rows:
        hint = f"define a function, as in g({name.name}) = …; g'(…)"
        raise ParseError(f"{quoted(name.name)} is a binding, not a variable", text=scope.text, span=span, hint=hint)
    if name.name in local and not any(
        isinstance(part, Name) and part.name == name.name for part in free_nodes(node.arguments[0])
    ):
        problem = f"{quoted(name.name)} does not occur in what is differentiated"
        hint = "the order of a derivative is a number, as in diff(u, x, 2)"
        raise ParseError(problem, text=scope.text, span=span, hint=hint)


def _indexed(scope: Scope, node: Call, local: Mapping[str, int]) -> Walk:
    """Append a sum, product, maximum or minimum of a term with indices. The last index runs fastest."""
    graph, text, name = scope.graph, scope.text, node.function
    span = (node.start, node.stop)
    indices = [each for each in node.arguments if isinstance(each, Call) and is_running(each)]
    terms = [each for each in node.arguments if each not in indices]
    if name not in FOLDS and name not in ("max", "min"):
        hint = "an index is for sum, prod, max and min"
        raise ParseError(f"{name} takes no index", text=text, span=indices[0].head, hint=hint)
    if len({each.function for each in indices}) < len(indices):
        raise ParseError("two indices have one name", text=text, span=span, hint="give each its own name")
    if len(terms) != 1:
        keyword = next(filter(is_keyword, terms), None)
        if isinstance(keyword, Call):
            problem = f"{name} with an index takes no {keyword.function}"
            raise ParseError(problem, text=text, span=keyword.head, hint="leave it out")
        hint = f"write {name}(x**i, i=1..3)"
        raise ParseError(f"{name} with an index has one term", text=text, span=span, hint=hint)
    rows: list[int] = []
    # One entry per index that is running: the values that are left.
    running: list[Iterator[int]] = []
    values: list[dict[str, int]] = [dict(local)]
    while True:
        if len(running) < len(indices):
            index = indices[len(running)]
            limits: list[int] = []
            for limit in index.arguments:
                row = yield limit, values[-1]
                limits.append(_whole(scope, limit, row))
            if limits[1] - limits[0] >= MOST_NODES:
                scope.spend(node, MOST_NODES + 1)
            running.append(iter(range(limits[0], limits[1] + 1)))
        else:
            _count(scope, node, terms[0])
            rows.append((yield terms[0], values[-1]))
            values.pop()
        while running:
            value = next(running[-1], None)
            if value is not None:
                name_of_index = indices[len(running) - 1].function[:-3]
                values.append({**values[-1], name_of_index: graph.constant(float(value))})
                scope.spend(node, 1)
                break
            running.pop()
            values.pop()
        if not running:
            break
    check_numbers([terms[0]] * len(rows), [Expr(graph, row) for row in rows], text)
    return _fold(scope, node, rows)


def _whole(scope: Scope, node: Node, row: int) -> int:
    """Return a bound of an index."""
    value = scope.graph.constants.get(row)
    if value is None or value % 1.0 != 0.0 or abs(value) > 2.0**53:
        problem = "a bound of an index is a whole number known from the text"
        hint = "write i=1..10"
        if isinstance(node, Name) and node.name in scope.graph.variables:
            hint = f"bind it before, as in {node.name} = 10; …"
        raise ParseError(problem, text=scope.text, span=(node.start, node.stop), hint=hint)
    return int(value)


def _fold(scope: Scope, node: Call, rows: list[int]) -> int:
    """Append the sum, product, maximum or minimum of rows, from left to right."""
    graph, name = scope.graph, node.function
    with _Spans(scope, node):
        if name not in FOLDS:
            if not rows:
                problem = f"{name} of no terms"
                hint = "the upper bound of an index is at least the lower one"
                raise ParseError(problem, text=scope.text, span=(node.start, node.stop), hint=hint)
            largest: Expr = FUNCTIONS[name](*[Expr(graph, row) for row in rows])
            return largest.row
        sign, nothing = FOLDS[name]
        if not rows:
            return graph.constant(nothing)
        op = SIGNS[sign, 2]
        total = rows[0]
        for row in rows[1:]:
            total = graph.apply(op, (total, row))
        return total
