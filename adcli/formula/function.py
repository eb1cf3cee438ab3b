"""`Function`: an expression made ready to be evaluated and differentiated; what `adcli.compile` returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import RequestError, ShapeError, UnknownNameError, join_names, suggest
from ..graph.derive import gradient, tangent
from ..graph.expr import Expr, Graph
from ..graph.gc_pause import gc_paused
from ..graph.tape import Tape
from ..language.ast import Formula
from ..language.calls import check
from ..language.lower import ShapesNeeded, lower, lower_results, refuse_vector
from ..language.parser import parse
from .derivatives import Derivatives

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from .columns import Batch
    from .shaped import Shaped

    Array = NDArray[np.float64]

MOST_SHAPES = 64  # choices of shapes for which a function keeps what it has made


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
    """An expression of named variables, with its value and its derivatives.

    Every method takes the point as keywords or as one mapping. Floats in give floats out; results follow IEEE 754
    (1/0 is inf, log(-1) is nan) and nothing is raised for any number. Arrays and nested lists give float64 arrays: a
    slope has the shape of its variable. Where the value is nan, so is every slope.

    Of a formula of numbers, the first call of a method generates its code (about a millisecond for a formula of twenty
    operations) and puts it in the method's place; later calls run nothing else. With arrays a program is made for each
    choice of their shapes, once.

    Args:
        formula: the AST.
        variables: names of inputs that come first, and are inputs even where the formula does not use them.

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
        self.bindings: tuple[str, ...] = tuple(binding.name for binding in formula.bindings)
        self._shaped: dict[Any, Shaped] = {}
        self._lowered: tuple[Graph, Expr] | None = None
        graph = Graph()
        for name in variables:
            graph.variable(name)
        try:
            self._lowered = graph, lower(formula, graph)
            self.variables: tuple[str, ...] = tuple(graph.variables)
        except ShapesNeeded:
            self.variables = tuple(dict.fromkeys([*variables, *check(formula)]))
        self._names = frozenset(self.variables)

    @property
    def is_scalar(self) -> bool:
        """Whether it is a formula of numbers, which needs no shapes to be lowered.

        >>> compile("x*y").is_scalar, compile("x @ y").is_scalar
        (True, False)
        """
        return self._lowered is not None

    @property
    def graph(self) -> Graph:
        """The graph of a formula of numbers, which grows as derivatives are asked for."""
        return self._numbers()[0]

    @property
    def result(self) -> Expr:
        """The node of the value of a formula of numbers."""
        return self._numbers()[1]

    def _numbers(self) -> tuple[Graph, Expr]:
        if self._lowered is None:
            problem = "the expression has arrays, whose shapes are not known"
            hint = f"give values of {join_names(self.variables)}" if self.variables else None
            raise ShapeError(problem, hint=hint)
        return self._lowered

    def shaped(self, inputs: Mapping[str, Any]) -> Function | Shaped:
        """What stands for the formula at inputs of these shapes: itself, where all of it is numbers.

        >>> f = compile("x*y")
        >>> f.shaped({"x": 2.0, "y": 3.0}) is f
        True
        >>> import numpy as np
        >>> f.shaped({"x": np.ones(2), "y": 3.0}).result.shape
        (2,)
        """
        if self.is_scalar and not any(getattr(value, "shape", ()) for value in inputs.values()):
            return self
        from .shaped import Shaped, shapes_of

        shapes = shapes_of(inputs, self.variables)
        made = self._shaped.get(shapes)
        if made is None:
            while len(self._shaped) >= MOST_SHAPES:
                del self._shaped[next(iter(self._shaped))]
            made = self._shaped[shapes] = Shaped(self.formula, self.variables, shapes)
        return made

    def __repr__(self) -> str:
        return f"compile({str(self.formula)!r})"

    def __str__(self) -> str:
        return str(self.formula)

    @gc_paused
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

    def value(self, point: Mapping[str, ArrayLike] | None = None, /, **inputs: ArrayLike) -> Any:
        """The value at a point: a float or, of a formula of arrays, perhaps a float64 array.

        >>> compile("x*y").value(x=2.0, y=3.0)
        6.0
        >>> compile("A @ x").value(A=[[1, 2], [3, 4]], x=[1, 1])
        array([3., 7.])
        """
        if not self.is_scalar:
            return self._value_of_arrays(point, inputs)
        program = Tape(self.graph, [self.result])
        made = self._make("value", program, lambda results: results[0], "{0}", self._value_of_arrays)
        return made(point, **inputs)

    def gradient(self, point: Mapping[str, ArrayLike] | None = None, /, **inputs: ArrayLike) -> dict[str, Any]:
        """All the partial derivatives at a point, by name, each of the shape of its variable.

        >>> compile("x*y").gradient({"x": 2.0, "y": 3.0})
        {'x': 3.0, 'y': 2.0}
        >>> compile("x @ x").gradient(x=[1, 2])
        {'x': array([2., 4.])}
        """
        if not self.is_scalar:
            return self._gradient_of_arrays(point, inputs)
        template = self._named_template()
        made = self._make(
            "gradient", self.program(), lambda results: self._named(results), template, self._gradient_of_arrays
        )
        slopes: dict[str, Any] = made(point, **inputs)
        return slopes

    def value_and_gradient(
        self, point: Mapping[str, ArrayLike] | None = None, /, **inputs: ArrayLike
    ) -> tuple[Any, dict[str, Any]]:
        """The value and all the partial derivatives at a point, which share their work.

        >>> compile("x*y").value_and_gradient(x=2.0, y=3.0)
        (6.0, {'x': 3.0, 'y': 2.0})
        """
        if not self.is_scalar:
            return self._both_of_arrays(point, inputs)
        made = self._make(
            "value_and_gradient",
            self.program(),
            lambda results: (results[0], self._named(results)),
            f"{{0}}, {self._named_template()}",
            self._both_of_arrays,
        )
        both: tuple[Any, dict[str, Any]] = made(point, **inputs)
        return both

    def _value_of_arrays(self, point: Mapping[str, Any] | None, named: Mapping[str, Any]) -> Any:
        made, inputs = self._at_shapes(point, named)
        return made.value(inputs)

    def _gradient_of_arrays(self, point: Mapping[str, Any] | None, named: Mapping[str, Any]) -> dict[str, Any]:
        return self._both_of_arrays(point, named)[1]

    def _both_of_arrays(self, point: Mapping[str, Any] | None, named: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        made, inputs = self._at_shapes(point, named)
        value, slopes = made.value_and_gradient(inputs)
        return value, dict(zip(self.variables, slopes, strict=True))

    def _at_shapes(self, point: Mapping[str, Any] | None, named: Mapping[str, Any]) -> tuple[Shaped, list[Any]]:
        from .shaped import Shaped

        made, inputs = self._at_arrays(point, named)
        assert isinstance(made, Shaped)
        return made, list(inputs.values())

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
        given = self.given(point, columns)
        made = self.batcher(wrt, backend=backend, rows=rows_of(given), threads=threads)
        return made(given, threads=threads, out=out)

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
        from ..backends._rows import cores
        from .columns import Batch, check_backend, choose

        names = self.chosen(wrt)
        check_backend(backend)
        if not self.is_scalar:
            hint = "call value_and_gradient for each point"
            raise RequestError("batch is for formulas of numbers, and this one has operations on arrays", hint=hint)
        made: dict[Any, Any] = self.__dict__.setdefault("_batches", {})
        if names not in made:
            made[names] = self.program(names)
        program = made[names]
        if backend == "auto":
            chosen = "llvm" if (names, "llvm") in made else choose(program, rows, threads or cores())
        else:
            chosen = backend
        if (names, chosen) not in made:
            made[names, chosen] = Batch(program, names, chosen)
        batch: Batch = made[names, chosen]
        return batch

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
        from ..draw.show import show_results
        from ..explain.steps import elements, result_names
        from .shaped import as_input

        given = self.given(point, inputs)
        values = {each: as_input(each, given[each]) for each in self.variables}
        results = elements(self.shaped(values).result)
        return show_results(results, result_names(len(results)), values, name, self.formula.text)

    @gc_paused
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

        names = self.chosen(wrt)
        writer = load_target(target)
        # A graph of its own: the tangents of a jvp are variables of it.
        refuse_vector(self.formula)
        [result] = lower_results(self.formula, Graph())
        parts = [what] if isinstance(what, str) else what
        return writer.write(derive_request(result, str(self.formula), parts, names, name))

    @gc_paused
    def program(self, wrt: Sequence[str] | None = None) -> Tape:
        """The straight-line program of the value and, after it, the partial derivatives; all of them by default."""
        return Tape(self.graph, [self.result, *self.slopes(wrt)])

    def _named(self, results: list[float]) -> dict[str, float]:
        return dict(zip(self.variables, results[1:], strict=True))

    def _named_template(self) -> str:
        places = range(len(self.variables))
        return "{{" + ", ".join(f"'{{names[{place}]}}': {{{place + 1}}}" for place in places) + "}}"

    def _make(
        self,
        name: str,
        program: Tape,
        pack: Callable[[list[float]], Any],
        result: str,
        of_arrays: Callable[..., Any],
    ) -> Callable[..., Any]:
        """Generate a method and let it stand in this instance in the place of the one that asked for it."""
        from ..backends.python import function

        made = self.__dict__[name] = function(name, program, self._check, pack, result, of_arrays)
        made.__doc__ = getattr(Function, name).__doc__
        return made

    def given(self, point: Mapping[str, Any] | None, named: Mapping[str, Any]) -> Mapping[str, Any]:
        """The one of the two ways to give a point that was used, with exactly the variables there are."""
        values = {name: value for name, value in named.items() if value is not None}
        if point is not None:
            if values:
                raise RequestError("give the point as one mapping or as keywords, not both")
            values = dict(point)
        if values.keys() != self._names:
            for name in values:
                if name not in self._names:
                    raise self.unknown(name)
            missing = [name for name in self.variables if name not in values]
            raise RequestError(f"no value for {', '.join(missing)}", hint=self._variables())
        return values

    def chosen(self, wrt: str | Sequence[str] | None) -> tuple[str, ...]:
        """The variables to differentiate by: all of them where none is named; a single one may stand by itself."""
        if wrt is None:
            return self.variables
        names = (wrt,) if isinstance(wrt, str) else tuple(wrt)
        for name in names:
            if name not in self._names:
                raise self.unknown(name)
        return names

    def unknown(self, name: str) -> UnknownNameError:
        """The error of a name that is no variable."""
        return UnknownNameError(f"there is no variable '{name}'", hint=suggest(name, self.variables, self._variables()))

    def _check(self, point: Mapping[str, Any] | None, named: Mapping[str, Any]) -> tuple[float, ...] | None:
        """One float per variable, or None where one of the values is an array."""
        if point is not None and len(point) == len(self.variables):
            found: tuple[Any, ...] = tuple([point.get(name) for name in self.variables])
            if all(type(value) is float for value in found) and all(value is None for value in named.values()):
                return found
        values = self.given(point, named)
        if any(isinstance(value, (list, tuple)) or getattr(value, "shape", ()) for value in values.values()):
            return None
        return self.numbers(values)

    def numbers(self, values: Mapping[str, Any]) -> tuple[float, ...]:
        """One float per variable, in their order."""
        return tuple([self._float(name, values[name]) for name in self.variables])

    def _float(self, name: str, value: Any) -> float:
        try:
            if not isinstance(value, (str, bytes)):
                return float(value)
        except (TypeError, ValueError):
            pass
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
        raise RequestError(f"the value of {name} is a {type(value).__name__}, not a number")
