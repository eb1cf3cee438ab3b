"""Many points through LLVM (the extra `fast`): the program as explicit vector code for this processor.

One loop over the rows, W lanes at a time; the last vector is moved back to end at the last row, so no row ever goes
another way than its neighbours. Fewer than W rows are padded. An operation without an entry in `_vector_kernels` calls
a function of the C library, or its scalar kernel, for each lane.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from functools import cache, partial
from threading import Lock
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from ..graph.program import Program
from ..ops import Op
from ._module import Piece, c_function, module_text, pieces
from ._rows import Array, Fill, guard_columns

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
FLOAT = np.dtype(np.float64)


def _function(op: Op, alive: list[Any]) -> int:
    """The address of a C function of the op: the library's own, or its scalar kernel called back."""
    name = c_function(op)
    found = llvm.address_of_symbol(name) if name else None
    if found is None:
        callback = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * op.arity)(op.forward)
        alive.append(callback)
        found = ctypes.cast(callback, ctypes.c_void_p).value
    return int(found or 0)


# `places` puts into a table of arrays where their data are, and gives the flags that all of them have; 0 where not all
# are columns of so many rows, contiguous, of this type of numbers. It reads arrays where NumPy's C headers say
# (`PyArrayObject`, as the macros of every compiled extension do): after an object's header the address of the data, the
# number of axes, pointers to shape and strides, the base, the type of numbers, flags. An object's id is its address.
# `apart` says whether no result of a table, from `first` on, has a byte in common with an input, where columns have so
# many bytes. For 21 columns the two take a tenth of the time of asking each in Python.
HEADER = object.__basicsize__
PLAIN = 0x100 | 0x400  # NPY_ARRAY_ALIGNED, NPY_ARRAY_WRITEABLE
PLACES = f"""
define i32 @places(i64 %n, i64 %rows, ptr %numbers, ptr %table) {{
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %all = phi i32 [ -1, %entry ], [ %found, %loop ]
  %at = getelementptr ptr, ptr %table, i64 %i
  %array = load ptr, ptr %at
  %data_at = getelementptr i8, ptr %array, i64 {HEADER}
  %axes_at = getelementptr i8, ptr %array, i64 {HEADER + 8}
  %shape_at = getelementptr i8, ptr %array, i64 {HEADER + 16}
  %strides_at = getelementptr i8, ptr %array, i64 {HEADER + 24}
  %type_at = getelementptr i8, ptr %array, i64 {HEADER + 40}
  %flags_at = getelementptr i8, ptr %array, i64 {HEADER + 48}
  %data = load ptr, ptr %data_at
  %axes = load i32, ptr %axes_at
  %type = load ptr, ptr %type_at
  %flags = load i32, ptr %flags_at
  store ptr %data, ptr %at
  %has_axis = icmp eq i32 %axes, 1
  %shape = load ptr, ptr %shape_at
  %strides = load ptr, ptr %strides_at
  %shape_or_none = select i1 %has_axis, ptr %shape, ptr %at
  %strides_or_none = select i1 %has_axis, ptr %strides, ptr %at
  %length = load i64, ptr %shape_or_none
  %stride = load i64, ptr %strides_or_none
  %has_length = icmp eq i64 %length, %rows
  %is_contiguous = icmp eq i64 %stride, 8
  %has_type = icmp eq ptr %type, %numbers
  %is_line = and i1 %has_axis, %is_contiguous
  %is_right = and i1 %has_length, %has_type
  %is_plain = and i1 %is_line, %is_right
  %mask = select i1 %is_plain, i32 %flags, i32 0
  %found = and i32 %all, %mask
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret i32 %found
}}

define i1 @apart(i64 %n, i64 %first, i64 %bytes, ptr %table) {{
entry:
  br label %result
result:
  %i = phi i64 [ %first, %entry ], [ %following, %free ]
  %here_at = getelementptr i64, ptr %table, i64 %i
  %here = load i64, ptr %here_at
  %stop = add i64 %here, %bytes
  br label %input
input:
  %k = phi i64 [ 0, %result ], [ %next, %input ]
  %were_free = phi i1 [ true, %result ], [ %are_free, %input ]
  %there_at = getelementptr i64, ptr %table, i64 %k
  %there = load i64, ptr %there_at
  %end = add i64 %there, %bytes
  %is_after = icmp uge i64 %here, %end
  %is_before = icmp ule i64 %stop, %there
  %is_free = or i1 %is_after, %is_before
  %are_free = and i1 %were_free, %is_free
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, %first
  br i1 %more, label %input, label %free
free:
  %following = add i64 %i, 1
  %others = icmp slt i64 %following, %n
  %go_on = and i1 %others, %are_free
  br i1 %go_on, label %result, label %done
done:
  ret i1 %are_free
}}
"""


class Machine:
    """This processor: its name and features, and the width of the vectors in float64s, its own if none is given.

    Attributes:
        fused: whether it has fused multiply-adds; without them each is a call of the C library.
        stores_lines: whether it stores a line of the cache at once.
    """

    def __init__(self, width: int | None = None) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self.cpu = llvm.get_host_cpu_name()
        self.features = llvm.get_host_cpu_features()
        # With AVX2 two registers to a vector: one hides what the other waits for, and together they are a line.
        self.width = width or (8 if self.features.get("avx2") else 2)
        self.stores_lines = bool(self.features.get("avx512f"))
        self.fused = self.features.get("fma", True)
        self.target = llvm.Target.from_default_triple()
        self._engine = self.compile(PLACES, 0)
        number, pointer = ctypes.c_int64, ctypes.c_void_p
        places, apart = map(self._engine.get_function_address, ("places", "apart"))
        self._places = ctypes.PYFUNCTYPE(ctypes.c_int32, number, number, pointer, pointer)(places)
        self._apart = ctypes.PYFUNCTYPE(ctypes.c_bool, number, number, number, pointer)(apart)

    def addresses(self, columns: Sequence[Array]) -> array[int]:
        """A table of where arrays begin."""
        table = array("q", list(map(id, columns)))
        self._places(len(table), 0, 0, table.buffer_info()[0])
        return table

    def plain_addresses(self, inputs: Sequence[Any], results: Sequence[Any], rows: int) -> array[int] | None:
        """The same, if all are writeable plain columns of so many rows and no result is on an input; of one or more."""
        columns = [*inputs, *results]
        if set(map(type, columns)) != {np.ndarray}:
            return None
        table = array("q", list(map(id, columns)))
        start = table.buffer_info()[0]
        if self._places(len(table), rows, id(FLOAT), start) & PLAIN != PLAIN:
            return None
        return table if self._apart(len(table), len(inputs), 8 * rows, start) else None

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
        past: whether results are written past the cache (see `module_text` for what that asks of the caller).
    """

    def __init__(self, program: Program, piece: Piece, machine: Machine, past: bool = False) -> None:
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

    def __init__(self, program: Program) -> None:
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
        """Compute if these are writeable plain columns of one length and no result is on an input; tell whether."""
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


def filler(program: Program) -> Fill:
    """A filler of the program's outputs.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> result = np.empty(2)
    >>> filler(Program(x.graph, [1.0 / x]))([np.array([0.0, 2.0])], [result])
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
    program: Program, codes: Sequence[Code], machine: Machine, inputs: Sequence[Any], results: Sequence[Array]
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
