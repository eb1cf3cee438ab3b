"""The conventions of the contract, line by line: both modes, both backends, and the notes that go with them."""

from __future__ import annotations

import json
import math

import pytest

import adcli
from adcli.backends.numpy import filler
from adcli.backends.python import interpreter
from adcli.cli import main
from adcli.formula.lowered import Lowered
from adcli.graph.tape import Tape
from tests.running import runner

inf, nan = math.inf, math.nan

# expression | point | value | slopes | kinds of the notes, the fatal one first
ROWS: list[tuple[str, dict[str, float], float, dict[str, float], list[str]]] = [
    # whole exponents need no logarithm
    ("x**2", {"x": 0.0}, 0.0, {"x": 0.0}, []),
    ("x**2.", {"x": -3.0}, 9.0, {"x": -6.0}, []),
    ("x**3", {"x": -2.0}, -8.0, {"x": 12.0}, []),
    ("x**3", {"x": 0.0}, 0.0, {"x": 0.0}, []),
    ("x**1", {"x": 0.0}, 0.0, {"x": 1.0}, []),
    ("x**0", {"x": 0.0}, 1.0, {"x": 0.0}, []),
    ("x**0", {"x": nan}, 1.0, {"x": 0.0}, []),
    ("x**-1", {"x": 0.0}, inf, {"x": -inf}, ["pole"]),
    ("x**-2", {"x": -2.0}, 0.25, {"x": 0.25}, []),
    ("x**0.5", {"x": 0.0}, 0.0, {"x": inf}, ["pole"]),
    ("x**0.5", {"x": -1.0}, nan, {"x": nan}, ["domain"]),
    ("(-8)**(1/3)*x", {"x": 1.0}, nan, {"x": nan}, ["domain"]),
    # the power at its corners
    ("x**y", {"x": 0.0, "y": 2.0}, 0.0, {"x": 0.0, "y": 0.0}, []),
    ("x**y", {"x": 0.0, "y": 1.0}, 0.0, {"x": 1.0, "y": 0.0}, []),
    ("x**y", {"x": 0.0, "y": 0.0}, 1.0, {"x": 0.0, "y": 0.0}, ["jump"]),
    ("x**y", {"x": 0.0, "y": -1.0}, inf, {"x": -inf, "y": nan}, ["indeterminate", "pole"]),
    ("x**y", {"x": -2.0, "y": 3.0}, -8.0, {"x": 12.0, "y": nan}, ["domain"]),
    ("0**y", {"y": 2.0}, 0.0, {"y": 0.0}, []),
    # kinks
    ("abs(x)", {"x": 0.0}, 0.0, {"x": 0.0}, ["kink"]),
    ("abs(x)", {"x": -0.0}, 0.0, {"x": 0.0}, ["kink"]),
    ("max(x, y)", {"x": 1.0, "y": 1.0}, 1.0, {"x": 0.5, "y": 0.5}, ["kink"]),
    ("min(x, y, z)", {"x": 2.0, "y": 2.0, "z": 2.0}, 2.0, {"x": 1 / 3, "y": 1 / 3, "z": 1 / 3}, ["kink"]),
    ("max(x, y, z)", {"x": 2.0, "y": 1.0, "z": 2.0}, 2.0, {"x": 0.5, "y": 0.0, "z": 0.5}, ["kink"]),
    ("max(x, 0)", {"x": 0.0}, 0.0, {"x": 0.5}, ["kink"]),
    ("max(0, x)", {"x": -1.0}, 0.0, {"x": 0.0}, []),
    ("clip(x, 0, 1)", {"x": 0.0}, 0.0, {"x": 0.5}, ["kink"]),
    ("clip(x, 0, 1)", {"x": 1.0}, 1.0, {"x": 0.5}, ["kink"]),
    ("clip(x, 0, 1)", {"x": 0.5}, 0.5, {"x": 1.0}, []),
    ("clip(x, a, b)", {"x": 2.0, "a": 0.0, "b": 1.0}, 1.0, {"x": 0.0, "a": 0.0, "b": 1.0}, []),
    ("clip(x, 1, 1)", {"x": 1.0}, 1.0, {"x": 0.0}, []),
    ("clip(x, 2, 1)", {"x": 1.0}, 1.0, {"x": 0.0}, []),
    ("relu(x)", {"x": 0.0}, 0.0, {"x": 0.0}, ["kink"]),
    ("floor(x)", {"x": inf}, inf, {"x": 0.0}, ["overflow"]),
    ("relu(x)", {"x": 2.0}, 2.0, {"x": 1.0}, []),
    ("hypot(x, y)", {"x": 0.0, "y": 0.0}, 0.0, {"x": 0.0, "y": 0.0}, ["kink"]),
    # jumps
    ("sign(x)", {"x": 0.0}, 0.0, {"x": 0.0}, ["jump"]),
    ("floor(x)", {"x": 2.0}, 2.0, {"x": 0.0}, ["jump"]),
    ("floor(x)", {"x": 2.5}, 2.0, {"x": 0.0}, []),
    ("ceil(x)", {"x": 2.0}, 2.0, {"x": 0.0}, ["jump"]),
    ("round(x)", {"x": 2.5}, 2.0, {"x": 0.0}, ["jump"]),
    ("round(x)", {"x": 3.5}, 4.0, {"x": 0.0}, ["jump"]),
    ("heaviside(x)", {"x": 0.0}, 0.5, {"x": 0.0}, ["jump"]),
    ("heaviside(x, h)", {"x": 0.0, "h": 0.25}, 0.25, {"x": 0.0, "h": 1.0}, ["jump"]),
    ("x % 3", {"x": 6.0}, 0.0, {"x": 1.0}, ["jump"]),
    ("x % 3", {"x": -5.0}, 1.0, {"x": 1.0}, []),
    ("x % y", {"x": 7.0, "y": -3.0}, -2.0, {"x": 1.0, "y": 3.0}, []),
    ("x % 0", {"x": 1.0}, nan, {"x": nan}, ["domain"]),
    # infinite slopes and values
    ("sqrt(x)", {"x": 0.0}, 0.0, {"x": inf}, ["pole"]),
    ("asin(x)", {"x": 1.0}, math.asin(1), {"x": inf}, ["pole"]),
    ("acos(x)", {"x": -1.0}, math.pi, {"x": -inf}, ["pole"]),
    ("cbrt(x)", {"x": 0.0}, 0.0, {"x": inf}, ["pole"]),
    ("acosh(x)", {"x": 1.0}, 0.0, {"x": inf}, ["pole"]),
    ("log(x)", {"x": 0.0}, -inf, {"x": inf}, ["pole"]),
    ("1/x", {"x": 0.0}, inf, {"x": -inf}, ["pole"]),
    ("1/x", {"x": -0.0}, -inf, {"x": -inf}, ["pole"]),
    ("gamma(x)", {"x": 0.0}, inf, {"x": -inf}, ["pole"]),
    ("lgamma(x)", {"x": -1.0}, inf, {"x": nan}, ["indeterminate", "pole"]),
    ("gamma(x)", {"x": -1.0}, nan, {"x": nan}, ["domain"]),
    ("exp(x)", {"x": 1000.0}, inf, {"x": inf}, ["overflow"]),
    ("x*y", {"x": 1e200, "y": 1e200}, inf, {"x": 1e200, "y": 1e200}, ["overflow"]),
    ("exp(x)", {"x": inf}, inf, {"x": inf}, ["overflow"]),
    # undefined
    ("log(x)", {"x": -1.0}, nan, {"x": nan}, ["domain"]),
    ("log(x - 3)", {"x": 2.0}, nan, {"x": nan}, ["domain"]),
    ("sqrt(x)*y", {"x": -1.0, "y": 2.0}, nan, {"x": nan, "y": nan}, ["domain"]),
    ("sin(x)", {"x": inf}, nan, {"x": nan}, ["domain"]),
    ("x - y", {"x": inf, "y": inf}, nan, {"x": nan, "y": nan}, ["indeterminate"]),
    ("x/y", {"x": 0.0, "y": 0.0}, nan, {"x": nan, "y": nan}, ["indeterminate"]),
    ("x*2", {"x": nan}, nan, {"x": nan}, ["domain"]),
    ("atan2(y, x)", {"y": 0.0, "x": 0.0}, 0.0, {"y": nan, "x": nan}, ["indeterminate"]),
    ("atan2(y, x)", {"y": -0.0, "x": -1.0}, -math.pi, {"y": -1.0, "x": 0.0}, ["jump"]),
    # 0 times inf
    ("sqrt(x)**2", {"x": 0.0}, 0.0, {"x": nan}, ["indeterminate", "pole"]),
    ("x*log(x)", {"x": 0.0}, nan, {"x": nan}, ["indeterminate"]),
    ("sin(x)/x", {"x": 0.0}, nan, {"x": nan}, ["indeterminate"]),
    ("sinc(x)", {"x": 0.0}, 1.0, {"x": 0.0}, []),
    ("xlogy(x, x)", {"x": 0.0}, 0.0, {"x": -inf}, ["jump", "pole"]),
    ("xlogy(x, y)", {"x": 0.0, "y": 0.0}, 0.0, {"x": -inf, "y": 0.0}, ["jump", "pole"]),
    ("xlogy(x, y)", {"x": 1.0, "y": -1.0}, nan, {"x": nan, "y": nan}, ["domain"]),
    ("log(x, b)", {"x": 2.0, "b": 1.0}, inf, {"x": inf, "b": -inf}, ["pole"]),
    (
        "log(x, b)",
        {"x": 1000.0, "b": 10.0},
        math.log10(1000),
        {"x": 1 / (1000 * math.log(10)), "b": -3 / (10 * math.log(10))},
        [],
    ),
    # a branch not taken contributes nothing
    ("where(x > 0, sqrt(x), 0)", {"x": -1.0}, 0.0, {"x": 0.0}, []),
    ("where(x > 0, sqrt(x), 0)", {"x": 0.0}, 0.0, {"x": 0.0}, []),
    ("sqrt(x) if x > 0 else 0", {"x": 4.0}, 2.0, {"x": 0.25}, []),
    ("where(x > 0, log(x), x)", {"x": 0.0}, 0.0, {"x": 1.0}, []),
    ("where(x > 0, x*log(x), 0)*y", {"x": 0.0, "y": 3.0}, 0.0, {"x": 0.0, "y": 0.0}, []),
    ("u = sqrt(x); where(x > 1, 2*u, -u)", {"x": 4.0}, 4.0, {"x": 0.5}, []),
    ("u = sqrt(x); where(x > 1, 2*u, -u) + where(x > 2, u, 3)", {"x": 0.0}, 3.0, {"x": -inf}, ["pole"]),
    ("u = sqrt(x); where(x > 1, u, 0) + where(x > 2, u, 3)", {"x": 0.0}, 3.0, {"x": 0.0}, []),
    ("max(sqrt(x), 1)", {"x": 0.0}, 1.0, {"x": 0.0}, []),
    ("clip(log(x), 0, 1)", {"x": 0.0}, 0.0, {"x": 0.0}, []),
    ("relu(sqrt(x) - 1)", {"x": 0.0}, 0.0, {"x": 0.0}, []),
    # signs of zero and the ends of the range
    ("-x", {"x": 0.0}, -0.0, {"x": -1.0}, []),
    ("x + 0", {"x": -0.0}, 0.0, {"x": 1.0}, []),
    ("x - 0", {"x": -0.0}, -0.0, {"x": 1.0}, []),
    ("x*0", {"x": inf}, nan, {"x": nan}, ["indeterminate"]),
    ("sigmoid(x)", {"x": -1000.0}, 0.0, {"x": 0.0}, []),
    ("softplus(x)", {"x": 1000.0}, 1000.0, {"x": 1.0}, []),
    ("logaddexp(x, y)", {"x": 1000.0, "y": 1000.0}, 1000 + math.log(2), {"x": 0.5, "y": 0.5}, []),
    ("logaddexp(x, y)", {"x": -inf, "y": -inf}, -inf, {"x": 0.5, "y": 0.5}, ["kink", "overflow"]),
    ("logaddexp(logaddexp(x, y), z)", {"x": -inf, "y": -inf, "z": 2.0}, 2.0, {"x": 0.0, "y": 0.0, "z": 1.0}, ["kink"]),
    ("x**0.3", {"x": -inf}, inf, {"x": 0.0}, ["overflow"]),
]
EACH = pytest.mark.parametrize(
    ("text", "point", "value", "slopes", "kinds"), ROWS, ids=lambda item: str(item) if isinstance(item, str) else None
)


