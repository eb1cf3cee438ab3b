"""`Dual`: a number or an array with its tangent; forward mode."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError
from ..ops import Carrier, Op, shape_of
from ..ops.rules import push, zeros_like
from .levels import plain, settled


class Dual(Carrier):
    """A primal and its tangent: how it moves when the input moves. Every operation of the table carries both.

    Args:
        value: a number or an array; or a Dual or Value, of a lower level, for higher derivatives.
        tangent: of the shape of the value; or a vector of tangents, with their number as an axis in front; None where
            it does not move.
        level: which derivative it belongs to (`adcli.eager.levels`); one more than that of its parts by default, so
            that Duals of plain numbers belong together.

    Attributes:
        value: the primal.
        tangent: 0 where the result does not move.

    Raises:
        ShapeError: the shape of the tangent does not fit.

    >>> import adcli
    >>> x = Dual(2.0, 1.0)
    >>> (x * x).tangent
    4.0
    >>> f = Dual(2.0, [1.0, 0.0]) * Dual(3.0, [0.0, 1.0])
    >>> f.value, f.tangent
    (6.0, array([3., 2.]))
    """

    __slots__ = ("level", "moves", "value")

    def __init__(self, value: Any, tangent: Any = None, level: int | None = None) -> None:
        self.value = plain(value)
        self.moves = None if tangent is None else plain(tangent)
        shape, moved = shape_of(self.value), shape_of(self.moves)
        fits = len(moved) <= len(shape) + 1 and moved[max(len(moved) - len(shape), 0) :] == shape
        if not fits and tangent is not None:
            raise ShapeError(f"a tangent of shape {moved} for a value of shape {shape}")
        below = max(getattr(self.value, "level", 0), getattr(self.moves, "level", 0))
        self.level = below + 1 if level is None else level

    @property
    def tangent(self) -> Any:
        """How it moves."""
        return zeros_like(self.value) if self.moves is None else self.moves

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """The shape of the value; () is a number."""
        return shape_of(self.value)

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, {self.tangent!r})"

    def __bool__(self) -> bool:
        return bool(self.value)

    def apply_op(self, op: Op, arguments: tuple[Any, ...]) -> Any:
        """Compute and push the tangents."""
        level = self.level
        primals: list[Any] = []
        tangents: list[Any] = []
        for x in arguments:
            if getattr(x, "level", 0) != level:
                primals.append(x)
                tangents.append(None)
            elif isinstance(x, Dual):
                primals.append(x.value)
                tangents.append(x.moves)
            else:
                raise TypeError(f"a {type(x).__name__} and a Dual of one level do not mix; nest one in the other")
        out = settled(op(*primals))
        if op.is_condition:
            return out
        with np.errstate(all="ignore"):
            return _dual(out, settled(_push(op, tangents, out, primals)), level)


def _dual(value: Any, tangent: Any, level: int) -> Dual:
    made: Dual = object.__new__(Dual)
    made.value = value
    made.moves = tangent
    made.level = level
    return made


def _push(op: Op, tangents: list[Any], out: Any, primals: list[Any]) -> Any:
    """The tangent of a result; a vector of them direction by direction, unless the rule takes them all at once."""
    count, at_once = None, op.is_elementwise
    for tangent, primal in zip(tangents, primals, strict=True):
        if tangent is not None:
            if len(shape_of(tangent)) > len(shape_of(primal)):
                count = shape_of(tangent)[0]
            at_once = at_once and shape_of(primal) == shape_of(out)
    if count is None or at_once:
        return push(op, tangents, out, primals)
    moved = [
        push(op, [_direction(t, x, i) for t, x in zip(tangents, primals, strict=True)], out, primals)
        for i in range(count)
    ]
    if count and all(tangent is None for tangent in moved):
        return None
    if not count:
        return np.zeros((0, *shape_of(out)))
    from ..ops.structure import stack

    return stack([zeros_like(out) if tangent is None else tangent for tangent in moved])


def _direction(tangent: Any, primal: Any, i: int) -> Any:
    return tangent[i] if tangent is not None and len(shape_of(tangent)) > len(shape_of(primal)) else tangent
