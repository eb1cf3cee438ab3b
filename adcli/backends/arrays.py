"""Programs of arrays through NumPy: every value has the shape it was recorded with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..graph.program import Program


def evaluator(program: Program) -> Callable[[Iterable[Any]], list[Any]]:
    """A function from inputs (floats and float64 arrays) to the outputs; scalars are floats.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x", (2,))
    >>> evaluator(Program(x.graph, [x @ x]))([np.array([3.0, 4.0])])
    [25.0]
    """
    code = [
        (instruction.op, instruction.inputs, drops)
        for instruction, drops in zip(program.instructions, program.last_reads(), strict=True)
    ]

    def run(inputs: Iterable[Any]) -> list[Any]:
        values: list[Any] = [*inputs, *program.constants]
        with np.errstate(all="ignore"):
            for op, arguments, drops in code:
                values.append(op(*[values[i] for i in arguments]))
                for value in drops:
                    values[value] = None
        results = [_kept(values[i]) for i in program.outputs]
        undefined = results[0].__class__ is float and results[0] != results[0]
        return [result + results[0] for result in results] if undefined else results

    return run


def _kept(value: Any) -> Any:
    """A float, or an array that shares no memory with another."""
    return np.array(value) if np.ndim(value) else float(value)
