"""What is printed is defined wherever the formula is: at zeros, poles and infinities."""

from __future__ import annotations

import csv
import itertools
import math
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adcli
from adcli.graph.derive import gradient
from adcli.graph.expr import Expr, Graph
from adcli.language.lower import lower
from adcli.language.parser import parse
from adcli.simplify.identities import REWRITES
from tests.sampling import examples, rotate

EDGES = (0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, 0.7)

with open(Path(__file__).parent.parent / "cases" / "derivatives.tsv", encoding="utf-8", newline="") as file:
    CASES = [(row["expression"], row["variable"]) for row in csv.DictReader(file, delimiter="\t")]


def compute(expr: Expr, point: Mapping[str, float]) -> float:
    """Evaluate row by row, without masks and optimisations."""
    graph = expr.graph
    names = {row: name for name, row in graph.variables.items()}
    values: dict[int, float] = {}
    for row in graph.live([expr.row]):
        op = graph.ops[row]
        if op is None:
            values[row] = graph.constants[row] if row in graph.constants else point[names[row]]
        else:
            values[row] = op.forward(*[values[argument] for argument in graph.inputs[row]])
    return values[expr.row]


def agree(before: float, after: float, point: Mapping[str, float]) -> bool:
    """Return whether the second value is the first one, if that is defined. 1/-0 may be inf or -inf."""
    if math.isnan(before) or before == after:
        return True
    if math.isinf(before) and before == -after:
        return any(x == 0 and math.copysign(1, x) < 0 for x in point.values())
    return math.isclose(before, after, rel_tol=1e-9, abs_tol=1e-13)


def lost(text: str, name: str, seed: int = 1) -> str | None:
    """Return the first edge at which the printed derivative differs from the derivative in the graph.

    The variable is at all edges, the others at those that are finite.
    """
    expr = lower(parse(text), Graph())
    variables = adcli.compile(text).variables
    [slope] = gradient(expr, [expr.graph.variable(name)])
    if slope is None:
        return None
    printed = str(adcli.compile(text).diff(name))
    read = lower(parse(printed), Graph())
    edges = [EDGES if variable == name else [x for x in EDGES if abs(x) <= 1] for variable in variables]
    points = list(itertools.product(*edges))
    for numbers in random.Random(seed).sample(points, min(len(points), 60)):
        point = dict(zip(variables, numbers, strict=True))
        before, after = compute(slope, point), compute(read, point)
        if not agree(before, after, point):
            return f"{text} by {name} at {point}: {before}, but {printed} is {after}"
    return None


@pytest.mark.parametrize("rewrite", rotate(REWRITES, 2), ids=lambda rewrite: rewrite.before)
def test_a_rewriting_at_edges(rewrite) -> None:
    condition = f"where({rewrite.where}, 1, 0)" if rewrite.where else "1"
    before, after, holds = (lower(parse(text), Graph()) for text in (rewrite.before, rewrite.after, condition))
    for numbers in itertools.product(EDGES, repeat=3):
        point = dict(zip("xyz", numbers, strict=True))
        if compute(holds, point):
            assert agree(compute(before, point), compute(after, point), point), point


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sqrt(x**2*y)", "y"), ("sqrt(x*y)", "x"), ("sqrt(x**3*y)", "x"), ("sqrt(x/y)*x", "x"), ("sqrt(y/x)", "y"),
        ("2*pi*sqrt(x/y)", "x"), ("x*log(x)**2", "x"), ("log(x) - 3/x", "x"), ("x - 1/x", "x"), ("exp(x)**y", "y"),
        ("exp(x)/x", "x"), ("(x - 1)*(x - 2)*(x - 3)", "x"), ("sqrt((1 - x)/(1 + x))", "x"), ("cbrt(x**2*y)", "y"),
        ("abs(x)*x", "x"), ("sqrt(x)*sqrt(x*y)", "x"), ("1/sqrt(x) + 1/x", "x"), ("tanh(x)*x**2/x", "x"),
    ],
)  # fmt: skip
def test_a_derivative_keeps_its_edges(text: str, name: str) -> None:
    assert lost(text, name) is None


def test_published_formulas_keep_their_edges() -> None:
    """Without variable exponents, whose derivative is a helper that prints as y*x**(y - 1)."""
    for text, name in rotate(CASES, 4):
        if not any(power in text for power in ("**x", "**y", "**n", "**(n")):
            assert (found := lost(text, name)) is None, found


def larger(operand: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One operation whose derivative prints without helpers."""
    words = st.sampled_from(["sin", "cos", "exp", "log", "sqrt", "cbrt", "abs", "tanh", "cosh", "atan", "log1p"])
    call = st.tuples(words, operand).map(lambda t: f"{t[0]}({t[1]})")
    power = st.tuples(operand, st.sampled_from(["2", "3", "-1", "-2"])).map(lambda t: f"({t[0]})**{t[1]}")
    infix = st.tuples(operand, st.sampled_from("+-*/"), operand).map(lambda t: f"({t[0]}){t[1]}({t[2]})")
    return st.one_of(call, power, infix, infix)


@settings(max_examples=examples(200))
@given(st.recursive(st.sampled_from(["x", "x", "y", "1", "2", "3"]), larger, max_leaves=6))
def test_random_formulas_keep_their_edges(text: str) -> None:
    if "x" in adcli.compile(text).variables:
        assert (found := lost(text, "x")) is None, found
