"""A formula as a graph at given shapes of its variables (`Lowered`), and all such graphs of a formula (`Lowerings`)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property

from ..errors import ShapeError
from ..graph.derive import gradient, tangent
from ..graph.expr import Expr, Graph
from ..graph.gc_pause import gc_paused
from ..graph.tape import Tape
from ..language.ast import Formula
from ..language.definitions import check
from ..language.lower import is_vector, lower_results, refuse_vector
from ..ops.operands import Numeric, Shape
from ..ops.shapes import shape_text
from .labels import result_names

MOST_SHAPES = 64  # graphs that a formula keeps, one per choice of shapes


class Lowered:
    """A formula as a graph whose variables have shapes. The shape of a number is ().

    Args:
        formula: the AST.
        first: names of the first inputs, also where the formula does not use them.
        shapes: of the variables by name; None for a formula of numbers or a vector ``[f, g]`` of such formulas.

    Attributes:
        variables: the names of the inputs.
        graph: the graph, which grows when derivatives are asked for.
        results: the nodes of the elements of a vector ``[f, g]`` of numbers, otherwise the one node of the value.
        names: of the results.
        is_numeric: whether there are no arrays.
        shapes: of the variables by name, empty if there are no arrays.
        is_vector: whether the results are the elements of a vector.
        cache: of what is built from this graph.

    Raises:
        ShapeError: the shapes do not fit, or there are arrays and no shapes.

    >>> from adcli import parse
    >>> lowered = Lowered(parse("x @ x"), (), {"x": (2,)})
    >>> lowered.scalar.shape, lowered.is_numeric
    ((), False)
    """

    def __init__(self, formula: Formula, first: Sequence[str] = (), shapes: Mapping[str, Shape] | None = None) -> None:
        self.formula = formula
        self.graph = Graph()
        self.is_numeric = shapes is None
        self.shapes = dict(shapes or {})
        # Only `first` is registered before the formula: rows, and so the order of inputs, follow the text.
        for name in first:
            self.graph.variable(name, self.shapes.get(name, ()))
        self.results = lower_results(formula, self.graph, shapes)
        self.variables = tuple(self.graph.variables)
        self.names = result_names(formula)
        self.is_vector = is_vector(formula.result)
        if self.is_vector and self.results[0].shape:  # a matrix is one result
            self.names, self.is_vector = ["f"], False
        self.cache: dict[Hashable, object] = {}

    @cached_property
    def result(self) -> Expr:
        """The node of the value, of a vector as one array."""
        if not self.is_vector:
            return self.results[0]
        from ..ops.structure import stack

        node: Expr = stack(*self.results)
        return node

    @cached_property
    def scalar(self) -> Expr:
        """The node of the value, which is a number.

        Raises:
            ShapeError: the result is a vector or an array.
        """
        if self.is_vector:
            refuse_vector(self.formula)
        result = self.results[0]
        if result.shape:
            node = self.formula.result
            problem = f"the result has the shape {shape_text(result.shape)}, where a number is needed"
            hint = "an array has a Jacobian (jac) and directional derivatives (jvp)"
            raise ShapeError(problem, text=self.formula.text, span=(node.start, node.stop), hint=hint)
        return result

    def variable(self, name: str) -> Expr:
        """Return the node of a variable."""
        return Expr(self.graph, self.graph.variables[name])

    @gc_paused()
    def slopes(self, wrt: Sequence[str] | None = None, forward: bool = False) -> list[Expr | None]:
        """Return the partial derivatives of a number as nodes.

        Args:
            wrt: the variables, all of them by default.
            forward: use one tangent per element instead of one backward sweep.

        Returns:
            One node per variable, of its shape; None where the result does not depend on the variable.
        """
        variables = [self.variable(name) for name in (self.variables if wrt is None else wrt)]
        if forward:
            return [self._forward(variable) for variable in variables]
        return gradient(self.scalar, variables)

    def _forward(self, variable: Expr) -> Expr | None:
        """Return the derivative by one variable, element by element."""
        shape = variable.shape
        if not shape:
            return tangent(self.scalar, {variable.row: 1.0})
        import numpy as np

        from ..ops.structure import reshape, stack

        elements: list[Expr] = []
        for index in range(int(np.prod(shape))):
            seed = np.zeros(shape)
            seed.flat[index] = 1.0
            element = tangent(self.scalar, {variable.row: Expr(self.graph, self.graph.array(seed))})
            if element is None:
                return None
            elements.append(element)
        slopes: Expr | None = reshape(stack(*elements), shape) if elements else None
        return slopes

    def program(self, wrt: Sequence[str] | None = None) -> Tape:
        """Return the tape of a number and, after it, its partial derivatives [default: all]."""
        return Tape(self.graph, [self.scalar, *self.slopes(wrt)])


class Lowerings:
    """A formula with its graphs, one per choice of shapes, each made when it is first needed.

    Args:
        formula: the AST.
        first: names of the first inputs, also where the formula does not use them.

    Attributes:
        variables: the names of the inputs, in the order of their first appearance.
        bindings: the names of the bindings, in order.
        is_numeric: whether it is a formula of numbers, or a vector of such formulas: these need no shapes.
    """

    def __init__(self, formula: Formula, first: Sequence[str] = ()) -> None:
        self.formula = formula
        self.bindings = tuple(binding.name for binding in formula.bindings)
        self._first = tuple(first)
        self._refusal: ShapeError | None = None  # why it is not a formula of numbers
        self._moving: dict[tuple[str, ...], Lowerings] = {}
        self._numeric: Lowered | None = None
        self._shaped: dict[tuple[Shape, ...], Lowered] = {}
        try:
            self._numeric = Lowered(formula, first)
            self.variables = self._numeric.variables
        except ShapeError as error:
            self._refusal = error
            self.variables = tuple(dict.fromkeys([*first, *check(formula)]))

    @property
    def is_numeric(self) -> bool:
        """Whether it is a formula of numbers, or a vector of such formulas."""
        return self._numeric is not None

    @property
    def numeric(self) -> Lowered:
        """The graph in which every variable is a number.

        Raises:
            ShapeError: the formula has operations on arrays.
        """
        if self._numeric is not None:
            return self._numeric
        error = self._refusal
        assert error is not None
        # A new one, because a stored exception keeps the frames of every place that raised it.
        raise error.at(error.text, error.span)

    def at(self, inputs: Mapping[str, Numeric]) -> Lowered:
        """Return the graph at the shapes of these inputs, floats and float64 arrays.

        >>> import numpy as np
        >>> from adcli import parse
        >>> lowerings = Lowerings(parse("x*y"))
        >>> lowerings.at({"x": 2.0, "y": 3.0}) is lowerings.numeric
        True
        >>> lowerings.at({"x": np.ones(2), "y": 3.0}).result.shape
        (2,)
        """
        shapes = tuple([tuple(getattr(inputs[name], "shape", ())) for name in self.variables])
        if self._numeric is not None and not any(shapes):
            return self._numeric
        lowered = self._shaped.get(shapes)
        if lowered is None:
            while len(self._shaped) >= MOST_SHAPES:
                del self._shaped[next(iter(self._shaped))]
            lowered = Lowered(self.formula, self._first, dict(zip(self.variables, shapes, strict=True)))
            assert lowered.variables == self.variables
            self._shaped[shapes] = lowered
        return lowered

    def moving(self, directions: Mapping[str, str]) -> Lowerings:
        """Return the same formula with these directions as variables after its own.

        Args:
            directions: per variable the name of the variable that is its direction.
        """
        further = tuple(directions.values())
        if not further:
            return self
        if further not in self._moving:
            self._moving[further] = Lowerings(self.formula, [*self.variables, *further])
        return self._moving[further]
