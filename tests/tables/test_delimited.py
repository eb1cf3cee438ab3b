"""CSV and TSV: what is carried through keeps every byte, on the careful way and on the fast one alike."""

from __future__ import annotations

import csv
import io
import math
import struct
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.errors import RequestError
from adcli.tables import delimited, polars_csv, source
from adcli.tables.column import parse_numbers
from adcli.tables.delimited import Delimited
from adcli.tables.delimited_writer import DelimitedWriter
from adcli.tables.read_options import DEFAULTS
from adcli.tables.source import Source
from adcli.tables.writer import Heading
from tests.sampling import examples

QUIET = settings(max_examples=examples(40))
WAYS = [
    False,
    pytest.param(True, marks=pytest.mark.skipif(not polars_csv.is_installed(), reason="Polars is not installed")),
]

PLAIN_SPELLING = st.text("aé0 .-'#;\t,\"\n\r\\", max_size=6)
FIXED = st.sampled_from(
    [
        "",
        "007",
        "2024-01-31",
        "9007199254740993",
        "1.10",
        "NA",
        " x ",
        "nan",
        "-",
        "1e5",
        "true",
        "\ufeff",
        "5' 3\"",
        "é",
    ]
)
TEXTS = st.one_of(FIXED, PLAIN_SPELLING)
NUMBERS = st.one_of(
    st.floats(allow_nan=False).map(repr),
    st.sampled_from(["1", "+1.50", " 2 ", ".5", "5.", "1E3", "-inf", "NaN", "9007199254740993", '"1.5"', "0x1p3"[:1]]),
)


def written(text: str, separator: str, always: bool) -> str:
    """A cell as a program might write it."""
    if always or any(c in text for c in f'{separator}"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


@st.composite
def tables(draw, quotes: bool = True) -> tuple[bytes, list[list[str]], str]:
    """The bytes of a table with a column x of numbers, its rows as they are written, and its separator."""
    separator = draw(st.sampled_from(",\t"))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    width = draw(st.integers(0, 3))
    place = draw(st.integers(0, width))
    rows = [["n" * (i + 1) for i in range(width)]]
    rows[0].insert(place, "x")
    for _ in range(draw(st.integers(0, 8))):
        texts = [draw(TEXTS) for _ in range(width)]
        if not quotes:
            texts = ["".join(c for c in text if c not in f'{separator}"\n\r') for text in texts]
        row = [written(text, separator, quotes and draw(st.booleans())) for text in texts]
        number = draw(NUMBERS if quotes else NUMBERS.filter(lambda text: '"' not in text))
        row.insert(place, number)
        rows.append(row)
    bom = "\ufeff" if draw(st.booleans()) else ""
    end = newline if draw(st.booleans()) or len(rows) == 1 else ""
    text = bom + newline.join(separator.join(row) for row in rows) + end
    return text.encode(), rows, separator


class Pipe(io.BytesIO):
    streamed, rewritable = True, False


def printed(path: Path, form: str, use_fast: bool) -> bytes:
    """The table with half of x after it."""
    table = Delimited(Source(str(path)), fast=use_fast)
    stream = Pipe()
    heading = Heading(["x"], table.columns, ["half"], ["half"], table.dialect)
    writer = DelimitedWriter(stream, heading, form, fast=use_fast)
    with closing(table):
        for block in table.blocks({"x": "x"}, table.columns):
            assert not block.problems, block.problems
            writer.write(block, [block.numbers["x"] / 2])
    return stream.getvalue()


def fast_written(columns: list, newline: str) -> bytes:
    pieces: list[bytes] = []
    polars_csv.write_rows(columns, ",", newline, pieces.append)
    return b"".join(pieces)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table"


@pytest.mark.parametrize("use_fast", WAYS)
@pytest.mark.parametrize("quotes", [True, False])
@pytest.mark.parametrize("chunk", [1 << 20, 7])
def test_a_row_comes_out_as_it_went_in(use_fast, quotes, chunk, path, monkeypatch):
    monkeypatch.setattr(source, "CHUNK", chunk)
    monkeypatch.setattr(delimited, "CHUNK", chunk)
    monkeypatch.setattr(delimited, "FAST_CHUNK", chunk)

    @given(tables(quotes))
    @QUIET
    def check(table):
        data, rows, separator = table
        if len(rows[0]) == 1 and separator == "\t":
            separator = ","  # nobody can know
        path.write_bytes(data)
        out = printed(path, "csv" if separator == "," else "tsv", use_fast)
        newline = "\r\n" if b"\r\n" in data.splitlines(keepends=True)[0] else "\n"
        bom = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
        halves = ["half", *(repr(float(row[rows[0].index("x")].strip('"')) / 2) for row in rows[1:])]
        expected = [separator.join([*row, last]) + newline for row, last in zip(rows, halves, strict=True)]
        assert out == (bom + "".join(expected)).encode()

    check()


@given(tables())
@QUIET
def test_cells_are_those_of_the_csv_module(table):
    import tempfile

    data, _, separator = table
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        read = Delimited(Source(file.name), "csv" if separator == "," else "tsv")
        blocks = list(read.blocks({}, read.columns))
        read.close()
    reference = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))
    rows = [row for row in reference if row]
    assert read.columns == rows[0]
    columns = [[text for block in blocks for text in block.columns[name].texts()] for name in read.columns]
    assert [list(row) for row in zip(*columns, strict=True)] == rows[1:]


