"""Compute all the Taylor coefficients of a node, in time quadratic in the order.

Every op extends its series by one coefficient at a time. Sums, products and quotients have their rules here. Any other
op solves the differential equation of its partials, out' = partial_1 * x_1' + …, so a new op needs no rule. An op
without such an equation (ops/series_rules.py) is composed from its derivatives (composition.py). This takes time of
order 2.5, unless its argument is a straight line. A power of a base that is 0 has no equation either (zero_powers.py).
(Griewank & Walther, Evaluating Derivatives, 2nd edition, section 13.2.)

A series is a list of coefficients. The series of a polynomial ends at its degree, which is known before anything is
computed: a constant has one coefficient and the variable two. So has what picks a constant at the point, as max(x, 0)
does at -1, and all that depends on the variable only through it. What is beyond the end is 0 in every product, also
times inf. A coefficient that is computed takes part in every product, also if it happens to be 0, and 0 * inf is nan.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from math import inf, isnan, nan, perm
from operator import mul as times
from typing import TypeAlias

from ..ops import Op
from ..ops.arithmetic import add, div, mul, neg, power, square, sub
from ..ops.elementary import cbrt
from ..ops.operands import Operand
from ..ops.series_rules import COMPOSED, SERIES_PARTIALS
from .composition import Composition
from .evaluate import evaluate
from .expr import Expr
from .series_rewriting import rewrite_graph
from .zero_powers import ZeroPower

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

    >>> from .expr import Graph
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
        origins: by row of this graph the row of the output's graph that it stands for, if there is one.
        varies: per row, whether it depends on the variable.
        degrees: per row the index of the last coefficient of its series. It is inf unless the row is a polynomial.
        equations: the terms of each row that has an equation.
        start: the value of every row.
        moves: per row, whether it depends on the variable near this point.
        coefficients: per row, the coefficients computed so far, at most up to its degree.
        products: products of coefficients computed so far by the rules of this module.
    """

    def __init__(self, output: Expr, name: str, inputs: Mapping[str, float]) -> None:
        self.graph, self.top, self.origins = rewrite_graph(output)
        self.products = 0
        self.equations: dict[int, list[Term]] = {}
        self._append_partials(self.graph.variables.get(name, -1))
        self.move(inputs)

    def move(self, inputs: Mapping[str, float]) -> None:
        """Restart at another point."""
        self.start = evaluate(self.graph, range(len(self.graph)), inputs)
        self.moves = self.find_moves(self.start)
        self.coefficients: list[list[float]] = [[value] for value in self.start]
        self.composed: dict[int, Composition | ZeroPower] = {}
        self.order = 0

    def to(self, order: int) -> list[float]:
        """Return the output's coefficients up to this order."""
        moving = [row for row, moves in enumerate(self.moves) if moves]
        for row in moving:
            if row not in self.composed and (rule := self._rule_at_start(row, order)):
                self.composed[row] = rule
        for k in range(self.order + 1, order + 1):
            for row in moving:
                if k <= self.degrees[row]:
                    self.coefficients[row].append(self._next(row, k))
        self.order = max(self.order, order)
        return [*self.coefficients[self.top], *[0.0] * order][: order + 1]

    def _rule_at_start(self, row: int, order: int) -> Composition | ZeroPower | None:
        """Return what computes the coefficients of a row that has no equation at this point."""
        op, inputs, start = self.graph.ops[row], self.graph.inputs[row], self.start
        if op in COMPOSED:
            coefficient = functools.partial(_coefficient, op, [start[i] for i in inputs])
            return Composition(coefficient, self.coefficients[inputs[-1]], order, self.degrees[inputs[-1]])
        if self.is_zero_power(row, start, self.moves):
            exponent = 1.0 / 3.0 if op is cbrt else start[inputs[1]]
            base = self.coefficients[inputs[0]]
            return ZeroPower(base, self.coefficients[row], exponent, op is power and self.moves[inputs[1]])
        return None

    def find_moves(self, start: Sequence[Operand]) -> list[Operand]:
        """Return for each row whether it depends on the variable near the start, a bool or a column of them."""
        moves: list[Operand] = []
        for row, varies in enumerate(self.varies):
            result: Operand = varies and self.graph.ops[row] is None
            if varies and row in self.equations:
                for argument, _, when in self.equations[row]:
                    result = result | (moves[argument] if when is None else moves[argument] & (start[when] != 0.0))
            elif varies:
                for argument in self.graph.inputs[row]:
                    result = result | moves[argument]
            moves.append(result)
        return moves

    def is_zero_power(self, row: int, start: Sequence[Operand], moves: Sequence[Operand]) -> Operand:
        """Return whether a row is a power whose base is 0 at the start, and whose base or exponent is constant."""
        op, inputs = self.graph.ops[row], self.graph.inputs[row]
        if op is cbrt:
            return start[inputs[0]] == 0.0
        return op is power and (start[inputs[0]] == 0.0) & ((moves[inputs[0]] & moves[inputs[1]]) ^ True)

    def find_nan(self) -> tuple[int, int]:
        """Return the order of the output's first coefficient that is nan, and the row in which the nan begins.

        The row is one of the output's own graph.
        """
        order = next(k for k, coefficient in enumerate(self.coefficients[self.top]) if isnan(coefficient))
        row: int | None = self.top
        origin = -1
        while row is not None:
            origin = self.origins.get(row, origin)
            inputs = self.graph.inputs[row]
            if row in self.equations:
                terms = self.equations[row]
                inputs = tuple(i for i, _, when in terms if when is None or self.start[when])
            row = next((i for i in inputs if any(map(isnan, self.coefficients[i][: order + 1]))), None)
        return order, origin

    @property
    def operations(self) -> int:
        """Products of coefficients computed so far."""
        return self.products + sum(each.operations for each in self.composed.values())

    # ------------------------------------------------------------ the equations

    def _append_partials(self, variable: int) -> None:
        """Append the partials of every op that varies, and the partials of these, until there are no new ones."""
        graph = self.graph
        self.varies: list[bool] = []
        row = 0
        while row < len(graph):
            op, inputs = graph.ops[row], graph.inputs[row]
            varies = row == variable or any(self.varies[i] for i in inputs)
            if op is not None and varies:
                varies = self._append_equation(row, op, inputs)
            self.varies.append(varies)
            row += 1
        self.degrees: list[float] = []
        for row, varies in enumerate(self.varies):
            self.degrees.append(self._degree(row) if varies else 0)

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

    def _degree(self, row: int) -> float:
        """Return the degree of a row that varies. Sums, products and what picks its arguments keep polynomials."""
        op, inputs = self.graph.ops[row], self.graph.inputs[row]
        degrees = [self.degrees[i] for i in inputs]
        if op is None:
            return 1
        if op is mul:
            return sum(degrees)
        if op is square:
            return 2 * degrees[0]
        if op is div:
            return inf if degrees[1] else degrees[0]
        terms = self.equations.get(row, [])
        is_linear = row in self.equations and not any(isinstance(p, int) and self.varies[p] for _, p, _ in terms)
        return max(degrees) if is_linear or op in (add, sub, neg) else inf

    # ------------------------------------------------------------ the coefficients

    def _next(self, row: int, k: int) -> float:
        """Return coefficient k of a row. It needs coefficient k of the arguments and k - 1 of all rows."""
        op, inputs, c = self.graph.ops[row], self.graph.inputs[row], self.coefficients
        if op is None:
            return 1.0
        a = c[inputs[0]]
        if op is neg:
            return -a[k]
        if op is square:
            return self._product(a, a, k)
        if row in self.composed:
            return self.composed[row].next(k)
        if op in (add, sub):
            b = c[inputs[1]]
            left, right = a[k] if k < len(a) else 0.0, b[k] if k < len(b) else 0.0
            return left + right if op is add else left - right
        if op is mul:
            return self._product(a, c[inputs[1]], k)
        if op is div:
            b = c[inputs[1]]
            above = a[k] if k < len(a) else 0.0
            return (above - self._product(b, c[row], k, 1)) / b[0] if b[0] else nan
        total = 0.0
        for argument, partial, when in self.equations[row]:
            x = c[argument]
            if when is not None and not c[when][0]:
                continue
            if isinstance(partial, float):
                total += partial * x[k] if k < len(x) else 0.0
            else:
                derivative = c[partial]
                least, last = max(1, k - len(derivative) + 1), min(k, len(x) - 1)
                terms = [i * x[i] * derivative[k - i] for i in range(least, last + 1)]
                self.products += len(terms)
                total += sum(terms) / k
        return total

    def _product(self, a: list[float], b: list[float], k: int, least: int = 0) -> float:
        """Return the sum of a_i * b_(k - i) for i from `least`, over the coefficients that there are."""
        first = max(least, k - len(b) + 1)
        last = min(k, len(a) - 1)
        self.products += max(0, last - first + 1)
        return sum(map(times, a[first : last + 1], b[k - last : k - first + 1][::-1]), 0.0)


def _coefficient(op: Op, at: list[float], j: int) -> float:
    """Return the j-th derivative of an op by its last argument over j factorial, a factorial that may overflow."""
    value = COMPOSED[op](j, *at)
    while j > 0:
        value /= perm(j, min(j, 100))
        j -= 100
    return value
