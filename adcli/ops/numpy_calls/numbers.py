"""NumPy's functions whose results are not differentiated: truths, positions, shapes. They give plain numbers."""

from __future__ import annotations

import numpy as np

from ..carrier import Carrier
from ..op import Op
from ..operands import Operand, Rule, Shape, shape_of
from .binding import operand, translates

# Their results are piecewise constant. They are those of NumPy for the values.
PIECEWISE_CONSTANT = (
    "all", "allclose", "any", "argmax", "argmin", "argpartition", "argsort", "argwhere", "array_equal", "array_equiv",
    "count_nonzero", "digitize", "flatnonzero", "isclose", "isin", "iscomplex", "iscomplexobj", "isneginf",
    "isposinf", "isreal", "isrealobj", "lexsort", "may_share_memory", "nanargmax", "nanargmin", "nonzero",
    "result_type", "searchsorted", "shares_memory",
)  # fmt: skip


def primal(x: Operand, function: str) -> Operand:
    """Return the plain number or array of a carrier, without derivatives. Lists are searched for carriers.

    Raises:
        TypeError: it is a symbol, which has no numbers. The message names the function.
    """
    if isinstance(x, (list, tuple)):
        return [primal(part, function) for part in x] if any(isinstance(part, Carrier) for part in x) else x
    while isinstance(x, Carrier):
        value = getattr(x, "value", None)
        if value is None or isinstance(value, Op):
            raise TypeError(f"np.{function} of a symbol, which has no numbers: call it with a Value or a Dual")
        x = value
    return x


def _on_values(name: str) -> Rule:
    """Return NumPy's function, called with the plain numbers of carriers."""

    def on_values(*arguments: Operand, **options: Operand) -> Operand:
        plain = [primal(each, name) for each in arguments]
        return getattr(np, name)(*plain, **{key: primal(each, name) for key, each in options.items()})

    return on_values


ON_VALUES = {name: _on_values(name) for name in PIECEWISE_CONSTANT if hasattr(np, name)}


@translates("shape")
def shape(a: Operand) -> Shape:
    """Return the shape."""
    return shape_of(operand(a))


@translates("ndim")
def ndim(a: Operand) -> int:
    """Return the number of axes."""
    return len(shape_of(operand(a)))


@translates("size")
def size(a: Operand, axis: Operand = None) -> int:
    """Return the number of elements, along an axis if one is given."""
    count: int = np.size(np.broadcast_to(0.0, shape_of(operand(a))), *(() if axis is None else (axis,)))
    return count


def _filled(make: Rule) -> Rule:
    def filled(a: Operand, shape: Operand = None) -> Operand:
        return make(shape_of(a) if shape is None else shape)

    return filled


translates("zeros_like")(_filled(np.zeros))
translates("ones_like")(_filled(np.ones))


@translates("empty_like")
def empty_like(prototype: Operand, shape: Operand = None) -> Operand:
    """Return an array of zeros in the place of an undefined one."""
    return np.zeros(shape_of(prototype) if shape is None else shape)


@translates("full_like")
def full_like(a: Operand, fill_value: Operand, shape: Operand = None) -> Operand:
    """Return an array filled with a number, which may be a carrier."""
    return operand(fill_value) + np.zeros(shape_of(a) if shape is None else shape)
