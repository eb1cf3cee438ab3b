"""Translate expressions to other languages, whose differences from C a `Dialect` states."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple


class Dialect(NamedTuple):
    """The differences between the languages, as templates. The defaults are those of C.

    Attributes:
        operations: Python's built-in functions, and ``%`` on floats.
        numbers: the names of inf and nan.
        table: a table of numbers, with ``{name}``, ``{count}``, ``{values}``.
        array: a local array of zeros, with ``{name}``, ``{count}``.
        comment: a comment of a helper, with ``{text}``.
        function: the head of a function, with ``{name}``, ``{parameters}``.
        prototypes: whether a function is declared if one that stands before it calls it.
        real_parameter, whole_parameter: the parameter ``{name}``, a float or a whole number.
        real_locals, whole_locals: the declaration of the local variables ``{names}``.
        local_name: one of these names.
        end: the mark at the end of a statement.
        block_start: the end of the head of a function.
        block_end: the last line of a block.
        branch, other_branch, last_branch, while_loop: the first lines of blocks, with ``{test}``.
        up, down: loops over whole numbers, with ``{name}``, ``{first}``, ``{last}``. The last one is left out.
        over: a loop over a table, with ``{name}``, ``{table}``, and a free name ``{position}``. It may have two lines.
        choice: a conditional expression, with ``{test}``, ``{yes}``, ``{no}``.
        quotient: the whole part of a quotient of whole numbers, which are not negative.
        as_real: a whole number ``{0}`` as a float.
        element: an entry of a table, with ``{table}``, ``{position}``.
        equality, inequality: the signs of comparison.
    """

    operations: Mapping[str, str]
    numbers: Mapping[str, str]
    table: str = "static const double {name}[{count}] = {{{values}}};"
    array: str = "double {name}[{count}] = {{0.0}};"
    comment: str = "/* {text} */"
    function: str = "static double {name}({parameters})"
    prototypes: bool = False
    real_parameter: str = "{name}"
    whole_parameter: str = "{name}"
    real_locals: str = "double {names};"
    whole_locals: str = "int {names};"
    local_name: str = "{name}"
    end: str = ";"
    block_start: str = " {"
    block_end: str = "}"
    branch: str = "if ({test}) {{"
    other_branch: str = "}} else if ({test}) {{"
    last_branch: str = "}} else {{"
    while_loop: str = "while ({test}) {{"
    up: str = "for (int {name} = {first}; {name} < {last}; {name}++) {{"
    down: str = "for (int {name} = {first}; {name} > {last}; {name}--) {{"
    over: str = (
        "for (int {position} = 0; {position} < (int)(sizeof {table} / sizeof *{table}); {position}++) {{\n"
        "    const double {name} = {table}[{position}];"
    )
    choice: str = "{test} ? {yes} : {no}"
    quotient: str = "{0} / {1}"
    as_real: str = "{0}"
    element: str = "{table}[{position}]"
    equality: str = "=="
    inequality: str = "!="


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
        parameters: for each helper function, which of its parameters are whole numbers.
    """

    def __init__(
        self, name: str, dialect: Dialect, whole: set[str], parameters: Mapping[str, tuple[bool, ...]]
    ) -> None:
        self.name = name
        self.dialect = dialect
        self.whole = whole
        self.parameters = parameters

    def text(self, node: ast.expr, least: int = 0) -> str:
        """Return an expression, in parentheses if it binds less tightly than `least`."""
        text, binding = self._bind(node)
        return f"({text})" if binding < least else text

    def real(self, node: ast.expr, least: int = 0) -> str:
        """Return an expression as a float."""
        if not self.is_whole(node):
            return self.text(node, least)
        if isinstance(node, ast.Constant):
            return repr(float(ast.literal_eval(node)))
        if self.dialect.as_real == "{0}":
            return self.text(node, least)
        return self.dialect.as_real.format(self.text(node))

    def test(self, node: ast.expr, least: int = 0) -> str:
        """Return a condition. A number holds if it is not 0."""
        if isinstance(node, (ast.Compare, ast.BoolOp)) or (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        ):
            return self.text(node, least)
        return self.text(ast.Compare(node, [ast.NotEq()], [ast.Constant(0)]), least)

    def like(self, node: ast.expr, other: ast.expr, least: int) -> str:
        """Return an operand: a whole number only if the other operand is one too."""
        return self.text(node, least) if self.is_whole(node) and self.is_whole(other) else self.real(node, least)

    def _bind(self, node: ast.expr) -> tuple[str, int]:
        if isinstance(node, ast.Constant):
            return repr(node.value), _ATOM
        if isinstance(node, ast.Name):
            return self.dialect.numbers.get(node.id, node.id), _ATOM
        if isinstance(node, ast.Attribute):  # Math.exp, Number.NaN
            return ast.unparse(node), _ATOM
        if isinstance(node, ast.Subscript):
            parts = {"table": self.text(node.value), "position": self.text(node.slice, 5)}
            return self.dialect.element.format(**parts), _ATOM
        if isinstance(node, ast.UnaryOp):
            if isinstance(node.op, ast.Not):
                return "!" + self.test(node.operand, _ATOM), _UNARY
            return "-" + self.text(node.operand, _ATOM), _UNARY
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        if isinstance(node, ast.BoolOp):
            sign, binding = SIGNS[type(node.op)]
            # gcc -Wall wants parentheses around && inside ||.
            least = binding + 1 if binding == 2 else 3
            return f" {sign} ".join(self.test(value, least) for value in node.values), binding
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.IfExp):
            parts = {"test": self.test(node.test, 1), "yes": self.real(node.body, 1), "no": self.real(node.orelse, 1)}
            return self.dialect.choice.format(**parts), _CHOICE
        if isinstance(node, ast.Call):
            return self._call(node)
        raise TypeError(f"{self.name}: {type(node).__name__} is not part of the Python that is translated")

    def _binary(self, node: ast.BinOp) -> tuple[str, int]:
        if isinstance(node.op, ast.Pow):
            if isinstance(node.left, ast.Constant):
                return repr(float(ast.literal_eval(node.left)) ** float(ast.literal_eval(node.right))), _ATOM
            return self._template("**", [node.left, node.right])
        if isinstance(node.op, ast.FloorDiv):
            text = self.dialect.quotient.format(self.text(node.left, 6), self.text(node.right, 7))
            return text, _ATOM if "(" in self.dialect.quotient else 6
        if isinstance(node.op, ast.Mod) and not self.is_whole(node):
            return self._template("%", [node.left, node.right])
        sign, binding = SIGNS[type(node.op)]
        if isinstance(node.op, ast.Div):
            return f"{self.real(node.left, binding)} / {self.real(node.right, binding + 1)}", binding
        left, right = self.like(node.left, node.right, binding), self.like(node.right, node.left, binding + 1)
        return f"{left} {sign} {right}", binding

    def _compare(self, node: ast.Compare) -> tuple[str, int]:
        values = [node.left, *node.comparators]
        links = []
        for op, left, right in zip(node.ops, values, values[1:], strict=False):
            sign = SIGNS[type(op)][0]
            sign = {"==": self.dialect.equality, "!=": self.dialect.inequality}.get(sign, sign)
            links.append(f"{self.like(left, right, 5)} {sign} {self.like(right, left, 5)}")
        return " && ".join(links), 3 if len(links) == 1 else 2

    def _call(self, node: ast.Call) -> tuple[str, int]:
        name = ast.unparse(node.func)
        if name in self.dialect.operations:
            return self._template(name, node.args)
        kinds = self.parameters.get(name, (False,) * len(node.args))
        pairs = zip(node.args, kinds, strict=True)
        arguments = [self.text(each) if is_whole else self.real(each) for each, is_whole in pairs]
        return f"{name}({', '.join(arguments)})", _ATOM

    def _template(self, name: str, arguments: list[ast.expr]) -> tuple[str, int]:
        template = self.dialect.operations[name]
        return template.format(*[self.real(argument) for argument in arguments]), _ATOM

    def is_whole(self, node: ast.expr) -> bool:
        """Return whether an expression is a whole number in Python too."""
        if isinstance(node, ast.Constant):
            return type(node.value) is int
        if isinstance(node, ast.Name):
            return node.id in self.whole
        if isinstance(node, ast.BinOp):
            return (
                not isinstance(node.op, (ast.Div, ast.Pow)) and self.is_whole(node.left) and self.is_whole(node.right)
            )
        if isinstance(node, ast.UnaryOp):
            return self.is_whole(node.operand)
        return isinstance(node, ast.Call) and ast.unparse(node.func) == "int"
