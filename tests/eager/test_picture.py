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
from adcli.eager.picture import played
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
    assert ElementTree.fromstring(shown._repr_html_()).tag.endswith("svg")
    assert [node.shape for node in shown.picture.nodes if node.title == "S"] == ["(2, 2)"]


def test_a_constant_is_drawn_too() -> None:
    assert [root.value for root in played(adcli.compile("1 + 1").result, {})] == [2.0]


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
    assert [node.title for node in picture.nodes] == ["x", "□**2", "□ + 3", "1/□"]
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
    with pytest.raises(OSError, match="No space"):
        (x + x).visualize(str(path))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["g.svg"]
