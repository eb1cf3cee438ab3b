"""Sums and products of matrices, brought to a normal form (`values.py`)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction
from math import gcd, lcm

from ..simplify.numbers import raise_number
from .identities import simplify_powers
from .values import (
    ONE,
    Atom,
    Chain,
    Factor,
    Powers,
    RefusedError,
    Term,
    Value,
    cancel,
    chain_value,
    flipped,
    flipped_chain,
    identity,
    is_ones,
    narrow_places,
    negated,
    number,
    only_factor,
    only_term,
    transpose,
    value_of,
    zero,
)


class Algebra:
    """The atoms of one derivation, each stored once, and the operations that make values of them.

    Of a sum and its negative, or of a product and its transpose, the one that came first is used. The user's formula
    is read first, so that results follow it.
    """

    def __init__(self) -> None:
        self._atoms: dict[Hashable, Atom] = {}
        self._orientations: dict[Hashable, Hashable] = {}
        self.writes_solve = False  # whether products with an inverse are written as solve(A, b)

    def atom(self, kind: str, arguments: tuple[Hashable, ...], rows: int = 1, columns: int = 1) -> Atom:
        """Return the atom of this kind and these arguments."""
        key = (kind, arguments, rows, columns)
        found = self._atoms.get(key)
        if found is None:
            found = self._atoms[key] = Atom(kind, arguments, rows, columns, len(self._atoms))
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

    def ones(self, rows: int, columns: int = 1) -> Value:
        """Return a matrix of ones."""
        if rows == columns == 1:
            return number(1)
        if columns == 1:
            return value_of(self.atom("ones", (), rows, 1))
        if rows == 1:
            return transpose(self.ones(columns))
        return self.multiply(self.ones(rows), self.ones(1, columns))

    def size(self, size: int) -> Value:
        """Return a size as a number."""
        return number(1) if size == 1 else value_of(self.atom("size", (size,)))

    # ---------------------------------------------------------------- sums

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

    def times(self, value: Value, by: Value) -> Value:
        """Return a value times a value of one element."""
        by = self.single(by)
        if not by.terms:
            return zero(value.rows, value.columns)
        scalars, _, coefficient = only_term(by)
        return self.scale(value, coefficient, scalars)

    def negate(self, value: Value) -> Value:
        """Return the negative."""
        return negated(value)

    def single(self, value: Value) -> Value:
        """Return a value as one term: a sum becomes an atom, with its common factors outside."""
        if len(value.terms) <= 1:
            return value
        terms = value.terms
        rows, columns = value.rows, value.columns
        chains = {chain for _, chain in terms}
        if len(chains) == 1 and not value.is_number:
            [chain] = chains
            return self.times(
                Value(rows, columns, {((), chain): ONE}),
                Value(1, 1, {(scalars, ()): each for (scalars, _), each in terms.items()}),
            )
        if all(len(chain) == 1 and chain[0].atom.kind == "diag" for chain in chains):
            vectors = [self.scale(chain[0].atom.arguments[0], each, s) for (s, chain), each in terms.items()]  # type: ignore[arg-type]
            return self.diag(self.add(*vectors))
        common = dict(next(iter(terms))[0])
        for scalars, _ in terms:
            common = {atom: e for atom, e in common.items() if (atom, e) in scalars}
        outside = tuple(common.items())
        content = Fraction(
            gcd(*[each.numerator for each in terms.values()]), lcm(*[each.denominator for each in terms.values()])
        )
        inner = self.scale(value, 1 / content, tuple([(atom, -e) for atom, e in outside]))
        return self._oriented_sum(inner, content, outside)

    def _oriented_sum(self, inner: Value, content: Fraction, outside: Powers) -> Value:
        """Return an atom for a sum without common factors, or for its negative or transpose, if these came first."""
        negative = self.negate(inner)
        forms = [(inner, False, ONE), (negative, False, -ONE)]
        if not inner.is_number:
            forms += [(transpose(inner), True, ONE), (transpose(negative), True, -ONE)]
        known = self._atoms
        for form, turned, sign in forms:
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

    # ---------------------------------------------------------------- products of numbers and elements

    def join(self, one: Powers, other: Powers) -> Powers:
        """Return the product of two products of powers of numbers."""
        if not one or not other:
            return one or other
        powers = dict(one)
        for atom, exponent in other:
            powers[atom] = powers.get(atom, Fraction(0)) + exponent
        return tuple(sorted([item for item in powers.items() if item[1]], key=lambda item: item[0].serial))

    def power(self, value: Value, exponent: Fraction) -> Value:
        """Return the power of a number, or of each element."""
        value = self.single(value)
        if not value.terms:
            if exponent > 0:
                return value
            raise RefusedError("a power of 0")
        scalars, chain, coefficient = only_term(value)
        if exponent.denominator != 1:  # sqrt(x**2) is not x
            raised = raise_number(coefficient, exponent) if coefficient > 0 else None
            if not isinstance(raised, Fraction) or any(e != 1 for _, e in scalars) or len(scalars) + bool(chain) > 1:
                atom = self.atom("sum", (value,), value.rows, value.columns)
                return self.from_powers(value.rows, value.columns, {atom: exponent})
            coefficient_power = raised
        else:
            coefficient_power = coefficient**exponent.numerator
        outside = tuple([(atom, e * exponent) for atom, e in scalars])
        if value.is_number:
            return self.scale(number(1), coefficient_power, outside)
        body = self._elementwise(value.rows, value.columns, [(chain, exponent)])
        return self.scale(body, coefficient_power, outside)

    def hadamard(self, one: Value, other: Value) -> Value:
        """Return the products of elements. One of the two may be a number."""
        if one.is_number:
            return self.times(other, one)
        if other.is_number:
            return self.times(one, other)
        one, other = self.single(one), self.single(other)
        if not one.terms or not other.terms:
            return zero(one.rows, one.columns)
        s1, c1, k1 = only_term(one)
        s2, c2, k2 = only_term(other)
        body = self._elementwise(one.rows, one.columns, [(c1, ONE), (c2, ONE)])
        return self.scale(body, k1 * k2, self.join(s1, s2))

    def _elementwise(self, rows: int, columns: int, items: list[tuple[Chain, Fraction]]) -> Value:
        """Return the product of powers of the elements of several products of matrices."""
        if rows == 1:
            turned = [(flipped_chain(chain), exponent) for chain, exponent in items]
            return transpose(self._elementwise(columns, 1, turned))
        whole: dict[Atom, Fraction] = {}
        left: dict[Atom, Fraction] = {}
        right: dict[Atom, Fraction] = {}
        for chain, exponent in items:
            middle = [place for place in narrow_places(rows, chain) if 0 < place < len(chain)]
            if columns > 1 and middle:
                self._collect(left, chain[: middle[0]], exponent)
                self._collect(right, flipped_chain(chain[middle[0] :]), exponent)
            else:
                self._collect(whole, chain, exponent)
        if not left and not right:
            return self.from_powers(rows, columns, whole)
        column, row = self.from_powers(rows, 1, left), transpose(self.from_powers(columns, 1, right))
        if not whole:
            return self.multiply(column, row)
        body = self.from_powers(rows, columns, whole)
        return self.multiply(self.multiply(self.diag(column), body), self.diag(transpose(row)))

    def _collect(self, powers: dict[Atom, Fraction], chain: Chain, exponent: Fraction) -> None:
        """Multiply by a power of the elements of a product of matrices."""
        if not chain:
            raise RefusedError("products of the elements of an identity matrix")
        if len(chain) == 1 and chain[0].atom.kind == "ones":
            return
        if len(chain) == 1 and chain[0].atom.kind == "powers":
            factor = chain[0]
            for atom, each in factor.atom.arguments[0]:  # type: ignore[attr-defined]
                base = self.base(transpose(self.unwrap(atom))) if factor.transposed else atom
                powers[base] = powers.get(base, Fraction(0)) + each * exponent
            return
        base = self.base(chain_value(chain))
        powers[base] = powers.get(base, Fraction(0)) + exponent

    def base(self, value: Value) -> Atom:
        """Return a product of matrices as an atom whose elements can be multiplied."""
        factor = only_factor(value)
        if factor is not None and not factor.transposed:
            return factor.atom
        _, chain, _ = only_term(value)
        return self.atom("product", (chain,), value.rows, value.columns)

    def unwrap(self, base: Atom) -> Value:
        """Return the value of a base of powers."""
        if base.kind == "product" and not (base.rows == base.columns == 1):
            return chain_value(base.arguments[0])  # type: ignore[arg-type]
        if base.kind == "sum" and len(base.arguments[0].terms) == 1:  # type: ignore[attr-defined]
            return base.arguments[0]  # type: ignore[return-value]
        return value_of(base)

    def from_powers(self, rows: int, columns: int, powers: dict[Atom, Fraction]) -> Value:
        """Return a product of powers of elements, or of numbers, after the identities of functions."""
        if not rows == columns == 1:
            powers = simplify_powers(self.call, powers)
        result = self.ones(rows, columns)
        opened = [atom for atom, e in powers.items() if e == 1 and self._is_group(atom)]
        items = {atom: e for atom, e in powers.items() if e and atom not in opened}
        if rows == columns == 1:
            ordered = tuple(sorted(items.items(), key=lambda item: item[0].serial))
            result = self.scale(number(1), ONE, ordered)
        elif len(items) == 1 and next(iter(items.values())) == 1:
            result = self.unwrap(next(iter(items)))
        elif items:
            ordered = tuple(sorted(items.items(), key=lambda item: item[0].serial))
            result = value_of(self.atom("powers", (ordered,), rows, columns))
        for atom in opened:
            result = self.hadamard(result, self.unwrap(atom)) if not is_ones(result) else self.unwrap(atom)
        return result

    def _is_group(self, atom: Atom) -> bool:
        return atom.kind == "sum" and len(atom.arguments[0].terms) == 1  # type: ignore[attr-defined]

    # ---------------------------------------------------------------- products of matrices

    def multiply(self, one: Value, other: Value) -> Value:
        """Return the product of two matrices. One of the two may be a number."""
        if one.is_number:
            return self.times(other, one)
        if other.is_number:
            return self.times(one, other)
        one, other = self.single(one), self.single(other)
        if not one.terms or not other.terms:
            return zero(one.rows, other.columns)
        s1, c1, k1 = only_term(one)
        s2, c2, k2 = only_term(other)
        return self.scale(self.chain(one.rows, other.columns, c1 + c2), k1 * k2, self.join(s1, s2))

    def chain_times(self, rows: int, chain: Chain, value: Value) -> Value:
        """Return a product of factors times a matrix."""
        return self.multiply(Value(rows, chain[-1].columns, {((), chain): ONE}), value) if chain else value

    def product(self, *values: Value) -> Value:
        """Return the product of several matrices."""
        result = values[0]
        for value in values[1:]:
            result = self.multiply(result, value)
        return result

    def chain(self, rows: int, columns: int, chain: Chain) -> Value:
        """Return a product of factors in normal form. A part between two axes of size 1 is a number."""
        chain = cancel(chain)
        for place in range(len(chain) - 1):
            joined = self._join_diagonals(chain[place], chain[place + 1])
            if joined is not None:
                parts = [joined]
                if place:
                    parts.insert(0, chain_value(chain[:place]))
                if place + 2 < len(chain):
                    parts.append(chain_value(chain[place + 2 :]))
                return self.product(*parts)
        narrow = narrow_places(rows, chain)
        if len(narrow) < 2:
            return Value(rows, columns, {((), chain): ONE})
        rest = chain[: narrow[0]] + chain[narrow[-1] :]
        result = Value(rows, columns, {((), rest): ONE})
        for start, stop in zip(narrow, narrow[1:], strict=False):
            result = self.times(result, self._dot(chain[start:stop]))
        return result

    def _join_diagonals(self, left: Factor, right: Factor) -> Value | None:
        """Return the product of two diagonal matrices, or of one and a vector, otherwise None."""
        if left.atom.kind == "diag":
            vector: Value = left.atom.arguments[0]  # type: ignore[assignment]
            if right.atom.kind == "diag":
                return self.diag(self.hadamard(vector, right.atom.arguments[0]))  # type: ignore[arg-type]
            if right.columns == 1:
                return self.hadamard(vector, chain_value((right,)))
        elif right.atom.kind == "diag" and left.rows == 1:
            vector = right.atom.arguments[0]  # type: ignore[assignment]
            return transpose(self.hadamard(chain_value((flipped(left),)), vector))
        return None

    def _dot(self, chain: Chain) -> Value:
        """Return a product that is one number."""
        ends = chain[0].atom.kind == "ones", chain[-1].atom.kind == "ones"
        if len(chain) == 2 and all(ends):
            return self.size(chain[0].columns)
        if len(chain) == 2 and any(ends):
            other = chain[1] if ends[0] else chain[0]
            if other.atom.kind == "powers":
                items: Powers = other.atom.arguments[0]  # type: ignore[assignment]
                exponents = [e for _, e in items]
                if exponents in ([ONE, ONE], [Fraction(2)]):
                    one, two = self.unwrap(items[0][0]), self.unwrap(items[-1][0])
                    return self.multiply(transpose(one), two)
        first = self.first_of("dot", [chain, flipped_chain(chain)])
        return value_of(self.atom("product", (first,)))

    def diag(self, vector: Value) -> Value:
        """Return the matrix with a vector on its diagonal."""
        vector = self.single(vector)
        if not vector.terms:
            return zero(vector.rows, vector.rows)
        scalars, chain, coefficient = only_term(vector)
        body = chain_value(chain)
        matrix = identity(vector.rows)
        if not is_ones(body):
            matrix = value_of(self.atom("diag", (body,), vector.rows, vector.rows))
        return self.scale(matrix, coefficient, scalars)


def sum_of(factor: Factor) -> Value:
    """Return the sum that a factor stands for."""
    value: Value = factor.atom.arguments[0]  # type: ignore[assignment]
    return transpose(value) if factor.transposed else value
