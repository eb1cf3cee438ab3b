"""Text from trees of operations: the one printer of numbers, signs and parentheses, used for graphs and for ASTs.

What is printed parses to the same thing. Nothing here recurses: a formula may be 10^5 deep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import copysign, isnan
from typing import TYPE_CHECKING

from ..ops import Op
from ..ops.arithmetic import ATOM, NEGATION, POWER, PRODUCT, square

if TYPE_CHECKING:
    from .expr import Graph

SHORT = 12  # characters that are rather written twice than given a name, where names are given sparingly

# A token still to be written: text, or a child with the least binding strength that needs no parentheses.
Piece = str | tuple[int, int]


def number_text(value: float) -> str:
    """The shortest text of the language that reads back to this float64; whole numbers without ``.0``.

    >>> number_text(2.0), number_text(-0.1), number_text(float("inf"))
    ('2', '-0.1', 'inf')
    """
    if isnan(value):
        return "nan"
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


def number_binding(value: float) -> int:
    """A negative number binds like a unary minus."""
    return NEGATION if copysign(1.0, value) < 0 and not isnan(value) else ATOM


def call_pieces(op: Op, children: Sequence[int]) -> tuple[list[Piece], int]:
    """How an op is written: its pieces, children among them, and how tightly the whole binds."""
    binding = op.binding
    if op.sign is None:
        if op is square:
            return [(children[0], POWER + 1), "**2"], POWER
        pieces: list[Piece] = [f"{op.name}("]
        for child in children:
            pieces += [(child, 0), ", "]
        pieces[-1] = ")"
        return pieces, ATOM
    space = "" if binding >= PRODUCT else " "
    if len(children) == 1:
        return [op.sign + (" " if op.sign.isalpha() else ""), (children[0], binding)], binding
    left, right = children
    if binding == POWER:
        return [(left, POWER + 1), op.sign, (right, NEGATION)], POWER
    # a - (b + c), a/(b*c), a < (b < c): the right operand must bind tighter; so must both of a comparison.
    return [(left, binding + op.is_condition), f"{space}{op.sign}{space}", (right, binding + 1)], binding


def tree_text(
    root: int, expand: Callable[[int], tuple[Sequence[Piece], int]], brackets: tuple[str, str] = ("(", ")")
) -> str:
    """Write a tree; `expand` gives a node's pieces and how tightly it binds."""
    written: list[str] = []
    stack: list[Piece] = [(root, 0)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            written.append(piece)
            continue
        pieces, binding = expand(piece[0])
        if binding < piece[1]:
            stack.append(brackets[1])
            stack.extend(reversed(pieces))
            stack.append(brackets[0])
        else:
            stack.extend(reversed(pieces))
    return "".join(written)


def program_text(graph: Graph, row: int, longest: int = 0) -> str:
    """A node of a graph as a program: what is used more than once, or has a label, is a binding of its own.

    With `longest`, a text of at most so many characters needs no bindings, and a longer one none for short pieces.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> y = (x + 1.0) * (x + 1.0)
    >>> print(y)
    v1 = x + 1; v1*v1
    >>> program_text(y.graph, y.row, longest=60)
    '(x + 1)*(x + 1)'
    """

    def leaf(node: int) -> tuple[Sequence[Piece], int]:
        if node in graph.constants:
            value = graph.constants[node]
            return [number_text(value)], number_binding(value)
        return [variables[node]], ATOM

    variables = {number: name for name, number in graph.variables.items()}
    *bindings, (_, result) = bound_texts(graph, row, leaf, call_pieces, longest)
    return "; ".join([f"{name} = {text}" for name, text in bindings] + [result])


Leaf = Callable[[int], tuple[Sequence[Piece], int]]
Calls = Callable[[Op, Sequence[int]], tuple[Sequence[Piece], int]]


def bound_texts(
    graph: Graph, row: int, leaf: Leaf, call: Calls, longest: int = 0, brackets: tuple[str, str] = ("(", ")")
) -> list[tuple[str, str]]:
    """The bindings of a node and their texts, and the node's own text after them, with an empty name.

    Args:
        graph: of the node.
        row: the node.
        leaf: how a variable or a constant is written: its pieces, and how tightly they bind.
        call: how an op is written.
        longest: see `program_text`.
        brackets: what is put around a piece that binds too loosely.
    """
    live = graph.live([row])
    uses: dict[int, int] = dict.fromkeys(live, 0)
    for node in live:
        for argument in graph.inputs[node]:
            uses[argument] += 1
    lengths = _lengths(graph, live) if longest else {}
    names: dict[int, str] = {}
    taken = set(graph.variables) | set(graph.labels.values())
    bound: list[int] = []
    fresh = 0
    for node in live:
        shared = uses[node] > 1 and not (longest and lengths[node] < SHORT)
        if graph.ops[node] is None or node == row or not (shared or (node in graph.labels and not longest)):
            continue
        if longest and lengths[row] <= longest:
            continue
        name = graph.labels.get(node)
        while name is None:
            fresh += 1
            name = f"v{fresh}" if f"v{fresh}" not in taken else None
        names[node] = name
        bound.append(node)

    def expand(node: int) -> tuple[Sequence[Piece], int]:
        if node in names:
            return [names[node]], ATOM
        op = graph.ops[node]
        return leaf(node) if op is None else call(op, graph.inputs[node])

    texts = []
    for node in bound:
        name = names.pop(node)
        texts.append((name, tree_text(node, expand, brackets)))
        names[node] = name
    return [*texts, ("", tree_text(row, expand, brackets))]


def _lengths(graph: Graph, live: Sequence[int]) -> dict[int, float]:
    """About how many characters each node takes, written out."""
    lengths: dict[int, float] = {}
    names = {number: name for name, number in graph.variables.items()}
    for node in live:
        op = graph.ops[node]
        if op is None:
            text = number_text(graph.constants[node]) if node in graph.constants else names[node]
            lengths[node] = len(text)
        else:
            lengths[node] = min(1e12, len(op.sign or op.name) + 2 + sum(lengths[i] for i in graph.inputs[node]))
    return lengths
