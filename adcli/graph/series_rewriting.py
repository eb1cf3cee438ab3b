"""Rewrite a graph for power series: whole powers as products, helpers of a given order in their textbook forms."""

from __future__ import annotations

from ..ops import Op, constant
from ..ops.arithmetic import power
from .expr import Expr, Graph

_MAX_POWER = 1 << 20  # larger whole exponents are not multiplied out


def rewrite_graph(output: Expr) -> tuple[Graph, int, dict[int, int]]:
    """Copy the node to its own graph, with whole powers as products and helpers of an order written out.

    Return the graph, the row of the node in it, and the original row of each row that stands for one.
    """
    graph, row = output.graph, output.row
    origins = {old: old for old in graph.live([row])}
    for rewrite in (_write_out, _multiply_out):
        new = Graph()
        for name in output.graph.variables:
            new.variable(name)
        rows: dict[int, int] = {}
        names = {number: name for name, number in graph.variables.items()}
        for old in graph.live([row]):
            op = graph.ops[old]
            if op is None:
                rows[old] = new.variable(names[old]).row if old in names else new.constant(graph.constants[old])
            else:
                rows[old] = rewrite(new, op, [Expr(new, rows[i]) for i in graph.inputs[old]])
        origins = {rows[old]: origins[old] for old in reversed(rows) if old in origins}
        graph, row = new, rows[row]
    return graph, row, origins


def _write_out(graph: Graph, op: Op, arguments: list[Expr]) -> int:
    """Return the row of an operation. A helper of some order becomes its textbook form, whose partials are finite."""
    result = op.textbook(*arguments) if op.textbook and op.integers else op(*arguments)
    return result.row if isinstance(result, Expr) else graph.constant(float(result))


def _multiply_out(graph: Graph, op: Op, arguments: list[Expr]) -> int:
    """Write a whole power as repeated squares, which needs no logarithm and holds for a base of 0."""
    exponent = constant(arguments[1]) if op is power else None
    if exponent is None or exponent != int(exponent) or not 0 < abs(exponent) <= _MAX_POWER:
        row: int = op(*arguments).row
        return row
    result, base, left = None, arguments[0], int(abs(exponent))
    while left:
        if left % 2:
            result = base if result is None else result * base
        left //= 2
        base = base * base if left else base
    assert result is not None
    return result.row if exponent > 0 else (1.0 / result).row
