"""The derivative that a differential stands for.

The gradient of a number is the matrix G for which the differential is trace(G' dX). The Jacobian of a vector is the
matrix M for which the differential is M dx.
"""

from __future__ import annotations

from typing import cast

from .algebra import Algebra
from .differential import sandwich
from .forms import spread
from .linear import trace
from .terms import sum_of
from .values import (
    ONE,
    Atom,
    Chain,
    Factor,
    Powers,
    RefusedError,
    Value,
    chain_value,
    identity,
    number,
    transpose,
    zero,
)


class Extraction:
    """The derivative that a differential stands for.

    Args:
        algebra: of the values.
        change: the atom of the differential of the variable.
    """

    def __init__(self, algebra: Algebra, change: Atom) -> None:
        self.algebra = algebra
        self.change = change
        self._dependence: dict[Atom, bool] = {change: True}

    def depends(self, atom: Atom) -> bool:
        """Return whether an atom contains the differential of the variable."""
        if atom not in self._dependence:
            self._dependence[atom] = any(self._contains(part) for part in atom.arguments)
        return self._dependence[atom]

    def _contains(self, part: object) -> bool:
        if isinstance(part, Value):
            return any(self._contains(scalars) or self._contains(chain) for scalars, chain in part.terms)
        if isinstance(part, Atom):
            return self.depends(part)
        return isinstance(part, tuple) and any(self._contains(each) for each in part)

    def gradient(self, value: Value, weight: Value | None = None) -> Value:
        """Return the G for which the sum of weight*value is the sum of G*dX, element by element.

        Args:
            value: linear in the differential.
            weight: of the shape of the value [default: 1, for a number].
        """
        algebra, change = self.algebra, self.change
        weight = number(1) if weight is None else weight
        parts = [zero(change.rows, change.columns)]
        for (scalars, chain), coefficient in value.terms.items():
            moving = [atom for atom, _ in scalars if self.depends(atom)]
            if moving:
                rest = tuple([item for item in scalars if item[0] is not moving[0]])
                body = Value(value.rows, value.columns, {(rest, chain): coefficient})
                inner = self._inner_product(weight, body)
                part = self._of_atom(moving[0], inner)
            else:
                place = next(place for place, factor in enumerate(chain) if self.depends(factor.atom))
                left, right = chain[:place], chain[place + 1 :]
                cotangent = weight
                if left:
                    cotangent = algebra.multiply(transpose(chain_value(left)), cotangent)
                if right:
                    cotangent = algebra.multiply(cotangent, transpose(chain_value(right)))
                cotangent = algebra.scale(cotangent, coefficient, scalars)
                factor = chain[place]
                part = self._of_atom(factor.atom, transpose(cotangent) if factor.transposed else cotangent)
            parts.append(part)
        return algebra.add(*parts)

    def _inner_product(self, one: Value, other: Value) -> Value:
        algebra = self.algebra
        if one.columns == 1:
            return algebra.multiply(transpose(one), other)
        return trace(algebra, algebra.multiply(transpose(one), other))

    def _of_atom(self, atom: Atom, weight: Value) -> Value:
        algebra = self.algebra
        if atom is self.change:
            return weight
        if atom.kind == "sum":
            return self.gradient(sum_of(Factor(atom, False)), weight)
        if atom.kind == "product":
            return self.gradient(_product_value(atom), weight)
        if atom.kind == "trace":
            chain = cast("Chain", atom.arguments[0])
            return self.gradient(chain_value(chain), algebra.times(identity(chain[0].rows), weight))
        if atom.kind == "diag":
            return self.gradient(cast("Value", atom.arguments[0]), algebra.diagonal(weight))
        if atom.kind == "diagonal":
            return self.gradient(cast("Value", atom.arguments[0]), algebra.diag(weight))
        if atom.kind == "powers":
            base, rest = self._split(atom)
            return self._of_atom(base, algebra.hadamard(rest, weight))
        raise RefusedError(f"a change inside {atom.kind}")

    def _split(self, atom: Atom) -> tuple[Atom, Value]:
        """Return the base of a product of elements that contains the differential, and the rest of the product."""
        powers = cast("Powers", atom.arguments[0])
        [base] = [base for base, _ in powers if self.depends(base)]
        rest = {other: exponent for other, exponent in powers if other is not base}
        return base, self.algebra.from_powers(atom.rows, atom.columns, rest)

    def jacobian(self, value: Value) -> Value:
        """Return the matrix M with value = M dx, where dx is a vector."""
        algebra = self.algebra
        parts = [zero(value.rows, self.change.rows)]
        for (scalars, chain), coefficient in value.terms.items():
            moving = [atom for atom, _ in scalars if self.depends(atom)]
            if moving:
                rest = tuple([item for item in scalars if item[0] is not moving[0]])
                row = transpose(self._of_atom(moving[0], number(1)))
                column = Value(value.rows, 1, {(rest, chain): coefficient})
                part = algebra.multiply(column, row)
            else:
                part = algebra.scale(self._of_chain(value.rows, chain), coefficient, scalars)
            parts.append(part)
        return algebra.add(*parts)

    def _of_chain(self, rows: int, chain: Chain) -> Value:
        algebra = self.algebra
        place = next(place for place, factor in enumerate(chain) if self.depends(factor.atom))
        factor, right = chain[place], chain[place + 1 :]
        atom = factor.atom
        if atom is self.change and not right and not factor.transposed:
            inner = identity(atom.rows)
        elif atom.kind == "sum":
            like = zero(factor.rows, 1)
            inner = self.jacobian(sandwich(algebra, like, (), sum_of(factor), right))
        elif atom.kind == "product" and not right and not factor.transposed:
            inner = self.jacobian(_product_value(atom))
        elif atom.kind == "powers" and not right and not factor.transposed:
            base, rest = self._split(atom)
            inner = self._of_base(rest, base)
        elif atom.kind == "diag" and right:
            column = algebra.diag(chain_value(right))
            inner = algebra.multiply(column, self.jacobian(cast("Value", atom.arguments[0])))
        elif atom.kind == "powers":
            inner = self.jacobian(self._opened(factor, right))
        else:
            raise RefusedError("this product")
        return algebra.chain_times(rows, chain[:place], inner)

    def _opened(self, factor: Factor, right: Chain) -> Value:
        """Return a matrix whose elements are a product, times a vector, with the sum in the product spread."""
        base, rest = self._split(factor.atom)
        value = sum_of(Factor(base, False)) if base.kind == "sum" else self.algebra.unwrap(base)
        product = spread(self.algebra.hadamard, rest, value)
        if any(own == factor.atom for _, chain in product.terms for own, _ in chain):
            raise RefusedError("a product of this matrix")
        return sandwich(
            self.algebra, zero(factor.rows, 1), (), transpose(product) if factor.transposed else product, right
        )

    def _of_base(self, rest: Value, base: Atom) -> Value:
        value = sum_of(Factor(base, False)) if base.kind == "sum" else self.algebra.unwrap(base)
        return self.algebra.multiply(self.algebra.diag(rest), self.jacobian(value))


def _product_value(atom: Atom) -> Value:
    chain = cast("Chain", atom.arguments[0])
    return Value(atom.rows, atom.columns, {((), chain): ONE})
