"""What the page that plays a graph computes: passes, marks and inputs, in a real browser."""

from __future__ import annotations

import json
import random
from math import isclose, isnan, ulp
from typing import Any

import pytest

import adcli
from adcli.draw.build import Detail, picture_of
from adcli.draw.dot import box_lines, edge_text
from adcli.draw.flow import colour_of, largest, width_of
from adcli.draw.picture import Measure, repeat_leaves
from adcli.explain.steps import Trace
from adcli.formula.lowered import Lowered, Lowerings
from adcli.formula.view import view_formula
from adcli.graph.evaluate import evaluate
from adcli.graph.text import number_text
from tests.browser import needs_browser
from tests.draw.conftest import Open, page
from tests.sampling import rotate

EXPRESSIONS = [
    "sin(x**2)*cos(y)",
    "u = x*y; v = exp(-u**2/2); where(x > 0, sqrt(x), max(y, v)) + u/(1 + abs(y))",
    "d*exp(-a*x)*sin(y+a)/(1+x**2*y**2) + log(1+a*a+d*d)*sqrt(d*d+x*x)",
    "sigmoid(x)*softplus(y) + erf(x*y) + lgamma(2 + x**2) - tanh(x)*relu(y - 1)",
    "β = x; clip(β, -1, 1)**3 + hypot(β, y)*atan2(y, β) + (x % y if y != 0 else 0)",
]


def test_the_page_is_whole_in_itself() -> None:
    html = page(EXPRESSIONS[0])
    assert "http" not in html.replace("http://www.w3.org/", "").replace("http-equiv", "")
    assert "Content-Security-Policy" in html
    assert "eval(" not in html
    assert "Function(" not in html


@pytest.mark.parametrize("text", ["x # </script><script>alert(1)</script>", "x # <img src=x onerror=alert(1)> @data@"])
def test_texts_of_the_user_stay_inert(text: str) -> None:
    html = page(text)
    assert html.count("<script") == 2
    assert "<img" not in html


@pytest.mark.parametrize("name", rotate(["sum", "mean", "norm", "prod", "softmax"], 3))
def test_an_operation_on_arrays_of_a_number_plays_at_its_point(name: str) -> None:
    assert "</html>" in page(f"{name}(x)*x", "x=3")


@needs_browser
@pytest.mark.parametrize("text", rotate(EXPRESSIONS, 2))
def test_what_the_page_computes_is_what_the_engine_computes(show: Open, text: str) -> None:
    """Values and adjoints of every node, at random points, to within a few units in the last place."""
    f = adcli.compile(text)
    lowered = Lowered(f.formula)
    rng = random.Random(text)
    points = [[round(rng.uniform(-3, 3), 3) for _ in f.variables] for _ in range(20)]
    script = f"""
    return {json.dumps(points)}.map((point) => {{ type(...point); return texts("#steps td:last-child"); }});"""
    for point, rows in zip(points, show(page(text)).run(script), strict=True):
        at = dict(zip(f.variables, point, strict=True))
        steps = Trace([lowered.result], evaluate(lowered.graph, [lowered.result.row], at), f.variables)
        expected = [step.value for step in steps.steps] + [each.total for each in steps.backward()]
        if isnan(float(steps.values[lowered.result.row])):
            expected = expected[: len(steps.steps)]
        for cell, value in zip(rows, expected, strict=False):
            if isinstance(value, bool):
                assert cell == str(value).lower()
            elif isnan(value):
                assert cell == "nan"
            else:
                assert isclose(float(cell), value, rel_tol=1e-13, abs_tol=1e-15), (text, at, rows, expected)


CONSTANTS = [
    *("pi/4", "2*pi", "1e-3", "sqrt(2)", "2^3^2", "-2**2", "2**-1", "2**-3**2", "1_000", "-7 % 3", "7 % -3", "2pi"),
    *("3(1 + 1)", "30°", "-inf", "nan", "atan2(1, 2)", "min(3, 1, 2)", "log(8, 2)", "log(10)", "-−2", "5.", ".5"),
    *("6/2/3", "6 - 2 - 3", "max(1, 2*(3 + 4))", "((1))", "2sin(1)", "e", "tau", "hypot(3, 4)", "cbrt(8)", "2×3*4"),
    *("exp10(2)", "rad2deg(pi)", "1e-300", "abs(-2)*trunc(-1.5)", "+3", "1/0"),
]
WRONG = {
    "two": "'two' has no value here",
    "1,5": "write '.' for the decimal point",
    "": "write a number",
    "1/2pi": "in two ways",
    "(2": "')' is missing",
    "2)": "')' is unexpected",
    "sin 2": "'(' is missing after 'sin'",
    "sin()": "takes 1 argument, not 0",
    "2 3": "an operator is missing before '3'",
    "pi/": "ends too early",
    "1e": "the exponent is missing",
    "sqrt(-1)": "has no value",
    "1e400": "write inf",
    "constructor": "has no value here",
    "alert(1)": "has no value here",
    "atan2(1)": "takes 2 arguments, not 1",
}


