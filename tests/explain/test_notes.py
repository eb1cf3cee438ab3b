"""Notes of numbers and of arrays come from one class, so they say the same."""

from __future__ import annotations

import json

import numpy as np
import pytest

import adcli
from adcli.explain.notes import Inspection, Note
from adcli.formula.lowered import Lowerings
from adcli.graph.evaluate import evaluate
from adcli.ops import FUNCTIONS
from tests.cli.conftest import run_command

KINKED = sorted({op.name for op in FUNCTIONS.values() if op.is_elementwise and op.kinks and not op.is_condition})
VALUES = (-1.0, 0.0, 0.5, 1.0, 2.0)


def call(name: str, argument: str) -> str:
    op = FUNCTIONS[name]
    count = 2 if op.variadic else op.arity
    return f"{name}({', '.join(['1' if place in op.integers else argument for place in range(count)])})"


def notes(text: str, **inputs: object) -> list[Note]:
    function = adcli.compile(text)
    values = {name: np.array(x) if isinstance(x, list) else x for name, x in inputs.items()}
    formula = Lowerings(function.formula).at(values)
    slopes = formula.slopes(["x"])
    rows = [formula.result.row, *[slope.row for slope in slopes if slope is not None]]
    at = evaluate(formula.graph, rows, values, text)
    slope = 0.0 if slopes[0] is None else at[slopes[0].row]
    return Inspection(text, formula.result, at, ["x"]).notes({"x": slope})


@pytest.mark.parametrize("name", KINKED)
def test_an_array_of_one_element_has_the_notes_of_a_number(name: str) -> None:
    text = call(name, "x")
    for value in VALUES:
        # A second use keeps the sum from being the node itself.
        number = [(note.kind, note.message) for note in notes(f"{text} + 0*x", x=value)]
        array = [(note.kind, note.message.replace("x[0]", "x")) for note in notes(f"sum({text} + 0*x)", x=[value])]
        if not any(kind in ("domain", "indeterminate") for kind, _ in number):
            assert array == number, value
        else:
            assert {kind for kind, _ in array} & {"domain", "indeterminate"}, value


@pytest.mark.parametrize("name", KINKED)
@pytest.mark.parametrize("command", ["eval", "graph", "trace"])
def test_constant_arrays_of_every_operation_with_kinks(name: str, command: str) -> None:
    """The other commands are in tests/cli/test_arrays.py."""
    for text in (f"sum({call(name, '[0, 1, -1]')})*x", f"[{call(name, '-1')}, x*sum({call(name, '[0, 2]')})]"):
        options = ["--format", "json"] if command == "graph" else []
        done = run_command([command, text, "--x", "2", *options])
        assert done.status in (0, 1), done.err
        assert done.out, done.err


@pytest.mark.parametrize("command", ["eval", "grad", "trace", "graph", "jac"])
def test_an_infinite_value_of_an_array(command: str) -> None:
    text = "2*x" if command == "eval" else "sum(2*x)"
    done = run_command([command, text, "--x", "[inf, 0]"])
    assert done.status == 0
    assert "is infinite because x is" in done.err


@pytest.mark.parametrize("words", [["eval", "[a*y, x]"], ["eval", "[a*v[0], x]"], ["jac", "[v[0], x, a]"]])
def test_an_infinite_result_names_a_variable_that_it_depends_on(words: list[str]) -> None:
    values = {"a": "0", "y": "-inf", "v": "[0, inf]", "x": "inf"}
    points = [f"{name}={values[name]}" for name in adcli.compile(words[1]).variables]
    assert "f2 is infinite because x is" in run_command([*words, *points]).err


@pytest.mark.parametrize("command", ["grad", "hess", "hvp", "jvp", "jac"])
@pytest.mark.parametrize("before", ["", "[y, ", "u = x*y; "])
def test_the_cause_of_a_nan_is_named_at_its_place_by_every_kind(command: str, before: str) -> None:
    if before == "[y, " and command not in ("jac", "jvp"):
        return
    text = before + "2*hypot(log1p(x),y)*(y+x)" + ("]" if before == "[y, " else "")
    words = [command, text, "x=-1", "y=2", *(["dx=1"] if command in ("hvp", "jvp") else [])]
    done = run_command([*words, "--json"])
    assert done.status == 1
    note = json.loads(done.out)["notes"][0]
    assert note["where"] == "log1p(x)"
    assert note["message"].startswith("its value -inf and its slope inf at x = -1 leave ")
    assert note["column"] == text.index("log1p") + 1


@pytest.mark.parametrize("words", [["hess"], ["hvp", "dx=1"]])
def test_a_further_derivative_is_blamed_on_its_operation(words: list[str]) -> None:
    answer = run_command([words[0], "u = 2*x; 3*u**1.5", "x=0", *words[1:], "--json"]).out
    [note] = json.loads(answer)["notes"]
    assert (note["where"], note["column"]) == ("u**1.5", 12)
    assert note["message"].startswith("its second derivative is inf at 2*x = 0; ")


def test_a_number_in_an_array_formula_is_explained_as_in_a_formula_of_numbers() -> None:
    for words in (["grad", "x**x"], ["trace", "[x**x, x]"], ["trace", "x**x*sum([1, 2])"], ["jac", "[x**x, x]"]):
        assert "a negative base has no slope in the exponent (x = -1)" in run_command([*words, "--x", "-1"]).err


@pytest.mark.parametrize("text", ["+".join(f"abs(x-{i}*y)" for i in range(50)), "max(0," * 50 + "x" + ")" * 50])
def test_many_notes_are_counted(text: str) -> None:
    points = [f"{name}=0" for name in adcli.compile(text).variables]
    done = run_command(["grad", text, *points])
    assert done.err.count("\n") == 20
    assert done.err.endswith("(30 more notes are left out)\n")
    records = json.loads(run_command(["grad", text, *points, "--json"]).out)["notes"]
    assert len(records) == 20
    assert records[-1]["message"].endswith("(30 more notes are left out)")


def test_notes_take_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that takes time in proportion to the text is done for every note."""

    def never(*_: object) -> tuple[int, int]:
        raise AssertionError

    monkeypatch.setattr("adcli.explain.notes.find_position", never)
    monkeypatch.setattr("adcli.explain.notes.describe_position", never)
    deep = notes("max(0, " * 300 + "x" + ")" * 300, x=0.0)
    assert len(deep) == 300
    assert max(len(note.where) for note in deep) <= 60
    wide = notes(f"max({', '.join(['x', '0'] * 300)})", x=0.0)
    assert max(len(note.message) for note in wide) <= 450


def test_a_trace_has_the_notes_of_a_gradient() -> None:
    for text in ("abs(x)*sqrt(y)", "max(x, y)", "1/x + y", "x**y"):
        words = [text, "--x", "0", "--y", "0", "--json"]
        traced, graded = (json.loads(run_command([command, *words]).out)["notes"] for command in ("trace", "grad"))
        assert [note["message"] for note in traced] == [note["message"] for note in graded]
