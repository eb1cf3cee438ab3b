"""Truncated power series through a graph: all the Taylor coefficients of a node, in time quadratic in the order.

Every op grows its series a coefficient at a time. Sums, products and quotients have their rules here; any other op is
the solution of the differential equation that its partials are, out' = partial_1 * x_1' + …, so a new op needs nothing.
What solves no equation (ops/series.py) is composed of its derivatives (composition.py), in a power of 2.5 of the order
unless its argument is a straight line.
(Griewank & Walther, Evaluating Derivatives, 2nd edition, section 13.2.)
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from math import perm
from typing import Any

from ..ops import Op, constant
from ..ops.arithmetic import add, div, mul, neg, power, square, sub
from ..ops.series import COMPOSED, SLOPES
from .composition import Composition
from .evaluate import evaluate
from .expr import Expr, Graph

_LARGEST_POWER = 1 << 20  # of whole exponents that are multiplied out


def taylor(output: Expr, name: str, inputs: Mapping[str, float], order: int) -> list[float]:
    """The coefficients c_0 … c_order of the node's expansion in one variable at a point.

    Args:
        output: the node to expand.
        name: of the variable; the others stay where they are.
        inputs: one value per variable.
        order: of the last coefficient, f differentiated `order` times over `order` factorial.

    Returns:
        order + 1 numbers; not finite where there is no such expansion.

    >>> x = Graph().variable("x")
    >>> taylor(1.0 / (1.0 - x), "x", {"x": 0.0}, 4)
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    return Series(output, name, inputs).to(order)


class Series:
    """The series of every node that the output's needs."""

    def __init__(self, output: Expr, name: str, inputs: Mapping[str, float]) -> None:
        self.graph, self.top = _prepared(output)
        self.products = 0
        self.equations: dict[int, list[tuple[int, int | float, int | None]]] = {}
        self._close(self.graph.variables.get(name, -1))
        self.move(inputs)

    def move(self, inputs: Mapping[str, float]) -> None:
        """Begin again at another point."""
        self.start = evaluate(self.graph, range(len(self.graph)), inputs)
        self.coefficients: list[list[float]] = [[value] for value in self.start]
        self.composed: dict[int, Composition] = {}

    def to(self, order: int) -> list[float]:
        """The output's coefficients up to this order."""
        moving = [row for row in range(len(self.graph)) if self.varies[row]]
        for row in moving:
            op, inputs = self.graph.ops[row], self.graph.inputs[row]
            if op in COMPOSED and row not in self.composed:
                coefficient = functools.partial(_coefficient, op, [self.start[i] for i in inputs])
                self.composed[row] = Composition(coefficient, self.coefficients[inputs[-1]], order)
        for k in range(len(self.coefficients[self.top]), order + 1):
            for row in moving:
                self.coefficients[row].append(self._next(row, k))
        return self.coefficients[self.top] + [0.0] * (order + 1 - len(self.coefficients[self.top]))

    @property
    def operations(self) -> int:
        """Products of coefficients that were computed so far."""
        return self.products + sum(each.operations for each in self.composed.values())

    # ------------------------------------------------------------ the equations

    def _close(self, variable: int) -> None:
        """Append the partials of every op that varies, and theirs, until nothing new comes."""
        graph = self.graph
        self.varies = bytearray()
        row = 0
        while row < len(graph):
            op, inputs = graph.ops[row], graph.inputs[row]
            moves = row == variable or any(self.varies[i] for i in inputs)
            if op is not None and moves:
                moves = self._equation(row, op, inputs)
            self.varies.append(moves)
            row += 1

    def _equation(self, row: int, op: Op, inputs: tuple[int, ...]) -> bool:
        """Note what the slope of a row is made of; whether it has any."""
        if op in (add, sub, mul, div, neg, square) or op in COMPOSED:
            return True
        graph, found = self.graph, []
        out, arguments = Expr(graph, row), [Expr(graph, i) for i in inputs]
        for place, argument in enumerate(inputs):
            if not self.varies[argument]:
                continue
            partial: Any = SLOPES[op][place] if op in SLOPES else op.partial(place)
            if callable(partial):
                partial = partial(out, *arguments)
            if partial is not None:
                pick = op.pick(place)
                when = None if pick is None else pick(out, *arguments).row
                found.append((argument, partial.row if isinstance(partial, Expr) else float(partial), when))
        self.equations[row] = found
        return bool(found)

    # ------------------------------------------------------------ the coefficients

    def _next(self, row: int, k: int) -> float:
        """Coefficient k of a row, after k of its arguments' and k - 1 of everything."""
        op, inputs, c = self.graph.ops[row], self.graph.inputs[row], self.coefficients
        if op is None:
            return 1.0 if k == 1 else 0.0
        a = c[inputs[0]]
        if op is neg:
            return -a[k]
        if op is square:
            return self._product(a, a, k)
        if op in COMPOSED:
            return self.composed[row].next(k)
        if op in (add, sub):
            left, right = (
                x[k] if self.varies[i] else 0.0 for i, x in zip(inputs, map(c.__getitem__, inputs), strict=True)
            )
            return left + right if op is add else left - right
        if op is mul:
            return self._product(a, c[inputs[1]], k)
        if op is div:
            b = c[inputs[1]]
            above = a[k] if self.varies[inputs[0]] else 0.0
            return (above - self._product(b, c[row], k, 1)) / b[0] if b[0] else float("nan")
        total = 0.0
        for argument, partial, when in self.equations[row]:
            if when is not None and not c[when][0]:
                continue
            x = c[argument]
            if isinstance(partial, float):
                total += partial * x[k]
            else:
                slope = c[partial]
                least = 1 if self.varies[partial] else k
                terms = [i * x[i] * slope[k - i] for i in range(least, k + 1) if x[i]]
                self.products += len(terms)
                total += sum(terms) / k
        return total

    def _product(self, a: list[float], b: list[float], k: int, least: int = 0) -> float:
        """The sum of a_i * b_(k - i) from i = least on; a series of one number is a constant."""
        first = max(least, k - len(b) + 1)
        last = min(k, len(a) - 1)
        self.products += max(0, last - first + 1)
        return sum([a[i] * b[k - i] for i in range(first, last + 1) if a[i] and b[k - i]], 0.0)


