"""What messages advise fits the one who reads them: no options of commands in the library, no Python in commands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import adcli

ROOT = Path(adcli.__file__).parent
OPTION = re.compile(r"(?<![\w-])--[a-z]{2}")
PYTHON = re.compile(
    r"adcli\.\w+\(|\bnp\.|numpy\.|\bf\.\w+\(|=True|=False|\.item\(|\bNone\b|\bdict\b|\bkeyword argument"
)
COMMANDS = ("cli", "parts", "tables")  # packages that only commands use
LIBRARY = ("eager", "ops/numpy_")  # packages that no command uses
LIBRARY_FILES = (
    "formula/function.py",
    "formula/engine.py",
    "formula/arguments.py",
    "formula/columns.py",
    "language/parser.py",
    "ops/operands.py",
)


def messages(path: Path) -> Iterator[tuple[int, str, str]]:
    """Every text of an error: the line, the name of the argument or variable that gets it, and the text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        pairs: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error"):
            pairs = [("problem", each) for each in node.args] + [(each.arg or "", each.value) for each in node.keywords]
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            pairs = [(node.targets[0].id, node.value)]
        for name, value in pairs:
            if name in ("problem", "hint", "command_hint", "says", "message"):
                for part in ast.walk(value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.lineno, name, part.value


def test_messages_of_the_library_name_no_options() -> None:
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).parts[0] not in COMMANDS:
            for line, name, text in messages(path):
                assert name == "command_hint" or not OPTION.search(text), f"{path}:{line}: {text}"


def test_messages_of_commands_give_no_advice_in_python() -> None:
    for path in sorted(ROOT.rglob("*.py")):
        inside = path.relative_to(ROOT)
        if not inside.as_posix().startswith(LIBRARY) and inside.as_posix() not in LIBRARY_FILES:
            for line, _, text in messages(path):
                assert not PYTHON.search(text), f"{path}:{line}: {text}"
