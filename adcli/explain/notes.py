"""Notes on one result at a point: kinks, jumps, poles, overflows, and the node at which a nan begins.

They are written after the answer is computed. The answer never depends on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, isinf

from ..errors import cut, describe_position, find_position
from ..graph.expr import Expr
from ..graph.text import number_text
from ..ops import Op
from ..ops.arithmetic import eq, where
from ..ops.operands import Numeric, Operand, shape_of
from .elements import At, Elements, element
from .passes import BackwardPass, Mask, any_of, first_element, is_all_finite, is_infinite, is_nan

MAX_NOTES = 20  # notes that are printed


class Note:
    """A remark on the answer at a point.

    Attributes:
        kind: ``kink``, ``jump``, ``pole``, ``domain``, ``overflow``, ``indeterminate`` or ``cancellation``.
        where: the sub-expression as the user wrote it.
        text, start: the source, and where the sub-expression starts in it.
        message: what happens there. A long one is cut.
        fatal: whether a requested result is nan because of it.
        row: of the node.
    """

    __slots__ = ("fatal", "kind", "message", "row", "start", "text", "where")

    def __init__(
        self, kind: str, where: str, text: str, start: int, message: str, fatal: bool = False, row: int = -1
    ) -> None:
        self.kind = kind
        self.where = where
        self.text = text
        self.start = start
        self.message = cut(message)
        self.fatal = fatal
        self.row = row

    # Finding a line takes time in proportion to the text. Most of many notes are never printed.
    @property
    def line(self) -> int:
        """The line of the sub-expression, from 1."""
        return find_position(self.text, self.start)[0]

    @property
    def column(self) -> int:
        """The column in this line, from 1."""
        return find_position(self.text, self.start)[1]

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What two notes that say the same have in common."""
        return self.kind, self.where, self.start, self.message

    def __str__(self) -> str:
        return f"{self.where} at {describe_position(self.text, self.start)}: {self.message}"


def unique_notes(notes: Iterable[Note]) -> list[Note]:
    """Return each note once, in order."""
    return list({note.key: note for note in notes}.values())


def limit_notes(notes: Sequence[Note]) -> list[Note]:
    """Return the first notes, fatal ones before the others. The last one says how many are left out."""
    first = sorted(notes, key=lambda note: not note.fatal)[:MAX_NOTES]
    if len(notes) > MAX_NOTES:
        last = first.pop()
        message = f"{last.message} ({len(notes) - MAX_NOTES} more notes are left out)"
        first.append(Note(last.kind, last.where, last.text, last.start, message, last.fatal, last.row))
    return first


