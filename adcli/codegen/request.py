"""The request to a target: a program, and the parts of it to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import RequestError, quoted
from ..graph.derive import gradient, jacobian, tangents
from ..graph.expr import Expr, Graph
from ..graph.tape import Tape
from ..ops.operands import Shape
from ..ops.support import direction
from .negations import fold_negations
from .nested import Nested, convert, flatten, refill, unfold

PARTS = ("value", "gradient", "jacobian", "hessian", "jvp")


@dataclass(frozen=True)
class CodeRequest:
    """A program to write as code. `derive_request` makes it from an expression.

    Attributes:
        expression: the text of the expression, for comments.
        name: the name of the function.
        derived: the program as the rules of differentiation give it.
        program: the same program in fewer operations, equal to the bit. Its first outputs are the elements of the
            value, even if only derivatives are asked for, because where one is nan all its derivatives are nan.
        parts: for each part that is asked for, in the order of `PARTS`, the numbers of its values in the program. The
            value of a vector ``[f, g]`` is a pair. A derivative has a gradient, a Hessian or a slope in the place of
            each element of the value.
        value: the numbers of the value in the program.
        wrt: the variables of the derivatives.
        seeds: the variables that hold the tangents of `wrt`. Empty without ``jvp``.
        results: the name of the value, or those of its elements.
        table: the table that a statement reads.
        arguments: the shapes of the arguments of an unrolled formula of arrays, whose elements are the program's
            variables.
        rank: the number of axes of the value of a program of arrays.
    """

    expression: str
    name: str
    derived: Tape
    program: Tape
    parts: Mapping[str, Nested[int]]
    value: Nested[int]
    wrt: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    results: tuple[str, ...] = ("f",)
    table: str | None = None
    arguments: Mapping[str, Shape] | None = None
    rank: int = 0

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """The arguments of the function with their shapes. That of a number is ()."""
        program = self.program
        return dict(zip(program.variables, program.shapes, strict=True)) if self.arguments is None else self.arguments

    @property
    def is_array(self) -> bool:
        """Whether the program computes with arrays, and its value is one."""
        return self.rank > 0

    @property
    def variables(self) -> tuple[str, ...]:
        """The arguments of the function: the variables, and after them the seeds."""
        return self.program.variables

    @property
    def values(self) -> tuple[int, ...]:
        """The numbers of the elements of the value."""
        return tuple(flatten(self.value))

    @property
    def is_number(self) -> bool:
        """Whether the value is one number."""
        return not isinstance(self.value, tuple)

    def numbers(self, part: str) -> list[int]:
        """Return the numbers of a part in order."""
        return list(flatten(self.parts[part]))

    def masks(self, part: str) -> list[int]:
        """Return for each number of a part the element of the value that makes it nan."""
        entries = unfold(self.value, self.parts[part])
        return [value for value, entry in zip(self.values, entries, strict=True) for _ in flatten(entry)]

    def over(self, program: Tape) -> CodeRequest:
        """Return the same request for another program with the same outputs."""
        new = dict(zip(self.program.outputs, program.outputs, strict=True)).__getitem__
        parts = {part: convert(entry, new) for part, entry in self.parts.items()}
        return replace(self, program=program, parts=parts, value=convert(self.value, new))


def derive_request(
    result: Nested[Expr],
    expression: str,
    what: Sequence[str] | None = None,
    wrt: Sequence[str] | None = None,
    name: str = "f",
    results: Sequence[str] | None = None,
) -> CodeRequest:
    """Differentiate an expression and return the request to write it.

    Args:
        result: the node of the value, or those of the elements of a vector. The graph gets more variables: the seeds
            of a jvp.
        expression: the text of the expression, for comments.
        what: some of `PARTS` [default: the value and its first derivatives].
        wrt: the variables to differentiate by [default: all].
        name: the name of the function.
        results: the name of the value, or those of its elements [default: `name`, numbered].

    Raises:
        RequestError: if a part is unknown or is not one of this value, the program has arrays, or nothing is left to
            write.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> derive_request(x * x, "x*x", ["value", "jvp"]).variables
    ('x', 'dx')
    >>> y = Graph().variable("y")
    >>> derive_request((y, y * y), "[y, y*y]").parts
    {'value': (0, 2), 'jacobian': ((1,), (3,))}
    """
    if what is None:
        what = ("value", "jacobian" if isinstance(result, tuple) else "gradient")
    check_parts(what, isinstance(result, tuple))
    values = list(flatten(result))
    names = tuple(values[0].graph.variables if wrt is None else wrt)
    nodes, seeds = _derive_parts(result, what, names)
    derived, program, value, parts = record(result, nodes)
    if not any(list(flatten(entry)) for entry in parts.values()):
        hint = "ask for the value" if not program.variables else "the parts are " + ", ".join(PARTS)
        raise RequestError("there is nothing to write", hint=hint)
    if results is None:
        results = (name,) if len(values) == 1 else [f"{name}{number}" for number, _ in enumerate(values, 1)]
    return CodeRequest(expression, name, derived, program, parts, value, names, seeds, tuple(results))


def record(
    result: Nested[Expr], nodes: Mapping[str, Nested[Expr | None]]
) -> tuple[Tape, Tape, Nested[int], dict[str, Nested[int]]]:
    """Record a value and the parts to write.

    Returns:
        The tape as it was derived, the program, which has the same outputs, and their numbers for the value and for
        each part.
    """
    values = list(flatten(result))
    outputs = [*values, *(node for entry in nodes.values() for node in flatten(entry))]
    masks = [*range(len(values))]
    for entry in nodes.values():
        masks += [index for index, each in enumerate(unfold(result, entry)) for _ in flatten(each)]
    derived = Tape(values[0].graph, outputs, masks)
    program = fold_negations(derived)
    numbers = iter(program.outputs)
    value = refill(result, numbers)
    return derived, program, value, {part: refill(entry, numbers) for part, entry in nodes.items()}


def check_parts(what: Sequence[str], is_vector: bool) -> None:
    """Check the names of the parts.

    Raises:
        RequestError: there is no such part, or a gradient of a vector is asked for.
    """
    for part in what:
        if part not in PARTS:
            raise RequestError(f"code has no part {quoted(part)}", hint=f"the parts are {', '.join(PARTS)}")
    if "gradient" in what and is_vector:
        raise RequestError("a gradient is of a number, and the result is a vector", hint="ask for the jacobian")


def _derive_parts(
    result: Nested[Expr], what: Sequence[str], wrt: Sequence[str]
) -> tuple[dict[str, Nested[Expr | None]], tuple[str, ...]]:
    """Return the nodes of each part, in the order of `PARTS`, and the names of the seeds of a jvp."""
    values = list(flatten(result))
    graph = values[0].graph
    variables = [graph.variable(name) for name in wrt]
    nodes: dict[str, Nested[Expr | None]] = {"value": result}
    seeds: dict[str, Expr] = {}
    if not {"gradient", "jacobian", "hessian"}.isdisjoint(what):
        slopes = jacobian(values, variables)
        nodes["gradient"] = refill(result, [tuple(row) for row in slopes])
        nodes["jacobian"] = nodes["gradient"] if isinstance(result, tuple) else (nodes["gradient"],)
        if "hessian" in what:
            nodes["hessian"] = refill(result, [_hessian(row, variables) for row in slopes])
    if "jvp" in what:
        seeds = dict(add_seed(graph, name) for name in wrt)
        pairs = zip(variables, seeds.values(), strict=True)
        nodes["jvp"] = refill(result, tangents(values, {variable.row: direction(seed) for variable, seed in pairs}))
    return {part: nodes[part] for part in PARTS if part in what}, tuple(seeds)


def _hessian(slopes: Sequence[Expr | None], variables: Sequence[Expr]) -> tuple[tuple[Expr | None, ...], ...]:
    """Return the gradients of the first derivatives. Entries below the diagonal are those above it."""
    count = len(variables)
    rows: list[tuple[Expr | None, ...]] = []
    for position, slope in enumerate(slopes):
        above = [rows[other][position] for other in range(position)]
        rest: list[Expr | None] = [None] * (count - position)
        rows.append((*above, *(rest if slope is None else gradient(slope, variables[position:]))))
    return tuple(rows)


def add_seed(graph: Graph, name: str, shape: Shape = ()) -> tuple[str, Expr]:
    """Add a variable for the tangent of another: ``dx``, or with more underscores if that name is used."""
    taken_names = {*graph.variables, *graph.labels.values()}
    seed = f"d{name}"
    while seed in taken_names:
        seed = f"{seed}_"
    return seed, graph.variable(seed, shape)
