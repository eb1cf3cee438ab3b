"""The graph: an append-only arena of hash-consed nodes, and `Expr`, a handle on one of them.

Inputs have smaller numbers than their users, so creation order is evaluation order: no topological sort and no
recursion anywhere, and reverse mode counts down.
"""

from __future__ import annotations

from collections.abc import Iterable
from sys import intern
from typing import Any

from ..ops import Carrier, Op
from ..ops.arithmetic import add, div, mul, neg, negate, square, sub
from ..ops.operands import NUMBERS, float_array
from .fold import fold

RESHAPING = {"reshape", "broadcast_to", "sum_to"}  # which give the argument itself where it has the shape already


class Graph:
    """Rows of nodes. Row `i` is a variable, a constant, or `ops[i]` applied to the rows `inputs[i]`.

    Attributes:
        ops: the op of each row; None for variables and constants.
        inputs: the argument rows of each row.
        constants: row -> number.
        arrays: row -> constant array.
        shapes: row -> shape; rows that are missing are numbers.
        variables: name -> row, in the order of their first appearance.
        labels: row -> the user's name for it (a binding).
        spans: row -> the place in the text it was first written at.
    """

    __slots__ = ("arrays", "constants", "inputs", "labels", "ops", "rows", "shapes", "spans", "variables")

    def __init__(self) -> None:
        self.ops: list[Op | None] = []
        self.inputs: list[tuple[int, ...]] = []
        self.rows: dict[Any, int] = {}
        self.constants: dict[int, float] = {}
        self.arrays: dict[int, Any] = {}
        self.shapes: dict[int, tuple[int, ...]] = {}
        self.variables: dict[str, int] = {}
        self.labels: dict[int, str] = {}
        self.spans: dict[int, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self.ops)

    def variable(self, name: str, shape: tuple[int, ...] = ()) -> Expr:
        """The variable of this name; made, with this shape, when it is new."""
        row = self.variables.get(name)
        if row is None:
            row = self.variables[intern(name)] = len(self.ops)  # calls with **keywords compare by identity
            self.ops.append(None)
            self.inputs.append(())
            if shape:
                self.shapes[row] = shape
        return Expr(self, row)

    def constant(self, value: float) -> int:
        """The row of a constant. 0.0 and -0.0 are two constants, all nans are one."""
        key = value if value and value == value else repr(value)
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = len(self.ops)
            self.ops.append(None)
            self.inputs.append(())
            self.constants[row] = value
        return row

    def array(self, value: Any) -> int:
        """The row of a constant array, or of the constant where it has no axes."""
        if value.__class__ in NUMBERS:
            return self.constant(float(value))
        import numpy as np

        array = np.asarray(value)
        if array.dtype != np.float64 and array.dtype != np.bool_:
            array = float_array(array)
        if not array.shape:
            return self.constant(float(array))
        row = len(self.ops)
        self.ops.append(None)
        self.inputs.append(())
        self.arrays[row] = array
        self.shapes[row] = array.shape
        return row

    def named(self, name: str, value: float) -> int:
        """The row of a constant of the language that was written by its name."""
        return self.constant(value)

    def apply(self, op: Op, inputs: tuple[int, ...]) -> int:
        """The row of `op` applied to rows: a folded one, the same one as before, or a new one.

        >>> from adcli.ops import TABLE
        >>> graph = Graph()
        >>> x = graph.variable("x").row
        >>> graph.apply(TABLE["sin"], (x,)) == graph.apply(TABLE["sin"], (x,))
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
                if op.name in RESHAPING and shape == self.shapes.get(inputs[0], ()):
                    row = inputs[0]
            else:
                for argument in inputs:
                    if argument in constants:
                        row = fold(self, op, inputs)
                        break
            if row is None or (shape and self.shapes.get(row) != shape):
                row = len(self.ops)
                self.ops.append(op)
                self.inputs.append(inputs)
                if shape:
                    self.shapes[row] = shape
            self.rows[key] = row
        return row

    def live(self, outputs: Iterable[int]) -> list[int]:
        """The rows that the outputs need, in order of evaluation."""
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


class Unfolded(Graph):
    """A graph for reading: constants keep their names and nothing is computed but sums and products of whole numbers.

    >>> x = Unfolded().variable("x")
    >>> print(x * 1.0 + Expr(x.graph, x.graph.named("pi", 3.141592653589793)) / 2.0)
    x*1 + pi/2
    """

    __slots__ = ()

    def named(self, name: str, value: float) -> int:
        """A constant that stays a name."""
        return self.variable(name).row if value - value == 0 else self.constant(value)

    def apply(self, op: Op, inputs: tuple[int, ...]) -> int:
        """The row of `op` applied to rows, the same one as before or a new one."""
        if op.shape is not None:
            op.shape_of_result([()] * len(inputs))  # such as @, which refuses numbers
        values = [self.constants.get(row) for row in inputs]
        if op in (add, sub, mul, neg) and all(value is not None and value % 1.0 == 0 for value in values):
            result = op.forward(*values)
            if abs(result) <= 2.0**53:
                return self.constant(result)
        key = (op, inputs)
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = len(self.ops)
            self.ops.append(op)
            self.inputs.append(inputs)
        return row


class Expr(Carrier):
    """A node of a graph; operators and ops on it append nodes.

    >>> x = Graph().variable("x")
    >>> print(x * x + 1.0)
    x*x + 1
    """

    __slots__ = ("graph", "row")

    def __init__(self, graph: Graph, row: int) -> None:
        self.graph = graph
        self.row = row

    @property
    def constant(self) -> float | None:
        """The number, where it is one."""
        return self.graph.constants.get(self.row)

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """The shape of the array that it stands for; () is a number."""
        return self.graph.shapes.get(self.row, ())

    @property
    def reciprocal(self) -> tuple[Expr, bool] | None:
        """y and False where this is 1/y, y and True where it is -(1/y)."""
        graph, row = self.graph, self.row
        negative = graph.ops[row] is neg
        if negative:
            row = graph.inputs[row][0]
        if graph.ops[row] is not div or graph.constants.get(graph.inputs[row][0]) != 1.0:
            return None
        return Expr(graph, graph.inputs[row][1]), negative

    @property
    def root(self) -> Expr | None:
        """x, where this is x**2."""
        graph, row = self.graph, self.row
        return Expr(graph, graph.inputs[row][0]) if graph.ops[row] is square else None

    def is_same(self, other: Any) -> bool:
        """Whether the other is this very node."""
        return isinstance(other, Expr) and self.row == other.row and self.graph is other.graph

    def is_opposite(self, other: Any) -> bool:
        """Whether one of two conditions is written as the negation of the other."""
        graph = self.graph
        if not isinstance(other, Expr) or other.graph is not graph:
            return False
        return any(
            graph.ops[one.row] is negate and graph.inputs[one.row] == (two.row,)
            for one, two in ((self, other), (other, self))
        )

    def apply_op(self, op: Op, arguments: tuple[Any, ...]) -> Expr:
        """Append the node; numbers among the arguments become constants."""
        graph = self.graph
        rows = []
        for argument in arguments:
            if isinstance(argument, Expr):
                if argument.graph is not graph:
                    raise ValueError("the arguments belong to two graphs")
                rows.append(argument.row)
            elif argument.__class__ is float:
                rows.append(graph.constant(argument))
            else:
                rows.append(graph.array(argument))
        return Expr(graph, graph.apply(op, tuple(rows)))

    def __str__(self) -> str:
        from .text import program_text

        return program_text(self.graph, self.row)

    def __repr__(self) -> str:
        return f"<Expr {self.row} of a graph of {len(self.graph)} nodes>"

    def __bool__(self) -> bool:
        raise TypeError("a symbol is neither true nor false; use where(condition, x, y)")
