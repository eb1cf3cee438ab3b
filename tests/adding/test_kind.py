"""A new kind of derivative is one entry, one command and a method: points, tables, formats and notes follow."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import indent

from .copies import Copy, read_recipe
from .test_command import run_calls

FORMULA = "x**3*y + y**2"
CALLS = [
    ["laplacian", FORMULA, "x=2", "y=3"],
    ["laplacian", FORMULA, "x=2", "y=3", "--wrt", "y", "--json"],
    ["laplacian", FORMULA, "x=1,2", "y=3", "--format", "csv"],
    ["laplacian", "sqrt(x)", "x=-1"],
    ["laplacian", "x**1.5", "x=0"],
    ["laplacian", "2*x", "x=1", "--format", "value"],
    ["laplacian", "sum(x)", "x=[1,2]"],
    ["laplacian", "[x, x]", "x=1"],
    ["--help"],
]
METHODS = """
import adcli, json
f = adcli.compile("x**3*y + y**2")
print(json.dumps([f.laplacian(x=2.0, y=3.0), f.columns("laplacian", x=[1.0, 2.0], y=3.0)["laplacian"].tolist()]))
try:
    f.columns("laplacians", x=1.0, y=1.0)
except adcli.RequestError as error:
    print(json.dumps(str(error)))
"""


def test_a_kind_is_one_entry_and_one_command(tmp_path: Path) -> None:
    build, command, method = read_recipe("a kind of derivative")
    build, entry = build.split("\n\n")
    copy = Copy(tmp_path, "adcli/formula", "adcli/cli/commands")
    copy.insert("adcli/formula/kinds.py", "_WRT, _DIRECTIONS =", f"{build}\n\n\n")
    copy.insert("adcli/formula/kinds.py", "    )\n}\n", indent(entry, " " * 8))
    copy.insert("adcli/formula/function.py", "    def taylor(self, order", indent(f"{method}\n", " " * 4))
    copy.write("adcli/cli/commands/laplacian.py", command)
    text, record, rows, nan, pole, zero, array, vector, commands = run_calls(copy, CALLS)

    assert text == (0, "f          33.0\nlaplacian  38.0\n", "")
    answer = json.loads(record[1])
    assert answer == {"expression": FORMULA, "at": {"x": 2.0, "y": 3.0}, "value": 33.0, "laplacian": 2.0, "notes": []}
    assert rows == (0, "x,y,f,laplacian\n1.0,3.0,12.0,20.0\n2.0,3.0,33.0,38.0\n", "")
    assert nan[:2] == (1, "f          nan\nlaplacian  nan\n")
    assert "sqrt" in nan[2]
    assert pole[1] == "f          0.0\nlaplacian  inf\n"
    assert "laplacian is infinite" in pole[2]
    assert zero == (0, "2.0\n0.0\n", "")
    assert array[0] == vector[0] == 2
    assert "laplacian" not in array[2].split("take arrays")[0]  # the hint lists the commands that take arrays
    summary = "Compute the sum of the second derivatives by each variable."
    assert ["laplacian", *summary.split()] in [line.split() for line in commands[1].splitlines()]

    values, hint = map(json.loads, copy.run(METHODS).splitlines())
    assert values == [38.0, [20.0, 38.0]]
    assert "laplacian" in hint  # the list of kinds
