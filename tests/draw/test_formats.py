"""Mermaid, JSON, summaries and styles: what stands in them, whatever the labels."""

from __future__ import annotations

import json
import re
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import adcli
from adcli.draw.build import Detail, picture_of
from adcli.draw.mermaid import to_mermaid
from adcli.draw.picture import Edge, Node, Picture, Style
from adcli.draw.render import GRAPHVIZ_FORMATS, draw
from adcli.draw.summary import summarize
from adcli.formula.lowered import Lowerings
from adcli.formula.view import view_formula
from tests.sampling import rotate

HOSTILE = [
    "<script>alert(1)</script>", '"quoted" \\"', "two\nlines\r\n", "\u202eright to left", "a" * 10_000, "'; DROP TABLE",
    "]] --> n0", "%% comment", "#quot; &lt;", "```", "\x00\x1b[31m", "end", "classDef x", "<!--", "]]>", "\ud800",
]  # fmt: skip
EXPRESSIONS = ["sin(x**2)*cos(y)", "u = x*y; where(u > 0, sqrt(u), max(x, y, u))", "abs(x - x) + y"]


def pictured(text: str) -> Picture:
    """The picture of a formula without a point."""
    f = adcli.compile(text)
    return picture_of(view_formula(Lowerings(f.formula), None, f.variables, False), Detail())


def hostile(label: str) -> Picture:
    nodes = [
        Node(0, "input", label, value=label),
        Node(1, "constant", label),
        Node(2, "result", label, label, label, label),
    ]
    return Picture(nodes, [Edge(0, 2, label, label), Edge(1, 2)], label)


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_labels_stay_text(label: str) -> None:
    root = ElementTree.fromstring(draw(hostile(label), "svg"))
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {
        "svg", "g", "title", "desc", "text", "polygon", "polyline", "path", "ellipse", "a",
    }  # fmt: skip
    text = draw(hostile(label), "mermaid").decode()
    assert "<script" not in text
    assert len(text.splitlines()) == 4 + 3 + 2 + 5
    assert len(text) < 3000
    json.loads(draw(hostile(label), "json"))


def every_hostile() -> Picture:
    """One picture whose boxes, arrows and title carry all of the labels."""
    nodes = [Node(key, "input", label, label, label, label, label, label) for key, label in enumerate(HOSTILE)]
    nodes.append(Node(len(HOSTILE), "result", "+"))
    return Picture(nodes, [Edge(key, len(HOSTILE), label) for key, label in enumerate(HOSTILE)], "".join(HOSTILE[:8]))


def test_hostile_labels_leave_a_png_whole() -> None:
    """Every chunk has its checksum, none but those of an image are there, and the pixels unpack."""
    rest, pixels, kinds = draw(every_hostile(), "png"), b"", []
    assert rest.startswith(b"\x89PNG\r\n\x1a\n")
    rest = rest[8:]
    while rest:
        size, kind = int.from_bytes(rest[:4], "big"), rest[4:8]
        assert zlib.crc32(rest[4 : 8 + size]) == int.from_bytes(rest[8 + size : 12 + size], "big")
        pixels += rest[8 : 8 + size] if kind == b"IDAT" else b""
        kinds.append(kind)
        rest = rest[12 + size :]
    assert set(kinds) <= {b"IHDR", b"IDAT", b"IEND", b"pHYs", b"bKGD", b"sBIT"}
    assert kinds[-1] == b"IEND"
    assert zlib.decompress(pixels)


def test_hostile_labels_leave_a_pdf_whole_and_inert() -> None:
    """The cross-reference table is where it should be, every stream unpacks, and nothing in it acts or links."""
    data = draw(every_hostile(), "pdf")
    assert data.startswith(b"%PDF-1.")
    assert data.rstrip().endswith(b"%%EOF")
    start = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    assert data[start:].startswith(b"xref") or re.match(rb"\d+ 0 obj", data[start:])
    unpacked = data
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        unpacker = zlib.decompressobj()
        unpacked += unpacker.decompress(packed) if packed[:1] == b"x" else packed
    for action in (b"JavaScript", b"JS", b"OpenAction", b"AA", b"Launch", b"URI", b"GoToR", b"EmbeddedFile"):
        assert not re.search(rb"/" + action + rb"\b", unpacked), action


@pytest.mark.parametrize("text", rotate(EXPRESSIONS, 3))
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_a_style_changes_nothing_but_the_look(text: str, dark: bool, direction: str) -> None:
    picture = pictured(text)
    root = ElementTree.fromstring(draw(picture, "svg", style=Style(direction, dark)))
    plain = ElementTree.fromstring(draw(picture, "svg"))
    texts = [sorted(each.text or "" for each in tree.iter() if each.tag.endswith("text")) for tree in (root, plain)]
    assert texts[0] == texts[1]
    assert f"flowchart {direction}" in to_mermaid(picture, Style(direction, dark))


def test_the_svg_says_in_words_what_it_shows() -> None:
    root = ElementTree.fromstring(draw(pictured("x*y"), "svg"))
    [described] = [each for each in root.iter() if each.tag.endswith("desc")]
    assert described.text == "A graph of 3 nodes and 2 edges, from the inputs x, y to f."


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_mermaid_has_every_node_and_edge(text: str) -> None:
    picture = pictured(text)
    lines = to_mermaid(picture).splitlines()
    assert sum(bool(re.match(r"    n\d+[(\[]", line)) for line in lines) == len(picture.nodes)
    assert sum(" -->" in line for line in lines) == len(picture.edges)


@st.composite
def pictures(draw_: st.DrawFn) -> Picture:
    size = draw_(st.integers(2, 40))
    nodes, edges = [Node(0, "input", "x")], []
    for key in range(1, size):
        sources = draw_(st.lists(st.integers(0, key - 1), min_size=1, max_size=3))
        edges += [Edge(source, key) for source in sources]
        label = draw_(st.sampled_from([None, None, f"v{key}"]))
        nodes.append(Node(key, "result" if key == size - 1 else "operation", "+", label))
    return Picture(nodes, edges, "t")


@given(pictures(), st.integers(3, 12))
def test_a_summary_is_small_and_counts_every_operation(picture: Picture, most: int) -> None:
    small = summarize(picture, most)
    assert len(small.nodes) <= most
    keys = {node.key for node in small.nodes}
    assert all(edge.source in keys and edge.target in keys and edge.source != edge.target for edge in small.edges)
    counts = [int(found[1]) for node in small.nodes if (found := re.match(r"(\d+) operations?$", node.title))]
    single = sum(node.kind != "input" and "operation" not in node.title for node in small.nodes)
    assert sum(counts) + single == sum(node.kind != "input" for node in picture.nodes)


def test_a_summary_of_a_huge_graph_is_quick_and_draws() -> None:
    nodes = [Node(key, "operation", "+") for key in range(100_000)]
    nodes[0], nodes[-1] = Node(0, "input", "x"), Node(99_999, "result", "+")
    edges = [Edge(key, key + 1) for key in range(99_999)] + [Edge(0, key) for key in range(1, 100_000)]
    small = summarize(Picture(nodes, edges, "t"), 1000)
    assert [node.title for node in small.nodes] == ["x", "99 999 operations"]
    for format in GRAPHVIZ_FORMATS:
        assert draw(small, format)
