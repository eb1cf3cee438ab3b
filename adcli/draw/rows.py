"""Break a picture with a long chain of boxes into rows, as a text is broken into lines.

An arrow from one row to another would cross the whole picture. A small box in the row of its head refers to the box at
its tail by name instead.
"""

from __future__ import annotations

from math import ceil, sqrt
from typing import NamedTuple

from adcli.draw.picture import Edge, Node, Picture

LONGEST_ROW = 20  # boxes in a chain, up to which a picture stays in one row
SHORTEST_ROW = 8


class Pitch(NamedTuple):
    """How much room a box takes, in points.

    Attributes:
        along: in the direction of the arrows.
        across: to its neighbour.
        shape: the length of the picture along the arrows over that across them, of a page.
    """

    along: float
    across: float
    shape: float


PITCHES = {"LR": Pitch(160, 70, 1.4), "TB": Pitch(85, 150, 1.4)}


def break_rows(picture: Picture, direction: str = "LR") -> Picture:
    """Return the picture in rows, or the picture itself if no chain in it is long.

    The last row comes first in the list if the direction is ``LR``, because Graphviz draws it at the bottom.

    >>> nodes = [Node(key, "operation", "sin", name=f"v{key}") for key in range(40)]
    >>> rows = break_rows(Picture(nodes, [Edge(key, key + 1) for key in range(39)], ""))
    >>> [node.title for node in rows.nodes if node.kind == "reference"]
    ['v31', 'v23', 'v15', 'v7']
    """
    heights = _heights(picture)
    ranks = 1 + max(heights.values(), default=0)
    if ranks <= LONGEST_ROW:
        return picture
    pitch = PITCHES[direction]
    across = pitch.across * max(1.0, len(picture.nodes) / ranks) + pitch.across / 2
    length = max(SHORTEST_ROW, ceil(ranks / max(1, round(sqrt(ranks * pitch.along / (pitch.shape * across))))))
    if length >= ranks:
        return picture
    length = ceil(ranks / ceil(ranks / length))  # rows of about the same length
    row = _rows(picture, {key: (ranks - 1 - height) // length for key, height in heights.items()}, length // 2)
    references, edges = _refer(picture, row)
    nodes = sorted([*references, *picture.nodes], key=lambda node: row[node.key], reverse=direction == "LR")
    return picture._replace(nodes=nodes, edges=edges)


def _heights(picture: Picture) -> dict[int, int]:
    """Return for each box how many arrows the longest path from it has. Arrows come in the order of their heads."""
    heights = dict.fromkeys([node.key for node in picture.nodes], 0)
    for edge in reversed(picture.edges):
        heights[edge.source] = max(heights[edge.source], heights[edge.target] + 1)
    return heights


def _rows(picture: Picture, by_height: dict[int, int], most: int) -> dict[int, int]:
    """Return the row of each box: that of its first user if at most `most` arrows lead up to it, or else by its height.

    So a term of a long sum stays together.
    """
    depths = dict.fromkeys(by_height, 0)
    for edge in picture.edges:
        depths[edge.target] = max(depths[edge.target], depths[edge.source] + 1)
    row = dict(by_height)
    of_users: dict[int, int] = {}
    for edge in reversed(picture.edges):
        key, user = edge.source, row[edge.target]
        of_users[key] = min(of_users.get(key, user), user)
        if depths[key] <= most:
            row[key] = of_users[key]
    return row


def _refer(picture: Picture, row: dict[int, int]) -> tuple[list[Node], list[Edge]]:
    """Return the boxes that refer to other rows, and all arrows. The rows of the new boxes are added to `row`."""
    by_key = {node.key: node for node in picture.nodes}
    references: dict[tuple[int, int], Node] = {}
    edges: list[Edge] = []
    fresh = max(by_key, default=0) + 1
    for edge in picture.edges:
        here = row[edge.target]
        if row[edge.source] != here:
            link = edge.source, here
            if link not in references:
                source = by_key[edge.source]
                references[link] = Node(fresh, "reference", source.name or source.title)
                row[fresh] = here
                fresh += 1
            edge = edge._replace(source=references[link].key)
        edges.append(edge)
    return list(references.values()), edges
