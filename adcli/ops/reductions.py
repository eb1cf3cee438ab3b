"""The table, fifth part: sums, products, extremes and norms of all elements or along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod as product_of

from ..errors import ShapeError
from .arithmetic import eq, where
from .domain import Kink
from .elementary import exp
from .kernels import tensor_kernel
from .op import Op
from .operands import Call, Operand, Shape, is_list, shape_of
from .shapes import Axis, axes_of, kept_shape, reduced_shape, shape_text, shrunk_shape
from .structure import broadcast_to, concatenate, reshape, transpose


def _extreme_shape(shape: Shape, axis: Axis, keepdims: bool) -> Shape:
    if any(shape[i] == 0 for i in axes_of(axis, len(shape))):
        raise ShapeError(f"nothing to choose from: the shape is {shape_text(shape)}")
    return reduced_shape(shape, axis, keepdims)


def _shape_along_axis(shape: Shape, axis: Axis = None) -> Shape:
    axes_of(axis, len(shape))
    return shape


def _expand(x: Operand, like: Operand, axis: Axis) -> Operand:
    """Return a reduced array with its axes back, at size 1."""
    return reshape(x, kept_shape(shape_of(like), axis))


def _repeat(g: Operand, like: Operand, axis: Axis) -> Operand:
    """Return a reduced array with its axes back, at the full size."""
    shape = shape_of(like)
    if shape_of(g):
        g = g.reshape(kept_shape(shape, axis))
    return broadcast_to.bind(shape=shape)(g)


def _read_reduction(x: Operand, axis: Axis = None, keepdims: bool = False) -> Call:
    return (x,), {"axis": tuple(axis) if isinstance(axis, list) else axis, "keepdims": bool(keepdims)}


def _read_axis(x: Operand, axis: Axis = None) -> Call:
    return (x,), {"axis": tuple(axis) if isinstance(axis, list) else axis}


def _read_last_axis(x: Operand, axis: Axis = -1) -> Call:
    is_number = not is_list(x) and not shape_of(x)
    return _read_axis(x, None if is_number and axis == -1 else axis)


def _pull_sum(g: Operand, out: Operand, x: Operand, axis: Axis, keepdims: bool) -> Operand:
    return _repeat(g, x, axis)


sum_: Op = Op(
    "sum", tensor_kernel("sum_"), signature=_read_reduction, linear="jointly", moves=True, shape=reduced_shape,
    pulls=[_pull_sum], doc="Sum of all elements or along an axis.",
)  # fmt: skip


def _pull_mean(g: Operand, out: Operand, x: Operand, axis: Axis, keepdims: bool) -> Operand:
    shape = shape_of(x)
    count = product_of([shape[i] for i in axes_of(axis, len(shape))])
    return _repeat(g / float(max(count, 1)), x, axis)


mean: Op = Op(
    "mean", tensor_kernel("mean"), signature=_read_reduction, linear="jointly", moves=True, shape=reduced_shape,
    pulls=[_pull_mean], doc="Mean of all elements or along an axis.",
)  # fmt: skip


def _product_of_others(x: Operand, axis: Axis) -> Operand:
    """Return the product of all other elements along the axes. It is exact where elements are 0, as out/x is not."""
    shape = shape_of(x)
    reduced = axes_of(axis, len(shape))
    other_axes = tuple(i for i in range(len(shape)) if i not in reduced)
    count = product_of([shape[i] for i in reduced])
    rest = tuple(shape[i] for i in other_axes)
    flat = reshape(transpose(x, (*reduced, *other_axes)), (count, *rest))
    # Running products from the left and from the right. Each pass doubles their reach.
    import numpy as np

    one = np.ones((min(1, count), *rest))
    left = concatenate([one, flat[: count - 1]]) if count else flat
    right = concatenate([flat[1:], one]) if count else flat
    reach = 1
    while reach < count:
        ones = np.ones((reach, *rest))
        left = left * concatenate([ones, left[: count - reach]])
        right = right * concatenate([right[reach:], ones])
        reach *= 2
    back = sorted(range(len(shape)), key=(*reduced, *other_axes).__getitem__)
    others = reshape(left * right, tuple(shape[i] for i in (*reduced, *other_axes)))
    return transpose(others, tuple(back))


def _push_prod(tangents: Sequence[Operand], out: Operand, x: Operand, axis: Axis, keepdims: bool) -> Operand:
    return sum_(tangents[0] * _product_of_others(x, axis), axis=axis, keepdims=keepdims)


prod: Op = Op(
    "prod", tensor_kernel("prod"), signature=_read_reduction, shape=reduced_shape, push=_push_prod,
    pulls=[lambda g, out, x, axis, keepdims: _expand(g, x, axis) * _product_of_others(x, axis)],
    doc="Product of all elements or along an axis.",
)  # fmt: skip


def _describe_extreme_tie(out: Operand, *arguments: Operand) -> str:
    return "elements tie: slopes 0 and 1; an equal share is used for each"


def _extreme(name: str, kernel: str, word: str) -> Op:
    """Return `amax` or `amin`, the operation of `max` or `min` on one array."""

    def push(tangents: Sequence[Operand], out: Operand, x: Operand, axis: Axis, keepdims: bool) -> Operand:
        extreme = _expand(out, x, axis)
        share = where(eq(x, extreme), tangents[0] * count_share(x, extreme, axis=axis), 0.0)
        return sum_(share, axis=axis, keepdims=keepdims)

    def tie(out: Operand, x: Operand, axis: Axis, keepdims: bool) -> bool:
        return _any(count_share(x, _expand(out, x, axis), axis=axis) < 1.0)

    return Op(
        name, tensor_kernel(kernel), signature=_read_reduction, shape=_extreme_shape, push=push,
        pulls=[lambda g, out, x, axis, keepdims: _expand(g, x, axis) * count_share(x, _expand(out, x, axis), axis)],
        picks=[lambda out, x, axis, keepdims: eq(x, _expand(out, x, axis))],
        kinks=(Kink("kink", "a tie", tie, _describe_extreme_tie),),
        doc=f"The {word} of all elements or along an axis, the same as {name[1:]} of one array.",
    )  # fmt: skip


count_share: Op = Op(
    "count_share", tensor_kernel("count_share"), helper=True, pulls=[None, None],
    shape=lambda x, extreme, axis: shrunk_shape(x, extreme),
    signature=lambda x, extreme, axis: ((x, extreme), {"axis": axis}),
    doc="1 over the number of elements along the axis that equal the extreme: the share of each at a tie.",
)  # fmt: skip
amax: Op = _extreme("amax", "amax", "greatest")
amin: Op = _extreme("amin", "amin", "least")
REDUCTIONS = {"max": amax, "min": amin}  # the operations of these names with axis= or keepdims=


def _any(truth: Operand) -> bool:
    """Return whether one of the truths holds, or the only one."""
    return truth if isinstance(truth, bool) else bool(truth.any())


unit: Op = Op(
    "unit", tensor_kernel("unit"), signature=_read_axis, helper=True, shape=_shape_along_axis,
    push=lambda tangents, out, x, axis: _push_unit(tangents[0], out, x, axis),
    pulls=[lambda g, out, x, axis: _push_unit(g, out, x, axis)],
    textbook=lambda x: x / norm(x), doc="x over its norm, and 0 where the norm is 0.",
)  # fmt: skip


def _push_unit(t: Operand, out: Operand, x: Operand, axis: Axis) -> Operand:
    """Return the part of t across x, over the norm of x: the derivative of the unit vector, which is symmetric."""
    length = norm(x, axis=axis, keepdims=True)
    across = t - out * sum_(out * t, axis=axis, keepdims=True)
    return where(eq(length, 0.0), 0.0, across / length)


norm: Op = Op(
    "norm", tensor_kernel("norm"), signature=_read_reduction, shape=reduced_shape,
    push=lambda tangents, out, x, axis, keepdims: sum_(unit(x, axis=axis) * tangents[0], axis=axis, keepdims=keepdims),
    pulls=[lambda g, out, x, axis, keepdims: _expand(g, x, axis) * unit(x, axis=axis)],
    kinks=(Kink("kink", "x = 0", lambda out, x, axis, keepdims: _any(out == 0.0),
                "slopes -1 and 1 in every direction; 0 is used"),),
    doc="Euclidean norm of all elements or along an axis. Of a matrix it is the Frobenius norm.",
)  # fmt: skip
softmax: Op = Op(
    "softmax", tensor_kernel("softmax"), signature=_read_last_axis, shape=_shape_along_axis,
    push=lambda tangents, out, x, axis: _push_softmax(tangents[0], out, axis),
    pulls=[lambda g, out, x, axis: _push_softmax(g, out, axis)],
    doc="exp(x) over its sum along an axis [default: the last], without overflow.",
)  # fmt: skip


def _push_softmax(t: Operand, out: Operand, axis: Axis) -> Operand:
    """Return the derivative of softmax times t. It is symmetric."""
    return out * (t - sum_(out * t, axis=axis, keepdims=True))


logsumexp: Op = Op(
    "logsumexp", tensor_kernel("logsumexp"), signature=_read_reduction, shape=reduced_shape,
    push=lambda tangents, out, x, axis, keepdims: sum_(softmax(x, axis=axis) * tangents[0], axis, keepdims),
    pulls=[lambda g, out, x, axis, keepdims: _expand(g, x, axis) * softmax(x, axis=axis)],
    doc="log(sum(exp(x))) of all elements or along an axis, without overflow.",
)  # fmt: skip
log_softmax: Op = Op(
    "log_softmax", tensor_kernel("log_softmax"), signature=_read_last_axis, shape=_shape_along_axis,
    push=lambda tangents, out, x, axis: tangents[0] - sum_(exp(out) * tangents[0], axis=axis, keepdims=True),
    pulls=[lambda g, out, x, axis: g - exp(out) * sum_(g, axis=axis, keepdims=True)],
    doc="log(softmax(x)) along an axis [default: the last], without cancellation.",
)  # fmt: skip
