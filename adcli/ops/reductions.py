"""The table, fifth part: sums, products, extremes and norms of all elements or along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from math import prod as product_of

from ..errors import ShapeError
from .arithmetic import absolute, div, eq, where
from .domain import Kink
from .elementary import sqrt
from .gradient_rules import pull_gradient, push_gradient
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


def _axis_of(x: Operand, axis: Axis) -> Axis:
    """Return the axis parameter. Along axis 0 or -1 a number is reduced as an array of one element, as in PyTorch."""
    if isinstance(axis, list):
        axis = tuple(axis)
    return None if axis in AXES_OF_NUMBER and not is_list(x) and not shape_of(x) else axis


AXES_OF_NUMBER: tuple[Axis, ...] = (0, -1, (0,), (-1,))


def _read_reduction(x: Operand, axis: Axis = None, keepdims: bool = False) -> Call:
    return (x,), {"axis": _axis_of(x, axis), "keepdims": bool(keepdims)}


def _read_axis(x: Operand, axis: Axis = None) -> Call:
    return (x,), {"axis": _axis_of(x, axis)}


def _read_last_axis(x: Operand, axis: Axis = -1) -> Call:
    return _read_axis(x, axis)


def _read_pair(x: Operand, y: Operand, axis: Axis = None) -> Call:
    return (x, y), _read_axis(x, axis)[1]


def _pair_shape(x: Shape, y: Shape, axis: Axis = None) -> Shape:
    if x != y:
        raise ShapeError(f"the shapes {shape_text(x)} and {shape_text(y)} differ", hint="give arrays of one shape")
    return _shape_along_axis(x, axis)


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


def _total(x: Operand, axis: Axis) -> Operand:
    """Return the sum along the axis, which stays with size 1."""
    return sum_(x, axis=axis, keepdims=True)


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
    shape=lambda x, extreme, axis: shrunk_shape(_shape_along_axis(x, axis), extreme),
    signature=lambda x, extreme, axis: ((x, extreme), {"axis": axis}),
    doc="1 over the number of elements along the axis that equal the extreme: the share of each at a tie.",
)  # fmt: skip
amax: Op = _extreme("amax", "amax", "greatest")
amin: Op = _extreme("amin", "amin", "least")
REDUCTIONS = {"max": amax, "min": amin}  # the operations of these names with axis= or keepdims=


def _any(truth: Operand) -> bool:
    """Return whether one of the truths holds, or the only one."""
    return truth if isinstance(truth, bool) else bool(truth.any())


across: Op = Op(
    "across", tensor_kernel("across"), signature=_read_pair, helper=True, shape=_pair_shape,
    push=lambda tangents, out, t, x, axis: _push_across(tangents, out, t, x, axis),
    pulls=[
        lambda g, out, t, x, axis: across(g, x, axis=axis),
        lambda g, out, t, x, axis: _turn(across(g, x, axis=axis), out, g, t, x, axis),
    ],
    textbook=lambda t, x: t - x * div(sum_(x * t), sum_(x * x)), doc="t without its part along x.",
)  # fmt: skip


def _turn(moved: Operand, left: Operand, by: Operand, t: Operand, x: Operand, axis: Axis) -> Operand:
    """Return what `across` loses where x turns. `moved` is the part across x of `by`, and `left` is that of t."""
    length = _total(x * x, axis)
    return -(moved * (div(_total(x * t, axis), length)) + left * (div(_total(x * by, axis), length)))


def _push_across(tangents: Sequence[Operand], out: Operand, t: Operand, x: Operand, axis: Axis) -> Operand:
    moved, turned = tangents
    total = None if moved is None else across(moved, x, axis=axis)
    if turned is None:
        return total
    length = _total(x * x, axis)
    lost = across(turned, x, axis=axis) * (div(_total(x * t, axis), length)) + x * (
        div(_total(turned * out, axis), length)
    )
    return -lost if total is None else total - lost


unit: Op = Op(
    "unit", tensor_kernel("unit"), signature=_read_axis, helper=True, shape=_shape_along_axis,
    push=lambda tangents, out, x, axis: _push_unit(tangents[0], out, x, axis),
    pulls=[lambda g, out, x, axis: _push_unit(g, out, x, axis)],
    textbook=lambda x: div(x, norm(x)), doc="x over its norm, and 0 where the norm is 0.",
)  # fmt: skip


def _push_unit(t: Operand, out: Operand, x: Operand, axis: Axis) -> Operand:
    """Return the part of t across x, over the norm of x: the derivative of the unit vector, which is symmetric.

    At 0 it is nan, as that of `direction`. For a single element it is 0, as that of `sign`.
    """
    length = norm(x, axis=axis, keepdims=True)
    # Half of the division comes first: else the product of two small elements could underflow, or t/length overflow.
    root = sqrt(length)
    turn = div(across(div(t, root), out, axis=axis), root)
    return where(eq(length, 0.0), 0.0, turn) if shape_of(x) == shape_of(length) else turn


norm: Op = Op(
    "norm", tensor_kernel("norm"), signature=_read_reduction, shape=reduced_shape,
    push=lambda tangents, out, x, axis, keepdims: sum_(unit(x, axis=axis) * tangents[0], axis=axis, keepdims=keepdims),
    pulls=[lambda g, out, x, axis, keepdims: _expand(g, x, axis) * unit(x, axis=axis)],
    kinks=(Kink("kink", "x = 0", lambda out, x, axis, keepdims: _any(out == 0.0),
                "slopes -1 and 1 in every direction; 0 is used"),),
    doc="Euclidean norm of all elements or along an axis. Of a matrix it is the Frobenius norm.",
)  # fmt: skip

# ---------------------------------------------------------------- sums of exponentials


def _push_deviation(tangents: Sequence[Operand], out: Operand, t: Operand, weights: Operand, axis: Axis) -> Operand:
    moved, shifted = tangents
    total = None if moved is None else deviation(moved, weights, axis=axis)
    if shifted is None:
        return total
    mean_of_moves = div(_total(shifted * out, axis), _total(weights, axis))
    return broadcast_to(-mean_of_moves, shape_of(out)) if total is None else total - mean_of_moves


def _push_excess(tangents: Sequence[Operand], out: Operand, g: Operand, weights: Operand, axis: Axis) -> Operand:
    moved, shifted = tangents
    total = None if moved is None else excess(moved, weights, axis=axis)
    if shifted is None:
        return total
    lost = excess(shifted, weights, axis=axis) * _share(g, weights, axis)
    return -lost if total is None else total - lost


def _share(g: Operand, weights: Operand, axis: Axis) -> Operand:
    return div(_total(g, axis), _total(weights, axis))


deviation: Op = Op(
    "deviation", tensor_kernel("deviation"), signature=_read_pair, helper=True, shape=_pair_shape,
    push=_push_deviation,
    pulls=[
        lambda g, out, t, weights, axis: excess(g, weights, axis=axis),
        lambda g, out, t, weights, axis: -(out * _share(g, weights, axis)),
    ],
    textbook=lambda t, weights: t - div(sum_(weights * t), sum_(weights)), doc="t less its weighted mean.",
)  # fmt: skip
excess: Op = Op(
    "excess", tensor_kernel("excess"), signature=_read_pair, helper=True, shape=_pair_shape,
    push=_push_excess,
    pulls=[
        lambda g, out, x, weights, axis: deviation(g, weights, axis=axis),
        lambda g, out, x, weights, axis: -(deviation(g, weights, axis=axis) * _share(x, weights, axis)),
    ],
    textbook=lambda x, weights: x - weights * div(sum_(x), sum_(weights)),
    doc="x less its sum, which is shared by weight.",
)  # fmt: skip


def _read_shares(*xs: Operand, axis: Axis = None) -> Call:
    return xs, _read_axis(xs[0], axis)[1]


def _share_shape(x: Shape, *directions: Shape, axis: Axis = None) -> Shape:
    for direction in directions:
        _pair_shape(x, direction)
    return _shape_along_axis(x, axis)


exponential_share: Op = Op(
    "exponential_share", tensor_kernel("exponential_share"), helper=True, variadic=True, signature=_read_shares,
    shape=_share_shape, push=push_gradient("exponential_share"), pulls=pull_gradient("exponential_share"),
    doc="softmax(x), with equal shares of infinite elements that are the greatest, or its derivative in directions.",
)  # fmt: skip
softmax: Op = Op(
    "softmax", tensor_kernel("softmax"), signature=_read_last_axis, shape=_shape_along_axis,
    push=lambda tangents, out, x, axis: exponential_share(x, tangents[0], axis=axis),
    pulls=[lambda g, out, x, axis: exponential_share(x, g, axis=axis)],
    doc="exp(x) over its sum along an axis [default: the last], without overflow.",
)  # fmt: skip


def _is_infinite_tie(out: Operand, x: Operand, axis: Axis, keepdims: bool) -> bool:
    extreme = _expand(out, x, axis)
    return _any((absolute(extreme) == inf) & (count_share(x, extreme, axis=axis) < 1.0))


logsumexp: Op = Op(
    "logsumexp", tensor_kernel("logsumexp"), signature=_read_reduction, shape=reduced_shape,
    push=lambda tangents, out, x, axis, keepdims: sum_(exponential_share(x, axis=axis) * tangents[0], axis, keepdims),
    pulls=[lambda g, out, x, axis, keepdims: _expand(g, x, axis) * exponential_share(x, axis=axis)],
    kinks=(Kink("kink", "a tie of infinite elements", _is_infinite_tie,
                "infinite elements tie: slopes from 0 to 1; an equal share is used for each"),),
    doc="log(sum(exp(x))) of all elements or along an axis, without overflow.",
)  # fmt: skip
log_softmax: Op = Op(
    "log_softmax", tensor_kernel("log_softmax"), signature=_read_last_axis, shape=_shape_along_axis,
    push=lambda tangents, out, x, axis: deviation(tangents[0], softmax(x, axis=axis), axis=axis),
    pulls=[lambda g, out, x, axis: excess(g, softmax(x, axis=axis), axis=axis)],
    doc="log(softmax(x)) along an axis [default: the last], without cancellation.",
)  # fmt: skip
