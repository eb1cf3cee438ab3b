"""`Function`: an expression that can be evaluated and differentiated, which `adcli.compile` returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

from ..errors import RequestError
from ..language.ast import Formula
from ..language.parser import parse
from .engine import Engine
from .signature import CallSignature

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TypeVar

    import pyarrow
    from numpy.typing import ArrayLike

    from ..draw.show import Drawing
    from ..ops.operands import Array, Numeric, Operand
    from .columns import Batch

    Numbers = float | Mapping[str, float]
    Arrays = ArrayLike | Mapping[str, ArrayLike]
    NumberPoint = Mapping[str, float] | Sequence[float]
    ArrayPoint = Mapping[str, ArrayLike] | Sequence[ArrayLike]
    Names = str | Sequence[str] | None
    # A checker tests `wrt` against the values of `**point` as well, so these types allow them.
    NamesOrNumber = Names | float
    NamesOrArray = Names | ArrayLike
    ArrowBatch = TypeVar("ArrowBatch")
    Out = tuple[Array, Mapping[str, Array]] | None


def compile(text: str, variables: Sequence[str] = ()) -> Function:
    """Make a Function of an expression.

    Args:
        text: a program of the language, bindings and one result.
        variables: names of the first inputs, where their order is to differ from that in the text.

    Raises:
        ParseError, UnknownNameError: with the place in the text.

    >>> import adcli
    >>> f = adcli.compile("u = x**2; sin(u)*cos(y)")
    >>> f.variables, f.bindings
    (('x', 'y'), ('u',))
    >>> f(2.0, 3.0), f(x=2.0, y=3.0) == f({"x": 2.0, "y": 3.0}) == f.value(2.0, 3.0)
    (0.7492287917633427, True)
    >>> f.gradient(2.0, 3.0), f.gradient(2.0, 3.0, wrt="y")
    ({'x': 2.5884091204228885, 'y': 0.10679997423758245}, {'y': 0.10679997423758245})
    """
    return Function(parse(text), variables)


class Function:
    """An expression of named variables, with its value and its derivatives.

    Every method takes the point by keyword, by position in the order of `variables`, or as one mapping. A variable
    that is named like an option of the method, such as `wrt`, needs a position or a mapping. `wrt` is a name or a
    sequence of names, by default all variables.

    Floats give floats. Results follow IEEE 754 (1/0 is inf, log(-1) is nan), and no number raises an error. Arrays and
    nested lists give float64 arrays: a derivative has the shape of its variable. Where the value is nan, so is every
    derivative. Type checkers see the types of one result that is a number.

    For a formula of numbers, the first call of `value`, `gradient` or `value_and_gradient` generates its code (about a
    millisecond for a formula of twenty operations), which replaces the method. `f(…)` is `f.value(…)`, at about twice
    the time of a small formula (0.2 us more). A mapping takes at most twice the time of keywords. Copies and pickles
    hold the text alone.

    Args:
        formula: the AST.
        variables: names of the first inputs, also where the formula does not use them.

    Attributes:
        variables: names of the inputs, in the order of their first appearance.
        bindings: names of the bindings, in order.
        formula: the AST.

    Errors of every method:
        UnknownNameError: a name is not a variable.
        RequestError: a value is missing, given twice, one too many, or not a number.
        ShapeError: the shapes do not fit. The message has both of them and the place in the text.
        DomainError: a matrix is singular.
    """

    __signature__ = CallSignature()

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

    def __reduce__(self) -> tuple[Callable[..., Function], tuple[object, ...]]:
        return compile, (self.formula.text, self._first) if self._first else (self.formula.text,)

    if TYPE_CHECKING:

        @overload
        def __call__(self, /, *point: Numbers, **inputs: float) -> float: ...
        @overload
        def __call__(self, /, *point: Arrays, **inputs: ArrayLike) -> Numeric: ...
        @overload
        def __call__(self, /, *point: Operand, **inputs: Operand) -> Operand: ...
        def __call__(self, /, *point: Operand, **inputs: Operand) -> Operand:
            """Return the value, as `value` does."""

    else:
        # A method that forwards all arguments takes twice as long.
        __call__ = property(attrgetter("value"), doc="Return the value, as `value` does.")

    @overload
    def value(self, /, *point: Numbers, **inputs: float) -> float: ...
    @overload
    def value(self, /, *point: Arrays, **inputs: ArrayLike) -> Numeric: ...
    def value(self, /, *point: Any, **inputs: Any) -> Any:
        """Return the value at a point: a float or, of a formula of arrays or a vector, a float64 array.

        Values, Duals and symbols may stand among the inputs, and give one of them.

        >>> import adcli
        >>> adcli.compile("x*y").value(x=2.0, y=3.0)
        6.0
        >>> adcli.compile("A @ x").value(A=[[1, 2], [3, 4]], x=[1, 1])
        array([3., 7.])
        """
        return self._generated("value")(*point, **inputs)

    @overload
    def gradient(self, /, *point: Numbers, wrt: NamesOrNumber = None, **inputs: float) -> dict[str, float]: ...
    @overload
    def gradient(self, /, *point: Arrays, wrt: NamesOrArray = None, **inputs: ArrayLike) -> dict[str, Numeric]: ...
    def gradient(self, /, *point: Any, wrt: Any = None, **inputs: Any) -> Any:
        """Return the partial derivatives at a point, by name, each of the shape of its variable.

        >>> import adcli
        >>> adcli.compile("x*y").gradient({"x": 2.0, "y": 3.0})
        {'x': 3.0, 'y': 2.0}
        >>> adcli.compile("x @ x").gradient(x=[1, 2])
        {'x': array([2., 4.])}
        """
        return self._generated("gradient")(*point, wrt=wrt, **inputs)

    @overload
    def value_and_gradient(
        self, /, *point: Numbers, wrt: NamesOrNumber = None, **inputs: float
    ) -> tuple[float, dict[str, float]]: ...
    @overload
    def value_and_gradient(
        self, /, *point: Arrays, wrt: NamesOrArray = None, **inputs: ArrayLike
    ) -> tuple[float, dict[str, Numeric]]: ...
    def value_and_gradient(self, /, *point: Any, wrt: Any = None, **inputs: Any) -> Any:
        """Return the value and the partial derivatives at a point, which share their work.

        >>> import adcli
        >>> adcli.compile("x*y").value_and_gradient(x=2.0, y=3.0)
        (6.0, {'x': 3.0, 'y': 2.0})
        """
        return self._generated("value_and_gradient")(*point, wrt=wrt, **inputs)

    def _generated(self, name: str) -> Callable[..., Any]:
        """Return the code of a method, and put it in the place of the method."""
        method = self._engine.method(name)
        method.__doc__ = getattr(Function, name).__doc__
        self.__dict__[name] = method
        return method

    def diff(self, *wrt: str, order: int = 1, ranks: Mapping[str, int] | None = None) -> Function:
        """Return the derivative as an expression of its own, simplified for reading.

        It has the same variables, and no conventions at kinks. For numbers at a point `gradient` keeps more digits.

        Args:
            wrt: the variables, one after the other. It may be left out if there is only one.
            order: how often to differentiate by a single variable.
            ranks: 0, 1 or 2 for variables that are numbers, vectors or matrices [default: guessed].

        Raises:
            RequestError: the result would be too long. The message names the order that works.

        >>> import adcli
        >>> print(adcli.compile("sin(x**2)*cos(y)").diff("x"))
        2*x*cos(x**2)*cos(y)
        >>> print(adcli.compile("x @ A @ x").diff("x"))
        (A + A.T) @ x
        """
        from .symbolic import derivative_text

        arguments = self._engine.arguments
        if not wrt and len(self.variables) != 1:
            raise RequestError("name the variable to differentiate by", hint=arguments.hint())
        if order < 1 or (order > 1 and len(wrt) > 1):
            raise RequestError("an order is at least 1, and goes with one variable", hint='as in diff("x", order=2)')
        names = arguments.read_wrt(wrt or None) * order
        return compile(derivative_text(self._engine.lowerings, names, ranks), self.variables)

    @overload
    def jacobian(self, /, *point: Numbers, wrt: NamesOrNumber = None, **inputs: float) -> list[dict[str, float]]: ...
    @overload
    def jacobian(self, /, *point: Arrays, wrt: NamesOrArray = None, **inputs: ArrayLike) -> dict[str, Numeric]: ...
    def jacobian(self, /, *point: Any, wrt: Any = None, **inputs: Any) -> Any:
        """Return the partial derivatives of every element of the result.

        Returns:
            For a formula of numbers, one mapping by name per element. A number is one element. For arrays, one mapping
            by name of arrays of the shape of the result followed by that of the variable.

        Cost: that of the value times about 4 times the smaller of the numbers of elements and of variables.

        >>> import adcli
        >>> adcli.compile("[x*y, x + y]").jacobian(x=2.0, y=3.0)
        [{'x': 3.0, 'y': 2.0}, {'x': 1.0, 'y': 1.0}]
        >>> adcli.compile("x/sum(x)").jacobian(x=[1.0, 3.0])
        {'x': array([[ 0.1875, -0.0625],
               [-0.1875,  0.0625]])}
        """
        return self._engine.derivative("jacobian", point, inputs, wrt)

    @overload
    def hessian(
        self, /, *point: Numbers, wrt: NamesOrNumber = None, **inputs: float
    ) -> dict[str, dict[str, float]]: ...
    @overload
    def hessian(
        self, /, *point: Arrays, wrt: NamesOrArray = None, **inputs: ArrayLike
    ) -> dict[str, dict[str, Numeric]]: ...
    def hessian(self, /, *point: Any, wrt: Any = None, **inputs: Any) -> Any:
        """Return the second partial derivatives of a number, symmetric to the last bit.

        By arrays they are arrays of the shape of the first variable followed by that of the second.

        Cost: that of the gradient times at most the number of variables plus 4.

        >>> import adcli
        >>> adcli.compile("x**2*y").hessian(x=2.0, y=3.0)
        {'x': {'x': 6.0, 'y': 4.0}, 'y': {'x': 4.0, 'y': 0.0}}
        """
        return self._engine.derivative("hessian", point, inputs, wrt)

    @overload
    def hvp(self, point: NumberPoint, direction: NumberPoint, wrt: Names = None) -> dict[str, float]: ...
    @overload
    def hvp(self, point: ArrayPoint, direction: ArrayPoint, wrt: Names = None) -> dict[str, Numeric]: ...
    def hvp(self, point: Any, direction: Any, wrt: Names = None) -> Any:
        """Return the Hessian of a number times a vector, without computing the Hessian.

        Args:
            point: one value per variable, as a mapping or as a sequence in the order of `variables`.
            direction: the vector, likewise. A variable that a mapping leaves out does not move.
            wrt: the variables whose products are returned.

        Cost: about 3 times that of the gradient, however many variables there are.

        >>> import adcli
        >>> adcli.compile("x**2*y").hvp({"x": 2.0, "y": 3.0}, {"x": 1.0})
        {'x': 6.0, 'y': 4.0}
        """
        return self._engine.product("hvp", point, direction, wrt)

    @overload
    def jvp(self, point: NumberPoint, direction: NumberPoint) -> float: ...
    @overload
    def jvp(self, point: ArrayPoint, direction: ArrayPoint) -> Numeric: ...
    def jvp(self, point: Any, direction: Any) -> Any:
        """Return the derivative in a direction by forward mode: the Jacobian times a vector.

        The arguments are those of `hvp`. The result has the shape of the value. For a vector it is a list.

        Cost: about 3 times that of the value.

        >>> import adcli
        >>> adcli.compile("x*y").jvp([2.0, 3.0], [1.0, 10.0])
        23.0
        """
        return self._engine.product("jvp", point, direction)

    def taylor(self, order: int, /, *point: Numbers, wrt: NamesOrNumber = None, **inputs: float) -> list[float]:
        """Return the coefficients of the Taylor expansion of a number in one variable, by power series.

        Args:
            order: of the last of order + 1 coefficients. Coefficient k times k! is the k-th derivative.
            point, inputs: where to expand.
            wrt: the variable to expand in. It is required if there are several.

        The cost is that of the value times the square of the order, or its power of 2.5 for `digamma`, `gamma`,
        `lgamma`, `polygamma` and `sinc` of anything but a linear function.

        >>> import adcli
        >>> adcli.compile("exp(x)").taylor(3, x=0.0)
        [1.0, 1.0, 0.5, 0.16666666666666666]
        """
        if wrt is None and len(self.variables) != 1:
            raise RequestError("name the variable to expand in", hint=self._engine.arguments.hint())
        coefficients: list[float] = self._engine.derivative("taylor", point, inputs, wrt, order)
        return coefficients

    def columns(
        self,
        what: str,
        /,
        *point: Arrays,
        wrt: Names = None,
        order: int | None = None,
        threads: int | None = None,
        backend: str = "auto",
        **columns: ArrayLike,
    ) -> dict[str, Array]:
        """Return values and derivatives of one kind at many points, under the names of the columns of a table.

        Args:
            what: ``value``, ``gradient``, ``jacobian``, ``hessian``, ``hvp``, ``jvp`` or ``taylor``.
            point, columns: one array or number per variable. They broadcast against one another. For ``hvp`` and
                ``jvp`` the direction in x is the column ``dx``. A variable without one does not move.
            wrt: the variables to differentiate by. For a Taylor expansion it is the one to expand in.
            order: of the last Taylor coefficient, 4 by default.
            threads, backend: as in `batch`.

        Returns:
            float64 arrays of the broadcast shape: ``f``, ``df_dx``, ``d2f_dx2``, ``d2f_dxdy``, of a vector ``f1``,
            ``df1_dx``, and ``hvp_x``, ``jvp``, ``c0``, ``c1``. A result that is the name of a binding has its name:
            ``u``, ``du_dx``. Where a value is nan, so are its derivatives.

        >>> import adcli
        >>> columns = adcli.compile("x**2*y").columns("hessian", x=[1.0, 2.0], y=3.0)
        >>> list(columns), columns["d2f_dxdy"].tolist()
        (['f', 'df_dx', 'df_dy', 'd2f_dx2', 'd2f_dxdy', 'd2f_dy2'], [2.0, 4.0])
        """
        return self._engine.columns(what, point, columns, wrt, order, threads, backend)

    def batch(
        self,
        /,
        *point: Arrays,
        wrt: Names = None,
        threads: int | None = None,
        backend: str = "auto",
        out: Out = None,
        **columns: ArrayLike,
    ) -> tuple[Array, dict[str, Array]]:
        """Return values and, by name, partial derivatives at many points: float64 arrays of the broadcast shape.

        Args:
            point, columns: one array or number per variable. They broadcast against one another.
            wrt: the variables to differentiate by. ``()`` gives values alone.
            threads: how many share the rows [default: the number of cores].
            backend: ``"python"``, ``"numpy"``, ``"llvm"`` (the extra `fast`), or ``"auto"``: NumPy until all calls
                together have lost as much time as compiling costs, then LLVM. Each gives a point the same bits
                wherever it stands. They differ by ulps.
            out: where to write, a pair like the one that is returned.

        >>> values, slopes = compile("x*y").batch(x=[1.0, 2.0], y=3.0)
        >>> values.tolist(), slopes["x"].tolist()
        ([3.0, 6.0], [3.0, 3.0])
        """
        return self._engine.batch(point, columns, wrt, threads, backend, out)

    def batcher(
        self, wrt: Names = None, *, backend: str = "auto", rows: int | None = None, threads: int | None = None
    ) -> Batch:
        """Return what `batch` runs, for streams of blocks: one backend throughout, prepared once.

        Args:
            wrt, backend: as in `batch`.
            rows: how many there are over all calls, for the choice of ``auto`` [default: very many].
            threads: how many share them [default: the number of cores]. Each call may choose another number.

        >>> batch = compile("x*y").batcher(wrt=())
        >>> batch({"x": [1.0, 2.0], "y": 3.0})
        (array([3., 6.]), {})
        """
        return self._engine.batcher(wrt, backend, rows, threads)

    def arrow(
        self,
        batch: ArrowBatch,
        what: str = "gradient",
        /,
        *,
        wrt: Names = None,
        order: int | None = None,
        threads: int | None = 1,
        backend: str = "auto",
        **values: float,
    ) -> ArrowBatch:
        """Return an Arrow batch with the columns of another one, and behind them values and derivatives of its rows.

        Polars, DuckDB, Spark and Ray can call it for each batch. It needs the extra `arrow`.

        Args:
            batch: a pyarrow RecordBatch or Table. Its columns are variables by their name, and null is nan. A Polars
                DataFrame and the like are taken as a Table.
            what, wrt, order: as in `columns`.
            threads: how many share the rows [default: 1, because engines have threads of their own].
            backend: as in `batch`. The choice of ``"auto"`` does not depend on the batch, so neither do the bits.
            values: of variables that have no column. They become columns in front of the results.

        >>> import adcli, pyarrow
        >>> batch = pyarrow.RecordBatch.from_pydict({"id": ["a", "b"], "x": [1.0, 2.0]})
        >>> adcli.compile("k*x**2").arrow(batch, k=3.0).to_pylist()[1]
        {'id': 'b', 'x': 2.0, 'k': 3.0, 'f': 12.0, 'df_dk': 4.0, 'df_dx': 12.0}
        """
        from .arrow import ArrowRequest, extend_batch

        self._engine.arguments.check_options("arrow", wrt=wrt, order=order, threads=threads, backend=backend)
        return extend_batch(self._engine, batch, ArrowRequest(what, wrt, order, values), threads, backend)

    def arrow_schema(
        self,
        schema: pyarrow.Schema,
        what: str = "gradient",
        /,
        *,
        wrt: Names = None,
        order: int | None = None,
        **values: float,
    ) -> pyarrow.Schema:
        """Return the Arrow schema of what `arrow` returns for batches of a schema.

        >>> import adcli, pyarrow
        >>> adcli.compile("x**2").arrow_schema(pyarrow.schema({"x": pyarrow.int64()})).names
        ['x', 'f', 'df_dx']
        """
        from .arrow import ArrowRequest, extend_schema

        self._engine.arguments.check_options("arrow_schema", wrt=wrt, order=order)
        return extend_schema(self._engine, schema, ArrowRequest(what, wrt, order, values))

    def visualize(self, name: str | None = None, /, *point: Arrays, **inputs: ArrayLike) -> Drawing | Path:
        """Draw the graph at a point, with values and adjoints: into a file, or as a picture that a notebook shows.

        Args:
            name: a file. Its suffix is the format (svg, png, pdf, dot, json) [default: ``.svg``].
            point, inputs: the values of the variables, numbers or arrays.

        >>> import adcli
        >>> adcli.compile("x*y").visualize(None, x=2.0, y=3.0)._repr_svg_()[:5]
        '<?xml'
        """
        from ..draw.build import Detail, picture_of
        from ..draw.show import show
        from .view import view_formula

        values = self._engine.arguments.read_arrays(point, inputs)
        view = view_formula(self._engine.lowerings, values, self.variables, with_slopes=False)
        return show(picture_of(view, Detail(partials=True, which=view.result_index(None))), name)

    def code(
        self,
        target: str,
        what: str | Sequence[str] | None = None,
        wrt: Names = None,
        name: str = "f",
        table: str | None = None,
        shapes: Mapping[str, int | Sequence[int]] | None = None,
    ) -> str:
        """Return the value and derivatives as a function in another language, which needs nothing but that language.

        Args:
            target: ``"c"``, ``"javascript"`` … `adcli code --help` lists them.
            what: some of ``"value"``, ``"gradient"``, ``"jacobian"``, ``"hessian"``, ``"jvp"``, in any order
                [default: the value and its first derivatives].
            wrt: the variables to differentiate by.
            name: of the function.
            table: for SQL, the table to read [default: points].
            shapes: of the variables that are arrays, as in ``{"A": (2, 3), "x": 3}``.

        >>> print(compile("a*x").code("c", what="value").partition("double")[2], end="")
         f(double a, double x)
        {
            return a * x;
        }
        """
        from .symbolic import write_code

        parts, arguments = [what] if isinstance(what, str) else what, self._engine.arguments
        names, sizes = arguments.read_wrt(wrt), arguments.read_shapes(shapes)
        return write_code(self._engine.lowerings, target, parts, names, name, table, sizes)
