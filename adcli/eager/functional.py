"""Functions of functions: `grad`, `jacobian`, `hessian` and their kin, nested to any order.

They take plain Python functions and compiled formulas. Such a function takes numbers, arrays, and nested lists, tuples
and dicts of them. It computes with operators, with the functions of adcli or with NumPy's of the same name. It may
branch on values, because it is run at every call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar, cast, overload

from ..errors import RequestError, ShapeError
from ..ops import shape_of
from ..ops.operands import Operand
from .function_types import FirstGradient, FirstValueAndGradient, Gradient, Hessian, Jacobian, T, ValueAndGradient
from .jacobians import all_derivatives, second_derivatives
from .tracing import (
    AnyFunction,
    Argnums,
    Arguments,
    ReverseTrace,
    fill_zeros,
    leaves_like,
    push_forward,
    undefined_with,
)
from .tracing import IndependenceWarning as IndependenceWarning
from .tree import Rebuild, Tree

R = TypeVar("R")


@overload
def value_and_grad(f: AnyFunction, argnums: None = None) -> ValueAndGradient: ...
@overload
def value_and_grad(f: AnyFunction, argnums: Literal[0]) -> FirstValueAndGradient: ...
@overload
def value_and_grad(f: AnyFunction, argnums: int | Sequence[int]) -> Callable[..., tuple[float, Tree]]: ...
def value_and_grad(f: AnyFunction, argnums: Argnums = None) -> Callable[..., tuple[float, Tree]]:
    """Return a function that computes the value of a scalar function and its gradient in one pass.

    Args:
        f: a function of positional arguments whose result is one number, or a compiled formula. Keyword arguments are
            passed on and not differentiated.
        argnums: the arguments to differentiate by. An int gives a bare gradient, a sequence a tuple. By default all
            positional arguments: one gives a bare gradient, several give a tuple.

    Returns:
        A function of the same arguments that returns ``(value, gradient)``. The gradient has the structure and the
        shapes of the arguments.

    Raises:
        RequestError: `f` is not callable, or argnums does not fit the arguments.
        ShapeError: the result of the function is not one number.

    >>> value_and_grad(lambda x, y: x*y + x)(2.0, 3.0)
    (8.0, (4.0, 2.0))
    """
    _check_callable(f)

    def differentiated(*arguments: Tree, **keywords: object) -> tuple[float, Tree]:
        inputs = Arguments(f, arguments, keywords, argnums)
        trace = ReverseTrace(inputs)
        if len(trace.outputs) != 1 or shape_of(trace.outputs[0]):
            count = len(trace.outputs)
            result = f"{count} outputs" if count != 1 else f"an array of shape {shape_of(trace.outputs[0])}"
            raise ShapeError(f"grad needs a function with one number as its result, not {result}", hint="use jacobian")
        trace.warn_independent_inputs()
        value = trace.outputs[0]
        slopes = fill_zeros(trace.pull([1.0]), inputs.leaves)
        slopes = [undefined_with(slope, value) for slope in slopes]
        return trace.rebuild([value]), inputs.pack(slopes)

    return differentiated


@overload
def grad(f: AnyFunction, argnums: None = None) -> Gradient: ...
@overload
def grad(f: AnyFunction, argnums: Literal[0]) -> FirstGradient: ...
@overload
def grad(f: AnyFunction, argnums: int | Sequence[int]) -> Callable[..., Tree]: ...
def grad(f: AnyFunction, argnums: Argnums = None) -> AnyFunction:
    """Return a function that computes the gradient of a scalar function.

    Arguments, structure of the gradient and errors are those of `value_and_grad`.

    >>> import adcli
    >>> grad(lambda x, y: x*y + x)(2.0, 3.0)
    (4.0, 2.0)
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(adcli.compile("x*y"))(2.0, 3.0)
    (3.0, 2.0)
    """
    both = cast(AnyFunction, value_and_grad(f, argnums))

    def differentiated(*arguments: Tree, **keywords: object) -> Tree:
        return both(*arguments, **keywords)[1]

    return differentiated


def vjp(f: Callable[..., R], *primals: T) -> tuple[R, Callable[[R], tuple[T, ...]]]:
    """Return the value of a function, and a function that pulls cotangents back: reverse mode.

    Args:
        f: any function of the arguments, or a compiled formula.
        primals: the arguments.

    Returns:
        ``(output, pull)``. `pull` takes a cotangent of the structure and shapes of the output. It returns a tuple with
        one cotangent per argument.

    Raises:
        RequestError: `f` is not callable, or there is no argument.
        ShapeError: from `pull`, the cotangent does not have the shape of the output.

    >>> output, pull = vjp(lambda x, y: (x*y, x + y), 2.0, 3.0)
    >>> output, pull((1.0, 10.0))
    ((6.0, 5.0), (13.0, 12.0))
    """
    _check_callable(f)
    inputs = Arguments(f, primals, {}, range(len(primals)))
    trace = ReverseTrace(inputs)

    def pull(cotangent: Tree) -> Tree:
        leaves = leaves_like(cotangent, "the output", trace.paths, trace.outputs, "cotangent")
        return inputs.pack(fill_zeros(trace.pull(leaves), inputs.leaves, *leaves))

    return trace.rebuild(trace.outputs), pull


def jvp(f: Callable[..., R], primals: Sequence[Tree], tangents: Sequence[Tree]) -> tuple[R, R]:
    """Return the value of a function and its directional derivative: forward mode.

    Args:
        f: any function of the arguments, or a compiled formula.
        primals: the arguments, as a tuple.
        tangents: the direction, of the same structure and shapes. None stands for an argument that does not move.

    Returns:
        ``(output, tangent)``, both of the structure of the output.

    Raises:
        RequestError: `f` is not callable, primals or tangents are not tuples, or no argument moves.
        ShapeError: a tangent does not have the shape of its argument.

    >>> jvp(lambda x, y: x*y, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    _check_callable(f)
    outputs, products, rebuild = _push(f, primals, tangents)
    pairs = zip(products, outputs, strict=True)
    return rebuild(outputs), rebuild([undefined_with(product, output) for product, output in pairs])


def _push(
    f: AnyFunction, primals: Sequence[Tree], tangents: Sequence[Tree]
) -> tuple[list[Operand], list[Operand], Rebuild]:
    """Return the outputs, their derivatives in a direction, and the way back to their structure."""
    for name, arguments in (("primals", primals), ("tangents", tangents)):
        if not isinstance(arguments, (tuple, list)):
            kind = type(arguments).__name__
            raise RequestError(f"{name} must be a tuple with one entry per argument, not a {kind}")
    if len(primals) != len(tangents):
        raise ShapeError(f"{len(tangents)} tangents for {len(primals)} arguments", hint="give one for each")
    moving = [position for position, tangent in enumerate(tangents) if tangent is not None]
    inputs = Arguments(f, primals, {}, moving)
    moves = inputs.tangents([tangents[position] for position in moving])
    outputs, slopes, rebuild = push_forward(inputs, moves)
    return outputs, fill_zeros(slopes, outputs, *moves), rebuild


def jacobian(f: AnyFunction, argnums: Argnums = None, *, mode: str | None = None) -> Jacobian:
    """Return a function that computes every derivative of every output by every input.

    Args:
        f: a function of positional arguments, or a compiled formula. Inputs and outputs may be nested lists, tuples and
            dicts of arrays.
        argnums: as for `value_and_grad`.
        mode: ``"reverse"`` (one backward pass per number of the output), ``"forward"`` (one tangent per number of the
            input, all in one pass), or None for the one with fewer.

    Returns:
        A function of the same arguments. Its result has the structure of the output. In place of each leaf stands the
        structure of the arguments, whose leaves have the shape of the output followed by that of the input.

    Raises:
        RequestError: `f` is not callable, or there is no such mode. The returned function: as `value_and_grad`.

    >>> import numpy as np
    >>> jacobian(lambda x: [x[0]*x[1], x[0]])(np.array([2.0, 3.0]))
    [array([3., 2.]), array([1., 0.])]
    """
    _check_callable(f)
    if mode not in (None, "reverse", "forward"):
        raise RequestError(f"mode={mode!r}: there is no such mode", hint="the modes are 'reverse' and 'forward'")
    return all_derivatives(f, argnums, mode)


def hessian(f: AnyFunction, argnums: Argnums = None) -> Hessian:
    """Return a function that computes all second derivatives of a scalar function: forward mode over reverse mode.

    Arguments and errors are those of `value_and_grad`. The result has the structure of the arguments twice. Its leaves
    have the shape of the first input followed by that of the second.

    >>> import numpy as np
    >>> hessian(lambda x: x[0]**2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    return second_derivatives(cast(AnyFunction, value_and_grad(f, argnums)), argnums)


@overload
def hvp(f: AnyFunction, primals: tuple[T], tangents: Sequence[Tree]) -> T: ...
@overload
def hvp(f: AnyFunction, primals: tuple[T, T, *tuple[T, ...]], tangents: Sequence[Tree]) -> tuple[T, ...]: ...
@overload
def hvp(f: AnyFunction, primals: Sequence[Tree], tangents: Sequence[Tree]) -> Tree: ...
def hvp(f: AnyFunction, primals: Sequence[Tree], tangents: Sequence[Tree]) -> Tree:
    """Return the product of the Hessian of a scalar function and a vector, without computing the Hessian.

    Args:
        f: a scalar function of the arguments, or a compiled formula.
        primals: the arguments, as a tuple.
        tangents: the vector, of the same structure and shapes.

    Returns:
        One product per argument, as a tuple, or the bare product for one argument.

    Raises:
        RequestError, ShapeError: as `jvp` and `grad`.

    >>> import numpy as np
    >>> hvp(lambda x: x[0]**2 * x[1], (np.array([2.0, 3.0]),), (np.array([1.0, 0.0]),))
    array([6., 4.])
    """
    (value, *_), products, rebuild = _push(cast(AnyFunction, value_and_grad(f)), primals, tangents)
    return cast(Tree, rebuild([undefined_with(product, value) for product in products])[1])


def _check_callable(f: object) -> None:
    if not callable(f):
        raise RequestError(f"a function is needed, not a {type(f).__name__}", hint="compile a text with adcli.compile")
