"""The list of formats: what each row promises, its module does."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import pytest

from adcli.cli import main
from adcli.tables.formats import BY_NAME, BY_SUFFIX, FORMATS, open_table

WRITTEN = [row for row in FORMATS if row.writes]
COLUMNS = {"x": [0.5, -2.0, 1e300], "y": [1.0, 2.0, 3.0]}


def test_names_and_suffixes_occur_once() -> None:
    assert len(BY_NAME) == len(FORMATS)
    assert len(BY_SUFFIX) == sum(len(row.suffixes) for row in FORMATS)


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_a_module_reads_and_writes_what_its_row_says(row) -> None:
    module = import_module(f"adcli.tables.{row.module}")
    assert hasattr(module, "open_table") or not row.reads
    assert hasattr(module, "open_writer") or not row.writes


@pytest.mark.parametrize("suffix", [suffix for row in WRITTEN if row.reads for suffix in row.suffixes])
@pytest.mark.parametrize("end", ["", ".gz"])
def test_what_is_written_is_read_by_its_suffix(suffix, end, tmp_path) -> None:
    if BY_SUFFIX[suffix].compresses and find_spec("polars") is None:
        pytest.skip("Polars is not installed")
    path = str(tmp_path / f"rows.{suffix}{end}")
    words = ["x=0.5,-2,1e300", "y=1,2,3", "--zip"]
    assert main(["eval", "x*y", *words, "-o", path]) == 0
    table = open_table(path)
    assert table.columns == ["x", "y", "f"]
    (block,) = table.blocks({"x": "x", "y": "y"}, ["f"])
    assert {name: column.tolist() for name, column in block.numbers.items()} == COLUMNS
    assert [float(text) for text in block.columns["f"].texts()] == [0.5, -4.0, 3e300]
    table.close()


@pytest.mark.parametrize("name", ["PAR1", "FEA1", "ARROW1"])
def test_a_column_may_have_the_name_that_a_format_begins_with(name, tmp_path) -> None:
    path = tmp_path / "rows.csv"
    for rest in (",y\n1,2\n", "\n1\n", "\r\n1\r\n"):
        path.write_text(name + rest, newline="")
        table = open_table(str(path))
        assert (table.format, table.columns[0]) == ("csv", name)
        table.close()
