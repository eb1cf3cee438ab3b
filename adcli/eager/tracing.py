"""Run a Python function on carriers: on Values for reverse mode, on Duals for forward mode."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, Self, TypeAlias

import numpy as np

from ..errors import RequestError, ShapeError, join_names
from ..ops import Op, shape_of
from ..ops.operands import Operand
from ..ops.rules import zeros_like
from ..ops.support import is_finite, select, written
from .copying import make_node
from .dual import Dual, make_dual
from .levels import copy_if_shared, fresh_level, plain, unwrap_scalar
from .operators import next_number
from .sweep import nodes_below, sweep
from .tree import Rebuild, Tree, flatten
from .value import Value

AnyFunction: TypeAlias = Callable[..., Tree]
Argnums: TypeAlias = int | Sequence[int] | None

PACKAGE_FOLDER = str(Path(__file__).parent)


class Traced(Value):
    """A Value of a transformation (`grad`, `jacobian` …). Its value may itself be a carrier of a lower level."""

    __slots__ = ("level",)
    level: int
    value: Operand
    grad: Operand

    def __init__(self, value: Operand, level: int) -> None:
        self.value = value
        self.grad = None
        self.op = None
        self.inputs = ()
        self.label = None
        self.number = next_number()
        self.level = level

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        # A differentiated function may copy its argument, and the gradient must pass through the copy.
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Value inside a derivative cannot be pickled: pickle its .item() or an adcli.Value")

    def _is_node(self, x: object) -> bool:
        return x.__class__ is Traced and getattr(x, "level", 0) == self.level

    def _input(self, x: Operand, level: int) -> Operand:
        return x if getattr(x, "level", None) is not None else plain(x)

    def _record(self, op: Op, value: Operand, inputs: tuple[Operand, ...]) -> Value:
        node: Operand = make_node(Traced, op, inputs, value, None, None)
        node.level = self.level
        return node  # type: ignore[no-any-return]


class IndependenceWarning(UserWarning):
    """A warning that an output does not depend on an input, so that its derivative is zero. It is often a mistake."""


class Arguments:
    """The arguments of one call. Some of them are differentiated.

    Attributes:
        leaves: the numbers and arrays to differentiate by, in order.
        names: a name for each leaf, for messages.

    Raises:
        RequestError: argnums is out of range or repeats an argument, or there is no argument.
    """

    def __init__(
        self, f: AnyFunction, arguments: Sequence[Tree], keywords: Mapping[str, object], argnums: Argnums
    ) -> None:
        self.positions = _places(argnums, len(arguments))
        self.is_bare = isinstance(argnums, int) or (argnums is None and len(arguments) == 1)
        self.f, self.arguments, self.keywords = f, arguments, keywords
        trees = [flatten(arguments[position], f"argument {position}") for position in self.positions]
        self.names = [name for _, names, _ in trees for name in names]
        self.leaves = [plain(leaf) for leaves, _, _ in trees for leaf in leaves]
        self._parts = [(len(leaves), rebuild) for leaves, _, rebuild in trees]

    def call(self, leaves: Sequence[Operand]) -> Tree:
        """Call the function with other leaves."""
        arguments = list(self.arguments)
        for position, argument in zip(self.positions, self._rebuild(leaves), strict=True):
            arguments[position] = argument
        return self.f(*arguments, **self.keywords)

    def tangents(self, trees: Sequence[Tree]) -> list[Operand]:
        """Return the leaves of one tangent per differentiated argument, checked."""
        tangents: list[Operand] = []
        for position, tree, (count, _) in zip(self.positions, trees, self._parts, strict=True):
            part = slice(len(tangents), len(tangents) + count)
            name = f"argument {position}"
            tangents += leaves_like(tree, name, self.names[part], self.leaves[part], "tangent")
        return tangents

    def pack(self, leaves: Sequence[Operand]) -> Tree:
        """Return leaves in the structure of the arguments: of one argument bare, of several as a tuple."""
        rebuilt = self._rebuild(leaves)
        return rebuilt[0] if self.is_bare else tuple(rebuilt)

    def _rebuild(self, leaves: Sequence[Operand]) -> list[Tree]:
        rebuilt, start = [], 0
        for count, rebuild in self._parts:
            rebuilt.append(rebuild(leaves[start : start + count]))
            start += count
        return rebuilt


def _places(argnums: Argnums, count: int) -> Sequence[int]:
    """Return the positions of the arguments to differentiate by. Negative ones count from the end."""
    positions: Sequence[int] = range(count)
    if argnums is not None:
        positions = _checked_places(argnums, count)
    if not positions:
        raise RequestError("there is nothing to differentiate by", hint="give at least one positional argument")
    return positions


def _checked_places(argnums: int | Sequence[int], count: int) -> list[int]:
    positions = [argnums] if isinstance(argnums, int) else argnums
    if not isinstance(positions, (list, tuple, range)) or not all(isinstance(position, int) for position in positions):
        raise RequestError(f"argnums={argnums!r}: argnums must be an integer, a sequence of integers or None")
    for position in positions:
        if not -count <= position < count:
            raise RequestError(
                f"argnums={argnums!r}: there is no argument {position}", hint=f"the function got {count}"
            )
    unsigned = [position % count for position in positions]
    if len(set(unsigned)) < len(unsigned):
        raise RequestError(f"argnums={argnums!r} names an argument twice", hint="leave one out")
    return unsigned


class ReverseTrace:
    """One run of a function on Values of a fresh level.

    Attributes:
        outputs: the numbers and arrays of the result.
        paths: a name for each of them, for messages.
        rebuild: puts as many other leaves into the structure of the result.
    """

    def __init__(self, arguments: Arguments) -> None:
        level = fresh_level()
        self.inputs = [Traced(leaf, level) for leaf in arguments.leaves]
        self.names = arguments.names
        outputs, self.paths, self.rebuild = flatten(arguments.call(self.inputs), "the output")
        self.nodes = [x if isinstance(x, Traced) and x.level == level else None for x in outputs]
        self.outputs = [plain(x) if node is None else node.value for x, node in zip(outputs, self.nodes, strict=True)]
        roots = [node for node in self.nodes if node is not None]
        self.order = nodes_below(roots)
        self.reached = {node.number for node in [*self.order, *roots]}

    def pull(self, cotangents: Sequence[Operand]) -> list[Operand]:
        """Return one cotangent per input, None where no output depends on it."""
        seeds: dict[int, Operand] = {}
        roots: dict[int, Traced] = {}
        for node, cotangent in zip(self.nodes, cotangents, strict=True):
            is_zero = cotangent.__class__ is float and cotangent == 0.0  # it contributes nothing
            if node is not None and cotangent is not None and not is_zero:
                number = node.number
                roots[number] = node
                seeds[number] = seeds[number] + cotangent if number in seeds else cotangent
        for node in (*self.inputs, *roots.values()):
            node.grad = None
        sweep(list(roots.values()), list(seeds.values()), self.order)
        return [node.grad for node in self.inputs]

    def warn_independent_inputs(self) -> None:
        """Warn of each input on which no output depends."""
        for node, name in zip(self.inputs, self.names, strict=True):
            if node.number not in self.reached:
                warn_independent(name)


def push_forward(arguments: Arguments, moves: Sequence[Operand]) -> tuple[list[Operand], list[Operand], Rebuild]:
    """Run a function on Duals, and again if a tangent is not finite: then with a look at what is structurally 0.

    Returns:
        The outputs, their tangents (None where an output does not move), and the way back to their structure.
    """
    if all(is_finite(x) is not None for x in (*arguments.leaves, *moves)):
        run = _run_forward(arguments, moves, tracks=False)
        if all(is_finite(tangent) for tangent in run[1]):
            return run
    outputs, tangents, rebuild = _run_forward(arguments, [written(move) for move in moves], tracks=True)
    return outputs, [None if tangent is None else unwrap_scalar(select(tangent)) for tangent in tangents], rebuild


def _run_forward(
    arguments: Arguments, moves: Sequence[Operand], tracks: bool
) -> tuple[list[Operand], list[Operand], Rebuild]:
    level = fresh_level()
    duals = [make_dual(leaf, move, level, tracks) for leaf, move in zip(arguments.leaves, moves, strict=True)]
    outputs, _, rebuild = flatten(arguments.call(duals))
    mine = [x if isinstance(x, Dual) and x.level == level else None for x in outputs]
    primals = [plain(x) if dual is None else dual.value for x, dual in zip(outputs, mine, strict=True)]
    return primals, [None if dual is None else dual.moves for dual in mine], rebuild


def warn_independent(name: str) -> None:
    """Warn that the output does not depend on an input, at the line of the caller outside this package."""
    depth, frame = 1, sys._getframe(0)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE_FOLDER):
        depth, frame = depth + 1, frame.f_back
    problem = f"the output does not depend on {name}: its derivative is zero"
    warnings.warn(problem, IndependenceWarning, stacklevel=depth)


def fill_zeros(slopes: Sequence[Operand], leaves: Sequence[Operand], *others: Operand) -> list[Operand]:
    """Return the derivatives with zeros for None. No array shares memory with another one or with `others`."""
    shared = {id(x) for x in others}
    return [
        zeros_like(leaf) if slope is None else copy_if_shared(slope, shared)
        for slope, leaf in zip(slopes, leaves, strict=True)
    ]


def undefined_with(derivative: Operand, value: Operand) -> Operand:
    """Return a derivative of an output, or of its elements along the first axes, with nan where the output is nan."""
    if value.__class__ is float:
        return derivative if value == value else derivative + value
    if value.__class__ is np.ndarray and derivative.__class__ is np.ndarray and np.isnan(value).any():
        derivative = np.array(derivative)
        derivative[np.isnan(value)] = np.nan
    return derivative


def leaves_like(tree: Tree, name: str, paths: Sequence[str], leaves: Sequence[Operand], role: str) -> list[Operand]:
    """Return the leaves of a tangent or cotangent, checked against the leaves of the argument or output `name`.

    Raises:
        ShapeError: it does not have the same structure and shapes.
    """
    parts, part_paths, _ = flatten(tree, name)
    if part_paths != paths:
        raise ShapeError(f"the {role} has another structure than {name}", hint=f"give a value for {join_names(paths)}")
    values = [plain(part) for part in parts]
    for value, leaf, path in zip(values, leaves, paths, strict=True):
        if shape_of(value) != shape_of(leaf):
            raise ShapeError(f"the {role} of {path} has shape {shape_of(value)}", hint=f"{path} has {shape_of(leaf)}")
    return values
