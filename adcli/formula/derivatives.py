"""`Derivatives`: the derivatives of a `Function` beyond its gradient, as formulas and as numbers.

`docs/derivatives.md` has their shapes and costs on one page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import RequestError, ShapeError
from ..graph.derive import gradient, hessian, jacobian
from ..graph.expr import Expr, Graph, Unfolded
from ..graph.gc_pause import gc_paused
from ..language.ast import Formula
from ..language.lower import is_vector, lower_results, refuse_vector
from ..language.parser import parse

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..backends._rows import Array
    from .function import Function
    from .quantities import Quantities
    from .shaped import Shaped

Point = Mapping[str, float]
AnyPoint = Mapping[str, "ArrayLike"]


def derivative_label(names: Sequence[str], of: str = "f") -> str:
    """The derivative by these variables, one after the other, as one writes it.

    >>> derivative_label(["x"]), derivative_label(["x", "x", "y"])
    ('df/dx', 'd3f/dx2dy')
    """
    counts = {name: list(names).count(name) for name in names}
    order = "" if len(names) == 1 else str(len(names))
    below = "".join(f"d{name}{'' if count == 1 else count}" for name, count in counts.items())
    return f"d{order}{of}/{below}"


class Derivatives:
    """What `Function` can do beside its value and its gradient; every method takes a point as `Function` does."""

    formula: Formula
    variables: tuple[str, ...]
    if TYPE_CHECKING:  # Function's
        chosen: Callable[[str | Sequence[str] | None], tuple[str, ...]]
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
        from ..graph.text import program_text
        from ..simplify.tidy import LINE
        from .function import Function

        if not wrt and len(self.variables) != 1:
            raise RequestError("name the variable to differentiate by", hint=self._variables())
        if order < 1 or (order > 1 and len(wrt) > 1):
            raise RequestError("an order is at least 1, and goes with one variable", hint='as in diff("x", order=2)')
        result = self.derivative(list(self.chosen(wrt or None)) * order)
        return Function(parse(program_text(result.graph, result.row, LINE)), self.variables)

    @gc_paused
    def derivative(self, wrt: Sequence[str]) -> Expr:
        """The derivative by these variables, one after the other, as a person would write it: a node to be printed.

        Args:
            wrt: names of variables; ``["x", "x", "y"]`` is the third derivative, twice by x and once by y.
        """
        from ..simplify.tidy import tidied

        refuse_vector(self.formula)
        [result] = lower_results(self.formula, Unfolded())
        for name in wrt:
            [slope] = gradient(result, [result.graph.variable(name)])
            result = tidied(Expr(result.graph, result.graph.constant(0.0)) if slope is None else slope)
        return result

    def jacobian(self, point: AnyPoint | None = None, /, **inputs: ArrayLike) -> Any:
        """The partial derivatives of every element of the result.

        Returns:
            Of a formula of numbers at numbers one mapping per element, by name; a scalar result is one element. Of
            arrays one mapping, by name, of arrays of the shape of the result followed by that of the variable. Where an
            element is nan, so are its derivatives.

        Cost: that of the value times about 4 times the smaller of the numbers of elements and of variables.

        >>> import adcli
        >>> adcli.compile("[x*y, x + y]").jacobian(x=2.0, y=3.0)
        [{'x': 3.0, 'y': 2.0}, {'x': 1.0, 'y': 1.0}]
        >>> adcli.compile("x/sum(x)").jacobian(x=[1.0, 3.0])
        {'x': array([[ 0.1875, -0.0625],
               [-0.1875,  0.0625]])}
        """
        numbers = self._at(point, inputs)
        if numbers is not None:
            return self._computed("jacobian", numbers)
        from .arrays import jacobian

        made, given = self._at_arrays(point, inputs)
        return jacobian(made, given, self.variables)

    def hessian(self, point: AnyPoint | None = None, /, **inputs: ArrayLike) -> dict[str, dict[str, Any]]:
        """All the second partial derivatives of a scalar result.

        Returns:
            A mapping of mappings by name, symmetric to the last bit: numbers or, by arrays, arrays of the shape of the
            first variable followed by that of the second.

        Cost: that of the gradient times at most the number of variables plus 4, and less where variables do not meet.

        >>> import adcli
        >>> adcli.compile("x**2*y").hessian(x=2.0, y=3.0)
        {'x': {'x': 6.0, 'y': 4.0}, 'y': {'x': 4.0, 'y': 0.0}}
        """
        numbers = self._at(point, inputs)
        if numbers is not None:
            rows: dict[str, dict[str, Any]] = self._computed("hessian", numbers)
            return rows
        from .arrays import hessian

        made, given = self._at_arrays(point, inputs)
        return hessian(made, given, self.variables)

    def hvp(self, point: AnyPoint, direction: AnyPoint) -> dict[str, Any]:
        """The Hessian of a scalar result times a vector, without the Hessian.

        Args:
            point: one value per variable.
            direction: the vector by name of variable; what is missing does not move.

        Returns:
            One number per variable, or an array of its shape.

        Cost: some 3 times that of the gradient, however many variables there are.

        >>> import adcli
        >>> adcli.compile("x**2*y").hvp({"x": 2.0, "y": 3.0}, {"x": 1.0})
        {'x': 6.0, 'y': 4.0}
        """
        product: dict[str, Any] = self._directional("hvp", point, direction)
        return product

    def jvp(self, point: AnyPoint, direction: AnyPoint) -> Any:
        """The directional derivative, by forward mode: the Jacobian times a vector, without the Jacobian.

        Args:
            point: one value per variable.
            direction: the vector by name of variable; what is missing does not move.

        Returns:
            A number, or one per element of a vector result; of a formula of arrays an array of the result's shape.

        Cost: some 3 times that of the value.

        >>> import adcli
        >>> adcli.compile("x*y").jvp({"x": 2.0, "y": 3.0}, {"x": 1.0, "y": 10.0})
        23.0
        """
        return self._directional("jvp", point, direction)

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
        from ..graph.series import taylor

        result = self.scalar
        if wrt is None and len(self.variables) != 1:
            raise RequestError("name the variable to expand in", hint=self._variables())
        if order < 0:
            raise RequestError("the order of an expansion is at least 0")
        [name] = self.chosen(wrt)
        numbers = self._at(point, inputs)
        if numbers is None:
            raise RequestError("an expansion is at numbers, and one of the values is an array")
        at = dict(zip(self.variables, numbers, strict=True))
        found = taylor(result, name, at, order)
        return found if found[0] == found[0] else [found[0]] * len(found)

    def columns(
        self,
        what: str,
        point: Mapping[str, ArrayLike] | None = None,
        /,
        *,
        wrt: str | Sequence[str] | None = None,
        order: int | None = None,
        threads: int | None = None,
        backend: str = "auto",
        **columns: ArrayLike,
    ) -> dict[str, Array]:
        """Values and derivatives of one kind at many points, under the names that the columns of a table have.

        Args:
            what: ``value``, ``gradient``, ``jacobian``, ``hessian``, ``hvp``, ``jvp`` or ``taylor``.
            point: the columns as one mapping, also for variables that are named like an option of this method.
            wrt: the variables to differentiate by; of a Taylor expansion the one to expand in.
            order: of the last Taylor coefficient, 4 by default.
            threads, backend: as in `batch`.
            columns: one array or number per variable; they broadcast against one another. For ``hvp`` and ``jvp`` the
                direction in x is the column ``dx``; a variable without one does not move.

        Returns:
            float64 arrays of the broadcast shape: ``f``, ``df_dx``, ``d2f_dx2``, ``d2f_dxdy``; of a vector ``f1``,
            ``df1_dx``, as values alone ``f_0``, ``f_1``; ``hvp_x``; ``jvp``; ``c0``, ``c1``. Where a value is nan, so
            are its derivatives.

        Raises:
            ShapeError: the columns do not broadcast, or the result is a vector and a number is needed.
            RequestError, UnknownNameError: what is given does not fit; the formula is one of arrays.

        Cost: that of one point times the number of points, by a backend of `batch`; see the methods of these names.

        >>> import adcli
        >>> found = adcli.compile("x**2*y").columns("hessian", x=[1.0, 2.0], y=3.0)
        >>> list(found), found["d2f_dxdy"].tolist()
        (['f', 'df_dx', 'df_dy', 'd2f_dx2', 'd2f_dxdy', 'd2f_dy2'], [2.0, 4.0])
        """
        from . import quantities
        from .columns import rows_of

        function, chosen = self._itself(), None if wrt is None else self.chosen(wrt)
        names = list(point or columns) if what in ("hvp", "jvp") else []
        directions = quantities.directions_among(function, names)
        made = self.__dict__.setdefault("_columns", {})
        key = what, chosen, order, *directions
        if key not in made:
            moved = quantities.moving(function, directions) if directions else function
            made[key] = moved, quantities.wanted(moved, what, chosen, order, directions)
        function, wanted = made[key]
        given = function.given(point, columns)
        return dict(zip(wanted.names, wanted.columns(backend, rows_of(given), threads)(given), strict=True))

    @property
    def is_vector(self) -> bool:
        """Whether the result is written as a vector."""
        return is_vector(self.formula.result)

    # ------------------------------------------------------------ nodes

    @gc_paused
    def jacobian_nodes(self, wrt: Sequence[str]) -> list[list[Expr | None]]:
        """The Jacobian as nodes of the graph; see `graph.derive.jacobian`."""
        graph = self.results[0].graph
        return jacobian(self.results, [graph.variable(name) for name in wrt])

    @gc_paused
    def hessian_nodes(self, wrt: Sequence[str]) -> list[list[Expr | None]]:
        """The lower triangle of the Hessian as nodes of the graph; see `graph.derive.hessian`."""
        result = self.scalar
        return hessian(result, [result.graph.variable(name) for name in wrt])

    # ------------------------------------------------------------ numbers

    def _graph(self) -> Graph:
        """A new graph with the variables."""
        graph = Graph()
        for name in self.variables:
            graph.variable(name)
        return graph

    def _at(self, point: AnyPoint | None, inputs: AnyPoint) -> tuple[float, ...] | None:
        """The point as one float per variable; None where a value is an array, or the formula one of arrays."""
        numbers = self._check(point, inputs)
        return numbers if self.is_numeric else None

    @cached_property
    def is_numeric(self) -> bool:
        """Whether it is a formula of numbers, or a vector ``[f, g]`` of such formulas."""
        try:
            self.results  # noqa: B018 - they are found here, or operations on arrays refused
        except ShapeError:
            return False
        return True

    def _at_arrays(self, point: AnyPoint | None, named: AnyPoint) -> tuple[Function | Shaped, dict[str, Any]]:
        """The formula at the shapes of its inputs, and these, floats and float64 arrays."""
        from .shaped import as_input

        function = self._itself()
        given = function.given(point, named)
        inputs = {name: as_input(name, given[name]) for name in self.variables}
        return function.shaped(inputs), inputs

    def _computed(self, kind: str, inputs: Sequence[float]) -> Any:
        """A Jacobian or a Hessian."""
        from . import quantities

        def made() -> Quantities:
            build = {"jacobian": quantities.jacobian, "hessian": quantities.hessian}[kind]
            return build(self._itself(), self.variables)

        return self._run(kind, made, inputs)

    def _directional(self, kind: str, point: AnyPoint, direction: AnyPoint) -> Any:
        """A product with the Jacobian or the Hessian; `d x`, a name that no user can write, is the direction in x."""
        from . import quantities

        self.chosen(list(direction))
        numbers = self._at(point, {})
        if numbers is None:
            from . import arrays
            from .shaped import as_input

            moves = {name: as_input(f"d{name}", move) for name, move in direction.items()}
            return {"hvp": arrays.hvp, "jvp": arrays.jvp}[kind](*self._at_arrays(point, {}), moves)
        directions = {name: f"d {name}" for name in self.variables if name in direction}

        def made() -> Quantities:
            build = {"hvp": quantities.hvp, "jvp": quantities.jvp}[kind]
            return build(quantities.moving(self._itself(), directions), directions)

        inputs = [*numbers, *(self._float(f"d{name}", direction[name]) for name in directions)]
        return self._run((kind, *directions), made, inputs)

    def _run(self, key: str | tuple[str, ...], make: Callable[[], Quantities], inputs: Sequence[float]) -> Any:
        """The field of JSON that is named like the kind of the quantities, which are made once."""
        from ..backends.python import interpreter
        from .quantities import filled

        runs = self.__dict__.setdefault("_runs", {})
        if key not in runs:
            wanted = make()
            field = wanted.fields[key if isinstance(key, str) else key[0]]
            runs[key] = interpreter(wanted.program), field
        run, field = runs[key]
        return filled(field, run(inputs))

    def _itself(self) -> Function:
        from .function import Function

        assert isinstance(self, Function)
        return self

    def _variables(self) -> str:
        return f"the variables are {', '.join(self.variables) or 'none'}"
