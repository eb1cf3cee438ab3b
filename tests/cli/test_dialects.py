"""Tables as people write them: separators, decimal commas, comments, missing cells. Conditions on rows, and names."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.cli.command_group import command_names, load_command
from adcli.tables import delimited, source
from adcli.tables.delimited import Delimited
from adcli.tables.read_options import ReadOptions
from adcli.tables.source import Source
from tests.sampling import examples

from .conftest import POLARS

WAYS = [False, pytest.param(True, marks=POLARS)]
SNIFFED = "note: standard input is read with {} between its cells (--delimiter chooses another sign)\n"

# The bytes of a table, the words, and what is printed as CSV after the header.
READS = [
    (b"x;n\n1;a,b\n", "", b"x;n;f\n1;a,b;2.0\n", SNIFFED.format("';'")),
    (b"x|n\r\n1|a\r\n", "", b"x|n|f\r\n1|a|2.0\r\n", SNIFFED.format("'|'")),
    (b"x;n\n1,5;a\n", "--decimal ,", b"x;n;f\n1,5;a;3,0\n", SNIFFED.format("';'")),
    (b"x;n\n1,5;a\n", "--decimal , --delimiter ;", b"x;n;f\n1,5;a;3,0\n", ""),
    (b'x,n\n"1,5",a\n', "--decimal , --delimiter ,", b'x,n,f\n"1,5",a,"3,0"\n', ""),
    (b"x,n;m\n1,a\n", "", b"x,n;m,f\n1,a,2.0\n", ""),  # a comma wins
    (b"x;n\n1\n", "--rename x=x;n", b"x,f\n1,2.0\n", ""),  # the next row has no such cells
    (b"x n\n1 a\n", "--delimiter=%20", b"x n f\n1 a 2.0\n", ""),
    ("x§n\n1§a\n".encode(), "--delimiter §", "x§n§f\n1§a§2.0\n".encode(), ""),
    (b"x\tn\n1\ta\n", "--delimiter tab --keep none", b"x\tf\n1\t2.0\n", ""),
    (b"# one\nx,n\n# two\n1,a # b\n#\n2,\n", "--comment #", b"x,n,f\n1,a # b,2.0\n2,,4.0\n", ""),
    (b'x,n\n1,"a\n# b"\n# "c\n2,d\n', "--comment #", b'x,n,f\n1,"a\n# b",2.0\n2,d,4.0\n', ""),
    (b"\xef\xbb\xbftitle\n,\nx,n\n1,a\n", "--skip 2", b"\xef\xbb\xbfx,n,f\n1,a,2.0\n", ""),
    (b"1,a\n2,b\n", "--no-header --rename x=0", b"x,1,f\n1,a,2.0\n2,b,4.0\n", ""),
    (b"1\n2\n", "--no-header", b"x,f\n1,2.0\n2,4.0\n", ""),
    (b"# t\n1;a\r\n", "--no-header --rename x=0 --comment # --delimiter ;", b"x;1;f\r\n1;a;2.0\r\n", ""),
    ("x,ü\n1,é\n".encode("latin-1"), "--encoding latin-1", "x,ü,f\n1,é,2.0\n".encode("latin-1"), ""),
    ("x,€\n1,“\n".encode("cp1252"), "--encoding windows-1252", "x,€,f\n1,“,2.0\n".encode("cp1252"), ""),
    ("\ufeffx,é\n1,😀\n".encode("utf-16-be"), "--encoding utf-16", "\ufeffx,é,f\n1,😀,2.0\n".encode("utf-16-be"), ""),
    (b"x,\xc3\xa9\n1,a\n", "--encoding utf8", b"x,\xc3\xa9,f\n1,a,2.0\n", ""),
]


@pytest.mark.parametrize("chunk", [1 << 18, 5])
@pytest.mark.parametrize(("data", "words", "out", "note"), READS, ids=[f"{row[1]} {row[0]!r}" for row in READS])
def test_a_table_is_written_in_the_dialect_in_which_it_is_read(data, words, out, note, chunk, run, monkeypatch):
    for room in (source, delimited):
        monkeypatch.setattr(room, "CHUNK", chunk)
    options = [word.replace("%20", " ") for word in words.split()]
    Path("in.csv").write_bytes(data)
    done = run(["eval", "2x", "--data", "in.csv", *options, "-o", "out.csv"])
    assert (done.status, done.err) == (0, note.replace("standard input", "'in.csv'"))
    assert Path("out.csv").read_bytes() == out


def test_from_one_format_to_another_only_the_cells_are_carried(run):
    data = "x;n\n1,5;é,\n".encode("latin-1")
    words = ["eval", "2x", "--data", "-", "--decimal", ",", "--encoding", "latin-1"]
    assert json.loads(run([*words, "--json"], data).out) == {"x": 1.5, "n": "é,", "f": 3.0}
    assert run([*words, "--format", "tsv"], data).out == "x\tn\tf\n1,5\té,\t3,0\n"
    assert run([*words, "--format", "value"], data).out == "3.0\n"
    assert run(["eval", "2x", "--data", "-", "--format", "csv"], b"x\tn\n1\ta,b\n").out == 'x,n,f\n1,"a,b",2.0\n'


def test_a_tab_in_a_file_called_csv(run):
    Path("in.csv").write_bytes(b"x\tn\n1\ta\n")
    done = run(["eval", "2x", "--data", "in.csv", "--format", "csv"])
    assert (done.out, done.err) == (
        "x\tn\tf\n1\ta\t2.0\n",
        SNIFFED.format("a tab").replace("standard input", "'in.csv'"),
    )


def test_each_assumption_about_tables_is_said_once(run):
    for name, sign in zip("abcd", ",;;|", strict=True):
        Path(f"{name}.csv").write_text(f"x{sign}n\n1{sign}2\n", encoding="utf-8")
    words = ["eval", "2x+n", "--data", "?.csv", "--format", "value"]
    notes = SNIFFED.replace("standard input", "'{}.csv'")
    for each in (words, [*words[:-2], "-o", "out/"]):
        assert run(each).err == notes.format("b", "';'") + notes.format("d", "'|'")


CELLS = st.text("aé0 .'-,;|#", max_size=4)
NUMBERS = st.one_of(
    st.floats(-1e6, 1e6).map(repr), st.sampled_from(["", "NA", " ", " -", "-7", "-7.0", "007", "+.5", "1e-3", "nan"])
)


@st.composite
def dialects(draw):
    """A dialect, the bytes of a table in it with the columns n, x and y, its rows, and the values of x."""
    separator = draw(st.sampled_from(",;|\t §"))
    decimal = draw(st.sampled_from(".,")) if separator != "," else "."
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    encoding = draw(st.sampled_from(["", "latin-1", "utf-16-le"]))
    options = ReadOptions(separator, decimal, "#", draw(st.integers(0, 2)), True, encoding, ("NA", "-", "-7"))
    rows, values, lines = [], [], ["any;thing,"] * options.skip + [separator.join("nxy")]
    for _ in range(draw(st.integers(1, 6))):
        number = draw(NUMBERS)
        text = number.strip() if separator == " " else number
        cells = [draw(CELLS).replace(separator, "").lstrip("#"), text.replace(".", decimal), "1"]
        lines += [separator.join(cells), *draw(st.lists(st.just("#,; comment"), max_size=1))]
        rows.append(separator.join(cells))
        values.append(float("nan") if text.strip() in ("", "NA", "-", "-7", "-7.0") else float(text))
    return options, newline.join([*lines, ""]).encode(encoding or "utf-8"), rows, values


@pytest.mark.parametrize("fast", WAYS)
@settings(max_examples=examples(40))
@given(dialects())
def test_rows_and_numbers_are_those_of_the_table(fast, dialect):
    options, data, rows, values = dialect
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        table = Delimited(Source(file.name, options), "csv", fast=fast)
        blocks = list(table.blocks({"x": "x", "y": "y"}, table.columns))
        table.close()
    assert not any(block.problems for block in blocks)
    assert [line for block in blocks for line in block.lines.rows.cells] == rows
    numbers = np.concatenate([block.numbers["x"] for block in blocks])
    assert numbers.tobytes() == np.array(values).tobytes()
    missing = [block.missing.get("x", np.zeros(block.count, bool)) for block in blocks]
    stands_for_none = [row.split(options.delimiter)[1].strip() for row in rows]
    expected = [text in ("", "NA", "-", "-7", f"-7{options.decimal}0") for text in stands_for_none]
    assert np.concatenate(missing).tolist() == expected
    assert not any("y" in block.missing for block in blocks)


# ------------------------------------------------------------------ missing cells


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", b"id,x\n1,2\n2,\n3,NA\n4,-999\n5, \n"),
        ("t.tsv", b'id\tx\n1\t2\n2\t\n3\tNA\n4\t-999.0\n5\t""\n'),
        ("t.json", b'{"id":1,"x":2}\n{"id":2}\n{"id":3,"x":"NA"}\n{"id":4,"x":-999}\n{"id":5,"x":null}\n'),
    ],
)
def test_missing_cells_are_nan_and_counted_once(name, data, run):
    Path(name).write_bytes(data)
    words = ["grad", "x^2", "--data", name, "--na", "NA,-999", "--format", "value"]
    for mode in ("fail", "nan", "skip"):
        done = run([*words, "--on-error", mode])
        assert (done.status, done.out) == (0, "4.0\n4.0\n" + "nan\n" * 8)
        place = "line 2" if name == "t.json" else "line 3"
        assert done.err == f"note: 4 of 5 rows have a missing cell; the first: {place}, x\n"
    assert run([*words, "--strict"]).status == 1
    done = run(["eval", "x", "--data", name, "--format", "value"])
    assert done.status == 2
    assert "'NA' is not a number" in done.err or "'\"NA\"' is not a number" in done.err


def test_missing_numbers_of_typed_formats(run):
    np.save("t.npy", np.array([[1.0, 2.0], [-999.0, 3.0]]))
    np.savez("t.npz", x=np.array([1, -999]), y=np.array([2.0, 3.0]))
    for name in ("t.npy", "t.npz"):
        done = run(["eval", "x*y", "--data", name, "--na", "-999", "--format", "csv"])
        assert [line.split(",")[2] for line in done.out.splitlines()] == ["f", "2.0", "nan"]
        assert done.out.splitlines()[2].startswith("-999")  # what is carried through stays
        assert done.err == "note: 1 of 2 rows has a missing cell; the first: row 2, x\n"


@POLARS
def test_missing_numbers_of_many_json_rows(run):
    rows = [{"id": i, "x": -9 if i % 1000 == 5 else i} for i in range(5000)]
    Path("t.json").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run(["eval", "x", "--data", "t.json", "--na", "-9", "--where", "id < 4500", "--format", "value"])
    assert done.err == "note: 5 of 4500 rows have a missing cell; the first: line 6, x\n"
    assert done.out.splitlines().count("nan") == 5


@POLARS
def test_missing_numbers_of_parquet(run):
    import polars as pl

    frame = pl.DataFrame({"x": [1.0, None, -9.0, 4.0], "y": ["1", " NA", "2", "?"], "z": [1, 2, None, 4]})
    frame.write_parquet("t.parquet")
    words = ["eval", "x*y*z", "--data", "t.parquet", "--na", "NA,-9", "--on-error", "skip", "-o", "o.parquet"]
    done = run(words)
    assert done.status == 0
    assert done.err.splitlines() == [
        "note: 1 bad row left out; the first: 't.parquet', row 4, column y: '?' is not a number "
        "(--na '?' makes it a missing cell)",
        "note: 2 of 3 rows have a missing cell; the first: row 2, x, y",
    ]
    result = pl.read_parquet("o.parquet")
    assert result.drop("f").equals(frame[:3])
    assert np.array_equal(result["f"].to_numpy(), [1.0, np.nan, np.nan], equal_nan=True)


def test_check_leaves_out_rows_without_a_value(run):
    done = run(["check", "x^2", "--claim", "2x", "--data", "-"], b"x;n\n1;\n;a\n3;\n")
    assert (done.status, done.out.splitlines()[1][:26]) == (0, "  right at 2 points, to 0 ")
    assert done.err == SNIFFED.format("';'") + "note: 1 of 3 rows left out, because they have a missing cell\n"


def test_missing_cells_of_columns_that_are_vectors(run):
    Path("t.csv").write_bytes(b"x;n\n1;1\n;2\n4;3\n")
    words = ["eval", "sum(x)", "--data", "t.csv", "--whole"]
    done = run([*words, "--where", "x == x", "--name", "f=total"])
    assert (done.status, done.out, done.err) == (
        0,
        "total  5.0\n",
        SNIFFED.format("';'").replace("standard input", "'t.csv'"),
    )
    done = run(words)
    assert (done.status, done.out) == (1, "f  nan\n")
    assert "note: 1 row has a missing cell" in done.err
    assert "'t.csv', line 3: the cell is missing" in run(["eval", "sum(x)", "--x", "@t.csv:x"]).err


def test_parts_depend_on_the_dialect_and_the_condition(run):
    Path("in").mkdir()
    for name in ("a", "b"):
        Path(f"in/{name}.csv").write_bytes(b"# by a logger\nx;n\n1,5;1\n;2\n4;3\n")
    words = ["eval", "2x", "--data", "in", "-o", "out/", "--decimal", ",", "--comment", "#", "--where", "n > 1"]
    done = run([*words, "--name", "f=double"])
    assert done.status == 0
    assert "note: 2 of 4 rows have a missing cell; the first: 'in/a.csv', line 4, x" in done.err
    parts = sorted(Path("out").glob("*.csv"))
    assert [part.read_bytes() for part in parts] == [b"x;n;double\n;2;nan\n4;3;8,0\n"] * 2
    again = run([*words, "--name", "f=double", "--strict"])
    assert (again.status, "is complete" in again.err) == (1, True)
    assert run([*words, "--name", "f=other"]).status == 2


# ------------------------------------------------------------------ conditions on rows

ROWS = b"id,x,kind\n1,1.5,a\n2,,b\n3,4,c\n4,2,d\n"


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("id > 1", "234"),
        ("1 < id <= 3 and not id == 2", "3"),
        ("x > 0", "134"),  # comparisons with a missing number are false
        ("x != 2", "123"),  # except this one
        ("x == x", "134"),
        ("s = id*k; s >= 6", "34"),
        ("where(id > 2, x, 0) > 2", "3"),
        ("k == 2", "1234"),
        ("1 > 2", ""),
    ],
)
def test_rows_are_those_that_satisfy_the_condition(condition, ids, run):
    done = run(["eval", "2x*k", "k=2", "--data", "-", "--where", condition, "--format", "csv"], ROWS)
    assert done.status == 0
    lines = ROWS.decode().splitlines()
    assert [line.rsplit(",", 2)[0] for line in done.out.splitlines()] == [lines[0], *[lines[int(id)] for id in ids]]
    assert ("missing cell" in done.err) == ("2" in ids)


def test_a_column_of_the_condition_keeps_its_type(run):
    done = run(["eval", "x", "--data", "-", "--where", "id == 3", "--json"], ROWS)
    assert json.loads(done.out) == {"id": "3", "x": 4.0, "kind": "c", "f": 4.0}
    assert run(["eval", "x", "--data", "-", "--where", "id == 3", "--keep", "none", "--format", "csv"], ROWS).out == (
        "x,f\n4,4.0\n"
    )
    done = run(["eval", "y", "--data", "-", "--rename", "y=x", "--where", "y > 2", "--format", "csv"], ROWS)
    assert done.out == "id,y,kind,f\n3,4,c,4.0\n"


def test_bad_rows_come_before_the_condition(run):
    words = ["eval", "id", "--data", "-", "--where", "x > 0", "--format", "value"]
    data = b"id,x\n1,1\n2,two\n3,3\n"
    assert run(words, data).status == 2
    for mode in ("nan", "skip"):
        done = run([*words, "--on-error", mode], data)
        assert (done.status, done.out) == (0, "1.0\n3.0\n")
        assert "1 bad row" in done.err


def test_a_condition_over_several_tables_and_blocks(run, monkeypatch):
    monkeypatch.setattr(source, "CHUNK", 64)
    for name, start in (("a.csv", 0), ("b.csv", 100)):
        Path(name).write_text("x,n\n" + "".join(f"{start + i},{i % 10}\n" for i in range(100)), encoding="utf-8")
    done = run(["eval", "x", "--data", "a.csv", "--data", "b.csv", "--where", "n == 7", "--format", "value"])
    assert [float(line) for line in done.out.splitlines()] == [10.0 * i + 7 for i in range(20)]


# ------------------------------------------------------------------ names of results


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ("eval x*y --name f=price", "price"),
        ("grad x*y --name f=price", "price,dprice_dx,dprice_dy"),
        ("grad x*y --name f=price --name df/dx=delta", "price,delta,dprice_dy"),
        ("grad x*y --name df_dy=vega", "f,df_dx,vega"),
        ("jac p=x*y;[p,x] --name p=q --name f2=r", "q,r,dq_dx,dq_dy,dr_dx,dr_dy"),
        ("hess x*y --wrt x --name f=df", "df,ddf_dx,d2df_dx2"),
        ("hvp x*y --dx 1 --name f=a --name hvp_x=b", "a,b,hvp_y"),
        ("jvp x*y --dx 1 --name jvp=v", "f,v"),
        ("taylor x*y --wrt x --order 1 --name c1=slope", "c0,slope"),
        ("implicit x*y=6 --of y --name dy/dx=s", "s"),
    ],
)
def test_derivatives_follow_the_name_of_their_value(line, header, run):
    command, expression, *words = line.split()
    points = ["--x", "2,4", "--y", "3,1.5", "--zip"]
    done = run([command, expression, *words, *points, "--format", "csv"])
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0].split(",")[-header.count(",") - 1 :] == header.split(",")
    one = run([command, expression, *words, "x=2", "y=3"])
    assert [row.split()[0].replace("/", "_") for row in one.out.splitlines()] == header.split(",")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--name", "price=f"], "--name: there is no result 'price': it is OLD=NEW: did you mean 'f=price'?"),
        (["--name", "g=h"], "--name: there is no result 'g': the results are f, df/dx"),
        (["--name", "f"], "--name takes OLD=NEW, not 'f': as in --name f=price"),
        (["--name", "f=a b"], "--name: 'a b' is not a name"),
        (["--name", "df/dx=a", "--name", "df_dx=b"], "--name gives the result 'df_dx' two names: leave one out"),
        (["--name", "f=df_dx", "--name", "df_dx=df_dx"], "two results have the name 'df_dx'"),
        (["--name", "f=x", "--format", "csv"], "the input column 'x' has the name of a result"),
        (["--na", "3"], "--na needs a table: --data FILE names it; na=VALUE, without --, is a variable"),
        (["--where", "x > 1"], "--where needs a table"),
        (["--no-header"], "--no-header needs a table"),
        (["--data", "t.csv", "--where", "x"], "--where: a condition is needed here (column 1)"),
        (["--data", "t.csv", "--where", "x = 1"], "--where: there is no condition (column 3): write == to compare"),
        (["--data", "t.csv", "--where", "z > 1"], "no column of 't.csv' is called z"),
        (["--data", "t.csv", "--where", "e > 1"], "'e' is a constant here, and 't.csv' has a column of this name"),
        (["--data", "t.csv", "--where", "sum(x) > 1"], "(column 1): a condition compares numbers of a row"),
        (["--data", "t.csv", "--delimiter", "ab"], "--delimiter takes one character, not 'ab'"),
        (["--data", "t.csv", "--decimal", ";"], "';' is not one of '.', ','"),
        (["--data", "t.csv", "--comment", " "], "--comment takes the text that begins a comment"),
        (["--data", "t.csv", "--encoding", "rot13"], "--encoding: 'rot13' is not an encoding of text"),
        (["--data", "t.csv", "--encoding", "ascii", "--delimiter", "|"], "no column of 't.csv' is called x"),
        (["--data", "t.csv", "--delimiter", ";"], "its one column is 'x,e'; --delimiter chooses"),
        (["--data", "t.csv", "--skip", "9"], "'t.csv' has no rows"),
        (["--data", "t.npy", "--skip", "1"], "--skip does not go with npy, which 't.npy' is: leave it out"),
        (["--data", "hash.csv"], "its first line begins with #; --comment '#' leaves out comments, --skip N lines"),
        (["--data", "ragged.csv"], "'ragged.csv', line 3 has 1 cell and not 2 (--comment '#' leaves out comments)"),
    ],
)
def test_mistakes(words, message, run):
    Path("t.csv").write_bytes(b"x,e\n1,2\n")
    Path("hash.csv").write_bytes(b"# by a logger\nx,e\n1,2\n")
    Path("ragged.csv").write_bytes(b"x,e\n1,2\n# end\n")
    np.save("t.npy", np.ones((2, 1)))
    done = run(["grad", "x**2", *([] if "--data" in words else ["x=2"]), *words])
    assert (done.status, done.out if "ragged.csv" not in words else "") == (2, "")
    assert message in done.err
    assert done.err.startswith("adcli: ")


def test_every_command_with_tables_has_all_of_these_options() -> None:
    wanted = {"--where", "--delimiter", "--decimal", "--comment", "--skip", "--no-header", "--encoding", "--na"}
    for name in command_names():
        options = {option for param in load_command(name).params for option in param.opts}
        assert "--data" not in options or wanted <= options, name
