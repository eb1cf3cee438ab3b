"""Many points: value and all slopes, beside the same by C, heyoka, JAX, PyTorch, numba, CasADi, SymEngine, a copy.

Columns are ready and results are written into given arrays where the peer can. `adcli default` is a loop of
`f.batch(columns)`, which chooses the backend and allocates the results, from its tenth call on. Peers run on one core.
What two threads gain is measured after them. The C is straight-line code of the same gradient, `gcc -O3 -march=native
-ffast-math`, whose loops call libmvec. At 10^7 points only the quick peers run.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from common import Table, Task, installed, options, peer, skip, timed

import adcli
from adcli.formula.lowered import Lowered
from adcli.graph.tape import Tape

ROSENBROCK = " + ".join(f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(1, 10))
UNITS = " + ".join(f"q{i}*tanh(w{i}*u + k{i}*v + b{i})" for i in range(4))
CASES = {
    "E1": "sin(x**2)*cos(y)",
    "E2": "d*exp(-a*x)*sin(b*y+c)/(1+x**2*y**2)+log(1+a*a+b*b)*sqrt(c*c+x*x)",
    "E3 Rosenbrock, 10 variables": ROSENBROCK,
    "E4 network, 20 variables": f"s*tanh(o + {UNITS})",
}
QUICK_PEERS = {"C, libmvec", "heyoka", "copy"}
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
WORDS = ("sin", "cos", "exp", "log", "sqrt", "tanh")


def statements(program: Tape) -> tuple[list[str], list[str]]:
    """The program as assignments that C and Python read alike, and the names of its outputs."""
    names = [*program.variables, *[repr(value) for value in program.constants]]
    lines: list[str] = []
    hyperbolic: dict[str, str] = {}  # the name of sech(a) -> 1 - tanh(a)**2, as one writes its square by hand
    for op, out, inputs in program.instructions:
        arguments = [names[value] for value in inputs]
        name = f"t{out}"
        if op.name in SIGNS:
            text = f"{arguments[0]} {SIGNS[op.name]} {arguments[1]}"
        elif op.name == "neg":
            text = f"-{arguments[0]}"
        elif op.name == "sech":
            hyperbolic[name] = f"1.0 - tanh({arguments[0]})*tanh({arguments[0]})"
            names.append(name)
            continue
        elif op.name == "square" or (op.name == "pow" and arguments[1] == "2.0"):
            text = hyperbolic.get(arguments[0], f"{arguments[0]}*{arguments[0]}")
        elif op.name in WORDS:
            text = f"{op.name}({arguments[0]})"
        else:
            raise SystemExit(f"no C for {op.name}")
        lines.append(f"{name} = {text}")
        names.append(name)
    return lines, [names[value] for value in program.outputs]


def by_default(text: str, columns: dict[str, Any]) -> Task:
    """A loop of `batch` with every default, after nine calls."""
    function = adcli.compile(text)
    for _ in range(9):
        function.batch(columns)
    return lambda: function.batch(columns)


def by_c(program: Tape, columns: list[Any], results: list[Any]) -> Task | None:
    """The compiled loop, or None where there is no gcc."""
    if shutil.which("gcc") is None:
        skip("gcc")
        return None
    lines, outputs = statements(program)
    inputs = ", ".join(f"const double *restrict {name}_" for name in program.variables)
    targets = ", ".join(f"double *restrict r{place}_" for place in range(len(outputs)))
    body = [f"double {name} = {name}_[i];" for name in program.variables]
    body += [f"double {line};" for line in lines]
    body += [f"r{place}_[i] = {name};" for place, name in enumerate(outputs)]
    text = f"#include <math.h>\nvoid rows(long n, {inputs}, {targets}) {{\n#pragma GCC ivdep\n"
    text += "for (long i = 0; i < n; i++) {\n" + "\n".join(body) + "\n}}\n"
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / "rows.c", Path(folder) / "rows.so"
        source.write_text(text)
        # gcc would join sin and cos of one argument to a call that libmvec does not have.
        flags = ["-O3", "-march=native", "-ffast-math", "-fno-builtin-sin", "-fno-builtin-cos", "-fPIC", "-shared"]
        subprocess.run(["gcc", *flags, str(source), "-o", str(library), "-lm"], check=True)
        function = ctypes.CDLL(str(library)).rows
    pointers = [ctypes.c_void_p(column.ctypes.data) for column in [*columns, *results]]
    count = ctypes.c_long(len(columns[0]))
    return lambda: (function(count, *pointers), columns, results)  # these must outlive the pointers


def by_heyoka(text: str, program: Tape, columns: list[Any], results: Any) -> Task:
    """heyoka's compiled function."""
    heyoka = peer("heyoka")
    symbols = dict(zip(program.variables, heyoka.make_vars(*program.variables), strict=True))
    formula = eval(text, {word: getattr(heyoka, word) for word in WORDS}, symbols)
    slopes = [heyoka.diff(formula, symbol) for symbol in symbols.values()]
    function = heyoka.cfunc([formula, *slopes], list(symbols.values()))
    inputs = np.array(columns)
    return lambda: function(inputs, outputs=results)


