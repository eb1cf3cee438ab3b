"""The AST back to text that parses to an equal AST, by the printer that graphs use."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph.text import Piece, call_pieces, number_binding, number_text, tree_text
from ..ops import SIGNS
from ..ops.arithmetic import ATOM, COMPARISON, NEGATION
from .ast import Formula, Name, Node, Number


def formula_text(formula: Formula) -> str:
    """The whole program on one line, bindings separated by semicolons."""
    statements = [f"{binding.name} = {node_text(binding.node)}" for binding in formula.bindings]
    return "; ".join([*statements, node_text(formula.result)])


def node_text(root: Node) -> str:
    """One expression.

    >>> from adcli import parse
    >>> node_text(parse("(a - (b - c))^(-d)").result)
    '(a - (b - c))**-d'
    """
    nodes: list[Node] = [root]

    def expand(number: int) -> tuple[Sequence[Piece], int]:
        node = nodes[number]
        if isinstance(node, Number):
            return [number_text(node.value)], number_binding(node.value)
        if isinstance(node, Name):
            return [node.name], ATOM
        children = range(len(nodes), len(nodes) + len(node.arguments))
        nodes.extend(node.arguments)
        op = SIGNS.get((node.function, len(children)))
        if op is not None:
            return call_pieces(op, children)
        if node.function == "+":
            return ["+", (children[0], NEGATION)], NEGATION
        if " " in node.function:
            pieces: list[Piece] = [(children[0], COMPARISON + 1)]
            for sign, child in zip(node.function.split(" "), children[1:], strict=True):
                pieces += [f" {sign} ", (child, COMPARISON + 1)]
            return pieces, COMPARISON
        opening, closing = "[]" if node.function == "[]" else (f"{node.function}(", ")")
        pieces = [opening]
        for child in children:
            pieces += [(child, 0), ", "]
        if len(pieces) > 1:
            pieces.pop()
        return [*pieces, closing], ATOM

    return tree_text(0, expand)
