"""Taylor coefficients: every op against the reference, orders up to 10 against mpmath, and what they cost."""

from __future__ import annotations

import math
import random

import mpmath
import numpy as np
import pytest

import adcli
from adcli.backends import BACKENDS
from adcli.formula.backend_choice import is_installed
from adcli.formula.lowered import Lowered
from adcli.graph.expr import Graph
from adcli.graph.series import Series, taylor
from adcli.language.parser import parse
from adcli.ops import TABLE
from adcli.ops.series_rules import COMPOSED, SERIES_PARTIALS
from tests.contract.test_table import symbols
from tests.reference.evaluator import Undefined, evaluate_op
from tests.sampling import rotate

NUMERIC = [op for op in TABLE.values() if op.is_elementwise and not op.is_condition]
OURS = {"where", "tie_share", "subtraction_error", "sinc_derivative", "cbrt_derivative", "power_derivative",
        "gaussian_derivative", "polygamma", "normpdf_derivative", "norminv_slope", "erfinv_slope",
        "erfcinv_slope", "lambertw_derivative", *(f"bessel{letter}_derivative" for letter in "jyik")}  # fmt: skip


@pytest.mark.parametrize("op", rotate(NUMERIC, 4), ids=lambda op: op.name)
def test_every_op_grows_its_series(op) -> None:
    """In each argument, to order 3, against the gradient of the gradient of the gradient; order 12 is finite."""
    graph = Graph()
    arguments, free = symbols(op, graph)
    node = op(*arguments)
    function = adcli.compile(str(node))
    lowered = Lowered(function.formula)
    chosen = random.Random(1)
    compared = 0
    for _ in range(30):
        point = {name: chosen.uniform(0.15, 0.95) for name in function.variables}
        if op.name in ("acosh", "asec", "acsc", "acoth"):
            point = {name: x + 1 for name, x in point.items()}
        for variable in free:
            name = next(name for name, row in graph.variables.items() if row == variable.row)
            found = taylor(lowered.result, name, point, 12)
            assert all(math.isfinite(c) for c in found)
            expected = derivatives(function, name, point)
            scale = max(map(abs, expected))
            for k, truth in enumerate(expected):
                assert found[k] * math.factorial(k) == pytest.approx(truth, rel=1e-9, abs=1e-12 * scale)
            compared += 1
    assert compared >= 30


def derivatives(function, name, point, order=3):
    from adcli.graph.derive import tangent
    from adcli.graph.evaluate import evaluate

    lowered, found = Lowered(function.formula), []
    node = lowered.result
    for _ in range(order + 1):
        found.append(0.0 if node is None else evaluate(node.graph, [node.row], point)[node.row])
        node = None if node is None else tangent(node, {lowered.graph.variables[name]: 1.0})
    return found


@pytest.mark.parametrize(
    "op", [op for op in NUMERIC if op.arity == 1 and not op.variadic and op.name not in OURS], ids=lambda op: op.name
)
def test_against_the_reference(op) -> None:
    """The independent definition, to order 3, in ulps."""
    graph = Graph()
    node = op(graph.variable("x"))
    for x in (0.3, 0.77, 1.5, 4.25):
        try:
            truth = evaluate_op(op.name, [x], 3)
        except Undefined:
            continue
        found = taylor(node, "x", {"x": x}, 3)
        scale = float(max(abs(value) for value in truth.values() if not mpmath.isnan(value)))
        for k in range(4):
            expected = truth.get((k,), mpmath.nan)
            if not mpmath.isnan(expected):
                assert abs(found[k] * math.factorial(k) - expected) <= 1e-13 * max(abs(expected), scale * 1e-2)