def same(got: float, expected: float) -> bool:
    if math.isnan(expected) or math.isinf(expected) or expected == 0.0:
        return repr(got) == repr(expected)
    return math.isclose(got, expected, rel_tol=4e-16)


@EACH
@pytest.mark.parametrize("forward", [False, True], ids=["reverse", "forward"])
def test_value_and_slopes(
    text: str, point: dict[str, float], value: float, slopes: dict[str, float], kinds: list[str], forward: bool
) -> None:
    function = adcli.compile(text)
    lowered = Lowered(function.formula)
    program = Tape(lowered.graph, [lowered.result, *lowered.slopes(forward=forward)])
    inputs = [point[name] for name in function.variables]
    expected = [value, *(slopes[name] for name in function.variables)]
    by_python = interpreter(program)(inputs)
    by_numpy = [float(column[0]) for column in runner(filler, program)([[x] for x in inputs])]
    for got in (by_python, by_numpy):
        assert same(got[0] if got[0] else abs(got[0]), expected[0] if expected[0] else abs(expected[0])), got
        for one, other in zip(got[1:], expected[1:], strict=True):
            assert same(one + 0.0, other + 0.0), (got, expected)


@EACH
def test_the_library_and_the_notes(
    text: str,
    point: dict[str, float],
    value: float,
    slopes: dict[str, float],
    kinds: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    function = adcli.compile(text)
    got, gradient = function.value_and_gradient(point)
    assert repr(got) == repr(value) or same(got, value)
    for name, slope in slopes.items():
        assert same(gradient[name] + 0.0, slope + 0.0)
    words = [f"{name}={x!r}" for name, x in point.items()]
    status = main(["grad", text, *words, "--json"])
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert [note["kind"] for note in answer["notes"]] == kinds
    undefined = math.isnan(value) or any(map(math.isnan, slopes.values()))
    assert status == (1 if undefined else 0)
    assert (printed.err != "") == undefined
    for note in answer["notes"]:
        assert note["where"] in " ".join(text.split())
        assert text[note["column"] - 1 :].startswith(note["where"])


def test_a_kink_note_gives_both_slopes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grad", "2 + abs(x - 1)", "x=1"]) == 0
    error = capsys.readouterr().err
    assert error.startswith(
        "note: abs(x - 1) at column 5: kink at x - 1 = 0: slopes -1 (left) and 1 (right); 0 is used"
    )


def test_the_message_of_an_undefined_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grad", "log(x - 3)", "--x", "2"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "f      nan\ndf/dx  nan\n"
    assert printed.err == "adcli: log(x - 3) at column 1: x - 3 = -1 is outside (0, inf)\n"


def test_only_what_was_asked_for_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grad", "x**y", "x=-2", "y=3", "--wrt", "x"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["eval", "sqrt(x) + abs(x)", "x=0"]) == 0
    assert capsys.readouterr().err == ""
