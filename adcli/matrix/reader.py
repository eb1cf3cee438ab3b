"""Read a graph of arrays into normal form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..ops import Op
from ..ops.operands import Shape
from ..ops.shapes import axes_of
from .algebra import Algebra
from .elementwise import apply_elementwise, broadcast, constant_value
from .linear import determinant, inverse, norm, sum_along, trace
from .sizes import Sizes
from .values import ONE, RefusedError, Value, transpose, value_of

MOST_OPERATIONS = 400
DEEPEST = 40  # nested operations. What reads and writes values recurses


class Node(NamedTuple):
    """A row of a graph: its operation, and the values and shapes of its arguments."""

    op: Op
    values: Sequence[Value]
    shapes: Sequence[Shape]
    shape: Shape

    @property
    def axes(self) -> tuple[int, ...]:
        """The axes that a reduction takes, counted from 0."""
        return axes_of(self.op.parameters["axis"], len(self.shapes[0]))


def read_graph(algebra: Algebra, sizes: Sizes) -> Value:
    """Return the value of a formula.

    Raises:
        RefusedError: it has an operation without notation, or is too long.
    """
    graph, top = sizes.graph, sizes.top
    names = {row: name for name, row in graph.variables.items()}
    live = graph.live([top])
    depths: dict[int, int] = {}
    for row in live:
        op = graph.ops[row]
        own = op is not None and op.name not in ("add", "sub")  # a sum of sums is one sum
        depths[row] = own + max([depths[argument] for argument in graph.inputs[row]], default=0)
    if len(live) > MOST_OPERATIONS or max(depths.values()) > DEEPEST:
        raise RefusedError("a formula as long as this")
    values: dict[int, Value] = {}
    for row in live:
        op, shape = graph.ops[row], graph.shapes.get(row, ())
        rows, columns = dimensions(shape)
        if op is not None:
            inputs = graph.inputs[row]
            node = Node(op, [values[i] for i in inputs], [graph.shapes.get(i, ()) for i in inputs], shape)
            values[row] = _apply(algebra, node)
            if op.name in ("add", "sub"):
                algebra.single(values[row])  # results write this sum rather than its negative
        elif row in names:
            values[row] = value_of(algebra.atom("name", (names[row],), rows, columns))
        elif row in graph.lengths:
            values[row] = algebra.size(graph.lengths[row])
        elif row in graph.constants:
            values[row] = _constant(algebra, graph.constants[row], sizes)
        else:
            array = graph.arrays[row]
            if not array.size or (array != array.flat[0]).any():
                raise RefusedError("an array of numbers")
            values[row] = broadcast(algebra, _constant(algebra, float(array.flat[0]), sizes), rows, columns)
        assert (values[row].rows, values[row].columns) == (rows, columns), graph.ops[row]
    return values[top]


def dimensions(shape: Shape) -> tuple[int, int]:
    """Return the rows and columns of a shape. A vector is a column.

    Raises:
        RefusedError: there are more than two axes, or an axis of size 0 or 1.
    """
    if len(shape) > 2 or any(size < 2 for size in shape):
        raise RefusedError("an array of more than two axes" if len(shape) > 2 else "an axis of size 1 or 0")
    rows, columns = (*shape, 1, 1)[:2]
    return rows, columns


def _constant(algebra: Algebra, constant: float, sizes: Sizes) -> Value:
    """Return a number of the formula. A size has become one in ``[len(x), 1]`` or in a sum up to ``len(x)``."""
    if sizes.has(constant):
        raise RefusedError("this use of len")
    return constant_value(algebra, constant)


def _apply(algebra: Algebra, node: Node) -> Value:
    rule = _RULES.get(node.op.name)
    if rule is not None:
        return rule(algebra, node)
    if node.op.shape is not None:
        raise RefusedError(_WORDS.get(node.op.name, node.op.name))
    rows, columns = dimensions(node.shape)
    lifted = [_lift(algebra, value, shape, node.shape) for value, shape in zip(node.values, node.shapes, strict=True)]
    return apply_elementwise(algebra, node.op, lifted, rows, columns)


def _lift(algebra: Algebra, value: Value, shape: Shape, to: Shape) -> Value:
    """Return an argument of an elementwise operation at the shape of the result. A number stays one."""
    if not shape or shape == to:
        return value
    rows, columns = dimensions(to)
    return broadcast(algebra, transpose(value) if len(shape) == 1 and len(to) == 2 else value, rows, columns)


def _matmul(algebra: Algebra, node: Node) -> Value:
    one, other = node.values
    ranks = tuple(len(shape) for shape in node.shapes)
    if ranks == (1, 2):
        return transpose(algebra.multiply(transpose(one), other))
    return algebra.multiply(transpose(one) if ranks[0] == 1 else one, other)


def _swap(algebra: Algebra, node: Node) -> Value:
    axes = node.op.parameters
    if node.op.name == "transpose":
        identical = axes["axes"] is not None and axes_of(axes["axes"], len(node.shape)) == tuple(range(len(node.shape)))
    else:
        identical = axes_of(axes["axis1"], len(node.shape)) == axes_of(axes["axis2"], len(node.shape))
    return node.values[0] if identical or len(node.shape) < 2 else transpose(node.values[0])


def _reduce(algebra: Algebra, node: Node) -> Value:
    if node.op.parameters["keepdims"] and node.shapes[0]:
        raise RefusedError(f"{node.op.name} with keepdims")
    total = sum_along(algebra, node.values[0], node.axes, len(node.shapes[0]))
    if node.op.name == "mean":
        for axis in node.axes:
            total = algebra.times(total, algebra.power(algebra.size(node.shapes[0][axis]), -ONE))
    return total


def _norm(algebra: Algebra, node: Node) -> Value:
    if len(node.axes) != len(node.shapes[0]) or node.op.parameters["keepdims"]:
        raise RefusedError("norm along an axis")
    if not node.shapes[0]:
        return value_of(algebra.call("abs", node.values[0]))
    return norm(algebra, node.values[0])


def _mix(algebra: Algebra, node: Node) -> Value:
    """Return `softmax` and its like, which mix all elements or those along an axis."""
    value, rank = node.values[0], len(node.shapes[0])
    if node.op.parameters.get("keepdims"):
        raise RefusedError(f"{node.op.name} with keepdims")
    if not rank:
        raise RefusedError(f"{node.op.name} of a number")
    along = None if len(node.axes) == rank else node.axes[0]
    shape = dimensions(node.shape)
    return value_of(algebra.atom("call", (node.op.name, (along,), (value,)), *shape))


def _solve(algebra: Algebra, node: Node) -> Value:
    matrix, right = node.values
    algebra.writes_solve = True
    return algebra.multiply(inverse(algebra, matrix), right)


def _broadcast_to(algebra: Algebra, node: Node) -> Value:
    rows, columns = dimensions(node.shape)
    return broadcast(algebra, _lift(algebra, node.values[0], node.shapes[0], node.shape), rows, columns)


def _diag(algebra: Algebra, node: Node) -> Value:
    if len(node.shapes[0]) == 1:
        return algebra.diag(node.values[0])
    if node.values[0].rows != node.values[0].columns:
        raise RefusedError("the diagonal of a matrix that is not square")
    return algebra.diagonal(node.values[0])


def _trace(algebra: Algebra, node: Node) -> Value:
    if node.values[0].rows != node.values[0].columns:
        raise RefusedError("the trace of a matrix that is not square")
    return trace(algebra, node.values[0])


def _log_determinant(algebra: Algebra, node: Node) -> Value:
    inner = determinant(algebra, node.values[0])
    if node.op.name == "logabsdet":
        inner = value_of(algebra.call("abs", inner))
    return value_of(algebra.call("log", inner))


# How a user calls operations that are not named in the language.
_WORDS = {
    "amax": "max of a vector",
    "amin": "min of a vector",
    "diagonal": "a diagonal",
    "getitem": "an element such as x[0]",
    "stack": "a vector with its elements written out",
}

_RULES: Mapping[str, Callable[[Algebra, Node], Value]] = {
    "matmul": _matmul,
    "outer": lambda algebra, node: algebra.multiply(node.values[0], transpose(node.values[1])),
    "transpose": _swap,
    "swapaxes": _swap,
    "sum": _reduce,
    "mean": _reduce,
    "norm": _norm,
    "softmax": _mix,
    "log_softmax": _mix,
    "logsumexp": _mix,
    "solve": _solve,
    "inv": lambda algebra, node: inverse(algebra, node.values[0]),
    "det": lambda algebra, node: determinant(algebra, node.values[0]),
    "logdet": _log_determinant,
    "logabsdet": _log_determinant,
    "trace": _trace,
    "diag": _diag,
    "broadcast_to": _broadcast_to,
}
