"""Text from trees of operations: the one printer of numbers, signs and parentheses, used for graphs and for ASTs.

What is printed parses to the same thing. Nothing here recurses: a formula may be 10^5 deep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import copysign, isnan
from typing import TYPE_CHECKING, Any

from ..ops import TABLE, Op
from ..ops.arithmetic import ATOM, NEGATION, POSTFIX, POWER, PRODUCT, square
from ..ops.signature import defaults_of, parameters_of

if TYPE_CHECKING:
    from .expr import Graph

LONG = 6  # elements from which on equal ones are written as one
SHORT = 12  # characters that are rather written twice than given a name, where names are given sparingly

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


def array_text(array: Any) -> str:
    """A constant array as a nested literal; one of equal numbers that is long, or empty, and an identity as calls.

    >>> import numpy as np
    >>> array_text(np.array([[1.0, 2.5]])), array_text(np.ones(100)), array_text(np.eye(9))
    ('[[1, 2.5]]', 'broadcast_to(1, 100)', 'diag(broadcast_to(1, 9))')
    """
    if not array.size or (array.size > LONG and (array == array.flat[0]).all()):
        number = number_text(float(array.flat[0])) if array.size else "0"
        return f"broadcast_to({', '.join([number, *map(str, array.shape)])})"
    square = array.size > LONG and array.ndim == 2 and array.shape[0] == array.shape[1]
    if square and (array.diagonal() == 1).all() and (array != 0).sum() == len(array):
        return f"diag(broadcast_to(1, {len(array)}))"
    return _nested(array.tolist())


def _nested(items: Any) -> str:
    return f"[{', '.join(map(_nested, items))}]" if isinstance(items, list) else number_text(float(items))


def _part_text(part: Any) -> str:
    """One part of an index."""
    if isinstance(part, tuple):
        start, stop, step = ["" if bound is None else str(bound) for bound in part[1:]]
        return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
    return _nested(part.tolist()) if hasattr(part, "tolist") else str(part)


def _parameter_texts(op: Op) -> list[str]:
    """What stands behind the arrays in a call: parts of an index, sizes, then what has a name."""
    entry = TABLE[op.name]
    _, rest = parameters_of(entry)
    defaults = defaults_of(entry)
    first: list[str] = []
    named: list[str] = []
    for name, value in op.parameters.items():
        if name == "index":
            first += map(_part_text, value)
        elif name == rest:
            first += map(str, value or ())
        elif name not in defaults and isinstance(value, int) and not named:
            first.append(str(value))
        elif name not in defaults or defaults[name] != value:
            named.append(f"{name}={list(value) if isinstance(value, tuple) else value}")
    return [*first, *named]


def op_title(op: Op) -> str:
    """What an operation is called where its arguments are not shown: its sign or name, and its parameters.

    >>> op_title(TABLE["add"]), op_title(TABLE["sum"].bind(axis=0, keepdims=False))
    ('+', 'sum axis=0')
    """
    if op is square:
        return "**2"
    if not op.parameters:
        return op.sign or op.name
    if op.name == "getitem":
        return f"[{', '.join(_parameter_texts(op))}]"
    if op.name == "stack" and not op.parameters["axis"]:
        return "[…]"
    if op.name == "transpose" and op.parameters["axes"] is None:
        return ".T"
    return " ".join([op.name, *([] if op.name == "solve" else _parameter_texts(op))])


PLACE = "□"  # stands for an argument that is a box of its own


def applied_title(op: Op, constants: Sequence[str | None]) -> str:
    """What an operation is called where those of its arguments that are constants are shown; None is no constant.

    A sign before its one argument is shown with it, for it would be taken for the sign between two.

    >>> applied_title(TABLE["pow"], [None, "2"]), applied_title(TABLE["max"], ["0", None])
    ('□**2', 'max(0, □)')
    >>> applied_title(TABLE["neg"], [None]), applied_title(TABLE["sub"], [None, None])
    ('-□', '-')
    """
    is_sign = len(constants) == 1 and op.shape is None and not op_title(op)[0].isalpha()
    if not is_sign and not any(constants):
        return op_title(op)

    def expand(place: int) -> tuple[Sequence[Piece], float]:
        if place < 0:
            return call_pieces(op, range(len(constants)))
        text = constants[place] or PLACE
        return [text], NEGATION if text.startswith("-") else ATOM

    return tree_text(-1, expand)


def _tensor_pieces(op: Op, children: Sequence[int]) -> list[Piece]:
    """A tensor operation: `A.T`, `x[0, 1:]` and `[a, b]` have forms of their own, the others are calls."""
    if op.name == "transpose" and op.parameters["axes"] is None:
        return [(children[0], POSTFIX), ".T"]
    if op.name == "getitem":
        return [(children[0], POSTFIX), f"[{', '.join(_parameter_texts(op))}]"]
    literal = op.name == "stack" and not op.parameters["axis"]
    pieces: list[Piece] = ["[" if literal else f"{op.name}("]
    for child in children:
        pieces += [(child, 0), ", "]
    if not literal:
        for text in _parameter_texts(op):
            pieces += [text, ", "]
    pieces[-1] = "]" if literal else ")"
    return pieces


def call_pieces(op: Op, children: Sequence[int]) -> tuple[list[Piece], int]:
    """How an op is written: its pieces, children among them, and how tightly the whole binds."""
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
        return [variables[node] if node in variables else array_text(graph.arrays[node])], POSTFIX

    def call(node: int) -> tuple[Sequence[Piece], int]:
        op, inputs = graph.ops[node], graph.inputs[node]
        assert op is not None
        if op.name == "solve" and op.parameters["vector"] == (len(graph.shapes[inputs[1]]) == 1):
            op = TABLE["solve"]  # its parameter need not be written
        return call_pieces(op, inputs)

    variables = {number: name for name, number in graph.variables.items()}
    *bindings, (_, result) = _bound_texts(graph, row, leaf, call, longest)
    return "; ".join([f"{name} = {text}" for name, text in bindings] + [result])


Written = Callable[[int], tuple[Sequence[Piece], int]]


def _bound_texts(graph: Graph, row: int, leaf: Written, call: Written, longest: int) -> list[tuple[str, str]]:
    """The bindings of a node and their texts, and the node's own text after them, with an empty name.

    `leaf` and `call` say how a variable or a constant, and what an op gives, is written: pieces, and how tightly they
    bind.
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
            return [names[node]], POSTFIX
        return leaf(node) if graph.ops[node] is None else call(node)

    texts = []
    for node in bound:
        name = names.pop(node)
        texts.append((name, tree_text(node, expand)))
        names[node] = name
    return [*texts, ("", tree_text(row, expand))]


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