@needs_browser
def test_an_input_is_an_expression_of_numbers_as_on_the_command_line(show: Open) -> None:
    script = f"""
    return {json.dumps(CONSTANTS)}.map((word) => {{ type(word, "1"); return texts("#steps td:last-child")[0]; }});"""
    for text, shown in zip(CONSTANTS, show(page(EXPRESSIONS[0])).run(script), strict=True):
        value = float(adcli.compile(text).value())
        assert (isnan(value) and shown == "nan") or abs(float(shown) - value) <= 2 * ulp(value) or float(shown) == value


@needs_browser
def test_a_wrong_input_is_named_and_dims_the_old_numbers(show: Open) -> None:
    script = f"""
    type("7", "8");
    const dim = () => [element("steps"), all("text.number")[0]].every((each) => getComputedStyle(each).opacity < 0.5);
    const before = texts("#steps td"), flat = !dim();
    const seen = {json.dumps(list(WRONG))}.map((word) => {{
      type("7", word);
      const names = ["aria-invalid", "aria-describedby"];
      const fields = all("#inputs input").map((field) => names.map((name) => field.getAttribute(name)));
      return [element("problem").textContent, fields, dim(), texts("#steps td").join() === before.join()];
    }});
    type("7", "9");
    return {{ flat, seen, after: [element("problem").textContent, dim(), all("[aria-invalid=true]").length] }};"""
    answer: dict[str, Any] = show(page(EXPRESSIONS[0])).run(script)
    assert answer["flat"]
    for (word, part), (said, fields, dim, kept) in zip(WRONG.items(), answer["seen"], strict=True):
        assert said.startswith("y: "), word
        assert part in said
        assert fields == [["false", None], ["true", "problem"]]
        assert dim
        assert kept
    assert answer["after"] == ["", False, 0]


@needs_browser
def test_a_number_has_one_spelling_and_no_negative_zero(show: Open) -> None:
    numbers = [1e-5, 1e-4, 1e-7, 123456789.0, 1e15, 1e16, 1e22, -2.5, 0.1 + 0.2, 1 / 3, 5e-324, 1.7e308, -0.0, 0.0]
    script = f"""
    return {json.dumps([repr(x) for x in numbers])}.map((word) => {{ type(word);
      return [texts("#steps td:last-child")[0], Object.values(boxes())[0][1], element("detail").textContent]; }});"""
    tab = show(page("x*1e-07"))
    for x, (exact, short, detail) in zip(numbers, tab.run(script), strict=True):
        assert exact == number_text(x or 0.0)
        assert short == f"value {x or 0.0:.6g}"
        assert "-0\n" not in f"{detail}\n"
    assert "1e-07" in tab.run("""type("1e-7"); return element("detail").textContent""")


@needs_browser
def test_each_of_several_results_has_its_backward_pass(show: Open) -> None:
    script = """
    const shown = () => Object.fromEntries(Object.values(boxes()).map(([name, ...rest]) => [name, rest]));
    const choice = element("of"), answer = { choices: [...choice.options].map((each) => each.text), first: shown() };
    choice.selectedIndex = 1; choice.dispatchEvent(new Event("change"));
    answer.second = shown(); answer.status = element("status").textContent;
    type("0.5"); answer.changed = shown();
    choice.selectedIndex = 2; choice.dispatchEvent(new Event("change")); answer.third = shown();
    return answer;"""
    answer: dict[str, Any] = show(page("u = x*y; [u, sin(u), x]", "x=2 y=3")).run(script)
    assert answer["choices"] == ["u", "f2", "f3"]
    assert answer["first"]["x"] == ["value 2", "adjoint 3"]
    assert answer["first"]["f3 = x"][0] == "value 2"
    for shown, x in ((answer["second"], 2.0), (answer["changed"], 0.5)):
        slopes = adcli.compile("sin(x*y)").gradient(x=x, y=3.0)
        assert shown["x"] == [f"value {x:g}", f"adjoint {slopes['x']:.6g}"]
        assert shown["y"][1] == f"adjoint {slopes['y']:.6g}"
    assert answer["status"] == "backward pass, step 3 of 3"
    assert (answer["third"]["x"], answer["third"]["y"]) == (["value 0.5", "adjoint 1"], ["value 3", "adjoint 0"])


