"""School algebra in normal form: sums with like terms collected, products with powers merged, numbers exact.

`identities.py` lists the rewritings and where they hold.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from fractions import Fraction

from ..ops import Op
from ..ops.arithmetic import negate, where
from ..ops.elementary import exp, expm1, hypot, log, sinh
from .edges import EdgeValues
from .identities import EVEN, ODD
from .numbers import ONE, ZERO, Exact, calculate, raise_number
from .product_rules import (
    apply_cube_roots,
    apply_ratios,
    apply_roots,
    apply_signs,
    content_of,
    power_of_call,
    power_of_product,
)
from .sum_rules import apply_exponentials, apply_pythagoras, collect, monomials
from .terms import MANY, Application, Product, Sum, Terms


class Algebra(Terms):
    """Terms with addition, multiplication and calls that simplify.

    Attributes:
        edges: the values of terms at edges, if forms must be defined there.
    """

    edges: EdgeValues | None = None

    # ------------------------------------------------------------ sums

    def add(self, terms: Iterable[tuple[Exact, int]]) -> int:
        """Return the sum of coefficients times terms, flat and with like terms collected."""
        collected: dict[int, Exact] = {}
        for coefficient, term in terms:
            for monomial, own in monomials(self, term):
                product = (
                    own if coefficient == 1 else coefficient if own == 1 else calculate(operator.mul, coefficient, own)
                )
                if product is None:
                    monomial, product = self.multiply([(self.number(own), self.one), (monomial, self.one)]), coefficient
                collect(self, collected, monomial, product)
        if len(collected) > 1:
            apply_pythagoras(self, collected)
            if self.has_exponentials:
                apply_exponentials(self, collected)
        return self.sum_of(collected)

    # ------------------------------------------------------------ products

    def multiply(self, powers: Iterable[tuple[int, int]]) -> int:
        """Return the product of bases to exponents, flat and with powers of one base merged. Both are terms."""
        coefficient, merged = self._merge_powers(powers)
        if coefficient == 0 and not any(self._is_infinite(base) for base in merged):
            return self.zero
        if len(merged) > 1:
            apply_ratios(self, merged)
            apply_signs(self, merged)
            apply_cube_roots(self, merged)
            coefficient, merged = apply_roots(self, coefficient, merged)
        if len(merged) == 1 and coefficient == -1:
            [(base, exponent)] = merged.items()
            node = self.nodes[base]
            if isinstance(node, Sum) and exponent == self.one and len(node.terms) <= MANY:
                return self.sum_of({m: -c for m, c in node.terms})
        return self.product_of(coefficient, tuple(merged.items()))

    def _merge_powers(self, powers: Iterable[tuple[int, int]]) -> tuple[Exact, dict[int, int]]:
        """Return the coefficient and the exponent of each base."""
        coefficient: Exact = ONE
        merged: dict[int, int] = {}
        stack = list(powers)[::-1]
        while stack:
            base, exponent = stack.pop()
            product = self._multiply_number(coefficient, base, exponent)
            if product is not None:
                coefficient = product
                continue
            is_alone = not merged and not stack and coefficient == 1
            factors = self._expand_power(base, exponent, is_alone)
            if factors is not None:
                stack += factors
                continue
            if base in merged:
                stack.append((base, self.add([(ONE, merged.pop(base)), (ONE, exponent)])))
                continue
            opposite = self._opposite_base(base, exponent)
            if opposite is not None and opposite in merged:
                coefficient = -coefficient if self.value(exponent) % 2 else coefficient  # type: ignore[operator]
                stack.append((opposite, exponent))
                continue
            if self.value(exponent) != 0:
                merged[base] = exponent
        return coefficient, merged

    def _multiply_number(self, coefficient: Exact, base: int, exponent: int) -> Exact | None:
        """Return coefficient * base**exponent, if that is a number."""
        node, power = self.nodes[base], self.value(exponent)
        if not isinstance(node, (Fraction, float)) or not isinstance(power, Fraction):
            return None
        number = raise_number(node, power)
        return None if number is None else calculate(operator.mul, coefficient, number)

    def _expand_power(self, base: int, exponent: int, is_alone: bool) -> list[tuple[int, int]] | None:
        """Return base**exponent as several powers, or None. A sum that `is_alone` keeps its common factor."""
        node, power = self.nodes[base], self.value(exponent)
        is_whole = isinstance(power, Fraction) and power.denominator == 1
        if isinstance(node, Product):
            return power_of_product(self, node, base, exponent, is_whole)
        if isinstance(node, Sum) and is_whole and not (is_alone and power == 1):
            content, rest = content_of(self, node, base)
            return None if content == 1 else [(rest, exponent), (self.number(content), exponent)]
        if isinstance(node, Application):
            factors = power_of_call(self, node, power)
            return None if factors is None else [(b, self.times(e, exponent)) for b, e in factors]
        return None

    def _opposite_base(self, base: int, exponent: int) -> int | None:
        """Return -base, if base is a sum with a whole exponent and -base is a term already."""
        node, power = self.nodes[base], self.value(exponent)
        if not isinstance(node, Sum) or not isinstance(power, Fraction) or power.denominator != 1:
            return None
        return self.by_key.get(("+", frozenset((m, -c) for m, c in node.terms)))

    def _is_infinite(self, base: int) -> bool:
        """Return whether 0 times a power of this base is not 0: inf, nan, 1/0."""
        return self.nodes[base] in ("inf", "nan", ZERO)

    # ------------------------------------------------------------ calls

    def call(self, op: Op, arguments: tuple[int, ...]) -> int:
        """Return an op on terms, simplified by the table of identities."""
        rewritten = self._rewrite_call(op, arguments)
        if rewritten is not None:
            return rewritten
        if op is hypot:
            arguments = tuple(sorted(arguments))
        values = [self.value(argument) for argument in arguments]
        if not op.is_condition and not op.takes_conditions and all(value in (-1, 0, 1) for value in values):
            result = op.forward(*[float(value) for value in values if value is not None])
            if result in (-1, 0, 1):
                return self.number(Fraction(result))
        self.has_exponentials = self.has_exponentials or op is sinh or op is expm1
        cost = len(op.sign or op.name) + 2 + sum(self.costs[a] + 2 for a in arguments)
        return self.intern((op, arguments), Application(op, arguments), cost, f"{op.name}({self.join_keys(arguments)}")

    def _rewrite_call(self, op: Op, arguments: tuple[int, ...]) -> int | None:
        """Return the call as another term, or None."""
        first = arguments[0]
        if op is exp:
            inner = self.nodes[first]
            if isinstance(inner, Application) and inner.op is log:
                return inner.arguments[0]
            return self.multiply([(self.exp_base, first)])
        if op is log:
            return self._log(first)
        if op in ODD or op in EVEN:
            positive = self.opposite(first)
            if positive is None:
                return None
            application = self.call(op, (positive,))
            return application if op in EVEN else self.multiply([(self.minus_one, self.one), (application, self.one)])
        if op is where:
            condition = self.nodes[first]
            if arguments[1] == arguments[2]:
                return arguments[1]
            if isinstance(condition, Application) and condition.op is negate:
                return self.call(where, (condition.arguments[0], arguments[2], arguments[1]))
        return None

    def _log(self, argument: int) -> int | None:
        """Return x for log(exp(x)), 1 for log(e), otherwise None."""
        node = self.nodes[argument]
        if node == "e":
            return self.one
        if isinstance(node, Product) and node.coefficient == 1 and len(node.factors) == 1:
            [(base, exponent)] = node.factors
            return exponent if base == self.exp_base else None
        return None

    def opposite(self, term: int) -> int | None:
        """Return -term, if the term is written with a minus."""
        node = self.nodes[term]
        if isinstance(node, (Fraction, float)):
            negative = node < 0
        elif isinstance(node, Product):
            negative = node.coefficient < 0
        else:
            negative = isinstance(node, Sum) and all(c < 0 for _, c in node.terms)
        return self.multiply([(self.minus_one, self.one), (term, self.one)]) if negative else None
