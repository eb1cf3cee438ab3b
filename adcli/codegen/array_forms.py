"""Write operations on arrays with other operations on arrays, for targets that lack them.

The forms neither overflow nor cancel more than the kernels, up to two exceptions: `logsumexp` keeps 1e-16 where it
vanishes, and derivatives of softmax of the second order and above lose digits where one element outweighs the others.
"""

from __future__ import annotations

from itertools import combinations, permutations
from math import prod as product_of

from ..ops.arithmetic import absolute, both, eq, gt, lt, maximum, where
from ..ops.elementary import exp, log1p, sqrt, subtraction_error
from ..ops.linear import det, logabsdet, sign_det
from ..ops.operands import Operand, Rule, Shape, shape_of
from ..ops.reductions import amax, deviation, exponential_share, norm, softmax, sum_
from ..ops.shapes import Axis, axes_of, broadcast_shape
from ..ops.structure import broadcast_to, concatenate, diag_embed, diagonal, getitem, reshape, stack

INFINITE, UNDEFINED = float("inf"), float("nan")


def _total(x: Operand, axis: Axis) -> Operand:
    return sum_(x, axis=axis, keepdims=True)


def _greatest(x: Operand, axis: Axis) -> Operand:
    return amax(x, axis=axis, keepdims=True)


def _count(x: Operand, axis: Axis) -> int:
    shape = shape_of(x)
    return product_of([shape[i] for i in axes_of(axis, len(shape))])


def _mean(x: Operand, axis: Axis, keepdims: bool) -> Operand:
    return sum_(x, axis=axis, keepdims=keepdims) / float(_count(x, axis))


def _sum_to(x: Operand, shape: Shape) -> Operand:
    old = shape_of(x)
    lead = len(old) - len(shape)
    axes = (*range(lead), *(i + lead for i, n in enumerate(shape) if n != old[i + lead]))
    return reshape(sum_(x, axis=axes) if axes else x, shape)


def _diag(x: Operand) -> Operand:
    return diag_embed(x) if len(shape_of(x)) == 1 else diagonal(x)


def _count_share(x: Operand, extreme: Operand, axis: Axis) -> Operand:
    return 1.0 / maximum(_total(where(eq(x, extreme), 1.0, 0.0), axis), 1.0)


def _norm(x: Operand, axis: Axis, keepdims: bool) -> Operand:
    total = sum_(x * x, axis=axis, keepdims=keepdims)
    if not _count(x, axis):
        return total
    size = _greatest(absolute(x), axis)
    scale = where(both(gt(size, 0.0), lt(size, INFINITE)), size, 1.0)
    part = x / scale
    scaled = reshape(sqrt(_total(part * part, axis)) * scale, shape_of(total))
    return where(both(gt(total, 1e-280), lt(total, 1e280)), sqrt(total), scaled)


def _unit(x: Operand, axis: Axis) -> Operand:
    length = norm(x, axis=axis, keepdims=True)
    return where(eq(length, 0.0), 0.0, x / length)


def _across(t: Operand, x: Operand, axis: Axis) -> Operand:
    square = x * x
    length = _total(square, axis)
    # Where one element is longer than the others together, 1 - x[i]**2 would cancel.
    is_longest = gt(square, 0.5 * length)
    others = where(is_longest, 0.0, x)
    along = _total(where(is_longest, t, 0.0), axis)
    kept = _total(others * (others * along), axis)
    lost = _total(others * t, axis)
    return where(is_longest, (kept - x * lost) / length, t - x * (_total(x * t, axis) / length))


def _deviation(t: Operand, weights: Operand, axis: Axis) -> Operand:
    total = _total(weights, axis)
    away = t - _total(where(gt(weights, 0.5 * total), t, 0.0), axis)
    return away - _total(weights * away, axis) / total


def _excess(g: Operand, weights: Operand, axis: Axis) -> Operand:
    total = _total(weights, axis)
    is_heaviest = gt(weights, 0.5 * total)
    rest = _total(where(is_heaviest, 0.0, weights), axis)
    others = _total(where(is_heaviest, 0.0, g), axis)
    return where(is_heaviest, (g * rest - weights * others) / total, g - weights * (_total(g, axis) / total))


def _exponentials(x: Operand, axis: Axis) -> tuple[Operand, Operand]:
    """Return exp(x) over the greatest along the axis, and its logarithm. What the subtraction lost counts."""
    top = _greatest(x, axis)
    e = exp(where(eq(x, top), 0.0, x - top))
    return e + e * subtraction_error(x, top), top


