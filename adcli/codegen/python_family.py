"""The parts that the targets in Python share: a docstring, tuples of results, and masks for arrays."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Sequence
from typing import ClassVar

from ..ops import TABLE, Op
from ..ops.arithmetic import ATOM
from ..ops.operands import Operand
from .array_calls import TEMPLATES, array_form, array_text, index_text
from .code_writer import CodeWriter
from .comments import Comment, description
from .forms import Form, call
from .layout import Constants


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
    takes_arrays = True
    array_operations: ClassVar[frozenset[str]]

    @property
    def has_arrays(self) -> bool:
        """Whether the arguments are arrays of fixed shapes. Otherwise they are numbers, or arrays that broadcast."""
        return not self.request.program.is_scalar

    def operations(self) -> set[str]:
        """Return the names of the operations that are not written by others."""
        own = super().operations() if self.expands else {name for name, op in TABLE.items() if op.is_elementwise}
        return own | self.array_operations | TEMPLATES.keys()

    def spell(self, op: Op, constants: Constants) -> Form:
        """Return the form of an operation, on arrays as a function of the module or a helper."""
        if op.is_elementwise:
            return super().spell(op, constants)
        return array_form(op, self.module, len(constants)) or self.call_of_arrays(op, len(constants))

    def call_of_arrays(self, op: Op, count: int) -> Form:
        """Return the call of a helper, with the parameters of the operation."""
        parameters = dict(op.parameters)
        index = parameters.pop("index", None)
        texts = [] if index is None else [f"index={self.module}.index_exp[{index_text(index, self.module)}]"]
        texts += [f"{name}={value!r}" for name, value in parameters.items()]
        return call(self.helpers.kernel(op), count, texts)

    def number(self, value: Operand) -> tuple[str, float]:
        """Return a number or a constant array as text, and how tightly that binds."""
        return super().number(value) if isinstance(value, float) else (array_text(value, self.module), ATOM)

    def input_lines(self) -> list[str]:
        """Return the lines that turn the arguments into arrays, and check their shapes."""
        names, shapes = self.layout.inputs, self.request.program.shapes
        lines = [f"{name} = {self.module}.asarray({name}, dtype=float)" for name in names]
        for name, shape in zip(names, shapes, strict=True):
            problem = f"{name} must have the shape {shape}" if shape else f"{name} must be a number"
            lines += [f"if {name}.shape != {shape}:", f'    raise ValueError("{problem}")']
        return [f"    {line}" for line in lines]

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
                mask = masks[value] + self._stretch(part, position)
                text = f"{self.module}.where({mask}, {self.nan}, {self.layout.text(number)})"
                entries[part].append(name)
                lines.append(f"{self.indent}{name} = {text}")
        return [*lines, f"{self.indent}return {', '.join(self.arrange(entries).values())}"]

    def _stretch(self, part: str, position: int) -> str:
        """Return the index that gives a mask of the elements of an array the axes of a block of the Jacobian."""
        if not self.request.is_array or part != "jacobian":
            return ""
        rank = len(self.request.shapes[self.request.wrt[position]])
        return f"[..., {', '.join(['None'] * rank)}]" if rank else ""
