"""The methods of `Function` for columns and Arrow batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow
    from numpy.typing import ArrayLike

    from ..ops.operands import Array
    from .columns import Batch
    from .engine import Engine
    from .point_types import Arrays, ArrowBatch, Names, Out


class ManyPoints:
    """A formula at many points."""

    _engine: Engine

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
            A dict, which a notebook shows as a table, of float64 arrays of the broadcast shape: ``f``, ``df_dx``,
            ``d2f_dx2``, ``d2f_dxdy``, of a vector ``f1``, ``df1_dx``, and ``hvp_x``, ``jvp``, ``c0``, ``c1``. A result
            that is the name of a binding has its name: ``u``, ``du_dx``. Where a value is nan, so are its derivatives.

        >>> import adcli
        >>> columns = adcli.compile("x**2*y").columns("hessian", x=[1.0, 2.0], y=3.0)
        >>> list(columns), columns["d2f_dxdy"].tolist()
        (['f', 'df_dx', 'df_dy', 'd2f_dx2', 'd2f_dxdy', 'd2f_dy2'], [2.0, 4.0])
        """
        from .column_table import Columns

        return Columns(self._engine.columns(what, point, columns, wrt, order, threads, backend))

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

        >>> import adcli
        >>> values, slopes = adcli.compile("x*y").batch(x=[1.0, 2.0], y=3.0)
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

        >>> import adcli
        >>> batch = adcli.compile("x*y").batcher(wrt=())
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
