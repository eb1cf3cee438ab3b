"""Calls: microseconds of one `value_and_gradient` at a point, beside hand-written Python, CasADi, SymEngine, autograd.

Target: at most twice the hand-written function, which takes the same keywords and returns the same value and dict.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, sin
from typing import Any

from common import Table, Task, installed, options, peer, timed_calls

import adcli

README = "sin(x**2)*cos(y)"
ROSENBROCK = " + ".join(f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(1, 10))
Answer = tuple[float, dict[str, float]]


def readme_by_hand(*, x: float, y: float) -> Answer:
    """The README's expression and its slopes, as one writes them."""
    u = x * x
    s = sin(u)
    c = cos(y)
    return s * c, {"x": 2.0 * x * cos(u) * c, "y": -s * sin(y)}


def rosenbrock_by_hand(
    *, x1: float, x2: float, x3: float, x4: float, x5: float, x6: float, x7: float, x8: float, x9: float, x10: float
) -> Answer:
    """Rosenbrock's function of ten variables and its slopes, as one writes them."""
    a1, b1 = x2 - x1 * x1, 1.0 - x1
    a2, b2 = x3 - x2 * x2, 1.0 - x2
    a3, b3 = x4 - x3 * x3, 1.0 - x3
    a4, b4 = x5 - x4 * x4, 1.0 - x4
    a5, b5 = x6 - x5 * x5, 1.0 - x5
    a6, b6 = x7 - x6 * x6, 1.0 - x6
    a7, b7 = x8 - x7 * x7, 1.0 - x7
    a8, b8 = x9 - x8 * x8, 1.0 - x8
    a9, b9 = x10 - x9 * x9, 1.0 - x9
    value = (
        100.0 * a1 * a1 + b1 * b1 + 100.0 * a2 * a2 + b2 * b2 + 100.0 * a3 * a3 + b3 * b3
        + 100.0 * a4 * a4 + b4 * b4 + 100.0 * a5 * a5 + b5 * b5 + 100.0 * a6 * a6 + b6 * b6
        + 100.0 * a7 * a7 + b7 * b7 + 100.0 * a8 * a8 + b8 * b8 + 100.0 * a9 * a9 + b9 * b9
    )  # fmt: skip
    return value, {
        "x1": -400.0 * a1 * x1 - 2.0 * b1,
        "x2": 200.0 * a1 - 400.0 * a2 * x2 - 2.0 * b2,
        "x3": 200.0 * a2 - 400.0 * a3 * x3 - 2.0 * b3,
        "x4": 200.0 * a3 - 400.0 * a4 * x4 - 2.0 * b4,
        "x5": 200.0 * a4 - 400.0 * a5 * x5 - 2.0 * b5,
        "x6": 200.0 * a5 - 400.0 * a6 * x6 - 2.0 * b6,
        "x7": 200.0 * a6 - 400.0 * a7 * x7 - 2.0 * b7,
        "x8": 200.0 * a7 - 400.0 * a8 * x8 - 2.0 * b8,
        "x9": 200.0 * a8 - 400.0 * a9 * x9 - 2.0 * b9,
        "x10": 200.0 * a9,
    }


def casadi_buffered(text: str, names: list[str], point: list[float]) -> Task:
    """CasADi's quickest way from Python: inputs and outputs in buffers that are set up once."""
    casadi, np = peer("casadi"), peer("numpy")
    symbols = {name: casadi.SX.sym(name) for name in names}
    formula = eval(text, {"sin": casadi.sin, "cos": casadi.cos}, symbols)
    inputs = casadi.vertcat(*symbols.values())
    function = casadi.Function("f", [inputs], [formula, casadi.gradient(formula, inputs)])
    buffer, trigger = function.buffer()
    columns, value, slopes = np.array(point), np.zeros(1), np.zeros(len(point))
    buffer.set_arg(0, memoryview(columns))
    buffer.set_res(0, memoryview(value))
    buffer.set_res(1, memoryview(slopes))

    def call() -> Any:
        columns[:] = point
        trigger()
        return value, slopes, buffer, function  # the last two must outlive the trigger

    return call