CURVES = [
    ("exp(x)", 0.3, mpmath.exp), ("log(x)", 1.7, mpmath.log), ("sqrt(x)", 2.0, mpmath.sqrt),
    ("tan(x)", 0.5, mpmath.tan),
    ("asin(x)", 0.3, mpmath.asin), ("atan(x)", 2.0, mpmath.atan), ("tanh(x)", 0.4, mpmath.tanh),
    ("acosh(x)", 2.0, mpmath.acosh), ("erf(x)", 0.4, mpmath.erf), ("cbrt(x)", 2.0, mpmath.cbrt),
    ("gamma(x)", 2.5, mpmath.gamma), ("lgamma(x)", 3.5, mpmath.loggamma), ("digamma(x)", 1.5, mpmath.digamma),
    ("sinc(x)", 0.0, mpmath.sinc), ("sinc(x)", 1.0, mpmath.sinc), ("x**x", 1.5, lambda x: x**x),
    ("x**2.5", 1.5, lambda x: x**mpmath.mpf("2.5")), ("x**7 - 1/x**3", -1.5, lambda x: x**7 - 1 / x**3),
    ("2**x", 0.5, lambda x: 2**x), ("1/(1 + exp(-x))", 0.5, lambda x: 1 / (1 + mpmath.exp(-x))),
    ("softplus(x)", 0.5, lambda x: mpmath.log(1 + mpmath.exp(x))),
    ("hypot(x, 2)", 1.0, lambda x: mpmath.sqrt(x * x + 4)), ("atan2(x, 2)", 1.0, lambda x: mpmath.atan2(x, 2)),
    ("sin(x)*exp(-x)", 0.7, lambda x: mpmath.sin(x) * mpmath.exp(-x)),
    ("exp(sin(x)**2)/(1 + x**2)", 0.4, lambda x: mpmath.exp(mpmath.sin(x) ** 2) / (1 + x * x)),
    ("lgamma(2 + sin(x))", 0.3, lambda x: mpmath.loggamma(2 + mpmath.sin(x))),
    ("abs(x)*max(x, 1)", -2.0, lambda x: -x), ("where(x > 0, x**3, 0)", 0.5, lambda x: x**3),
    ("polygamma(2, x)", 1.5, lambda x: mpmath.polygamma(2, x)), ("erfc(x)", 1.0, mpmath.erfc),
    ("log1p(x)*expm1(x)", 0.2, lambda x: mpmath.log(1 + x) * (mpmath.exp(x) - 1)),
    ("gamma(1 + x**2)", 1.9, lambda x: mpmath.gamma(1 + x * x)),
    ("sinc(sin(x))", 0.7, lambda x: mpmath.sinc(mpmath.sin(x))), ("sinc(x**2)", 0.0, lambda x: mpmath.sinc(x * x)),
    ("polygamma(1, 1 + x**2)", 0.4, lambda x: mpmath.polygamma(1, 1 + x * x)),
    ("x**2", 0.0, lambda x: x**2), ("(x - 1)**5", 1.0, lambda x: (x - 1) ** 5),
]  # fmt: skip


def erfcinv(x):
    return mpmath.erfinv(1 - x)


def slope(x):
    return mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(erfcinv(x) ** 2)


IN_MPMATH = {
    "square": lambda x: x * x, "cbrt": mpmath.cbrt, "expm1": lambda x: mpmath.exp(x) - 1,
    "log2": lambda x: mpmath.log(x, 2), "log10": lambda x: mpmath.log(x, 10), "log1p": lambda x: mpmath.log(1 + x),
    "semicircle": lambda x: mpmath.sqrt(1 - x * x), "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)), "lgamma": mpmath.loggamma,
    "normpdf": mpmath.npdf, "normcdf": mpmath.ncdf, "norminv": lambda p: -mpmath.sqrt(2) * erfcinv(2 * p),
    "erfcinv": erfcinv, "norminv_slope": lambda p: mpmath.sqrt(2) * 2 * slope(2 * p),
    "erfinv_slope": lambda x: slope(1 - x), "erfcinv_slope": lambda x: slope(x),
    "j0": mpmath.j0, "j1": mpmath.j1, "y0": lambda x: mpmath.bessely(0, x), "y1": lambda x: mpmath.bessely(1, x),
    "i0": lambda x: mpmath.besseli(0, x), "i1": lambda x: mpmath.besseli(1, x),
    "lambertw": mpmath.lambertw,
    "expint": mpmath.e1,
    "gaussian": lambda x: mpmath.exp(-x * x), "factorial": mpmath.factorial,
    "exp2": lambda x: mpmath.mpf(2) ** x, "exp10": lambda x: mpmath.mpf(10) ** x,
    "rad2deg": lambda x: x * 180 / mpmath.pi, "deg2rad": lambda x: x * mpmath.pi / 180,
    "sind": lambda x: mpmath.sin(x * mpmath.pi / 180), "cosd": lambda x: mpmath.cos(x * mpmath.pi / 180),
    "tand": lambda x: mpmath.tan(x * mpmath.pi / 180), "asind": lambda x: mpmath.asin(x) * 180 / mpmath.pi,
    "acosd": lambda x: mpmath.acos(x) * 180 / mpmath.pi, "atand": lambda x: mpmath.atan(x) * 180 / mpmath.pi,
} | {
    name: getattr(mpmath, name)
    for name in (
        "sqrt", "exp", "log", "sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "sinh", "cosh", "tanh",
        "sech", "csch", "coth", "asinh", "acosh", "atanh", "erf", "erfc", "erfinv", "gamma", "digamma", "sinc",
        "acot", "asec", "acsc", "asech", "acsch", "acoth",
    )
}  # fmt: skip


