"""Identities of products of functions of the elements."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import cast

from .values import Atom, Value, negated, number, only_factor


def simplify_powers(call: Callable[[str, Value], Atom], powers: dict[Atom, Fraction]) -> dict[Atom, Fraction]:
    """Return a product of powers of elements with sigmoid in the place of exponentials."""
    for atom, exponent in list(powers.items()):
        argument = exponential_plus_one(atom.arguments[0]) if atom.kind == "sum" else None  # type: ignore[arg-type]
        if argument is not None and exponent < 0 and exponent.denominator == 1:
            sigmoid = call("sigmoid", negated(argument))
            del powers[atom]
            powers[sigmoid] = powers.get(sigmoid, Fraction(0)) - exponent
    for atom in list(powers):
        argument = argument_of(atom, "exp")
        if argument is None or powers[atom] <= 0:
            continue
        other, result = (call("sigmoid", each) for each in (negated(argument), argument))
        count = min(powers[atom], powers.get(other, Fraction(0)))
        if count > 0:
            powers[atom] -= count
            powers[other] -= count
            powers[result] = powers.get(result, Fraction(0)) + count
    for indicator, step in [(atom, _indicated(atom)) for atom in powers]:
        if step is not None and any(powers[atom] > 0 and _positive_part(atom) == step for atom in powers):
            powers[indicator] = Fraction(0)
    return {atom: exponent for atom, exponent in powers.items() if exponent}


def _indicated(atom: Atom) -> Value | None:
    """Return u if an atom is 1 where u > 0 and 0 where u < 0, otherwise None."""
    arguments = arguments_of(atom, "heaviside")
    if arguments is not None:
        return arguments[0]
    condition, one, other = arguments_of(atom, "where") or (None, None, None)
    if condition is None or one != number(1) or other != number(0):
        return None
    left, right = arguments_of_value(condition, "gt") or (None, one)
    return left if not right.terms else None


def _positive_part(atom: Atom) -> Value | None:
    """Return u if an atom is the larger of u and 0, otherwise None."""
    one, *others = arguments_of(atom, "relu") or arguments_of(atom, "max") or (None,)
    if len(others) == 1 and one is not None and not one.terms:
        return others[0]
    return one if not others or (len(others) == 1 and not others[0].terms) else None


def exponential_plus_one(value: Value) -> Value | None:
    """Return u if the value is 1 + exp(u), otherwise None."""
    if len(value.terms) != 2 or any((scalars and chain) or each != 1 for (scalars, chain), each in value.terms.items()):
        return None
    found: Value | None = None
    ones = 0
    for scalars, chain in value.terms:
        if not scalars and ((not chain and value.is_number) or (chain and all(f.atom.kind == "ones" for f in chain))):
            ones += 1
        elif len(scalars) == 1 and scalars[0][1] == 1:
            found = argument_of(scalars[0][0], "exp")
        elif len(chain) == 1 and not chain[0].transposed:
            found = argument_of(chain[0].atom, "exp")
    return found if ones == 1 else None


def argument_of(atom: Atom, name: str) -> Value | None:
    """Return the argument of a function of this name, otherwise None."""
    arguments = arguments_of(atom, name)
    return arguments[0] if arguments is not None else None


def arguments_of(atom: Atom, name: str) -> tuple[Value, ...] | None:
    """Return the arguments of a function of this name, otherwise None."""
    return cast("tuple[Value, ...]", atom.arguments[2]) if atom.kind == "call" and atom.arguments[0] == name else None


def argument_of_value(value: Value, name: str) -> Value | None:
    """Return the argument of a value that is a function of this name, otherwise None."""
    arguments = arguments_of_value(value, name)
    return arguments[0] if arguments is not None else None


def arguments_of_value(value: Value, name: str) -> tuple[Value, ...] | None:
    """Return the arguments of a value that is a function of this name, otherwise None."""
    if value.is_number and len(value.terms) == 1:
        [((scalars, _), coefficient)] = value.terms.items()
        is_atom = coefficient == 1 and len(scalars) == 1 and scalars[0][1] == 1
        return arguments_of(scalars[0][0], name) if is_atom else None
    factor = only_factor(value)
    return arguments_of(factor.atom, name) if factor is not None and not factor.transposed else None