@pytest.mark.parametrize("use_fast", WAYS)
def test_from_csv_to_tsv_quotes_what_needs_it(use_fast, path):
    path.write_bytes(b'x,n\n1,"a\tb"\n2,"a,b"\n3,plain\n')
    assert printed(path, "tsv", use_fast) == b'x\tn\thalf\n1\t"a\tb"\t0.5\n2\ta,b\t1.0\n3\tplain\t1.5\n'


ODD = ["1.", ".5", "+1", "1e5", "1E5", "nan", "NaN", "inf", "Infinity", "-inf", "+inf", " 1", "1 ", "0x10", "1_000", "",
       "1d5", "true", "1e400", "-", "1e", "9007199254740993", "1e-400", "INF", "-nan", "1.5.2", "١", "+-1", "1e+",
       "# 1", "1f", "1 2", "1,5"[:1], "5e-324", "2.2250738585072011e-308", "0.1e1", "00012", "-0", "null", "NULL",
       "1" * 400, "0." + "0" * 400 + "1", "None", "NA", "1e5 ", "１"]  # fmt: skip


@pytest.mark.skipif(not polars_csv.is_installed(), reason="Polars is not installed")
@pytest.mark.parametrize("cell", ODD)
def test_both_ways_take_the_same_cells_for_numbers(cell):
    found = polars_csv.read_rows(
        f"{cell},1\n2,3\n".encode(), ",", "\n", ["x", "y"], {"x": "x", "y": "y"}, ["x", "y"], DEFAULTS
    )
    values, bad, missing = DEFAULTS.parse([cell, "2"])
    if found is not None:  # what the fast way does not take is looked at by the careful one
        assert not bad
        assert found[0]["x"].tobytes() == values.tobytes()
        assert (missing is None) == ("x" not in found[3])


@given(st.lists(st.one_of(st.floats(), st.floats(-1e-3, 1e-3), st.integers(0, 2**64 - 1)), min_size=1))
@QUIET
@pytest.mark.skipif(not polars_csv.is_installed(), reason="Polars is not installed")
def test_the_fast_way_prints_as_the_careful_one(values):
    column = [
        struct.unpack("<d", value.to_bytes(8, "little"))[0] if isinstance(value, int) else value for value in values
    ]
    out = fast_written([np.array(column)], "\n").decode()
    assert out.split("\n")[:-1] == list(map(repr, column))


