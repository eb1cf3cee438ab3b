"""An operation on arrays of NumPy: float64 throughout, and silent about what IEEE 754 defines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar, copy_context
from functools import partial
from threading import local
from typing import Any

import numpy as np

from .kernels import arrays, tensor
from .op import NUMBERS, Op, float_array

FLOAT, TRUTH = np.dtype(np.float64), np.dtype(np.bool_)

# Entering np.errstate takes as long as a small sum. Where NumPy keeps that state in the context (from 2.0 on), one
# context in which it was set does the same for a tenth; a context serves one thread.
_IN_CONTEXT = np.lib.NumpyVersion(np.__version__) >= "2.0.0"
_is_quiet: ContextVar[bool] = ContextVar("is_quiet", default=False)
_of_thread = local()


def quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """A function of the arguments, during which NumPy does not warn of infinities and nan.

    >>> quietly(np.log, 0.0)
    np.float64(-inf)
    """
    if _is_quiet.get():
        return function(*arguments)
    if not _IN_CONTEXT:
        with np.errstate(all="ignore"):
            return function(*arguments)
    try:
        context = _of_thread.context
    except AttributeError:
        context = _of_thread.context = copy_context()
        context.run(np.seterr, all="ignore")
        context.run(_is_quiet.set, True)
    return context.run(function, *arguments)


def caller(op: Op) -> Callable[[Sequence[Any]], Any]:
    """What applies an operation to arrays, numbers and nested lists of numbers."""
    kernel: Callable[..., Any]
    if op.is_elementwise:
        kernel = getattr(arrays, op.array, None) or getattr(np, op.array)
    elif hasattr(tensor, op.array):
        kernel = getattr(tensor, op.array)
        kernel = partial(kernel, **op.parameters) if op.parameters else kernel
    else:
        kernel = op.forward  # made of other operations
    ndarray = np.ndarray

    def call(arguments: Sequence[Any]) -> Any:
        for x in arguments:
            if x.__class__ not in NUMBERS and (
                x.__class__ is not ndarray or (x.dtype is not FLOAT and x.dtype is not TRUTH)
            ):
                arguments = [converted(x) for x in arguments]
                break
        return quietly(kernel, *arguments)

    return call


def converted(x: Any) -> Any:
    """A number as it is; an array of truths as it is, any other as one of float64."""
    if x.__class__ in NUMBERS:
        return x
    x = np.asarray(x)
    return x if x.dtype == FLOAT or x.dtype == TRUTH else float_array(x)
