"""The arguments of a Function's methods: points as keywords or as one mapping, and names of variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import RequestError, UnknownNameError, closest
from ..ops.operands import Numeric


class Arguments:
    """Reads the arguments of the methods of a formula with these variables."""

    def __init__(self, variables: Sequence[str]) -> None:
        self.variables = tuple(variables)
        self._names = frozenset(variables)

    def read_point(self, point: Mapping[str, Any] | None, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the values of the variables, given as one mapping or as keywords.

        Raises:
            RequestError: both are given, or a value is missing.
            UnknownNameError: a name is not a variable.
        """
        values = {name: value for name, value in inputs.items() if value is not None}
        if point is not None:
            if values:
                raise RequestError("give the point as one mapping or as keywords, not both")
            values = dict(point)
        if values.keys() != self._names:
            for name in values:
                if name not in self._names:
                    raise self.unknown(name)
            missing = [name for name in self.variables if name not in values]
            raise RequestError(f"no value for {', '.join(missing)}", hint=self.hint())
        return values

    def read_numbers(self, point: Mapping[str, Any] | None, inputs: Mapping[str, Any]) -> tuple[float, ...] | None:
        """Return one float per variable; None where one of the values is an array."""
        if point is not None and len(point) == len(self.variables):
            numbers: tuple[Any, ...] = tuple([point.get(name) for name in self.variables])
            if all(type(value) is float for value in numbers) and all(value is None for value in inputs.values()):
                return numbers
        values = self.read_point(point, inputs)
        if any(is_array(value) for value in values.values()):
            return None
        return tuple([as_float(name, values[name]) for name in self.variables])

    def read_arrays(self, point: Mapping[str, Any] | None, inputs: Mapping[str, Any]) -> dict[str, Numeric]:
        """Return the values of the variables as floats and float64 arrays, in the order of the variables."""
        values = self.read_point(point, inputs)
        return {name: as_numeric(name, values[name]) for name in self.variables}

    def read_wrt(self, wrt: str | Sequence[str] | None) -> tuple[str, ...]:
        """Return the variables to differentiate by: all where none is named; a single one may stand by itself."""
        if wrt is None:
            return self.variables
        names = (wrt,) if isinstance(wrt, str) else tuple(wrt)
        for name in names:
            if name not in self._names:
                raise self.unknown(name)
        return names

    def unknown(self, name: str) -> UnknownNameError:
        """Return the error of a name that is not a variable."""
        meant = closest(name, list(self.variables))
        hint = f"did you mean '{meant}'?" if meant else self.hint()
        return UnknownNameError(f"there is no variable '{name}'", hint=hint)

    def hint(self) -> str:
        """Return the hint that lists the variables."""
        return f"the variables are {', '.join(self.variables) or 'none'}"


def is_array(value: object) -> bool:
    """Return whether a value has axes."""
    return isinstance(value, (list, tuple)) or bool(getattr(value, "shape", ()))


def as_float(name: str, value: Any) -> float:
    """Return the value of a variable as a float.

    Raises:
        RequestError: it is not a number.
    """
    try:
        if not isinstance(value, (str, bytes)):
            return float(value)
    except (TypeError, ValueError):
        pass
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    raise RequestError(f"the value of {name} is a {type(value).__name__}, not a number")


def as_numeric(name: str, value: object) -> Numeric:
    """Return the value of a variable as a float, or as a float64 array where it has axes.

    Raises:
        RequestError: it holds something other than numbers, or lists of different lengths.

    >>> as_numeric("x", [1, 2])
    array([1., 2.])
    """
    import numpy as np

    try:
        array = np.asarray(value)
    except ValueError:
        problem = f"the value of {name} has rows of different lengths"
        raise RequestError(problem, hint="an array needs equal ones") from None
    if array.dtype.kind not in "biuf":
        kind = type(value).__name__ if array.dtype.kind == "O" else f"array of {array.dtype}"
        raise RequestError(f"the value of {name} is no array of numbers", hint=f"it is a {kind}")
    return array.astype(np.float64) if array.shape else float(array)
