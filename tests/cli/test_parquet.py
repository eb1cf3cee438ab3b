"""Parquet: values as text and JSON, cells that are missing, and what Polars cannot read."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

pl = pytest.importorskip("polars")
from adcli.tables.polars_column import PolarsColumn  # noqa: E402

UTC_MS = pl.Datetime("ms", "UTC")
VALUES = [
    # the cells, their type, their texts, their JSON
    ([time(12, 34, 56, 789012), time(1, 2, 3), None], pl.Time, ["12:34:56.789012", "01:02:03", ""], None),
    ([86400001, -1], pl.Duration("us"), ["86400001", "-1"], [86400001, -1]),
    ([1704112496789], pl.Datetime("ms"), ["2024-01-01 12:34:56.789"], None),
    ([1704112496789], UTC_MS, ["2024-01-01 12:34:56.789Z"], None),
    ([1704112496789], pl.Datetime("ms", "Europe/Berlin"), ["2024-01-01 13:34:56.789+0100"], None),
    ([date(2024, 1, 31), None], pl.Date, ["2024-01-31", ""], ["2024-01-31", None]),
    ([b"ok", b"\xff'", None], pl.Binary, ["ok", r"\xFF\x27", ""], ["ok", r"\xFF\x27", None]),
    ([[1, None], [], None], pl.List(pl.Int64), ["[1, null]", "[]", ""], [[1, None], [], None]),
    ([[[b"\xff"], []], [None]], pl.List(pl.List(pl.Binary)), None, [[["\\xFF"], []], [None]]),
    ([{"a": 1, "b": None}, None], pl.Struct({"a": pl.Int64, "b": pl.String}), ['{"a": 1, "b": null}', ""], None),
    ([[1.5, float("nan")], None], pl.Array(pl.Float64, 2), None, [[1.5, "NaN"], None]),
    ([{"t": [time(1)]}], pl.Struct({"t": pl.List(pl.Time)}), None, [{"t": ["01:00:00"]}]),
    ([Decimal("1.10")], pl.Decimal(5, 2), ["1.10"], [1.1]),
]


@pytest.mark.parametrize(("cells", "dtype", "texts", "values"), VALUES, ids=lambda part: str(part)[:30])
def test_a_value_is_printed_as_other_tools_print_it(cells, dtype, texts, values):
    column = PolarsColumn(pl.Series("c", cells, dtype=dtype))
    if texts is not None:
        assert column.texts() == texts
    if values is not None:
        assert [json.loads(cell) for cell in column.json()] == values


@pytest.mark.parametrize("text", ["x*y", "y*x"])
def test_a_missing_cell_may_be_in_any_variable(text, run):
    pl.DataFrame({"x": [1.0, 2.0], "y": [3.0, None]}).write_parquet("t.parquet")
    done = run(["eval", text, "--data", "t.parquet", "--on-error", "nan", "--format", "csv"])
    assert (done.status, done.out) == (0, "x,y,f\n1.0,3.0,3.0\n2.0,,nan\n")


def test_a_time_zone_that_polars_cannot_parse_is_carried(run):
    """pandas writes zones of this kind into the schema of Arrow in the file. Polars writes none."""
    series = pl.Series("t", [datetime(2024, 1, 1)]).cast(pl.Datetime("us", "Turkey"))
    pl.DataFrame({"x": [1.0], "t": series}).write_parquet("t.parquet")
    data = Path("t.parquet").read_bytes()
    schema = re.search(rb"[A-Za-z0-9+/]{100,}=*", data)
    changed = b64encode(b64decode(schema[0]).replace(b"Turkey", b"+05:30"))
    assert changed != schema[0]
    Path("t.parquet").write_bytes(data.replace(schema[0], changed))
    for words in (["--keep", "none"], ["--json"], ["-o", "out.parquet"]):
        assert run(["eval", "2x", "--data", "t.parquet", *words]).status == 0
    done = run(["eval", "2x", "--data", "t.parquet", "--format", "csv"])
    assert done.out.splitlines()[1] == "1.0,2024-01-01 05:30:00.000000+0530,2.0"


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical, pl.Enum([" 1.5", "2"])])
def test_texts_are_numbers_where_they_are_in_csv(dtype, run):
    pl.DataFrame({"x": pl.Series([" 1.5", "2"]).cast(dtype)}).write_parquet("t.parquet")
    assert run(["eval", "2x", "--data", "t.parquet", "--format", "value"]).out == "3.0\n4.0\n"