def _coefficient(op: Op, at: list[float], j: int) -> float:
    """A Taylor coefficient of an op in its last argument: the j-th derivative over j factorial, which may overflow."""
    value = COMPOSED[op](j, *at)
    while j > 0:
        value /= perm(j, min(j, 100))
        j -= 100
    return value


def _prepared(output: Expr) -> tuple[Graph, int]:
    """The node in a graph of its own, in which whole powers are products and endless helpers are written out."""
    graph, row = output.graph, output.row
    for rewrite in (_written_out, _multiplied):
        new = Graph()
        for name in output.graph.variables:
            new.variable(name)
        rows: dict[int, int] = {}
        names = {number: name for name, number in graph.variables.items()}
        for old in graph.live([row]):
            op = graph.ops[old]
            if op is None:
                rows[old] = new.variable(names[old]).row if old in names else new.constant(graph.constants[old])
            else:
                rows[old] = rewrite(new, op, [Expr(new, rows[i]) for i in graph.inputs[old]])
        graph, row = new, rows[row]
    return graph, row


def _written_out(graph: Graph, op: Op, arguments: list[Expr]) -> int:
    """The row of an operation. A helper of some order is written out, for its partials have ever higher orders."""
    result = op.textbook(*arguments) if op.textbook and op.integers else op(*arguments)
    return result.row if isinstance(result, Expr) else graph.constant(float(result))


def _multiplied(graph: Graph, op: Op, arguments: list[Expr]) -> int:
    """A whole power by repeated squaring: also where the base is 0, and without a logarithm."""
    exponent = constant(arguments[1]) if op is power else None
    if exponent is None or exponent != int(exponent) or not 0 < abs(exponent) <= _LARGEST_POWER:
        row: int = op(*arguments).row
        return row
    result, base, left = None, arguments[0], int(abs(exponent))
    while left:
        if left % 2:
            result = base if result is None else result * base
        left //= 2
        base = base * base if left else base
    assert result is not None
    return result.row if exponent > 0 else (1.0 / result).row
