"""Translate expressions to languages with the syntax of C, whose differences a `Dialect` states."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple


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


# operator -> its sign, and how tightly it binds
SIGNS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", 5), ast.Sub: ("-", 5), ast.Mult: ("*", 6), ast.Div: ("/", 6), ast.Mod: ("%", 6),
    ast.And: ("&&", 2), ast.Or: ("||", 1),
    ast.Lt: ("<", 4), ast.LtE: ("<=", 4), ast.Gt: (">", 4), ast.GtE: (">=", 4), ast.Eq: ("==", 3), ast.NotEq: ("!=", 3),
}  # fmt: skip
_ATOM, _UNARY, _CHOICE = 9, 8, 0


class Expressions:
    """Translate the expressions of one function.

    Args:
        name: the name of the function, for messages.
        dialect: the language.
        whole: the names of whole numbers.
    """

    def __init__(self, name: str, dialect: Dialect, whole: set[str]) -> None:
        self.name = name
        self.dialect = dialect
        self.whole = whole

    def text(self, node: ast.expr, least: int = 0) -> str:
        """Return an expression, in parentheses if it binds less tightly than `least`."""
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
            return f"{self.text(node.value)}[{self.text(node.slice)}]", _ATOM
        if isinstance(node, ast.UnaryOp):
            sign = "!" if isinstance(node.op, ast.Not) else "-"
            return sign + self.text(node.operand, _ATOM), _UNARY
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        if isinstance(node, ast.BoolOp):
            sign, binding = SIGNS[type(node.op)]
            # gcc -Wall warns of && inside || without parentheses.
            least = binding + 1 if binding == 2 else 3
            return f" {sign} ".join(self.text(value, least) for value in node.values), binding
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.IfExp):
            parts = [self.text(part, 1) for part in (node.test, node.body, node.orelse)]
            return f"{parts[0]} ? {parts[1]} : {parts[2]}", _CHOICE
        if isinstance(node, ast.Call):
            return self._call(node)
        raise TypeError(f"{self.name}: {type(node).__name__} is not part of the Python that is translated")

    def _binary(self, node: ast.BinOp) -> tuple[str, int]:
        if isinstance(node.op, ast.Pow):
            if isinstance(node.left, ast.Constant):
                return repr(float(ast.literal_eval(node.left)) ** float(ast.literal_eval(node.right))), _ATOM
            return self._template("**", [node.left, node.right])
        if isinstance(node.op, ast.FloorDiv):  # of whole numbers that are not negative
            quotient = f"{self.text(node.left, 6)} / {self.text(node.right, 7)}"
            return (quotient, 6) if self.dialect.is_typed else (f"Math.floor({quotient})", _ATOM)
        if isinstance(node.op, ast.Mod) and not self.is_whole(node):
            return self._template("%", [node.left, node.right])
        sign, binding = SIGNS[type(node.op)]
        return f"{self.text(node.left, binding)} {sign} {self.text(node.right, binding + 1)}", binding

    def _compare(self, node: ast.Compare) -> tuple[str, int]:
        values = [node.left, *node.comparators]
        links = []
        for place, op in enumerate(node.ops):
            sign = SIGNS[type(op)][0]
            if not self.dialect.is_typed:
                sign = {"==": "===", "!=": "!=="}.get(sign, sign)
            links.append(f"{self.text(values[place], 5)} {sign} {self.text(values[place + 1], 5)}")
        return " && ".join(links), 3 if len(links) == 1 else 2

    def _call(self, node: ast.Call) -> tuple[str, int]:
        name = ast.unparse(node.func)
        if name in self.dialect.operations:
            return self._template(name, node.args)
        return f"{name}({', '.join(self.text(argument) for argument in node.args)})", _ATOM

    def _template(self, name: str, arguments: list[ast.expr]) -> tuple[str, int]:
        template = self.dialect.operations[name]
        return template.format(*[self.text(argument) for argument in arguments]), _ATOM

    def is_whole(self, node: ast.expr) -> bool:
        """Whether an expression is a whole number in Python too."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, int)
        if isinstance(node, ast.Name):
            return node.id in self.whole
        if isinstance(node, ast.BinOp):
            return not isinstance(node.op, ast.Div) and self.is_whole(node.left) and self.is_whole(node.right)
        if isinstance(node, ast.UnaryOp):
            return self.is_whole(node.operand)
        return isinstance(node, ast.Call) and ast.unparse(node.func) == "int"
