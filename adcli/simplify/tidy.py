"""Simplify an expression for people: school functions, like terms collected, the shorter of sum and product.

A graph is read row by row into terms (`algebra.py`), sums are tried in several forms, and the result is written as a
graph (`term_writer.py`), which prints as text or LaTeX. `identities.py` lists the conditions. Nothing recurses.
Only short sums are tried in other forms, so that the time is linear in the size of a large expression.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite, pi

from ..graph.expr import Expr, Graph, Unfolded
from ..ops import Op
from ..ops.arithmetic import (
    add,
    both,
    clip,
    div,
    eq,
    gt,
    heaviside,
    lt,
    maximum,
    minimum,
    mul,
    neg,
    power,
    sub,
    tie_share,
    where,
)  # fmt: skip
from ..ops.elementary import LOG2_E, LOG10_E, hypot, log, sqrt
from ..ops.special import TWO_OVER_SQRT_PI
from .algebra import Algebra
from .numbers import HALF, ONE, Exact, to_exact
from .term_writer import CONSTANT_NAMES, TermWriter
from .terms import Application, Product, Sum

LINE = 400  # characters. A longer result is written with bindings
LONGEST_SUM = 600  # characters. Other forms of a longer sum are not tried
MAX_TERMS = 64  # a product with more terms after expansion stays a product
_SUMS, _PRODUCTS = (add, sub), (mul, div)


def tidy(expr: Expr) -> Expr:
    """Return a simpler expression in its own graph, for printing.

    It is equal to `expr` wherever `expr` is defined, with the exceptions that the textbook forms of helpers and
    `identities.py` state. It may be defined at more points (x/x is 1). The names pi, tau and e are the constants.

    >>> x = Graph().variable("x")
    >>> print(tidy(x + x * x / x))
    2*x
    """
    graph, row = _in_school_functions(expr)
    terms = Algebra()
    return TermWriter(terms, [name for name in expr.graph.variables if name not in CONSTANT_NAMES]).write(
        _term(graph, row, terms)
    )


def _in_school_functions(expr: Expr) -> tuple[Graph, int]:
    """Return a copy of the graph in which school functions replace every helper."""
    graph, new, rows = expr.graph, Unfolded(), dict[int, int]()
    names = {row: name for name, row in graph.variables.items()}
    for row in graph.live([expr.row]):
        op = graph.ops[row]
        if op is not None:
            arguments = tuple(rows[argument] for argument in graph.inputs[row])
            if op.textbook is None or not op.helper:
                rows[row] = new.apply(op, arguments)
            else:
                result = op.textbook(*[Expr(new, argument) for argument in arguments])
                rows[row] = result.row if isinstance(result, Expr) else new.constant(float(result))
        else:
            rows[row] = new.constant(graph.constants[row]) if row in graph.constants else new.variable(names[row]).row
    return new, rows[expr.row]


# ---------------------------------------------------------------- graph to terms


def _term(graph: Graph, top: int, terms: Algebra) -> int:
    """Return the term of a row. A sum that only one other sum uses becomes a part of it, and so does a product."""
    live = graph.live([top])
    users: dict[int, list[Op]] = {row: [] for row in live}
    for row in live:
        op = graph.ops[row]
        if op is not None:
            for argument in graph.inputs[row]:
                users[argument].append(op)
    term_of_row: dict[int, int] = {}
    names = {row: name for name, row in graph.variables.items()}
    for row in live:
        op, user = graph.ops[row], users[row][0] if len(users[row]) == 1 else None
        if op is None:
            term_of_row[row] = (
                _constant(graph.constants[row], terms) if row in graph.constants else terms.name(names[row])
            )
        elif (op in (*_SUMS, neg) and user in _SUMS) or (op in _PRODUCTS and user in _PRODUCTS):
            continue
        elif op in _SUMS:
            term_of_row[row] = shorten_sum(terms, terms.add(_summands(graph, row, term_of_row)))
        elif op in _PRODUCTS:
            term_of_row[row] = terms.multiply(_factors(graph, row, term_of_row, terms))
        else:
            term_of_row[row] = _apply(terms, op, tuple([term_of_row[argument] for argument in graph.inputs[row]]))
    return term_of_row[top]


def _summands(graph: Graph, top: int, term_of_row: dict[int, int]) -> list[tuple[Exact, int]]:
    """Return the signed terms of a tree of sums."""
    summands: list[tuple[Exact, int]] = []
    stack: list[tuple[Exact, int]] = [(ONE, top)]
    while stack:
        sign, row = stack.pop()
        if row in term_of_row:
            summands.append((sign, term_of_row[row]))
            continue
        op = graph.ops[row]
        signs = (-sign,) if op is neg else (sign, -sign) if op is sub else (sign, sign)
        stack += reversed(list(zip(signs, graph.inputs[row], strict=True)))
    return summands


def _factors(graph: Graph, top: int, term_of_row: dict[int, int], terms: Algebra) -> list[tuple[int, int]]:
    """Return the bases of a tree of products, with exponent 1 or -1."""
    factors: list[tuple[int, int]] = []
    stack = [(1, top)]
    while stack:
        exponent, row = stack.pop()
        if row in term_of_row:
            factors.append((term_of_row[row], terms.one if exponent == 1 else terms.minus_one))
            continue
        below = exponent if graph.ops[row] is mul else -exponent
        left, right = graph.inputs[row]
        stack += [(below, right), (exponent, left)]
    return factors


def _constant(value: float, terms: Algebra) -> int:
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


def _apply(terms: Algebra, op: Op, arguments: tuple[int, ...]) -> int:
    """Return the term of an op that is neither a sum nor a product."""
    if op is neg:
        return terms.multiply([(terms.minus_one, terms.one), (arguments[0], terms.one)])
    if op is power:
        return terms.power(*arguments)
    if op is sqrt:
        return terms.power(arguments[0], terms.half)
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


# ---------------------------------------------------------------- the shorter of sum and product


def shorten_sum(terms: Algebra, term: int) -> int:
    """Return the shortest form of a sum.

    The forms are the sum itself, the sum over a common denominator, and with common factors taken out. All three are
    also tried after its products are expanded.
    """
    if not isinstance(terms.nodes[term], Sum) or terms.costs[term] > LONGEST_SUM:
        return term
    forms = [term]
    for base in (term, _expand(terms, term)):
        if base is not None:
            forms += [base, _factor(terms, base, over=False), _factor(terms, base, over=True)]
    return min(forms, key=terms.costs.__getitem__)


def _factor(terms: Algebra, term: int, over: bool) -> int:
    """Return a sum as its common factor times a simpler sum. With `over` a common denominator is a factor too."""
    node = terms.nodes[term]
    if not isinstance(node, Sum):
        return term
    powers = [dict(terms.powers_of(monomial)) for monomial, _ in node.terms]
    common: list[tuple[int, int]] = []
    for base in dict.fromkeys(base for factors in powers for base in factors):
        exponents = {factors.get(base, terms.zero) for factors in powers}
        values = [terms.value(exponent) for exponent in exponents]
        if len(exponents) == 1:
            common.append((base, exponents.pop()))
        elif all(value is not None for value in values):
            least = min(value for value in values if value is not None)
            if least > 0 or (over and least < 0):
                common.append((base, terms.number(least)))
    if not common:
        return term
    factor = terms.multiply(common)
    rest = terms.add((c, terms.multiply([(m, terms.one), (factor, terms.minus_one)])) for m, c in node.terms)
    simpler = _expand(terms, rest)
    if simpler is not None and terms.costs[simpler] < terms.costs[rest]:
        rest = simpler
    return terms.multiply([(factor, terms.one), (rest, terms.one)])


def _expand(terms: Algebra, term: int) -> int | None:
    """Return the sum with its products and small powers of sums expanded, or None if it has too many terms."""
    node = terms.nodes[term]
    if not isinstance(node, Sum):
        return None
    summands: list[tuple[Exact, int]] = []
    for monomial, coefficient in node.terms:
        partial: list[tuple[Exact, int]] = [(coefficient, terms.one)]
        for base, exponent in terms.powers_of(monomial):
            inner, times = terms.nodes[base], terms.value(exponent)
            if not isinstance(inner, Sum) or times not in (1, 2, 3):
                partial = [(c, terms.multiply([(m, terms.one), (base, exponent)])) for c, m in partial]
                continue
            for _ in range(int(times)):
                if len(partial) * len(inner.terms) > MAX_TERMS:
                    return None
                partial = [
                    (c, terms.multiply([(m, terms.one), (own, terms.one), (terms.number(d), terms.one)]))
                    for c, m in partial
                    for own, d in inner.terms
                ]
        summands += partial
    return terms.add(summands)
