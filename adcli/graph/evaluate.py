"""The values of the nodes of a graph at one point: numbers as floats, arrays as float64 arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import DomainError
from ..ops.operands import Numeric, Operand
from .expr import Graph


def evaluate(
    graph: Graph, outputs: Sequence[int], inputs: Mapping[str, Numeric], text: str | None = None
) -> list[Operand]:
    """Return the value of every row that the outputs need, and None for each other row.

    Args:
        graph: of the rows.
        outputs: rows.
        inputs: one value per variable.
        text: the source that the spans of the graph point into.

    Raises:
        DomainError: a matrix is singular. With `text` the error shows the place.

    >>> graph = Graph()
    >>> x = graph.variable("x")
    >>> evaluate(graph, [(x * x + 1.0).row], {"x": 3.0})
    [3.0, 9.0, 1.0, 10.0]
    """
    values: list[Operand] = [None] * len(graph)
    ops, arguments, constants, shapes = graph.ops, graph.inputs, graph.constants, graph.shapes
    names = {row: name for name, row in graph.variables.items()}
    for row in graph.live(outputs):
        op = ops[row]
        if op is None:
            value = constants.get(row)
            values[row] = value if value is not None else inputs[names[row]] if row in names else graph.arrays[row]
        elif op.shape is None and not (shapes and (row in shapes or any(i in shapes for i in arguments[row]))):
            values[row] = op.forward(*[values[i] for i in arguments[row]])
        else:
            try:
                result = op.on_arrays([values[i] for i in arguments[row]])
            except DomainError as error:
                if text is None or row not in graph.spans:
                    raise
                raise error.at(text, graph.spans[row]) from None
            values[row] = result if row in shapes else result.item()
    return values