@needs_browser
def test_every_box_of_an_input_has_its_numbers(show: Open) -> None:
    """An input of many uses has a box for each, and an input may be a result."""
    tab = show(page("[x*x + x*sin(x) + x*cos(x) + x^3 + exp(x), x, 3]", "x=0.5"))
    shown: dict[str, list[str]] = tab.run("return boxes()")
    assert sum(lines[:2] == ["x", "value 0.5"] for lines in shown.values()) > 4
    assert ["f2 = x", "value 0.5"] in [lines[:2] for lines in shown.values()]
    assert "e-300" not in json.dumps(shown)


@needs_browser
def test_local_derivatives_are_switched_on_and_follow_the_inputs(show: Open) -> None:
    script = """
    const labels = () => texts("g.edge text").filter(Boolean).sort().join(" "), answer = [];
    const look = () => answer.push([element("partials").checked, labels(), all("g.edge.off").length]);
    look(); element("partials").click(); look(); type("-1"); look(); element("partials").click(); look();
    element("first").click(); element("partials").click(); look();
    return answer;"""
    for partials in (False, True):
        answer: list[Any] = show(page("where(x > 0, x**2, y)", "x=2 y=3", partials)).run(script)
        states = {(True, 2): "×1 ×4", (True, -1): "×-2 ×1", (False, 2): "", (False, -1): ""}
        at = [(partials, 2), (not partials, 2), (not partials, -1), (partials, -1)]
        assert answer[:4] == [[on, states[on, x], 1] for on, x in at]
        assert "×" not in answer[4][1]


@needs_browser
@pytest.mark.parametrize("measure", ["relative", "absolute"])
def test_arrows_and_boxes_are_those_of_the_picture_wherever_the_inputs_go(show: Open, measure: Measure) -> None:
    """Widths, colours, local derivatives and what each use adds, decided anew in the page."""
    text = "[a*a + a*sin(a) + a*cos(b) + a^3 + exp(a)/b, where(a > b, a*b, b) - b*c*a]"
    points = [[0.5, -1.25, 2.0], [-2.0, 1.5, 0.0], [3.0, 0.25, -1.0]]
    script = f"""
    const choice = element("of");
    return {json.dumps(points)}.map((point, i) => {{
      choice.selectedIndex = i % 2; choice.dispatchEvent(new Event("change")); type(...point);
      const look = (edge) => ["--width", "--light", "--dark"].map((name) => edge.style.getPropertyValue(name));
      const edges = all("g.edge").sort((one, other) => one.id.slice(4) - other.id.slice(4));
      return [edges.map((edge) => [...look(edge), edge.textContent.trim()]), boxes()];
    }});"""
    f = adcli.compile(text)
    shown = show(page(text, "", True, measure)).run(script)
    for i, (point, (edges, boxes)) in enumerate(zip(points, shown, strict=True)):
        at = dict(zip(f.variables, point, strict=True))
        view = view_formula(Lowerings(f.formula), at, f.variables, False)
        picture = repeat_leaves(picture_of(view, Detail(partials=True, which=i % 2, measure=measure)))
        most = largest(picture.edges)
        for edge, (width, light, dark, label) in zip(picture.edges, edges, strict=False):
            if edge.flow is None or width == "":
                assert (width, light, dark, (edge.flow and edge.flow.size) or 0) == ("", "", "", 0)
            else:
                assert float(width) == pytest.approx(width_of(edge.flow, most), abs=0.011)
                for colour, is_dark in ((light, False), (dark, True)):
                    expected = bytes.fromhex(colour_of(edge.flow, most, is_dark)[1:])
                    assert [*bytes.fromhex(colour[1:])] == pytest.approx([*expected], abs=1)
            assert label == edge_text(edge, edge.source in picture.shared)
        for node in picture.nodes:
            if node.kind != "constant":
                assert [line for line in boxes[str(node.key)] if line] == box_lines(node, 32)[: 4 if node.share else 3]


