"""Expand what has names of its own: functions of the user, `diff`, primes, and sums and products with an index.

Each function is a walk (see `scope.Walk`). Derivatives are taken in forward mode with one memo per variable, so
that many of them take time in proportion to the graph (Griewank and Walther, Evaluating Derivatives, section 3.2).
A derivative by a parameter is by its name and not by the argument: the body gets a free row for the parameter, is
differentiated, and the rows that depend on the free row are appended again with the argument in its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from ..errors import ParseError, quoted
from ..graph.derive import gradient
from ..graph.expr import Expr, Graph, Unfolded
from ..ops import FUNCTIONS, SIGNS, TABLE
from ..ops.arithmetic import div, eq, mod, power, square, where
from ..ops.operands import Operand
from ..ops.rules import push
from ..ops.support import select
from .ast import Binder, Call, Name, Node, Number, is_keyword, is_running
from .calls import check_numbers
from .definitions import check_call, count_arguments, free_nodes, mentions
from .scope import Scope, Walk
from .tokens import CONSTANTS

MOST_NODES = 1_000_000  # that bodies of functions and terms of sums may have together
MOST_PRIMES = 20  # the highest order of one derivative
EVERYWHERE = "(-inf, inf)"  # the domain of sin
# Operations with a value at every finite number that have a domain or are helpers.
ALWAYS_DEFINED = {square, *(op for op in TABLE.values() if op.domain is not None and op.domain.text == EVERYWHERE)}
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
    _spend(scope, node, size)


def _spend(scope: Scope, node: Call, nodes: int) -> None:
    scope.nodes += nodes
    if scope.nodes > MOST_NODES:
        most = f"{MOST_NODES:_}".replace("_", " ")
        problem = f"the calls, sums and derivatives here expand to more than {most} operations"
        hint = "bind common parts to names, or use fewer terms or a lower order"
        raise ParseError(problem, text=scope.text, span=(node.start, node.stop), hint=hint)


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
            _check_elementwise(scope, node, body, free)
        slope = derivative(scope, node, body, [free] * order, elementwise=bool(shape))
        known[key] = _Slope(free, slope, _between(scope, slope, [free]))
    slope_of: _Slope = known[key]
    _spend(scope, node, len(slope_of.between))
    with _Spans(scope, node):
        row = _replay(scope, slope_of.row, {slope_of.free: rows[0]}, slope_of.between)
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


def _check_elementwise(scope: Scope, node: Call, body: int, free: int) -> None:
    """Check that each element of a body depends on the same element of its argument alone."""
    graph = scope.graph
    between = _between(scope, body, [free])
    tensors = [row for row in between if getattr(graph.ops[row], "shape", None) is not None]
    if tensors or (between and graph.shapes.get(body, ()) != graph.shapes[free]):
        problem = "a prime goes element by element, and this function joins elements"
        hint = "write diff(f(v), v) for the gradient of a number, or use the command jac"
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
        between = _between(scope, row, moved) if moved else []
        _spend(scope, node, len(between))
        row = _replay(scope, row, moved, between)
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


def derivative(scope: Scope, node: Call, body: int, by: Sequence[int], *, elementwise: bool = False) -> int:
    """Return the row of the derivative of a row by each of these rows in turn. It is nan where the body is.

    Args:
        scope: the state.
        node: for the place of errors.
        body: the row to differentiate.
        by: the rows of the variables.
        elementwise: whether each element depends on the same element of the variable alone.

    Raises:
        ParseError: it is the derivative of an array by an array.
    """
    graph = scope.graph
    row = body
    for variable in by:
        before = len(graph)
        slope: Operand
        if graph.shapes.get(variable, ()) and not elementwise:
            if graph.shapes.get(row, ()):
                problem, hint = "the derivative of an array by an array is a Jacobian", "use the command jac"
                raise ParseError(problem, text=scope.text, span=(node.start, node.stop), hint=hint)
            [slope] = gradient(Expr(graph, row), [Expr(graph, variable)])
        else:
            slope = _tangent(scope, row, variable)
        if slope is None:
            shape = graph.shapes.get(variable, ()) or graph.shapes.get(row, ())
            row = graph.array(_zeros(shape)) if shape else graph.constant(0.0)
        else:
            row = slope.row if isinstance(slope, Expr) else graph.array(slope)
        _spend(scope, node, len(graph) - before)
    if not isinstance(graph, Unfolded) and _can_be_nan(scope, body):
        value = Expr(graph, body)
        masked: Expr = where(eq(value, value), Expr(graph, row), float("nan"))
        row = masked.row
    return row


def _zeros(shape: tuple[int, ...]) -> Operand:
    import numpy as np

    return np.zeros(shape)


def _tangent(scope: Scope, row: int, variable: int) -> Operand:
    """Return the derivative of a row by the row of a number, or None. Each row is differentiated once."""
    graph = scope.graph
    known: dict[int, Operand] = scope.caches.setdefault("tangents", {}).setdefault(variable, {variable: 1.0})
    stack = [row]
    while stack:
        at = stack[-1]
        op = graph.ops[at]
        if at in known or op is None or at < variable:
            known.setdefault(at, None)
            stack.pop()
            continue
        inputs = graph.inputs[at]
        waiting = [each for each in inputs if each not in known]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        slopes = [known[each] for each in inputs]
        moves = any(slope is not None for slope in slopes)
        arguments = [Expr(graph, each) for each in inputs]
        known[at] = push(op, slopes, Expr(graph, at), arguments, not graph.shapes) if moves else None
    return select(known[row])


def _can_be_nan(scope: Scope, row: int) -> bool:
    """Return whether an operation with a domain stands at or below a row, so that it can be nan at finite numbers."""
    graph = scope.graph
    known = scope.caches.setdefault("domains", {})
    for each in range(len(known), row + 1):
        known[each] = any(known[argument] for argument in graph.inputs[each]) or _is_partial(graph, each)
    can: bool = known[row]
    return can


def _is_partial(graph: Graph, row: int) -> bool:
    """Return whether a row can be nan or infinite at finite arguments, apart from overflow."""
    op, inputs = graph.ops[row], graph.inputs[row]
    if op is None:
        number = graph.constants.get(row, 0.0)
        array = graph.arrays.get(row)
        return number - number != 0.0 if array is None else not isfinite(array.sum())
    if op in (div, mod):
        return not graph.constants.get(inputs[1])
    if op is power:
        exponent = graph.constants.get(inputs[1], 0.5)
        return exponent % 1.0 != 0.0 or exponent < 0.0
    return op not in ALWAYS_DEFINED and (op.domain is not None or op.helper)


def _between(scope: Scope, row: int, free: Collection[int]) -> list[int]:
    """Return the rows between free rows and a row that depends on them, in order."""
    graph = scope.graph
    first = min(free)
    below: set[int] = set()
    stack = [row]
    while stack:
        at = stack.pop()
        if at > first and at not in below:
            below.add(at)
            stack.extend(graph.inputs[at])
    moving = set(free)
    between: list[int] = []
    for at in sorted(below):
        if any(each in moving for each in graph.inputs[at]):
            moving.add(at)
            between.append(at)
    return between


def _replay(scope: Scope, row: int, moved: Mapping[int, int], between: Sequence[int]) -> int:
    """Append the rows between once more, with the actual rows in the place of the free ones."""
    graph = scope.graph
    copy = dict(moved)
    for at in between:
        op = graph.ops[at]
        assert op is not None
        copy[at] = graph.apply(op, tuple([copy.get(each, each) for each in graph.inputs[at]]))
    return copy.get(row, row)


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
                _spend(scope, node, MOST_NODES + 1)
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
                _spend(scope, node, 1)
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
