"""Translate kernels to C and JavaScript from the part of Python in which they are written.

That part is: functions of floats with assignments, `if`, `while`, `for` over `range` or a table, arithmetic,
comparisons, conditions and calls. Every value is a double, except the results of `int()` and `range`. Only the body of
a `try` is kept: where Python raises, IEEE 754 continues with the value that the kernel's `except` returns. A remainder
of floats has the sign of the dividend, since the kernels only test whether it is 0.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .comments import comment_lines


class Dialect(NamedTuple):
    """What differs between the languages.

    Attributes:
        real: the type of a float, with the space after it, where variables are declared.
        whole: the type of a whole number.
        function: what stands before a function's name.
        is_typed: whether parameters carry their type.
        table: a table of numbers, with ``{name}``, ``{count}``, ``{values}``.
        array: a local array of zeros, with ``{name}``, ``{count}``.
        operations: Python's built-in functions, and ``%`` on floats, as templates.
        numbers: the names of inf and nan.
    """

    real: str
    whole: str
    function: str
    is_typed: bool
    table: str
    array: str
    operations: Mapping[str, str]
    numbers: Mapping[str, str]


_SIGNS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", 5), ast.Sub: ("-", 5), ast.Mult: ("*", 6), ast.Div: ("/", 6), ast.Mod: ("%", 6),
    ast.And: ("&&", 2), ast.Or: ("||", 1),
    ast.Lt: ("<", 4), ast.LtE: ("<=", 4), ast.Gt: (">", 4), ast.GtE: (">=", 4), ast.Eq: ("==", 3), ast.NotEq: ("!=", 3),
}  # fmt: skip
_ATOM, _UNARY, _CHOICE = 9, 8, 0


def translate_definitions(definitions: Mapping[str, ast.stmt], dialect: Dialect) -> list[str]:
    """Return the functions and tables of a `Library`, in order.

    A language with types first declares the functions that are called by one that stands before them.
    """
    texts = []
    if dialect.is_typed:
        for name in _called_early(definitions):
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


def _called_early(definitions: Mapping[str, ast.stmt]) -> list[str]:
    """Return the functions that are called by one that stands before them."""
    seen: set[str] = set()
    early: dict[str, None] = {}
    for name, definition in definitions.items():
        seen.add(name)
        for inner in ast.walk(definition):
            if isinstance(inner, ast.Name) and inner.id in definitions and inner.id not in seen:
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
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.FloorDiv)) and _literal(node.right):
            whole |= {inner.id for inner in ast.walk(node.left) if isinstance(inner, ast.Name)}
    return whole & names


class _Function:
    """One function being translated."""

    def __init__(self, function: ast.FunctionDef, dialect: Dialect) -> None:
        self.function = function
        self.dialect = dialect
        self.whole = _whole_parameters(function)
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
                elif isinstance(node, ast.Assign) and not _zeros(node.value):
                    for target in node.targets:
                        if isinstance(target, ast.Name):
                            if self._is_whole(node.value) and not isinstance(node.value, ast.Constant):
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
            self.lines.append(f"{indent}return {self._expression(node.value)};")
        elif isinstance(node, ast.Assign):
            self._assign(node, indent)
        elif isinstance(node, ast.AugAssign):
            sign = _SIGNS[type(node.op)][0]
            target, value = self._expression(node.target), self._expression(node.value)
            self.lines.append(f"{indent}{target} {sign}= {value};")
        elif isinstance(node, ast.If):
            self._if(node, indent)
        elif isinstance(node, ast.While):
            self.lines.append(f"{indent}while ({self._expression(node.test)}) {{")
            self._block(node.body, indent + "    ")
            self.lines.append(f"{indent}}}")
        elif isinstance(node, ast.For):
            self._for(node, indent)
        elif isinstance(node, ast.Try):
            self._block(node.body, indent)
        else:
            raise TypeError(f"the translator does not know {type(node).__name__} in {self.function.name}")

    def _assign(self, node: ast.Assign, indent: str) -> None:
        zeros = _zeros(node.value)
        target = node.targets[0]
        if zeros is not None and isinstance(target, ast.Name):
            self.lines.append(indent + self.dialect.array.format(name=target.id, count=zeros))
        elif isinstance(target, ast.Tuple):
            raise TypeError(f"the translator assigns one name at a time, in {self.function.name}")
        else:
            targets = " = ".join(self._expression(each) for each in node.targets)
            self.lines.append(f"{indent}{targets} = {self._expression(node.value)};")

    def _if(self, node: ast.If, indent: str) -> None:
        self.lines.append(f"{indent}if ({self._expression(node.test)}) {{")
        self._block(node.body, indent + "    ")
        rest = node.orelse
        while rest:
            inner = rest[0] if len(rest) == 1 else None
            if isinstance(inner, ast.If):
                self.lines.append(f"{indent}}} else if ({self._expression(inner.test)}) {{")
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
            bounds = [self._expression(argument) for argument in node.iter.args]
            first, last = bounds if len(bounds) == 2 else (bounds[0], bounds[1]) if len(bounds) == 3 else ("0", *bounds)
            down = len(bounds) == 3  # only range(n, 0, -1) occurs
            step = f"{name} > {last}; {name}--" if down else f"{name} < {last}; {name}++"
            self.lines.append(f"{indent}for ({kind}{name} = {first}; {step}) {{")
        else:
            table = self._expression(node.iter)
            place = f"i{self._count()}"
            size = f"(int)(sizeof {table} / sizeof *{table})" if self.dialect.is_typed else f"{table}.length"
            self.lines.append(f"{indent}for ({kind}{place} = 0; {place} < {size}; {place}++) {{")
            real = "const double " if self.dialect.is_typed else "const "
            self.lines.append(f"{indent}    {real}{node.target.id} = {table}[{place}];")
        self._block(node.body, indent + "    ")
        self.lines.append(f"{indent}}}")

    def _count(self) -> int:
        self.counter += 1
        return self.counter

    def _expression(self, node: ast.expr, least: int = 0) -> str:
        text, binding = self._bind(node)
        return f"({text})" if binding < least else text

    def _bind(self, node: ast.expr) -> tuple[str, int]:
        if isinstance(node, ast.Constant):
            return repr(node.value), _ATOM
        if isinstance(node, ast.Name):
            return self.dialect.numbers.get(node.id, node.id), _ATOM
        if isinstance(node, ast.Attribute):  # Math.exp, Number.NaN
            return ast.unparse(node), _ATOM
        if isinstance(node, ast.Subscript):
            return f"{self._expression(node.value)}[{self._expression(node.slice)}]", _ATOM
        if isinstance(node, ast.UnaryOp):
            sign = "!" if isinstance(node.op, ast.Not) else "-"
            return sign + self._expression(node.operand, _ATOM), _UNARY
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        if isinstance(node, ast.BoolOp):
            sign, binding = _SIGNS[type(node.op)]
            # gcc -Wall wants parentheses around && inside ||.
            least = binding + 1 if binding == 2 else 3
            return f" {sign} ".join(self._expression(value, least) for value in node.values), binding
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.IfExp):
            parts = [self._expression(part, 1) for part in (node.test, node.body, node.orelse)]
            return f"{parts[0]} ? {parts[1]} : {parts[2]}", _CHOICE
        if isinstance(node, ast.Call):
            return self._call(node)
        raise TypeError(f"the translator does not know {type(node).__name__} in {self.function.name}")

    def _binary(self, node: ast.BinOp) -> tuple[str, int]:
        if isinstance(node.op, ast.Pow):
            if isinstance(node.left, ast.Constant):
                return repr(float(ast.literal_eval(node.left)) ** float(ast.literal_eval(node.right))), _ATOM
            return self._template("**", [node.left, node.right])
        if isinstance(node.op, ast.FloorDiv):  # of whole numbers that are not negative
            quotient = f"{self._expression(node.left, 6)} / {self._expression(node.right, 7)}"
            return (quotient, 6) if self.dialect.is_typed else (f"Math.floor({quotient})", _ATOM)
        if isinstance(node.op, ast.Mod) and not self._is_whole(node):
            return self._template("%", [node.left, node.right])
        sign, binding = _SIGNS[type(node.op)]
        return f"{self._expression(node.left, binding)} {sign} {self._expression(node.right, binding + 1)}", binding

    def _compare(self, node: ast.Compare) -> tuple[str, int]:
        values = [node.left, *node.comparators]
        links = []
        for place, op in enumerate(node.ops):
            sign = _SIGNS[type(op)][0]
            if not self.dialect.is_typed:
                sign = {"==": "===", "!=": "!=="}.get(sign, sign)
            links.append(f"{self._expression(values[place], 5)} {sign} {self._expression(values[place + 1], 5)}")
        return " && ".join(links), 3 if len(links) == 1 else 2

    def _call(self, node: ast.Call) -> tuple[str, int]:
        name = ast.unparse(node.func)
        if name in self.dialect.operations:
            return self._template(name, node.args)
        return f"{name}({', '.join(self._expression(argument) for argument in node.args)})", _ATOM

    def _template(self, name: str, arguments: list[ast.expr]) -> tuple[str, int]:
        template = self.dialect.operations[name]
        return template.format(*[self._expression(argument) for argument in arguments]), _ATOM

    def _is_whole(self, node: ast.expr) -> bool:
        """Whether an expression is a whole number in Python too."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, int)
        if isinstance(node, ast.Name):
            return node.id in self.whole
        if isinstance(node, ast.BinOp):
            return not isinstance(node.op, ast.Div) and self._is_whole(node.left) and self._is_whole(node.right)
        if isinstance(node, ast.UnaryOp):
            return self._is_whole(node.operand)
        return isinstance(node, ast.Call) and ast.unparse(node.func) == "int"


def _literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _zeros(node: ast.expr) -> int | None:
    """The length of an array written as ``[0.0] * 101``."""
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.List) and isinstance(node.right, ast.Constant):
        return int(node.right.value)  # type: ignore[arg-type]
    return None
