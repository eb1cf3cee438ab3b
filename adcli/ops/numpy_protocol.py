"""What NumPy calls on carriers, and the methods that arrays of NumPy have. NumPy is not imported before such a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .carrier import UFUNCS, Carrier
from .op import TABLE, Op
from .operands import Operand, Rule

if TYPE_CHECKING:
    import numpy as np

# Methods of NumPy's arrays. They come before operations of the same name, whose parameters may differ.
METHODS = (
    "all", "any", "argmax", "argmin", "argsort", "astype", "clip", "compress", "conj", "conjugate", "copy", "cumprod",
    "cumsum", "diagonal", "dot", "flatten", "nonzero", "ravel", "repeat", "round", "searchsorted", "squeeze", "std",
    "take", "trace", "transpose", "var",
)  # fmt: skip
REDUCTIONS = {"sum": "sum", "mean": "mean", "prod": "prod", "max": "amax", "min": "amin"}  # method -> operation


def _call_ufunc(self: Carrier, ufunc: Rule, method: str, *inputs: Operand, **options: Operand) -> Operand:
    op = UFUNCS.get(ufunc.__name__)
    if op is not None and method == "__call__" and not options:
        return op(*inputs)
    from .numpy_calls import call_ufunc

    return call_ufunc(ufunc, method, inputs, options)


def _call_function(
    self: Carrier, function: Rule, types: Sequence[type], arguments: Sequence[Operand], options: Mapping[str, Operand]
) -> Operand:
    from .numpy_calls import call_function

    Carrier.__array_function__ = call_function  # type: ignore[attr-defined]  # without this detour from now on
    return call_function(self, function, types, arguments, options)


def _as_array(self: Carrier, dtype: Operand = None, copy: bool | None = None) -> np.ndarray:
    """Return an array of objects, one carrier per element. Operations join such an array again (`stack_objects`)."""
    import numpy as np

    if dtype is not None and np.dtype(dtype) != np.dtype(object):  # NumPy's dtypes equal None
        raise TypeError(
            f"a {self.noun} does not convert to an array of {dtype}, which would lose its gradient: "
            "join Values with adcli.stack([x, y]), or use .value"
        )
    array = np.empty(self.shape, object)
    for index in np.ndindex(self.shape):
        array[index] = self[index] if self.shape else self
    return array


def _dtype(self: Carrier) -> Operand:
    """Return the type of the numbers: float64, or that of truths for a condition."""
    from .numpy_calls.element_type import element_type

    return element_type(self)


def _numpy_method(name: str) -> Rule:
    """Return a method that has the parameters of NumPy's method of this name."""

    def method(self: Carrier, *arguments: Operand, **options: Operand) -> Operand:
        from .numpy_calls.methods import call_method

        return call_method(name, self, arguments, options)

    return _named(name, method)


def _reduction_method(name: str, op: Op) -> Rule:
    """Return the method of a reduction. Calls with the parameters of the operation go there without a detour."""
    general = _numpy_method(name)

    def method(self: Carrier, *arguments: Operand, **options: Operand) -> Operand:
        if arguments or not options.keys() <= {"axis", "keepdims"} or not self.shape:
            return general(self, *arguments, **options)
        return op(self, **options)

    return _named(name, method)


def _reshape(self: Carrier, *shape: Operand, **options: Operand) -> Operand:
    return _reshape_as_numpy(self, *shape, **options) if options else TABLE["reshape"](self, *shape)


def _named(name: str, method: Operand) -> Rule:
    method.__name__ = name
    method.__qualname__ = f"Carrier.{name}"
    method.__doc__ = f"Call the method `{name}` as on an array of NumPy."
    return method  # type: ignore[no-any-return]


_reshape_as_numpy = _numpy_method("reshape")


def enter_protocol() -> None:
    """Give the class of carriers the methods of this module."""
    methods: dict[str, Operand] = {name: _numpy_method(name) for name in METHODS}
    methods |= {name: _reduction_method(name, TABLE[op]) for name, op in REDUCTIONS.items()}
    methods |= {
        "reshape": _named("reshape", _reshape),
        "__array_ufunc__": _call_ufunc,
        "__array_function__": _call_function,
        "__array__": _as_array,
        "dtype": property(_dtype),
    }
    for name, method in methods.items():
        setattr(Carrier, name, method)
