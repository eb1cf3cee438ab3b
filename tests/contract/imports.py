"""Every import of the package as an arrow between modules: absolute and relative ones, inside functions, under
TYPE_CHECKING, and those of `import_module`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parent.parent.parent / "adcli"
ANY = "*"  # a part of a module's name that is known only at run time


def module_name(path: Path, package: Path = PACKAGE) -> str:
    """Return the dotted name of a file: ``adcli.graph.expr``, ``adcli.graph`` for its ``__init__``."""
    parts = list(path.relative_to(package.parent).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_modules(package: Path = PACKAGE) -> dict[str, Path]:
    """Return the files of the package by module name."""
    return {module_name(path, package): path for path in sorted(package.rglob("*.py"))}


def read_arrows(package: Path = PACKAGE) -> dict[str, set[str]]:
    """Return for each module the modules of the package that it imports.

    A name that `from package import name` takes from a package counts as an import of that package, unless it is a
    module of its own. An import of a parent package that Python makes on the way counts for nothing.
    """
    modules = read_modules(package)
    return {
        name: {target for wanted in _imports(path, name) for target in _resolve(wanted, modules)} - {name}
        for name, path in modules.items()
    }


def _imports(path: Path, name: str) -> Iterator[str]:
    """Yield the dotted names that a file imports, with `ANY` for a part that is computed."""
    parent = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                outer = parent.split(".")[: len(parent.split(".")) - node.level + 1]
                base = ".".join([*outer, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called_name(node) in ("import_module", "__import__"):
            yield _text(node.args[0], name)


def _called_name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _text(node: ast.expr, name: str) -> str:
    """Return the text of an argument: a constant, or an f-string in which ``{__name__}`` is known."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _text(part.value if isinstance(part, ast.FormattedValue) else part, name) for part in node.values
        )
    return name if isinstance(node, ast.Name) and node.id == "__name__" else ANY


def _resolve(wanted: str, modules: dict[str, Path]) -> Iterator[str]:
    """Yield the modules of the package that a dotted name means: itself, its longest prefix, or all that fit `ANY`."""
    if ANY in wanted:
        prefix = wanted.partition(ANY)[0]
        yield from (module for module in modules if prefix and module.startswith(prefix))
        return
    parts = wanted.split(".")
    for length in (len(parts), len(parts) - 1):
        module = ".".join(parts[:length])
        if module in modules:
            yield module
            return


def find_cycle(arrows: dict[str, set[str]]) -> list[str]:
    """Return modules that import one another in a circle, the first one also last; empty where there is no circle."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return []
