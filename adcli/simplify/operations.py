"""Turn operations of the table into terms: constants with names, powers, roots, and the rules of choices."""

from __future__ import annotations

from fractions import Fraction
from math import factorial as whole_factorial
from math import isfinite, pi

from ..ops import Op
from ..ops.arithmetic import both, clip, eq, gt, heaviside, lt, maximum, minimum, neg, power, tie_share, where
from ..ops.elementary import LOG2_E, LOG10_E, hypot, log, sqrt
from ..ops.special import TWO_OVER_SQRT_PI, factorial
from .algebra import Algebra
from .numbers import HALF, ONE, to_exact
from .terms import Application, Product

LARGEST_FACTORIAL = 18  # 18! is the last factorial below 2**53


def term_of_constant(value: float, terms: Algebra) -> int:
    """Return the term of a float64. pi and the constants of the rules get their names."""
    if not isfinite(value):
        name = terms.infinite("nan" if value != value else "inf")
        return name if not value < 0 else terms.multiply([(terms.minus_one, terms.one), (name, terms.one)])
    make_constant = {
        pi: lambda: terms.name("pi"),
        TWO_OVER_SQRT_PI: lambda: terms.multiply(
            [(terms.number(Fraction(2)), terms.one), (terms.name("pi"), terms.number(-HALF))]
        ),
        LOG2_E: lambda: terms.power(terms.call(log, (terms.number(Fraction(2)),)), terms.minus_one),
        LOG10_E: lambda: terms.power(terms.call(log, (terms.number(Fraction(10)),)), terms.minus_one),
    }.get(abs(value))
    if make_constant is None:
        return terms.number(to_exact(value))
    return (
        make_constant() if value > 0 else terms.multiply([(terms.minus_one, terms.one), (make_constant(), terms.one)])
    )


def term_of_call(terms: Algebra, op: Op, arguments: tuple[int, ...]) -> int:
    """Return the term of an op that is neither a sum nor a product."""
    if op is neg:
        return terms.multiply([(terms.minus_one, terms.one), (arguments[0], terms.one)])
    if op is power:
        return terms.power(*arguments)
    if op is sqrt:
        return terms.power(arguments[0], terms.half)
    number = terms.value(arguments[0]) if op is factorial else None
    if number is not None and number in range(LARGEST_FACTORIAL + 1):
        return terms.number(Fraction(whole_factorial(int(number))))
    if op is hypot and terms.one in arguments:
        two = terms.number(Fraction(2))
        return terms.power(terms.add([(ONE, terms.power(x, two)) for x in arguments]), terms.half)
    if op is where:
        return _choice(terms, *arguments)
    return terms.call(op, arguments)


def _choice(terms: Algebra, condition: int, value: int, otherwise: int) -> int:
    """Return a choice. The derivative of `max`, `min` or `clip` is simplified, and differs only where arguments tie."""
    node = terms.nodes[condition]
    without = _without_share(terms, value) if otherwise == terms.zero else None
    if without is None or not isinstance(node, Application):
        return terms.call(where, (condition, value, otherwise))
    equation = terms.nodes[node.arguments[0]] if node.op is both else node
    if not isinstance(equation, Application) or equation.op is not eq:
        return terms.call(where, (condition, value, otherwise))
    argument, whole = equation.arguments
    picker = terms.nodes[whole]
    if isinstance(picker, Application) and picker.op in (maximum, minimum):
        others = tuple(other for other in picker.arguments if other != argument)
        rival = terms.call(picker.op, others) if len(others) > 1 else others[0]
        if terms.value(without) is not None:
            signs = (ONE, -ONE) if picker.op is maximum else (-ONE, ONE)
            difference = terms.add(zip(signs, (argument, rival), strict=True))
            return terms.multiply([(without, terms.one), (terms.call(heaviside, (difference, terms.half)), terms.one)])
        above = terms.call(gt if picker.op is maximum else lt, (argument, rival))
        return terms.call(where, (above, without, terms.zero))
    if isinstance(picker, Application) and picker.op is clip and argument == picker.arguments[0]:
        _, low, high = picker.arguments
        inside = terms.call(both, (terms.call(lt, (low, argument)), terms.call(lt, (argument, high))))
        return terms.call(where, (inside, without, terms.zero))
    return terms.call(where, (condition, value, otherwise))


def _without_share(terms: Algebra, term: int) -> int | None:
    """Return a product without its factor `tie_share(…)`, or None if it has no such factor."""
    node = terms.nodes[term]
    factors = node.factors if isinstance(node, Product) else ((term, terms.one),)
    shares = [
        base
        for base, _ in factors
        if isinstance(application := terms.nodes[base], Application) and application.op is tie_share
    ]
    if len(shares) != 1:
        return None
    return terms.multiply([(term, terms.one), (shares[0], terms.minus_one)])
