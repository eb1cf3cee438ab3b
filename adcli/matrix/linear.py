"""Inverses, determinants, traces, sums and norms of matrices in normal form (`values.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .algebra import Algebra
from .terms import sum_of
from .values import (
    ONE,
    Chain,
    Factor,
    RefusedError,
    Value,
    cancel,
    chain_value,
    flipped_chain,
    identity,
    narrow_places,
    only_factor,
    only_term,
    transpose,
    value_of,
    zero,
)


def inverse(algebra: Algebra, value: Value) -> Value:
    """Return the inverse. That of a product of square factors is the product of their inverses."""
    value = algebra.single(value)
    if not value.terms:
        raise RefusedError("the inverse of zeros")
    scalars, chain, coefficient = only_term(value)
    if any(size == 1 for size in [factor.columns for factor in chain]):
        raise RefusedError("the inverse of a matrix of rank 1")
    result = identity(value.rows)
    if all(factor.rows == factor.columns for factor in chain):
        for factor in reversed(chain):
            inner: Value = chain_value((Factor(factor.atom, False),))
            if factor.atom.kind == "inv":
                part: Value = factor.atom.arguments[0]  # type: ignore[assignment]
            elif factor.atom.kind == "diag":
                part = algebra.diag(algebra.power(factor.atom.arguments[0], -ONE))  # type: ignore[arg-type]
            else:
                part = value_of(algebra.atom("inv", (inner,), value.rows, value.rows))
            result = algebra.multiply(result, transpose(part) if factor.transposed else part)
    else:
        inner = chain_value(chain)
        first = algebra.first_of("inv", [inner, transpose(inner)])
        part = value_of(algebra.atom("inv", (first,), value.rows, value.rows))
        result = part if first == inner else transpose(part)
    return algebra.scale(result, 1 / coefficient, tuple([(atom, -e) for atom, e in scalars]))


def determinant(algebra: Algebra, value: Value) -> Value:
    """Return the determinant. That of an inverse is the reciprocal."""
    single = algebra.single(value)
    factor = only_factor(single)
    if factor is not None and factor.atom.kind == "inv":
        return algebra.power(determinant(algebra, factor.atom.arguments[0]), -ONE)  # type: ignore[arg-type]
    if factor is not None and factor.atom.kind == "sum":
        value = sum_of(factor)
    first = algebra.first_of("det", [value, transpose(value)])
    return value_of(algebra.atom("det", (first,)))


def trace(algebra: Algebra, value: Value) -> Value:
    """Return the trace, which is linear and cyclic."""
    total = zero(1, 1)
    for (scalars, chain), coefficient in value.terms.items():
        total = algebra.add(total, algebra.scale(_trace_of_chain(algebra, value.rows, chain), coefficient, scalars))
    return total


def _trace_of_chain(algebra: Algebra, size: int, chain: Chain) -> Value:
    if not chain:
        return algebra.size(size)
    if len(chain) == 1 and chain[0].atom.kind == "sum":
        return trace(algebra, sum_of(chain[0]))
    if len(chain) == 1 and chain[0].atom.kind == "diag":
        return total_of(algebra, chain[0].atom.arguments[0])  # type: ignore[arg-type]
    narrow = [place for place in narrow_places(size, chain) if 0 < place < len(chain)]
    if narrow:
        return algebra.chain(1, 1, chain[narrow[0] :] + chain[: narrow[0]])
    turned = flipped_chain(chain)
    rotations = [each[place:] + each[:place] for each in (chain, turned) for place in range(len(chain))]
    for rotation in rotations:
        shorter = cancel(rotation)
        if len(shorter) < len(rotation):
            return _trace_of_chain(algebra, rotation[0].rows, shorter)
    return value_of(algebra.atom("trace", (algebra.first_of("trace", rotations),)))


def total_of(algebra: Algebra, value: Value) -> Value:
    """Return the sum of all elements."""
    if value.is_number:
        return value
    if value.columns == 1:
        return algebra.multiply(algebra.ones(1, value.rows), value)
    if len(value.terms) > 1:
        return algebra.product(algebra.ones(1, value.rows), value, algebra.ones(value.columns))
    if not value.terms:
        return zero(1, 1)
    scalars, chain, coefficient = only_term(value)
    return algebra.scale(_total_of_chain(algebra, value, chain), coefficient, scalars)


def _total_of_chain(algebra: Algebra, value: Value, chain: Chain) -> Value:
    if value.rows > 1 and value.columns > 1 and len(chain) == 1 and chain[0].atom.kind == "powers":
        items = chain[0].atom.arguments[0]
        if [e for _, e in items] in ([ONE, ONE], [Fraction(2)]):  # type: ignore[attr-defined]
            one, two = algebra.unwrap(items[0][0]), algebra.unwrap(items[-1][0])  # type: ignore[index]
            return trace(algebra, algebra.multiply(transpose(one), two))
    body = Value(value.rows, value.columns, {((), chain): ONE})
    return algebra.product(algebra.ones(1, value.rows), body, algebra.ones(value.columns))


def norm(algebra: Algebra, value: Value) -> Value:
    """Return the norm of all elements."""
    single = algebra.single(value)
    if not single.terms:
        return zero(1, 1)
    scalars, chain, coefficient = only_term(single)
    sizes = tuple([item for item in scalars if item[0].kind == "size"])  # these are positive
    rest = tuple([item for item in scalars if item[0].kind != "size"])
    body = Value(value.rows, value.columns, {(rest, chain): ONE})
    return algebra.scale(value_of(algebra.atom("norm", (body,))), abs(coefficient), sizes)


def row_sums(algebra: Algebra, value: Value) -> Value:
    """Return the sum of each row as a column."""
    return algebra.multiply(value, algebra.ones(value.columns)) if value.columns > 1 else value


def sum_along(algebra: Algebra, value: Value, axes: Sequence[int], rank: int) -> Value:
    """Return the sum along some axes of an array of a rank. The result of one axis is a column."""
    if len(axes) == rank:
        return total_of(algebra, value)
    return row_sums(algebra, value if axes[0] == 1 else transpose(value))