def test_every_smooth_op_is_known_to_mpmath() -> None:
    flat = {"neg", "relu", "abs", "sign", "floor", "ceil", "round", "trunc"}
    assert {op.name for op in NUMERIC if op.arity == 1 and not op.variadic} - flat - OURS == set(IN_MPMATH) - OURS


@pytest.mark.parametrize("name", rotate(IN_MPMATH, 9))
def test_every_op_to_order_ten_against_mpmath(name: str) -> None:
    """The series, and the formula differentiated again and again."""
    graph = Graph()
    node = TABLE[name](graph.variable("x"))
    for x in (1.3, 2.7) if name in ("acosh", "gamma", "lgamma", "digamma", "asec", "acsc", "acoth") else (0.3, 0.62):
        with mpmath.workdps(60):
            truth = mpmath.taylor(IN_MPMATH[name], mpmath.mpf(x), 10)
        series, slopes = taylor(node, "x", {"x": x}, 10), derivatives(adcli.compile(str(node)), "x", {"x": x}, 10)
        for k, expected in enumerate(truth):
            for got in (series[k], slopes[k] / math.factorial(k)):
                assert abs(got - expected) <= 3e-14 * abs(expected), (x, k)


@pytest.mark.parametrize(("text", "at", "curve"), CURVES, ids=[text for text, _, _ in CURVES])
def test_orders_up_to_ten_against_mpmath(text, at, curve) -> None:
    with mpmath.workdps(50):
        truth = mpmath.taylor(curve, mpmath.mpf(at), 10)
    found = adcli.compile(text).taylor(10, x=at)
    scale = max(map(abs, truth))
    for got, expected in zip(found, truth, strict=True):
        assert abs(got - expected) <= 1e-13 * abs(expected) + 2e-15 * scale


def test_nothing_goes_on_for_ever() -> None:
    """The rules that stand beside the table are for ops whose partials lead ever further."""
    for op in [*SERIES_PARTIALS, *COMPOSED, *(op for op in TABLE.values() if op.textbook and op.integers)]:
        graph = Graph()
        arguments, _ = symbols(op, graph)
        assert len(Series(op(*arguments), next(iter(graph.variables)), dict.fromkeys(graph.variables, 0.5)).graph) < 60


COSTS = dict.fromkeys(
    ["exp(sin(x))*cos(x**2)", "tan(x)/sqrt(1 + x**2)", "log(1 + x**4)**x", "atan(x)*erf(x)", "tanh(x)**3/x",
     "gamma(x)", "sinc(2*x)", "gamma(1 + x**2)", "lgamma(2 + sin(x))"], 2.2
) | {"sinc(sin(x))": 2.4, "digamma(exp(x))": 2.4}  # fmt: skip


@pytest.mark.parametrize("text", COSTS)
def test_the_cost_is_quadratic_in_the_order(text) -> None:
    """The exponent of the number of products, fitted over orders 2 to 64; a bare composition has a little more."""
    counts = []
    for order in (2, 4, 8, 16, 32, 64):
        series = Series(Lowered(parse(text)).result, "x", {"x": 0.7})
        series.to(order)
        counts.append((math.log(order), math.log(series.operations)))
    mean_x, mean_y = (sum(column) / len(counts) for column in zip(*counts, strict=True))
    exponent = sum((x - mean_x) * (y - mean_y) for x, y in counts) / sum((x - mean_x) ** 2 for x, _ in counts)
    assert 1.0 < exponent <= COSTS[text]


@pytest.mark.parametrize("text", ["a*sin(w*x)", "sinc(x**2)*a", "w*x**3/a", "digamma(1 + w*x**2)", "a*w"])
def test_coefficients_without_terms_are_floats_too(text) -> None:
    at = {name: {"a": 1.0, "w": 2.0, "x": 0.0}[name] for name in [*adcli.compile(text).variables]}
    name = "x" if "x" in at else "a"
    assert {type(c) for c in adcli.compile(text).taylor(8, at, wrt=name)} == {float}


