"""Arrays in the language: literals, parts, keyword arguments and the tensor functions, from AST to nodes of the graph.

Whatever shapes a result is a whole number known from the text: an index, an axis, a size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..errors import ParseError
from ..graph.expr import Expr, Graph
from ..ops.signature import defaults_of, parameters_of
from ..ops.structure import getitem, stack, transpose
from .ast import Call, Node, is_keyword, is_slice
from .calls import check_numbers, function_of

LARGEST = 2**53  # of whole numbers in float64
TRUTHS = ("keepdims", "vector")  # parameters that are yes or no


class Keyword(NamedTuple):
    """``axis=0``: waits for the call around it. The row is None for None."""

    name: str
    row: int | None


def apply(node: Call, rows: Sequence[Any], graph: Graph, text: str) -> Any:
    """The row of an array form or a tensor function; of a slice or a keyword what the call around it needs.

    Raises:
        ParseError: what must be known from the text is not; a condition stands in the place of a number.
        ShapeError: shapes that do not fit; the caller adds the place.
    """
    name = node.function
    if is_keyword(node):
        return Keyword(name[:-1], rows[0] if rows else None)
    if is_slice(node):
        return _slice(node, rows, graph, text)
    places = [place for place, row in enumerate(rows) if row.__class__ is int]
    arguments = [Expr(graph, rows[place]) for place in places]
    check_numbers([node.arguments[place] for place in places], arguments, text)
    if name == "[]":
        return _vector(arguments)
    if name == ".T":
        return transpose(arguments[0]).row
    if name == "x[]":
        return getitem(arguments[0], _index(node.arguments[1:], rows[1:], graph, text)).row
    return _function(node, rows, arguments, text)


def _vector(elements: list[Expr]) -> int:
    """``[a, b]``: a constant array where every element is constant."""
    graph = elements[0].graph
    numbers = [graph.constants.get(each.row, graph.arrays.get(each.row)) for each in elements]
    result: Expr = stack(*elements)  # checks the shapes
    if all(number is not None for number in numbers):
        return graph.array(numbers)
    return result.row


def _function(node: Call, rows: Sequence[Any], arguments: list[Expr], text: str) -> int:
    op = function_of(node, text, arguments[0].graph.variables if arguments else ())
    graph = arguments[0].graph
    names, rest = parameters_of(op)
    count = len(arguments) if op.variadic else op.arity
    nodes = list(node.arguments)
    given: dict[str, Any] = {}
    positional: list[tuple[Node, Any]] = []
    for child, row in zip(nodes, rows, strict=True):
        if isinstance(row, Keyword):
            assert isinstance(child, Call)
            value = child.arguments[0] if child.arguments else child
            read = _whole if op.variadic or "axis1" in names else _parameter  # one axis and no more
            given[row.name] = read(value, row.row, row.name, graph, text)
        else:
            positional.append((child, row))
    more = positional[count:]
    arrays = [Expr(graph, row) for _, row in positional[:count]]
    if more and "index" in names:
        given["index"] = _index([child for child, _ in more], [row for _, row in more], graph, text)
    elif more and rest is not None:
        if len(more) == 1:
            given[rest] = _parameter(*more[0], rest, graph, text)
        else:
            given[rest] = tuple([_whole(child, row, rest, graph, text) for child, row in more])
    elif more:
        needed = [name for name in names if name not in given and name not in defaults_of(op)]
        for name, (child, row) in zip(needed, more, strict=True):
            given[name] = (_whole if "axis1" in names else _parameter)(child, row, name, graph, text)
    if rest is not None:
        sizes = given.pop(rest, ())
        result: Expr = op(*arrays, *(sizes if isinstance(sizes, tuple) else (sizes,)), **given)
    else:
        result = op(*arrays, **given)
    return result.row


def _parameter(node: Node, row: int | None, name: str, graph: Graph, text: str) -> Any:
    """An axis, several of them, sizes, or a truth."""
    if row is None:
        return None
    if row in graph.arrays and name not in TRUTHS:
        return tuple([_as_whole(number, node, name, text) for number in graph.arrays[row].ravel().tolist()])
    number = _whole(node, row, name, graph, text)
    if name in TRUTHS:
        if number not in (0, 1):
            raise ParseError(f"{name} is yes or no", text=text, span=(node.start, node.stop), hint="write 1 or 0")
        return bool(number)
    return number


def _index(nodes: Sequence[Node], rows: Sequence[Any], graph: Graph, text: str) -> tuple[Any, ...]:
    """The index of an operation from its parts: whole numbers, slices, vectors of whole numbers."""
    parts: list[Any] = []
    for node, row in zip(nodes, rows, strict=True):
        if row.__class__ is not int:
            parts.append(row)
        elif row in graph.arrays:
            import numpy as np

            array = graph.arrays[row]
            whole = [_as_whole(number, node, "an index", text) for number in array.ravel().tolist()]
            parts.append(np.array(whole, dtype=np.intp).reshape(array.shape))
        else:
            parts.append(_whole(node, row, "an index", graph, text))
    return tuple(parts)


def _slice(node: Call, rows: Sequence[Any], graph: Graph, text: str) -> slice:
    bounds: dict[str, int | None] = {"a": None, "b": None, "c": None}
    letters = [letter for letter in node.function if letter != ":"]
    for letter, child, row in zip(letters, node.arguments, rows, strict=True):
        bounds[letter] = _whole(child, row, "a bound of a slice", graph, text)
        if letter == "c" and bounds["c"] == 0:
            raise ParseError(
                "the step of a slice is 0", text=text, span=(child.start, child.stop), hint="write another"
            )
    return slice(bounds["a"], bounds["b"], bounds["c"])


def _whole(node: Node, row: Any, what: str, graph: Graph, text: str) -> int:
    number = graph.constants.get(row)
    if number is None:
        problem = f"{what} must be known from the text"
        hint = "write a whole number; what depends on a variable or is an array has no place here"
        raise ParseError(problem, text=text, span=(node.start, node.stop), hint=hint)
    return _as_whole(number, node, what, text)


def _as_whole(number: float, node: Node, what: str, text: str) -> int:
    if not abs(number) <= LARGEST or number != int(number):
        span = (node.start, node.stop)
        raise ParseError(f"{what} is a whole number", text=text, span=span, hint="write one such as 0 or -1")
    return int(number)
