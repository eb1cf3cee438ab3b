"""Compute all the Taylor coefficients of a node, in time quadratic in the order.

Every op extends its series by one coefficient at a time. Sums, products and quotients have their rules here. Any other
op solves the differential equation of its partials, out' = partial_1 * x_1' + …, so a new op needs no rule. An op
without such an equation (ops/series_rules.py) is composed from its derivatives (composition.py). This takes time of
order 2.5, unless its argument is a straight line.
(Griewank & Walther, Evaluating Derivatives, 2nd edition, section 13.2.)
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from math import perm
from typing import TypeAlias

from ..ops import Op, constant
from ..ops.arithmetic import add, div, mul, neg, power, square, sub
from ..ops.operands import Operand
from ..ops.series_rules import COMPOSED, SERIES_PARTIALS
from .composition import Composition
from .evaluate import evaluate
from .expr import Expr, Graph

_MAX_POWER = 1 << 20  # larger whole exponents are not multiplied out

# A term of the equation of an op: the row of an argument, the local derivative by it (a row, or a number as a float),
# and the row of the condition under which the op picks the argument (None for always).
Term: TypeAlias = tuple[int, int | float, int | None]


def taylor(output: Expr, name: str, inputs: Mapping[str, float], order: int) -> list[float]:
    """Return the coefficients c_0 … c_order of the node's expansion in one variable at a point.

    Args:
        output: the node to expand.
        name: of the variable. The others are constant.
        inputs: one value per variable.
        order: of the last coefficient, which is the derivative of this order divided by the factorial of the order.

    Returns:
        order + 1 numbers. They are not finite if there is no such expansion.

    >>> x = Graph().variable("x")
    >>> taylor(1.0 / (1.0 - x), "x", {"x": 0.0}, 4)
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    return Series(output, name, inputs).to(order)


class Series:
    """The series of every node that the output needs.

    Attributes:
        graph: a copy of the output's graph, with the partials of its nodes.
        top: the row of the output in it.
        varies: per row, whether it depends on the variable.
        equations: the terms of each row that has an equation.
        coefficients: per row, the coefficients computed so far.
        products: products of coefficients computed so far by the rules of this module.
    """

    def __init__(self, output: Expr, name: str, inputs: Mapping[str, float]) -> None:
        self.graph, self.top = _rewrite_graph(output)
        self.products = 0
        self.equations: dict[int, list[Term]] = {}
        self._append_partials(self.graph.variables.get(name, -1))
        self.move(inputs)

    def move(self, inputs: Mapping[str, float]) -> None:
        """Restart at another point."""
        self.start = evaluate(self.graph, range(len(self.graph)), inputs)
        self.coefficients: list[list[float]] = [[value] for value in self.start]
        self.composed: dict[int, Composition] = {}

    def to(self, order: int) -> list[float]:
        """Return the output's coefficients up to this order."""
        varying = [row for row in range(len(self.graph)) if self.varies[row]]
        for row in varying:
            op, inputs = self.graph.ops[row], self.graph.inputs[row]
            if op in COMPOSED and row not in self.composed:
                coefficient = functools.partial(_coefficient, op, [self.start[i] for i in inputs])
                self.composed[row] = Composition(coefficient, self.coefficients[inputs[-1]], order)
        for k in range(len(self.coefficients[self.top]), order + 1):
            for row in varying:
                self.coefficients[row].append(self._next(row, k))
        return self.coefficients[self.top] + [0.0] * (order + 1 - len(self.coefficients[self.top]))

    @property
    def operations(self) -> int:
        """Products of coefficients computed so far."""
        return self.products + sum(each.operations for each in self.composed.values())

    # ------------------------------------------------------------ the equations

    def _append_partials(self, variable: int) -> None:
        """Append the partials of every op that varies, and the partials of these, until there are no new ones."""
        graph = self.graph
        self.varies = bytearray()
        row = 0
        while row < len(graph):
            op, inputs = graph.ops[row], graph.inputs[row]
            varies = row == variable or any(self.varies[i] for i in inputs)
            if op is not None and varies:
                varies = self._append_equation(row, op, inputs)
            self.varies.append(varies)
            row += 1

    def _append_equation(self, row: int, op: Op, inputs: tuple[int, ...]) -> bool:
        """Store the equation of a row. Return whether its derivative can be other than 0."""
        if op in (add, sub, mul, div, neg, square) or op in COMPOSED:
            return True
        graph, terms = self.graph, list[Term]()
        out, arguments = Expr(graph, row), [Expr(graph, i) for i in inputs]
        for position, argument in enumerate(inputs):
            if not self.varies[argument]:
                continue
            partial: Operand = SERIES_PARTIALS[op][position] if op in SERIES_PARTIALS else op.partial(position)
            if callable(partial):
                partial = partial(out, *arguments)
            if partial is not None:
                pick = op.pick(position)
                when = None if pick is None else pick(out, *arguments).row
                terms.append((argument, partial.row if isinstance(partial, Expr) else float(partial), when))
        self.equations[row] = terms
        return bool(terms)

    # ------------------------------------------------------------ the coefficients

    def _next(self, row: int, k: int) -> float:
        """Return coefficient k of a row. It needs coefficient k of the arguments and k - 1 of all rows."""
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
                derivative = c[partial]
                least = 1 if self.varies[partial] else k
                terms = [i * x[i] * derivative[k - i] for i in range(least, k + 1) if x[i]]
                self.products += len(terms)
                total += sum(terms) / k
        return total

    def _product(self, a: list[float], b: list[float], k: int, least: int = 0) -> float:
        """Return the sum of a_i * b_(k - i) for i from `least`. A series of one number is a constant."""
        first = max(least, k - len(b) + 1)
        last = min(k, len(a) - 1)
        self.products += max(0, last - first + 1)
        return sum([a[i] * b[k - i] for i in range(first, last + 1) if a[i] and b[k - i]], 0.0)


def _coefficient(op: Op, at: list[float], j: int) -> float:
    """Return the j-th derivative of an op by its last argument over j factorial, a factorial that may overflow."""
    value = COMPOSED[op](j, *at)
    while j > 0:
        value /= perm(j, min(j, 100))
        j -= 100
    return value


def _rewrite_graph(output: Expr) -> tuple[Graph, int]:
    """Copy the node to its own graph, with whole powers as products and the ops in `WRITTEN_OUT` replaced."""
    graph, row = output.graph, output.row
    for rewrite in (_write_out, _multiply_out):
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


def _write_out(graph: Graph, op: Op, arguments: list[Expr]) -> int:
    """Return the row of an operation. A helper of some order becomes its textbook form, whose partials are finite."""
    result = op.textbook(*arguments) if op.textbook and op.integers else op(*arguments)
    return result.row if isinstance(result, Expr) else graph.constant(float(result))


def _multiply_out(graph: Graph, op: Op, arguments: list[Expr]) -> int:
    """Write a whole power as repeated squares, which needs no logarithm and holds for a base of 0."""
    exponent = constant(arguments[1]) if op is power else None
    if exponent is None or exponent != int(exponent) or not 0 < abs(exponent) <= _MAX_POWER:
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