def symengine_compiled(text: str, names: list[str], point: list[float], backend: str) -> Task:
    """SymEngine's `Lambdify` of the value and the slopes."""
    symengine = peer("symengine")
    symbols = symengine.symbols(" ".join(names))
    formula = symengine.sympify(text)
    function = symengine.Lambdify(symbols, [formula, *(formula.diff(x) for x in symbols)], cse=True, backend=backend)
    return lambda: function(point)


def autograd_traced(text: str, names: list[str], point: list[float]) -> Task:
    """HIPS autograd, which traces the function at each call."""
    autograd, np = peer("autograd"), peer("autograd.numpy")
    code = compile(text, "formula", "eval")
    space = {"sin": np.sin, "cos": np.cos}
    function = autograd.value_and_grad(lambda v: eval(code, space, dict(zip(names, v, strict=True))))
    column = np.array(point)
    return lambda: function(column)


def peers(text: str, names: list[str], point: list[float]) -> dict[str, Task]:
    """What is installed here."""
    tasks: dict[str, Task] = {}
    if installed("casadi"):
        tasks["CasADi, buffered"] = casadi_buffered(text, names, point)
    if installed("symengine"):
        for label, backend in (("SymEngine, LLVM", "llvm"), ("SymEngine, lambda", "lambda")):
            try:
                tasks[label] = symengine_compiled(text, names, point, backend)
            except (ValueError, RuntimeError):
                continue  # a wheel without LLVM
    if installed("autograd"):
        tasks["autograd"] = autograd_traced(text, names, point)
    return tasks


def main() -> None:
    """Measure both expressions and print the table."""
    given = options(__doc__, runs=15, quick_runs=3)
    table = Table(
        f"Calls: value and all slopes at one point; medians of {given.runs} interleaved turns; target <= 2 x by hand",
        "expression", "way", "us", "x by hand", "target",
    )  # fmt: skip
    cases: list[tuple[str, str, list[str], Callable[..., Answer]]] = [
        ("README", README, ["x", "y"], readme_by_hand),
        ("Rosenbrock, 10 variables", ROSENBROCK, [f"x{i}" for i in range(1, 11)], rosenbrock_by_hand),
    ]
    for label, text, names, by_hand in cases:
        point = [0.7 + 0.1 * place for place in range(len(names))]
        named = dict(zip(names, point, strict=True))
        function = adcli.compile(text)
        agree(function.value_and_gradient(**named), by_hand(**named))
        tasks: dict[str, Task] = {
            "by hand": keywords(by_hand, named),
            "value_and_gradient(x=…)": keywords(function.value_and_gradient, named),
            "value_and_gradient(mapping)": lambda function=function, named=named: function.value_and_gradient(named),  # type: ignore[misc]
            **peers(text, names, point),
        }
        seconds = timed_calls(tasks, given.runs)
        for way, time in seconds.items():
            target = "<= 2" if way.endswith("(x=…)") else ""
            table.add(label, way, 1e6 * time, time / seconds["by hand"], target)
    table.print()


def keywords(function: Callable[..., Any], point: dict[str, float]) -> Task:
    """A call with the keywords written out, as in a user's code."""
    written = ", ".join(f"{name}={value!r}" for name, value in point.items())
    task: Task = eval(f"lambda: function({written})", {"function": function})
    return task


def agree(mine: Answer, other: Answer) -> None:
    """Both must compute the same thing for their times to mean anything."""
    pairs = [(mine[0], other[0]), *((mine[1][name], slope) for name, slope in other[1].items())]
    if any(abs(a - b) > 1e-12 * (1 + abs(b)) for a, b in pairs):
        raise SystemExit(f"the two disagree: {mine} and {other}")


if __name__ == "__main__":
    main()