def _softmax(x: Operand, axis: Axis) -> Operand:
    if not _count(x, axis):
        return x
    e, _ = _exponentials(x, axis)
    return e / _total(e, axis)


def _log_of_sum(x: Operand, axis: Axis) -> tuple[Operand, Operand]:
    """Return the greatest element, and the logarithm of the sum of the exponentials less that."""
    e, top = _exponentials(x, axis)
    is_top = eq(x, top)
    others = _total(where(is_top, 0.0, e), axis) + (_total(where(is_top, 1.0, 0.0), axis) - 1.0)
    return top, log1p(others)


def _logsumexp(x: Operand, axis: Axis, keepdims: bool) -> Operand:
    top, above = _log_of_sum(x, axis)
    result = where(eq(absolute(top), INFINITE), top, top + above)
    return result if keepdims else reshape(result, shape_of(sum_(x, axis=axis)))


def _log_softmax(x: Operand, axis: Axis) -> Operand:
    if not _count(x, axis):
        return x
    top, above = _log_of_sum(x, axis)
    return where(eq(x, top), 0.0, x - top) - above


def _exponential_share(x: Operand, *directions: Operand, axis: Axis) -> Operand:
    """Return softmax, or its derivative in directions by Leibniz' rule for p times the first deviation."""
    p = softmax(x, axis=axis)
    if not directions:
        return p
    first, *others = directions
    away = deviation(first, p, axis=axis)
    total = (exponential_share(x, *others, axis=axis) if others else p) * away
    for count in range(len(others)):
        for chosen in combinations(range(len(others)), count):
            kept = [others[i] for i in chosen]
            moved = [other for i, other in enumerate(others) if i not in chosen]
            shift = _total(exponential_share(x, *moved, axis=axis) * away, axis)
            total = total - (exponential_share(x, *kept, axis=axis) if kept else p) * shift
    return total


def _cofactor(a: Operand, *directions: Operand) -> Operand:
    """Return the signed determinants of the minors. In directions, rows of them are replaced."""
    n = shape_of(a)[-1]
    shape = broadcast_shape(*map(shape_of, (a, *directions)))
    if len(directions) >= n:
        return broadcast_to(0.0, shape)
    rows = []
    for i in range(n):
        row = [_signed_minor(i, j, shape, a, *directions) for j in range(n)]
        rows.append(stack(*row, axis=-1))
    return stack(*rows, axis=-2)


def _signed_minor(i: int, j: int, shape: Shape, a: Operand, *directions: Operand) -> Operand:
    n = shape[-1]
    minor, *moves = [_without(i, j, broadcast_to(each, shape)) for each in (a, *directions)]
    if n == 1:
        return broadcast_to(1.0, shape[:-2])
    total: Operand = None
    for places in permutations(range(n - 1), len(moves)):
        parts = [_row(minor if k not in places else moves[places.index(k)], k) for k in range(n - 1)]
        term = det(stack(*parts, axis=-2) if places else minor)
        total = term if total is None else total + term
    return -total if (i + j) % 2 else total


def _row(matrix: Operand, k: int) -> Operand:
    return getitem(matrix, (Ellipsis, k, slice(None)))


def _without(i: int, j: int, matrix: Operand) -> Operand:
    """Return matrices without a row and a column."""
    whole = slice(None)
    above, below = slice(0, i), slice(i + 1, None)
    left, right = slice(0, j), slice(j + 1, None)
    rows = concatenate(getitem(matrix, (Ellipsis, above, whole)), getitem(matrix, (Ellipsis, below, whole)), axis=-2)
    return concatenate(getitem(rows, (Ellipsis, left)), getitem(rows, (Ellipsis, right)), axis=-1)


def _logdet(a: Operand) -> Operand:
    return where(gt(sign_det(a), 0.0), logabsdet(a), UNDEFINED)


def _spread(x: Operand, y: Operand) -> Operand:
    """Return all products of the elements of two vectors."""
    return reshape(x, (*shape_of(x), 1)) * reshape(y, (*shape_of(y)[:-1], 1, shape_of(y)[-1]))


ARRAY_FORMS: dict[str, Rule] = {
    "mean": _mean,
    "sum_to": _sum_to,
    "diag": _diag,
    "outer": _spread,
    "trace": lambda x: sum_(diagonal(x), axis=-1),
    "count_share": _count_share,
    "norm": _norm,
    "unit": _unit,
    "across": _across,
    "deviation": _deviation,
    "excess": _excess,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "logsumexp": _logsumexp,
    "exponential_share": _exponential_share,
    "cofactor": _cofactor,
    "logdet": _logdet,
}
"""By the name of an operation its definition, a function of the arguments with the parameters as keywords."""
