"""The source of kernels, for operations that the language of a target has no function for.

A kernel is written once, in `ops/kernels/`. This module reads its text, resolves every name in it, and collects what it
needs in order. Python and NumPy print the result unchanged. `translate.py` turns it into other languages, with
functions of `portable/` instead of the kernels that need Python's long integers.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType

from ..ops import Op
from ..ops.signature import argument_names
from .names import PREFIX

ARRAY_MODULES = ("tensor", "algebra", "exponentials", "array_functions")


class Library:
    """The helper functions and constants that a piece of code needs, each once, callees first.

    Args:
        native: the kernels, and functions of `math` such as ``math.exp``, that the language has, with their names
            there.
        substitutes: modules whose functions replace kernels of the same name.
        exact: names of kernels that are not replaced.
        arrays: take the kernels for arrays.

    Attributes:
        definitions: name -> the function or the assignment.
        modules: the modules that the definitions import.
        natives: the names in `native` that the definitions and the code call.

    >>> from adcli.ops import TABLE
    >>> library = Library()
    >>> library.kernel(TABLE["csc"])
    'adcli_csc'
    >>> list(library.definitions)
    ['ADCLI_BITS', 'adcli_pi_fixed', 'adcli_reduce', 'adcli_sin_huge', 'adcli_sin', 'adcli_csc']
    """

    def __init__(
        self,
        native: Mapping[str, str] | None = None,
        substitutes: Sequence[ModuleType] = (),
        exact: Container[str] = (),
        arrays: bool = False,
    ) -> None:
        self.native = native or {}
        self.substitutes = {name: module for module in substitutes for name in _functions(module)}
        self.exact = exact
        self.arrays = arrays
        self.definitions: dict[str, ast.stmt] = {}
        self.modules: set[str] = set()
        self.natives: set[str] = set()
        self._open: set[str] = set()

    def kernel(self, op: Op) -> str:
        """Collect the definition of an operation and all it needs, and return the name to call."""
        if not self.arrays:
            return ast.unparse(self._scalar(op))
        from ..ops.kernels import arrays, tensor

        if not op.is_elementwise:
            return ast.unparse(self._resolve(tensor, op.kernel_name))
        if hasattr(arrays, op.kernel_name):
            return ast.unparse(self._resolve(arrays, op.kernel_name))
        if self._is_looped(op):
            return self._loop(op, ast.unparse(self._resolve(arrays, "each")), ast.unparse(self._scalar(op)))
        return ast.unparse(self._module_member("np", op.kernel_name))

    @staticmethod
    def _is_looped(op: Op) -> bool:
        """Return whether the operation on arrays is a loop over its scalar kernel."""
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
        """Collect a function of the substitutes that is not a kernel, and return the name to call."""
        return ast.unparse(self._resolve(self.substitutes[name], name))

    def _module_member(self, module: str, name: str) -> ast.expr:
        native_name = self.native.get(f"{module}.{name}")
        if native_name is None and name in self.substitutes:
            return self._resolve(self.substitutes[name], name)
        if native_name is None:
            self.modules.add(module)
            return ast.Attribute(ast.Name(module), name)
        return self._native(native_name)

    def _native(self, name: str) -> ast.expr:
        self.natives.add(name)
        return ast.Name(name)

    def _resolve(self, module: ModuleType, name: str) -> ast.expr:
        """Return the expression for a module's name in the generated code."""
        plain = name.lstrip("_")
        if self.native.get(plain):
            return self._native(self.native[plain])
        if name in self.substitutes and plain not in self.exact and module not in self.substitutes.values():
            return self._resolve(self.substitutes[name], name)
        node = _top_level(module)[name]
        if isinstance(node, ast.ImportFrom):
            original = next(alias.name for alias in node.names if name in (alias.asname, alias.name))
            if node.level == 0:
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

    def _constant(self, plain: str, value: object) -> ast.expr:
        """Return a number, or the name of a table."""
        if isinstance(value, float):
            text = {"inf": "math.inf", "nan": "math.nan"}.get(repr(value))
            if text is None:
                return ast.Constant(value)
            return self._module_member("math", text.removeprefix("math."))
        table = f"{PREFIX.upper()}{plain.upper()}"
        if table not in self.definitions:
            self.definitions[table] = ast.parse(f"{table} = {value!r}" if value else f"{table} = {{}}").body[0]
        return ast.Name(table)

    def _function(self, module: ModuleType, name: str, node: ast.stmt) -> ast.expr:
        assert isinstance(node, ast.FunctionDef)
        scalar = "scalar_" if self.arrays and not _has_arrays(module) else ""
        helper = f"{PREFIX}{scalar}{name.strip('_')}"
        if helper not in self.definitions and helper not in self._open:
            self._open.add(helper)
            definition = self._resolve_names(module, node)
            definition.name = helper
            self.definitions[helper] = definition
        return ast.Name(helper)

    def _resolve_names(self, module: ModuleType, node: ast.FunctionDef) -> ast.FunctionDef:
        """Return a copy of a function with resolved names and without annotations."""
        copy = ast.parse(ast.unparse(node)).body[0]
        assert isinstance(copy, ast.FunctionDef)
        _shorten_docstring(copy)
        _return_at_once(copy)
        _Resolver(self, module, _local_names(node)).visit(copy)
        return ast.fix_missing_locations(copy)

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
        value = _Resolver(self, module, local).visit(node.value)
        return ast.Attribute(value, node.attr, ast.Load())


