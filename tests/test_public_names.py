"""The public names of the package: what `import *`, `dir` and a type checker see."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import adcli
from adcli.ops import FUNCTIONS

HELPERS = sorted(word for word, op in FUNCTIONS.items() if op.helper)


def imported_for_checkers() -> dict[str, str]:
    """Return name -> module of the imports that only a type checker sees."""
    tree = ast.parse(Path(adcli.__file__).read_text(encoding="utf-8"))
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: str(node.module) for node in imports for alias in node.names if alias.name != "*"}


def test_checkers_and_the_interpreter_find_the_same_names() -> None:
    assert imported_for_checkers() == {name: home for home, names in adcli._LAZY.items() for name in names}


def test_import_star_gives_the_public_names() -> None:
    namespace: dict[str, object] = {}
    exec("from adcli import *", namespace)
    namespace.pop("__builtins__")
    assert set(namespace) == set(adcli.__all__)
    assert {"grad", "sin", "compile", "Value", "logdet", "slogdet"} <= set(namespace)
    assert not {"annotations", "TYPE_CHECKING", *HELPERS} & set(namespace)


def test_dir_lists_the_public_names() -> None:
    listed = [name for name in dir(adcli) if not name.startswith("__")]
    assert listed == sorted(adcli.__all__)
    assert all(hasattr(adcli, name) for name in dir(adcli))


@pytest.mark.parametrize("name", [*HELPERS, "and", "not", "nothing", "_nothing"])
def test_other_names_do_not_exist(name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(adcli, name)


def test_a_name_keeps_its_identity() -> None:
    assert adcli.grad is adcli.grad
    assert adcli.grad.__module__ == "adcli.eager.functional"


def test_importing_the_package_imports_little() -> None:
    code = "import sys; import adcli; print({'numpy', 'typing', 'adcli.ops'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=Path(adcli.__file__).parents[1]
    )
    assert done.stdout.strip() == "set()", done.stderr
