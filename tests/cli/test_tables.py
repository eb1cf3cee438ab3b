"""Many points on the command line: sweeps, tables, what is carried through, bad rows, statuses."""

from __future__ import annotations

import gzip
import io
import json
import math
import sys
from functools import partial
from zipfile import ZipFile

import numpy as np
import pytest

import adcli
from adcli.tables.block import name_columns

from .conftest import ENVIRONMENT, FULL, POLARS, PYTHON, CountedName

TABLE = b'id,x,name,y\n007,1.50,"a, b",2\n008,2,,1e3\n'


def rows(text: str, separator: str = ",") -> list[list[str]]:
    return [line.split(separator) for line in text.splitlines()]


# ------------------------------------------------------------------ sweeps


def test_ten_points_are_an_aligned_table(run):
    done = run(["grad", "x**2", "--x", "0:9:10"])
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert len(lines) == 11
    assert [line.split() for line in lines[:3]] == [["x", "f", "df/dx"], ["0.0", "0.0", "0.0"], ["1.0", "1.0", "2.0"]]
    assert (
        len({line.index(cell) for line, cell in zip(lines[1:], ["0.0  0.0", "1.0  1.0", "2.0  4.0"], strict=False)})
        == 1
    )


@pytest.mark.parametrize(
    ("words", "points"),
    [
        (["--x", "0:1:11"], [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        (["--x", "1:0:3"], [1.0, 0.5, 0.0]),
        (["x=-1:1:2"], [-1.0, 1.0]),
        (["--x", "1,2,5"], [1.0, 2.0, 5.0]),
        (["--x", "5, 0:2*pi:3, max(1,2)"], [5.0, 0.0, math.pi, 2 * math.pi, 2.0]),
        (["--x", "3:3:2"], [3.0, 3.0]),
        (["-p", "x=1e300:1.7e308:2"], [1e300, 1.7e308]),
        (["--x", "-1.7e308:1.7e308:3"], [-1.7e308, 0.0, 1.7e308]),
        (["--x", "inf,nan,-inf"], [math.inf, math.nan, -math.inf]),
    ],
)
def test_a_sweep_has_both_ends(words, points, run):
    done = run(["eval", "x", *words, "--format", "value"])
    assert done.status == 0
    assert [float(line) for line in done.out.splitlines()] == pytest.approx(points, rel=0, abs=0, nan_ok=True)


def test_the_grid_has_the_first_sweep_slowest(run):
    for words in (["--x", "1,2", "--y", "10:30:3"], ["--y", "10:30:3", "--x", "1,2"]):
        done = run(["eval", "x + y", *words, "--format", "csv"])
        points = [(float(x), float(y)) for x, y, _ in rows(done.out)[1:]]
        expected = [(x, y) for x in (1.0, 2.0) for y in (10.0, 20.0, 30.0)]
        assert points == (expected if words[0] == "--x" else sorted(expected, key=lambda point: point[1]))


def test_zip_pairs(run):
    done = run(["grad", "x*y*a", "--x", "1:3:3", "--y", "4,5,6", "--a", "2", "--zip", "--format", "csv"])
    assert rows(done.out)[0] == ["x", "y", "a", "f", "df_dx", "df_dy", "df_da"]
    assert [row[:4] for row in rows(done.out)[1:]] == [
        ["1.0", "4.0", "2.0", "8.0"], ["2.0", "5.0", "2.0", "20.0"], ["3.0", "6.0", "2.0", "36.0"],
    ]  # fmt: skip


def test_a_sweep_over_several_blocks_is_the_grid(run, monkeypatch):
    monkeypatch.setattr("adcli.tables.sweep.BLOCK_ROWS", 7)
    done = run(["grad", "x*y + z", "--x", "0:1:5", "--y", "1,2,3", "--z", "0:1:4", "--format", "csv"])
    got = np.array([[float(cell) for cell in row] for row in rows(done.out)[1:]])
    x, y, z = (
        axis.ravel() for axis in np.meshgrid(np.linspace(0, 1, 5), [1, 2, 3], np.linspace(0, 1, 4), indexing="ij")
    )
    assert np.allclose(got, np.array([x, y, z, x * y + z, y, x, np.ones_like(x)]).T, rtol=1e-15, atol=0)


def test_rows_are_what_batch_gives(run):
    text = "u = sin(x)*y; u/exp(-u**2) + where(x > 0, x**y, 0)"
    done = run(["grad", text, "--x", "-2:2:9", "--y", "0.5,3", "--wrt", "y,x", "--format", "csv"])
    columns = dict(zip(rows(done.out)[0], np.array(rows(done.out)[1:], dtype=float).T, strict=True))
    assert list(columns) == ["x", "y", "f", "df_dy", "df_dx"]
    values, slopes = adcli.compile(text).batch(x=columns["x"], y=columns["y"])
    for mine, other in ((columns["f"], values), (columns["df_dx"], slopes["x"]), (columns["df_dy"], slopes["y"])):
        assert mine.tobytes() == other.tobytes()


# ------------------------------------------------------------------ formats


def test_json_is_one_strict_object_a_line(run):
    done = run(["grad", "x/y", "--x", "1,2", "--y", "0,4", "--json"])
    objects = [json.loads(line, parse_constant=pytest.fail) for line in done.out.splitlines()]
    assert objects[0] == {"x": 1.0, "y": 0.0, "f": "Infinity", "df_dx": "Infinity", "df_dy": "-Infinity"}
    assert objects[3]["f"] == 0.5
    assert "df_dx" not in json.loads(run(["eval", "x", "--x", "1,2", "--json"]).out.splitlines()[0])


def test_value_is_bare_numbers(run):
    done = run(["grad", "x*y", "--x", "1,2", "y=3", "--format", "value"])
    assert done.out == "3.0\n3.0\n1.0\n6.0\n3.0\n2.0\n"


def test_digits_round_the_results_and_not_the_inputs(run):
    for form in ("csv", "text", "json"):
        done = run(["eval", "x/3", "--x", "0.123456789,2", "--digits", "3", "--format", form])
        assert "0.123456789" in done.out
        assert "0.667" in done.out
        assert "0.6666" not in done.out


@pytest.mark.parametrize(
    "name", ["out.csv", "out.tsv", "out.json", "out.ndjson", "out.jsonl", "out.txt", "out", "OUT.CSV"]
)
@pytest.mark.parametrize("words", [["--x", "2"], ["--x", "2,3"]])
def test_the_suffix_says_the_format(name, words, run, tmp_path):
    assert run(["grad", "x**2", *words, "-o", name]) == (0, "", "")
    text = (tmp_path / name).read_text()
    form = {"csv": "csv", "tsv": "tsv", "json": "json", "ndjson": "json", "jsonl": "json"}.get(name.lower()[4:], "text")
    assert run(["grad", "x**2", *words, "--format", form]).out == text
    assert run(["grad", "x**2", *words, "-o", name, "--format", "value"]).status == 0
    assert (tmp_path / name).read_text().startswith("4.0\n4.0\n")


@pytest.mark.parametrize(
    ("suffix", "module"), [(".gz", "gzip"), (".bz2", "bz2"), (".xz", "lzma"), (".zst", "backports.zstd")]
)
def test_compression_in_and_out(suffix, module, run, tmp_path):
    library = pytest.importorskip("compression.zstd" if suffix == ".zst" and sys.version_info >= (3, 14) else module)
    (tmp_path / f"in.csv{suffix}").write_bytes(library.compress(TABLE[:20]) + library.compress(TABLE[20:]))
    assert run(["eval", "x*y", "--data", f"in.csv{suffix}", "-o", f"out.csv{suffix}"]) == (0, "", "")
    out = library.decompress((tmp_path / f"out.csv{suffix}").read_bytes())
    assert out == b'id,x,name,y,f\n007,1.50,"a, b",2,3.0\n008,2,,1e3,2000.0\n'
    assert run(["eval", "x*y", "--data", "-"], stdin=library.compress(TABLE)).out.split()[:3] == ["id", "x", "name"]
    (tmp_path / "cut").write_bytes(library.compress(TABLE * 50)[:-5])
    cut = run(["eval", "x*y", "--data", "cut", "--on-error", "skip"])
    assert cut.status == 2
    assert "'cut' is cut off" in cut.err


def test_gzip_in_and_out(run, tmp_path):
    (tmp_path / "in.csv.gz").write_bytes(gzip.compress(TABLE[:20]) + gzip.compress(TABLE[20:]) + b"\0" * 20)
    assert run(["eval", "x*y", "--data", "in.csv.gz", "-o", "out.csv.gz"]) == (0, "", "")
    out = gzip.decompress((tmp_path / "out.csv.gz").read_bytes())
    assert out == b'id,x,name,y,f\n007,1.50,"a, b",2,3.0\n008,2,,1e3,2000.0\n'
    assert run(["eval", "x*y", "--data", "-"], stdin=gzip.compress(TABLE)).out.split()[:4] == ["id", "x", "name", "y"]
    run(["eval", "x", "x=2", "-o", "one.txt.gz"])
    assert gzip.decompress((tmp_path / "one.txt.gz").read_bytes()) == b"f  2.0\n"


def test_npy_has_the_columns_as_fields(run, tmp_path):
    assert run(["grad", "x*y", "--x", "0:1:5", "y=2", "-o", "out.npy"]) == (0, "", "")
    array = np.load(tmp_path / "out.npy", allow_pickle=False)
    assert array.dtype.names == ("x", "y", "f", "df_dx", "df_dy")
    assert array["f"].tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    done = run(["eval", "x*y", "--data", "out.npy", "--keep", "none", "--format", "csv"])
    assert done.out == "x,y,f\n0.0,2.0,0.0\n0.25,2.0,0.5\n0.5,2.0,1.0\n0.75,2.0,1.5\n1.0,2.0,2.0\n"
    assert run(["eval", "x", "x=2", "-o", "one.npy"]).status == 0
    assert np.load(tmp_path / "one.npy")["f"].tolist() == [2.0]


def test_npy_to_a_pipe_and_from_one(run, tmp_path):
    import subprocess

    words = ["eval", "é*y", "--é", "0:1:3", "--y", "1,2", "--format", "npy"]
    made = subprocess.run([*PYTHON, *words], capture_output=True, env=ENVIRONMENT, check=True).stdout
    array = np.load(io.BytesIO(made), allow_pickle=False)
    assert array["é"].tolist() == [0.0, 0.0, 0.5, 0.5, 1.0, 1.0]
    done = run(["eval", "é+y", "--data", "-", "--keep", "none", "--format", "value"], stdin=made)
    assert done.out.split() == ["1.0", "2.0", "1.5", "2.5", "2.0", "3.0"]


@pytest.mark.parametrize("chunk", [1 << 20, 16])
def test_arrays_of_every_layout(chunk, run, tmp_path, monkeypatch):
    monkeypatch.setattr("adcli.tables.npy.BLOCK_BYTES", chunk)
    monkeypatch.setattr("adcli.tables.npz.BLOCK_BYTES", chunk)
    monkeypatch.setattr("adcli.tables.source.CHUNK", chunk)
    x, y = np.arange(5), np.linspace(0, 1, 5)
    both = np.array([x, y]).T
    np.save("c.npy", np.ascontiguousarray(both))
    np.save("fortran.npy", np.asfortranarray(both))
    np.save("big.npy", both.astype(">f4"))
    np.savez("z.npz", x=x, y=y, i=np.full(5, 2**53 + 1), s=np.array(["a", "é", "", "d", "e"]))
    np.savez_compressed("zc.npz", x=x.astype("u1"), y=y)
    for name in ("c.npy", "fortran.npy", "big.npy", "z.npz", "zc.npz"):
        done = run(["eval", "x + y", "--data", name, "--format", "value"])
        assert (done.status, done.err) == (0, ""), name
        assert [float(line) for line in done.out.split()] == pytest.approx(list(x + y)), name
    done = run(["eval", "x + y", "--data", "z.npz", "--format", "csv"])
    assert rows(done.out)[:3] == [["x", "y", "i", "s", "f"], ["0", "0.0", "9007199254740993", "a", "0.0"],
                                  ["1", "0.25", "9007199254740993", "é", "1.25"]]  # fmt: skip
    np.save("one.npy", x)
    assert run(["eval", "x*t", "t=2", "--data", "one.npy", "--format", "value"]).out.split()[-1] == "8.0"
    assert run(
        ["eval", "x*y", "--data", "c.npy", "--rename", "y=0", "--rename", "x=1", "--format", "csv"]
    ).out.startswith("y,x,f\n")


@POLARS
def test_parquet_keeps_types(run, tmp_path):
    import polars as pl

    frame = pl.DataFrame({
        "x": [1, 2, 3], "y": [0.1, 0.2, 0.3], "n": ["a", None, 'c"'], "i": [2**53 + 1] * 3,
        "d": pl.Series(["0.10", "0.2", "0.3"]).cast(pl.Decimal(10, 2)), "t": pl.Series([1, 2, 3]).cast(pl.Date),
    })  # fmt: skip
    frame.write_parquet("in.parquet")
    assert run(["grad", "x*y", "--data", "in.parquet", "-o", "out.parquet"]) == (0, "", "")
    out = pl.read_parquet("out.parquet")
    assert out.columns == [*frame.columns, "f", "df_dx", "df_dy"]
    assert out.select(frame.columns).equals(frame)
    assert out["f"].to_list() == (frame["x"] * frame["y"]).to_list()
    done = run(["eval", "d", "--data", "in.parquet", "--format", "csv"])
    assert done.out.splitlines()[1:3] == [
        "1,0.1,a,9007199254740993,0.10,1970-01-02,0.1", "2,0.2,,9007199254740993,0.20,1970-01-03,0.2",
    ]  # fmt: skip
    record = json.loads(run(["eval", "x", "--data", "in.parquet", "--keep", "n,i,t", "--json"]).out.splitlines()[1])
    assert record == {"n": None, "x": record["x"], "i": 2**53 + 1, "t": "1970-01-03", "f": record["f"]}
    done = run(["eval", "x*y", "--data", "-"], stdin=(tmp_path / "in.parquet").read_bytes())
    assert done.status == 0
    (tmp_path / "t.csv").write_bytes(TABLE)
    assert run(["eval", "x*y", "--data", "t.csv", "-o", "t.parquet"]).status == 0
    assert pl.read_parquet("t.parquet").rows() == [("007", 1.5, "a, b", 2.0, 3.0), ("008", 2.0, "", 1000.0, 2000.0)]
    assert run(["eval", "x", "x=1,2", "-o", "two.pq"]).status == 0
    assert pl.read_parquet("two.pq").rows() == [(1.0, 1.0), (2.0, 2.0)]


@POLARS
def test_parquet_to_npy(run):
    import polars as pl

    frame = pl.DataFrame({
        "x": [0.5, None], "i": [2**53 + 1, 2], "b": [True, False], "d": pl.Series([1, 2]).cast(pl.Date),
        "s": ["1.5", "2"],
    })  # fmt: skip
    frame.write_parquet("in.parquet")
    assert run(["eval", "i*s", "--data", "in.parquet", "-o", "out.npy"]) == (0, "", "")
    out = np.load("out.npy")
    assert out.dtype.descr == [("x", "<f8"), ("i", "<i8"), ("b", "|b1"), ("d", "<M8[D]"), ("s", "<f8"), ("f", "<f8")]
    assert (out["i"].tolist(), out["s"].tolist()) == ([2**53 + 1, 2], [1.5, 2.0])
    assert np.isnan(out["x"][1])
    done = run(["eval", "i", "--data", "in.parquet", "-o", "out.npy"])
    assert done.err.startswith("adcli: npy cannot hold the column 's' of texts: use --keep none")
    pl.DataFrame({"x": [1.0, 2.0], "i": [1, None]}).write_parquet("gaps.parquet")
    done = run(["eval", "x", "--data", "gaps.parquet", "-o", "out.npy"])
    assert done.err.startswith(
        "adcli: npy cannot hold the empty cell of the column 'i' of whole numbers: use --keep none"
    )


@POLARS
def test_what_parquet_has_no_type_for_takes_the_nearest(run):
    import polars as pl

    units = ["M8[Y]", "M8[W]", "M8[D]", "M8[25s]", "M8[ns]", "M8[as]", "m8[h]", "m8[us]", "m8[Y]", "g"]
    rows = np.array([(*[7] * len(units), 0.5)], dtype=[*((unit, unit) for unit in units), ("x", "f8")])
    np.save("in.npy", rows)
    assert run(["eval", "x", "--data", "in.npy", "-o", "out.parquet"]) == (0, "", "")
    written = pl.read_parquet("out.parquet").row(0, named=True)
    as_text = [name for name, cell in written.items() if isinstance(cell, str)]
    assert as_text == ["M8[as]", "m8[Y]"]
    assert [str(written[name]) for name in ("M8[Y]", "M8[W]", "M8[25s]")] == [
        "1977-01-01", "1970-02-19", "1970-01-01 00:02:55",
    ]  # fmt: skip
    assert (written["m8[h]"].total_seconds(), written["g"]) == (7 * 3600, 7.0)


FITTING = [
    ([1, 2], [1.0, 3.0], True), ([1, 2], [1.5], False), ([1.5], [3], True), ([1.5], [2**53 + 1], False),
    (np.array([1], "i1"), [300], False), ([300], np.array([1], "i1"), True), ([True], [2], False),
    ([1], [math.nan], False),
]  # fmt: skip


@pytest.mark.parametrize("form", ["npy", pytest.param("parquet", marks=POLARS)])
@pytest.mark.parametrize(("first", "second", "fits"), FITTING)
def test_a_second_table_takes_the_types_of_the_first_or_is_refused(form, first, second, fits, run, tmp_path):
    for name, x in (("a.npz", first), ("b.npz", second)):
        np.savez(name, x=np.asarray(x))
    done = run(["eval", "x", "--data", "a.npz", "--data", "b.npz", "-o", f"out.{form}"])
    if not fits:
        assert done.status == 2
        assert done.err.startswith("adcli: 'b.npz', row 1: the column 'x' changes from ")
        assert not (tmp_path / f"out.{form}").exists()
        return
    assert done == (0, "", "")
    assert run(
        ["eval", "x", "--data", f"out.{form}", "--keep", "none", "--format", "value", "--rename", "g=f"]
    ).out == ("".join(f"{float(x)}\n" for x in [*first, *second]))


@POLARS
def test_bad_cells_of_parquet(run):
    import polars as pl

    pl.DataFrame({"x": [1.0, None, 3.0], "s": ["1", "b", "3"], "t": [[1], [2], [3]]}).write_parquet("in.parquet")
    done = run(["eval", "x", "--data", "in.parquet", "--keep", "none"])
    assert (done.status, done.out) == (0, "x    f\n1.0  1.0\n     nan\n3.0  3.0\n")
    assert done.err == "note: 1 of 3 rows has a missing cell; the first: row 2, x\n"
    done = run(["eval", "s", "--data", "in.parquet", "--keep", "none", "--on-error", "skip"])
    assert done.out == "s  f\n1  1.0\n3  3.0\n"
    assert "row 2, column s: 'b' is not a number" in done.err
    assert "holds List" in run(["eval", "t", "--data", "in.parquet"]).err
    with open("in.parquet", "rb") as file:
        data = file.read()
    for length in (3, 20, len(data) // 2, len(data) - 4):
        with open("cut.parquet", "wb") as file:
            file.write(data[:length])
        done = run(["eval", "x", "--data", "cut.parquet"])
        assert (done.status, done.out) == (2, "")
        assert "damaged or cut off" in done.err or "column" in done.err


# ------------------------------------------------------------------ tables


def test_columns_are_variables_and_the_rest_is_carried_through(run, tmp_path):
    (tmp_path / "t.csv").write_bytes(TABLE)
    done = run(["grad", "x*y", "--data", "t.csv", "--format", "csv"])
    assert done == (0, 'id,x,name,y,f,df_dx,df_dy\n007,1.50,"a, b",2,3.0,2.0,1.5\n008,2,,1e3,2000.0,1000.0,2.0\n', "")
    done = run(["eval", "x*y", "--data", "t.csv", "--format", "csv", "--keep", "none"])
    assert done.out == "x,y,f\n1.50,2,3.0\n2,1e3,2000.0\n"
    done = run(["eval", "x*y", "--data", "t.csv", "--format", "tsv", "--keep", "name"])
    assert done.out == "x\tname\ty\tf\n1.50\ta, b\t2\t3.0\n2\t\t1e3\t2000.0\n"
    done = run(["eval", "x + a", "--data", "t.csv", "a=pi", "--format", "csv", "--keep", "id"])
    assert done.out == f"id,x,a,f\n007,1.50,{math.pi},{1.5 + math.pi}\n008,2,{math.pi},{2 + math.pi}\n"
    record = json.loads(run(["eval", "x*y*a", "--data", "t.csv", "a=2", "--json"]).out.splitlines()[0])
    assert record == {"id": "007", "x": 1.5, "name": "a, b", "y": 2.0, "a": 2.0, "f": 6.0}
    done = run(["eval", "2", "--data", "t.csv", "--keep", "id", "--format", "csv"])
    assert done.out == "id,f\n007,2.0\n008,2.0\n"


def test_a_suffix_that_says_nothing_leaves_it_to_the_first_line(run, tmp_path):
    for name, text in (("a.txt", "x\ty\n1\t2\n"), ("b.dat", "x,y\n1,2\n"), ("c.txt", '{"x": 1, "y": 2}\n')):
        (tmp_path / name).write_text(text)
        assert run(["eval", "x + y", "--data", name, "--format", "value"]) == (0, "3.0\n", "")


def test_blanks_after_the_commas_of_keep(run):
    table = b"a, b ,x\n1,2,3\n"
    assert run(["eval", "x", "--data", "-", "--keep", "a, x", "--format", "csv"], table).out == "a,x,f\n1,3,3.0\n"
    assert run(["eval", "x", "--data", "-", "--keep", " b ", "--format", "csv"], table).out == " b ,x,f\n2,3,3.0\n"


def test_rename(run, tmp_path):
    (tmp_path / "t.csv").write_bytes(b"temperature,f,x\n1,2,3\n")
    done = run(["eval", "t*x", "--data", "t.csv", "--rename", "t=temperature", "--rename", "old=f", "--format", "csv"])
    assert done == (0, "t,old,x,f\n1,2,3,3.0\n", "")
    done = run(["eval", "x", "--data", "t.csv"])
    assert done.status == 2
    assert "the input column 'f' has the name of a result: rename it, as in --rename f_in=f" in done.err
    assert run(["eval", "x", "--data", "t.csv", "--json"]) == done
    assert run(["eval", "x", "--data", "t.csv", "--keep", "none"]).status == 0
    assert run(["eval", "f*x", "--data", "t.csv", "--format", "csv"]).err.startswith("adcli: the input column 'f' has")


def test_several_tables_are_one_after_another(run, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x,n\n1,a\n")
    (tmp_path / "b.tsv").write_bytes(b'x\tn\n2\t"b,"\n')
    (tmp_path / "c.ndjson").write_bytes(b'{"n": "c", "x": 3}\n'.replace(b'{"n": "c", "x": 3}', b'{"x": 3, "n": "c"}'))
    done = run(
        ["eval", "x*2", "--data", "a.csv", "--data", "b.tsv", "--data=c.ndjson", "--data", "-", "--format", "csv"],
        b"x,n\n4,d",
    )
    assert done == (0, 'x,n,f\n1,a,2.0\n2,"b,",4.0\n3,c,6.0\n4,d,8.0\n', "")


def test_the_columns_of_a_further_table_may_be_in_another_order(run, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x,n\n1,a\n")
    (tmp_path / "b.csv").write_bytes(b'n,x\n"b,",2\n')
    for form, expected in (("csv", '1,a,2.0\n2,"b,",4.0\n'), ("tsv", "1\ta\t2.0\n2\tb,\t4.0\n")):
        done = run(["eval", "x*2", "--data", "a.csv", "--data", "b.csv", "--format", form])
        assert done.out.partition("\n")[2] == expected


def test_a_further_table_that_does_not_fit_is_found_before_anything_is_written(run, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x,n\n1,a\n")
    (tmp_path / "d.csv").write_bytes(b"n,y\na,1\n")
    done = run(["eval", "x*2", "--data", "a.csv", "--data", "d.csv"])
    assert done == (2, "", "adcli: 'd.csv' has the columns n, y: the first table has x, n\n")
    done = run(["eval", "x*2", "--data", "a.csv", "--data", "-", "--format", "csv"], b"n,y\na,1\n")
    assert (done.status, done.out) == (2, "x,n,f\n1,a,2.0\n")


def test_ndjson_is_carried_through_as_it_is_written(run):
    data = (
        b'{"id": 1.50, "x": 1, "o": {"a": [1, 2.0]}}\n\n{"o": null, "x": "-Infinity", "id": 9007199254740993}\n{"x": 2}'
    )
    done = run(["eval", "x", "--data", "-", "--json"], data)
    assert done.out.splitlines() == [
        '{"id": 1.50, "x": 1, "o": {"a": [1, 2.0]}, "f": 1.0}',
        '{"o": null, "x": "-Infinity", "id": 9007199254740993, "f": "-Infinity"}',
        '{"x": 2, "f": 2.0}',
    ]
    done = run(["eval", "x", "--data", "-", "--format", "csv"], data)
    assert done.out.splitlines()[1] == '1.50,1,"{""a"": [1, 2.0]}",1.0'


def test_the_first_row_of_ndjson_may_lack_columns(run):
    data = b'{"x": 1}\n{"x": 2, "y": 3, "p": {"z": 4}}\n'
    done = run(["eval", "x*y*z", "--data", "-", "--format", "csv", "--rename", "z=p.z"], data)
    assert (done.status, done.out) == (0, 'x,y,p,z,f\n1,,,,nan\n2,3,"{""z"": 4}",4,24.0\n')
    assert "1 of 2 rows has a missing cell" in done.err
    assert run(["eval", "x", "--data", "-", "--format", "csv", "--keep", "x,y"], data).out == "x,y,f\n1,,1.0\n2,3,2.0\n"


def test_rows_of_ndjson_may_have_more_than_is_kept(run, monkeypatch):
    monkeypatch.setattr("adcli.tables.ndjson.LOOK_ROWS", 1)
    data = b'{"x": 1, "n": "a"}\n{"x": 2, "n": "b", "z": 3}\n'
    done = run(["eval", "x", "--data", "-", "--format", "csv"], data)
    assert (done.status, done.out) == (2, "x,n,f\n1,a,1.0\n")
    assert "line 2: the first rows have no 'z' (--keep chooses columns)" in done.err
    assert run(["eval", "x", "--data", "-", "--format", "csv", "--keep", "n"], data).out == "x,n,f\n1,a,1.0\n2,b,2.0\n"
    data = b'{"x": 1}\n{"x": 2, "z": 3}\n'
    assert run(["eval", "x", "--data", "-", "--format", "csv", "--keep", "none"], data) == (
        0,
        "x,f\n1,1.0\n2,2.0\n",
        "",
    )
    assert run(["check", "x", "--data", "-"], data).status == 0
    assert run(["check", "x", "--data", "-"], b"x,n\n1,\xff\n").status == 0


# ------------------------------------------------------------------ bad rows

BAD = b"x,n\n1,a\nabc,b\n3,c\n,d\n5\n6,f\n"


def test_a_bad_row_ends_the_run_after_the_good_ones(run, tmp_path):
    (tmp_path / "t.csv").write_bytes(BAD)
    done = run(["eval", "x", "--data", "t.csv", "--format", "csv"])
    assert done.status == 2
    assert done.out == "x,n,f\n1,a,1.0\n"
    hint = "use --on-error nan or skip to go on after bad rows; 1 row was written before"
    assert done.err == f"adcli: 't.csv', line 3, column x: 'abc' is not a number: {hint}\n"
    done = run(["eval", "x", "--data", "t.csv", "-o", "out.csv"])
    assert done.status == 2
    assert "written" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_a_message_has_the_whole_name_of_a_file_that_is_far_away(run, tmp_path):
    folder = tmp_path / "experiments" / "a folder with a long name" / "2026"
    folder.mkdir(parents=True)
    (folder / "run_2.csv").write_bytes(b"x\nabc\n")
    assert "2026/run_2.csv', line 2, column x" in run(["eval", "x", "--data", str(folder / "run_2.csv")]).err


@pytest.mark.parametrize("form", ["text", "csv", "json", "value", "npy"])
def test_where_the_first_row_is_bad_nothing_is_written(form, run):
    np.savez("lengths.npz", x=np.zeros(2), y=np.zeros(3))
    for words, table in ((["x", "--data", "-"], b"x\nabc\n"), (["x*y", "--data", "lengths.npz"], b"")):
        done = run(["eval", *words, "--format", form], table)
        assert (done.status, done.out) == (2, "")
        assert "written" not in done.err


def test_where_the_backend_is_not_installed_nothing_is_written(run, monkeypatch):
    monkeypatch.setattr("adcli.formula.backend_choice.is_installed", lambda name: name != "llvm")
    done = run(["eval", "x", "--x", "1,2", "--backend", "llvm"])
    assert (done.status, done.out) == (2, "")
    assert done.err == 'adcli: the backend llvm needs llvmlite: install it with pip install "adcli[fast]"\n'


def test_bad_rows_are_left_out_or_nan(run, tmp_path):
    (tmp_path / "t.csv").write_bytes(BAD)
    done = run(["eval", "x", "--data", "t.csv", "--format", "csv", "--on-error", "skip"])
    assert done.status == 0
    assert done.out == "x,n,f\n1,a,1.0\n3,c,3.0\n,d,nan\n6,f,6.0\n"
    first, second = done.err.splitlines()
    assert first == "note: 2 bad rows left out; the first: 't.csv', line 3, column x: 'abc' is not a number"
    assert second == "note: 1 of 4 rows has a missing cell; the first: line 5, x"
    done = run(["eval", "x", "--data", "t.csv", "--format", "csv", "--on-error", "nan"])
    assert done.status == 0
    assert done.out == "x,n,f\n1,a,1.0\nabc,b,nan\n3,c,3.0\n,d,nan\n5,,nan\n6,f,6.0\n"
    assert done.err.startswith("note: 2 bad rows given nan; the first: 't.csv', line 3")
    assert "note: 2 of 6 rows are undefined; the first: line 3" in done.err
    assert run(["eval", "x", "--data", "t.csv", "--on-error", "nan", "--strict"]).status == 1


@pytest.mark.parametrize("polars", [False, pytest.param(True, marks=POLARS)])
def test_cells_that_are_no_text_are_written_as_they_are_or_marked(polars, run, tmp_path, monkeypatch):
    monkeypatch.setattr("adcli.tables.polars_library.FAST_ROWS", 0 if polars else 1 << 60)
    monkeypatch.setattr("adcli.tables.polars_library.is_installed", lambda: polars)
    data = b"x,n\n1,a\n2,\xe9\xff\n"
    words = ["eval", "x", "--data", "t.csv", "-o"]
    (tmp_path / "t.csv").write_bytes(data)
    assert run([*words, "out.csv"]).status == 0
    assert (tmp_path / "out.csv").read_bytes() == b"x,n,f\n1,a,1.0\n2,\xe9\xff,2.0\n"
    done = run([*words, "out.json"])
    note = "'t.csv', line 3, column n: the cell is not UTF-8 text "
    note += "(it has the byte 0xe9; --encoding names another encoding)"
    assert (done.status, done.err) == (0, f"note: {note}; such bytes are replaced by U+FFFD in the output\n")
    lines = (tmp_path / "out.json").read_bytes().decode().splitlines()
    assert [json.loads(line)["n"] for line in lines] == ["a", "\ufffd\ufffd"]


@POLARS
def test_parquet_marks_cells_that_are_no_text(run, tmp_path):
    import polars as pl

    (tmp_path / "t.csv").write_bytes(b"x,n\n1,a\n2,\xe9\xff\n")
    assert run(["eval", "x", "--data", "t.csv", "--on-error", "nan", "-o", "out.parquet"]).status == 0
    assert pl.read_parquet("out.parquet")["n"].to_list() == ["a", "\ufffd\ufffd"]
    half = b'{"x": 1, "n\\ud800": "\\udfff"}\n'
    assert run(["eval", "x", "--data", "-", "-o", "half.parquet"], half).status == 0
    assert pl.read_parquet("half.parquet").columns == ["x", "n\ufffd", "f"]


def test_undefined_rows_are_counted(run):
    done = run(["grad", "log(x - 3)", "--x", "2:4:3"])
    assert done.status == 0
    assert done.out.splitlines()[1].split() == ["2.0", "nan", "nan"]
    assert done.err == (
        "note: 1 of 3 rows is undefined; the first: point 1, log(x - 3) at column 1: x - 3 = -1 is outside (0, inf)\n"
    )
    done = run(["grad", "log(x - 3)", "--x", "2:4:3", "--strict"])
    assert (done.status, done.err.startswith("adcli: 1 of 3 rows is undefined")) == (1, True)
    assert run(["grad", "log(x)", "--x", "1:4:3", "--strict"]).err == ""


def test_the_first_undefined_row_of_several_tables_has_the_name_of_its_own(run, tmp_path):
    for name, text in (("a.csv", "x\n1\n2\n"), ("b.csv", "x\n3\n-1\n")):
        (tmp_path / name).write_text(text)
    done = run(["grad", "log(x)", "--data", "a.csv", "--data", "b.csv"])
    assert "note: 1 of 4 rows is undefined; the first: 'b.csv', line 3, log(x) at column 1" in done.err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"x": 1}\n{"x": \n', "line 2: no JSON from character 7 on"),
        (b'{"x": 1}\n{"x": "a"}\n', "line 2, column x: '\"a\"' is not a number"),
        (b'{"x": 1}\n{"x": true}\n', "line 2, column x: 'true' is not a number"),
        (b'{"x": 1}\n{"x": [1]}\n', "line 2, column x: '[1]' is not a number"),
        (b'{"x": 1}\n{"x": 1, "x": 2}\n', "line 2: 'x' occurs twice"),
        (b'{"x": 1}\n{"x": 1} 2\n', "line 2: something follows the object"),
        (b'{"x": 1}\n[1]\n', "line 2: there is no JSON object"),
        (b'{"x": 1}\n{"x": 1, "n": "\xe9"}\n', "line 2: not UTF-8 text (it has the byte 0xe9)"),
        (b'{"x": 1}\n{"x": ' + b"[" * 100000 + b"\n", "line 2: nested too deeply"),
        (b'{"x": 1}\n{"x" 1}\n', "line 2: ':' is missing"),
        (b'{"x": 1}\n{x: 1}\n', "line 2: a name in quotes is missing"),
    ],
)
def test_bad_lines_of_ndjson(line, message, run):
    done = run(["eval", "x", "--data", "-", "--format", "value"], line)
    assert (done.status, done.out) == (2, "1.0\n")
    assert f"standard input, {message}" in done.err
    done = run(["eval", "x", "--data", "-", "--format", "value", "--on-error", "nan"], line)
    assert (done.status, done.out) == (0, "1.0\nnan\n")


@FULL
def test_a_full_disk_for_the_copy_of_npy(run, monkeypatch):
    monkeypatch.setattr("tempfile.TemporaryFile", partial(open, "/dev/full", "w+b"))
    for words in (["-o", "-"], ["-o", "out.npy.gz"]):
        done = run(["eval", "x", "--x", "0:1:100000", "--format", "npy", *words])
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith("adcli: cannot write a temporary file: No space left on device; ")


def saved(array: object, pickle: bool = False) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.asarray(array), allow_pickle=pickle)
    return stream.getvalue()


def archived(x: object) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, x=np.asarray(x))
    return stream.getvalue()


FILES = {
    "ragged.csv": b"x,y\n1,2\n3\n",
    "twice.csv": b"x,y,x\n1,2,3\n",
    "alike.csv": "x,ｘ\n1,2\n".encode(),
    "good.csv": b"x,y\n1,2\n",
    "semicolons.csv": b"x;y\n1,5;2\n",
    "macintosh.csv": b"x,y\r1,2\r",
    "headless.csv": b"1,2.5\n3,4\n",
    "nameless.csv": b",x,\n1,2,3\n",
    "cut.csv.gz": gzip.compress(b"x\n" + b"123456\n" * 1000)[:-9],
    "damaged.csv.gz": gzip.compress(b"x\n1\n")[:10] + b"\xff" * 30,
    "open.csv": b'x\n1\n"2\n3\n',
    "latin1.csv": b"n,x\n1,\xe9\n",
    "utf16.csv": "x\n1\n".encode("utf-16"),
    "empty.csv": b"",
    "array.json": b'[1, {"x": 1}]',
    "bad.ndjson": b'{"x": 1\n',
    "blank.ndjson": b"{}\n",
    "object.npy": saved(np.array([1, None], dtype=object), True),
    "complex.npy": saved([1j]),
    "cube.npy": saved(np.zeros((2, 2, 2))),
    "cut.npy": saved(np.zeros(100))[:-4],
    "short.npy": b"\x93NUMPY\x01",
    "bad.npz": b"PK\x03\x04 and so on",
    "sum.npz": (SUMS := archived([1.5])).replace(np.float64(1.5).tobytes(), np.float64(2.5).tobytes()),
    "name.npz": SUMS.replace(b"x.npy", b"y.npy", 1),
    "version.npz": SUMS[: (PLACE := SUMS.index(b"PK\x01\x02") + 6)] + b"\xff" + SUMS[PLACE + 1 :],
    "header.npy": saved([1.5]).replace(b"}", b" "),
    "negative.npy": saved([1.5]).replace(b"(1,)", b"(-1,)"),
    "wide.npy": saved([[1.5]]).replace(b"(1, 1), }        ", b"(1, 99999999), } "),
    "nothing.npy": saved([1.5]).replace(b"<f8", b"|S0"),
}
MISTAKES = [
    ("eval x --data ragged.csv", ["'ragged.csv', line 3 has 1 cell and not 2"]),
    ("eval x --data twice.csv", ["the column 'x' occurs twice in 'twice.csv'"]),
    ("eval x --data alike.csv", ["two columns of 'alike.csv' are called 'x'"]),
    ("eval x --data good.csv x=1", ["'x' has a value and is a column of 'good.csv'", "--rename NEW=x"]),
    ("eval x*z --data good.csv", ["no column of 'good.csv' is called z", "its columns are x, y; --rename z=COLUMN"]),
    ("eval x --data blank.ndjson", ["is called x: its first row has no columns"]),
    ("eval x --data good.csv y=1", ["there is no variable 'y'"]),
    ("eval x --data missing.csv", ["cannot read 'missing.csv'", "No such file"]),
    ("eval x --data good.csv --data missing.csv", ["cannot read 'missing.csv'"]),
    ("eval x --data folder", ["there are no files in the directory 'folder'"]),
    ("eval x good.csv", ["a second expression 'good.csv' beside 'x'", "points in a file are --data good.csv"]),
    ("eval x missing.csv", ["a second expression 'missing.csv' beside 'x'", "quote the expression"]),
    ("eval x --data good.csv --rename y=a", ["'good.csv' has no column 'a'", "it is NEW=OLD: did you mean a=y?"]),
    ("eval x --data headless.csv", ["its first line is 1, 2.5; --no-header reads it as a row"]),
    (
        "graph x --data good.csv",
        ["there is no variable 'data'", "--data is an option of grad and others that take many points"],
    ),
    ("trace x --x 1 --form 3", ["there is no variable 'form'", "did you mean '--format'?"]),
    ("check x --data good.csv --keep all", ["--keep is an option of grad and others"]),
    ("eval x --data good.csv --keep z", ["--keep: 'good.csv' has no column 'z'"]),
    ("eval x --data good.csv --keep x,", ["--keep: 'good.csv' has no column ''"]),
    ("eval x --data good.csv --rename a=z", ["--rename: 'good.csv' has no column 'z'", "its columns are x, y"]),
    ("eval x --data good.csv --rename z", ["--rename takes NEW=OLD, not 'z'"]),
    ("eval x --data good.csv --rename x=y", ["two columns of 'good.csv' are called 'x'"]),
    ("eval x --data good.csv --rename a=y --rename b=y", ["gives the column 'y' two names"]),
    ("eval x --data good.csv --on-error ignore", ["'--on-error'", "'fail', 'nan', 'skip'"]),
    ("eval x --data good.csv --zip", ["--zip pairs swept variables"]),
    ("eval x*z --data good.csv z=1,2", ["z is swept, but --data already supplies the points"]),
    ("eval x --data - --data -", ["standard input is read twice"]),
    ("eval - --data -", ["standard input is read twice"]),
    ("eval x --data cut.csv.gz", ["'cut.csv.gz' is cut off: its gzip data ends early"]),
    ("eval x --data damaged.csv.gz", ["'damaged.csv.gz' is damaged"]),
    ("eval x --data open.csv", ["'open.csv', line 3: a quote is never closed", "cut off"]),
    ("eval x --data latin1.csv", ["'latin1.csv', line 2, column x: the cell is not UTF-8 text"]),
    ("eval x --data utf16.csv", ["'utf16.csv' is not UTF-8 text", "UTF-16"]),
    ("eval x --data empty.csv", ["'empty.csv' has no rows"]),
    ("eval x --data /dev/null", ["'/dev/null' has no rows"]),
    ("eval x --data array.json", ["'array.json', line 1: there is no JSON object", "NDJSON"]),
    ("eval x --data bad.ndjson", ["'bad.ndjson', line 1: a bracket or a quote is not closed: check"]),
    ("eval x --data object.npy", ["'object.npy' holds Python objects", "never read"]),
    ("eval x --data complex.npy", ["'complex.npy' holds complex128 instead of numbers"]),
    ("eval x --data cube.npy", ["'cube.npy' has 3 dimensions"]),
    ("eval x --data cut.npy", ["'cut.npy' is cut off", "100 rows and ends after 99"]),
    ("eval x --data short.npy", ["'short.npy' is damaged"]),
    ("eval x --data bad.npz", ["'bad.npz' is damaged or cut off"]),
    ("eval x --data sum.npz", ["'sum.npz', column x is damaged", "CRC"]),
    ("eval x --data name.npz", ["'name.npz', column x is damaged or cut off"]),
    ("eval x --data version.npz", ["'version.npz' is damaged or cut off"]),
    ("eval x --data header.npy", ["'header.npy' is damaged: its header cannot be read"]),
    ("eval x --data negative.npy", ["'negative.npy' is damaged: its header cannot be read (its shape is (-1,))"]),
    ("eval x --data wide.npy", ["'wide.npy' has 99999999 columns"]),
    ("eval x --data nothing.npy", ["'nothing.npy' holds |S0 instead of numbers"]),
    (
        "eval x --data latin1.csv -o out.npy --keep all --on-error nan",
        ["npy cannot hold the column 'n' of texts", "--keep none"],
    ),
    ("grad x --data good.csv --mode forward", ["--mode forward is for one point"]),
    ("grad x --x 1,2 --svg out.svg", ["--svg is for one point"]),
    ("eval x --x 1,2 --digits 3 -o out.npy", ["--digits does not go with npy"]),
    ("eval x*y --x 1,2 --y 1:2:3 --zip", ["--zip pairs as many points", "x 2, y 3"]),
    ("eval x --x 1,2 --zip", ["--zip needs several swept variables"]),
    ("eval x --x 1 --zip", ["--zip needs several swept variables"]),
    ("eval x --x 1 --keep all", ["--keep needs a table: --data FILE names it"]),
    ("eval x --x 1 --rename x=y", ["--rename needs a table"]),
    ("eval x --x 1 --on-error nan", ["--on-error needs a table"]),
    ("eval x --x 1,2 --keep all", ["--keep needs a table: --data FILE names it"]),
    ("grad x --x 0:1:3 --rename x=y", ["--rename needs a table"]),
    ("jac x --x 1 -o rows.npy --on-error skip", ["--on-error needs a table"]),
    ("check x --x 1,2 --on-error skip", ["--on-error needs a table"]),
    ("check x --data good.csv --on-error nan", ["there is nothing to check at nan", "--on-error skip"]),
    (
        "eval x --x 1,2 -o rows.npz",
        [
            "-o 'rows.npz': eval does not write .npz files",
            "use .txt, .json, .csv, .tsv, .npy, .parquet, .arrow, or choose",
        ],
    ),
    ("grad x --x 1 -o x.svg", ["grad does not write .svg files"]),
    ("check x --x 1 -o x.parquet", ["check does not write .parquet files", "use .txt, .json, or"]),
    ("eval x*y --data semicolons.csv", ["'1,5' is not a number (--decimal , reads decimal commas)"]),
    ("eval x --data macintosh.csv", ["'macintosh.csv' has lines that end with CR alone"]),
    ("eval x --data nameless.csv --rename z=", ["--rename takes NEW=OLD"]),
    ("eval x --data nameless.csv --keep ,x", ["several columns of 'nameless.csv' have no name"]),
    ("eval x --x 0:1", ["x=0:1: a range is START:STOP:COUNT", "write a range as 0:1:11"]),
    ("eval x --x 0:1:2:3", ["x=0:1:2:3: a range is START:STOP:COUNT"]),
    ("eval x --x 0:1:1", ["x=0:1:1: COUNT must be at least 2"]),
    ("eval x --x 5,0:1:-3", ["x=0:1:-3: COUNT must be at least 2"]),
    ("eval x --x 0:1:2.5", ["x=0:1:2.5: COUNT must be an integer"]),
    ("eval x --x 0:1:1e20", ["x=0:1:1e20: COUNT is 1e+20, more than a table can have"]),
    ("eval x --x 0:1:inf", ["COUNT is inf"]),
    ("eval x --x 0:1:-inf", ["COUNT must be an integer"]),
    ("eval x --x 0:1:nan", ["COUNT must be an integer"]),
    ("eval x --x 0:inf:3", ["START and STOP must be finite"]),
    ("eval x --x 0::3", ["x=0::3: a range is START:STOP:COUNT"]),
    ("eval x --x 1,,2", ["x=1,,2: a value is empty: write several as 1,2,5"]),
    ("eval x --x 1,", ["x=1,: a value is empty"]),
    ("eval x --x 1,a", ["the value of x, 'a', is not a number"]),
    ("eval x --x 1,000", ["the value of x, '000', is not a number", "leading zeros"]),
    ("eval x*y --x [1,2] --y 0:1:3", ["the value of x, '[1,2]', is an array where a number is needed"]),
    ("eval x*y --x 1,2", ["no value for y"]),
    ("eval x*y --x 0:1:1e10 --y 0:1:1e10", ["a grid of"]),
    ("graph x --x 1,2", ["the value of x, '1,2', is several"]),
]


@pytest.mark.parametrize(("line", "texts"), MISTAKES, ids=[line for line, _ in MISTAKES])
def test_mistakes(line, texts, run, tmp_path):
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.iterdir())
    done = run(line.split())
    assert done.status == 2
    assert done.err.startswith("adcli: ")
    assert done.err.count("\n") in (1, 3)
    for text in texts:
        assert text in done.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_column_that_occurs_twice_may_be_unused(run):
    table = b'x,note,"note",,\n1,a,b,c,d\n'
    words = ["eval", "2x", "--data", "-", "--format"]
    assert run([*words, "csv"], table).out == 'x,note,"note",,,f\n1,a,b,c,d,2.0\n'
    assert run([*words, "json"], table).out == (
        '{"x": 1.0, "note": "a", "note.1": "b", "": "c", "column.1": "d", "f": 2.0}\n'
    )
    assert run([*words, "csv", "--keep", "x"], table).out == "x,f\n1,2.0\n"
    for used in (["--keep", "note"], ["--rename", "y=note"]):
        assert "the column 'note' occurs twice" in run([*words, "csv", *used], table).err


def test_time_is_linear_in_the_columns():
    """Each name is looked up once, where a list of 20 000 names would be searched 20 000 times."""
    names = [CountedName(f"c{number % 500}") for number in range(1000)]
    before = CountedName.comparisons
    assert len(set(name_columns(names)[0])) == 1000
    assert 0 < CountedName.comparisons - before < 5000


@pytest.mark.parametrize("source", ["t.npy", "t.npz", "t.csv", "bad.csv", pytest.param("t.parquet", marks=POLARS)])
@POLARS
def test_a_table_without_rows_keeps_its_types(source, run, tmp_path):
    import polars as pl

    empty = np.empty(0, dtype=[("n", "i4"), ("x", "f8")])
    np.save("t.npy", empty)
    np.savez("t.npz", n=empty["n"], x=empty["x"])
    pl.DataFrame({"n": empty["n"], "x": empty["x"]}).write_parquet("t.parquet")
    (tmp_path / "t.csv").write_text("n,x\n")
    (tmp_path / "bad.csv").write_text("n,x\n1,a\n")
    words = ["eval", "x", "--on-error", "skip", "--data", source]
    assert run([*words, "-o", "out.parquet"]).status == 0
    n = pl.String if source.endswith("csv") else pl.Int32
    assert dict(pl.read_parquet("out.parquet").schema) == {"n": n, "x": pl.Float64, "f": pl.Float64}
    assert run([*words, "--format", "csv"]).out == "n,x,f\n"
    if n == pl.Int32:
        assert run([*words, "-o", "out.npy"]).status == 0
        assert np.load("out.npy").dtype == [("n", "i4"), ("x", "f8"), ("f", "f8")]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (b"\x89HDF\r\n", "an HDF5 or NetCDF file"), (b"CDF\x01\0", "a NetCDF file"), (b"ORC\x82", "an ORC file"),
        (b"\xd0\xcf\x11\xe0", "an old Excel file"), (b"SQLite format 3\0", "an SQLite database"),
        (b"Obj\x01", "an Avro file"), (b"%PDF-1.4", "a PDF"), (b"\x89PNG\r\n", "a picture"),
        (b"<!DOCTYPE html>", "a web page"),
        (b"<?xml version", "XML"), (b"7z\xbc\xaf", "an archive"),
    ],
)  # fmt: skip
def test_a_format_that_is_not_read_is_named(head, title, run, tmp_path):
    (tmp_path / "t.csv").write_bytes(head)
    done = run(["eval", "x", "--data", "t.csv"])
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"adcli: 't.csv' is {title}: ")


@pytest.mark.parametrize(("member", "title"), [("xl/workbook.xml", "an Excel file"), ("a.csv", "a zip archive")])
def test_an_archive_without_arrays_is_named(member, title, run):
    with ZipFile("t.zip", "w") as archive:
        archive.writestr(member, "")
    assert f"'t.zip' is {title}" in run(["eval", "x", "--data", "t.zip"]).err


@pytest.mark.parametrize("name", ["ORC", "CDF", "Obj"])
def test_a_column_may_be_called_like_a_format(name, run):
    assert run(["eval", "x", "--data", "-", "--format", "value"], f"{name},x\n1,2\n".encode()).out == "2.0\n"


def test_fortran_order_is_read_from_a_pipe_and_from_gzip(run, tmp_path):
    data = saved(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], order="F"))
    (tmp_path / "t.npy.gz").write_bytes(gzip.compress(data))
    for source, stdin in (("-", data), ("t.npy.gz", b"")):
        assert run(["eval", "x*y", "--data", source, "--format", "value"], stdin).out == "2.0\n12.0\n30.0\n"
