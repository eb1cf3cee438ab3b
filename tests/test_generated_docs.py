"""The documentation names everything there is: its tables are what docs/generate.py writes, and its paths exist."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

import adcli
from adcli.formula.kinds import KINDS
from adcli.ops import PUBLIC
from adcli.tables.formats import FORMATS

from .contract.test_rooms import MAY_IMPORT

ROOT = Path(__file__).parent.parent
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted(ROOT.glob("*/README.md")),
        ROOT / "tests" / "reference" / "README.md",
        *sorted(ROOT.glob("docs/**/*.md")),
    ]
}


@pytest.fixture(scope="module")
def generate() -> Any:
    """The module docs/generate.py."""
    spec = spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", [page for page in PAGES if "<!-- generated:" in PAGES[page]])
def test_generated_tables_are_up_to_date(page: str, generate: Any) -> None:
    assert generate.fill(PAGES[page]) == PAGES[page], "run `make docs-tables`"


def test_every_table_is_on_a_page(generate: Any) -> None:
    assert {name for text in PAGES.values() for name in re.findall(r"<!-- generated: (\w+) -->", text)} == {
        *generate.PARTS
    }


def test_every_command_and_option_is_on_the_page(generate: Any) -> None:
    page = PAGES["docs/commands.md"]
    for name, command in generate.load_commands().items():
        assert f"\n### {name}\n" in page
        for option in generate.options_of(command):
            assert all(re.search(rf"`[^`]*{re.escape(word)}[ ,`]", page) for word in option.opts), (name, option.opts)


def test_every_format_target_kind_and_function_is_on_its_page(generate: Any) -> None:
    commands, tables = PAGES["docs/commands.md"], PAGES["docs/tables.md"]
    for formats in generate.formats_by_command().values():
        assert all(f"| `{form}` |" in commands for form in formats)
    assert all(f"| `{row.name}` |" in tables for row in FORMATS)
    assert all(f"| `{name}` |" in PAGES["docs/targets.md"] for name in import_module("adcli.codegen").target_names())
    for kind in KINDS.values():
        assert f"| `{kind.name}` | `{kind.command}` | `f.{kind.name}(…)` |" in PAGES["docs/derivatives.md"]
    functions = PAGES["docs/functions.md"]
    assert [word for word in PUBLIC if not re.search(rf"`[^`]*\b{word}\b[^`]*`", functions)] == []


def test_every_public_name_is_on_some_page() -> None:
    text = "\n".join(PAGES.values())
    assert [name for name in adcli.__all__ if not re.search(rf"\b{name}\b", text)] == []


def test_every_public_method_of_a_function_is_on_some_page() -> None:
    text = "\n".join(PAGES.values())
    internal = ("graph", "program", "result", "slopes")  # nodes, for code of the package
    names = [name for name in vars(adcli.Function) if not name.startswith("_") and name not in internal]
    assert [name for name in names if not re.search(rf"\.{name}\b|`{name}`", text)] == []


def test_design_has_every_package() -> None:
    """The column "may import" is generated from the same table, which the import test holds."""
    section = PAGES["docs/design.md"].split("\n## The packages\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(MAY_IMPORT)
    names = {path.name.removesuffix(".py") for path in (ROOT / "adcli").iterdir() if path.name[0] not in "_."}
    assert {name for name in names if "." not in name} == set(MAY_IMPORT)


@pytest.mark.parametrize("page", PAGES)
def test_the_paths_that_a_page_names_exist(page: str) -> None:
    paths = re.findall(r"`((?:adcli|tests|docs|benchmarks|examples|grammar)/[\w/.-]*)`", PAGES[page])
    assert [path for path in paths if not (ROOT / path).exists()] == []
