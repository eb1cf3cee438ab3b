"""Many points through LLVM (the extra `fast`): the program as explicit vector code for this processor.

The code is one loop over the rows, W lanes at a time. The last vector is moved back to end at the last row, so that all
rows go through the same code. Fewer than W rows are padded. An operation without an entry in `kernels.KERNELS` calls a
function of the C library, or its scalar kernel, for each lane.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from functools import cache, partial
from threading import Lock

import llvmlite.binding as llvm
import numpy as np

from ...graph.tape import Tape
from ...ops import Op
from .._rows import FLOAT, AnyArray, Array, Fill, Input, guard_columns, slice_rows
from .module import ProgramPiece, c_function, module_text, pieces

COPY_ROWS = 4096  # rows that are copied at a time if columns are not plain
PIECE_ROWS = 256  # rows that go from piece to piece
# Lines of LLVM's text up to which its code generator works at level 1. Level 0 takes a tenth of the time on large
# functions, and its code takes 1.5 times as long.
THOROUGH = 2_500
MAX_LINES = 25_000  # lines that are compiled together, about a second
CACHE_LINE_BYTES = 64  # bytes of the cache's lines
# Bytes of results from which they are written past the cache, if a store is a whole line. In half lines (AVX2) that
# took up to three times as long as ordinary stores. For E1 to E4 of benchmarks/batch.py whole lines took 1.0 of the
# time of ordinary stores at 10**6 rows, and 0.8 to 0.95 at 4 * 10**6 and 10**7.
PAST_CACHE_BYTES = 2 << 20


class Machine:
    """This processor.

    Attributes:
        width: of the vectors, in float64s.
        fused: whether it has fused multiply-adds. Without them each is a call of the C library.
        stores_lines: whether it stores a line of the cache at once.
    """

    def __init__(self, width: int | None = None) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._cpu = llvm.get_host_cpu_name()
        features = llvm.get_host_cpu_features()
        self._features = features.flatten()
        # With AVX2 a vector is two registers: one hides the latency of the other, and together they are a line.
        self.width = width or (8 if features.get("avx2") else 2)
        self.stores_lines = bool(features.get("avx512f"))
        self.fused = bool(features.get("fma", True))
        self._target = llvm.Target.from_default_triple()

    def compile(self, text: str, level: int) -> llvm.ExecutionEngine:
        """Return machine code of a module, without passes. `level` is that of the code generator."""
        machine = self._target.create_target_machine(cpu=self._cpu, features=self._features, opt=level, jit=True)
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(text), machine)
        engine.finalize_object()
        return engine


@cache
def this_machine() -> Machine:
    """Return the processor that is running."""
    return Machine()


def _addresses(columns: Sequence[AnyArray]) -> array[int]:
    """Return a table of where columns begin."""
    return array("q", [column.ctypes.data for column in columns])


def _function(op: Op, alive: list[object]) -> int:
    """Return the address of a C function of the op: the library's own, or its scalar kernel called back."""
    name = c_function(op)
    address: int | None = llvm.address_of_symbol(name) if name else None
    if address is None:
        callback = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * op.arity)(op.forward)
        alive.append(callback)
        address = ctypes.cast(callback, ctypes.c_void_p).value
    return address or 0


class Code:
    """The machine code of one piece.

    Args:
        program: that the piece is part of.
        piece: what to compile.
        machine: the processor.
        past: whether results are written past the cache (see `module_text` for what that asks of the caller).
    """

    def __init__(self, program: Tape, piece: ProgramPiece, machine: Machine, past: bool = False) -> None:
        self._alive: list[object] = []  # callbacks, and the memory of the code
        text = module_text(program, piece, machine.width, past, lambda op: _function(op, self._alive))
        engine = machine.compile(text, 1 if text.count("\n") <= THOROUGH else 0)
        self._alive.append(engine)
        pointer = ctypes.c_void_p
        function = ctypes.CFUNCTYPE(None, ctypes.c_int64, pointer, pointer, pointer)
        self._rows = function(engine.get_function_address("rows"))
        self._width = machine.width
        self.reads, self.writes = piece.reads, piece.writes

    def run(self, inputs: Sequence[Input], results: Sequence[Array]) -> None:
        """Compute W rows or more: inputs are numbers or plain columns in the order of `reads`, results of `writes`."""
        masks = array("q", [-1 if isinstance(column, np.ndarray) else 0 for column in inputs])
        columns = [column if isinstance(column, np.ndarray) else np.full(self._width, column) for column in inputs]
        starts = _addresses([*columns, *results])
        start = starts.buffer_info()[0]
        self.call(len(results[0]), start, masks.buffer_info()[0], start + 8 * len(self.reads))

    def call(self, rows: int, inputs: int, masks: int, targets: int) -> None:
        """Run the function, which takes addresses of tables (see `module_text`)."""
        self._rows(rows, inputs, masks, targets)


