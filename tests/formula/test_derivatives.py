"""Jacobian, Hessian and their products from Python: against the reference, against one another, and their costs."""

from __future__ import annotations

import csv
import math
from itertools import product
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings

import adcli
from adcli.backends import BACKENDS
from adcli.errors import AdcliError, DomainError, RequestError, ShapeError, UnknownNameError
from adcli.formula import kinds
from adcli.formula.backend_choice import is_installed
from adcli.formula.labels import derivative_label
from adcli.formula.lowered import Lowered, Lowerings
from adcli.language.parser import parse
from tests.contract.test_agreement import POINTS
from tests.reference.evaluator import evaluate
from tests.sampling import examples
from tests.strategies import expressions

with open(Path(__file__).parent.parent / "cases" / "formulas.tsv", encoding="utf-8", newline="") as file:
    FORMULAS = list(csv.DictReader(file, delimiter="\t"))
often = settings(max_examples=examples(200))


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
    value = abs(function.value(at))
    assume(
        all(abs(x) < 1e60 for x in [value, *gradient.values(), *(x for row in hessian.values() for x in row.values())])
    )
    size = max((abs(x) for x in along.values()), default=0.0)
    pushed = function.jvp(at, along)
    expected = sum(gradient[name] * along[name] for name in along)
    assume(math.isfinite(pushed))
    # The error of a slope that cancels, as that of u/u, grows with the value and not with the slope.
    largest = max((abs(x) for x in gradient.values()), default=0.0)
    assert pushed == pytest.approx(expected, rel=1e-9, abs=size * max(1e-9 * largest, 1e-12 * value))
    for name, x in function.hvp(at, along).items():
        largest = max(abs(x) for row in hessian.values() for x in row.values())
        tolerance = size * max(1e-7 * largest, 1e-10 * value)
        if math.isfinite(x):
            assert x == pytest.approx(sum(hessian[name][o] * along[o] for o in along), rel=1e-7, abs=tolerance)


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
    lowered = Lowered(parse(f"p = {'*'.join(names)}; [{', '.join(f'sin({k + 1}*p)' for k in range(outputs))}]"))
    value = len(kinds.KINDS["value"].build(lowered, kinds.Request()).program.instructions)
    whole = len(kinds.KINDS["jacobian"].build(lowered, kinds.Request(names)).program.instructions)
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
    lowerings = Lowerings(parse(COSTS[name](n)))
    variables = lowerings.variables
    directions = {name: f"d{name}" for name in variables}

    def operations(kind: str) -> int:
        directed = "directions" in kinds.KINDS[kind].takes
        lowered = (lowerings.moving(directions) if directed else lowerings).numeric
        request = kinds.Request(variables, directions if directed else {})
        return len(kinds.KINDS[kind].build(lowered, request).program.instructions)

    assert operations("hessian") <= (n + 4) * operations("gradient")
    assert operations("hvp") <= 4 * operations("gradient")
    assert operations("jvp") <= 4 * operations("value") + n


def test_undefined_values_mask_their_derivatives() -> None:
    function = adcli.compile("[x, log(x)*y]")
    assert function.jacobian(x=-1.0, y=2.0)[0] == {"x": 1.0, "y": 0.0}
    assert all(math.isnan(x) for x in function.jacobian(x=-1.0, y=2.0)[1].values())
    assert function.jvp({"x": -1.0, "y": 2.0}, {"x": 3.0}) == pytest.approx([3.0, math.nan], nan_ok=True)
    assert math.isnan(adcli.compile("log(x)").hessian(x=-1.0)["x"]["x"])


def test_one_name_may_stand_by_itself() -> None:
    f = adcli.compile("speed*y")
    assert list(f.columns("gradient", speed=[1.0], y=2.0, wrt="speed")) == ["f", "df_dspeed"]
    assert list(f.batch(speed=[1.0], y=2.0, wrt="speed")[1]) == ["speed"]
    assert f.code("c", "gradient", "speed") == f.code("c", ["gradient"], ["speed"])
    assert f.taylor(1, speed=1.0, y=2.0, wrt="speed") == [2.0, 2.0]
    for call in (
        lambda: f.columns("gradient", speed=[1.0], y=2.0, wrt="sped"),
        lambda: f.code("c", "value", "sped"),
        lambda: f.diff("sped"),
        lambda: f.hvp({"speed": 1.0, "y": 2.0}, {"sped": 1.0}),
        lambda: adcli.implicit("speed*y = 2", of="y", wrt="sped", speed=1.0, y=2.0),
    ):
        with pytest.raises(UnknownNameError, match="there is no variable 'sped': did you mean 'speed'"):
            call()


