"""JSON tables: rows over several lines, arrays, nested values, and rows that keep their text."""

from __future__ import annotations

import json

import pytest

ROWS = [
    {"id": "a {", "x": 1.5, "p": {"q": [1, {"y": 2}]}},
    {"id": 'b"]', "x": -2, "p": {"q": []}},
    {"id": "é\n", "x": 3e9, "p": None},
]
SPELLINGS = {
    "lines": "".join(json.dumps(row) + "\n" for row in ROWS),
    "compact lines": "\r\n\r\n".join(json.dumps(row, separators=(",", ":"), ensure_ascii=False) for row in ROWS),
    "array": json.dumps(ROWS),
    "pretty array": "\ufeff\n" + json.dumps(ROWS, indent=2),
    "pretty objects": "\n".join(json.dumps(row, indent=4, ensure_ascii=False) for row in ROWS),
}


@pytest.mark.parametrize("chunk", [1 << 18, 3])
@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_of_rows_is_the_same_table(name, chunk, run, monkeypatch):
    monkeypatch.setattr("adcli.tables.source.CHUNK", chunk)
    done = run(["grad", "2*x", "--data", "-", "--json"], SPELLINGS[name].encode())
    assert (done.status, done.err) == (0, "")
    expected = [row | {"f": 2.0 * row["x"], "df_dx": 2.0} for row in ROWS]
    assert [json.loads(line) for line in done.out.splitlines()] == expected


def test_a_line_keeps_its_text(run):
    line = '{ "x" :1.50, "id":"\\u00e9 \\/",  "n": 1E2, "t":true, "z": null }'
    other = '{"x": 2, "id": [1,  {}]}'
    done = run(["eval", "x", "--data", "-", "--json"], f"{line}\n{other}\n".encode())
    assert done.out.splitlines() == [line[:-2] + ', "f": 1.5}', other[:-1] + ', "f": 2.0}']


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('[{"x": 1}, 7, {"x": 3}]', "line 1: there is no JSON object"),
        ('[{"x": 1},\n"a",\n {"x": 3}]', "line 2: there is no JSON object"),
        ('[\n{"x": 1},\n{"x" 2},\n{"x": 3}]', "line 3: ':' is missing"),
        ('{\n"x": 1}\n{"x":\n2 3}\n{"x": 3}', "line 3: ',' or '}' is missing"),
        ('{"x":\n 1}\n}{"x": 3}', "line 3: there is no JSON object"),
    ],
)
def test_bad_rows_of_json_text(data, message, run):
    done = run(["eval", "x", "--data", "-", "--format", "value", "--on-error", "skip"], data.encode())
    assert (done.status, done.out) == (0, "1.0\n3.0\n")
    assert f"1 bad row left out; the first: standard input, {message}" in done.err


@pytest.mark.parametrize("data", ['[{"x": 1}, {"x":', '[{"x": 1}', '{\n"x": 1}\n{"x": "', '[{"x": 1}, {"x": [}'])
def test_json_text_that_is_cut_off(data, run):
    done = run(["eval", "x", "--data", "-", "--format", "value"], data.encode())
    assert (done.status, "not closed" in done.err) == (2, True)


def test_nested_values_are_variables_by_their_path(run):
    data = b'{"id": 1, "p": {"x": 1.50, "q": {"y": 3}}}\n{"id": 2, "p": {"q": {"y": 4}, "x": 2}}\n'
    words = ["eval", "x*y", "--data", "-", "--rename", "x=p.x", "--rename", "y=p.q.y"]
    assert run([*words, "--json", "--keep", "id"], data).out.splitlines() == [
        '{"id": 1, "x": 1.50, "y": 3, "f": 4.5}', '{"id": 2, "x": 2, "y": 4, "f": 8.0}',
    ]  # fmt: skip
    assert run([*words, "--json"], data).out.splitlines()[1] == (
        '{"id": 2, "p": {"q": {"y": 4}, "x": 2}, "x": 2, "y": 4, "f": 8.0}'
    )
    done = run(["eval", "y", "--data", "-"], data)
    assert (done.status, "--rename y=p.q.y" in done.err) == (2, True)
