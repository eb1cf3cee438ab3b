"""Pictures of Values, functions and programs: the numbers in them are those of the engine, for random expressions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given

import adcli
from adcli.draw.render import draw
from tests.cli.conftest import run_command
from tests.strategies import programs

AT = {"x": 0.75, "y": -1.25, "z": 2.5}


def close(shown: Any, expected: float) -> bool:
    value = float(str(shown).replace("Infinity", "inf"))
    return bool(np.isclose(value, expected, rtol=1e-5, atol=1e-12, equal_nan=True))


@given(programs)
def test_the_leaves_of_a_picture_have_the_slopes(text: str) -> None:
    f = adcli.compile(text)
    point = {name: AT.get(name, 0.5) for name in f.variables}
    nodes = json.loads(draw(f.visualize(None, point).picture, "json"))["nodes"]
    value, slopes = f.value_and_gradient(point)
    [result] = [node for node in nodes if node["kind"] == "result"]
    assert close(result["value"], value)
    drawn = {node["title"]: node for node in nodes if node["kind"] == "input"}
    for name in drawn:
        if name in slopes:
            assert close(drawn[name]["value"], point[name])
            assert close(drawn[name]["adjoint"], slopes[name])


def test_before_backward_there_are_values_only() -> None:
    x = adcli.Value(2.0, label="x")
    z = x * x
    assert all(node.adjoint is None for node in z.picture().nodes)
    z.backward()
    assert all(node.adjoint is not None for node in z.picture().nodes)


@pytest.mark.parametrize("suffix", ["svg", "dot", "json"])
def test_files_and_notebooks(tmp_path: Path, suffix: str) -> None:
    f = adcli.compile("logdet(S) + x @ solve(S, x)")
    point = {"S": 2 * np.eye(2), "x": [1.0, 2.0]}
    path = f.visualize(str(tmp_path / f"g.{suffix}"), point)
    assert path.stat().st_size > 100
    shown = adcli.program("logdet(S) + x @ solve(S, x)", **point).visualize()
    assert ElementTree.fromstring(shown._repr_html_())[0].tag.endswith("svg")
    assert [node.shape for node in shown.picture.nodes if node.title == "S"] == ["(2, 2)"]


def test_a_picture_in_a_missing_folder_is_refused_with_its_name(tmp_path: Path) -> None:
    name = str(tmp_path / "missing" / "g.svg")
    x = adcli.Value(2.0)
    recorded = adcli.program("x*x", x=2.0)
    for visualize in ((x * x).visualize, adcli.compile("1 + 1").visualize, recorded.visualize):
        with pytest.raises(adcli.RequestError, match=r"cannot write .*g\.svg.: No such file"):
            visualize(name)


def test_a_constant_is_drawn_too() -> None:
    nodes = adcli.compile("1 + 1").visualize().picture.nodes
    assert [(node.kind, node.title, node.value) for node in nodes] == [("constant", "2", "2"), ("result", "f", "2")]


@pytest.mark.parametrize("text", ["abs(x) + y/3", "max(x, y)*sum([x, y])", "where(x > y, x*x, y*y)", "sqrt(x) + y"])
def test_a_function_and_its_program_are_drawn_as_by_the_command(text: str) -> None:
    point = {"x": 0.0, "y": 0.0}
    words = [text, *[f"{name}={value}" for name, value in point.items()], "--partials", "--format", "json"]
    drawn = json.loads(run_command(["graph", *words]).out)
    # The command draws the numbers of JSON with 17 digits and the constants as boxes of their own.
    marks = {node["id"]: node["mark"] for node in drawn["nodes"] if "mark" in node}
    shown = adcli.compile(text).visualize(None, point).picture
    assert {node.key: node.mark for node in shown.nodes if node.mark} == marks
    slopes = {(edge["source"], edge["target"]): edge.get("partial") for edge in drawn["edges"]}
    assert any(edge.partial for edge in shown.edges)
    for edge in shown.edges:
        expected = slopes[edge.source, edge.target]
        assert (edge.partial is None) == (expected is None)
        assert expected is None or close(edge.partial, float(str(expected).replace("Infinity", "inf")))
    program = adcli.program(text, **point).visualize().picture
    assert [node.mark for node in program.nodes] == [node.mark for node in shown.nodes]


def test_values_show_kinks_and_local_derivatives_after_backward() -> None:
    x = adcli.Value(0.0, label="x")
    z = abs(x) * 3.0
    assert not any(edge.partial for edge in z.picture().edges)
    z.backward()
    picture = z.picture()
    assert [node.mark for node in picture.nodes] == [None, "kink", None]
    assert [edge.partial for edge in picture.edges] == ["0", "3"]


def test_equal_values_are_boxes_of_their_own() -> None:
    x, other = adcli.Value(2.0), adcli.Value(2.0)
    assert [node.title for node in (x * x + x * x + other).picture().nodes] == ["v1", "v2", "*", "*", "+", "+"]


def test_several_results_have_a_box_each_and_no_adjoints() -> None:
    f = adcli.compile("u = x*y; [u, sin(u)/3, x, u]")
    nodes = json.loads(draw(f.visualize(None, x=2.0, y=3.0).picture, "json"))["nodes"]
    results = {node.get("label", node["title"]): node for node in nodes if node["kind"] == "result"}
    assert set(results) == {"f1, f4 = u", "f2", "f3"}
    assert close(results["f2"]["value"], np.sin(6.0) / 3)
    assert results["f3"]["value"] == 2.0
    assert not any("adjoint" in node for node in nodes)


def test_constants_stand_in_the_box_that_uses_them() -> None:
    x = adcli.Value(2.0, label="x")
    picture = (1 / (x**2 + 3)).picture()
    assert [node.formula or node.title for node in picture.nodes] == ["x", "x^2", "v1 + 3", "1/v2"]
    assert [(edge.source, edge.target) for edge in picture.edges] == [
        (a.key, b.key) for a, b in zip(picture.nodes, picture.nodes[1:], strict=False)
    ]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    x = adcli.Value(2.0, label="x")
    path = (x * x).visualize(str(tmp_path / "g"))
    before = path.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(adcli.RequestError, match=r"cannot write .*g\.svg.: No space"):
        (x + x).visualize(str(path))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["g.svg"]
