"""Derivatives to read: several routes through the orders, of which the shortest result is written.

No route is the shortest for every formula. Sums that stay factors keep powers of log(x) + 1 together. Sums that are
multiplied out let like terms meet. Short derivatives that are simplified on the way lose what cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import RequestError
from ..graph.derive import gradient
from ..graph.expr import Expr
from .algebra import Algebra
from .differentiator import Budget, BudgetError, Differentiator, Summand, summands_of
from .numbers import Exact, exact_text
from .tidy import LONGEST_SUM, expand, read_term, shorten_sum, tidy, write_term

BUDGET = 100_000  # factors that a route may multiply, about 3 seconds
COLLECTED_ROWS = range(100, 5000)  # sizes of first derivatives of which collected forms are tried too
TOO_LONG = 4  # a route ends if it has so many times the characters of the shortest


class Route:
    """A way through the orders.

    Args:
        start: the term to differentiate.
        expands: whether sums are multiplied out.
        shortens: whether short derivatives are simplified.

    Attributes:
        state: the derivative of the order that was reached.
        cost: about how many characters it has.
    """

    def __init__(self, terms: Algebra, start: int, expands: bool = False, shortens: bool = False) -> None:
        self.terms = terms
        self.expands = expands
        self.shortens = shortens
        self.budget = Budget(BUDGET)
        self.differentiators: dict[str, Differentiator] = {}
        self.state: Sequence[Summand] = summands_of(terms, start)
        if expands:
            expanded = expand(terms, self.state)
            self.state = self.state if expanded is None else summands_of(terms, expanded)
        self.cost = 0.0

    def step(self, name: str) -> bool:
        """Differentiate by one variable. Return whether the budget was enough."""
        terms = self.terms
        differentiator = self.differentiators.get(name)
        if differentiator is None:
            differentiator = Differentiator(terms, terms.name(name), self.expands, self.budget)
            self.differentiators[name] = differentiator
        try:
            self.state = differentiator.derive(self.state)
        except BudgetError:
            return False
        self.cost = self._measure()
        if self.shortens and self.cost <= LONGEST_SUM:
            self.state = summands_of(terms, self.total())
            self.cost = self._measure()
        return True

    def _measure(self) -> float:
        return sum(self.terms.costs[monomial] + len(exact_text(c)) + 4 for monomial, c in self.state)

    def total(self) -> int:
        """Return the term of the derivative."""
        return shorten_sum(self.terms, self.terms.add((c, monomial) for monomial, c in self._sorted()))

    def _powers(self, monomial: int) -> dict[int, Exact]:
        """Return the exponents of a monomial that are numbers."""
        pairs = [(base, self.terms.value(exponent)) for base, exponent in self.terms.powers_of(monomial)]
        return {base: value for base, value in pairs if value is not None}

    def _sorted(self) -> list[Summand]:
        """Return the derivative by falling powers of the bases that have the most different ones."""
        powers = {monomial: self._powers(monomial) for monomial, _ in self.state}
        different: dict[int, set[Exact]] = {}
        for own in powers.values():
            for base, exponent in own.items():
                different.setdefault(base, {Fraction(0)}).add(exponent)
        leading = sorted(different, key=lambda base: (-len(different[base]), base))[:2]
        return sorted(self.state, key=lambda item: [-powers[item[0]].get(base, 0) for base in leading])


def differentiate(formula: Expr, wrt: Sequence[str]) -> Expr:
    """Return the derivative by these variables, one after the other, as a person would write it, in its own graph.

    Raises:
        RequestError: the result would be too long.
    """
    [slope] = gradient(formula, [formula.graph.variable(wrt[0])])
    first = tidy(Expr(formula.graph, formula.graph.constant(0.0)) if slope is None else slope, wrt[0])
    if len(wrt) == 1 and len(first.graph) not in COLLECTED_ROWS:
        return first
    terms = Algebra()
    start, rest = read_term(terms, formula), read_term(terms, first)
    plain = Route(terms, start)
    routes = [plain] if plain.step(wrt[0]) else []
    if len(wrt) == 1:
        expanded = Route(terms, start, expands=True)
        routes += [expanded] if expanded.step(wrt[0]) else []
        totals = [rest, *(route.total() for route in routes)]
    else:
        routes += [Route(terms, rest, expands=True), Route(terms, rest, shortens=True)]
        totals = [route.total() for route in _follow(routes, wrt)]
    result = min(totals, key=terms.costs.__getitem__)
    return first if result == rest else tidy(write_term(terms, result, formula.graph))


def _follow(routes: list[Route], wrt: Sequence[str]) -> list[Route]:
    """Return the routes that reach the end, from the first order on."""
    for order, name in enumerate(wrt[1:], 2):
        routes = [route for route in routes if route.step(name)]
        if not routes:
            raise RequestError(
                f"the derivative of order {len(wrt)} is too long to write", hint=f"order {order - 1} works"
            )
        least = min(route.cost for route in routes)
        routes = [route for route in routes if route.cost <= TOO_LONG * least + LONGEST_SUM]
    return routes
