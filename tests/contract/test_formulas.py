"""Published formulas of science and engineering, through the command itself, against 40 digits of mpmath."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import mpmath
import pytest

import adcli
from adcli.cli import main

CASES = Path(__file__).parent.parent / "cases" / "formulas.tsv"
with open(CASES, encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t"))


def conditioned(function: adcli.Function, point: dict[str, float], truth: float) -> float:
    """How far rounding alone may take a formula: its own sensitivity to an ulp in every node, generously."""
    value, slopes = function.value_and_gradient(point)
    return abs(truth) + abs(value) + sum(abs(point[name] * slope) for name, slope in slopes.items())


def test_there_are_enough() -> None:
    assert len(ROWS) >= 60
    assert len({row["name"] for row in ROWS}) == len(ROWS)
    assert all(row["source"] for row in ROWS)
    assert sum(";" in row["program"] for row in ROWS) >= 20


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_formula(row: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    words = [part.strip() for part in row["point"].split(";")]
    arguments = ["grad", row["program"], *(word for name in words for word in ("-p", name)), "--json"]
    assert main(arguments) == 0
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    expected = {name.strip(): text for name, text in (part.split("=") for part in row["gradient"].split(";"))}
    assert set(answer["gradient"]) == set(expected)
    function = adcli.compile(row["program"])
    scale = conditioned(function, answer["at"], float(mpmath.mpf(row["value"])))
    assert abs(answer["value"] - mpmath.mpf(row["value"])) <= 64 * 2.0**-53 * scale
    for name, text in expected.items():
        truth = mpmath.mpf(text)
        got = answer["gradient"][name]
        bound = 64 * 2.0**-53 * max(abs(truth), scale / max(abs(answer["at"][name]), 1e-300))
        assert abs(got - truth) <= bound, (name, got, text)
    assert main([*arguments, "--mode", "forward"]) == 0
    forward = json.loads(capsys.readouterr().out)
    for name, slope in answer["gradient"].items():
        assert math.isclose(slope, forward["gradient"][name], rel_tol=1e-11, abs_tol=1e-13 * scale)
