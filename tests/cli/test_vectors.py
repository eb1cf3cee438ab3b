"""Columns as vectors: one for ``@FILE:COLUMN``, all for ``--whole``."""

from __future__ import annotations

import json

import numpy as np
import pytest

from .conftest import POLARS, assert_refused

TABLE = b"id,t,y\n007,0,2.1\n008,1,1.2\n009,2,0.75\n"
LOSS = "sum((y - a*exp(-k*t))^2)"
VECTORS = ["--t", "[0, 1, 2]", "--y", "[2.1, 1.2, 0.75]"]


@pytest.fixture(autouse=True)
def files(tmp_path):
    (tmp_path / "m.csv").write_bytes(TABLE)
    (tmp_path / "m.tsv").write_bytes(TABLE.replace(b",", b"\t"))
    (tmp_path / "m.ndjson").write_bytes(b'{"t": 0, "p": {"y": 2.1}}\n{"t": 1, "p": {"y": 1.2}, "more": 0}\n')
    np.savez(tmp_path / "m.npz", t=[0.0, 1.0, 2.0], y=[1, 2, 3])
    np.save(tmp_path / "m.npy", np.array([(0.0, 2.1), (1.0, 1.2)], dtype=[("t", float), ("y", float)]))
    return tmp_path


def test_one_column_of_each_format(run):
    for name, column, expected in [
        ("m.csv", "t", [0.0, 1.0, 2.0]), ("m.tsv", "y", [2.1, 1.2, 0.75]),
        ("m.ndjson", "t", [0.0, 1.0]), ("m.ndjson", "p.y", [2.1, 1.2]), ("m.npz", "y", [1.0, 2.0, 3.0]),
        ("m.npy", "t", [0.0, 1.0]),
    ]:  # fmt: skip
        assert json.loads(run(["eval", "v", "--v", f"@{name}:{column}", "--json"]).out)["value"] == expected


@POLARS
def test_columns_of_parquet_and_arrow(run):
    for name in ("m.parquet", "m.feather", "m.csv.xz"):
        assert run(["eval", "t", "--data", "m.csv", "--keep", "none", "-o", name]).status == 0
        assert run(["eval", "sum(v)", "--v", f"@{name}:t"]).out == "f  3.0\n"
        if name != "m.csv.xz":
            assert "is a table (" in run(["eval", "sum(v)", "--v", f"@{name}"]).err


def test_a_file_with_a_colon_wins(run, tmp_path):
    (tmp_path / "m.csv:t").write_text("5\n6\n")
    assert run(["eval", "sum(v)", "--v", "@m.csv:t"]).out == "f  11.0\n"
    (tmp_path / "n:n.csv").write_text("t\n5\n")
    assert run(["eval", "sum(v)", "--v", "@n:n.csv:t"]).out == "f  5.0\n"


def test_whole_is_the_same_as_vectors(run):
    for words in (["grad"], ["hess"], ["hvp", "da=1"], ["eval"], ["jvp", "dk=2"]):
        command, *rest = words
        done = run([command, LOSS, "--data", "m.csv", "--whole", "a=2", "k=0.5", "--json", *rest])
        assert done == run([command, LOSS, *VECTORS, "a=2", "k=0.5", "--json", *rest])
        assert done.status == 0
    stdin = run(["eval", LOSS, "--data", "-", "--whole", "a=2", "k=0.5"], TABLE)
    assert stdin == run(["eval", LOSS, *VECTORS, "a=2", "k=0.5"])
    both = run(["eval", "sum(t*w)", "--data", "m.csv", "--data", "m.csv", "--whole", "--w", "[1, 1, 1, 1, 1, 2]"])
    assert both.out == "f  8.0\n"
    renamed = ["eval", "sum(x)", "--data", "m.csv", "--whole", "--rename", "x=t"]
    assert run(renamed).out == "f  3.0\n"
    assert run(["check", LOSS, "--data", "m.csv", "--whole", "a=2", "k=0.5"]).status == 0


def test_bad_rows_of_vectors(run, tmp_path):
    (tmp_path / "bad.csv").write_text("t,y\n1,2\nx,3\n5,6\n")
    words = ["eval", "sum(t*y)", "--data", "bad.csv", "--whole"]
    assert "'bad.csv', line 3, column t: 'x' is not a number: use --on-error" in run(words).err
    done = run([*words, "--on-error", "skip"])
    assert (done.status, done.out) == (0, "f  32.0\n")
    assert done.err.startswith("note: 1 bad row left out")
    assert run([*words[:2], "--y", "@bad.csv:y", "--t", "@bad.csv:y"]).out == "f  49.0\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["grad", LOSS, "--data", "m.csv", "a=2", "k=1"], "--whole takes the columns as vectors"),
        (["taylor", "t", "--data", "m.csv", "--whole"], "--whole is an option of grad and others that take arrays"),
        (["eval", "sum(t)", "--data", "m.csv", "--whole", "--keep", "y"], "--keep does not go with --whole"),
        (["eval", "sum(t)", "--data", "m.csv", "--whole", "-o", "x.npy"], "which npy cannot hold: use text"),
        (["eval", "t", "--whole", "t=1"], "--whole needs a table"),
        (["eval", "z", "--data", "m.csv", "--whole", "z=1"], "--whole: no column is a variable"),
        (["eval", "sum(T)", "--T", "@m.csv:T"], "has no column 'T': did you mean 't'?"),
        (["eval", "sum(T)", "--T", "@m.csv:y", "--data", "m.csv"], "is an array where a number is needed"),
        (["eval", "sum(T)", "--T", "@m.csv:"], "'m.csv:' has no column"),
        (["eval", "sum(T)", "--T", "@none.csv:t"], "cannot read 'none.csv'"),
        (["eval", "sum(T)", "--T", "@m.csv"], "or name one of its columns, as in @FILE:T"),
    ],
)
def test_messages(words, message, run, tmp_path):
    before = sorted(tmp_path.iterdir())
    assert_refused(run(words), message)
    assert sorted(tmp_path.iterdir()) == before


def test_an_empty_table_is_no_vector(run, tmp_path):
    (tmp_path / "empty.csv").write_text("t,y\n")
    assert "has no rows" in run(["eval", "sum(v)", "--v", "@empty.csv:t"]).err
    assert "has no rows" in run(["eval", "sum(t)", "--data", "empty.csv", "--whole"]).err
