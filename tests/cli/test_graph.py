"""`adcli graph`: what is drawn is the graph of the engine, with its numbers, in every format."""

from __future__ import annotations

import json
from collections import Counter
from math import isclose, isnan
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

import adcli
from adcli.draw.build import Detail, picture_of
from adcli.draw.dot import LABEL_LIMIT, box_lines
from adcli.draw.picture import repeat_leaves
from adcli.draw.render import draw
from adcli.formula.lowered import Lowered, Lowerings
from adcli.formula.view import view_formula
from adcli.graph.evaluate import evaluate
from tests.strategies import programs

from .conftest import Run

AT = {"x": 0.75, "y": -1.25, "z": 2.5}
SVG = "{http://www.w3.org/2000/svg}"
FORMATS = {
    "svg": b"<?xml",
    "png": b"\x89PNG",
    "pdf": b"%PDF",
    "dot": b"digraph",
    "mmd": b"---",
    "json": b"{",
    "html": b"<!",
}


def told(run: Run, *words: str) -> dict[str, Any]:
    outcome = run(["graph", *words, "--format", "json"])
    assert outcome.status in (0, 1), outcome.err
    answer: dict[str, Any] = json.loads(outcome.out)
    return answer


def same(shown: Any, expected: float) -> bool:
    x = float(str(shown).replace("Infinity", "inf"))
    return isclose(x, expected, rel_tol=1e-12, abs_tol=1e-300) or (isnan(x) and isnan(expected))


@given(text=programs)
def test_json_has_every_node_edge_value_and_slope_of_the_engine(run: Run, text: str) -> None:
    f = adcli.compile(text)
    lowered = Lowered(f.formula)
    point = {name: AT[name] for name in f.variables}
    drawn = told(run, text, *[f"{name}={x}" for name, x in point.items()])
    graph, live = lowered.graph, lowered.graph.live([lowered.result.row])
    values = evaluate(graph, live, point)
    nodes = {node["id"]: node for node in drawn["nodes"]}
    leaf = graph.ops[lowered.result.row] is None
    assert [row for row in nodes if row < len(graph)] == live
    assert len(nodes) == len(live) + leaf
    expected = Counter((argument, row) for row in live for argument in graph.inputs[row])
    assert Counter((edge["source"], edge["target"]) for edge in drawn["edges"] if edge["target"] in live) == expected
    for row in live:
        if isinstance(values[row], bool):
            assert nodes[row]["value"] == str(values[row]).lower()
        else:
            assert same(nodes[row]["value"], values[row])
        assert nodes[row].get("label") == graph.labels.get(row)
    value, slopes = f.value_and_gradient(point)
    for name, row in graph.variables.items():
        if row in live:
            assert nodes[row]["kind"] == "input"
            shown = nodes[row]["adjoint"]
            assert same(shown, slopes[name]) or isclose(float(shown), slopes[name], rel_tol=1e-9, abs_tol=1e-12)
    [result] = [node for node in nodes.values() if node["kind"] == "result"]
    assert same(result["value"], value)


@settings(max_examples=15)
@given(text=programs)
def test_svg_has_every_box_arrow_and_line_of_the_picture(text: str) -> None:
    f = adcli.compile(text)
    seen = view_formula(Lowerings(f.formula), {name: AT[name] for name in f.variables}, f.variables)
    picture = repeat_leaves(picture_of(seen, Detail(partials=True)))
    root = ElementTree.fromstring(draw(picture, "svg"))
    groups = {
        kind: [g for g in root.iter(f"{SVG}g") if g.get("class", "").startswith(kind)] for kind in ("node", "edge")
    }
    boxes = {g.findtext(f"{SVG}title"): [t.text for t in g.iter(f"{SVG}text")] for g in groups["node"]}
    assert boxes == {f"n{node.key}": box_lines(node, LABEL_LIMIT) for node in picture.nodes}
    arrows = Counter(g.findtext(f"{SVG}title") for g in groups["edge"])
    assert arrows == Counter(f"n{edge.source}->n{edge.target}" for edge in picture.edges)


@settings(max_examples=30)
@given(text=programs)
def test_folding_leaves_out_the_constants_and_nothing_else(text: str) -> None:
    f = adcli.compile(text)
    lowered = Lowered(f.formula)
    seen = view_formula(Lowerings(f.formula), None, f.variables, False)
    whole, folded = picture_of(seen, Detail(fold=False)), picture_of(seen, Detail())
    constants = {node.key for node in whole.nodes if node.kind == "constant"} - {lowered.result.row}
    assert [node.key for node in folded.nodes] == [node.key for node in whole.nodes if node.key not in constants]
    ends = [(edge.source, edge.target, edge.position) for edge in folded.edges]
    assert ends == [(e.source, e.target, e.position) for e in whole.edges if e.source not in constants]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("point", [(), ("--x", "2", "--y", "3"), ("--x", "2", "--y", "3", "--of", "f2", "--partials")])
