"""Is a derivative right? A claim, and four other ways to the same number, at points of the domain.

A number is never judged by a fixed tolerance. What rounding can explain is computed: each operation of a formula may be
an ulp off, and its adjoint says how much that moves the result (a running error analysis; Higham, Accuracy and
Stability, section 3.3). So a correct gradient of 1e8*sin(x) passes and a twofold wrong one of 1e-9*sin(x) fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import inf, isfinite, nan, ulp
from random import Random
from typing import Any, NamedTuple

from ..errors import DomainError, ParseError, UnknownNameError, quoted, suggest
from ..explain.notes import Inspection
from ..explain.passes import BackwardPass
from ..graph.derive import tangent
from ..graph.evaluate import evaluate
from ..graph.expr import Expr, Graph
from ..graph.text import number_text
from ..language.ast import Formula
from ..language.lower import lower_results, refuse_vector
from ..language.parser import parse, variable_name
from ..ops.analytic import ANALYTIC
from .lowered import Lowered

EPSILON = 2.0**-53
MARGIN = 64.0  # how many times what single roundings explain an error may be
DECISIVE = 1e-3  # of the slope: where rounding could explain more than that, a point tells nothing
TINY = 1e-20  # the complex step, relative
ATTEMPTS = 200  # random points tried for each that is wanted

_NAME = r"([^\W\d][\w\u0300-\u036f]*)"
_CLAIM = re.compile(rf"\s*d{_NAME}\s*/\s*d{_NAME}\s*=(?!=)", re.DOTALL)


class Claim(NamedTuple):
    """A hand-written partial derivative: the variable, the text as given, its formula as a node."""

    variable: str
    text: str
    node: Expr


class Evidence(NamedTuple):
    """One partial derivative at one point, found in several ways.

    Attributes:
        at: the point.
        claimed: what the claim gives; None without one.
        reverse, forward: by automatic differentiation.
        differences: by central differences, and their own estimate of their error.
        complex_step: None where the function is not analytic.
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
        """The number in question: the claim, or forward mode where there is none."""
        return self.forward if self.claimed is None else self.claimed

    @property
    def error(self) -> float:
        """The distance of the number in question from reverse mode; inf where it is none."""
        return abs(self.judged - self.reverse) if isfinite(self.judged) else inf

    @property
    def ulps(self) -> float:
        """The error in units in the last place of reverse mode."""
        return self.error / ulp(self.reverse) if self.error else 0.0

    @property
    def decisive(self) -> bool:
        """Whether rounding explains so little here that a wrong formula would show."""
        return self.explained <= DECISIVE * max(abs(self.reverse), abs(self.judged)) or self.reverse == self.judged == 0

    def refutes(self, tolerance: float = 0.0) -> bool:
        """Whether the number in question is farther off than rounding and a relative tolerance explain."""
        if not isfinite(self.judged):
            return True
        return self.error > max(MARGIN * self.explained, tolerance * abs(self.reverse))


class Verdict(NamedTuple):
    """What the evidence says of one derivative: ``right``, ``wrong`` or ``undecided``, and the point that says most."""

    variable: str
    claim: Claim | None
    word: str
    worst: Evidence
    points: int


def read_claim(text: str, lowered: Lowered) -> Claim:
    """A claim such as ``df/dx = 2*x*cos(x**2)``; the bindings of the expression are known to it.

    A result with a name is called by it or ``f``: ``dprice/dx = …``.

    Raises:
        ParseError: it is no claim.
        UnknownNameError: it names no variable of the expression.

    >>> print(read_claim("df/dx = 2*x", Lowered(parse("x**2"))).node)
    2*x
    """
    match = _CLAIM.match(text)
    names = ["f", *lowered.names]
    if match is None or variable_name(match[1]) not in names:
        hint = f'as in --claim "d{names[-1]}/dx = 2*x"'
        raise ParseError(f"{quoted(text)} is no claim on a first derivative", hint=hint)
    if not text[match.end() :].strip():
        raise ParseError("there is nothing after the '='", text=text, span=(match.end() - 1, match.end()))
    name = variable_name(match[2])
    known = list(lowered.variables)
    if name not in known:
        raise _unknown(name, text, match.span(2), known)
    padded = " " * match.end() + text[match.end() :]  # so that errors point into the claim as it was given
    claim = parse(padded)
    graph = Graph()
    for variable in known:
        graph.variable(variable)
    formula = Formula((*lowered.formula.bindings, *claim.bindings), claim.result, text)
    refuse_vector(formula)
    [node] = lower_results(formula, graph)
    for variable in graph.variables:
        if variable not in known:
            place = padded.find(variable)
            raise _unknown(variable, text, (place, place + len(variable)), known)
    return Claim(name, " ".join(text.split()), node)


