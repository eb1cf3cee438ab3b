"""Tensor kernels: softmax and its relatives, which neither overflow nor cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import prod as product_of

import numpy as np

from ..operands import Array, Numeric, Operand
from ..shapes import Axis, axes_of
from .arrays import subtraction_error
from .compound import log_sum_of_exponentials

MOST_IN_FIXED_POINT = 256  # elements of a sum that is added in fixed point: 20 us each
_add_up: Callable[..., Array] = np.add.reduce
_greatest: Callable[..., Array] = np.maximum.reduce
_least: Callable[..., Array] = np.minimum.reduce


def softmax(x: Numeric, axis: Axis) -> Operand:
    """Return exp(x) over its sum, without overflow. Several infinite elements that are the greatest are nan."""
    e, _, top, is_extreme = _exponentials(x, axis)
    e /= _add_up(e, axis=axis, keepdims=True)
    return np.where(_infinite_ties(x, top, axis), np.nan, e) if is_extreme else e


def exponential_share(x: Numeric, *directions: Array, axis: Axis) -> Operand:
    """Return softmax, or its derivative in directions. Infinite elements that are the greatest have equal shares."""
    e = _exponentials(x, axis)[0]
    e /= _add_up(e, axis=axis, keepdims=True)
    if len(directions) == 2:
        return _second_derivative(np.asarray(x), e, *directions, axis)
    return _derivative_of_shares(e, directions, axis) if directions else e


def _derivative_of_shares(p: Array, directions: Sequence[Array], axis: Axis) -> Operand:
    """Return the derivative of the shares in directions, by Leibniz' rule for p times the first deviation."""
    first, *others = directions
    away = deviation(first, p, axis)
    if not others:
        away *= p
        return away
    total = _derivative_of_shares(p, others, axis) * away
    for count in range(len(others)):
        for chosen in combinations(range(len(others)), count):
            kept = [others[i] for i in chosen]
            moved = [other for i, other in enumerate(others) if i not in chosen]
            shift = _add_up(_derivative_of_shares(p, moved, axis) * away, axis=axis, keepdims=True)
            total -= (_derivative_of_shares(p, kept, axis) if kept else p) * shift
    return total


def _second_derivative(x: Array, p: Array, t: Array, w: Array, axis: Axis) -> Array:
    """Return the second derivative of the shares, whose factors 1 - p and 1 - 2p do not cancel.

    With sums over the other elements k != i it is p[i] times t[i] w[i] (1 - p[i]) (1 - 2p[i]) - sum p[k] (1 - 2p[k])
    t[k] w[k] - (1 - 2p[i]) (t[i] sum p[k] w[k] + w[i] sum p[k] t[k]) + 2 sum p[k] p[l] t[k] w[l] over l != k.
    """
    axes = axes_of(axis, x.ndim)
    last = range(-len(axes), 0)
    count = product_of([x.shape[i] for i in axes])
    if count < 2:
        return np.zeros(x.shape)
    moved = [np.moveaxis(each, axes, last) for each in (x, p, t, w)]
    x, p, t, w = [each.reshape(-1, count) for each in moved]
    rows = np.arange(len(x))
    below, rest = x.copy(), p.copy()
    greatest = rows, x.argmax(axis=-1)
    below[greatest], rest[greatest] = -np.inf, 0.0
    second = rows, below.argmax(axis=-1)
    rest[second] = 0.0
    left = rest.sum(axis=-1)
    gap = np.where(x[second] == x[greatest], 0.0, -p[greatest] * np.expm1(x[second] - x[greatest]))
    other, half = 1.0 - p, 1.0 - 2.0 * p
    other[greatest] = p[second] + left
    half[greatest], half[second] = left - gap, left + gap

    def others(terms: Array) -> Operand:
        """Return the sums of all terms of a row but each, without cancellation at the greatest element."""
        sums = terms.sum(axis=-1, keepdims=True) - terms
        small = terms.copy()
        small[greatest] = 0.0
        sums[greatest] = small.sum(axis=-1)
        return sums

    own_t, own_w = p * t, p * w
    all_t, all_w = others(own_t), others(own_w)
    out = t * w * other * half - others(own_t * half * w) - half * (t * all_w + w * all_t)
    out += 2.0 * (all_t * all_w - others(own_t * own_w))
    return np.moveaxis((out * p).reshape(moved[0].shape), last, axes)