class _Resolver(ast.NodeTransformer):
    """Resolve the names in a function or an expression, and leave out annotations."""

    def __init__(self, library: Library, module: ModuleType, local: set[str]) -> None:
        self.library, self.module, self.local = library, module, local

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.library._expression(self.module, node, self.local)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self.library._expression(self.module, node, self.local)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        assert node.value is not None
        return ast.Assign([node.target], self.visit(node.value), lineno=node.lineno)


def _has_arrays(module: ModuleType) -> bool:
    """Return whether the functions of a module compute with arrays."""
    return ".arrays" in module.__name__ or module.__name__.rpartition(".")[2] in ARRAY_MODULES


@cache
def _top_level(module: ModuleType) -> dict[str, ast.stmt]:
    """Return the statements that define or import the names of a module."""
    statements: dict[str, ast.stmt] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef):
            statements[node.name] = node
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            statements.update((alias.asname or alias.name, node) for alias in node.names)
        elif isinstance(node, ast.Assign):
            statements.update((target.id, node) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            statements[node.target.id] = node
    return statements


def _functions(module: ModuleType) -> list[str]:
    """Return the names of the functions that a module defines."""
    return [name for name, node in _top_level(module).items() if isinstance(node, ast.FunctionDef)]


def _local_names(node: ast.FunctionDef) -> set[str]:
    """Return the names that are local to a function or to a function in it."""
    names: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.arg):
            names.add(inner.arg)
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            names.add(inner.id)
        elif isinstance(inner, ast.FunctionDef) and inner is not node:
            names.add(inner.name)
    return names


def _shorten_docstring(node: ast.FunctionDef) -> None:
    """Keep the first paragraph. The examples use names that the generated code does not have."""
    text = ast.get_docstring(node)
    if text:
        node.body[0] = ast.Expr(ast.Constant(" ".join(text.split("\n\n")[0].split())))


def _return_at_once(node: ast.FunctionDef) -> None:
    """Drop a variable that only carries an annotation and is returned in the next line."""
    for inner in ast.walk(node):
        body = getattr(inner, "body", None)
        if not isinstance(body, list) or len(body) < 2:
            continue
        match body[-2:]:
            case [ast.AnnAssign(target=ast.Name(id=target), value=value), ast.Return(value=ast.Name(id=name))]:
                if target == name:
                    body[-2:] = [ast.Return(value)]


def python_text(definitions: Iterable[ast.stmt]) -> list[str]:
    """Return each definition as Python source."""
    return [ast.unparse(definition) for definition in definitions]
