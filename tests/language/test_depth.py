"""Expressions so deep that a recursion would end: read, printed, lowered and printed again, by no call stack."""

from __future__ import annotations

import pytest

from adcli import parse
from adcli.graph.expr import Graph
from adcli.language.lower import lower
from tests.sampling import DEPTH, rotate

CHAIN = DEPTH // 10
DEEP = {
    "calls": "sin(" * DEPTH + "x" + ")" * DEPTH,
    "parentheses": "(" * DEPTH + "x" + ")" * DEPTH,
    "minus": "-" * DEPTH + "x",
    "powers": "x^" * DEPTH + "x",
    "not": "1 if " + "not " * DEPTH + "x>0 else 2",
    "choices": "x if x>0 else " * DEPTH + "x",
    "sums": "x+" * DEPTH + "x",
    "conditions": "1 if " + "x>0 or " * DEPTH + "x>0 else 2",
    "arguments": "max(" + "x, " * DEPTH + "x)",
    "bindings": "u0 = x; " + "; ".join(f"u{i} = -u{i - 1}" for i in range(1, CHAIN)) + f"; u{CHAIN - 1}",
}


@pytest.mark.parametrize("name", rotate(DEEP, 4))
def test_depth(name):
    text = DEEP[name]
    formula = parse(text)
    assert formula.result.stop == len(text) - (DEPTH if name == "parentheses" else 0)
    assert len(repr(formula.result)) < 100
    printed = str(formula)
    assert printed.count("x") == text.count("x")
    result = lower(formula, Graph())
    assert len(str(result)) >= 1
    assert name != "minus" or parse(printed) == formula
