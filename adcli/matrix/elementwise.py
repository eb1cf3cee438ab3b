"""Functions of elements: their values in normal form, and their derivatives as a textbook writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache

from ..graph.derive import gradient
from ..graph.expr import Graph, Unfolded
from ..ops import TABLE, Op
from ..simplify.tidy import tidy
from .algebra import Algebra
from .values import ONE, Atom, RefusedError, Value, number, only_term, value_of, zero

HALF = Fraction(1, 2)


def broadcast(algebra: Algebra, value: Value, rows: int, columns: int) -> Value:
    """Return a value repeated to a shape. A vector beside a matrix must be a row already."""
    if (value.rows, value.columns) == (rows, columns):
        return value
    if value.is_number:
        return algebra.times(algebra.ones(rows, columns), value)
    if value.rows == 1 and rows > 1:
        value = algebra.multiply(algebra.ones(rows), value)
    if value.columns == 1 and columns > 1:
        value = algebra.multiply(value, algebra.ones(1, columns))
    return value


def apply_elementwise(algebra: Algebra, op: Op, values: Sequence[Value], rows: int, columns: int) -> Value:
    """Return an elementwise operation. The values have this shape or are numbers."""
    rule = _ARITHMETIC.get(op.name)
    if rule is not None:
        return rule(algebra, list(values), rows, columns)
    if op.parameters:
        raise RefusedError(op.name)
    if not op.is_condition and all(len(value.terms) <= 1 and _is_constant(value) for value in values):
        values = [value if value.terms or value.is_number else zero(1, 1) for value in values]
        values = [_as_number(value) for value in values]
        result = value_of(algebra.call(op.name, *values))
        return broadcast(algebra, result, rows, columns)
    return value_of(algebra.call(op.name, *values))


def _is_constant(value: Value) -> bool:
    """Return whether all elements are one number."""
    if value.is_number or not value.terms:
        return True
    _, chain, _ = only_term(value)
    return bool(chain) and all(factor.atom.kind == "ones" for factor in chain)


def _as_number(value: Value) -> Value:
    if value.is_number or not value.terms:
        return Value(1, 1, value.terms)
    scalars, _, coefficient = only_term(value)
    return Value(1, 1, {(scalars, ()): coefficient})


def _add(algebra: Algebra, values: list[Value], rows: int, columns: int) -> Value:
    return algebra.add(*[broadcast(algebra, value, rows, columns) for value in values])


def _subtract(algebra: Algebra, values: list[Value], rows: int, columns: int) -> Value:
    return _add(algebra, [values[0], algebra.negate(values[1])], rows, columns)


def _multiply(algebra: Algebra, values: list[Value], rows: int, columns: int) -> Value:
    return algebra.hadamard(values[0], values[1])


def _divide(algebra: Algebra, values: list[Value], rows: int, columns: int) -> Value:
    return algebra.hadamard(values[0], broadcast_reciprocal(algebra, values[1]))


def broadcast_reciprocal(algebra: Algebra, value: Value) -> Value:
    """Return 1 over a number or over each element."""
    return algebra.power(value, -ONE)


def _power(algebra: Algebra, values: list[Value], rows: int, columns: int) -> Value:
    base, exponent = values
    constant = _number_of(exponent)
    if constant is None or abs(constant) > 99:
        return value_of(algebra.call("pow", base, exponent))
    if constant == 0:
        return algebra.ones(rows, columns)
    return algebra.power(base, constant)


def _number_of(value: Value) -> Fraction | None:
    if not value.terms:
        return Fraction(0)
    if not value.is_number or len(value.terms) > 1:
        return None
    scalars, _, coefficient = only_term(value)
    return None if scalars else coefficient


_ARITHMETIC: Mapping[str, Callable[[Algebra, list[Value], int, int], Value]] = {
    "add": _add,
    "sub": _subtract,
    "mul": _multiply,
    "div": _divide,
    "pow": _power,
    "neg": lambda algebra, values, rows, columns: algebra.negate(values[0]),
    "square": lambda algebra, values, rows, columns: algebra.power(values[0], Fraction(2)),
    "sqrt": lambda algebra, values, rows, columns: algebra.power(values[0], HALF),
}

# Derivatives that read better than the textbook form of the table, from the function itself.
_FROM_RESULT: Mapping[str, Callable[[Algebra, Value, Value], Value]] = {
    "sigmoid": lambda algebra, out, one: algebra.hadamard(out, algebra.add(one, algebra.negate(out))),
    "tanh": lambda algebra, out, one: algebra.add(one, algebra.negate(algebra.power(out, Fraction(2)))),
}


def slope(algebra: Algebra, atom: Atom, position: int) -> Value:
    """Return the derivative of a function of elements by one of its arguments, by element."""
    name, _, arguments = atom.arguments
    shape = (atom.rows, atom.columns)
    if name in _FROM_RESULT:
        return _FROM_RESULT[str(name)](algebra, value_of(atom), algebra.ones(*shape))
    graph, row = _slope_graph(TABLE[str(name)], position, len(arguments))  # type: ignore[arg-type]
    inputs = dict(zip(_PLACEHOLDERS, arguments, strict=False))  # type: ignore[call-overload]
    return _read(algebra, graph, row, inputs, shape)


_PLACEHOLDERS = ("u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7")


@cache
def _slope_graph(op: Op, position: int, count: int) -> tuple[Graph, int]:
    """Return the textbook derivative of an operation on numbers."""
    if count > len(_PLACEHOLDERS):
        raise RefusedError(f"{op.name} of so many arguments")
    graph = Unfolded()
    names = [graph.variable(name) for name in _PLACEHOLDERS[:count]]
    [result] = gradient(op(*names), [names[position]])
    if result is None:
        return graph, graph.constant(0.0)
    result = tidy(result)
    return result.graph, result.row


def _read(algebra: Algebra, graph: Graph, top: int, inputs: Mapping[str, Value], shape: tuple[int, int]) -> Value:
    """Return a graph of operations on numbers as a value, with values in the place of its variables."""
    names = {row: name for name, row in graph.variables.items()}
    values: dict[int, Value] = {}
    for row in graph.live([top]):
        op = graph.ops[row]
        if op is not None:
            arguments = [values[argument] for argument in graph.inputs[row]]
            wide = any(not each.is_number for each in arguments)
            values[row] = apply_elementwise(algebra, op, arguments, *(shape if wide else (1, 1)))
        elif row in graph.constants:
            values[row] = constant_value(algebra, graph.constants[row])
        else:
            name = names[row]
            values[row] = inputs[name] if name in inputs else value_of(algebra.atom("name", (name,)))
    return values[top]


def constant_value(algebra: Algebra, constant: float) -> Value:
    """Return a number of a formula, which stands for the decimal that it prints as."""
    if constant - constant != 0:
        return value_of(algebra.atom("name", (repr(constant),)))
    value = Fraction(repr(constant))
    algebra.has_decimals |= value.denominator > 2
    return number(value)
