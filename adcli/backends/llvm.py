"""Many points through LLVM (the extra `fast`): the program as explicit vector code for this processor.

One loop over the rows, W lanes at a time; the last vector is moved back to end at the last row, so no row ever goes
another way than its neighbours. Fewer than W rows are padded. An operation without an entry in `_vector_kernels` calls
a function of the C library, or its scalar kernel, for each lane.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from numpy.typing import NDArray

from ..graph.program import Program
from ..ops import Op
from ._module import Piece, c_function, module_text, pieces
from ._rows import Array, Fill, address, guard_columns

Addresses = NDArray[np.int64]

BLOCK = 4096  # rows that are copied at a time where columns are not plain
SHORT_BLOCK = 256  # rows that go from piece to piece
# Lines of LLVM's text up to which its code generator works at level 1; level 0 is up to ten times quicker on large
# functions, and its code takes half as long again.
THOROUGH = 2_500
LONGEST = 25_000  # lines that are compiled together, about a second


def _function(op: Op, alive: list[Any]) -> int:
    """The address of a C function of the op: the library's own, or its scalar kernel called back."""
    name = c_function(op)
    found = llvm.address_of_symbol(name) if name else None
    if found is None:
        callback = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * op.arity)(op.forward)
        alive.append(callback)
        found = ctypes.cast(callback, ctypes.c_void_p).value
    return int(found or 0)


class Machine:
    """This processor: its name and features, and the width of its vectors in float64s."""

    def __init__(self) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self.cpu = llvm.get_host_cpu_name()
        self.features = llvm.get_host_cpu_features()
        self.width = 8 if self.features.get("avx512f") else 4 if self.features.get("avx2") else 2
        # Without it each fused multiply-add is a call of the C library.
        self.fused = self.features.get("fma", True)
        self.target = llvm.Target.from_default_triple()

    def compile(self, text: str, level: int) -> llvm.ExecutionEngine:
        """Machine code of a module, without passes; `level` is that of the code generator."""
        module = llvm.parse_assembly(text)
        machine = self.target.create_target_machine(cpu=self.cpu, features=self.features.flatten(), opt=level, jit=True)
        engine = llvm.create_mcjit_compiler(module, machine)
        engine.finalize_object()
        return engine


@cache
def this_machine() -> Machine:
    """The one that is running."""
    return Machine()


class Code:
    """The machine code of one piece.

    Args:
        program: what the piece is of.
        piece: what to compile.
        machine: for which processor.
    """

    def __init__(self, program: Program, piece: Piece, machine: Machine) -> None:
        self.alive: list[Any] = []  # callbacks, and the memory of the code
        text = module_text(program, piece, machine.width, lambda op: _function(op, self.alive))
        engine = machine.compile(text, 1 if text.count("\n") <= THOROUGH else 0)
        self.alive.append(engine)
        pointer = ctypes.c_void_p
        self._width = machine.width
        self._rows = ctypes.CFUNCTYPE(None, ctypes.c_int64, pointer, pointer, pointer)(
            engine.get_function_address("rows")
        )
        self.reads, self.writes = piece.reads, piece.writes
        self._inputs, self._results = pointer * len(self.reads), pointer * len(self.writes)
        self._masks: dict[tuple[bool, ...], Any] = {}

    def run(self, inputs: Sequence[Any], results: Sequence[Array]) -> None:
        """Compute W rows or more: inputs are numbers or plain columns in the order of `reads`, results of `writes`."""
        columns = [x if isinstance(x, np.ndarray) else np.full(self._width, x) for x in inputs]
        single = tuple([column is not x for column, x in zip(columns, inputs, strict=True)])
        masks = self._masks.get(single)
        if masks is None:
            masks = self._masks[single] = (ctypes.c_int64 * len(single))(*[0 if alone else -1 for alone in single])
        self.call(len(results[0]), self._inputs(*map(address, columns)), masks, self._results(*map(address, results)))

    def call(self, rows: int, inputs: Any, masks: Any, targets: Any) -> None:
        """The function itself; what it takes are addresses of tables of addresses."""
        self._rows(rows, inputs, masks, targets)


