"""Is a derivative right? A claim, and four other ways to the same number, at points of the domain.

A number is never judged by a fixed tolerance. The error that rounding can explain is computed: each operation of a
formula may be an ulp off, and its adjoint says how much that changes the result (a running error analysis; Higham,
Accuracy and Stability, section 3.3). So a correct gradient of 1e8*sin(x) passes and a twofold wrong one of 1e-9*sin(x)
fails. Points decide nothing at which the derivative does not exist, or is lost in rounding or underflow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf, isfinite, prod, ulp
from typing import NamedTuple

from ..errors import DomainError, RequestError, short
from ..explain.notes import Inspection
from ..explain.passes import ignore_warnings
from ..graph.evaluate import evaluate
from ..graph.expr import Expr
from ..graph.text import number_text
from ..ops.operands import Array, Numeric, Operand, shape_of
from .claims import Claim
from .lowered import Lowered
from .numerical import EPSILON, MARGIN, Bound, central_difference, complex_step, error_bound, may_jump, roughness
from .partials import Derivative, Element, derive_elements, forward_node

DECISIVE = 1e-3  # points at which a relative error of this size would be allowed are inconclusive

Point = Mapping[str, Numeric]


class Evidence(NamedTuple):
    """One element of a derivative at one point, computed in several ways.

    Attributes:
        at: the point.
        element: its index; () if the derivative is a number.
        judged: the number in question: the claim, or forward mode without a claim.
        reverse: by reverse mode.
        bound: the largest difference between two right values that rounding and underflow explain.
        cause: why the number in question is not finite.
    """

    at: Point
    element: tuple[int, ...]
    judged: float
    reverse: float
    bound: Bound
    cause: str | None = None

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
        """Whether so little is allowed for rounding at this point that a wrong formula would show."""
        if not isfinite(self.judged):
            return False
        if self.reverse == self.judged == 0.0:
            return self.bound.underflow == 0.0
        return MARGIN * self.bound.total <= DECISIVE * max(abs(self.reverse), abs(self.judged))

    def refutes(self, tolerance: float = 0.0) -> bool:
        """Return whether the number in question is farther off than rounding and a relative tolerance explain."""
        if not isfinite(self.judged):
            return False
        return self.error > max(MARGIN * self.bound.total, tolerance * abs(self.reverse))

    @property
    def weight(self) -> float:
        """How far off the number is, in units of what rounding explains."""
        if not self.error < inf:
            return inf
        return self.error / self.bound.total if self.bound.total else inf if self.error else 0.0


class Verdict(NamedTuple):
    """The verdict on one derivative.

    Attributes:
        derivative: which one.
        claim: None for the derivative by reverse mode itself.
        word: ``right``, ``wrong`` or ``undecided``.
        worst: the evidence at the point that decides.
        ways: the other ways to the number there, by name, of those that apply. `differences_error` is an estimate.
        points: how many points there were.
        left_out: how many more had no derivative, with the first reason.
    """

    derivative: Derivative
    claim: Claim | None
    word: str
    worst: Evidence
    ways: dict[str, float]
    points: int
    left_out: tuple[int, str]


def judge(
    lowered: Lowered, derivative: Derivative, claim: Claim | None, points: Iterable[Point], tolerance: float = 0.0
) -> Verdict:
    """Return the verdict on a claim, or on our own derivative, at the points. See `Judge`.

    Raises:
        DomainError: there is no point at which the derivative exists.
    """
    judge = Judge(lowered, derivative, claim, tolerance)
    for point in points:
        judge.add(point)
    return judge.verdict()


class Judge:
    """Collect the evidence on a claim, point by point.

    Args:
        lowered: the expression.
        derivative: which of its derivatives.
        claim: on it; None judges automatic differentiation by itself, forward against reverse mode.
        tolerance: a relative error to allow, for claims with rounded constants.

    Attributes:
        points: the number of points so far at which the derivative exists.
        left_out: the number of the others.
    """

    def __init__(
        self, lowered: Lowered, derivative: Derivative, claim: Claim | None = None, tolerance: float = 0.0
    ) -> None:
        if not prod(derivative.shape(lowered)):
            raise RequestError(f"{derivative.label(lowered)} has no elements")
        self.derivative = derivative
        self._lowered, self._claim, self._tolerance = lowered, claim, tolerance
        self._elements = derive_elements(lowered, derivative)
        self._judged = claim.elements if claim else [forward_node(lowered, element) for element in self._elements]
        self.points = self.left_out = 0
        self._reason = ""
        self._undecided: dict[int, Evidence | None] = dict.fromkeys(range(len(self._elements)))
        self._undefined = 0  # points at which the claim is outside its domain
        self._worst: Evidence | None = None
        self._refutation: Evidence | None = None

    def add(self, at: Point) -> None:
        """Add the evidence at a point. If the derivative does not exist there, leave it out."""
        values = self._values(self._lowered, [element.node for element in self._elements], at)
        reason = self._reason_against(at, values)
        if reason is not None:
            self._reason = self._reason or reason
            self.left_out += 1
            return
        self.points += 1
        others = self._values(self._lowered, self._judged, at)
        bad = 0
        for number, (element, node) in enumerate(zip(self._elements, self._judged, strict=True)):
            evidence = self._evidence(at, element, values, node, others)
            bad = bad or evidence.cause == "domain"
            if evidence.decisive:
                self._undecided.pop(number, None)
            elif number in self._undecided:
                self._undecided[number] = evidence
            self._worst = _worse(self._worst, evidence)
            if evidence.refutes(self._tolerance):
                self._refutation = _worse(self._refutation, evidence)
        self._undefined += bad

    def _values(self, lowered: Lowered, nodes: Sequence[Expr], at: Point) -> list[Operand]:
        """Return the values of the rows of a graph below the nodes, and below the results if it has them."""
        graph = nodes[0].graph
        rows = [node.row for node in nodes]
        if graph is lowered.graph:
            rows += [node.row for node in lowered.results]
        with ignore_warnings(graph):
            return evaluate(graph, rows, at, lowered.formula.text if graph is lowered.graph else None)

    def _evidence(
        self, at: Point, element: Element, values: Sequence[Operand], node: Expr, others: Sequence[Operand]
    ) -> Evidence:
        reverse, judged = float(values[element.node.row]), float(others[node.row])
        bounds = [
            error_bound(element.node.graph, element.node.row, values),
            error_bound(node.graph, node.row, others),
        ]
        if may_jump(element.node.graph, element.node.row, values) or may_jump(node.graph, node.row, others):
            bounds[0] = Bound(inf, inf)
        rounding = bounds[0].rounding + bounds[1].rounding + EPSILON * abs(reverse)
        bound = Bound(rounding, bounds[0].underflow + bounds[1].underflow)
        cause = None if isfinite(judged) else self._cause(node, others)
        return Evidence(at, element.place, judged, reverse, bound, cause)

    def _cause(self, node: Expr, values: Sequence[Operand]) -> str:
        """Return the kind of note on a claim that is not finite."""
        inspection = Inspection(self._claim.text if self._claim else "", node, values, ())
        return next((note.kind for note in inspection.notes(None)), "overflow")

    def _reason_against(self, at: Point, values: Sequence[Operand]) -> str | None:
        """Return why the derivative does not exist at a point, or why it is not known."""
        where = describe_point(at)
        numbers = [*at.values(), *[values[element.node.row] for element in self._elements]]
        results = (
            self._lowered.results if self.derivative.result is None else [self._lowered.results[self.derivative.result]]
        )
        numbers += [values[result.row] for result in results]
        if not all(map(_is_finite, numbers)):
            return f"the expression or its derivative has no finite value at {where}"
        names = list(dict.fromkeys(self.derivative.names))
        for result in results:
            inspection = Inspection(self._lowered.formula.text, result, values, names)
            rough = roughness(inspection, names)
            if rough is not None:
                return f"the expression has no derivative at {where}: {rough}"
        return None

    def verdict(self) -> Verdict:
        """Return the verdict so far.

        Raises:
            DomainError: there is no point at which the derivative exists.
        """
        if self._worst is None:
            raise DomainError(self._reason or "there are no points")
        word, worst = "right", self._refutation or self._worst
        if self._refutation is not None or self._undefined == self.points:
            word = "wrong"
        elif not isfinite(worst.judged):
            word = "undecided"
        elif self._undecided:
            word, worst = "undecided", next(iter(self._undecided.values())) or worst
        left_out = self.left_out, self._reason
        return Verdict(self.derivative, self._claim, word, worst, self._ways(worst), self.points, left_out)

    def _ways(self, evidence: Evidence) -> dict[str, float]:
        """Return the number by the ways that apply at this point."""
        element = next(each for each in self._elements if each.place == evidence.element)
        node, (name, index) = forward_node(self._lowered, element), element.path[-1]
        ways = {} if self._claim is None else {"claim": evidence.judged}
        ways["reverse"] = evidence.reverse
        ways["forward"] = float(self._values(self._lowered, [node], evidence.at)[node.row])
        by_complex_step = complex_step(element.below, name, evidence.at)
        if by_complex_step is not None:
            ways["complex_step"] = by_complex_step
        differences = central_difference(element.below, name, evidence.at, index)
        if differences is not None:
            ways["differences"], ways["differences_error"] = differences
        return ways


def describe_point(at: Point) -> str:
    """Return a point as messages show it."""
    return ", ".join(f"{name} = {number_text(x) if isinstance(x, float) else _array_text(x)}" for name, x in at.items())


def _array_text(x: Array) -> str:
    return short(str(x.tolist()))


def _is_finite(x: Operand) -> bool:
    return bool((abs(x) < inf).all()) if shape_of(x) else bool(abs(x) < inf)


def _worse(one: Evidence | None, other: Evidence) -> Evidence:
    return other if one is None or other.weight > one.weight else one
