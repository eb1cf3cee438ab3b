"""The table, fourth part: vectors, matrices and arrays of more axes.

A tensor operation has `pulls` in the place of partials, a `shape` rule, and says how a tangent goes through it: as
through itself (`linear`) or by a `push` of its own. The formulas of linear algebra are those of Giles, "An extended
collection of matrix derivative results for forward and reverse mode automatic differentiation" (2008). Nothing here
needs NumPy before an operation is applied to numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod as product_of
from typing import Any

from ..errors import ShapeError
from .arithmetic import PRODUCT, eq, maximum, minimum, mul, neg, sub, where
from .elementary import exp
from .op import Kink, Op, Shape, shape_of

Axis = int | tuple[int, ...] | None
MOST_AXES = 32  # that every NumPy can hold
MOST_ELEMENTS = 2**31  # of one array: 17 GB
VARIABLE_ARGUMENTS = 0x04  # the flag of a code object with *args


def _kernel(name: str) -> Callable[..., Any]:
    """The tensor kernel of this name, looked up when it is first used: NumPy is not imported before."""

    def compute(*arguments: Any, **parameters: Any) -> Any:
        from .kernels import tensor

        return getattr(tensor, name)(*arguments, **parameters)

    compute.__name__ = name
    return compute


# ---------------------------------------------------------------- shapes


def shape_text(shape: Shape) -> str:
    """A shape as people write it.

    >>> shape_text((2, 3)), shape_text((2,)), shape_text(())
    ('(2, 3)', '(2,)', 'a number')
    """
    return str(tuple(shape)) if shape else "a number"


def broadcast_shape(*shapes: Shape) -> Shape:
    """The common shape of elementwise arguments.

    Raises:
        ShapeError: they do not broadcast.

    >>> broadcast_shape((2, 1), (3,), ())
    (2, 3)
    """
    common: list[int] = []
    for shape in shapes:
        if len(shape) > len(common):
            common[:0] = [1] * (len(shape) - len(common))
        for i in range(-len(shape), 0):
            if shape[i] != common[i]:
                if common[i] != 1 and shape[i] != 1:
                    listed = " and ".join(shape_text(each) for each in shapes)
                    raise ShapeError(f"the shapes {listed} do not fit", hint="sizes must be equal, or 1")
                common[i] = shape[i] if common[i] == 1 else common[i]
    return tuple(common)


def axes_of(axis: Axis, ndim: int) -> tuple[int, ...]:
    """The axes that are meant, counted from 0; None means all.

    Raises:
        ShapeError: there is no such axis.

    >>> axes_of(-1, 3), axes_of(None, 2)
    ((2,), (0, 1))
    """
    if axis is None:
        return tuple(range(ndim))
    found = []
    for each in axis if isinstance(axis, tuple) else (axis,):
        if not -ndim <= each < ndim:
            counted = f"{ndim} axis" if ndim == 1 else f"{ndim} axes"
            raise ShapeError(f"there is no axis {each}", hint=f"the argument has {counted}")
        if each % ndim in found:
            raise ShapeError(f"the axis {each} is named twice", hint="leave one out")
        found.append(each % ndim)
    return tuple(found)


def _kept(shape: Shape, axis: Axis) -> Shape:
    gone = axes_of(axis, len(shape))
    return tuple(1 if i in gone else n for i, n in enumerate(shape))


def _reduced(shape: Shape, axis: Axis, keepdims: bool = False) -> Shape:
    gone = axes_of(axis, len(shape))
    return tuple(1 if i in gone else n for i, n in enumerate(shape) if keepdims or i not in gone)


def _reduced_some(shape: Shape, axis: Axis, keepdims: bool) -> Shape:
    if any(shape[i] == 0 for i in axes_of(axis, len(shape))):
        raise ShapeError(f"nothing to choose from: the shape is {shape_text(shape)}")
    return _reduced(shape, axis, keepdims)


def _same_shape(shape: Shape, axis: Axis = None) -> Shape:
    axes_of(axis, len(shape))
    return shape


def _expanded(x: Any, like: Any, axis: Axis) -> Any:
    """A reduced array with its axes back, as ones."""
    return reshape(x, _kept(shape_of(like), axis))


def _repeated(g: Any, like: Any, axis: Axis) -> Any:
    """A reduced array with its axes back, at the full size."""
    shape = shape_of(like)
    if shape_of(g):
        g = g.reshape(_kept(shape, axis))
    return broadcast_to.bind(shape=shape)(g)


def _reduction(x: Any, axis: Axis = None, keepdims: bool = False) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return (x,), {"axis": tuple(axis) if isinstance(axis, list) else axis, "keepdims": bool(keepdims)}


def _along(x: Any, axis: Axis = None) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return (x,), {"axis": tuple(axis) if isinstance(axis, list) else axis}


def _along_last(x: Any, axis: Axis = -1) -> tuple[tuple[Any, ...], dict[str, Any]]:
    is_number = not _is_list(x) and not shape_of(x)
    return _along(x, None if is_number and axis == -1 else axis)


def parameters_of(op: Op) -> tuple[tuple[str, ...], str | None]:
    """What an operation takes beside its arrays: the names, and the one that takes all the further arguments.

    >>> from adcli.ops import TABLE
    >>> parameters_of(TABLE["sum"]), parameters_of(TABLE["reshape"]), parameters_of(TABLE["sin"])
    ((('axis', 'keepdims'), None), (('shape',), 'shape'), ((), None))
    """
    if op.signature is None:
        return (), None
    code = op.signature.__code__
    named = code.co_argcount + code.co_kwonlyargcount
    names = list(code.co_varnames[: named + bool(code.co_flags & VARIABLE_ARGUMENTS)])
    rest = names.pop() if len(names) > named else None
    if op.variadic:
        return tuple(names), None
    return (*names[op.arity :], *([rest] if rest else [])), rest


def defaults_of(op: Op) -> dict[str, Any]:
    """The parameters that need not be given, and what they are then.

    >>> from adcli.ops import TABLE
    >>> defaults_of(TABLE["softmax"])
    {'axis': -1}
    """
    if op.signature is None:
        return {}
    names = op.signature.__code__.co_varnames[: op.signature.__code__.co_argcount]
    defaults = op.signature.__defaults__ or ()
    found = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    return found | (op.signature.__kwdefaults__ or {})


# ---------------------------------------------------------------- reductions


def _pull_sum(g: Any, out: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    return _repeated(g, x, axis)


sum_: Op = Op(
    "sum", _kernel("sum_"), signature=_reduction, linear="jointly", moves=True, shape=_reduced,
    pulls=[_pull_sum], doc="Sum, of all or along an axis.",
)  # fmt: skip


def _pull_mean(g: Any, out: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    shape = shape_of(x)
    count = product_of([shape[i] for i in axes_of(axis, len(shape))])
    return _repeated(g / float(max(count, 1)), x, axis)


mean: Op = Op("mean", _kernel("mean"), signature=_reduction, linear="jointly", moves=True, shape=_reduced,
              pulls=[_pull_mean], doc="Mean, of all or along an axis.")  # fmt: skip


# What reaches what, for operations that mix the numbers along some axes: those that are reduced away, those that stay.
_ALONG_REDUCED = (_pull_sum,)
_ALONG_KEPT = (lambda mask, out, x, axis: broadcast_to(sum_(mask, axis=axis, keepdims=True), shape_of(x)),)


def _others(x: Any, axis: Axis) -> Any:
    """The product of all the other elements along the axes: exact where elements are 0, as out/x is not."""
    shape = shape_of(x)
    gone = axes_of(axis, len(shape))
    kept = tuple(i for i in range(len(shape)) if i not in gone)
    count = product_of([shape[i] for i in gone])
    rest = tuple(shape[i] for i in kept)
    flat = reshape(transpose(x, (*gone, *kept)), (count, *rest))
    # Running products from the left and from the right, the reach doubled by each pass.
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
    back = sorted(range(len(shape)), key=(*gone, *kept).__getitem__)
    others = reshape(left * right, tuple(shape[i] for i in (*gone, *kept)))
    return transpose(others, tuple(back))


def _push_prod(tangents: Sequence[Any], out: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    return sum_(tangents[0] * _others(x, axis), axis=axis, keepdims=keepdims)


prod: Op = Op(
    "prod", _kernel("prod"), signature=_reduction, shape=_reduced, push=_push_prod, reach=_ALONG_REDUCED,
    pulls=[lambda g, out, x, axis, keepdims: _expanded(g, x, axis) * _others(x, axis)],
    doc="Product, of all or along an axis.",
)  # fmt: skip


def _extreme_says(out: Any, *arguments: Any) -> str:
    return "elements tie: slopes 0 and 1; an equal share is used for each"


def _extreme(name: str, kernel: str, word: str) -> Op:
    """`amax` and `amin`: what `max` and `min` mean with one array."""

    def push(tangents: Sequence[Any], out: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
        extreme = _expanded(out, x, axis)
        share = where(eq(x, extreme), tangents[0] * count_share(x, extreme, axis=axis), 0.0)
        return sum_(share, axis=axis, keepdims=keepdims)

    def tie(out: Any, x: Any, axis: Axis, keepdims: bool) -> bool:
        return _any(count_share(x, _expanded(out, x, axis), axis=axis) < 1.0)

    return Op(
        name, _kernel(kernel), signature=_reduction, shape=_reduced_some, push=push,
        pulls=[lambda g, out, x, axis, keepdims: _expanded(g, x, axis) * count_share(x, _expanded(out, x, axis), axis)],
        picks=[lambda out, x, axis, keepdims: eq(x, _expanded(out, x, axis))], reach=_ALONG_REDUCED,
        kinks=(Kink("kink", "a tie", tie, _extreme_says),),
        doc=f"The {word} element, of all or along an axis; what {name[1:]} means with one argument.",
    )  # fmt: skip


count_share: Op = Op(
    "count_share", _kernel("count_share"), helper=True, pulls=[None, None],
    shape=lambda x, extreme, axis: _shrunk(x, extreme),
    signature=lambda x, extreme, axis: ((x, extreme), {"axis": axis}),
    doc="1 over the number of elements along the axis that equal the extreme: the share of each at a tie.",
)  # fmt: skip
amax: Op = _extreme("amax", "amax", "greatest")
amin: Op = _extreme("amin", "amin", "least")
REDUCTIONS = {"max": amax, "min": amin}  # what these names mean with axis= or keepdims=
# max and min of one number are that number; of one array they reduce it.
maximum.overloads[1] = lambda x, **given: amax(x, **given) if shape_of(x) or given or _is_list(x) else x
minimum.overloads[1] = lambda x, **given: amin(x, **given) if shape_of(x) or given or _is_list(x) else x


def _any(truth: Any) -> bool:
    """Whether one of the truths holds, or the only one."""
    return truth if isinstance(truth, bool) else bool(truth.any())


def _is_list(x: Any) -> bool:
    return isinstance(x, (list, tuple))


unit: Op = Op(
    "unit", _kernel("unit"), signature=_along, helper=True, formula="x/norm(x)", shape=_same_shape, reach=_ALONG_KEPT,
    push=lambda tangents, out, x, axis: _turned(tangents[0], out, x, axis),
    pulls=[lambda g, out, x, axis: _turned(g, out, x, axis)],
    doc="x over its norm; 0 where that is 0.",
)  # fmt: skip


def _turned(t: Any, out: Any, x: Any, axis: Axis) -> Any:
    """The part of t across x, over the norm of x: the derivative of the unit vector, which is symmetric."""
    length = norm(x, axis=axis, keepdims=True)
    across = t - out * sum_(out * t, axis=axis, keepdims=True)
    return where(eq(length, 0.0), 0.0, across / length)


norm: Op = Op(
    "norm", _kernel("norm"), signature=_reduction, shape=_reduced, reach=_ALONG_REDUCED,
    push=lambda tangents, out, x, axis, keepdims: sum_(unit(x, axis=axis) * tangents[0], axis=axis, keepdims=keepdims),
    pulls=[lambda g, out, x, axis, keepdims: _expanded(g, x, axis) * unit(x, axis=axis)],
    kinks=(Kink("kink", "x = 0", lambda out, x, axis, keepdims: _any(out == 0.0),
                "slopes -1 and 1 in every direction; 0 is used"),),
    doc="Euclidean norm of all elements, or along an axis; of a matrix that of Frobenius.",
)  # fmt: skip
softmax: Op = Op(
    "softmax", _kernel("softmax"), signature=_along_last, shape=_same_shape, reach=_ALONG_KEPT,
    push=lambda tangents, out, x, axis: _softened(tangents[0], out, axis),
    pulls=[lambda g, out, x, axis: _softened(g, out, axis)],
    doc="exp(x) over its sum along an axis (the last), without overflow.",
)  # fmt: skip


def _softened(t: Any, out: Any, axis: Axis) -> Any:
    """The derivative of softmax, which is symmetric."""
    return out * (t - sum_(out * t, axis=axis, keepdims=True))


logsumexp: Op = Op(
    "logsumexp", _kernel("logsumexp"), signature=_reduction, shape=_reduced, reach=_ALONG_REDUCED,
    push=lambda tangents, out, x, axis, keepdims: sum_(softmax(x, axis=axis) * tangents[0], axis, keepdims),
    pulls=[lambda g, out, x, axis, keepdims: _expanded(g, x, axis) * softmax(x, axis=axis)],
    doc="log(sum(exp(x))), of all or along an axis, without overflow.",
)  # fmt: skip
log_softmax: Op = Op(
    "log_softmax", _kernel("log_softmax"), signature=_along_last, shape=_same_shape, reach=_ALONG_KEPT,
    push=lambda tangents, out, x, axis: tangents[0] - sum_(exp(out) * tangents[0], axis=axis, keepdims=True),
    pulls=[lambda g, out, x, axis: g - exp(out) * sum_(g, axis=axis, keepdims=True)],
    doc="log(softmax(x)) along an axis (the last), without cancellation.",
)  # fmt: skip

# ---------------------------------------------------------------- shapes of arrays


def _unpacked(given: Sequence[Any]) -> Sequence[Any]:
    """Whole numbers that were given one by one, or as one tuple."""
    first: Sequence[Any] = given[0] if len(given) == 1 and hasattr(given[0], "__len__") else given
    return first


def _sizes(x: Any, shape: Sequence[Any]) -> tuple[int, ...]:
    """The sizes as given, one by one or as one tuple; a -1 is what the others leave."""
    sizes = tuple(map(int, _unpacked(shape)))
    if sizes.count(-1) == 1:
        rest = -product_of(sizes)
        total = product_of(shape_of(x) if not _is_list(x) else _listed_shape(x))
        sizes = tuple((total // rest if rest else 0) if n == -1 else n for n in sizes)
    return sizes


def _listed_shape(x: Any) -> Shape:
    import numpy as np

    return np.shape(x)


def _within_limits(shape: Shape) -> None:
    if len(shape) > MOST_AXES:
        raise ShapeError(f"an array of {len(shape)} axes", hint=f"there can be no more than {MOST_AXES}")
    if product_of(shape) > MOST_ELEMENTS:
        raise ShapeError(f"an array of the shape {shape_text(shape)}", hint="it would not fit into memory")


def _reshaped(old: Shape, shape: Shape) -> Shape:
    _within_limits(shape)
    if product_of(old) != product_of(shape) or any(n < 0 for n in shape):
        raise ShapeError(f"cannot reshape {shape_text(old)} to {shape_text(shape)}",
                         hint=f"it has {product_of(old)} elements")  # fmt: skip
    return shape


reshape: Op = Op(
    "reshape", _kernel("reshape"), linear="jointly", moves=True, shape=_reshaped,
    signature=lambda x, *shape: ((x,), {"shape": _sizes(x, shape)}),
    pulls=[lambda g, out, x, shape: reshape.bind(shape=shape_of(x))(g)],
    doc="The same elements in another shape; one size may be -1.",
)  # fmt: skip


def _stretched(old: Shape, shape: Shape) -> Shape:
    _within_limits(shape)
    if any(n < 0 for n in shape) or broadcast_shape(old, shape) != tuple(shape):
        raise ShapeError(f"cannot broadcast {shape_text(old)} to {shape_text(shape)}")
    return shape


def _shrunk(old: Shape, shape: Shape) -> Shape:
    _stretched(shape, old)
    return shape


broadcast_to: Op = Op(
    "broadcast_to", _kernel("broadcast_to"), linear="jointly", moves=True, shape=_stretched,
    signature=lambda x, *shape: ((x,), {"shape": _sizes(x, shape)}),
    pulls=[lambda g, out, x, shape: sum_to(g, shape_of(x))],
    doc="Repeated along axes of size 1, or new ones, to a shape.",
)  # fmt: skip
sum_to: Op = Op(
    "sum_to", _kernel("sum_to"), linear="jointly", moves=True, helper=True, shape=_shrunk,
    signature=lambda x, *shape: ((x,), {"shape": _sizes(x, shape)}),
    pulls=[lambda g, out, x, shape: broadcast_to(g, shape_of(x))],
    doc="Summed along the axes that broadcasting from a shape stretched: the adjoint of broadcast_to.",
)  # fmt: skip


def _order(axes: Sequence[Any]) -> tuple[int, ...] | None:
    order = tuple(int(axis) for axis in _unpacked(axes))
    return order or None


def _reordered(old: Shape, axes: tuple[int, ...] | None) -> Shape:
    if axes is None:
        return old[::-1]
    if sorted(axes_of(axes, len(old))) != list(range(len(old))):
        raise ShapeError(f"transpose: the axes {axes} do not name each axis of {shape_text(old)} once")
    return tuple(old[i] for i in axes)


def _back(axes: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if axes is None:
        return None
    order = axes_of(axes, len(axes))
    return tuple(sorted(range(len(order)), key=order.__getitem__))


transpose: Op = Op(
    "transpose", _kernel("transpose"), linear="jointly", moves=True, shape=_reordered,
    signature=lambda x, *axes: ((x,), {"axes": _order(axes)}),
    pulls=[lambda g, out, x, axes: transpose(g, _back(axes) or ())],
    doc="The axes in another order, reversed by default; A.T for short.",
)  # fmt: skip


def _swapped(old: Shape, axis1: int, axis2: int) -> Shape:
    one, other = axes_of((axis1, axis2), len(old))
    shape = list(old)
    shape[one], shape[other] = shape[other], shape[one]
    return tuple(shape)


swapaxes: Op = Op(
    "swapaxes", _kernel("swapaxes"), linear="jointly", moves=True, shape=_swapped,
    signature=lambda x, axis1, axis2: ((x,), {"axis1": axis1, "axis2": axis2}),
    pulls=[lambda g, out, x, axis1, axis2: swapaxes(g, axis1, axis2)],
    doc="Two axes exchanged.",
)  # fmt: skip


def _stacked(*shapes: Shape, axis: int) -> Shape:
    for shape in shapes[1:]:
        if shape != shapes[0]:
            raise ShapeError(f"cannot stack {shape_text(shapes[0])} and {shape_text(shape)}",
                             hint="all must have one shape")  # fmt: skip
    _within_limits((*shapes[0], len(shapes)))
    (place,) = axes_of(axis, len(shapes[0]) + 1)
    return (*shapes[0][:place], len(shapes), *shapes[0][place:])


def _several(*xs: Any, axis: int = 0) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if len(xs) == 1 and _is_list(xs[0]):
        xs = tuple(xs[0])
    if not xs:
        raise ShapeError("nothing to put together", hint="give at least one array")
    return xs, {"axis": axis}


def _pull_stack(place: int) -> Callable[..., Any]:
    def pull(g: Any, out: Any, *xs: Any, axis: int) -> Any:
        (along,) = axes_of(axis, len(shape_of(out)))
        return getitem(g, (*[slice(None)] * along, place))

    return pull


def _pull_concatenate(place: int) -> Callable[..., Any]:
    def pull(g: Any, out: Any, *xs: Any, axis: int) -> Any:
        (along,) = axes_of(axis, len(shape_of(out)))
        ends = [0]
        for x in xs:
            ends.append(ends[-1] + shape_of(x)[along])
        return getitem(g, (*[slice(None)] * along, slice(ends[place], ends[place + 1])))

    return pull


stack: Op = Op(
    "stack", _kernel("stack"), variadic=True, linear="jointly", moves=True, shape=_stacked, signature=_several,
    pulls=_pull_stack, doc="Arrays of one shape along a new axis; what [a, b] means.",
)  # fmt: skip


def _joined(*shapes: Shape, axis: int) -> Shape:
    (along,) = axes_of(axis, len(shapes[0]))
    for shape in shapes[1:]:
        if shape[:along] + shape[along + 1 :] != shapes[0][:along] + shapes[0][along + 1 :]:
            raise ShapeError(f"cannot concatenate {shape_text(shapes[0])} and {shape_text(shape)} along axis {axis}",
                             hint="their other sizes must be equal")  # fmt: skip
    total = sum(shape[along] for shape in shapes)
    return (*shapes[0][:along], total, *shapes[0][along + 1 :])


concatenate: Op = Op(
    "concatenate", _kernel("concatenate"), variadic=True, linear="jointly", moves=True, shape=_joined,
    signature=_several, pulls=_pull_concatenate, doc="Arrays one after the other along an axis.",
)  # fmt: skip

# ---------------------------------------------------------------- parts


def as_index(parts: Any) -> tuple[Any, ...]:
    """An index of the operation from one of Python: slices become tuples, which can be looked up.

    >>> as_index((0, slice(1, None)))
    (0, ('slice', 1, None, None))
    """
    made = []
    for part in parts if isinstance(parts, tuple) else (parts,):
        if isinstance(part, slice):
            part = ("slice", part.start, part.stop, part.step)
        elif not (part is None or part is Ellipsis or type(part) is int or _is_slice(part)):
            import numpy as np

            part = np.array(part)
            if part.dtype.kind == "f" and part.size == 0:
                part = part.astype(np.intp)
            if part.dtype.kind not in "iub":
                raise ShapeError(f"an index of {part.dtype}", hint="whole numbers, slices and truths choose parts")
            part = int(part) if part.shape == () and part.dtype.kind in "iu" else part
        made.append(part)
    return tuple(made)


def _is_slice(part: Any) -> bool:
    return isinstance(part, tuple) and part[:1] == ("slice",)


def _part_shape(shape: Shape, index: tuple[Any, ...]) -> Shape:
    """The shape of a part, by NumPy on an array that takes no memory."""
    import numpy as np

    from .kernels.tensor import key_of

    try:
        part: Shape = np.broadcast_to(0.0, shape)[key_of(index)].shape
        return part
    except (IndexError, ValueError, OverflowError) as error:
        hint = str(error) if shape else "it has no parts"
        raise ShapeError(f"cannot take this part of {shape_text(shape)}", hint=hint) from None


def _scattered(x: Shape, index: tuple[Any, ...], shape: Shape) -> Shape:
    _within_limits(shape)
    if any(n < 0 for n in shape):
        raise ShapeError(f"there is no shape {shape_text(shape)}")
    _stretched(x, _part_shape(shape, index))
    return shape


getitem: Op = Op(
    "getitem", _kernel("getitem"), linear="jointly", moves=True, shape=_part_shape,
    signature=lambda x, index: ((x,), {"index": as_index(index)}),
    pulls=[lambda g, out, x, index: scatter.bind(index=index, shape=shape_of(x))(g)],
    doc="Part of an array: x[0], A[0, 1:].",
)  # fmt: skip
scatter: Op = Op(
    "scatter", _kernel("scatter"), linear="jointly", moves=True, helper=True, shape=_scattered,
    signature=lambda x, index, shape: ((x,), {"index": as_index(index), "shape": tuple(shape)}),
    pulls=[lambda g, out, x, index, shape: getitem.bind(index=index)(g)],
    doc="Zeros of a shape with x added at an index: the adjoint of getitem.",
)  # fmt: skip


def _matrices(shape: Shape, name: str) -> Shape:
    if len(shape) < 2:
        raise ShapeError(f"{name} needs a matrix, not {shape_text(shape)}")
    return shape


def _square(name: str) -> Callable[[Shape], Shape]:
    def square(shape: Shape) -> Shape:
        if _matrices(shape, name)[-1] != shape[-2]:
            raise ShapeError(f"{name} needs a square matrix, not {shape_text(shape)}")
        return shape

    return square


def _scalar_of_square(name: str) -> Callable[[Shape], Shape]:
    square = _square(name)
    return lambda shape: square(shape)[:-2]


def _embedded(old: Shape, shape: Shape) -> Shape:
    if not old or len(shape) != 2 or min(shape) != old[-1]:
        raise ShapeError(f"{shape_text(old)} is no diagonal of {shape_text(shape)}")
    return (*old[:-1], *shape)


diagonal: Op = Op(
    "diagonal", _kernel("diagonal"), linear="jointly", moves=True, helper=True,
    shape=lambda shape: (*_matrices(shape, "diag")[:-2], min(shape[-2:])),
    pulls=[lambda g, out, x: diag_embed.bind(shape=shape_of(x)[-2:])(g)],
    doc="The diagonal of a matrix.",
)  # fmt: skip
diag_embed: Op = Op(
    "diag_embed", _kernel("diag_embed"), linear="jointly", moves=True, helper=True,
    signature=lambda x, *shape: ((x,), {"shape": _sizes(x, shape) if shape else shape_of(x)[-1:] * 2}),
    shape=_embedded,
    pulls=[lambda g, out, x, shape: diagonal(g)],
    doc="A matrix with x on its diagonal, 0 elsewhere.",
)  # fmt: skip


def _shape_diag(shape: Shape) -> Shape:
    return (shape[0], shape[0]) if len(shape) == 1 else (*_matrices(shape, "diag")[:-2], min(shape[-2:]))


diag: Op = Op(
    "diag", lambda x: diag_embed(x) if len(_listed_shape(x)) == 1 else diagonal(x), linear="jointly", moves=True,
    shape=_shape_diag,
    pulls=[lambda g, out, x: diagonal(g) if len(shape_of(x)) == 1 else diag_embed.bind(shape=shape_of(x)[-2:])(g)],
    doc="The matrix with a vector on its diagonal, or the diagonal of a matrix.",
)  # fmt: skip
trace: Op = Op(
    "trace", _kernel("trace"), linear="jointly", moves=True, shape=_scalar_of_square("trace"),
    pulls=[lambda g, out, x: mul(reshape(g, (*shape_of(g), 1, 1)), _eye(shape_of(x)[-1]))],
    doc="The sum of the diagonal.",
)  # fmt: skip


def _eye(n: int) -> Any:
    import numpy as np

    return np.eye(n)


# ---------------------------------------------------------------- products


def _product_shape(one: Shape, other: Shape) -> Shape:
    if not one or not other:
        raise ShapeError(f"@ of {shape_text(one)} and {shape_text(other)}",
                         hint="it multiplies vectors and matrices; use * for numbers")  # fmt: skip
    inner = other[-2] if len(other) > 1 else other[0]
    if one[-1] != inner:
        raise ShapeError(f"@ of the shapes {shape_text(one)} and {shape_text(other)}",
                         hint=f"the last size of the first, {one[-1]}, must be the {inner} of the second")  # fmt: skip
    return broadcast_shape(one[:-2], other[:-2]) + one[-2:-1] + (other[-1:] if len(other) > 1 else ())


# In the rules below, methods and operators: of an array they are NumPy's own, of a carrier those of the table.


def _turn(x: Any) -> Any:
    """The matrices transposed."""
    return x.swapaxes(-1, -2)


def _unbroadcast(x: Any, like: Any) -> Any:
    """Summed to the shape of an argument, if it has another."""
    shape = shape_of(like)
    return x if shape_of(x) == shape else sum_to.bind(shape=shape)(x)


def _pull_matmul_left(g: Any, out: Any, x: Any, y: Any) -> Any:
    rank_x, rank_y = len(shape_of(x)), len(shape_of(y))
    if rank_x == 1 and rank_y == 1:
        return mul(g, y)
    if rank_y == 1:
        return _unbroadcast(mul(reshape(g, (*shape_of(g), 1)), y), x)
    if rank_x == 1:
        return _unbroadcast(_matvec(y, g), x)
    return _unbroadcast(g @ _turn(y), x)


def _pull_matmul_right(g: Any, out: Any, x: Any, y: Any) -> Any:
    rank_x, rank_y = len(shape_of(x)), len(shape_of(y))
    if rank_x == 1 and rank_y == 1:
        return mul(g, x)
    if rank_x == 1:
        rows = reshape(g, (*shape_of(g)[:-1], 1, shape_of(g)[-1]))
        return _unbroadcast(mul(reshape(x, (shape_of(x)[0], 1)), rows), y)
    if rank_y == 1:
        return _unbroadcast(_matvec(_turn(x), g), y)
    return _unbroadcast(_turn(x) @ g, y)


def _matvec(a: Any, v: Any) -> Any:
    """Matrices times vectors, both batched."""
    if len(shape_of(v)) == 1:
        return matmul(a, v)
    product = matmul(a, reshape(v, (*shape_of(v), 1)))
    return reshape(product, shape_of(product)[:-1])


matmul: Op = Op(
    "matmul", _kernel("matmul"), linear="each", shape=_product_shape, sign="@", binding=PRODUCT,
    aliases=("matmul", "dot"), pulls=[_pull_matmul_left, _pull_matmul_right],
    doc="Product of matrices and vectors; axes before the last two are batches.",
)  # fmt: skip


def _outer_shape(one: Shape, other: Shape) -> Shape:
    if not one or not other:
        raise ShapeError(f"outer of {shape_text(one)} and {shape_text(other)}", hint="it takes two vectors")
    return (*broadcast_shape(one[:-1], other[:-1]), one[-1], other[-1])


outer: Op = Op(
    "outer", _kernel("outer"), linear="each", shape=_outer_shape,
    pulls=[
        lambda g, out, x, y: _unbroadcast(_matvec(g, y), x),
        lambda g, out, x, y: _unbroadcast(_matvec(_turn(g), x), y),
    ],
    doc="All products of the elements of two vectors.",
)  # fmt: skip

# ---------------------------------------------------------------- linear algebra


def _spread(g: Any) -> Any:
    """One number per matrix, as a matrix of one row and column."""
    return reshape(g, (*shape_of(g), 1, 1))


def _in_matrix(mask: Any, out: Any, a: Any) -> Any:
    """Every number of a matrix reaches whatever is made of the matrix."""
    made = sum_(mask, axis=(-2, -1), keepdims=True) if len(shape_of(mask)) == len(shape_of(a)) else _spread(mask)
    return broadcast_to(made, shape_of(a))


def _in_system(place: int) -> Callable[..., Any]:
    """Every number of a system of equations reaches every number of its solution."""

    def reach(mask: Any, out: Any, a: Any, b: Any, vector: bool) -> Any:
        made = _spread(sum_(mask, axis=-1 if vector else (-2, -1)))
        wanted = shape_of((a, b)[place])
        if vector and place:
            return sum_to(broadcast_to(reshape(made, shape_of(made)[:-1]), shape_of(mask)), wanted)
        full = (*shape_of(made)[:-2], *wanted[-2:])
        return sum_to(broadcast_to(made, full), wanted)

    return reach


def _solve_signature(a: Any, b: Any, vector: bool | None = None) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if vector is None:
        vector = len(_listed_shape(b) if _is_list(b) else shape_of(b)) == 1
    return (a, b), {"vector": vector}


def _solve_shape(a: Shape, b: Shape, vector: bool) -> Shape:
    _square("solve")(a)
    if len(b) < 2 - vector or b[-1 if vector else -2] != a[-1]:
        raise ShapeError(f"solve of the shapes {shape_text(a)} and {shape_text(b)}",
                         hint=f"the second needs {a[-1]} rows")  # fmt: skip
    if vector:
        return (*broadcast_shape(a[:-2], b[:-1]), a[-1])
    return (*broadcast_shape(a[:-2], b[:-2]), *b[-2:])


def _pull_solve_matrix(g: Any, out: Any, a: Any, b: Any, vector: bool) -> Any:
    adjoint = solve.bind(vector=vector)(_turn(a), g)
    product = outer(adjoint, out) if vector else matmul(adjoint, _turn(out))
    return _unbroadcast(neg(product), a)


def _push_solve(tangents: Sequence[Any], out: Any, a: Any, b: Any, vector: bool) -> Any:
    of_a, of_b = tangents
    change = of_b
    if of_a is not None:
        moved = _matvec(of_a, out) if vector else matmul(of_a, out)
        change = neg(moved) if of_b is None else sub(of_b, moved)
    return solve.bind(vector=vector)(a, change)


solve: Op = Op(
    "solve", _kernel("solve"), signature=_solve_signature, shape=_solve_shape, push=_push_solve,
    reach=(_in_system(0), _in_system(1)),
    pulls=[
        _pull_solve_matrix,
        lambda g, out, a, b, vector: _unbroadcast(solve.bind(vector=vector)(_turn(a), g), b),
    ],
    doc="The x with A @ x = b.",
)  # fmt: skip
inv: Op = Op(
    "inv", _kernel("inv"), shape=_square("inv"), reach=(_in_matrix,),
    push=lambda tangents, out, a: neg(matmul(out, matmul(tangents[0], out))),
    pulls=[lambda g, out, a: neg(matmul(_turn(out), matmul(g, _turn(out))))],
    doc="Inverse of a matrix; solve(A, b) is better than inv(A) @ b.",
)  # fmt: skip


cofactor: Op = Op(
    "cofactor", _kernel("cofactor"), helper=True, formula="det(A)*inv(A).T", shape=_square("cofactor"),
    reach=(_in_matrix,),
    push=lambda tangents, out, a: sub(
        mul(out, _spread(trace(solve(a, tangents[0])))), matmul(out, matmul(_turn(tangents[0]), _turn(inv(a))))
    ),
    pulls=[lambda g, out, a: sub(
        mul(_turn(inv(a)), sum_(g * out, axis=(-2, -1), keepdims=True)), matmul(out, matmul(_turn(g), _turn(inv(a))))
    )],
    doc="The matrix of cofactors, which is the slope of det; of singular matrices too.",
)  # fmt: skip
det: Op = Op(
    "det", _kernel("det"), shape=_scalar_of_square("det"), reach=(_in_matrix,),
    push=lambda tangents, out, a: sum_(cofactor(a) * tangents[0], axis=(-2, -1)),
    pulls=[lambda g, out, a: mul(_spread(g), cofactor(a))],
    doc="Determinant.",
)  # fmt: skip


def _logarithm_of_determinant(name: str, doc: str, helper: bool) -> Op:
    return Op(
        name, _kernel(name), shape=_scalar_of_square(name), helper=helper, reach=(_in_matrix,),
        push=lambda tangents, out, a: trace(solve.bind(vector=False)(a, tangents[0])),
        pulls=[lambda g, out, a: mul(_spread(g), _turn(inv(a)))],
        doc=doc,
    )  # fmt: skip


logdet: Op = _logarithm_of_determinant("logdet", "Logarithm of the determinant, which must be positive.", False)
logabsdet: Op = _logarithm_of_determinant("logabsdet", "Logarithm of the size of the determinant.", True)
sign_det: Op = Op("sign_det", _kernel("sign_det"), shape=_scalar_of_square("sign_det"), pulls=[None], helper=True,
                  doc="Sign of the determinant.")  # fmt: skip


def slogdet(a: Any) -> tuple[Any, Any]:
    """The sign of the determinant and the logarithm of its size.

    >>> slogdet([[0.0, 2.0], [1.0, 0.0]])[0]
    np.float64(-1.0)
    """
    return sign_det(a), logabsdet(a)
