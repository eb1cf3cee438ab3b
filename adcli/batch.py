"""`Batch`: a function made ready for many points; what `Function.batch` runs and streams call block after block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .backends._rows import Array, Fill, cores, flat, spread
from .errors import RequestError, ShapeError
from .graph.program import Program

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

BACKENDS = tuple(
    sorted(path.stem for path in (Path(__file__).parent / "backends").glob("*.py") if not path.stem.startswith("_"))
)
"""The names of the backends: the files of `adcli/backends/`."""


class Batch:
    """Values and slopes at many points, by one backend chosen once, so that a point's bits are the same in every call.

    Args:
        program: the value, and after it one slope per name of `wrt`.
        wrt: the variables of the slopes.
        backend: one of `BACKENDS`.
        threads: how many share the rows; the cores there are by default.

    Raises:
        RequestError: there is no such backend, or it is not installed.

    >>> import adcli
    >>> batch = adcli.compile("x*y").batcher(wrt=["y"])
    >>> values, slopes = batch({"x": [1.0, 2.0], "y": 3.0})
    >>> values.tolist(), slopes["y"].tolist()
    ([3.0, 6.0], [1.0, 2.0])
    """

    def __init__(self, program: Program, wrt: Sequence[str], backend: str, threads: int | None = None) -> None:
        self.program = program
        self.wrt = tuple(wrt)
        self.backend = backend
        self.threads = cores() if threads is None else threads
        self._fill: Fill = import_module(f".backends.{backend}", __package__).filler(program)

    def __call__(
        self,
        columns: Mapping[str, ArrayLike],
        *,
        threads: int | None = None,
        out: tuple[Array, Mapping[str, Array]] | None = None,
    ) -> tuple[Array, dict[str, Array]]:
        """Compute one set of points.

        Args:
            columns: per variable of the program an array or number; they broadcast against one another.
            threads: how many share the rows this time.
            out: where to write: the values, and per name of `wrt` its slopes; float64 arrays of the broadcast shape
                that do not overlap each other.

        Raises:
            ShapeError: the columns do not broadcast, or `out` does not fit.
            RequestError: a column holds something else than numbers.
        """
        names = self.program.variables
        arrays = [_column(name, columns[name]) for name in names]
        try:
            shape = np.broadcast_shapes(*[array.shape for array in arrays])
        except ValueError:
            shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(names, arrays, strict=True))
            raise ShapeError("the columns do not broadcast", hint=f"their shapes are {shapes}") from None
        inputs = flat(arrays, shape)
        if out is None:
            results = [np.empty(shape) for _ in self.program.outputs]
        else:
            results = self._given(out, shape)
            # A filler may read a row after it has written it.
            inputs = [
                column.copy()
                if np.ndim(column) and any(np.may_share_memory(column, result) for result in results)
                else column
                for column in inputs
            ]
        if results[0].size:
            targets = [result.reshape(-1) for result in results]
            spread(self._fill, inputs, targets, self.threads if threads is None else threads)
        return results[0], dict(zip(self.wrt, results[1:], strict=True))

    def _given(self, out: tuple[Array, Mapping[str, Array]], shape: tuple[int, ...]) -> list[Array]:
        try:
            values, slopes = out
            results = [values, *[slopes[name] for name in self.wrt]]
        except (TypeError, ValueError, KeyError):
            listed = ", ".join(self.wrt) or "none"
            raise ShapeError(f"out is not a pair of the values and a mapping of the slopes ({listed})") from None
        for name, result in zip(("the values", *self.wrt), results, strict=True):
            if not (isinstance(result, np.ndarray) and result.dtype == np.float64 and result.shape == shape):
                raise ShapeError(f"out for {name} is not a float64 array of shape {shape}")
            if not result.flags.writeable or not (result.ndim < 2 or result.flags.c_contiguous):
                raise ShapeError(f"out for {name} is read-only, or has several axes and is not contiguous")
        return results


def choose(program: Program, rows: int | None) -> str:
    """The backend that is done first with so many rows; None for more than one can count."""
    return "numpy"


def check_backend(name: str) -> None:
    """Raise where there is no such backend, or where it needs an extra that is not installed."""
    if name != "auto" and name not in BACKENDS:
        raise RequestError(f"there is no backend '{name}'", hint=f"choose one of auto, {', '.join(BACKENDS)}")
    if name == "llvm" and find_spec("llvmlite") is None:
        raise RequestError("the backend llvm needs llvmlite", hint="pip install 'adcli[fast]'")


def _column(name: str, value: Any) -> NDArray[Any]:
    try:
        column = np.asarray(value)
        if column.dtype.kind in "biuf":
            return column
    except ValueError:
        pass
    raise RequestError(f"the column of {name} is not an array of numbers")
