"""Mermaid flowcharts, read by Mermaid itself in a browser: every box and arrow arrives, and labels stay text."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adcli
from adcli.draw.build import Detail, picture_of
from adcli.draw.dot import LABEL_LIMIT, box_lines
from adcli.draw.mermaid import to_mermaid
from adcli.draw.picture import Picture, Style, repeat_leaves
from adcli.formula.lowered import Lowerings
from adcli.formula.view import view_formula
from tests.browser import BROWSER
from tests.draw.test_formats import HOSTILE, hostile
from tests.strategies import programs

ROOT = Path(__file__).resolve().parents[2]
PLACES = [ROOT / ".venv" / "mermaid" / "package", ROOT / "node_modules" / "mermaid"]
MERMAID = next((file for place in PLACES if (file := place / "dist" / "mermaid.min.js").exists()), None)

pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
    pytest.mark.skipif(MERMAID is None, reason="the npm package mermaid is not installed (.ci/run puts it into .venv)"),
]

READ = """<!DOCTYPE html><meta charset="utf-8"><script src="@mermaid@"></script>
<script type="application/json" id="texts">@texts@</script><pre id="report"></pre><script>
(async () => {
  const answers = [];
  for (const text of JSON.parse(document.getElementById("texts").textContent)) {
    try {
      const { diagramType } = await mermaid.parse(text);
      const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
      answers.push({ type: diagramType, direction: db.getDirection(),
        nodes: [...db.getVertices().values()].map(({ id, text, classes }) => [id, text, classes]),
        edges: db.getEdges().map(({ start, end, text, stroke }) => [start, end, text, stroke]) });
    } catch (problem) { answers.push({ problem: String(problem) }); }
  }
  document.getElementById("report").textContent = JSON.stringify(answers);
})();
</script>"""


def read(texts: list[str], folder: Path) -> list[dict[str, Any]]:
    """What Mermaid makes of each text."""
    assert MERMAID is not None
    assert BROWSER is not None
    page = READ.replace("@mermaid@", MERMAID.as_uri()).replace("@texts@", json.dumps(texts).replace("<", r"\u003c"))
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=20000", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    shutil.rmtree(folder / "profile", ignore_errors=True)
    found = re.search(r'<pre id="report">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found
    answers: list[dict[str, Any]] = json.loads(html.unescape(found[1]))
    return answers


def decoded(text: str) -> str:
    """A label after Mermaid's own way with character codes: it hands them on between marks of its own."""
    return re.sub(r"ﬂ°°(\d+)¶ß|#(\d+);", lambda match: chr(int(match[1] or match[2])), text)


def same(picture: Picture, answer: dict[str, Any]) -> None:
    """Nothing was lost, nothing was added."""
    assert "problem" not in answer, answer
    assert answer["type"].startswith("flowchart")
    labels = {f"n{node.key}": "<br>".join(box_lines(node, LABEL_LIMIT)) for node in picture.nodes}
    assert {id: decoded(text) for id, text, _ in answer["nodes"]} == labels
    assert [(a, b) for a, b, *_ in answer["edges"]] == [(f"n{e.source}", f"n{e.target}") for e in picture.edges]
    assert [stroke == "dotted" for *_, stroke in answer["edges"]] == [not edge.taken for edge in picture.edges]


def pictured(text: str, at: dict[str, float] | None = None) -> Picture:
    f = adcli.compile(text)
    point = None if at is None else {name: at.get(name, 0.5) for name in f.variables}
    seen = view_formula(Lowerings(f.formula), point, f.variables, at is not None)
    return repeat_leaves(picture_of(seen, Detail(partials=True, which=seen.result_index(None))))


def test_hostile_labels(tmp_path: Path) -> None:
    drawn = [repeat_leaves(hostile(label)) for label in HOSTILE]
    for picture, answer in zip(drawn, read([to_mermaid(each) for each in drawn], tmp_path), strict=True):
        same(picture, answer)


def test_kinks_choices_several_results_and_styles(tmp_path: Path) -> None:
    at = {"x": 0.0, "y": 2.0}
    texts = ["abs(x)*y", "where(x > 0, sqrt(x), max(x, y))", "u = x*y; [u, sin(u), x]", "größe = x; größe**2/3"]
    drawn = [pictured(text, at) for text in texts] + [pictured(text) for text in texts]
    answers = read([to_mermaid(each, Style("TB", True)) for each in drawn], tmp_path)
    for picture, answer in zip(drawn, answers, strict=True):
        same(picture, answer)
        assert answer["direction"] == "TB"
    assert any("marked" in classes for _, _, classes in answers[0]["nodes"])


@settings(max_examples=2)
@given(texts=st.lists(programs, min_size=25, max_size=25))
def test_random_expressions(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    drawn = [pictured(text, {"x": 0.75, "y": -1.25, "z": 2.5}) for text in texts]
    answers = read([to_mermaid(each) for each in drawn], tmp_path_factory.mktemp("mermaid"))
    for picture, answer in zip(drawn, answers, strict=True):
        same(picture, answer)
