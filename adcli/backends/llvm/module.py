"""A program as the text of an LLVM module, in one piece or several. Nothing here needs llvmlite."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from ...graph.tape import Instruction, Tape
from ...ops import Op
from ...records import NamedTuple
from .kernels import KERNELS, SQUARES
from .vector import B, Emitter, F, Vector, select

# Operations without `fast` whose scalar kernel is the C library's function of their name.
C_FUNCTIONS = {"sinh", "cosh", "asinh", "atanh", "log10"}


def c_function(op: Op) -> str | None:
    """Return the function of the C library that is the op's scalar kernel, except that it never raises, or None."""
    if op.fast is not None and op.fast.isalnum() and op.fast_within is None:
        return op.fast
    return op.name if op.name in C_FUNCTIONS else None


def is_compiled(op: Op) -> bool:
    """Return whether the op needs no Python except at the edges of its range."""
    return op.name in KERNELS or c_function(op) is not None


class ProgramPiece(NamedTuple):
    """A stretch of a program that is compiled as one function.

    Attributes:
        reads: the variables, and the values of earlier pieces, that it reads from columns.
        instructions: that it runs.
        writes: the values that it writes to columns.
    """

    reads: tuple[int, ...]
    instructions: Sequence[Instruction]
    writes: tuple[int, ...]


@cache
def weight(op: Op, arity: int) -> int:
    """Return the number of lines of text that an op takes."""
    emitter = Emitter(2, lambda op: 0)
    emitter.op = op
    arguments = [
        Vector(emitter, B if position in op.takes_conditions else F, f"%x{position}") for position in range(arity)
    ]
    KERNELS.get(op.name, emitter.each)(*arguments)
    return len(emitter.lines)


def pieces(program: Tape, longest: int) -> list[ProgramPiece]:
    """Cut a program into pieces of at most this many lines. A single piece writes the program's outputs.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> [piece.writes for piece in pieces(Tape(x.graph, [(x + 1.0) * (x + 2.0)]), 2)]
    [(3, 4), (5,)]
    """
    instructions = program.instructions
    cuts, lines = [0], 0
    for position, (op, _, inputs) in enumerate(instructions):
        lines += weight(op, len(inputs))
        if lines > longest and position > cuts[-1]:
            cuts.append(position)
            lines = weight(op, len(inputs))
    if len(cuts) == 1:
        return [ProgramPiece(tuple(range(len(program.variables))), instructions, program.outputs)]
    constants = range(len(program.variables), len(program.variables) + len(program.constants))
    later = set(program.outputs)
    parts: list[ProgramPiece] = []
    for start, stop in reversed(list(zip(cuts, [*cuts[1:], len(instructions)], strict=True))):
        part = instructions[start:stop]
        outs = {instruction.out for instruction in part}
        writes = tuple(sorted(outs & later))
        reads = {value for instruction in part for value in instruction.inputs}
        later |= reads
        parts.append(ProgramPiece(tuple(sorted(reads - outs - set(constants))), part, writes))
    return parts[::-1]


