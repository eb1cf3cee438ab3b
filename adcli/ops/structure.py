"""The table, fourth part: shapes of arrays, parts of them, diagonals.

A tensor operation has `pulls` in the place of partials, a `shape` rule, and states how a tangent goes through it: as
through the operation itself (`linear`) or by a `push`. Nothing here needs NumPy before an operation is applied to
arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod as product_of

from ..errors import ShapeError
from .kernels import tensor_kernel
from .op import Op
from .operands import Call, Operand, Rule, Shape, is_list, shape_of
from .shapes import (
    axes_of,
    check_limits,
    matrix_shape,
    shape_of_list,
    shape_text,
    shrunk_shape,
    sizes_of,
    stretched_shape,
    unpack,
)


def _reshape_shape(old: Shape, shape: Shape) -> Shape:
    check_limits(shape)
    if product_of(old) != product_of(shape) or any(n < 0 for n in shape):
        raise ShapeError(f"cannot reshape {shape_text(old)} to {shape_text(shape)}",
                         hint=f"it has {product_of(old)} elements")  # fmt: skip
    return shape


reshape: Op = Op(
    "reshape", tensor_kernel("reshape"), linear="jointly", moves=True, shape=_reshape_shape,
    signature=lambda x, *shape: ((x,), {"shape": sizes_of(x, shape)}),
    pulls=[lambda g, out, x, shape: reshape.bind(shape=shape_of(x))(g)],
    doc="The same elements in another shape. One size may be -1, to be found from the others.",
)  # fmt: skip


broadcast_to: Op = Op(
    "broadcast_to", tensor_kernel("broadcast_to"), linear="jointly", moves=True, shape=stretched_shape,
    signature=lambda x, *shape: ((x,), {"shape": sizes_of(x, shape)}),
    pulls=[lambda g, out, x, shape: sum_to(g, shape_of(x))],
    doc="x repeated to a shape, along new axes and axes of size 1.",
)  # fmt: skip
sum_to: Op = Op(
    "sum_to", tensor_kernel("sum_to"), linear="jointly", moves=True, helper=True, shape=shrunk_shape,
    signature=lambda x, *shape: ((x,), {"shape": sizes_of(x, shape)}),
    pulls=[lambda g, out, x, shape: broadcast_to(g, shape_of(x))],
    doc="x summed to a shape, along the axes that broadcasting stretched: the adjoint of broadcast_to.",
)  # fmt: skip


def _read_axes(axes: Sequence[Operand]) -> tuple[int, ...] | None:
    order = tuple(int(axis) for axis in unpack(axes))
    return order or None


def _transpose_shape(old: Shape, axes: tuple[int, ...] | None) -> Shape:
    if axes is None:
        return old[::-1]
    if sorted(axes_of(axes, len(old))) != list(range(len(old))):
        raise ShapeError(f"transpose: the axes {axes} do not name each axis of {shape_text(old)} once")
    return tuple(old[i] for i in axes)


def _inverse_order(axes: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if axes is None:
        return None
    order = axes_of(axes, len(axes))
    return tuple(sorted(range(len(order)), key=order.__getitem__))


transpose: Op = Op(
    "transpose", tensor_kernel("transpose"), linear="jointly", moves=True, shape=_transpose_shape,
    signature=lambda x, *axes: ((x,), {"axes": _read_axes(axes)}),
    pulls=[lambda g, out, x, axes: transpose(g, _inverse_order(axes) or ())],
    doc="The axes in another order [default: reversed]. A.T is short for it.",
)  # fmt: skip


def _swapaxes_shape(old: Shape, axis1: int, axis2: int) -> Shape:
    one, other = axes_of((axis1, axis2), len(old))
    shape = list(old)
    shape[one], shape[other] = shape[other], shape[one]
    return tuple(shape)


swapaxes: Op = Op(
    "swapaxes", tensor_kernel("swapaxes"), linear="jointly", moves=True, shape=_swapaxes_shape,
    signature=lambda x, axis1, axis2: ((x,), {"axis1": axis1, "axis2": axis2}),
    pulls=[lambda g, out, x, axis1, axis2: swapaxes(g, axis1, axis2)],
    doc="x with two axes exchanged.",
)  # fmt: skip


def _stack_shape(*shapes: Shape, axis: int) -> Shape:
    for shape in shapes[1:]:
        if shape != shapes[0]:
            raise ShapeError(f"cannot stack {shape_text(shapes[0])} and {shape_text(shape)}",
                             hint="give arrays of one shape")  # fmt: skip
    check_limits((*shapes[0], len(shapes)))
    (position,) = axes_of(axis, len(shapes[0]) + 1)
    return (*shapes[0][:position], len(shapes), *shapes[0][position:])


def _read_arrays(*xs: Operand, axis: int = 0) -> Call:
    if len(xs) == 1 and is_list(xs[0]):
        xs = tuple(xs[0])
    if not xs:
        raise ShapeError("nothing to put together", hint="give at least one array")
    return xs, {"axis": axis}


def _pull_stack(position: int) -> Rule:
    def pull(g: Operand, out: Operand, *xs: Operand, axis: int) -> Operand:
        (along,) = axes_of(axis, len(shape_of(out)))
        return getitem(g, (*[slice(None)] * along, position))

    return pull


def _pull_concatenate(position: int) -> Rule:
    def pull(g: Operand, out: Operand, *xs: Operand, axis: int) -> Operand:
        (along,) = axes_of(axis, len(shape_of(out)))
        ends = [0]
        for x in xs:
            ends.append(ends[-1] + shape_of(x)[along])
        return getitem(g, (*[slice(None)] * along, slice(ends[position], ends[position + 1])))

    return pull


stack: Op = Op(
    "stack", tensor_kernel("stack"), variadic=True, linear="jointly", moves=True, shape=_stack_shape,
    signature=_read_arrays, pulls=_pull_stack, doc="Arrays of one shape along a new axis. [a, b] is short for it.",
)  # fmt: skip


def _concatenate_shape(*shapes: Shape, axis: int) -> Shape:
    if () in shapes:
        raise ShapeError("cannot concatenate numbers", hint="[a, b] is a vector of two numbers, and [a] of one")
    (along,) = axes_of(axis, len(shapes[0]))
    for shape in shapes[1:]:
        if shape[:along] + shape[along + 1 :] != shapes[0][:along] + shapes[0][along + 1 :]:
            raise ShapeError(f"cannot concatenate {shape_text(shapes[0])} and {shape_text(shape)} along axis {axis}",
                             hint="give arrays whose other sizes are equal")  # fmt: skip
    total = sum(shape[along] for shape in shapes)
    return (*shapes[0][:along], total, *shapes[0][along + 1 :])


concatenate: Op = Op(
    "concatenate", tensor_kernel("concatenate"), variadic=True, linear="jointly", moves=True, shape=_concatenate_shape,
    signature=_read_arrays, pulls=_pull_concatenate, doc="Return arrays one after the other along an axis.",
)  # fmt: skip

# ---------------------------------------------------------------- parts


def as_index(parts: Operand) -> tuple[Operand, ...]:
    """Return an index of the operation from one of Python. Slices become tuples, which are hashable.

    >>> as_index((0, slice(1, None)))
    (0, ('slice', 1, None, None))
    """
    entries = []
    for part in parts if isinstance(parts, tuple) else (parts,):
        if isinstance(part, slice):
            part = ("slice", part.start, part.stop, part.step)
        elif not (part is None or part is Ellipsis or type(part) is int or _is_slice(part)):
            import numpy as np

            part = np.array(_mask_of(part))
            if part.dtype.kind == "f" and part.size == 0:
                part = part.astype(np.intp)
            if part.dtype.kind not in "iub":
                raise ShapeError(f"an index of {part.dtype}", hint="use whole numbers, slices or truth values")
            part = int(part) if part.shape == () and part.dtype.kind in "iu" else part
        entries.append(part)
    return tuple(entries)


def _mask_of(part: Operand) -> Operand:
    """Return the truth values of a condition of carriers. Those of symbols are not known.

    Raises:
        ShapeError: it is a symbol.
    """
    while getattr(part, "level", None) is not None:
        if not hasattr(part, "value"):
            raise ShapeError("an index of a symbol", hint="use where(condition, x, 0)")
        part = part.value
    return part


def _is_slice(part: Operand) -> bool:
    return isinstance(part, tuple) and part[:1] == ("slice",)


def _part_shape(shape: Shape, index: tuple[Operand, ...]) -> Shape:
    """Return the shape of a part, which NumPy computes on an array that takes no memory."""
    import numpy as np

    from .kernels.tensor import key_of

    try:
        part: Shape = np.broadcast_to(0.0, shape)[key_of(index)].shape
        return part
    except (IndexError, ValueError, OverflowError) as error:
        hint = str(error) if shape else "it has no parts"
        raise ShapeError(f"cannot take this part of {shape_text(shape)}", hint=hint) from None


def _scatter_shape(x: Shape, index: tuple[Operand, ...], shape: Shape) -> Shape:
    check_limits(shape)
    if any(n < 0 for n in shape):
        raise ShapeError(f"there is no shape {shape_text(shape)}")
    stretched_shape(x, _part_shape(shape, index))
    return shape


getitem: Op = Op(
    "getitem", tensor_kernel("getitem"), linear="jointly", moves=True, shape=_part_shape,
    signature=lambda x, index: ((x,), {"index": as_index(index)}),
    pulls=[lambda g, out, x, index: scatter.bind(index=index, shape=shape_of(x))(g)],
    doc="Part of an array: x[0], A[0, 1:].",
)  # fmt: skip
scatter: Op = Op(
    "scatter", tensor_kernel("scatter"), linear="jointly", moves=True, helper=True, shape=_scatter_shape,
    signature=lambda x, index, shape: ((x,), {"index": as_index(index), "shape": tuple(shape)}),
    pulls=[lambda g, out, x, index, shape: getitem.bind(index=index)(g)],
    doc="Zeros of a shape with x added at an index: the adjoint of getitem.",
)  # fmt: skip


# ---------------------------------------------------------------- diagonals


def _embed_shape(old: Shape, shape: Shape) -> Shape:
    if not old or len(shape) != 2 or min(shape) != old[-1]:
        raise ShapeError(f"{shape_text(old)} is not a diagonal of {shape_text(shape)}")
    return (*old[:-1], *shape)


diagonal: Op = Op(
    "diagonal", tensor_kernel("diagonal"), linear="jointly", moves=True, helper=True,
    shape=lambda shape: (*matrix_shape(shape, "diag")[:-2], min(shape[-2:])),
    pulls=[lambda g, out, x: diag_embed.bind(shape=shape_of(x)[-2:])(g)],
    doc="The diagonal of a matrix.",
)  # fmt: skip
diag_embed: Op = Op(
    "diag_embed", tensor_kernel("diag_embed"), linear="jointly", moves=True, helper=True,
    signature=lambda x, *shape: ((x,), {"shape": sizes_of(x, shape) if shape else shape_of(x)[-1:] * 2}),
    shape=_embed_shape,
    pulls=[lambda g, out, x, shape: diagonal(g)],
    doc="A matrix with x on its diagonal, 0 elsewhere.",
)  # fmt: skip


def _diag_shape(shape: Shape) -> Shape:
    return (shape[0], shape[0]) if len(shape) == 1 else (*matrix_shape(shape, "diag")[:-2], min(shape[-2:]))


diag: Op = Op(
    "diag", lambda x: diag_embed(x) if len(shape_of_list(x)) == 1 else diagonal(x), linear="jointly", moves=True,
    shape=_diag_shape,
    pulls=[lambda g, out, x: diagonal(g) if len(shape_of(x)) == 1 else diag_embed.bind(shape=shape_of(x)[-2:])(g)],
    doc="The matrix with a vector on its diagonal, or the diagonal of a matrix.",
)  # fmt: skip
trace: Op = Op(
    "trace", tensor_kernel("trace"), linear="jointly", moves=True,
    shape=lambda shape: matrix_shape(shape, "trace")[:-2],
    pulls=[lambda g, out, x: _pull_trace(g, shape_of(x))], doc="The sum of the diagonal.",
)  # fmt: skip


def _pull_trace(g: Operand, shape: Shape) -> Operand:
    diagonals = broadcast_to(reshape(g, (*shape_of(g), 1)), (*shape_of(g), min(shape[-2:])))
    return diag_embed.bind(shape=shape[-2:])(diagonals)
