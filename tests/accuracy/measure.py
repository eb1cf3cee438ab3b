"""How far each operation and its first three derivatives are from the truth, in units in the last place.

Reads the 50-digit data of `tests/cases/ops/`; the tests compare with the bounds of the contract, and
`python -m tests.accuracy.measure` writes the worst figures to `adcli/ops/accuracy.tsv`, which `adcli functions` prints.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import mpmath

from adcli.backends.python import interpreter
from adcli.graph.derive import gradient, tangent
from adcli.graph.expr import Expr, Graph
from adcli.graph.tape import Tape
from adcli.ops import FUNCTIONS, TABLE, Op

CASES = Path(__file__).parent.parent / "cases" / "ops"
STORED = Path(__file__).parent.parent.parent / "adcli" / "ops" / "accuracy.tsv"
LARGEST = mpmath.mpf(sys.float_info.max)
mpmath.mp.dps = 60


class Row(NamedTuple):
    """One point of a case file: inputs, and the expected text per column name (``f``, ``f_x``, ``f_xy`` …)."""

    inputs: tuple[float, ...]
    expected: dict[str, str]


def case_names() -> list[str]:
    """The operations that have a case file."""
    return sorted(path.stem for path in CASES.glob("*.tsv"))


def rows(name: str) -> Iterator[Row]:
    """The points of one file."""
    with open(CASES / f"{name}.tsv", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        inputs = [column for column in reader.fieldnames or [] if not column.startswith("f")]
        for line in reader:
            yield Row(
                tuple(float(line[column]) for column in inputs),
                {column: text for column, text in line.items() if column not in inputs and text},
            )


@cache
def columns(name: str) -> tuple[list[str], list[str]]:
    """The input columns and the result columns of one file."""
    with open(CASES / f"{name}.tsv", encoding="utf-8") as file:
        header = file.readline().rstrip("\n").split("\t")
    return [c for c in header if not c.startswith("f")], [c for c in header if c.startswith("f")]


def build(name: str, fixed: dict[str, float], forward: bool) -> tuple[list[str], Tape]:
    """A program of the value and of every derivative that the file has, by one mode or the other.

    Args:
        name: of the operation.
        fixed: inputs that are constants (the order of polygamma).
        forward: by tangents instead of cotangents.
    """
    inputs, results = columns(name)
    graph = Graph()
    symbols: dict[str, Any] = {c: fixed[c] if c in fixed else graph.variable(c) for c in inputs}
    node = operation(name)(*[symbols[c] for c in inputs])
    derived: dict[str, Expr | None] = {"": node}

    def derivative(path: str) -> Expr | None:
        if path not in derived:
            before = derivative(path[:-1])
            variable = symbols[path[-1]]
            if before is None:
                derived[path] = None
            elif forward:
                derived[path] = tangent(before, {variable.row: 1.0})
            else:
                derived[path] = gradient(before, [variable])[0]
        return derived[path]

    outputs = [derivative(c[2:]) for c in results]
    return results, Tape(graph, outputs)


def operation(name: str) -> Callable[..., Any]:
    """The op of a case file, or what the language makes of its name."""
    if name in TABLE:
        return TABLE[name]
    return FUNCTIONS[name]


def ulps(got: float, expected: str, scale: float = 0.0) -> float:
    """The distance in units in the last place of the truth, or of a larger `scale`.

    0 where both are the same special value, inf where not. A truth beyond the largest float64 asks for inf, one below
    the least for 0 or the least.
    """
    if expected == "nan":
        return 0.0 if math.isnan(got) else math.inf
    truth = mpmath.mpf(expected)
    nearest = float(truth)
    if math.isinf(nearest) or math.isinf(got) or math.isnan(got):
        # Rounding at the very end of the range may go either way.
        edge = abs(truth) > LARGEST * (1 - mpmath.mpf(2) ** -50) and not mpmath.isinf(truth)
        return 0.0 if got == nearest or (edge and abs(got) > sys.float_info.max * (1 - 2.0**-50)) else math.inf
    return float(abs(mpmath.mpf(got) - truth) / mpmath.mpf(math.ulp(max(abs(nearest), scale))))


HOMOGENEOUS = ("atan2", "hypot", "direction", "beta")  # their derivatives scale with 1/x, also below 1
GAMMA_FAMILY = ("gamma", "lgamma", "digamma", "polygamma", "factorial", "beta", "lbeta", "binomial")
INCOMPLETE = ("gammainc", "gammaincc", "betainc")
NORMAL_FAMILY = ("erf", "erfc", "normpdf", "normcdf", "norminv", "erfinv", "erfcinv", "lambertw", "expint")


def error(name: str, column: str, row: Row, got: float) -> float:
    """The error of one result as the contract counts it.

    * The gamma family near its zeros: within 1e-15 counts as none.
    * Second and third derivatives: in ulps of the truth or, near its zeros, of the derivative one order lower over
      max(1, |x|) (over |x| where the function is homogeneous), because sums cancel there. Where the truth is no normal
      float64, the products it is made of overflow or underflow first, and nothing is claimed; nor beyond 1e-100 and
      1e100 for functions of two arguments.
    * Of binomial, which is nearly a polynomial, in ulps of the largest derivative of a lower order.
    * The slopes of hypot, atan2 and direction where hypot itself is beyond the largest float64: nothing is claimed.
    """
    expected = row.expected[column]
    order = len(column) - 2 if len(column) > 1 else 0
    if name in GAMMA_FAMILY and order == 0 and expected not in ("nan", "inf", "-inf"):
        truth = mpmath.mpf(expected)
        if abs(truth) < 1 and abs(mpmath.mpf(got) - truth) <= 1e-15 if math.isfinite(got) else False:
            return 0.0
    if order and name in HOMOGENEOUS and math.isinf(math.hypot(*row.inputs)) and not any(map(math.isinf, row.inputs)):
        return 0.0
    if order < 2 or expected in ("nan", "inf", "-inf"):
        return ulps(got, expected)
    sizes = [abs(x) for x in row.inputs if x]
    if len(row.inputs) > 1 and not all(1e-100 < size < 1e100 for size in sizes):
        return 0.0
    size = abs(mpmath.mpf(expected))
    if size > LARGEST / 16 or 0 < size < sys.float_info.min * 16:
        return 0.0
    names = dict(zip(columns(name)[0], row.inputs, strict=True))
    scale = 0.0
    if name == "binomial":
        lower_orders = [text for key, text in row.expected.items() if len(key) < len(column)]
        scale = max(abs(float(text)) for text in lower_orders if text not in ("nan", "inf", "-inf"))
    for place, letter in enumerate(column[2:], 2):
        lower = row.expected.get(column[:place] + column[place + 1 :])
        if lower not in (None, "nan", "inf", "-inf"):
            with mpmath.workdps(20):
                floor = 0.0 if name in HOMOGENEOUS else 1.0
                size = abs(mpmath.mpf(lower)) / max(floor, abs(names[letter]), sys.float_info.min)
            scale = max(scale, float(size)) if size < LARGEST else math.inf
    return ulps(got, expected, min(scale, sys.float_info.max))


class Worst(NamedTuple):
    """The worst error of one column, and where."""

    error: float
    inputs: tuple[float, ...]
    got: float
    expected: str


def measure(
    name: str, forward: bool, run: Callable[[Tape], Callable[[Sequence[float]], list[float]]] = interpreter,
) -> dict[str, Worst]:  # fmt: skip
    """The worst error of every column of a file.

    Args:
        name: of the operation.
        forward: which mode made the derivatives.
        run: the backend.
    """
    op = TABLE.get(name)
    programs: dict[tuple[float, ...], tuple[list[str], Callable[[Sequence[float]], list[float]]]] = {}
    worst: dict[str, Worst] = {}
    inputs_of = columns(name)[0]
    for row in rows(name):
        fixed = {inputs_of[i]: row.inputs[i] for i in (op.integers if isinstance(op, Op) else ())}
        key = tuple(fixed.values())
        if key not in programs:
            results, program = build(name, fixed, forward)
            programs[key] = results, run(program)
        results, compute = programs[key]
        free = [x for c, x in zip(inputs_of, row.inputs, strict=True) if c not in fixed]
        for column, got in zip(results, compute(free), strict=True):
            expected = row.expected.get(column)
            if expected is None:
                continue
            distance = error(name, column, row, got)
            if column not in worst or distance > worst[column].error:
                worst[column] = Worst(distance, row.inputs, got, expected)
    return worst


def orders(worst: dict[str, Worst]) -> list[float]:
    """The worst error per order of derivative, 0 to 3."""
    found = [0.0, 0.0, 0.0, 0.0]
    for column, entry in worst.items():
        order = len(column) - 2 if len(column) > 1 else 0
        found[order] = max(found[order], entry.error)
    return found


def main() -> None:
    """Measure everything and write the file that `adcli functions` prints."""
    with open(STORED, "w", encoding="utf-8") as file:
        file.write("name\tvalue\tfirst\tsecond\tthird\n")
        for name in case_names():
            figures = orders(measure(name, False))
            known = {len(column) - 2 if len(column) > 1 else 0 for column in columns(name)[1]}
            cells = [f"{figure:.2f}" if order in known else "" for order, figure in enumerate(figures)]
            if name in TABLE:
                file.write("\t".join([name, *cells]) + "\n")


if __name__ == "__main__":
    main()
