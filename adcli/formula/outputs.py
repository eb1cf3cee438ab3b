"""The values and derivatives that are wanted of one lowered formula, for one point or for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from ..errors import DomainError
from ..graph.evaluate import evaluate
from ..graph.expr import Expr
from ..graph.tape import Tape, guard
from ..ops.operands import Numeric, Operand, Shape
from ..ops.support import is_finite
from ..records import NamedTuple
from .fields import Fields
from .labels import column_names, derivative_label, rename_label
from .lowered import Lowered

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..backends._rows import AnyArray, Array, Fill
    from ..explain.elements import Elements
    from .backend_choice import BackendChoice
    from .columns import Columns

ComputeBlocks: TypeAlias = Callable[[Mapping[str, Numeric]], list[Numeric]]  # from one value per variable
Compute: TypeAlias = Callable[["Mapping[str, ArrayLike]"], "list[Array]"]  # from columns to columns of results


class Output(NamedTuple):
    """One number or array that is wanted.

    Attributes:
        label: as text prints it, such as ``df/dx``.
        node: in the graph; None for a derivative that is 0 everywhere, and for a block.
        of: the index of its value among the outputs. A value's is its own. Where the value is nan, so is this.
        wrt: of a first derivative the variable.
        shape: of an output without a node.
    """

    label: str
    node: Expr | None
    of: int = 0
    wrt: str | None = None
    shape: Shape = ()


def value_outputs(lowered: Lowered) -> list[Output]:
    """Return the results of a formula as outputs."""
    pairs = zip(lowered.names, lowered.results, strict=True)
    return [Output(name, node, index) for index, (name, node) in enumerate(pairs)]


def gradient_outputs(
    lowered: Lowered, slopes: Sequence[Expr | None], wrt: Sequence[str], index: int = 0
) -> list[Output]:
    """Return the first derivatives of the result at an index as outputs, for which their nodes are given."""
    of, shapes = lowered.names[index], lowered.shapes
    return [
        Output(derivative_label([name], of), slope, index, name, shapes.get(name, ()))
        for name, slope in zip(wrt, slopes, strict=True)
    ]


class Blocks(NamedTuple):
    """Outputs that are not nodes: arrays of derivatives which a function computes from the inputs.

    Attributes:
        size: how many of the last outputs are blocks.
        compute: from one value per variable to all of them.
    """

    size: int
    compute: ComputeBlocks


class Outputs:
    """Values and derivatives of one lowered formula.

    Args:
        lowered: the formula.
        outputs: the requested outputs. The first is a value.
        fields: the same as JSON nests it.
        hidden: how many of the first outputs are needed but not shown.
        moving: the variables that move [default: those of the first derivatives].
        blocks: of the last outputs those that are not nodes.
        again: computes the derivatives of a formula of arrays that are nodes, after the values, with a look at what is
            structurally 0. It is called if one of them is not finite.
        exact: makes the same outputs of numbers with conditions that leave out directions of 0. They are needed if a
            derivative is not finite.

    Attributes:
        unknown: a variable whose value is a result, and not an input that is printed before the results.
        new_names: of outputs, by their first columns.

    >>> from adcli import parse
    >>> from adcli.formula.fields import Slot
    >>> lowered = Lowered(parse("x*y"))
    >>> outputs = Outputs(lowered, [Output("f", lowered.scalar)], {"value": Slot(0)})
    >>> outputs.names, outputs.at({"x": 2.0, "y": 3.0})[0]
    (['f'], [6.0])
    """

    unknown: str | None = None
    new_names: Mapping[str, str] = {}

    def __init__(
        self,
        lowered: Lowered,
        outputs: Sequence[Output],
        fields: Fields,
        hidden: int = 0,
        moving: Sequence[str] | None = None,
        blocks: Blocks | None = None,
        again: ComputeBlocks | None = None,
        exact: Callable[[], Outputs] | None = None,
    ) -> None:
        self.lowered = lowered
        self.variables = lowered.variables
        self.outputs = list(outputs)
        self.fields = fields
        self.hidden = hidden
        firsts = dict.fromkeys(output.wrt for output in outputs if output.wrt is not None)
        self.moving = tuple(firsts if moving is None else moving)
        self._blocks = blocks
        self._again = again
        self._make_exact = exact
        self._of = [output.of for output in outputs]
        self._columns: dict[str, Columns] = {}

    def rename(self, new_names: Mapping[str, str]) -> None:
        """Give outputs other labels. The derivatives of a value follow it."""
        self.new_names = new_names
        for cached in ("labels", "names"):
            self.__dict__.pop(cached, None)
        labels = [output.label for output in self.outputs]
        for index in range(self.hidden, len(self.outputs)):
            output = self.outputs[index]
            label = rename_label(output.label, labels[output.of], new_names)
            self.outputs[index] = output._replace(label=label)

    @cached_property
    def labels(self) -> list[str]:
        """The names that text prints, of the outputs that are shown."""
        return [output.label for output in self.outputs[self.hidden :]]

    @cached_property
    def names(self) -> list[str]:
        """The names of the columns of a table."""
        return column_names(self.labels)

    @cached_property
    def _nodes(self) -> list[Expr | None]:
        """The nodes of the outputs that are computed in the graph."""
        in_graph = self.outputs[: len(self.outputs) - (self._blocks.size if self._blocks else 0)]
        return [self._zeros(output.shape) if output.node is None else output.node for output in in_graph]

    def _zeros(self, shape: Shape) -> Expr | None:
        if not shape:
            return None
        import numpy as np

        graph = self.lowered.graph
        return Expr(graph, graph.array(np.zeros(shape)))

    def reason(self, index: int, numbers: Sequence[Operand]) -> str | None:
        """Return why the output with an index is not finite, if this kind of derivative has a reason of its own."""
        return None

    @cached_property
    def program(self) -> Tape:
        """The tape of all outputs, also hidden ones, except blocks."""
        return Tape(self.lowered.graph, self._nodes, self._of[: len(self._nodes)])

    def at(self, inputs: Mapping[str, Numeric]) -> tuple[list[Operand], list[Operand]]:
        """Compute all outputs at one point, also hidden ones, and the value of every row of the graph."""
        graph = self.lowered.graph
        rows = [node.row for node in self._nodes if node is not None]
        values = evaluate(graph, rows, inputs, self.lowered.formula.text)
        numbers = [0.0 if node is None else values[node.row] for node in self._nodes]
        return self._mask(numbers, inputs), values

    def _mask(self, numbers: list[Operand], inputs: Mapping[str, Numeric]) -> list[Operand]:
        """Add the blocks. Make derivatives nan where their value is."""
        if self._exact is not None and not self._are_finite(numbers):
            return self._exact.at(inputs)[0]
        if self._again is not None and not self._are_finite(numbers):
            numbers = [*numbers[: self._values], *self._again(inputs)]
        if self._blocks is not None:
            numbers = [*numbers, *self._blocks.compute(inputs)]
        numbers = guard(numbers, self._of)
        if self.lowered.is_numeric:
            return numbers
        return [
            number if index == of else _mask_elements(number, numbers[of])
            for index, (number, of) in enumerate(zip(numbers, self._of, strict=True))
        ]

    def explain_nan(self, label: str, inputs: Mapping[str, Numeric], elements: Elements) -> tuple[int, str] | None:
        """Return the row in which a derivative that is not a first one becomes nan, and why, if that is known."""
        return None

    def remarks(self, inputs: Mapping[str, Numeric], numbers: Sequence[Operand]) -> list[tuple[str, str]]:
        """Return kinds and texts of notes on the numbers at a point, besides those on its operations."""
        return []

    def find_imprecise(
        self, columns: Mapping[str, ArrayLike], results: Sequence[Array], threads: int | None
    ) -> AnyArray | None:
        """Return for each row whether a result has few digits, None if the outputs have no estimate of them."""
        return None

    @cached_property
    def _values(self) -> int:
        """The number of values, which stand before the derivatives."""
        return sum(index == of for index, of in enumerate(self._of))

    @cached_property
    def _exact(self) -> Outputs | None:
        return None if self._make_exact is None else self._make_exact()

    def _are_finite(self, numbers: Sequence[Operand]) -> bool:
        return all(map(is_finite, numbers[self._values :]))

    @cached_property
    def run(self) -> Callable[[Sequence[Operand]], list[Operand]]:
        """The function from one value per variable to all outputs, for many calls."""
        lowered, program = self.lowered, self.program
        if lowered.is_numeric:
            from ..backends.python import interpreter

            return self._with_exact(interpreter(program))
        from ..backends._arrays import evaluator

        compute = evaluator(program)

        def run(inputs: Sequence[Operand]) -> list[Operand]:
            by_name = dict(zip(self.variables, inputs, strict=True))
            try:
                return self._mask(compute(inputs), by_name)
            except DomainError:
                self.at(by_name)  # raises the same error with its place in the text
                raise

        return run

    def _with_exact(
        self, run: Callable[[Sequence[Operand]], list[Operand]]
    ) -> Callable[[Sequence[Operand]], list[Operand]]:
        """Return a function that computes outputs that are not finite again, exactly."""
        if self._make_exact is None:
            return run

        def run_exactly(inputs: Sequence[Operand]) -> list[Operand]:
            numbers = run(inputs)
            exact = None if self._are_finite(numbers) else self._exact
            return numbers if exact is None else exact.run(inputs)

        return run_exactly

    def columns(self, backend: str = "auto", rows: int | None = None, threads: int | None = None) -> Compute:
        """Return what computes the outputs that are shown at many points, a float64 array each. See `all_columns`."""
        compute = self.all_columns(backend, rows, threads)
        return (lambda columns: compute(columns)[self.hidden :]) if self.hidden else compute

    def all_columns(self, backend: str = "auto", rows: int | None = None, threads: int | None = None) -> Compute:
        """Return what computes all outputs at many points, also hidden ones, a float64 array each.

        Args:
            backend: as in `Function.batch`.
            rows: how many the function that is returned gets over all its calls, for the choice of ``auto``; None for
                very many.
            threads: how many share the rows [default: the number of cores].

        Raises:
            RequestError: there is no such backend.
        """
        from .columns import Columns

        backend = self._backend_choice.resolve(backend, rows, threads)
        if backend not in self._columns:
            self._columns[backend] = Columns(self.variables, len(self.outputs), self._filler(backend))
        compute = self._columns[backend].compute
        if self._exact is None:
            return lambda columns: compute(columns, threads)
        again = self._exact.all_columns(backend, rows, threads)
        return lambda columns: self._compute_again(columns, compute(columns, threads), again)

    @cached_property
    def _backend_choice(self) -> BackendChoice:
        from .backend_choice import BackendChoice

        return BackendChoice(self.program)

    def choose_backend(self, has_rows: Callable[[int], bool]) -> str:
        """Return the backend for a data set. `has_rows` says whether it has at least so many rows."""
        from .backend_choice import choose_for_data_set

        return choose_for_data_set(self.program, has_rows)

    def _compute_again(self, columns: Mapping[str, ArrayLike], results: list[Array], again: Compute) -> list[Array]:
        """Compute the rows again in which a derivative is not finite."""
        import numpy as np

        if not self._are_finite(results):
            rows = ~np.isfinite(results[self._values :]).all(axis=0)
            shape = results[0].shape
            inputs = {name: np.broadcast_to(columns[name], shape)[rows] for name in self.variables}
            for result, exact in zip(results, again(inputs), strict=True):
                result[rows] = exact
        return results

    def _filler(self, backend: str) -> Fill:
        from .columns import filler

        return filler(self.program, backend)


def _mask_elements(derivative: Numeric, value: Numeric) -> Numeric:
    """Return a derivative of an array with nan where the value is nan."""
    import numpy as np

    if isinstance(value, float):
        return derivative
    undefined = np.isnan(value)
    if undefined.any():
        derivative = np.array(derivative, dtype=np.float64)
        derivative[undefined] = np.nan
    return derivative
