"""Run a graph on carriers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..graph.expr import Graph
from ..ops.operands import Operand


def replay(graph: Graph, top: int, names: Sequence[str]) -> Callable[..., Operand]:
    """Return a row of a graph as a function of the variables of these names, for whatever operations take."""
    arguments = {graph.variables[name]: index for index, name in enumerate(names)}
    live = [row for row in graph.live([top]) if row not in arguments]

    def run(*inputs: Operand) -> Operand:
        values: dict[int, Operand] = {row: inputs[index] for row, index in arguments.items()}
        for row in live:
            op = graph.ops[row]
            if op is None:
                values[row] = graph.arrays[row] if row in graph.arrays else graph.constants[row]
            else:
                values[row] = op(*[values[argument] for argument in graph.inputs[row]])
        return values[top]

    return run