def by_jax(text: str, program: Tape, columns: list[Any]) -> Task:
    """JAX, jit(vmap(value_and_grad))."""
    os.environ["JAX_PLATFORMS"] = "cpu"
    jax = peer("jax")
    jax.config.update("jax_enable_x64", True)
    words = {word: getattr(jax.numpy, word) for word in WORDS}
    code = compile(text, "formula", "eval")
    names = program.variables

    def formula(*values: Any) -> Any:
        return eval(code, words, dict(zip(names, values, strict=True)))

    function = jax.jit(jax.vmap(jax.value_and_grad(formula, argnums=tuple(range(len(names))))))
    inputs = [jax.numpy.asarray(column) for column in columns]
    return lambda: jax.block_until_ready(function(*inputs))


def by_torch(text: str, program: Tape, columns: list[Any]) -> Task:
    """PyTorch on whole columns: the slopes are the gradient of the sum of the values."""
    torch = peer("torch")
    torch.set_num_threads(1)
    words = {word: getattr(torch, word) for word in WORDS}
    code = compile(text, "formula", "eval")
    inputs = [torch.from_numpy(column).requires_grad_() for column in columns]
    space = dict(zip(program.variables, inputs, strict=True))

    def run() -> Any:
        values = eval(code, words, space)
        return values, torch.autograd.grad(values.sum(), inputs)

    return run


def by_numba(program: Tape, columns: list[Any], results: list[Any]) -> Task:
    """numba, a loop over the same statements."""
    numba = peer("numba")
    lines, outputs = statements(program)
    listed = ", ".join([*[f"{name}_" for name in program.variables], *[f"r{k}_" for k in range(len(outputs))]])
    body = [f"        {name} = {name}_[i]" for name in program.variables] + [f"        {line}" for line in lines]
    body += [f"        r{place}_[i] = {name}" for place, name in enumerate(outputs)]
    space: dict[str, Any] = {"math": None}
    text = f"from math import {', '.join(WORDS)}\ndef rows({listed}):\n"
    text += f"    for i in range(len({program.variables[0]}_)):\n" + "\n".join(body) + "\n"
    exec(text, space)
    function = numba.njit(fastmath=True)(space["rows"])
    return lambda: function(*columns, *results)


def by_casadi(text: str, program: Tape, columns: list[Any]) -> Task:
    """CasADi's virtual machine, mapped over the points."""
    casadi = peer("casadi")
    symbols = {name: casadi.SX.sym(name) for name in program.variables}
    formula = eval(text, {word: getattr(casadi, word) for word in WORDS}, symbols)
    inputs = casadi.vertcat(*symbols.values())
    outputs = casadi.vertcat(formula, casadi.gradient(formula, inputs))
    function = casadi.Function("f", [inputs], [outputs]).map(len(columns[0]))
    buffer, trigger = function.buffer()
    points: Any = np.array(columns).T.ravel()
    results: Any = np.zeros((len(columns) + 1) * len(columns[0]))
    buffer.set_arg(0, memoryview(points))
    buffer.set_res(0, memoryview(results))
    return lambda: (trigger(), buffer, function, points, results)  # these must outlive the trigger


def by_symengine(text: str, program: Tape, columns: list[Any]) -> Task | None:
    """SymEngine's Lambdify, by LLVM where its wheel has it."""
    symengine = peer("symengine")
    symbols = symengine.symbols(" ".join(program.variables))
    formula = symengine.sympify(text)
    try:
        function = symengine.Lambdify(symbols, [formula, *map(formula.diff, symbols)], cse=True, backend="llvm")
    except (ValueError, RuntimeError):
        skip("SymEngine with LLVM")
        return None
    points = np.ascontiguousarray(np.array(columns).T)
    return lambda: function(points)