def test_where_there_is_no_expansion() -> None:
    assert not math.isfinite(adcli.compile("sqrt(x)").taylor(3, x=0.0)[2])
    assert all(math.isnan(c) for c in adcli.compile("log(x)").taylor(3, x=-1.0))
    assert adcli.compile("x*y").taylor(2, {"x": 2.0, "y": 3.0}, wrt="y") == [6.0, 2.0, 0.0]
    assert adcli.compile("3 + 0*x").taylor(2, x=1.0)[0] == 3.0


def test_order_beyond_what_factorials_reach() -> None:
    """The series of sinc ends in zeros; those of the gamma family go on."""
    assert adcli.compile("sinc(x)").taylor(250, x=1.5)[250] == 0.0
    found = adcli.compile("digamma(x)").taylor(180, x=30.0)
    with mpmath.workdps(40):
        assert found[180] == pytest.approx(float(-mpmath.zeta(181, 30)), rel=1e-12)


def test_depth() -> None:
    text = "sin(" * 3000 + "x" + ")" * 3000
    found = adcli.compile(text).taylor(2, x=0.5)
    assert found[1] == pytest.approx(adcli.compile(text).gradient(x=0.5)["x"], rel=1e-9)


SURFACES = [
    "sin(x**2)*cos(y)", "(1 - x)**2 + 100*(y - x**2)**2", "exp(-x)*tanh(x*y) + sqrt(x + y)", "abs(x - 1)*y", "x**y",
    "max(x, y)**3/x", "where(x > y, sqrt(x - y), 0)", "hypot(x, y) - atan2(y, x)", "log(x)/x", "clip(x, -1, y)*x",
    "x % y + erf(x)*round(y)", "1/(x - y)", "x**-2 + cbrt(x)", "y*y", "gamma(x + 2)*y", "lgamma(x)", "sinc(x)*log1p(y)",
]  # fmt: skip
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1e-300, 1e300, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize("text", rotate(SURFACES, 3))
@pytest.mark.parametrize("backend", [backend for backend in BACKENDS if is_installed(backend)])
def test_columns_of_coefficients_are_those_of_each_point(text, backend) -> None:
    """The same nans and infinities; the same bits where the values of the nodes are, which the python backend gives."""
    function = adcli.compile(text)
    x, y = (grid.ravel() for grid in np.meshgrid([*EDGES, *np.linspace(-2.1, 3.3, 9)], [*EDGES, 0.7, -1.3]))
    given = {name: {"x": x, "y": y}[name] for name in function.variables}
    moving = function.variables[0]
    found = function.columns("taylor", given, wrt=[moving], order=4, backend=backend)
    columns = np.array(list(found.values())).T
    points = zip(*(column.tolist() for column in given.values()), strict=True)
    alone = np.array([function.taylor(4, dict(zip(given, point, strict=True)), wrt=moving) for point in points])
    assert np.array_equal(np.isnan(columns), np.isnan(alone))
    assert np.array_equal(np.isinf(columns), np.isinf(alone))
    if backend == "python":
        assert np.array_equal(columns, alone, equal_nan=True)
    finite = np.isfinite(alone)
    scale = np.maximum.accumulate(np.where(finite, np.abs(alone), 0.0), axis=1)
    assert (np.abs(columns[finite] - alone[finite]) <= 1e-13 * scale[finite]).all()


def test_columns_are_computed_in_blocks_and_threads(monkeypatch) -> None:
    function = adcli.compile("exp(x)*sin(y)")
    x, y = np.random.default_rng(0).uniform(-2.0, 2.0, (2, 1000))
    whole = function.columns("taylor", x=x, y=y, wrt=["x"], backend="numpy", threads=1)
    monkeypatch.setattr("adcli.formula.taylor.BLOCK", 7)
    monkeypatch.setattr("adcli.backends._rows.THREAD_ROWS", 64)
    parts = function.columns("taylor", x=x, y=y, wrt=["x"], backend="numpy", threads=3)
    single = function.columns("taylor", x=x, y=1.5, wrt=["x"], backend="numpy")
    for name, column in whole.items():
        assert column.tobytes() == parts[name].tobytes()
    assert single["c1"].tobytes() == single["c0"].tobytes()