def _unknown(name: str, text: str, span: tuple[int, int], known: list[str]) -> UnknownNameError:
    hint = suggest(name, known, f"the variables are {', '.join(known) or 'none'}")
    return UnknownNameError(f"there is no variable {quoted(name)}", text=text, span=span, hint=hint)


def judge(
    lowered: Lowered, claim: Claim | None, variable: str, points: Iterable[dict[str, float]], tolerance: float = 0.0
) -> Verdict:
    """Weigh a claim, or our own derivative, at the points.

    Args:
        lowered: the expression.
        claim: on its derivative by the variable; None judges automatic differentiation by itself.
        variable: to differentiate by.
        points: at which the function is smooth; see `smooth_points`.
        tolerance: a relative error that is forgiven, for claims with rounded constants.
    """
    found = Judge(lowered, claim, variable, tolerance)
    for point in points:
        found.look(point)
    return found.verdict()


class Judge:
    """Weighs a claim at one point after another; arguments as in `judge`.

    Attributes:
        points: how many it has looked at.
    """

    def __init__(self, lowered: Lowered, claim: Claim | None, variable: str, tolerance: float = 0.0) -> None:
        nothing = Expr(lowered.graph, lowered.graph.constant(0.0))
        slope = lowered.slopes([variable])[0]
        pushed = tangent(lowered.scalar, {lowered.graph.variables[variable]: 1.0})
        self._slope, self._pushed = nothing if slope is None else slope, nothing if pushed is None else pushed
        self._lowered, self._claim, self._variable, self._tolerance = lowered, claim, variable, tolerance
        self.points = 0
        self._decisive = False
        self._worst: Evidence | None = None
        self._against: Evidence | None = None

    def look(self, at: dict[str, float]) -> None:
        """Weigh it at a point.

        Raises:
            DomainError: the function or its slope has no finite value there.
        """
        found = _evidence(self._lowered, self._claim, self._variable, self._slope, self._pushed, at)
        self.points += 1
        self._decisive = self._decisive or found.decisive
        self._worst = _worse(self._worst, found)
        if found.refutes(self._tolerance):
            self._against = _worse(self._against, found)

    def verdict(self) -> Verdict:
        """What the points say so far; there has to be one."""
        assert self._worst is not None
        if self._against is not None:
            return Verdict(self._variable, self._claim, "wrong", self._against, self.points)
        word = "right" if self._decisive else "undecided"
        return Verdict(self._variable, self._claim, word, self._worst, self.points)


def _worse(one: Evidence | None, other: Evidence) -> Evidence:
    return other if one is None or _weight(other) > _weight(one) else one


def _weight(evidence: Evidence) -> float:
    """How far off the number is, in units of what rounding explains."""
    return evidence.error / evidence.explained if evidence.explained else inf if evidence.error else 0.0


def _evidence(
    lowered: Lowered, claim: Claim | None, variable: str, slope: Expr, pushed: Expr, at: dict[str, float]
) -> Evidence:
    reverse, reverse_bound = value_and_bound(lowered, slope, at)
    if not isfinite(reverse) or not isfinite(_value(lowered, at)):
        where = ", ".join(f"{name} = {number_text(x)}" for name, x in at.items())
        raise DomainError(f"the expression or its derivative has no finite value at {where}")
    forward, forward_bound = value_and_bound(lowered, pushed, at)
    claimed, claim_bound = (None, forward_bound) if claim is None else value_and_bound(lowered, claim.node, at)
    explained = reverse_bound + claim_bound + EPSILON * abs(reverse)
    by_differences, error = central_difference(lowered, variable, at)
    stepped = complex_step(lowered.scalar, variable, at)
    return Evidence(at, claimed, reverse, forward, by_differences, error, stepped, explained)


