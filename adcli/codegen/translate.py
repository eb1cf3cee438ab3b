"""Translate kernels to C and JavaScript from the part of Python in which they are written.

That part is: functions of floats with assignments, `if`, `while`, `for` over `range` or a table, arithmetic,
comparisons, conditions and calls. Every value is a double, except the results of `int()` and `range`. Only the body of
a `try` is kept: where Python raises, IEEE 754 continues with the value that the kernel's `except` returns. A remainder
of floats has the sign of the dividend, since the kernels only test whether it is 0.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from .comments import comment_lines
from .dialect import C_SIGNS, Dialect, Expressions


def translate_definitions(definitions: Mapping[str, ast.stmt], dialect: Dialect) -> list[str]:
    """Return the functions and tables of a `Library`, in order.

    A language with types first declares the functions that are called by one that stands before them.
    """
    texts = []
    if dialect.is_typed:
        for name in _functions_to_declare(definitions):
            function = definitions[name]
            assert isinstance(function, ast.FunctionDef)
            texts.append(_head(function, dialect) + ";")
    for definition in definitions.values():
        if isinstance(definition, ast.FunctionDef):
            texts.append(_Function(definition, dialect).text())
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


def _head(function: ast.FunctionDef, dialect: Dialect) -> str:
    whole = _whole_parameters(function)
    kinds = {True: dialect.whole, False: dialect.real} if dialect.is_typed else {True: "", False: ""}
    parameters = ", ".join(kinds[arg.arg in whole] + arg.arg for arg in function.args.args)
    return f"{dialect.function}{function.name}({parameters})"


def _whole_parameters(function: ast.FunctionDef) -> set[str]:
    """Return the parameters that hold whole numbers: those in `range`, and in `%` and `//` by a whole number."""
    whole = set()
    names = {arg.arg for arg in function.args.args}
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
            whole |= {inner.id for each in node.args for inner in ast.walk(each) if isinstance(inner, ast.Name)}
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.FloorDiv)) and _is_integer(node.right):
            whole |= {inner.id for inner in ast.walk(node.left) if isinstance(inner, ast.Name)}
    return whole & names


class _Function:
    """Translate one function."""

    def __init__(self, function: ast.FunctionDef, dialect: Dialect) -> None:
        self.function = function
        self.dialect = dialect
        self.whole = _whole_parameters(function)
        self.expressions = Expressions(function.name, dialect, self.whole)
        self.lines: list[str] = []
        self.counter = 0

    def text(self) -> str:
        body = list(self.function.body)
        documentation = ast.get_docstring(self.function)
        if documentation:
            body = body[1:]
            lines = comment_lines(documentation, ("*/", "/*"))
            self.lines.append(f"/* {f'{chr(10)}   '.join(lines)} */")
        self.lines.append(_head(self.function, self.dialect) + " {")
        parameters = {arg.arg for arg in self.function.args.args}
        self._declare([name for name in self._locals(body) if name not in parameters])
        self._block(body, "    ")
        self.lines.append("}")
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
        for kind, is_whole in ((self.dialect.whole, True), (self.dialect.real, False)):
            some = [name for name in names if (name in self.whole) == is_whole]
            if some:
                self.lines.append(f"    {kind}{', '.join(some)};")

    def _block(self, body: Iterable[ast.stmt], indent: str) -> None:
        for statement in body:
            self._statement(statement, indent)

    def _statement(self, node: ast.stmt, indent: str) -> None:
        if isinstance(node, ast.Return):
            assert node.value is not None
            self.lines.append(f"{indent}return {self.expressions.text(node.value)};")
        elif isinstance(node, ast.Assign):
            self._assign(node, indent)
        elif isinstance(node, ast.AugAssign):
            sign = C_SIGNS[type(node.op)][0]
            target, value = self.expressions.text(node.target), self.expressions.text(node.value)
            self.lines.append(f"{indent}{target} {sign}= {value};")
        elif isinstance(node, ast.If):
            self._if(node, indent)
        elif isinstance(node, ast.While):
            self.lines.append(f"{indent}while ({self.expressions.text(node.test)}) {{")
            self._block(node.body, indent + "    ")
            self.lines.append(f"{indent}}}")
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
            self.lines.append(indent + self.dialect.array.format(name=target.id, count=length))
        elif isinstance(target, ast.Tuple):
            raise TypeError(f"{self.function.name}: assign one name at a time, the translated Python has no tuples")
        else:
            targets = " = ".join(self.expressions.text(each) for each in node.targets)
            self.lines.append(f"{indent}{targets} = {self.expressions.text(node.value)};")

    def _if(self, node: ast.If, indent: str) -> None:
        self.lines.append(f"{indent}if ({self.expressions.text(node.test)}) {{")
        self._block(node.body, indent + "    ")
        rest = node.orelse
        while rest:
            inner = rest[0] if len(rest) == 1 else None
            if isinstance(inner, ast.If):
                self.lines.append(f"{indent}}} else if ({self.expressions.text(inner.test)}) {{")
                self._block(inner.body, indent + "    ")
                rest = inner.orelse
            else:
                self.lines.append(f"{indent}}} else {{")
                self._block(rest, indent + "    ")
                break
        self.lines.append(f"{indent}}}")

    def _for(self, node: ast.For, indent: str) -> None:
        assert isinstance(node.target, ast.Name)
        kind = self.dialect.whole
        if isinstance(node.iter, ast.Call):
            name = node.target.id if node.target.id != "_" else f"i{self._count()}"
            bounds = [self.expressions.text(argument) for argument in node.iter.args]
            first, last = bounds if len(bounds) == 2 else (bounds[0], bounds[1]) if len(bounds) == 3 else ("0", *bounds)
            down = len(bounds) == 3  # only range(n, 0, -1) occurs
            step = f"{name} > {last}; {name}--" if down else f"{name} < {last}; {name}++"
            self.lines.append(f"{indent}for ({kind}{name} = {first}; {step}) {{")
        else:
            table = self.expressions.text(node.iter)
            position = f"i{self._count()}"
            size = f"(int)(sizeof {table} / sizeof *{table})" if self.dialect.is_typed else f"{table}.length"
            self.lines.append(f"{indent}for ({kind}{position} = 0; {position} < {size}; {position}++) {{")
            real = "const double " if self.dialect.is_typed else "const "
            self.lines.append(f"{indent}    {real}{node.target.id} = {table}[{position}];")
        self._block(node.body, indent + "    ")
        self.lines.append(f"{indent}}}")

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
