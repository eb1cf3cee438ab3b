"""Differentiate terms repeatedly, with like terms collected after every step.

A derivative is a sum of monomials, products of powers of bases: names, calls and sums. The derivatives of the bases are
terms of the same arena. They are found once, by the rules of the table, so that a step only multiplies monomials.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from ..ops import Op
from ..ops.arithmetic import add, div, mul, sub
from ..ops.carrier import Carrier
from ..ops.elementary import log
from ..ops.operands import Operand
from ..ops.rules import push
from .algebra import Algebra
from .numbers import ONE, Exact, calculate
from .operations import term_of_call, term_of_constant
from .sum_rules import collect
from .terms import Application, Product, Sum

Summand: TypeAlias = tuple[int, Exact]  # a monomial and its coefficient


class BudgetError(Exception):
    """A formula needs too many products."""


class Budget:
    """How many factors may still be multiplied. It is counted, so that a refusal does not depend on the machine."""

    def __init__(self, factors: int) -> None:
        self.factors = factors

    def spend(self, factors: int) -> None:
        """Count factors.

        Raises:
            BudgetError: if there were too many.
        """
        self.factors -= factors
        if self.factors < 0:
            raise BudgetError


class TermCarrier(Carrier):
    """A term that goes through the rules of the table in the place of a number."""

    __slots__ = ("term", "terms")
    shape = ()

    def __init__(self, terms: Algebra, term: int) -> None:
        self.terms = terms
        self.term = term

    @property
    def constant(self) -> float | None:
        """The number, if this is one."""
        value = self.terms.value(self.term)
        return None if value is None else float(value)

    def apply_op(self, op: Op, arguments: tuple[Operand, ...]) -> Operand:
        """Return the simplified term of the op. A helper is replaced by its textbook form."""
        terms = self.terms
        carriers = [
            x if isinstance(x, TermCarrier) else TermCarrier(terms, term_of_constant(x, terms)) for x in arguments
        ]
        if op.helper and op.textbook is not None:
            return op.textbook(*carriers)
        inputs = [carrier.term for carrier in carriers]
        if op in (add, sub):
            return TermCarrier(terms, terms.add([(ONE, inputs[0]), (ONE if op is add else -ONE, inputs[1])]))
        if op in (mul, div):
            exponent = terms.one if op is mul else terms.minus_one
            return TermCarrier(terms, terms.multiply([(inputs[0], terms.one), (inputs[1], exponent)]))
        return TermCarrier(terms, term_of_call(terms, op, tuple(inputs)))


def summands_of(terms: Algebra, term: int) -> Sequence[Summand]:
    """Return a term as monomials and coefficients."""
    node = terms.nodes[term]
    if isinstance(node, Sum):
        return node.terms
    if isinstance(node, (Fraction, float)):
        return ((terms.one, node),) if node else ()
    if isinstance(node, Product) and node.coefficient != 1:
        return ((terms.product_of(ONE, node.factors), node.coefficient),)
    return ((term, ONE),)


class Differentiator:
    """Derivatives of terms by one variable.

    Args:
        terms: the arena.
        variable: the term of the variable.
        expands: whether the sums in derivatives of bases are multiplied out.
        budget: is spent by products.
    """

    def __init__(self, terms: Algebra, variable: int, expands: bool, budget: Budget) -> None:
        self.terms = terms
        self.expands = expands
        self.budget = budget
        self.slopes: dict[int, int] = {variable: terms.one, terms.exp_base: terms.zero}
        self.steps: dict[int, Sequence[Summand]] = {}

    def derive(self, summands: Iterable[Summand]) -> list[Summand]:
        """Return the derivative of a sum, as a sum with like terms collected."""
        total: dict[int, Exact] = {}
        for monomial, coefficient in summands:
            self._find_slopes([part for power in self.terms.powers_of(monomial) for part in power])
            self._gather(total, coefficient, self._step(monomial))
        return list(total.items())

    def _gather(self, total: dict[int, Exact], coefficient: Exact, summands: Iterable[Summand]) -> None:
        """Add a number times a sum."""
        for monomial, own in summands:
            product = calculate(operator.mul, coefficient, own)
            if product is None:
                raise BudgetError
            collect(self.terms, total, monomial, product)

    def _find_slopes(self, tops: Sequence[int]) -> None:
        """Find the derivatives of these terms and of all their parts, the smallest terms first."""
        found, stack = set[int](), list(tops)
        while stack:
            term = stack.pop()
            if term not in self.slopes and term not in found:
                found.add(term)
                stack += self.terms.parts(term)
        for term in sorted(found):
            self.slopes[term] = self._slope(term)

    def _slope(self, term: int) -> int:
        """Return the derivative of a term whose parts have theirs."""
        terms, node = self.terms, self.terms.nodes[term]
        total: dict[int, Exact] = {}
        if isinstance(node, Application):
            return self._slope_of_call(node, term)
        if isinstance(node, Product):
            self._gather(total, node.coefficient, self._step(terms.product_of(ONE, node.factors)))
        elif isinstance(node, Sum):
            for monomial, coefficient in node.terms:
                self._gather(total, coefficient, summands_of(terms, self.slopes[monomial]))
        return terms.sum_of(total)

    def _slope_of_call(self, node: Application, term: int) -> int:
        terms = self.terms
        slopes = [self.slopes[argument] for argument in node.arguments]
        if all(slope == terms.zero for slope in slopes):
            return terms.zero
        tangents = [None if slope == terms.zero else TermCarrier(terms, slope) for slope in slopes]
        arguments = [TermCarrier(terms, argument) for argument in node.arguments]
        result = push(node.op, tangents, TermCarrier(terms, term), arguments)
        if result is None:
            return terms.zero
        return result.term if isinstance(result, TermCarrier) else term_of_constant(float(result), terms)

    def _step(self, monomial: int) -> Sequence[Summand]:
        """Return the derivative of a monomial, by the product rule."""
        step = self.steps.get(monomial)
        if step is not None:
            return step
        terms, factors = self.terms, self.terms.powers_of(monomial)
        total: dict[int, Exact] = {}
        if len(factors) == 1 and factors[0] == (monomial, terms.one):
            self._gather(total, ONE, summands_of(terms, self.slopes[monomial]))
            factors = ()
        for position, (base, exponent) in enumerate(factors):
            others = [*factors[:position], *factors[position + 1 :]]
            by_base, by_exponent = self.slopes[base], self.slopes[exponent]
            steady = exponent
            if by_exponent != terms.zero:
                steady = self._steady_part(exponent)
                growth = self._growth(base, exponent, steady)
                self._multiply(total, [*others, (base, exponent)], [growth])
            if by_base != terms.zero and steady != terms.zero:
                lowered = terms.add([(ONE, exponent), (-ONE, terms.one)])
                self._multiply(total, [*others, (base, lowered)], [steady, by_base])
        step = self.steps[monomial] = tuple(total.items())
        return step

    def _steady_part(self, exponent: int) -> int:
        """Return the summands of an exponent that do not depend on the variable: -3 in x - 3."""
        node = self.terms.nodes[exponent]
        if not isinstance(node, Sum):
            return self.terms.zero
        return self.terms.sum_of({m: c for m, c in node.terms if self.slopes[m] == self.terms.zero})

    def _growth(self, base: int, exponent: int, steady: int) -> int:
        """Return the derivative of base**v over itself, where v is the exponent without its steady part."""
        terms, slope = self.terms, self.slopes[exponent]
        if base == terms.exp_base:
            return slope
        v = terms.add([(ONE, exponent), (-ONE, steady)])
        by_exponent = terms.multiply([(slope, terms.one), (terms.call(log, (base,)), terms.one)])
        relative = [(self.slopes[base], terms.one), (base, terms.minus_one)]
        return terms.add([(ONE, by_exponent), (ONE, terms.multiply([(v, terms.one), *relative]))])

    def _multiply(self, total: dict[int, Exact], powers: list[tuple[int, int]], sums: Sequence[int]) -> None:
        """Add a product of powers and of terms. With `expands` a sum among the terms is multiplied out."""
        terms = self.terms
        products: list[tuple[Exact, list[tuple[int, int]]]] = [(ONE, powers)]
        for term in sums:
            parts = summands_of(terms, term) if self.expands else [(term, ONE)]
            products = [
                (calculate(operator.mul, c, own) or ONE, [*factors, (part, terms.one)])
                for c, factors in products
                for part, own in parts
            ]
        for coefficient, factors in products:
            self.budget.spend(1 + len(factors))
            self._gather(total, coefficient, summands_of(terms, terms.multiply(factors)))
