"""Generated code run in its own language: many requests in one compilation, many points in one process.

A runner takes requests and, for each, points (one float per input), and gives back a row of numbers for each point: the
parts in their order, flat.
"""

from __future__ import annotations

import ctypes
import importlib.util
import math
import os
import shutil
import struct
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adcli.codegen import load_target, target_names
from adcli.codegen.request import CodeRequest, derive_request
from adcli.errors import RequestError
from adcli.graph.expr import Graph
from adcli.language.lower import is_vector, lower_results
from adcli.language.parser import parse

Points = Sequence[Sequence[float]]
Rows = list[list[float]]
Runner = Callable[[Sequence[CodeRequest], Sequence[Points], Path], list[Rows]]


def request_of(text: str, what: Sequence[str] | None = None, name: str = "f") -> CodeRequest:
    formula = parse(text)
    results = lower_results(formula, Graph())
    result = tuple(results) if is_vector(formula.result) else results[0]
    return derive_request(result, str(formula), what, name=name)


def merged(texts: Sequence[str]) -> str:
    """Pieces of code in one file: a helper that several of them bring is kept once."""
    return "\n\n".join(dict.fromkeys(block for text in texts for block in text.split("\n\n")))


def flat(answer: Any) -> list[float]:
    """Nested tuples, lists and arrays of numbers in order."""
    if not hasattr(answer, "__iter__") or getattr(answer, "shape", None) == ():
        return [float(answer)]
    return [x for each in answer for x in flat(each)]


