"""Curves and their slopes: where the line breaks, where it bends, where there is none, and what is drawn of it."""

from __future__ import annotations

from math import pi
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import adcli
from adcli.draw.axis import Axis
from adcli.draw.curve import Curve, sample_curve
from tests.cli.conftest import run_command
from tests.sampling import rotate


def found(text: str, start: float, stop: float) -> Curve:
    f = adcli.compile(text)

    def evaluate(x: np.ndarray) -> list[np.ndarray]:
        values, slopes = f.batch(x=x)
        return [values, slopes["x"]]

    return sample_curve(evaluate, Axis("x", start, stop))


@pytest.mark.parametrize(
    ("text", "start", "stop", "breaks", "kinks", "gaps"),
    [
        ("tan(x)", -4, 4, [-pi / 2, pi / 2], [], 0),
        ("1/x", -1, 1, [0], [], 0),
        ("1/(x - 0.1234)**2", -1, 1, [0.1234], [], 0),
        ("-1/(x - 0.1234)**2", -1, 1, [0.1234], [], 0),
        ("1/sqrt(abs(x - 0.1234))", -1, 1, [0.1234], [], 0),
        ("log(abs(x - 0.1234))", -1, 1, [0.1234], [], 0),
        ("1/(x**2 + 1e-4)", -1, 1, [], [], 0),
        ("floor(x)", -1.5, 1.7, [-1, 0, 1], [], 0),
        ("where(x < 0, -1, x**2)", -2, 2, [0], [], 0),
        ("abs(x - 0.3)", -1, 1, [], [0.3], 0),
        ("1 - sqrt(abs(x - 0.3))", -1, 1, [], [0.3], 0),
        ("1/sqrt(abs(x - 0.2)) - 1/abs(x - 0.7)", -1, 1, [0.2, 0.7], [], 0),
        ("max(sin(x), cos(x))", 0, 2 * pi, [], [pi / 4, 5 * pi / 4], 0),
        ("abs(x - 1) + floor(x)", 0.5, 1.5, [1], [], 0),
        ("tanh(100*x)", -1, 1, [], [], 0),
        ("exp(-1000*x**2)", -3, 3, [], [], 0),
        ("x**3", -2, 2, [], [], 0),
        ("sqrt(x)*log(x)", -1, 3, [], [], 1),
        ("x^x", -0.75, 2, [], [], 1),
        ("x/abs(x)", -1, 1, [0], [], 0),
        ("sin(1/x)", -1, 1, [0], [], 0),
        ("atan(1/x)", -1, 1, [0], [], 0),  # has a value at 0 and no derivative
        ("sqrt(x**2 - 1)", -2, 2, [], [], 1),
    ],
)
def test_breaks_kinks_and_gaps(
    text: str, start: float, stop: float, breaks: list[float], kinks: list[float], gaps: int
) -> None:
    seen = found(text, start, stop)
    assert seen.breaks == pytest.approx(breaks, abs=1e-6)
    assert [place for place, _ in seen.kinks[0]] == pytest.approx(kinks, abs=1e-6)
    assert len(seen.gaps) == gaps


@pytest.mark.parametrize(
    ("text", "start", "stop", "holes"),
    [
        ("sin(x)/x", -20, 20, [(0, 1)]),
        ("(x^2 - 1)/(x - 1)", 0, 2, [(1, 2)]),
        ("x*sin(1/x)", -1, 1, [(0, 0)]),
        ("(exp(x) - 1 - x)/x^2", -2, 2, [(0, 0.5)]),
        ("x/sqrt(abs(x))", -2, 2, [(0, 0)]),
        ("1/(x + 0.5) + sin(pi*x)/(x*(x - 1))", -2, 2, [(0, 2 - pi), (1, 2 / 3 - pi)]),
    ],
)
def test_a_point_without_a_value_between_sides_that_meet_is_a_hole(text, start, stop, holes) -> None:
    seen = found(text, start, stop)
    assert [place for place, _ in seen.holes] == pytest.approx([place for place, _ in holes], abs=1e-12)
    assert [limit for _, limit in seen.holes] == pytest.approx([limit for _, limit in holes], abs=1e-3)
    assert len(seen.breaks) == text.count("0.5")
    assert all(np.isfinite(seen.lines[0][seen.x == place]).all() for place, _ in seen.holes)


def test_a_smooth_peak_takes_few_evaluations() -> None:
    calls: list[int] = []

    def evaluate(x: np.ndarray) -> list[np.ndarray]:
        calls.append(x.size)
        return [1 + np.sin(7 * x) ** 2, 7 * np.sin(14 * x)]

    assert sample_curve(evaluate, Axis("x", 0.0, 3.0)).breaks == []
    assert len(calls) < 12


@given(st.floats(-0.9, 0.9))
def test_no_line_joins_the_two_sides_of_a_jump(place: float) -> None:
    seen = found(f"where(x < {place!r}, 1 - x, 5 + x)", -1.0, 1.0)
    assert seen.breaks == pytest.approx([place], abs=1e-6)
    sides = np.where(seen.x < place, 0, 1)
    for line in seen.lines:
        drawn = np.isfinite(line[:-1]) & np.isfinite(line[1:])
        assert not (drawn & (sides[:-1] != sides[1:]) & (np.abs(np.diff(line)) > 1)).any()


@pytest.mark.parametrize(
    "text", rotate(["tan(x)", "a*sin(1/x)", "sqrt(x)*log(x)", "abs(x)", "3 + 0*x", "exp(-1000*x**2)"], 3)
)
def test_the_command_draws_it(text: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    others = ["a=2"] if text.startswith("a*") else []
    assert run_command(["plot", text, "--x", "-1:2", *others, "-o", "p.svg"]) == (0, "", "")
    root = ElementTree.parse(tmp_path / "p.svg").getroot()
    assert not any(each.tag.endswith("script") for each in root.iter())
    assert any(text in (each.text or "") for each in root.iter() if each.tag.endswith("title"))
