"""The rules of products: powers of products and calls, common factors, ratios, signs and roots.

`merged` is a product under construction: base -> exponent. Both are terms.
"""

from __future__ import annotations

import operator
from fractions import Fraction
from math import gcd

from ..ops.arithmetic import absolute, sign
from ..ops.elementary import cbrt, hypot
from .identities import RATIOS, TRADED_FACTORS
from .numbers import HALF, ONE, Exact, calculate, raise_number, size
from .terms import MANY, Application, Product, Sum, Terms


def power_of_product(
    terms: Terms, node: Product, base: int, exponent: int, whole: bool
) -> list[tuple[int, int]] | None:
    """Return (c*x**a*y**b)**n as powers of its factors, or None if that does not hold."""
    if len(node.factors) > MANY:
        return None
    if whole:
        powers = [(b, terms.times(e, exponent)) for b, e in node.factors]
        return powers if node.coefficient == 1 else [*powers, (terms.number(node.coefficient), exponent)]
    power = terms.value(exponent)
    if power is None and any(base == terms.exp_base for base, _ in node.factors):
        return None  # exp(x)**y is 1 where exp(x*y) is exp(inf*0)
    if node.coefficient != 1:
        # A root of the coefficient is taken out if it is a number.
        root = raise_number(node.coefficient, power) if node.coefficient > 0 and isinstance(power, Fraction) else None
        if root is None:
            return None
        return [(terms.product_of(ONE, node.factors), exponent), (terms.number(root), terms.one)]
    if len(node.factors) > 1:
        return None
    [(inner, inside)] = node.factors
    own = terms.value(inside)
    if inner == terms.exp_base or (own is not None and not _is_even(own)):
        return [(inner, terms.times(inside, exponent))]
    if power == HALF and own == 2:
        return [(terms.call(absolute, (inner,)), terms.one)]
    return None


def _is_even(power: Exact) -> bool:
    """Return whether x**power is defined and equal for x and -x. Its root is then not x."""
    return power == int(power) and int(power) % 2 == 0


def power_of_call(terms: Terms, node: Application, power: Exact | None) -> list[tuple[int, int]] | None:
    """Return the base and its exponent in abs(x)**2, hypot(x, y)**2 and cbrt(x)**3, for multiples of the power.

    abs(x)**2 is x**2, hypot(x, y)**2 is x**2 + y**2, and cbrt(x)**3 is x. None means that no rule applies.
    """
    if not isinstance(power, Fraction) or power.denominator != 1:
        return None
    if node.op is absolute and power % 2 == 0:
        return [(node.arguments[0], terms.one)]
    if node.op is hypot and power % 2 == 0:
        two = terms.number(Fraction(2))
        return [(terms.add([(ONE, terms.power(x, two)) for x in node.arguments]), terms.half)]
    if node.op is cbrt and power % 3 == 0:
        return [(node.arguments[0], terms.number(Fraction(1, 3)))]
    return None


def content_of(terms: Terms, node: Sum, term: int) -> tuple[Exact, int]:
    """Return the common factor of the coefficients and the rest: 2 and x + 2 for 2*x + 4."""
    above, below = 0, 1
    for _, c in node.terms:
        if not isinstance(c, Fraction):
            return ONE, term
        above = gcd(above, c.numerator)
        below = below * c.denominator // gcd(below, c.denominator)
    content = Fraction(above, below)
    if all(c < 0 for _, c in node.terms):
        content = -content
    if content == 1:
        return ONE, term
    return content, terms.sum_of({m: c / content for m, c in node.terms})


def _raise(terms: Terms, merged: dict[int, int], base: int, step: Exact) -> None:
    """Multiply a product by base**step."""
    exponent = terms.add([(ONE, merged.pop(base, terms.zero)), (step, terms.one)])
    if exponent != terms.zero:
        merged[base] = exponent


