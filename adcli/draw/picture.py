"""The description of a picture: named tuples of texts that are already formatted.

Every format of picture is printed from this description and does not see the graph.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

BoxKind = Literal["input", "constant", "operation", "result", "reference"]
Measure = Literal["relative", "absolute"]  # of how much of a derivative goes along an arrow

INPUT_USES = 4  # an input with more uses than this is drawn once per use


class Node(NamedTuple):
    """One box.

    Attributes:
        key: the number of the box.
        kind: of the box. A reference stands for a box in another row of the picture.
        title: the operation, the name of the input, or the constant.
        label: the name that the user bound it to.
        name: by which other boxes refer to it: its label, that of the result, or v1, v2 …
        formula: the operation with its arguments, by their names.
        value, adjoint: numbers as text.
        shape: of an array.
        mark: the kind of note on this point, such as a kink or a pole.
        share: what the one use that this box is drawn for adds to the adjoint.

    >>> Node(3, "operation", "sin", label="v2", value="0.5").label
    'v2'
    """

    key: int
    kind: BoxKind
    title: str
    label: str | None = None
    value: str | None = None
    adjoint: str | None = None
    shape: str | None = None
    mark: str | None = None
    name: str | None = None
    formula: str | None = None
    share: str | None = None


class Edge(NamedTuple):
    """An arrow from an argument to its user.

    Attributes:
        source, target: the keys of the argument and of the user.
        label: the number of the argument, from 1, which JSON has. Empty where the order does not matter.
        partial: the local derivative of the user by the argument.
        taken: whether the user picks the argument at this point.
        position: the index of the argument, from 0.
        term: what this use adds to the adjoint of the source.
        flow: how much of the derivative goes along the arrow, None if it is not known.

    >>> Edge(0, 2, "1st").taken
    True
    """

    source: int
    target: int
    label: str = ""
    partial: str | None = None
    taken: bool = True
    position: int = 0
    term: str | None = None
    flow: Flow | None = None


class Flow(NamedTuple):
    """How much of a derivative goes along an arrow.

    Attributes:
        size: the sum of the sizes of all elements, of one for a number.
        net: their sum, in which elements of opposite signs cancel.

    >>> Flow(3.0, -1.0).size
    3.0
    """

    size: float
    net: float


class Picture(NamedTuple):
    """Boxes and arrows, in the order in which they were computed, and a title for the whole.

    Attributes:
        nodes, edges: the boxes and arrows.
        title: of the whole.
        measure: of the flows along the arrows, None without flows.
        of: the result whose derivative flows.
        results: the keys of the boxes of the results, in their order.

    >>> x, f = Node(0, "input", "x", value="2"), Node(1, "result", "exp", value="7.389")
    >>> Picture([x, f], [Edge(0, 1)], "exp(x)").title
    'exp(x)'
    """

    nodes: list[Node]
    edges: list[Edge]
    title: str
    measure: Measure | None = None
    of: str = "f"
    results: tuple[int, ...] = ()

    @property
    def shared(self) -> frozenset[int]:
        """The keys of the boxes whose adjoints are sums of several terms.

        >>> Picture([], [Edge(0, 1, term="2"), Edge(0, 2, term="3"), Edge(3, 2, term="1")], "").shared
        frozenset({0})
        """
        terms: dict[int, int] = {}
        for edge in self.edges:
            if edge.term is not None:
                terms[edge.source] = terms.get(edge.source, 0) + 1
        return frozenset([key for key, count in terms.items() if count > 1])

    @property
    def description(self) -> str:
        """The picture in words, for readers who cannot see it.

        >>> x, f = Node(0, "input", "x"), Node(1, "result", "exp", value="7.389")
        >>> Picture([x, f], [Edge(0, 1)], "exp(x)").description
        'A graph of 2 nodes and 1 edge, from the inputs x to exp = 7.389.'
        """
        inputs = [node.title for node in self.nodes if node.kind == "input"]
        results = [
            f"{node.label or node.name or node.title}{f' = {node.value}' if node.value else ''}"
            for node in self.nodes
            if node.kind == "result"
        ]
        counts = f"{len(self.nodes)} nodes and {len(self.edges)} edge{'s' * (len(self.edges) != 1)}"
        listing = ", ".join(dict.fromkeys(inputs[:20])) + (" …" if len(inputs) > 20 else "")
        return f"A graph of {counts}, from the inputs {listing or 'none'} to {', '.join(results[:20])}."


class Style(NamedTuple):
    """How a picture is drawn: left to right (``LR``) or top down (``TB``), on dark ground, with a legend."""

    direction: str = "LR"
    dark: bool = False
    legend: bool = False


def repeat_leaves(picture: Picture, input_uses: int = INPUT_USES) -> Picture:
    """Return the same picture with constants, and inputs of more than `input_uses` uses, drawn once per use.

    If many operations share a leaf, its arrows are unreadable, and Graphviz needs far more time. The first
    use keeps the key of the leaf, and further uses have keys above all others. Each copy stands right before its user,
    which makes the layout quicker. It says what its use adds to the adjoint.

    >>> two, x, f = Node(0, "constant", "2"), Node(1, "input", "x"), Node(2, "result", "f")
    >>> repeated = repeat_leaves(Picture([two, x, f], [Edge(0, 2), Edge(0, 2), Edge(1, 2)], ""))
    >>> [(node.key, node.title) for node in repeated.nodes]
    [(1, 'x'), (0, '2'), (3, '2'), (2, 'f')]
    >>> [tuple(edge[:2]) for edge in repeated.edges]
    [(0, 2), (3, 2), (1, 2)]
    """
    uses: dict[int, int] = {}
    for edge in picture.edges:
        uses[edge.source] = uses.get(edge.source, 0) + 1
    repeated = {
        node.key: node
        for node in picture.nodes
        if node.kind == "constant" or (node.kind == "input" and uses.get(node.key, 0) > input_uses)
    }
    fresh = max((node.key for node in picture.nodes), default=0) + 1
    no_share = "0" if any(edge.term is not None for edge in picture.edges) else None
    edges = []
    copies: dict[int, list[Node]] = {}  # by the box that they are drawn for
    copied: set[int] = set()
    for edge in picture.edges:
        leaf = repeated.get(edge.source)
        if leaf is not None:
            if edge.source in copied:
                edge = edge._replace(source=fresh)
                fresh += 1
            copied.add(leaf.key)
            share = no_share if edge.term is None and leaf.adjoint is not None else edge.term
            copies.setdefault(edge.target, []).append(leaf._replace(key=edge.source, share=share))
            edge = edge._replace(term=None)
        edges.append(edge)
    nodes = []
    for node in picture.nodes:
        if node.key not in copied:
            nodes += [*copies.get(node.key, ()), node]
    return picture._replace(nodes=nodes, edges=edges)
