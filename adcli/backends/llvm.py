"""Many points through LLVM (the extra `fast`): the program as explicit vector code for this processor.

One loop over the rows, W lanes at a time; the last vector is moved back to end at the last row, so no row ever goes
another way than its neighbours. Fewer than W rows are padded. An operation without an entry in `_vector_kernels` calls
a function of the C library, or its scalar kernel, for each lane.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import numpy as np
from numpy.typing import NDArray

from ..graph.program import Instruction, Program
from ..ops import Op
from ._rows import Array, Fill, guard_columns
from ._vector import B, Emitter, F, Vector, select
from ._vector_kernels import KERNELS

Addresses = NDArray[np.int64]

BLOCK = 4096  # rows that are copied at a time where columns are not plain
SHORT_BLOCK = 256  # rows that go from piece to piece
# Lines of LLVM's text up to which its code generator works at level 1; level 0 is up to ten times quicker on large
# functions, and its code takes half as long again.
THOROUGH = 2_500
LONGEST = 25_000  # lines that are compiled together, about a second

# Scalar kernels that are the C library's function of their name, and nothing else, where they do not say so (`fast`).
C_FUNCTIONS = {"sinh", "cosh", "asinh", "atanh", "log10"}


def _address(op: Op, alive: list[Any]) -> int:
    """A C function of the op: the library's own, or its scalar kernel called back."""
    name = op.fast if op.fast and op.fast_within is None else op.name if op.name in C_FUNCTIONS else None
    found = llvm.address_of_symbol(name) if name and name.isalnum() else None
    if found is None:
        kernel = op.forward
        arity = op.arity
        callback = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * arity)(kernel)
        alive.append(callback)
        found = ctypes.cast(callback, ctypes.c_void_p).value
    assert found is not None
    return found


class Machine:
    """This processor: its name and features, and the width of its vectors in float64s."""

    def __init__(self) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self.cpu = llvm.get_host_cpu_name()
        self.features = llvm.get_host_cpu_features()
        self.width = 8 if self.features.get("avx512f") else 4 if self.features.get("avx2") else 2
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


def _rescue_function(width: int, arity: int) -> str:
    """LLVM's text of `rescueN`: a scalar function's results in the lanes of a mask."""
    vector = f"<{width} x double>"
    given = "".join(f", {vector} %x{k}" for k in range(arity))
    lines = [f"define internal {vector} @rescue{arity}({vector} %r, i{width} %mask, ptr %f{given}) noinline cold {{",
             "entry:", f"  %out = alloca {vector}", f"  store {vector} %r, ptr %out"]  # fmt: skip
    for k in range(arity):
        lines += [f"  %p{k} = alloca {vector}", f"  store {vector} %x{k}, ptr %p{k}"]
    lines += ["  br label %test", "test:", "  %lane = phi i64 [ 0, %entry ], [ %next, %step ]",
              f"  %narrow = trunc i64 %lane to i{width}", f"  %shifted = lshr i{width} %mask, %narrow",
              f"  %bit = trunc i{width} %shifted to i1", "  br i1 %bit, label %call, label %step", "call:"]  # fmt: skip
    for k in range(arity):
        lines += [f"  %a{k} = getelementptr double, ptr %p{k}, i64 %lane", f"  %v{k} = load double, ptr %a{k}"]
    listed = ", ".join(f"double %v{k}" for k in range(arity))
    lines += [f"  %y = call double %f({listed})", "  %to = getelementptr double, ptr %out, i64 %lane",
              "  store double %y, ptr %to", "  br label %step", "step:", "  %next = add i64 %lane, 1",
              f"  %more = icmp ult i64 %next, {width}", "  br i1 %more, label %test, label %done", "done:",
              f"  %result = load {vector}, ptr %out", f"  ret {vector} %result", "}"]  # fmt: skip
    return "\n".join(lines)


class Piece(NamedTuple):
    """A stretch of a program that is compiled as one function.

    Attributes:
        reads: the variables, and the values of earlier pieces, that it reads from columns.
        instructions: what it runs.
        writes: the values it writes to columns.
    """

    reads: tuple[int, ...]
    instructions: Sequence[Instruction]
    writes: tuple[int, ...]


@cache
def weight(op: Op, arity: int) -> int:
    """How many lines of text an op takes."""
    emitter = Emitter(2, lambda op: 0)
    emitter.op = op
    arguments = [Vector(emitter, B if place in op.takes_conditions else F, f"%x{place}") for place in range(arity)]
    KERNELS.get(op.name, emitter.each)(*arguments)
    return len(emitter.lines)


def pieces(program: Program, longest: int) -> list[Piece]:
    """A program cut into stretches; one that is short enough is one piece, which writes the program's outputs.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> [piece.writes for piece in pieces(Program(x.graph, [(x + 1.0) * (x + 2.0)]), 2)]
    [(3, 4), (5,)]
    """
    instructions = program.instructions
    cuts, lines = [0], 0
    for place, (op, _, inputs) in enumerate(instructions):
        lines += weight(op, len(inputs))
        if lines > longest and place > cuts[-1]:
            cuts.append(place)
            lines = weight(op, len(inputs))
    if len(cuts) == 1:
        return [Piece(tuple(range(len(program.variables))), instructions, program.outputs)]
    constants = range(len(program.variables), len(program.variables) + len(program.constants))
    later = set(program.outputs)
    found: list[Piece] = []
    for start, stop in reversed(list(zip(cuts, [*cuts[1:], len(instructions)], strict=True))):
        part = instructions[start:stop]
        made = {instruction.out for instruction in part}
        writes = tuple(sorted(made & later))
        read = {value for instruction in part for value in instruction.inputs}
        later |= read
        found.append(Piece(tuple(sorted(read - made - set(constants))), part, writes))
    return found[::-1]


