"""Arrow files in and out, and the compression of the columns in Parquet and Arrow."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO

import pytest

from .conftest import assert_refused

pl = pytest.importorskip("polars")

COLUMNS = {"x": [1.5, 2.0, None], "i": [2**53 + 1, 2, 3], "d": [date(2024, 1, 31)] * 3, "s": ["a", None, "é"]}


def test_arrow_keeps_types(run, tmp_path):
    frame = pl.DataFrame(COLUMNS)
    frame.write_ipc("in.feather", compression="zstd")
    assert run(["grad", "2*x", "--data", "in.feather", "-o", "out.arrow"]).status == 0
    out = pl.read_ipc("out.arrow")
    assert out.schema == {**frame.schema, "f": pl.Float64, "df_dx": pl.Float64}
    assert out.drop("f", "df_dx").equals(frame)
    assert out["f"].to_list()[:2] == [3.0, 4.0]
    done = run(["eval", "2*i", "--data", "-", "--keep", "s", "--json"], (tmp_path / "out.arrow").read_bytes())
    rows = [(row["i"], row["s"], row["f"]) for row in map(json.loads, done.out.splitlines())]
    assert rows == [(2**53 + 1, "a", 2.0**54), (2, None, 4.0), (3, "é", 6.0)]
    assert run(["eval", "i", "--data", "in.feather", "--keep", "none", "--format", "csv"]).out.count("\n") == 4


def test_a_large_arrow_file_is_read_in_parts(run, monkeypatch):
    from adcli.tables import arrow

    pl.DataFrame({"x": [float(i) for i in range(10_000)]}).write_ipc("in.arrow", record_batch_size=500)
    monkeypatch.setattr(arrow, "MAPPED_BYTES", 10_000)
    assert run(["eval", "x", "--data", "in.arrow", "-o", "out.arrow"]) == (0, "", "")
    assert pl.read_ipc("out.arrow")["f"].to_list() == [float(i) for i in range(10_000)]


def test_other_variants_of_arrow_are_named(run, tmp_path):
    stream = BytesIO()
    pl.DataFrame(COLUMNS).write_ipc_stream(stream)
    done = run(["eval", "x", "--data", "-"], stream.getvalue())
    assert_refused(done, "standard input is an Arrow stream: write an Arrow file")
    pl.DataFrame(COLUMNS).write_ipc("in.arrow")
    data = (tmp_path / "in.arrow").read_bytes()
    for length in (10, len(data) // 2, len(data) - 4):
        (tmp_path / "cut.arrow").write_bytes(data[:length])
        done = run(["eval", "x", "--data", "cut.arrow"])
        assert done.status == 2
        assert "'cut.arrow' is damaged or cut off" in done.err


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_compression_of_columns(form, run, tmp_path):
    read = pl.read_parquet if form == "parquet" else pl.read_ipc
    sizes = {}
    for words in ([], ["--compression", "lz4"], ["--compression", "zstd"], ["--compression", "none"]):
        assert run(["eval", "floor(9*x)", "--x", "0:1:5000", "-o", f"out.{form}", *words]) == (0, "", "")
        data = (tmp_path / f"out.{form}").read_bytes()
        sizes[words[-1] if words else "default"] = len(data)
        assert read(BytesIO(data))["f"][-1] == 9.0
    assert sizes["default"] == sizes["lz4"]
    assert sizes["zstd"] < sizes["lz4"] < sizes["none"]


def test_compression_is_for_formats_that_have_it(run, tmp_path):
    for words in (["x=1"], ["x=1,2", "-o", "out.csv"], ["x=1", "--format", "npy"]):
        done = run(["eval", "x", *words, "--compression", "zstd"])
        assert_refused(done, "--compression is for parquet and arrow, not ")
    assert not list(tmp_path.iterdir())
