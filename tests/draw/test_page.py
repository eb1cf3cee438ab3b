"""The page that plays a graph, in a real browser: stepping, keys, recomputation, layout, no network."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from html import unescape
from math import isclose, isnan
from pathlib import Path
from typing import Any

import pytest

import adcli
from adcli.cli.page import page_of
from adcli.draw.build import Detail, picture_of
from adcli.draw.picture import Style
from adcli.explain.steps import Trace
from adcli.formula.arguments import as_numeric
from adcli.formula.lowered import Lowered, Lowerings
from adcli.formula.view import view_formula
from adcli.graph.evaluate import evaluate

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

EXPRESSIONS = [
    "sin(x**2)*cos(y)",
    "u = x*y; v = exp(-u**2/2); where(x > 0, sqrt(x), max(y, v)) + u/(1 + abs(y))",
    "d*exp(-a*x)*sin(y+a)/(1+x**2*y**2) + log(1+a*a+d*d)*sqrt(d*d+x*x)",
    "sigmoid(x)*softplus(y) + erf(x*y) + lgamma(2 + x**2) - tanh(x)*relu(y - 1)",
    "β = x; clip(β, -1, 1)**3 + hypot(β, y)*atan2(y, β) + (x % y if y != 0 else 0)",
]
COLLECT = """<script>
window.problems = [];
window.addEventListener("error", (event) => problems.push(String(event.message)));
console.error = (...words) => problems.push(words.join(" "));
document.addEventListener("securitypolicyviolation", (event) => problems.push(event.violatedDirective));
</script>"""


def page(text: str, partials: bool = False, **point: Any) -> str:
    f = Lowerings(adcli.parse(text))
    inputs = {name: as_numeric(name, x) for name, x in point.items()} if point else None
    return page_of(
        view_formula(f, inputs, f.variables, False), f.variables, Detail(partials=partials), Style(), 1000
    ).decode()


def played(tmp_path: Path, html: str, script: str, width: int = 1200) -> dict[str, object]:
    """What a script that runs after the page's own leaves in `answer`."""
    head, _, rest = html.partition("<head>")
    body, _, tail = rest.rpartition("</body>")
    probe = f"<script>{script}\nconst report = document.createElement('pre'); report.id = 'report';"
    probe += "report.textContent = JSON.stringify({ ...answer, problems,"
    probe += " requests: performance.getEntriesByType('resource').length });"
    probe += "document.body.append(report);</script>"
    file = tmp_path / "page.html"
    file.write_text(f"{head}<head>{COLLECT}{body}{probe}</body>{tail}", encoding="utf-8")
    assert BROWSER is not None
    done = subprocess.run(
        [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    found = re.search(r'<pre id="report">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stdout[-500:]
    answer: dict[str, object] = json.loads(unescape(found[1]))
    assert answer["problems"] == []
    assert answer["requests"] == 0
    return answer


def test_the_page_is_whole_in_itself() -> None:
    html = page("x*y")
    assert "http" not in html.replace("http://www.w3.org/", "").replace("http-equiv", "")
    assert "Content-Security-Policy" in html


@pytest.mark.parametrize("text", ["x # </script><script>alert(1)</script>", "x # <img src=x onerror=alert(1)> @data@"])
def test_texts_of_the_user_stay_inert(text: str) -> None:
    html = page(text)
    assert html.count("<script") == 2
    assert "<img" not in html


@needs_browser
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_what_the_page_computes_is_what_the_engine_computes(tmp_path: Path, text: str) -> None:
    """Values and adjoints of every node, at random points, to within a few units in the last place."""
    f = adcli.compile(text)
    lowered = Lowered(f.formula)
    rng = random.Random(text)
    points = [[round(rng.uniform(-3, 3), 3) for _ in f.variables] for _ in range(20)]
    script = """
    const answer = { points: [] }, fields = [...document.querySelectorAll("#inputs input")];
    for (const point of @points@) {
      point.forEach((value, i) => { fields[i].value = String(value); });
      fields.forEach((field) => field.dispatchEvent(new Event("input")));
      document.getElementById("last").click();
      answer.points.push([...document.querySelectorAll("#steps tr")].map((row) => row.cells[1].textContent));
    }""".replace("@points@", json.dumps(points))
    shown = played(tmp_path, page(text), script)["points"]
    assert isinstance(shown, list)
    for point, rows in zip(points, shown, strict=True):
        at = dict(zip(f.variables, point, strict=True))
        steps = Trace([lowered.result], evaluate(lowered.graph, [lowered.result.row], at), f.variables)
        expected = [step.value for step in steps.steps] + [each.total for each in steps.backward()]
        if isnan(float(steps.values[lowered.result.row])):
            expected = expected[: len(steps.steps)]
        for cell, value in zip(rows, expected, strict=False):
            if isinstance(value, bool):
                assert cell == str(value).lower()
            elif isnan(value):
                assert cell == "NaN"
            else:
                assert isclose(float(cell), value, rel_tol=1e-13, abs_tol=1e-15), (text, at, rows, expected)


@needs_browser
def test_buttons_and_keys_step_through_both_passes(tmp_path: Path) -> None:
    script = """
    const status = () => document.getElementById("status").textContent;
    const lit = () => [...document.querySelectorAll("g.node.now title")].map((each) => each.textContent);
    const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const answer = { seen: [] };
    press("Home"); answer.start = status(); answer.blank = document.querySelectorAll("g.node text").length;
    answer.before = [...document.querySelectorAll("g.node text")].map((each) => each.textContent).join("|");
    for (let i = 0; i < 9; i++) { press("ArrowRight"); answer.seen.push([status(), lit()]); }
    press("ArrowLeft"); answer.left = status();
    press("End"); answer.end = status();
    document.getElementById("first").click(); answer.first = status();
    document.getElementById("next").click(); answer.next = status();
    document.querySelector("g.node").focus();
    answer.detail = document.getElementById("detail").textContent;
    const field = document.querySelector("#inputs input"); field.value = "two"; field.dispatchEvent(new Event("input"));
    answer.wrong = [status(), field.getAttribute("aria-invalid")];
    """
    answer = played(tmp_path, page("sin(x)*y"), script)
    assert answer["start"] == answer["first"] == "start"
    assert "value" not in str(answer["before"])
    seen = answer["seen"]
    assert isinstance(seen, list)
    assert [status for status, _ in seen[:4]] == [f"forward pass, step {i} of 4" for i in (1, 2, 3, 4)]
    assert [status for status, _ in seen[4:7]] == [f"backward pass, step {i} of 3" for i in (1, 2, 3)]
    assert all(len(lit) == 1 for _, lit in seen)
    assert answer["left"] == "backward pass, step 2 of 3"
    assert answer["end"] == "backward pass, step 3 of 3"
    assert answer["next"] == "forward pass, step 1 of 4"
    assert "value" in str(answer["detail"])
    assert answer["wrong"] == ["an input is no number", "true"]


@needs_browser
def test_each_of_several_results_has_its_backward_pass(tmp_path: Path) -> None:
    script = """
    const shown = () => Object.fromEntries([...document.querySelectorAll("g.node")].map((box) =>
      [...box.querySelectorAll("text")].map((each) => each.textContent)).map(([name, ...rest]) => [name, rest]));
    const choice = document.getElementById("of"), status = document.getElementById("status");
    const answer = { choices: [...choice.options].map((each) => each.text), first: shown() };
    choice.selectedIndex = 1; choice.dispatchEvent(new Event("change"));
    answer.second = shown(); answer.status = status.textContent;
    const field = document.querySelector("#inputs input"); field.value = "0.5"; field.dispatchEvent(new Event("input"));
    answer.changed = shown();"""
    answer: dict[str, Any] = played(tmp_path, page("u = x*y; [u, sin(u), x]", x=2.0, y=3.0), script)
    assert answer["choices"] == ["u", "f2", "f3"]
    assert answer["first"]["x"] == ["value 2", "adjoint 3"]
    assert answer["first"]["u = x·y"] == ["value 6", "adjoint 1"]
    assert answer["first"]["f2 = sin(u)"] == ["value -0.279415", ""]
    for shown, x in ((answer["second"], 2.0), (answer["changed"], 0.5)):
        slopes = adcli.compile("sin(x*y)").gradient(x=x, y=3.0)
        assert shown["x"] == [f"value {x:g}", f"adjoint {slopes['x']:.6g}"]
        assert shown["y"][1] == f"adjoint {slopes['y']:.6g}"
    assert answer["status"] == "backward pass, step 3 of 3"


@needs_browser
def test_local_slopes_stand_beside_the_arrows_and_follow_the_inputs(tmp_path: Path) -> None:
    script = """
    const labels = () => [...document.querySelectorAll("g.edge text")].map((each) => each.textContent.trim());
    const off = () => document.querySelectorAll("g.edge.off").length;
    const field = document.querySelector("#inputs input"), answer = { at2: labels(), off2: off() };
    field.value = "-1"; field.dispatchEvent(new Event("input")); answer.at1 = labels(); answer.off1 = off();
    document.getElementById("first").click(); answer.start = labels().filter((each) => each.includes("×"));"""
    html = page("where(x > 0, x**2, y)", True, x=2.0, y=3.0)
    answer: dict[str, Any] = played(tmp_path, html, script)
    assert sorted(filter(None, answer["at2"])) == ["×1", "×4"]
    assert sorted(filter(None, answer["at1"])) == ["×-2", "×1"]
    assert (answer["off2"], answer["off1"], answer["start"]) == (1, 1, [])


@needs_browser
def test_a_page_of_arrays_plays_at_its_point(tmp_path: Path) -> None:
    script = """
    const answer = { fixed: [...document.querySelectorAll("#inputs input")].every((field) => field.readOnly) };
    const cells = (row) => [...row.cells].map((cell) => cell.textContent);
    answer.rows = [...document.querySelectorAll("#steps tr")].map(cells);
    answer.boxes = [...document.querySelectorAll("g.node text")].map((each) => each.textContent);"""
    html = page("x @ solve(S, x)", x=[1.0, 2.0], S=[[2.0, 0.0], [0.0, 4.0]])
    answer: dict[str, Any] = played(tmp_path, html, script)
    assert answer["fixed"]
    assert ["f = x @ v1", "1.5"] in answer["rows"]
    assert answer["rows"][-1][1] == "[1, 1]"
    assert "adjoint [[-0.25, -0.25], [-0.25, -0.25]]" in answer["boxes"]
    assert "shape (2, 2)" in answer["boxes"]


@pytest.mark.parametrize("name", ["sum", "mean", "norm", "prod", "softmax"])
def test_an_operation_on_arrays_of_a_number_plays_at_its_point(name: str) -> None:
    assert "</html>" in page(f"{name}(x)*x", x=3.0)


VARIANTS: dict[str, Callable[[], str]] = {
    "numbers": lambda: page(EXPRESSIONS[1]),
    "results": lambda: page("[x*y, x - y]", True, x=2.0, y=3.0),
    "arrays": lambda: page("sum(v**2)", v=[1e-300, 2e-300, 1 / 3]),
}


@needs_browser
@pytest.mark.parametrize(
    ("width", "variant"), [(1400, "numbers"), (800, "numbers"), (500, "numbers"), (500, "results"), (800, "arrays")]
)
def test_nothing_overlaps_or_is_cut(tmp_path: Path, width: int, variant: str) -> None:
    """Texts stay inside their boxes with the widest numbers, and the page inside its window."""
    script = """
    const answer = { outside: [], wide: document.documentElement.scrollWidth > window.innerWidth };
    const fields = [...document.querySelectorAll("#inputs input:not([readonly])")];
    fields.forEach((field) => { field.value = "-1.2345678e-300"; field.dispatchEvent(new Event("input")); });
    for (const box of document.querySelectorAll("g.node")) {
      const frame = box.querySelector("polygon, path").getBoundingClientRect();
      for (const text of box.querySelectorAll("text")) {
        const inner = text.getBoundingClientRect();
        if (inner.width && (inner.left < frame.left || inner.right > frame.right || inner.top < frame.top - 1
            || inner.bottom > frame.bottom + 1)) answer.outside.push(text.textContent);
      }
    }"""
    answer = played(tmp_path, VARIANTS[variant](), script, width)
    assert answer["outside"] == []
    assert answer["wide"] is False


MARKED = [
    "[x**2/abs(y), max(x, y), sqrt(x - 2) + log(x)]",
    "u = abs(x)*y; where(x > 0, u/x, sqrt(-x)) + floor(y) + gamma(x)",
    "exp(400*x)*y + x**y + (x % y)",
    "clip(x, 0, 1) + atan2(y, x) + relu(y) + heaviside(x)",
    "hypot(x, y) + asin(x) + 1/x - 1/y",
]
PLACES = [(x, y) for x in (0.0, 1.0, -1.0, 2.0, 0.5) for y in (0.0, 1.0, -1.0, 2.0)]


@needs_browser
def test_a_mark_is_explained_beside_the_picture_and_at_its_node(tmp_path: Path) -> None:
    script = """
    const answer = { listed: [...document.querySelectorAll("#marks li")].map((each) => each.textContent) };
    const box = document.querySelector("g.node.marked"); box.focus();
    answer.spoken = box.getAttribute("aria-label"); answer.detail = document.getElementById("detail").textContent;
    const field = document.querySelector("#inputs input"); field.value = "3"; field.dispatchEvent(new Event("input"));
    answer.after = [document.querySelectorAll("#marks li").length, document.querySelectorAll("text.mark").length];"""
    answer: dict[str, Any] = played(tmp_path, page("u = x - 2; abs(u)", x=2.0), script)
    said = "at u = 0: slopes -1 (left) and 1 (right); 0 is used"
    assert answer["listed"] == [f"kink in f = abs(u) — {said}"]
    assert answer["spoken"] == "f, kink"
    assert f"kink     {said}" in answer["detail"]
    assert answer["after"] == [0, 0]


@needs_browser
def test_a_page_of_arrays_marks_its_point(tmp_path: Path) -> None:
    script = (
        """const answer = { marks: [...document.querySelectorAll("text.mark")].map((each) => each.textContent) };"""
    )
    assert played(tmp_path, page("sum(abs(v))", v=[0.0, 2.0]), script)["marks"] == ["kink"]


@needs_browser
@pytest.mark.parametrize("text", MARKED)
def test_marks_are_those_of_the_picture_wherever_the_inputs_go(tmp_path: Path, text: str) -> None:
    """Kinks, poles and what else breaks a slope, decided anew in the page: as in the picture at the same point."""
    script = """
    const answer = { points: [], listed: [] }, fields = [...document.querySelectorAll("#inputs input")];
    for (const point of @points@) {
      point.forEach((value, i) => { fields[i].value = String(value); });
      fields.forEach((field) => field.dispatchEvent(new Event("input")));
      answer.points.push(Object.fromEntries([...document.querySelectorAll("g.node.marked")].map((box) =>
        [box.querySelector("title").textContent.slice(1), box.querySelector("text.mark").textContent])));
      answer.listed.push([...document.querySelectorAll("#marks li")].map((each) => each.textContent));
    }
    document.getElementById("first").click();
    answer.start = document.querySelectorAll("g.node.marked").length;
    """.replace("@points@", json.dumps(PLACES))
    f = adcli.compile(text)
    assert list(f.variables) == ["x", "y"]
    answer: dict[str, Any] = played(tmp_path, page(text), script)
    expected = []
    for x, y in PLACES:
        picture = picture_of(view_formula(Lowerings(f.formula), {"x": x, "y": y}, f.variables, False), Detail())
        expected.append({str(node.key): node.mark for node in picture.nodes if node.mark})
    assert answer["points"] == expected
    assert [len(each) for each in answer["listed"]] == [len(each) for each in expected]
    assert any(expected)
    assert answer["start"] == 0
