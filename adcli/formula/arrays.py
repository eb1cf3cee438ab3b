"""Derivatives of formulas of arrays, at one point: Jacobian, Hessian and their products, each of its natural shape.

The formula is played on the carriers of `eager.functional`, which choose the cheaper mode.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..eager import functional
from ..errors import ShapeError
from ..ops.shapes import shape_text
from .function import Function
from .shaped import Shaped

Made = Function | Shaped  # a formula at the shapes of its inputs; see `Function.shaped`


def jacobian(made: Made, inputs: Mapping[str, Any], wrt: Sequence[str]) -> dict[str, Any]:
    """Every element of the result by every element of a variable.

    Args:
        made: the formula.
        inputs: one value per variable, floats or float64 arrays.
        wrt: the variables to differentiate by.

    Returns:
        Per variable an array of the shape of the result followed by that of the variable; nan where the result is.

    >>> import adcli
    >>> f, point = adcli.compile("A @ x"), {"A": np.array([[1.0, 2.0], [3.0, 4.0]]), "x": np.ones(2)}
    >>> jacobian(f.shaped(point), point, ["x"])
    {'x': array([[1., 2.],
           [3., 4.]])}
    """
    if not wrt:
        return {}
    blocks = _quietly(functional.jacobian(_played(made), _places(made, wrt)), *_listed(made, inputs))
    value = np.asarray(_played(made)(*_listed(made, inputs)))
    return {name: _masked(block, value) for name, block in zip(wrt, blocks, strict=True)}


def gradient(made: Made, inputs: Mapping[str, Any], wrt: Sequence[str]) -> dict[str, Any]:
    """The slopes of a number, each of the shape of its variable; arguments as in `jacobian`.

    Raises:
        ShapeError: the result is no number.
    """
    _check_number(made)
    return jacobian(made, inputs, wrt)


def hessian(made: Made, inputs: Mapping[str, Any], wrt: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The second derivatives of a number by two variables, symmetric to the bit; arguments as in `jacobian`.

    Returns:
        A mapping of mappings by name; each array has the shape of the first variable followed by that of the second.

    Raises:
        ShapeError: the result is no number.
    """
    _check_number(made)
    if not wrt:
        return {}
    blocks = _quietly(functional.hessian(_played(made), _places(made, wrt)), *_listed(made, inputs))
    found: dict[str, dict[str, Any]] = {name: {} for name in wrt}
    for row, name in enumerate(wrt):
        for column, other in enumerate(wrt[: row + 1]):
            shape, across = np.shape(inputs[name]), np.shape(inputs[other])
            flat = np.reshape(blocks[row][column], (int(np.prod(shape)), int(np.prod(across))))
            if row == column:
                flat = np.tril(flat) + np.tril(flat, -1).T
            found[name][other] = _tidy(flat.reshape(shape + across))
            found[other][name] = _tidy(flat.T.reshape(across + shape))
    return {name: {other: found[name][other] for other in wrt} for name in wrt}


def jvp(made: Made, inputs: Mapping[str, Any], directions: Mapping[str, Any]) -> Any:
    """The derivative of the result, of its shape, in a direction, by one forward sweep.

    Args:
        made: the formula.
        inputs: one value per variable, floats or float64 arrays.
        directions: per variable that moves its tangent, of its shape.

    Raises:
        ShapeError: a tangent has not the shape of its variable.
    """
    value, moved = _quietly(functional.jvp, _played(made), _listed(made, inputs), _tangents(made, inputs, directions))
    return _masked(moved, np.asarray(value))


def hvp(made: Made, inputs: Mapping[str, Any], directions: Mapping[str, Any]) -> dict[str, Any]:
    """The Hessian of a number times a vector, without the Hessian; arguments as in `jvp`.

    Returns:
        One product per variable, of its shape.

    Raises:
        ShapeError: the result is no number, or a tangent has not the shape of its variable.
    """
    _check_number(made)
    run, places = _played(made), tuple(range(len(made.variables)))
    slopes = functional.grad(run, places)
    _, moved = _quietly(functional.jvp, slopes, _listed(made, inputs), _tangents(made, inputs, directions))
    return {name: _tidy(product) for name, product in zip(made.variables, moved, strict=True)}


def _played(made: Made) -> Callable[..., Any]:
    """The formula as a function of its variables, for whatever operations take."""
    graph, top = made.graph, made.result.row
    places = {graph.variables[name]: place for place, name in enumerate(made.variables)}
    live = [row for row in graph.live([top]) if row not in places]

    def run(*inputs: Any) -> Any:
        values: dict[int, Any] = {row: inputs[place] for row, place in places.items()}
        for row in live:
            op = graph.ops[row]
            if op is None:
                values[row] = graph.arrays[row] if row in graph.arrays else graph.constants[row]
            else:
                values[row] = op(*[values[argument] for argument in graph.inputs[row]])
        return values[top]

    return run


def _listed(made: Made, inputs: Mapping[str, Any]) -> list[Any]:
    return [inputs[name] for name in made.variables]


def _places(made: Made, wrt: Sequence[str]) -> tuple[int, ...]:
    return tuple([made.variables.index(name) for name in wrt])


def _tangents(made: Made, inputs: Mapping[str, Any], directions: Mapping[str, Any]) -> list[Any]:
    for name, direction in directions.items():
        if np.shape(direction) != np.shape(inputs[name]):
            problem = f"the direction in {name} {_what(direction)}, and {name} {_what(inputs[name])}"
            raise ShapeError(problem, hint="their shapes have to be the same")
    return [directions.get(name) for name in made.variables]


def _what(value: Any) -> str:
    shape = np.shape(value)
    return f"has the shape {shape_text(shape)}" if shape else "is a number"


def _check_number(made: Made) -> None:
    if made.result.shape:
        node = made.formula.result
        raise ShapeError(
            f"the result has the shape {shape_text(made.result.shape)}, and second derivatives are those of a number",
            text=made.formula.text,
            span=(node.start, node.stop),
            hint="an array has a Jacobian (jac) and directional derivatives (jvp)",
        )


def _quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """A call without word of variables that the result does not depend on: their derivatives are asked for as zeros."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", functional.IndependenceWarning)
        return function(*arguments)


def _masked(derivative: Any, value: Any) -> Any:
    """A derivative of an array, nan where the value is."""
    undefined = np.isnan(value)
    if undefined.any():
        derivative = np.array(derivative, dtype=np.float64)
        derivative[undefined] = np.nan
    return _tidy(derivative)


def _tidy(x: Any) -> Any:
    """A float, or a float64 array that shares no memory; zeros without a sign, which is that of a slope elsewhere."""
    array = np.asarray(np.add(x, 0.0), dtype=np.float64)
    return array if array.shape else float(array)
