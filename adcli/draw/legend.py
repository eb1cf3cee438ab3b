"""The legend of a picture, as a table in the markup of Graphviz."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf, isnan

from adcli.draw.flow import DARK, LIGHT, largest
from adcli.draw.picture import Picture

DIGITS = 3
TABLE = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="1" CELLPADDING="1">'
SAMPLE = "\u2014\u2014\u2014"  # a line of em dashes, which every font has


def legend_rows(picture: Picture, dark: bool = False) -> list[tuple[str, str]]:
    """Return the entries of the legend: a colour or nothing, and a text.

    >>> from adcli.draw.picture import Edge, Flow, Node
    >>> x, f = Node(0, "input", "x", value="2", adjoint="3"), Node(1, "result", "f", value="6")
    >>> for _, text in legend_rows(Picture([x, f], [Edge(0, 1, flow=Flow(6.0, 6.0))], "", "relative")):
    ...     print(text)
    value: of the box; adjoint: the derivative of f by the box
    f rises along this arrow if the box at the tail grows
    f falls along this arrow if the box at the tail grows
    width: how much f changes along the arrow if the box at the tail changes by 1 % of its value; the widest: 0.06
    """
    texts = [] if all(node.value is None for node in picture.nodes) else ["value: of the box"]
    if any(node.adjoint is not None for node in picture.nodes):
        texts.append(f"adjoint: the derivative of {picture.of} by the box")
    rows = [("", "; ".join(texts))] if texts else []
    rows += _flow_rows(picture, dark)
    if any(edge.partial is not None for edge in picture.edges):
        rows.append(("", "×4: the local derivative is 4"))
    if picture.shared:
        rows.append(("", "+2, -2: what one of several uses adds to the adjoint at its tail"))
    if not all(edge.taken for edge in picture.edges):
        rows.append(("", "dashed: a branch that is not taken"))
    marks = dict.fromkeys([node.mark for node in picture.nodes if node.mark is not None])
    if marks:
        rows.append(("", f"thick outline: {', '.join(marks)}, which the notes explain"))
    if any(node.kind == "reference" for node in picture.nodes):
        rows.append(("", "dotted box: the box of this name in another row"))
    return rows or [("", "round: an input; double line: a result")]


def _flow_rows(picture: Picture, dark: bool) -> list[tuple[str, str]]:
    flows = [edge.flow for edge in picture.edges if edge.flow is not None]
    if not flows or picture.measure is None:
        return []
    palette, of, most = DARK if dark else LIGHT, picture.of, largest(picture.edges)
    rows = [
        (palette.rise, f"{of} rises along this arrow if the box at the tail grows"),
        (palette.fall, f"{of} falls along this arrow if the box at the tail grows"),
    ]
    if picture.measure == "relative":
        width = f"how much {of} changes along the arrow if the box at the tail changes by 1 % of its value"
        most /= 100
    else:
        width = "what the arrow adds to the adjoint at its tail, to compare with arrows from the same box"
    widest = [f"{most:.{DIGITS}g}"] * bool(most) + ["inf"] * any(isinf(flow.size) for flow in flows)
    rows.append(("", f"width: {width}" + (f"; the widest: {' or '.join(widest)}" if widest else "")))
    if any(isnan(flow.size) for flow in flows):
        rows.append((palette.undefined, "dotted: the derivative is not a number"))
    return rows


def title_with_legend(title: Sequence[str], rows: Sequence[tuple[str, str]], size: int) -> str:
    """Return the markup of a title with a legend below.

    Args:
        title: its lines, escaped for markup.
        rows: from `legend_rows`.
        size: of the letters of the legend, in points.

    >>> title_with_legend(["x &lt; 1"], [("", "round: an input")], 10)[:30]
    '<<TABLE BORDER="0" CELLBORDER='
    """
    cells = [f"<TR><TD>{line}</TD></TR>" for line in title]
    cells.append('<TR><TD HEIGHT="6"></TD></TR>')
    for colour, text in rows:
        sample = f'<B><FONT COLOR="{colour}">{SAMPLE}</FONT></B> ' if colour else ""
        cells.append(f'<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="{size}">{sample}{text}</FONT></TD></TR>')
    cells.append('<TR><TD HEIGHT="14"></TD></TR>')
    return f"<{TABLE}{''.join(cells)}</TABLE>>"