class Filler:
    """Compute a program's outputs for rows (see `_rows`). The code is compiled at the first call.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> result = np.empty(2)
    >>> Filler(Tape(x.graph, [1.0 / x]))([np.array([0.0, 2.0])], [result])
    >>> result
    array([inf, 0.5])
    """

    def __init__(self, program: Tape) -> None:
        self._program = program
        self._machine = this_machine()
        self._pieces = pieces(program, MAX_LINES)
        self._compiled: dict[bool, Fill] = {}
        self._lock = Lock()

    def __call__(self, inputs: Sequence[Input], results: Sequence[Array]) -> None:
        """Compute some rows: columns may have any strides, results any that do not overlap."""
        width, rows = self._machine.width, len(results[0])
        if rows < width or not _are_plain(inputs) or not _are_plain(results):
            self._fill_padded(self._fill(False), inputs, results)
            return
        is_large = 8 * rows * len(results) >= PAST_CACHE_BYTES and self._machine.stores_lines and len(self._pieces) == 1
        head = _rows_before_line(results) if is_large else None
        if head is None:
            self._fill(False)(inputs, results)
            return
        fill = self._fill(True)
        tail = rows - (rows - head) % width
        fill(slice_rows(inputs, slice(head, tail)), [result[head:tail] for result in results])
        for part in (slice(0, head), slice(tail, rows)):
            if part.start != part.stop:
                self._fill_padded(fill, slice_rows(inputs, part), [result[part] for result in results])

    def _fill(self, past: bool) -> Fill:
        """Return the function that computes W plain rows or more."""
        with self._lock:
            if past not in self._compiled:
                codes = [Code(self._program, piece, self._machine, past) for piece in self._pieces]
                in_pieces = partial(_fill_in_pieces, self._program, codes, self._machine.width)
                self._compiled[past] = codes[0].run if len(codes) == 1 else in_pieces
            return self._compiled[past]

    def _fill_padded(self, fill: Fill, inputs: Sequence[Input], results: Sequence[Array]) -> None:
        """Compute rows through plain blocks. Too few rows are padded with copies of the first."""
        rows, width = len(results[0]), self._machine.width
        length = max(min(COPY_ROWS, rows), width)
        blocks: list[Input] = [np.empty(length) if isinstance(column, np.ndarray) else column for column in inputs]
        targets = [_new_aligned(length, 8 * width) for _ in results]
        for start in range(0, rows, length):
            size = min(length, rows - start)
            for block, column in zip(blocks, slice_rows(inputs, slice(start, start + size)), strict=True):
                if isinstance(block, np.ndarray):
                    np.copyto(block[:size], column, casting="unsafe")
                    block[size:] = block[0]
            fill(blocks, targets)
            for result, target in zip(results, targets, strict=True):
                result[start : start + size] = target[:size]


def _are_plain(columns: Sequence[Input]) -> bool:
    """Return whether these are numbers, or columns as the compiled code reads and writes them."""
    for column in columns:
        if isinstance(column, np.ndarray) and not (
            column.dtype is FLOAT and column.strides == (8,) and column.flags.aligned
        ):
            return False
    return True


def _new_aligned(length: int, size: int) -> Array:
    """Return a new column that begins at a multiple of `size` bytes."""
    column = np.empty(length + size // 8)
    first = -column.ctypes.data % size // 8
    return column[first : first + length]


def _rows_before_line(results: Sequence[Array]) -> int | None:
    """Return the number of rows before the first at which all results begin a line of the cache, None if never."""
    rests = {-result.ctypes.data % CACHE_LINE_BYTES for result in results}
    return rests.pop() // 8 if len(rests) == 1 else None


class _PieceCall:
    """One piece of a program, with where its columns begin and by how many bytes a row they advance."""

    def __init__(self, code: Code, columns: dict[int, AnyArray], numbers: set[int], inputs: int) -> None:
        self._code = code
        self._starts = np.array(_addresses([columns[value] for value in code.reads]))
        steps = [8 if value < inputs and value not in numbers else 0 for value in code.reads]
        self._steps = np.array(steps, dtype=np.int64)
        self._masks = np.array([0 if value in numbers else -1 for value in code.reads], dtype=np.int64)
        self._targets = np.array(_addresses([columns[value] for value in code.writes]))

    def run(self, start: int, rows: int) -> None:
        """Compute rows from `start` on into the columns between pieces."""
        here = self._starts + self._steps * start
        self._code.call(rows, here.ctypes.data, self._masks.ctypes.data, self._targets.ctypes.data)


def _fill_in_pieces(
    program: Tape, codes: Sequence[Code], width: int, inputs: Sequence[Input], results: Sequence[Array]
) -> None:
    """Run piece after piece on blocks of rows, so that values between pieces stay in the cache, or near it."""
    rows = len(results[0])
    length = max(min(PIECE_ROWS, rows), width)
    first = len(program.variables)
    numbers = {value for value, column in enumerate(inputs) if not isinstance(column, np.ndarray)}
    columns: dict[int, AnyArray] = {
        value: column if isinstance(column, np.ndarray) else np.full(width, column)
        for value, column in enumerate(inputs)
    }
    intermediate = sorted({value for code in codes for value in code.writes})
    columns |= dict(zip(intermediate, np.empty((len(intermediate), length)), strict=True))
    constants = {first + index: value for index, value in enumerate(program.constants)}
    calls = [_PieceCall(code, columns, numbers, first) for code in codes]
    for begin in range(0, rows, length):
        # The last block may begin before the end of the one before: the same rows again, with the same bits.
        start = min(begin, rows - length)
        part = slice(start, start + length)
        for call in calls:
            call.run(start, length)
        for result, value in zip(results, program.outputs, strict=True):
            if value < first:
                result[part] = inputs[value] if value in numbers else columns[value][part]
            else:
                result[part] = columns[value] if value in columns else constants[value]
        guard_columns([result[part] for result in results], program.masks)