def logsumexp(x: Numeric, axis: Axis, keepdims: bool) -> Operand:
    """Return log of the sum of exp(x), without overflow, and of a few numbers in fixed point where it vanishes."""
    e, greatest, top, is_extreme = _exponentials(x, axis)
    above = np.log1p(_sum_of_others(np.equal(x, top), e, greatest, axis))
    total = top + above
    if is_extreme:
        total = np.where(np.isinf(top), top, total)
    cancels = np.abs(total) < 0.7 * above
    if cancels.any():
        total = _sum_in_fixed_point(np.asarray(x), total, cancels & (top < 0.0), axis)
    return total if keepdims else total.reshape(np.shape(_add_up(e, axis=axis)))


def log_softmax(x: Numeric, axis: Axis) -> Operand:
    """Return the logarithm of softmax, without overflow or cancellation."""
    e, greatest, top, is_extreme = _exponentials(x, axis)
    is_greatest = np.equal(x, top)
    above = np.log1p(_sum_of_others(is_greatest, e, greatest, axis))
    out = np.subtract(x, top, out=e)
    if is_extreme:
        out[is_greatest] = 0.0
        out[_infinite_ties(x, top, axis)] = np.nan
    out -= above
    return out


def _exponentials(x: Numeric, axis: Axis) -> tuple[Array, Operand, Array, bool]:
    """Return exp(x), or that over the greatest along the axis if it could leave the range of floats.

    Returns:
        the exponentials, the greatest of them, its logarithm, and whether there may be infinite elements. An infinite
        one less itself is 0.
    """
    top = _greatest(x, axis=axis, keepdims=True, initial=-np.inf)
    if np.size(x) and _least(x, axis=None) > -700.0 and _greatest(top, axis=None) < 600.0:
        return np.exp(x, out=np.empty(np.shape(x))), np.exp(top), top, False
    shifted = np.where(np.isinf(top) & np.equal(x, top), 0.0, x - top)
    e = np.exp(shifted)
    # What the subtraction lost counts: exp magnifies it.
    return np.asarray(e + e * subtraction_error(x, top)), 1.0, top, True


def _infinite_ties(x: Numeric, top: Array, axis: Axis) -> Operand:
    """Return which elements are infinite and the greatest along the axis, if there are several."""
    tied = np.equal(x, top) & np.isinf(top)
    return tied & (_add_up(tied, axis=axis, keepdims=True) > 1)


def _sum_of_others(is_greatest: Array, e: Array, greatest: Operand, axis: Axis) -> Operand:
    """Return the sum of the exponentials over the greatest, less the 1 of that one. It spoils `e`."""
    np.copyto(e, 0.0, where=is_greatest)
    others = _add_up(e, axis=axis, keepdims=True)
    others /= greatest
    others += _add_up(is_greatest, axis=axis, keepdims=True) - 1.0
    return others


def _sum_in_fixed_point(x: Array, total: Array, cancels: Array, axis: Axis) -> Array:
    """Return logarithms of sums of exponentials near 1, of a few elements each."""
    axes = axes_of(axis, x.ndim)
    rows = np.moveaxis(x, axes, range(-len(axes), 0)).reshape(total.size, -1)
    if rows.shape[1] <= MOST_IN_FIXED_POINT:
        flat = total.reshape(-1)
        for i in np.flatnonzero(cancels):
            flat[i] = log_sum_of_exponentials(rows[i].tolist())
    return total


def deviation(t: Numeric, weights: Numeric, axis: Axis) -> Operand:
    """Return t less its weighted mean. An element with more than half of the weight is first taken from all of t."""
    total = _add_up(weights, axis=axis, keepdims=True)
    if _has_heavy(weights, total, axis):
        t = t - _add_up(np.where(weights > 0.5 * total, t, 0.0), axis=axis, keepdims=True)
    out = np.multiply(weights, t, out=np.empty(np.shape(weights)))
    return np.subtract(t, _add_up(out, axis=axis, keepdims=True) / total, out=out)


def excess(g: Numeric, weights: Numeric, axis: Axis) -> Operand:
    """Return g less its sum shared by weight, without cancellation at an element with more than half of the weight."""
    total = _add_up(weights, axis=axis, keepdims=True)
    share = _add_up(g, axis=axis, keepdims=True) / total
    out = np.multiply(weights, share, out=np.empty(np.shape(weights)))
    np.subtract(g, out, out=out)
    if not _has_heavy(weights, total, axis):
        return out
    heaviest = weights > 0.5 * total
    rest = _add_up(np.where(heaviest, 0.0, weights), axis=axis, keepdims=True)
    others = _add_up(np.where(heaviest, 0.0, g), axis=axis, keepdims=True)
    return np.where(heaviest, (g * rest - weights * others) / total, out)


def _has_heavy(weights: Numeric, total: Operand, axis: Axis) -> bool:
    """Return whether an element has more than half of the weight."""
    return bool((_greatest(weights, axis=axis, keepdims=True, initial=0.0) > 0.5 * total).any())
