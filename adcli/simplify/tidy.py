"""An expression as a person would write it: school functions, like terms collected, the shorter of sum and product.

`terms.py` does the algebra and `identities.py` says where it holds. Here a graph goes in row by row, sums are tried in
a few forms, and the result comes out as a graph again, which prints as text or LaTeX. Nothing recurses, and a large
expression is only collected: what costs more than its size is done to short sums alone.
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
from ..ops.textbook import SCHOOL
from .algebra import Algebra
from .layout import CONSTANTS, Page
from .numbers import HALF, ONE, Exact, exact
from .terms import Called, Product, Sum

LINE = 400  # characters of a result that are written without bindings
LONGEST = 600  # characters of a sum whose other forms are tried
WIDEST = 64  # terms that multiplying out may give
_SUMS, _PRODUCTS = (add, sub), (mul, div)


def tidied(expr: Expr) -> Expr:
    """The same function of the reals in a graph of its own, to be printed.

    Equal wherever `expr` is defined, with the exceptions that `ops/school.py` and `identities.py` name; it may be
    defined in more points (x/x is 1). Constants named pi, tau and e are taken for what they are.

    >>> x = Graph().variable("x")
    >>> print(tidied(x + x * x / x))
    2*x
    """
    graph, row = _in_school_functions(expr)
    terms = Algebra()
    return Page(terms, [name for name in expr.graph.variables if name not in CONSTANTS]).of(_term(graph, row, terms))


def _in_school_functions(expr: Expr) -> tuple[Graph, int]:
    """The graph with every helper written out."""
    graph, new, rows = expr.graph, Unfolded(), dict[int, int]()
    names = {row: name for name, row in graph.variables.items()}
    for row in graph.live([expr.row]):
        op = graph.ops[row]
        if op is not None:
            arguments = tuple(rows[argument] for argument in graph.inputs[row])
            school = SCHOOL.get(op)
            if school is None:
                rows[row] = new.apply(op, arguments)
            else:
                result = school.rule(*[Expr(new, argument) for argument in arguments])
                rows[row] = result.row if isinstance(result, Expr) else new.constant(float(result))
        else:
            rows[row] = new.constant(graph.constants[row]) if row in graph.constants else new.variable(names[row]).row
    return new, rows[expr.row]


# ---------------------------------------------------------------- graph to terms


def _term(graph: Graph, top: int, terms: Algebra) -> int:
    """The term of a row; a sum (or product) that one other sum (or product) uses is read by that one."""
    live = graph.live([top])
    users: dict[int, list[Op]] = {row: [] for row in live}
    for row in live:
        op = graph.ops[row]
        if op is not None:
            for argument in graph.inputs[row]:
                users[argument].append(op)
    done: dict[int, int] = {}
    names = {row: name for name, row in graph.variables.items()}
    for row in live:
        op, user = graph.ops[row], users[row][0] if len(users[row]) == 1 else None
        if op is None:
            done[row] = _constant(graph.constants[row], terms) if row in graph.constants else terms.name(names[row])
        elif (op in (*_SUMS, neg) and user in _SUMS) or (op in _PRODUCTS and user in _PRODUCTS):
            continue
        elif op in _SUMS:
            done[row] = shortened(terms, terms.add(_summands(graph, row, done)))
        elif op in _PRODUCTS:
            done[row] = terms.multiply(_factors(graph, row, done, terms))
        else:
            done[row] = _apply(terms, op, tuple([done[argument] for argument in graph.inputs[row]]))
    return done[top]


def _summands(graph: Graph, top: int, done: dict[int, int]) -> list[tuple[Exact, int]]:
    """The signed terms of a tree of sums."""
    found: list[tuple[Exact, int]] = []
    stack: list[tuple[Exact, int]] = [(ONE, top)]
    while stack:
        sign, row = stack.pop()
        if row in done:
            found.append((sign, done[row]))
            continue
        op = graph.ops[row]
        signs = (-sign,) if op is neg else (sign, -sign) if op is sub else (sign, sign)
        stack += reversed(list(zip(signs, graph.inputs[row], strict=True)))
    return found


def _factors(graph: Graph, top: int, done: dict[int, int], terms: Algebra) -> list[tuple[int, int]]:
    """The bases of a tree of products, with exponent 1 or -1."""
    found: list[tuple[int, int]] = []
    stack = [(1, top)]
    while stack:
        exponent, row = stack.pop()
        if row in done:
            found.append((done[row], terms.one if exponent == 1 else terms.minus_one))
            continue
        below = exponent if graph.ops[row] is mul else -exponent
        left, right = graph.inputs[row]
        stack += [(below, right), (exponent, left)]
    return found


def _constant(value: float, terms: Algebra) -> int:
    if not isfinite(value):
        name = terms.infinite("nan" if value != value else "inf")
        return name if not value < 0 else terms.multiply([(terms.minus_one, terms.one), (name, terms.one)])
    named = {
        pi: lambda: terms.name("pi"),
        TWO_OVER_SQRT_PI: lambda: terms.multiply(
            [(terms.number(Fraction(2)), terms.one), (terms.name("pi"), terms.number(-HALF))]
        ),
        LOG2_E: lambda: terms.power(terms.call(log, (terms.number(Fraction(2)),)), terms.minus_one),
        LOG10_E: lambda: terms.power(terms.call(log, (terms.number(Fraction(10)),)), terms.minus_one),
    }.get(abs(value))
    if named is None:
        return terms.number(exact(value))
    return named() if value > 0 else terms.multiply([(terms.minus_one, terms.one), (named(), terms.one)])


def _apply(terms: Algebra, op: Op, arguments: tuple[int, ...]) -> int:
    """The term of an op that is neither a sum nor a product."""
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


def _choice(terms: Algebra, condition: int, chosen: int, otherwise: int) -> int:
    """A choice; the slope of `max`, `min` and `clip` as one writes it, which is another only where arguments tie."""
    node = terms.nodes[condition]
    without = _without_share(terms, chosen) if otherwise == terms.zero else None
    if without is None or not isinstance(node, Called):
        return terms.call(where, (condition, chosen, otherwise))
    equation = terms.nodes[node.arguments[0]] if node.op is both else node
    if not isinstance(equation, Called) or equation.op is not eq:
        return terms.call(where, (condition, chosen, otherwise))
    argument, whole = equation.arguments
    picker = terms.nodes[whole]
    if isinstance(picker, Called) and picker.op in (maximum, minimum):
        others = tuple(other for other in picker.arguments if other != argument)
        rival = terms.call(picker.op, others) if len(others) > 1 else others[0]
        if terms.value(without) is not None:
            signs = (ONE, -ONE) if picker.op is maximum else (-ONE, ONE)
            difference = terms.add(zip(signs, (argument, rival), strict=True))
            return terms.multiply([(without, terms.one), (terms.call(heaviside, (difference, terms.half)), terms.one)])
        above = terms.call(gt if picker.op is maximum else lt, (argument, rival))
        return terms.call(where, (above, without, terms.zero))
    if isinstance(picker, Called) and picker.op is clip and argument == picker.arguments[0]:
        _, low, high = picker.arguments
        inside = terms.call(both, (terms.call(lt, (low, argument)), terms.call(lt, (argument, high))))
        return terms.call(where, (inside, without, terms.zero))
    return terms.call(where, (condition, chosen, otherwise))


def _without_share(terms: Algebra, term: int) -> int | None:
    """A product without its factor `tie_share(…)`; None where it has none."""
    node = terms.nodes[term]
    factors = node.factors if isinstance(node, Product) else ((term, terms.one),)
    shares = [base for base, _ in factors if isinstance(called := terms.nodes[base], Called) and called.op is tie_share]
    if len(shares) != 1:
        return None
    return terms.multiply([(term, terms.one), (shares[0], terms.minus_one)])


# ---------------------------------------------------------------- the shorter of sum and product


def shortened(terms: Algebra, term: int) -> int:
    """The shortest of the forms of a sum: as it is, over a common denominator, with common factors taken out, both of
    these after multiplying out.
    """
    if not isinstance(terms.nodes[term], Sum) or terms.costs[term] > LONGEST:
        return term
    forms = [term]
    for base in (term, _multiplied_out(terms, term)):
        if base is not None:
            forms += [base, _factored(terms, base, over=False), _factored(terms, base, over=True)]
    return min(forms, key=terms.costs.__getitem__)


def _factored(terms: Algebra, term: int, over: bool) -> int:
    """The sum as a product of what its monomials have in common and a simpler sum; `over` a common denominator too."""
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
    simpler = _multiplied_out(terms, rest)
    if simpler is not None and terms.costs[simpler] < terms.costs[rest]:
        rest = simpler
    return terms.multiply([(factor, terms.one), (rest, terms.one)])


def _multiplied_out(terms: Algebra, term: int) -> int | None:
    """The sum with products and small whole powers of sums in it multiplied out; None where that is too much."""
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
                if len(partial) * len(inner.terms) > WIDEST:
                    return None
                partial = [
                    (c, terms.multiply([(m, terms.one), (own, terms.one), (terms.number(d), terms.one)]))
                    for c, m in partial
                    for own, d in inner.terms
                ]
        summands += partial
    return terms.add(summands)
