"""Verdicts: right claims pass at any scale, wrong ones fail at any scale, and the other ways agree with the engine."""

from __future__ import annotations

import csv
import math
from itertools import combinations_with_replacement
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import adcli
from adcli.errors import AdcliError, DomainError, ParseError
from adcli.formula.claims import read_claim
from adcli.formula.labels import derivative_label
from adcli.formula.lowered import Lowered
from adcli.formula.numerical import central_difference, complex_step, smooth_points
from adcli.formula.partials import Derivative
from adcli.formula.verdicts import judge
from adcli.ops import TABLE
from adcli.ops.analytic import ANALYTIC
from tests.sampling import examples, rotate
from tests.strategies import expressions, programs

with open(Path(__file__).parent.parent / "cases" / "derivatives.tsv", encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file, delimiter="\t"))

RIGHT = [
    ("sin(x**2)*cos(y)", "df/dx = 2*x*cos(x**2)*cos(y)"),
    ("1e8*sin(x)", "df/dx = 1e8*cos(x)"),
    ("1e-9*sin(x)", "df/dx = 1e-9*cos(x)"),
    ("1e-300*x**2", "df/dx=2e-300*x"),
    ("tanh(x)", "df/dx = 1 - tanh(x)**2"),
    ("x**3 - 3*x", "df/dx = 3*(x - 1)*(x + 1)"),
    ("exp(-x**2/2)/sqrt(tau)", "df/dx = -x*exp(-x**2/2)/sqrt(2*pi)"),
    ("u = x*y; exp(u)*u", "df/dy = x*exp(u)*(1 + u)"),
    ("log(x)/x", "df/dx = u = 1/x; (1 - log(x))*u*u"),
    ("abs(x)*y", "df/dx = y*sign(x)"),
    ("x*y", "df / dy = x"),
    ("gamma(x)", "df/dx = gamma(x)*digamma(x)"),
    ("3 + 0*x", "df/dx = 0"),
    ("(x + 1e8)**2", "df/dx = 2*x + 2e8"),
]
WRONG = [
    ("1e8*sin(x)", "df/dx = 2e8*cos(x)"),
    ("1e-9*sin(x)", "df/dx = 2e-9*cos(x)"),
    ("1e-300*x**2", "df/dx = 3e-300*x"),
    ("tanh(x)", "df/dx = 1 - tanh(x)"),
    ("sin(x)", "df/dx = cos(x) + 1e-9"),
    ("x**2", "df/dx = 2*x + 1e-12*x"),
    ("x**2", "df/dx = log(-1)*x"),
    ("x*y", "df/dx = 0"),
    ("abs(x)", "df/dx = 1"),
    ("2*pi*x", "df/dx = 2*3.14159265"),
]


def lowered(text: str) -> Lowered:
    """A formula of numbers."""
    return Lowered(adcli.parse(text))


def verdict(text, claim, tolerance=0.0):
    function = lowered(text)
    read = read_claim(claim, function)
    return judge(function, read.derivative, read, smooth_points(function, {}, 20, 0), tolerance)


@pytest.mark.parametrize(("text", "claim"), RIGHT)
def test_right_claims(text, claim) -> None:
    assert verdict(text, claim).word == "right"


@pytest.mark.parametrize(("text", "claim"), WRONG)
def test_wrong_claims_and_the_point_that_refutes_them(text, claim) -> None:
    found = verdict(text, claim)
    assert found.word == "wrong"
    assert found.worst.refutes() or found.worst.cause == "domain"
    slope = adcli.compile(text).gradient(found.worst.at)[found.derivative.names[0]]
    assert found.worst.judged != slope


def test_a_rounded_constant_is_forgiven_on_request() -> None:
    assert verdict("2*pi*x", "df/dx = 2*3.14159265", 1e-8).word == "right"


@pytest.mark.parametrize("row", rotate(CASES[::5], 3), ids=lambda row: f"{row['expression']} by {row['variable']}")
def test_our_own_formulas_are_right_claims(row) -> None:
    """What `diff` prints is a claim that `check` believes; twice as much is not."""
    function = lowered(row["expression"])
    name = row["variable"]
    formula = str(adcli.compile(row["expression"]).diff(name))
    *bindings, result = formula.split("; ")
    points = smooth_points(function, {}, 8, 1)
    head = f"df/d{name} = " + "".join(f"{binding}; " for binding in bindings)
    by = Derivative(0, (name,))
    right = judge(function, by, read_claim(head + result, function), points)
    assert right.word == "right", right
    if result != "0":
        assert judge(function, by, read_claim(f"{head}2*({result})", function), points).word == "wrong"


@pytest.mark.parametrize("op", [op for op in ANALYTIC if op.arity == 1], ids=lambda op: op.name)
def test_the_complex_step(op) -> None:
    function = adcli.compile(f"{op.name}(x)" if op.sign is None else f"{op.sign}x")
    lowered = Lowered(function.formula)
    x = 1.5 if op.name in ("acosh", "acoth", "acsc", "asec") else 0.4
    assert complex_step(lowered.result, "x", {"x": x}) == pytest.approx(function.gradient(x=x)["x"], rel=1e-12)


def test_what_is_not_analytic_has_no_complex_step() -> None:
    for text in ("abs(x)", "max(x, 1)", "where(x > 0, x, 1)", "floor(x) + x", "(-x)**y"):
        assert complex_step(lowered(text).scalar, "x", {"x": 0.7, "y": 0.5}) is None
    assert complex_step(lowered("x**3").scalar, "x", {"x": -2.0}) == 12.0
    assert {op.name for op in ANALYTIC} <= set(TABLE)