def test_what_is_refused() -> None:
    vector = adcli.compile("[x*y, x]")
    assert vector.value(x=1.0, y=2.0).tolist() == [2.0, 1.0]
    with pytest.raises(ShapeError, match="one scalar expression"):
        vector.gradient(x=1.0, y=2.0)
    with pytest.raises(ShapeError, match="one scalar expression"):
        vector.hessian(x=1.0, y=2.0)
    with pytest.raises(ShapeError):
        vector.hvp({"x": 1.0, "y": 2.0}, {"x": 1.0})
    assert str(vector.diff("x")) == "[y, 1]"
    array = adcli.compile("x @ y")
    for refused in (array.jacobian, array.hessian):
        with pytest.raises(ShapeError, match=r"use \* to multiply numbers"):
            refused(x=1.0, y=2.0)
    with pytest.raises(ShapeError, match="where a number is needed"):
        adcli.compile("2*x").hessian(x=[1.0, 2.0])
    with pytest.raises(ShapeError, match=r"the direction in x is a number, and x has the shape \(2,\)"):
        array.jvp({"x": [1.0, 2.0], "y": [1.0, 2.0]}, {"x": 1.0})
    assert str(array.diff("x")) == "y"
    scalar = adcli.compile("x*y")
    with pytest.raises(RequestError, match="one of the values is an array"):
        scalar.taylor(2, x=[1.0, 2.0], y=2.0, wrt="x")
    with pytest.raises(RequestError, match="not an array of numbers"):
        scalar.jacobian(x=["a"], y=2.0)
    with pytest.raises(ShapeError, match="an operation on arrays"):
        array.columns("gradient", x=[1.0], y=2.0)
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


# ------------------------------------------------------------------ many points


KINDS = {
    "value": {}, "gradient": {"wrt": ["y"]}, "jacobian": {}, "hessian": {}, "hvp": {"dx": 0.5}, "jvp": {"dy": 2.0},
    "taylor": {"wrt": ["x"], "order": 3},
}  # fmt: skip


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("backend", [backend for backend in BACKENDS if is_installed(backend)])
def test_columns_are_the_answers_at_one_point(what, backend) -> None:
    function, options = adcli.compile("exp(x)*y**3 + sqrt(x)/y"), dict(KINDS[what])
    x, y = np.array([0.5, 1.25, -1.0]), np.array([[2.0], [0.25]])
    found = function.columns(what, x=x, y=y, backend=backend, **options)
    direction = {name[1:]: options[name] for name in options if name in ("dx", "dy")}
    for place in np.ndindex(2, 3):
        at = {"x": float(x[place[1]]), "y": float(y[place[0], 0])}
        value, slopes = function.value_and_gradient(at)
        expected = {"f": value}
        if what in ("gradient", "jacobian", "hessian"):
            expected |= {f"df_d{name}": slopes[name] for name in options.get("wrt", ["x", "y"])}
        if what == "hessian":
            second = function.hessian(at)
            expected |= {"d2f_dx2": second["x"]["x"], "d2f_dxdy": second["x"]["y"], "d2f_dy2": second["y"]["y"]}
        if what == "hvp":
            expected |= {f"hvp_{name}": product for name, product in function.hvp(at, direction).items()}
        if what == "jvp":
            expected["jvp"] = function.jvp(at, direction)
        if what == "taylor":
            expected = {f"c{k}": c for k, c in enumerate(function.taylor(3, at, wrt="x"))}
        assert list(found) == list(expected)
        for name, column in found.items():
            assert (column.shape, column.dtype) == ((2, 3), np.float64)
            assert column[place] == pytest.approx(expected[name], rel=1e-15, abs=0.0, nan_ok=True)