def value_and_bound(lowered: Lowered, node: Expr, at: Mapping[str, float]) -> tuple[float, float]:
    """A node's value, and how far off it may be if every operation it is made of is off by half an ulp."""
    values = evaluate(node.graph, [node.row], at)
    adjoints = BackwardPass(node.graph, node.row, values, node.graph.variables.values()).adjoints
    ops = node.graph.ops
    moved = sum(abs(adjoint * values[row]) for row, adjoint in adjoints.items() if ops[row] is not None)
    return values[node.row], EPSILON * moved if moved == moved else inf


def smooth_points(lowered: Lowered, fixed: Mapping[str, float], count: int, seed: int) -> list[dict[str, float]]:
    """Random points at which the function and its slopes are finite and no convention is used.

    Args:
        lowered: the expression.
        fixed: values that are given; the other variables are drawn, at several scales and of both signs.
        count: how many points are wanted; all that are found, if fewer.
        seed: of the random numbers.

    Raises:
        DomainError: there is none among many.
    """
    random, found = Random(seed), []
    slopes = lowered.slopes()
    rows = [lowered.scalar.row, *(slope.row for slope in slopes if slope is not None)]
    for attempt in range(ATTEMPTS * count):
        low = 0.0 if attempt % 2 else -1.0
        scale = random.choice((1.0, 1.0, 3.0, 10.0, 0.1, 100.0))
        point = {name: fixed.get(name, scale * random.uniform(low, 1.0)) for name in lowered.variables}
        values = evaluate(lowered.graph, rows, point)
        numbers = [values[row] for row in rows]
        if not all(map(isfinite, numbers)) or not all(abs(x) < 1e150 for x in numbers):
            continue
        named = dict.fromkeys(lowered.variables, 0.0)
        if Inspection(lowered.formula.text, lowered.scalar, values, lowered.variables).notes(named):
            continue
        found.append(point)
        if len(found) == count:
            break
    if not found:
        raise DomainError("no point was found at which the expression is smooth", hint="give values: --x …")
    return found


def central_difference(lowered: Lowered, variable: str, at: dict[str, float]) -> tuple[float, float]:
    """The slope by (f(x + h) - f(x - h))/2h and an estimate of its error, at the step where that is least.

    What cutting off costs is seen by halving the step, what rounding costs from the function's own error bound.

    >>> slope, error = central_difference(Lowered(parse("exp(x)")), "x", {"x": 0.0})
    >>> abs(slope - 1.0) < 1e-9 and error < 1e-8
    True
    """
    _, bound = value_and_bound(lowered, lowered.scalar, at)
    x = at[variable]
    best, least, before = nan, inf, nan
    for halvings in range(3, 30):
        h = (abs(x) or 1.0) * 2.0**-halvings
        above, below = x + h, x - h
        ends = [_value(lowered, at | {variable: end}) for end in (above, below)]
        slope = (ends[0] - ends[1]) / (above - below)
        error = abs(slope - before) / 3.0 + (bound + EPSILON * (abs(ends[0]) + abs(ends[1]))) / h
        if error < least:
            best, least = slope, error
        before = slope
    return best, least


def _value(lowered: Lowered, at: Mapping[str, float]) -> float:
    row = lowered.scalar.row
    value: float = evaluate(lowered.graph, [row], at)[row]
    return value


def complex_step(node: Expr, variable: str, at: Mapping[str, float]) -> float | None:
    """The slope by one evaluation at x + ih; None where an operation on the way is not analytic there.

    >>> complex_step(Lowered(parse("x**3")).scalar, "x", {"x": 2.0})
    12.0
    """
    graph = node.graph
    names = {row: name for name, row in graph.variables.items()}
    h = TINY * (abs(at[variable]) or 1.0)
    values: dict[int, Any] = {}
    try:
        for row in graph.live([node.row]):
            op = graph.ops[row]
            if op is None:
                real = graph.constants[row] if row in graph.constants else at[names[row]]
                values[row] = complex(real, h if names.get(row) == variable else 0.0)
            elif op not in ANALYTIC:
                return None
            else:
                values[row] = ANALYTIC[op](*[values[i] for i in graph.inputs[row]])
    except (ValueError, ArithmeticError):
        return None
    slope: float = values[node.row].imag / h
    return slope
