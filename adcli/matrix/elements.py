"""Products and powers of numbers and of elements, in normal form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from math import gcd, lcm

from ..simplify.numbers import raise_number
from .identities import simplify_powers
from .terms import Terms
from .values import (
    ONE,
    Atom,
    Chain,
    RefusedError,
    Value,
    chain_value,
    flipped_chain,
    is_ones,
    narrow_places,
    number,
    only_factor,
    only_term,
    transpose,
    value_of,
    zero,
)


class Elements(Terms, ABC):
    """The operations of numbers and elements. Those of matrices are in `algebra.py`."""

    @abstractmethod
    def ones(self, rows: int, columns: int = 1) -> Value:
        """Return a matrix of ones."""

    @abstractmethod
    def multiply(self, one: Value, other: Value) -> Value:
        """Return the product of two matrices."""

    @abstractmethod
    def chain(self, rows: int, columns: int, chain: Chain) -> Value:
        """Return a product of factors in normal form."""

    @abstractmethod
    def diag(self, vector: Value) -> Value:
        """Return the matrix with a vector on its diagonal."""

    @abstractmethod
    def diagonal(self, matrix: Value) -> Value:
        """Return the diagonal of a square matrix as a vector."""

    def times(self, value: Value, by: Value) -> Value:
        """Return a value times a value of one element."""
        by = self.single(by)
        if not by.terms:
            return zero(value.rows, value.columns)
        scalars, chain, coefficient = only_term(by)
        if value.is_number and scalars:
            value = self.single(value)  # s*(1 - s) is not expanded
        if chain:  # a product that is not in normal form yet
            value = self.times(value, self.chain(1, 1, chain))
        return self.scale(value, coefficient, scalars)

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
        return self.oriented_sum(inner, content, outside)

    # ---------------------------------------------------------------- products of numbers and elements

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
        outside = self.ordered({atom: e * exponent for atom, e in scalars})
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
        for mine, others in ((c1, c2), (c2, c1)):
            if not mine or (len(mine) == 1 and mine[0].atom.kind == "diag"):
                matrix = Value(one.rows, one.columns, {((), others): ONE})
                vector = self.diagonal(Value(one.rows, one.columns, {((), mine): ONE}))
                product = self.diag(self.hadamard(vector, self.diagonal(matrix)))
                return self.scale(product, k1 * k2, self.join(s1, s2))
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
