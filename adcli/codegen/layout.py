"""Lay out a program as statements, for all targets: choose the values that get a name, and write the expressions.

A value gets a name if it is read more than once, if the user named it, or if the expression would grow long. So no
parser of a target reads more than `MAX_OPERATIONS` operations in one statement, however deep the formula is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from ..graph.tape import Tape
from ..graph.text import Piece, tree_text
from ..ops import Op
from ..ops.arithmetic import ATOM
from .forms import Form
from .names import Names

MAX_OPERATIONS = 16  # in one statement

Constants: TypeAlias = Sequence["float | None"]  # the arguments of an operation that are numbers, else None
Speller: TypeAlias = Callable[[Op, Constants], Form]
NumberText: TypeAlias = Callable[[float], tuple[str, float]]  # a number -> its text, and how tightly it binds


class Statement(NamedTuple):
    """`name = text`, and whether the value is a condition."""

    name: str
    text: str
    value: int
    is_condition: bool


class Layout:
    """A program as statements.

    Args:
        program: the program to write.
        spell: returns the form of an operation.
        number: returns the text of a number.
        names: the names in use. The variables take theirs first.
        labels: names for values that must have one, such as the value that is tested for nan.
        tested: how many of the first outputs are there to be tested for nan, even if they are not requested.
        largest: the largest number of operations in one statement.
        smallest: the smallest number of operations of a value that gets a name because it is read more than once. If
            it is not 1, conditions get no name either.
        parentheses: the two marks around an expression that binds less tightly than its slot needs.
        inputs: the texts of the program's variables [default: names of their own].

    Attributes:
        names: the names of values that have one.
        inputs: the texts of the program's variables, in their order.
        arguments: the names of the arguments of the function.
        statements: in order of evaluation.
    """

    def __init__(
        self,
        program: Tape,
        spell: Speller,
        number: NumberText,
        names: Names,
        labels: Mapping[int, str] | None = None,
        tested: int = 1,
        largest: int = MAX_OPERATIONS,
        smallest: int = 1,
        parentheses: tuple[str, str] = ("(", ")"),
        inputs: Sequence[str] | None = None,
    ) -> None:
        self._parentheses = parentheses
        self._number = number
        self._program = program
        self._tested = tested
        self._first = len(program.variables) + len(program.constants)
        self.inputs = tuple(names.take(name) for name in program.variables) if inputs is None else tuple(inputs)
        self.arguments = self.inputs
        self.names: dict[int, str] = dict(enumerate(self.inputs))
        numbered = enumerate(program.constants, len(program.variables))
        constants: dict[int, float] = {value: number for value, number in numbered if isinstance(number, float)}
        self._forms = [spell(op, [constants.get(value) for value in inputs]) for op, _, inputs in program.instructions]
        with_names = self._select_values(set(labels or ()), largest, smallest)
        all_labels = {**(labels or {}), **program.labels}
        label_names = {value: names.take(label) for value, label in all_labels.items() if value in with_names}
        self.statements: list[Statement] = []
        for op, value, _ in program.instructions:
            if value in with_names:
                text = self.text(value)
                self.names[value] = label_names.get(value) or names.take_new()
                self.statements.append(Statement(self.names[value], text, value, op.is_condition))

    def text(self, value: int, least: float = 0) -> str:
        """Return a value as an expression, in parentheses if it binds less tightly than `least`."""
        return tree_text(value, self._expand, least, self._parentheses)

    def reads(self, value: int) -> Iterator[int]:
        """Yield the values with names that the expression of a value reads, each as often as it is read."""
        stack = list(self._inputs(value))
        while stack:
            current = stack.pop()
            if current in self.names:
                yield current
            else:
                stack.extend(self._inputs(current))

    def _inputs(self, value: int) -> tuple[int, ...]:
        return self._program.instructions[value - self._first].inputs if value >= self._first else ()

    def _select_values(self, labels: set[int], largest: int, smallest: int) -> set[int]:
        """Return the values that get names."""
        first = self._first
        selected = {value for value in {*labels, *self._program.labels} if value >= first}
        for form, (_, _, inputs) in zip(self._forms, self._program.instructions, strict=True):
            selected |= {inputs[position] for position in form.repeated if inputs[position] >= first}
        uses = self._program.uses()
        for value in self._program.outputs[: self._tested]:
            uses[value] -= 1
        sizes = [0] * self._program.size
        for op, out, inputs in self._program.instructions:
            sizes[out] = 1 + sum(sizes[value] for value in inputs if value not in selected)
            # The largest argument gets a name first, until the statement is short enough.
            for value in sorted(set(inputs), key=lambda value: -sizes[value]):
                if sizes[out] > largest and value >= first and value not in selected:
                    selected.add(value)
                    sizes[out] -= sizes[value] * inputs.count(value)
            if uses[out] > 1 and (smallest == 1 or (sizes[out] >= smallest and not op.is_condition)):
                selected.add(out)
        return selected

    def _expand(self, value: int) -> tuple[Sequence[Piece], float]:
        name = self.names.get(value)
        if name is not None:
            return [name], ATOM
        if value < self._first:
            text, binding = self._number(self._program.constants[value - len(self._program.variables)])
            return [text], binding
        form = self._forms[value - self._first]
        inputs = self._inputs(value)
        pieces = [piece if isinstance(piece, str) else (inputs[piece[0]], piece[1]) for piece in form.pieces]
        return pieces, form.binding
