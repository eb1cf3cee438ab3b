"""Jacobian, Hessian and their products from Python: against the reference, against one another, and their costs."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

import adcli
from adcli.errors import RequestError, ShapeError, UnknownNameError
from adcli.graph.program import Program
from tests.contract.test_agreement import POINTS
from tests.reference.evaluator import evaluate
from tests.strategies import expressions

with open(Path(__file__).parent / "cases" / "formulas.tsv", encoding="utf-8", newline="") as file:
    FORMULAS = list(csv.DictReader(file, delimiter="\t"))
often = settings(max_examples=200, deadline=None, derandomize=True)


@pytest.mark.parametrize("row", FORMULAS[::6], ids=lambda row: row["name"])
def test_hessians_of_formulas(row) -> None:
    function = adcli.compile(row["program"])
    point = {n.strip(): float(v) for n, v in (part.split("=") for part in row["point"].split(";"))}
    names = function.variables[:3]
    truth = evaluate(row["program"], point, 2, list(names), digits=30)
    found = function.hessian(point)
    value, slopes = function.value_and_gradient(point)
    for i, name in enumerate(names):
        for j, other in enumerate(names):
            index = tuple((k == i) + (k == j) for k in range(len(names)))
            unit = max(abs(value), abs(slopes[name] * point[name]), abs(slopes[other] * point[other]))
            scale = max(abs(truth[index]), unit / abs(point[name] * point[other] or 1.0))
            assert abs(found[name][other] - truth[index]) <= 1e-12 * scale
            assert found[name][other] == found[other][name]


@often
@given(expressions, POINTS, POINTS)
def test_products_are_products(text, point, direction) -> None:
    function = adcli.compile(text)
    at = {name: point["xyz".index(name)] for name in function.variables}
    along = {name: direction["xyz".index(name)] for name in function.variables}
    assume(all(math.isfinite(x) for x in [*at.values(), *along.values()]))
    gradient, hessian = function.gradient(at), function.hessian(at)
    assume(all(abs(x) < 1e60 for x in [*gradient.values(), *(x for row in hessian.values() for x in row.values())]))
    size = max((abs(x) for x in along.values()), default=0.0)
    pushed = function.jvp(at, along)
    expected = sum(gradient[name] * along[name] for name in along)
    assume(math.isfinite(pushed))
    scale = size * max((abs(x) for x in gradient.values()), default=0.0)
    assert pushed == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)
    for name, x in function.hvp(at, along).items():
        scale = size * max(abs(x) for row in hessian.values() for x in row.values())
        if math.isfinite(x):
            assert x == pytest.approx(sum(hessian[name][o] * along[o] for o in along), rel=1e-7, abs=1e-7 * scale)


@pytest.mark.parametrize(("outputs", "variables"), [(1, 3), (2, 2), (3, 1), (2, 4), (5, 2)])
def test_both_ways_to_a_jacobian(outputs, variables) -> None:
    """Few outputs go backward, few variables forward; both are the gradients of the elements."""
    names = [f"x{i}" for i in range(variables)]
    elements = [f"sin({k + 1}*{'*'.join(names)}) + {names[k % variables]}**{k + 1}" for k in range(outputs)]
    point = {name: 0.3 + 0.2 * i for i, name in enumerate(names)}
    rows = adcli.compile(f"[{', '.join(elements)}]").jacobian(point)
    for element, row in zip(elements, rows, strict=True):
        truth = adcli.compile(element).gradient(point)
        assert row == pytest.approx({name: truth.get(name, 0.0) for name in names}, rel=1e-12)


@pytest.mark.parametrize(("outputs", "variables"), [(1, 40), (40, 1), (3, 20), (20, 3)])
def test_a_jacobian_takes_the_cheaper_way(outputs, variables) -> None:
    """At most 5 values for each output or each variable, whichever are fewer."""
    names = [f"x{i}" for i in range(variables)]
    function = adcli.compile(f"p = {'*'.join(names)}; [{', '.join(f'sin({k + 1}*p)' for k in range(outputs))}]")
    graph = function.results[0].graph
    value = len(Program(graph, function.results).instructions)
    rows = function.jacobian_nodes(names)
    whole = len(Program(graph, [*function.results, *(slope for row in rows for slope in row)]).instructions)
    assert whole <= 5 * value * min(outputs, variables)


COSTS = {
    "Rosenbrock": lambda n: " + ".join(f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(n - 1)),
    "product": lambda n: "*".join(f"x{i}" for i in range(n)),
    "log of sum": lambda n: f"log({' + '.join(f'exp(x{i}**2)' for i in range(n))})",
    "norm": lambda n: (
        f"sqrt({' + '.join(f'(x{i} - 1)**2' for i in range(n))})*tanh({'*'.join(f'x{i}' for i in range(n))})"
    ),
}


@pytest.mark.parametrize("n", [2, 10, 30])
@pytest.mark.parametrize("name", COSTS)
def test_costs_in_operations(name, n) -> None:
    """The Hessian at most n + 4 gradients, a product with it at most 4, whatever n is."""
    function = adcli.compile(COSTS[name](n))

    def operations(*outputs) -> int:
        return len(Program(outputs[0].graph, outputs).instructions)

    slopes = function.slopes()
    gradient = operations(function.result, *slopes)
    triangle = [entry for row in function.hessian_nodes(function.variables) for entry in row]
    assert operations(function.result, *slopes, *triangle) <= (n + 4) * gradient
    results, products = function.directional_nodes("hvp", function.variables)
    assert operations(*results, *products) <= 4 * gradient
    value = operations(function.result)
    results, pushed = function.directional_nodes("jvp", function.variables)
    assert operations(*results, *pushed) <= 4 * value + n


def test_undefined_values_mask_their_derivatives() -> None:
    function = adcli.compile("[x, log(x)*y]")
    assert function.jacobian(x=-1.0, y=2.0)[0] == {"x": 1.0, "y": 0.0}
    assert all(math.isnan(x) for x in function.jacobian(x=-1.0, y=2.0)[1].values())
    assert function.jvp({"x": -1.0, "y": 2.0}, {"x": 3.0}) == pytest.approx([3.0, math.nan], nan_ok=True)
    assert math.isnan(adcli.compile("log(x)").hessian(x=-1.0)["x"]["x"])


def test_what_is_refused() -> None:
    vector = adcli.compile("[x*y, x]")
    assert vector.value(x=1.0, y=2.0).tolist() == [2.0, 1.0]
    with pytest.raises(ShapeError, match="a gradient is that of a number"):
        vector.gradient(x=1.0, y=2.0)
    with pytest.raises(ShapeError, match="one scalar expression"):
        vector.hessian(x=1.0, y=2.0)
    with pytest.raises(ShapeError):
        vector.hvp({"x": 1.0, "y": 2.0}, {"x": 1.0})
    with pytest.raises(ShapeError):
        vector.diff("x")
    array = adcli.compile("x @ y")
    for refused in (array.jacobian, array.hessian):
        with pytest.raises(ShapeError, match="an operation on arrays"):
            refused(x=1.0, y=2.0)
    with pytest.raises(ShapeError, match="an operation on arrays"):
        array.diff("x")
    scalar = adcli.compile("x*y")
    for refused in (scalar.jacobian, scalar.hessian):
        with pytest.raises(RequestError, match="one of the values is an array"):
            refused(x=[1.0, 2.0], y=2.0)
    with pytest.raises(UnknownNameError):
        scalar.jvp({"x": 1.0, "y": 2.0}, {"z": 1.0})
    with pytest.raises(UnknownNameError):
        scalar.diff("z")
    with pytest.raises(RequestError):
        scalar.diff()
    with pytest.raises(RequestError):
        scalar.diff("x", "y", order=2)
    with pytest.raises(RequestError, match="no value for y"):
        scalar.hessian(x=1.0)


def test_a_derivative_takes_the_same_point() -> None:
    derivative = adcli.compile("x*y").diff("x")
    assert derivative.variables == ("x", "y")
    assert derivative.value(x=2.0, y=3.0) == 3.0
    assert derivative.gradient(x=2.0, y=3.0) == {"x": 0.0, "y": 1.0}
