"""The arguments of a Function's methods: points by keyword, by position or as one mapping, and options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral

from ..errors import RequestError, UnknownNameError, closest, join_names, quoted
from ..ops.operands import Numeric, Operand, Shape, has_masked_cells

# The options of methods: the types that they take, and their description in errors.
OPTIONS: dict[str, tuple[tuple[type, ...], str]] = {
    "wrt": ((str, Sequence), "a name or a sequence of names"),
    "order": ((Integral,), "an integer"),
    "threads": ((Integral,), "an integer"),
    "backend": ((str,), "a name"),
    "out": ((list, tuple), "a pair of arrays"),
    "mode": ((str,), "a name"),
    "of": ((str,), "the name of a result"),
    "digits": ((Integral,), "an integer"),
    "data": ((tuple, list), "a pair of arrays"),
    "log": ((str,), "the names of axes"),
    "ylim": ((tuple, list), "a pair of numbers"),
    "title": ((str,), "a text"),
    "size": ((tuple, list), "a pair of numbers"),
}


class Arguments:
    """Reads the arguments of the methods of a formula with these variables.

    Positions are a tuple: one mapping, or values in the order of the variables. A keyword that is None is not given.
    """

    def __init__(self, variables: Sequence[str]) -> None:
        self.variables = tuple(variables)
        self._names = frozenset(variables)

    def read_point(self, positions: Sequence[Operand], named: Mapping[str, Operand]) -> dict[str, Operand]:
        """Return the values of the variables by name.

        Raises:
            RequestError: a value is missing or given twice, or there are too many.
            UnknownNameError: a name is not a variable.
        """
        named = {name: value for name, value in named.items() if value is not None}
        if len(positions) == 1 and isinstance(positions[0], Mapping):
            if named:
                raise RequestError("the point is given as a mapping and by name", hint="choose one of them")
            values = dict(positions[0])
        else:
            values = self._read_positions(positions)
            for name in named:
                if name in values:
                    raise RequestError(f"{name} is given by position and by name", hint="choose one of them")
            values |= named
        if values.keys() != self._names:
            for name in values:
                if name not in self._names:
                    raise self.unknown(name)
            missing = [name for name in self.variables if name not in values]
            raise self.no_value(missing)
        return values

    def _read_positions(self, positions: Sequence[Operand]) -> dict[str, Operand]:
        if len(positions) > len(self.variables):
            raise RequestError(f"{len(positions)} values for {len(self.variables)} variables", hint=self.hint())
        pairs = zip(self.variables, positions, strict=False)
        return {name: value for name, value in pairs if value is not None}

    def read_numbers(self, positions: Sequence[Operand], named: Mapping[str, Operand]) -> tuple[float, ...] | None:
        """Return one float per variable; None where one of the values has axes or is a carrier."""
        values = self.read_point(positions, named)
        if any(is_array(value) or is_carrier(value) for value in values.values()):
            return None
        return tuple([as_float(name, values[name]) for name in self.variables])

    def read_arrays(self, positions: Sequence[Operand], named: Mapping[str, Operand]) -> dict[str, Numeric]:
        """Return the values of the variables as floats and float64 arrays, in the order of the variables."""
        values = self.read_point(positions, named)
        return {name: as_numeric(name, values[name]) for name in self.variables}

    def read_direction(self, direction: Operand) -> dict[str, Operand]:
        """Return the values of a direction by name, given as a mapping of some variables or as a value for each."""
        if isinstance(direction, Mapping):
            self.read_wrt(list(direction))
            return {name: direction[name] for name in self.variables if name in direction}
        return self.read_point(as_positions("direction", direction), {})

    def read_wrt(self, wrt: str | Sequence[str] | None) -> tuple[str, ...]:
        """Return the variables to differentiate by [default: all]. A single name need not be in a list."""
        if wrt is None:
            return self.variables
        names = (wrt,) if isinstance(wrt, str) else tuple(wrt)
        for name in names:
            if name not in self._names:
                raise self.unknown(name)
        return names

    def read_shapes(self, shapes: Mapping[str, int | Sequence[int]] | None) -> dict[str, Shape]:
        """Return the shapes of variables that are arrays. A whole number is the size of a vector.

        Raises:
            RequestError: a size is not a whole number of at least 1.
            UnknownNameError: a name is not a variable.
        """
        result: dict[str, Shape] = {}
        for name, sizes in (shapes or {}).items():
            if name not in self._names:
                raise self.unknown(name)
            shape = tuple(sizes) if isinstance(sizes, Sequence) else (sizes,)
            if not all(isinstance(size, Integral) and size > 0 for size in shape):
                hint = "sizes are whole numbers of at least 1, as in (2, 3)"
                raise RequestError(f"{name} has no shape {quoted(str(sizes))}", hint=hint)
            result[name] = tuple(map(int, shape))
        return result

    def read_ranks(self, ranks: Mapping[str, int] | None) -> Mapping[str, int] | None:
        """Return the ranks of variables.

        Raises:
            RequestError: a rank is not 0, 1 or 2.
            UnknownNameError: a name is not a variable.
        """
        for name, rank in (ranks or {}).items():
            if name not in self._names:
                raise self.unknown(name)
            if not isinstance(rank, Integral) or isinstance(rank, bool) or rank not in (0, 1, 2):
                hint = "write 0 for a number, 1 for a vector, 2 for a matrix"
                raise RequestError(f"{name} has no rank {quoted(str(rank))}", hint=hint)
        return ranks

    def check_options(self, method: str, **options: object) -> None:
        """Raise a RequestError where an option of a method has a wrong type: it was probably meant as a variable."""
        for name, value in options.items():
            types, description = OPTIONS[name]
            if value is not None and (not isinstance(value, types) or isinstance(value, bool)):
                hint = "give the point as one mapping" if name in self.variables else f"it takes {description}"
                raise RequestError(f"{name} is an option of {method} and is given a {type(value).__name__}", hint=hint)

    def unknown(self, name: object) -> UnknownNameError:
        """Return the error of a name that is not a variable."""
        meant = closest(name, list(self.variables)) if isinstance(name, str) else None
        hint = f"did you mean {quoted(meant)}?" if meant else self.hint()
        return UnknownNameError(f"there is no variable {quoted(str(name))}", hint=hint)

    def no_value(self, missing: Sequence[str]) -> RequestError:
        """Return the error of variables without a value, which may be functions or constants of another tool."""
        from ..language.foreign_syntax import name_hint

        meant = next(filter(None, map(name_hint, missing)), None)
        hint = f"{self.hint()}; {meant}" if meant else self.hint()
        return RequestError(f"no value for {join_names(missing)}", hint=hint)

    def hint(self) -> str:
        """Return the hint that lists the variables."""
        return f"the variables are {join_names(self.variables) or 'none'}"


def is_array(value: object) -> bool:
    """Return whether a value has axes."""
    return isinstance(value, (list, tuple)) or bool(getattr(value, "shape", ()))


def is_carrier(value: object) -> bool:
    """Return whether a value is a Value, a Dual or a symbol, on which a formula is applied step by step."""
    return getattr(value, "level", None) is not None


def as_positions(word: str, point: Operand) -> tuple[Operand, ...]:
    """Return a mapping or a sequence, which is one argument, as positions.

    Raises:
        RequestError: it is something else. `word` says which argument it is.
    """
    if isinstance(point, Mapping):
        return (point,)
    if isinstance(point, Iterable) and getattr(point, "shape", True) and not isinstance(point, (str, bytes)):
        return tuple(point)
    raise RequestError(f"the {word} is a {type(point).__name__}, not a mapping or a sequence of values")


def as_float(name: str, value: Operand) -> float:
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
    if is_carrier(value):
        return as_float(name, value)
    import numpy as np

    if has_masked_cells(value):
        raise RequestError(f"the value of {name} has masked cells", hint=f"{name}=array.filled(nan) computes nan there")
    try:
        array = np.asarray(value)
    except ValueError:
        problem = f"the value of {name} has rows of different lengths"
        raise RequestError(problem, hint="an array needs equal ones") from None
    if array.dtype.kind not in "biuf":
        kind = type(value).__name__ if array.dtype.kind == "O" else f"array of {array.dtype}"
        raise RequestError(f"the value of {name} is not an array of numbers", hint=f"it is a {kind}")
    return array.astype(np.float64) if array.shape else float(array)