def apply_ratios(terms: Terms, merged: dict[int, int]) -> None:
    """Rewrite sin(u)**n/cos(u)**n as tan(u)**n, and so on for `RATIOS`."""
    for base in list(merged):
        node = terms.nodes[base]
        for (above, below), (ratio, inverse) in RATIOS.items():
            if base in merged and isinstance(node, Application) and node.op is above:
                partner = terms.by_key.get((below, node.arguments))
                power = terms.value(merged[base])
                if partner not in merged or power is None:
                    continue
                other = terms.value(merged[partner])
                if other == -power:
                    del merged[base], merged[partner]
                    application = terms.call(ratio if power > 0 else inverse, node.arguments)
                    _raise(terms, merged, application, size(power))
                elif above in TRADED_FACTORS and (power, other) == (2, -1):
                    del merged[partner]
                    merged[base] = terms.one
                    _raise(terms, merged, terms.call(ratio, node.arguments), ONE)


def apply_signs(terms: Terms, merged: dict[int, int]) -> None:
    """Rewrite x*sign(x) as abs(x) and abs(x)*sign(x) as x, for one power of each."""
    for base in list(merged):
        node = terms.nodes[base]
        if not isinstance(node, Application) or node.op is not sign or merged.get(base) != terms.one:
            continue
        [argument] = node.arguments
        magnitude = terms.call(absolute, (argument,))
        for one, other in ((argument, magnitude), (magnitude, argument)):
            power = terms.value(merged[one]) if one in merged else None
            if isinstance(power, Fraction) and power.denominator == 1 and power > 0:
                del merged[base]
                _raise(terms, merged, one, -ONE)
                _raise(terms, merged, other, ONE)
                break


def apply_cube_roots(terms: Terms, merged: dict[int, int]) -> None:
    """Rewrite x/cbrt(x)**2 as cbrt(x), if the powers have different signs and one of the two cancels."""
    for base in list(merged):
        node = terms.nodes[base]
        if not isinstance(node, Application) or node.op is not cbrt or node.arguments[0] not in merged:
            continue
        [argument] = node.arguments
        wholes, thirds = terms.value(merged[argument]), terms.value(merged[base])
        if wholes is None or thirds is None or wholes * thirds >= 0 or wholes != int(wholes):
            continue
        if size(3 * wholes + thirds) < 3:
            del merged[argument]
            _raise(terms, merged, base, 3 * wholes)


def _are_opposite(terms: Terms, outside: int | None, inside: int, power: Exact) -> bool:
    """Return whether x**outside and (x**inside)**power are powers of different signs."""
    if outside is None:
        return False
    one, other = terms.value(outside), terms.value(inside)
    return one is not None and other is not None and one * other * power < 0


def apply_roots(terms: Terms, coefficient: Exact, merged: dict[int, int]) -> tuple[Exact, dict[int, int]]:
    """Rewrite x/(y**2*sqrt(x/y)) as sqrt(x/y)/y: multiply by a root and divide by its square, if that is shorter.

    Each factor of the radicand must be one of the product too, on the other side of the fraction from the root. So the
    product is 0/0 already where the factor is 0, and x**2/sqrt(x**2*y) stays, because sqrt(x**2*y)/y is not infinite at
    y = 0.
    """
    for base, exponent in list(merged.items()):
        node, power = terms.nodes[base], terms.value(exponent)
        if not isinstance(node, Product) or power not in (HALF, -HALF) or len(node.factors) > MANY:
            continue
        step = ONE if power == -HALF else -ONE
        if not all(_are_opposite(terms, merged.get(inner), inside, power) for inner, inside in node.factors):
            continue
        trial = dict(merged)
        _raise(terms, trial, base, step)
        for inner, inside in node.factors:
            changed = terms.times(terms.number(-step), inside)
            total = terms.add([(ONE, trial.pop(inner, terms.zero)), (ONE, changed)])
            if total != terms.zero:
                trial[inner] = total
        rest = calculate(operator.mul, coefficient, node.coefficient if step < 0 else 1 / node.coefficient)
        if rest is None:
            continue
        before = terms.product_cost(coefficient, tuple(merged.items()))
        if terms.product_cost(rest, tuple(trial.items())) < before:
            coefficient, merged = rest, trial
    return coefficient, merged
