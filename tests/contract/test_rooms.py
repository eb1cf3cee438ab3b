"""Which room may import which, what is loaded when, and what user text never reaches."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

import adcli

PACKAGE = Path(__file__).parent.parent.parent / "adcli"
MAY_IMPORT = {
    "errors": set(),
    "strict_json": set(),
    "files": {"errors"},
    "ops": {"errors"},
    "graph": {"errors", "ops"},
    "simplify": {"errors", "ops", "graph"},
    "explain": {"errors", "ops", "graph", "language"},
    "language": {"errors", "ops", "graph"},
    "backends": {"errors", "ops", "graph"},
    "codegen": {"errors", "ops", "graph", "simplify"},
    "draw": {"errors", "explain", "strict_json"},
    "tables": {"errors", "files", "strict_json"},
    "eager": {"errors", "files", "ops", "graph", "backends", "language", "draw"},
    "formula": {"errors", "ops", "graph", "simplify", "explain", "language", "backends", "codegen", "eager", "draw"},
    "cli": {
        "errors",
        "files",
        "strict_json",
        "ops",
        "graph",
        "simplify",
        "explain",
        "language",
        "backends",
        "codegen",
        "draw",
        "tables",
        "formula",
        "",
    },
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    if room(path) in ("__init__", "__main__"):
        return
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            targets = [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
            for target in targets:
                if (PACKAGE / target).is_dir() or (PACKAGE / f"{target}.py").is_file():
                    assert target in MAY_IMPORT[room(path)] | {room(path)}, f"{path.name} imports {target}"


def loaded(*arguments: str) -> set[str]:
    """The modules that a run of the command loads."""
    code = f"import sys; from adcli.cli import main; main({list(arguments)!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "never"),
    [
        (
            ["--help"],
            {"lark", "numpy", "graphviz", "dataclasses", "json", "adcli.ops", "adcli.language.parser", "subprocess"},
        ),
        (["--version"], {"lark", "numpy", "adcli.ops", "json"}),
        (
            ["grad", "sin(x**2)*cos(y)", "--x", "2", "--y", "3"],
            {"lark", "numpy", "graphviz", "json", "subprocess", "adcli.draw"},
        ),
        (["eval", "x", "x=1", "--json"], {"lark", "numpy", "graphviz", "subprocess"}),
    ],
    ids=lambda item: item[0] if isinstance(item, list) else "",
)
def test_nothing_heavy_is_loaded_before_it_is_needed(arguments: list[str], never: set[str]) -> None:
    stored = PACKAGE / "language" / "expression.tables"
    if not stored.exists():
        never = never - {"lark"}  # a plain checkout has lark build the tables
    assert not loaded(*arguments) & never


def test_user_text_never_reaches_an_interpreter() -> None:
    """The one `exec` runs generated code; nothing else evaluates, unpickles, or starts a shell."""
    words = re.compile(r"\b(eval|exec|pickle|os\.system|popen|shell=True)\b\s*\(")
    found = {
        str(path.relative_to(PACKAGE)): [match[1] for match in words.finditer(path.read_text(encoding="utf-8"))]
        for path in FILES
    }
    assert {name: calls for name, calls in found.items() if calls} == {"backends/python.py": ["exec"]}


def test_what_the_user_calls_his_variables_is_in_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    python, sources = import_module("adcli.backends.python"), []

    def recorded(source: str, *rest: str) -> Any:
        sources.append(source)
        return compile(source, *rest)

    monkeypatch.setattr(python, "compile", recorded, raising=False)
    function = adcli.compile("zebra*yak**2 + _x1*_x0")
    point = {"zebra": 2.0, "yak": 3.0, "_x1": 5.0, "_x0": 7.0}
    slopes = {"zebra": 9.0, "yak": 12.0, "_x1": 7.0, "_x0": 5.0}
    assert function.value(**point) == 53.0
    assert function.gradient(point) == slopes
    assert function.value_and_gradient(**point) == (53.0, slopes)
    assert list(signature(function.value).parameters)[1:] == ["zebra", "yak", "_x1", "_x0"]
    assert len(sources) == 3
    assert not [source for source in sources if "zebra" in source or "yak" in source]
