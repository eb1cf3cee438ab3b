"""Higher derivatives: Hessians and their products over gradients, and Taylor coefficients over the order.

Targets: a Hessian costs at most n + 4 gradients, in operations and in time; the cost of Taylor coefficients grows with
an exponent of the order of at most 2.2, fitted over orders 2 to 64. At many points a row may take what its operations
take: the time of columns over that of value and gradient is set beside the same ratio of instructions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import log
from typing import Any

import numpy as np
from common import Table, options, timed, timed_calls
from gradient import product, rosenbrock, sines

from adcli.backends.python import unguarded
from adcli.formula.backend_choice import is_installed
from adcli.formula.function import Function, compile
from adcli.formula.kinds import KINDS, Request
from adcli.formula.lowered import Lowered, Lowerings
from adcli.graph.series import Series, taylor
from adcli.graph.tape import Tape
from adcli.language.parser import parse


def log_sum(n: int) -> str:
    """The logarithm of a sum of exponentials: a dense Hessian."""
    return f"log({' + '.join(f'exp(x{i}**2)' for i in range(n))})"


FORMULAS: dict[str, Callable[[int], str]] = {
    "Rosenbrock": rosenbrock,
    "sum of sines of products": sines,
    "product of factors": product,
    "log of a sum": log_sum,
}
CURVES = ["exp(sin(x))*cos(x**2)", "tan(x)/sqrt(1 + x**2)", "log(1 + x**4)**x", "gamma(x)", "lgamma(2 + sin(x))",
          "sinc(sin(x))", "digamma(exp(x))"]  # fmt: skip
ORDERS = (2, 4, 8, 16, 32, 64)
SURFACES = ["sin(x**2)*cos(y)", "(1 - x)**2 + 100*(y - x**2)**2", "exp(-x)*tanh(x*y) + sqrt(x + y)"]
COLUMNS: dict[str, dict[str, Any]] = {
    "gradient": {}, "hessian": {}, "hvp": {"dx": 1.0, "dy": 0.5}, "jvp": {"dx": 1.0, "dy": 0.5},
    "taylor": {"wrt": ["x"], "order": 4},
}  # fmt: skip


def programs(function: Function) -> dict[str, Tape]:
    """Value with gradient; with the Hessian as well; and with one product of the Hessian."""
    lowerings = Lowerings(function.formula)
    directions = {name: f"d{name}" for name in function.variables}
    variables = function.variables
    request = Request(variables)
    return {
        "gradient": KINDS["gradient"].build(lowerings.numeric, request).program,
        "hessian": KINDS["hessian"].build(lowerings.numeric, request).program,
        "hvp": KINDS["hvp"].build(lowerings.moving(directions).numeric, Request(variables, directions)).program,
    }


def exponent(costs: Sequence[float]) -> float:
    """The slope of the line through the logarithms of the costs over those of the orders."""
    points = [(log(order), log(cost)) for order, cost in zip(ORDERS, costs, strict=True)]
    x0, y0 = (sum(column) / len(points) for column in zip(*points, strict=True))
    slope: float = sum((x - x0) * (y - y0) for x, y in points) / sum((x - x0) ** 2 for x, _ in points)
    return slope


def at_many_points(rows: int, runs: int) -> Table:
    """Columns of each kind over value and gradient, by each backend in one thread."""
    table = Table(f"{rows} points: time over value and gradient, one thread; million rows a second",
                  "expression", "backend", "kind", "instructions", "time", "rows/µs")  # fmt: skip
    random = np.random.default_rng(0)
    x, y = random.uniform(0.1, 2.0, (2, rows))
    for text in SURFACES:
        function = compile(text)
        lowerings = Lowerings(function.formula)
        counts = {}
        for kind in COLUMNS:
            directions = {"x": "dx", "y": "dy"} if "directions" in KINDS[kind].takes else {}
            request = Request(COLUMNS[kind].get("wrt", function.variables), directions, COLUMNS[kind].get("order"))
            outputs = KINDS[kind].build(lowerings.moving(directions).numeric, request)
            counts[kind] = len(outputs.program.instructions)
        for backend in [name for name in ("numpy", "llvm") if is_installed(name)]:
            tasks = {kind: partial(function.columns, kind, x=x, y=y, backend=backend, threads=1, **given)
                     for kind, given in COLUMNS.items()}  # fmt: skip
            seconds = timed(tasks, runs)
            for kind in COLUMNS:
                ratios = (costs[kind] / costs["gradient"] for costs in (counts, seconds))
                table.add(text, backend, kind, *ratios, 1e-6 * rows / seconds[kind])
    return table


def main() -> None:
    """Print the tables."""
    given = options(__doc__)
    table = Table("Hessian and Hessian times vector over value and gradient",
                  "formula", "n", "n + 4", "operations", "time", "hvp operations", "hvp time")  # fmt: skip
    for name, text in FORMULAS.items():
        for n in (3, 10) if given.quick else (3, 10, 30, 100):
            made = programs(compile(text(n)))
            inputs = [0.9 + 0.2 * i / n for i in range(n)]
            tasks = {kind: partial(unguarded(program), inputs * (2 if kind == "hvp" else 1))
                     for kind, program in made.items()}  # fmt: skip
            seconds = timed_calls(tasks, given.runs)
            counts = {kind: len(program.instructions) for kind, program in made.items()}
            ratios = [costs[kind] / costs["gradient"] for kind in ("hessian", "hvp") for costs in (counts, seconds)]
            table.add(name, n, n + 4, *ratios)
    table.print()
    table = Table("Taylor coefficients: exponent of the order, orders 2 to 64; milliseconds at order 64",
                  "expression", "products", "time", "ms")  # fmt: skip
    for curve in CURVES:
        result = Lowered(parse(curve)).result
        counts_of, times = [], []
        for order in ORDERS:
            series = Series(result, "x", {"x": 0.7})
            series.to(order)
            counts_of.append(float(series.operations))
            times.append(timed_calls({"": partial(taylor, result, "x", {"x": 0.7}, order)}, given.runs)[""])
        table.add(curve, exponent(counts_of), exponent(times), 1e3 * times[-1])
    table.print()
    at_many_points(100_000 if given.quick else 1_000_000, given.runs).print()


if __name__ == "__main__":
    main()
