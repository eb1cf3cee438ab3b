"""Functions of functions: `grad`, `jacobian`, `hessian` and their kin, of plain Python functions, nested to any order.

A function takes numbers, arrays, and nested lists, tuples and dicts of them, and computes with operators, with the
functions of adcli or NumPy's of the same name; it may branch on values. It is run as it is: no tracing ahead, no
restrictions on control flow.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from ..errors import RequestError, ShapeError
from ..ops import shape_of
from ..ops.rules import zeros_like
from ..ops.structure import reshape, stack
from .dual import Dual
from .levels import fresh_level, owned, plain
from .tree import Rebuild, flatten
from .value import Traced, nodes_below, sweep

Function: TypeAlias = Callable[..., Any]
Argnums: TypeAlias = int | Sequence[int] | None


class IndependenceWarning(UserWarning):
    """An output does not depend on an input: its derivative is zero, which is seldom what was meant."""


class _Inputs:
    """The arguments that are differentiated, taken apart, and the call with others in their places."""

    def __init__(self, f: Function, arguments: Sequence[Any], keywords: dict[str, Any], argnums: Argnums) -> None:
        count = len(arguments)
        places = range(count) if argnums is None else [argnums] if isinstance(argnums, int) else argnums
        for place in places:
            if not -count <= place < count:
                raise RequestError(f"there is no argument {place}", hint=f"the function was given {count}")
        self.places = [place % count for place in places]
        if len(set(self.places)) < len(self.places):
            raise RequestError(f"argnums {tuple(places)} name one argument twice")
        if not self.places:
            raise RequestError("there is nothing to differentiate by", hint="give positional arguments")
        self.one = len(self.places) == 1 and (isinstance(argnums, int) or (argnums is None and count == 1))
        self.f, self.arguments, self.keywords = f, arguments, keywords
        chosen = [arguments[place] for place in self.places]
        trees = [flatten(tree, f"argument {place}") for tree, place in zip(chosen, self.places, strict=True)]
        self.names = [name for _, names, _ in trees for name in names]
        self.leaves = [plain(leaf) for leaves, _, _ in trees for leaf in leaves]
        self._parts = [(len(leaves), rebuild) for leaves, _, rebuild in trees]

    def call(self, leaves: Sequence[Any]) -> Any:
        arguments = list(self.arguments)
        for place, argument in zip(self.places, self._rebuilt(leaves), strict=True):
            arguments[place] = argument
        return self.f(*arguments, **self.keywords)

    def packed(self, leaves: Sequence[Any]) -> Any:
        """What is handed back: one argument bare, several as a tuple."""
        rebuilt = self._rebuilt(leaves)
        return rebuilt[0] if self.one else tuple(rebuilt)

    def _rebuilt(self, leaves: Sequence[Any]) -> list[Any]:
        rebuilt, start = [], 0
        for count, rebuild in self._parts:
            rebuilt.append(rebuild(leaves[start : start + count]))
            start += count
        return rebuilt


class _Pull:
    """A function run once on Values of its own level: its outputs, and the cotangents of the inputs from theirs."""

    def __init__(self, inputs: _Inputs) -> None:
        level = fresh_level()
        self.inputs = [Traced(leaf, level) for leaf in inputs.leaves]
        self.names = inputs.names
        outputs, _, self.rebuild = flatten(inputs.call(self.inputs), "the output")
        self.nodes = [x if isinstance(x, Traced) and x.level == level else None for x in outputs]
        self.outputs = [plain(x) if node is None else node.value for x, node in zip(outputs, self.nodes, strict=True)]
        roots = [node for node in self.nodes if node is not None]
        self.order = nodes_below(roots)
        self.reached = {node.number for node in [*self.order, *roots]}

    def __call__(self, cotangents: Sequence[Any]) -> list[Any]:
        """One cotangent per input; None where no output depends on it."""
        pairs: dict[int, list[Any]] = {}
        for node, cotangent in zip(self.nodes, cotangents, strict=True):
            if node is not None and cotangent is not None:
                given = pairs.get(node.number)
                pairs[node.number] = [node, cotangent if given is None else given[1] + cotangent]
        for node in self.inputs:
            node.grad = None
        roots = [pair[0] for pair in pairs.values()]
        for node in roots:
            node.grad = None
        sweep(roots, [pair[1] for pair in pairs.values()], self.order)
        return [node.grad for node in self.inputs]

    def say_what_is_independent(self) -> None:
        for node, name in zip(self.inputs, self.names, strict=True):
            if node.number not in self.reached:
                _say(name)


def _say(name: str) -> None:
    """Warn at the line of the user who asked for the derivative."""
    depth, frame = 1, sys._getframe(0)
    while frame.f_back is not None and frame.f_code.co_filename == __file__:
        depth, frame = depth + 1, frame.f_back
    problem = f"the output does not depend on {name}: its derivative is zero"
    warnings.warn(problem, IndependenceWarning, stacklevel=depth)


def _seed(x: Any) -> Any:
    shape = shape_of(x)
    return np.ones(shape) if shape else 1.0


def _filled(slopes: Sequence[Any], leaves: Sequence[Any], *others: Any) -> list[Any]:
    """Zeros where nothing arrived; no array shares memory with another, or with one of the others."""
    shared = {id(x) for x in others}
    return [
        zeros_like(leaf) if slope is None else owned(slope, shared) for slope, leaf in zip(slopes, leaves, strict=True)
    ]


def value_and_grad(f: Function, argnums: Argnums = None) -> Function:
    """A function that gives the value of a scalar function and its gradient, which share their work.

    Args:
        f: a function of positional arguments with one number as its result; keyword arguments are not differentiated.
        argnums: which arguments; an int gives a bare gradient, several a tuple. By default all positional ones: one
            gives a bare gradient.

    Returns:
        A function of the same arguments that returns ``(value, gradient)``; the gradient has the structure and the
        shapes of the arguments.

    Raises:
        ShapeError: the result is no number.

    >>> value_and_grad(lambda x, y: x*y + x)(2.0, 3.0)
    (8.0, (4.0, 2.0))
    """

    def differentiated(*arguments: Any, **keywords: Any) -> tuple[Any, Any]:
        inputs = _Inputs(f, arguments, keywords, argnums)
        pull = _Pull(inputs)
        if len(pull.outputs) != 1 or shape_of(pull.outputs[0]):
            found = f"{len(pull.outputs)} outputs" if len(pull.outputs) != 1 else f"shape {shape_of(pull.outputs[0])}"
            raise ShapeError(f"grad needs a function with one number as its result, not {found}", hint="see jacobian")
        pull.say_what_is_independent()
        value = pull.outputs[0]
        slopes = _filled(pull([1.0]), inputs.leaves)
        if value.__class__ is float and value != value:
            slopes = [slope + value for slope in slopes]
        return pull.rebuild([value]), inputs.packed(slopes)

    return differentiated


def grad(f: Function, argnums: Argnums = None) -> Function:
    """A function that gives the gradient of a scalar function; see `value_and_grad`.

    >>> grad(lambda x, y: x*y + x)(2.0, 3.0)
    (4.0, 2.0)
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    """
    both = value_and_grad(f, argnums)

    def differentiated(*arguments: Any, **keywords: Any) -> Any:
        return both(*arguments, **keywords)[1]

    return differentiated


def vjp(f: Function, *primals: Any) -> tuple[Any, Function]:
    """The value of a function, and the function from a cotangent of it to those of the arguments: reverse mode.

    Args:
        f: any function of the arguments.
        primals: the arguments.

    Returns:
        ``(output, pull)``; pull takes a cotangent of the structure of the output, and gives a tuple, one per argument.

    >>> output, pull = vjp(lambda x, y: (x*y, x + y), 2.0, 3.0)
    >>> output, pull((1.0, 10.0))
    ((6.0, 5.0), (13.0, 12.0))
    """
    inputs = _Inputs(f, primals, {}, range(len(primals)))
    backward = _Pull(inputs)

    def pull(cotangent: Any) -> Any:
        leaves = [plain(leaf) for leaf in flatten(cotangent)[0]]
        _check_shapes(leaves, backward.outputs, "cotangents", "outputs")
        return inputs.packed(_filled(backward(leaves), inputs.leaves, *leaves))

    return backward.rebuild(backward.outputs), pull


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of a function and its directional derivative: forward mode.

    Args:
        f: any function of the arguments.
        primals: the arguments, as a tuple.
        tangents: how they move, of the same structure and shapes; None for one that does not.

    Returns:
        ``(output, its tangent)``, of one structure.

    >>> jvp(lambda x, y: x*y, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    if len(primals) != len(tangents):
        raise ShapeError(f"{len(tangents)} tangents for {len(primals)} arguments")
    moving = [place for place, tangent in enumerate(tangents) if tangent is not None]
    inputs = _Inputs(f, primals, {}, moving)
    moves = [plain(leaf) for place in moving for leaf in flatten(tangents[place])[0]]
    _check_shapes(moves, inputs.leaves, "tangents", "arguments")
    outputs, moved, rebuild = _pushed(inputs, moves)
    return rebuild(outputs), rebuild(_filled(moved, outputs, *moves))


def _pushed(inputs: _Inputs, moves: Sequence[Any]) -> tuple[list[Any], list[Any], Rebuild]:
    """The outputs and their tangents, None where they do not move."""
    level = fresh_level()
    duals = [Dual(leaf, move, level) for leaf, move in zip(inputs.leaves, moves, strict=True)]
    outputs, _, rebuild = flatten(inputs.call(duals))
    mine = [x if isinstance(x, Dual) and x.level == level else None for x in outputs]
    primals = [plain(x) if dual is None else dual.value for x, dual in zip(outputs, mine, strict=True)]
    return primals, [None if dual is None else dual.moves for dual in mine], rebuild


def _check_shapes(given: Sequence[Any], wanted: Sequence[Any], what: str, of: str) -> None:
    if len(given) != len(wanted):
        raise ShapeError(f"{len(given)} {what} for {len(wanted)} {of}")
    for one, other in zip(given, wanted, strict=True):
        if shape_of(one) != shape_of(other):
            raise ShapeError(f"{what} of shape {shape_of(one)} for {of} of shape {shape_of(other)}")


def _basis(shape: tuple[int, ...], place: int) -> Any:
    if not shape:
        return 1.0
    flat = np.zeros(shape)
    flat.flat[place] = 1.0
    return flat


def jacobian(f: Function, argnums: Argnums = None, *, mode: str | None = None) -> Function:
    """A function that gives every derivative of every output by every input.

    Args:
        f: a function of positional arguments; inputs and outputs may be nested lists, tuples and dicts of arrays.
        argnums: as for `grad`.
        mode: ``"reverse"`` (one backward pass per number of the output), ``"forward"`` (one tangent per number of the
            input, all in one pass) or None for the one with fewer.

    Returns:
        A function of the same arguments. Its result has the structure of the output, in each leaf that of the
        arguments, in each of these an array of the shape of the output followed by that of the input.

    >>> jacobian(lambda x: [x[0]*x[1], x[0]])(np.array([2.0, 3.0]))
    [array([3., 2.]), array([1., 0.])]
    """
    if mode not in (None, "reverse", "forward"):
        raise RequestError(f"there is no mode {mode!r}", hint="the modes are 'reverse' and 'forward'")
    return _jacobian(f, argnums, mode)


def _jacobian(f: Function, argnums: Argnums, mode: str | None, says: bool = True) -> Function:
    def differentiated(*arguments: Any, **keywords: Any) -> Any:
        inputs = _Inputs(f, arguments, keywords, argnums)
        size = sum(int(np.prod(shape_of(leaf))) for leaf in inputs.leaves)
        if mode != "forward":
            pull = _Pull(inputs)
            pull.say_what_is_independent()
            if mode == "reverse" or sum(int(np.prod(shape_of(x))) for x in pull.outputs) <= size:
                return pull.rebuild([inputs.packed(blocks) for blocks in _rows(pull, inputs)])
        blocks, rebuild = _columns(inputs, size, say=says and mode == "forward")
        return rebuild([inputs.packed(each) for each in blocks])

    return differentiated


def _rows(pull: _Pull, inputs: _Inputs) -> list[list[Any]]:
    """Per output, per input a block of the Jacobian, by one backward pass for each number of the outputs."""
    blocks = []
    for number, output in enumerate(pull.outputs):
        shape = shape_of(output)
        passes = []
        for place in range(int(np.prod(shape))):
            seeds: list[Any] = [None] * len(pull.outputs)
            seeds[number] = _basis(shape, place)
            passes.append(_filled(pull(seeds), inputs.leaves))
        row = []
        for i, leaf in enumerate(inputs.leaves):
            full = (*shape, *shape_of(leaf))
            parts = [each[i] for each in passes]
            row.append((reshape(stack(parts), full) if parts else np.zeros(full)) if shape else parts[0])
        blocks.append(row)
    return blocks


def _columns(inputs: _Inputs, size: int, say: bool) -> tuple[list[list[Any]], Rebuild]:
    """The same by one tangent for each number of the inputs, all of them in one pass."""
    moves, start = [], 0
    for leaf in inputs.leaves:
        shape = shape_of(leaf)
        count = int(np.prod(shape))
        seeds = np.zeros((size, count))
        seeds[start : start + count] = np.eye(count)
        moves.append(seeds.reshape(size, *shape))
        start += count
    outputs, moved, rebuild = _pushed(inputs, moves)
    if say and all(tangent is None for tangent in moved):
        for name in inputs.names:
            _say(name)
    blocks = []
    for output, tangent in zip(outputs, moved, strict=True):
        start, row = 0, []
        shape = shape_of(output)
        for leaf in inputs.leaves:
            count = int(np.prod(shape_of(leaf)))
            full = (*shape, *shape_of(leaf))
            if tangent is None or not count:
                row.append(np.zeros(full) if full else 0.0)
            else:
                part = tangent[start : start + count]
                order = (*range(1, 1 + len(shape)), 0)
                turned = np.transpose(part, order) if shape else part
                row.append(reshape(turned, full) if full else part[0])
            start += count
        blocks.append([each if not isinstance(each, np.generic) else float(each) for each in row])
    return blocks, rebuild


def hessian(f: Function, argnums: Argnums = None) -> Function:
    """A function that gives all second derivatives of a scalar function: forward mode over reverse mode.

    >>> hessian(lambda x: x[0]**2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    # A gradient that does not depend on its point is that of a linear function, and no surprise.
    return _jacobian(grad(f, argnums), argnums, "forward", says=False)


def hvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The product of the Hessian of a scalar function and a vector, for a few times the work of the function.

    Args:
        f: a scalar function of the arguments.
        primals: the arguments, as a tuple.
        tangents: the vector, of the same structure.

    Returns:
        One product per argument, bare where there is one.

    >>> hvp(lambda x: x[0]**2 * x[1], (np.array([2.0, 3.0]),), (np.array([1.0, 0.0]),))
    array([6., 4.])
    """
    return jvp(grad(f), primals, tangents)[1]
