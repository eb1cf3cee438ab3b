"""Print trees of operations: numbers, signs and parentheses, for graphs and for ASTs.

The text parses to the same tree. Nothing here recurses, because a formula may be 10^5 deep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import copysign, isnan
from typing import TypeAlias

from ..ops import TABLE, Op
from ..ops.arithmetic import ATOM, NEGATION, POSTFIX, POWER, PRODUCT, square
from ..ops.operands import Array
from ..ops.signature import defaults_of, parameters_of
from .arena import Arena

LONG_ARRAY = 6  # elements. A longer array of equal numbers is written as broadcast_to(…)
SHORT_TEXT = 12  # characters. With `longest`, a shorter sub-expression is repeated instead of bound to a name
BOOK_SIGNS = {"*": "·", "**": "^", "**2": "^2"}  # how a picture writes them

# A token to write: text, or a child with the least binding strength that needs no parentheses.
Piece: TypeAlias = str | tuple[int, float]
# The pieces of a node, and how tightly the whole binds.
Expansion: TypeAlias = tuple[Sequence[Piece], float]
Nested: TypeAlias = "float | list[Nested]"


def number_text(value: float) -> str:
    """Return the shortest text that reads back to this float64. Whole numbers have no ``.0``.

    >>> number_text(2.0), number_text(-0.1), number_text(float("inf"))
    ('2', '-0.1', 'inf')
    """
    if isnan(value):
        return "nan"
    return repr(value).removesuffix(".0")


def number_binding(value: float) -> int:
    """Return how tightly a number binds: a negative one like a unary minus."""
    return NEGATION if copysign(1.0, value) < 0 and not isnan(value) else ATOM


def array_text(array: Array) -> str:
    """Return a constant array as a nested literal.

    An empty array, a long one of equal numbers and an identity matrix are written as calls.

    >>> import numpy as np
    >>> array_text(np.array([[1.0, 2.5]])), array_text(np.ones(100)), array_text(np.eye(9))
    ('[[1, 2.5]]', 'broadcast_to(1, 100)', 'diag(broadcast_to(1, 9))')
    """
    if not array.size or (array.size > LONG_ARRAY and (array == array.flat[0]).all()):
        number = number_text(float(array.flat[0])) if array.size else "0"
        return f"broadcast_to({', '.join([number, *map(str, array.shape)])})"
    is_square = array.size > LONG_ARRAY and array.ndim == 2 and array.shape[0] == array.shape[1]
    if is_square and (array.diagonal() == 1).all() and (array != 0).sum() == len(array):
        return f"diag(broadcast_to(1, {len(array)}))"
    return _nested_text(array.tolist())


def _nested_text(items: Nested) -> str:
    return f"[{', '.join(map(_nested_text, items))}]" if isinstance(items, list) else number_text(float(items))


def _part_text(part: object) -> str:
    """Return one part of an index as text. A slice is the tuple ("slice", start, stop, step)."""
    if isinstance(part, tuple):
        start, stop, step = ["" if bound is None else str(bound) for bound in part[1:]]
        return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
    return _nested_text(part.tolist()) if hasattr(part, "tolist") else str(part)


def parameter_texts(op: Op) -> list[str]:
    """Return the arguments that follow the arrays of a call: parts of an index, sizes, then keywords."""
    entry = TABLE[op.name]
    _, rest = parameters_of(entry)
    defaults = defaults_of(entry)
    positional: list[str] = []
    keywords: list[str] = []
    for name, value in op.parameters.items():
        if name == "index":
            positional += map(_part_text, value)
        elif name == rest:
            positional += map(str, value or ())
        elif name not in defaults and isinstance(value, int) and not keywords:
            positional.append(str(value))
        elif name not in defaults or defaults[name] != value:
            keywords.append(f"{name}={list(value) if isinstance(value, tuple) else value}")
    return [*positional, *keywords]


def op_title(op: Op) -> str:
    """Return the title of an operation without its arguments: its sign or name, and its parameters.

    >>> op_title(TABLE["add"]), op_title(TABLE["sum"].bind(axis=0, keepdims=False))
    ('+', 'sum axis=0')
    """
    if op is square:
        return "**2"
    if not op.parameters:
        return op.sign or op.name
    if op.name == "getitem":
        return f"[{', '.join(parameter_texts(op))}]"
    if op.name == "stack" and not op.parameters["axis"]:
        return "[…]"
    if op.name == "transpose" and op.parameters["axes"] is None:
        return ".T"
    return " ".join([op.name, *([] if op.name == "solve" else parameter_texts(op))])


def book_text(op: Op, arguments: Sequence[str]) -> str:
    """Return an operation with its arguments as a book writes it.

    Args:
        op: the operation.
        arguments: their texts: names such as ``v1`` and ``df/dx``, or numbers.

    >>> book_text(TABLE["pow"], ["v1", "3"]), book_text(TABLE["mul"], ["-2", "x"]), book_text(TABLE["neg"], ["v1"])
    ('v1^3', '-2·x', '-v1')
    >>> book_text(TABLE["pow"], ["df/dx", "3"])
    '(df/dx)^3'
    """

    def expand(argument: int) -> Expansion:
        if argument < 0:
            return _with_book_signs(call_pieces(op, range(len(arguments))))
        text = arguments[argument]
        leaf = ATOM if text[:1].isdigit() else POSTFIX
        return [text], NEGATION if text.startswith("-") else PRODUCT if "/" in text else leaf

    return tree_text(-1, expand)


def _with_book_signs(expansion: Expansion) -> Expansion:
    pieces, binding = expansion
    return [BOOK_SIGNS.get(piece, piece) if isinstance(piece, str) else piece for piece in pieces], binding


def _tensor_pieces(op: Op, children: Sequence[int]) -> list[Piece]:
    """Return the pieces of a tensor operation: `A.T`, `x[0, 1:]`, `[a, b]`, or a call."""
    if op.name == "transpose" and op.parameters["axes"] is None:
        return [(children[0], POSTFIX), ".T"]
    if op.name == "getitem":
        return [(children[0], POSTFIX), f"[{', '.join(parameter_texts(op))}]"]
    literal = op.name == "stack" and not op.parameters["axis"]
    pieces: list[Piece] = ["[" if literal else f"{op.name}("]
    for child in children:
        pieces += [(child, 0), ", "]
    if not literal:
        for text in parameter_texts(op):
            pieces += [text, ", "]
    pieces[-1] = "]" if literal else ")"
    return pieces


def call_pieces(op: Op, children: Sequence[int]) -> tuple[list[Piece], int]:
    """Return the pieces of an op, its children among them, and how tightly the whole binds."""
    binding = op.binding
    if op.sign is None:
        if op is square:
            return [(children[0], POWER + 1), "**2"], POWER
        if op.shape is not None:
            return _tensor_pieces(op, children), POSTFIX
        pieces: list[Piece] = [f"{op.name}("]
        for child in children:
            pieces += [(child, 0), ", "]
        pieces[-1] = ")"
        return pieces, POSTFIX
    space = "" if binding >= PRODUCT and op.shape is None else " "
    if len(children) == 1:
        return [op.sign + (" " if op.sign.isalpha() else ""), (children[0], binding)], binding
    left, right = children
    if binding == POWER:
        return [(left, POWER + 1), op.sign, (right, NEGATION)], POWER
    # The right operand must bind tighter: a - (b + c), a/(b*c). Both operands of a comparison must: a < (b < c).
    return [(left, binding + op.is_condition), f"{space}{op.sign}{space}", (right, binding + 1)], binding


def tree_text(
    root: int,
    expand: Callable[[int], Expansion],
    least: float = 0,
    parentheses: tuple[str, str] = ("(", ")"),
) -> str:
    """Return the text of a tree.

    Args:
        root: the node to begin with.
        expand: from a node to its pieces and how tightly it binds.
        least: the root is put in parentheses if it binds less tightly.
        parentheses: the opening and the closing one.
    """
    left, right = parentheses
    texts: list[str] = []
    stack: list[Piece] = [(root, least)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            texts.append(piece)
            continue
        pieces, binding = expand(piece[0])
        if binding < piece[1]:
            stack.append(right)
            stack.extend(reversed(pieces))
            stack.append(left)
        else:
            stack.extend(reversed(pieces))
    return "".join(texts)


def program_text(graph: Arena, row: int, longest: int = 0, book: bool = False) -> str:
    """Return a node as a program, in which shared nodes and those with a label become bindings.

    Args:
        graph: of the node.
        row: of the node.
        longest: in characters. A text of at most this length gets no bindings, a longer one none for short pieces.
            With 0 every shared node becomes a binding.
        book: write the signs of a book, as `book_text` does.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> y = (x + 1.0) * (x + 1.0)
    >>> print(y)
    v1 = x + 1; v1*v1
    >>> program_text(y.graph, y.row, longest=60)
    '(x + 1)*(x + 1)'
    >>> program_text(y.graph, y.row, book=True)
    'v1 = x + 1; v1·v1'
    """
    variables = {number: name for name, number in graph.variables.items()}
    names = _binding_names(graph, row, longest)

    def text_of(root: int) -> str:
        def expand(node: int) -> Expansion:
            if node in names and node != root:
                return [names[node]], POSTFIX
            op = graph.ops[node]
            if op is not None:
                pieces = call_pieces(without_defaults(graph, op, node), graph.inputs[node])
                return _with_book_signs(pieces) if book else pieces
            if node in graph.constants:
                value = graph.constants[node]
                return [number_text(value)], number_binding(value)
            return [variables[node] if node in variables else array_text(graph.arrays[node])], POSTFIX

        return tree_text(root, expand)

    return "; ".join([*(f"{name} = {text_of(node)}" for node, name in names.items()), text_of(row)])


def without_defaults(graph: Arena, op: Op, node: int) -> Op:
    """Return the operation of a node without a parameter that is the default for the shapes of its arguments."""
    if op.name == "solve" and op.parameters["vector"] == (len(graph.shapes[graph.inputs[node][1]]) == 1):
        return TABLE["solve"]
    return op


def _binding_names(graph: Arena, row: int, longest: int) -> dict[int, str]:
    """Return node -> name of the bindings, in order of evaluation."""
    live = graph.live([row])
    lengths = _text_lengths(graph, live) if longest else {}
    if longest and lengths[row] <= longest:
        return {}
    uses: dict[int, int] = dict.fromkeys(live, 0)
    for node in live:
        for argument in graph.inputs[node]:
            uses[argument] += 1
    names: dict[int, str] = {}
    reserved = set(graph.variables) | set(graph.labels.values())
    fresh = 0
    for node in live:
        shared = uses[node] > 1 and not (longest and lengths[node] < SHORT_TEXT)
        if graph.ops[node] is None or node == row or not (shared or (node in graph.labels and not longest)):
            continue
        name = graph.labels.get(node)
        while name is None:
            fresh += 1
            name = f"v{fresh}" if f"v{fresh}" not in reserved else None
        names[node] = name
    return names


def _text_lengths(graph: Arena, live: Sequence[int]) -> dict[int, float]:
    """Return about how many characters each node takes without bindings."""
    lengths: dict[int, float] = {}
    names = {number: name for name, number in graph.variables.items()}
    for node in live:
        op = graph.ops[node]
        if op is None:
            if node in graph.constants:
                text = number_text(graph.constants[node])
            else:
                text = names[node] if node in names else array_text(graph.arrays[node])
            lengths[node] = len(text)
        else:
            lengths[node] = min(1e12, len(op.sign or op.name) + 2 + sum(lengths[i] for i in graph.inputs[node]))
    return lengths
