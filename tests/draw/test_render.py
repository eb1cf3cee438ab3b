"""Pictures as files, read back by an XML parser, and everything that can go wrong while they are laid out.

Structure is compared and never pixels, so that another version of Graphviz changes nothing here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.draw import render as module
from adcli.draw.dot import LABEL_LIMIT, TOOLTIP_LIMIT, box_lines, shorten, to_dot
from adcli.draw.layout_child import GRACE
from adcli.draw.picture import Edge, Node, Picture, repeat_leaves
from adcli.draw.render import MAX_NODES, PICTURE_FORMATS, SECONDS, check_svg, draw, render_dot, sanitize_svg
from adcli.draw.rows import break_rows
from adcli.errors import RequestError
from tests.sampling import rotate

pytest.importorskip("pygraphviz")

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
STARTS = {
    "svg": b"<?xml",
    "png": b"\x89PNG\r\n\x1a\n",
    "pdf": b"%PDF-",
    "dot": b"digraph",
    "mermaid": b"---",
    "json": b"{",
}

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals and scripts as POSIX has them")

PICTURE = Picture(
    [
        Node(0, "input", "x", value="2", adjoint="2.588"),
        Node(1, "input", "y", value="3", adjoint="0.1068"),
        Node(2, "constant", "2"),
        Node(3, "operation", "**", value="4", adjoint="0.6471"),
        Node(4, "operation", "sin", label="v1", value="-0.7568", adjoint="-0.99"),
        Node(5, "operation", "cos", value="-0.99", adjoint="-0.7568"),
        Node(6, "result", "*", label="f", value="0.7492", adjoint="1"),
    ],
    [Edge(0, 3, "1"), Edge(2, 3, "2"), Edge(3, 4), Edge(1, 5), Edge(4, 6), Edge(5, 6)],
    "v1 = sin(x**2); v1*cos(y)",
)

HOSTILE = [
    "<script>alert(1)</script>",
    '"><image href="javascript:alert(1)"/>',
    "\\N\\G\\L\\l",
    "&lt;&#1;&amp;#x0;",
    "line\nbreak",
    "\x00\x01\x1b[31m",
    "]]>--><!--",
    "charset=",
    "שלום \u202eevil",
    "变量_😀_größe",
    "\ud800",
    "n" * 10_000,
]


def render(text: str, format: str) -> bytes:
    """The file for a text in DOT."""
    return render_dot(lambda: text, format, SECONDS, 1)


class Drawn:
    """What an SVG file says, by the numbers of the boxes."""

    def __init__(self, data: bytes) -> None:
        self.root = ElementTree.fromstring(data)
        self.labels: dict[str, list[str]] = {}
        self.kinds: dict[str, str] = {}
        self.tooltips: dict[str, str] = {}
        self.edges: list[tuple[str, str, list[str]]] = []
        for group in self.root.iter(f"{SVG}g"):
            kind, _, extra = group.get("class", "").partition(" ")
            texts = [text.text or "" for text in group.iter(f"{SVG}text")]
            name = group.findtext(f"{SVG}title", "")
            if kind == "node":
                self.labels[name] = texts
                self.kinds[name] = extra
                self.tooltips[name] = "".join(a.get(f"{XLINK}title", "") for a in group.iter(f"{SVG}a"))
            elif kind == "edge":
                source, _, target = name.partition("->")
                self.edges.append((source, target, texts))

    @property
    def title(self) -> str:
        return self.root.findtext(f"{SVG}title", "")


def sum_over_shared_inputs(boxes: int) -> Picture:
    """A sum of terms ``c*sin(a)*b`` with three inputs that all terms share."""
    nodes = [Node(key, "input", name, value="1") for key, name in enumerate("xyz")]
    edges: list[Edge] = []

    def add(title: str, *arguments: int) -> int:
        key = len(nodes)
        nodes.append(Node(key, "operation" if arguments else "constant", title, value="0.1234"))
        edges.extend(Edge(argument, key) for argument in arguments)
        return key

    total = add("0")
    while len(nodes) < boxes:
        turn = len(nodes)
        total = add("+", total, add("*", add("*", add(str(turn)), add("sin", turn % 3)), (turn + 1) % 3))
    return Picture(nodes, edges, "sum")


def test_the_svg_shows_every_node_edge_value_and_adjoint():
    drawn = Drawn(draw(PICTURE, "svg"))
    assert drawn.labels == {f"n{node.key}": box_lines(node, LABEL_LIMIT) for node in PICTURE.nodes}
    assert drawn.labels["n4"] == ["v1 = sin", "value -0.7568", "adjoint -0.99"]
    assert drawn.kinds == {f"n{node.key}": node.kind for node in PICTURE.nodes}
    assert sorted(drawn.edges) == sorted((f"n{edge.source}", f"n{edge.target}", []) for edge in PICTURE.edges)
    assert drawn.tooltips["n6"] == "f = *\nvalue 0.7492\nadjoint 1"


def test_the_svg_has_a_title_and_asks_the_network_for_nothing():
    data = draw(PICTURE, "svg")
    root = ElementTree.fromstring(data)
    assert data.startswith(b"<?xml")
    assert root.tag == f"{SVG}svg"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == PICTURE.title
    assert b"<!DOCTYPE" not in data
    assert b"href" not in data.replace(b"xmlns:xlink", b"")


@pytest.mark.parametrize("format", PICTURE_FORMATS)
def test_every_format_is_a_file_of_its_kind(format: str):
    assert draw(PICTURE, format).startswith(STARTS[format])
    if format not in ("mermaid", "json"):
        assert render(to_dot(PICTURE), format).startswith(STARTS[format])


def test_dot_is_the_text_itself():
    assert render("digraph { ü }", "dot") == "digraph { ü }".encode()
    assert draw(PICTURE, "dot").decode() == to_dot(repeat_leaves(PICTURE))


@pytest.mark.parametrize("format", ["svg", "png"])
def test_nothing_is_written_beside_the_result(format: str, capfd: pytest.CaptureFixture[str]):
    draw(PICTURE, format)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("text", rotate(HOSTILE, 4))
def test_hostile_texts_are_inert(text: str):
    node = Node(0, "input", text, label=text, value=text, adjoint=text)
    picture = Picture([node, PICTURE.nodes[6]], [Edge(0, 6, text)], text)
    drawn = Drawn(draw(picture, "svg"))
    assert drawn.labels["n0"] == box_lines(node, LABEL_LIMIT)
    assert len(drawn.edges) == 1
    assert drawn.title == shorten(text, TOOLTIP_LIMIT).replace("\\", "\u29f5")
    assert drawn.tooltips["n0"] == "\n".join(box_lines(node, TOOLTIP_LIMIT)).replace("\\", "\u29f5")
    assert draw(picture, "png").startswith(STARTS["png"])


@settings(max_examples=20)
@given(st.lists(st.text(st.characters() | st.sampled_from("\\&;#<>\"'NGLlnr%{}|-"), min_size=1), max_size=30))
def test_any_text_comes_back_from_the_svg(texts: list[str]):
    nodes = [Node(key, "operation", text, label="u", value=text) for key, text in enumerate(texts)]
    drawn = Drawn(draw(Picture(nodes, [], "".join(texts)), "svg"))
    for node in nodes:
        shown = [line.replace("\xa0", " ") for line in drawn.labels[f"n{node.key}"]]
        assert shown == [line.replace("\xa0", " ") for line in box_lines(node, LABEL_LIMIT)]


def test_a_picture_without_title_or_with_a_reserved_one_has_a_title_all_the_same():
    assert Drawn(draw(PICTURE._replace(title=""), "svg")).title == "graph"
    assert Drawn(draw(PICTURE._replace(title="%3"), "svg")).title == "graph %3"
    assert Drawn(render("digraph { x }", "svg")).title == "graph"


def test_a_thousand_nodes_with_three_shared_inputs_take_seconds():
    picture = sum_over_shared_inputs(1000)
    drawn = Drawn(draw(picture, "svg", seconds=60))
    assert len(drawn.edges) == len(picture.edges)
    assert len(drawn.labels) == len(break_rows(repeat_leaves(picture)).nodes) > 1000


def chain(boxes: int) -> Picture:
    nodes = [Node(key, "operation", "sin") for key in range(boxes)]
    return Picture(nodes, [Edge(key, key + 1) for key in range(boxes - 1)], "deep")


def test_too_many_nodes_are_refused_at_once_and_written_as_dot():
    with pytest.raises(RequestError, match=rf"100000 nodes, more than the {MAX_NODES}.*graph\.dot"):
        draw(chain(100_000), "svg")
    picture = chain(MAX_NODES + 1)
    with pytest.raises(RequestError, match=rf"{MAX_NODES + 1} nodes, more than"):
        draw(picture, "png")
    assert draw(picture, "dot").decode() == to_dot(break_rows(picture))


def test_as_many_nodes_as_are_allowed_do_not_exhaust_a_stack():
    assert draw(chain(MAX_NODES), "svg", seconds=60).count(b'class="node operation') == MAX_NODES


def test_a_layout_that_takes_too_long_is_ended():
    with pytest.raises(RequestError, match=r"of \d+ nodes took longer than 0\.01 seconds.*graph\.dot.*smaller"):
        draw(sum_over_shared_inputs(2000), "svg", seconds=0.01)


def test_an_unknown_format_names_those_there_are():
    with pytest.raises(RequestError, match=r"'bmp': there are svg, png, pdf, dot"):
        draw(PICTURE, "bmp")


def test_text_that_is_not_dot_is_an_error_of_the_request():
    with pytest.raises(RequestError, match="Graphviz could not draw the graph"):
        render("digraph { [", "svg")


def test_libraries_of_the_same_name_in_the_working_directory_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("pygraphviz", "tempfile", "dot"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong file was run')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)  # may be relative, and then the directory is asked for
    assert draw(PICTURE, "svg").startswith(b"<?xml")


@pytest.fixture
def without_pygraphviz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No PyGraphviz for the other process, and a PATH that holds what the test puts into it."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "pygraphviz.py").write_text("raise ImportError('hidden')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hidden"))
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "bin"


def test_without_any_graphviz_both_ways_to_get_it_are_named(without_pygraphviz: Path):
    with pytest.raises(RequestError, match=r"pip install pygraphviz.*Graphviz itself.*\.dot file") as caught:
        draw(PICTURE, "svg")
    assert "\n" not in str(caught.value)
    assert draw(PICTURE, "dot").startswith(b"digraph")


def install(path: Path, body: str) -> None:
    path.write_text(f"#!{sys.executable}\nimport sys\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


@needs_posix
def test_a_dot_of_the_machine_is_used_without_pygraphviz(without_pygraphviz: Path):
    install(
        without_pygraphviz / "dot",
        "text = sys.stdin.read()\n"
        "assert sys.argv[1:] == ['-Tsvg', '-Gdpi=72'] and 'v1 = sin' in text\n"
        "print('<!DOCTYPE svg><svg xmlns=\"http://www.w3.org/2000/svg\"><g><title>of dot</title></g></svg>')",
    )
    drawn = Drawn(draw(PICTURE, "svg"))
    assert drawn.title == "of dot"


@needs_posix
def test_a_dot_of_the_machine_that_fails_says_why(without_pygraphviz: Path):
    install(without_pygraphviz / "dot", "sys.exit('cannot open display')")
    with pytest.raises(RequestError, match=r"\(cannot open display\)"):
        draw(PICTURE, "svg")


def test_a_python_that_cannot_run_scripts_is_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert module.child_command("svg", 1.0) == []


@needs_posix
def test_a_crash_of_graphviz_is_an_error_of_the_request(monkeypatch: pytest.MonkeyPatch):
    crash = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    monkeypatch.setattr(module, "child_command", lambda format, seconds: crash)
    with pytest.raises(RequestError, match="ended by signal 9"):
        draw(PICTURE, "svg")


def test_a_command_that_does_not_exist_is_an_error_of_the_request(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "child_command", lambda format, seconds: ["/nonexistent/python"])
    with pytest.raises(RequestError, match="could not be started"):
        draw(PICTURE, "svg")


INTERRUPTED = """
import signal, sys
from adcli.draw import render
child = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'w'), flush=True); time.sleep(600)"
render.child_command = lambda format, seconds: [sys.executable, "-c", child, sys.argv[1]]
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
try:
    render.render_dot(lambda: "digraph { x }", "svg", 600.0, 1)
