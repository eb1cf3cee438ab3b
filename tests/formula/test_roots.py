"""Solutions of equations: against 50-digit roots, each row by itself, and no root where there is none."""

from __future__ import annotations

from math import isnan, ulp

import mpmath
import numpy as np
import pytest

import adcli
from adcli.errors import AdcliError, DomainError

# equation, the same in mpmath, a bracket, a start, values of the variable beside y
EQUATIONS = [
    ("y - x*sin(y) = 1", lambda y, x: y - x * mpmath.sin(y) - 1, (0, 4), 1.0, [0.0, 0.1, 0.5, 0.9, 0.99]),
    ("y**3 + y = x", lambda y, x: y**3 + y - x, (-9, 9), 1.0, [1e-300, 1e-9, 0.3, 2.0, 500.0]),
    ("y*exp(y) = x", lambda y, x: y * mpmath.exp(y) - x, (0, 700), 1.0, [1e-9, 0.3, 2.0, 1e300]),
    ("log(y) + y = x", lambda y, x: mpmath.log(y) + y - x, (0, 1e9), 1.0, [-2.0, 0.0, 3.0, 1e3]),
    ("y = 1e-14/y + x/(1e-5 + y)", lambda y, x: y - mpmath.mpf(1e-14) / y - x / (mpmath.mpf(1e-5) + y), (1e-14, 1.0),
     1e-7, [1e-9, 1e-6, 1e-3]),
    ("atan(y) = x", lambda y, x: mpmath.atan(y) - x, (-1e9, 1e9), 100.0, [-1.2, 1e-20, 0.7]),
    ("y**2 = x", lambda y, x: y**2 - x, (0, 1e200), 1.0, [1e-200, 0.3, 1e300]),
]  # fmt: skip


@pytest.mark.parametrize(("equation", "sides", "bracket", "start", "xs"), EQUATIONS, ids=[row[0] for row in EQUATIONS])
def test_roots_to_a_few_ulps(equation, sides, bracket, start, xs) -> None:
    for solve in (bracket, start):
        for x, root in zip(xs, adcli.implicit(equation, of="y", solve=solve, x=xs)["y"].tolist(), strict=True):
            with mpmath.workdps(60):
                near, step = mpmath.mpf(root), mpmath.mpf(root) / 10**25
                residual = sides(near, mpmath.mpf(x))
                truth = near - residual * step / (sides(near + step, mpmath.mpf(x)) - residual)
            assert abs(float(near - truth)) <= 4 * ulp(root), (equation, x, solve, root)


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    equation, _, bracket, start, _ = EQUATIONS[0]
    x = np.linspace(0.0, 0.99, 257)
    for solve in (bracket, start, np.linspace(0.5, 3.0, 257)):
        whole = adcli.implicit(equation, of="y", solve=solve, x=x)
        for part in (slice(0, 1), slice(100, 103), slice(1, None, 2)):
            each = solve[part] if isinstance(solve, np.ndarray) else solve
            some = adcli.implicit(equation, of="y", solve=each, x=x[part])
            assert all(np.array_equal(some[name], whole[name][part]) for name in whole)


def test_no_root_where_there_is_none() -> None:
    found = adcli.implicit("y**2 = x", of="y", solve=1.0, x=[4.0, -1.0, np.nan])
    assert [isnan(y) for y in found["y"]] == [isnan(slope) for slope in found["dy_dx"]] == [False, True, True]
    for equation, solve in [("1/(y - x) = 0", (0, 3)), ("tan(y) = x", (1.5, 1.6)), ("floor(y) = x/2", (0, 3)),
                            ("tanh(y) = x", (0, 30)), ("y**2 + x = 0", (-1, 1)), ("exp(-y) = 0*x", 700.0)]:  # fmt: skip
        with pytest.raises(DomainError):
            adcli.implicit(equation, of="y", solve=solve, x=1.0)
        assert isnan(adcli.implicit(equation, of="y", solve=solve, x=[1.0, 1.0])["y"][0])


def test_double_roots_and_starts_without_a_slope() -> None:
    for equation, solve, root in [("(y - 1)**2 = 0", 3.0, 1.0), ("y**2 = 0", 1.0, 0.0), ("y**3 = 8", 0.0, 2.0),
                                  ("y**2 - 2*y + 1 = 0", 3.0, 1.0), ("cos(2*y) = -1/2", 0.0, 1.04719755)]:  # fmt: skip
        assert adcli.implicit(equation, of="y", solve=solve)["y"] == pytest.approx(root, abs=1e-8)


def test_a_root_at_zero_beside_which_powers_underflow() -> None:
    assert adcli.implicit("y**3 = x", of="y", solve=(-1, 1), x=0.0)["y"] == 0.0
    for solve in ((-3, 3), 0.0):
        with pytest.raises(DomainError, match="all around y = 0"):
            adcli.implicit("max(abs(y) - 1, 0)*sign(y) = x", of="y", solve=solve, x=0.0)


CALL = "d1 = (log(S/K) + (r + s^2/2)*T)/(s*sqrt(T)); S*normcdf(d1) - K*exp(-r*T)*normcdf(d1 - s*sqrt(T)) = price"
# Prices of calls, rounded to float64s, and whether they tell the volatility: rounding is far less than its part.
CALLS = [
    (62.92, 0.041, 0.2311, False), (68.8, 0.13, 0.1372, False), (78.25, 0.326, 0.0548, False),
    (54.21, 0.811, 0.0575, False), (56.2, 0.424, 0.0639, False),
    (63.44, 1.698, 0.6228, True), (100.0, 0.01, 0.05, True), (110.0, 0.25, 0.1, True),
    (150.0, 0.1, 0.3, True), (50.0, 2.0, 0.4, True), (250.0, 1.0, 0.15, True), (80.0, 0.05, 0.5, True),
]  # fmt: skip


