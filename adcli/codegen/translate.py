"""Translate kernels to other languages from the part of Python in which they are written.

That part is: functions of floats with assignments, `if`, `while`, `for` over `range` or a table, arithmetic,
comparisons, conditions and calls. Every value is a float, except the results of `int()` and `range`. Only the body of
a `try` is kept: where Python raises, IEEE 754 continues with the value that the kernel's `except` returns. A remainder
of floats has the sign of the dividend, since the kernels only test whether it is 0.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from .comments import comment_lines
from .dialect import SIGNS, Dialect, Expressions


def translate_definitions(definitions: Mapping[str, ast.stmt], dialect: Dialect) -> list[str]:
    """Return the functions and tables of a `Library`, in order.

    A language with prototypes first declares the functions that are called by one that stands before them.
    """
    functions = {name: each for name, each in definitions.items() if isinstance(each, ast.FunctionDef)}
    parameters = {name: _parameter_kinds(function) for name, function in functions.items()}
    texts = []
    if dialect.prototypes:
        texts += [_head(functions[name], dialect) + dialect.end for name in _functions_to_declare(definitions)]
    for definition in definitions.values():
        if isinstance(definition, ast.FunctionDef):
            texts.append(_Function(definition, dialect, parameters).text())
        else:
            assert isinstance(definition, ast.Assign)
            assert isinstance(definition.targets[0], ast.Name)
            values = ast.literal_eval(definition.value)
            text = ", ".join(map(repr, values))
            texts.append(dialect.table.format(name=definition.targets[0].id, count=len(values), values=text))
    return texts


def _functions_to_declare(definitions: Mapping[str, ast.stmt]) -> list[str]:
    """Return the functions that are called by one that stands before them."""
    earlier: set[str] = set()
    early: dict[str, None] = {}
    for name, definition in definitions.items():
        earlier.add(name)
        for inner in ast.walk(definition):
            if isinstance(inner, ast.Name) and inner.id in definitions and inner.id not in earlier:
                early[inner.id] = None
    return list(early)


def _parameter_kinds(function: ast.FunctionDef) -> tuple[bool, ...]:
    """Return for each parameter whether it is a whole number."""
    whole = _whole_parameters(function)
    return tuple([arg.arg in whole for arg in function.args.args])


def _head(function: ast.FunctionDef, dialect: Dialect) -> str:
    pairs = zip(function.args.args, _parameter_kinds(function), strict=True)
    templates = {True: dialect.whole_parameter, False: dialect.real_parameter}
    parameters = ", ".join(templates[is_whole].format(name=arg.arg) for arg, is_whole in pairs)
    return dialect.function.format(name=function.name, parameters=parameters)


def _whole_parameters(function: ast.FunctionDef) -> set[str]:
    """Return the parameters that hold whole numbers: those in `range`, and in `%` and `//` by a whole number."""
    whole = set()
    names = {arg.arg for arg in function.args.args}
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
            whole |= {name for each in node.args for name in _names(each)}
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.FloorDiv)) and _is_integer(node.right):
            whole |= set(_names(node.left))
    return whole & names


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the names in an expression, without those in a call."""
    if isinstance(node, ast.Name):
        yield node.id
    elif not isinstance(node, ast.Call):
        for child in ast.iter_child_nodes(node):
            yield from _names(child)


