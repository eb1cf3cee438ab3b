"""`Function`: an expression that can be evaluated and differentiated, which `adcli.compile` returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

from ..errors import RequestError
from ..language.ast import Formula
from ..language.parser import parse
from .engine import Engine
from .many_points import ManyPoints
from .presentation import Presentation
from .signature import CallSignature

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..ops.operands import Numeric, Operand
    from .point_types import ArrayPoint, Arrays, Names, NamesOrArray, NamesOrNumber, NumberPoint, Numbers


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


class Function(ManyPoints, Presentation):
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
        text = derivative_text(self._engine.lowerings, names, arguments.read_ranks(ranks))
        return compile(text, self.variables)

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
