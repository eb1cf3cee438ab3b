"""`Derivatives`: the derivatives of a `Function` beyond its gradient, as formulas and as numbers.

`docs/derivatives.md` has their shapes and costs on one page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .errors import RequestError, UnknownNameError
from .graph.collector import uncollected
from .graph.derive import gradient, hessian, hessian_product, jacobian, tangents
from .graph.expr import Expr, Graph, Unfolded
from .graph.program import Program
from .language.ast import Formula
from .language.lower import is_vector, lower_results, refuse_vector
from .language.parser import parse

if TYPE_CHECKING:
    from .function import Function

Point = Mapping[str, float]


class Derivatives:
    """What `Function` can do beside its value and its gradient; every method takes a point as `Function` does."""

    formula: Formula
    variables: tuple[str, ...]
    if TYPE_CHECKING:  # Function's
        _check: Callable[[Any, Mapping[str, Any]], tuple[float, ...] | None]
        _float: Callable[[str, Any], float]
        _lowered: tuple[Graph, Expr] | None

    @cached_property
    def results(self) -> list[Expr]:
        """The nodes of the elements of a vector of numbers ``[f, g]``; of a formula of numbers the one of its value.

        Raises:
            ShapeError: there are other operations on arrays.
        """
        if self._lowered is not None:
            return [self._lowered[1]]
        return lower_results(self.formula, self._graph())

    @property
    def scalar(self) -> Expr:
        """The node of the value of a formula of numbers.

        Raises:
            ShapeError: the result is a vector, or there are operations on arrays.
        """
        refuse_vector(self.formula)
        return self.results[0]

    def diff(self, *wrt: str, order: int = 1) -> Function:
        """The derivative as an expression of its own, simplified for reading.

        It is the formula of school: equal to the derivative wherever it is defined, without the conventions at
        kinks. For numbers at a point `gradient` is the better way: it keeps all the digits.

        Args:
            wrt: the variables, one after the other; none where there is only one.
            order: how often, for a single variable.

        Returns:
            A Function of the same variables; its `str` is the formula.

        Raises:
            UnknownNameError: there is no such variable.
            RequestError: no variable is named and there are several, or an order goes with several names.
            ShapeError: the result is a vector.

        >>> import adcli
        >>> print(adcli.compile("sin(x**2)*cos(y)").diff("x"))
        2*x*cos(x**2)*cos(y)
        >>> print(adcli.compile("x**3*y").diff("x", "x", "y"))
        6*x
        """
        from .function import Function
        from .graph.text import program_text
        from .graph.tidy import LINE

        if not wrt and len(self.variables) != 1:
            raise RequestError("name the variable to differentiate by", hint=self._variables())
        if order < 1 or (order > 1 and len(wrt) > 1):
            raise RequestError("an order is at least 1, and goes with one variable", hint='as in diff("x", order=2)')
        self._known(wrt)
        result = self.derivative(list(wrt or self.variables) * order)
        return Function(parse(program_text(result.graph, result.row, LINE)), self.variables)

    @uncollected
    def derivative(self, wrt: Sequence[str]) -> Expr:
        """The derivative by these variables, one after the other, as a person would write it: a node to be printed.

        Args:
            wrt: names of variables; ``["x", "x", "y"]`` is the third derivative, twice by x and once by y.
        """
        from .graph.tidy import tidied

        refuse_vector(self.formula)
        [result] = lower_results(self.formula, Unfolded())
        for name in wrt:
            [slope] = gradient(result, [result.graph.variable(name)])
            result = tidied(Expr(result.graph, result.graph.constant(0.0)) if slope is None else slope)
        return result

    def jacobian(self, point: Point | None = None, /, **inputs: float) -> list[dict[str, float]]:
        """The partial derivatives of every element of the result.

        Returns:
            One mapping per element, by name; a scalar result is one element. Where an element is nan, so are its
            derivatives.

        Cost: that of the value times about 4 times the smaller of the numbers of elements and of variables.

        >>> import adcli
        >>> adcli.compile("[x*y, x + y]").jacobian(x=2.0, y=3.0)
        [{'x': 3.0, 'y': 2.0}, {'x': 1.0, 'y': 1.0}]
        """
        found = self._computed("jacobian", self._at(point, inputs))
        width = len(self.variables) + 1
        return [
            dict(zip(self.variables, _masked(found[start : start + width]), strict=True))
            for start in range(0, len(found), width)
        ]

    def hessian(self, point: Point | None = None, /, **inputs: float) -> dict[str, dict[str, float]]:
        """All the second partial derivatives of a scalar result.

        Returns:
            A mapping of mappings by name, symmetric to the last bit.

        Cost: that of the gradient times at most the number of variables plus 4, and less where variables do not meet.

        >>> import adcli
        >>> adcli.compile("x**2*y").hessian(x=2.0, y=3.0)
        {'x': {'x': 6.0, 'y': 4.0}, 'y': {'x': 4.0, 'y': 0.0}}
        """
        entries = iter(_masked(self._computed("hessian", self._at(point, inputs))))
        rows: dict[str, dict[str, float]] = {name: dict.fromkeys(self.variables, 0.0) for name in self.variables}
        for place, name in enumerate(self.variables):
            for other in self.variables[: place + 1]:
                rows[name][other] = rows[other][name] = next(entries)
        return rows

    def hvp(self, point: Point, direction: Point) -> dict[str, float]:
        """The Hessian of a scalar result times a vector, without the Hessian.

        Args:
            point: one value per variable.
            direction: the vector by name of variable; what is missing does not move.

        Returns:
            One number per variable.

        Cost: some 3 times that of the gradient, however many variables there are.

        >>> import adcli
        >>> adcli.compile("x**2*y").hvp({"x": 2.0, "y": 3.0}, {"x": 1.0})
        {'x': 6.0, 'y': 4.0}
        """
        found = self._directional("hvp", point, direction)
        return dict(zip(self.variables, _masked(found), strict=True))

    def jvp(self, point: Point, direction: Point) -> float | list[float]:
        """The directional derivative, by forward mode: the Jacobian times a vector, without the Jacobian.

        Args:
            point: one value per variable.
            direction: the vector by name of variable; what is missing does not move.

        Returns:
            A number, or one per element of a vector result.

        Cost: some 3 times that of the value.

        >>> import adcli
        >>> adcli.compile("x*y").jvp({"x": 2.0, "y": 3.0}, {"x": 1.0, "y": 10.0})
        23.0
        """
        found = self._directional("jvp", point, direction)
        pushed = [_masked(found[start : start + 2])[0] for start in range(0, len(found), 2)]
        return pushed if self.is_vector else pushed[0]

    def taylor(
        self, order: int, point: Point | None = None, /, *, wrt: str | None = None, **inputs: float
    ) -> list[float]:
        """The coefficients of the Taylor expansion of a scalar result in one variable at a point, by power series.

        Args:
            order: of the last coefficient.
            point: one value per variable, as in `value`; the expansion is at this one's value.
            wrt: the variable; needed where there are several, which then stay where they are.

        Returns:
            order + 1 numbers; number k times k! is the k-th derivative. All nan where the value is nan.

        Cost: that of the value times the square of the order; a power of 2.5 for `digamma`, `gamma`, `lgamma`,
        `polygamma` and `sinc` of anything but a linear function.

        >>> import adcli
        >>> adcli.compile("exp(x)").taylor(3, x=0.0)
        [1.0, 1.0, 0.5, 0.16666666666666666]
        """
        from .graph.series import taylor

        result = self.scalar
        if wrt is None and len(self.variables) != 1:
            raise RequestError("name the variable to expand in", hint=self._variables())
        if order < 0:
            raise RequestError("the order of an expansion is at least 0")
        name = self.variables[0] if wrt is None else wrt
        self._known([name])
        at = dict(zip(self.variables, self._at(point, inputs), strict=True))
        found = taylor(result, name, at, order)
        return found if found[0] == found[0] else [found[0]] * len(found)

    @property
    def is_vector(self) -> bool:
        """Whether the result is written as a vector."""
        return is_vector(self.formula.result)

    # ------------------------------------------------------------ nodes

    @uncollected
    def jacobian_nodes(self, wrt: Sequence[str]) -> list[list[Expr | None]]:
        """The Jacobian as nodes of the graph; see `graph.derive.jacobian`."""
        graph = self.results[0].graph
        return jacobian(self.results, [graph.variable(name) for name in wrt])

    @uncollected
    def hessian_nodes(self, wrt: Sequence[str]) -> list[list[Expr | None]]:
        """The lower triangle of the Hessian as nodes of the graph; see `graph.derive.hessian`."""
        result = self.scalar
        return hessian(result, [result.graph.variable(name) for name in wrt])

    @uncollected
    def directional_nodes(self, kind: str, moving: Sequence[str]) -> tuple[list[Expr], list[Expr | None]]:
        """The results and their directional derivatives (``jvp``), or the Hessian's product (``hvp``).

        They are nodes of a graph of its own, in which `d x`, a name that no user can write, is the direction in x.
        """
        if kind == "hvp":
            refuse_vector(self.formula)
        graph = self._graph()
        variables = [graph.variable(name) for name in self.variables]
        results = lower_results(self.formula, graph)
        seeds = {graph.variable(name).row: graph.variable(f"d {name}") for name in moving}
        if kind == "jvp":
            return results, tangents(results, seeds)
        return results, hessian_product(results[0], variables, seeds)

    # ------------------------------------------------------------ numbers

    def _graph(self) -> Graph:
        """A new graph with the variables."""
        graph = Graph()
        for name in self.variables:
            graph.variable(name)
        return graph

    def _at(self, point: Point | None, inputs: Mapping[str, float]) -> tuple[float, ...]:
        """The point as one float per variable."""
        found = self._check(point, inputs)
        if found is None:
            hint = "value, gradient and value_and_gradient take arrays"
            raise RequestError("this derivative is taken at numbers, and one of the values is an array", hint=hint)
        return found

    def _computed(self, kind: str, inputs: Sequence[float]) -> list[float]:
        """A Jacobian, each element before its row, or a value and the triangle of its Hessian."""
        from .backends.python import unguarded

        run = self.__dict__.get(f"_{kind}")
        if run is None:
            outputs: list[Expr | None] = []
            if kind == "jacobian":
                for result, row in zip(self.results, self.jacobian_nodes(self.variables), strict=True):
                    outputs += [result, *row]
            else:
                outputs = [self.scalar, *(entry for row in self.hessian_nodes(self.variables) for entry in row)]
            run = self.__dict__[f"_{kind}"] = unguarded(Program(self.results[0].graph, outputs))
        found: list[float] = run(inputs)
        return found

    def _directional(self, kind: str, point: Point, direction: Point) -> list[float]:
        from .backends.python import unguarded

        self._known(direction)
        moving = tuple(name for name in self.variables if name in direction)
        runs = self.__dict__.setdefault(f"_{kind}", {})
        if moving not in runs:
            results, products = self.directional_nodes(kind, moving)
            outputs: list[Expr | None] = [results[0], *products]
            if kind == "jvp":
                outputs = [node for pair in zip(results, products, strict=True) for node in pair]
            runs[moving] = unguarded(Program(results[0].graph, outputs))
        inputs = [*self._at(point, {}), *(self._float(f"d{name}", direction[name]) for name in moving)]
        found: list[float] = runs[moving](inputs)
        return found

    def _known(self, names: Sequence[str] | Point) -> None:
        for name in names:
            if name not in self.variables:
                raise UnknownNameError(f"there is no variable '{name}'", hint=self._variables())

    def _variables(self) -> str:
        return f"the variables are {', '.join(self.variables) or 'none'}"


def _masked(numbers: Sequence[float]) -> list[float]:
    """The derivatives after a value: nan where the value is."""
    from .graph.program import guard

    return guard(list(numbers))[1:]
