"""A graph whose nodes have handles (`Expr`), and a variant that folds nothing, for printing."""

from __future__ import annotations

from ..ops import Carrier, Op
from ..ops.arithmetic import add, div, mul, neg, negate, square, sub
from ..ops.operands import Operand, Shape
from .arena import Arena
from .text import program_text


class Graph(Arena):
    """An `Arena` with variables of the class `Expr`, so that Python operators append nodes."""

    __slots__ = ()

    def variable(self, name: str, shape: Shape = ()) -> Expr:
        """Return the variable of this name. A new one gets this shape."""
        return Expr(self, self.variable_row(name, shape))


class Unfolded(Graph):
    """A graph for printing. Constants keep their names, and only sums and products of whole numbers are computed.

    >>> x = Unfolded().variable("x")
    >>> print(x * 1.0 + Expr(x.graph, x.graph.named_constant("pi", 3.141592653589793)) / 2.0)
    x*1 + pi/2
    """

    __slots__ = ()

    def named_constant(self, name: str, value: float) -> int:
        """Return a variable of this name if the constant is finite."""
        return self.variable_row(name) if value - value == 0 else self.constant(value)

    def apply(self, op: Op, inputs: tuple[int, ...]) -> int:
        """Return the row of `op` applied to rows. It is shared if it exists already."""
        if op.shape is not None:
            op.shape_of_result([()] * len(inputs))  # raises for an op that refuses numbers, such as @
        values = [self.constants.get(row) for row in inputs]
        if op in (add, sub, mul, neg) and all(value is not None and value % 1.0 == 0 for value in values):
            result = op.forward(*values)
            if abs(result) <= 2.0**53:
                return self.constant(result)
        key = (op, inputs)
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = self._append(op, inputs)
        return row


class Expr(Carrier):
    """A node of a graph. Operators and ops on it append nodes.

    >>> x = Graph().variable("x")
    >>> print(x * x + 1.0)
    x*x + 1
    """

    __slots__ = ("graph", "row")
    noun = "symbol"

    def __init__(self, graph: Graph, row: int) -> None:
        self.graph = graph
        self.row = row

    def __reduce__(self) -> tuple[type[Expr], tuple[Graph, int]]:
        return Expr, (self.graph, self.row)

    def __deepcopy__(self, memo: dict[int, Operand]) -> Expr:
        # A function that is recorded may copy its argument. A graph that is copied is followed.
        return Expr(memo.get(id(self.graph), self.graph), self.row)

    @property
    def constant(self) -> float | None:
        """The number, if this is a constant."""
        return self.graph.constants.get(self.row)

    @property
    def op(self) -> Op | None:
        """The operation, None for a variable or a constant."""
        return self.graph.ops[self.row]

    @property
    def shape(self) -> Shape:  # type: ignore[override]
        """The shape of the array, () for a number."""
        return self.graph.shapes.get(self.row, ())

    @property
    def reciprocal(self) -> tuple[Expr, bool] | None:
        """(y, False) if this is 1/y, (y, True) if it is -(1/y)."""
        graph, row = self.graph, self.row
        negative = graph.ops[row] is neg
        if negative:
            row = graph.inputs[row][0]
        if graph.ops[row] is not div or graph.constants.get(graph.inputs[row][0]) != 1.0:
            return None
        return Expr(graph, graph.inputs[row][1]), negative

    @property
    def squared(self) -> Expr | None:
        """x, if this is x**2."""
        graph, row = self.graph, self.row
        return Expr(graph, graph.inputs[row][0]) if graph.ops[row] is square else None

    def is_same(self, other: object) -> bool:
        """Return whether the other is this very node."""
        return isinstance(other, Expr) and self.row == other.row and self.graph is other.graph

    def is_opposite(self, other: object) -> bool:
        """Return whether one of two conditions is the negation of the other."""
        graph = self.graph
        if not isinstance(other, Expr) or other.graph is not graph:
            return False
        return any(
            graph.ops[one.row] is negate and graph.inputs[one.row] == (two.row,)
            for one, two in ((self, other), (other, self))
        )

    def apply_op(self, op: Op, arguments: tuple[Operand, ...]) -> Expr:
        """Append the node. Numbers among the arguments become constants."""
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
        return program_text(self.graph, self.row)

    def __repr__(self) -> str:
        return f"<Expr {self.row} of a graph of {len(self.graph)} nodes>"

    def __bool__(self) -> bool:
        raise TypeError("a symbol is neither true nor false: use where(condition, x, y)")