except KeyboardInterrupt:
    sys.exit(130)
"""


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@needs_posix
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_ends_the_layout_too(number: signal.Signals, status: int, tmp_path: Path):
    note = tmp_path / "process"
    root = str(Path(module.__file__).parents[2])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(note)], env=os.environ | {"PYTHONPATH": paths}
    ) as parent:
        try:
            while not (note.exists() and note.read_text().endswith("\n")):
                assert parent.poll() is None, "the layout did not start"
                time.sleep(0.02)
            parent.send_signal(number)
            assert parent.wait(timeout=600) == status
        finally:
            parent.kill()
    assert not alive(int(note.read_text()))


@needs_posix
def test_a_layout_whose_parent_was_killed_ends_by_itself():
    # Its own limit lies GRACE seconds after that of the parent, so -GRACE + 1 is one second from now.
    command = module.child_command("svg", 1.0 - GRACE)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        try:
            assert child.wait(timeout=600) == -signal.SIGALRM
        finally:
            child.kill()


@pytest.mark.parametrize(
    "svg",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='1'/>",
        "<svg xmlns='http://www.w3.org/2000/svg'><a href='javascript:1'/></svg>",
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink"><a l:href=""/></svg>',
        "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
        "<svg/>",
        "<html/>",
        "",
    ],
)
def test_svg_that_could_run_or_is_broken_is_refused(svg: str):
    with pytest.raises(RequestError, match="Graphviz drew"):
        check_svg(svg.encode())
    with pytest.raises(RequestError, match="Graphviz drew"):
        sanitize_svg(svg.encode())
