"""`Function`: an expression that can be evaluated and differentiated, which `adcli.compile` returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import RequestError
from ..graph.expr import Expr, Graph
from ..graph.gc_pause import gc_paused
from ..graph.tape import Tape
from ..language.ast import Formula
from ..language.lower import lower_results, refuse_vector
from ..language.parser import parse
from .engine import Engine
from .kinds import require_numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from .columns import Batch

    Array = NDArray[np.float64]
    Point = Mapping[str, ArrayLike]


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


class Function:
    """An expression of named variables, with its value and its derivatives.

    Every method takes the point as keywords or as one mapping. Floats give floats. Results follow IEEE 754 (1/0 is inf,
    log(-1) is nan), and no number raises an error. Arrays and nested lists give float64 arrays: a derivative has the
    shape of its variable. Where the value is nan, so is every derivative.

    For a formula of numbers, the first call of `value`, `gradient` or `value_and_gradient` generates its code (about a
    millisecond for a formula of twenty operations), which replaces the method. Arrays need one program per choice of
    their shapes.

    Args:
        formula: the AST.
        variables: names of the first inputs, also where the formula does not use them.

    Attributes:
        variables: names of the inputs, in the order of their first appearance.
        bindings: names of the bindings, in order.
        formula: the AST.

    Raises (every method, where there are arrays):
        ShapeError: the shapes do not fit; with both of them and the place in the text.
        DomainError: a matrix is singular.
    """

    def __init__(self, formula: Formula, variables: Sequence[str] = ()) -> None:
        self.formula = formula
        self._first = tuple(variables)
        self._engine = Engine(formula, variables)
        self.variables: tuple[str, ...] = self._engine.arguments.variables
        self.bindings: tuple[str, ...] = self._engine.lowerings.bindings

    def __repr__(self) -> str:
        return f"compile({str(self.formula)!r})"

    def __str__(self) -> str:
        return str(self.formula)

    def __call__(self, *positions: Any, **named: Any) -> Any:
        """Return the value. Positions are in the order of `variables`. Values and Duals may stand among them.

        >>> compile("x*y")(2.0, 3.0), compile("x*y")(2.0, y=3.0)
        (6.0, 6.0)
        """
        if len(positions) > len(self.variables):
            hint = self._engine.arguments.hint()
            raise RequestError(f"{len(positions)} values for {len(self.variables)} variables", hint=hint)
        point = dict(zip(self.variables, positions, strict=False))
        for name in named:
            if name in point:
                raise RequestError(f"{name} is given by position and by name")
        point.update(named)
        has_carrier = any(getattr(x, "level", None) is not None for x in point.values())
        return self._engine.apply(point) if has_carrier else self.value(point)

    def value(self, point: Point | None = None, /, **inputs: ArrayLike) -> Any:
        """Return the value at a point: a float or, of a formula of arrays, perhaps a float64 array.

        >>> compile("x*y").value(x=2.0, y=3.0)
        6.0
        >>> compile("A @ x").value(A=[[1, 2], [3, 4]], x=[1, 1])
        array([3., 7.])
        """
        return self._generated("value")(point, **inputs)

    def gradient(self, point: Point | None = None, /, **inputs: ArrayLike) -> dict[str, Any]:
        """Return all partial derivatives at a point, by name, each of the shape of its variable.

        >>> compile("x*y").gradient({"x": 2.0, "y": 3.0})
        {'x': 3.0, 'y': 2.0}
        >>> compile("x @ x").gradient(x=[1, 2])
        {'x': array([2., 4.])}
        """
        gradient: dict[str, Any] = self._generated("gradient")(point, **inputs)
        return gradient

    def value_and_gradient(self, point: Point | None = None, /, **inputs: ArrayLike) -> tuple[Any, dict[str, Any]]:
        """Return the value and all partial derivatives at a point, which share their work.

        >>> compile("x*y").value_and_gradient(x=2.0, y=3.0)
        (6.0, {'x': 3.0, 'y': 2.0})
        """
        both: tuple[Any, dict[str, Any]] = self._generated("value_and_gradient")(point, **inputs)
        return both

    def _generated(self, name: str) -> Any:
        """Return the code of a method, which also replaces the method where it is generated."""
        method, is_generated = self._engine.method(name)
        if is_generated:
            method.__doc__ = getattr(Function, name).__doc__
            self.__dict__[name] = method
        return method

    def diff(self, *wrt: str, order: int = 1) -> Function:
        """Return the derivative as an expression of its own, simplified for reading.

        It is equal to the derivative wherever it is defined, without the conventions at kinks. For numbers at a point
        `gradient` is better, because it keeps all digits.

        Args:
            wrt: the variables, one after the other; none where there is only one.
            order: how often to differentiate by a single variable.

        Returns:
            A Function of the same variables; its `str` is the formula.

        Raises:
            UnknownNameError: there is no such variable.
            RequestError: no variable is named and there are several, or an order is given with several names.
            ShapeError: the result is a vector.

        >>> import adcli
        >>> print(adcli.compile("sin(x**2)*cos(y)").diff("x"))
        2*x*cos(x**2)*cos(y)
        >>> print(adcli.compile("x**3*y").diff("x", "x", "y"))
        6*x
        """
        from ..graph.text import program_text
        from ..simplify.tidy import LINE
        from .symbolic import derivative

        arguments = self._engine.arguments
        if not wrt and len(self.variables) != 1:
            raise RequestError("name the variable to differentiate by", hint=arguments.hint())
        if order < 1 or (order > 1 and len(wrt) > 1):
            raise RequestError("an order is at least 1, and goes with one variable", hint='as in diff("x", order=2)')
        result = derivative(self.formula, list(arguments.read_wrt(wrt or None)) * order)
        return Function(parse(program_text(result.graph, result.row, LINE)), self.variables)

    def jacobian(self, point: Point | None = None, /, **inputs: ArrayLike) -> Any:
        """Return the partial derivatives of every element of the result.

        Returns:
            For a formula of numbers, one mapping by name per element; a number is one element. For arrays, one mapping
            by name of arrays of the shape of the result followed by that of the variable. Where an element is nan, so
            are its derivatives.

        Cost: that of the value times about 4 times the smaller of the numbers of elements and of variables.

        >>> import adcli
        >>> adcli.compile("[x*y, x + y]").jacobian(x=2.0, y=3.0)
        [{'x': 3.0, 'y': 2.0}, {'x': 1.0, 'y': 1.0}]
        >>> adcli.compile("x/sum(x)").jacobian(x=[1.0, 3.0])
        {'x': array([[ 0.1875, -0.0625],
               [-0.1875,  0.0625]])}
        """
        return self._engine.derivative("jacobian", point, inputs)

    def hessian(self, point: Point | None = None, /, **inputs: ArrayLike) -> dict[str, dict[str, Any]]:
        """Return all second partial derivatives of a number.

        Returns:
            A mapping of mappings by name, symmetric to the last bit: numbers or, by arrays, arrays of the shape of the
            first variable followed by that of the second.

        Cost: that of the gradient times at most the number of variables plus 4, and less where variables do not meet.

        >>> import adcli
        >>> adcli.compile("x**2*y").hessian(x=2.0, y=3.0)
        {'x': {'x': 6.0, 'y': 4.0}, 'y': {'x': 4.0, 'y': 0.0}}
        """
        hessian: dict[str, dict[str, Any]] = self._engine.derivative("hessian", point, inputs)
        return hessian

    def hvp(self, point: Point, direction: Point) -> dict[str, Any]:
        """Return the Hessian of a number times a vector, without computing the Hessian.

        Args:
            point: one value per variable.
            direction: the vector by name of variable; a missing variable does not move.

        Returns:
            One number per variable, or an array of its shape.

        Cost: about 3 times that of the gradient, however many variables there are.

        >>> import adcli
        >>> adcli.compile("x**2*y").hvp({"x": 2.0, "y": 3.0}, {"x": 1.0})
        {'x': 6.0, 'y': 4.0}
        """
        product: dict[str, Any] = self._engine.derivative("hvp", point, {}, direction)
        return product

    def jvp(self, point: Point, direction: Point) -> Any:
        """Return the derivative in a direction by forward mode: the Jacobian times a vector.

        Args:
            point: one value per variable.
            direction: the vector by name of variable; a missing variable does not move.

        Returns:
            A number, or one per element of a vector; of a formula of arrays an array of the shape of the result.

        Cost: about 3 times that of the value.

        >>> import adcli
        >>> adcli.compile("x*y").jvp({"x": 2.0, "y": 3.0}, {"x": 1.0, "y": 10.0})
        23.0
        """
        return self._engine.derivative("jvp", point, {}, direction)

    def taylor(
        self, order: int, point: Mapping[str, float] | None = None, /, *, wrt: str | None = None, **inputs: float
    ) -> list[float]:
        """Return the coefficients of the Taylor expansion of a number in one variable, by power series.

        Args:
            order: of the last coefficient.
            point: one value per variable, as in `value`; the expansion is at this point.
            wrt: the variable to expand in; needed where there are several.

        Returns:
            order + 1 numbers; number k times k! is the k-th derivative. All nan where the value is nan.

        Cost: that of the value times the square of the order; a power of 2.5 for `digamma`, `gamma`, `lgamma`,
        `polygamma` and `sinc` of anything but a linear function.

        >>> import adcli
        >>> adcli.compile("exp(x)").taylor(3, x=0.0)
        [1.0, 1.0, 0.5, 0.16666666666666666]
        """
        arguments = self._engine.arguments
        if wrt is None and len(self.variables) != 1:
            raise RequestError("name the variable to expand in", hint=arguments.hint())
        names = arguments.read_wrt(wrt)
        coefficients: list[float] = self._engine.derivative("taylor", point, inputs, wrt=names, order=order)
        return coefficients

    def columns(
        self,
        what: str,
        point: Point | None = None,
        /,
        *,
        wrt: str | Sequence[str] | None = None,
        order: int | None = None,
        threads: int | None = None,
        backend: str = "auto",
        **columns: ArrayLike,
    ) -> dict[str, Array]:
        """Return values and derivatives of one kind at many points, under the names of the columns of a table.

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
            ``df1_dx``; ``hvp_x``; ``jvp``; ``c0``, ``c1``. A result that is the name of a binding has its name: ``u``,
            ``du_dx``. Where a value is nan, so are its derivatives.

        Raises:
            ShapeError: the columns do not broadcast, or the result is a vector and a number is needed.
            RequestError, UnknownNameError: the arguments do not fit, or the formula is one of arrays.

        Cost: that of one point times the number of points, by a backend of `batch`; see the methods of these names.

        >>> import adcli
        >>> columns = adcli.compile("x**2*y").columns("hessian", x=[1.0, 2.0], y=3.0)
        >>> list(columns), columns["d2f_dxdy"].tolist()
        (['f', 'df_dx', 'df_dy', 'd2f_dx2', 'd2f_dxdy', 'd2f_dy2'], [2.0, 4.0])
        """
        return self._engine.columns(what, point, columns, wrt, order, threads, backend)

    def batch(
        self,
        point: Mapping[str, ArrayLike] | None = None,
        /,
        *,
        wrt: str | Sequence[str] | None = None,
        threads: int | None = None,
        backend: str = "auto",
        out: tuple[Array, Mapping[str, Array]] | None = None,
        **columns: ArrayLike,
    ) -> tuple[Array, dict[str, Array]]:
        """Values and partial derivatives at many points.

        Args:
            point: the columns as one mapping, also for variables that are named like an option of this method.
            wrt: the variables to differentiate by, all of them by default; ``()`` gives values alone.
            threads: how many share the rows; by default the cores there are.
            backend: ``"python"``, ``"numpy"``, ``"llvm"`` (the extra `fast`), or ``"auto"``: by the number of rows and
                the size of the expression. Each gives a point the same bits wherever it stands; they differ by ulps.
            out: where to write, a pair like the one that is returned: float64 arrays of the broadcast shape.
            columns: one array or number per variable; they broadcast against one another.

        Returns:
            The values, and a gradient array per variable, all of the broadcast shape, float64.

        Raises:
            ShapeError: the columns do not broadcast, or `out` does not fit.
            RequestError: a column is missing or holds something else than numbers; there is no such backend; the
                formula is one of arrays.

        >>> values, slopes = compile("x*y").batch(x=[1.0, 2.0], y=3.0)
        >>> values.tolist(), slopes["x"].tolist()
        ([3.0, 6.0], [3.0, 3.0])
        """
        from .columns import rows_of

        for name, option, kinds in (("wrt", wrt, (str, list, tuple)), ("threads", threads, (int,)),
                                    ("backend", backend, (str,)), ("out", out, (list, tuple))):  # fmt: skip
            if option is not None and not isinstance(option, kinds):
                hint = "give the columns as one mapping" if name in self.variables else None
                raise RequestError(f"{name} is an option of batch, and this is not what it takes", hint=hint)
        values = self._engine.arguments.read_point(point, columns)
        batcher = self._engine.batcher(wrt, backend, rows_of(values), threads)
        return batcher(values, threads=threads, out=out)

    def batcher(
        self,
        wrt: str | Sequence[str] | None = None,
        *,
        backend: str = "auto",
        rows: int | None = None,
        threads: int | None = None,
    ) -> Batch:
        """What `batch` runs, for streams that compute block after block: one backend throughout, made ready once.

        Args:
            wrt: the variables to differentiate by, all of them by default; ``()`` gives values alone.
            backend: as in `batch`.
            rows: how many there will be over all calls, which `auto` goes by; None for very many.
            threads: how many will share them, by default the cores there are; each call may say otherwise.

        Raises:
            RequestError: there is no such backend; UnknownNameError: no such variable.

        >>> batch = compile("x*y").batcher(wrt=())
        >>> batch({"x": [1.0, 2.0], "y": 3.0})
        (array([3., 6.]), {})
        """
        return self._engine.batcher(wrt, backend, rows, threads)

    def visualize(self, name: str | None = None, point: Mapping[str, Any] | None = None, /, **inputs: Any) -> Any:
        """Draw the graph at a point, with values and adjoints: into a file, or as a picture that a notebook shows.

        Args:
            name: a file; its suffix says which format (svg, png, pdf, dot, json); ``.svg`` is added without one.
            point, inputs: the values of the variables, as for the other methods; numbers or arrays.

        Returns:
            The path of the file, or the picture.

        >>> compile("x*y").visualize(None, x=2.0, y=3.0)._repr_svg_()[:5]
        '<?xml'
        """
        from ..draw.build import Detail, picture_of
        from ..draw.show import show
        from .view import view_formula

        values = self._engine.arguments.read_arrays(point, inputs)
        view = view_formula(self._engine.lowerings, values, self.variables, with_slopes=False)
        return show(picture_of(view, Detail(partials=True, which=view.result_index(None))), name)

    @gc_paused()
    def code(
        self,
        target: str,
        what: str | Sequence[str] = ("value", "gradient"),
        wrt: str | Sequence[str] | None = None,
        name: str = "f",
    ) -> str:
        """The value and derivatives as a function in another language, with no dependency but that language's own.

        Args:
            target: ``"c"``, ``"javascript"`` …; `adcli code --help` lists them.
            what: some of ``"value"``, ``"gradient"``, ``"hessian"``, ``"jvp"``; their order does not matter. The code
                of a Hessian of n variables is up to n times as long as that of a gradient.
            wrt: the variables to differentiate by, all of them by default.
            name: of the function that is made.

        Raises:
            RequestError: there is no such target or part, or the target has no way to say an operation.
            UnknownNameError: `wrt` names something else than a variable.

        >>> print(compile("a*x").code("c", what="value").partition("double")[2], end="")
         f(double a, double x)
        {
            return a * x;
        }
        """
        from ..codegen import load_target
        from ..codegen.request import derive_request

        names = self._engine.arguments.read_wrt(wrt)
        writer = load_target(target)
        # A graph of its own: the tangents of a jvp are variables of it.
        refuse_vector(self.formula)
        require_numbers(self._engine.lowerings)
        [result] = lower_results(self.formula, Graph())
        parts = [what] if isinstance(what, str) else what
        return writer.write(derive_request(result, str(self.formula), parts, names, name))

    # Nodes of a formula of numbers, for code of the package.

    @property
    def graph(self) -> Graph:
        """The graph, which grows as derivatives are asked for."""
        return self.result.graph

    @property
    def result(self) -> Expr:
        """The node of the value."""
        lowerings = self._engine.lowerings
        if not self._engine.is_number:
            raise lowerings.needs_shapes()
        return lowerings.numeric.scalar

    def slopes(self, wrt: Sequence[str] | None = None, forward: bool = False) -> list[Expr | None]:
        """Return partial derivatives as nodes; see `Lowered.slopes`."""
        return self._engine.lowerings.numeric.slopes(wrt, forward)

    def program(self, wrt: Sequence[str] | None = None) -> Tape:
        """Return the tape of the value and its partial derivatives."""
        return self._engine.lowerings.numeric.program(wrt)
