"""Higher derivatives: their values to 50 digits, their lengths, and the refusal of those that are too long."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from mpmath import mp

import adcli
from adcli.errors import RequestError
from adcli.simplify import orders
from tests.graph.digits import digits
from tests.sampling import rotate

# Per row a point and the value of the derivative, found with mpmath in 50 digits from the expression. `sympy_length` is
# the characters of what SymPy's repeated `diff` prints.
with open(Path(__file__).parent.parent / "cases" / "higher_derivatives.tsv", encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("row", rotate(CASES, 5), ids=lambda row: f"{row['expression']} by {row['wrt']}")
def test_a_higher_derivative(row: dict[str, str]) -> None:
    """Its numbers have 17 digits, of which few cancel in these formulas."""
    printed = str(adcli.compile(row["expression"]).diff(*row["wrt"]))
    assert len(printed) <= 1.1 * int(row["sympy_length"])
    point = {name: float(x) for name, x in (part.split("=") for part in row["point"].split(";"))}
    with mp.workdps(40):
        value = digits(printed, point)
        assert value is not None
        assert mp.almosteq(value, mp.mpf(row["value"]), rel_eps=mp.mpf("1e-11"))


@pytest.mark.parametrize(
    ("text", "order", "points"),
    [
        ("where(x > 1/2, x**x, sin(x)*exp(x))", 6, (0.25, 0.75)), ("max(x**2, sin(x))*x", 5, (0.5, 1.25)),
        ("abs(x - 1/2)*exp(x)", 4, (0.25, 0.75)), ("cbrt(x)*exp(x)", 6, (0.25, 2.0)), ("sinc(x)*x", 5, (0.75,)),
        ("lgamma(x)*x", 5, (1.25,)), ("softplus(x)*sigmoid(x)", 4, (0.25,)), ("clip(x, 0, 1)**3", 3, (0.5, 2.0)),
        ("erf(x)**2", 6, (0.5,)), ("floor(x)*x**3", 2, (1.5,)), ("hypot(x, 3)*x", 5, (0.5,)),
    ],
)  # fmt: skip
def test_orders_of_other_functions(text: str, order: int, points: tuple[float, ...]) -> None:
    """Against the Taylor coefficients."""
    function = adcli.compile(text)
    read = function.diff("x", order=order)
    for x in points:
        expected = function.taylor(order, x=x)[order] * mp.factorial(order)
        assert read.value(x=x) == pytest.approx(float(expected), rel=1e-8, abs=1e-8)


def test_derivatives_one_after_the_other_are_collected() -> None:
    function = adcli.compile("exp(x**2)*sin(3*x)")
    for _ in range(6):
        function = function.diff("x")
    assert len(str(function)) < 250


def test_a_derivative_that_is_too_long(monkeypatch) -> None:
    monkeypatch.setattr(orders, "BUDGET", 800)
    function = adcli.compile("sin(cos(tan(x)))")
    with pytest.raises(RequestError) as caught:
        function.diff("x", order=20)
    assert str(caught.value) == "the derivative of order 20 is too long to write: order 5 works"
    assert len(str(function.diff("x", order=5))) > 200
