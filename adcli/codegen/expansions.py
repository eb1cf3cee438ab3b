"""Write operations with other operations, for targets that lack them: SQL and JAX.

An operation is expanded to the textbook form of its entry. Here are the few whose textbook form would lose digits, or
is undefined where the operation is not. Expanded code keeps fewer digits than the kernels.
"""

from __future__ import annotations

from collections.abc import Collection
from math import factorial, nan

from ..errors import RequestError
from ..graph.expr import Expr, Graph
from ..graph.tape import Tape
from ..ops import TABLE, Carrier, Op, constant
from ..ops.arithmetic import absolute, both, eq, ge, gt, lt, maximum, minimum, power, where
from ..ops.elementary import cos, exp, hypot, log, sin, sqrt
from ..ops.operands import Operand, Rule, Shape, shape_of
from ..ops.special import lgamma


def _cbrt_derivative(n: Operand, x: Operand) -> Operand:
    """Return a number divided by cbrt(x)**2 x**(n - 1), which is infinite at 0."""
    order, root = int(constant(n) or 0), TABLE["cbrt"](x)
    if order == 0:
        return root
    factor, below = 1.0, root * root
    for i in range(order):
        factor *= (1.0 - 3.0 * i) / 3.0
        below = below * x if i else below
    return factor / below


def _gaussian_derivative(n: Operand, x: Operand) -> Operand:
    before, hermite = 0.0 * x, 1.0 + 0.0 * x
    order = int(constant(n) or 0)
    for i in range(order):
        before, hermite = hermite, 2.0 * x * hermite - 2.0 * i * before
    return (-1.0) ** order * hermite * exp(-(x**2.0))


def _sinc_derivative(n: Operand, x: Operand) -> Operand:
    """Return s_n by the recurrence x s_n + n s_(n-1) = sin^(n)(x) where x is large, else by Taylor's series."""
    order = int(constant(n) or 0)
    waves = [sin(x), cos(x), -sin(x), -cos(x)]
    far = waves[0] / x
    for i in range(1, order + 1):
        far = (waves[i % 4] - i * far) / x
    near: Operand = 0.0
    first = (order + 1) // 2
    for k in reversed(range(first, first + 14)):
        coefficient = (-1.0) ** k / ((2 * k + 1) * factorial(2 * k - order))
        near = near * (x * x) + coefficient
    return where(lt(absolute(x), 2.0 + order), near * x if order % 2 else near, far)


def _power_derivative(x: Operand, y: Operand, k: Operand, m: Operand) -> Operand:
    """Return x**(y - k) P(log x), P by the recurrence of the kernel, and 0 at 0 where the power vanishes there."""
    order, degree = int(constant(k) or 0), int(constant(m) or 0)
    terms: list[Operand] = [None] * degree + [1.0, None]
    for i in range(order):
        shifted = [None if term is None else (y - float(i)) * term for term in terms]
        differentiated = [None if term is None else position * term for position, term in enumerate(terms)][1:]
        terms = [*(_sum(*pair) for pair in zip(shifted, differentiated, strict=False)), None]
    d = y - float(order)
    if degree == 0:
        return where(eq(terms[0], 0.0), 0.0, terms[0] * power(x, d))
    total: Operand = None
    for term in reversed(terms[: degree + 1]):
        total = term if total is None else _sum(total * log(x), term)
    result = where(both(eq(x, 0.0), lt(d, 0.0)), nan, total * power(x, d))
    return where(both(eq(x, 0.0), gt(d, 0.0) if order else ge(d, 0.0)), 0.0, result)


def _sum(one: Operand, other: Operand) -> Operand:
    return other if one is None else one if other is None else one + other


def _pairwise(op: Op) -> Rule:
    """Return a rule that writes a variadic operation as a chain of those of two arguments, which targets have."""

    def chain(first: Operand, *others: Operand) -> Operand:
        for other in others:
            first = (
                first.append(op, (first, other)) if isinstance(first, Expansion) else other.append(op, (first, other))
            )
        return first

    return chain