class _Function:
    """Translate one function."""

    def __init__(self, function: ast.FunctionDef, dialect: Dialect, parameters: Mapping[str, tuple[bool, ...]]) -> None:
        self.function = function
        self.dialect = dialect
        self.whole = _whole_parameters(function)
        self.expressions = Expressions(function.name, dialect, self.whole, parameters)
        self.lines: list[str] = []
        self.counter = 0

    def text(self) -> str:
        body = list(self.function.body)
        documentation = ast.get_docstring(self.function)
        if documentation:
            body = body[1:]
            lines = comment_lines(documentation, ("*/", "/*", "=#", "#="))
            self.lines.append(self.dialect.comment.format(text=f"{chr(10)}   ".join(lines)))
        self.lines.append(_head(self.function, self.dialect) + self.dialect.block_start)
        parameters = {arg.arg for arg in self.function.args.args}
        self._declare([name for name in self._locals(body) if name not in parameters])
        self._block(body, "    ")
        self.lines.append(self.dialect.block_end)
        return "\n".join(self.lines)

    def _locals(self, body: Iterable[ast.stmt]) -> dict[str, None]:
        """Return the names that are assigned, without arrays and loop variables, and note those of whole numbers."""
        names: dict[str, None] = {}
        for statement in body:
            for node in ast.walk(statement):
                if isinstance(node, ast.For):
                    assert isinstance(node.target, ast.Name)
                    if isinstance(node.iter, ast.Call):
                        self.whole.add(node.target.id)
                elif isinstance(node, ast.Assign) and not _array_length(node.value):
                    for target in node.targets:
                        if isinstance(target, ast.Name):
                            if self.expressions.is_whole(node.value) and not isinstance(node.value, ast.Constant):
                                self.whole.add(target.id)
                            names[target.id] = None
        return names

    def _declare(self, names: list[str]) -> None:
        for template, is_whole in ((self.dialect.whole_locals, True), (self.dialect.real_locals, False)):
            some = [self.dialect.local_name.format(name=name) for name in names if (name in self.whole) == is_whole]
            if some:
                self.lines.append("    " + template.format(names=", ".join(some)))

    def _block(self, body: Iterable[ast.stmt], indent: str) -> None:
        for statement in body:
            self._statement(statement, indent)

    def _write(self, text: str, indent: str) -> None:
        self.lines += [indent + line for line in text.split("\n")]

    def _statement(self, node: ast.stmt, indent: str) -> None:
        end = self.dialect.end
        if isinstance(node, ast.Return):
            assert node.value is not None
            self._write(f"return {self.expressions.real(node.value)}{end}", indent)
        elif isinstance(node, ast.Assign):
            self._assign(node, indent)
        elif isinstance(node, ast.AugAssign):
            target = self.expressions.text(node.target)
            value = self.expressions.like(node.value, node.target, 0)
            self._write(f"{target} {SIGNS[type(node.op)][0]}= {value}{end}", indent)
        elif isinstance(node, ast.If):
            self._if(node, indent)
        elif isinstance(node, ast.While):
            self._write(self.dialect.while_loop.format(test=self.expressions.test(node.test)), indent)
            self._block(node.body, indent + "    ")
            self._write(self.dialect.block_end, indent)
        elif isinstance(node, ast.For):
            self._for(node, indent)
        elif isinstance(node, ast.Try):
            self._block(node.body, indent)
        else:
            raise TypeError(f"{self.function.name}: {type(node).__name__} is not part of the Python that is translated")

    def _assign(self, node: ast.Assign, indent: str) -> None:
        length = _array_length(node.value)
        target = node.targets[0]
        if length is not None and isinstance(target, ast.Name):
            self._write(self.dialect.array.format(name=target.id, count=length), indent)
        elif isinstance(target, ast.Tuple):
            raise TypeError(f"{self.function.name}: assign one name at a time, the translated Python has no tuples")
        else:
            for each in node.targets:  # more than one only get a constant
                value = self.expressions.like(node.value, each, 0)
                self._write(f"{self.expressions.text(each)} = {value}{self.dialect.end}", indent)

    def _if(self, node: ast.If, indent: str) -> None:
        self._write(self.dialect.branch.format(test=self.expressions.test(node.test)), indent)
        self._block(node.body, indent + "    ")
        rest = node.orelse
        while rest:
            inner = rest[0] if len(rest) == 1 else None
            if isinstance(inner, ast.If):
                self._write(self.dialect.other_branch.format(test=self.expressions.test(inner.test)), indent)
                self._block(inner.body, indent + "    ")
                rest = inner.orelse
            else:
                self._write(self.dialect.last_branch.format(), indent)
                self._block(rest, indent + "    ")
                break
        self._write(self.dialect.block_end, indent)

    def _for(self, node: ast.For, indent: str) -> None:
        assert isinstance(node.target, ast.Name)
        name = node.target.id if node.target.id != "_" else f"i{self._count()}"
        if isinstance(node.iter, ast.Call):
            bounds = [self.expressions.text(argument, 5) for argument in node.iter.args]
            first, last = bounds[:2] if len(bounds) > 1 else ("0", *bounds)
            template = self.dialect.down if len(bounds) == 3 else self.dialect.up  # only range(n, 0, -1) occurs
            self._write(template.format(name=name, first=first, last=last), indent)
        else:
            table = self.expressions.text(node.iter)
            self._write(self.dialect.over.format(name=name, table=table, position=f"i{self._count()}"), indent)
        self._block(node.body, indent + "    ")
        self._write(self.dialect.block_end, indent)

    def _count(self) -> int:
        self.counter += 1
        return self.counter


def _is_integer(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _array_length(node: ast.expr) -> int | None:
    """Return the length of an array written as ``[0.0] * 101``, or None."""
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.List) and isinstance(node.right, ast.Constant):
        return int(node.right.value)  # type: ignore[arg-type]
    return None
