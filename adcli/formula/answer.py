"""The answer at one point, for numbers and arrays alike: values, masks and notes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import isinf, isnan

from ..explain.notes import Inspection, Note, unique_notes
from ..ops.operands import Numeric, Operand
from .fields import fill
from .lowered import Lowered
from .outputs import Outputs


class Answer:
    """The outputs at one point.

    Args:
        outputs: what is wanted.
        inputs: one value per variable, floats or float64 arrays. Of an unknown it is the start.

    Attributes:
        inputs: the same without an unknown.
        numbers: the outputs that are shown, floats or float64 arrays.
        values: the value of every row of the graph.

    Raises:
        DomainError: the outputs are not defined at this point.
    """

    def __init__(self, outputs: Outputs, inputs: Mapping[str, Numeric]) -> None:
        self.outputs = outputs
        self.inputs = {name: x for name, x in inputs.items() if name != outputs.unknown}
        self._all, self.values = outputs.at(inputs)
        self.numbers = self._all[outputs.hidden :]
        self._inspections: dict[int, Inspection] = {}

    @property
    def lowered(self) -> Lowered:
        """The formula at the shapes of the inputs."""
        return self.outputs.lowered

    @property
    def rows(self) -> list[tuple[str, Numeric]]:
        """The labels that text prints, with the numbers."""
        return list(zip(self.outputs.labels, self.numbers, strict=True))

    @property
    def fields(self) -> dict[str, Operand]:
        """The numbers as JSON nests them."""
        fields: dict[str, Operand] = fill(self.outputs.fields, self.numbers)
        return fields

    def value(self, index: int = 0) -> Numeric:
        """Return a value by its index among the outputs."""
        value: Numeric = self._all[index]
        return value

    def slopes(self, index: int = 0) -> dict[str, Numeric]:
        """Return the first derivatives of a value by variable."""
        slopes = {}
        for number in self._numbers_of[index]:
            wrt = self.outputs.outputs[number].wrt
            if wrt is not None:
                slopes[wrt] = self._all[number]
        return slopes

    @cached_property
    def _numbers_of(self) -> list[list[int]]:
        """The indices of the outputs that belong to each output: its derivatives, and itself."""
        numbers: list[list[int]] = [[] for _ in self.outputs.outputs]
        for number, output in enumerate(self.outputs.outputs):
            numbers[output.of].append(number)
        return numbers

    def inspection(self, index: int = 0) -> Inspection:
        """Return a value inspected node by node."""
        if index not in self._inspections:
            output = self.outputs.outputs[index]
            assert output.node is not None
            lowered, moving = self.lowered, self.outputs.moving
            name = self.outputs.new_names.get(lowered.names[index], lowered.names[index])
            self._inspections[index] = Inspection(lowered.formula.text, output.node, self.values, moving, name)
        return self._inspections[index]

    @cached_property
    def notes(self) -> list[Note]:
        """The notes on all values, each once."""
        values = [i for i, output in enumerate(self.outputs.outputs) if output.of == i and output.node is not None]
        return unique_notes(note for index in values for note in self.notes_of(index))

    def notes_of(self, index: int) -> list[Note]:
        """Return the notes on a value and its derivatives, fatal ones first."""
        outputs, inspection = self.outputs, self.inspection(index)
        notes = inspection.notes(self.slopes(index) if outputs.moving else None)
        if any(note.fatal for note in notes):
            return notes
        further = {
            number: [x] if isinstance(x := self._all[number], float) else x.ravel().tolist()
            for number in self._numbers_of[index]
            if outputs.outputs[number].wrt is None and number != index and number >= outputs.hidden
        }
        undefined = next((number for number, elements in further.items() if any(map(isnan, elements))), None)
        infinite = next((number for number, elements in further.items() if any(map(isinf, elements))), None)
        if undefined is not None:
            label, reason = self._label_and_reason(undefined)
            cause = outputs.explain_nan(label, self.inputs, inspection.elements)
            notes.insert(0, inspection.undefined_derivative(label, cause, reason))
        if infinite is not None and not any(note.kind in ("pole", "overflow") for note in notes):
            notes.append(inspection.infinite_derivative(*self._label_and_reason(infinite)))
        notes += [inspection.note_on_result(*remark) for remark in outputs.remarks(self.inputs, self._all)]
        return notes

    def _label_and_reason(self, number: int) -> tuple[str, str | None]:
        return self.outputs.outputs[number].label, self.outputs.reason(number, self._all)


def answer_at(outputs: Outputs, inputs: Mapping[str, Numeric]) -> Answer:
    """Return the outputs at one point with their notes, so that an error is raised before anything is printed."""
    answer = Answer(outputs, inputs)
    answer.notes  # noqa: B018 - computes them
    return answer
