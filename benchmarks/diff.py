"""Derivatives to read: length of the text and time against SymPy.

For each row of `tests/cases/derivatives.tsv`: the text of `Function.diff`, from the text of the expression on, and
`str(simplify(diff(…)))` of a SymPy expression that is already made. Target: median length at most 1.5, median time at
most a tenth. With `--list` every pair is printed.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from statistics import median

from common import Table, options, peer

from adcli.formula.function import compile

CASES = Path(__file__).parent.parent / "tests" / "cases" / "derivatives.tsv"


def main() -> None:
    """Measure every case once, in turns, and print the medians."""
    listed = "--list" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--list"]
    given = options(__doc__, runs=1, quick_runs=1)
    sympy = peer("sympy")
    with open(CASES, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    rows = rows[::10] if given.quick else rows
    compile("x**2").diff("x")
    lengths, times, longer = [], [], 0
    for row in rows:
        text, name = row["expression"], row["variable"]
        symbols = {variable: sympy.Symbol(variable) for variable in compile(text).variables}
        expression = sympy.sympify(text, locals={**symbols, "log1p": lambda x: sympy.log(1 + x),
                                                 "expm1": lambda x: sympy.exp(x) - 1, "abs": sympy.Abs})  # fmt: skip
        start = time.perf_counter()
        ours = str(compile(text).diff(name))
        middle = time.perf_counter()
        theirs = str(sympy.simplify(sympy.diff(expression, symbols[name])))
        end = time.perf_counter()
        lengths.append(len(ours) / len(theirs))
        times.append((middle - start) / (end - middle))
        longer += len(ours) > len(theirs)
        if listed:
            print(f"{lengths[-1]:.2f}  {1e3 * (middle - start):.1f} ms  {text}  d{name}\n    {ours}\n    {theirs}")
    table = Table(f"Derivatives to read, {len(rows)} expressions, over SymPy's simplify(diff(…))",
                  "what", "median", "90 %", "worst")  # fmt: skip
    for what, ratios in (("length", lengths), ("time", times)):
        table.add(what, median(ratios), sorted(ratios)[len(ratios) * 9 // 10], max(ratios))
    table.print()
    print(f"longer than SymPy's: {longer} of {len(rows)}")


if __name__ == "__main__":
    main()
