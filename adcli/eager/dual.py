"""`Dual`: a number or an array with its tangent, for forward mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

import numpy as np

from ..errors import ShapeError
from ..ops import Op, shape_of
from ..ops.operands import CarriersInArrayError, Numeric, Operand, holds_carriers
from ..ops.rules import push, zeros_like
from ..ops.support import absent, is_absent, select, settle, written
from .levels import FIRST_LEVEL, plain, unwrap_scalar
from .numeric import NumericCarrier


class Dual(NumericCarrier):
    """A value and its tangent, the derivative along one direction. Each operation computes both.

    ``format(x, ".3f")``, ``round(x, 3)`` and ``x.item()`` give plain numbers, without the tangent.

    Args:
        value: a number or an array, or for higher derivatives a Dual or Value of a lower level.
        tangent: of the shape of the value, or a vector of tangents, whose number is an axis in front. None is a value
            that does not move, and neither does a value along a 0.
        level: the derivative to which it belongs (`adcli.eager.levels`) [default: one more than that of its parts, so
            that Duals of plain numbers belong together].

    Attributes:
        value: the value.
        tangent: the derivative of the value, 0 where it does not move.

    Raises:
        ShapeError: the tangent does not have the shape of the value.
        TypeError: the value is not a number or an array of numbers.

    >>> import adcli
    >>> x = Dual(2.0, 1.0)
    >>> (x * x).tangent
    4.0
    >>> f = Dual(2.0, [1.0, 0.0]) * Dual(3.0, [0.0, 1.0])
    >>> f.value, f.tangent
    (6.0, array([3., 2.]))
    """

    __slots__ = ("__weakref__", "level", "moves", "tracks", "value")
    noun = "Dual"
    level: int
    tracks: bool  # whether structural zeros are told from computed ones
    moves: Operand  # the tangent, None for zero. A `Supported` tracks structural zeros

    def __init__(self, value: Operand, tangent: Operand = None, level: int | None = None) -> None:
        self.value = plain(value)
        self.moves = None if tangent is None else plain(tangent)
        shape, moved = shape_of(self.value), shape_of(self.moves)
        fits = len(moved) <= len(shape) + 1 and moved[max(len(moved) - len(shape), 0) :] == shape
        if not fits and tangent is not None:
            raise ShapeError(f"a tangent of shape {moved} for a value of shape {shape}")
        below = max(getattr(self.value, "level", 0), getattr(self.moves, "level", 0))
        self.level = below + 1 if level is None else level
        self.moves = None if tangent is None else written(self.moves)
        self.tracks = True

    @property
    def tangent(self) -> Numeric:
        """The derivative of the value along the direction."""
        tangent: Numeric = zeros_like(self.value) if self.moves is None else unwrap_scalar(select(self.moves))
        return tangent

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, {self.tangent!r})"

    def __copy__(self) -> Dual:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Operand]) -> Dual:
        if self.level >= FIRST_LEVEL:
            # A differentiated function may copy its argument, which may hold Values that must stay the same.
            return self
        return make_dual(
            deepcopy(self.value, memo), deepcopy(self.moves, memo), self.level, self.tracks, self.__class__
        )

    def __reduce__(self) -> tuple[Callable[..., Dual], tuple[Operand, ...]]:
        if self.level >= FIRST_LEVEL:
            # The level could belong to another derivative in the process that loads it.
            raise TypeError("a Dual inside a derivative cannot be pickled: pickle its .item() or an adcli.Dual")
        return make_dual, (self.value, self.moves, self.level, self.tracks, self.__class__)

    def apply_op(self, op: Op, arguments: Sequence[Operand]) -> Operand:
        """Return the result with its tangent."""
        level = self.level
        primals: list[Operand] = []
        tangents: list[Operand] = []
        for x in arguments:
            if getattr(x, "level", 0) != level:
                if holds_carriers(x):
                    raise CarriersInArrayError
                primals.append(x)
                tangents.append(None)
            elif isinstance(x, Dual):
                primals.append(x.value)
                tangents.append(x.moves)
            else:
                raise TypeError(f"a {x.noun} and a Dual of one level do not mix: nest one in the other")
        out = unwrap_scalar(op(*primals))
        if op.is_condition:
            return out
        with np.errstate(all="ignore"):
            return make_dual(out, unwrap_scalar(_push(op, tangents, out, primals, self.tracks)), level, self.tracks)


def make_dual(value: Operand, tangent: Operand, level: int, tracks: bool, kind: type[Dual] = Dual) -> Dual:
    """Return a Dual of parts that need no checks."""
    dual: Dual = object.__new__(kind)
    dual.value = value
    dual.moves = tangent
    dual.level = level
    dual.tracks = tracks
    return dual


def _push(op: Op, tangents: list[Operand], out: Operand, primals: list[Operand], tracks: bool) -> Operand:
    """Return the tangent of a result. The rule is applied to a vector of tangents at once where possible."""
    count, at_once = None, op.is_elementwise
    for tangent, primal in zip(tangents, primals, strict=True):
        if tangent is not None:
            if len(shape_of(tangent)) > len(shape_of(primal)):
                count = shape_of(tangent)[0]
            at_once = at_once and shape_of(primal) == shape_of(out)
    if count is None or at_once:
        return push(op, tangents, out, primals, tracks)
    pushed = [
        push(op, [_direction(t, x, i) for t, x in zip(tangents, primals, strict=True)], out, primals, tracks)
        for i in range(count)
    ]
    if count and all(tangent is None for tangent in pushed):
        return None
    if not count:
        return np.zeros((0, *shape_of(out)))
    from ..ops.structure import stack

    missing = absent if tracks else zeros_like
    return settle(stack([missing(out) if tangent is None else tangent for tangent in pushed]))


def _direction(tangent: Operand, primal: Operand, i: int) -> Operand:
    part = tangent[i] if tangent is not None and len(shape_of(tangent)) > len(shape_of(primal)) else tangent
    return None if is_absent(part) else part
