"""The public face of a compiled formula: its names, how it takes points, its errors, its copies."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import RequestError, UnknownNameError
from adcli.formula.kinds import KINDS
from tests.sampling import DEPTH

PUBLIC = {
    "arrow", "arrow_schema", "batch", "batcher", "bindings", "code", "columns", "diff", "formula", "gradient",
    "hessian", "hvp", "jacobian", "jvp", "latex", "plot", "taylor", "trace", "value", "value_and_gradient",
    "variables", "visualize",
}  # fmt: skip
TEXT = "x**2*y + sin(y)"
DIRECTION = {"x": 1.0, "y": -0.5}

# Every method that takes a point as keywords, positions or a mapping: a call of it with these arguments.
METHODS: dict[str, Callable[..., Any]] = {
    "call": lambda f, *point, **named: f(*point, **named),
    "value": lambda f, *point, **named: f.value(*point, **named),
    "gradient": lambda f, *point, **named: f.gradient(*point, **named),
    "value_and_gradient": lambda f, *point, **named: f.value_and_gradient(*point, **named),
    "jacobian": lambda f, *point, **named: f.jacobian(*point, **named),
    "hessian": lambda f, *point, **named: f.hessian(*point, **named),
    "taylor": lambda f, *point, **named: f.taylor(2, *point, **{"wrt": "x", **named}),
    "batch": lambda f, *point, **named: f.batch(*point, **named),
    "visualize": lambda f, *point, **named: str(f.visualize(None, *point, **named).picture),
    **{
        f"columns {kind}": lambda f, *point, kind=kind, **named: f.columns(kind, *point, **named)
        for kind in ("value", "gradient", "jacobian", "hessian")
    },
}
PRODUCTS = ("hvp", "jvp")
COLUMNS = [f"columns {kind}" for kind in ("jacobian", "gradient", "hessian")]
WITH_WRT = ["gradient", "value_and_gradient", "jacobian", "hessian", "batch", *COLUMNS]
every_method = pytest.mark.parametrize("method", METHODS)


def text_of(result: object) -> str:
    """The result to the last bit."""
    return repr(result)


def test_the_public_names() -> None:
    function = adcli.compile(TEXT)
    function.value(1.0, 2.0)
    for names in (dir(adcli.Function), dir(function)):
        assert {name for name in names if not name.startswith("_")} <= PUBLIC
    assert {name for name in dir(function) if not name.startswith("_")} == PUBLIC


def test_every_kind_takes_wrt() -> None:
    assert {name for name, kind in KINDS.items() if "wrt" not in kind.takes} == {"value", "jvp"}


# ---------------------------------------------------------------- points


@every_method
@pytest.mark.parametrize("runs", [0, 1], ids=["first", "again"])
def test_a_point_is_given_in_four_ways(method: str, runs: int) -> None:
    call, function = METHODS[method], adcli.compile(TEXT)
    for _ in range(runs):
        call(function, 1.0, 2.0)
    expected = text_of(call(adcli.compile(TEXT), x=3.0, y=2.0))
    for positions, named in (
        ((3.0, 2.0), {}), ((3, 2), {}), ((3.0,), {"y": 2.0}), ((), {"y": 2, "x": 3}), (({"y": 2.0, "x": 3.0},), {}),
        (({"x": 3, "y": np.float64(2.0)},), {}), ((np.float64(3.0), 2), {}), ((3.0, 2.0), {"x": None}),
    ):  # fmt: skip
        assert text_of(call(function, *positions, **named)) == expected, (positions, named)


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_takes_mappings_and_sequences(product: str) -> None:
    call = getattr(adcli.compile(TEXT), product)
    expected = call({"x": 3.0, "y": 2.0}, DIRECTION)
    for point in ([3.0, 2.0], (3, 2), np.array([3.0, 2.0]), {"y": 2.0, "x": 3.0}):
        for direction in (DIRECTION, [1.0, -0.5], (1, -0.5), np.array([1.0, -0.5])):
            assert call(point, direction) == expected
    arrays = getattr(adcli.compile("(A @ x) @ x"), product)
    A, x = np.array([[1.0, 2.0], [3.0, 4.0]]), [1.0, -1.0]
    np.testing.assert_equal(arrays([A, x], {"x": x}), arrays({"A": A, "x": x}, {"x": x}))


@every_method
def test_a_variable_may_be_named_like_an_option(method: str) -> None:
    text = "wrt*order + threads*backend*out*point + self*what + name"
    function = adcli.compile(text)
    point = {name: 1.0 + index for index, name in enumerate(function.variables)}
    call = METHODS[method] if method != "taylor" else lambda f, *point: f.taylor(2, *point, wrt="order")
    plain = adcli.compile(text.replace("wrt", "trw"))
    expected = text_of((METHODS[method] if method != "taylor" else call)(plain, *point.values()))
    for _ in range(2):
        assert text_of(call(function, point)).replace("wrt", "trw") == expected
        assert text_of(call(function, *point.values())).replace("wrt", "trw") == expected
    if method in WITH_WRT:
        with pytest.raises(RequestError, match=r"wrt is an option of .* and is given a float: give the point as one"):
            METHODS[method](function, **point)


@pytest.mark.parametrize("method", WITH_WRT)
def test_wrt_is_a_name_or_names(method: str) -> None:
    function, call = adcli.compile("x*y*z"), METHODS[method]
    point = {"x": 2.0, "y": 3.0, "z": 5.0}
    for _ in range(2):
        one, same = call(function, point, wrt="y"), call(function, **point, wrt=["y"])
        assert text_of(one) == text_of(same) == text_of(call(function, 2, 3.0, 5.0, wrt=("y",)))
        assert text_of(call(function, point, wrt=None)) == text_of(call(function, point))
        with pytest.raises(UnknownNameError, match="there is no variable 'q'"):
            call(function, point, wrt=["x", "q"])
        for wrong in (2.0, np.ones(3), {"x": 1.0}):
            with pytest.raises(RequestError, match="wrt is an option of"):
                call(function, point, wrt=wrong)


def test_wrt_chooses_derivatives() -> None:
    f = adcli.compile("x**2*y + z")
    at = {"x": 2.0, "y": 3.0, "z": 5.0}
    assert f.gradient(at, wrt=("z", "x")) == {"z": 1.0, "x": 12.0}
    assert f.gradient(at, wrt=()) == {}
    assert f.value_and_gradient(2, 3, 5, wrt="y") == (17.0, {"y": 4.0})
    assert f.jacobian(at, wrt="y") == [{"y": 4.0}]
    assert f.hessian(at, wrt=["y", "x"]) == {"y": {"y": 0.0, "x": 4.0}, "x": {"y": 4.0, "x": 6.0}}
    assert f.hvp(at, {"x": 1.0}, wrt="y") == {"y": 4.0}
    assert list(f.columns("hvp", 2.0, 3.0, 5.0, wrt="y", dx=1.0)) == ["f", "hvp_y"]
    assert f.taylor(2, at, wrt="x") == [17.0, 12.0, 3.0]
    arrays = adcli.compile("x @ x*y")
    assert list(arrays.gradient(x=[1.0, 2.0], y=3.0, wrt="x")) == ["x"]
    assert arrays.gradient(x=[1.0, 2.0], y=3.0, wrt="y") == {"y": 5.0}


# ---------------------------------------------------------------- mistakes

MISTAKES: dict[str, tuple[tuple[Any, ...], dict[str, Any], type[Exception], str]] = {
    "unknown": ((), {"x": 1, "y": 2, "zz": 3.0}, UnknownNameError, "no variable 'zz': the variables are x, y"),
    "unknown beside positions": ((1.0, 2.0), {"zz": 3.0}, UnknownNameError, "there is no variable 'zz'"),
    "unknown in a mapping": (({"x": 1.0, "y": 2.0, "zz": 3},), {}, UnknownNameError, "there is no variable 'zz'"),
    "meant": ((), {"x": 1.0, "yy": 2.0}, UnknownNameError, "there is no variable 'yy': did you mean 'y'?"),
    "missing": ((), {"x": 1.0}, RequestError, "no value for y: the variables are x, y"),
    "missing after positions": ((1.0,), {}, RequestError, "no value for y: the variables are x, y"),
    "missing in a mapping": (({"y": 1.0},), {}, RequestError, "no value for x: the variables are x, y"),
    "nothing": ((), {}, RequestError, "no value for x, y: the variables are x, y"),
    "twice": ((1.0, 2.0), {"x": 3.0}, RequestError, "x is given by position and by name"),
    "mapping and name": (({"x": 1.0, "y": 2.0},), {"x": 3.0}, RequestError, "as a mapping and by name"),
    "too many": ((1.0, 2.0, 3.0), {}, RequestError, "3 values for 2 variables: the variables are x, y"),
    "text": ((), {"x": "a", "y": 2.0}, RequestError, "of x is"),
    "a mapping as a value": (({"x": {}, "y": 1.0},), {}, RequestError, "of x is"),
    "complex": ((1j, 2.0), {}, RequestError, "of x is"),
    "no keys": ((None, None), {}, RequestError, "no value for x, y"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
@every_method
def test_a_mistake_is_the_same_error_in_every_method(method: str, mistake: str) -> None:
    positions, named, error, message = MISTAKES[mistake]
    for function in (adcli.compile(TEXT), adcli.compile("sum([x, y])")):
        if function.formula.text != TEXT and (method in ("taylor", "batch") or "columns" in method):
            continue
        for _ in range(2):
            with pytest.raises(error, match=message) as caught:
                METHODS[method](function, *positions, **named)
            assert type(caught.value) is error
            METHODS[method](function, 1.0, 2.0)


@pytest.mark.parametrize("product", PRODUCTS)
def test_mistakes_of_products(product: str) -> None:
    call, good = getattr(adcli.compile(TEXT), product), [1.0, 2.0]
    for point, direction, error, message in (
        ({"x": 1.0, "y": 2.0, "zz": 3.0}, good, UnknownNameError, "there is no variable 'zz'"),
        (good, {"zz": 1.0}, UnknownNameError, "there is no variable 'zz'"),
        ({"x": 1.0}, good, RequestError, "no value for y"),
        ([1.0], good, RequestError, "no value for y"),
        (good, [1.0], RequestError, "no value for y"),
        ([1.0, 2.0, 3.0], good, RequestError, "3 values for 2 variables"),
        (good, [1.0, 2.0, 3.0], RequestError, "3 values for 2 variables"),
        (["a", 1.0], good, RequestError, "the value of x is a str, not a number"),
        (good, ["a", 1.0], RequestError, "the value of dx is a str, not a number"),
        (1.0, good, RequestError, "the point is a float, not a mapping or a sequence"),
        (good, 1.0, RequestError, "the direction is a float, not a mapping or a sequence"),
        ("xy", good, RequestError, "the point is a str"),
    ):  # fmt: skip
        with pytest.raises(error, match=message):
            call(point, direction)


def test_a_carrier_has_no_derivative_here() -> None:
    function = adcli.compile(TEXT)
    assert adcli.grad(lambda x: function.value(x=x, y=2.0))(3.0) == 12.0
    for value in (adcli.Value(1.0), adcli.Value([1.0])):
        for _ in range(2):
            with pytest.raises(RequestError, match="the value of x is a Value, not a number"):
                function.gradient(value, 2.0)
        with pytest.raises(RequestError, match="the value of x is a Value, not a number"):
            function.hessian(value, 2.0)


# ---------------------------------------------------------------- signature


def test_the_signature_has_the_variables() -> None:
    function = adcli.compile("x*y")
    assert str(inspect.signature(function)) == "(x, y)"
    assert str(inspect.signature(adcli.compile("lambda*x"))) == "(lambda, x, /)"
    assert list(inspect.signature(adcli.Function).parameters) == ["formula", "variables"]
    assert callable(function)
    recorded = adcli.program(function, 2.0, y=3.0)
    assert (recorded.forward(), recorded.backward()) == (6.0, {"x": 3.0, "y": 2.0})
    assert inspect.getdoc(function.gradient) == inspect.getdoc(adcli.Function.gradient)


def test_the_order_of_variables_can_be_chosen() -> None:
    function = adcli.compile("y**2 + x", ["x", "y"])
    assert (function.variables, function(1.0, 3.0)) == (("x", "y"), 10.0)
    assert adcli.compile("y", ["x", "y"]).gradient(1.0, 2.0) == {"x": 0.0, "y": 1.0}


# ---------------------------------------------------------------- copies

COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
}
duplicates = pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)


@duplicates
@pytest.mark.parametrize("method", [None, *METHODS])
def test_a_copy_gives_the_same_bits(duplicate: Callable[[Any], Any], method: str | None) -> None:
    function = adcli.compile("u = exp(x)/3; u*y", ["y", "x"])
    if method is not None:
        METHODS[method](function, 0.1, 0.7)
    again = duplicate(function)
    assert (again.variables, again.bindings, str(again)) == (function.variables, function.bindings, str(function))
    for call in METHODS.values():
        assert text_of(call(again, 0.3, 0.2)) == text_of(call(function, 0.3, 0.2))


@duplicates
def test_a_copy_of_a_batcher_gives_the_same_bits(duplicate: Callable[[Any], Any]) -> None:
    columns = {"x": np.linspace(-1.0, 2.0, 101), "y": 0.3}
    batch = adcli.compile("exp(x)*y + tanh(x)").batcher(wrt="x", backend="numpy")
    before = duplicate(batch)
    values, slopes = batch(columns)
    for again in (before, duplicate(batch)):
        found = again(columns)
        assert (found[0].tobytes(), found[1]["x"].tobytes()) == (values.tobytes(), slopes["x"].tobytes())
        assert (again.backend, again.wrt) == ("numpy", ("x",))


@duplicates
def test_a_derivative_and_a_formula_of_arrays(duplicate: Callable[[Any], Any]) -> None:
    slope = duplicate(adcli.compile("x**3*y").diff("x"))
    assert (slope.variables, slope(2.0, 5.0)) == (("x", "y"), 60.0)
    assert duplicate(adcli.compile("x @ x")).gradient([1, 2])["x"].tolist() == [2.0, 4.0]


@duplicates
def test_a_deep_formula(duplicate: Callable[[Any], Any]) -> None:
    function = adcli.compile("sin(" * DEPTH + "x" + ")" * DEPTH)
    assert duplicate(function).value(x=0.5) == function.value(x=0.5)


def test_a_pickle_holds_the_text_alone() -> None:
    function = adcli.compile("x*y")
    size = len(pickle.dumps(function))
    function.gradient(1.0, 2.0)
    function.batch(x=[1.0], y=2.0)
    assert len(pickle.dumps(function)) == size <= 80
