"""`Program`: a graph that was recorded once and can be evaluated again with new inputs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import is_
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ..errors import AdcliError, ShapeError, UnknownNameError, suggest
from ..graph.derive import gradient as slopes_of
from ..graph.expr import Expr, Graph
from ..graph.tape import Tape
from ..ops.operands import Numeric, Operand, shape_of
from ..ops.support import is_finite
from .levels import plain

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike

    from ..draw.picture import Picture
    from ..draw.show import Drawing

Runner: TypeAlias = Callable[..., list[Operand]]  # the inputs in order -> the outputs


class Program:
    """A straight-line program with named inputs, which `program` records.

    It can be pickled and copied. Code is generated again on the next call of the copy.

    Attributes:
        inputs: name -> its present value.
        value: the result of the last `forward` or `backward`, None before.
        gradient: name -> derivative from the last `backward`, None before.
        graph, result: the graph and the node of the result.

    >>> import adcli
    >>> recorded = adcli.program("x*y", x=2.0, y=3.0)
    >>> recorded.forward(x=4.0), recorded.backward()
    (12.0, {'x': 3.0, 'y': 4.0})
    """

    def __init__(self, graph: Graph, result: Expr, inputs: Mapping[str, Numeric]) -> None:
        self.graph, self.result = graph, result
        self.inputs: dict[str, Numeric] = {name: inputs[name] for name in graph.variables}
        self.value: Numeric | None = None
        self.gradient: dict[str, Numeric] | None = None
        self._numbers = frozenset([name for name, row in graph.variables.items() if not graph.shapes.get(row)])
        self._is_scalar = len(self._numbers) == len(self.inputs)
        self._forget_code()

    def _forget_code(self) -> None:
        self._forward: Runner | None = None
        self._backward: Runner | None = None
        # In a loop of forward and backward one pass is enough: forward computes the derivatives as well.
        self._expects_backward = False
        self._ahead_at: list[Numeric] = []  # the inputs of that pass
        self._ahead: list[Operand] | None = None  # its outputs

    def __getstate__(self) -> dict[str, object]:
        state = {name: value for name, value in self.__dict__.items() if name not in UNPICKLED}
        return {**state, "inputs": dict(self.inputs)}  # a shallow copy has inputs of its own

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._forget_code()

    def __repr__(self) -> str:
        return f"<Program of {', '.join(self.inputs)}: {len(self.graph)} nodes>"

    def __str__(self) -> str:
        return str(self.result)

    def forward(self, **inputs: ArrayLike) -> Numeric:
        """Return the result with some inputs changed. The other inputs keep their values.

        Raises:
            UnknownNameError: there is no such input.
            ShapeError: an input does not have the shape with which it was recorded.
        """
        current, numbers = self.inputs, self._numbers
        for name, value in inputs.items():
            if value.__class__ is not float or name not in numbers:
                self._set(inputs)
                break
        else:
            current.update(inputs)  # type: ignore[arg-type]
        if self._expects_backward and self._backward is not None:
            self._expects_backward = False
            self._ahead_at = at = [*current.values()]
            self._ahead = outputs = self._backward(at)
        else:
            if self._forward is None:
                self._forward = self._runner([self.result])
            outputs = self._forward(current.values())
        result: Numeric = outputs[0]
        self.value = result
        return result

    def backward(self) -> dict[str, Numeric]:
        """Return the derivative of the result by each input, at the present inputs.

        Raises:
            ShapeError: the result is not a number.
        """
        if self._backward is None:
            if self.result.shape:
                raise ShapeError(f"backward of an array of shape {self.result.shape}", hint="sum it first")
            variables = [Expr(self.graph, row) for row in self.graph.variables.values()]
            self._backward = self._runner([self.result, *slopes_of(self.result, variables)])
            if self.graph.shapes:
                self._backward = self._exact(self._backward)
        outputs, self._ahead = self._ahead, None
        if outputs is None or not all(map(is_, self._ahead_at, self.inputs.values())):
            outputs = self._backward(self.inputs.values())
            self.value = outputs[0]
        self._expects_backward = self._is_scalar  # an array may be changed in place
        self.gradient = gradient = dict(zip(self.inputs, outputs[1:]))  # noqa: B905, a check of lengths takes time
        return gradient

    def _exact(self, run: Runner) -> Runner:
        """Return a runner of derivatives by arrays, which computes them again if one of them is not finite."""
        from .functional import jacobian
        from .replay import replay

        play, every = replay(self.graph, self.result.row, [*self.inputs]), range(len(self.inputs))

        def backward(inputs: Iterable[Numeric]) -> list[Operand]:
            point = [*inputs]
            outputs = run(point)
            if all(map(is_finite, outputs[1:])):
                return outputs
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of inputs on which the result does not depend
                return [outputs[0], *jacobian(play, every, mode="reverse")(*point)]

        return backward

    def visualize(self, name: str | None = None) -> Drawing | Path:
        """Draw the program at its present inputs, with values and adjoints, as `Value.visualize` does."""
        from ..draw.show import Drawing, show

        return show(Drawing(self._picture()), name)

    def _picture(self) -> Picture:
        from ..draw.build import picture_at

        return picture_at(self.result, self.inputs, str(self.result))

    def _repr_html_(self) -> str | None:
        """Return the statements with their values at the present inputs and, if it is small, the graph.

        A program that has no value there, because a matrix is singular, is shown as text.
        """
        from ..draw.html_table import GAP, MAX_STATEMENTS, cell_text, html_table, shorten
        from ..draw.show import inline_svg, svg_of_small
        from ..explain.steps import Trace
        from ..graph.evaluate import evaluate

        try:
            values = evaluate(self.graph, [self.result.row], self.inputs)
        except AdcliError:
            return None
        trace = Trace([self.result], values, [*self.inputs])

        def cells(row: int) -> list[str]:
            step = trace.step(row)
            return [step.name, "" if step.formula is None else str(step.formula), cell_text(step.value)]

        rows = [[GAP] * 3 if row is None else cells(row) for row in shorten(trace.rows, MAX_STATEMENTS)]
        svg = svg_of_small(self._picture, len(trace.rows))
        return html_table(["step", "formula", "value"], rows) + ("" if svg is None else inline_svg(svg))

    def _set(self, inputs: Mapping[str, ArrayLike]) -> None:
        """Check all inputs, then set them."""
        current = self.inputs
        values = {}
        for name, x in inputs.items():
            if name not in current:
                hint = suggest(name, current, f"the inputs are {', '.join(current)}")
                raise UnknownNameError(f"there is no input '{name}'", hint=hint)
            value = x if x.__class__ is float else plain(x)
            expected = self.graph.shapes.get(self.graph.variables[name], ())
            if shape_of(value) != expected:
                raise ShapeError(f"{name} has shape {shape_of(value)}", hint=f"it was recorded with {expected}")
            values[name] = value
        current.update(values)

    def _runner(self, outputs: Sequence[Expr | None]) -> Runner:
        code = Tape(self.graph, list(outputs))
        if code.is_scalar:
            from ..backends.python import positional

            return positional(code)
        from ..backends._arrays import evaluator

        return evaluator(code)


UNPICKLED = frozenset(("_forward", "_backward", "_expects_backward", "_ahead_at", "_ahead"))
