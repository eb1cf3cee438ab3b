"""What boxes say and where they stand: formulas, the order of results, the title, and long chains in rows."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adcli
from adcli.draw.dot import TITLE_LINE, box_lines, edge_text, title_lines
from adcli.draw.picture import Edge, Node, Picture, Style, repeat_leaves
from adcli.draw.render import draw
from adcli.draw.rows import LONGEST_ROW, break_rows
from tests.draw.test_flow import SVG, pictured
from tests.draw.test_formats import pictures
from tests.sampling import examples


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("sin(x**2)*cos(y)", ["v1 = x^2", "v2 = sin(v1)", "v3 = cos(y)", "f = v2·v3"]),
        ("-(1/x)/1.414 - y", ["v1 = 1/x", "v2 = -v1", "v3 = v2/1.414", "f = v3 - y"]),
        ("u = x*-2; (u + 1)^-0.5", ["u = x·-2", "v1 = u + 1", "f = v1^-0.5"]),
        ("v1 = x + y; max(v1, 0, x)*pi", ["v1 = x + y", "v2 = max(v1, 0, x)", "f = v2·pi"]),
        ("A = [[1, 2], [3, 4]]; sum(A @ [x, y])", ["v1 = [x, y]", "v2 = A @ v1", "f = sum(v2)"]),
        ("[x, x^2, x^2]", ["f1 = x", "f2, f3 = x^2"]),
        ("v = [x, 1]; sum(v[0:1] + v.T)", ["v = [x, 1]", "v1 = v[0:1]", "v2 = v.T", "v3 = v1 + v2", "f = sum(v3)"]),
        ("[2*x, 2, 2 + x]", ["f1 = 2·x", "f2 = 2", "f3 = 2 + x"]),
    ],
)
def test_boxes_say_their_formula(text: str, heads: list[str]) -> None:
    picture = pictured(text, x=2.0, y=3.0) if "y" in text else pictured(text, x=2.0)
    shown = [box_lines(node, 40)[0] for node in picture.nodes if node.kind in ("operation", "result")]
    assert sorted(shown) == sorted(heads)


def test_no_number_is_minus_zero() -> None:
    picture = pictured("-(x) + y*0", x=0.0, y=-3.0)
    shown = [line for node in picture.nodes for line in box_lines(node, 40)]
    shown += [edge_text(edge, is_shared=True) for edge in picture.edges]
    assert "value 0" in shown
    assert not [line for line in shown if "-0" in line]


class Boxes:
    """Where the boxes of an SVG file are: left, top, right and bottom by the first line of their text."""

    def __init__(self, svg: bytes) -> None:
        root = ElementTree.fromstring(svg)
        self.width, self.height = [float((root.get(side) or "").removesuffix("pt")) for side in ("width", "height")]
        self.titles = [text for text in root[2].findall(f"{SVG}text") if (text.text or "").strip()]
        self.by_text: dict[str, tuple[float, float, float, float]] = {}
        for group in root.iter(f"{SVG}g"):
            if (group.get("class") or "").startswith("node"):
                name = next(text.text or "" for text in group.iter(f"{SVG}text"))
                self.by_text[name] = self._frame(group)

    @staticmethod
    def _frame(group: ElementTree.Element) -> tuple[float, float, float, float]:
        words = " ".join([shape.get("points") or "" for shape in group.iter(f"{SVG}polygon")]).split()
        for path in group.iter(f"{SVG}path"):
            words += (path.get("d") or "").replace("M", " ").replace("C", " ").split()
        points = [tuple(map(float, word.split(","))) for word in words]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)


@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("text", ["[x*y, x + y, x/y]", "[cos(y), x/y - 1, sin(sin(x)), x, y*y]"])
def test_results_stand_in_order(text: str, direction: str) -> None:
    picture = pictured(text, x=2.0, y=3.0)
    boxes = Boxes(draw(picture, "svg", style=Style(direction))).by_text
    frames = [boxes[head] for head in sorted(head for head in boxes if head.startswith("f"))]
    assert len(frames) == text.count(",") + 1
    across = [frame[1 if direction == "LR" else 0] for frame in frames]
    assert across == sorted(across)


@pytest.mark.parametrize("legend", [False, True])
def test_the_title_stands_apart_from_the_boxes(legend: bool) -> None:
    boxes = Boxes(draw(pictured("x", x=2.0), "svg", style=Style(legend=legend)))
    baseline = max(float(text.get("y") or 0) for text in boxes.titles)
    assert min(frame[1] for frame in boxes.by_text.values()) - baseline > 18


def test_a_title_is_not_broken_inside_a_word() -> None:
    text = "+".join(f"alpha{i}*sin(beta{i}*x-1.5e-{i})" for i in range(12))
    lines = title_lines(text)
    assert "".join(lines) == text
    for line in lines[:-1]:
        assert len(line) <= TITLE_LINE
        assert line[-1] in "+-*/,()"
        assert not line.endswith("e-")


def test_a_long_chain_is_broken_into_rows_of_a_page() -> None:
    f = adcli.compile("sin(" * 120 + "x" + ")" * 120)
    boxes = Boxes(draw(f.visualize(None, x=1.0).picture, "svg"))
    assert 0.5 < boxes.width / boxes.height < 3
    named = sorted((frame[1], frame[0], name) for name, frame in boxes.by_text.items() if name.startswith("v"))
    numbers = [int(name.split()[0][1:]) for _, _, name in named if "=" in name]
    assert numbers[0] < numbers[-1]
    tops = [boxes.by_text[f"v{i} = sin(v{i - 1})"][1] for i in range(2, 120)]
    assert tops == sorted(tops)


@settings(max_examples=examples(30))
@given(pictures(), st.sampled_from(["LR", "TB"]), st.integers(0, 60))
def test_rows_keep_every_box_and_say_where_an_arrow_comes_from(picture: Picture, direction: str, longer: int) -> None:
    last = picture.nodes[-1].key
    tail = [Node(last + i, "operation", "sin", name=f"v{last + i}") for i in range(1, longer + 1)]
    edges = [*picture.edges, *[Edge(node.key - 1, node.key) for node in tail]]
    whole = repeat_leaves(Picture([*picture.nodes, *tail], edges, "t"))
    rows = break_rows(whole, direction)
    references = {node.key: node.title for node in rows.nodes if node.kind == "reference"}
    assert sorted(node for node in rows.nodes if node.key not in references) == sorted(whole.nodes)
    names = {node.key: node.name or node.title for node in whole.nodes} | references
    assert [(names[edge.source], edge.target) for edge in rows.edges] == [
        (names[edge.source], edge.target) for edge in whole.edges
    ]
    if len(whole.nodes) <= LONGEST_ROW:
        assert rows is whole


def test_rows_of_a_huge_chain_are_quick() -> None:
    nodes = [Node(key, "operation", "sin", name=f"v{key}") for key in range(20_000)]
    rows = break_rows(Picture(nodes, [Edge(key, key + 1) for key in range(19_999)], "t"))
    assert len(rows.edges) == 19_999
