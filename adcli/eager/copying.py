"""Copy and pickle Values, by loops over their graphs, because recursion through the inputs would be too deep.

A copied node is another node: it draws a fresh number. Numbers are drawn in order of evaluation, so that the inputs of
a copy have smaller numbers than the copy, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from threading import local
from typing import NamedTuple, TypeAlias
from weakref import WeakValueDictionary

from ..ops import Op
from ..ops.operands import Operand
from .operators import new_node, next_number
from .sweep import get_number

Memo: TypeAlias = "dict[int, Operand]"  # id of an object -> its copy, as `copy.deepcopy` passes it on
Attributes: TypeAlias = "dict[str, Operand]"
Reduced: TypeAlias = "tuple[Operand, ...]"


def make_node(
    kind: type[Operand], op: Op | None, inputs: tuple[Operand, ...], value: Operand, grad: Operand, label: Operand
) -> Operand:
    """Return a new node."""
    node = new_node(kind)
    node.value = value
    node.grad = grad
    node.op = op
    node.inputs = inputs
    node.label = label
    node.number = next_number()
    return node


def _own_attributes(node: Operand) -> Attributes:
    """Return what a subclass of Value stores beside the fields of a Value."""
    state = node.__getstate__()
    parts = state if isinstance(state, tuple) else (state,)
    return {name: x for part in parts if part for name, x in part.items() if name not in FIELDS}


def _collect(node: Operand, is_known: Callable[[Operand], bool]) -> list[Operand]:
    """Return a node and those below it in order of evaluation, without what is known and what is only below that."""
    nodes, stack, seen = [node], [node], {node.number}
    while stack:
        for x in stack.pop().inputs:
            if node._is_node(x) and x.number not in seen:
                seen.add(x.number)
                if not is_known(x):
                    nodes.append(x)
                    stack.append(x)
    nodes.sort(key=get_number)
    return nodes


FIELDS = frozenset(("_order", "grad", "inputs", "label", "number", "op", "value"))


def _set_attributes(node: Operand, attributes: Attributes) -> None:
    for name, x in attributes.items():
        setattr(node, name, x)


# ---------------------------------------------------------------- copies


def shallow_copy(node: Operand) -> Operand:
    """Return a node of the same operation on the same inputs. Of a leaf it is another leaf."""
    value, grad = deepcopy(node.value), deepcopy(node.grad)
    copied = make_node(node.__class__, node.op, node.inputs, value, grad, node.label)
    _set_attributes(copied, _own_attributes(node))
    return copied


def deep_copy(node: Operand, memo: Memo) -> Operand:
    """Return a copy of a node and of all nodes below it. Nodes that are copied together stay connected."""
    for each in _collect(node, lambda x: id(x) in memo):
        inputs = tuple([memo[id(x)] if each._is_node(x) else _copied(x, memo) for x in each.inputs])
        value, grad = _copied(each.value, memo), _copied(each.grad, memo)
        copied = memo[id(each)] = make_node(each.__class__, each.op, inputs, value, grad, each.label)
        if each.op is None:
            _set_attributes(copied, deepcopy(_own_attributes(each), memo))
    return memo[id(node)]


def _copied(x: Operand, memo: Memo) -> Operand:
    return x if x.__class__ is float else deepcopy(x, memo)


# ---------------------------------------------------------------- pickles


class Columns(NamedTuple):
    """The results of a graph as columns, one row per node in order of evaluation."""

    kind: type[Operand]
    ops: list[Op]
    values: list[Operand]
    grads: list[Operand]
    labels: list[str | None]
    inputs: list[tuple[int, ...]]  # rows; -1 is in `others`
    others: dict[tuple[int, int], Operand]  # (row, position) -> a constant, a leaf, or a result of another segment


class Segment:
    """Results that are pickled together. Each of them is pickled as its segment and its row in it.

    A pickler stores the segment once, so that results which are pickled one after the other stay connected.
    """

    __slots__ = ("__weakref__", "nodes", "rows")

    def __init__(self, nodes: list[Operand]) -> None:
        self.nodes = nodes
        self.rows: dict[int, int] = {node.number: row for row, node in enumerate(nodes)}

    def __reduce__(self) -> tuple[Callable[[Columns], list[Operand]], tuple[Columns]]:
        rows, nodes = self.rows, self.nodes
        inputs, others = [], {}
        for row, node in enumerate(nodes):
            places = tuple([rows.get(x.number, -1) if node._is_node(x) else -1 for x in node.inputs])
            others.update({(row, i): x for i, x in enumerate(node.inputs) if places[i] < 0})
            inputs.append(places)
        ops, values = [node.op for node in nodes], [node.value for node in nodes]
        grads, labels = [node.grad for node in nodes], [node.label for node in nodes]
        return _restore_results, (Columns(nodes[0].__class__, ops, values, grads, labels, inputs, others),)


class _Segments(local):
    """The segments that picklers of this thread hold, by the numbers of their nodes."""

    def __init__(self) -> None:
        self.by_number: WeakValueDictionary[int, Segment] = WeakValueDictionary()


_segments = _Segments()


def reduce_node(node: Operand) -> Reduced:
    """Return what `__reduce__` returns for a Value."""
    if node.op is None:
        attributes = _own_attributes(node)
        state = (None, attributes) if attributes else None  # pickle sets the second part with setattr
        return _restore_leaf, (node.__class__, node.value, node.grad, node.label), state
    by_number = _segments.by_number
    segment = by_number.get(node.number)
    if segment is None:
        segment = Segment(_collect(node, lambda x: x.op is None or x.number in by_number))
        by_number.update(dict.fromkeys(segment.rows, segment))
    return _pick, (segment, segment.rows[node.number])


def _restore_leaf(kind: type[Operand], value: Operand, grad: Operand, label: str | None) -> Operand:
    return make_node(kind, None, (), value, grad, label)


def _restore_results(columns: Columns) -> list[Operand]:
    nodes: list[Operand] = []
    kind, *fields, others = columns
    for row, (op, value, grad, label, places) in enumerate(zip(*fields, strict=True)):
        inputs = tuple([nodes[place] if place >= 0 else others[row, i] for i, place in enumerate(places)])
        nodes.append(make_node(kind, op, inputs, value, grad, label))
    return nodes


def _pick(nodes: list[Operand], row: int) -> Operand:
    return nodes[row]
