"""A new command is one file: help and hints find it, and it reads the words like the others."""

from __future__ import annotations

import json
from pathlib import Path

from .copies import Copy, read_recipe

CALLS = [
    ["slope", "x**2*y", "--x", "2", "y=3"],
    ["slope", "x**2*y", "--x", "2", "y=3", "--wrt", "y", "-o", "out.txt"],
    ["slope", "x*y", "--x", "2"],
    ["slope", "x", "x=1", "-o", "out.csv"],
    ["slope", "--help"],
    ["--help"],
    ["slop", "x"],
]
PROGRAM = """
import contextlib, io, json
from adcli.cli import main
for words in json.loads({calls!r}):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(words)
    print(json.dumps([status, out.getvalue(), err.getvalue()]))
"""


def run_calls(copy: Copy, calls: list[list[str]]) -> list[tuple[int, str, str]]:
    """Run command lines in one process of the copy; return the status, standard output and standard error of each."""
    printed = copy.run(PROGRAM.format(calls=json.dumps(calls)))
    return [tuple(json.loads(line)) for line in printed.splitlines()]


def test_a_command_is_one_file(tmp_path: Path) -> None:
    [module] = read_recipe("a command")
    copy = Copy(tmp_path, "adcli/cli/commands")
    copy.write("adcli/cli/commands/slope.py", module)
    printed, written, missing, suffix, help_, commands, unknown = run_calls(copy, CALLS)

    assert printed == (0, "df/dx  12.0\ndf/dy  4.0\n", "")
    assert written == (0, "", "")
    assert (tmp_path / "out.txt").read_text() == "df/dy  4.0\n"
    assert missing[0] == suffix[0] == unknown[0] == 2
    assert "y" in missing[2]
    assert "slope" in suffix[2]  # it does not write .csv
    assert "did you mean 'slope'?" in unknown[2]
    assert 'adcli slope "x**2*y" --x 2 --y 3' in help_[1]
    assert help_[1].index("--wrt X,Y") < help_[1].index("--output FILE")
    summary = "Compute the first derivatives of a number, without its value."
    assert ["slope", *summary.split()] in [line.split() for line in commands[1].splitlines()]
