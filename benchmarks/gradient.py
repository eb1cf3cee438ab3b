"""Cheap gradient: what value and gradient together cost over what the value alone costs, in operations and in time.

Reverse mode promises a small constant however many variables there are. Target: at most 4 in every backend. The count
of operations does not jitter; the times are of the same programs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from common import Table, options, timed, timed_calls

from adcli.backends.python import interpreter
from adcli.formula.columns import Batch
from adcli.formula.function import Function, compile
from adcli.formula.lowered import Lowered
from adcli.graph.tape import Tape

POINTS = 10_000


def rosenbrock(n: int) -> str:
    """Rosenbrock's function of n variables."""
    return " + ".join(f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(n - 1))


def sines(n: int) -> str:
    """A sum of sines of products of neighbours."""
    return " + ".join(f"sin(x{i}*x{i + 1})" for i in range(n - 1))


def product(n: int) -> str:
    """A product of n factors."""
    return "*".join(f"x{i}" for i in range(n))


FORMULAS: dict[str, Callable[[int], str]] = {
    "Rosenbrock": rosenbrock,
    "sum of sines of products": sines,
    "product of factors": product,
}


def times(function: Function, runs: int, points: int) -> tuple[float, float, float, float]:
    """Ratios of time for generated code, the interpreter, NumPy; and microseconds of value and gradient, generated."""
    names = function.variables
    point = {name: 0.9 + 0.2 * place / len(names) for place, name in enumerate(names)}
    inputs = list(point.values())
    lowered = Lowered(function.formula)
    value, both = Tape(lowered.graph, [lowered.result]), lowered.program()
    value_run, both_run = interpreter(value), interpreter(both)
    one = timed_calls(
        {
            "value": lambda: function.value(**point),
            "both": lambda: function.value_and_gradient(**point),
            "interpreted value": lambda: value_run(inputs),
            "interpreted both": lambda: both_run(inputs),
        },
        runs,
    )
    columns = {name: np.linspace(x - 0.1, x + 0.1, points) for name, x in point.items()}
    value_arrays, both_arrays = Batch(value, (), "numpy"), Batch(both, names, "numpy")
    many = timed(
        {"value": lambda: value_arrays(columns, threads=1), "both": lambda: both_arrays(columns, threads=1)}, runs
    )
    return (
        one["both"] / one["value"],
        one["interpreted both"] / one["interpreted value"],
        many["both"] / many["value"],
        1e6 * one["both"],
    )


def main() -> None:
    """Measure every formula at every size and print the table."""
    given = options(__doc__, runs=9)
    points = POINTS // 10 if given.quick else POINTS
    table = Table(
        f"Cheap gradient: cost of value and gradient over cost of value; medians of {given.runs} interleaved runs;\n"
        f"NumPy at {points} points; target <= 4 everywhere",
        "formula", "n", "operations", "ratio", "generated", "interpreter", "NumPy", "us generated",
    )  # fmt: skip
    for name, text in FORMULAS.items():
        for n in (10, 100) if given.quick else (10, 100, 1000):
            function = compile(text(n))
            lowered = Lowered(function.formula)
            value = len(Tape(lowered.graph, [lowered.result]).instructions)
            both = len(lowered.program().instructions)
            table.add(name, n, f"{both}/{value}", both / value, *times(function, given.runs, points))
    table.print()


if __name__ == "__main__":
    main()
