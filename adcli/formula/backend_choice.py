"""The installed backends, and the choice of ``auto`` among them: for one call after another, or for a data set.

Both choices follow from counts of rows and sizes of programs. No clock is read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, cached_property
from importlib.util import find_spec

from ..backends import BACKENDS
from ..backends._rows import count_cores, count_threads
from ..errors import RequestError, missing_extra
from ..graph.tape import Tape
from ..records import NamedTuple

# What NumPy takes longer, and what compiling takes, in nanoseconds, within a factor of two.
ROW_PER_INSTRUCTION, ROW_PER_LINE = 0.15, 0.2
COMPILE, COMPILE_PER_LINE, COMPILE_PER_COLUMN = 6e6, 50e3, 400e3
IMPORT = 60e6  # of llvmlite
BLOCK_ROWS = 8192  # fewer rows take as long in NumPy as so many, apart from functions
FEW_ROWS = 20_000  # a data set of fewer rows is not compiled
MANY_ROWS = 1 << 20  # a data set of so many rows is compiled, whatever the formula


@cache
def is_installed(name: str) -> bool:
    """Return whether what a backend needs is installed."""
    return name != "llvm" or find_spec("llvmlite") is not None


def check_backend(name: str) -> None:
    """Raise an error if there is no such backend, or if its extra is not installed."""
    if name != "auto" and name not in BACKENDS:
        raise RequestError(f"there is no backend '{name}'", hint=f"choose one of auto, {', '.join(BACKENDS)}")
    if name != "auto" and not is_installed(name):
        raise missing_extra("the backend llvm needs llvmlite", "fast")


class Costs(NamedTuple):
    """What a program costs, in nanoseconds.

    Attributes:
        compiling: once, if llvmlite is imported already.
        calls: what a row takes longer in NumPy because of calls, in blocks of `BLOCK_ROWS`.
        functions: what a row takes longer in NumPy because of arithmetic and functions.
    """

    compiling: float
    calls: float
    functions: float

    @classmethod
    def of(cls, program: Tape) -> Costs:
        """Return the costs of a program that can be compiled."""
        from ..backends.llvm.module import weight

        lines = sum(weight(op, len(inputs)) for op, _, inputs in program.instructions)
        columns = len(program.variables) + len(program.outputs)
        compiling = COMPILE + COMPILE_PER_LINE * lines + COMPILE_PER_COLUMN * columns
        return cls(compiling, ROW_PER_INSTRUCTION * len(program.instructions), ROW_PER_LINE * lines)

    def loss(self, rows: int) -> float:
        """Return what a call takes longer in NumPy, on one thread."""
        return self.calls * max(rows, BLOCK_ROWS) + self.functions * rows

    def rows_to_compile(self) -> float:
        """Return how many rows lose as much in NumPy as importing llvmlite and compiling cost."""
        saved = self.calls + self.functions
        return (self.compiling + IMPORT) / saved if saved else float("inf")


class BackendChoice:
    """Choose the backend for one call of a program after another.

    ``auto`` is NumPy until all calls together have lost as much as compiling costs, and LLVM from then on.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> choice = BackendChoice(Tape(x.graph, [x * x]))
    >>> choice.resolve("auto", 100, 1), choice.resolve("python", 100, 1)
    ('numpy', 'python')
    """

    def __init__(self, program: Tape) -> None:
        self._program = program
        self._lost = 0.0  # nanoseconds
        self._is_compiled = False

    def resolve(self, backend: str, rows: int | None, threads: int | None) -> str:
        """Return the backend for the next call.

        Args:
            backend: that the caller asks for.
            rows: of the call, or of all calls for which the caller keeps the backend; None for very many.
            threads: how many share the rows [default: the number of cores].

        Raises:
            RequestError: there is no such backend, or its extra is not installed.
        """
        check_backend(backend)
        if backend == "auto":
            backend = "llvm" if self._is_compiled or self._compiling_pays(rows, threads) else "numpy"
        self._is_compiled = self._is_compiled or backend == "llvm"
        return backend

    def _compiling_pays(self, rows: int | None, threads: int | None) -> bool:
        """Count what a call loses in NumPy. Return whether it should be compiled."""
        if self._costs is None:
            return False
        if rows is not None:
            self._lost += self._costs.loss(rows) / count_threads(rows, threads or count_cores())
            cost = self._costs.compiling + (0.0 if "llvmlite.binding" in sys.modules else IMPORT)
            if self._lost < cost:
                return False
        return _is_fast_compiled()

    @cached_property
    def _costs(self) -> Costs | None:
        return Costs.of(self._program) if _can_compile(self._program) else None


def choose_for_data_set(program: Tape, has_rows: Callable[[int], bool]) -> str:
    """Return the backend for all rows of a data set.

    It depends on the program and on the number of rows. It does not depend on the number of threads, or on what
    this process did before.

    Args:
        program: of all outputs.
        has_rows: whether the data set has at least so many rows.
    """
    if not has_rows(FEW_ROWS) or not _can_compile(program):
        return "numpy"
    if not has_rows(int(min(max(Costs.of(program).rows_to_compile(), FEW_ROWS), MANY_ROWS))):
        return "numpy"
    return "llvm" if _is_fast_compiled() else "numpy"


def _can_compile(program: Tape) -> bool:
    """Return whether llvmlite is installed and has code for every operation."""
    if not is_installed("llvm"):
        return False
    from ..backends.llvm.module import is_compiled

    return all(is_compiled(instruction.op) for instruction in program.instructions)


def _is_fast_compiled() -> bool:
    """Return whether this processor has fused multiply-adds, without which NumPy is faster."""
    from ..backends.llvm.engine import this_machine

    return this_machine().fused
