"""Copy and pickle a graph of Values as flat lists, because recursion through its inputs would be too deep."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from ..ops import Op
from ..ops.operands import Operand

Reduced: TypeAlias = tuple[Callable[..., Operand], tuple[object, ...]]


class FlatGraph(NamedTuple):
    """A graph as columns, one row per node in order of evaluation.

    Leaves stay objects of their own, so that a leaf that is copied together with a result is the leaf of that result.
    """

    leaves: dict[int, Operand]  # row -> node
    ops: list[Op | None]
    values: list[Operand]
    grads: list[Operand]
    labels: list[str | None]
    inputs: list[tuple[int, ...]]  # rows; -1 is a constant
    constants: dict[tuple[int, int], Operand]  # (row, place) -> number or array


def reduce_node(node: Operand) -> Reduced:
    """Return what `__reduce__` returns for a Value."""
    if node.op is None:
        return restore_leaf, (node.__class__, node.value, node.grad, node.label)
    nodes = [*node.order(), node]
    rows = {each.number: row for row, each in enumerate(nodes)}
    inputs, constants = [], {}
    for row, each in enumerate(nodes):
        inputs.append(tuple([rows[x.number] if each._is_node(x) else -1 for x in each.inputs]))
        constants.update({(row, position): x for position, x in enumerate(each.inputs) if not each._is_node(x)})
    graph = FlatGraph(
        leaves={row: each for row, each in enumerate(nodes) if each.op is None},
        ops=[each.op for each in nodes],
        values=[each.value for each in nodes],
        grads=[each.grad for each in nodes],
        labels=[each.label for each in nodes],
        inputs=inputs,
        constants=constants,
    )
    return restore_graph, (graph,)


def restore_leaf(kind: type[Operand], value: Operand, grad: Operand, label: str | None) -> Operand:
    """Return a leaf with its gradient."""
    leaf = kind(value, label)
    leaf.grad = grad
    return leaf


def restore_graph(graph: FlatGraph) -> Operand:
    """Return the last node of a graph."""
    nodes: list[Operand] = []
    for row, op in enumerate(graph.ops):
        if op is None:
            nodes.append(graph.leaves[row])
            continue
        inputs = [graph.constants[row, position] if i < 0 else nodes[i] for position, i in enumerate(graph.inputs[row])]
        node = nodes[0]._record(op, graph.values[row], tuple(inputs))
        node.grad, node.label = graph.grads[row], graph.labels[row]
        nodes.append(node)
    return nodes[-1]
