"""Claims on derivatives, as a person writes them: ``d2f/dxdy = 2*x``. Verdicts on them are in `verdicts`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import normalize

from ..errors import ParseError, ShapeError, UnknownNameError, quoted, suggest
from ..graph.expr import Expr, Graph
from ..language.ast import Definition, Formula, node_text
from ..language.lower import is_vector, lower_results
from ..language.parser import parse
from ..ops.operands import Shape
from ..ops.shapes import shape_text
from .labels import derivative_label
from .lowered import Lowered
from .partials import Derivative, elements_of

HIGHEST_ORDER = 9

_HEAD = re.compile(r"\s*[d∂][^=/]*/[^=]*=(?!=)")
_PRIMES = re.compile(r"\s*(\w+?)\s*('{1,9})\s*(?:\(\s*(\w+)\s*\)\s*)?=(?!=)")
_SIGNS = re.compile(r"\*\*|[\^*·()\s]")  # of powers and products in a head: d^2f/(dx dy) is d2f/dxdy
_ABOVE = re.compile(r"d(\d{0,9})([^\W\d]\w*)")


class Claim(NamedTuple):
    """A hand-written derivative.

    Attributes:
        derivative: the one that is meant.
        text: as given.
        elements: its formula, a node that is a number for each element of the derivative.
    """

    derivative: Derivative
    text: str
    elements: list[Expr]


def read_claim(text: str, lowered: Lowered) -> Claim:
    """Read a claim such as ``df/dx = 2*x*cos(x**2)``. It may use the bindings of the expression.

    A result with a name is called by it or ``f``: ``dprice/dx = …``. Those of a vector are ``f1``, ``f2``, or ``f`` all
    together. A ``y`` that has no other meaning is ``f``. Orders stand as in ``d2f/dx2``, ``d^2f/(dx dy)`` or
    ``d2f/dx/dy``. In one variable ``f' = …``, ``f''(x) = …`` and the formula of the first derivative alone are claims.

    Raises:
        ParseError: it is not a claim.
        UnknownNameError: it names a variable that the expression does not have.
        ShapeError: it does not have the shape of the derivative.

    >>> print(*read_claim("d2f/dxdy = 2*x", Lowered(parse("x**2*y"))).elements)
    2*x
    """
    head, primes = _HEAD.match(text), _PRIMES.match(text)
    whole = None if lowered.is_vector else 0
    if head is not None:
        derivative, start = _read_head(text, head.end() - 1, lowered), head.end()
    elif primes is not None:
        if not _means_result(primes[1], primes[3], lowered):
            raise _no_claim(text, lowered)
        result = _find_result(primes[1], lowered, text)
        derivative, start = Derivative(result, lowered.variables * len(primes[2])), primes.end()
    elif len(lowered.variables) == 1:
        derivative, start = Derivative(whole, lowered.variables), 0
    else:
        raise _no_claim(text, lowered)
    if start and not text[start:].strip():
        raise ParseError("there is nothing after the '='", text=text, span=(start - 1, start))
    shape = derivative.shape(lowered)
    elements, found = _read_formula(text, start, lowered)
    if found != shape:
        sides = [f"has the shape {shape_text(each)}" if each else "is a number" for each in (found, shape)]
        raise ShapeError(f"the claim {quoted(text)} {sides[0]}, and {derivative.label(lowered)} {sides[1]}")
    return Claim(derivative, " ".join(text.split()), elements)


def _no_claim(text: str, lowered: Lowered) -> ParseError:
    of, name = lowered.names[-1], lowered.variables[0] if lowered.variables else "x"
    hint = f'write it as in "d{of}/d{name} = …" or "d2{of}/d{name}2 = …"'
    return ParseError(f"{quoted(text)} is not a claim on a derivative", hint=hint)


def _means_result(name: str, argument: str | None, lowered: Lowered) -> bool:
    """Return whether ``name'(argument)`` is the derivative of the result by the only variable.

    A function that the expression defines is the result only if the result is its value at the variable.
    """
    if len(lowered.variables) != 1 or argument not in (None, *lowered.variables):
        return False
    is_defined = any(name == each.name for each in lowered.formula.statements if isinstance(each, Definition))
    return not is_defined or node_text(lowered.formula.result) == f"{name}({lowered.variables[0]})"


def _find_result(name: str, lowered: Lowered, text: str) -> int | None:
    """Return the index of a result by its name; None for all results of a vector."""
    if name in lowered.names:
        return lowered.names.index(name)
    if name == "f" or (name == "y" and name not in _names(lowered)):
        return None if lowered.is_vector else 0
    raise _no_claim(text, lowered)


def _names(lowered: Lowered) -> list[str]:
    return [*lowered.variables, *[each.name for each in lowered.formula.statements]]


def _read_head(text: str, equals: int, lowered: Lowered) -> Derivative:
    """Read what stands before the '='."""
    # NFKC makes a superscript a digit. It also is the normal form of names.
    head = normalize("NFKC", _SIGNS.sub("", text[:equals].replace("∂", "d")))
    above, _, below = head.partition("/")
    match = _ABOVE.fullmatch(above)
    if match is None:
        raise _no_claim(text, lowered)
    result, order = _find_result(match[2], lowered, text), int(match[1] or 1) if len(match[1]) < 3 else 0
    if not 1 <= order <= HIGHEST_ORDER:
        raise ParseError(f"the order of {quoted(head)} is not from 1 to {HIGHEST_ORDER}")
    below = below.replace("/", "")
    names = _read_names(below, order, lowered.variables)
    if names is not None:
        return Derivative(result, names)
    name = below[1:]
    if re.fullmatch(r"[^\W\d]\w*?", name) and order == 1:
        start = max(text.find(name, text.index("/")), 0)
        raise _unknown(name, text, (start, start + len(name)), lowered.variables)
    problem = f"{quoted(head)} is not a derivative of order {order}"
    hint = f"the variables are {', '.join(lowered.variables) or 'none'}, as in {_example(order, lowered)}"
    raise ParseError(problem, hint=hint)


def _example(order: int, lowered: Lowered) -> str:
    names = [lowered.variables[0]] * order if lowered.variables else ["x"] * order
    return derivative_label(names, lowered.names[-1])


def _read_names(below: str, order: int, known: Sequence[str]) -> tuple[str, ...] | None:
    """Return the variables of ``dx2dy`` so that there are as many as the order says, or None.

    >>> _read_names("dx2dy", 3, ["x", "y"]), _read_names("dx2", 1, ["x", "x2"])
    (('x', 'x', 'y'), ('x2',))
    """
    pending: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    while pending:
        place, names = pending.pop()
        if place == len(below):
            if len(names) == order:
                return names
            continue
        if below[place] != "d":
            continue
        for name in known:
            match = re.compile(rf"{re.escape(name)}(\d?)(?=d|$)").match(below, place + 1)
            power = int(match[1] or 1) if match else 0
            if match and power and len(names) + power <= order:
                pending.append((match.end(), names + (name,) * power))
    return None


def _read_formula(text: str, start: int, lowered: Lowered) -> tuple[list[Expr], Shape]:
    """Return the elements of the formula that begins at a place of a claim, and their shape."""
    padded = " " * start + text[start:]  # so that errors point into the whole claim
    known = lowered.variables
    try:
        claim = parse(padded)
    except ParseError as error:
        raise error.at(text, error.span) from None
    formula = Formula((*lowered.formula.statements, *claim.statements), claim.result, text)
    graph = Graph()
    for variable in known:
        graph.variable(variable, lowered.shapes.get(variable, ()))
    try:
        results = lower_results(formula, graph, None if lowered.is_numeric else lowered.shapes)
    except ShapeError:
        if not lowered.is_numeric:
            raise
        graph = Graph()  # a vector of numbers may be claimed by an operation on arrays
        for variable in known:
            graph.variable(variable)
        results = lower_results(formula, graph, {})
    for variable in graph.variables:
        if variable not in known:
            place = max(padded.find(variable), 0)
            raise _unknown(variable, text, (place, place + len(variable)), known)
    if is_vector(formula.result) and not results[0].shape:
        return results, (len(results),)
    return [element for _, element in elements_of(results[0])], results[0].shape


def _unknown(name: str, text: str, span: tuple[int, int], known: Sequence[str]) -> UnknownNameError:
    hint = suggest(name, known, f"the variables are {', '.join(known) or 'none'}")
    return UnknownNameError(f"there is no variable {quoted(name)}", text=text, span=span, hint=hint)
