"""Simplify an expression for people: school functions, like terms collected, the shorter of sum and product.

A graph is read row by row into terms (`algebra.py`), sums are tried in several forms, and the result is written as a
graph (`term_writer.py`), which prints as text or LaTeX. `identities.py` lists the conditions. Nothing recurses.
Only short sums are tried in other forms, so that the time is linear in the size of a large expression.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..graph.expr import Expr, Graph, Unfolded
from ..ops import Op
from ..ops.arithmetic import add, div, mul, neg, sub
from .algebra import Algebra
from .edges import EdgeValues
from .numbers import ONE, Exact
from .operations import term_of_call, term_of_constant
from .term_writer import CONSTANT_NAMES, TermWriter
from .terms import Sum

LINE = 400  # characters. A longer result is written with bindings
LONGEST_SUM = 600  # characters. Other forms of a longer sum are not tried
MAX_TERMS = 64  # a product with more terms after expansion stays a product
_SUMS, _PRODUCTS = (add, sub), (mul, div)


def tidy(expr: Expr, variable: str | None = None) -> Expr:
    """Return a simpler expression in its own graph, for printing.

    It is equal to `expr` wherever `expr` is defined, with the exceptions that the textbook forms of helpers and
    `identities.py` state. It may be defined at more points (x/x is 1). The names pi, tau and e are the constants.

    Args:
        expr: what is simplified.
        variable: what `expr` was differentiated by. The result is then defined at its infinities too, if `expr` is.

    >>> x = Graph().variable("x")
    >>> print(tidy(x + x * x / x))
    2*x
    """
    terms = Algebra()
    if variable is not None:
        terms.edges = EdgeValues(terms, list(expr.graph.variables), variable)
    return write_term(terms, read_term(terms, expr), expr.graph)


def read_term(terms: Algebra, expr: Expr) -> int:
    """Return an expression as a term, with its sums in their shortest forms."""
    return _term(*_in_school_functions(expr), terms)


def write_term(terms: Algebra, term: int, graph: Graph) -> Expr:
    """Return a term as an expression with the variables of a graph."""
    return TermWriter(terms, [name for name in graph.variables if name not in CONSTANT_NAMES]).write(term)


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
                term_of_constant(graph.constants[row], terms) if row in graph.constants else terms.name(names[row])
            )
        elif (op in (*_SUMS, neg) and user in _SUMS) or (op in _PRODUCTS and user in _PRODUCTS):
            continue
        elif op in _SUMS:
            term_of_row[row] = shorten_sum(terms, terms.add(_summands(graph, row, term_of_row)))
        elif op in _PRODUCTS:
            term_of_row[row] = terms.multiply(_factors(graph, row, term_of_row, terms))
        else:
            term_of_row[row] = term_of_call(terms, op, tuple([term_of_row[argument] for argument in graph.inputs[row]]))
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


# ---------------------------------------------------------------- the shorter of sum and product


def shorten_sum(terms: Algebra, term: int) -> int:
    """Return the shortest form of a sum.

    The forms are the sum itself, the sum over a common denominator, and with common factors taken out. All three are
    also tried after its products are expanded. A form must be defined at the edges at which the sum is.
    """
    if not isinstance(terms.nodes[term], Sum) or terms.costs[term] > LONGEST_SUM:
        return term
    forms = [term]
    for base in (term, _expand(terms, term)):
        if base is not None:
            forms += [base, _factor(terms, base, over=False), _factor(terms, base, over=True)]
    for form in sorted(dict.fromkeys(forms), key=terms.costs.__getitem__):
        if form == term or terms.edges is None or terms.edges.covers(form, term):
            return form
        nested = _nest(terms, form)
        if terms.costs[nested] < terms.costs[term] and terms.edges.covers(nested, term):
            return nested
    return term


def _nest(terms: Algebra, term: int) -> int:
    """Return 3*x*(x - 4) + 11 for 3*x**2 - 12*x + 11, which is inf - inf at infinity."""
    node = terms.nodes[term]
    if not isinstance(node, Sum) or terms.one not in dict(node.terms):
        return term
    constant = dict(node.terms)[terms.one]
    rest = terms.sum_of({monomial: c for monomial, c in node.terms if monomial != terms.one})
    return terms.add([(ONE, _factor(terms, rest, over=False)), (constant, terms.one)])


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
    if over and isinstance(terms.nodes[rest], Sum):
        rest = min(rest, _factor(terms, rest, over), key=terms.costs.__getitem__)
    return terms.multiply([(factor, terms.one), (rest, terms.one)])


def _expand(terms: Algebra, term: int) -> int | None:
    """Return the sum with its products and small powers of sums expanded, or None if it has too many terms."""
    node = terms.nodes[term]
    return expand(terms, node.terms) if isinstance(node, Sum) else None


def expand(terms: Algebra, monomials: Iterable[tuple[int, Exact]]) -> int | None:
    """Return the sum of monomials times coefficients, expanded, or None if it has too many terms."""
    summands: list[tuple[Exact, int]] = []
    for monomial, coefficient in monomials:
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
