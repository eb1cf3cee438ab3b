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

# A token still to be written: text, or a child with the least binding strength that needs no parentheses.
Piece = str | tuple[int, float]


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
    root: int,
    expand: Callable[[int], tuple[Sequence[Piece], float]],
    least: float = 0,
    parentheses: tuple[str, str] = ("(", ")"),
) -> str:
    """Write a tree; `expand` gives a node's pieces and how tightly it binds."""
    left, right = parentheses
    written: list[str] = []
    stack: list[Piece] = [(root, least)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            written.append(piece)
            continue
        pieces, binding = expand(piece[0])
        if binding < piece[1]:
            stack.append(right)
            stack.extend(reversed(pieces))
            stack.append(left)
        else:
            stack.extend(reversed(pieces))
    return "".join(written)


def program_text(graph: Graph, row: int) -> str:
    """A node of a graph as a program: what is used more than once, or has a label, is a binding of its own.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> y = (x + 1.0) * (x + 1.0)
    >>> print(y)
    v1 = x + 1; v1*v1
    """
    live = graph.live([row])
    uses: dict[int, int] = dict.fromkeys(live, 0)
    for node in live:
        for argument in graph.inputs[node]:
            uses[argument] += 1
    names = {number: name for name, number in graph.variables.items()}
    taken = set(graph.variables) | set(graph.labels.values())
    bound: list[int] = []
    fresh = 0
    for node in live:
        if graph.ops[node] is None or node == row or not (uses[node] > 1 or node in graph.labels):
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
        return definition(node)

    def definition(node: int) -> tuple[Sequence[Piece], int]:
        op = graph.ops[node]
        if op is None:
            value = graph.constants[node]
            return [number_text(value)], number_binding(value)
        return call_pieces(op, graph.inputs[node])

    statements = []
    for node in bound:
        name = names.pop(node)
        statements.append(f"{name} = {tree_text(node, expand)}")
        names[node] = name
    statements.append(tree_text(row, expand))
    return "; ".join(statements)
