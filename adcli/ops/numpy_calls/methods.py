"""The methods of NumPy's arrays on carriers. Most call the function of their name, which has the same parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..carrier import Carrier
from ..op import TABLE
from ..operands import Operand, Rule, shape_of
from . import elementwise, shapes
from .binding import refuse


def call_method(name: str, x: Operand, arguments: Sequence[Operand], options: Mapping[str, Operand]) -> Operand:
    """Call a method of NumPy's arrays on a carrier.

    Raises:
        TypeError: the method does not have one of the parameters. The message names it.
    """
    own = OWN.get(name)
    method = getattr(np, name) if own is None else own
    return method(x, *arguments, **options)


def _extreme(name: str) -> Rule:
    """Return the method `max` or `min`, which reduces. Its first argument is an axis and not a bound."""

    def extreme(x: Operand, *arguments: Operand, **options: Operand) -> Operand:
        axis = arguments[0] if arguments else options.get("axis")
        is_bound = isinstance(axis, (float, np.ndarray, Carrier)) or (arguments and not shape_of(x))
        if axis is not None and is_bound:
            raise TypeError(
                f"x.{name}(…) takes an axis of an array, as in NumPy: "
                f"write adcli.{name}(x, y) for the {'greater' if name == 'max' else 'less'} of two"
            )
        return getattr(np, name)(x, *arguments, **options)

    return extreme


def _clip(x: Operand, min: Operand = None, max: Operand = None, **options: Operand) -> Operand:
    for name, value in options.items():
        if value is not None:
            refuse("clip", name, value)
    return elementwise.clip(x, min, max)


def _reshape(x: Operand, *shape: Operand, order: str = "C", copy: bool | None = None) -> Operand:
    return shapes.reshape(x, shape[0] if len(shape) == 1 else shape, order)


def _transpose(x: Operand, *axes: Operand) -> Operand:
    whole = len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list)))
    return shapes.transpose(x, axes[0] if whole else axes or None)


def _trace(x: Operand, *arguments: Operand, **options: Operand) -> Operand:
    if len(shape_of(x)) <= 2:
        return np.trace(x, *arguments, **options)
    if arguments or options:
        raise TypeError("x.trace(…) of more than two axes: write np.trace, whose default axes are the first two")
    return TABLE["trace"](x)  # a batch of matrices, as all functions of the language take it


OWN: dict[str, Rule] = {
    "astype": lambda x, dtype, order="K", casting="unsafe", subok=True, copy=True: shapes.astype(x, dtype),
    "clip": _clip,
    "compress": lambda x, condition, axis=None, out=None: np.compress(condition, x, axis, out),
    "conj": lambda x: x,
    "conjugate": lambda x: x,
    "copy": lambda x, order="C": x,
    "flatten": shapes.ravel,
    "max": _extreme("max"),
    "min": _extreme("min"),
    "reshape": _reshape,
    "trace": _trace,
    "transpose": _transpose,
}