@pytest.mark.parametrize(("text", "x"), [("exp(x)", 0.0), ("1e8*sin(x)", 1.0), ("1e-9*sin(x)", 2.0), ("x**20", 0.9),
                                         ("log(x)", 1e-5), ("sqrt(x)", 1e10)])  # fmt: skip
def test_differences_know_their_own_error(text, x) -> None:
    function = lowered(text)
    slope, error = central_difference(function.scalar, "x", {"x": x})
    truth = adcli.compile(text).gradient(x=x)["x"]
    assert abs(slope - truth) <= 3 * error
    assert error < 1e-6 * abs(truth)


def test_points_are_points_of_the_domain() -> None:
    function = lowered("sqrt(1 - x**2)*log(y)/abs(z - 1)")
    for point in smooth_points(function, {"z": 3.0}, 20, 2):
        assert abs(point["x"]) < 1
        assert point["y"] > 0
        assert point["z"] == 3.0
    with pytest.raises(DomainError):
        smooth_points(lowered("log(-1 - x**2)"), {}, 5, 0)


@pytest.mark.parametrize("claim", ["dx = 1", "df/dx", "df/dx == 1", "df/dz = 1", "df/dx = z", "df/dx = 2*", "df/dx = "])
def test_what_is_no_claim(claim) -> None:
    with pytest.raises(AdcliError):
        read_claim(claim, lowered("x**2"))


@pytest.mark.parametrize("claim", ["dp/dx = 2*x*y", "df/dx = 2*x*y"])
def test_a_result_with_a_name_is_claimed_by_it_or_as_f(claim) -> None:
    assert verdict("p = x**2*y; p", claim).word == "right"
    for other, text in ((claim.replace("/", "q/"), "p = x**2*y; p"), ("dp/dx = 2*x", "p = x**2; p + 0*x")):
        with pytest.raises(ParseError, match="not a claim"):
            read_claim(other, lowered(text))


def test_primes_and_functions_of_the_expression() -> None:
    """A function that the expression defines is its result only where the result is the function itself."""
    assert verdict("f(x) = x^3; f(x)", "f'(x) = 3*x^2").word == "right"
    for claim in ("f'(x) = 3*x^2", "g' = 24*x^2", "f''(y) = 1"):
        with pytest.raises(ParseError, match="not a claim"):
            read_claim(claim, lowered("f(t) = t^3; f(2*x)"))


EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e-304, 5e-324, -1e-310, 1e-160, 1e-9, -1e9, 1e200, -1e300, 1.7e308, 20.0,
         -40.0, 700.0, -745.0, math.pi / 2, math.pi, math.inf)  # fmt: skip
SMOOTH = [op for op in TABLE.values() if op.is_elementwise and not op.is_condition and not op.takes_conditions]
CALLS = [
    (
        f"x {op.sign} y"
        if op.sign and op.arity == 2
        else f"{op.sign or op.name}({', '.join('2' if i in op.integers else 'xyzw'[i] for i in range(op.arity))})"
    )
    for op in SMOOTH
    if op.name != "power_derivative"
]
COMPOSED = ["x*exp(-x**2)", "log(1 + exp(x))", "where(x > 0, x**2, x**3)", "(1 - cos(x))/x**2", "max(x*y, y)**2"]


@pytest.mark.parametrize("text", rotate([*CALLS, *COMPOSED], 6))
def test_no_false_verdict_at_poles_kinks_and_tiny_points(text) -> None:
    """Right claims are never wrong, and claims that are off by a thousandth never right, of first and second order."""
    function, random = lowered(text), Random(text)
    for names in [(name,) for name in function.variables] + list(combinations_with_replacement(function.variables, 2)):
        *bindings, result = str(adcli.compile(text).diff(*names)).split("; ")
        head = f"{derivative_label(names)} = " + "".join(f"{binding}; " for binding in bindings)
        right, off = (read_claim(f"{head}{part}", function) for part in (result, f"1.001*({result})"))
        for _ in range(5):
            point = {name: random.choice(EDGES) for name in function.variables}
            try:
                assert judge(function, right.derivative, right, [point]).word != "wrong", (right.text, point)
            except DomainError:
                continue
            found = judge(function, off.derivative, off, [point])
            assert found.word != "right" or found.worst.reverse == 0.0, (off.text, point)


def test_no_value_no_verdict() -> None:
    function = lowered("log(x)")
    with pytest.raises(DomainError):
        judge(function, Derivative(0, ("x",)), None, [{"x": -1.0}])


@settings(max_examples=examples(150))
@given(st.one_of(expressions, programs))
def test_what_diff_prints_is_the_derivative(text) -> None:
    """Random expressions; where arguments do not tie and rounding is not the subject."""
    assume(not any(word in text for word in ("subtraction_error", "clip(", "clamp(")))
    function = lowered(text)
    assume(function.variables)
    try:
        points = smooth_points(function, {}, 2, 0)
    except DomainError:
        assume(False)
    name = function.variables[0]
    *bindings, result = str(adcli.compile(text).diff(name)).split("; ")
    claim = read_claim(f"df/d{name} = {''.join(f'{binding}; ' for binding in bindings)}{result}", function)
    verdict = judge(function, claim.derivative, claim, points)
    # x**y*log(x) has no value at x = 0, where the power has a slope.
    assert verdict.word != "wrong" or (math.isnan(verdict.worst.judged) and ("**" in text or "power" in text))
