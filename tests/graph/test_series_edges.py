"""Taylor coefficients where 0 meets infinity, powers of a base that is 0, and notes on coefficients with few digits.

The true coefficients are limits of the formula itself, which mpmath evaluates in 300 digits.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

import adcli
from adcli.formula.lowered import Lowered
from adcli.graph.expr import Graph
from adcli.graph.series import Series
from adcli.graph.series_errors import PRECISE, MovedSeries, estimate_errors
from adcli.language.parser import parse
from tests.cli.conftest import run_command
from tests.graph.test_series import CURVES, NUMERIC
from tests.sampling import rotate

# The branch points of every op that has one, with the side on which it is defined.
BRANCHES = [
    ("sqrt(x)", 0, 1), ("cbrt(x)", 0, 1), ("x**0.5", 0, 1), ("x**1.5", 0, 1), ("x**2.5", 0, 1), ("x**y", 0, 1),
    ("asin(x)", 1, -1), ("asin(x)", -1, 1), ("acos(x)", 1, -1), ("acos(x)", -1, 1), ("acosh(x)", 1, 1),
    ("semicircle(x)", 1, -1), ("semicircle(x)", -1, 1),
    ("asind(x)", 1, -1), ("asind(x)", -1, 1), ("acosd(x)", 1, -1), ("acosd(x)", -1, 1),
    ("asec(x)", 1, 1), ("asec(x)", -1, -1), ("acsc(x)", 1, 1), ("acsc(x)", -1, -1), ("asech(x)", 1, -1),
]  # fmt: skip
SHAPES = [
    "({f})**2", "({f})*({f})", "({f})**3", "({f})**4", "({f})**6", "(x - a)*({f})", "({f})*sin({f})", "sin(({f})**2)",
    "({f})/(2 + ({f})**2)", "(x - a)**2*({f})", "cos({f})", "sinc({f})", "exp({f})*({f})", "({f})**2/exp({f})",
    "({f})**z", "hypot({f}, 1)", "({f}) - (x - a)", "max({f}, 2)*({f})", "({f})*(3 + {f})", "(x - a)**3 + y",
]  # fmt: skip
ORDER = 3
PROGRAMS = [(shape.format(f=f), at, side) for f, at, side in BRANCHES for shape in SHAPES]


MEANINGS: dict[str, Callable[..., mpmath.mpf]] = (
    {
        name: getattr(mpmath, name)
        for name in (
            "sqrt",
            "cbrt",
            "asin",
            "acos",
            "acosh",
            "sin",
            "cos",
            "exp",
            "sinc",
            "hypot",
            "asec",
            "acsc",
            "asech",
        )
    }
    | {
        "asind": lambda x: mpmath.asin(x) * 180 / mpmath.pi,
        "acosd": lambda x: mpmath.acos(x) * 180 / mpmath.pi,
    }
    | {"semicircle": lambda x: mpmath.sqrt(1 - x * x), "max": max}
)


def true_coefficients(text: str, values: dict[str, float], side: int) -> list[float]:
    """Return the coefficients in x from one side, in the end nan if there are no more.

    f(x + side*t**6) has a Taylor series in t, because all branches are square or cube roots. Where it has a term in
    between the multiples of 6, f has no further coefficients.
    """
    code = compile(text, "", "eval")
    with mpmath.workdps(50):
        numbers = {name: mpmath.mpf(x) for name, x in values.items()}

        def curve(t: mpmath.mpf) -> mpmath.mpf:
            return mpmath.re(eval(code, MEANINGS, {**numbers, "x": numbers["x"] + side * t**6}))

        terms = mpmath.taylor(curve, 0, 6 * ORDER, direction=1)
        last = next((j // 6 for j, term in enumerate(terms) if j % 6 and abs(term) > 1e-12), ORDER)
        return [float(side**k * terms[6 * k]) if k <= last else math.nan for k in range(ORDER + 1)]


@pytest.mark.parametrize(("text", "at", "side"), rotate(PROGRAMS, 8))
def test_a_branch_point_in_a_product_or_power(text: str, at: float, side: int) -> None:
    """A coefficient is right, or it is not finite. Columns have the same numbers."""
    function = adcli.compile(text)
    values = {name: {"x": float(at), "a": float(at), "y": 3.0, "z": 2.0}[name] for name in function.variables}
    truth = true_coefficients(text, values, side)
    found = function.taylor(ORDER, values, wrt="x")
    for got, expected in zip(found, truth, strict=True):
        if math.isfinite(got):
            assert got == pytest.approx(expected, rel=1e-12, abs=1e-12)
    columns = function.columns("taylor", {name: np.full(2, x) for name, x in values.items()}, wrt=["x"], order=ORDER)
    assert [column[1] for column in columns.values()] == pytest.approx(found, rel=1e-13, nan_ok=True)
    if function.hessian(values)["x"]["x"] == truth[2] * 2.0:
        assert found[:3] == pytest.approx(truth[:3], abs=1e-12)  # never less than the second derivative has


def test_the_branch_points_are_those_of_the_table() -> None:
    """A finite value with an infinite slope at an argument of -1, 0 or 1."""
    known = {(text.split("(")[0], at) for text, at, _ in BRANCHES}
    for op in (op for op in NUMERIC if op.arity == 1 and not op.variadic):
        function = adcli.compile(str(op(Graph().variable("x"))))
        for at in (-1, 0, 1):
            if math.isfinite(function(x=at)) and math.isinf(function.gradient(x=at)["x"]):
                assert (op.name, at) in known


BASES = ["x", "sin(x)", "x - 2", "x*x", "1 - cos(x)", "sqrt(x)", "max(x, 0)", "x*x*(3 + x)", "tan(x)*x"]


@pytest.mark.parametrize("base", BASES)
def test_a_variable_exponent_gives_what_a_literal_one_gives(base: str) -> None:
    at = 2.0 if base == "x - 2" else 0.0
    powers = adcli.compile(f"({base})**y")
    for y in (0.0, 1.0, 2.0, 3.0, 5.0, 0.5, 1.5, 2.5, -1.0, -2.0, -0.5):
        literal = adcli.compile(f"({base})**{y!r}").taylor(12, x=at)
        columns = powers.columns("taylor", {"x": np.array([at, 0.7]), "y": y}, wrt=["x"], order=12, backend="numpy")
        for found in (powers.taylor(12, {"x": at, "y": y}, wrt="x"), [column[0] for column in columns.values()]):
            assert found == pytest.approx(literal, rel=1e-13, abs=1e-16, nan_ok=True)


def test_powers_of_a_base_that_is_0() -> None:
    inf, nan = math.inf, math.nan
    for text, at, expected in (
        ("x**1.5", 0.0, [0.0, 0.0, inf, nan]), ("x**2.5", 0.0, [0.0, 0.0, 0.0, inf]),
        ("cbrt(x)", 0.0, [0.0, inf, nan, nan]), ("(1 - x)**1.5", 1.0, [0.0, 0.0, inf, nan]),
        ("x**3", 0.0, [0.0, 0.0, 0.0, 1.0]), ("x**-1", 0.0, [inf, nan, nan, nan]),
        ("x**1e300", 0.0, [0.0, 0.0, 0.0, 0.0]), ("(x - x)**2", 1.0, [0.0, 0.0, 0.0, 0.0]),
    ):  # fmt: skip
        assert adcli.compile(text).taylor(3, x=at) == pytest.approx(expected, nan_ok=True)
    by_exponent = adcli.compile("0**y")
    assert by_exponent.taylor(2, y=2.0) == by_exponent.taylor(2, y=0.5) == [0.0, 0.0, 0.0]
    assert by_exponent.taylor(2, y=-1.0) == pytest.approx([inf, nan, nan], nan_ok=True)


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("x*sqrt(y)", {"x": 0.0, "y": 0.0}, [0.0, 0.0, 0.0]), ("x**2*sqrt(y)", {"x": 0.0, "y": 0.0}, [0.0, 0.0, 0.0]),
        ("x*y", {"x": 2.0, "y": math.inf}, [math.inf, math.inf, 0.0]),
        ("where(x > 0, sqrt(x), 0)", {"x": 0.0}, [0.0] * 3), ("sqrt(max(x, 0))", {"x": -1.0}, [0.0] * 3),
        ("sqrt(where(x > 0, x, 0))", {"x": 0.0}, [0.0] * 3),
        ("max(x, y)**3/x", {"x": 1.0, "y": math.inf}, [math.inf, -math.inf, math.inf]),
        ("abs(x - 1)*y", {"x": 0.0, "y": math.inf}, [math.inf, -math.inf, 0.0]),
        ("x**where(x > 5, x, 3)", {"x": -1.0}, [-1.0, 3.0, -3.0]), ("x**max(x, 2)", {"x": 0.0}, [0.0, 0.0, 1.0]),
        ("where(x < 1, x, 1)*sqrt(x - 1)", {"x": 1.0}, [0.0, math.inf, math.nan]),
    ],
)  # fmt: skip
def test_a_series_that_ends_is_0_whatever_it_meets(text: str, point: dict[str, float], expected: list[float]) -> None:
    function = adcli.compile(text)
    assert function.taylor(2, point, wrt="x") == pytest.approx(expected, nan_ok=True)
    others = {name: np.array([x, 7.5]) for name, x in point.items()}
    columns = function.columns("taylor", others, wrt=["x"], order=2, backend="numpy")
    assert [column[0] for column in columns.values()] == pytest.approx(expected, nan_ok=True)
    alone = function.taylor(2, dict.fromkeys(point, 7.5), wrt="x")
    assert [column[1] for column in columns.values()] == pytest.approx(alone, nan_ok=True)


DELICATE = [
    ("x/(exp(x) - 1)", 0.5, lambda x: x / (mpmath.exp(x) - 1)), ("sin(x)/x", 0.01, lambda x: mpmath.sin(x) / x),
    ("log(erfc(x))", 2.0, lambda x: mpmath.log(mpmath.erfc(x))), ("1 - cos(x)", 1e-6, lambda x: 1 - mpmath.cos(x)),
    ("(1 + x)**(1/x)", 0.3, lambda x: (1 + x) ** (1 / x)), ("tan(x) - x", 0.01, lambda x: mpmath.tan(x) - x),
    ("cos(sqrt(x))", 0.121, lambda x: mpmath.cos(mpmath.sqrt(x))),
    ("log(x)/(x - 1)", 1.01, lambda x: mpmath.log(x) / (x - 1)),
    ("digamma(erfc(sqrt(x)))", 2.28, lambda x: mpmath.digamma(mpmath.erfc(mpmath.sqrt(x)))),
    ("(exp(x) - 1 - x)/x**2", 0.2, lambda x: (mpmath.exp(x) - 1 - x) / x**2),
]  # fmt: skip


def test_coefficients_that_lose_their_digits_are_known() -> None:
    """None below 10 digits is missed, and of those with 12 digits fewer than 1 in 100 is reported."""
    good = alarms = 0
    for text, at, curve in [*DELICATE, *rotate(CURVES, 5)]:
        node = Lowered(parse(text)).scalar
        found = Series(node, "x", {"x": at}).to(10)
        errors = estimate_errors(MovedSeries(node, "x", {"x": at}), {"x": at}, found)
        with mpmath.workdps(50):
            truth = mpmath.taylor(curve, mpmath.mpf(at), 10)
        lost = [abs(got - real) > PRECISE * abs(real) for got, real in zip(found, truth, strict=True)]
        lost = [each and abs(real) > 1e-40 for each, real in zip(lost, truth, strict=True)]
        assert all(error >= PRECISE for error, each in zip(errors, lost, strict=True) if each), text
        sure = [abs(got - real) <= 1e-12 * abs(real) for got, real in zip(found, truth, strict=True)]
        good += sum(sure)
        alarms += sum(error >= PRECISE for error, each in zip(errors, sure, strict=True) if each)
    assert alarms <= good / 100


def test_notes_on_coefficients_with_few_digits() -> None:
    [note] = json.loads(run_command(["taylor", "u = exp(x); x/(u - 1)", "x=0.5", "--order", "8", "--json"]).out)[
        "notes"
    ]
    assert (note["kind"], note["where"], note["column"]) == ("cancellation", "x/(u - 1)", 13)
    assert "coefficients from c5 on keep fewer than 10 digits, and c8 may keep only" in note["message"]
    table = run_command(["taylor", "x/(exp(x) - 1)", "--x", "0.3,3,0.5", "--order", "8"])
    assert (table.status, table.err.count("\n")) == (0, 1)
    assert table.err.startswith("note: 2 of 3 rows are imprecise; the first: point 1, x/(exp(x) - 1) at column 1: ")
    composed = run_command(["taylor", "digamma(erfc(x))", "--x", "0.1,1.5", "--order", "10"])
    assert composed.err.startswith("note: 1 of 2 rows is imprecise; the first: point 2")
    assert not run_command(["taylor", "log(1 + x)", "--x", "0,1", "--order", "8"]).err
