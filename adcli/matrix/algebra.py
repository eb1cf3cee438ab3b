"""Products of matrices, brought to a normal form (`values.py`)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from .elements import Elements
from .terms import sum_of
from .values import (
    ONE,
    Chain,
    Factor,
    Powers,
    Value,
    cancel,
    chain_value,
    flipped,
    flipped_chain,
    identity,
    is_ones,
    narrow_places,
    number,
    only_term,
    transpose,
    value_of,
    zero,
)


class Algebra(Elements):
    """The operations of matrices and of elements."""

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
        for start, stop in pairwise(narrow):
            result = self.times(result, self._dot(chain[start:stop]))
        return result

    def _join_diagonals(self, left: Factor, right: Factor) -> Value | None:
        """Return the product of two diagonal matrices, of one and a vector, or of shares and ones, otherwise None."""
        if right.atom.kind == "ones" and not right.transposed and self._adds_to_one(left):
            return self.ones(left.rows)
        if left.atom.kind == "ones" and left.transposed and self._adds_to_one(flipped(right)):
            return self.ones(1, right.columns)
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

    def _adds_to_one(self, factor: Factor) -> bool:
        """Return whether the sum of each row is 1."""
        is_softmax = factor.atom.kind == "call" and factor.atom.arguments[0] == "softmax"
        return is_softmax and factor.atom.arguments[1] == (0 if factor.transposed else 1,)

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
            if other.atom.kind == "call" and other.atom.arguments[0] == "softmax":
                return number(1)
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

    def diagonal(self, matrix: Value) -> Value:
        """Return the diagonal of a square matrix as a vector."""
        total = zero(matrix.rows, 1)
        for (scalars, chain), coefficient in matrix.terms.items():
            total = self.add(total, self.scale(self._diagonal_of_chain(matrix.rows, chain), coefficient, scalars))
        return total

    def _diagonal_of_chain(self, size: int, chain: Chain) -> Value:
        if not chain:
            return self.ones(size)
        if len(chain) == 1 and chain[0].atom.kind == "sum":
            return self.diagonal(sum_of(chain[0]))
        if chain[0].atom.kind == "diag":
            rest = Value(size, size, {((), chain[1:]): ONE})
            return self.hadamard(chain[0].atom.arguments[0], self.diagonal(rest))  # type: ignore[arg-type]
        if chain[-1].atom.kind == "diag":
            rest = Value(size, size, {((), chain[:-1]): ONE})
            return self.hadamard(self.diagonal(rest), chain[-1].atom.arguments[0])  # type: ignore[arg-type]
        narrow = [place for place in narrow_places(size, chain) if 0 < place < len(chain)]
        if narrow:
            return self.hadamard(chain_value(chain[: narrow[0]]), transpose(chain_value(chain[narrow[0] :])))
        value = chain_value(chain)
        is_turned = len(chain) == 1 and chain[0].transposed
        forms = [transpose(value), value] if is_turned else [value, transpose(value)]
        first = self.first_of("diagonal", forms)
        return value_of(self.atom("diagonal", (first,), size, 1))
