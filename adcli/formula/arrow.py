"""Arrow batches in and out, for engines that call a function for each batch: Polars, DuckDB, Spark and Ray.

The result has the columns of a table that a command writes: those of the batch, the values, and the results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..errors import RequestError, UnknownNameError, join_names, missing_extra, quoted
from .arguments import as_float
from .outputs import Outputs

if TYPE_CHECKING:
    from types import ModuleType

    import pyarrow as pa

    from ..backends._rows import AnyArray
    from .engine import Engine

Batch = TypeVar("Batch")  # a record batch, a table, or what has the Arrow PyCapsule interface


class ArrowRequest(NamedTuple):
    """What is computed for each row of a batch.

    Attributes:
        what: the kind of derivative.
        wrt: the variables to differentiate by.
        order: of the last Taylor coefficient.
        values: of variables that have no column.
    """

    what: str
    wrt: str | Sequence[str] | None
    order: int | None
    values: Mapping[str, float]


def import_pyarrow() -> ModuleType:
    """Return the library.

    Raises:
        RequestError: it is not installed.
    """
    try:
        import pyarrow
    except ImportError:
        raise missing_extra("Arrow batches need pyarrow", "arrow") from None
    module: ModuleType = pyarrow
    return module


def extend_schema(engine: Engine, schema: pa.Schema, request: ArrowRequest) -> pa.Schema:
    """Return the schema of the result for batches of a schema."""
    return _extend(schema, _outputs(engine, schema, request), request)


def extend_batch(engine: Engine, batch: Batch, request: ArrowRequest, threads: int | None, backend: str) -> Batch:
    """Return a batch with the results of its rows.

    Raises:
        RequestError: a column is missing, is not of numbers, or has the name of a result.
    """
    rows = _as_arrow(batch)
    outputs = _outputs(engine, rows.schema, request)
    schema = _extend(rows.schema, outputs, request)
    numbers = {
        name: as_float(name, request.values[name])
        if name in request.values
        else _as_floats(rows.column(rows.schema.get_field_index(name)), name)
        for name in outputs.variables
    }
    import numpy as np

    with np.errstate(all="ignore"):
        # The number of rows is that of all batches, which is not known: so the bits do not depend on the batches.
        results = outputs.columns(backend, None, threads)(numbers)
    count = rows.num_rows
    constants = [np.full(count, as_float(name, request.values[name])) for name in _constants(outputs, request)]
    further = [*constants, *[np.broadcast_to(result, count) for result in results]]
    pa = import_pyarrow()
    arrays = [*rows.columns, *[pa.array(np.ascontiguousarray(column)) for column in further]]
    result: Batch = type(rows).from_arrays(arrays, schema=schema)
    return result


def _as_arrow(batch: object) -> pa.RecordBatch | pa.Table:
    pa = import_pyarrow()
    if isinstance(batch, (pa.RecordBatch, pa.Table)):
        return batch
    if hasattr(batch, "__arrow_c_array__"):
        return pa.record_batch(batch)
    if hasattr(batch, "__arrow_c_stream__"):
        return pa.table(batch)
    problem = f"a {type(batch).__name__} is not an Arrow batch"
    raise RequestError(problem, hint="give a pyarrow RecordBatch or Table, or a Polars DataFrame")


def _outputs(engine: Engine, schema: pa.Schema, request: ArrowRequest) -> Outputs:
    """Return what is computed, and check that each variable has one column or value."""
    outputs = engine.table_outputs(request.what, [*schema.names, *request.values], request.wrt, request.order)
    unknown = next((name for name in request.values if name not in outputs.variables), None)
    if unknown is not None:
        raise engine.arguments.unknown(unknown)
    for name in outputs.variables:
        count = schema.names.count(name)
        if count > 1:
            raise RequestError(f"the column {quoted(name)} occurs twice", hint="rename one of them")
        if count and name in request.values:
            raise RequestError(f"{name} has a value and is a column", hint="leave out the value, or rename the column")
        if not count and name not in request.values:
            hint = f"the columns are {join_names(schema.names)}"
            raise UnknownNameError(f"no column is called {quoted(name)}", hint=hint)
    return outputs


def _extend(schema: pa.Schema, outputs: Outputs, request: ArrowRequest) -> pa.Schema:
    pa = import_pyarrow()
    for name in [*_constants(outputs, request), *outputs.names]:
        if name in schema.names:
            raise RequestError(f"the column {quoted(name)} has the name of a result", hint="rename the column")
        schema = schema.append(pa.field(name, pa.float64()))
    return schema


def _constants(outputs: Outputs, request: ArrowRequest) -> list[str]:
    """Return the variables that have a value, in the order of the formula."""
    return [name for name in outputs.variables if name in request.values]


def _as_floats(column: pa.Array | pa.ChunkedArray, name: str) -> AnyArray:
    """Return a column as float64, nan where it is null."""
    pa = import_pyarrow()
    types = pa.types
    kind = column.type
    if types.is_dictionary(kind):
        kind = kind.value_type
        column = column.cast(kind)
    if types.is_decimal(kind):
        column = column.cast(pa.string())  # by its digits: the nearest float64
    elif not (types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind) or types.is_null(kind)):
        raise RequestError(f"the column {quoted(name)} holds {kind}", hint="choose a column of numbers")
    if types.is_boolean(kind):
        column = column.cast(pa.uint8())
    array: AnyArray = column.cast(pa.float64(), safe=False).to_numpy(**_copying(column))
    return array


def _copying(column: pa.Array | pa.ChunkedArray) -> dict[str, bool]:
    """Return the option that allows a copy, which the chunks of a table always are."""
    return {} if isinstance(column, import_pyarrow().ChunkedArray) else {"zero_copy_only": False}
