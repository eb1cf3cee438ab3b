"""Write terms as a graph for printing: the order of terms and factors, signs, fractions and roots."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ..graph.expr import Expr, Unfolded
from ..ops.arithmetic import add, div, mul, neg, power, sub
from ..ops.elementary import exp, sqrt
from .numbers import HALF, ONE, Exact, size
from .terms import Application, Product, Sum, Terms

CONSTANT_NAMES = ("pi", "tau", "e", "π", "τ")


class TermWriter:
    """A graph that is printed without folding, and the row of each term in it."""

    def __init__(self, terms: Terms, variables: Iterable[str]) -> None:
        self.terms = terms
        self.graph = Unfolded()
        for name in variables:
            self.graph.variable(name)
        self.rows: dict[int, int] = {}

    def write(self, top: int) -> Expr:
        """Return the node of a term. The stack is explicit, because terms nest as deep as the user's text."""
        stack = [top]
        while stack:
            term = stack[-1]
            needed = [part for part in self._parts(term) if part not in self.rows]
            if needed:
                stack += needed
                continue
            stack.pop()
            if term not in self.rows:
                self.rows[term] = self._row(term)
        return Expr(self.graph, self.rows[top])

    def _parts(self, term: int) -> list[int]:
        """Return the terms that this one needs."""
        terms, node = self.terms, self.terms.nodes[term]
        if isinstance(node, Application):
            return list(node.arguments)
        if isinstance(node, Sum):
            return [terms.scaled(size(c), monomial) for monomial, c in node.terms]
        if not isinstance(node, Product):
            return []
        parts = []
        for base, exponent in node.factors:
            if base == terms.exp_base:
                parts.append(exponent)
            else:
                value = terms.value(exponent)
                parts += [base, exponent if value is None else terms.number(size(value))]
        return parts

    def _row(self, term: int) -> int:
        node, graph = self.terms.nodes[term], self.graph
        if isinstance(node, str):
            if node in ("inf", "nan"):
                return graph.constant(float(node))
            return graph.variable(node).row
        if isinstance(node, Application):
            return graph.apply(node.op, tuple(self.rows[argument] for argument in node.arguments))
        if isinstance(node, Sum):
            return self._sum(node)
        if isinstance(node, Product):
            return self._product(node)
        if isinstance(node, Fraction):
            return self._quotient(self._number(node.numerator), node.denominator)
        return graph.constant(node)

    def _number(self, value: float) -> int:
        return self.graph.constant(float(value))

    def _quotient(self, above: int, below: int) -> int:
        return above if below == 1 else self.graph.apply(div, (above, self._number(below)))

    def _sum(self, node: Sum) -> int:
        """Write a polynomial by falling degree, any other sum in its own order. A positive term comes first."""
        degrees = {monomial: self._degree(monomial) for monomial, _ in node.terms}
        items = sorted(node.terms, key=lambda item: item[0] == self.terms.one)
        if all(degree is not None for degree in degrees.values()):
            items.sort(key=lambda item: (-(degrees[item[0]] or 0), self.terms.keys[item[0]]))
        leading = next((item for item in items if item[1] > 0), items[0])
        items.remove(leading)
        total = self._signed(leading)
        for monomial, coefficient in items:
            row = self.rows[self.terms.scaled(size(coefficient), monomial)]
            total = self.graph.apply(add if coefficient > 0 else sub, (total, row))
        return total

    def _signed(self, item: tuple[int, Exact]) -> int:
        monomial, coefficient = item
        if coefficient > 0:
            return self.rows[self.terms.scaled(coefficient, monomial)]
        return self._row(self.terms.scaled(coefficient, monomial))

    def _degree(self, monomial: int) -> int | None:
        """Return the degree of a product of whole powers of variables, None for any other product."""
        total = 0
        for base, exponent in self.terms.powers_of(monomial):
            value = self.terms.value(exponent)
            if not isinstance(self.terms.nodes[base], str) or base == self.terms.exp_base or value is None:
                return None
            if value != int(value):
                return None
            total += int(value)
        return total

    def _product(self, node: Product) -> int:
        """Write numbers first, then constants, variables, functions and sums. Negative powers form the denominator."""
        graph = self.graph
        above: list[tuple[tuple[int, str], int]] = []
        below: list[tuple[tuple[int, str], int]] = []
        for base, exponent in node.factors:
            power_ = self.terms.value(exponent)
            if base == self.terms.exp_base:
                row, side, power_ = graph.apply(exp, (self.rows[exponent],)), above, ONE
            else:
                row, side = self.rows[base], above
                if power_ is None:
                    row = graph.apply(power, (row, self.rows[exponent]))
                else:
                    side = above if power_ > 0 else below
                    positive = size(power_)
                    if positive == HALF:
                        row = graph.apply(sqrt, (row,))
                    elif positive != 1:
                        row = graph.apply(power, (row, self.rows[self.terms.number(positive)]))
            side.append((self._sort_key(base, power_), row))
        coefficient = node.coefficient
        numerator = coefficient.numerator if isinstance(coefficient, Fraction) else coefficient
        denominator = coefficient.denominator if isinstance(coefficient, Fraction) else 1
        top = [row for _, row in sorted(above, key=lambda item: item[0])]
        bottom = [row for _, row in sorted(below, key=lambda item: item[0])]
        if size(numerator) != 1 or not top:
            top.insert(0, self._number(numerator))
        elif numerator < 0:
            top[0] = graph.apply(neg, (top[0],))
        if denominator != 1:
            bottom.insert(0, self._number(denominator))
        result = self._chain(top)
        return graph.apply(div, (result, self._chain(bottom))) if bottom else result

    def _chain(self, rows: list[int]) -> int:
        total = rows[0]
        for row in rows[1:]:
            total = self.graph.apply(mul, (total, row))
        return total

    def _sort_key(self, base: int, exponent: Exact | None) -> tuple[int, str]:
        node, key = self.terms.nodes[base], self.terms.keys[base]
        if isinstance(node, Sum):
            return 4, ""
        if base == self.terms.exp_base:
            return 3, "exp"
        if exponent is None:
            return 2, key
        if isinstance(node, str):
            return (0 if node in CONSTANT_NAMES else 1), key
        return (0 if isinstance(node, (Fraction, float)) else 3), key
