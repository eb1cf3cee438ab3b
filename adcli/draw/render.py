"""From DOT text to the bytes of a picture: another process does the layout, under a time limit.

PyGraphviz's own Graphviz does it, or the machine's `dot` without PyGraphviz; DOT itself needs neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.draw.data import to_json
from adcli.draw.dot import TOOLTIP_LIMIT, markup, plain, to_dot
from adcli.draw.mermaid import to_mermaid
from adcli.draw.picture import Style, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from adcli.draw.picture import Picture
    from adcli.errors import RequestError

LAID_OUT = ("svg", "png", "pdf")  # by Graphviz
FORMATS = (*LAID_OUT, "dot", "mermaid", "json")

SECONDS = 20.0  # for one layout
MAX_NODES = 5000  # more boxes than this are not laid out: nobody could read them
DPI = {"png": "144"}  # sharp on a slide; the other formats have no pixels
POINTS = "72"

INSTEAD = "write a .dot file instead (-o graph.dot), or draw a smaller expression"

SVG = "http://www.w3.org/2000/svg "  # as the XML parser writes the namespace before a name
ELEMENTS = frozenset(("svg", "g", "desc", "a", "title", "text", "polygon", "polyline", "path", "ellipse"))


def draw(picture: Picture, format: str, seconds: float = SECONDS, style: Style = Style()) -> bytes:  # noqa: B008
    """The picture as the bytes of a file in one of the `FORMATS`, leaves that many share drawn once per use.

    Raises `RequestError` for an unknown format, more than `MAX_NODES` boxes to lay out, a layout that takes longer
    than `seconds`, and where there is no Graphviz at all. Whatever interrupts the wait (Ctrl-C, a signal handler
    that raises) ends the layout too.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> x, f = Node(0, "input", "x", value="2"), Node(1, "result", "exp", value="7.389")
    >>> draw(Picture([x, f], [Edge(0, 1)], "exp(x)"), "png")[:4]
    b'\\x89PNG'
    """
    check(format, 0)
    if format == "json":
        return to_json(picture).encode("utf-8", "replace")
    shown = spread(picture)
    if format == "mermaid":
        return to_mermaid(shown, style).encode("utf-8", "replace")
    check(format, len(shown.nodes))
    return made(lambda: to_dot(shown, style), format, seconds, len(shown.nodes), picture.description)


def check(format: str, boxes: int) -> None:
    """Refuse an unknown format, and a layout of more than `MAX_NODES` boxes.

    >>> check("svg", 100)
    """
    if format not in FORMATS:
        raise refusal(f"unknown picture format '{format}': there are {', '.join(FORMATS)}")
    if boxes > MAX_NODES and format != "dot":
        raise refusal(f"the graph has {boxes} nodes, more than the {MAX_NODES} that can be drawn: {INSTEAD}")


def made(text: Callable[[], str], format: str, seconds: float, boxes: int, description: str = "") -> bytes:
    """The file for a text that is still to be written.

    >>> made(lambda: "digraph { x }", "dot", 20.0, 1)
    b'digraph { x }'
    """
    if format == "dot":
        return text().encode("utf-8", "replace")
    data = laid_out(text, format, seconds, boxes)
    return settled(data, description) if format == "svg" else data


def laid_out(text: Callable[[], str], format: str, seconds: float, boxes: int) -> bytes:
    """What Graphviz makes of the text; its warnings, mostly about fonts, are kept from the user.

    The text is written while the other process starts: importing `graphviz` here and PyGraphviz there at the
    same time takes a quarter off the time of a small picture.

    >>> laid_out(lambda: "digraph { x }", "pdf", 20.0, 1)[:4]
    b'%PDF'
    """
    from subprocess import PIPE, Popen, TimeoutExpired

    from adcli.draw.layout_child import MISSING

    for command in commands(format, seconds):
        try:
            with Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:
                try:
                    drawn, said = process.communicate(text().encode("utf-8", "replace"), timeout=seconds)
                except BaseException:  # Ctrl-C and a SIGTERM handler's SystemExit must not leave it running
                    process.kill()
                    process.wait()
                    raise
        except TimeoutExpired:
            size = f" of {boxes} nodes" if boxes else ""
            raise refusal(f"the layout of the graph{size} took longer than {seconds:g} seconds: {INSTEAD}") from None
        except OSError as problem:
            raise refusal(f"the layout of the graph could not be started: {problem}") from None
        if process.returncode == 0 and drawn:
            return drawn
        if process.returncode != MISSING:
            raise refusal(f"Graphviz could not draw the graph ({reason(process.returncode, said)}): {INSTEAD}")
    raise refusal(
        "pictures need Graphviz, and there is none: install PyGraphviz, which brings it along "
        "(python -m pip install pygraphviz), or Graphviz itself, so that 'dot' is found; "
        "a .dot file (-o graph.dot) works without"
    )


def commands(format: str, seconds: float) -> Iterator[list[str]]:
    """The ways to have a graph laid out, the best first; the next is looked for when the one before it is missing.

    >>> next(commands("svg", 20.0))[-3:]
    ['svg', '20.0', '72']
    """
    yield from filter(None, [child_command(format, seconds)])
    yield from filter(None, [system_command(format)])


def child_command(format: str, seconds: float) -> list[str]:
    """How to run `layout_child` with this Python; nothing where this Python cannot run a script.

    >>> child_command("svg", 20.0)[-3:]
    ['svg', '20.0', '72']
    """
    import sys

    from adcli.draw import layout_child

    if not sys.executable or getattr(sys, "frozen", False):
        return []
    # -P keeps the files beside the script from hiding libraries of the same name.
    safety = "-I" if sys.flags.isolated else "-P"
    return [sys.executable, safety, layout_child.__file__, format, str(seconds), DPI.get(format, POINTS)]


def system_command(format: str) -> list[str]:
    """How to run the machine's own `dot`; nothing where there is none.

    >>> system_command("svg")[1:] in ([], ["-Tsvg", "-Gdpi=72"])
    True
    """
    from shutil import which

    dot = which("dot")
    return [dot, f"-T{format}", f"-Gdpi={DPI.get(format, POINTS)}"] if dot else []


def reason(status: int, said: bytes) -> str:
    """Why a layout failed, in a few words: how it was ended, or the last line it wrote.

    >>> reason(1, b"warning\\nsyntax error in line 1\\n")
    'syntax error in line 1'
    """
    if status < 0:
        return f"it was ended by signal {-status}"
    lines = said.decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return last[:200] or f"exit status {status}"


def settled(data: bytes, description: str = "") -> bytes:
    """An SVG file that asks the network for nothing, with its title where readers look for one.

    Raises `RequestError` unless it is well-formed and free of everything that could run.

    >>> drawn = b'<svg xmlns="http://www.w3.org/2000/svg"><g><title>f</title></g></svg>'
    >>> settled(drawn).splitlines()[-1]
    b'<title>f</title><g></g></svg>'
    """
    import re

    # Before the root stand the document type, which names an address in the network, and comments.
    _, _, body = data.decode("utf-8", "replace").partition("<svg")
    root, _, rest = body.partition(">")
    found = re.match(r"(\s*<g\b[^>]*>\s*)<title>([^<]*)</title>\s*", rest)
    title = found[2] if found else "graph"
    rest = found[1] + rest[found.end() :] if found else rest
    described = f"<desc>{markup(plain(description, TOOLTIP_LIMIT))}</desc>" if description else ""
    svg = f'<?xml version="1.0" encoding="UTF-8"?>\n<svg{root}>\n<title>{title}</title>{described}{rest}'.encode()
    inspect(svg)
    return svg


def inspect(svg: bytes) -> None:
    """Refuse anything but a well-formed SVG file in which nothing runs and nothing is fetched.

    >>> inspect(b'<svg xmlns="http://www.w3.org/2000/svg"><title>f</title></svg>')
    """
    from xml.parsers.expat import ExpatError, ParserCreate

    elements = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        if (elements == 1) != (name == f"{SVG}svg") or name.removeprefix(SVG) not in ELEMENTS:
            raise refusal(f"Graphviz drew an unexpected <{name}>: {INSTEAD}")
        for key in attributes:
            if key.lower().startswith("on") or key.endswith("href"):
                raise refusal(f"Graphviz drew an unexpected {key}=: {INSTEAD}")

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    try:
        parser.Parse(svg, True)
    except ExpatError as problem:
        raise refusal(f"Graphviz drew an SVG file that is not well-formed ({problem}): {INSTEAD}") from None


def refusal(message: str) -> RequestError:
    """The error for a picture that cannot be drawn.

    >>> print(refusal("no"))
    no
    """
    from adcli.errors import RequestError

    return RequestError(message)