@pytest.mark.parametrize("text", ["[x*y, x + y]", "u = x*y; [u, sin(u), x, 2, u]"])
def test_several_results_in_every_format(run: Run, text: str, point: tuple[str, ...], suffix: str) -> None:
    outcome = run(["graph", text, *point, "-o", f"g.{suffix}"])
    assert outcome == (0, "", "")
    assert Path(f"g.{suffix}").read_bytes().startswith(FORMATS[suffix])


def test_each_result_is_a_node_and_adjoints_are_of_the_one_that_is_named(run: Run) -> None:
    words = ["u = x*y; [u, sin(u), x, u]", "x=2", "y=3"]
    plain = told(run, *words)
    results = [(node.get("label"), node["title"]) for node in plain["nodes"] if node["kind"] == "result"]
    assert results == [(None, "f3"), ("f1, f4 = u", "*"), ("f2", "sin")]
    assert not any("adjoint" in node for node in plain["nodes"])
    slopes = adcli.compile("u = x*y; sin(u)").gradient(x=2.0, y=3.0)
    found = {node["title"]: node.get("adjoint") for node in told(run, *words, "--of", "f2")["nodes"]}
    assert found == {"x": slopes["x"], "y": slopes["y"], "*": pytest.approx(slopes["x"] / 3), "sin": 1.0, "f3": None}
    found = {node["title"]: node.get("adjoint") for node in told(run, *words, "--of", "f3")["nodes"]}
    assert found == {"x": 1.0, "y": 0.0, "*": None, "sin": None, "f3": 1.0}


def test_the_gradient_of_several_results_is_their_jacobian(run: Run) -> None:
    drawn = told(run, "[x*y, x + y]", "x=2", "y=3", "--gradient")
    labels = {node.get("label") or node["title"]: node["value"] for node in drawn["nodes"] if node["kind"] == "result"}
    assert labels == {"df1/dx": 3.0, "df1/dy": 2.0, "df2/dx, df2/dy": 1.0}


def test_arrays_with_several_results(run: Run) -> None:
    drawn = told(run, "[sum(v), v[0]*w]", "v=[1,2,3]", "w=2", "--of", "f2")
    nodes = {node.get("label") or node["title"]: node for node in drawn["nodes"]}
    assert nodes["v"]["adjoint"] == "[2, 0, 0]"
    assert nodes["f1"]["value"] == 6.0
    assert "adjoint" not in nodes["f1"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["[x, y]", "x=1", "y=2", "--of", "f3"], "'f3', which is not a result: the results are f1, f2"),
        (["x*y", "x=1", "y=2", "--of", "g"], "'g', which is not a result: the one result is 'f'"),
        (["[x, y]", "--of", "f1"], "--of needs a point"),
        (["[x, y]", "--partials"], "--partials needs a point"),
        (["[sum(v), 2]"], "no value for v"),
        (["[1, 2]", "--gradient"], "no slopes to draw"),
        (["x*y", "x=1", "y=2", "--gradient", "--partials"], "--partials and --gradient contradict"),
        (["[x, y]", "x=1", "y=2", "--gradient", "--of", "f1"], "--of and --gradient contradict"),
        (["x*y", "--dark", "-o", "g.html"], "--dark is for pictures"),
        (["x*y", "--gradient", "-o", "g.html"], "--gradient is for pictures"),
        (["x*y", "--flow", "off"], "--flow needs a point"),
        (["[x, y]", "x=1", "y=2", "--flow", "absolute"], "there are several: name one with --of, as in --of f1"),
        (["x*y", "x=1", "y=2", "--gradient", "--flow", "relative"], "--flow and --gradient contradict"),
        (["v*2", "v=[1,2]", "--flow", "absolute"], "the derivative of a number, and the result is an array"),
        (["x*y", "--legend", "-o", "g.html"], "--legend is for pictures"),
        (["x*y", "--legend", "-o", "g.mmd"], "--legend is not for mermaid"),
        (["v*2", "v=[1,2]", "-o", "g.html"], "a page goes back from a number"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(run: Run, words: list[str], message: str) -> None:
    status, out, err = run(["graph", *words])
    assert (status, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(("flow", "shown"), [("absolute", '"measure": "absolute"'), ("off", '"flow": null')])
def test_a_page_shows_the_flow_that_is_asked_for(run: Run, flow: str, shown: str) -> None:
    status, out, err = run(["graph", "[x*y, x]", "x=1", "y=2", "--flow", flow, "--format", "html"])
    assert (status, err) == (0, "")
    assert shown in out


def test_a_large_graph_is_summed_up_and_says_so(run: Run) -> None:
    text = "; ".join(["u0 = x", *[f"u{i} = sin(u{i - 1}) + x*{i}" for i in range(1, 40)], "u39*x"])
    status, out, err = run(["graph", text, "x=1", "--max-nodes", "60", "--format", "mermaid"])
    assert status == 0
    assert "summed up in" in err
    assert out.count("]:::") + out.count(")]:::") <= 61
