"""Many files as one data set: which files a word means, their columns, and directories of parts."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from adcli.parts import data_set, row_count
from adcli.parts.data_files import list_files
from adcli.parts.directory import PartDirectory, PartRecords
from adcli.tables.block import Table
from adcli.tables.formats import open_table
from adcli.tables.read_options import ReadOptions
from tests.sampling import SEED, long

from .conftest import ENVIRONMENT, POLARS, PYTHON, CountedName, assert_refused

KILLS = 20


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def write_partitions() -> None:
    write("in/k=1/a.csv", "id,x\n007,1.5\n008,0\n")
    write("in/k=2/b.csv", 'x,id\n2,"a,b"\n')
    write("in/_SUCCESS", "{}")
    write("in/k=2/.b.csv.crc", "crc")
    write("in/_temporary/b.csv", "id,x\n1,1\n")


def parts(folder: str) -> dict[str, bytes]:
    """The contents of the files in a directory that are not hidden."""
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.name[0] not in "._"}


def manifest(folder: str) -> dict[str, object]:
    return json.loads((Path(folder) / "_SUCCESS").read_text())  # type: ignore[no-any-return]


def test_words_for_many_files(run) -> None:
    write_partitions()
    expected = (0, 'id,x,k,f\n007,1.5,1,1.5\n008,0,1,0.0\n"a,b",2,2,4.0\n', "")
    write("list.txt", "in/k=1/a.csv\n\nin/k=2/b.csv\n")
    for word in ("in", "in/", "in/k=*", "in/*/*.csv", "in/**/*.csv", "in/**", "@list.txt"):
        assert run(["eval", "k*x", "--data", word, "--format", "csv"]) == expected, word
    twice = run(["eval", "k*x", "--data", "in/k=2", "--data", "in/k=1/*.csv", "--format", "csv"])
    assert twice.out.startswith("x,id,k,f\n2,")
    write("k[1]*.csv", "x\n3\n")  # a file of this name comes before the pattern
    assert run(["eval", "x", "--data", "k[1]*.csv", "--format", "csv"]).out == "x,f\n3,3.0\n"


def test_order_is_that_of_the_names(run) -> None:
    for name in ("b", "a/z", "a", "a-1", "k=10", "k=9"):
        write(f"in/{name}/rows.csv", f"x,name\n1,{name}\n")
    done = run(["eval", "1", "--data", "in/*", "--union", "--keep", "name", "--format", "csv"])
    names = [line.split(",")[0] for line in done.out.splitlines()[1:]]
    assert names == ["a", "a/z", "a-1", "b", "k=10", "k=9"]


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("--data no*.csv", ["no file matches 'no*.csv'"]),
        ("--data @no.txt", ["cannot read 'no.txt'"]),
        ("--data @empty.txt", ["'empty.txt' names no files"]),
        ("--data @bad.txt", ["'bad.txt': cannot read 'gone.csv'"]),
        ("--data readme", ["'readme/README.md' does not have the suffix of a table", "as in --data"]),
        ("--data hidden", ["there are no files in the directory 'hidden'"]),
        ("--data in/k=1/a.csv --data other.csv", ["'other.csv' has the columns id", "--union fills"]),
        ("--data - -o out/", ["standard input cannot be a part"]),
        ("--data in -o in/out/", ["-o 'in/out/': the directory belongs to the input 'in'"]),
        ("--data in/*/*.csv -o in/", ["the directory has the input 'in/k=1/a.csv'"]),
        ("--data text -o out/", ["from the directory, is not a number"]),
        ("x=0:1:3 -o out/", ["cannot write 'out/'", "the parts of --data"]),
        ("--data in -o out/ --format npy --digits 3", ["--digits does not go with npy"]),
        ("--data a.npz -o out/", ["-o 'out/': npz is not written", "--format npy"]),
        ("--data in -o out/ --compression lz4", ["--compression is for parquet and arrow, not csv"]),
        ("--data in/k=1/a.csv --keep none --whole -o out/", ["cannot write 'out/'"]),
        ("x=1 --union", ["--union needs a table"]),
        ("--data in -o foreign/", ["-o 'foreign/': 'foreign/notes.txt' is not of this run"]),
        ("--data in -o spark/", ["'spark/_SUCCESS' is not of this run"]),
    ],
)
def test_mistakes(words, texts, run) -> None:
    write_partitions()
    write("empty.txt", "\n")
    write("bad.txt", "in/k=1/a.csv\ngone.csv\n")
    write("readme/README.md", "# x")
    write("hidden/_x.csv", "x\n1\n")
    write("other.csv", "id\n1\n")
    write("foreign/notes.txt", "")
    write("spark/_SUCCESS", "")
    write("text/k=two/a.csv", "x\n1\n")
    np.savez("a.npz", x=np.arange(3.0))
    expression = "k*x" if "text" in words else "x"
    assert_refused(run(["eval", expression, *words.split()]), *texts)
    assert not os.path.exists("out/_SUCCESS")


@pytest.mark.parametrize("words", ["x*y --data d/a.csv d/b.csv", "--data d/a.csv d/b.csv x*y"])
def test_a_pattern_that_the_shell_expanded(words, run) -> None:
    write("d/a.csv", "x,y\n1,2\n")
    write("d/b.csv", "x,y\n1,2\n")
    assert (
        "quote a pattern, or the shell puts files in its place: --data 'd/*.csv'" in run(["eval", *words.split()]).err
    )


def test_columns_of_directories_have_types(run) -> None:
    write("in/n=1/day=01/at=0.5/city=New%20York/a.csv", "x\n2\n")
    write("in/n=2/day=02/at=1.5/city=__HIVE_DEFAULT_PARTITION__/a.csv", "x\n3\n")
    done = run(["eval", "x", "--data", "in", "--json"])
    assert run(["eval", "x*day", "--data", "in", "--keep", "none", "--format", "value"]).out == "2.0\n6.0\n"
    first, second = map(json.loads, done.out.splitlines())
    assert first == {"x": 2.0, "n": 1, "day": "01", "at": 0.5, "city": "New York", "f": 2.0}
    assert second == {"x": 3.0, "n": 2, "day": "02", "at": 1.5, "city": "", "f": 3.0}


def test_union_fills_columns(run) -> None:
    write("a.csv", "x,note\n1,one\n")
    write("b.csv", "y,x\n5,2\n")
    files = ["--data", "a.csv", "--data", "b.csv"]
    assert run(["eval", "x", *files]).status == 2
    done = run(["eval", "x", *files, "--union", "--format", "csv"])
    assert done == (0, "x,note,y,f\n1,one,,1.0\n2,,5,2.0\n", "")
    done = run(["eval", "x*y", *files, "--union", "--format", "csv"])
    assert (done.status, done.out) == (0, "x,note,y,f\n1,one,,nan\n2,,5,10.0\n")
    assert "1 of 2 rows has a missing cell" in done.err
    assert run(["eval", "x*y", *files, "--union", "--format", "csv", "--strict"]).status == 1
    write("c.ndjson", '{"x": 4, "y": null}\n')
    done = run(["eval", "x", *files, "--data", "c.ndjson", "--union", "--json"])
    assert done.out.splitlines()[-1] == '{"x": 4, "note": "", "y": null, "f": 4.0}'


def test_union_leaves_out_what_a_directory_does_not_name(run) -> None:
    write("in/b.csv", "x\n3\n")
    write("in/k=1/a.csv", "x\n2\n")
    done = run(["eval", "x", "--data", "in", "--union", "--format", "csv"])
    assert done == (0, "x,k,f\n3,,3.0\n2,1,2.0\n", "")


def test_missing_cells_of_directories_are_those_of_the_table(run) -> None:
    for name in ("1", "nan", "-9"):
        write(f"in/k={name}/a.csv", "x\n2\n")
    done = run(["eval", "k*x", "--data", "in", "--keep", "none", "--format", "value", "--na", "-9"])
    assert done.out == "nan\n2.0\nnan\n"
    assert "1 of 3 rows has a missing cell; the first: 'in/k=-9/a.csv', line 2, k" in done.err
    write("in/k=NA/a.csv", "x\n2\n")
    assert run(["eval", "k*x", "--data", "in"]).status == 2
    assert "2 of 4 rows have a missing cell" in run(["eval", "k*x", "--data", "in", "--na", "NA,-9"]).err


def test_time_of_a_union_is_linear_in_the_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_names(path: str, options: ReadOptions | None, folder: str) -> Table:
        table = open_table(path, options, folder)
        table.columns = [CountedName(name) for name in table.columns]
        return table

    monkeypatch.setattr(data_set, "open_table", open_names)
    files = []
    for letter in "ab":
        files.append(str(tmp_path / f"{letter}.csv"))
        write(files[-1], ",".join(f"{letter}{number}" for number in range(500)) + "\n")
    before = CountedName.comparisons
    with (
        closing(data_set.DataSet(list_files(files), union=True)) as data,
        closing(data.first),
        closing(data.open(1)) as last,
    ):
        assert len(last.columns) == 1000
    assert 0 < CountedName.comparisons - before < 20_000


@POLARS
def test_union_keeps_types(run) -> None:
    import polars as pl

    pl.DataFrame({"x": [1.0]}).write_parquet("a.parquet")
    pl.DataFrame({"n": [7], "x": [2.0]}).write_parquet("b.parquet")
    assert run(["eval", "x", "--data", "[ab].parquet", "--union", "-o", "out.parquet"]).status == 0
    frame = pl.read_parquet("out.parquet")
    assert frame.schema == {"x": pl.Float64, "n": pl.Int64, "f": pl.Float64}
    assert frame["n"].to_list() == [None, 7]


def test_parts_are_the_rows_of_their_files(run) -> None:
    write_partitions()
    whole = run(["grad", "k*log(x)", "--data", "in", "--format", "csv"])
    done = run(["grad", "k*log(x)", "--data", "in", "-o", "out/"])
    assert done == (0, "", whole.err)
    texts = parts("out")
    first, second = sorted(texts)
    assert texts[first] + texts[second].split(b"\n", 1)[1] == whole.out.encode()
    made = manifest("out")
    assert [part["name"] for part in made["parts"]] == [first, second]
    assert [part["bytes"] for part in made["parts"]] == [len(texts[first]), len(texts[second])]
    assert (made["rows"], made["backend"], made["expression"]) == (3, "numpy", "k*log(x)")
    assert set(os.listdir("out")) == {first, second, "_SUCCESS"}
    assert run(["eval", "f", "--data", "out", "--keep", "none", "--format", "value"]).status == 0


def test_the_same_command_computes_what_is_missing(run, monkeypatch) -> None:
    write_partitions()
    words = ["grad", "k*x", "--data", "in", "-o", "out/"]
    assert run(words).status == 0
    before, record = parts("out"), manifest("out")
    times = {name: os.stat(f"out/{name}").st_mtime_ns for name in before}
    assert run(words).err == "note: 'out/' is complete, with 2 parts\n"
    lost = sorted(before)[1]
    os.unlink(f"out/{lost}")
    assert run(words) == (0, "", "")
    assert (parts("out"), manifest("out")) == (before, record)
    kept = sorted(before)[0]
    assert os.stat(f"out/{kept}").st_mtime_ns == times[kept]
    assert run([*words, "--strict", "--threads", "1"]).status == 0
    for other in (["--keep", "none"], ["--digits", "3"], ["--format", "tsv"], ["--backend", "python"]):
        done = run([*words, *other])
        assert done.status == 2, other
        assert "is not of this run" in done.err
    assert run(["grad", "k*x + 1", *words[2:]]).status == 2
    write("in/k=2/b.csv", "id,x\n1,2\n3,4\n")
    assert f"'out/{lost}' is not of this run" in run(words).err
    os.unlink(f"out/{lost}")
    assert run(words) == (0, "", "")
    assert set(parts("out")) & set(before) == {kept}
    assert manifest("out")["rows"] == 4


def test_progress_of_parts_counts_each_file_once(run, monkeypatch) -> None:
    for name in "abcd":
        write(f"in/{name}.csv", "x\n1\n2\n")
    seen = []
    monkeypatch.setattr("adcli.cli.progress.Progress.show", lambda self, rows, part: seen.append((rows, part)))
    words = ["eval", "x", "--data", "in", "-o", "out/"]
    assert run(words).status == 0
    names = sorted(parts("out"))
    for name in names[1::2]:
        os.unlink(f"out/{name}")
    assert run(words).status == 0
    assert seen == [(2, 0.25), (4, 0.5), (6, 0.75), (8, 1.0), (6, 0.75), (8, 1.0)]


def test_parts_keep_their_dialect(run) -> None:
    write("in/a.csv", "x;n\n1,5;a\n;b\n")
    write("in/kk/b.csv", "n;x\n-;2,5\n")
    write("in/kk/c.csv", "n;x\n-;NA\n")
    words = ["eval", "2*x", "--data", "in", "--decimal", ",", "--na", "NA", "-o", "out/"]
    first = run(words)
    assert first.status == 0
    assert "2 of 4 rows have a missing cell; the first: 'in/a.csv', line 3, x" in first.err
    texts = parts("out")
    assert [texts[name] for name in sorted(texts)] == [
        b"x;n;f\n1,5;a;3,0\n;b;nan\n", b"x;n;f\n2,5;-;5,0\n", b"x;n;f\nNA;-;nan\n"
    ]  # fmt: skip
    again = run(words)
    assert again.err.replace("note: 'out/' is complete, with 3 parts\n", "") == first.err
    assert run([*words, "--where", "x > 2"]).status == 2


def test_notes_count_the_parts_of_earlier_runs(run) -> None:
    write("in/a.csv", "x\n-1\n4\n")
    write("in/b.csv", "x\noops\n-2\n9\n")
    words = ["eval", "sqrt(x)", "--data", "in", "--on-error", "skip", "-o", "out/", "--strict"]
    first = run(words)
    assert first.status == 1
    assert "1 bad row left out; the first: 'in/b.csv', line 2" in first.err
    assert "2 of 4 rows are undefined; the first: 'in/a.csv', line 2" in first.err
    again = run(words)
    assert again.status == 1
    assert again.err == f"note: 'out/' is complete, with 2 parts\n{first.err}"
    os.unlink(f"out/{min(parts('out'))}")
    assert run(words).err == first.err


def test_the_record_of_a_run_does_not_grow_with_its_parts(tmp_path) -> None:
    """Each worker of a cluster reads it."""
    path, names = f"{tmp_path}/out/", ["part-0.csv", "part-1.csv"]
    facts = [{"name": name, "rows": 3} for name in names]
    directory = PartDirectory(path, "run")
    directory.begin({"backend": "numpy"})
    for name, each in zip(names, facts, strict=True):
        directory.add(name, each)
        write(f"{path}{name}", "")
    again = PartDirectory(path, "run")
    assert list(again.read_facts(names)) == facts
    again.begin({"backend": "numpy"})
    assert PartRecords(path, "run").read_run() == {"backend": "numpy", "run": "run"}
    for name in names:
        os.unlink(f"{path}_parts/{name}.json")
    assert list(PartDirectory(path, "run").read_facts(names)) == facts
    assert PartRecords(path, "other").read_run() is None


def test_a_file_that_fails_does_not_stop_the_others(run) -> None:
    for name in "abcd":
        write(f"in/{name}.csv", "x\n1\n")
    write("in/b.csv", "x\noops\n")
    write("in/c.csv", "z\n1\n")
    words = ["eval", "x", "--data", "in", "-o", "out/"]
    done = run(words)
    assert done.status == 2
    assert done.err.startswith("adcli: 'in/b.csv', line 2, column x: 'oops' is not a number: ")
    assert done.err.endswith(
        "2 of 4 parts are written; another one failed; the same command computes what is missing\n"
    )
    assert len(parts("out")) == 2
    assert not os.path.exists("out/_SUCCESS")
    unfinished = run(["eval", "x", "--data", "out"])
    assert unfinished.status == 2
    assert "the directory 'out' lacks parts, because its run did not end: run its command again" in unfinished.err
    assert run(["eval", "x", "--data", "out/*", "--keep", "none", "--format", "value"]).out == "1.0\n1.0\n"
    write("in/b.csv", "x\n1\n")
    write("in/c.csv", "x\n1\n")
    assert run(words) == (0, "", "")
    assert len(parts("out")) == 4


@pytest.mark.parametrize("suffix", ["csv", "tsv", "ndjson", "npy", "csv.gz", pytest.param("parquet", marks=POLARS)])
def test_parts_have_the_format_of_the_input(suffix, run) -> None:
    os.makedirs("in")
    for name, x in (("a", "0.5,1.5"), ("b", "2.5,3.5")):
        assert run(["eval", "x**2", "--x", x, "-o", f"in/{name}.{suffix}"]).status == 0
    assert run(["eval", "g = f + x; g", "--data", "in", "-o", "out/"]).status == 0
    assert all(name.endswith(f".{suffix}") for name in parts("out"))
    done = run(["eval", "g", "--data", "out", "--keep", "x", "--format", "csv"])
    assert done.out == "x,g,f\n0.5,0.75,0.75\n1.5,3.75,3.75\n2.5,8.75,8.75\n3.5,15.75,15.75\n"


BITS = "log(1 + exp(-x*y))/sqrt(1 + x**2 + y**2)*tanh(x - y) + x*y"


@pytest.mark.skipif(find_spec("llvmlite") is None, reason="llvmlite is not installed")
def test_bits_do_not_depend_on_files_or_threads(run, monkeypatch) -> None:
    monkeypatch.setattr("adcli.formula.backend_choice.FEW_ROWS", 400)
    monkeypatch.setattr("adcli.formula.backend_choice.MANY_ROWS", 1000)
    chance = np.random.default_rng(5)
    rows = [f"{x!r},{y!r}\n" for x, y in chance.normal(size=(1000, 2)).tolist()]
    write("one/all.csv", "x,y\n" + "".join(rows))
    for number, (start, stop) in enumerate([(0, 1), (1, 7), (7, 500), (500, 1000)]):
        write(f"many/{number}.csv", "x,y\n" + "".join(rows[start:stop]))
    one = run(["grad", BITS, "--data", "one", "--format", "csv"]).out
    assert run(["grad", BITS, "--data", "many", "--format", "csv", "--threads", "1"]).out == one
    assert run(["grad", BITS, "--data", "many", "--format", "csv", "--threads", "3"]).out == one
    assert run(["grad", BITS, "--data", "one", "--format", "csv", "--backend", "llvm"]).out == one
    assert run(["grad", BITS, "--data", "many", "-o", "out/"]).status == 0
    assert manifest("out")["backend"] == "llvm"
    texts = parts("out")
    assert b"".join(texts[name].split(b"\n", 1)[1] for name in sorted(texts)).decode() == one.split("\n", 1)[1]
    # The recorded backend holds when the data set becomes smaller than the limit.
    os.unlink("many/3.csv")
    os.unlink(f"out/{max(texts)}")
    assert run(["grad", BITS, "--data", "many", "-o", "out/"]).status == 0
    assert manifest("out")["backend"] == "llvm"


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "npy", "npz", "csv.gz", pytest.param("parquet", marks=POLARS)])
def test_rows_are_counted_up_to_a_limit(suffix, run) -> None:
    path = f"rows.{suffix}"
    if suffix == "npz":
        np.savez(path, x=np.arange(50.0))
    else:
        assert run(["eval", "x", "--x", "0:1:50", "-o", path]).status == 0
    assert row_count.count_rows(path, 100) == 50
    assert row_count.count_rows(path, 10) >= 10


@pytest.mark.skipif(os.name != "posix", reason="RLIMIT_FSIZE is of POSIX")
def test_a_full_disk_leaves_whole_parts(tmp_path) -> None:
    import resource

    folder = tmp_path / "in"
    folder.mkdir()
    for number, rows in enumerate([10, 10, 20_000, 10]):
        (folder / f"{number}.csv").write_text("x\n" + "0.3\n" * rows)
    command = [*PYTHON, "eval", "sin(x)", "--data", "in", "-o", "out/"]

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, preexec_fn=limit)
    assert done.returncode == 2
    assert b"File too large; 2 of 4 parts are written; the same command computes the rest\n" in done.stderr
    assert len(parts(str(tmp_path / "out"))) == 2
    assert not [name for name in os.listdir(tmp_path / "out") if name.startswith(".")]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=True)
    assert done.stderr == b""
    texts = parts(str(tmp_path / "out"))
    assert [texts[name].count(b"\n") for name in sorted(texts)] == [11, 11, 20_001, 11]


@long
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts a file system")
def test_a_full_file_system_leaves_whole_parts(tmp_path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("a file system cannot be mounted here")
    try:
        for number in range(8):
            (tmp_path / f"{number}.csv").write_text("x\n" + "0.3\n" * 10_000)
        command = [*PYTHON, "eval", "sin(x)", "--data", f"{tmp_path}/*.csv", "-o", f"{small}/out/"]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True)
        assert done.returncode == 2
        assert b"No space left on device; " in done.stderr
        texts = parts(f"{small}/out")
        assert 0 < len(texts) < 8
        assert {text.count(b"\n") for text in texts.values()} == {10_001}
        subprocess.run(["mount", "-o", "remount,size=8m", small], check=True)
        assert subprocess.run(command, env=ENVIRONMENT).returncode == 0
        assert [text.count(b"\n") for text in parts(f"{small}/out").values()] == [10_001] * 8
    finally:
        subprocess.run(["umount", small], check=True)


KILLED = """
import os, signal, sys
at = int(sys.argv.pop(1))
lines = 0