class Inspection:
    """One result at a point, inspected node by node. Values are numbers or arrays.

    Args:
        text: the source that the spans of the graph point into.
        result: the node of the value.
        values: the value of each row, from `evaluate`.
        wrt: the variables to differentiate by.
        name: of the result, for messages.

    Attributes:
        backward: the record of the backward pass from the result.
    """

    def __init__(self, text: str, result: Expr, values: Sequence[Operand], wrt: Sequence[str], name: str = "f") -> None:
        self.name = name
        self.text = text
        self.graph = result.graph
        self.result = result.row
        self.values = values
        self.backward = BackwardPass(self.graph, self.result, values, [self.graph.variables[name] for name in wrt])
        self.elements = Elements(text, self.graph, values)

    def notes(self, derivatives: Mapping[str, Numeric] | None) -> list[Note]:
        """Return the notes on the value and, if they are given, on its first derivatives, fatal notes first."""
        undefined_value = first_element(is_nan(self.values[self.result]))
        if undefined_value is not None:
            return [self._undefined(undefined_value)]
        notes = []
        for row, active in enumerate(self.backward.active):
            if any_of(active):
                notes += self._row_notes(row, active, derivatives is not None)
        derivatives = derivatives or {}
        undefined = [name for name, derivative in derivatives.items() if any_of(is_nan(derivative))]
        if undefined:
            notes.insert(0, self.undefined_derivative(f"d{self.name}/d{undefined[0]}"))
        unbounded = [name for name, derivative in derivatives.items() if any_of(is_infinite(derivative))]
        is_unbounded = any_of(is_infinite(self.values[self.result]))
        if (is_unbounded or unbounded) and not any(note.kind in ("pole", "overflow") for note in notes):
            notes.append(self._infinite(self.name if is_unbounded else unbounded[0], is_unbounded))
        return notes

    def undefined_derivative(
        self, label: str, origin: tuple[int, str] | None = None, reason: str | None = None
    ) -> Note:
        """Return the note on a derivative that is nan: where its cause is, otherwise at its origin or the result."""
        if reason:
            return self._note("indeterminate", self.result, f"{label} is nan: {reason}", fatal=True)
        from .blame import cause_of_derivative, cause_of_further_derivative

        adjoints, variables = self.backward.adjoints, self.graph.variables
        undefined = [name for name, row in variables.items() if row in adjoints and any_of(is_nan(adjoints[row]))]
        named = [name for name in undefined if label == f"d{self.name}/d{name}"]
        cause: tuple[str, int, str] | None
        if undefined:
            cause = cause_of_derivative(self.backward, self.elements, variables[(named or undefined)[0]], label)
        elif origin is not None:
            cause = ("indeterminate", *origin)
        else:
            cause = cause_of_further_derivative(self.backward, self.elements, f"{label} is nan")
        kind, row, message = cause or ("indeterminate", self.result, f"{label} is nan")
        return self._note(kind, row, message, fatal=True)

    def note_on_result(self, kind: str, message: str) -> Note:
        """Return a note on the result."""
        return self._note(kind, self.result, message)

    def infinite_derivative(self, label: str, reason: str | None = None) -> Note:
        """Return the note on an infinite derivative that is not a first one."""
        if reason:
            return self._note("pole", self.result, f"{label} is infinite: {reason}")
        from .blame import cause_of_further_derivative

        says = f"{label} is infinite"
        cause = cause_of_further_derivative(self.backward, self.elements, says)
        return self._note(*(cause or ("pole", self.result, says)))

    def _note(self, kind: str, row: int, message: str, fatal: bool = False) -> Note:
        start = self.graph.spans.get(row, (0, 0))[0]
        return Note(kind, self.elements.node_text(row), self.text, start, message, fatal, row)

    def _infinite(self, name: str, is_value: bool) -> Note:
        """Return the note on an infinite value or derivative that no other note explains."""
        from .blame import cause_of_derivative

        label = name if is_value else f"d{self.name}/d{name}"
        if not is_value:
            cause = cause_of_derivative(self.backward, self.elements, self.graph.variables[name], label)
            if cause is not None:
                return self._note(*cause)
        active = self.backward.active
        inputs = [(name, row) for name, row in self.graph.variables.items() if row <= self.result]
        sources = [name for name, row in inputs if any_of(active[row]) and any_of(is_infinite(self.values[row]))]
        why = f"is infinite because {sources[0]} is" if sources else "is beyond the largest float64"
        return self._note("overflow", self.result, f"{label} {why}")

    # ------------------------------------------------------------ notes of one node

    def _row_notes(self, row: int, active: Mask, with_derivatives: bool) -> list[Note]:
        """Return the notes of a node. For an array they are the first of each kind and the number of such elements."""
        op = self.graph.ops[row]
        if op is None or op.is_condition:
            return []
        if op.shape is not None:
            return self._tensor_notes(op, row, with_derivatives)
        value = self.values[row]
        if not shape_of(value):
            return self._element_notes(row, (), with_derivatives)
        if not op.kinks and is_all_finite(value):
            return []
        by_kind: dict[str, list[Note]] = {}
        for at in self.elements.marked_indices(row, active):
            for note in self._element_notes(row, at, with_derivatives):
                by_kind.setdefault(note.kind, []).append(note)
        for notes in by_kind.values():
            if len(notes) > 1:
                notes[0].message += f" (and so at {len(notes) - 1} more of its elements)"
        return [notes[0] for notes in by_kind.values()]

    def _element_notes(self, row: int, at: At, with_derivatives: bool) -> list[Note]:
        elements, kinks = self.elements, self.elements.kinks(row, at)
        out = elements.number(row, at)
        if isinf(out) and all(isfinite(x) for x in elements.arguments(row, at)):
            for kink in kinks:
                if kink.kind == "pole":
                    says = self._with_arguments(elements.kink_text(kink, row, at), row, at)
                    return [self._note("pole", row, f"{says}; the value is {out}")]
            return [self._note("overflow", row, self._with_arguments("beyond the largest float64", row, at))]
        if not with_derivatives or not element(self.backward.moving[row], at):
            return []
        notes, varies, inputs = [], self.backward.varies, self.graph.inputs[row]
        for kink in kinks:
            if kink.arguments is not None and not any(varies[inputs[position]] for position in kink.arguments):
                continue
            where = elements.argument_text(row, at)
            if kink.kind in ("kink", "jump"):
                says = elements.kink_text(kink, row, at)
                notes.append(
                    self._note(kink.kind, row, f"{kink.kind} at {where}: {says}; the chain rule does the rest")
                )
            elif kink.kind == "pole" and isfinite(out) and self._has_infinite_derivative(row, at):
                notes.append(self._note("pole", row, f"infinite slope at {where}"))
        return notes

    def _has_infinite_derivative(self, row: int, at: At) -> bool:
        positions = [
            position for position, argument in enumerate(self.graph.inputs[row]) if self.backward.varies[argument]
        ]
        return any(isinf(self.elements.derivative(row, position, at) or 0.0) for position in positions)

    def _tensor_notes(self, op: Op, row: int, with_derivatives: bool) -> list[Note]:
        arguments = self._whole_arguments(row)
        inputs = self.elements.whole_arguments(row)
        if any_of(is_infinite(self.values[row])) and all(map(is_all_finite, inputs)):
            return [self._note("overflow", row, f"beyond the largest float64 ({arguments})")]
        if not with_derivatives or not any_of(self.backward.moving[row]):
            return []
        notes = []
        for kink in self.elements.kinks(row, ()):
            says = self.elements.kink_text(kink, row, ())
            notes.append(
                self._note(kink.kind, row, f"{kink.kind} at {arguments}: {says}; the chain rule does the rest")
            )
        return notes

    def _with_arguments(self, says: str, row: int, at: At) -> str:
        where = self.elements.argument_text(row, at)
        return f"{says} ({where})" if where else says

    def _whole_arguments(self, row: int) -> str:
        return ", ".join([self.elements.whole_equation(argument) for argument in self.graph.inputs[row]])

    # ------------------------------------------------------------ the cause of a nan value

    def _undefined(self, at: At) -> Note:
        """Return the note on the node at which the nan of the result begins: its own arguments are numbers."""
        row = self.result
        while undefined := self._undefined_arguments(row, at):
            row, at = undefined[0]
        return self._cause_of_nan_value(row, at)

    def _undefined_arguments(self, row: int, at: At) -> list[tuple[int, At]]:
        """Return the arguments that are nan as the node is, or only those of them that the node picks."""
        inputs, op = self.graph.inputs[row], self.graph.ops[row]
        masked = self._masked(row)
        if masked is not None:
            index = self.elements.index(masked, at)
            if self.elements.number(masked, index) != self.elements.number(masked, index):
                return [(masked, index)]
        if op is not None and op.shape is not None:
            firsts = [(argument, first_element(is_nan(self.values[argument]))) for argument in inputs]
            return [(argument, first) for argument, first in firsts if first is not None]
        positions = [position for position, x in enumerate(self.elements.arguments(row, at)) if x != x]
        if op is not None and op.picks is not None and not op.variadic:
            positions = [position for position in positions if self.elements.is_picked(row, position, at)] or positions
        return [(inputs[position], self.elements.index(inputs[position], at)) for position in positions]

    def _masked(self, row: int) -> int | None:
        """Return v of ``where(v == v, slope, nan)``, a derivative that is nan where its function is."""
        if self.graph.ops[row] is not where:
            return None
        condition = self.graph.inputs[row][0]
        pair = self.graph.inputs[condition] if self.graph.ops[condition] is eq else ()
        return pair[0] if pair and pair[0] == pair[1] else None

    def _cause_of_nan_value(self, row: int, at: At) -> Note:
        """Return the note on a node that is nan while its arguments are numbers."""
        op, inputs = self.graph.ops[row], self.graph.inputs[row]
        if op is None:
            source = "the value given for it" if row in self.graph.variables.values() else "the constant"
            subject = self.elements.name(row, at) if at else source
            return self._note("domain", row, f"{subject} is not a number", fatal=True)
        if op.shape is not None:
            return self._note("indeterminate", row, f"it has no value at {self._whole_arguments(row)}", fatal=True)
        numbers = self.elements.arguments(row, at)
        if op.domain is not None and not op.domain.contains(*numbers):
            argument = inputs[op.domain.argument]
            says = f"{self.elements.equation(argument, at)} is outside {op.domain.text}"
            hint = op.domain.hint(self.elements.node_text(argument), *numbers) if op.domain.hint else None
            return self._note("domain", row, f"{says}: {hint}" if hint else says, fatal=True)
        sides = [number_text(x) for x in numbers]
        expression = f" {op.sign} ".join(sides) if op.sign and len(sides) == 2 else f"{op.name}({', '.join(sides)})"
        says = f"{expression} has no value"
        from .blame import infinite_argument

        infinite = infinite_argument(self.graph, self.values, row)
        if infinite is not None:
            start = self.graph.spans.get(infinite[0], (0, 0))[0]
            value = number_text(self.elements.number(*infinite))
            says += f", because {self.elements.name(*infinite)} at {describe_position(self.text, start)} is {value}"
        return self._note("indeterminate", row, says, fatal=True)