def _rescue_function(width: int, arity: int) -> str:
    """Return LLVM's text of `rescueN`, which calls a scalar function for the lanes of a mask."""
    vector = f"<{width} x double>"
    parameters = "".join(f", {vector} %x{k}" for k in range(arity))
    head = f"{vector} @rescue{arity}({vector} %r, i{width} %mask, ptr %f{parameters})"
    lines = [f"define internal {head} noinline cold {{",
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


def _mask_function(width: int) -> str:
    """Return LLVM's text of `mask`, which puts nan into some lanes of some results."""
    vector = f"<{width} x double>"
    parameters = f"ptr %outputs, i64 %first, i64 %stop, i64 %i, {vector} %value, <{width} x i1> %where"
    return f"""define internal void @mask({parameters}) noinline cold {{
entry:
  br label %loop
loop:
  %k = phi i64 [ %first, %entry ], [ %next, %loop ]
  %at = getelementptr ptr, ptr %outputs, i64 %k
  %out = load ptr, ptr %at
  %to = getelementptr double, ptr %out, i64 %i
  %old = load {vector}, ptr %to, align 8
  %new = select <{width} x i1> %where, {vector} %value, {vector} %old
  store {vector} %new, ptr %to, align 8
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, %stop
  br i1 %more, label %loop, label %end
end:
  ret void
}}"""


def _mask_runs(masks: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return the runs of outputs that one value masks: its index, the first of them, and the one after the last.

    >>> _mask_runs((0, 0, 0)), _mask_runs((0, 1, 0, 0, 1))
    ([(0, 1, 3)], [(0, 2, 4), (1, 4, 5)])
    """
    runs: list[tuple[int, int, int]] = []
    for position, mask in enumerate(masks):
        if runs and runs[-1][0] == mask and runs[-1][2] == position:
            runs[-1] = (mask, runs[-1][1], position + 1)
        elif mask != position:
            runs.append((mask, position, position + 1))
    return runs


def module_text(program: Tape, piece: ProgramPiece, width: int, past: bool, address: Callable[[Op], int]) -> str:
    """Return LLVM's text of ``void rows(i64 n, ptr inputs, ptr masks, ptr outputs)`` for n >= W rows.

    `inputs` are pointers to columns, `masks` -1 for a column and 0 for W copies of a number. A condition that goes from
    piece to piece is a column of 0 and 1. To write results `past` the cache, n must be a multiple of W, and every
    output must begin at a multiple of the vector's size.
    """
    emitter = _Body(program, piece, width, past, address).emitter
    return "\n".join([
        *sorted(emitter.calls),
        *[_rescue_function(width, arity) for arity in sorted(emitter.rescues)],
        _mask_function(width),
        "define void @rows(i64 %n, ptr noalias %inputs, ptr noalias %masks, ptr noalias %outputs) {",
        "entry:",
        f"  %last = sub i64 %n, {width}",
        # The second vector begins where the first result is aligned: stores across two lines take longer.
        "  %begin = load ptr, ptr %outputs",
        "  %place = ptrtoint ptr %begin to i64",
        "  %row = lshr i64 %place, 3",
        f"  %rest = and i64 %row, {width - 1}",
        "  %start = sub i64 0, %rest",
        "  br label %loop",
        "loop:",
        f"  %from = phi i64 [ %start, %entry ], [ %next, %{emitter.block} ]",
        "  %before = icmp slt i64 %from, 0",
        "  %i = select i1 %before, i64 0, i64 %from",
        *emitter.lines,
        f"  %ahead = add i64 %from, {width}",
        "  %over = icmp sgt i64 %ahead, %last",
        "  %next = select i1 %over, i64 %last, i64 %ahead",
        "  %done = icmp sge i64 %ahead, %n",
        "  br i1 %done, label %end, label %loop",
        "end:",
        *["  fence seq_cst"] * past,  # another thread may read the results next
        "  ret void",
        "}",
        '!0 = !{!"branch_weights", i32 1, i32 100000}',
        "!1 = !{}",
        "!2 = !{i32 1}",
    ])  # fmt: skip


class _Body:
    """The text of the loop over rows: load the inputs of a vector of rows, compute, and store the results."""

    def __init__(
        self, program: Tape, piece: ProgramPiece, width: int, past: bool, address: Callable[[Op], int]
    ) -> None:
        self.emitter = Emitter(width, address)
        self._program = program
        self._piece = piece
        self._alignment = f"align {8 * width}, !nontemporal !2" if past else "align 8"
        self._targets: dict[int, list[int]] = {}
        for position, value in enumerate(piece.writes):
            self._targets.setdefault(value, []).append(position)
        first = len(program.variables)
        self._values = {first + position: self.emitter.constant(x) for position, x in enumerate(program.constants)}
        self._load()
        for value in tuple(self._values):
            self._store(value)
        self._compute()
        if piece.writes is program.outputs:
            for mask, first, stop in _mask_runs(program.masks):
                self.emitter.mask(self._values[piece.writes[mask]], first, stop)

    def _load(self) -> None:
        """Write the loads of the piece's inputs."""
        conditions = {instruction.out for instruction in self._program.instructions if instruction.op.is_condition}
        vector = self.emitter.type(F)
        for position, value in enumerate(self._piece.reads):
            self.emitter.lines += [
                f"  %ip{position} = getelementptr ptr, ptr %inputs, i64 {position}",
                f"  %in{position} = load ptr, ptr %ip{position}, !invariant.load !1",
                f"  %mp{position} = getelementptr i64, ptr %masks, i64 {position}",
                f"  %ma{position} = load i64, ptr %mp{position}, !invariant.load !1",
                f"  %at{position} = and i64 %i, %ma{position}",
                f"  %xp{position} = getelementptr double, ptr %in{position}, i64 %at{position}",
                f"  %x{position} = load {vector}, ptr %xp{position}, align 8",
            ]
            column = Vector(self.emitter, F, f"%x{position}")
            self._values[value] = column.unequal(0.0) if value in conditions else column

    def _store(self, value: int) -> None:
        """Write the stores of a value as soon as it is computed, so that no register has to keep it."""
        for position in self._targets.get(value, ()):
            result = self._values[value]
            if result.lane != F:
                result = select(result, self.emitter.constant(1.0), 0.0)
            self.emitter.lines += [
                f"  %op{position} = getelementptr ptr, ptr %outputs, i64 {position}",
                f"  %out{position} = load ptr, ptr %op{position}, !invariant.load !1",
                f"  %yp{position} = getelementptr double, ptr %out{position}, i64 %i",
                f"  store {self.emitter.type(F)} {result.name}, ptr %yp{position}, {self._alignment}",
            ]

    def _compute(self) -> None:
        """Write the instructions, and a store behind each result."""
        outs = {instruction.out for instruction in self._piece.instructions}
        squared = {
            value: kernel
            for name, kernel in SQUARES.items()
            for value, square in self._program.squares(name).items()
            if value in outs and square in outs
        }
        for op, out, inputs in self._piece.instructions:
            if out in squared:
                self._values[out] = self._values[inputs[0]]  # from which its square is computed
                continue
            self.emitter.op = op
            square_kernel = squared.get(inputs[0]) if op.name == "square" else None
            kernel = square_kernel or KERNELS.get(op.name, self.emitter.each)
            self._values[out] = kernel(*[self._values[value] for value in inputs])
            self._store(out)
