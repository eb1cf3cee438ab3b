"""NumPy's functions on carriers: calls bound by NumPy's signatures, and written with the operations of the table.

The modules beside `binding.py` each have the translations of one group of functions. Most are compositions, so that
they need no rules for derivatives. All of this is imported at the first call of NumPy with a carrier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..carrier import UFUNCS, Carrier
from ..operands import Operand, Rule, shape_of
from ..reductions import amax, amin, mean, prod, sum_
from ..structure import reshape
from . import einsum, elementwise, joining, norms, numbers, parts, products, reductions, shapes
from .binding import HARMLESS, TRANSLATIONS, call, forms, operand, refuse

__all__ = [
    "TRANSLATIONS", "call_function", "call_ufunc", "einsum", "elementwise", "joining", "norms",
    "numbers", "parts", "products", "reductions", "shapes",
]  # fmt: skip


# The modules, with their headings in docs/library.md.
GROUPS = {
    "reductions": "reductions, running sums and differences",
    "norms": "norms",
    "shapes": "shapes",
    "parts": "order of elements, parts, diagonals",
    "joining": "arrays put together and taken apart",
    "products": "products and linear algebra",
    "einsum": "einsum",
    "elementwise": "element by element",
    "numbers": "shapes and constant arrays, as plain results",
}
# The reductions, and the parameters with which they need no translation.
DIRECT = {np.sum: sum_, np.mean: mean, np.prod: prod, np.max: amax, np.amax: amax, np.min: amin, np.amin: amin}
OPTIONS_OF_REDUCTIONS = {"axis", "keepdims"}
PLAIN = (Carrier, np.ndarray, np.generic, bool, int, float, list, tuple)  # beside others NumPy asks the others too


def call_function(
    x: Carrier, function: Rule, types: Sequence[type], arguments: Sequence[Operand], options: Mapping[str, Operand]
) -> Operand:
    """Call the translation of a function of NumPy, one of whose arguments is the carrier x.

    Raises:
        TypeError: there is none, or it does not have one of the parameters. The message names it.
    """
    op = DIRECT.get(function)
    if (
        op is not None
        and len(arguments) == 1
        and arguments[0] is x
        and options.keys() <= OPTIONS_OF_REDUCTIONS
        and x.shape
    ):
        return op(x, **options)
    form = forms().get(function)
    if form is not None:
        return call(form, arguments, options)
    on_values = numbers.ON_VALUES.get(function.__name__) if function.__module__ == "numpy" else None
    if on_values is not None:
        return on_values(*arguments, **options)
    if not all(issubclass(each, (Carrier, np.ndarray)) for each in types):
        return NotImplemented
    name = f"{function.__module__}.{function.__name__}".replace("numpy", "np", 1)
    raise _absent(name, next(each for each in types if issubclass(each, Carrier)))


def _absent(name: str, carrier: Carrier | type[Carrier]) -> TypeError:
    text = f"adcli has no {name}, which was called with a {carrier.noun}: docs/library.md lists what there is"
    return TypeError(text)


def call_ufunc(ufunc: Rule, method: str, inputs: Sequence[Operand], options: Mapping[str, Operand]) -> Operand:
    """Call the operation of a ufunc, or one of the ufunc's methods.

    Raises:
        TypeError: there is none, or it does not take one of the options. The message names it.
    """
    name = ufunc.__name__
    function = UFUNCS.get(name) or elementwise.COMPOSED.get(name)
    if function is None:
        if not all(isinstance(x, PLAIN) for x in inputs):
            return NotImplemented
        raise _absent(f"np.{name}", next(x for x in inputs if isinstance(x, Carrier)))
    if method in _METHODS_OF_UFUNCS:
        return _METHODS_OF_UFUNCS[method](name, function, inputs, options)
    if method != "__call__":
        raise TypeError(f"np.{name}.{method} takes no Values, Duals and symbols")
    for option, value in options.items():
        if option == "out" and isinstance(value, tuple) and isinstance(value[0], np.ndarray):
            raise TypeError(
                f"np.{name} cannot write a {_kind(inputs)} into an array: write a = a + x instead of a += x"
            )
        harmless = value is True if option == "where" else option in HARMLESS and HARMLESS[option](value)
        if not harmless:
            refuse(name, option, value)
    return function(*inputs)


def _kind(inputs: Sequence[Operand]) -> str:
    return next(x.noun for x in inputs if isinstance(x, Carrier))


REDUCTIONS = {
    "add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min", "logical_and": "all", "logical_or": "any",
}  # fmt: skip


def _reduce(name: str, function: Rule, inputs: Sequence[Operand], options: Mapping[str, Operand]) -> Operand:
    """Call `np.add.reduce` and its like. The default axis is 0."""
    reduction = REDUCTIONS.get(name)
    if reduction is None:
        raise TypeError(f"np.{name}.reduce takes no Values, Duals and symbols")
    names = ("array", "axis", "dtype", "out", "keepdims", "initial", "where")
    bound = {**dict(zip(names, inputs, strict=False)), **options}
    array = bound.pop("array")
    if isinstance(bound.get("out"), tuple):
        bound["out"] = bound["out"][0]
    return getattr(np, reduction)(array, **({"axis": 0} | bound))


def _accumulate(name: str, function: Rule, inputs: Sequence[Operand], options: Mapping[str, Operand]) -> Operand:
    """Call `np.add.accumulate` and its like."""
    if name not in (*REDUCTIONS, "logaddexp"):
        raise TypeError(f"np.{name}.accumulate takes no Values, Duals and symbols")
    bound = {**dict(zip(("array", "axis", "dtype", "out"), inputs, strict=False)), **options}
    for option in ("dtype", "out"):
        if bound.pop(option, None) not in (None, (None,)):
            refuse(f"{name}.accumulate", option, options.get(option))
    return reductions.accumulate(bound["array"], bound.get("axis", 0), function)


def _outer(name: str, function: Rule, inputs: Sequence[Operand], options: Mapping[str, Operand]) -> Operand:
    """Call `np.add.outer` and its like: the function of each pair of elements."""
    for option, value in options.items():
        refuse(f"{name}.outer", option, value)
    one, other = map(operand, inputs)
    return function(reshape(one, (*shape_of(one), *(1,) * len(shape_of(other)))), other)


_METHODS_OF_UFUNCS = {"reduce": _reduce, "accumulate": _accumulate, "outer": _outer}
