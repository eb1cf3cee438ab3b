"""Many points through LLVM (the extra `fast`): the program as explicit vector code for this processor.

One loop over the rows, W lanes at a time; the last vector is moved back to end at the last row, so no row ever goes
another way than its neighbours. Fewer than W rows are padded. An operation without an entry in `_vector_kernels` calls
a function of the C library, or its scalar kernel, for each lane.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from functools import partial
from threading import Lock
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from ...graph.tape import Tape
from ...ops import Op
from .._rows import FLOAT, Array, Fill, guard_columns
from .machine import Machine, this_machine
from .module import Piece, c_function, module_text, pieces

BLOCK = 4096  # rows that are copied at a time where columns are not plain
SHORT_BLOCK = 256  # rows that go from piece to piece
# Lines of LLVM's text up to which its code generator works at level 1; level 0 is up to ten times quicker on large
# functions, and its code takes half as long again.
THOROUGH = 2_500
LONGEST = 25_000  # lines that are compiled together, about a second
LINE = 64  # bytes of the cache's lines
# Bytes of results from which they are written past the cache, where a store is a whole line: with lines in halves
# (AVX2) that took up to three times as long as ordinary stores.
LARGE = 2 << 20


def _function(op: Op, alive: list[Any]) -> int:
    """The address of a C function of the op: the library's own, or its scalar kernel called back."""
    name = c_function(op)
    found = llvm.address_of_symbol(name) if name else None
    if found is None:
        callback = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * op.arity)(op.forward)
        alive.append(callback)
        found = ctypes.cast(callback, ctypes.c_void_p).value
    return int(found or 0)


class Code:
    """The machine code of one piece.

    Args:
        program: what the piece is of.
        piece: what to compile.
        machine: for which processor.
        past: whether results are written past the cache (see `module_text` for what that asks of the caller).
    """

    def __init__(self, program: Tape, piece: Piece, machine: Machine, past: bool = False) -> None:
        self.alive: list[Any] = []  # callbacks, and the memory of the code
        text = module_text(program, piece, machine.width, past, lambda op: _function(op, self.alive))
        engine = machine.compile(text, 1 if text.count("\n") <= THOROUGH else 0)
        self.alive.append(engine)
        pointer = ctypes.c_void_p
        self._machine = machine
        self._rows = ctypes.CFUNCTYPE(None, ctypes.c_int64, pointer, pointer, pointer)(
            engine.get_function_address("rows")
        )
        self.reads, self.writes = piece.reads, piece.writes
        self._masks: dict[tuple[bool, ...], Any] = {}
        self._of_columns = self._masks_of((False,) * len(piece.reads))

    def _masks_of(self, single: tuple[bool, ...]) -> Any:
        """What the compiled function takes as `masks`: which inputs are numbers."""
        masks = self._masks.get(single)
        if masks is None:
            masks = self._masks[single] = (ctypes.c_int64 * len(single))(*[0 if alone else -1 for alone in single])
        return masks

    def run(self, inputs: Sequence[Any], results: Sequence[Array]) -> None:
        """Compute W rows or more: inputs are numbers or plain columns in the order of `reads`, results of `writes`."""
        single = tuple([type(column) is float for column in inputs])
        if True in single:
            inputs = [np.full(self._machine.width, x) if alone else x for x, alone in zip(inputs, single, strict=True)]
        self.run_at(len(results[0]), self._machine.addresses([*inputs, *results]), single)

    def run_at(self, rows: int, table: array[int], single: tuple[bool, ...] | None = None) -> None:
        """The same for columns at these addresses, of which some may be of W copies of a number."""
        start = table.buffer_info()[0]
        masks = self._of_columns if single is None else self._masks_of(single)
        self.call(rows, start, masks, start + 8 * len(self.reads))

    def call(self, rows: int, inputs: Any, masks: Any, targets: Any) -> None:
        """The function itself; what it takes are addresses of tables of addresses."""
        self._rows(rows, inputs, masks, targets)


