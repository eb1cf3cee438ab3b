"""NDJSON through Polars has the bytes of NDJSON without it."""

from __future__ import annotations

import pytest

from adcli.tables import ndjson, ndjson_writer, polars_json, polars_library

pytest.importorskip("polars")

ROW = b'{"i+d": "00\\u00e97 \\"", "x": %s, "n": null, "y": 2}\n'
TABLES = {
    "plain": b"".join([ROW % x for x in (b"1.5", b"-0", b"1e-7", b"3e-5", b"1e400", b"9007199254740993", b"1e16")]),
    "blanks": b' {"x" : 1.50 ,\t"y":2 }  \r\n\n{"x":1,"y":3}\n',
    "odd rows": b'{"x": 1, "y": 2}\n{"y": 3, "x": 2}\n{"x": 5, "y": 1}\n',
    "quoted numbers": b'{"x": "1.5", "y": 2}\n{"x": 3, "y": 2}\n',
    "nested": b'{"x": 1, "y": 2, "z": {"a": [1, {}]}}\n' * 2,
    "bad": b'{"x": 1, "y": 2}\n{"x": null, "y": 2}\n{"x": true, "y": 2}\n{"x": 1, "y"',
    "missing": b'{"x": 1, "y": 2, "z": 3}\n{"x": 1, "y": 2}\n',
    "not UTF-8": b'{"x": 1, "y": 2, "z": "a\xffb"}\n{"x": 1, "y": 2, "z": "\xc3\xa9"}\n',
    "half a character": b'{"x": 1, "y": 2, "z": "\\ud800"}\n',
    "no variable": b'{"z": 1}\n{}\n',
    "csv": b'id,x,y\n007,1.50,2\n"a ""b""\n",1e-5,nan\n\xc3\xa9\\,1,inf\n',
}
CALLS = [
    ["x*y"],
    ["x/1e5", "y=1", "--keep", "none"],
    ["x*y", "--keep", "y,x", "--on-error", "nan"],
    ["2", "--on-error", "skip"],
]


@pytest.mark.parametrize("name", TABLES)
def test_the_bytes_are_the_same(name, run, monkeypatch):
    for words in CALLS:
        command = ["grad", *words, "--data", "-", "--json"]
        with monkeypatch.context() as patch:
            patch.setattr("adcli.tables.polars_library.is_installed", lambda: False)
            expected = run(command, TABLES[name])
        with monkeypatch.context() as patch:
            patch.setattr(polars_json, "FAST_ROWS", 1)
            patch.setattr(polars_library, "FAST_ROWS", 1)
            assert run(command, TABLES[name]) == expected


def test_plain_rows_are_read_and_written_by_polars(run, monkeypatch):
    monkeypatch.setattr(polars_json, "FAST_ROWS", 1)
    monkeypatch.setattr(polars_library, "FAST_ROWS", 1)
    monkeypatch.setattr(ndjson.NdJson, "_block", None)
    monkeypatch.setattr(ndjson_writer, "_join_rows", None)
    done = run(["eval", "x*y", "--data", "-", "--json"], TABLES["plain"])
    assert done.status == 0
    assert done.out.splitlines()[2] == '{"i+d": "00\\u00e97 \\"", "x": 1e-7, "n": null, "y": 2, "f": 2e-07}'
    assert done.out.splitlines()[4].endswith('"f": "Infinity"}')
