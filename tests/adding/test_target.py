"""A new code target is one file: the command, its help and its hints find it, and its code computes."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PROGRAM = "u = x**2; sin(u)*y + max(x, y)"

# A language with Python's syntax, so that this test can run its code. `!` begins a comment, as in Fortran.
TARGET = '''"""Toy: a function of numbers that returns a tuple of the parts."""

from ..comments import Comment
from ..forms import CHOICE, arithmetic, form
from ..names import words
from ..code_writer import CodeWriter


class Target(CodeWriter):
    """A function."""

    suffixes = (".toy",)
    comment = Comment("!")
    reserved = words("def return lambda if else sin cos inf nan")
    spellings = arithmetic() | {
        "sin": "sin", "cos": "cos", "max": "max", "where": form("{1} if {0} else {2}", CHOICE, CHOICE + 1)
    }

    def lines(self):
        body = [f"{each.name} = {each.text}" for each in self.layout.statements]
        if self.has_mask:
            body.append(f"if {self.value} != {self.value}: return {', '.join(self.results(undefined=True).values())}")
        body.append(f"return {', '.join(self.results().values())}")
        return [*self.heading(), f"def {self.name}({', '.join(self.layout.inputs)}):", *(f"  {line}" for line in body)]
'''

# The commands, in one process.
SCRIPT = """
import contextlib, io, json, sys
from adcli.cli import main

def run(*words):
    out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["code", *words])
        out.flush(), err.flush()
    return [status, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()]

program = sys.argv[1]
results = {"to": run(program, "--to", "toy"), "file": run(program, "-o", "f.toy"), "help": run("--help"),
           "hint": run("x", "--to", "toi"), "words": run("lambda*x", "--to", "toy"), "op": run("erf(x)", "--to", "toy")}
print(json.dumps(results))
"""


def test_a_target_is_one_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "adcli", tmp_path / "adcli", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "grammar", tmp_path / "grammar")
    (tmp_path / "adcli" / "codegen" / "targets" / "toy.py").write_text(TARGET, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, PROGRAM], capture_output=True, text=True, cwd=tmp_path, env=environment
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)

    status, code, error = results["to"]
    assert (status, error) == (0, "")
    assert results["file"] == [0, "", ""]
    assert (tmp_path / "f.toy").read_text(encoding="utf-8") == code
    comment = [line for line in code.splitlines() if line.startswith("!")]
    assert comment[0].startswith("! u = x")
    scope = {"sin": math.sin, "cos": math.cos, "max": max, "nan": math.nan}
    exec("\n".join(line for line in code.splitlines() if line not in comment), scope)
    x, y = 0.75, 0.5
    value, gradient = scope["f"](x, y)  # type: ignore[operator]
    assert math.isclose(value, math.sin(x * x) * y + x)
    assert all(map(math.isclose, gradient, [math.cos(x * x) * 2 * x * y + 1, math.sin(x * x)]))
    assert "if value != value: return nan, [nan, nan]" in code

    assert "toy         Toy: a function of numbers" in results["help"][1]
    assert results["hint"] == [2, "", "adcli: there is no target 'toi': did you mean 'toy'?\n"]
    assert "def f(lambda_, x):" in results["words"][1]
    assert results["op"][0] == 2
    assert results["op"][2].startswith("adcli: toy has no erf: another target may")
