"""The rows of a graph: an append-only arena of hash-consed variables, constants and applied operations.

The inputs of a row have smaller numbers than the row itself. The order of creation is therefore an order of
evaluation: nothing sorts, nothing recurses, and reverse mode counts down.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from sys import intern
from typing import SupportsIndex

from ..ops import Op
from ..ops.operands import NUMBERS, Array, Operand, Shape, float_array
from .fold import fold

RESHAPING = {"reshape", "broadcast_to", "sum_to"}  # these return their argument if it already has the shape


class Arena:
    """Rows of nodes. Row `i` is a variable, a constant, or `ops[i]` applied to the rows `inputs[i]`.

    Attributes:
        ops: the op of each row; None for variables and constants.
        inputs: the argument rows of each row.
        rows: the row of each key: a number, or an op with its inputs.
        constants: row -> number.
        arrays: row -> constant array.
        shapes: row -> shape. A row that is missing is a number.
        variables: name -> row, in the order of their first appearance.
        labels: row -> the user's name for it (a binding).
        spans: row -> (start, stop) in the text where it was first written.
    """

    __slots__ = ("arrays", "constants", "inputs", "labels", "ops", "rows", "shapes", "spans", "variables")

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Operand, ...]:
        return super().__reduce_ex__(max(int(protocol), 2))  # older protocols do not take __slots__

    def __init__(self) -> None:
        self.ops: list[Op | None] = []
        self.inputs: list[tuple[int, ...]] = []
        self.rows: dict[Hashable, int] = {}
        self.constants: dict[int, float] = {}
        self.arrays: dict[int, Array] = {}
        self.shapes: dict[int, Shape] = {}
        self.variables: dict[str, int] = {}
        self.labels: dict[int, str] = {}
        self.spans: dict[int, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self.ops)

    def variable_row(self, name: str, shape: Shape = ()) -> int:
        """Return the row of a variable. A new variable gets this shape."""
        row = self.variables.get(name)
        if row is None:
            # Calls with **keywords compare names by identity first.
            row = self.variables[intern(name)] = self._append(None, ())
            if shape:
                self.shapes[row] = shape
        return row

    def free_row(self, shape: Shape = ()) -> int:
        """Return a new row without a name, such as that of the argument of a function before it is called."""
        row = self._append(None, ())
        if shape:
            self.shapes[row] = shape
        return row

    def constant(self, value: float) -> int:
        """Return the row of a constant. 0.0 and -0.0 are two constants, and all nans are one."""
        key = value if value and value == value else repr(value)
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = len(self.ops)
            self.ops.append(None)
            self.inputs.append(())
            self.constants[row] = value
        return row

    def array(self, value: Operand) -> int:
        """Return the row of a constant array, or of a constant if the value has no axes."""
        if value.__class__ in NUMBERS:
            return self.constant(float(value))
        import numpy as np

        array = np.asarray(value)
        if array.dtype != np.float64 and array.dtype != np.bool_:
            array = float_array(array)
        if not array.shape:
            return self.constant(float(array))
        row = self._append(None, ())
        self.arrays[row] = array
        self.shapes[row] = array.shape
        return row

    def named_constant(self, name: str, value: float) -> int:
        """Return the row of a constant that the user wrote by name, such as pi."""
        return self.constant(value)

    def length(self, size: int) -> int:
        """Return the row of a number that is the size of an axis."""
        return self.constant(float(size))

    def apply(self, op: Op, inputs: tuple[int, ...]) -> int:
        """Return the row of `op` applied to rows. It is simplified if `fold` can, and shared if it exists already.

        >>> from adcli.ops import TABLE
        >>> arena = Arena()
        >>> x = arena.variable_row("x")
        >>> arena.apply(TABLE["sin"], (x,)) == arena.apply(TABLE["sin"], (x,))
        True
        """
        key = (op, inputs)
        row = self.rows.get(key)
        if row is None:
            shapes = self.shapes
            tensors = shapes or op.shape is not None
            shape = op.shape_of_result([shapes.get(argument, ()) for argument in inputs]) if tensors else ()
            constants = self.constants
            if op.shape is not None:
                if op.name in RESHAPING and shape == shapes.get(inputs[0], ()):
                    row = inputs[0]
            else:
                for argument in inputs:
                    if argument in constants:
                        folded = fold(op, inputs, constants)
                        if isinstance(folded, tuple):
                            simpler, fewer = folded
                            row = self.apply(simpler, fewer)
                        else:
                            row = self.constant(folded) if isinstance(folded, float) else folded
                        break
            if row is None or (shape and shapes.get(row) != shape):
                row = len(self.ops)
                self.ops.append(op)
                self.inputs.append(inputs)
                if shape:
                    shapes[row] = shape
            self.rows[key] = row
        return row

    def _append(self, op: Op | None, inputs: tuple[int, ...]) -> int:
        self.ops.append(op)
        self.inputs.append(inputs)
        return len(self.ops) - 1

    def live(self, outputs: Iterable[int]) -> list[int]:
        """Return the rows that the outputs need, in order of evaluation."""
        needed = bytearray(len(self.ops))
        top = -1
        for row in outputs:
            needed[row] = 1
            top = max(top, row)
        for row in range(top, -1, -1):
            if needed[row]:
                for argument in self.inputs[row]:
                    needed[argument] = 1
        return [row for row in range(top + 1) if needed[row]]
