"""The nodes of a graph at a point, element by element: their numbers, local derivatives, kinks and texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import TYPE_CHECKING, TypeAlias

from ..graph.expr import Expr, Graph
from ..graph.text import array_text, number_text
from ..ops import Kink
from ..ops.operands import Operand, shape_of
from ..ops.real import Real, number

if TYPE_CHECKING:
    from .passes import Mask

At: TypeAlias = tuple[int, ...]  # the index of an element, () for a number

MAX_ELEMENTS = 1000  # elements of a node that are inspected one by one
SHOWN_ELEMENTS = 6  # elements of an array that a message shows
MAX_TEXT = 60  # characters of a sub-expression that a message shows


class Elements:
    """The elements of the nodes of a graph at a point.

    An index is that of an element of the node, or of the larger shape that the node is broadcast to.

    Args:
        text: the source that the spans of the graph point into.
        graph: of the nodes.
        values: the value of each row, from `evaluate`.
    """

    def __init__(self, text: str, graph: Graph, values: Sequence[Operand]) -> None:
        self.text = text
        self.graph = graph
        self.values = values

    # ------------------------------------------------------------ numbers

    def index(self, row: int, at: At) -> At:
        """Return the index in a row, from the index in the shape that the row is broadcast to."""
        shape = shape_of(self.values[row])
        return tuple([0 if n == 1 else i for n, i in zip(shape, at[len(at) - len(shape) :], strict=True)])

    def number(self, row: int, at: At) -> Operand:
        """Return the number, or truth, in a node."""
        value = self.values[row]
        return value[self.index(row, at)].item() if at and shape_of(value) else value

    def arguments(self, row: int, at: At) -> list[Operand]:
        """Return the numbers in the arguments of a node."""
        return [self.number(argument, at) for argument in self.graph.inputs[row]]

    def whole_arguments(self, row: int) -> list[Operand]:
        """Return the values of the arguments of a node."""
        return [self.values[argument] for argument in self.graph.inputs[row]]

    def is_picked(self, row: int, position: int, at: At) -> bool:
        """Return whether an elementwise node picks one of its arguments."""
        op = self.graph.ops[row]
        pick = None if op is None else op.pick(position)
        out, arguments = Real(self.number(row, at)), map(Real, self.arguments(row, at))
        return pick is None or bool(number(pick(out, *arguments)))

    def derivative(self, row: int, position: int, at: At) -> float | None:
        """Return the local derivative of an elementwise node in one of its arguments."""
        op = self.graph.ops[row]
        assert op is not None
        partial = op.partial(position)
        if callable(partial):
            partial = number(partial(Real(self.number(row, at)), *map(Real, self.arguments(row, at))))
        return None if partial is None else float(partial)

    def kinks(self, row: int, at: At) -> list[Kink]:
        """Return the kinks that a node is at. A tensor operation is inspected as a whole."""
        op = self.graph.ops[row]
        if op is None:
            return []
        out, arguments = self._operands(row, at)
        return [kink for kink in op.kinks if kink.when(out, *arguments, **op.parameters)]

    def kink_text(self, kink: Kink, row: int, at: At) -> str:
        """Return the text of a kink about the derivatives of a node."""
        if isinstance(kink.says, str):
            return kink.says
        out, arguments = self._operands(row, at)
        return str(kink.says(out, *arguments))

    def _operands(self, row: int, at: At) -> tuple[Operand, list[Operand]]:
        op = self.graph.ops[row]
        if op is not None and op.shape is not None:
            return self.values[row], self.whole_arguments(row)
        return self.number(row, at), self.arguments(row, at)

    def marked_indices(self, row: int, mask: Mask) -> Iterator[At]:
        """Yield the indices of the marked elements of a node, at most `MAX_ELEMENTS` of them."""
        indices = product(*map(range, shape_of(self.values[row])))
        return islice((at for at in indices if element(mask, at)), MAX_ELEMENTS)

    # ------------------------------------------------------------ texts

    def node_text(self, row: int) -> str:
        """Return a node as the user wrote it, shortened if it is long."""
        span = self.graph.spans.get(row)
        if span is not None and span[1] - span[0] > 10 * MAX_TEXT:
            # Joining the words of every long sub-expression would take quadratic time.
            start, stop = self.text[span[0] : span[0] + 5 * MAX_TEXT], self.text[span[1] - 5 * MAX_TEXT : span[1]]
            return " ".join(start.split())[:28] + " … " + " ".join(stop.split())[-28:]
        text = str(Expr(self.graph, row)) if span is None else self.text[span[0] : span[1]]
        text = " ".join(text.split())
        return text if len(text) <= MAX_TEXT else text[:28] + " … " + text[-28:]

    def name(self, row: int, at: At) -> str:
        """Return an element as text: ``x``, ``x[1]`` or ``(2*x)[1]``."""
        text = self.node_text(row)
        if not shape_of(self.values[row]):
            return text
        index = ", ".join(map(str, self.index(row, at)))
        return f"{text}[{index}]" if text.isidentifier() else f"({text})[{index}]"

    def equation(self, row: int, at: At) -> str:
        """Return ``x = 0``, or for a constant the number alone."""
        value = number_text(self.number(row, at))
        return value if row in self.graph.constants else f"{self.name(row, at)} = {value}"

    def argument_text(self, row: int, at: At) -> str:
        """Return ``x = 0, y = 0``: the arguments of a node that are not constants, with their numbers."""
        arguments = dict.fromkeys(self.graph.inputs[row])
        return ", ".join(self.equation(i, at) for i in arguments if i not in self.graph.constants)

    def whole_equation(self, row: int) -> str:
        """Return a node and its value, or its shape if the value is long."""
        from ..ops.shapes import shape_text

        value, text = self.values[row], self.node_text(row)
        shape = shape_of(value)
        if not shape:
            return f"{text} = {float(value)!r}"
        return f"{text} = {array_text(value)}" if value.size <= SHOWN_ELEMENTS else f"{text} of {shape_text(shape)}"


def element(array: Operand, at: At) -> Operand:
    """Return an element of an array, or a number itself."""
    return array[at] if at and shape_of(array) else array
