"""Evaluate a tape at one point whose variables are arrays, through NumPy.

Values that are numbers are computed by the scalar kernels, with the same bits as in a formula of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..graph.tape import Tape, guard
from ..ops.operands import Rule
from ..ops.shapes import broadcast_shape


def evaluator(program: Tape) -> Callable[[Sequence[Any]], list[Any]]:
    """Return a function from inputs, floats and float64 arrays of the program's shapes, to outputs of the same types.

    Results share no memory with inputs or with one another.

    Raises (the function that is returned):
        DomainError: a matrix is singular.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x", (2,))
    >>> evaluator(Tape(x.graph, [x @ x, x + x]))([np.array([3.0, 4.0])])
    [25.0, array([6., 8.])]
    """
    shapes: list[tuple[int, ...]] = [*program.shapes, *[np.shape(value) for value in program.constants]]
    code: list[tuple[Rule, tuple[int, ...], bool]] = []
    for op, _, reads in program.instructions:
        argument_shapes = [shapes[value] for value in reads]
        if op.shape is not None:
            shapes.append(op.shape(*argument_shapes, **op.parameters))
        else:
            shapes.append(broadcast_shape(*argument_shapes))
        scalar = op.shape is None and not any(argument_shapes)
        code.append((op.forward if scalar else op.array_kernel(), reads, not scalar and not shapes[-1]))
    constants, outputs, drops = program.constants, program.outputs, program.last_reads()

    def run(inputs: Sequence[Any]) -> list[Any]:
        values: list[Any] = [*inputs, *constants]
        with np.errstate(all="ignore"):
            for (compute, reads, is_number), dropped in zip(code, drops, strict=True):
                result = compute(*[values[value] for value in reads])
                values.append(result.item() if is_number else result)
                for value in dropped:
                    values[value] = None
        results = [np.array(values[position]) if shapes[position] else float(values[position]) for position in outputs]
        return guard(results, program.masks)

    return run
