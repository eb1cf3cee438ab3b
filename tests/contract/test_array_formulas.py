"""Array formulas over the whole table, under every command and choice of variables, end in an answer or a message."""

from __future__ import annotations

import json
import random
import re
import warnings

import pytest

from adcli.formula.kinds import KINDS
from adcli.ops import TABLE
from adcli.ops.op import Op
from tests.cli.conftest import run_command
from tests.sampling import ALL, SEED

ELEMENTWISE = [op for op in TABLE.values() if op.shape is None and op.name not in ("neg", "not")]
POINTS = {
    "v": ["[1,2,3]", "[0,0,0]", "[-1,0,1]", "[inf,0,1]", "[nan,1,2]", "[1e308,1e-320,2]"],
    "w": ["[1,1,1]", "[-1,0.5,0]", "[-inf,inf,0.5]"],
    "A": ["[[2,1,0.5],[1,3,-1],[0.25,-0.5,4]]", "[[1,2,3],[2,4,6],[0,0,0]]", "[[nan,1,2],[inf,0,1],[3,4,5]]"],
    "a": ["0", "1", "-1", "2.5", "inf", "nan", "1e300"],
    "b": ["0", "0.5", "-3"],
}
LEAVES = {
    "number": ["a", "b", "0", "1", "-1", "v[0]", "sum(w)", "inf", "nan"],
    "vector": ["v", "w", "v", "[1,2,3]", "[0,1,-1]", "log([1,2,3])", "[inf,0,1]", "v[::-1]"],
    "matrix": ["A", "A.T", "[[1,2,3],[2,4,6],[0,0,0]]", "stack(v,w,v)", "A*0"],
}
# {n}, {v} and {m} are a number, a vector and a matrix.
FORMS = {
    "number": [
        "sum({v})", "norm({v})", "prod({v})", "mean({v})", "logsumexp({v})", "max({v})", "min({v})", "({v})@({v})",
        "det({m})", "logdet({m})", "trace({m})", "norm({m})", "{v}[1]",
    ],
    "vector": [
        "({m}@{v})", "solve({m},{v})", "softmax({v})", "log_softmax({v})", "unit({v})", "sum({m},axis=0)",
        "norm({m},axis=1)", "max({v},{n})", "diag({m})", "reshape({v},3)", "concatenate({v}[0:1],{v}[1:])", "{m}[:,1]",
        "broadcast_to({n},3)", "logsumexp({m},axis=-1)", "[{n},{n},{n}]", "({v}*{n})", "({v}%{v})",
    ],
    "matrix": [
        "outer({v},{v})", "inv({m})", "({m}*{n})", "transpose({m})", "swapaxes({m},0,1)", "diag({v})",
        "stack({v},{v},{v},axis=1)", "solve({m},{m})",
    ],
}  # fmt: skip
RESULTS = [
    "{n}", "{n}", "{v}", "{m}", "[{n}, {n}]", "p = {v}; q = {n}; [p*q, q]", "p = {n}; p", "p = {n}; [p, a, p]",
]  # fmt: skip
COMMANDS = {
    **{kind.command: ["text", "json", "csv", "value"] for kind in KINDS.values() if kind.arrays},
    "trace": ["text", "json", "markdown", "latex"],
    "graph": ["dot", "json", "mermaid"],
    "taylor": ["text"], "check": ["text"], "diff": ["text"],
}  # fmt: skip


class Formulas:
    """Random formulas and points."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def filled(self, form: str, depth: int) -> str:
        kinds = {"n": "number", "v": "vector", "m": "matrix"}
        return re.sub(r"\{(.)\}", lambda match: self.draw(kinds[match[1]], depth), form)

    def draw(self, kind: str, depth: int) -> str:
        """A formula whose value is a number, a vector or a matrix."""
        if depth <= 0:
            return self.random.choice(LEAVES[kind])
        if self.random.random() < 0.4:
            return self.filled(self.random.choice(FORMS[kind]), depth - 1)
        return self.elementwise(self.random.choice(ELEMENTWISE), kind, depth - 1)

    def elementwise(self, op: Op, kind: str, depth: int) -> str:
        count = self.random.choice([1, 2, 3]) if op.variadic else op.arity
        arguments = [self.draw(self.random.choice([kind, kind, "number"]), depth) for _ in range(count)]
        arguments[-1] = self.draw(kind, depth)
        if op.takes_conditions or op.is_condition:
            sign = self.random.choice(["<", ">=", "=="])
            return f"where({arguments[0]} {sign} {arguments[-1]} or {arguments[0]} > 0,{arguments[-1]},{arguments[0]})"
        for place in op.integers:
            arguments[place] = self.random.choice("0123")
        return f"({arguments[0]}{op.sign}{arguments[1]})" if op.sign else f"{op.name}({','.join(arguments)})"

    def words(self, text: str, command: str) -> list[str]:
        """A command line for a formula, at a random point."""
        names = [name for name in POINTS if re.search(rf"\b{name}\b(?!\()", text)]
        some = self.random.sample(names, self.random.randint(min(1, len(names)), len(names)))
        values = {name: self.random.choice(POINTS[name]) for name in names}
        words = [command, text, *[f"{name}={value}" for name, value in values.items()]]
        if command in ("jvp", "hvp"):
            words += [f"d{name}={values[name]}" for name in some]
        elif command in ("grad", "jac", "hess") and some and self.random.random() < 0.5:
            words += ["--wrt", ",".join(some)]
        elif command == "graph" and self.random.random() < 0.5:
            words += ["--gradient"]
        return [*words, "--format", self.random.choice(COMMANDS[command])]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_array_formula_ends_in_a_traceback(command: str) -> None:
    formulas = Formulas(SEED)
    for _ in range(2000 if ALL else 60):
        text = formulas.filled(formulas.random.choice(RESULTS), formulas.random.choice([0, 1, 1, 2]))
        words = formulas.words(text, command)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            outcome = run_command(words)
        assert outcome.status in (0, 1, 2), words
        verdict = command == "check" and outcome.status == 1 and "undecided" in outcome.out
        assert ("adcli: " in outcome.err) == (outcome.status != 0 and not verdict), words
        assert outcome.status != 2 or not outcome.out, words
        if outcome.out and words[-1] == "json" and command in KINDS_BY_COMMAND:
            answer = json.loads(outcome.out)
            numbers = [answer["value"], answer.get("gradient"), answer.get(KINDS_BY_COMMAND[command])]
            assert ("NaN" in json.dumps(numbers)) == (outcome.status == 1), words


KINDS_BY_COMMAND = {kind.command: kind.name for kind in KINDS.values() if kind.arrays}
