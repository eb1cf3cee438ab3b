"""Compute every derivative of every output by every input, by backward passes or by tangents, whichever are fewer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..ops import shape_of
from ..ops.operands import Operand, Shape
from ..ops.structure import reshape, stack
from .tracing import (
    AnyFunction,
    Argnums,
    Arguments,
    ReverseTrace,
    fill_zeros,
    push_forward,
    undefined_with,
    warn_independent,
)
from .tree import Rebuild, Tree


def all_derivatives(f: AnyFunction, argnums: Argnums, mode: str | None) -> AnyFunction:
    """Return the function that `jacobian` describes."""

    def differentiated(*arguments: Tree, **keywords: object) -> Tree:
        inputs = Arguments(f, arguments, keywords, argnums)
        size = sum(_size(shape_of(leaf)) for leaf in inputs.leaves)
        if mode != "forward":
            trace = ReverseTrace(inputs)
            trace.warn_independent_inputs()
            if mode == "reverse" or sum(_size(shape_of(x)) for x in trace.outputs) <= size:
                return _pack(inputs, trace.outputs, _rows(trace, inputs), trace.rebuild)
        outputs, blocks, rebuild = _columns(inputs, size, warn=mode == "forward")
        return _pack(inputs, outputs, blocks, rebuild)

    return differentiated


def second_derivatives(value_and_grad: AnyFunction, argnums: Argnums) -> AnyFunction:
    """Return the function that `hessian` describes, from one that returns a value and its gradient."""

    def differentiated(*arguments: Tree, **keywords: object) -> Tree:
        inputs = Arguments(value_and_grad, arguments, keywords, argnums)
        size = sum(_size(shape_of(leaf)) for leaf in inputs.leaves)
        # The gradient of a linear function does not depend on its point, which is no reason for a warning.
        outputs, blocks, rebuild = _columns(inputs, size, warn=False)
        return _pack(inputs, outputs[:1] * len(outputs), blocks, rebuild)[1]

    return differentiated


def _pack(inputs: Arguments, values: Sequence[Operand], blocks: list[list[Operand]], rebuild: Rebuild) -> Operand:
    """Return blocks in the structure of the outputs and inputs, with nan where a value is nan."""
    pairs = zip(blocks, values, strict=True)
    return rebuild([inputs.pack([undefined_with(block, value) for block in row]) for row, value in pairs])


def _size(shape: Shape) -> int:
    return int(np.prod(shape))


def _basis(shape: Shape, position: int) -> Operand:
    if not shape:
        return 1.0
    flat = np.zeros(shape)
    flat.flat[position] = 1.0
    return flat


def _rows(trace: ReverseTrace, inputs: Arguments) -> list[list[Operand]]:
    """Return per output and per input a block of the Jacobian, by one backward pass per number of the outputs."""
    blocks = []
    for number, output in enumerate(trace.outputs):
        shape = shape_of(output)
        passes = []
        for position in range(_size(shape)):
            seeds: list[Operand] = [None] * len(trace.outputs)
            seeds[number] = _basis(shape, position)
            passes.append(fill_zeros(trace.pull(seeds), inputs.leaves))
        row = []
        for i, leaf in enumerate(inputs.leaves):
            full = (*shape, *shape_of(leaf))
            parts = [each[i] for each in passes]
            row.append((reshape(stack(parts), full) if parts else np.zeros(full)) if shape else parts[0])
        blocks.append(row)
    return blocks


def _columns(inputs: Arguments, size: int, warn: bool) -> tuple[list[Operand], list[list[Operand]], Rebuild]:
    """Return the outputs and the same blocks by one tangent per number of the inputs, all of them in one pass."""
    moves, start = [], 0
    for leaf in inputs.leaves:
        shape = shape_of(leaf)
        count = _size(shape)
        seeds = np.zeros((size, count))
        seeds[start : start + count] = np.eye(count)
        moves.append(seeds.reshape(size, *shape))
        start += count
    outputs, tangents, rebuild = push_forward(inputs, moves)
    if warn and all(tangent is None for tangent in tangents):
        for name in inputs.names:
            warn_independent(name)
    pairs = zip(outputs, tangents, strict=True)
    return outputs, [_column_blocks(shape_of(output), tangent, inputs.leaves) for output, tangent in pairs], rebuild


def _column_blocks(shape: Shape, tangent: Operand, leaves: Sequence[Operand]) -> list[Operand]:
    """Return one block per input from the tangents of one output, whose first axis numbers the elements of inputs."""
    start, row = 0, []
    for leaf in leaves:
        count = _size(shape_of(leaf))
        full = (*shape, *shape_of(leaf))
        if tangent is None or not count:
            row.append(np.zeros(full) if full else 0.0)
        else:
            part = tangent[start : start + count]
            last = np.transpose(part, (*range(1, 1 + len(shape)), 0)) if shape else part
            row.append(reshape(last, full) if full else part[0])
        start += count
    return [float(block) if isinstance(block, np.generic) else block for block in row]
