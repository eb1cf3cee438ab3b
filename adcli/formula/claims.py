"""Is a derivative right? A claim, and four other ways to the same number, at points of the domain.

A number is never judged by a fixed tolerance. The error that rounding can explain is computed: each operation of a
formula may be an ulp off, and its adjoint says how much that changes the result (a running error analysis; Higham,
Accuracy and Stability, section 3.3). So a correct gradient of 1e8*sin(x) passes and a twofold wrong one of 1e-9*sin(x)
fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import inf, isfinite, ulp
from typing import NamedTuple

from ..errors import DomainError, ParseError, UnknownNameError, quoted, suggest
from ..graph.derive import tangent
from ..graph.expr import Expr, Graph
from ..graph.text import number_text
from ..language.ast import Formula
from ..language.lower import lower_results, refuse_vector
from ..language.parser import parse, variable_name
from .lowered import Lowered
from .numerical import EPSILON, MARGIN, central_difference, complex_step, value_and_bound, value_at

DECISIVE = 1e-3  # points whose rounding bound exceeds this fraction of the derivative are inconclusive

_NAME = r"([^\W\d][\w\u0300-\u036f]*)"
_CLAIM = re.compile(rf"\s*d{_NAME}\s*/\s*d{_NAME}\s*=(?!=)", re.DOTALL)


class Claim(NamedTuple):
    """A hand-written partial derivative: the variable, the text as given, its formula as a node."""

    variable: str
    text: str
    node: Expr


class Evidence(NamedTuple):
    """One partial derivative at one point, computed in several ways.

    Attributes:
        at: the point.
        claimed: by the claim; None without one.
        reverse, forward: by automatic differentiation.
        differences: by central differences. `differences_error` is the estimate of their error.
        complex_step: None if the function is not analytic at the point.
        explained: the largest difference between two right values that rounding explains.
    """

    at: dict[str, float]
    claimed: float | None
    reverse: float
    forward: float
    differences: float
    differences_error: float
    complex_step: float | None
    explained: float

    @property
    def judged(self) -> float:
        """The number in question: the claim, or forward mode without a claim."""
        return self.forward if self.claimed is None else self.claimed

    @property
    def error(self) -> float:
        """The distance of the number in question from reverse mode, or inf if it is not finite."""
        return abs(self.judged - self.reverse) if isfinite(self.judged) else inf

    @property
    def ulps(self) -> float:
        """The error in units in the last place of reverse mode."""
        return self.error / ulp(self.reverse) if self.error else 0.0

    @property
    def decisive(self) -> bool:
        """Whether rounding explains so little at this point that a wrong formula would show."""
        return self.explained <= DECISIVE * max(abs(self.reverse), abs(self.judged)) or self.reverse == self.judged == 0

    def refutes(self, tolerance: float = 0.0) -> bool:
        """Return whether the number in question is farther off than rounding and a relative tolerance explain."""
        if not isfinite(self.judged):
            return True
        return self.error > max(MARGIN * self.explained, tolerance * abs(self.reverse))


class Verdict(NamedTuple):
    """The verdict on one derivative.

    Attributes:
        variable: of the derivative.
        claim: None for the derivative by reverse mode itself.
        word: ``right``, ``wrong`` or ``undecided``.
        worst: the evidence at the point that decides.
        points: how many points there were.
    """

    variable: str
    claim: Claim | None
    word: str
    worst: Evidence
    points: int


def read_claim(text: str, lowered: Lowered) -> Claim:
    """Read a claim such as ``df/dx = 2*x*cos(x**2)``. It may use the bindings of the expression.

    A result with a name is called by it or ``f``: ``dprice/dx = …``.

    Raises:
        ParseError: it is not a claim.
        UnknownNameError: it names a variable that the expression does not have.

    >>> print(read_claim("df/dx = 2*x", Lowered(parse("x**2"))).node)
    2*x
    """
    match = _CLAIM.match(text)
    names = ["f", *lowered.names]
    if match is None or variable_name(match[1]) not in names:
        hint = f'as in "d{names[-1]}/dx = 2*x"'
        raise ParseError(f"{quoted(text)} is not a claim on a first derivative", hint=hint)
    if not text[match.end() :].strip():
        raise ParseError("there is nothing after the '='", text=text, span=(match.end() - 1, match.end()))
    name = variable_name(match[2])
    known = list(lowered.variables)
    if name not in known:
        raise _unknown(name, text, match.span(2), known)
    padded = " " * match.end() + text[match.end() :]  # so that errors point into the whole claim
    claim = parse(padded)
    graph = Graph()
    for variable in known:
        graph.variable(variable)
    formula = Formula((*lowered.formula.bindings, *claim.bindings), claim.result, text)
    refuse_vector(formula)
    [node] = lower_results(formula, graph)
    for variable in graph.variables:
        if variable not in known:
            start = padded.find(variable)
            raise _unknown(variable, text, (start, start + len(variable)), known)
    return Claim(name, " ".join(text.split()), node)


def _unknown(name: str, text: str, span: tuple[int, int], known: list[str]) -> UnknownNameError:
    hint = suggest(name, known, f"the variables are {', '.join(known) or 'none'}")
    return UnknownNameError(f"there is no variable {quoted(name)}", text=text, span=span, hint=hint)


def judge(
    lowered: Lowered, claim: Claim | None, variable: str, points: Iterable[dict[str, float]], tolerance: float = 0.0
) -> Verdict:
    """Return the verdict on a claim, or on our own derivative, at the points.

    Args:
        lowered: the expression.
        claim: on its derivative by the variable; None judges automatic differentiation by itself.
        variable: to differentiate by.
        points: at which the function is smooth. See `smooth_points`.
        tolerance: a relative error to allow, for claims with rounded constants.
    """
    judge = Judge(lowered, claim, variable, tolerance)
    for point in points:
        judge.add(point)
    return judge.verdict()


class Judge:
    """Collect the evidence on a claim, point by point. The arguments are those of `judge`.

    Attributes:
        points: the number of points so far.
    """

    def __init__(self, lowered: Lowered, claim: Claim | None, variable: str, tolerance: float = 0.0) -> None:
        zero = Expr(lowered.graph, lowered.graph.constant(0.0))
        reverse = lowered.slopes([variable])[0]
        forward = tangent(lowered.scalar, {lowered.graph.variables[variable]: 1.0})
        self._reverse, self._forward = zero if reverse is None else reverse, zero if forward is None else forward
        self._lowered, self._claim, self._variable, self._tolerance = lowered, claim, variable, tolerance
        self.points = 0
        self._is_decided = False
        self._worst: Evidence | None = None
        self._refutation: Evidence | None = None

    def add(self, at: dict[str, float]) -> None:
        """Add the evidence at a point.

        Raises:
            DomainError: the function or its slope has no finite value there.
        """
        evidence = self._evidence(at)
        self.points += 1
        self._is_decided = self._is_decided or evidence.decisive
        self._worst = _worse(self._worst, evidence)
        if evidence.refutes(self._tolerance):
            self._refutation = _worse(self._refutation, evidence)

    def _evidence(self, at: dict[str, float]) -> Evidence:
        lowered = self._lowered
        reverse, reverse_bound = value_and_bound(lowered, self._reverse, at)
        if not isfinite(reverse) or not isfinite(value_at(lowered, at)):
            where = ", ".join(f"{name} = {number_text(x)}" for name, x in at.items())
            raise DomainError(f"the expression or its derivative has no finite value at {where}")
        forward, bound = value_and_bound(lowered, self._forward, at)
        claimed = None
        if self._claim is not None:
            claimed, bound = value_and_bound(lowered, self._claim.node, at)
        explained = reverse_bound + bound + EPSILON * abs(reverse)
        differences, error = central_difference(lowered, self._variable, at)
        by_complex_step = complex_step(lowered.scalar, self._variable, at)
        return Evidence(at, claimed, reverse, forward, differences, error, by_complex_step, explained)

    def verdict(self) -> Verdict:
        """Return the verdict so far. There has to be a point."""
        assert self._worst is not None
        if self._refutation is not None:
            return Verdict(self._variable, self._claim, "wrong", self._refutation, self.points)
        word = "right" if self._is_decided else "undecided"
        return Verdict(self._variable, self._claim, word, self._worst, self.points)


def _worse(one: Evidence | None, other: Evidence) -> Evidence:
    return other if one is None or _weight(other) > _weight(one) else one


def _weight(evidence: Evidence) -> float:
    """Return how far off the number is, in units of what rounding explains."""
    return evidence.error / evidence.explained if evidence.explained else inf if evidence.error else 0.0