def module_text(program: Program, piece: Piece, width: int, address: Callable[[Op], int]) -> str:
    """LLVM's text of ``void rows(i64 n, ptr inputs, ptr masks, ptr outputs)`` for n >= W rows.

    `inputs` are pointers to columns, `masks` -1 for a column and 0 for W copies of a number. A condition that goes from
    piece to piece is a column of 0 and 1.
    """
    emitter = Emitter(width, address)
    vector = emitter.type(F)
    conditions = {instruction.out for instruction in program.instructions if instruction.op.is_condition}
    first = len(program.variables)
    values = {first + place: emitter.constant(value) for place, value in enumerate(program.constants)}
    for place, value in enumerate(piece.reads):
        emitter.lines += [
            f"  %ip{place} = getelementptr ptr, ptr %inputs, i64 {place}",
            f"  %in{place} = load ptr, ptr %ip{place}, !invariant.load !1",
            f"  %mp{place} = getelementptr i64, ptr %masks, i64 {place}",
            f"  %ma{place} = load i64, ptr %mp{place}, !invariant.load !1",
            f"  %at{place} = and i64 %i, %ma{place}",
            f"  %xp{place} = getelementptr double, ptr %in{place}, i64 %at{place}",
            f"  %x{place} = load {vector}, ptr %xp{place}, align 8",
        ]
        column = Vector(emitter, F, f"%x{place}")
        values[value] = column.unequal(0.0) if value in conditions else column
    for op, out, inputs in piece.instructions:
        emitter.op = op
        lower = KERNELS.get(op.name, emitter.each)
        values[out] = lower(*[values[value] for value in inputs])
    results = [values[value] for value in piece.writes]
    results = [result if result.lane == F else select(result, emitter.constant(1.0), 0.0) for result in results]
    if piece.writes is program.outputs and len(results) > 1:
        undefined = results[0].isnan()
        results[1:] = [select(undefined, results[0], slope) for slope in results[1:]]
    for place, result in enumerate(results):
        emitter.lines += [
            f"  %op{place} = getelementptr ptr, ptr %outputs, i64 {place}",
            f"  %out{place} = load ptr, ptr %op{place}, !invariant.load !1",
            f"  %yp{place} = getelementptr double, ptr %out{place}, i64 %i",
            f"  store {vector} {result.name}, ptr %yp{place}, align 8",
        ]
    return "\n".join([
        *sorted(emitter.calls),
        *[_rescue_function(width, arity) for arity in sorted(emitter.rescues)],
        "define void @rows(i64 %n, ptr noalias %inputs, ptr noalias %masks, ptr noalias %outputs) {",
        "entry:",
        f"  %last = sub i64 %n, {width}",
        "  br label %loop",
        "loop:",
        f"  %i = phi i64 [ 0, %entry ], [ %next, %{emitter.block} ]",
        *emitter.lines,
        f"  %ahead = add i64 %i, {width}",
        "  %over = icmp ugt i64 %ahead, %last",
        "  %next = select i1 %over, i64 %last, i64 %ahead",
        "  %done = icmp uge i64 %ahead, %n",
        "  br i1 %done, label %end, label %loop",
        "end:",
        "  ret void",
        "}",
        '!0 = !{!"branch_weights", i32 1, i32 100000}',
        "!1 = !{}",
    ])  # fmt: skip


class Code:
    """The machine code of one piece.

    Args:
        program: what the piece is of.
        piece: what to compile.
        machine: for which processor.
    """

    def __init__(self, program: Program, piece: Piece, machine: Machine) -> None:
        self.alive: list[Any] = []  # callbacks, and the memory of the code
        text = module_text(program, piece, machine.width, lambda op: _address(op, self.alive))
        engine = machine.compile(text, 1 if text.count("\n") <= THOROUGH else 0)
        self.alive.append(engine)
        pointer = ctypes.c_void_p
        self._width = machine.width
        self._rows = ctypes.CFUNCTYPE(None, ctypes.c_int64, pointer, pointer, pointer)(
            engine.get_function_address("rows")
        )
        self.reads, self.writes = piece.reads, piece.writes

    def run(self, inputs: Sequence[Any], results: Sequence[Array]) -> None:
        """Compute W rows or more: inputs are numbers or plain columns in the order of `reads`, results of `writes`."""
        columns = [column if np.ndim(column) else np.full(self._width, column, dtype=np.float64) for column in inputs]
        masks = np.array([-1 if np.ndim(column) else 0 for column in inputs], dtype=np.int64)
        self.call(len(results[0]), addresses(columns), masks, addresses(results))

    def call(self, rows: int, inputs: Addresses, masks: Addresses, targets: Addresses) -> None:
        """The function itself."""
        self._rows(rows, inputs.ctypes.data, masks.ctypes.data, targets.ctypes.data)


def addresses(columns: Sequence[Array]) -> Addresses:
    """Where columns begin."""
    return np.array([column.ctypes.data for column in columns], dtype=np.int64)


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
        if rows >= width and all(not np.ndim(column) or _plain(column) for column in (*inputs, *results)):
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


def _plain(column: Array) -> bool:
    return column.dtype == np.float64 and column.flags.c_contiguous and column.flags.aligned


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
                code.call(length, origins + steps * start, masks, targets)
            for result, value in zip(results, program.outputs, strict=True):
                if value < first:
                    result[part] = inputs[value] if single[value] else inputs[value][part]
                else:
                    result[part] = store[value] if value in store else constants[value]
            guard_columns([result[part] for result in results])

    return direct
