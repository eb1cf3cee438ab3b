"""The kernels of the table as source: what a target emits for an operation that its language has no function for.

A kernel stands in `ops/kernels/` once. Here its text is read, every name in it is resolved to what it means, and what
it needs is collected in order. Python and NumPy print the result as it is; `translate.py` turns it into C and
JavaScript, with `portable.py` in the place of the kernels that need Python's long integers.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
from collections.abc import Container, Iterable, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from ..ops import Op
from ..ops.signature import argument_names
from .names import PREFIX


class Library:
    """The helper functions and constants that a piece of code needs, each once, callees first.

    Args:
        native: names of the kernels, and of functions of `math` as ``math.exp``, that the language has itself, and
            what they are there.
        substitutes: a module whose functions stand in for kernels of the same name.
        kept: names of kernels that nothing stands in for.
        arrays: the kernels are to be those for arrays.

    Attributes:
        definitions: name -> the function or the assignment.
        modules: what the definitions import.

    >>> from adcli.ops import TABLE
    >>> library = Library()
    >>> library.kernel(TABLE["csc"])
    'adcli_csc'
    >>> list(library.definitions)
    ['ADCLI_BITS', 'adcli_half_pi', 'adcli_reduce', 'adcli_sin_huge', 'adcli_sin', 'adcli_csc']
    """

    def __init__(
        self,
        native: Mapping[str, str] | None = None,
        substitutes: ModuleType | None = None,
        kept: Container[str] = (),
        arrays: bool = False,
    ) -> None:
        self.native = native or {}
        self.substitutes = substitutes
        self.kept = kept
        self.arrays = arrays
        self.definitions: dict[str, ast.stmt] = {}
        self.modules: set[str] = set()
        self._open: set[str] = set()

    def kernel(self, op: Op) -> str:
        """What to call for an operation; its definition is collected, with all it needs."""
        if not self.arrays:
            return ast.unparse(self._scalar(op))
        from ..ops.kernels import arrays

        if hasattr(arrays, op.kernel_name):
            return ast.unparse(self._resolve(arrays, op.kernel_name))
        if self._is_looped(op):
            return self._loop(op, ast.unparse(self._resolve(arrays, "_each")), ast.unparse(self._scalar(op)))
        return ast.unparse(self._module_member("np", op.kernel_name))

    @staticmethod
    def _is_looped(op: Op) -> bool:
        """Whether the operation on arrays is a loop over its scalar kernel."""
        return isinstance(op.array_kernel(), functools.partial)

    def _scalar(self, op: Op) -> ast.expr:
        home, name = op.forward.__module__, op.forward.__name__
        return self._module_member(home, name) if home == "math" else self._resolve(import_module(home), name)

    def _loop(self, op: Op, each: str, scalar: str) -> str:
        """Define the function on arrays that loops over a scalar kernel."""
        name = f"{PREFIX}{op.kernel_name}"
        if name not in self.definitions:
            arguments = ", ".join(argument_names(op))
            text = f'def {name}({arguments}):\n    """{op.doc}"""\n    return {each}({scalar}, {arguments})'
            self.definitions[name] = ast.parse(text).body[0]
        return name

    def helper(self, name: str) -> str:
        """What to call for a function of the substitutes that is no operation."""
        assert self.substitutes is not None
        return ast.unparse(self._resolve(self.substitutes, name))

    def _module_member(self, module: str, name: str) -> ast.expr:
        known = self.native.get(f"{module}.{name}")
        if known is None and self.substitutes is not None and name in _top_level(self.substitutes):
            return self._resolve(self.substitutes, name)
        if known is None:
            self.modules.add(module)
        return ast.parse(known or f"{module}.{name}", mode="eval").body

    def _resolve(self, module: ModuleType, name: str) -> ast.expr:
        """The expression that a module's name stands for in the generated code."""
        plain = name.lstrip("_")
        if self.native.get(plain):
            return ast.Name(self.native[plain])
        replaced = self.substitutes is not None and module is not self.substitutes and plain not in self.kept
        if self.substitutes and replaced and isinstance(_top_level(self.substitutes).get(name), ast.FunctionDef):
            return self._resolve(self.substitutes, name)
        node = _top_level(module)[name]
        if isinstance(node, ast.ImportFrom):
            original = next(alias.name for alias in node.names if name in (alias.asname, alias.name))
            if node.level == 0:
                if node.module == "functools":
                    self.modules.add(node.module)
                    return ast.parse(f"functools.{original}", mode="eval").body
                return self._module_member(str(node.module), original)
            return self._resolve(import_module("." * node.level + (node.module or ""), module.__package__), original)
        if isinstance(node, ast.Import):
            self.modules.add(name)
            return ast.Name(name)
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            value = node.value
            if isinstance(value, (ast.Name, ast.Attribute)):
                return self._expression(module, value, set())
            return self._constant(plain, getattr(module, name))
        return self._function(module, name, node)

    def _constant(self, plain: str, value: Any) -> ast.expr:
        """A number in its place, or a table under a name of its own."""
        if isinstance(value, float):
            text = {"inf": "math.inf", "nan": "math.nan"}.get(repr(value))
            if text is None:
                return ast.Constant(value)
            return self._module_member("math", text.removeprefix("math."))
        made = f"{PREFIX.upper()}{plain.upper()}"
        if made not in self.definitions:
            self.definitions[made] = ast.parse(f"{made} = {value!r}" if value else f"{made} = {{}}").body[0]
        return ast.Name(made)

    def _function(self, module: ModuleType, name: str, node: ast.stmt) -> ast.expr:
        assert isinstance(node, ast.FunctionDef)
        scalar = "scalar_" if self.arrays and not module.__name__.endswith(".arrays") else ""
        made = f"{PREFIX}{scalar}{name.strip('_')}"
        if made not in self.definitions and made not in self._open:
            self._open.add(made)
            definition = self._rewritten(module, node)
            definition.name = made
            self.definitions[made] = definition
        return ast.Name(made)

    def _rewritten(self, module: ModuleType, node: ast.FunctionDef) -> ast.FunctionDef:
        """A copy of a function in which every name says what it means here; annotations are left out."""
        local = _bound(node)
        library = self

        class Rewrite(ast.NodeTransformer):
            def visit_Name(self, inner: ast.Name) -> ast.expr:
                return library._expression(module, inner, local)

            def visit_Attribute(self, inner: ast.Attribute) -> ast.expr:
                return library._expression(module, inner, local)

            def visit_arg(self, inner: ast.arg) -> ast.arg:
                return ast.arg(inner.arg)

            def visit_FunctionDef(self, inner: ast.FunctionDef) -> ast.FunctionDef:
                inner.returns = None
                self.generic_visit(inner)
                return inner

            def visit_AnnAssign(self, inner: ast.AnnAssign) -> ast.stmt:
                assert inner.value is not None
                return ast.Assign([inner.target], self.visit(inner.value), lineno=inner.lineno)

        copy = ast.parse(ast.unparse(node)).body[0]
        assert isinstance(copy, ast.FunctionDef)
        _shorten_docstring(copy)
        _return_at_once(copy)
        return ast.fix_missing_locations(Rewrite().visit(copy))  # type: ignore[no-any-return]

    def _expression(self, module: ModuleType, node: ast.expr, local: set[str]) -> ast.expr:
        if isinstance(node, ast.Name):
            if node.id in local or (node.id not in _top_level(module) and hasattr(builtins, node.id)):
                return node
            return self._resolve(module, node.id)
        assert isinstance(node, ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id not in local:
            owner = getattr(module, node.value.id, None)
            if inspect.ismodule(owner):
                if owner.__name__.startswith(__name__.split(".")[0]):
                    return self._resolve(owner, node.attr)
                return self._module_member("np" if owner.__name__ == "numpy" else owner.__name__, node.attr)
        value = self._expression(module, node.value, local) if isinstance(node.value, (ast.Name, ast.Attribute)) else (
            _Inside(self, module, local).visit(node.value)
        )  # fmt: skip
        return ast.Attribute(value, node.attr, ast.Load())


class _Inside(ast.NodeTransformer):
    """Resolves the names inside an expression whose attribute is read, as in ``f(x).shape``."""

    def __init__(self, library: Library, module: ModuleType, local: set[str]) -> None:
        self.library, self.module, self.local = library, module, local

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.library._expression(self.module, node, self.local)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self.library._expression(self.module, node, self.local)


@cache
def _top_level(module: ModuleType) -> dict[str, ast.stmt]:
    """What a module defines and imports, by name."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name, node) for alias in node.names)
        elif isinstance(node, ast.Assign):
            found.update((target.id, node) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return found


def _bound(node: ast.FunctionDef) -> set[str]:
    """The names that are local to a function or to what stands in it."""
    bound: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.arg):
            bound.add(inner.arg)
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            bound.add(inner.id)
        elif isinstance(inner, ast.FunctionDef) and inner is not node:
            bound.add(inner.name)
    return bound


def _shorten_docstring(node: ast.FunctionDef) -> None:
    """Keep its first paragraph: examples speak of names that are not there."""
    text = ast.get_docstring(node)
    if text:
        node.body[0] = ast.Expr(ast.Constant(" ".join(text.split("\n\n")[0].split())))


def _return_at_once(node: ast.FunctionDef) -> None:
    """Drop a variable that is there for its annotation, and is returned in the next line."""
    for inner in ast.walk(node):
        body = getattr(inner, "body", None)
        if not isinstance(body, list) or len(body) < 2:
            continue
        made, given = body[-2:]
        named = isinstance(made, ast.AnnAssign) and isinstance(given, ast.Return) and isinstance(given.value, ast.Name)
        if named and isinstance(made.target, ast.Name) and made.target.id == given.value.id:
            body[-2:] = [ast.Return(made.value)]


def python_text(definitions: Iterable[ast.stmt]) -> list[str]:
    """Definitions as Python, functions two blank lines apart."""
    return [ast.unparse(definition) for definition in definitions]
