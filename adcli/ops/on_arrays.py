"""An operation on arrays of NumPy: float64 throughout, and silent about what IEEE 754 defines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar, copy_context
from threading import local
from typing import Any

import numpy as np

from ..errors import AdcliError
from .op import NUMBERS, Op, array_kernel, float_array, shape_of_result

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
    """What applies an operation to arrays, numbers and nested lists of numbers; truths count where it asks for them."""
    kernel, takes_conditions, ndarray = array_kernel(op), op.takes_conditions, np.ndarray

    def call(arguments: Sequence[Any]) -> Any:
        for x in arguments:
            if x.__class__ not in NUMBERS and (x.__class__ is not ndarray or x.dtype is not FLOAT):
                arguments = [converted(x, place in takes_conditions) for place, x in enumerate(arguments)]
                break
        try:
            return quietly(kernel, *arguments)
        except (AdcliError, ValueError, IndexError):
            shape_of_result(op, [np.shape(x) for x in arguments])
            raise

    return call


def converted(x: Any, is_condition: bool) -> Any:
    """A number as it is, an array as one of float64; an array of truths stays one where a condition is asked for."""
    if x.__class__ in NUMBERS:
        return x
    x = np.asarray(x)
    return x if x.dtype == FLOAT or (is_condition and x.dtype == TRUTH) else float_array(x)
