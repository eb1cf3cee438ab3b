"""Which room may import which, what is loaded when, and what user text never reaches."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

import adcli
from adcli.ops import SPECIAL

from .imports import PACKAGE, find_cycle, read_arrows

# Package -> the packages of adcli that it may import.
MAY_IMPORT = {
    "errors": "",
    "strict_json": "",
    "records": "",
    "shutdown": "",
    "temporary_file": "shutdown",
    "files": "errors temporary_file",
    "compression": "errors",
    "store": "errors records files temporary_file",
    "ops": "errors records",
    "graph": "errors records ops",
    "simplify": "errors ops graph",
    "language": "errors records ops graph",
    "explain": "errors records ops graph language",
    "backends": "errors records ops graph",
    "codegen": "errors ops graph simplify",
    "matrix": "errors ops graph simplify language codegen",
    "draw": "errors shutdown files strict_json ops graph explain",
    "tables": "errors records compression files store strict_json",
    "parts": "errors records compression files store tables",
    "cluster": "errors",
    "eager": "errors ops graph backends language draw explain",
    "formula": "errors records ops graph simplify language explain backends codegen matrix draw eager",
    "cli": "errors records shutdown compression files strict_json ops graph simplify language explain backends codegen "
    "matrix draw store tables parts cluster formula",
}
ARROWS = read_arrows()
ROOT = {"adcli", "adcli.__main__"}  # the lazy table of public names, and what runs `cli`


def package_of(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize("module", sorted(ARROWS.keys() - ROOT))
def test_imports_run_one_way(module: str) -> None:
    """Absolute and relative imports, those inside functions, under TYPE_CHECKING and of `import_module` alike."""
    assert not ARROWS[module] & ROOT
    allowed = {package_of(module), "_version", *MAY_IMPORT.get(package_of(module), "").split()}
    for target in ARROWS[module]:
        assert package_of(target) in allowed, f"{module} imports {target}"


def test_no_module_imports_itself_through_others() -> None:
    assert find_cycle(ARROWS) == []


def test_the_import_test_sees_every_form(tmp_path: Path) -> None:
    package = tmp_path / "adcli"
    texts = {
        "__init__": "",
        "a": "from .sub import b",
        "sub/__init__": "",
        "sub/b": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from adcli.sub.c import x",
        "sub/c": "def f():\n    import adcli.d",
        "d": "import importlib\nimportlib.import_module(f'{__name__}.{name}')\nimportlib.import_module('adcli.e')",
        "e": "from importlib import import_module as load\nfrom . import sub, a",
    }
    for name, text in texts.items():
        path = package / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    arrows = read_arrows(package)
    assert arrows["adcli.a"] == {"adcli.sub.b"}
    assert arrows["adcli.sub.b"] == {"adcli.sub.c"}
    assert arrows["adcli.sub.c"] == {"adcli.d"}
    assert arrows["adcli.d"] == {"adcli.e"}
    assert arrows["adcli.e"] == {"adcli.sub", "adcli.a"}
    assert set(find_cycle(arrows)) == {"adcli.a", "adcli.sub.b", "adcli.sub.c", "adcli.d", "adcli.e"}


def loaded(*arguments: str) -> set[str]:
    """The modules that a process of the command loads."""
    code = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    code += f"; sys.argv = {['adcli', *arguments]!r}; from adcli.cli import run; run()"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


README = ["grad", "sin(x**2)*cos(y)", "--x", "2", "--y", "3"]
SWEEP = [*README[:3], "1,2,5", *README[4:]]
# One gradient takes little longer than importing click. Each module of ours adds at least 0.1 ms, and there are 78.
NOT_AT_ONE_POINT = {
    "lark", "numpy", "graphviz", "json", "subprocess", "inspect", "signal", "dataclasses", "locale", "adcli.draw",
    "adcli.tables", "adcli.codegen", "adcli.simplify", "adcli.matrix", "adcli.eager", "adcli.formula.function",
    "adcli.backends.python", *(f"adcli.ops.{name}" for name in SPECIAL),
    *(f"adcli.ops.kernels.{name}" for name in ("gamma", "bessel", "arrays", "tensor")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "never"),
    [
        (
            ["--help"],
            {"lark", "numpy", "graphviz", "dataclasses", "json", "adcli.ops", "adcli.language.parser", "subprocess"},
        ),
        (["--version"], {"lark", "numpy", "adcli.ops", "json"}),
        (README, NOT_AT_ONE_POINT),
        (SWEEP, NOT_AT_ONE_POINT - {"adcli.tables", "adcli.backends.python"} | {"polars", "adcli.parts"}),
        (["diff", "sin(x**2)"], {"lark", "numpy", "graphviz", "json", "subprocess", "adcli.matrix", "adcli.codegen"}),
        (["eval", "x", "x=1", "--json"], {"lark", "numpy", "graphviz", "subprocess"}),
    ],
    ids=lambda item: item[0] if isinstance(item, list) else "",
)
def test_nothing_heavy_is_loaded_before_it_is_needed(arguments: list[str], never: set[str]) -> None:
    stored = PACKAGE / "language" / "expression.tables"
    if not stored.exists():
        never = never - {"lark"}  # a plain checkout has lark build the tables
    modules = loaded(*arguments)
    assert not modules & never
    if arguments is README:
        assert len([name for name in modules if name.startswith("adcli")]) < 85


def test_user_text_never_reaches_an_interpreter() -> None:
    """The one `exec` runs generated code; nothing else evaluates, unpickles, or starts a shell."""
    words = re.compile(r"\b(eval|exec|pickle|os\.system|popen|shell=True)\b\s*\(")
    found = {
        str(path.relative_to(PACKAGE)): [match[1] for match in words.finditer(path.read_text(encoding="utf-8"))]
        for path in PACKAGE.rglob("*.py")
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
    assert list(signature(function.value).parameters)[1:-1] == ["zebra", "yak", "_x1", "_x0"]
    assert len(sources) == 3
    assert not [source for source in sources if "zebra" in source or "yak" in source]
