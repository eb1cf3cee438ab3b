"""The parts that the targets in Python share: a docstring, tuples of results, and masks for arrays."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Sequence
from typing import ClassVar

from .code_writer import CodeWriter
from .comments import Comment, description


def tuple_text(entries: Sequence[str]) -> str:
    """Return a tuple as Python and Julia write it. A tuple of one entry has a comma."""
    return f"({', '.join(entries)}{',' if len(entries) == 1 else ''})"


class PythonWriter(CodeWriter):
    """Write a Python function that returns the one part, or a tuple of the parts."""

    comment = Comment('"""', '"""')
    reserved = frozenset(
        {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "math", "functools", "np", "jax", "jnp"}
    )
    ascii_names = False

    def heading(self) -> list[str]:
        """Return the head of the function and its docstring."""
        paragraphs = description(self.request, self.layout, self.name)
        first, *rest = [f"    {line}".rstrip() for line in self.comment.clean(paragraphs)]
        head = f"def {self.name}({', '.join(self.layout.inputs)}):"
        return [head, f'    """{first.lstrip()}', *rest, '    """']

    def list_text(self, entries: Sequence[str]) -> str:
        """Return a tuple. A tuple of one entry has a comma."""
        return tuple_text(entries)

    def statement_lines(self, indent: str = "    ") -> list[str]:
        """Return the assignments that the results need."""
        return [f"{indent}{each.name} = {each.text}" for each in self.layout.statements]


class ArrayWriter(PythonWriter):
    """Write a function of arrays.

    Class attributes:
        module: the name of the module of array functions.
        indent: of the statements.
    """

    module: ClassVar[str]
    indent: ClassVar[str] = "    "

    def value_text(self, value: int) -> str:
        """Return an element of the value as the function returns it."""
        return self.values[value]

    def result_lines(self) -> list[str]:
        """Return the lines that replace derivatives by nan where the value is nan, and return the results."""
        masks = {}
        if self.has_mask:
            for place, value in enumerate(self.values, 1):
                masks[value] = self.names.take("undefined" if self.request.is_number else f"undefined_{place}")
        lines = [f"{self.indent}{mask} = {self.module}.isnan({self.values[value]})" for value, mask in masks.items()]
        entries: dict[str, list[str]] = {}
        for part, entry in self.request.parts.items():
            numbers = self.request.numbers(part)
            if part == "value":
                entries[part] = [self.value_text(number) for number in numbers]
                continue
            entries[part] = []
            for position, (number, value) in enumerate(zip(numbers, self.request.masks(part), strict=True)):
                name = self.names.take(f"{part}_{position}" if isinstance(entry, tuple) else part)
                text = f"{self.module}.where({masks[value]}, {self.nan}, {self.layout.text(number)})"
                entries[part].append(name)
                lines.append(f"{self.indent}{name} = {text}")
        return [*lines, f"{self.indent}return {', '.join(self.arrange(entries).values())}"]
