"""The AST back to text that parses to an equal AST, by the printer that graphs use."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph.text import Piece, call_pieces, number_binding, number_text, tree_text
from ..ops import SIGNS
from ..ops.arithmetic import COMPARISON, NEGATION, POSTFIX
from .ast import Formula, Name, Node, Number, is_keyword


def formula_text(formula: Formula) -> str:
    """The whole program on one line, bindings separated by semicolons."""
    statements = [f"{binding.name} = {node_text(binding.node)}" for binding in formula.bindings]
    return "; ".join([*statements, node_text(formula.result)])


def node_text(root: Node) -> str:
    """One expression.

    >>> from adcli import parse
    >>> node_text(parse("(a - (b - c))^(-d)").result)
    '(a - (b - c))**-d'
    >>> node_text(parse("[x,A [:,1:].T@y]").result)
    '[x, A[:, 1:].T @ y]'
    """
    nodes: list[Node] = [root]

    def expand(number: int) -> tuple[Sequence[Piece], int]:
        node = nodes[number]
        if isinstance(node, Number):
            return [number_text(node.value)], number_binding(node.value)
        if isinstance(node, Name):
            return [node.name], POSTFIX
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
        if ":" in node.function:
            given = iter(children)
            return [sign if sign == ":" else (next(given), 0) for sign in node.function], POSTFIX
        if node.function == ".T":
            return [(children[0], POSTFIX), ".T"], POSTFIX
        if is_keyword(node):
            return [node.function, (children[0], 0) if children else "None"], POSTFIX
        if node.function == "x[]":
            return [(children[0], POSTFIX), "[", *_separated(children[1:]), "]"], POSTFIX
        opening, closing = "[]" if node.function == "[]" else (f"{node.function}(", ")")
        return [opening, *_separated(children), closing], POSTFIX

    return tree_text(0, expand)


def _separated(children: Sequence[int]) -> list[Piece]:
    pieces: list[Piece] = []
    for child in children:
        pieces += [(child, 0), ", "]
    return pieces[:-1]
