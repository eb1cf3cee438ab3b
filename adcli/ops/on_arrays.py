"""Apply operations to arrays of NumPy: float64 throughout, without warnings about results that IEEE 754 defines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar, copy_context
from threading import local

import numpy as np

from ..errors import AdcliError, RequestError
from .kernels import arrays, tensor
from .operands import NUMBERS, Operand, Rule, Shape, float_array, has_masked_cells, is_list

FLOAT, TRUTH = np.dtype(np.float64), np.dtype(np.bool_)

# Entering np.errstate takes as long as a small sum. Where NumPy keeps that state in the context (from 2.0 on), one
# context in which it was set does the same in a tenth of the time. A context serves one thread.
_IN_CONTEXT = np.lib.NumpyVersion(np.__version__) >= "2.0.0"
_is_quiet: ContextVar[bool] = ContextVar("is_quiet", default=False)
_thread_state = local()


def run_quietly(function: Rule, *arguments: Operand) -> Operand:
    """Call a function of the arguments while NumPy does not warn of infinities and nan.

    >>> run_quietly(np.log, 0.0)
    np.float64(-inf)
    """
    if _is_quiet.get():
        return function(*arguments)
    if not _IN_CONTEXT:
        with np.errstate(all="ignore"):
            return function(*arguments)
    try:
        context = _thread_state.context
    except AttributeError:
        context = _thread_state.context = copy_context()
        context.run(np.seterr, all="ignore")
        context.run(_is_quiet.set, True)
    return context.run(function, *arguments)


def elementwise_kernel(name: str, scalar: Rule) -> Rule:
    """Return the function on arrays: ours of this name, else NumPy's, else a loop over the scalar kernel.

    >>> elementwise_kernel("cbrt", float) is arrays.cbrt, elementwise_kernel("add", float) is np.add
    (True, True)
    >>> elementwise_kernel("double", lambda x: 2.0 * x)(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    own = getattr(arrays, name, None)
    if own is not None:
        kernel: Rule = own
    elif isinstance(ufunc := getattr(np, name, None), np.ufunc):
        kernel = ufunc
    else:
        kernel = arrays.looped(scalar)
    return kernel


def tensor_kernel(name: str) -> Rule | None:
    """Return the tensor kernel of this name, if there is one."""
    return getattr(tensor, name, None)


def make_caller(
    kernel: Rule, takes_conditions: tuple[int, ...], check_shapes: Callable[[Sequence[Shape]], object]
) -> Callable[[Sequence[Operand]], Operand]:
    """Return a function that applies a kernel to arrays, numbers and nested lists of numbers.

    Args:
        kernel: the function on float64 arrays.
        takes_conditions: the arguments in which an array of truth values stays one.
        check_shapes: raises ShapeError for shapes that do not fit.
    """
    ndarray = np.ndarray

    def call(arguments: Sequence[Operand]) -> Operand:
        for x in arguments:
            if x.__class__ not in NUMBERS and (x.__class__ is not ndarray or x.dtype is not FLOAT):
                arguments = [as_float_array(x, position in takes_conditions) for position, x in enumerate(arguments)]
                break
        try:
            return run_quietly(kernel, *arguments)
        except (AdcliError, ValueError, IndexError):
            check_shapes([np.shape(x) for x in arguments])
            raise

    return call


def as_float_array(x: Operand, is_condition: bool) -> Operand:
    """Return a number as it is and an array as float64. Truths stay truths where a condition is asked for."""
    if x.__class__ in NUMBERS:
        return x
    x = new_array(x) if is_list(x) else np.asarray(_unmasked(x))
    return x if x.dtype == FLOAT or (is_condition and x.dtype == TRUTH) else float_array(x)


def new_array(x: Operand) -> Operand:
    """Return a new array of the elements of an array or a list.

    Raises:
        RequestError: it is a list whose rows have different lengths.
    """
    try:
        return np.array(_unmasked(x))
    except ValueError:
        raise RequestError("the rows have different lengths", hint="an array needs equal ones") from None


def _unmasked(x: Operand) -> Operand:
    """Return the argument, unless it is an array with masked cells, whose mask operations would ignore."""
    if has_masked_cells(x):
        raise RequestError("the array has masked cells", hint="array.filled(nan) computes nan there")
    return x
