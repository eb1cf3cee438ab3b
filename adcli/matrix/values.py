"""Sums of products of matrices in one normal form. A vector is a column and a number a matrix of one element.

Only the ranks of variables matter. Every axis that is not 1 has a size that stands for any size.
"""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from typing import NamedTuple, TypeAlias

ONE = Fraction(1)


class RefusedError(Exception):
    """There is no notation for a result. The message says for what."""


class Atom:
    """What a product cannot look into: a variable, the inverse of a matrix, a function of a matrix.

    Attributes:
        kind: ``"name"``, ``"size"``, ``"ones"``, ``"inv"``, ``"det"``, ``"norm"``, ``"trace"``, ``"product"``,
            ``"diag"``, ``"diagonal"``, ``"sum"``, ``"powers"`` or ``"call"``.
        arguments: by kind: texts, values, chains or powers.
        rows, columns: the shape.
        serial: the position in the order of creation, which is that of the user's text first.
        symmetric: whether it is known to equal its transpose.
    """

    __slots__ = ("arguments", "columns", "kind", "rows", "serial", "symmetric")

    def __init__(self, kind: str, arguments: tuple[Hashable, ...], rows: int, columns: int, serial: int) -> None:
        self.kind = kind
        self.arguments = arguments
        self.rows = rows
        self.columns = columns
        self.serial = serial
        inner = arguments[0] if kind in ("sum", "inv") and rows == columns else None
        self.symmetric = kind == "diag" or (isinstance(inner, Value) and inner == transpose(inner))


class Factor(NamedTuple):
    """An atom in a product of matrices, perhaps transposed."""

    atom: Atom
    transposed: bool

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.atom.columns if self.transposed else self.atom.rows

    @property
    def columns(self) -> int:
        """The number of columns."""
        return self.atom.rows if self.transposed else self.atom.columns


Powers: TypeAlias = tuple[tuple[Atom, Fraction], ...]  # a commutative product, in the order of the atoms
Chain: TypeAlias = tuple[Factor, ...]  # a product of matrices. An empty one is an identity matrix, or the number 1
Term: TypeAlias = tuple[Powers, Chain]  # numbers times a product of matrices


class Value:
    """A sum: the coefficient of each term, in the order in which a person would write them.

    Two values with the same terms are equal whatever their order.
    """

    __slots__ = ("_hash", "columns", "rows", "terms")

    def __init__(self, rows: int, columns: int, terms: dict[Term, Fraction]) -> None:
        self.rows = rows
        self.columns = columns
        self.terms = terms
        self._hash: int | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value) or (self.rows, self.columns) != (other.rows, other.columns):
            return False
        return self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash((self.rows, self.columns, frozenset(self.terms.items())))
        return self._hash

    @property
    def is_number(self) -> bool:
        """Whether there is one element only."""
        return self.rows == self.columns == 1


def zero(rows: int, columns: int) -> Value:
    """Return a matrix of zeros."""
    return Value(rows, columns, {})


def number(value: Fraction | int) -> Value:
    """Return a number."""
    return Value(1, 1, {((), ()): Fraction(value)} if value else {})


def identity(size: int) -> Value:
    """Return an identity matrix."""
    return Value(size, size, {((), ()): ONE})


def value_of(atom: Atom) -> Value:
    """Return an atom as a value."""
    if atom.rows == atom.columns == 1:
        return Value(1, 1, {(((atom, ONE),), ()): ONE})
    return chain_value((Factor(atom, False),))


def chain_value(chain: Chain) -> Value:
    """Return a product of at least one factor as a value."""
    return Value(chain[0].rows, chain[-1].columns, {((), chain): ONE})


def only_term(value: Value) -> tuple[Powers, Chain, Fraction]:
    """Return the parts of a value of one term."""
    [((scalars, chain), coefficient)] = value.terms.items()
    return scalars, chain, coefficient


def only_factor(value: Value) -> Factor | None:
    """Return the factor that a value consists of, or None if there is more."""
    if len(value.terms) != 1:
        return None
    scalars, chain, coefficient = only_term(value)
    return chain[0] if len(chain) == 1 and not scalars and coefficient == 1 else None


def only_atom(value: Value) -> Atom:
    """Return the atom that a number consists of."""
    [((atom, _),), _] = next(iter(value.terms))
    return atom


def flipped(factor: Factor) -> Factor:
    """Return a factor transposed."""
    return factor if factor.atom.symmetric else Factor(factor.atom, not factor.transposed)


def flipped_chain(chain: Chain) -> Chain:
    """Return a product transposed."""
    return tuple([flipped(factor) for factor in reversed(chain)])


def transpose(value: Value) -> Value:
    """Return a value transposed."""
    if value.is_number:
        return value
    terms = {(scalars, flipped_chain(chain)): each for (scalars, chain), each in value.terms.items()}
    return Value(value.columns, value.rows, terms)


def narrow_places(rows: int, chain: Chain) -> list[int]:
    """Return the positions between factors, ends included, where the size is 1."""
    sizes = [rows, *[factor.columns for factor in chain]]
    return [place for place, size in enumerate(sizes) if size == 1]


def is_ones(value: Value) -> bool:
    """Return whether every element of a value of one term without numbers is 1."""
    _, chain, _ = only_term(value)
    return bool(chain) and all(factor.atom.kind == "ones" for factor in chain)


def negated(value: Value) -> Value:
    """Return the negative."""
    return Value(value.rows, value.columns, {term: -each for term, each in value.terms.items()})


def cancel(chain: Chain) -> Chain:
    """Return a product without the inverses that stand beside what they are the inverse of."""
    factors = list(chain)
    place = 0
    while place < len(factors):
        inverted = _inverted(factors[place])
        count = len(inverted)
        if count and tuple(factors[place + 1 : place + 1 + count]) == inverted:
            del factors[place : place + 1 + count]
            place = 0
        elif count and place >= count and tuple(factors[place - count : place]) == inverted:
            del factors[place - count : place + 1]
            place = 0
        else:
            place += 1
    return tuple(factors)


def _inverted(factor: Factor) -> Chain:
    """Return the product that a factor is the inverse of, or an empty one."""
    if factor.atom.kind != "inv":
        return ()
    inner: Value = factor.atom.arguments[0]  # type: ignore[assignment]
    [((scalars, chain), coefficient)] = inner.terms.items()
    if scalars or coefficient != 1:
        return ()
    return flipped_chain(chain) if factor.transposed else chain
