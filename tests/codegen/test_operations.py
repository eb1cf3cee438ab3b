"""How many operations the code of published formulas takes, value and gradient: no more than other generators'."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import adcli
from adcli.codegen.request import derive_request
from adcli.formula.lowered import Lowered
from adcli.language.parser import parse

CASES = Path(__file__).parent.parent / "cases" / "formulas.tsv"
with open(CASES, encoding="utf-8", newline="") as file:
    PROGRAMS = {row["name"]: row["program"] for row in csv.DictReader(file, delimiter="\t")}

# The fewer of CasADi 3.8's and SymPy 1.14's, as benchmarks/code.py counts them.
FEWEST = {
    "two_link_arm_reach": 39, "magic_formula_tyre": 27, "lennard_jones": 23, "peng_robinson_pressure": 82,
    "wagner_vapour_pressure": 50, "davies_activity": 24, "kepler_residual": 8, "orbit_radius_from_mean_anomaly": 63,
    "angular_separation": 63, "planck_spectral_radiance": 44,
}  # fmt: skip


def operations(text: str) -> int:
    return len(derive_request(Lowered(parse(text)).result, text).program.instructions)


@pytest.mark.parametrize("name", FEWEST)
def test_published_formulas_take_no_more_than_elsewhere(name: str) -> None:
    assert operations(PROGRAMS[name]) <= FEWEST[name]


def test_a_cotangent_that_is_a_reciprocal_makes_quotients() -> None:
    assert "1.0 / " not in adcli.compile("x*y/z").code("c")
    # But not where a sum hands it to several terms: there one reciprocal serves them all.
    assert adcli.compile("(x*y + y*w + x*w)/z").code("c").count("1.0 / ") == 1
    assert operations("atan(x*y)") == 7  # value, hypot, two quotients, two products


def test_quotients_keep_the_slopes() -> None:
    f = adcli.compile("(x*y + sin(z))*atan(x*y)/(x*y*z)")
    at = {"x": 0.7, "y": -1.3, "z": 2.1}
    step = 1e-6
    for name, slope in f.gradient(at).items():
        above, below = (f.value({**at, name: at[name] + h}) for h in (step, -step))
        assert slope == pytest.approx((above - below) / (2 * step), rel=1e-8)
