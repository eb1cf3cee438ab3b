"""Size: large and deep formulas from text to value, gradient and text again; time and memory per term.

Sums of `c*xi*xj` over 50 variables, with distinct coefficients and random pairs, and nests of functions, parentheses,
signs and powers. Every case runs in a process of its own, so that its peak of memory is its own.

Targets: linear in size; 10^5 terms parsed and differentiated in at most the time of SymEngine's sympify and diff; no
case ends in an error.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from common import Table, child, installed, options, peak_memory, peer

VARIABLES = 50
LIMIT = 30.0  # seconds a process may take
SLOW = 15.0  # a process of more seconds is run once


def sum_of_products(terms: int) -> str:
    """A sum of `c*xi*xj`; the coefficients differ, the pairs are random and the same in every run."""
    chance = random.Random(terms)
    return " + ".join(
        f"{number + 0.5}*x{chance.randrange(VARIABLES)}*x{chance.randrange(VARIABLES)}" for number in range(terms)
    )


CASES: dict[str, Callable[[int], str]] = {
    "sum of products": sum_of_products,
    "sin(sin(...))": lambda depth: "sin(" * depth + "x0" + ")" * depth,
    "parentheses": lambda depth: "(" * depth + "x0" + ")" * depth,
    "unary minuses": lambda depth: "-" * depth + "x0",
    "right-nested powers": lambda depth: "x0**" * depth + "x0",
}
STAGES = ("parse", "lower", "differentiate", "evaluate", "print")


def ours(text: str) -> dict[str, Any]:
    """Seconds of each stage, in this process, and the peak of memory above what was there before."""
    from adcli.backends.python import interpreter
    from adcli.formula.function import Function
    from adcli.formula.lowered import Lowered
    from adcli.language.parser import parse

    parse("sin(x)")
    before = peak_memory()
    seconds = []
    start = time.perf_counter()

    def stage() -> None:
        nonlocal start
        now = time.perf_counter()
        seconds.append(now - start)
        start = now

    formula = parse(text)
    stage()
    Function(formula)
    stage()
    program = Lowered(formula).program()
    stage()
    interpreter(program)([0.5 + 0.01 * place for place in range(len(program.variables))])
    stage()
    memory = peak_memory() - before
    start = time.perf_counter()
    str(formula)
    str(Lowered(formula).result)
    stage()
    instructions = len(program.instructions)
    return {**dict(zip(STAGES, seconds, strict=True)), "memory": memory, "instructions": instructions}


def symengine(text: str) -> dict[str, Any]:
    """The same by SymEngine: sympify, and diff by each variable."""
    engine = peer("symengine")
    sympify = engine.sympify
    names = [engine.symbols(f"x{number}") for number in range(VARIABLES)]
    sympify("sin(x)")
    before = peak_memory()
    start = time.perf_counter()
    formula = sympify(text)
    parsed = time.perf_counter()
    slopes = [formula.diff(name) for name in names]
    done = time.perf_counter()
    return {"parse": parsed - start, "differentiate": done - parsed, "memory": peak_memory() - before, "n": len(slopes)}


def measure(case: str, size: int, engines: list[str], runs: int) -> dict[str, list[dict[str, Any]]]:
    """What the engines' processes tell, turn by turn; nothing for an engine that died or took too long."""
    told: dict[str, list[dict[str, Any]]] = {engine: [] for engine in engines}
    waiting = list(engines)
    for _ in range(runs):
        for engine in list(waiting):
            start = time.perf_counter()
            answer = child(__file__, ["--child", engine, case, str(size)], LIMIT)
            if answer is not None:
                told[engine].append(answer)
            if answer is None or (case != "sum of products" and time.perf_counter() - start > SLOW):
                waiting.remove(engine)
    return told


def medians(answers: list[dict[str, Any]]) -> dict[str, float] | None:
    """The median of each figure; None where there is none."""
    return {key: median(answer[key] for answer in answers) for key in answers[0]} if answers else None


def to_slopes(answer: dict[str, Any]) -> float:
    """Seconds from text to all partial derivatives."""
    return sum(float(answer.get(stage, 0.0)) for stage in STAGES[:3])


def main() -> None:
    """Measure every case and print the two tables, ours by stages and ours beside the peer."""
    if sys.argv[1:2] == ["--child"]:
        engine, case, terms = sys.argv[2:]
        print(json.dumps({"adcli": ours, "symengine": symengine}[engine](CASES[case](int(terms)))))
        return
    given = options(__doc__, runs=7, huge="sums of 10^6 terms too, one run each")
    sizes = [1_000, 10_000] if given.quick else [1_000, 10_000, 100_000]
    engines = ["adcli"] + (["symengine"] if installed("symengine") else [])
    cases = [(case, size, given.runs) for case in CASES for size in sizes[-2:] if case != "sum of products"]
    cases = [("sum of products", size, given.runs) for size in sizes] + cases
    if given.huge:
        cases.append(("sum of products", 1_000_000, 1))
    stages = Table(
        f"Size: microseconds and bytes per term; medians of {given.runs} processes, engines in turns.\n"
        "Linear: time per term over the time per term of the size before; 1.0 is linear",
        "case", "size", *STAGES, "all", "linear", "bytes", "instructions",
    )  # fmt: skip
    beside = Table(
        "Parse and all partial derivatives (ours: parse, lower, differentiate), seconds, and the median of\n"
        "the turns' ratios; below 1 we are quicker",
        "case", "size", "adcli", "SymEngine", "ratio", "memory ratio", "target",
    )  # fmt: skip
    last: dict[str, float] = {}
    for case, size, runs in cases:
        measured = measure(case, size, engines, runs)
        mine, theirs = medians(measured["adcli"]), medians(measured.get("symengine", []))
        if mine is None:
            stages.add(case, size, *["fails"] * len(STAGES), None, None, None, None)
            continue
        per_term = [1e6 * mine[stage] / size for stage in STAGES]
        every = sum(per_term)
        linear = every / last[case] if case in last else None
        last[case] = every
        stages.add(case, size, *per_term, every, linear, mine["memory"] / size, str(round(mine["instructions"])))
        own = to_slopes(mine)
        target = "<= 1" if case == "sum of products" and size == 100_000 else ""
        if theirs is None:
            beside.add(case, size, own, "fails" if "symengine" in engines else None, None, None, target)
        else:
            # The ratio of each turn, because a burst of other work on the machine lasts longer than a turn.
            ratio = median(to_slopes(a) / to_slopes(b) for a, b in zip(*measured.values(), strict=False))
            beside.add(case, size, own, to_slopes(theirs), ratio, mine["memory"] / max(theirs["memory"], 1), target)
    stages.print()
    beside.print()


if __name__ == "__main__":
    main()
