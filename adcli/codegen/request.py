"""What is to be written: an expression, which of its derivatives, and the program that computes them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from ..errors import RequestError, quoted
from ..graph.derive import gradient, tangent
from ..graph.expr import Expr
from ..graph.tape import Tape
from .negations import saved

PARTS = ("value", "gradient", "hessian", "jvp")


class Request:
    """A program to be written as code, and what its outputs are.

    Args:
        result: the node of the value, in a graph of its own: seeds of tangents become variables of it.
        expression: the text the result came from, for comments.
        what: some of `PARTS`.
        wrt: the variables to differentiate by; all of them where it is None.
        name: of the function that is made.

    Raises:
        RequestError: an unknown part, or nothing but derivatives of an expression without variables.

    Attributes:
        derived: the program as it comes from the rules.
        program: the same in fewer operations and to the same bits. Its first output is the value, whether it is asked
            for or not: where it is nan, all slopes are.
        parts: per part of `what`, in the order of `PARTS`, the numbers of its values in the program; of the Hessian
            row by row.
        variables: the inputs of the function: the variables, and after them the seeds.
        seeds: the variables that hold the tangents of the `wrt`; empty without ``jvp``.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> Request(x * x, "x*x", ["value", "jvp"]).variables
    ('x', 'dx')
    """

    def __init__(
        self,
        result: Expr,
        expression: str,
        what: Sequence[str] = ("value", "gradient"),
        wrt: Sequence[str] | None = None,
        name: str = "f",
    ) -> None:
        graph = result.graph
        for part in what:
            if part not in PARTS:
                raise RequestError(f"code has no part {quoted(part)}", hint=f"the parts are {', '.join(PARTS)}")
        self.expression = expression
        self.name = name
        self.wrt = tuple(graph.variables if wrt is None else wrt)
        self.seeds: tuple[str, ...] = ()
        variables = [graph.variable(name) for name in self.wrt]
        outputs: dict[str, list[Expr | None]] = {"value": [result]}
        if "gradient" in what or "hessian" in what:
            slopes = outputs["gradient"] = gradient(result, variables)
            if "hessian" in what:
                outputs["hessian"] = _hessian(slopes, variables)
        if "jvp" in what:
            seeds = [_seed(result, name) for name in self.wrt]
            self.seeds = tuple(seed for seed, _ in seeds)
            moves: dict[int, Expr | float] = {
                variable.row: seed for variable, (_, seed) in zip(variables, seeds, strict=True)
            }
            outputs["jvp"] = [tangent(result, moves)]
        wanted = [part for part in PARTS if part in what]
        self.derived = Tape(graph, [result, *(node for part in wanted for node in outputs[part])])
        if not self.derived.is_scalar:
            raise RequestError("code is written for expressions of numbers, and this one has vectors or matrices")
        self.program = saved(self.derived)
        self.variables = self.program.variables
        numbers = iter(self.program.outputs[1:])
        self.parts = {part: tuple(next(numbers) for _ in outputs[part]) for part in wanted}
        if not any(self.parts.values()):
            hint = "ask for the value" if not self.variables else "the parts are " + ", ".join(PARTS)
            raise RequestError("there is nothing to write", hint=hint)

    @property
    def value(self) -> int:
        """The number of the value in the program."""
        return self.program.outputs[0]

    def over(self, program: Tape) -> Request:
        """The same request, its outputs computed by another program."""
        made = copy(self)
        made.program = program
        numbers = iter(program.outputs[1:])
        made.parts = {part: tuple(next(numbers) for _ in values) for part, values in self.parts.items()}
        return made


def _hessian(slopes: Sequence[Expr | None], variables: Sequence[Expr]) -> list[Expr | None]:
    """The gradients of the slopes, row by row; what stands below the diagonal is taken from above it."""
    count = len(variables)
    rows: list[list[Expr | None]] = []
    for place, slope in enumerate(slopes):
        above = [rows[other][place] for other in range(place)]
        rest: list[Expr | None] = [None] * (count - place)
        rows.append(above + (rest if slope is None else gradient(slope, variables[place:])))
    return [entry for row in rows for entry in row]


def _seed(result: Expr, name: str) -> tuple[str, Expr]:
    """A new variable for the tangent of another: ``dx``, or with more underscores where that is taken."""
    graph = result.graph
    taken = {*graph.variables, *graph.labels.values()}
    seed = f"d{name}"
    while seed in taken:
        seed = f"{seed}_"
    return seed, graph.variable(seed)
