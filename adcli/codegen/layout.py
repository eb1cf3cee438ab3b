"""What all targets share: which values get a name of their own, in which order, and how expressions are written.

A value is named where it is read more than once, where the user named it, and where the expression would grow long:
so no parser of a target meets more than `LARGEST` operations at once, however deep the formula is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..errors import RequestError
from ..graph.tape import Tape
from ..graph.text import Piece, tree_text
from ..ops import Op
from ..ops.arithmetic import ATOM
from .forms import Form
from .names import Names

LARGEST = 16  # operations in one statement

# (op, its arguments as numbers where they are constants) -> how it is spelled
Speller = Callable[[Op, Sequence[float | None]], Form]
# a number -> its text, and how tightly it binds
NumberText = Callable[[float], tuple[str, float]]


class Statement(NamedTuple):
    """`name = text`; `condition` tells truths from numbers."""

    name: str
    text: str
    value: int
    condition: bool


class Layout:
    """A program laid out as statements.

    Args:
        program: what is to be written.
        spell: the form of an operation.
        number: the text of a number.
        names: the names that are taken; the variables come first.
        named: what to call values that need a name whatever they are, such as the one that a mask looks at.
        largest: operations in one statement.
        smallest: shared values of fewer operations are written wherever they are used, and conditions if it is not 1.
        parentheses: what stands around what binds less tightly than its place needs.

    Attributes:
        names: the texts of values that have a name.
        inputs: the names of the program's variables, in their order.
        statements: in order of evaluation.
    """

    def __init__(
        self,
        program: Tape,
        spell: Speller,
        number: NumberText,
        names: Names,
        named: Mapping[int, str] | None = None,
        largest: int = LARGEST,
        smallest: int = 1,
        parentheses: tuple[str, str] = ("(", ")"),
    ) -> None:
        self._parentheses = parentheses
        self._number = number
        self._program = program
        self._first = len(program.variables) + len(program.constants)
        self.inputs = tuple(names.take(name) for name in program.variables)
        self.names: dict[int, str] = dict(enumerate(self.inputs))
        constants = self._constants()
        self._forms = [spell(op, [constants.get(value) for value in inputs]) for op, _, inputs in program.instructions]
        chosen = self._chosen(set(named or ()), largest, smallest)
        labels = {value: label for value, label in {**(named or {}), **program.labels}.items() if value in chosen}
        kept = {value: names.take(label) for value, label in labels.items()}
        self.statements: list[Statement] = []
        for instruction in program.instructions:
            value = instruction.out
            if value in chosen:
                text = self.text(value)
                self.names[value] = kept.get(value) or names.fresh()
                self.statements.append(Statement(self.names[value], text, value, instruction.op.is_condition))

    def text(self, value: int, least: float = 0) -> str:
        """A value as an expression, in parentheses where it binds less tightly than `least`."""
        return tree_text(value, self._expand, least, self._parentheses)

    def reads(self, value: int) -> Iterator[int]:
        """The named values that the expression of a value reads, its own name aside; with repetitions."""
        stack = list(self._inputs(value))
        while stack:
            read = stack.pop()
            if read in self.names:
                yield read
            else:
                stack.extend(self._inputs(read))

    def _inputs(self, value: int) -> tuple[int, ...]:
        return self._program.instructions[value - self._first].inputs if value >= self._first else ()

    def _constants(self) -> Mapping[int, float]:
        return dict(enumerate(self._program.constants, len(self._program.variables)))

    def _chosen(self, named: set[int], largest: int, smallest: int) -> set[int]:
        """The values that get names."""
        first = self._first
        chosen = {value for value in {*named, *self._program.labels} if value >= first}
        for spelled, (_, _, inputs) in zip(self._forms, self._program.instructions, strict=True):
            chosen |= {inputs[place] for place in spelled.repeated if inputs[place] >= first}
        uses = self._program.uses()
        uses[self._program.outputs[0]] -= 1  # the value stands first for the mask, whatever is asked for
        sizes = [0] * self._program.size
        for op, out, inputs in self._program.instructions:
            sizes[out] = 1 + sum(sizes[value] for value in inputs if value not in chosen)
            # The largest argument is named first, until the statement is short enough.
            for value in sorted(set(inputs), key=lambda value: -sizes[value]):
                if sizes[out] > largest and value >= first and value not in chosen:
                    chosen.add(value)
                    sizes[out] -= sizes[value] * inputs.count(value)
            if uses[out] > 1 and (smallest == 1 or (sizes[out] >= smallest and not op.is_condition)):
                chosen.add(out)
        return chosen

    def _expand(self, value: int) -> tuple[Sequence[Piece], float]:
        name = self.names.get(value)
        if name is not None:
            return [name], ATOM
        if value < self._first:
            text, binding = self._number(self._program.constants[value - len(self._program.variables)])
            return [text], binding
        spelled = self._forms[value - self._first]
        inputs = self._inputs(value)
        return [
            piece if isinstance(piece, str) else (inputs[piece[0]], piece[1]) for piece in spelled.pieces
        ], spelled.binding


def refuse(op: Op, target: str) -> RequestError:
    """The error of an operation that a target cannot say."""
    return RequestError(f"{target} has no {op.name}", hint="another target may: see `adcli code --help`")


def renamings(program: Tape, layout: Layout) -> list[str]:
    """One line for each of the user's names that had to be written in another way."""
    pairs = list(zip(program.variables, layout.inputs, strict=True))
    pairs += [(label, layout.names[value]) for value, label in program.labels.items() if value in layout.names]
    return [f"{label} is written {name}." for label, name in pairs if label != name]
