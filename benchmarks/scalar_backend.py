"""The scalar backend: interpreting a program against generating Python source of it, and when generating pays off.

The evidence for docs/decisions/003-scalar-backend.md and for `MAX_INSTRUCTIONS` in adcli/backends/python.py: what each
costs to set up, what a call costs, from which call on the generated function is the better choice, and by how much
making it raises the peak of memory.
"""

from __future__ import annotations

import random
from statistics import median
from typing import Any

from common import Table, once, options, peak_memory, timed_calls

from adcli.backends import python
from adcli.backends.python import function, interpreter
from adcli.formula.lowered import Lowered
from adcli.graph.tape import Tape
from adcli.language.parser import parse

VARIABLES = 10
TERM = 17  # instructions that a term of the formula makes with its slopes, about


def program_of(size: int) -> Tape:
    """Value and gradient of a sum of mixed terms: a program of about this many instructions."""
    chance = random.Random(size)

    def x() -> str:
        return f"x{chance.randrange(VARIABLES)}"

    terms = [f"sin({number + 0.5}*{x()}*{x()})/({number + 1.5} + {x()}**2)" for number in range(max(1, size // TERM))]
    return Lowered(parse(" + ".join(terms))).program()


def main() -> None:
    """Measure the sizes and print the table."""
    given = options(__doc__, runs=7)
    python.MAX_INSTRUCTIONS = 10**9  # generate whatever the size
    table = Table(
        f"Scalar backend: interpreter and generated source; medians of {given.runs} interleaved runs",
        "instructions", "interpreter: set-up us", "call us", "generated: set-up us", "call us", "set-up, us each",
        "call ratio", "pays off from call", "peak MB",
    )  # fmt: skip
    for size in (10, 100, 1_000, 10_000) if given.quick else (10, 100, 1_000, 10_000, 20_000, 100_000):
        program = program_of(size)
        template = "{0}, [" + ", ".join(f"{{{place}}}" for place in range(1, len(program.outputs))) + "]"
        point = {name: 0.3 + 0.1 * place for place, name in enumerate(program.variables)}
        inputs = list(point.values())

        def make(program: Tape = program, template: str = template) -> Any:
            return function("value", program, lambda point, named: tuple(named.values()), list, template, lambda *_: [])

        before = peak_memory()
        make()
        grown = (peak_memory() - before) / 1e6
        makes, builds = [], []
        for _ in range(given.runs):
            makes.append(once(make))
            builds.append(once(lambda program=program: interpreter(program)))  # type: ignore[misc]
        made, run = make(), interpreter(program)
        calls = timed_calls(
            {
                "generated": lambda made=made, point=point: made(**point),  # type: ignore[misc]
                "interpreter": lambda run=run, inputs=inputs: run(inputs),  # type: ignore[misc]
            },
            given.runs,
        )
        slow, quick = calls["interpreter"], calls["generated"]
        wait, none = median(makes), median(builds)
        count = len(program.instructions)
        table.add(str(count), 1e6 * none, 1e6 * slow, 1e6 * wait, 1e6 * quick, 1e6 * wait / count, slow / quick,
                  (wait - none) / (slow - quick) if slow > quick else "never", grown)  # fmt: skip
    table.print()


if __name__ == "__main__":
    main()
