"""Many points through NumPy: blocks of rows that stay in the cache, array kernels that write into reused slots.

What depends on single numbers alone is computed once. The bits of a point depend on neither its block nor its
neighbours: every kernel reads and writes contiguous float64.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..graph.program import Program
from ..ops import Op
from ..ops.kernels import arrays
from ._rows import Array, Fill, guard_columns

CACHE = 1 << 20  # bytes that the slots of one block may take together
SHORTEST, LONGEST = 1024, 8192  # rows of a block


def kernel(op: Op) -> Callable[..., Any]:
    """The array kernel of an op: of our own where there is one, else NumPy's of that name."""
    found: Callable[..., Any] = getattr(arrays, op.array, None) or getattr(np, op.array)
    return found


class Step(NamedTuple):
    """`values[out] = compute(*values[inputs])` on a block, written into a slot or a result where the kernel can."""

    compute: Callable[..., Any]
    inputs: tuple[int, ...]
    out: int
    slot: int | None  # the slot to write into
    result: int | None  # the output to write into, in the place of a slot
    drops: tuple[int, ...]  # values that nobody reads any more


class Plan:
    """What to run once, what to run for each block, and how many slots that takes.

    Args:
        program: what to compute.
        single: which inputs are numbers.
    """

    def __init__(self, program: Program, single: tuple[bool, ...]) -> None:
        alone = [*single, *[True] * len(program.constants)]
        outputs = {value: place for place, value in reversed(list(enumerate(program.outputs)))}
        self.once: list[Step] = []
        self.steps: list[Step] = []
        self.direct: set[int] = set()  # outputs that a step writes
        conditions: list[int] = []  # slots that hold conditions
        free: dict[bool, list[int]] = {False: [], True: []}
        slots: dict[int, int] = {}
        count = 0
        for (op, out, inputs), drops in zip(program.instructions, program.last_reads(), strict=True):
            compute = kernel(op)
            alone.append(all(alone[value] for value in inputs))
            if alone[out]:
                self.once.append(Step(compute, inputs, out, None, None, ()))
                continue
            drops = tuple([value for value in drops if not alone[value]])
            if isinstance(compute, np.ufunc):
                for value in drops:  # a ufunc may overwrite what it reads
                    self._release(value, slots, free, conditions)
            slot = result = None
            if isinstance(compute, np.ufunc) and out in outputs:
                result = outputs[out]
                self.direct.add(result)
            elif isinstance(compute, np.ufunc):
                if not free[op.is_condition]:
                    free[op.is_condition].append(count)
                    if op.is_condition:
                        conditions.append(count)
                    count += 1
                slots[out] = slot = free[op.is_condition].pop()
            for value in drops:
                self._release(value, slots, free, conditions)
            self.steps.append(Step(compute, inputs, out, slot, result, drops))
        self.kinds = [np.bool_ if slot in conditions else np.float64 for slot in range(count)]
        columns = count + single.count(False) + len(program.outputs)
        self.block = min(max(CACHE // (8 * columns) // SHORTEST * SHORTEST, SHORTEST), LONGEST)

    @staticmethod
    def _release(value: int, slots: dict[int, int], free: dict[bool, list[int]], conditions: list[int]) -> None:
        slot = slots.pop(value, None)
        if slot is not None:
            free[slot in conditions].append(slot)


def filler(program: Program) -> Fill:
    """A filler of the program's outputs (see `_rows`).

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> result = np.empty(2)
    >>> filler(Program(x.graph, [1.0 / x]))([np.array([0.0, 2.0])], [result])
    >>> result
    array([inf, 0.5])
    """
    plans: dict[tuple[bool, ...], Plan] = {}
    constants = [np.float64(value) for value in program.constants]
    outputs = program.outputs

    def fill(inputs: Sequence[Any], results: Sequence[Array]) -> None:
        single = tuple([not np.ndim(column) for column in inputs])
        plan = plans.get(single)
        if plan is None:
            plan = plans[single] = Plan(program, single)
        rows = len(results[0])
        block = min(plan.block, rows)
        values: list[Any] = [np.float64(x) if alone else None for x, alone in zip(inputs, single, strict=True)]
        values += [*constants, *[None] * len(program.instructions)]
        slots: list[Any] = [np.empty(block, kind) for kind in plan.kinds]
        # A kernel reads and writes contiguous float64: some of NumPy's loops round differently on strides.
        copies = {
            number: np.empty(block)
            for number, column in enumerate(inputs)
            if not single[number] and not (column.dtype == np.float64 and column.flags.c_contiguous)
        }
        spare = {place: np.empty(block) for place in plan.direct if not results[place].flags.c_contiguous}
        with np.errstate(all="ignore"):
            for compute, reads, out, *_ in plan.once:
                values[out] = compute(*[values[value] for value in reads])
            for start in range(0, rows, block):
                size = min(block, rows - start)
                part = slice(start, start + size)
                for number, column in enumerate(inputs):
                    if number in copies:
                        values[number] = copies[number][:size]
                        np.copyto(values[number], column[part], casting="unsafe")
                    elif not single[number]:
                        values[number] = column[part]
                for compute, reads, out, slot, result, drops in plan.steps:
                    arguments = [values[value] for value in reads]
                    if slot is not None:
                        values[out] = compute(*arguments, out=slots[slot][:size])
                    elif result is not None:
                        target = spare[result][:size] if result in spare else results[result][part]
                        values[out] = compute(*arguments, out=target)
                    else:
                        values[out] = compute(*arguments)
                    for value in drops:
                        values[value] = None
                for place, value in enumerate(outputs):
                    if place not in plan.direct or place in spare:
                        results[place][part] = values[value]
                guard_columns([result[part] for result in results], program.masks)

    return fill
