"""Every block of the README and of the documentation is run: consoles as commands, Python as doctests.

The blocks of a page are run in their order, in a folder of their own, so that a block can read what an earlier one
wrote. A block that imports a library that is not installed is left out, and the test is skipped by its name.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import adcli
from tests.cli.conftest import Outcome, run_command

ROOT = Path(__file__).parent.parent
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *sorted(ROOT.glob("[!.]*/README.md")),
        *sorted(ROOT.glob("docs/**/*.md")),
    ]
}
OPTIONAL = ("duckdb", "polars", "pyarrow", "pyspark", "ray")
# Blocks that another test runs.
ELSEWHERE = {
    ("docs/install.md", "sh"): "tests/test_readme.py",
    ("docs/install.md", "powershell"): ".github/workflows/tests.yml",
    ("README.md", "sh"): "tests/test_readme.py",
    ("docs/gallery.md", "sh"): "tests/draw/test_gallery.py",
    ("docs/pictures.md", "sh"): "tests/draw/test_gallery.py",
    ("docs/targets.md", "python"): "tests/codegen/test_example.py",
    ("docs/coming-from.md", "julia"): "tests/test_examples.py",  # its numbers, by our script
    ("docs/index.md", "{include}"): "tests/test_site.py",
    ("docs/index.md", "{toctree}"): "tests/test_site.py",
    ("docs/api.md", "{eval-rst}"): "tests/test_site.py",
}
EXAMPLES = ("docs/library.md", "docs/coming-from.md", "docs/examples/")  # tests/test_examples.py


class Block(NamedTuple):
    """A fenced block: the words after the fence, and its lines."""

    kind: str
    body: str


def blocks(page: str) -> list[Block]:
    return [Block(*found) for found in re.findall(r"^```([^\s`]+)[^\n]*\n(.*?)^```", PAGES[page], re.DOTALL | re.M)]


def is_run(page: str, block: Block) -> bool:
    """Whether this file runs the block."""
    return not page.startswith(EXAMPLES) and (
        block.kind == "console" or (block.kind == "python" and block.body.startswith(">>> "))
    )


WITH_BLOCKS = [page for page in PAGES if any(is_run(page, block) for block in blocks(page))]


@pytest.fixture(scope="module")
def command_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an `adcli` that is this checkout's."""
    script = tmp_path_factory.mktemp("bin") / "adcli"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m adcli "$@"\n')
    script.chmod(0o755)
    return script.parent


# Spark and Ray leave processes to end by themselves.
ENGINES = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=ENGINES if page == "docs/engines.md" else ()) for page in WITH_BLOCKS]
)
def test_the_blocks_of_a_page(page: str, command_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{command_folder}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    missing = set[str]()
    for block in blocks(page):
        if not is_run(page, block):
            continue
        lacking = [name for name in OPTIONAL if re.search(rf"\b{name}\b", block.body) and find_spec(name) is None]
        missing.update(lacking)
        if lacking:
            continue
        if block.kind == "console":
            for command, expected in sessions(block.body):
                assert run_line(command) == expected, command
        else:
            test = doctest.DocTestParser().get_doctest(block.body, names, page, page, 0)
            flags = doctest.IGNORE_EXCEPTION_DETAIL | doctest.NORMALIZE_WHITESPACE
            assert doctest.DocTestRunner(optionflags=flags).run(test, clear_globs=False).failed == 0
            names = test.globs
    if missing:
        pytest.skip(f"not installed: {', '.join(sorted(missing))}")


def sessions(body: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, with what each prints."""
    parts = [part.partition("\n") for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]]
    return [(command, output.rstrip("\n") + "\n" if output.strip() else "") for command, _, output in parts]


PARTS = re.compile(r"""\|\||&&|\||(?:'[^']*'|"(?:\\.|[^"\\])*"|[^|&'"])+""")
NEEDS_SHELL = re.compile(r"""[<>;$`]""")


def run_line(line: str) -> str:
    """Return what a command line prints. `adcli` runs in this process, also beside `|`, `||` and `&&`."""
    parts = PARTS.findall(line)
    printed, piped, status = "", "", 0
    for sign, part, following in zip(["&&", *parts[1::2]], parts[::2], [*parts[1::2], ""], strict=True):
        if sign != "|" and (status == 0) != (sign == "&&"):
            continue
        outcome = run_part(part.strip(), status, piped.encode() if sign == "|" else b"")
        piped, status = outcome.out, outcome.status
        printed += outcome.err if following == "|" else outcome.out + outcome.err
    return printed


def run_part(part: str, status: int, stdin: bytes) -> Outcome:
    """Run a command after one with an exit status."""
    if part.startswith("adcli ") and not NEEDS_SHELL.search(re.sub(r"""'[^']*'|"[^"$]*\"""", "", part)):
        return run_command(shlex.split(part, comments=True)[1:], stdin)
    done = subprocess.run(
        ["sh", "-c", f"(exit {status}); {part}"],
        input=stdin.decode(), text=True, timeout=600, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, "")


def test_every_block_is_run() -> None:
    """Each block is run here or by the test that ELSEWHERE names."""
    left = [
        (page, block.kind)
        for page in PAGES
        for block in blocks(page)
        if not is_run(page, block) and not page.startswith(EXAMPLES) and (page, block.kind) not in ELSEWHERE
    ]
    assert left == []
    assert [path for path in ELSEWHERE.values() if not (ROOT / path).exists()] == []


def test_the_cheat_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first column: commands run, formulas compile, Python runs, and some command takes the other words."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.txt").write_text("x^2*y")
    (tmp_path / "t.csv").write_text("x,y,id\n1,2,A\n2,3,B\n")
    (tmp_path / "s.csv").write_text("time,y,id\n1,2,A\n2,3,B\n")
    np.save(tmp_path / "x.npy", [1.0, 2.0])
    python: dict[str, object] = {"adcli": adcli}
    checks: dict[str, Callable[[str], object]] = {
        "Commands": run_command_line,
        "Formulas": adcli.compile,
        "Points": find_command,
        "Output": find_command,
        "Python": lambda cell: exec(cell, python),
    }
    for title, section in re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGES["docs/cheatsheet.md"], re.DOTALL | re.M):
        for cell in code_of_first_column(section):
            checks[title](cell)


def code_of_first_column(section: str) -> list[str]:
    cells = [re.split(r"(?<!\\) \| ", line)[0] for line in section.splitlines() if line.startswith("| `")]
    return [code.replace(r"\|", "|") for cell in cells for code in re.findall(r"`([^`]+)`", cell)]


def run_command_line(line: str) -> None:
    if line.startswith("adcli plot"):
        return  # it takes seconds, and tests/draw/test_gallery.py plots
    outcome = run_command(shlex.split(line)[1:])
    assert outcome.status == 0, (line, outcome)


def find_command(cell: str) -> None:
    """Check that a command over x and y succeeds with these words and some of its own."""
    words = shlex.split(cell.replace("$FORMULA", "x^2*y"))
    if any(word.endswith(".parquet") for word in words) and find_spec("polars") is None:
        return
    command = ["code" if "--to" in words else "grad"]
    if words[0] not in ("x^2*y", "@f.txt", "-"):
        command.append("sum(x*y)" if "--whole" in words or words[0].startswith("x=@") else "x^2*y")
    stdin = b"x,y\n1,2\n" if "--data" in words else b"x^2*y"
    points = [[], ["y=3"], ["x=2", "y=3"], ["x=1,2", "y=3,4"], ["--data", "t.csv"], ["--data", "s.csv"]]
    assert any(run_command([*command, *words, *point], stdin).status == 0 for point in points), cell