CAREFUL_FORMS: dict[str, Rule] = {
    "power_derivative": _power_derivative,
    "min": _pairwise(minimum),
    "max": _pairwise(maximum),
    "cbrt_derivative": _cbrt_derivative,
    "difference": lambda x, y: where(eq(x, y), 0.0, x - y),
    "semicircle": lambda x: sqrt((1.0 - x) * (1.0 + x)),
    "direction": lambda x, y: where(both(eq(x, 0.0), eq(y, 0.0)), 0.0, x / hypot(x, y)),
    "sinc_derivative": _sinc_derivative,
    "gaussian_derivative": _gaussian_derivative,
    "binomial": lambda n, k: exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0)),
}
"""Forms used instead of textbook forms. They may use operations that have a textbook form."""


PAIRWISE = ("min", "max")  # that are written with two arguments, also where the target has them


def find_definition(op: Op) -> Rule | None:
    """Return the rule that writes an operation with others, or None."""
    if op.is_elementwise:
        return CAREFUL_FORMS.get(op.name, op.textbook)
    from .array_forms import ARRAY_FORMS

    return ARRAY_FORMS.get(op.name)


class Expansion(Carrier):
    """A node of the new graph. An operation that the target lacks is replaced by its definition."""

    __slots__ = ("available", "expr")

    def __init__(self, expr: Expr, available: Collection[str]) -> None:
        self.expr = expr
        self.available = available

    @property
    def constant(self) -> float | None:
        """The number, if the node is a constant."""
        return self.expr.constant

    @property
    def shape(self) -> Shape:  # type: ignore[override]
        """The shape of the array, () for a number."""
        return self.expr.shape

    def apply_op(self, op: Op, arguments: tuple[Operand, ...]) -> Operand:
        """Append the operation, or its definition."""
        rule = None if op.name in self.available and op.name not in PAIRWISE else find_definition(op)
        if rule is not None:
            return self._lift(rule(*arguments, **op.parameters))
        condition = constant(arguments[0]) if op is where and not any(map(shape_of, arguments)) else None
        if condition is not None:  # of a definition with numbers in it. No target has numbers for conditions
            return self._lift(arguments[1 if condition else 2])
        return self.append(op, arguments)

    def _lift(self, result: Operand) -> Operand:
        """Return a result as a node of the graph."""
        graph = self.expr.graph
        return result if isinstance(result, Expansion) else Expansion(Expr(graph, graph.array(result)), self.available)

    def append(self, op: Op, arguments: tuple[Operand, ...]) -> Expansion:
        """Append the operation itself."""
        plain = [argument.expr if isinstance(argument, Expansion) else argument for argument in arguments]
        return Expansion(self.expr.apply_op(op, tuple(plain)), self.available)


def expand(program: Tape, available: Collection[str], title: str = "the target") -> Tape:
    """Return the program in operations that a target of this title has.

    Raises:
        RequestError: if an operation, or one in its definition, is not available and has no definition.

    >>> from adcli.ops.elementary import sec
    >>> x = Graph().variable("x")
    >>> [each.op.name for each in expand(Tape(x.graph, [sec(x)]), {"cos", "div"}, "AWK").instructions]
    ['cos', 'div']
    """
    graph = Graph()
    pairs = zip(program.variables, program.shapes, strict=True)
    values: list[Operand] = [Expansion(graph.variable(name, shape), available) for name, shape in pairs]
    values += [Expansion(Expr(graph, graph.array(value)), available) for value in program.constants]
    for op, out, inputs in program.instructions:
        first = len(graph)
        result = values[inputs[0]].apply_op(op, tuple(values[value] for value in inputs))
        if any(_is_missing(graph.ops[row], available) for row in range(first, len(graph))):
            raise RequestError(f"{title} has no {op.name}", hint="another target may have it")
        values.append(result)
        if out in program.labels and graph.ops[result.expr.row] is not None:
            graph.labels.setdefault(result.expr.row, program.labels[out])
    return Tape(graph, [values[value].expr for value in program.outputs])


def _is_missing(op: Op | None, available: Collection[str]) -> bool:
    return op is not None and op.name not in available and (op.name in PAIRWISE or find_definition(op) is None)
