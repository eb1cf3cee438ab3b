"""Blocks of Jacobians and Hessians of formulas of arrays, computed on the carriers of `eager.functional`.

One batched forward pass of n tangents is faster than n sweeps over the graph.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..eager import functional
from ..eager.replay import replay
from ..ops.operands import Array, Numeric, Operand
from .lowered import Lowered


def jacobian_blocks(
    lowered: Lowered, inputs: Mapping[str, Numeric], wrt: Sequence[str], mode: str | None = None
) -> list[Numeric]:
    """Return per variable every element of the result by every element of the variable.

    Returns:
        Arrays of the shape of the result followed by that of the variable.
    """
    if not wrt:
        return []
    blocks = _quietly(functional.jacobian(play(lowered), _indices(lowered, wrt), mode=mode), lowered, inputs)
    return [_unsigned_zeros(block) for block in blocks]


def jacobian_rows(
    lowered: Lowered, inputs: Mapping[str, Numeric], wrt: Sequence[str], mode: str | None = "reverse"
) -> list[Numeric]:
    """Return the derivatives of every result by every variable, one result after the other."""
    blocks = jacobian_blocks(lowered, inputs, wrt, mode)
    if not lowered.is_vector:
        return blocks
    return [_unsigned_zeros(np.asarray(block)[index]) for index in range(len(lowered.results)) for block in blocks]


def products(
    lowered: Lowered, inputs: Mapping[str, Numeric], directions: Mapping[str, str], wrt: Sequence[str] | None = None
) -> list[Numeric]:
    """Return the derivative of every result in a direction, or with `wrt` the Hessian of a number times a vector."""
    moves = tuple([inputs[directions[name]] if name in directions else None for name in lowered.variables])
    product = functional.jvp if wrt is None else functional.hvp

    def along(*point: Operand) -> Operand:
        return product(play(lowered), point, moves)

    if wrt is None:
        tangent = _quietly(along, lowered, inputs)[1]
        return [_unsigned_zeros(x) for x in tangent] if lowered.is_vector else [_unsigned_zeros(tangent)]
    found = _quietly(along, lowered, inputs)
    return [_unsigned_zeros(found[lowered.variables.index(name)]) for name in wrt]


def hessian_blocks(lowered: Lowered, inputs: Mapping[str, Numeric], wrt: Sequence[str]) -> list[Numeric]:
    """Return the second derivatives of a number, a block for each pair of variables, symmetric to the last bit.

    Returns:
        Arrays of the shape of the first variable followed by that of the second, pairs as in a lower triangle read by
        columns.
    """
    if not wrt:
        return []
    rows = _quietly(functional.hessian(play(lowered), _indices(lowered, wrt)), lowered, inputs)
    blocks = []
    for column, other in enumerate(wrt):
        for row, name in enumerate(wrt[column:], column):
            shape, across = np.shape(inputs[name]), np.shape(inputs[other])
            flat = np.reshape(rows[row][column], (int(np.prod(shape)), int(np.prod(across))))
            if row == column:
                flat = np.tril(flat) + np.tril(flat, -1).T
            blocks.append(_unsigned_zeros(flat.T.reshape(across + shape)))
    return blocks


def play(lowered: Lowered) -> Callable[..., Operand]:
    """Return the formula as a function of its variables, for whatever operations take."""
    return replay(lowered.graph, lowered.result.row, lowered.variables)


def _indices(lowered: Lowered, wrt: Sequence[str]) -> tuple[int, ...]:
    return tuple([lowered.variables.index(name) for name in wrt])


def _quietly(function: Callable[..., Operand], lowered: Lowered, inputs: Mapping[str, Numeric]) -> Operand:
    """Call without a warning of variables that the result does not depend on: their derivatives are zeros."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", functional.IndependenceWarning)
        return function(*[inputs[name] for name in lowered.variables])


def _unsigned_zeros(x: Numeric) -> Numeric:
    """Return a float, or a float64 array that shares no memory, with 0.0 for -0.0.

    An element that a tangent of 0 makes, times a negative number, is -0.0: a sign without a meaning.
    """
    array: Array = np.asarray(np.add(x, 0.0), dtype=np.float64)
    return array if array.shape else float(array)