def test_columns_of_a_vector_and_of_anything_else() -> None:
    function = adcli.compile("[x*y, log(x)]")
    found = function.columns("jacobian", x=[-1.0, 1.0], y=2.0)
    assert list(found) == ["f1", "f2", "df1_dx", "df1_dy", "df2_dx", "df2_dy"]
    assert found["df1_dx"].tolist() == [2.0, 2.0]
    assert found["df2_dy"].tolist() == pytest.approx([math.nan, 0.0], nan_ok=True)
    assert list(function.columns("value", x=1.0, y=2.0)) == ["f1", "f2"]
    assert adcli.compile("wrt*order").columns("value", {"wrt": [2.0], "order": 3.0})["f"].tolist() == [6.0]
    with pytest.raises(ShapeError, match="one scalar expression"):
        function.columns("hessian", x=1.0, y=2.0)
    scalar = adcli.compile("x*y")
    for what, options, message in [
        ("laplacian", {}, "there is no kind of derivative 'laplacian': choose one of value, gradient"),
        ("value", {"wrt": ["x"]}, "value does not take wrt"),
        ("hessian", {"order": 2}, "hessian does not take an order"),
        ("hvp", {}, "there is no direction: as columns named dx, dy"),
        ("taylor", {}, "in one variable: .* one of x, y"),
        ("hessian", {"backend": "gpu"}, "no backend 'gpu'"),
        ("hessian", {"threads": 0}, "threads is 0"),
        ("taylor", {"wrt": ["x"], "order": -1}, "at least 0"),
        ("gradient", {"wrt": ["z"]}, "no variable 'z'"),
        ("gradient", {"z": 1.0}, "no variable 'z'"),
        ("jvp", {"dx": 1.0, "dz": 1.0}, "no variable 'dz'"),
    ]:
        with pytest.raises(RequestError if "variable 'z'" not in message and "dz" not in message else UnknownNameError,
                           match=message):  # fmt: skip
            scalar.columns(what, x=[1.0, 2.0], y=2.0, **options)
    with pytest.raises(RequestError, match="no value for y"):
        scalar.columns("hessian", x=[1.0])
    for what, options in (("hessian", {}), ("taylor", {"wrt": ["x"]})):
        with pytest.raises(RequestError, match="the column of x is not an array of numbers"):
            scalar.columns(what, x=["a"], y=1.0, **options)
        with pytest.raises(ShapeError, match="the columns do not broadcast"):
            scalar.columns(what, x=[1.0, 2.0], y=[1.0, 2.0, 3.0], **options)
        assert scalar.columns(what, x=[], y=1.0, **options).popitem()[1].shape == (0,)


# ------------------------------------------------------------------ equations

EQUATIONS = [
    # equation, of, a point beside, the other variables; the curve through it is followed in 60 digits
    ("x**2 + y**2 = 25", "y", 4.0, {"x": 3.0}),
    ("exp(x*y) + y = 3", "y", 0.7, {"x": 0.9}),
    ("y**5 + y = x*z", "y", 1.0, {"x": 1.5, "z": 1.25}),
    ("sin(y) + z*cos(x*y) = x/2", "y", 0.3, {"x": 1.1, "z": 0.4}),
    ("u = log(y); u*y = x + z**2", "y", 2.0, {"x": 0.6, "z": 0.9}),
]


@pytest.mark.parametrize("place", range(len(EQUATIONS)))
def test_implicit_derivatives_to_the_third_order(place) -> None:
    """Against central differences of roots in 60 digits."""
    equation, of, near, others = EQUATIONS[place]
    left, right = equation.rsplit("=", 1)
    *bindings, left = left.split("; ")
    names = sorted(others)
    with mpmath.workdps(60):
        functions = {"exp": mpmath.exp, "sin": mpmath.sin, "cos": mpmath.cos, "log": mpmath.log}

        def root(*at):
            def sides(y):
                scope = dict(functions, **dict(zip(names, at, strict=True)), **{of: y})
                for binding in bindings:
                    name, text = binding.split(" = ")
                    scope[name] = eval(text, scope)
                return eval(f"({left}) - ({right})", scope)

            return mpmath.findroot(sides, near, tol=1e-100)

        at = [mpmath.mpf(others[name]) for name in names]
        point = {**others, of: float(root(*at))}
        found = adcli.implicit(equation, point, of=of, wrt=names, order=3)
        assert len(found) == (3 if len(names) == 1 else 9)
        for orders in product(range(4), repeat=len(names)):
            if 1 <= sum(orders) <= 3:
                wrt = [name for name, count in zip(names, orders, strict=True) for _ in range(count)]
                truth = mpmath.diff(root, tuple(at), orders)
                label = derivative_label(wrt, of).replace("/", "_")
                # The point is half an ulp off the curve, which counts as often as the orders are high.
                assert found[label] == pytest.approx(float(truth), rel=1e-12)


def test_implicit_at_many_points() -> None:
    x = np.linspace(-0.99, 0.99, 1001)
    y = np.sqrt(1.0 - x**2)
    found = adcli.implicit("x**2 + y**2 = 1", of="y", wrt="x", order=2, x=x, y=y)
    assert list(found) == ["dy_dx", "d2y_dx2"]
    np.testing.assert_allclose(found["dy_dx"], -x / y, rtol=1e-14)
    np.testing.assert_allclose(found["d2y_dx2"], -1.0 / y**3, rtol=1e-13)
    y[::10] += 1e-9
    off = adcli.implicit("x**2 + y**2 = 1", of="y", x=x, y=y)["dy_dx"]
    assert np.isnan(off).tolist() == [row % 10 == 0 for row in range(1001)]


