"""NumPy's sums, products, extremes, norms and running sums."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod as product_of
from operator import index

import numpy as np

from .. import arithmetic
from .. import reductions as ops
from ..carrier import Carrier
from ..operands import Operand, Rule, shape_of
from ..shapes import Axis, axes_of
from ..structure import concatenate, reshape
from .binding import operand, translates


def read_axis(a: Operand, axis: Operand) -> Axis:
    """Return an axis or axes as whole numbers. Of a number NumPy takes the axes 0 and -1 too."""
    if axis is None:
        return None
    if isinstance(axis, Carrier):
        raise TypeError(f"an axis is a whole number, not a {type(axis).__name__}: adcli.max compares two arrays")
    axes = tuple(index(each) for each in axis) if isinstance(axis, (list, tuple)) else index(axis)
    return None if not shape_of(a) and axes in (0, -1, (0,), (-1,)) else axes


def along(x: Operand, axis: int, part: Operand) -> Operand:
    """Return the part of an array along one axis."""
    return x[(*[slice(None)] * axis, part)]


def _masked(a: Operand, where: Operand, fill: Operand) -> Operand:
    return a if where is True else arithmetic.where(operand(where), a, fill)


def _count(a: Operand, axis: Axis, keepdims: bool, where: Operand) -> Operand:
    """Return how many elements are reduced to one."""
    shape = shape_of(a)
    if where is True:
        return product_of([shape[i] for i in axes_of(axis, len(shape))])
    return ops.sum_(arithmetic.where(operand(where), np.ones(shape), 0.0), axis, keepdims)


@translates("sum")
def sum_(
    a: Operand, axis: Axis = None, keepdims: bool = False, initial: Operand = None, where: Operand = True
) -> Operand:
    """Return the sum of the elements that `where` selects, and of `initial`."""
    a = operand(a)
    total = ops.sum_(_masked(a, where, 0.0), read_axis(a, axis), bool(keepdims))
    return total if initial is None else total + initial


@translates("prod")
def prod(
    a: Operand, axis: Axis = None, keepdims: bool = False, initial: Operand = None, where: Operand = True
) -> Operand:
    """Return the product of the elements that `where` selects, and of `initial`."""
    a = operand(a)
    product = ops.prod(_masked(a, where, 1.0), read_axis(a, axis), bool(keepdims))
    return product if initial is None else product * initial


def _extreme(reduction: Rule, pair: Rule, worst: float) -> Rule:
    def extreme(
        a: Operand, axis: Axis = None, keepdims: bool = False, initial: Operand = None, where: Operand = True
    ) -> Operand:
        a = operand(a)
        if where is not True and initial is None:
            raise ValueError("a maximum or minimum with where= needs initial=, as in NumPy")
        result = reduction(_masked(a, where, worst), read_axis(a, axis), bool(keepdims))
        return result if initial is None else pair(result, initial)

    return extreme


greatest = translates("max", "amax")(_extreme(ops.amax, arithmetic.maximum, -np.inf))
least = translates("min", "amin")(_extreme(ops.amin, arithmetic.minimum, np.inf))


@translates("mean")
def mean(a: Operand, axis: Axis = None, keepdims: bool = False, where: Operand = True) -> Operand:
    """Return the mean of the elements that `where` selects."""
    a = operand(a)
    axis = read_axis(a, axis)
    if where is True:
        return ops.mean(a, axis, bool(keepdims))
    return sum_(a, axis, keepdims, where=where) / _count(a, axis, bool(keepdims), where)


@translates("var")
def var(
    a: Operand,
    axis: Axis = None,
    ddof: float = 0,
    keepdims: bool = False,
    where: Operand = True,
    mean: Operand = None,
    correction: float | None = None,
) -> Operand:
    """Return the variance. `correction` is another name of `ddof`."""
    a = operand(a)
    axis = read_axis(a, axis)
    center = _mean(a, axis, keepdims=True, where=where) if mean is None else mean
    squares = sum_(arithmetic.square(a - center), axis, keepdims, where=where)
    count = _count(a, axis, bool(keepdims), where)
    return squares / np.maximum(count - (ddof if correction is None else correction), 0.0)


_mean = mean


@translates("std")
def std(
    a: Operand,
    axis: Axis = None,
    ddof: float = 0,
    keepdims: bool = False,
    where: Operand = True,
    mean: Operand = None,
    correction: float | None = None,
) -> Operand:
    """Return the square root of the variance, as a norm, which has the slope 0 where all elements are equal."""
    a = operand(a)
    axis = read_axis(a, axis)
    center = _mean(a, axis, keepdims=True, where=where) if mean is None else mean
    length = ops.norm(_masked(a - center, where, 0.0), axis, bool(keepdims))
    count = _count(a, axis, bool(keepdims), where) - (ddof if correction is None else correction)
    return length / np.sqrt(np.maximum(count, 0.0))


@translates("ptp")
def ptp(a: Operand, axis: Axis = None, keepdims: bool = False) -> Operand:
    """Return the greatest minus the least."""
    return greatest(a, axis, keepdims) - least(a, axis, keepdims)


@translates("average")
def average(
    a: Operand, axis: Axis = None, weights: Operand = None, returned: bool = False, keepdims: bool = False
) -> Operand:
    """Return the weighted mean. Weights of one axis may have only this axis."""
    a = operand(a)
    axis = read_axis(a, axis)
    if weights is None:
        weights = np.ones(shape_of(a))
    weights = operand(weights)
    if shape_of(weights) != shape_of(a):
        if not isinstance(axis, int) or shape_of(weights) != (shape_of(a)[axis],):
            raise ValueError(f"weights of shape {shape_of(weights)} for an array of shape {shape_of(a)}")
        (place,) = axes_of(axis, len(shape_of(a)))
        weights = reshape(weights, tuple(n if i == place else 1 for i, n in enumerate(shape_of(a))))
        weights = weights + np.zeros(shape_of(a))
    total = sum_(weights, axis, keepdims)
    result = sum_(a * weights, axis, keepdims) / total
    return (result, total) if returned else result


# ---------------------------------------------------------------- running sums, differences


def accumulate(x: Operand, axis: Axis, combine: Rule) -> Operand:
    """Return the running results of an associative operation. Each step doubles how far back they reach."""
    x = operand(x)
    if axis is None or not shape_of(x):
        x, axis = reshape(x, (-1,)), 0
    (place,) = axes_of(axis, len(shape_of(x)))
    count, reach = shape_of(x)[place], 1
    while reach < count:
        combined = combine(along(x, place, slice(None, -reach)), along(x, place, slice(reach, None)))
        x = concatenate(along(x, place, slice(None, reach)), combined, axis=place)
        reach *= 2
    return x


@translates("cumsum")
def cumsum(a: Operand, axis: Axis = None) -> Operand:
    """Return the running sums."""
    return accumulate(a, axis, arithmetic.add)


@translates("cumprod")
def cumprod(a: Operand, axis: Axis = None) -> Operand:
    """Return the running products."""
    return accumulate(a, axis, arithmetic.mul)


def _cumulative(combine: Rule, start: Rule) -> Rule:
    def cumulative(x: Operand, axis: int | None = None, include_initial: bool = False) -> Operand:
        if axis is None and len(shape_of(x)) > 1:
            raise ValueError("give axis= for an array of more than one axis")
        result = accumulate(x, axis, combine)
        if not include_initial:
            return result
        (place,) = axes_of(0 if axis is None else axis, len(shape_of(result)))
        first = start(tuple(1 if i == place else n for i, n in enumerate(shape_of(result))))
        return concatenate(first, result, axis=place)

    return cumulative


translates("cumulative_sum")(_cumulative(arithmetic.add, np.zeros))
translates("cumulative_prod")(_cumulative(arithmetic.mul, np.ones))


@translates("diff")
def diff(a: Operand, n: int = 1, axis: int = -1, prepend: Operand = None, append: Operand = None) -> Operand:
    """Return the differences of neighbours, n times."""
    a = operand(a)
    (place,) = axes_of(axis, len(shape_of(a)))
    thin = tuple(1 if i == place else size for i, size in enumerate(shape_of(a)))
    ends = [x if x is None or shape_of(operand(x)) else operand(x) + np.zeros(thin) for x in (prepend, append)]
    parts = [part for part in (ends[0], a, ends[1]) if part is not None]
    x = concatenate(*parts, axis=place) if len(parts) > 1 else a
    for _ in range(n):
        x = along(x, place, slice(1, None)) - along(x, place, slice(None, -1))
    return x


@translates("trapezoid", "trapz")
def trapezoid(y: Operand, x: Operand = None, dx: Operand = 1.0, axis: int = -1) -> Operand:
    """Return the integral along an axis by the trapezoidal rule."""
    y = operand(y)
    (place,) = axes_of(axis, len(shape_of(y)))
    if x is not None:
        x = operand(x)
        dx = diff(x, axis=axis if len(shape_of(x)) > 1 else -1)
        if len(shape_of(x)) == 1:
            dx = reshape(dx, tuple(-1 if i == place else 1 for i in range(len(shape_of(y)))))
    heights = along(y, place, slice(1, None)) + along(y, place, slice(None, -1))
    return ops.sum_(dx * heights / 2.0, place)


@translates("gradient")
def gradient(f: Operand, *varargs: Operand, axis: Axis = None, edge_order: int = 1) -> Operand:
    """Return central differences, and one-sided ones at the ends, for equal distances."""
    f = operand(f)
    axes = axes_of(tuple(axis) if isinstance(axis, list) else axis, len(shape_of(f)))
    steps: Sequence[Operand] = varargs * len(axes) if len(varargs) == 1 else varargs or [1.0] * len(axes)
    if len(steps) != len(axes) or any(shape_of(operand(step)) for step in steps):
        raise TypeError("np.gradient of Values, Duals and symbols takes one distance per axis, not coordinates")
    slopes = [_differences(f, place, step, edge_order) for place, step in zip(axes, steps, strict=True)]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def _differences(f: Operand, place: int, step: Operand, edge_order: int) -> Operand:
    if shape_of(f)[place] < edge_order + 1:
        raise ValueError(f"np.gradient needs at least {edge_order + 1} elements along each axis")

    def at(start: int, stop: int | None = None) -> Operand:
        return along(f, place, slice(start, stop))

    inner = (at(2) - at(0, -2)) / (2.0 * step)
    if edge_order == 1:
        ends = [(at(1, 2) - at(0, 1)) / step, (at(-1) - at(-2, -1)) / step]
    else:
        ends = [
            (2.0 * at(1, 2) - 1.5 * at(0, 1) - 0.5 * at(2, 3)) / step,
            (1.5 * at(-1) - 2.0 * at(-2, -1) + 0.5 * at(-3, -2)) / step,
        ]
    return concatenate(ends[0], inner, ends[1], axis=place)
