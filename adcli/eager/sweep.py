"""Run the backward pass over the nodes of a graph of Values."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from ..ops import Op
from ..ops.arithmetic import add, mul
from ..ops.on_arrays import FLOAT, run_quietly
from ..ops.operands import Operand, float_array
from ..ops.real import on_numbers
from ..ops.rules import BackwardSweep, pull
from ..ops.support import is_finite, written
from .levels import plain, unwrap_scalar

SCALAR_KINDS = frozenset((float, bool))
PLAIN_KINDS = SCALAR_KINDS | {np.ndarray}

# A node's inputs have smaller numbers than the node, so no topological sort is needed.
get_number = attrgetter("number")


def nodes_below(roots: list[Operand]) -> list[Operand]:
    """Return every node from which the roots are computed, in order of evaluation.

    A root itself is left out unless another root is computed from it.
    """
    below: list[Operand] = []
    if not roots:
        return below
    visited: set[int] = set()
    stack = list(roots)
    family, level = roots[0].family, roots[0].level
    while stack:
        for x in stack.pop().inputs:
            if x.__class__ in family and x.number not in visited and x.level == level:
                visited.add(x.number)
                below.append(x)
                if x.op is not None:
                    stack.append(x)
    below.sort(key=get_number)
    return below


def sweep(roots: list[Operand], seeds: list[Operand], order: list[Operand]) -> bool:
    """Fill `grad` of the roots and of the nodes below them, with None where no cotangent arrives.

    Args:
        roots: the results.
        seeds: the cotangent of each root.
        order: the nodes below the roots, from `nodes_below`.

    Returns:
        Whether there are arrays (or carriers) among the gradients, which may share their memory.
    """
    kinds = {node.value.__class__ for node in order}
    if not kinds <= PLAIN_KINDS:
        for node in order:
            if node.op is None:
                node.value = plain(node.value)  # the user may have set it
        kinds = {node.value.__class__ for node in order}
    for node in order:
        node.grad = None
    if not roots:
        return False
    if len(roots) == 1:
        [root], [seed] = roots, seeds
        are_floats = kinds <= SCALAR_KINDS and root.value.__class__ is float and seed.__class__ is float
        if are_floats and {node.__class__ for node in order} <= {root.__class__}:
            root.grad = seed
            if seed:  # a 0 that is given contributes nothing
                _scalar_sweep(root, order)
            return False
        tape = [*order, root]
    else:
        below = {node.number for node in order}
        tape = [*order, *[root for root in roots if root.number not in below]]
        tape.sort(key=get_number)
    kinds.update([root.value.__class__ for root in roots], [seed.__class__ for seed in seeds])
    at_once = kinds <= PLAIN_KINDS or all(is_finite(root.value) is not None for root in roots)
    if not (at_once and run_quietly(_array_sweep, roots, seeds, tape, True)):
        run_quietly(_array_sweep, roots, seeds, tape, False)
    return True


def _array_sweep(roots: list[Operand], seeds: list[Operand], tape: list[Operand], at_once: bool) -> bool:
    """Run the pass on arrays and carriers, at first without a look at what is structurally 0.

    Returns:
        Whether the gradients of all leaves are finite. Only one that is not can be wrong, because a cotangent that is
        not finite makes no finite one.
    """
    general = BackwardSweep(at_once, tracks=not at_once)
    for root, seed in zip(roots, seeds, strict=True):
        is_truth = seed.__class__ is np.ndarray and seed.dtype != FLOAT  # True + True would be True
        cotangent = float_array(seed) if is_truth else seed
        general.add(root.number, cotangent if at_once else written(cotangent))
    family, level = roots[0].family, roots[0].level
    cotangents = general.cotangents
    for node in reversed(tape):
        number = node.number
        grad = cotangents.get(number) if at_once else general.selected(number)
        if grad is None:
            node.grad = None
            continue
        node.grad = grad = unwrap_scalar(grad)
        if node.op is None:
            if at_once and not is_finite(grad):
                return False
            continue
        arguments, keys = [], []
        for x in node.inputs:
            mine = x.__class__ in family and x.level == level
            arguments.append(x.value if mine else x)
            keys.append(x.number if mine else None)
        general.step(number, node.op, node.value, arguments, keys)
    return True


def _scalar_sweep(root: Operand, order: list[Operand]) -> None:
    """Run the pass where every value is a float. The two commonest operations are written in line for speed."""
    kind = root.__class__
    for node in [root, *reversed(order)]:
        cotangent, op = node.grad, node.op
        if cotangent is None or op is None:
            continue
        inputs = node.inputs
        if op is add:
            for x in inputs:
                if x.__class__ is kind:
                    x.grad = cotangent if x.grad is None else x.grad + cotangent
            continue
        if op is mul:
            x, y = inputs
            if x.__class__ is kind:
                term = cotangent * (y.value if y.__class__ is kind else y)
                x.grad = term if x.grad is None else x.grad + term
            if y.__class__ is kind:
                term = cotangent * (x.value if x.__class__ is kind else x)
                y.grad = term if y.grad is None else y.grad + term
            continue
        arguments = [x.value if x.__class__ is kind else x for x in inputs]
        out = node.value
        if op.pulls is not None:
            _tensor_step(op, cotangent, out, inputs, arguments, kind)
            continue
        for position, x in enumerate(inputs):
            partial = op.partials[0 if op.variadic else position]
            if x.__class__ is not kind or partial is None:
                continue
            if op.picks is not None and (pick := op.pick(position)) is not None and not pick(out, *arguments):
                continue
            term = cotangent * (on_numbers(partial, out, arguments) if callable(partial) else partial)
            x.grad = term if x.grad is None else x.grad + term


def _tensor_step(
    op: Op,
    cotangent: float,
    out: float,
    inputs: Sequence[Operand],
    arguments: Sequence[Operand],
    kind: type[Operand],
) -> None:
    """Add the contributions of a tensor operation that was applied to numbers, such as a sum of one."""
    for x, term in zip(inputs, pull(op, cotangent, out, arguments), strict=True):
        if x.__class__ is kind and term is not None:
            x.grad = unwrap_scalar(term) if x.grad is None else x.grad + unwrap_scalar(term)