def test_what_implicit_refuses() -> None:
    with pytest.raises(DomainError, match=r"does not satisfy the equation \(left - right = -7\): y = 4 does"):
        adcli.implicit("x**2 + y**2 = 25", of="y", x=3.0, y=3.0)
    for options, message in [
        ({"of": "z"}, "no variable 'z'"),
        ({"of": "y", "wrt": "y"}, "y cannot be differentiated by itself"),
        ({"of": "y", "wrt": ["q"]}, "no variable 'q'"),
        ({"of": "y", "order": 0}, "at least 1"),
    ]:
        with pytest.raises(AdcliError, match=message):
            adcli.implicit("x + y = 1", x=0.0, y=1.0, **options)
    with pytest.raises(AdcliError, match="there is no equation"):
        adcli.implicit("x + y", of="y", x=0.0, y=1.0)
    with pytest.raises(AdcliError, match="no value for y"):
        adcli.implicit("x + y = 1", of="y", x=0.0)


# ------------------------------------------------------------------ arrays

OF_ARRAYS = ["A @ x*y", "x/norm(x)", "softmax(A @ x)", "x @ A @ x + y*sum(x**3)", "logdet(A)*y**2 + exp(x[0])", "A*y"]


@pytest.mark.parametrize("text", OF_ARRAYS)
def test_derivatives_of_arrays(text) -> None:
    """Against central differences of values and of gradients, element by element."""
    function = adcli.compile(text)
    everything = {"A": np.array([[2.0, 0.5], [0.25, 1.5]]), "x": np.array([0.6, -0.8]), "y": 1.25}
    point = {name: everything[name] for name in function.variables}
    steps = {"A": np.array([[1.0, -1.0], [0.5, 2.0]]), "x": np.array([0.5, 1.0]), "y": -1.0}
    along = {name: steps[name] for name in function.variables if name != "y"}
    rows = function.jacobian(point)
    assert list(rows) == list(function.variables)

    def moved(compute, name, place, h=1e-5):
        ends = []
        for sign in (1.0, -1.0):
            at = {other: np.array(x, dtype=float) for other, x in point.items()}
            at[name][place] += sign * h
            ends.append(np.asarray(compute(at)))
        return (ends[0] - ends[1]) / (2 * h)

    shape = np.shape(function.value(point))
    for name, x in point.items():
        assert np.shape(rows[name]) == shape + np.shape(x)
        for place in np.ndindex(np.shape(x)):
            np.testing.assert_allclose(
                np.asarray(rows[name])[(..., *place)], moved(function.value, name, place), atol=1e-8
            )
    pushed = sum(np.tensordot(rows[name], step, np.ndim(step)) for name, step in along.items())
    np.testing.assert_allclose(function.jvp(point, along), pushed, rtol=1e-12, atol=1e-15)
    if shape:
        return
    second = function.hessian(point)
    for name, x in point.items():
        for other, z in point.items():
            assert np.shape(second[name][other]) == np.shape(x) + np.shape(z)
            turned = np.moveaxis(second[other][name], range(np.ndim(z)), range(-np.ndim(z), 0)) if np.ndim(z) else None
            assert turned is None or np.array_equal(turned, second[name][other])
            for place in np.ndindex(np.shape(z)):
                slopes = moved(lambda at, name=name: function.gradient(at)[name], other, place)
                np.testing.assert_allclose(np.asarray(second[name][other])[(..., *place)], slopes, atol=1e-7)
    products = function.hvp(point, along)
    for name, x in point.items():
        expected = sum(np.tensordot(second[name][other], step, np.ndim(step)) for other, step in along.items())
        assert np.shape(products[name]) == np.shape(x)
        np.testing.assert_allclose(products[name], expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("backend", [backend for backend in BACKENDS if is_installed(backend)])
def test_each_element_masks_its_own_derivatives_in_every_lane(backend, monkeypatch) -> None:
    monkeypatch.setattr("adcli.backends._rows.THREAD_ROWS", 512)
    x, y = np.linspace(-1.0, 1.0, 5003), np.sin(np.arange(5003.0))
    found = adcli.compile("[x*y, log(x), sqrt(y)*x, x]").columns("jacobian", x=x, y=y, backend=backend, threads=2)
    undefined = {"1": np.zeros(5003, bool), "2": x < 0, "3": y < 0, "4": np.zeros(5003, bool)}
    for number, where in undefined.items():
        for name in (f"f{number}", f"df{number}_dx", f"df{number}_dy"):
            assert np.array_equal(np.isnan(found[name]), where), name


def test_mixed_derivatives_of_a_root_exist_where_a_power_of_x_underflows() -> None:
    slopes = adcli.compile("root_derivative(3, x, n)").gradient(x=3e-111, n=1.25)
    assert slopes["n"] == pytest.approx(4.5002263769052436e244, rel=1e-14)
