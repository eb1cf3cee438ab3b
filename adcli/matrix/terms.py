"""Atoms of one derivation, and sums of terms made of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction

from .identities import simplify_powers
from .values import ONE, Atom, Factor, Powers, Term, Value, negated, transpose


class Terms:
    """The atoms of one derivation, each stored once, and sums of them.

    Of a sum and its negative, or of a product and its transpose, the one that came first is used. The user's formula
    is read first, so that results follow it.

    Attributes:
        symmetric: the names of variables that equal their transposes.
        writes_solve: whether products with an inverse are written as ``solve(A, b)``.
        has_decimals: whether numbers are written as decimals rather than as fractions.
    """

    def __init__(self, symmetric: Iterable[str] = ()) -> None:
        self.symmetric = frozenset(symmetric)
        self._atoms: dict[Hashable, Atom] = {}
        self._orientations: dict[Hashable, Hashable] = {}
        self.writes_solve = False
        self.has_decimals = False

    def atom(self, kind: str, arguments: tuple[Hashable, ...], rows: int = 1, columns: int = 1) -> Atom:
        """Return the atom of this kind and these arguments."""
        key = (kind, arguments, rows, columns)
        found = self._atoms.get(key)
        if found is None:
            found = self._atoms[key] = Atom(kind, arguments, rows, columns, len(self._atoms))
            if kind == "name" and rows == columns > 1 and arguments[0] in self.symmetric:
                found.symmetric = True
        return found

    def first_of(self, kind: str, forms: Iterable[Hashable]) -> Hashable:
        """Return which of several equal forms came first."""
        candidates = list(forms)
        first = self._orientations.get((kind, candidates[0]), candidates[0])
        for form in candidates:
            self._orientations.setdefault((kind, form), first)
        return first

    def call(self, name: str, *arguments: Value, parameters: tuple[Hashable, ...] = ()) -> Atom:
        """Return a function of the elements of values of one shape, or of numbers beside it."""
        shape = next(((each.rows, each.columns) for each in arguments if not each.is_number), (1, 1))
        return self.atom("call", (name, parameters, arguments), *shape)

    def add(self, *values: Value) -> Value:
        """Return a sum. A term that is a sum alone is spread."""
        terms: dict[Term, Fraction] = {}
        for value in values:
            for term, coefficient in value.terms.items():
                for (scalars, chain), each in self._spread(term):
                    key = (scalars, chain)
                    total = terms.get(key, Fraction(0)) + coefficient * each
                    if total:
                        terms[key] = total
                    else:
                        del terms[key]
        return Value(values[0].rows, values[0].columns, terms)

    def _spread(self, term: Term) -> list[tuple[Term, Fraction]]:
        scalars, chain = term
        inner: Value | None = None
        if len(chain) == 1 and chain[0].atom.kind == "sum":
            inner = sum_of(chain[0])
        elif not chain and len(scalars) == 1 and scalars[0][0].kind == "sum" and scalars[0][1] == 1:
            inner, scalars = sum_of(Factor(scalars[0][0], False)), ()
        if inner is None:
            return [(term, ONE)]
        return [((self.join(scalars, s), c), each) for (s, c), each in inner.terms.items()]

    def scale(self, value: Value, factor: Fraction, scalars: Powers = ()) -> Value:
        """Return a value times a number."""
        if factor == 1 and not scalars:
            return value
        terms = {(self.join(s, scalars), c): each * factor for (s, c), each in value.terms.items()}
        return Value(value.rows, value.columns, terms if factor else {})

    def negate(self, value: Value) -> Value:
        """Return the negative."""
        return negated(value)

    def join(self, one: Powers, other: Powers) -> Powers:
        """Return the product of two products of powers of numbers."""
        if not one or not other:
            return one or other
        powers = dict(one)
        for atom, exponent in other:
            powers[atom] = powers.get(atom, Fraction(0)) + exponent
        return self.ordered(powers)

    def ordered(self, powers: dict[Atom, Fraction]) -> Powers:
        """Return powers in the order of their atoms, after the identities of functions."""
        if any(atom.kind in ("call", "sum") for atom in powers):
            powers = simplify_powers(self.call, powers)
        return tuple(sorted([item for item in powers.items() if item[1]], key=lambda item: item[0].serial))

    def oriented_sum(self, inner: Value, content: Fraction, outside: Powers) -> Value:
        """Return an atom for a sum without common factors, or for its negative or transpose, if these came first."""
        negative = self.negate(inner)
        forms = [(inner, False, ONE), (negative, False, -ONE)]
        if not inner.is_number:
            forms += [(transpose(inner), True, ONE), (transpose(negative), True, -ONE)]
        known = self._atoms
        for form, turned, sign in forms:  # noqa: B007
            if ("sum", (form,), form.rows, form.columns) in known:
                break
        else:
            # A column is written rather than a row, and a sum begins with a positive term.
            turned = inner.rows == 1 and not inner.is_number
            sign = -ONE if all(each < 0 for each in inner.terms.values()) else ONE
            form = negative if sign < 0 else inner
            form = transpose(form) if turned else form
        atom = self.atom("sum", (form,), form.rows, form.columns)
        if inner.is_number:
            return Value(1, 1, {(self.join(outside, ((atom, ONE),)), ()): content * sign})
        factor = Factor(atom, turned and not atom.symmetric)
        return Value(inner.rows, inner.columns, {(outside, (factor,)): content * sign})


def sum_of(factor: Factor) -> Value:
    """Return the sum that a factor stands for."""
    value: Value = factor.atom.arguments[0]  # type: ignore[assignment]
    return transpose(value) if factor.transposed else value