@pytest.mark.skipif(not polars_csv.is_installed(), reason="Polars is not installed")
def test_marks_are_put_in_row_by_row():
    columns = [np.array([1e-5, 1.0, math.nan]), ["a", "b\x1f", "c"], np.array([math.nan, -2e-9, 5e-5])]
    assert fast_written(columns, "\n") == b"1e-05,a,nan\n1.0,b\x1f,-2e-09\nnan,c,5e-05\n"
    columns[1] = ["a", "\x1e", "c"]
    assert fast_written(columns, "\r\n") == b"1e-05,a,nan\r\n1.0,\x1e,-2e-09\r\nnan,c,5e-05\r\n"


@pytest.mark.skipif(not polars_csv.is_installed(), reason="Polars is not installed")
def test_marks_of_many_pieces_are_put_in_in_order():
    rng = np.random.default_rng(2)
    one, other = 10.0 ** rng.uniform(-6, 0, (2, 200_000))
    lines = [f"é{place}" for place in range(200_000)]
    expected = "".join(f"{a!r},{b},{c!r}\n" for a, b, c in zip(one.tolist(), lines, other.tolist(), strict=True))
    assert fast_written([one, lines, other], "\n") == expected.encode()


@pytest.mark.skipif(not polars_csv.is_installed(), reason="Polars is not installed")
def test_what_cannot_be_written_is_told_once(capfd):
    def full(piece: bytes) -> None:
        raise RequestError("no space left")

    with pytest.raises(RequestError, match="no space left"):
        polars_csv.write_rows([np.arange(200_000.0)], ",", "\n", full)
    assert capfd.readouterr().err == ""


DIGITS = st.text("0123456789", min_size=1, max_size=25)
DECIMALS = st.tuples(st.sampled_from(["", "-"]), DIGITS, DIGITS, st.integers(-330, 310)).map(
    lambda parts: f"{parts[0]}{parts[1]}.{parts[2]}e{parts[3]}"
)


@given(st.lists(DECIMALS, min_size=1))
@QUIET
@pytest.mark.skipif(not polars_csv.is_installed(), reason="Polars is not installed")
def test_the_fast_way_reads_to_the_nearest_number(texts):
    data = "".join(f"{text}\n" for text in texts).encode()
    found = polars_csv.read_rows(data, ",", "\n", ["x"], {"x": "x"}, ["x"], DEFAULTS)
    assert found is not None
    assert found[0]["x"].tolist() == [float(text) for text in texts]


def test_numbers_are_the_nearest_ones():
    column, bad = parse_numbers(["9007199254740993", "0.1", "1e-400", "1e400", "179769313486231580793e289"])
    assert not bad
    assert column.tolist() == [2.0**53, 0.1, 0.0, math.inf, math.inf]


def problems(text: bytes, path: Path, use_fast: bool = False) -> dict[int, str]:
    path.write_bytes(text)
    table = Delimited(Source(str(path)), fast=use_fast)
    with closing(table):
        [block] = list(table.blocks({"x": "x"}, table.columns))
    return block.problems


ENCODING = "; --encoding names another encoding"
LONG = " (a cell that holds a ',' needs quotes)"
SHORT = " (an empty cell needs a ',' as well)"


