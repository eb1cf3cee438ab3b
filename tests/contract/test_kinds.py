"""Every kind of derivative has a method, a command and a row in the docs, and behaves alike for numbers and arrays."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

import adcli
from adcli.formula.kinds import KINDS
from tests.cli.conftest import run_command

ROOT = Path(__file__).parent.parent.parent
ARRAYS = [kind.command for kind in KINDS.values() if kind.arrays]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_has_a_method_a_command_and_a_row(kind: Any) -> None:
    assert callable(getattr(adcli.Function, kind.name))
    assert (ROOT / "adcli" / "cli" / "commands" / f"{kind.command}.py").is_file()
    page = (ROOT / "docs" / "derivatives.md").read_text(encoding="utf-8")
    assert any(line.startswith("| ") and f"`{kind.command}`" in line for line in page.splitlines())
    assert f"`{kind.name}`" in page


def run(command: str, formula: str, *values: str) -> dict[str, Any]:
    """The JSON of a command at a point, with a direction where it takes one."""
    outcome = run_command([command, formula, *values, "--json"])
    answer: dict[str, Any] = json.loads(outcome.out)
    return answer


def direction(command: str, word: str) -> list[str]:
    kind = next(kind for kind in KINDS.values() if kind.command == command)
    return [word] if "directions" in kind.takes else []


@pytest.mark.parametrize("command", ARRAYS)
@pytest.mark.parametrize(("values", "along"), [("x=-1", "dx=1"), ("x=[-1,1]", "dx=[1,1]")])
def test_all_derivatives_of_a_nan_are_nan(command: str, values: str, along: str) -> None:
    answer = run(command, "sum(sqrt(x))", values, *direction(command, along))
    kind = next(kind for kind in KINDS.values() if kind.command == command)
    numbers = json.dumps([answer["value"], answer[kind.name]])
    assert "NaN" in numbers
    assert not any(character.isdigit() for character in numbers)


@pytest.mark.parametrize(
    "formula",
    ["norm((((A@[1,2,3])-(A@w))/((A@v)-abs([1,2,3]))))*a", "x @ A @ x", "v @ solve(A, v)", "sum(softmax(v)**2)"],
)
def test_grad_jac_and_hess_print_the_same_first_derivatives(formula: str) -> None:
    point = {
        "A": "[[2,1,0.5],[1,3,-1],[0.25,-0.5,4]]",
        "v": "[1,2,-0.5]",
        "w": "[0.5,-1,2]",
        "x": "[1,2,3]",
        "a": "1.5",
    }
    values = [f"{name}={point[name]}" for name in adcli.compile(formula).variables]
    gradients = [run("grad", formula, *values)["gradient"], run("hess", formula, *values)["gradient"]]
    gradients.append(run("jac", formula, *values)["jacobian"])
    assert all(str(gradient) == str(gradients[0]) for gradient in gradients)


def test_elements_of_a_vector_mask_their_own_derivatives_alone() -> None:
    answer = run("jac", "[sum(sqrt(x)), x[1]]", "x=[-1,4]")
    assert answer["value"] == ["NaN", 4.0]
    assert answer["jacobian"]["x"] == [["NaN", "NaN"], [0.0, 1.0]]
    jacobian = adcli.compile("[sum(sqrt(x)), x[1]]").jacobian(x=[-1.0, 4.0])
    assert jacobian["x"].shape == (2, 2)
    assert math.isnan(jacobian["x"][0, 1])


@pytest.mark.parametrize(
    "words",
    [
        ["jvp", "jvp = x*2; jvp", "dx=1"],
        ["hvp", "hvp_x = x**2; hvp_x", "dx=1"],
        ["jac", "df1_dx = x*2; [x, df1_dx]", "--format=csv"],
        ["jac", "df1_dx_0 = sum(x); [x[0], df1_dx_0]", "--format=csv"],
    ],
)
def test_a_result_with_the_name_of_a_derivative_is_refused_where_names_are_printed(words: list[str]) -> None:
    point = "x=[1]" if "x[0]" in words[1] else "x=1"
    outcome = run_command([*words, point])
    assert outcome.status == 2
    assert "two results have the name" in outcome.err
    words = [word for word in words if not word.startswith("--")]
    for form in ("json", "value"):
        assert run_command([*words, point, "--format", form]).status == 0
    if "[0]" not in words[1]:
        function, kind = adcli.compile(words[1]), next(kind for kind in KINDS.values() if kind.command == words[0])
        along = {"dx": 1.0} if "dx=1" in words else {}
        with pytest.raises(adcli.RequestError, match="two results have the name"):
            function.columns(kind.name, x=[1.0, 2.0], **along)
