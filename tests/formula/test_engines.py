"""The engines that call `Function.arrow`: with one backend all of them compute the same bits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest

import adcli
from adcli.formula.backend_choice import is_installed
from tests.sampling import long

pa = pytest.importorskip("pyarrow")

FORMULA = "log(1 + exp(-x*y))/sqrt(1 + x**2 + y**2)*tanh(x - y) + x*y"
ROWS = 5000
BATCH = 700


def by_polars(table: pa.Table, compute: Callable[[object], object], schema: pa.Schema) -> pa.Table:
    polars = pytest.importorskip("polars")
    frame = polars.from_arrow(table).lazy()
    types = dict.fromkeys(schema.names, polars.Float64)
    types["id"] = polars.Int64
    return (
        frame.map_batches(lambda part: polars.DataFrame(compute(part)), schema=types, streamable=True)
        .collect()
        .to_arrow()
    )


def by_duckdb(table: pa.Table, compute: Callable[[object], object], schema: pa.Schema) -> pa.Table:
    duckdb = pytest.importorskip("duckdb")
    reader = duckdb.connect().from_arrow(table).to_arrow_reader(BATCH)
    slopes = pa.RecordBatchReader.from_batches(schema, map(compute, reader))
    return duckdb.connect().from_arrow(slopes).to_arrow_table()


def by_spark(table: pa.Table, compute: Callable[[object], object], schema: pa.Schema) -> pa.Table:
    pyspark = pytest.importorskip("pyspark")
    types = pytest.importorskip("pyspark.sql.pandas.types")
    builder = pyspark.sql.SparkSession.builder.master("local[2]")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
    with builder.getOrCreate() as session:
        points = session.createDataFrame(table)

        def slopes(batches: Iterator[object]) -> Iterator[object]:
            return map(compute, batches)

        return points.mapInArrow(slopes, types.from_arrow_schema(schema)).toArrow()


def by_ray(table: pa.Table, compute: Callable[[object], object], schema: pa.Schema) -> pa.Table:
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, log_to_driver=False, include_dashboard=False)
    try:
        points = ray.data.from_arrow([table.slice(at, BATCH) for at in range(0, ROWS, BATCH)])
        return pa.concat_tables(ray.get(points.map_batches(compute, batch_format="pyarrow").to_arrow_refs()))
    finally:
        ray.shutdown()


@pytest.mark.parametrize(
    "backend",
    [
        "numpy",
        pytest.param(
            "llvm",
            marks=pytest.mark.skipif(not is_installed("llvm"), reason="llvmlite, the extra `fast`, is not installed"),
        ),
    ],
)
@pytest.mark.parametrize(
    "engine", [by_polars, by_duckdb, pytest.param(by_spark, marks=long), pytest.param(by_ray, marks=long)]
)
@pytest.mark.filterwarnings("ignore")  # those of the engines, some of which warn of themselves
def test_engines_compute_the_same_bits(engine, backend, monkeypatch) -> None:
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    f = adcli.compile(FORMULA)
    x, y = np.random.default_rng(7).normal(size=(2, ROWS)) * 3
    table = pa.table({"id": range(ROWS), "x": x, "y": y})

    def compute(batch: object) -> object:
        return f.arrow(batch, backend=backend)

    result = engine(table, compute, f.arrow_schema(table.schema)).sort_by("id")
    assert result["id"].to_pylist() == list(range(ROWS))
    for name, column in f.columns("gradient", x=x, y=y, backend=backend).items():
        assert result[name].to_numpy().tobytes() == column.tobytes(), name
