"""A program: the live rows behind some outputs, renumbered. The only thing that backends and code generators see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..ops import Op
from .expr import Expr, Graph


class Instruction(NamedTuple):
    """`values[out] = op(*values[inputs])`."""

    op: Op
    out: int
    inputs: tuple[int, ...]


class Tape:
    """Straight-line code: values are numbered, first the variables, then the constants, then one per instruction.

    An op may have parameters (an axis, an index) bound to it.

    Where a value is nan, so are its derivatives (`guard`): `masks` says which output is whose value. Without it the
    first output is the value of all the others.

    Attributes:
        variables: the names of values 0 … n - 1.
        constants: the values that follow, numbers and arrays.
        shapes: of the variables, of which () is a number.
        is_scalar: whether every value is a number: such a program runs at many points at once.
        instructions: in order of evaluation.
        outputs: the numbers of the results.
        masks: per output the place among them of its value; a value's is its own.
        labels: the user's names for values that are bindings.

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
        self.constants: tuple[Any, ...] = tuple(
            [arrays[row] if row in arrays else graph.constants[row] for row in constants]
        )
        self.shapes = tuple([shapes.get(row, ()) for row in graph.variables.values()])
        self.is_scalar = not any(row in shapes for row in live) if shapes else True
        number = {row: place for place, row in enumerate([*graph.variables.values(), *constants])}
        self.instructions: list[Instruction] = []
        out = len(number)
        for row in live:
            op = ops[row]
            if op is not None:
                self.is_scalar = self.is_scalar and op.shape is None
                number[row] = out
                reads = tuple([number[argument] for argument in inputs[row]])
                self.instructions.append(Instruction(op, out, reads))
                out += 1
        self.outputs = tuple([number[row] for row in rows])
        self.masks = (0,) * len(rows) if masks is None else tuple(masks)
        self.labels = {number[row]: label for row, label in graph.labels.items() if row in number}

    @property
    def size(self) -> int:
        """How many values there are."""
        return len(self.variables) + len(self.constants) + len(self.instructions)

    def uses(self) -> list[int]:
        """How often each value is read, outputs included."""
        counts = [0] * self.size
        for instruction in self.instructions:
            for value in instruction.inputs:
                counts[value] += 1
        for value in self.outputs:
            counts[value] += 1
        return counts

    def squares(self, name: str) -> dict[int, int]:
        """The results of an operation that are squared and read by nothing else, and their squares.

        >>> import adcli
        >>> adcli.compile("tanh(x)").program().squares("sech")
        {2: 3}
        """
        uses = self.uses()
        of_op = {instruction.out for instruction in self.instructions if instruction.op.name == name}
        return {
            inputs[0]: out
            for op, out, inputs in self.instructions
            if op.name == "square" and inputs[0] in of_op and uses[inputs[0]] == 1
        }

    def last_reads(self) -> list[tuple[int, ...]]:
        """Per instruction, the values that nobody reads after it: a backend may drop or overwrite them."""
        seen = set(self.outputs) | set(range(len(self.variables) + len(self.constants)))
        drops: list[tuple[int, ...]] = []
        for instruction in reversed(self.instructions):
            last = tuple(value for value in dict.fromkeys(instruction.inputs) if value not in seen)
            seen.update(last)
            drops.append(last)
        drops.reverse()
        return drops


def guard(results: list[Any], masks: Sequence[int] | None = None) -> list[Any]:
    """The outputs of a program: where a value is a number and nan, its derivatives are nan, arrays throughout.

    Args:
        results: the outputs.
        masks: as a `Tape` has them; without them the first is the value of the others.

    >>> guard([float("nan"), 1.0])
    [nan, nan]
    >>> guard([float("nan"), 1.0, 2.0, 3.0], (0, 1, 0, 1))
    [nan, 1.0, nan, 3.0]
    """
    values = [results[0]] if masks is None else [results[place] for place in masks]
    if all(value.__class__ is not float or value == value for value in values):
        return results
    if masks is None:
        values *= len(results)
    return [
        result if value is result or value.__class__ is not float or value == value else result * value
        for result, value in zip(results, values, strict=True)
    ]
