"""The tape: the rows that some outputs need, renumbered. Backends and code generators use nothing else of a graph."""

from __future__ import annotations

from collections.abc import Sequence

from ..ops import Op
from ..ops.operands import Operand
from ..records import NamedTuple
from .expr import Expr, Graph


class Instruction(NamedTuple):
    """`values[out] = op(*values[inputs])`."""

    op: Op
    out: int
    inputs: tuple[int, ...]


class Tape:
    """Straight-line code. Values are numbered: first the variables, then the constants, then one per instruction.

    An op may have parameters (an axis, an index) bound to it.

    A derivative is nan if the value it belongs to is nan (`guard`). `masks` gives the index of that value. Without
    it the first output is the value of all the others.

    Attributes:
        variables: the names of values 0 … n - 1.
        constants: the values that follow, numbers and arrays.
        shapes: of the variables. The shape of a number is ().
        is_scalar: whether every value is a number. Such a tape runs at many points at once.
        instructions: in order of evaluation.
        outputs: the numbers of the results.
        masks: per output the index, among the outputs, of its value. The index of a value is its own.
        labels: value -> the name of the binding.

    >>> from adcli.graph.expr import Graph
    >>> graph = Graph()
    >>> x = graph.variable("x")
    >>> program = Tape(graph, [x * x, x + x])
    >>> program.variables, len(program.instructions), program.outputs
    (('x',), 2, (1, 2))
    """

    __slots__ = ("constants", "instructions", "is_scalar", "labels", "masks", "outputs", "shapes", "variables")

    def __init__(self, graph: Graph, outputs: Sequence[Expr | None], masks: Sequence[int] | None = None) -> None:
        rows = [graph.constant(0.0) if output is None else output.row for output in outputs]
        self.variables = tuple(graph.variables)
        live = graph.live(rows)
        ops, inputs = graph.ops, graph.inputs
        arrays, shapes = graph.arrays, graph.shapes
        constants = [row for row in live if row in graph.constants or row in arrays]
        self.constants: tuple[Operand, ...] = tuple(
            [arrays[row] if row in arrays else graph.constants[row] for row in constants]
        )
        self.shapes = tuple([shapes.get(row, ()) for row in graph.variables.values()])
        self.is_scalar = not any(row in shapes for row in live) if shapes else True
        value_of_row = {row: value for value, row in enumerate([*graph.variables.values(), *constants])}
        self.instructions: list[Instruction] = []
        out = len(value_of_row)
        for row in live:
            op = ops[row]
            if op is not None:
                self.is_scalar = self.is_scalar and op.shape is None
                value_of_row[row] = out
                reads = tuple([value_of_row[argument] for argument in inputs[row]])
                self.instructions.append(Instruction(op, out, reads))
                out += 1
        self.outputs = tuple([value_of_row[row] for row in rows])
        self.masks = (0,) * len(rows) if masks is None else tuple(masks)
        self.labels = {value_of_row[row]: label for row, label in graph.labels.items() if row in value_of_row}

    @property
    def size(self) -> int:
        """The number of values."""
        return len(self.variables) + len(self.constants) + len(self.instructions)

    def uses(self) -> list[int]:
        """Return how often each value is read. An output counts as a read."""
        counts = [0] * self.size
        for instruction in self.instructions:
            for value in instruction.inputs:
                counts[value] += 1
        for value in self.outputs:
            counts[value] += 1
        return counts

    def squares(self, name: str) -> dict[int, int]:
        """Return result -> its square, for the results of an operation that are read only to be squared.

        >>> from adcli import sech, tanh
        >>> from adcli.graph.expr import Graph
        >>> x = Graph().variable("x")
        >>> Tape(x.graph, [tanh(x), sech(x) ** 2]).squares("sech")
        {2: 3}
        """
        uses = self.uses()
        results = {instruction.out for instruction in self.instructions if instruction.op.name == name}
        return {
            inputs[0]: out
            for op, out, inputs in self.instructions
            if op.name == "square" and inputs[0] in results and uses[inputs[0]] == 1
        }

    def last_reads(self) -> list[tuple[int, ...]]:
        """Return per instruction the values that it reads last. A backend may drop or overwrite them."""
        live = set(self.outputs) | set(range(len(self.variables) + len(self.constants)))
        drops: list[tuple[int, ...]] = []
        for instruction in reversed(self.instructions):
            last = tuple(value for value in dict.fromkeys(instruction.inputs) if value not in live)
            live.update(last)
            drops.append(last)
        drops.reverse()
        return drops


def guard(results: list[Operand], masks: Sequence[int] | None = None) -> list[Operand]:
    """Return the outputs, with nan for every derivative of a number that is nan. All elements of an array become nan.

    Args:
        results: the outputs.
        masks: see `Tape`. Without them the first output is the value of the others.

    >>> guard([float("nan"), 1.0])
    [nan, nan]
    >>> guard([float("nan"), 1.0, 2.0, 3.0], (0, 1, 0, 1))
    [nan, 1.0, nan, 3.0]
    """
    values = [results[0]] if masks is None else [results[index] for index in masks]
    if all(value.__class__ is not float or value == value for value in values):
        return results
    if masks is None:
        values *= len(results)
    return [
        result if value is result or value.__class__ is not float or value == value else result * value
        for result, value in zip(results, values, strict=True)
    ]