def by_copy(columns: list[Any], results: list[Any]) -> Task:
    """No mathematics: as many columns read and written."""

    def copy() -> None:
        for place, result in enumerate(results):
            np.copyto(result, columns[place % len(columns)])

    return copy


def peers(text: str, program: Tape, columns: list[Any], results: Any) -> dict[str, Callable[[], Task | None]]:
    """What is installed here, each made when its turn comes."""
    rows = list(results)
    made: dict[str, Callable[[], Task | None]] = {
        "C, libmvec": lambda: by_c(program, columns, rows),
        "copy": lambda: by_copy(columns, rows),
    }
    if installed("heyoka"):
        made["heyoka"] = lambda: by_heyoka(text, program, columns, results)
    if installed("jax"):
        made["JAX"] = lambda: by_jax(text, program, columns)
    if installed("torch"):
        made["PyTorch"] = lambda: by_torch(text, program, columns)
    if installed("numba"):
        made["numba"] = lambda: by_numba(program, columns, rows)
    if installed("casadi"):
        made["CasADi"] = lambda: by_casadi(text, program, columns)
    if installed("symengine"):
        made["SymEngine"] = lambda: by_symengine(text, program, columns)
    return made


def compile_seconds(text: str, runs: int) -> float:
    """The median time from a program to its machine code, llvmlite imported."""
    from adcli.backends import llvm

    program = Lowered(adcli.parse(text)).program()
    row, results = [0.5] * len(program.variables), [np.empty(8) for _ in program.outputs]
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        llvm.filler(program)(row, results)
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def main() -> None:
    """Measure every expression at every size and print the tables."""
    given = options(__doc__, runs=7, quick_runs=3)
    sizes = (8192, 100_000) if given.quick else (8192, 10**6, 10**7)
    table = Table(
        f"Many points: value and all slopes; medians of {given.runs} interleaved turns on one core;\n"
        "the last columns are time ratios of adcli's llvm and numpy backends to each",
        "expression", "points", "way", "Mpoint/s", "llvm over it", "numpy over it",
    )  # fmt: skip
    threads = Table("Two threads over one, speed", "expression", "points", "llvm", "numpy")
    compiling = Table("Compiling, milliseconds", "expression", "llvm")
    rng = np.random.default_rng(5)
    whole = os.sched_getaffinity(0)
    for label, text in CASES.items():
        function = adcli.compile(text)
        names = function.variables
        compiling.add(label, 1e3 * compile_seconds(text, given.runs))
        for points in sizes:
            columns = [rng.uniform(0.1, 2.0, points) for _ in names]
            named = dict(zip(names, columns, strict=True))
            results = np.empty((len(names) + 1, points))  # one array, as heyoka wants it
            out = results[0], dict(zip(names, results[1:], strict=True))
            ready = {name: function.batcher(backend=name) for name in ("llvm", "numpy")}

            def run(name: str, count: int, ready: Any = ready, named: Any = named, out: Any = out) -> Task:
                return lambda: ready[name](named, threads=count, out=out)

            os.sched_setaffinity(0, {min(whole)})
            tasks: dict[str, Task] = {"adcli llvm": run("llvm", 1), "adcli numpy": run("numpy", 1)}
            tasks["adcli default"] = by_default(text, named)
            for way, make in peers(text, Lowered(function.formula).program(), columns, results).items():
                if points < 10**7 or way in QUICK_PEERS:
                    task = make()
                    if task is not None:
                        tasks[way] = task
            repeat = max(2, 1_000_000 // points)  # so that whose turn was before does not count

            def often(task: Task, repeat: int = repeat) -> Task:
                return lambda: [task() for _ in range(repeat)]

            seconds = timed({way: often(task) for way, task in tasks.items()}, given.runs)
            for way, took in seconds.items():
                rate = points * repeat / took / 1e6
                table.add(label, points, way, rate, seconds["adcli llvm"] / took, seconds["adcli numpy"] / took)
            os.sched_setaffinity(0, whole)
            if len(whole) > 1 and points > 8192:
                both = timed({f"{n} {c}": run(n, c) for n in ready for c in (1, 2)}, given.runs)
                threads.add(label, points, *[both[f"{n} 1"] / both[f"{n} 2"] for n in ready])
    table.print()
    threads.print()
    compiling.print()


if __name__ == "__main__":
    main()
