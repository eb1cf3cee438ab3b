"""School algebra in normal form: sums with like terms collected, products with powers merged, numbers exact.

A term is a row of an arena, hash-consed, with smaller numbers for what it is made of, as in `expr.py`. It is a number,
a name, a call of an op, a product (a coefficient and powers of bases) or a sum (coefficients and monomials).
`identities.py` says which rewriting this does and where it holds.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import islice
from math import gcd
from typing import Any, NamedTuple

from ..ops import Op
from ..ops.arithmetic import absolute, negate, sign, where
from ..ops.elementary import cbrt, cosh, exp, expm1, hypot, log, sinh
from .identities import EVEN, ODD, PYTHAGORAS, RATIOS, TRADED
from .numbers import HALF, ONE, ZERO, Exact, calculate, exact_text, raised, size

MANY = 100  # terms of a sum, factors of a product, from which on it is left as it is inside another


class Product(NamedTuple):
    """coefficient * base**exponent * …; the exponents are terms."""

    coefficient: Exact
    factors: tuple[tuple[int, int], ...]


class Sum(NamedTuple):
    """coefficient * monomial + …; the monomial of a bare number is the term 1."""

    terms: tuple[tuple[int, Exact], ...]


class Called(NamedTuple):
    """An op on terms."""

    op: Op
    arguments: tuple[int, ...]


class Terms:
    """The arena: what each term is, and about how long its text would be."""

    def __init__(self) -> None:
        self.nodes: list[Exact | str | Product | Sum | Called] = []
        self.costs: list[float] = []  # characters of the text, nothing shared
        self.keys: list[str] = []  # what the text begins with, to sort by
        self.found: dict[Any, int] = {}
        self.zero, self.one, self.minus_one, self.half = map(self.number, (ZERO, ONE, -ONE, HALF))
        self.has_exponentials = False  # whether there is any sinh or expm1
        # exp(x) is a power of this one: exp(x)*exp(y) is collected as any power is. A variable may have its name.
        self.exp_base = self._term(("base",), "exp", 3, "exp")

    # ------------------------------------------------------------ what there is

    def number(self, value: Exact) -> int:
        """The term of a number."""
        text = exact_text(value)
        return self._term((type(value), text), value, len(text), text)

    def name(self, name: str) -> int:
        """The term of a variable or a named constant."""
        return self._term(name, name, len(name), name)

    def infinite(self, name: str) -> int:
        """inf or nan: a term of its own each time, because inf - inf is not 0 and inf/inf not 1."""
        return self._term(("infinite", len(self.nodes)), name, len(name), name)

    def value(self, term: int) -> Exact | None:
        """The number that a term is, if it is one."""
        node = self.nodes[term]
        return node if isinstance(node, (Fraction, float)) else None

    def _term(self, key: Any, node: Any, cost: float, text: str) -> int:
        term = self.found.get(key)
        if term is None:
            term = self.found[key] = len(self.nodes)
            self.nodes.append(node)
            self.costs.append(min(cost, 1e12))
            self.keys.append(text[:40])
        return term

    # ------------------------------------------------------------ sums

    def add(self, terms: Iterable[tuple[Exact, int]]) -> int:
        """The sum of coefficients times terms: flat, like terms collected."""
        collected: dict[int, Exact] = {}
        for coefficient, term in terms:
            for monomial, own in self._monomials(term):
                product = (
                    own if coefficient == 1 else coefficient if own == 1 else calculate(operator.mul, coefficient, own)
                )
                if product is None:
                    monomial, product = self.multiply([(self.number(own), self.one), (monomial, self.one)]), coefficient
                self._collect(collected, monomial, product)
        if len(collected) > 1:
            self._pythagoras(collected)
            if self.has_exponentials:
                self._exponentials(collected)
        return self.sum_of(collected)

    def sum_of(self, collected: dict[int, Exact]) -> int:
        """The term of collected coefficients, by monomial."""
        if not collected:
            return self.zero
        if len(collected) == 1:
            [(monomial, coefficient)] = collected.items()
            return self.scaled(coefficient, monomial)
        items = tuple(collected.items())
        cost = sum(self.costs[self.scaled(c, m)] + 3 for m, c in items) - 3
        return self._term(("+", frozenset(items)), Sum(items), cost, self._joined(m for m, _ in items))

    def _monomials(self, term: int) -> Sequence[tuple[int, Exact]]:
        """What a term is as a sum."""
        node = self.nodes[term]
        if isinstance(node, Sum):
            return node.terms if len(node.terms) <= MANY else ((term, ONE),)
        if isinstance(node, (Fraction, float)):
            return ((self.one, node),)
        if isinstance(node, Product) and node.coefficient != 1:
            monomial = self._product(ONE, node.factors)
            inner = self.nodes[monomial]
            if isinstance(inner, Sum) and len(inner.terms) <= MANY:  # c*(a + b), inside a sum
                scaled = [(m, calculate(operator.mul, node.coefficient, c)) for m, c in inner.terms]
                if all(c is not None for _, c in scaled):
                    return scaled  # type: ignore[return-value]
            return ((monomial, node.coefficient),)
        return ((term, ONE),)

    def scaled(self, coefficient: Exact, monomial: int) -> int:
        """A number times a monomial of a sum."""
        if coefficient == 1:
            return monomial
        if monomial == self.one:
            return self.number(coefficient)
        return self.multiply([(self.number(coefficient), self.one), (monomial, self.one)])

    def _pythagoras(self, collected: dict[int, Exact]) -> None:
        """c*sin(u)**2 + c*cos(u)**2 is c, c - c*sin(u)**2 is c*cos(u)**2, and what belongs to the other functions."""
        two = self.number(Fraction(2))
        for monomial in list(collected):
            node = self.nodes[monomial]
            if monomial not in collected or not isinstance(node, Product):
                continue
            for place, (base, exponent) in enumerate(node.factors):
                called = self.nodes[base]
                if exponent != two or not isinstance(called, Called) or called.op not in PYTHAGORAS:
                    continue
                s, other, t = PYTHAGORAS[called.op]
                c = collected[monomial]
                rest = self._product(ONE, node.factors[:place] + node.factors[place + 1 :])
                partner = self.multiply([(self.call(other, called.arguments), two), (rest, self.one)])
                if collected.get(partner) == -t * c:
                    del collected[monomial], collected[partner]
                    self._collect(collected, rest, -s * c)
                    break
                if collected.get(rest) == s * c:
                    del collected[monomial], collected[rest]
                    self._collect(collected, partner, t * c)
                    break

    def _exponentials(self, collected: dict[int, Exact]) -> None:
        """c*cosh(u) + c*sinh(u) is c*exp(u), c*cosh(u) - c*sinh(u) is c*exp(-u), c*expm1(u) + c is c*exp(u)."""
        for monomial in list(collected):
            factors = self.powers_of(monomial) if monomial in collected else ()
            for place, (base, exponent) in enumerate(factors):
                called = self.nodes[base]
                if exponent != self.one or not isinstance(called, Called) or called.op not in (sinh, expm1):
                    continue
                rest = self._product(ONE, (*factors[:place], *factors[place + 1 :]))
                [u] = called.arguments
                partner, c = rest, collected[monomial]
                if called.op is sinh:
                    partner = self.multiply([(self.call(cosh, (u,)), self.one), (rest, self.one)])
                other = collected.get(partner)
                if other is None or (other != c and (called.op is expm1 or other != -c)):
                    continue
                del collected[monomial], collected[partner]
                power = u if other == c else self.multiply([(self.minus_one, self.one), (u, self.one)])
                product = self.multiply([(self.exp_base, power), (rest, self.one)])
                for part, own in self._monomials(product):
                    self._collect(collected, part, calculate(operator.mul, other, own) or ZERO)
                break

    def _collect(self, collected: dict[int, Exact], monomial: int, coefficient: Exact) -> None:
        before = collected.get(monomial)
        total = coefficient if before is None else calculate(operator.add, before, coefficient)
        if total is None:  # beyond the largest float64: the two stay apart
            apart = ((self.number(coefficient), self.one), *self.powers_of(monomial))
            monomial, total = self._product(ONE, apart), ONE
        collected[monomial] = total
        if total == 0:
            del collected[monomial]

    # ------------------------------------------------------------ products

    def multiply(self, powers: Iterable[tuple[int, int]]) -> int:
        """The product of bases to exponents, both terms: flat, powers of one base merged."""
        coefficient: Exact = ONE
        merged: dict[int, int] = {}
        stack = list(powers)[::-1]
        while stack:
            base, exponent = stack.pop()
            node, power = self.nodes[base], self.value(exponent)
            whole = isinstance(power, Fraction) and power.denominator == 1
            if isinstance(node, (Fraction, float)) and isinstance(power, Fraction):
                number = raised(node, power)
                total = None if number is None else calculate(operator.mul, coefficient, number)
                if total is not None:
                    coefficient = total
                    continue
            elif isinstance(node, Product):
                inner = self._power_of_product(node, base, exponent, whole)
                if inner is not None:
                    stack.extend(inner)
                    continue
            elif isinstance(node, Sum) and whole and (merged or stack or coefficient != 1 or power != 1):
                content, bare = self._content(node, base)
                if content != 1:
                    stack += [(bare, exponent), (self.number(content), exponent)]
                    continue
            elif isinstance(node, Called):
                inner = self._power_of_call(node, power)
                if inner is not None:
                    stack.extend((b, self._times(e, exponent)) for b, e in inner)
                    continue
            if base in merged:
                stack.append((base, self.add([(ONE, merged.pop(base)), (ONE, exponent)])))
                continue
            if isinstance(node, Sum) and whole:
                opposite = self.found.get(("+", frozenset((m, -c) for m, c in node.terms)))
                if opposite in merged:
                    coefficient = -coefficient if power.numerator % 2 else coefficient  # type: ignore[union-attr]
                    stack.append((opposite, exponent))
                    continue
            if self.value(exponent) != 0:
                merged[base] = exponent
        if coefficient == 0 and not any(self._infinite(base) for base in merged):
            return self.zero
        if len(merged) > 1:
            self._ratios(merged)
            self._signs(merged)
            self._cube_roots(merged)
            coefficient, merged = self._roots(coefficient, merged)
        if len(merged) == 1 and coefficient == -1:
            [(base, exponent)] = merged.items()
            node = self.nodes[base]
            if isinstance(node, Sum) and exponent == self.one and len(node.terms) <= MANY:
                return self.sum_of({m: -c for m, c in node.terms})
        return self._product(coefficient, tuple(merged.items()))

    def _infinite(self, base: int) -> bool:
        """Whether 0 times a power of this base is not 0: inf, nan, 1/0."""
        return self.nodes[base] in ("inf", "nan", ZERO)

    def power(self, base: int, exponent: int) -> int:
        """base**exponent."""
        return self.multiply([(base, exponent)])

    def powers_of(self, monomial: int) -> Sequence[tuple[int, int]]:
        """The bases and exponents of a monomial; none of the term 1."""
        node = self.nodes[monomial]
        if isinstance(node, Product):
            return node.factors
        return () if monomial == self.one else ((monomial, self.one),)

    def _times(self, one: int, other: int) -> int:
        return other if one == self.one else self.multiply([(one, self.one), (other, self.one)])

    def _product(self, coefficient: Exact, factors: tuple[tuple[int, int], ...]) -> int:
        if not factors:
            return self.number(coefficient)
        if len(factors) == 1 and coefficient == 1 and factors[0][1] == self.one:
            return factors[0][0]
        key = self._joined(base for base, _ in factors)
        return self._term(
            ("*", coefficient, frozenset(factors)),
            Product(coefficient, factors),
            self._product_cost(coefficient, factors),
            key,
        )

    def _product_cost(self, coefficient: Exact, factors: tuple[tuple[int, int], ...]) -> float:
        """The characters of a product: signs, brackets and the line of a fraction included."""
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

    def _power_of_product(self, node: Product, base: int, exponent: int, whole: bool) -> list[tuple[int, int]] | None:
        """(c*x**a*y**b)**n as powers of its factors, where that holds; None where it is left as it is."""
        if len(node.factors) > MANY:
            return None
        if whole:
            powers = [(b, self._times(e, exponent)) for b, e in node.factors]
            return powers if node.coefficient == 1 else [*powers, (self.number(node.coefficient), exponent)]
        power = self.value(exponent)
        if node.coefficient != 1:
            # A root of the coefficient comes out where it is a number.
            root = raised(node.coefficient, power) if node.coefficient > 0 and isinstance(power, Fraction) else None
            if root is None:
                return None
            return [(self._product(ONE, node.factors), exponent), (self.number(root), self.one)]
        if len(node.factors) > 1:
            return None
        [(inner, inside)] = node.factors
        was = self.value(inside)
        if inner == self.exp_base or (was is not None and not self._is_even(was)):
            return [(inner, self._times(inside, exponent))]
        if power == HALF and was == 2:
            return [(self.call(absolute, (inner,)), self.one)]
        return None

    @staticmethod
    def _is_even(power: Exact) -> bool:
        """Whether a power is defined and has one value for x and -x: the root of it is not the base again."""
        return power == int(power) and int(power) % 2 == 0

    def _power_of_call(self, node: Called, power: Exact | None) -> list[tuple[int, int]] | None:
        """abs(x)**2 is x**2, hypot(x, y)**2 is x**2 + y**2, cbrt(x)**3 is x: whole multiples of such an exponent."""
        if not isinstance(power, Fraction) or power.denominator != 1:
            return None
        if node.op is absolute and power % 2 == 0:
            return [(node.arguments[0], self.one)]
        if node.op is hypot and power % 2 == 0:
            two = self.number(Fraction(2))
            return [(self.add([(ONE, self.power(x, two)) for x in node.arguments]), self.half)]
        if node.op is cbrt and power % 3 == 0:
            return [(node.arguments[0], self.number(Fraction(1, 3)))]
        return None

    def _content(self, node: Sum, term: int) -> tuple[Exact, int]:
        """The common factor of the coefficients, and what is left: 2*x + 4 is 2 and x + 2."""
        above, below = 0, 1
        for _, c in node.terms:
            if not isinstance(c, Fraction):
                return ONE, term
            above = gcd(above, c.numerator)
            below = below * c.denominator // gcd(below, c.denominator)
        content = Fraction(above, below)
        if all(c < 0 for _, c in node.terms):
            content = -content
        if content == 1:
            return ONE, term
        return content, self.sum_of({m: c / content for m, c in node.terms})

    def _ratios(self, merged: dict[int, int]) -> None:
        """sin(u)**n/cos(u)**n is tan(u)**n, and the like."""
        for base in list(merged):
            node = self.nodes[base]
            for (above, below), (ratio, inverse) in RATIOS.items():
                if base in merged and isinstance(node, Called) and node.op is above:
                    partner = self.found.get((below, node.arguments))
                    power = self.value(merged[base])
                    if partner not in merged or power is None:
                        continue
                    other = self.value(merged[partner])
                    if other == -power:
                        del merged[base], merged[partner]
                        called = self.call(ratio if power > 0 else inverse, node.arguments)
                        self._raise(merged, called, size(power))
                    elif above in TRADED and (power, other) == (2, -1):
                        del merged[partner]
                        merged[base] = self.one
                        self._raise(merged, self.call(ratio, node.arguments), ONE)

    def _raise(self, merged: dict[int, int], base: int, step: Exact) -> None:
        """Multiply a product by a power."""
        exponent = self.add([(ONE, merged.pop(base, self.zero)), (step, self.one)])
        if exponent != self.zero:
            merged[base] = exponent

    def _cube_roots(self, merged: dict[int, int]) -> None:
        """x/cbrt(x)**2 is cbrt(x): where the powers have different signs and one of the two can go."""
        for base in list(merged):
            node = self.nodes[base]
            if not isinstance(node, Called) or node.op is not cbrt or node.arguments[0] not in merged:
                continue
            [argument] = node.arguments
            wholes, thirds = self.value(merged[argument]), self.value(merged[base])
            if wholes is None or thirds is None or wholes * thirds >= 0 or wholes != int(wholes):
                continue
            if size(3 * wholes + thirds) < 3:
                del merged[argument]
                self._raise(merged, base, 3 * wholes)

    def _roots(self, coefficient: Exact, merged: dict[int, int]) -> tuple[Exact, dict[int, int]]:
        """x/(y**2*sqrt(x/y)) is sqrt(x/y)/y: a root of a product takes it in, or gives it away, if that is shorter."""
        for base, exponent in list(merged.items()):
            node, power = self.nodes[base], self.value(exponent)
            if not isinstance(node, Product) or power not in (HALF, -HALF) or len(node.factors) > MANY:
                continue
            step = ONE if power == -HALF else -ONE
            trial = dict(merged)
            self._raise(trial, base, step)
            for inner, inside in node.factors:
                changed = self._times(self.number(-step), inside)
                total = self.add([(ONE, trial.pop(inner, self.zero)), (ONE, changed)])
                if total != self.zero:
                    trial[inner] = total
            rest = calculate(operator.mul, coefficient, node.coefficient if step < 0 else 1 / node.coefficient)
            if rest is None:
                continue
            before = self._product_cost(coefficient, tuple(merged.items()))
            if self._product_cost(rest, tuple(trial.items())) < before:
                coefficient, merged = rest, trial
        return coefficient, merged

    def _signs(self, merged: dict[int, int]) -> None:
        """x*sign(x) is abs(x), abs(x)*sign(x) is x; one power of each is traded."""
        for base in list(merged):
            node = self.nodes[base]
            if not isinstance(node, Called) or node.op is not sign or merged.get(base) != self.one:
                continue
            [argument] = node.arguments
            size = self.call(absolute, (argument,))
            for one, other in ((argument, size), (size, argument)):
                power = self.value(merged[one]) if one in merged else None
                if isinstance(power, Fraction) and power.denominator == 1 and power > 0:
                    del merged[base]
                    self._raise(merged, one, -ONE)
                    self._raise(merged, other, ONE)
                    break

    # ------------------------------------------------------------ calls

    def call(self, op: Op, arguments: tuple[int, ...]) -> int:
        """An op on terms, simplified where the table of identities says so."""
        first = arguments[0]
        if op is exp:
            inner = self.nodes[first]
            if isinstance(inner, Called) and inner.op is log:
                return inner.arguments[0]
            return self.multiply([(self.exp_base, first)])
        if op is log:
            inner = self.nodes[first]
            if isinstance(inner, Product) and inner.coefficient == 1 and inner.factors[0][0] == self.exp_base:
                if len(inner.factors) == 1:
                    return inner.factors[0][1]
            elif inner == "e":
                return self.one
        if op in ODD or op in EVEN:
            positive = self.opposite(first)
            if positive is not None:
                called = self.call(op, (positive,))
                return called if op in EVEN else self.multiply([(self.minus_one, self.one), (called, self.one)])
        if op is hypot:
            arguments = tuple(sorted(arguments))
        if op is where:
            condition = self.nodes[first]
            if arguments[1] == arguments[2]:
                return arguments[1]
            if isinstance(condition, Called) and condition.op is negate:
                return self.call(where, (condition.arguments[0], arguments[2], arguments[1]))
        values = [self.value(argument) for argument in arguments]
        if not op.is_condition and not op.takes_conditions and all(value in (-1, 0, 1) for value in values):
            result = op.forward(*[float(value) for value in values if value is not None])
            if result in (-1, 0, 1):
                return self.number(Fraction(result))
        self.has_exponentials = self.has_exponentials or op is sinh or op is expm1
        cost = len(op.sign or op.name) + 2 + sum(self.costs[a] + 2 for a in arguments)
        return self._term((op, arguments), Called(op, arguments), cost, f"{op.name}({self._joined(arguments)}")

    def _joined(self, parts: Iterable[int]) -> str:
        """The beginning of a text that is made of the texts of these terms."""
        return ",".join(self.keys[part] for part in islice(parts, 4))

    def opposite(self, term: int) -> int | None:
        """-term, where the term is written with a minus."""
        node = self.nodes[term]
        if isinstance(node, (Fraction, float)):
            negative = node < 0
        elif isinstance(node, Product):
            negative = node.coefficient < 0
        else:
            negative = isinstance(node, Sum) and all(c < 0 for _, c in node.terms)
        return self.multiply([(self.minus_one, self.one), (term, self.one)]) if negative else None
