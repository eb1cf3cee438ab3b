"""`Function`: an expression made ready to be evaluated and differentiated; what `adcli.compile` returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .derivatives import Derivatives
from .errors import RequestError, ShapeError, UnknownNameError, closest
from .graph.collector import uncollected
from .graph.derive import gradient, tangent
from .graph.expr import Expr, Graph
from .graph.program import Program
from .language.ast import Formula
from .language.lower import lower_results, refuse_vector
from .language.parser import parse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]


def compile(text: str) -> Function:
    """Make a Function of an expression.

    Args:
        text: a program of the language, bindings and one result.

    Raises:
        ParseError, UnknownNameError: with the place in the text.

    >>> import adcli
    >>> f = adcli.compile("u = x**2; sin(u)*cos(y)")
    >>> f.variables, f.bindings
    (('x', 'y'), ('u',))
    >>> f.value_and_gradient(x=2.0, y=3.0)
    (0.7492287917633427, {'x': 2.5884091204228885, 'y': 0.10679997423758245})
    """
    return Function(parse(text))


class Function(Derivatives):
    """An expression of named variables, with its value and its derivatives; a vector ``[f, g]`` has a Jacobian only.

    Every method takes the point as keywords or as one mapping, floats in and floats out; results follow IEEE 754 (1/0
    is inf, log(-1) is nan) and nothing is raised for any number. Where the value is nan, so is every slope.

    The first call of a method generates its code (about a millisecond for a formula of twenty operations) and puts it
    in the method's place; later calls run nothing else.

    Args:
        formula: the AST.
        variables: names of inputs that come first, and are inputs even where the formula does not use them.

    Attributes:
        variables: names of the inputs, in the order of their first appearance.
        bindings: names of the bindings, in order.
        formula: the AST.
        graph: the graph, which grows as derivatives are asked for.
        results: the nodes of the elements of the result; a scalar is one.
    """

    def __init__(self, formula: Formula, variables: Sequence[str] = ()) -> None:
        self.formula = formula
        self.graph = Graph()
        for name in variables:
            self.graph.variable(name)
        self.results: list[Expr] = lower_results(formula, self.graph)
        self.variables: tuple[str, ...] = tuple(self.graph.variables)
        self.bindings: tuple[str, ...] = tuple(binding.name for binding in formula.bindings)

    def __repr__(self) -> str:
        return f"compile({str(self.formula)!r})"

    def __str__(self) -> str:
        return str(self.formula)

    @property
    def result(self) -> Expr:
        """The node of the value.

        Raises:
            ShapeError: the result is a vector.
        """
        refuse_vector(self.formula)
        return self.results[0]

    @uncollected
    def slopes(self, wrt: Sequence[str] | None = None, forward: bool = False) -> list[Expr | None]:
        """Partial derivatives as nodes of the graph; None where the result does not depend on the variable.

        Args:
            wrt: the variables, all of them by default.
            forward: by one tangent per variable instead of one backward sweep.
        """
        rows = [self.graph.variables[name] for name in (self.variables if wrt is None else wrt)]
        if forward:
            return [tangent(self.result, {row: 1.0}) for row in rows]
        return gradient(self.result, [Expr(self.graph, row) for row in rows])

    def value(self, point: Mapping[str, float] | None = None, /, **inputs: float) -> float:
        """The value at a point.

        >>> compile("x*y").value(x=2.0, y=3.0)
        6.0
        """
        program = Program(self.graph, [self.result])
        made = self._make("value", program, lambda results: results[0], "{0}")
        value: float = made(point, **inputs)
        return value

    def gradient(self, point: Mapping[str, float] | None = None, /, **inputs: float) -> dict[str, float]:
        """All the partial derivatives at a point, by name.

        >>> compile("x*y").gradient({"x": 2.0, "y": 3.0})
        {'x': 3.0, 'y': 2.0}
        """
        made = self._make("gradient", self.program(), lambda results: self._named(results), self._named_template())
        slopes: dict[str, float] = made(point, **inputs)
        return slopes

    def value_and_gradient(
        self, point: Mapping[str, float] | None = None, /, **inputs: float
    ) -> tuple[float, dict[str, float]]:
        """The value and all the partial derivatives at a point, which share their work.

        >>> compile("x*y").value_and_gradient(x=2.0, y=3.0)
        (6.0, {'x': 3.0, 'y': 2.0})
        """
        made = self._make(
            "value_and_gradient",
            self.program(),
            lambda results: (results[0], self._named(results)),
            f"{{0}}, {self._named_template()}",
        )
        both: tuple[float, dict[str, float]] = made(point, **inputs)
        return both

    def batch(
        self, point: Mapping[str, ArrayLike] | None = None, /, **columns: ArrayLike
    ) -> tuple[Array, dict[str, Array]]:
        """Values and partial derivatives at many points, by NumPy.

        Args:
            columns: one array or number per variable; they broadcast against one another.

        Returns:
            The values, and a gradient array per variable, all of the broadcast shape, float64.

        Raises:
            ShapeError: the columns do not broadcast.
            RequestError: a column is missing or holds something else than numbers.

        >>> values, slopes = compile("x*y").batch(x=[1.0, 2.0], y=3.0)
        >>> values.tolist(), slopes["x"].tolist()
        ([3.0, 6.0], [3.0, 3.0])
        """
        from .backends.numpy import runner

        given = {name: self._column(name, value) for name, value in self._given(point, columns).items()}
        run = self.__dict__.get("_batch")
        if run is None:
            run = self.__dict__["_batch"] = runner(self.program())
        try:
            values, *slopes = run([given[name] for name in self.variables])
        except ValueError:
            shapes = ", ".join(f"{name} {given[name].shape}" for name in self.variables)
            raise ShapeError("the columns do not broadcast", hint=f"their shapes are {shapes}") from None
        return values, dict(zip(self.variables, slopes, strict=True))

    @uncollected
    def program(self) -> Program:
        """The straight-line program of the value and, after it, every partial derivative."""
        return Program(self.graph, [self.result, *self.slopes()])

    def _named(self, results: list[float]) -> dict[str, float]:
        return dict(zip(self.variables, results[1:], strict=True))

    def _named_template(self) -> str:
        return "{{" + ", ".join(f"{name!r}: {{{place}}}" for place, name in enumerate(self.variables, 1)) + "}}"

    def _make(self, name: str, program: Program, pack: Callable[[list[float]], Any], result: str) -> Callable[..., Any]:
        """Generate a method and let it stand in this instance in the place of the one that asked for it."""
        from .backends.python import function

        made = self.__dict__[name] = function(name, program, self._check, pack, result)
        made.__doc__ = getattr(Function, name).__doc__
        return made

    def _given(self, point: Mapping[str, Any] | None, named: Mapping[str, Any]) -> Mapping[str, Any]:
        """The one of the two ways to give a point that was used, with exactly the variables there are."""
        values = {name: value for name, value in named.items() if value is not None}
        if point is not None:
            if values:
                raise RequestError("give the point as one mapping or as keywords, not both")
            values = dict(point)
        known = ", ".join(self.variables) or "none"
        for name in values:
            if name not in self.variables:
                meant = closest(name, list(self.variables))
                hint = f"did you mean '{meant}'?" if meant else f"the variables are {known}"
                raise UnknownNameError(f"there is no variable '{name}'", hint=hint)
        missing = [name for name in self.variables if name not in values]
        if missing:
            raise RequestError(f"no value for {', '.join(missing)}", hint=f"the variables are {known}")
        return values

    def _check(self, point: Mapping[str, Any] | None, named: Mapping[str, Any]) -> tuple[float, ...]:
        if point is not None and len(point) == len(self.variables):
            found: tuple[Any, ...] = tuple([point.get(name) for name in self.variables])
            if all(type(value) is float for value in found) and all(value is None for value in named.values()):
                return found
        values = self._given(point, named)
        return tuple([self._float(name, values[name]) for name in self.variables])

    def _column(self, name: str, value: Any) -> Any:
        import numpy as np

        try:
            column = np.asarray(value)
            if column.dtype.kind in "biuf":
                return np.asarray(column, dtype=np.float64)
        except ValueError:
            pass
        raise RequestError(f"the column of {name} is not an array of numbers")

    def _float(self, name: str, value: Any) -> float:
        try:
            if not isinstance(value, (str, bytes)):
                return float(value)
        except (TypeError, ValueError):
            pass
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
        hint = "batch takes arrays" if hasattr(value, "__len__") and not isinstance(value, (str, bytes)) else None
        raise RequestError(f"the value of {name} is a {type(value).__name__}, not a number", hint=hint)
