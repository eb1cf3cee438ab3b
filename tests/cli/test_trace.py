"""`adcli trace`: what it prints adds up to what the engine computes, in every format and both modes."""

from __future__ import annotations

import json
from math import isclose

import pytest
from hypothesis import given

import adcli
from adcli.explain.steps import Trace
from adcli.formula.lowered import Lowerings
from adcli.graph.evaluate import evaluate
from tests.strategies import programs

from .conftest import Run

POINT = ["--x", "2", "--y", "3"]


def trace(run: Run, *words: str) -> str:
    outcome = run(["trace", *words])
    assert outcome.status == 0, outcome.err
    return outcome.out


def test_the_readme_expression_in_text(run: Run) -> None:
    lines = trace(run, "u = x**2; sin(u)*cos(y)", *POINT, "--digits", "4").splitlines()
    assert lines[0] == "forward pass"
    assert "  u   x**2    4" in lines
    assert any(line.split()[:2] == ["u\u0304", "+="] for line in lines)
    assert lines[-1].split() == ["∂f/∂y", "0.1068"]


def test_constants_in_formulas_have_the_digits(run: Run) -> None:
    text = trace(run, "x/3 + 2*pi*x**2 + 1234.5*x", "x=1", "--digits", "3")
    assert "∂v1/∂x = 0.333 " in text
    assert "  6.28*v2 " in text
    assert "  1234*x " in text


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "json"])
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_every_format_has_every_step(run: Run, form: str, mode: str) -> None:
    text = trace(run, "u = x**2; sin(u)*cos(y)", *POINT, "--format", form, "--mode", mode)
    assert "2.5884091204228885" in text
    if form == "json":
        told = json.loads(text)
        assert [step["name"] for step in told["forward"]] == ["x", "u", "v1", "y", "v2", "f"]
        assert told["gradient"] == {"x": 2.5884091204228885, "y": 0.10679997423758245}


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "json"])
@pytest.mark.parametrize("text", ["sum([1, 2.5e30, -3]*v)", "sum(log([[1, 2], [3, 4]])*a)", "a*sum([0, -1]/a)"])
def test_every_format_writes_constant_arrays(run: Run, form: str, text: str) -> None:
    values = [f"{name}={value}" for name, value in (("v", "[1,2,3]"), ("a", "2")) if name in text.replace("sum", "")]
    printed = trace(run, text, *values, "--format", form)
    if form == "latex" and "2.5e30" in text:
        assert r"\left[1, 2.5 \cdot 10^{30}, -3\right] v" in printed


def test_latex_has_numbers_and_names_as_mathematics(run: Run) -> None:
    words = ["max(x_1, r_max)*1e300/y", "x_1=-1e-9", "r_max=2", "y=0", "--format", "latex"]
    printed = trace(run, *words)
    for cell in (r"-10^{-9}", r"2 \cdot 10^{300}", r"\infty", r"v_{1}\text{ does not pick }x_{1}"):
        assert f"& {cell} " in printed
    assert r"& \text{tangent d/d}r_{\mathrm{max}} &" in trace(run, *words, "--mode", "forward")
    arrays = trace(run, "sum(x[1:]) + sum(sum(A.T, axis=0)*[1, x[0]])", "x=[1, 2]", "A=[[1, 2], [3, 4]]", *words[-2:])
    for formula in (
        r"x\left[0\right]", r"x\left[1:\right]", r"A^{\top}", r"\left[1, v_{5}\right]",
        r"\operatorname{sum}\left(v_{3}, \mathrm{axis}=0\right)",
    ):  # fmt: skip
        assert f"& {formula} &" in arrays
    assert r"& x > 1 & \text{true} \\" in trace(run, "where(x > 1, x, 0)", "x=2", "--format", "latex")


@given(programs)
def test_contributions_add_up_to_the_adjoints(text: str) -> None:
    f = adcli.compile(text)
    at = {name: 0.3 + 0.7 * i for i, name in enumerate(f.variables)}
    lowered = Lowerings(f.formula).at(at)
    row, variables = lowered.result.row, lowered.graph.variables
    steps = Trace([lowered.result], evaluate(lowered.graph, [row], at), f.variables)
    if steps.values[row] != steps.values[row]:
        return
    totals = dict.fromkeys(variables.values(), 0.0)
    for each in steps.backward():
        totals[each.row] = each.total
    slopes = f.gradient(at)
    for name, row in variables.items():
        same = isclose(totals[row], slopes[name], rel_tol=1e-9, abs_tol=1e-12)
        assert same or (totals[row] != totals[row] and slopes[name] != slopes[name]), (name, totals[row], slopes[name])


def test_several_results_have_a_backward_pass_each(run: Run) -> None:
    words = ["u = x*y; [u, sin(u), x, 2]", *POINT]
    told = json.loads(trace(run, *words, "--json"))
    assert [step["name"] for step in told["forward"]] == ["x", "y", "u", "f2", "f4"]
    assert told["jacobian"] == adcli.compile("u = x*y; [u, sin(u), x, 2]").jacobian(x=2.0, y=3.0)
    for of, row in (("u", told["jacobian"][0]), ("f2", told["jacobian"][1])):
        last = {each["adjoint"]: each["total"] for each in told["backward"] if each["of"] == of}
        assert (last["x"], last["y"]) == (row["x"], row["y"])
    one = json.loads(trace(run, *words, "--json", "--of", "f2"))
    assert one["gradient"] == told["jacobian"][1]
    text = trace(run, *words)
    titles = [line for line in text.splitlines() if line and not line.startswith(" ")]
    backward = [f"backward pass of {name}" for name in ("u", "f2", "x", "f4")]
    assert titles == ["forward pass", *backward, "gradient"]
    assert "tangent d/dy" in trace(run, *words, "--mode", "forward")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x*[1, 2]", "--x", "2"], "the result f has the shape (2,)"),
        (["[x, y]", *POINT, "--of", "f3"], "'f3', which is not a result: the results are f1, f2"),
        (["[x, y]", *POINT, "--of", "f1", "--mode", "forward"], "--of is for the backward pass"),
    ],
)
def test_what_cannot_be_traced_is_said_in_one_line(run: Run, words: list[str], message: str) -> None:
    status, out, err = run(["trace", *words])
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert message in err