def addresses(columns: Sequence[Array]) -> Addresses:
    """Where columns begin."""
    return np.array([address(column) for column in columns], dtype=np.int64)


def filler(program: Program) -> Fill:
    """A filler of the program's outputs (see `_rows`).

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> result = np.empty(2)
    >>> filler(Program(x.graph, [1.0 / x]))([np.array([0.0, 2.0])], [result])
    >>> result
    array([inf, 0.5])
    """
    machine = this_machine()
    codes = [Code(program, piece, machine) for piece in pieces(program, LONGEST)]
    direct = _in_pieces(program, codes, machine) if len(codes) > 1 else codes[0].run
    width = machine.width

    def fill(inputs: Sequence[Any], results: Sequence[Array]) -> None:
        rows = len(results[0])
        if rows >= width and all(_plain(column) for column in (*inputs, *results)):
            direct(inputs, results)
            return
        # Other columns pass through blocks of plain ones, too few rows are padded with copies of the first.
        length = max(min(BLOCK, rows), width)
        buffers = {number: np.empty(length) for number, column in enumerate(inputs) if np.ndim(column)}
        targets = [np.empty(length) for _ in results]
        for start in range(0, rows, length):
            size = min(length, rows - start)
            for number, buffer in buffers.items():
                np.copyto(buffer[:size], inputs[number][start : start + size], casting="unsafe")
                buffer[size:] = buffer[0]
            direct([buffers.get(number, column) for number, column in enumerate(inputs)], targets)
            for result, target in zip(results, targets, strict=True):
                result[start : start + size] = target[:size]

    return fill


def _plain(column: Any) -> bool:
    """Whether it is a number, or a column as the compiled code reads it."""
    if not isinstance(column, np.ndarray):
        return True
    flags = column.flags
    return column.dtype == np.float64 and flags.c_contiguous and flags.aligned


def _in_pieces(program: Program, codes: Sequence[Code], machine: Machine) -> Fill:
    """Run piece after piece on blocks of rows; what goes from one to another stays in the cache, or near it."""
    kept = sorted({value for code in codes for value in code.writes})
    first = len(program.variables)
    constants = {first + place: value for place, value in enumerate(program.constants)}

    def direct(inputs: Sequence[Any], results: Sequence[Array]) -> None:
        rows = len(results[0])
        length = max(min(SHORT_BLOCK, rows), machine.width)
        store = dict(zip(kept, np.empty((len(kept), length)), strict=True))
        single = [not np.ndim(column) for column in inputs]
        columns = [np.full(machine.width, x) if alone else x for x, alone in zip(inputs, single, strict=True)]
        values = dict(enumerate(columns)) | store
        moves = {number: 0 if alone else 8 for number, alone in enumerate(single)}  # bytes a row
        calls = [
            (
                code,
                addresses([values[value] for value in code.reads]),
                np.array([moves.get(value, 0) for value in code.reads], dtype=np.int64),
                np.array([0 if value < first and single[value] else -1 for value in code.reads], dtype=np.int64),
                addresses([store[value] for value in code.writes]),
            )
            for code in codes
        ]
        for begin in range(0, rows, length):
            # The last block may begin before the end of the one before: the same rows again, with the same bits.
            start = min(begin, rows - length)
            part = slice(start, start + length)
            for code, origins, steps, masks, targets in calls:
                here = origins + steps * start
                code.call(length, here.ctypes.data, masks.ctypes.data, targets.ctypes.data)
            for result, value in zip(results, program.outputs, strict=True):
                if value < first:
                    result[part] = inputs[value] if single[value] else inputs[value][part]
                else:
                    result[part] = store[value] if value in store else constants[value]
            guard_columns([result[part] for result in results], program.masks)

    return direct
