"""Append array syntax to a graph: vectors, indices, keyword arguments and tensor functions.

An index, an axis or a size determines the shape of a result. It must be a whole number that is known from the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from ..errors import ParseError, ShapeError
from ..graph.expr import Expr, Graph
from ..ops.operands import Operand
from ..ops.signature import defaults_of, parameters_of
from ..ops.structure import getitem, stack, transpose
from .ast import Call, Name, Node, is_keyword, is_slice
from .calls import check_numbers, function_of

LARGEST_WHOLE = 2**53  # the largest whole number that is read from a float64
LONGEST_RANGE = 1_000_000
BOOLEAN_PARAMETERS = ("keepdims", "vector")  # parameters that are true or false


class Keyword(NamedTuple):
    """A keyword argument such as ``axis=0``, which the call around it uses. The row is None for None."""

    name: str
    row: int | None


Item: TypeAlias = int | slice | Keyword  # the row of a node, or an argument that only a call can use


def apply(node: Call, rows: Sequence[Item], graph: Graph, text: str) -> Item:
    """Append array syntax or a tensor function. Return its row, or a slice or keyword argument.

    Raises:
        ParseError: an argument must be known from the text, or is a condition instead of a number.
        ShapeError: two shapes do not fit. The caller adds the place.
    """
    name = node.function
    if is_keyword(node):
        return Keyword(name[:-1], _row(rows[0]) if rows else None)
    if is_slice(node):
        return _slice(node, rows, graph, text)
    pairs = [(child, row) for child, row in zip(node.arguments, rows, strict=True) if isinstance(row, int)]
    arguments = [Expr(graph, row) for _, row in pairs]
    check_numbers([child for child, _ in pairs], arguments, text)
    if name == "[]":
        return _vector(arguments)
    if name == "[..]":
        return _range(node, rows, graph, text)
    if name == "len":
        return _length(node, arguments, graph, text)
    if name == ".T":
        result: Expr = transpose(arguments[0])
        return result.row
    if name == "x[]":
        result = getitem(arguments[0], _index(node.arguments[1:], rows[1:], graph, text))
        return result.row
    return _function(node, rows, arguments, text)


def _row(item: Item) -> int:
    assert isinstance(item, int)
    return item


def _vector(elements: list[Expr]) -> int:
    """Append ``[a, b]``, which is a constant array if every element is constant."""
    graph = elements[0].graph
    numbers = [graph.constants.get(each.row, graph.arrays.get(each.row)) for each in elements]
    result: Expr = stack(*elements)  # this checks the shapes
    if all(number is not None for number in numbers):
        return graph.array(numbers)
    return result.row


def _range(node: Call, rows: Sequence[Item], graph: Graph, text: str) -> int:
    """Append the constant vector ``[a..b]`` or ``[a, b..c]``, computed in decimal digits so that 0.1 counts exactly."""
    from decimal import ROUND_FLOOR, Decimal

    numbers: list[Decimal] = []
    for child, row in zip(node.arguments, rows, strict=True):
        number = graph.constants.get(row) if isinstance(row, int) else None
        if number is None or abs(number) > LARGEST_WHOLE or number != number:
            problem, hint = "a bound of a range must be a number known from the text", "write one such as [1..10]"
            if isinstance(child, Name) and child.name in graph.variables:
                hint = f"bind it before, as in {child.name} = 10; …"
            raise ParseError(problem, text=text, span=(child.start, child.stop), hint=hint)
        numbers.append(Decimal(repr(number)))
    first, last = numbers[0], numbers[-1]
    step = numbers[1] - first if len(numbers) == 3 else Decimal(1)
    count = int(((last - first) / step).to_integral_value(ROUND_FLOOR)) + 1 if step else 0
    if not 1 <= count <= LONGEST_RANGE:
        problem, hint = "a range has no elements", "write [1..3] for [1, 2, 3], [3, 2..1] for [3, 2, 1]"
        if count > 1:
            problem = f"a range has more than {LONGEST_RANGE:,} elements".replace(",", " ")
            hint = "use a larger step, as in [0, 10..100]"
        raise ParseError(problem, text=text, span=(node.start, node.stop), hint=hint)
    import numpy as np

    return graph.array(np.array([float(first + number * step) for number in range(count)]))


def _length(node: Call, arguments: list[Expr], graph: Graph, text: str) -> int:
    """Append the number of elements of a vector, or of rows of a matrix."""
    if len(arguments) != 1:
        problem = f"len takes 1 argument, not {len(arguments)}"
        raise ParseError(problem, text=text, span=(node.start, node.stop), hint="write len(v)")
    if not arguments[0].shape:
        raise ShapeError("a number has no length", text=text, span=(node.start, node.stop), hint="give a vector")
    return graph.length(arguments[0].shape[0])


def _function(node: Call, rows: Sequence[Item], arguments: list[Expr], text: str) -> int:
    op = function_of(node, text, arguments[0].graph.variables if arguments else ())
    graph = arguments[0].graph
    names, rest = parameters_of(op)
    count = len(arguments) if op.variadic else op.arity
    parameters: dict[str, Operand] = {}
    positional: list[tuple[Node, Item]] = []
    for child, row in zip(node.arguments, rows, strict=True):
        if isinstance(row, Keyword):
            assert isinstance(child, Call)
            value = child.arguments[0] if child.arguments else child
            convert = _whole if op.variadic or "axis1" in names else _parameter  # these take one axis only
            parameters[row.name] = convert(value, row.row, row.name, graph, text)
        else:
            positional.append((child, row))
    more = positional[count:]
    arrays = [Expr(graph, _row(row)) for _, row in positional[:count]]
    if more and "index" in names:
        parameters["index"] = _index([child for child, _ in more], [row for _, row in more], graph, text)
    elif more and rest is not None:
        if len(more) == 1:
            parameters[rest] = _parameter(*more[0], rest, graph, text)
        else:
            parameters[rest] = tuple([_whole(child, row, rest, graph, text) for child, row in more])
    elif more:
        required = [name for name in names if name not in parameters and name not in defaults_of(op)]
        for name, (child, row) in zip(required, more, strict=True):
            parameters[name] = (_whole if "axis1" in names else _parameter)(child, row, name, graph, text)
    if rest is not None:
        sizes = parameters.pop(rest, ())
        result: Expr = op(*arrays, *(sizes if isinstance(sizes, tuple) else (sizes,)), **parameters)
    else:
        result = op(*arrays, **parameters)
    return result.row


def _parameter(node: Node, row: Item | None, name: str, graph: Graph, text: str) -> int | bool | tuple[int, ...] | None:
    """Return a parameter: one or several axes or sizes, or a boolean."""
    if row is None:
        return None
    if isinstance(row, int) and row in graph.arrays and name not in BOOLEAN_PARAMETERS:
        return tuple([_as_whole(number, node, name, text) for number in graph.arrays[row].ravel().tolist()])
    number = _whole(node, row, name, graph, text)
    if name in BOOLEAN_PARAMETERS:
        if number not in (0, 1):
            raise ParseError(
                f"{name} must be true or false", text=text, span=(node.start, node.stop), hint="write 1 or 0"
            )
        return bool(number)
    return number


def _index(nodes: Sequence[Node], rows: Sequence[Item], graph: Graph, text: str) -> tuple[Operand, ...]:
    """Return an index from its parts: whole numbers, slices and vectors of whole numbers."""
    parts: list[Operand] = []
    for node, row in zip(nodes, rows, strict=True):
        if not isinstance(row, int):
            parts.append(row)
        elif row in graph.arrays:
            import numpy as np

            array = graph.arrays[row]
            whole = [_as_whole(number, node, "an index", text) for number in array.ravel().tolist()]
            parts.append(np.array(whole, dtype=np.intp).reshape(array.shape))
        else:
            parts.append(_whole(node, row, "an index", graph, text))
    return tuple(parts)


def _slice(node: Call, rows: Sequence[Item], graph: Graph, text: str) -> slice:
    bounds: dict[str, int | None] = {"a": None, "b": None, "c": None}
    letters = [letter for letter in node.function if letter != ":"]
    for letter, child, row in zip(letters, node.arguments, rows, strict=True):
        bounds[letter] = _whole(child, row, "a bound of a slice", graph, text)
        if letter == "c" and bounds["c"] == 0:
            problem, hint = "the step of a slice is 0", "use another step"
            raise ParseError(problem, text=text, span=(child.start, child.stop), hint=hint)
    return slice(bounds["a"], bounds["b"], bounds["c"])


def _whole(node: Node, row: Item | None, label: str, graph: Graph, text: str) -> int:
    """Return the whole number of a node. `label` names it in the error."""
    number = graph.constants.get(row) if isinstance(row, int) else None
    if number is None:
        problem = f"{label} must be known from the text"
        hint = "write a whole number that does not depend on a variable"
        raise ParseError(problem, text=text, span=(node.start, node.stop), hint=hint)
    return _as_whole(number, node, label, text)


def _as_whole(number: float, node: Node, label: str, text: str) -> int:
    if not abs(number) <= LARGEST_WHOLE or number != int(number):
        span = (node.start, node.stop)
        raise ParseError(f"{label} must be a whole number", text=text, span=span, hint="write one such as 0 or -1")
    return int(number)
