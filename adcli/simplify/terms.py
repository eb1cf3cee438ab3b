"""The terms of school algebra: an arena of numbers, names, calls, products and sums, hash-consed.

A term is a row of the arena. The terms that it is made of have smaller numbers, as in `graph.arena`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from itertools import islice
from typing import NamedTuple, TypeAlias

from ..ops import Op
from .numbers import HALF, ONE, ZERO, Exact, exact_text, size

MANY = 100  # a sum with more terms, or a product with more factors, is not merged into another one


class Product(NamedTuple):
    """coefficient * base**exponent * …, where the exponents are terms."""

    coefficient: Exact
    factors: tuple[tuple[int, int], ...]


class Sum(NamedTuple):
    """coefficient * monomial + …, where the monomial of a number is the term 1."""

    terms: tuple[tuple[int, Exact], ...]


class Application(NamedTuple):
    """An op on terms."""

    op: Op
    arguments: tuple[int, ...]


TermNode: TypeAlias = Exact | str | Product | Sum | Application


class Terms(ABC):
    """The arena, without the algebra that `Algebra` adds.

    Attributes:
        nodes: the content of each term.
        costs: about how many characters the text of each term has, with nothing shared.
        keys: the beginning of the text of each term, to sort by.
        by_key: the term of each key that identifies it.
        has_exponentials: whether there is a sinh or expm1.
        exp_base: exp(x) is this term to the power x, so that exp(x)*exp(y) is collected like any other powers. It is
            not the variable of that name.
    """

    def __init__(self) -> None:
        self.nodes: list[TermNode] = []
        self.costs: list[float] = []
        self.keys: list[str] = []
        self.by_key: dict[Hashable, int] = {}
        self.zero, self.one, self.minus_one, self.half = map(self.number, (ZERO, ONE, -ONE, HALF))
        self.has_exponentials = False
        self.exp_base = self.intern(("base",), "exp", 3, "exp")

    @abstractmethod
    def add(self, terms: Iterable[tuple[Exact, int]]) -> int:
        """Return the sum of coefficients times terms, flat and with like terms collected."""

    @abstractmethod
    def multiply(self, powers: Iterable[tuple[int, int]]) -> int:
        """Return the product of bases to exponents, flat and with powers of one base merged. Both are terms."""

    @abstractmethod
    def call(self, op: Op, arguments: tuple[int, ...]) -> int:
        """Return an op on terms, simplified by the table of identities."""

    def number(self, value: Exact) -> int:
        """Return the term of a number."""
        text = exact_text(value)
        return self.intern((type(value), text), value, len(text), text)

    def name(self, name: str) -> int:
        """Return the term of a variable or a named constant."""
        return self.intern(name, name, len(name), name)

    def infinite(self, name: str) -> int:
        """Return a new term for inf or nan, because inf - inf is not 0 and inf/inf is not 1."""
        return self.intern(("infinite", len(self.nodes)), name, len(name), name)

    def value(self, term: int) -> Exact | None:
        """Return the number, if the term is one."""
        node = self.nodes[term]
        return node if isinstance(node, (Fraction, float)) else None

    def intern(self, key: Hashable, node: TermNode, cost: float, text: str) -> int:
        """Return the term of a key. A new term gets this node, cost and text."""
        term = self.by_key.get(key)
        if term is None:
            term = self.by_key[key] = len(self.nodes)
            self.nodes.append(node)
            self.costs.append(min(cost, 1e12))
            self.keys.append(text[:40])
        return term

    def sum_of(self, collected: dict[int, Exact]) -> int:
        """Return the sum of collected coefficients, by monomial."""
        if not collected:
            return self.zero
        if len(collected) == 1:
            [(monomial, coefficient)] = collected.items()
            return self.scaled(coefficient, monomial)
        items = tuple(collected.items())
        cost = sum(self.costs[self.scaled(c, m)] + 3 for m, c in items) - 3
        return self.intern(("+", frozenset(items)), Sum(items), cost, self.join_keys(m for m, _ in items))

    def scaled(self, coefficient: Exact, monomial: int) -> int:
        """Return a number times a monomial."""
        if coefficient == 1:
            return monomial
        if monomial == self.one:
            return self.number(coefficient)
        return self.multiply([(self.number(coefficient), self.one), (monomial, self.one)])

    def power(self, base: int, exponent: int) -> int:
        """Return base**exponent."""
        return self.multiply([(base, exponent)])

    def powers_of(self, monomial: int) -> Sequence[tuple[int, int]]:
        """Return the bases and exponents of a monomial. The term 1 has none."""
        node = self.nodes[monomial]
        if isinstance(node, Product):
            return node.factors
        return () if monomial == self.one else ((monomial, self.one),)

    def parts(self, term: int) -> list[int]:
        """Return the terms that this one is made of."""
        node = self.nodes[term]
        if isinstance(node, Application):
            return list(node.arguments)
        if isinstance(node, Sum):
            return [monomial for monomial, _ in node.terms]
        if isinstance(node, Product):
            return [part for power in node.factors for part in power]
        return []

    def times(self, one: int, other: int) -> int:
        """Return the product of two terms."""
        return other if one == self.one else self.multiply([(one, self.one), (other, self.one)])

    def product_of(self, coefficient: Exact, factors: tuple[tuple[int, int], ...]) -> int:
        """Return a product whose factors are simplified already."""
        if not factors:
            return self.number(coefficient)
        if len(factors) == 1 and coefficient == 1 and factors[0][1] == self.one and factors[0][0] != self.exp_base:
            return factors[0][0]  # exp(1) stays a power
        key = self.join_keys(base for base, _ in factors)
        return self.intern(
            ("*", coefficient, frozenset(factors)),
            Product(coefficient, factors),
            self.product_cost(coefficient, factors),
            key,
        )

    def product_cost(self, coefficient: Exact, factors: tuple[tuple[int, int], ...]) -> float:
        """Return the characters of a product, including signs, brackets and the line of a fraction."""
        above, below = exact_text(size(coefficient)).partition("/")[::2]
        sides = [float(len(above) if above != "1" else 0), float(len(below))]
        counts = [int(above != "1"), int(below != "")]
        for base, exponent in factors:
            power = self.value(exponent)
            side = 1 if power is not None and power < 0 and base != self.exp_base else 0
            counts[side] += 1
            sides[side] += self._factor_cost(base, exponent, power)
        numerator = sides[0] + counts[0] - 1 if counts[0] else 1
        denominator = sides[1] + counts[1] + 2 * (counts[1] > 1) if counts[1] else 0
        return numerator + denominator + (coefficient < 0)

    def _factor_cost(self, base: int, exponent: int, power: Exact | None) -> float:
        if base == self.exp_base:
            return self.costs[exponent] + 5
        cost = self.costs[base]
        if power in (HALF, -HALF):
            return cost + 6
        if isinstance(self.nodes[base], (Sum, Product)):
            cost += 2
        if power in (1, -1):
            return cost
        return cost + 2 + self.costs[exponent] - (power is not None and power < 0)

    def join_keys(self, parts: Iterable[int]) -> str:
        """Return the beginning of the joined texts of these terms."""
        return ",".join(self.keys[part] for part in islice(parts, 4))