def run_c(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows]:
    """All functions in one shared library, compiled with warnings as errors and without fused operations."""
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    source, library = folder / "all.c", folder / "all.so"
    source.write_text(merged([load_target("c").write(request) for request in requests]), encoding="utf-8")
    command = ["gcc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-shared", "-fPIC"]
    done = subprocess.run([*command, "-o", library, source, "-lm"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:3000]
    loaded = ctypes.CDLL(str(library))
    results = []
    for request, rows in zip(requests, points, strict=True):
        function = getattr(loaded, request.name)
        returns = "value" in request.parts and request.is_number
        function.restype = ctypes.c_double if returns else None
        sizes = [len(request.numbers(part)) for part in request.parts if part != "value" or not returns]
        arrays = [(ctypes.c_double * size)() for size in sizes if size]
        answers = []
        for row in rows:
            value = function(*map(c_argument, row), *arrays)
            first = [] if value is None else [value]
            answers.append(first + [x for array in arrays for x in array])
        results.append(answers)
    return results


def c_argument(x: Any) -> Any:
    """A float, or the elements of an array, as C takes it."""
    numbers = flat(x)
    return (ctypes.c_double * len(numbers))(*numbers) if getattr(x, "shape", ()) else ctypes.c_double(float(x))


def run_python(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows]:
    results = []
    for request, rows in zip(requests, points, strict=True):
        function = imported(load_target("python").write(request), request.name, folder)
        results.append([flat(function(*row)) for row in rows])
    return results


def run_numpy(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows]:
    import numpy as np

    results = []
    for request, rows in zip(requests, points, strict=True):
        function = imported(load_target("numpy").write(request), request.name, folder)
        answer = function(*np.array(rows, dtype=float).T) if rows and rows[0] else function()
        columns = [np.broadcast_to(column, len(rows)) for column in leaves(answer)]
        results.append([[float(column[place]) for column in columns] for place in range(len(rows))])
    return results


def leaves(answer: Any) -> list[Any]:
    """The arrays of nested tuples in order."""
    return [leaf for each in answer for leaf in leaves(each)] if isinstance(answer, tuple) else [answer]


def imported(text: str, name: str, folder: Path) -> Any:
    """The function of a module of this text."""
    path = folder / f"made_{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


_NODE = """
import { readFileSync, writeFileSync } from "node:fs";
const flat = (answer) => typeof answer === "number" ? [answer] : Object.values(answer).flatMap(flat);
const bytes = readFileSync(process.argv[2]);
const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
let place = 0;
const results = [];
for (const [f, inputs, count] of functions) {
    for (let i = 0; i < count; i++) {
        results.push(...flat(f(...numbers.subarray(place, place += inputs))));
    }
}
writeFileSync(process.argv[3], new Uint8Array(Float64Array.from(results).buffer));
"""


def run_javascript(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows]:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    code = merged([load_target("javascript").write(request) for request in requests])
    table = ", ".join(f"[{entry}]" for entry in calls(requests, points))
    script = folder / "all.mjs"
    script.write_text(f"{code}\n\nconst functions = [{table}];\n{_NODE}", encoding="utf-8")
    return results_of_process(["node", str(script)], requests, points, folder)


def calls(requests: Sequence[CodeRequest], points: Sequence[Points]) -> list[str]:
    """The name of each function, its number of inputs and that of its points, separated by commas."""
    pairs = zip(requests, points, strict=True)
    return [f"{request.name}, {len(request.variables)}, {len(rows)}" for request, rows in pairs]


def results_of_process(
    command: Sequence[str], requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path
) -> list[Rows]:
    """What a process makes of a file of numbers: all inputs of the first function, of the second …"""
    given, made = folder / "points", folder / "results"
    given.write_bytes(b"".join(struct.pack(f"<{len(row)}d", *row) for rows in points for row in rows))
    done = subprocess.run([*command, given, made], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:3000]
    numbers = iter(x for (x,) in struct.iter_unpack("<d", made.read_bytes()))
    sizes = [sum(len(request.numbers(part)) for part in request.parts) for request in requests]
    return [[[next(numbers) for _ in range(size)] for _ in rows] for size, rows in zip(sizes, points, strict=True)]


# Every part of a result, whatever its arrays and tuples, as numbers in order.
_RUST = """
trait Flat { fn push(&self, all: &mut Vec<f64>); }
impl Flat for f64 { fn push(&self, all: &mut Vec<f64>) { all.push(*self); } }
impl<T: Flat, const N: usize> Flat for [T; N] {
    fn push(&self, all: &mut Vec<f64>) { for each in self { each.push(all); } }
}
macro_rules! flat { ($($name:ident $place:tt),*) => {
    impl<$($name: Flat),*> Flat for ($($name,)*) { fn push(&self, all: &mut Vec<f64>) { $(self.$place.push(all);)* } }
} }
flat!(A 0, B 1);
flat!(A 0, B 1, C 2);
flat!(A 0, B 1, C 2, D 3);

fn main() {
    let paths: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&paths[1]).unwrap();
    let mut numbers = bytes.chunks(8).map(|chunk| f64::from_le_bytes(chunk.try_into().unwrap()));
    let mut all: Vec<f64> = Vec::new();
    for (function, inputs, count) in FUNCTIONS {
        for _ in 0..count {
            let row: Vec<f64> = numbers.by_ref().take(inputs).collect();
            function(&row, &mut all);
        }
    }
    std::fs::write(&paths[2], all.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>()).unwrap();
}
"""


def run_rust(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows]:
    """All functions in one program, compiled with warnings as errors."""
    rustc = shutil.which("rustc") or shutil.which("rustc", path=os.path.expanduser("~/.cargo/bin"))
    if rustc is None:
        pytest.skip("rustc is not installed")
    code = merged([load_target("rust").write(request) for request in requests])
    entries = []
    for request, rows in zip(requests, points, strict=True):
        inputs = ", ".join(f"row[{place}]" for place in range(len(request.variables)))
        row = "row" if inputs else "_"
        entries.append(
            f"(|{row}, all| {request.name}({inputs}).push(all), {len(request.variables)}, {len(rows)})",
        )
    table = f"const FUNCTIONS: [(fn(&[f64], &mut Vec<f64>), usize, usize); {len(entries)}] = ["
    source, program = folder / "all.rs", folder / "all"
    source.write_text("\n".join([code, "", table, ",\n".join(entries), "];", _RUST]), encoding="utf-8")
    command = [rustc, "--edition", "2021", "-D", "warnings", "-o", program, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:3000]
    return results_of_process([str(program)], requests, points, folder)


_JULIA = """
flat(x::Number, all) = push!(all, x)
flat(x, all) = foreach(each -> flat(each, all), x)
numbers = collect(reinterpret(Float64, read(ARGS[1])))
all_results = Float64[]
for (f, inputs, count) in functions, _ in 1:count
    flat(f(splice!(numbers, 1:inputs)...), all_results)
end
write(ARGS[2], all_results)
"""


def run_julia(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows]:
    """All functions in one script."""
    if shutil.which("julia") is None:
        pytest.skip("julia is not installed")
    code = merged([load_target("julia").write(request) for request in requests])
    table = ", ".join(f"({entry})" for entry in calls(requests, points))
    script = folder / "all.jl"
    script.write_text(f"{code}\n\nfunctions = [{table}]\n{_JULIA}", encoding="utf-8")
    command = ["julia", "--startup-file=no", "--compile=min", "-O0", str(script)]
    return results_of_process(command, requests, points, folder)


def run_sqlite(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows | None]:
    """The statement over a table of the points; what the target refuses is None."""
    import sqlite3

    with closing(sqlite3.connect(":memory:")) as connection:
        if "ENABLE_MATH_FUNCTIONS" not in {row[0] for row in connection.execute("PRAGMA compile_options")}:
            pytest.skip("this SQLite has no mathematical functions")
        return _run_sql(connection, requests, points, "sqlite")


def run_duckdb(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows | None]:
    duckdb = pytest.importorskip("duckdb")
    with closing(duckdb.connect(":memory:")) as connection:
        return _run_sql(connection, requests, points, "sql")


def _run_sql(
    connection: Any, requests: Sequence[CodeRequest], points: Sequence[Points], target: str
) -> list[Rows | None]:
    results: list[Rows | None] = []
    for request, rows in zip(requests, points, strict=True):
        try:
            statement = load_target(target).write(request)
        except RequestError:
            results.append(None)
            continue
        columns = ['"' + name.replace('"', '""') + '"' for name in request.variables]
        connection.execute("DROP TABLE IF EXISTS points")
        # A column that the statement does not read comes along.
        names = ["id", *columns]
        connection.execute(f"CREATE TABLE points ({', '.join(f'{name} DOUBLE' for name in names)})")
        marks = ", ".join("?" * len(names))
        connection.executemany(f"INSERT INTO points VALUES ({marks})", [[n, *row] for n, row in enumerate(rows)])
        found = connection.execute(statement).fetchall()
        found.sort(key=lambda row: row[0])
        for n, (row, given) in enumerate(zip(found, rows, strict=True)):
            assert all(one == other or math.isnan(other) for one, other in zip(row, [n, *given], strict=False))
        results.append([[math.nan if x is None else float(x) for x in row[len(names) :]] for row in found])
    return results


def run_jax(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows | None]:
    """Like NumPy; XLA on the processor, in float64."""
    jax = pytest.importorskip("jax")
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    results: list[Rows | None] = []
    for request, rows in zip(requests, points, strict=True):
        function = imported(load_target("jax").write(request), request.name, folder)
        columns = [np.broadcast_to(column, len(rows)) for column in leaves(function(*np.array(rows, dtype=float).T))]
        results.append([[float(column[place]) for column in columns] for place in range(len(rows))])
    return results


SQL_RUNNERS = {"sqlite": run_sqlite, "duckdb": run_duckdb}
# The targets that have adcli's kernels, and so its digits, and whose language a function of this file runs.
RUNNERS: dict[str, Runner] = {
    name: globals()[f"run_{name}"]
    for name in target_names()
    if f"run_{name}" in globals() and not load_target(name).expands
}


def engine(request: CodeRequest, point: Sequence[float]) -> list[float]:
    """The same numbers by the interpreter."""
    from adcli.backends.python import interpreter

    return interpreter(request.derived)(list(point))[len(request.values) :]


def same_number(one: float, other: float) -> bool:
    return repr(one) == repr(other)


def ulps(one: float, other: float) -> float:
    """How far apart two floats are, in units in the last place of the second; not finite ones must be the same."""
    if math.isfinite(one) and math.isfinite(other):
        return abs(one - other) / math.ulp(other)
    return 0.0 if same_number(one, other) else math.inf
