"""A nan or an infinity is blamed on the operation that made it: the first whose arguments are finite."""

from __future__ import annotations

import json
import random
from math import isfinite, isinf, isnan

import pytest

import adcli
from tests.cli.conftest import run_command
from tests.sampling import SEED, examples

STEPS = (
    "sqrt({})", "cbrt({})", "log({})", "log1p({})", "asin({})", "acos({})", "acosh({})", "atanh({})", "({})^2",
    "({})^3", "1/({})", "({})^0.5", "({})^(2/3)", "exp({})", "cos({})", "abs({})", "xlogy({}, 2)", "prod([{}, 2])",
    "softmax([800*({}), 0])[0]", "sum([{}, 1])", "norm([{}, 0])", "logsumexp([{}, 0])", "det([[{}, 0], [0, 1]])",
    "max({}, -9)",
)  # fmt: skip
POINTS = (-1.0, 0.0, 0.5, 1.0, 2.0, -8.0)
_compiled = {step: adcli.compile(step.format("x")) for step in STEPS}


def first_to_blame(steps: list[str], x: float) -> tuple[int, str] | None:
    """The number of the step to blame, from inside, and what is undefined or infinite; None if nothing is."""
    links, slopes = [], []
    for step in steps:
        inside = x
        x = _compiled[step].value(inside)
        slopes.append(_compiled[step].gradient(inside)["x"] if isfinite(inside) else float("nan"))
        links.append((inside, x))
    if isnan(x):
        return next(i for i, (inside, out) in enumerate(links) if isnan(out) and not isnan(inside)), "value"
    broken = [
        i for i, (inside, out) in enumerate(links) if isfinite(inside) and not (isfinite(out) and isfinite(slopes[i]))
    ]
    return (broken[0], "slope") if broken else None


def check(steps: list[str], x: float) -> None:
    texts = ["x"]
    for step in steps:
        texts.append(step.format(texts[-1]))
    expected = first_to_blame(steps, x)
    answer = json.loads(run_command(["grad", texts[-1], f"x={x!r}", "--json"]).out)
    slope = answer["gradient"]["x"]
    notes = [note for note in answer["notes"] if note["kind"] not in ("kink", "jump")]
    if expected is None or (expected[1] == "slope" and isinstance(slope, float)):
        return  # a slope of 0 before a pole of infinite value may stay a number
    step, what = expected
    whole, inner = texts[step + 1], texts[step]
    message = f"{texts[-1]} at {x}: {notes}, to blame: {whole}"
    assert notes, message
    note = notes[0]
    assert note["where"] in whole, message
    assert inner in note["where"], message
    column = texts[-1].index(whole) + whole.index(note["where"]) + 1
    assert note["column"] == column, message
    assert isnan(float(slope)) or isinf(float(slope)) or what == "value"


@pytest.mark.parametrize("outer", STEPS)
def test_every_step_inside_every_other(outer: str) -> None:
    for number, inner in enumerate(STEPS):
        check([inner, outer], POINTS[(number + SEED) % len(POINTS)])


def test_random_compositions() -> None:
    draw = random.Random(SEED)
    for _ in range(examples(400)):
        check([draw.choice(STEPS) for _ in range(3)], draw.choice(POINTS))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["acos(softmax([x, y])[0])", "x=800", "y=0"], "acos(softmax([x, y])[0]) at column 1: its slope -inf"),
        (["2*acos(softmax(x))[0]", "--x", "[800, 0]"], "acos(softmax(x)) at column 3: its slope -inf"),
        (["exp(sqrt(x)) + sqrt(y*y)", "x=0", "y=0"], "column 16: its slope inf at y*y = 0 meets the slope 0 of y*y"),
        (["x*log(x)", "x=0"], "x*log(x) at column 1: 0 * -inf has no value, because log(x) at column 3 is -inf"),
        (["sum(x)/y", "--x", "[0, 0]", "y=1e-320"], "sum(x)/y at column 1: its slope is beyond the largest float64"),
    ],
)  # fmt: skip
def test_blame(words: list[str], says: str) -> None:
    assert says in run_command(["grad", *words]).err
