"""The description of a picture and its DOT text, read back by Graphviz's own reader.

Texts of the user must come back as the texts they were, whatever they contain.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.draw.dot import (
    BOX_STYLES,
    LABEL_LIMIT,
    NUMBERS_LIMIT,
    TITLE_LINE,
    TITLE_LINES,
    TOOLTIP_LIMIT,
    box_lines,
    shorten,
    title_lines,
    to_dot,
)  # fmt: skip
from adcli.draw.picture import INPUT_USES, Edge, Node, Picture, repeat_leaves
from tests.sampling import examples

pygraphviz = pytest.importorskip("pygraphviz")

NODES = [
    Node(0, "input", "x", value="2", adjoint="2.588"),
    Node(1, "constant", "2"),
    Node(2, "operation", "**", value="4"),
    Node(3, "operation", "sin", label="v1", value="-0.757", adjoint="-0.99"),
    Node(4, "result", "*", label="f", value="-3.03", adjoint="1"),
]
EDGES = [Edge(0, 2, "1"), Edge(1, 2, "2"), Edge(2, 3), Edge(3, 4), Edge(2, 4)]
PICTURE = Picture(NODES, EDGES, "v1 = sin(x**2); v1*x**2")

HOSTILE = [
    "<script>alert(1)</script>",
    "<b>bold</b>",
    '"; evil [label="x"]; "',
    'say "hi"',
    "back\\slash",
    "\\",
    "\\\\",
    '\\"',
    "\\N \\G \\L \\l \\r \\T \\H \\E",
    "&lt;&#1;&amp;&unknown;",
    "a\nb\r\n\tc",
    "\x00\x01\x1b[31m",
    "]]>-->",
    "charset=",
    "{a|b}",
    "%name",
    "שלום",
    "\u202ereversed\u202c",
    "\ud800",
    "größe_π_变量_😀",
    "node",
    "  ",
    "n1:port:se",
]


def count_nodes(text: str) -> int:
    """How many boxes a text of `to_dot` has, also where it is too large to be read as a graph."""
    return len(re.findall(r"^\tn\d+ \[", text, re.MULTILINE))


def read(text: str) -> object:
    return pygraphviz.AGraph().from_string(text)


def test_every_node_and_edge_is_in_the_text():
    graph = read(to_dot(PICTURE))
    assert graph.directed
    assert graph.nodes() == ["n0", "n1", "n2", "n3", "n4"]
    assert [(a, b) for a, b in graph.edges()] == [(f"n{a}", f"n{b}") for a, b, *_ in sorted(EDGES)]
    assert not graph.get_edge("n2", "n3").attr["label"]


def test_labels_show_name_value_and_adjoint():
    graph = read(to_dot(PICTURE))
    assert graph.get_node("n3").attr["label"] == r"v1 = sin\nvalue -0.757\nadjoint -0.99"
    assert graph.get_node("n2").attr["label"] == r"**\nvalue 4"
    assert graph.get_node("n1").attr["label"] == "2"
    assert graph.graph_attr["label"] == PICTURE.title + r"\n "
    assert graph.name == PICTURE.title


def test_kinds_differ_by_colour_and_by_outline():
    outlines = {(look.get("style", ""), look.get("peripheries", "")) for look in BOX_STYLES.values()}
    assert len(outlines) == len(BOX_STYLES)
    assert len({look["fillcolor"] for kind, look in BOX_STYLES.items() if kind != "reference"}) == len(BOX_STYLES) - 1
    graph = read(to_dot(PICTURE))
    assert [graph.get_node(f"n{node.key}").attr["class"] for node in NODES] == [node.kind for node in NODES]


def test_a_picture_without_anything():
    graph = read(to_dot(Picture([], [], "")))
    assert graph.nodes() == []
    assert graph.name == "graph"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_change_nothing_but_a_label(text: str):
    node = Node(0, "input", text, label=text, value=text, adjoint=text)
    source = to_dot(Picture([node, NODES[4]], [Edge(0, 4, text)], text))
    source.encode()  # no lone surrogate is left
    graph = read(source)
    assert graph.nodes() == ["n0", "n4"]
    assert len(graph.edges()) == 1
    assert count_nodes(source) == 2
    assert "=<" not in source.replace('="<', ""), "an unquoted < starts markup"
    assert all(c.isprintable() or c in "\t\n" for c in source)


def test_long_names_are_shortened():
    name = "n" * 10_000
    graph = read(to_dot(Picture([Node(0, "input", name)], [], "a+" * 5000)))
    shown = graph.get_node("n0").attr
    assert shown["label"] == "n" * (LABEL_LIMIT - 1) + "…"
    assert shown["tooltip"] == "n" * (TOOLTIP_LIMIT - 1) + "…"
    *title, room = graph.graph_attr["label"].split(r"\n")
    assert room == " "
    assert len(title) == TITLE_LINES
    assert all(len(line) <= TITLE_LINE for line in title)
    assert title[-1].endswith("…")


def test_a_title_is_broken_where_a_statement_ends_and_loses_nothing():
    text = "; ".join(f"v{i} = sin(x{i}) + cos(y{i})" for i in range(12)) + "; " + "a" * 30
    broken = title_lines(text)
    assert " ".join(broken) == text
    assert all(line.endswith(";") for line in broken[:-1])


def test_the_numbers_of_a_small_array_stay_whole():
    value = f"[{', '.join(['-1.23457e-05'] * 6)}]"
    assert len(value) <= NUMBERS_LIMIT
    assert box_lines(Node(0, "input", "x", value=value), LABEL_LIMIT)[1] == f"value {value}"


def test_texts_within_the_limit_stay_whole():
    name = "n" * LABEL_LIMIT
    assert box_lines(Node(0, "input", name), LABEL_LIMIT) == [name]


@given(st.text(), st.integers(1, 50))
def test_plain_texts_are_one_printable_line_within_the_limit(text: str, limit: int):
    shown = shorten(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()


def test_constants_are_drawn_once_per_use():
    two, x = Node(0, "constant", "2", value="2"), Node(1, "input", "x")
    users = [Node(key, "operation", "*") for key in (2, 3, 4)]
    edges = [Edge(0, 2, "1"), Edge(1, 2, "2"), Edge(0, 3), Edge(2, 3), Edge(0, 4), Edge(0, 4)]
    drawn = repeat_leaves(Picture([two, x, *users], edges, "t"))
    assert [node.title for node in drawn.nodes] == ["x", "2", "*", "2", "*", "2", "2", "*"]
    assert len({node.key for node in drawn.nodes}) == 8
    assert {node.value for node in drawn.nodes if node.kind == "constant"} == {"2"}
    assert [edge[1:] for edge in drawn.edges] == [edge[1:] for edge in edges]
    of = {node.key: node.title for node in drawn.nodes}
    assert [of[edge.source] for edge in drawn.edges] == ["2", "x", "2", "*", "2", "2"]
    assert repeat_leaves(drawn) == drawn


@pytest.mark.parametrize(("uses", "boxes"), [(0, 1), (1, 1), (INPUT_USES, 1), (INPUT_USES + 1, INPUT_USES + 1)])
def test_inputs_are_drawn_once_per_use_when_they_have_many(uses: int, boxes: int):
    result = Node(9, "result", "f")
    drawn = repeat_leaves(Picture([Node(3, "input", "x"), result], [Edge(3, 9)] * uses, "t"))
    assert sum(node.title == "x" for node in drawn.nodes) == boxes
    assert len(drawn.edges) == uses
    assert drawn.nodes[0].key == 3


def test_shared_operations_and_results_stay_one_box():
    nodes = [Node(0, "operation", "sin"), Node(1, "result", "f"), Node(2, "result", "g")]
    picture = Picture(nodes, [Edge(0, 1)] * 9 + [Edge(1, 2)] * 9, "t")
    assert repeat_leaves(picture) == picture


@settings(max_examples=examples(50))
@given(st.data())
def test_spreading_keeps_what_every_box_is_made_of(data: st.DataObject):
    size = data.draw(st.integers(1, 30))
    kinds = data.draw(st.lists(st.sampled_from(["input", "constant", "operation"]), min_size=size, max_size=size))
    nodes = [Node(3 * key, kind, f"t{key}") for key, kind in enumerate(kinds)]
    edges = [
        Edge(3 * data.draw(st.integers(0, target - 1)), 3 * target, str(place))
        for target in range(1, size)
        if kinds[target] == "operation"
        for place in range(data.draw(st.integers(1, 3)))
    ]
    drawn = repeat_leaves(Picture(nodes, edges, "t"))
    of = {node.key: node.title for node in drawn.nodes}
    assert len(of) == len(drawn.nodes)
    assert [(of[a], of[b], label) for a, b, label, *_ in drawn.edges] == [
        (f"t{a // 3}", f"t{b // 3}", label) for a, b, label, *_ in edges
    ]


def test_deep_pictures_become_text_without_recursion():
    size = 20_000
    nodes = [Node(key, "operation", "sin") for key in range(size)]
    picture = Picture(nodes, [Edge(key, key + 1) for key in range(size - 1)], "deep")
    assert count_nodes(to_dot(repeat_leaves(picture))) == size
