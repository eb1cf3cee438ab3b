"""Many points through NumPy: blocks of rows that stay in the cache, array kernels that write into reused slots.

What depends on single numbers alone is computed once. The bits of a point depend on neither its block nor its
neighbours: every kernel reads and writes contiguous float64.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from operator import itemgetter
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..graph.tape import Tape
from ..ops.kernels import arrays
from ._rows import Array, Fill, guard_columns

CACHE = 1 << 22  # bytes that the slots of one block may take together
# Lines of LLVM's text that an operation takes on average, from which NumPy's calls are long enough for threads.
LONG_CALLS = 16
SHORTEST, LONGEST = 2048, 8192  # rows of a block: a call of NumPy costs as much as some 1500 of them


class Call(NamedTuple):
    """`values[outs] = compute(*values[inputs])`."""

    compute: Callable[..., Any]
    inputs: tuple[int, ...]
    outs: tuple[int, ...]
    is_condition: bool = False
    scratch: int | None = None  # a value of no use to others, for a kernel that writes results and scratch

    @property
    def overwrites(self) -> bool:
        """Whether the kernel takes an array to write into, which may be one that it reads."""
        return isinstance(self.compute, np.ufunc) or self.compute in arrays.OVERWRITING

    @property
    def written(self) -> tuple[int, ...]:
        """The values whose arrays the kernel is given to write into; none where it makes its own."""
        if self.scratch is not None:
            return (*self.outs, self.scratch)
        return self.outs if self.overwrites else ()

    def once(self, arguments: Sequence[Any]) -> list[Any]:
        """The results on single numbers."""
        if self.scratch is None:
            return [self.compute(*arguments)]
        results = np.empty((len(self.outs) + 1, 1))
        self.compute(*map(np.atleast_1d, arguments), *results)
        return [result[0] for result in results[:-1]]


def calls(program: Tape) -> list[Call]:
    """The instructions as calls of kernels: tanh(x), and sech(x)**2 where it is asked for, are one.

    >>> import adcli
    >>> [call.compute.__name__ for call in calls(adcli.compile("x*tanh(x)").program())]
    ['tanh_and_slope', 'multiply', 'multiply', 'add']
    """
    squares = program.squares("sech")
    hyperbolic = {inputs[0] for op, _, inputs in program.instructions if op.name == "tanh"}
    sechs = {inputs[0]: out for op, out, inputs in program.instructions if out in squares and inputs[0] in hyperbolic}
    joined = {value for sech in sechs.values() for value in (sech, squares[sech])}
    made: list[Call] = []
    for op, out, inputs in program.instructions:
        if op.name == "tanh" and inputs[0] in sechs:
            slope = squares[sechs[inputs[0]]]
            made.append(Call(arrays.tanh_and_slope, inputs, (out, slope), scratch=program.size + len(made)))
        elif op.name == "tanh":
            made.append(Call(arrays.tanh_into, inputs, (out,), scratch=program.size + len(made)))
        elif out not in joined:
            made.append(Call(op.array_kernel(), inputs, (out,), op.is_condition))
    return made


class Step(NamedTuple):
    """What a block does: `compute(*arguments(values))`, which writes into arrays, or makes `values[fresh]`."""

    compute: Callable[..., Any]
    arguments: Callable[[Sequence[Any]], tuple[Any, ...]]
    fresh: int | None
    drops: tuple[int, ...]  # values that kernels have made and nobody reads any more


class Plan:
    """What to run once, what to run for each block, and how many slots that takes.

    Args:
        program: what to compute.
        made: the calls that compute it.
        single: which inputs are numbers.

    Attributes:
        alone: the values that are numbers.
        once: the calls that compute them.
        steps: of a block.
        direct: the outputs that are written into by a step, and their values.
        slots: per value that has one its slot.
        kinds: of the slots.
        block: rows.
        idle: slots that no thread is using.
    """

    def __init__(self, program: Tape, made: Sequence[Call], single: tuple[bool, ...]) -> None:
        self.alone = alone = {number for number, is_single in enumerate(single) if is_single}
        alone.update(range(len(single), len(single) + len(program.constants)))
        outputs = {value: place for place, value in reversed(list(enumerate(program.outputs)))}
        self.once: list[Call] = []
        several: list[Call] = []
        for call in made:
            if alone.issuperset(call.inputs):
                alone.update(call.outs)
                self.once.append(call)
            else:
                several.append(call)
        self.steps: list[Step] = []
        self.direct: dict[int, int] = {}
        self.slots: dict[int, int] = {}
        self.kinds: list[type] = []
        free: dict[type, list[int]] = {np.float64: [], np.bool_: []}
        for call, last in zip(several, _last_reads(several, outputs), strict=True):
            if call.overwrites:
                self._release(last, free)
            kind = np.bool_ if call.is_condition else np.float64
            for out in call.written:
                if out in outputs:
                    self.direct[outputs[out]] = out
                    continue
                if not free[kind]:
                    free[kind].append(len(self.kinds))
                    self.kinds.append(kind)
                self.slots[out] = free[kind].pop()
            if not call.overwrites:
                self._release(last, free)
            fresh = None if call.written else call.outs[0]
            drops = tuple([value for value in last if value not in self.slots])
            self.steps.append(Step(call.compute, _getter((*call.inputs, *call.written)), fresh, drops))
        rows = CACHE // (8 * (len(self.kinds) + 1)) // SHORTEST * SHORTEST
        self.block = min(max(rows, SHORTEST), LONGEST)
        self.idle: list[list[NDArray[Any]]] = []

    def taken(self) -> list[NDArray[Any]]:
        """Slots for one thread, those of an earlier run where there are any: new memory costs a fault a page."""
        try:
            return self.idle.pop()
        except IndexError:
            return [np.empty(self.block, kind) for kind in self.kinds]

    def _release(self, values: Sequence[int], free: dict[type, list[int]]) -> None:
        for value in values:
            if value in self.slots:
                slot = self.slots[value]
                free[self.kinds[slot]].append(slot)


def _last_reads(several: Sequence[Call], outputs: dict[int, int]) -> list[list[int]]:
    """Per call, the results of calls, and its scratch, that nobody reads after it."""
    made = {out for call in several for out in call.outs} - outputs.keys()
    found: list[list[int]] = []
    for call in reversed(several):
        last = [value for value in dict.fromkeys(call.inputs) if value in made]
        made.difference_update(last)
        found.append(last if call.scratch is None else [*last, call.scratch])
    found.reverse()
    return found


def _getter(places: tuple[int, ...]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """The items at these places; `itemgetter` gives the bare item where there is one."""
    return itemgetter(*places) if len(places) > 1 else lambda values: (values[places[0]],)


def _has_short_calls(program: Tape) -> bool:
    """Whether threads take turns: to wait for the interpreter's lock, which a call of NumPy lets go, outlasts a sum.

    Two threads together ran 0.7 times as quickly as one where all is arithmetic, 1.1 times with a function in every
    eighth operation, 1.8 times with one in every third.
    """
    from .llvm.module import weight

    instructions = program.instructions
    return sum(weight(op, len(inputs)) for op, _, inputs in instructions) < LONG_CALLS * len(instructions)


def filler(program: Tape) -> Fill:
    """A filler of the program's outputs (see `_rows`).

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> result = np.empty(2)
    >>> filler(Tape(x.graph, [1.0 / x]))([np.array([0.0, 2.0])], [result])
    >>> result
    array([inf, 0.5])
    """
    made = calls(program)
    plans: dict[tuple[bool, ...], Plan] = {}
    constants = [np.float64(value) for value in program.constants]
    outputs = program.outputs
    turn = Lock() if _has_short_calls(program) else nullcontext()

    def fill(inputs: Sequence[Any], results: Sequence[Array]) -> None:
        single = tuple([not np.ndim(column) for column in inputs])
        plan = plans.get(single)
        if plan is None:
            plan = plans[single] = Plan(program, made, single)
        rows = len(results[0])
        block = min(plan.block, rows)
        values: list[Any] = [np.float64(x) if alone else None for x, alone in zip(inputs, single, strict=True)]
        values += [*constants, *[None] * (len(program.instructions) + len(made))]
        slots = plan.taken()
        # A kernel reads and writes contiguous float64: some of NumPy's loops round differently on strides.
        copies = {
            number: np.empty(block)
            for number, column in enumerate(inputs)
            if not single[number] and not (column.dtype == np.float64 and column.flags.c_contiguous)
        }
        whole = [number for number, alone in enumerate(single) if not alone and number not in copies]
        spare = {place: np.empty(block) for place in plan.direct if not results[place].flags.c_contiguous}
        copied = [place for place in range(len(outputs)) if place not in plan.direct or place in spare]
        with turn, np.errstate(all="ignore"):
            for call in plan.once:
                found = call.once([values[value] for value in call.inputs])
                for out, value in zip(call.outs, found, strict=True):
                    values[out] = value
            for number in plan.alone:
                values[number] = np.array(values[number])  # costs a ufunc less than a number does
            for start in range(0, rows, block):
                size = min(block, rows - start)
                part = slice(start, start + size)
                if start == 0 or size < block:
                    for value, slot in plan.slots.items():
                        values[value] = slots[slot][:size]
                for number in whole:
                    values[number] = inputs[number][part]
                for number, copy in copies.items():
                    values[number] = copy[:size]
                    np.copyto(values[number], inputs[number][part], casting="unsafe")
                for place, value in plan.direct.items():
                    values[value] = spare[place][:size] if place in spare else results[place][part]
                for compute, arguments, fresh, drops in plan.steps:
                    if fresh is None:
                        compute(*arguments(values))
                    else:
                        values[fresh] = compute(*arguments(values))
                    for value in drops:
                        values[value] = None
                for place in copied:
                    results[place][part] = values[outputs[place]]
                guard_columns([result[part] for result in results], program.masks)
        plan.idle.append(slots)

    return fill
