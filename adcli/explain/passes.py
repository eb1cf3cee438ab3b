"""Record one backward pass over a graph at a point: what every use of a node adds to its adjoint.

Notes, `adcli trace`, pages, pictures and claims read this record. Answers never come from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, TypeAlias

from ..graph.expr import Graph
from ..ops import Op
from ..ops.operands import Operand, ones, shape_of
from ..ops.real import number, on_numbers
from ..ops.rules import BackwardSweep, local
from ..records import NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Mask: TypeAlias = "bool | NDArray[np.bool_]"  # a truth for a number, or one for every element of an array


class Contribution(NamedTuple):
    """What one use of a node adds to its adjoint: the adjoint of the user times the local derivative.

    Attributes:
        row: the node.
        user: the row that uses it.
        position: the index of the node among the arguments of the user, from 0.
        is_picked: whether the user picks the node at this point. A branch that is not taken adds nothing.
        factor: the local derivative, None for a tensor operation and where the node is not picked.
        term: the contribution, 0 where the node is not picked.
        total: the adjoint so far.
    """

    row: int
    user: int
    position: int
    is_picked: bool
    factor: Operand
    term: Operand
    total: Operand


class BackwardPass:
    """The backward pass from one result, recorded.

    Args:
        graph: of the result.
        result: its row.
        values: the value of each row, from `evaluate`.
        wrt: the rows to differentiate by.
        rows: those that the result needs, in order; with them many results of one large graph are fast.

    Attributes:
        varies: whether each row up to the result depends on one of `wrt` at any point.

    >>> from adcli.graph.evaluate import evaluate
    >>> graph = Graph()
    >>> x = graph.variable("x")
    >>> y = x * x
    >>> record = BackwardPass(graph, y.row, evaluate(graph, [y.row], {"x": 3.0}), [x.row])
    >>> [(each.term, each.total) for each in record.contributions], record.adjoints
    ([(3.0, 3.0), (3.0, 6.0)], {1: 1.0, 0: 6.0})
    """

    def __init__(
        self,
        graph: Graph,
        result: int,
        values: Sequence[Operand],
        wrt: Iterable[int],
        rows: Iterable[int] | None = None,
    ) -> None:
        self.graph = graph
        self.result = result
        self.values = values
        self.varies = dependent_rows(graph, range(result + 1) if rows is None else rows, wrt)

    @property
    def contributions(self) -> list[Contribution]:
        """Every accumulation, in order."""
        return self._record[0]

    @property
    def adjoints(self) -> dict[int, Operand]:
        """The derivative of the result by every row it depends on, each of the shape of its row."""
        return self._record[1]

    @property
    def active(self) -> list[Mask]:
        """The elements of each row that the result needs. Those of an argument that is not picked are left out."""
        return self._masks[0]

    @property
    def moving(self) -> list[Mask]:
        """The elements of each row that the derivatives need."""
        return self._masks[1]

    @cached_property
    def _record(self) -> tuple[list[Contribution], dict[int, Operand]]:
        graph, totals = self.graph, BackwardSweep(tracks=True)
        contributions: list[Contribution] = []
        if not self.varies[self.result]:
            return [], {}
        totals.add(self.result, ones(graph.shapes.get(self.result, ())))
        with ignore_warnings(graph):
            for row in range(self.result, -1, -1):
                if row in totals.cotangents:
                    contributions += [
                        self._contribution(totals, row, position) for position in uses(graph, row, self.varies)
                    ]
            reached = dict.fromkeys([self.result, *[each.row for each in contributions if each.is_picked]])
            return contributions, {row: totals.selected(row) for row in reached}

    def _contribution(self, totals: BackwardSweep, row: int, position: int) -> Contribution:
        """Add the contribution to one argument of a row to the totals and return it."""
        argument = self.graph.inputs[row][position]
        single = pull_back(self.graph, self.values, row, position, totals.cotangents[row])
        if argument not in single.cotangents:
            total = totals.selected(argument)
            return Contribution(argument, row, position, False, None, 0.0, 0.0 if total is None else total)
        totals.add(argument, single.cotangents[argument])
        factor = local_derivative(self.graph, self.values, row, position)
        return Contribution(argument, row, position, True, factor, single.selected(argument), totals.selected(argument))

    @cached_property
    def _masks(self) -> tuple[list[Mask], list[Mask]]:
        graph = self.graph
        active: list[Mask] = [False] * (self.result + 1)
        moving: list[Mask] = [False] * (self.result + 1)
        shape = graph.shapes.get(self.result)
        active[self.result] = ones(shape).astype(bool) if shape else True
        moving[self.result] = active[self.result] & bool(self.varies[self.result])
        with ignore_warnings(graph):
            for row in range(self.result, -1, -1):
                op = graph.ops[row]
                if op is None or not any_of(active[row]):
                    continue
                for position, argument in enumerate(graph.inputs[row]):
                    active[argument] = active[argument] | self._reached(op, row, position, active[row])
                    rule = op.partial(position) if op.shape is None else op.pull(position)
                    if self.varies[argument] and rule is not None:
                        moving[argument] = moving[argument] | self._reached(op, row, position, moving[row])
        return active, moving

    def _reached(self, op: Op, row: int, position: int, mask: Mask) -> Mask:
        """Return the elements of an argument that the marked elements of a node need."""
        if op.shape is None and not shape_of(self.values[row]):
            return bool(mask) and is_picked(self.graph, self.values, row, position)
        return self._reached_elements(op, row, position, mask)

    def _reached_elements(self, op: Op, row: int, position: int, mask: Mask) -> Mask:
        import numpy as np

        from ..ops.structure import sum_to

        out, inputs = self.values[row], [self.values[i] for i in self.graph.inputs[row]]
        shape = shape_of(inputs[position])
        if not any_of(mask):
            return np.zeros(shape, dtype=bool)
        pick = op.pick(position)
        picked = True if pick is None else pick(out, *inputs, **op.parameters)
        if op.shape is None:
            full = np.broadcast_to(np.logical_and(mask, picked), shape_of(out))
            return np.asarray(np.asarray(sum_to(full.astype(float), shape)) != 0.0)
        rule = op.pull(position)
        if op.moves and rule is not None:
            pulled = rule(np.asarray(mask, dtype=float), out, *inputs, **op.parameters)
            return np.asarray(np.broadcast_to(pulled, shape) != 0.0)
        return np.asarray(np.broadcast_to(picked, shape))


def dependent_rows(graph: Graph, rows: Iterable[int], wrt: Iterable[int]) -> bytearray:
    """Return for every row of the graph whether it is one of `wrt`, or is among `rows` and depends on one."""
    varies = bytearray(len(graph))
    for row in wrt:
        varies[row] = 1
    for row in rows:
        varies[row] = varies[row] or any(varies[argument] for argument in graph.inputs[row])
    return varies


def uses(graph: Graph, row: int, varies: Sequence[int]) -> Iterator[int]:
    """Yield the positions of the arguments of a row that get a contribution to their adjoint at some point."""
    op = graph.ops[row]
    if op is not None and varies[row]:
        for position, argument in enumerate(graph.inputs[row]):
            if varies[argument] and not (op.is_elementwise and op.partial(position) is None):
                yield position


def pull_back(graph: Graph, values: Sequence[Operand], row: int, position: int, cotangent: Operand) -> BackwardSweep:
    """Return a sweep that has what one use of an argument adds to its adjoint, or nothing if it is not picked."""
    op, inputs = graph.ops[row], graph.inputs[row]
    assert op is not None
    single = BackwardSweep(tracks=True)
    single.add(row, cotangent)
    keys = [inputs[i] if i == position else None for i in range(len(inputs))]
    single.step(row, op, values[row], [values[i] for i in inputs], keys)
    return single


def local_derivative(graph: Graph, values: Sequence[Operand], row: int, position: int) -> Operand:
    """Return the local derivative of a row by one argument, or None for a tensor operation or if there is none."""
    op = graph.ops[row]
    assert op is not None
    if not op.is_elementwise:
        return None
    return number(local(op, position, values[row], [values[i] for i in graph.inputs[row]]))


def is_picked(graph: Graph, values: Sequence[Operand], row: int, position: int) -> bool:
    """Return whether a row picks any element of one argument at this point."""
    op = graph.ops[row]
    assert op is not None
    pick = op.pick(position)
    if pick is None:
        return True
    arguments = [values[i] for i in graph.inputs[row]]
    return any_of(number(on_numbers(pick, values[row], arguments, **op.parameters)))


def any_of(mask: Mask) -> bool:
    """Return whether a truth value, or any element of an array of them, is true."""
    return mask if mask.__class__ is bool else bool(mask.any() if hasattr(mask, "any") else mask)


def is_nan(value: Operand) -> Mask:
    """Return whether a number, or each element of an array, is nan."""
    mask: Mask = value != value
    return mask


def is_infinite(value: Operand) -> Mask:
    """Return whether a number, or each element of an array, is infinite."""
    mask: Mask = abs(value) == inf
    return mask


def is_all_finite(value: Operand) -> bool:
    """Return whether a number, or every element of an array, is finite."""
    return not any_of(is_nan(value)) and not any_of(is_infinite(value))


def first_element(mask: Mask) -> tuple[int, ...] | None:
    """Return the index of the first truth."""
    if not any_of(mask):
        return None
    return tuple([int(axis[0]) for axis in mask.nonzero()]) if shape_of(mask) else ()  # type: ignore[union-attr]


def ignore_warnings(graph: Graph) -> AbstractContextManager[object]:
    """Return a context in which NumPy does not warn about results that are not finite."""
    # A tensor operation on numbers alone, such as the sum of a number, gives numbers of NumPy too.
    if not graph.shapes and not any(op is not None and op.shape is not None for op in graph.ops):
        return nullcontext()
    import numpy as np

    return np.errstate(all="ignore")
