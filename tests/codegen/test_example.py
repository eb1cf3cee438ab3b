"""The example of docs/targets.md is a target. The function of a page computes every value of a program."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import adcli
from adcli.codegen.targets.javascript import program_text
from adcli.formula.lowered import Lowered
from adcli.graph.evaluate import evaluate
from adcli.graph.expr import Expr
from adcli.graph.tape import Tape
from tests.codegen.runners import engine, request_of

PAGE = Path(__file__).parent.parent.parent / "docs" / "targets.md"


def test_the_example_of_the_docs(tmp_path: Path) -> None:
    [code] = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    path = tmp_path / "awk.py"
    path.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("adcli.codegen.targets.awk", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if shutil.which("awk") is None:
        pytest.skip("awk is not installed")
    for text in ("x**2*cos(y)", "END = x/y; where(END > 1, sigmoid(END), -exp(-x))", "hypot(x, y)*relu(y)"):
        request = request_of(text)
        script = module.Target.write(request)
        body = "BEGIN { print f(0.75, 1.5, gradient); print gradient[0]; print gradient[1] }\n"
        done = subprocess.run(
            ["awk", "-v", "OFMT=%.15g", script + body], capture_output=True, text=True, timeout=600, check=True
        )
        assert [float(line) for line in done.stdout.split()] == pytest.approx(engine(request, [0.75, 1.5]), rel=1e-12)


def test_the_function_of_a_page_returns_every_value(tmp_path: Path) -> None:
    """All the values of a graph and its slopes, in the digits that a page shows."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    function = adcli.compile("u = x**2; sin(u)*digamma(y)/tanh(x) + max(x, y, 0.5)")
    lowered = Lowered(function.formula)
    slopes = [slope for slope in lowered.slopes() if slope is not None]
    graph = lowered.graph
    rows = [row for row in graph.live([lowered.result.row]) if graph.ops[row] is not None]
    program = Tape(graph, [lowered.result, *slopes, *(Expr(graph, row) for row in rows)])
    code = program_text(program, "page", slopes={1, 2})
    for x, y in ((0.75, 1.25), (-2.0, 2.5), (0.5, 0.25)):
        script = f"{code}\nconsole.log(page({x}, {y}).join(' '));"
        done = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=600, check=True)
        values = evaluate(graph, range(len(graph)), {"x": x, "y": y})
        expected = [values[lowered.result.row], *(values[s.row] for s in slopes), *(values[row] for row in rows)]
        assert [float(word) for word in done.stdout.split()] == pytest.approx(expected, rel=1e-14)
    script = f"{code}\nconsole.log(page(0, NaN).join(' '));"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout.split()[:3] == ["NaN"] * 3