def _price(strike: float, maturity: float, volatility: float) -> float:
    with mpmath.workdps(50):
        k, t, s = map(mpmath.mpf, (strike, maturity, volatility))
        d1 = (mpmath.log(100 / k) + (mpmath.mpf(0.03) + s * s / 2) * t) / (s * mpmath.sqrt(t))
        discounted = k * mpmath.exp(-mpmath.mpf(0.03) * t)
        return float(100 * mpmath.ncdf(d1) - discounted * mpmath.ncdf(d1 - s * mpmath.sqrt(t)))


@pytest.mark.parametrize("solve", [0.3, 1.0, (0.01, 2.0)])
def test_volatilities_are_given_where_the_price_tells_them(solve) -> None:
    strikes, maturities, truths, told = zip(*CALLS, strict=True)
    prices = [_price(*call[:3]) for call in CALLS]
    columns = {"K": strikes, "T": maturities, "price": prices}
    found = adcli.implicit(CALL, of="s", wrt="price", solve=solve, S=100.0, r=0.03, **columns)
    for index, is_told in enumerate(told):
        point = {name: column[index] for name, column in columns.items()}
        if is_told:
            at_a_point = adcli.implicit(CALL, of="s", wrt="price", solve=solve, S=100.0, r=0.03, **point)
            for s in (found["s"][index], at_a_point["s"]):
                assert s == pytest.approx(truths[index], rel=1e-8), point
        else:
            assert np.isnan([found["s"][index], found["ds_dprice"][index]]).all(), point
            with pytest.raises(DomainError, match="no single value satisfies the equation"):
                adcli.implicit(CALL, of="s", wrt="price", solve=solve, S=100.0, r=0.03, **point)


# equation, start, bracket, the root or None where float64s do not tell it, and the distance within which they do
DETERMINED = [
    ("exp(y) = 1", 0.7, (-3, 5), 0.0, 0.0),
    ("sin(y) = 0", 0.7, (-1, 2), 0.0, 0.0),
    ("3*y + 1 = 4", 0.7, (-3, 5), 1.0, 0.0),
    ("y**2 = 2", 0.7, (0, 5), 1.4142135623730951, 4e-16),
    ("y**3 = 0", 0.7, (-3, 5), 0.0, 0.0),
    ("y**3 - 3*y**2 + 3*y - 1 = 0", 0.7, (-3, 5), 1.0, 1.2e-4),  # a triple root
    ("100 - 2*y = 3*y - 20", 1.0, (0, 100), 24.0, 0.0),
    ("y*sqrt(y) = 8", 1.0, (0, 100), 4.0, 1e-15),
    ("asin(y) = pi/2", 0.7, (0, 1), 1.0, 0.0),
    ("max(y, 0) = 0", 0.7, (-3, 5), None, 0.0),
    ("cos(y) = 1", 0.7, (-3, 5), None, 0.0),
    ("y = sin(y)", 0.7, (-3, 5), None, 0.0),
    ("floor(y) = 2", 0.7, (-3, 5), None, 0.0),
    ("y + 1e13 - 1e13 = 1.0007", 0.7, (-3, 5), None, 0.0),
    ("y - 3 + 1e-30 = -3", 0.7, (-3, 5), 0.0, 5e-16),
    ("log(y) = -1000", 1.0, (0, 5), None, 0.0),
    ("sqrt(y) = -1", 1.0, (0, 5), None, 0.0),
]


@pytest.mark.parametrize(("equation", "start", "bracket", "root", "distance"), DETERMINED)
def test_a_point_and_a_table_judge_alike(equation, start, bracket, root, distance) -> None:
    for solve in (start, bracket):
        found = adcli.implicit(f"{equation} + 0*x", of="y", solve=solve, x=[1.0, 2.0])["y"]
        if root is None:
            assert np.isnan(found).all()
            with pytest.raises(DomainError):
                adcli.implicit(f"{equation} + 0*x", of="y", solve=solve, x=1.0)
        else:
            values = [*found.tolist(), adcli.implicit(f"{equation} + 0*x", of="y", solve=solve, x=1.0)["y"]]
            assert values == pytest.approx([root] * 3, rel=0.0, abs=distance)


def test_a_point_off_a_curve_whose_slope_is_infinite() -> None:
    with pytest.raises(DomainError, match="does not satisfy"):
        adcli.implicit("log(y) = x", of="y", x=1.0, y=5e-324)
    assert isnan(adcli.implicit("log(y) = x", of="y", x=[1.0], y=[5e-324])["dy_dx"][0])


def test_starts_and_brackets_from_python() -> None:
    assert adcli.implicit("x**2 + y**2 = 25", {"x": 3.0, "y": 1.0}, of="y", solve=True) == {"y": 4.0, "dy_dx": -0.75}
    found = adcli.implicit("x**2 + y**2 = 25", of="y", solve=([0, -5], [5, 0]), x=3.0)
    assert found["y"].tolist() == [4.0, -4.0]
    for options in ({"solve": 1.0, "y": 2.0}, {"solve": (1, 2, 3)}, {"solve": "1"}, {"solve": True}):
        with pytest.raises(AdcliError):
            adcli.implicit("x**2 + y**2 = 25", of="y", x=3.0, **options)
