"""Turn DOT text into the bytes of a picture. Another process does the layout, under a time limit.

The process runs PyGraphviz, which brings its own Graphviz, or otherwise the `dot` of this machine. DOT text needs
neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.draw.arrows import join_arrows
from adcli.draw.data import to_json
from adcli.draw.dot import TOOLTIP_LIMIT, escape_markup, shorten, to_dot
from adcli.draw.mermaid import to_mermaid
from adcli.draw.picture import Style, repeat_leaves
from adcli.draw.rows import break_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from adcli.draw.picture import Picture
    from adcli.errors import RequestError

GRAPHVIZ_FORMATS = ("svg", "png", "pdf")  # formats that need a layout
PICTURE_FORMATS = (*GRAPHVIZ_FORMATS, "dot", "mermaid", "json")

SECONDS = 20.0  # for one layout
MAX_NODES = 5000  # of one layout; a larger picture is unreadable
DPI = {"png": "144"}  # sharp on a slide
VECTOR_DPI = "72"  # units per inch of formats without pixels

INSTEAD = "write a .dot file instead (-o graph.dot), or draw a smaller expression"

SVG = "http://www.w3.org/2000/svg "  # as the XML parser writes the namespace before a name
ELEMENTS = frozenset(("svg", "g", "desc", "a", "title", "text", "polygon", "polyline", "path", "ellipse"))


def draw(picture: Picture, format: str, seconds: float = SECONDS, style: Style = Style()) -> bytes:  # noqa: B008
    """Return the bytes of a file in one of the `PICTURE_FORMATS`. Leaves with many uses are drawn once per use.

    Ctrl-C, or a signal handler that raises, ends the layout too.

    Raises:
        RequestError: the format is unknown, there are more than `MAX_NODES` boxes to lay out, the layout takes longer
            than `seconds`, or there is no Graphviz.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> x, f = Node(0, "input", "x", value="2"), Node(1, "result", "exp", value="7.389")
    >>> draw(Picture([x, f], [Edge(0, 1)], "exp(x)"), "png")[:4]
    b'\\x89PNG'
    """
    check_request(format, 0)
    if format == "json":
        return to_json(picture).encode("utf-8", "replace")
    drawing = repeat_leaves(picture)
    if format == "mermaid":
        return to_mermaid(drawing, style).encode("utf-8", "replace")
    check_request(format, len(drawing.nodes))
    rows = break_rows(drawing, style.direction)
    return render_dot(lambda: to_dot(rows, style), format, seconds, len(rows.nodes), picture.description)


def check_request(format: str, boxes: int) -> None:
    """Raise a RequestError for an unknown format, and for a layout of more than `MAX_NODES` boxes.

    >>> check_request("svg", 100)
    """
    if format not in PICTURE_FORMATS:
        raise picture_error(f"unknown picture format '{format}': there are {', '.join(PICTURE_FORMATS)}")
    if boxes > MAX_NODES and format != "dot":
        raise picture_error(f"the graph has {boxes} nodes, more than the {MAX_NODES} that can be drawn: {INSTEAD}")


def render_dot(text: Callable[[], str], format: str, seconds: float, boxes: int, description: str = "") -> bytes:
    """Return the bytes of a file for DOT text.

    Args:
        text: writes the DOT text.
        format: of the file.
        seconds: the time limit of the layout.
        boxes: their number, for the message of an error.
        description: of what the picture shows, for readers who cannot see an SVG file.

    >>> render_dot(lambda: "digraph { x }", "dot", 20.0, 1)
    b'digraph { x }'
    """
    if format == "dot":
        return text().encode("utf-8", "replace")
    data = run_graphviz(text, format, seconds, boxes)
    return sanitize_svg(data, description) if format == "svg" else data


def run_graphviz(text: Callable[[], str], format: str, seconds: float, boxes: int) -> bytes:
    """Run Graphviz on the text and return the picture. Its warnings, mostly about fonts, are not shown.

    The text is written while the other process starts. Importing `graphviz` here and PyGraphviz there at the same time
    saves a quarter of the time of a small picture.

    >>> run_graphviz(lambda: "digraph { x }", "pdf", 20.0, 1)[:4]
    b'%PDF'
    """
    from subprocess import PIPE, Popen, TimeoutExpired

    from adcli.draw.layout_child import MISSING
    from adcli.shutdown import cleanup_at_signal

    for command in layout_commands(format, seconds):
        try:
            with Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE) as process, cleanup_at_signal(process.kill):
                try:
                    picture, stderr = process.communicate(text().encode("utf-8", "replace"), timeout=seconds)
                except BaseException:  # an exception must not leave it running either
                    process.kill()
                    process.wait()
                    raise
        except TimeoutExpired:
            size = f" of {boxes} nodes" if boxes else ""
            raise picture_error(
                f"the layout of the graph{size} took longer than {seconds:g} seconds: {INSTEAD}"
            ) from None
        except OSError as problem:
            raise picture_error(f"the layout of the graph could not be started: {problem}") from None
        if process.returncode == 0 and picture:
            return picture
        if process.returncode != MISSING:
            reason = failure_reason(process.returncode, stderr)
            raise picture_error(f"Graphviz could not draw the graph ({reason}): {INSTEAD}")
    raise picture_error(
        "pictures need Graphviz: install PyGraphviz, which includes it (python -m pip install pygraphviz), "
        "install Graphviz itself, or write a .dot file, which needs neither (-o graph.dot)"
    )


def layout_commands(format: str, seconds: float) -> Iterator[list[str]]:
    """Yield the commands that lay out a graph, the best first. A further one is needed if the program is missing.

    >>> next(layout_commands("svg", 20.0))[-3:]
    ['svg', '20.0', '72']
    """
    yield from filter(None, [child_command(format, seconds)])
    yield from filter(None, [system_command(format)])


def child_command(format: str, seconds: float) -> list[str]:
    """Return the command that runs `layout_child` with this Python, or nothing if this Python cannot run a script.

    >>> child_command("svg", 20.0)[-3:]
    ['svg', '20.0', '72']
    """
    import sys

    from adcli.draw import layout_child

    if not sys.executable or getattr(sys, "frozen", False):
        return []
    # -P keeps the files beside the script from hiding libraries of the same name.
    safety = "-I" if sys.flags.isolated else "-P"
    return [sys.executable, safety, layout_child.__file__, format, str(seconds), DPI.get(format, VECTOR_DPI)]


def system_command(format: str) -> list[str]:
    """Return the command that runs the `dot` of this machine, or nothing if there is none.

    >>> system_command("svg")[1:] in ([], ["-Tsvg", "-Gdpi=72"])
    True
    """
    from shutil import which

    dot = which("dot")
    return [dot, f"-T{format}", f"-Gdpi={DPI.get(format, VECTOR_DPI)}"] if dot else []


def failure_reason(status: int, stderr: bytes) -> str:
    """Return why a layout failed: the signal that ended it, or the last line it wrote.

    >>> failure_reason(1, b"warning\\nsyntax error in line 1\\n")
    'syntax error in line 1'
    """
    if status < 0:
        return f"it was ended by signal {-status}"
    lines = stderr.decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return last[:200] or f"exit status {status}"


def sanitize_svg(data: bytes, description: str = "") -> bytes:
    """Return an SVG file that fetches nothing from the network, with the title and description of the picture.

    Raises:
        RequestError: the file is not well-formed, or a part of it could run as a script.

    >>> drawn = b'<svg xmlns="http://www.w3.org/2000/svg"><g><title>f</title></g></svg>'
    >>> sanitize_svg(drawn).splitlines()[-1]
    b'<title>f</title><g></g></svg>'
    """
    import re

    # Drop the comments and the document type before the root, because the type has an address in the network.
    _, _, body = data.decode("utf-8", "replace").partition("<svg")
    root, _, rest = body.partition(">")
    match = re.match(r"(\s*<g\b[^>]*>\s*)<title>([^<]*)</title>\s*", rest)
    title = match[2] if match else "graph"
    rest = match[1] + rest[match.end() :] if match else rest
    rest = join_arrows(rest)
    # The ground gets a line of its own colour, or else a part of the last row of pixels would be bare.
    rest = re.sub(
        r'<polygon fill="([^"]+)" stroke="(?:none|transparent)"', r'<polygon fill="\1" stroke="\1"', rest, count=1
    )
    described = f"<desc>{escape_markup(shorten(description, TOOLTIP_LIMIT))}</desc>" if description else ""
    svg = f'<?xml version="1.0" encoding="UTF-8"?>\n<svg{root}>\n<title>{title}</title>{described}{rest}'.encode()
    check_svg(svg)
    return svg


def check_svg(svg: bytes) -> None:
    """Raise a RequestError unless this is a well-formed SVG file in which nothing runs and nothing is fetched.

    >>> check_svg(b'<svg xmlns="http://www.w3.org/2000/svg"><title>f</title></svg>')
    """
    from xml.parsers.expat import ExpatError, ParserCreate

    elements = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        if (elements == 1) != (name == f"{SVG}svg") or name.removeprefix(SVG) not in ELEMENTS:
            raise picture_error(f"Graphviz drew an unexpected <{name}>: {INSTEAD}")
        for key in attributes:
            if key.lower().startswith("on") or key.endswith("href"):
                raise picture_error(f"Graphviz drew an unexpected {key}=: {INSTEAD}")

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    try:
        parser.Parse(svg, True)
    except ExpatError as problem:
        raise picture_error(f"Graphviz drew an SVG file that is not well-formed ({problem}): {INSTEAD}") from None


def picture_error(message: str) -> RequestError:
    """Return the error of a picture that cannot be drawn.

    >>> print(picture_error("no"))
    no
    """
    from adcli.errors import RequestError

    return RequestError(message)
