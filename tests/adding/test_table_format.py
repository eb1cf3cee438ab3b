"""A table format is one file and one row of `FORMATS`: add one to a copy of the package, and read and write it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import adcli
from adcli.language.tables import grammar_path

ROW = '    TableFormat("bars", "bars", "bars", ("bars",)),\n'
MODULE = '''"""Rows of cells between bars."""

from .block import Block, Table
from .column import Texts, parse_numbers


def open_table(source, name):
    return Bars(source)


def open_writer(stream, heading, printer, name):
    return BarsWriter(stream, [*heading.inputs, *heading.names], printer or repr)


class Bars(Table):
    def __init__(self, source):
        super().__init__(source)
        header, *rows = b"".join(source.chunks()).decode().splitlines()
        self.columns = header.split("|")
        self._rows = [row.split("|") for row in rows]

    def blocks(self, variables, keep):
        cells = dict(zip(self.columns, zip(*self._rows)))
        numbers = {variable: parse_numbers(cells[column])[0] for variable, column in variables.items()}
        columns = {column: Texts(cells[column]) for column in keep}
        yield Block(len(self._rows), numbers, columns, lambda row: f"row {row + 1}")


class BarsWriter:
    def __init__(self, stream, names, printer):
        self._stream, self._printer = stream, printer
        stream.write(("|".join(names) + "\\n").encode())

    def write(self, block, results):
        cells = [column.texts() for column in block.columns.values()]
        cells += [map(self._printer, column.tolist()) for column in results]
        self._stream.write("".join("|".join(row) + "\\n" for row in zip(*cells)).encode())

    def finish(self):
        pass

    def close(self):
        pass
'''
CALLS = [
    ["eval", "2*x", "--data", "points.bars", "--format", "csv"],
    ["grad", "x*x", "--data", "points.csv", "-o", "out.bars"],
    ["grad", "x*x", "x=0:1:2", "--format", "bars"],
    ["eval", "2*x", "--data", "points.bars", "--format", "none"],
    ["eval", "x", "x=1", "-o", "out.npz"],
    ["eval", "--help"],
]
SCRIPT = """
import contextlib, io, json
from adcli.cli import main
for words in json.loads({calls!r}):
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(words)
    out.flush()
    print(json.dumps([status, out.buffer.getvalue().decode(), err.getvalue()]))
"""


def test_a_format_is_one_file_and_one_row(tmp_path: Path) -> None:
    package = tmp_path / "adcli"
    shutil.copytree(Path(adcli.__file__).parent, package)
    shutil.copytree(Path(grammar_path()).parent, package / "grammar", dirs_exist_ok=True)
    (package / "tables" / "bars.py").write_text(MODULE)
    formats = package / "tables" / "formats.py"
    text = formats.read_text()
    head, rest = text.split("FORMATS = (\n")
    rows, tail = rest.split("\n)\n", 1)
    formats.write_text(f"{head}FORMATS = (\n{rows}\n{ROW})\n{tail}")
    (tmp_path / "points.bars").write_text("id|x\na|1\nb|2.5\n")
    (tmp_path / "points.csv").write_text("id,x\na,1\nb,2.5\n")

    script = SCRIPT.format(calls=json.dumps(CALLS))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    read, written, printed, unknown, unwritten, help_ = map(json.loads, done.stdout.splitlines())
    assert read == [0, "id,x,f\na,1,2.0\nb,2.5,5.0\n", ""]
    assert written == [0, "", ""]
    assert (tmp_path / "out.bars").read_text() == "id|x|f|df_dx\na|1|1.0|2.0\nb|2.5|6.25|5.0\n"
    assert printed == [0, "x|f|df_dx\n0.0|0.0|0.0\n1.0|1.0|2.0\n", ""]
    for status, _, message in (unknown, unwritten):  # both list the formats
        assert status == 2
        assert "bars" in message
    assert "bars" in help_[1]  # of --format
