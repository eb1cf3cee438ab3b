"""The request to write a formula of arrays at fixed shapes as code."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from math import prod as product_of

from ..codegen import Target, load_target, target_names
from ..codegen.nested import Nested, convert, flatten
from ..codegen.request import PARTS, CodeRequest, add_seed, check_parts, record
from ..codegen.unrolling import unroll
from ..eager import functional
from ..errors import RequestError, ShapeError
from ..graph.expr import Expr
from ..language.ast import Formula
from ..ops.operands import Operand, Shape, zeros
from ..ops.structure import transpose
from .arrays import play
from .lowered import Lowered, Lowerings

MOST_ELEMENTS = 10_000_000  # of one variable
MOST_STEPS = 100_000  # operations on arrays, and elements of constants, of a Jacobian or a Hessian


def request_for(
    writer: Target,
    target: str,
    lowerings: Lowerings,
    shapes: Mapping[str, Shape],
    what: Sequence[str] | None,
    wrt: Sequence[str],
    name: str,
) -> CodeRequest:
    """Return the request to write a formula with operations on arrays for a target.

    Args:
        writer: the target.
        target: its name.
        lowerings: the formula.
        shapes: of the variables that are arrays. The others are numbers.
        what: the parts, as for `array_request`.
        wrt: the variables to differentiate by.
        name: the name of the function.

    Raises:
        ShapeError: the shapes do not fit.
        RequestError: the target takes no arrays.
    """
    if any(shapes.values()) and not _takes_arrays(writer):
        takers = [each for each in target_names() if _takes_arrays(load_target(each))]
        raise RequestError(f"{target} takes no arrays", hint=f"{', '.join(takers[:-1])} and {takers[-1]} do")
    all_shapes = {each: shapes.get(each, ()) for each in lowerings.variables}
    try:
        request = array_request(lowerings.formula, all_shapes, what, wrt, name)
    except ShapeError as error:
        if not any(shapes.values()):
            error.hint = "give the shapes of the variables that are arrays, as in shapes={'A': (2, 3), 'x': 3}"
            error.command_hint = "give the shapes of the variables that are arrays, as in --shape A=2x3,x=3"
        raise
    if writer.takes_arrays and any(shapes.values()):
        return request
    try:
        return unroll(request, None if writer.takes_elements else target)
    except RequestError:
        if writer.takes_arrays:  # then the arguments are numbers, which do not broadcast
            return request
        raise


def _takes_arrays(writer: Target) -> bool:
    return writer.takes_arrays or writer.takes_elements


def array_request(
    formula: Formula, shapes: Mapping[str, Shape], what: Sequence[str] | None, wrt: Sequence[str], name: str
) -> CodeRequest:
    """Differentiate a formula of arrays and return the request to write it.

    A gradient is one array for each variable. A block of the Jacobian has the shape of the value followed by that of
    the variable. A block of the Hessian has the shapes of both variables.

    Args:
        formula: the formula.
        shapes: of its variables.
        what: the parts [default: the value and its first derivatives].
        wrt: the variables to differentiate by.
        name: the name of the function.

    Raises:
        RequestError: a part is unknown or is not one of this value, or has too many operations.
    """
    for variable, shape in shapes.items():
        if product_of(shape) > MOST_ELEMENTS:
            problem = f"{variable} has {product_of(shape)} elements, and code is written for at most {MOST_ELEMENTS}"
            raise RequestError(problem, hint="give smaller shapes")
    lowered = Lowered(formula, (), shapes)
    rank = len(lowered.result.shape)
    what = what or ("value", "jacobian" if rank else "gradient")
    check_parts(what, rank > 0)
    if "hessian" in what and rank:
        raise RequestError("a Hessian is of a number, and the result is an array", hint="ask for the jacobian")
    derivatives, seeds = _derive(lowered, what, wrt)
    nodes = {part: convert(entry, lambda x: _node(lowered, x)) for part, entry in derivatives.items()}
    if not any(list(flatten(entry)) for entry in nodes.values()):
        raise RequestError("there is nothing to write", hint=f"the parts are {', '.join(PARTS)}")
    derived, program, value, parts = record(lowered.result, nodes)
    return CodeRequest(str(formula), name, derived, program, parts, value, tuple(wrt), seeds, (name,), rank=rank)


def _node(lowered: Lowered, x: Operand) -> Expr:
    """Return a result as a node. One that does not depend on the variables is a number or an array."""
    return x if isinstance(x, Expr) else Expr(lowered.graph, lowered.graph.array(x))


def _derive(
    lowered: Lowered, what: Sequence[str], wrt: Sequence[str]
) -> tuple[dict[str, Nested[Operand]], tuple[str, ...]]:
    """Return the results of each part, in the order of `PARTS`, and the names of the seeds of a jvp."""
    variables = [lowered.variable(name) for name in lowered.variables]
    indices = tuple(lowered.variables.index(name) for name in wrt)
    sizes = [product_of(variables[index].shape) for index in indices]
    parts: dict[str, Nested[Operand]] = {"value": lowered.result}
    seeds: dict[str, Expr] = {}  # by name
    formula = play(lowered)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", functional.IndependenceWarning)
        if not {"gradient", "jacobian"}.isdisjoint(what):
            _check_steps(lowered, "Jacobian", min(sum(sizes), product_of(lowered.result.shape)))
            mode = None if lowered.result.shape else "reverse"
            blocks = tuple(functional.jacobian(formula, indices, mode=mode)(*variables)) if wrt else ()
            parts["gradient"], parts["jacobian"] = blocks, blocks if lowered.result.shape else (blocks,)
        if "hessian" in what:
            _check_steps(lowered, "Hessian", 4 * sum(sizes))
            parts["hessian"] = _symmetric(lowered, functional.hessian(formula, indices)(*variables), wrt) if wrt else ()
        if "jvp" in what:
            seeds = dict(add_seed(lowered.graph, name, lowered.variable(name).shape) for name in wrt)
            moving = dict(zip(wrt, seeds.values(), strict=True))
            moves = tuple([moving.get(name) for name in lowered.variables])
            parts["jvp"] = functional.jvp(formula, variables, moves)[1] if wrt else zeros(lowered.result.shape)
    return {part: parts[part] for part in PARTS if part in what}, tuple(seeds)


def _symmetric(lowered: Lowered, rows: Sequence[Sequence[Operand]], wrt: Sequence[str]) -> Nested[Operand]:
    """Return the blocks of a Hessian. Those above the diagonal are the transposed blocks below."""
    blocks = [list(row) for row in rows]
    for i, one in enumerate(wrt):
        for j, other in enumerate(wrt[:i]):
            first, second = len(lowered.variable(one).shape), len(lowered.variable(other).shape)
            axes = (*range(first, first + second), *range(first))
            blocks[j][i] = transpose(blocks[i][j], axes) if axes else blocks[i][j]
    return tuple([tuple(row) for row in blocks])


def _check_steps(lowered: Lowered, kind: str, sweeps: int) -> None:
    """Check that a matrix of derivatives, which takes a sweep for each element, is not too long.

    Raises:
        RequestError: it is.
    """
    sizes = [product_of(node.shape) for node in (lowered.result, *map(lowered.variable, lowered.variables))]
    if sweeps > 1 and sweeps * (len(lowered.graph) + max(sizes)) > MOST_STEPS:
        problem = f"at these shapes the {kind} is too long to write"
        raise RequestError(
            problem, hint="ask for the jvp, or for fewer variables", command_hint="use --what jvp, or --wrt X"
        )
