"""Many points: a program compiled by one backend, and `Batch` for a value with its derivatives.

`Function.batch` runs it, `quantities` runs programs of other outputs, streams call it block after block.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..backends._result_memory import new_results
from ..backends._rows import FLOAT, Array, Fill, are_disjoint, count_cores, find_overlap, flatten, run_rows
from ..errors import RequestError, ShapeError
from ..graph.tape import Tape
from ..ops.operands import has_masked_cells

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def filler(program: Tape, backend: str) -> Fill:
    """What computes the outputs of a program for rows (see `backends._rows`), by one of `BACKENDS`."""
    fill: Fill = import_module(f"adcli.backends.{backend}").filler(program)
    return fill


class Columns:
    """Numbers at many points, by one filler throughout, so that a point's bits are the same in every call.

    Args:
        variables: the names of the columns that are read.
        outputs: how many columns are computed.
        fill: computes them for rows. See `backends._rows`.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> columns = Columns(["x"], 2, filler(Tape(x.graph, [x * x, x + x]), "numpy"))
    >>> [column.tolist() for column in columns.compute({"x": [1.0, 3.0]})]
    [[1.0, 9.0], [2.0, 6.0]]
    """

    def __init__(self, variables: Sequence[str], outputs: int, fill: Fill) -> None:
        self.variables = tuple(variables)
        self.outputs = outputs
        self._fill = fill

    def compute(
        self,
        columns: Mapping[str, ArrayLike],
        threads: int | None = None,
        out: list[Array] | None = None,
    ) -> list[Array]:
        """One array per output, of the shape to which the columns broadcast.

        Args:
            columns: per variable an array or number. They broadcast against one another.
            threads: how many share the rows [default: the number of cores].
            out: the arrays to write to [default: new ones].

        Raises:
            ShapeError: the columns do not broadcast, or `out` does not fit.
            RequestError: a column holds something else than numbers.
        """
        if threads is not None and threads < 1:
            raise RequestError(f"threads is {threads}, not 1 or more")
        try:
            arrays, shape = broadcast(self.variables, columns)
        except KeyError as error:
            hint = f"the variables are {', '.join(self.variables)}"
            raise RequestError(f"no value for {error.args[0]}", hint=hint) from None
        inputs = flatten(arrays, shape)
        if out is not None:
            self._check(out, shape)
        results = new_results(self.outputs, shape) if out is None else out
        if results[0].size:
            targets = [result if len(shape) == 1 else result.reshape(-1) for result in results]
            if out is not None and not are_disjoint(inputs, targets):
                # A filler may read a row after it has written it.
                inputs = [column.copy() if isinstance(column, np.ndarray) else column for column in inputs]
            run_rows(self._fill, inputs, targets, count_cores() if threads is None else threads)
        return results

    def _check(self, results: Sequence[Array], shape: tuple[int, ...]) -> None:
        for place, result in enumerate(results):
            if not (isinstance(result, np.ndarray) and result.dtype == FLOAT and result.shape == shape):
                raise ShapeError(f"out for {self._named(place)} is not a float64 array of shape {shape}")
            if not result.flags.carray and not (result.ndim < 2 and result.flags.writeable):
                problem = f"out for {self._named(place)} is read-only, or has several axes and is not contiguous"
                raise ShapeError(problem)
        if (pair := find_overlap(results)) is not None:
            one, other = map(self._named, pair)
            raise ShapeError(f"out for {one} and for {other} overlap", hint="each is written by itself")

    def _named(self, place: int) -> str:
        return f"output {place + 1}"


class Batch(Columns):
    """Values and slopes at many points.

    Args:
        program: the value, and after it one slope per name of `wrt`.
        wrt: the variables of the slopes.
        backend: one of `BACKENDS`.

    >>> import adcli
    >>> batch = adcli.compile("x*y").batcher(wrt=["y"])
    >>> values, slopes = batch({"x": [1.0, 2.0], "y": 3.0})
    >>> values.tolist(), slopes["y"].tolist()
    ([3.0, 6.0], [1.0, 2.0])
    """

    def __init__(self, program: Tape, wrt: Sequence[str], backend: str) -> None:
        super().__init__(program.variables, len(program.outputs), filler(program, backend))
        self.program = program
        self.backend = backend
        self.wrt = tuple(wrt)

    def __reduce__(self) -> tuple[type[Batch], tuple[Tape, tuple[str, ...], str]]:
        return Batch, (self.program, self.wrt, self.backend)

    def __call__(
        self,
        columns: Mapping[str, ArrayLike],
        *,
        threads: int | None = None,
        out: tuple[Array, Mapping[str, Array]] | None = None,
    ) -> tuple[Array, dict[str, Array]]:
        """Compute one set of points.

        Args:
            columns: per variable of the program an array or number. They broadcast against one another.
            threads: how many share the rows [default: the number of cores].
            out: where to write: the values, and per name of `wrt` its slopes, as float64 arrays of the broadcast shape
                that do not overlap each other.

        Raises:
            ShapeError: the columns do not broadcast, or `out` does not fit.
            RequestError: a column holds something else than numbers.
        """
        given = None
        if out is not None:
            try:
                values, slopes = out
                given = [values, *[slopes[name] for name in self.wrt]]
            except (TypeError, ValueError, KeyError):
                listed = ", ".join(self.wrt) or "none"
                raise ShapeError(f"out is not a pair of the values and a mapping of the slopes ({listed})") from None
        found = self.compute(columns, threads, given)
        return found[0], dict(zip(self.wrt, found[1:], strict=True))

    def _named(self, place: int) -> str:
        return self.wrt[place - 1] if place else "the values"


def rows_of(columns: Mapping[str, Any]) -> int:
    """How many rows columns have that have not been looked at, so far as it is seen."""
    sizes = (getattr(column, "size", None) or (len(column) if hasattr(column, "__len__") else 1)
             for column in columns.values())  # fmt: skip
    return max(sizes, default=1)


def broadcast(names: Sequence[str], columns: Mapping[str, Any]) -> tuple[list[NDArray[Any]], tuple[int, ...]]:
    """The columns of these variables as arrays of numbers, as they are, and the shape to which they broadcast.

    Raises:
        ShapeError: they do not.
        RequestError: a column holds something else than numbers.
    """
    arrays = [_column(name, columns[name]) for name in names]
    every = {array.shape for array in arrays}
    try:
        return arrays, every.pop() if len(every) == 1 else np.broadcast_shapes(*every)
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(names, arrays, strict=True))
        raise ShapeError("the columns do not broadcast", hint=f"their shapes are {shapes}") from None


def _column(name: str, value: Any) -> NDArray[Any]:
    if type(value) is np.ndarray and value.dtype is FLOAT:
        return value
    if has_masked_cells(value):
        raise RequestError(
            f"the column of {name} has masked cells", hint=f"{name}=column.filled(nan) computes nan there"
        )
    try:
        column = np.asarray(value)
        if column.dtype.kind == "O" and all(isinstance(number, (int, float)) for number in column.flat):
            column = column.astype(FLOAT)  # integers from 2**63 on
        if column.dtype.kind in "biuf":
            return column
    except (ValueError, OverflowError):
        pass
    raise RequestError(f"the column of {name} is not an array of numbers")
