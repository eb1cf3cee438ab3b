"""Differentials in normal form, and the derivative that a differential stands for.

The rules are those of Magnus and Neudecker, "Matrix Differential Calculus" (2019). In a differential the variable's own
stands at most once in each term. The gradient of a number is the matrix G for which the differential is trace(G' dX).
"""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from .algebra import Algebra
from .elementwise import broadcast_reciprocal, slope
from .identities import argument_of_value, exponential_plus_one
from .linear import inverse, row_sums, total_of, trace
from .values import (
    ONE,
    Atom,
    Chain,
    Powers,
    Value,
    chain_value,
    transpose,
    value_of,
    zero,
)


class Differential:
    """The differentials of values by one variable.

    Args:
        algebra: of the values.
        variable: the atom of the variable.
        change: its differential, a number or an atom.
    """

    def __init__(self, algebra: Algebra, variable: Atom, change: Value) -> None:
        self.algebra = algebra
        self.variable = variable
        self._changes: dict[Atom, Value | None] = {variable: change}

    def of(self, value: Value) -> Value:
        """Return the differential of a value."""
        algebra = self.algebra
        parts = [zero(value.rows, value.columns)]
        for (scalars, chain), coefficient in value.terms.items():
            body = Value(value.rows, value.columns, {((), chain): coefficient})
            for place, (atom, exponent) in enumerate(scalars):
                change = self._of_atom(atom)
                if change is not None:
                    rest = algebra.join(scalars[:place] + scalars[place + 1 :], _power_of(atom, exponent - 1))
                    moved = algebra.scale(change, exponent, rest)
                    parts.append(algebra.times(body, moved))
            for place, factor in enumerate(chain):
                change = self._of_atom(factor.atom)
                if change is not None:
                    middle = transpose(change) if factor.transposed else change
                    moved = sandwich(algebra, value, chain[:place], middle, chain[place + 1 :])
                    parts.append(algebra.scale(moved, coefficient, scalars))
        return algebra.add(*parts)

    def _of_atom(self, atom: Atom) -> Value | None:
        """Return the differential of an atom, or None if it does not depend on the variable."""
        if atom not in self._changes:
            change = self._change(atom)
            self._changes[atom] = change if change is not None and change.terms else None
        return self._changes[atom]

    def _change(self, atom: Atom) -> Value | None:
        algebra, kind = self.algebra, atom.kind
        if kind in ("name", "size", "ones"):
            return None
        if kind == "call":
            return self._of_call(atom)
        if kind == "powers":
            return self._of_powers(atom)
        if kind in ("product", "trace"):
            chain = cast("Chain", atom.arguments[0])
            change = self.of(chain_value(chain))
            return trace(algebra, change) if kind == "trace" else change
        value = cast("Value", atom.arguments[0])
        change = self.of(value)
        if not change.terms:
            return None
        if kind == "inv":
            return algebra.negate(algebra.product(value_of(atom), change, value_of(atom)))
        if kind == "det":
            relative = trace(algebra, algebra.multiply(inverse(algebra, value), change))
            return algebra.times(relative, value_of(atom))
        if kind == "norm":
            product = total_of(algebra, algebra.hadamard(value, change)) if value.columns > 1 else None
            product = product or algebra.multiply(transpose(value), change)
            return algebra.times(product, algebra.power(value_of(atom), -ONE))
        if kind == "diag":
            return algebra.diag(change)
        return algebra.diagonal(change) if kind == "diagonal" else change

    def _of_powers(self, atom: Atom) -> Value:
        algebra = self.algebra
        powers = cast("Powers", atom.arguments[0])
        total = zero(atom.rows, atom.columns)
        for base, exponent in powers:
            change = self._of_atom(base)
            if change is not None:
                rest = dict(powers)
                rest[base] = exponent - 1
                others = algebra.from_powers(atom.rows, atom.columns, {b: e for b, e in rest.items() if e})
                total = algebra.add(total, algebra.scale(algebra.hadamard(others, change), exponent))
        return total

    def _of_call(self, atom: Atom) -> Value | None:
        algebra = self.algebra
        name, parameters, arguments = cast("tuple[str, tuple[int | None, ...], tuple[Value, ...]]", atom.arguments)
        if name in _MIXING:
            change = self.of(arguments[0])
            return self._of_mixing(atom, name, parameters[0], arguments[0], change) if change.terms else None
        total = zero(atom.rows, atom.columns)
        for position, argument in enumerate(arguments):
            change = self.of(argument)
            if change.terms:
                total = algebra.add(total, self._chain_rule(atom, position, argument, change))
        return total

    def _chain_rule(self, atom: Atom, position: int, argument: Value, change: Value) -> Value:
        """Return the part of a function of elements that one argument's change makes."""
        algebra = self.algebra
        if atom.arguments[0] == "log":
            inside = argument_of_value(argument, "abs")
            if inside is not None:  # log(abs(x)) has the derivative of log(x)
                return algebra.hadamard(self.of(inside), broadcast_reciprocal(algebra, inside))
            inside = exponential_plus_one(argument)
            if inside is not None:
                return algebra.hadamard(value_of(algebra.call("sigmoid", inside)), self.of(inside))
        return algebra.hadamard(slope(algebra, atom, position), change)

    def _of_mixing(self, atom: Atom, name: str, axis: int | None, value: Value, change: Value) -> Value:
        """Return the differential of a function of all elements, or of those along an axis."""
        algebra = self.algebra
        weights = value_of(algebra.call("softmax", value, parameters=(axis,)))
        weighted = algebra.hadamard(weights, change)
        if name == "logsumexp":
            return self._along(weighted, axis)
        mean = self._spread(self._along(weighted, axis), value, axis)
        centred = algebra.add(change, algebra.negate(mean))
        if name == "log_softmax":
            return centred
        return algebra.add(weighted, algebra.negate(algebra.hadamard(weights, mean)))

    def _along(self, value: Value, axis: int | None) -> Value:
        if axis is None or value.columns == 1:
            return total_of(self.algebra, value)
        return row_sums(self.algebra, value if axis == 1 else transpose(value))

    def _spread(self, sums: Value, like: Value, axis: int | None) -> Value:
        """Return what `_along` returns, repeated to the shape from which it came."""
        algebra = self.algebra
        if sums.is_number:
            return algebra.times(algebra.ones(like.rows, like.columns), sums)
        if axis == 1:
            return algebra.multiply(sums, algebra.ones(1, like.columns))
        return algebra.multiply(algebra.ones(like.rows), transpose(sums))


_MIXING = ("softmax", "log_softmax", "logsumexp")


def _power_of(atom: Atom, exponent: Fraction) -> Powers:
    return ((atom, exponent),) if exponent else ()


def sandwich(algebra: Algebra, like: Value, left: Chain, middle: Value, right: Chain) -> Value:
    """Return the sum of products that a sum between two products makes, term by term."""
    parts = [zero(like.rows, like.columns)]
    for (scalars, chain), coefficient in middle.terms.items():
        moved = algebra.chain(like.rows, like.columns, left + chain + right)
        parts.append(algebra.scale(moved, coefficient, scalars))
    return algebra.add(*parts)