@pytest.mark.parametrize("use_fast", WAYS)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"x,n\n1,a\nb,2\n", {1: "line 3, column x: 'b' is not a number"}),
        (b"x,n\n1,a\n,2\n", {}),
        (b"x,n\n1\n2,b\n", {0: f"line 2 has 1 cell and not 2{SHORT}"}),
        (b"x,n\n1,a\n2,b,c\n", {1: f"line 3 has 3 cells and not 2{LONG}"}),
        (b"x,n\n1,a,b\n2\n3,c\n", {0: f"line 2 has 3 cells and not 2{LONG}", 1: f"line 3 has 1 cell and not 2{SHORT}"}),
        (b"x,n\r\n1,a\r\nz,b\r\n", {1: "line 3, column x: 'z' is not a number"}),
        (b"x,n\n\n\n1,a\n\nz,b\n", {1: "line 6, column x: 'z' is not a number"}),
        (b'x,n\n1,"a\n\nb"\nz,b\n', {1: "line 5, column x: 'z' is not a number"}),
        (b"n,x\n1,1\n2,\xe9\n", {1: f"line 3, column x: the cell is not UTF-8 text (it has the byte 0xe9{ENCODING})"}),
        (b"n,x\n\xe9,1\n", {}),
        (
            b'n,x\n1,2\n3,"a\nb" c\n',
            {1: "line 3: text follows the closing quote of a cell of several lines (quotes in it are doubled)"},
        ),
        (b"x,n\n1,a\n1_0,b\n", {1: "line 3, column x: '1_0' is not a number"}),
        (b'x,n\n"1,5",a\n', {0: "line 2, column x: '1,5' is not a number (--decimal , reads decimal commas)"}),
        (b'x,n\n"",a\n', {}),
        (b'x,n\n"1,000.5",a\n', {0: "line 2, column x: '1,000.5' is not a number"}),
        (b'x,n\n"1",a\n"b",b\n', {1: "line 3, column x: 'b' is not a number"}),
    ],
)
def test_bad_rows(text, expected, use_fast, path):
    assert problems(text, path, use_fast) == expected


@pytest.mark.parametrize("chunk", [1 << 20, 7])
def test_a_row_of_many_blocks_is_looked_at_as_a_whole(chunk, path, monkeypatch):
    for room in (source, delimited):
        monkeypatch.setattr(room, "CHUNK", chunk)
    path.write_bytes(b'n,x\n1,"\xff\nabcdefghijkl"\n2,3\n')
    with closing(Delimited(Source(str(path)))) as table:
        found = [problem for block in table.blocks({"x": "x"}, ["n"]) for problem in block.problems.values()]
    assert found == [f"line 2, column x: the cell is not UTF-8 text (it has the byte 0xff{ENCODING})"]


@pytest.mark.parametrize("use_fast", WAYS)
def test_line_ends_are_the_header_s_and_no_part_of_a_cell(use_fast, path):
    path.write_bytes(b"x,n\n1,a\r\n2,b\n\r\n3,c\r\n")
    assert printed(path, "csv", use_fast) == b"x,n,half\n1,a,0.5\n2,b,1.0\n3,c,1.5\n"
    path.write_bytes(b"x,n\r\n1,a\n2,b\r\n")
    assert printed(path, "csv", use_fast) == b"x,n,half\r\n1,a,0.5\r\n2,b,1.0\r\n"


def read_all(path: Path) -> None:
    with closing(Source(str(path))) as bytes_of:
        table = Delimited(bytes_of)
        list(table.blocks({"x": "x"}, table.columns))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "has no rows: name the columns in its first line"),
        (b"\n\r\n\n", "has no rows"),
        (b"x,\xe9\n1,2\n", "line 1 is not UTF-8 text: byte 3 is 0xe9"),
        ("x\n1\n".encode("utf-16"), "is not UTF-8 text: it looks like UTF-16: --encoding utf-16"),
        ("x\n1\n".encode("utf-16-le"), "is not UTF-8 text: it looks like UTF-16: --encoding utf-16-le"),
        (b'x,n\n1,"a\n2,b\n', "line 2: a quote is never closed: check that the file is not cut off"),
        (b'x,"n\n1,a\n', "has no rows: close the quote in its first line"),
    ],
)
def test_what_is_no_table(text, message, path):
    path.write_bytes(text)
    with pytest.raises(RequestError) as caught:
        read_all(path)
    assert message in str(caught.value)


def test_a_line_without_an_end_is_no_table(path, monkeypatch):
    monkeypatch.setattr("adcli.tables.delimited.LONGEST_LINE", 1000)
    monkeypatch.setattr(source, "CHUNK", 100)
    for text in (b"x" * 5000, b"x\n" + b"1" * 5000, b'x\n"' + b"1\n" * 5000):
        path.write_bytes(text)
        with pytest.raises(RequestError) as caught:
            read_all(path)
        assert f"'{path}'" in str(caught.value)
        assert "table" in str(caught.value)
