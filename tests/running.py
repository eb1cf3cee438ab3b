"""A program through a backend, arrays in and arrays out, without a function around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from adcli.backends._rows import Array, Fill, flatten, run_rows
from adcli.graph.tape import Tape


def runner(filler: Callable[[Tape], Fill], program: Tape) -> Callable[..., list[Array]]:
    """A function from columns (numbers, or arrays that broadcast) to one new array per output."""
    fill = filler(program)

    def run(columns: Sequence[Any], threads: int = 1) -> list[Array]:
        arrays = [np.asarray(column) for column in columns]
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
        results = [np.empty(shape) for _ in program.outputs]
        run_rows(fill, flatten(arrays, shape), [result.reshape(-1) for result in results], threads)
        return results

    return run