@needs_browser
def test_a_page_of_arrays_plays_at_its_point_and_looks_fixed(show: Open) -> None:
    script = """
    element("partials").click();
    return { fields: all("#inputs input").length, fixed: texts("#inputs .fixed"), boxes: Object.values(boxes()).flat(),
      rows: all("#steps tr").map((row) => [...row.cells].map((cell) => cell.textContent)), edges: texts("g.edge text"),
      marks: texts("text.mark") };"""
    tab = show(page("x @ solve(S, x)", "x=[1,2] S=[[2,0],[0,4]]"))
    answer: dict[str, Any] = tab.run(script)
    assert answer["fields"] == 0
    assert answer["fixed"][:2] == ["x = [1, 2]", "S = [[2, 0], [0, 4]]"]
    assert "fixed" in answer["fixed"][2]
    assert ["f = x @ v1", "1.5"] in answer["rows"]
    assert answer["rows"][-1][1] == "[1, 1]"
    assert "adjoint [[-0.25, -0.25], [-0.25, -0.25]]" in answer["boxes"]
    assert "shape (2, 2)" in answer["boxes"]
    answer = show(page("sum(abs(v)*v)", "v=[0,-1]")).run(script)
    assert answer["marks"] == ["kink"]
    assert "×[0, -1]" in answer["edges"]
    assert "-0" not in " ".join(answer["boxes"])
    answer = show(page("sum(log(v))*x", "v=[-1,2,3,4,5,6] x=2")).run(script)
    adjoints = [text for text in answer["boxes"] if text.startswith("adjoint")]
    assert show(page("log(x)", "x=-1")).run("return texts('#detail')")[0].split("\n")[2] == "adjoint  nan (f is nan)"
    assert sorted(adjoints) == [f"adjoint [{', '.join(['nan'] * 6)}]"] * 2 + ["adjoint nan"] * 3


MARKED = [
    "[x**2/abs(y), max(x, y), sqrt(x - 2) + log(x)]",
    "u = abs(x)*y; where(x > 0, u/x, sqrt(-x)) + floor(y) + gamma(x)",
    "exp(400*x)*y + x**y + (x % y)",
    "clip(x, 0, 1) + atan2(y, x) + relu(y) + heaviside(x)",
    "hypot(x, y) + asin(x) + 1/x - 1/y",
]
PLACES = [(x, y) for x in (0.0, 1.0, -1.0, 2.0, 0.5) for y in (0.0, 1.0, -1.0, 2.0)]


@needs_browser
def test_a_mark_is_explained_beside_the_picture_and_at_its_node(show: Open) -> None:
    script = """
    const box = all("g.node.marked")[0], answer = { listed: texts("#marks li") };
    answer.spoken = box.getAttribute("aria-label"); box.focus(); answer.detail = element("detail").textContent;
    type("3"); answer.after = [texts("#marks li").length, texts("text.mark").length];
    return answer;"""
    answer: dict[str, Any] = show(page("u = x - 2; abs(u)", "x=2")).run(script)
    said = "at u = 0: slopes -1 (left) and 1 (right); 0 is used"
    assert answer["listed"] == [f"kink in f = abs(u) — {said}"]
    assert answer["spoken"] == "f = abs(u), value 0, adjoint 1, kink"
    assert f"kink     {said}" in answer["detail"]
    assert answer["after"] == [0, 0]


@needs_browser
@pytest.mark.parametrize("text", rotate(MARKED, 2))
def test_marks_are_those_of_the_picture_wherever_the_inputs_go(show: Open, text: str) -> None:
    """Kinks, poles and what else breaks a derivative, decided anew in the page: as in the picture at the same point."""
    script = f"""
    const points = {json.dumps(PLACES)}.map((point) => {{
      type(...point);
      const marked = all("g.node.marked").map((box) => [box.dataset.key, box.querySelector("text.mark").textContent]);
      return [Object.fromEntries(marked), texts("#marks li").length];
    }});
    element("first").click();
    return [points, all("g.node.marked").length];"""
    f = adcli.compile(text)
    assert list(f.variables) == ["x", "y"]
    points, left = show(page(text)).run(script)
    expected = []
    for x, y in PLACES:
        picture = picture_of(view_formula(Lowerings(f.formula), {"x": x, "y": y}, f.variables, False), Detail())
        expected.append({str(node.key): node.mark for node in picture.nodes if node.mark})
    assert points == [[marks, len(marks)] for marks in expected]
    assert any(expected)
    assert left == 0
