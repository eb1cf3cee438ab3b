"""The recorded backward pass gives the derivatives that the other modes give."""

from __future__ import annotations

import json
import warnings
from math import isnan

import numpy as np
import pytest
from hypothesis import given

import adcli
from adcli.explain.passes import BackwardPass
from adcli.graph.evaluate import evaluate
from tests.cli.conftest import run_command
from tests.strategies import programs

ARRAYS = [
    "sum(where(x > 0, sqrt(x), x))",
    "max(x)*sum(x*x)",
    "sum(relu(x) + abs(y)*x)",
    "sum(where(x > 5, log(x), y))",
    "norm(x + y) + x[0]",
    "x @ y + sum(max(x, 0.5))",
]


def record(text: str, inputs: dict[str, object]) -> tuple[BackwardPass, dict[str, int]]:
    formula = adcli.compile(text).shaped(inputs)
    graph, result = formula.graph, formula.result.row
    values = evaluate(graph, [result], inputs)
    return BackwardPass(graph, result, values, graph.variables.values()), graph.variables


@given(programs)
def test_the_adjoints_of_numbers_are_the_slopes(text: str) -> None:
    f = adcli.compile(text)
    at = {name: 0.3 + 0.7 * i for i, name in enumerate(f.variables)}
    value, slopes = f.value_and_gradient(at)
    if isnan(value):
        return
    backward, rows = record(text, at)
    for name, slope in slopes.items():
        assert np.isclose(backward.adjoints.get(rows[name], 0.0), slope, rtol=1e-9, atol=1e-12, equal_nan=True)


@pytest.mark.parametrize("text", ARRAYS)
def test_the_adjoints_of_arrays_are_the_slopes(text: str) -> None:
    f = adcli.compile(text)
    at = {name: value for name, value in (("x", np.array([0.0, 1.0, 2.0])), ("y", np.ones(3))) if name in f.variables}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        backward, rows = record(text, at)
        adjoints = backward.adjoints
    for name, slope in f.gradient(at).items():
        assert np.array_equal(adjoints[rows[name]], slope), name


@pytest.mark.parametrize("text", ARRAYS)
def test_the_last_total_is_the_adjoint(text: str) -> None:
    f = adcli.compile(text)
    at = {name: np.array([0.0, 1.0, 2.0]) for name in f.variables}
    backward, _ = record(text, at)
    totals = {each.row: each.total for each in backward.contributions}
    assert all(np.array_equal(total, backward.adjoints[row]) for row, total in totals.items())
    words = [text, *[f"{name}=[0, 1, 2]" for name in f.variables], "--json"]
    trace = json.loads(run_command(["trace", *words]).out)
    last = {each["adjoint"]: each["total"] for each in trace["backward"]}
    assert {name: last[name] for name in f.variables} == trace["gradient"]
