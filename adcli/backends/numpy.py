"""Whole arrays through NumPy: one array kernel per instruction, values dropped when nobody reads them any more.

A number among the inputs stays a number until it meets an array. The bits of a point do not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..graph.program import Program
from ..ops import Op
from ..ops.kernels import arrays

Array = NDArray[np.float64]


def kernel(op: Op) -> Callable[..., Any]:
    """The array kernel of an op: of our own where there is one, else NumPy's of that name."""
    found: Callable[..., Any] = getattr(arrays, op.array, None) or getattr(np, op.array)
    return found


def runner(program: Program) -> Callable[[Sequence[Any]], list[Array]]:
    """A function from inputs (numbers or float64 arrays that broadcast) to one array per output.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> runner(Program(x.graph, [1.0 / x]))([np.array([0.0, 2.0])])
    [array([inf, 0.5])]
    """
    code = [
        (kernel(instruction.op), instruction.inputs, drops)
        for instruction, drops in zip(program.instructions, program.last_reads(), strict=True)
    ]

    def run(inputs: Sequence[Any]) -> list[Array]:
        # Contiguous, because some of NumPy's loops round differently on strided input.
        columns = [
            np.ascontiguousarray(column, dtype=np.float64) if np.ndim(column) else np.float64(column)
            for column in inputs
        ]
        shape = np.broadcast_shapes(*(np.shape(column) for column in columns))
        values: list[Any] = [*columns, *map(np.float64, program.constants)]
        with np.errstate(all="ignore"):
            for compute, arguments, drops in code:
                values.append(compute(*[values[i] for i in arguments]))
                for value in drops:
                    values[value] = None
        taken = {id(column) for column in columns}
        results = []
        for value in program.outputs:
            result = values[value]
            # An array that a kernel made is handed out as it is; an input, a view or one handed out before is copied.
            if result.shape != shape or not shape or result.base is not None or id(result) in taken:
                result = np.array(np.broadcast_to(result, shape))
            taken.add(id(result))
            results.append(result)
        undefined = np.isnan(results[0])
        if undefined.any():
            for slope in results[1:]:
                slope[undefined] = np.nan
        return results

    return run
