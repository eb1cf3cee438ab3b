"""Other forms of a sum: factors taken out, or products expanded. The shortest text decides between them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import cast

from .algebra import Algebra
from .terms import sum_of
from .values import ONE, Atom, Chain, Factor, Powers, Term, Value, chain_value, transpose, zero

MOST_TERMS = 24  # of a sum whose other forms are tried


def grouped_forms(algebra: Algebra, value: Value) -> list[Value]:
    """Return the forms of a sum with common factors taken out."""
    if not 1 < len(value.terms) <= MOST_TERMS:
        return []
    last, first = group(algebra, value, -1), group(algebra, value, 0)
    forms = [last, first, group(algebra, last, 0), group(algebra, first, -1), _group_numbers(algebra, value)]
    elements = _group_elements(algebra, value)
    forms += [algebra.single(value), *([] if elements is None else [elements])]
    spread_forms = [algebra.add(form) for form in forms if len(form.terms) > 1]  # no term is a sum alone
    return [*[form for form in spread_forms if form not in forms], *forms]


def group(algebra: Algebra, value: Value, end: int) -> Value:
    """Return a sum in which terms that share their last (-1) or first (0) factor are one product."""
    groups: dict[tuple[Powers, Factor] | Term, list[tuple[Term, Fraction]]] = {}
    for term, coefficient in value.terms.items():
        scalars, chain = term
        key: tuple[Powers, Factor] | Term = (scalars, chain[end]) if len(chain) > 1 else term
        groups.setdefault(key, []).append((term, coefficient))
    terms: dict[Term, Fraction] = {}
    for members in groups.values():
        if len(members) == 1:
            term, coefficient = members[0]
            terms[term] = terms.get(term, Fraction(0)) + coefficient
            continue
        (scalars, chain), _ = members[0]
        factor = chain[end]
        rests: dict[Term, Fraction] = {((), chain[:-1] if end else chain[1:]): each for (_, chain), each in members}
        rows, columns = (value.rows, factor.rows) if end else (factor.columns, value.columns)
        inner = algebra.add(Value(rows, columns, rests))  # spreads sums
        outer = chain_value((factor,))
        product = algebra.multiply(inner, outer) if end else algebra.multiply(outer, inner)
        for (own, chain), each in product.terms.items():
            term = (algebra.join(own, scalars), chain)
            terms[term] = terms.get(term, Fraction(0)) + each
    return Value(value.rows, value.columns, {term: each for term, each in terms.items() if each})


def _group_numbers(algebra: Algebra, value: Value) -> Value:
    """Return a sum in which terms that share their numbers are one product."""
    groups: dict[Powers, dict[Term, Fraction]] = {}
    for (scalars, chain), coefficient in value.terms.items():
        groups.setdefault(scalars, {})[(), chain] = coefficient
    terms: dict[Term, Fraction] = {}
    for scalars, members in groups.items():
        inner = Value(value.rows, value.columns, members)
        if scalars and len(members) > 1:
            inner = algebra.single(inner)
        for (own, chain), each in inner.terms.items():
            terms[algebra.join(own, scalars), chain] = each
    return Value(value.rows, value.columns, terms)


def _group_elements(algebra: Algebra, value: Value) -> Value | None:
    """Return a sum of products of elements with the common factors of the elements taken out."""
    if value.columns > 1:
        return None
    products = [_powers_of(algebra, chain) for _, chain in value.terms]
    common = dict(products[0])
    for powers in products:
        common = {atom: min(e, powers[atom]) for atom, e in common.items() if atom in powers and powers[atom] * e > 0}
    if not common:
        return None
    rest = zero(value.rows, 1)
    for powers, ((scalars, _), coefficient) in zip(products, value.terms.items(), strict=True):
        own = {atom: e - common.get(atom, Fraction(0)) for atom, e in powers.items()}
        factor = algebra.from_powers(value.rows, 1, {atom: e for atom, e in own.items() if e})
        rest = algebra.add(rest, algebra.scale(factor, coefficient, scalars))
    return algebra.hadamard(algebra.from_powers(value.rows, 1, common), algebra.single(rest))


def _powers_of(algebra: Algebra, chain: Chain) -> dict[Atom, Fraction]:
    """Return a column as a product of powers of elements."""
    if not chain or chain[0].atom.kind == "ones":
        return {}
    if len(chain) == 1 and chain[0].atom.kind == "powers":
        return dict(cast("Powers", chain[0].atom.arguments[0]))
    return {algebra.base(chain_value(chain)): ONE}


def expand(algebra: Algebra, value: Value) -> Value:
    """Return a value with the products of sums expanded."""
    total = zero(value.rows, value.columns)
    for (scalars, chain), coefficient in value.terms.items():
        part = _expand_chain(algebra, value.rows, value.columns, chain)
        openable = [atom for atom, e in scalars if e == 1 and _is_openable(atom)]
        part = algebra.scale(part, coefficient, tuple([item for item in scalars if item[0] not in openable]))
        for atom in openable:
            inner = cast("Value", atom.arguments[0])
            if atom.kind == "product":
                inner = _expand_chain(algebra, 1, 1, cast("Chain", atom.arguments[0]))
            part = spread(algebra.multiply, part, inner)
        total = algebra.add(total, part)
        if len(total.terms) > MOST_TERMS:
            return value
    return total


def _is_openable(atom: Atom) -> bool:
    """Return whether a number is a sum, or a sum of the elements of one."""
    if atom.kind != "product":
        return atom.kind == "sum"
    chain = cast("Chain", atom.arguments[0])
    kinds = [factor.atom.kind for factor in chain]
    return "ones" in (kinds[0], kinds[-1]) and "sum" in kinds


def _expand_chain(algebra: Algebra, rows: int, columns: int, chain: Chain) -> Value:
    """Return a product of matrices with the sums in it expanded."""
    part = Value(rows, columns, {((), ()): ONE})
    for place, factor in enumerate(chain):
        inner = _expand_factor(algebra, factor)
        part = spread(algebra.multiply, part, inner) if place else inner
        if len(part.terms) > MOST_TERMS:
            return Value(rows, columns, {((), chain): ONE})
    return part


def _expand_factor(algebra: Algebra, factor: Factor) -> Value:
    atom = factor.atom
    if atom.kind == "sum":
        return expand(algebra, sum_of(factor))
    if atom.kind == "powers":
        expanded = _expand_powers(algebra, atom)
        return transpose(expanded) if factor.transposed else expanded
    return chain_value((factor,))


def _expand_powers(algebra: Algebra, atom: Atom) -> Value:
    """Return a product of elements with one of its sums spread, those with denominators first."""
    powers = cast("Powers", atom.arguments[0])
    sums = [base for base, e in powers if base.kind in ("sum", "product") and e > 0 and e.denominator == 1]
    sums = [base for base in sums if _sum_inside(base) is not None]
    if not sums:
        return chain_value((Factor(atom, False),))
    counts = [len(cast("Value", _sum_inside(each)).terms) ** int(dict(powers)[each]) for each in sums]
    if prod(counts) > MOST_TERMS:
        return chain_value((Factor(atom, False),))
    base = min(sums, key=lambda each: not _has_denominator(cast("Value", _sum_inside(each))))
    rest = dict(powers)
    rest[base] -= 1
    others = algebra.from_powers(atom.rows, atom.columns, {b: e for b, e in rest.items() if e})
    inner = expand(algebra, cast("Value", _sum_inside(base)))
    return expand(algebra, spread(algebra.hadamard, others, inner))


def _sum_inside(base: Atom) -> Value | None:
    if base.kind == "sum":
        return cast("Value", base.arguments[0])
    chain = cast("Chain", base.arguments[0])
    return sum_of(chain[0]) if len(chain) == 1 and chain[0].atom.kind == "sum" else None


def _has_denominator(value: Value) -> bool:
    for _, chain in value.terms:
        for factor in chain:
            if factor.atom.kind == "powers" and any(e < 0 for _, e in cast("Powers", factor.atom.arguments[0])):
                return True
    return False


def spread(multiply: Callable[[Value, Value], Value], one: Value, other: Value) -> Value:
    """Return the sum of the products of all pairs of terms."""
    products: dict[Term, Fraction] = {}
    shape = (0, 0)
    for (s1, c1), k1 in one.terms.items():
        for (s2, c2), k2 in other.terms.items():
            left = Value(one.rows, one.columns, {(s1, c1): k1})
            right = Value(other.rows, other.columns, {(s2, c2): k2})
            product = multiply(left, right)
            shape = (product.rows, product.columns)
            for term, each in product.terms.items():
                products[term] = products.get(term, Fraction(0)) + each
    if not products:
        return multiply(one, other)
    return Value(*shape, {term: each for term, each in products.items() if each})
