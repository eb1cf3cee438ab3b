"""`Shaped`: a formula at one choice of shapes for its variables, which is what a graph of arrays can be made for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import DomainError, RequestError, ShapeError
from ..graph.derive import gradient, tangent
from ..graph.evaluate import evaluate
from ..graph.expr import Expr, Graph
from ..graph.gc_pause import gc_paused
from ..graph.tape import Tape
from ..language.ast import Formula
from ..language.lower import lower
from ..ops.shapes import shape_text

Shapes = tuple[tuple[int, ...], ...]


class Shaped:
    """A formula whose variables have shapes.

    Attributes:
        formula: the AST.
        variables: the names of the inputs.
        graph: the graph, which grows as derivatives are asked for.
        result: the node of the value.

    >>> from adcli import parse
    >>> made = Shaped(parse("x @ x"), ("x",), ((2,),))
    >>> made.value_and_gradient([[3.0, 4.0]])
    (25.0, [array([6., 8.])])
    """

    def __init__(self, formula: Formula, variables: Sequence[str], shapes: Shapes) -> None:
        self.formula = formula
        self.variables = tuple(variables)
        self.graph = Graph()
        self.result: Expr = lower(formula, self.graph, dict(zip(variables, shapes, strict=True)))
        self._made: dict[str, Callable[[Sequence[Any]], list[Any]]] = {}

    @gc_paused
    def slopes(self, wrt: Sequence[str] | None = None, forward: bool = False) -> list[Expr | None]:
        """Partial derivatives as nodes, each of the shape of its variable; None where there is no dependence.

        Args:
            wrt: the variables, all of them by default.
            forward: by one tangent per element instead of one backward sweep.

        Raises:
            ShapeError: the result is no number.
        """
        result, graph = self.result, self.graph
        if result.shape:
            node = self.formula.result
            raise ShapeError(
                f"the result has the shape {shape_text(result.shape)}, and a gradient is that of a number",
                text=self.formula.text,
                span=(node.start, node.stop),
                hint="an array has a Jacobian (jac)",
            )
        rows = [graph.variables[name] for name in (self.variables if wrt is None else wrt)]
        if forward:
            return [self._forward(row) for row in rows]
        return gradient(result, [Expr(graph, row) for row in rows])

    def _forward(self, row: int) -> Expr | None:
        """The slope by one variable, element by element."""
        import numpy as np

        from ..ops.structure import reshape, stack

        shape = self.graph.shapes.get(row)
        if shape is None:
            return tangent(self.result, {row: 1.0})
        elements: list[Any] = []
        for place in range(int(np.prod(shape))):
            seed = np.zeros(shape)
            seed.flat[place] = 1.0
            found = tangent(self.result, {row: Expr(self.graph, self.graph.array(seed))})
            if found is None:
                return None
            elements.append(found)
        slopes: Expr | None = reshape(stack(*elements), shape) if elements else None
        return slopes

    @gc_paused
    def program(self) -> Tape:
        """The straight-line program of the value and, after it, every partial derivative."""
        pairs = zip(self.variables, self.slopes(), strict=True)
        return Tape(self.graph, [self.result, *[self._whole(name, slope) for name, slope in pairs]])

    def _whole(self, name: str, slope: Expr | None) -> Expr:
        """A slope of the shape of its variable, zeros where there is no dependence."""
        from ..ops.rules import zeros_like

        graph = self.graph
        variable = Expr(graph, graph.variables[name])
        return Expr(graph, graph.array(zeros_like(variable))) if slope is None else slope

    def value(self, inputs: Sequence[Any]) -> Any:
        """The value at floats and float64 arrays, one per variable: a float or a float64 array."""
        return self._run("value", lambda: Tape(self.graph, [self.result]), inputs)[0]

    def value_and_gradient(self, inputs: Sequence[Any]) -> tuple[Any, list[Any]]:
        """The value, and one slope per variable, of its shape."""
        value, *slopes = self._run("gradient", self.program, inputs)
        return value, slopes

    def _run(self, name: str, program: Callable[[], Tape], inputs: Sequence[Any]) -> list[Any]:
        run = self._made.get(name)
        if run is None:
            from ..backends._arrays import evaluator

            run = self._made[name] = evaluator(program())
        try:
            return run(inputs)
        except DomainError:
            # Once more node by node, which knows the place.
            evaluate(self.graph, [self.result.row], dict(zip(self.variables, inputs, strict=True)), self.formula.text)
            raise


def as_input(name: str, value: Any) -> Any:
    """A float, or a float64 array where the value has axes.

    Raises:
        RequestError: it holds something else than numbers, or lists of different lengths.

    >>> as_input("x", [1, 2])
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


def shapes_of(inputs: Mapping[str, Any], variables: Sequence[str]) -> Shapes:
    """The shape of the value of each variable."""
    return tuple([tuple(getattr(inputs[name], "shape", ())) for name in variables])
