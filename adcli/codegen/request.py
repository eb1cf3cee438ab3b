"""The request to a target: a program, and the parts of it to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import RequestError, quoted
from ..graph.derive import gradient, tangent
from ..graph.expr import Expr
from ..graph.tape import Tape
from ..ops.support import direction
from .negations import fold_negations

PARTS = ("value", "gradient", "hessian", "jvp")


@dataclass(frozen=True)
class CodeRequest:
    """A program to write as code. `derive_request` makes it from an expression.

    Attributes:
        expression: the text of the expression, for comments.
        name: the name of the function.
        derived: the program as the rules of differentiation give it.
        program: the same program in fewer operations, equal to the bit. Its first output is the value, even if only
            derivatives are asked for, because where the value is nan all derivatives are nan.
        parts: for each part that is asked for, in the order of `PARTS`, the numbers of its values in the program. A
            Hessian is stored row by row.
        wrt: the variables of the derivatives.
        seeds: the variables that hold the tangents of `wrt`. Empty without ``jvp``.
    """

    expression: str
    name: str
    derived: Tape
    program: Tape
    parts: Mapping[str, tuple[int, ...]]
    wrt: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The arguments of the function: the variables, and after them the seeds."""
        return self.program.variables

    @property
    def value(self) -> int:
        """The number of the value in the program."""
        return self.program.outputs[0]

    def over(self, program: Tape) -> CodeRequest:
        """Return the same request for another program with the same outputs."""
        return replace(self, program=program, parts=_number_parts(program, self.parts))


def derive_request(
    result: Expr,
    expression: str,
    what: Sequence[str] = ("value", "gradient"),
    wrt: Sequence[str] | None = None,
    name: str = "f",
) -> CodeRequest:
    """Differentiate an expression and return the request to write it.

    Args:
        result: the node of the value. Its graph gets more variables: the seeds of a jvp.
        expression: the text of the expression, for comments.
        what: some of `PARTS`.
        wrt: the variables to differentiate by [default: all].
        name: the name of the function.

    Raises:
        RequestError: if a part is unknown, the program has arrays, or nothing is left to write.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> derive_request(x * x, "x*x", ["value", "jvp"]).variables
    ('x', 'dx')
    """
    for part in what:
        if part not in PARTS:
            raise RequestError(f"code has no part {quoted(part)}", hint=f"the parts are {', '.join(PARTS)}")
    names = tuple(result.graph.variables if wrt is None else wrt)
    nodes, seeds = _derive_parts(result, what, names)
    derived = Tape(result.graph, [result, *(node for part in nodes.values() for node in part)])
    if not derived.is_scalar:
        raise RequestError("code is written for expressions of numbers, and this one has vectors or matrices")
    program = fold_negations(derived)
    if not any(nodes.values()):
        hint = "ask for the value" if not program.variables else "the parts are " + ", ".join(PARTS)
        raise RequestError("there is nothing to write", hint=hint)
    return CodeRequest(expression, name, derived, program, _number_parts(program, nodes), names, seeds)


def _derive_parts(
    result: Expr, what: Sequence[str], wrt: Sequence[str]
) -> tuple[dict[str, Sequence[Expr | None]], tuple[str, ...]]:
    """Return the nodes of each part, in the order of `PARTS`, and the names of the seeds of a jvp."""
    variables = [result.graph.variable(name) for name in wrt]
    nodes: dict[str, Sequence[Expr | None]] = {"value": [result]}
    seeds: dict[str, Expr] = {}
    if "gradient" in what or "hessian" in what:
        nodes["gradient"] = slopes = gradient(result, variables)
        if "hessian" in what:
            nodes["hessian"] = _hessian(slopes, variables)
    if "jvp" in what:
        seeds = dict(_add_seed(result, name) for name in wrt)
        pairs = zip(variables, seeds.values(), strict=True)
        nodes["jvp"] = [tangent(result, {variable.row: direction(seed) for variable, seed in pairs})]
    return {part: nodes[part] for part in PARTS if part in what}, tuple(seeds)


def _number_parts(program: Tape, parts: Mapping[str, Sequence[object]]) -> dict[str, tuple[int, ...]]:
    """Distribute the outputs of a program, after the value, to parts of these lengths."""
    numbers = iter(program.outputs[1:])
    return {part: tuple(next(numbers) for _ in values) for part, values in parts.items()}


def _hessian(slopes: Sequence[Expr | None], variables: Sequence[Expr]) -> list[Expr | None]:
    """Return the gradients of the first derivatives, row by row. Entries below the diagonal are those above it."""
    count = len(variables)
    rows: list[list[Expr | None]] = []
    for position, slope in enumerate(slopes):
        above = [rows[other][position] for other in range(position)]
        rest: list[Expr | None] = [None] * (count - position)
        rows.append(above + (rest if slope is None else gradient(slope, variables[position:])))
    return [entry for row in rows for entry in row]


def _add_seed(result: Expr, name: str) -> tuple[str, Expr]:
    """Add a variable for the tangent of another: ``dx``, or with more underscores if that name is used."""
    graph = result.graph
    taken_names = {*graph.variables, *graph.labels.values()}
    seed = f"d{name}"
    while seed in taken_names:
        seed = f"{seed}_"
    return seed, graph.variable(seed)
