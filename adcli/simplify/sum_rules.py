"""The rules of sums: like terms, sin(u)**2 + cos(u)**2, and cosh(u) + sinh(u).

`collected` is a sum under construction: monomial -> coefficient.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from fractions import Fraction

from ..ops.elementary import cosh, expm1, sinh
from .identities import PYTHAGORAS
from .numbers import ONE, ZERO, Exact, calculate
from .terms import MANY, Application, Product, Sum, Terms


def monomials(terms: Terms, term: int) -> Sequence[tuple[int, Exact]]:
    """Return a term as the monomials and coefficients of a sum."""
    node = terms.nodes[term]
    if isinstance(node, Sum):
        return node.terms if len(node.terms) <= MANY else ((term, ONE),)
    if isinstance(node, (Fraction, float)):
        return ((terms.one, node),)
    if isinstance(node, Product) and node.coefficient != 1:
        monomial = terms.product_of(ONE, node.factors)
        inner = terms.nodes[monomial]
        if isinstance(inner, Sum) and len(inner.terms) <= MANY:  # c*(a + b), inside a sum
            scaled = [(m, calculate(operator.mul, node.coefficient, c)) for m, c in inner.terms]
            if all(c is not None for _, c in scaled):
                return scaled  # type: ignore[return-value]
        return ((monomial, node.coefficient),)
    return ((term, ONE),)


def collect(terms: Terms, collected: dict[int, Exact], monomial: int, coefficient: Exact) -> None:
    """Add a coefficient times a monomial."""
    before = collected.get(monomial)
    total = coefficient if before is None else calculate(operator.add, before, coefficient)
    if total is None:  # beyond the largest float64, so that the two stay separate
        factors = ((terms.number(coefficient), terms.one), *terms.powers_of(monomial))
        monomial, total = terms.product_of(ONE, factors), ONE
    collected[monomial] = total
    if total == 0:
        del collected[monomial]


def apply_pythagoras(terms: Terms, collected: dict[int, Exact]) -> None:
    """Rewrite c*sin(u)**2 + c*cos(u)**2 as c, c - c*sin(u)**2 as c*cos(u)**2, and so on for `PYTHAGORAS`."""
    two = terms.number(Fraction(2))
    for monomial in list(collected):
        node = terms.nodes[monomial]
        if monomial not in collected or not isinstance(node, Product):
            continue
        for position, (base, exponent) in enumerate(node.factors):
            application = terms.nodes[base]
            if exponent != two or not isinstance(application, Application) or application.op not in PYTHAGORAS:
                continue
            s, other, t = PYTHAGORAS[application.op]
            c = collected[monomial]
            rest = terms.product_of(ONE, node.factors[:position] + node.factors[position + 1 :])
            partner = terms.multiply([(terms.call(other, application.arguments), two), (rest, terms.one)])
            if collected.get(partner) == -t * c:
                del collected[monomial], collected[partner]
                collect(terms, collected, rest, -s * c)
                break
            if collected.get(rest) == s * c:
                del collected[monomial], collected[rest]
                collect(terms, collected, partner, t * c)
                break


def apply_exponentials(terms: Terms, collected: dict[int, Exact]) -> None:
    """Rewrite c*cosh(u) + c*sinh(u) and c*expm1(u) + c as c*exp(u), and c*cosh(u) - c*sinh(u) as c*exp(-u)."""
    for monomial in list(collected):
        factors = terms.powers_of(monomial) if monomial in collected else ()
        for position, (base, exponent) in enumerate(factors):
            application = terms.nodes[base]
            if exponent != terms.one or not isinstance(application, Application) or application.op not in (sinh, expm1):
                continue
            rest = terms.product_of(ONE, (*factors[:position], *factors[position + 1 :]))
            [u] = application.arguments
            partner, c = rest, collected[monomial]
            if application.op is sinh:
                partner = terms.multiply([(terms.call(cosh, (u,)), terms.one), (rest, terms.one)])
            other = collected.get(partner)
            if other is None or (other != c and (application.op is expm1 or other != -c)):
                continue
            del collected[monomial], collected[partner]
            power = u if other == c else terms.multiply([(terms.minus_one, terms.one), (u, terms.one)])
            product = terms.multiply([(terms.exp_base, power), (rest, terms.one)])
            for part, own in monomials(terms, product):
                collect(terms, collected, part, calculate(operator.mul, other, own) or ZERO)
            break