def trace(frame, event, argument):
    global lines
    lines += "part" in frame.f_code.co_filename or lines > 0
    if lines == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return trace if "adcli" in frame.f_code.co_filename else None

from adcli.cli import run
sys.settrace(trace)
run()
"""
TRACED_LINES = 25_000  # of a run over all files


@long
@pytest.mark.parametrize("suffix", ["csv", pytest.param("parquet", marks=POLARS)])
def test_killed_runs_lose_and_duplicate_nothing(suffix, tmp_path) -> None:
    chance = random.Random(SEED)
    for number in range(16):
        folder = tmp_path / f"in/k={number % 2}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{number:02}.{suffix}"
        ids = range(2000 * number, 2000 * (number + 1))
        if suffix == "csv":
            path.write_text("id,x\n" + "".join(f"{id},{id / 7!r}\n" for id in ids))
        else:
            import polars as pl

            pl.DataFrame({"id": list(ids), "x": [id / 7 for id in ids]}).write_parquet(path)
    words = ["grad", "sin(x)*k", "--data", "in"]
    subprocess.run([*PYTHON, *words, "-o", "whole/"], cwd=tmp_path, env=ENVIRONMENT, check=True)
    whole = parts(str(tmp_path / "whole"))
    assert len(whole) == 16
    out = tmp_path / "out"
    kills = 0
    left: dict[str, bytes] = {}  # what this test has left of a complete directory
    while kills < KILLS:
        if kills % 2:
            command = [sys.executable, "-c", KILLED, str(chance.randrange(1, TRACED_LINES)), *words, "-o", "out/"]
            done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True)
            status = done.returncode
        else:
            with subprocess.Popen([*PYTHON, *words, "-o", "out/"], cwd=tmp_path, env=ENVIRONMENT) as running:
                while running.poll() is None and not out.exists():
                    time.sleep(0.001)
                time.sleep(chance.random() * 0.3)
                running.kill()
            status = running.returncode
        assert status in (0, -signal.SIGKILL)
        kills += status != 0
        present = parts(str(out)) if out.exists() else {}
        assert present.items() <= whole.items(), "a part is cut off or has another name"
        if (out / "_SUCCESS").exists():
            assert present in (whole, left)  # a run that is killed at its start changes nothing
            if present == whole:
                for name in chance.sample(sorted(whole), 12):
                    (out / name).unlink()
                left = parts(str(out))
    subprocess.run([*PYTHON, *words, "-o", "out/"], cwd=tmp_path, env=ENVIRONMENT, check=True)
    assert parts(str(out)) == whole
    assert sorted(os.listdir(out)) == ["_SUCCESS", *sorted(whole)]
    record = manifest(str(out))
    assert (record["rows"], [part["name"] for part in record["parts"]]) == (32_000, sorted(whole))


def test_a_forgotten_slash_is_noted(run) -> None:
    write_partitions()
    done = run(["eval", "x", "--data", "in/*/*.csv", "-o", "parts"])
    assert (done.status, done.out) == (0, "")
    assert "note: 'parts' is aligned text" in done.err
    assert "-o parts/ makes a directory" in done.err
    assert run(["eval", "x", "--data", "in/*/*.csv", "-o", "parts", "--format", "text"]).err == ""
