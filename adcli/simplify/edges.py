"""Values of terms at edges, 0 and the infinities, to see that a shorter form is defined where the longer one is.

Over a common denominator, 1 + 1/x is inf/inf at infinity. Multiplied out, log(x)*(log(x) + 2) is inf - inf at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import e, inf, isnan, nan, pi, tau

from ..ops.arithmetic import add, div, mul, power
from ..ops.elementary import exp, sqrt
from .numbers import HALF, size
from .terms import Application, Product, Sum, Terms

CONSTANTS = {"pi": pi, "tau": tau, "e": e, "π": pi, "τ": tau, "inf": inf, "nan": nan}
EDGES = (0.0, 1.0, -1.0, inf, -inf)


class EdgeValues:
    """The value of each term at edges, as `TermWriter` writes it.

    Args:
        terms: the arena.
        variables: the names. They have ordinary values, but each is 0 beside an ordinary and beside an infinite
            `variable`.
        variable: the name that takes the values of `EDGES`.
    """

    def __init__(self, terms: Terms, variables: Sequence[str], variable: str) -> None:
        others = [name for name in variables if name != variable]
        ordinary = {name: 0.6 + 0.17 * place for place, name in enumerate(variables)}
        points = [{**ordinary, variable: edge} for edge in EDGES] + [
            {**ordinary, variable: value, name: 0.0} for name in others for value in (ordinary[variable], inf)
        ]
        self.terms = terms
        self.count = len(points)
        self.names = {name: [point[name] for point in points] for name in variables}
        self.values: dict[int, list[float]] = {}

    def covers(self, form: int, term: int) -> bool:
        """Return whether a form is defined at every edge at which the term is."""
        return all(isnan(y) or not isnan(x) for x, y in zip(self._of(form), self._of(term), strict=True))

    def _of(self, top: int) -> list[float]:
        stack = [top]
        while stack:
            term = stack[-1]
            missing = [part for part in self.terms.parts(term) if part not in self.values]
            if missing:
                stack += missing
                continue
            stack.pop()
            if term not in self.values:
                self.values[term] = self._compute(term)
        return self.values[top]

    def _compute(self, term: int) -> list[float]:
        """Return the values of a term whose parts have theirs."""
        node, values = self.terms.nodes[term], self.values
        if isinstance(node, Application):
            return list(map(node.op.forward, *[values[argument] for argument in node.arguments]))
        if isinstance(node, Sum):
            total = [0.0] * self.count
            for monomial, coefficient in node.terms:
                c = float(coefficient)
                total = [add.forward(a, mul.forward(c, b)) for a, b in zip(total, values[monomial], strict=True)]
            return total
        if isinstance(node, Product):
            return self._product(node)
        if isinstance(node, str):
            return self.names[node] if node in self.names else [CONSTANTS.get(node, 0.0)] * self.count
        return [float(node)] * self.count

    def _product(self, node: Product) -> list[float]:
        above, below = [float(node.coefficient)] * self.count, [1.0] * self.count
        for base, exponent in node.factors:
            value, factor = self.terms.value(exponent), self.values[base]
            if base == self.terms.exp_base:
                factor = list(map(exp.forward, self.values[exponent]))
            elif value is None:
                factor = list(map(power.forward, factor, self.values[exponent]))
            elif size(value) == HALF:
                factor = list(map(sqrt.forward, factor))
            elif size(value) != 1:
                factor = [power.forward(x, float(size(value))) for x in factor]
            if value is None or value > 0 or base == self.terms.exp_base:
                above = list(map(mul.forward, above, factor))
            else:
                below = list(map(mul.forward, below, factor))
        return list(map(div.forward, above, below))
