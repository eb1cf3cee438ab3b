"""Many points with NumPy: blocks of rows that stay in the cache, array kernels that write into reused slots.

Values that depend on single numbers alone are computed once. The bits of a point depend neither on its block nor on its
neighbours, because every kernel reads and writes contiguous float64.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from operator import itemgetter
from threading import Lock

import numpy as np

from ..graph.tape import Tape
from ..ops.kernels import arrays
from ..ops.operands import Operand, Rule
from ..records import NamedTuple
from ._rows import AnyArray, Array, Input, guard_columns

CACHE_BYTES = 1 << 22  # bytes that the slots of one block may take together
# Lines of LLVM's text that an operation takes on average, from which calls of NumPy are long enough for threads.
LONG_CALLS = 16
MIN_BLOCK_ROWS, MAX_BLOCK_ROWS = 2048, 8192  # a call of NumPy costs as much as some 1500 rows


class KernelCall(NamedTuple):
    """`values[outs] = compute(*values[inputs])`."""

    compute: Rule
    inputs: tuple[int, ...]
    outs: tuple[int, ...]
    is_condition: bool = False
    scratch: int | None = None  # a value that nothing reads, for a kernel that writes results and scratch

    @property
    def overwrites(self) -> bool:
        """Whether the kernel takes an array to write into, which may be one that it reads."""
        return isinstance(self.compute, np.ufunc) or self.compute in arrays.OVERWRITING

    @property
    def targets(self) -> tuple[int, ...]:
        """The values whose arrays the kernel writes into, none if it makes its own."""
        if self.scratch is not None:
            return (*self.outs, self.scratch)
        return self.outs if self.overwrites else ()

    def on_numbers(self, arguments: Sequence[Operand]) -> list[Operand]:
        """Return the results for single numbers."""
        if self.scratch is None:
            return [self.compute(*arguments)]
        results = np.empty((len(self.outs) + 1, 1))
        self.compute(*map(np.atleast_1d, arguments), *results)
        return [result[0] for result in results[:-1]]


def kernel_calls(program: Tape) -> list[KernelCall]:
    """Return the instructions as calls of kernels, with tanh(x) and sech(x)**2 in one.

    >>> from adcli import sech, tanh
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> [call.compute.__name__ for call in kernel_calls(Tape(x.graph, [x * tanh(x), x * sech(x) ** 2 + tanh(x)]))]
    ['tanh_and_slope', 'multiply', 'multiply', 'add']
    """
    squares = program.squares("sech")
    tanh_inputs = {inputs[0] for op, _, inputs in program.instructions if op.name == "tanh"}
    sechs = {inputs[0]: out for op, out, inputs in program.instructions if out in squares and inputs[0] in tanh_inputs}
    joined = {value for sech in sechs.values() for value in (sech, squares[sech])}
    calls: list[KernelCall] = []
    for op, out, inputs in program.instructions:
        if op.name == "tanh" and inputs[0] in sechs:
            slope = squares[sechs[inputs[0]]]
            calls.append(KernelCall(arrays.tanh_and_slope, inputs, (out, slope), scratch=program.size + len(calls)))
        elif op.name == "tanh":
            calls.append(KernelCall(arrays.tanh_into, inputs, (out,), scratch=program.size + len(calls)))
        elif out not in joined:
            calls.append(KernelCall(op.array_kernel(), inputs, (out,), op.is_condition))
    return calls


class BlockStep(NamedTuple):
    """A call for one block: `compute(*arguments(values))` writes into arrays, or makes `values[result]`."""

    compute: Rule
    arguments: Callable[[Sequence[Operand]], tuple[Operand, ...]]
    result: int | None
    drops: tuple[int, ...]  # values without a slot that nothing reads after this step


class Plan:
    """The calls to run once and the steps to run for each block, if certain inputs are numbers.

    Args:
        program: to compute.
        calls: the calls that compute it.
        is_number: which inputs are numbers.

    Attributes:
        numbers: the values that are numbers.
        number_calls: the calls that compute them.
        steps: the calls for a block.
        direct: the outputs that a step writes into, and their values.
        slots: the slot of each value that has one.
        types: of the slots' elements.
        block: rows of a block.
        free_slots: slots that no thread is using.
    """

    def __init__(self, program: Tape, calls: Sequence[KernelCall], is_number: tuple[bool, ...]) -> None:
        self.numbers = {index for index, is_one in enumerate(is_number) if is_one}
        self.numbers.update(range(len(is_number), len(is_number) + len(program.constants)))
        self.number_calls: list[KernelCall] = []
        block_calls: list[KernelCall] = []
        for call in calls:
            if self.numbers.issuperset(call.inputs):
                self.numbers.update(call.outs)
                self.number_calls.append(call)
            else:
                block_calls.append(call)
        outputs = {value: index for index, value in reversed(list(enumerate(program.outputs)))}
        self.steps: list[BlockStep] = []
        self.direct: dict[int, int] = {}
        self.slots: dict[int, int] = {}
        self.types: list[type] = []
        self._assign_slots(block_calls, outputs)
        rows = CACHE_BYTES // (8 * (len(self.types) + 1)) // MIN_BLOCK_ROWS * MIN_BLOCK_ROWS
        self.block = min(max(rows, MIN_BLOCK_ROWS), MAX_BLOCK_ROWS)
        self.free_slots: list[list[AnyArray]] = []

    def _assign_slots(self, calls: Sequence[KernelCall], outputs: dict[int, int]) -> None:
        """Set the steps, and assign their results to slots, which are free again after the last read."""
        free: dict[type, list[int]] = {np.float64: [], np.bool_: []}

        def release(values: Sequence[int]) -> None:
            for slot in [self.slots[value] for value in values if value in self.slots]:
                free[self.types[slot]].append(slot)

        for call, last in zip(calls, _last_reads(calls, outputs), strict=True):
            if call.overwrites:
                release(last)
            kind = np.bool_ if call.is_condition else np.float64
            for out in call.targets:
                if out in outputs:
                    self.direct[outputs[out]] = out
                    continue
                if not free[kind]:
                    free[kind].append(len(self.types))
                    self.types.append(kind)
                self.slots[out] = free[kind].pop()
            if not call.overwrites:
                release(last)
            result = None if call.targets else call.outs[0]
            drops = tuple([value for value in last if value not in self.slots])
            self.steps.append(BlockStep(call.compute, _getter((*call.inputs, *call.targets)), result, drops))

    def take_slots(self) -> list[AnyArray]:
        """Return slots for one thread, those of an earlier run if possible: new memory costs a page fault each page."""
        try:
            return self.free_slots.pop()
        except IndexError:
            return [np.empty(self.block, kind) for kind in self.types]

    def compute_numbers(self, values: list[Operand]) -> None:
        """Compute the values that are numbers."""
        for call in self.number_calls:
            results = call.on_numbers([values[value] for value in call.inputs])
            for out, value in zip(call.outs, results, strict=True):
                values[out] = value
        for number in self.numbers:
            values[number] = np.array(values[number])  # a ufunc takes an array in less time than a number

    def compute_block(self, values: list[Operand]) -> None:
        """Compute the values of one block."""
        for compute, arguments, result, drops in self.steps:
            if result is None:
                compute(*arguments(values))
            else:
                values[result] = compute(*arguments(values))
            for value in drops:
                values[value] = None


def _last_reads(calls: Sequence[KernelCall], outputs: dict[int, int]) -> list[list[int]]:
    """Return for each call the results of calls, and its scratch, that nothing reads after it."""
    unread = {out for call in calls for out in call.outs} - outputs.keys()
    last_reads: list[list[int]] = []
    for call in reversed(calls):
        last = [value for value in dict.fromkeys(call.inputs) if value in unread]
        unread.difference_update(last)
        last_reads.append(last if call.scratch is None else [*last, call.scratch])
    last_reads.reverse()
    return last_reads


def _getter(indices: tuple[int, ...]) -> Callable[[Sequence[Operand]], tuple[Operand, ...]]:
    """Return a getter of the items at these indices. `itemgetter` gives a bare item if there is one."""
    return itemgetter(*indices) if len(indices) > 1 else lambda values: (values[indices[0]],)


class _Columns:
    """The columns of one call as contiguous float64, block by block.

    Some of NumPy's loops round differently on strided arrays, so that these are copied.
    """

    def __init__(self, plan: Plan, inputs: Sequence[Input], results: Sequence[Array], block: int) -> None:
        self._inputs = inputs
        self._results = results
        columns = {
            number: column for number, column in enumerate(inputs) if isinstance(column, np.ndarray) and column.ndim
        }
        self._copies = {
            number: np.empty(block)
            for number, column in columns.items()
            if not (column.dtype == np.float64 and column.flags.c_contiguous)
        }
        self._plain = [number for number in columns if number not in self._copies]
        self._spare = {
            position: np.empty(block) for position in plan.direct if not results[position].flags.c_contiguous
        }
        self._direct = plan.direct
        self._copied = [
            position for position in range(len(results)) if position not in plan.direct or position in self._spare
        ]

    def load(self, values: list[Operand], part: slice) -> None:
        """Set the values of inputs, and of results that steps write into, to the rows of a block."""
        size = part.stop - part.start
        for number in self._plain:
            column = self._inputs[number]
            values[number] = column[part]  # type: ignore[index]
        for number, copy in self._copies.items():
            values[number] = copy[:size]
            np.copyto(values[number], self._inputs[number][part], casting="unsafe")  # type: ignore[index]
        for position, value in self._direct.items():
            values[value] = self._spare[position][:size] if position in self._spare else self._results[position][part]

    def store(self, values: Sequence[Operand], outputs: Sequence[int], part: slice) -> None:
        """Copy the other results."""
        for position in self._copied:
            self._results[position][part] = values[outputs[position]]


class NumpyFiller:
    """Compute a program's outputs for rows (see `_rows`)."""

    def __init__(self, program: Tape) -> None:
        self._program = program
        self._calls = kernel_calls(program)
        self._plans: dict[tuple[bool, ...], Plan] = {}
        self._constants = list(map(np.float64, program.constants))
        self._turn = Lock() if _has_short_calls(program) else nullcontext()

    def __call__(self, inputs: Sequence[Input], results: Sequence[Array]) -> None:
        """Compute some rows."""
        program = self._program
        is_number = tuple([not np.ndim(column) for column in inputs])
        plan = self._plans.get(is_number)
        if plan is None:
            plan = self._plans[is_number] = Plan(program, self._calls, is_number)
        values: list[Operand] = [np.float64(x) if one else None for x, one in zip(inputs, is_number, strict=True)]
        values += [*self._constants, *[None] * (len(program.instructions) + len(self._calls))]
        rows = len(results[0])
        block = min(plan.block, rows)
        slots = plan.take_slots()
        columns = _Columns(plan, inputs, results, block)
        with self._turn, np.errstate(all="ignore"):
            plan.compute_numbers(values)
            for start in range(0, rows, block):
                part = slice(start, min(start + block, rows))
                if start == 0 or part.stop - start < block:
                    for value, slot in plan.slots.items():
                        values[value] = slots[slot][: part.stop - start]
                columns.load(values, part)
                plan.compute_block(values)
                columns.store(values, program.outputs, part)
                guard_columns([result[part] for result in results], program.masks)
        plan.free_slots.append(slots)


def _has_short_calls(program: Tape) -> bool:
    """Return whether threads should take turns, because waiting for the interpreter's lock outlasts short calls.

    Compared with one thread, two together ran at 0.7 of its speed for arithmetic alone, 1.1 with a function in every
    eighth operation, and 1.8 with one in every third.
    """
    from .llvm.module import weight

    instructions = program.instructions
    return sum(weight(op, len(inputs)) for op, _, inputs in instructions) < LONG_CALLS * len(instructions)


filler = NumpyFiller