class Filler:
    """Computes a program's outputs for rows (see `_rows`); compiled when it is first called.

    Args:
        program: what to compute.
    """

    def __init__(self, program: Tape) -> None:
        self._program = program
        self._machine = this_machine()
        self._pieces = pieces(program, LONGEST)
        self._made: dict[bool, list[Code]] = {}
        self._lock = Lock()

    def __call__(self, inputs: Sequence[Any], results: Sequence[Array]) -> None:
        """Compute some rows: columns may have any strides, results any that are their own."""
        width, rows = self._machine.width, len(results[0])
        if rows < width or not _plain(inputs) or not _plain(results):
            self._padded(self._direct(False), inputs, results)
            return
        head = _rows_before(results, LINE) if self._goes_past(rows, len(results)) else None
        if head is None:
            self._direct(False)(inputs, results)
            return
        direct = self._direct(True)
        tail = rows - (rows - head) % width
        for part, is_whole in ((slice(0, head), False), (slice(head, tail), True), (slice(tail, rows), False)):
            if part.start != part.stop:
                these = _cut(inputs, part), _cut(results, part)
                direct(*these) if is_whole else self._padded(direct, *these)

    def at_once(self, columns: Sequence[Any], results: Sequence[Any]) -> bool:
        """Compute if these are writeable plain columns of one length and no result is on another; tell whether."""
        rows = columns[0].size
        if rows < self._machine.width or len(self._pieces) > 1 or self._goes_past(rows, len(results)):
            return False
        table = self._machine.plain_addresses(columns, results, rows)
        if table is not None:
            self._codes(False)[0].run_at(rows, table)
        return table is not None

    def _goes_past(self, rows: int, results: int) -> bool:
        return self._machine.stores_lines and 8 * rows * results >= LARGE and len(self._pieces) == 1

    def _codes(self, past: bool) -> list[Code]:
        with self._lock:
            if past not in self._made:
                self._made[past] = [Code(self._program, piece, self._machine, past) for piece in self._pieces]
            return self._made[past]

    def _direct(self, past: bool) -> Fill:
        """What computes W plain rows or more."""
        codes = self._codes(past)
        return codes[0].run if len(codes) == 1 else partial(_in_pieces, self._program, codes, self._machine)

    def _padded(self, direct: Fill, inputs: Sequence[Any], results: Sequence[Array]) -> None:
        """Columns that are not plain pass through blocks that are, too few rows are padded with copies of the first."""
        rows, width = len(results[0]), self._machine.width
        length = max(min(BLOCK, rows), width)
        buffers = {number: np.empty(length) for number, column in enumerate(inputs) if np.ndim(column)}
        targets = [_aligned(length, 8 * width) for _ in results]
        for start in range(0, rows, length):
            size = min(length, rows - start)
            for number, buffer in buffers.items():
                np.copyto(buffer[:size], inputs[number][start : start + size], casting="unsafe")
                buffer[size:] = buffer[0]
            direct([buffers.get(number, column) for number, column in enumerate(inputs)], targets)
            for result, target in zip(results, targets, strict=True):
                result[start : start + size] = target[:size]


def filler(program: Tape) -> Fill:
    """A filler of the program's outputs.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> result = np.empty(2)
    >>> filler(Tape(x.graph, [1.0 / x]))([np.array([0.0, 2.0])], [result])
    >>> result
    array([inf, 0.5])
    """
    return Filler(program)


def _cut(columns: Sequence[Any], part: slice) -> list[Any]:
    return [column if type(column) is float else column[part] for column in columns]


def _plain(columns: Sequence[Any]) -> bool:
    """Whether these are numbers, or columns as the compiled code reads and writes them."""
    for column in columns:
        if type(column) is float:
            continue
        if column.dtype is not FLOAT or column.strides != (8,) or not column.flags.aligned:
            return False
    return True


def _aligned(length: int, size: int) -> Array:
    """A new column that begins at a multiple of so many bytes."""
    column = np.empty(length + size // 8)
    first = -column.ctypes.data % size // 8
    return column[first : first + length]


def _rows_before(results: Sequence[Array], size: int) -> int | None:
    """How many rows are before the first at which all results are at a multiple of so many bytes; None if never."""
    found = {-result.ctypes.data % size for result in results}
    return found.pop() // 8 if len(found) == 1 else None


def _in_pieces(
    program: Tape, codes: Sequence[Code], machine: Machine, inputs: Sequence[Any], results: Sequence[Array]
) -> None:
    """Run piece after piece on blocks of rows; what goes from one to another stays in the cache, or near it."""
    kept = sorted({value for code in codes for value in code.writes})
    first = len(program.variables)
    constants = {first + place: value for place, value in enumerate(program.constants)}

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
            np.array(machine.addresses([values[value] for value in code.reads])),
            np.array([moves.get(value, 0) for value in code.reads], dtype=np.int64),
            np.array([0 if value < first and single[value] else -1 for value in code.reads], dtype=np.int64),
            np.array(machine.addresses([store[value] for value in code.writes])),
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
