"""What there is to say of one point: adjoints of every node, kinks, poles, overflows, and who made a nan.

Works on numbers, node by node, after the answer is known; the answer never depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, isinf, isnan
from typing import Any, TypeAlias

from ..errors import DomainError, describe_position, find_position
from ..graph.expr import Expr, Graph
from ..graph.text import number_text
from ..ops import Kink, Op
from ..ops.real import Real, number


class Note:
    """Something to know about the answer at this point.

    Attributes:
        kind: ``kink``, ``jump``, ``pole``, ``domain``, ``overflow`` or ``indeterminate``.
        where: the sub-expression as it was written.
        column: where it starts (and `line`), from 1.
        message: what happens there.
        fatal: whether a requested result is nan because of it.
        row: the node it is about.
    """

    __slots__ = ("column", "fatal", "kind", "line", "message", "place", "row", "where")

    def __init__(
        self, kind: str, where: str, text: str, start: int, message: str, fatal: bool = False, row: int = -1
    ) -> None:
        self.kind = kind
        self.where = where
        self.line, self.column = find_position(text, start)
        self.place = describe_position(text, start)
        self.message = message
        self.fatal = fatal
        self.row = row

    def __str__(self) -> str:
        return f"{self.where} at {self.place}: {self.message}"


def evaluate(graph: Graph, outputs: Sequence[int], inputs: Mapping[str, Any], text: str | None = None) -> list[Any]:
    """The value of every row that the outputs need; None for the others.

    Numbers by the scalar kernels, as floats, and arrays by those of NumPy.

    Raises:
        DomainError: a matrix is singular; with its place in the text, if that is given.
    """
    values: list[Any] = [None] * len(graph)
    ops, arguments, constants, shapes = graph.ops, graph.inputs, graph.constants, graph.shapes
    names = {row: name for name, row in graph.variables.items()}
    for row in graph.live(outputs):
        op = ops[row]
        if op is None:
            value = constants.get(row)
            values[row] = value if value is not None else inputs[names[row]] if row in names else graph.arrays[row]
        elif op.shape is None and (not shapes or (row not in shapes and not _any_array(arguments[row], shapes))):
            values[row] = op.forward(*[values[i] for i in arguments[row]])
        else:
            try:
                result = op.on_arrays([values[i] for i in arguments[row]])
            except DomainError as error:
                if text is None or row not in graph.spans:
                    raise
                raise DomainError(error.problem, text=text, span=graph.spans[row], hint=error.hint) from None
            values[row] = result if row in shapes else result.item()
    return values


def _any_array(rows: Sequence[int], shapes: Mapping[int, Any]) -> bool:
    return any(row in shapes for row in rows)


At: TypeAlias = tuple[int, ...]  # the index of an element; () of a number


class Point:
    """One result at one point, looked at node by node; `explain_arrays.ArrayPoint` is the same for arrays.

    Args:
        text: the source that the spans of the graph point into.
        result: the node of the value.
        values: the value of each row, from `evaluate`.
        wanted: the variables that slopes are asked of.
    """

    def __init__(self, text: str, result: Expr, values: Sequence[Any], wanted: Sequence[str]) -> None:
        self.text = text
        self.graph = result.graph
        self.result = result.row
        self.values = values
        self.varies = self._varies({self.graph.variables[name] for name in wanted})
        # Rows the value is made of, and those of them the slopes are made of: what is not picked is in neither.
        self.active, self.moving = self._reach()
        self._blame: Note | None = None  # of the first slope that became nan

    def notes(self, slopes: Mapping[str, float] | None) -> list[Note]:
        """What to tell of the value and, if there are any, of its slopes; fatal notes first."""
        value = self.values[self.result]
        if isnan(value):
            return [self._undefined()]
        found = []
        for row in range(self.result + 1):
            if self.active[row]:
                found.extend(self._node_notes(row, slopes is not None))
        undefined = [name for name, slope in (slopes or {}).items() if isnan(slope)]
        if undefined:
            self.adjoints()
            blame = self._blame or self._note("indeterminate", self.result, f"df/d{undefined[0]} is nan")
            blame.fatal = True
            found = [blame, *found]
        infinite = ["f"] if isinf(value) else []
        infinite += [f"df/d{name}" for name, slope in (slopes or {}).items() if isinf(slope)]
        if infinite and not any(note.kind in ("pole", "overflow") for note in found):
            sources = [name for name, row in self.graph.variables.items() if isinf(self.values[row] or 0.0)]
            why = f"is infinite because {sources[0]} is" if sources else "is beyond the largest float64"
            found.append(self._note("overflow", self.result, f"{infinite[0]} {why}"))
        return found

    # ------------------------------------------------------------ the backward sweep

    def _varies(self, wanted: set[int]) -> bytearray:
        varies = bytearray(self.result + 1)
        for row in range(self.result + 1):
            varies[row] = row in wanted or any(varies[argument] for argument in self.graph.inputs[row])
        return varies

    def _reach(self) -> tuple[bytearray, bytearray]:
        graph = self.graph
        active, moving = bytearray(self.result + 1), bytearray(self.result + 1)
        active[self.result] = 1
        moving[self.result] = self.varies[self.result]
        for row in range(self.result, -1, -1):
            op = graph.ops[row]
            if op is None or not active[row]:
                continue
            for place_, argument in enumerate(graph.inputs[row]):
                if op.picks is not None and not self._picked(op, row, place_):
                    continue
                active[argument] = 1
                if moving[row] and self.varies[argument] and op.partial(place_) is not None:
                    moving[argument] = 1
        return active, moving

    def _number(self, row: int, at: At) -> Any:
        """The number in a node, at an element of it or of the node that it is broadcast to."""
        return self.values[row]

    def _named(self, row: int, at: At) -> str:
        """The node, or an element of it, as text."""
        return self._text(row)

    def _moves(self, row: int, at: At) -> bool:
        """Whether the slopes are made of this node, or element."""
        return bool(self.moving[row])

    def _inputs(self, row: int, at: At) -> list[Any]:
        return [self._number(argument, at) for argument in self.graph.inputs[row]]

    def _picked(self, op: Op, row: int, place_: int, at: At = ()) -> bool:
        pick = op.pick(place_)
        return pick is None or bool(number(pick(Real(self._number(row, at)), *map(Real, self._inputs(row, at)))))

    def _partial(self, op: Op, row: int, place_: int, at: At = ()) -> float | None:
        """The local slope of a node in one of its arguments."""
        partial: Any = op.partial(place_)
        if callable(partial):
            partial = number(partial(Real(self._number(row, at)), *map(Real, self._inputs(row, at))))
        return None if partial is None else float(partial)

    def adjoints(self) -> dict[int, float]:
        """The slope of the result by every row that moves it, by reverse mode on numbers."""
        graph = self.graph
        found: dict[int, float] = {self.result: 1.0} if self.moving[self.result] else {}
        for row in range(self.result, -1, -1):
            op = graph.ops[row]
            if op is None or row not in found:
                continue
            for place_, argument in enumerate(graph.inputs[row]):
                if not self.moving[argument] or (op.picks is not None and not self._picked(op, row, place_)):
                    continue
                partial = self._partial(op, row, place_)
                if partial is None:
                    continue
                term = found[row] * partial
                total = found[argument] + term if argument in found else term
                if isnan(total) and self._blame is None:
                    self._blame = self._slope_blame(row, place_, found[row], partial, found.get(argument))
                found[argument] = total
        return found

    def _slope_blame(
        self, row: int, place_: int, cotangent: float, partial: float, before: float | None, at: At = ()
    ) -> Note:
        argument = self.graph.inputs[row][place_]
        where = f"{self._named(argument, at)} = {number_text(self._number(argument, at))}"
        if isnan(partial):
            for kink in self._kinks(row, at):
                if kink.kind in ("domain", "indeterminate"):
                    return self._note(kink.kind, row, self._with(self._says(kink, row, at), row, at))
            return self._note("indeterminate", row, f"it has no slope at {where}")
        if isnan(cotangent * partial):
            if isinf(partial):
                return self._note("indeterminate", row, f"its slope {number_text(partial)} meets 0 at {where}")
            outer = number_text(cotangent)
            return self._note(
                "indeterminate", row, f"its slope 0 at {where} meets the slope {outer} of what it is used in"
            )
        return self._note(
            "indeterminate",
            argument,
            f"the slopes {number_text(before or 0.0)} and {number_text(cotangent * partial)} meet in it",
        )

    # ------------------------------------------------------------ notes of one node

    def _node_notes(self, row: int, with_slopes: bool, at: At = ()) -> list[Note]:
        op = self.graph.ops[row]
        if op is None or op.is_condition:
            return []
        out, inputs = self._number(row, at), self._inputs(row, at)
        kinks = self._kinks(row, at)
        if isinf(out) and all(isfinite(value) for value in inputs):
            for kink in kinks:
                if kink.kind == "pole":
                    return [
                        self._note("pole", row, f"{self._with(self._says(kink, row, at), row, at)}; the value is {out}")
                    ]
            return [self._note("overflow", row, self._with("beyond the largest float64", row, at))]
        if not with_slopes or not self._moves(row, at):
            return []
        found = []
        for kink in kinks:
            if kink.arguments is not None and not any(self.varies[self.graph.inputs[row][i]] for i in kink.arguments):
                continue
            if kink.kind in ("kink", "jump"):
                where, says = self._where(row, at), self._says(kink, row, at)
                message = f"{kink.kind} at {where}: {says}; the chain rule does the rest"
                found.append(self._note(kink.kind, row, message))
            elif kink.kind == "pole" and isfinite(out) and self._infinite_slope(row, at):
                found.append(self._note("pole", row, f"infinite slope at {self._where(row, at)}"))
        return found

    def _infinite_slope(self, row: int, at: At) -> bool:
        op = self.graph.ops[row]
        assert op is not None
        places = [place_ for place_, argument in enumerate(self.graph.inputs[row]) if self.varies[argument]]
        return any(isinf(self._partial(op, row, place_, at) or 0.0) for place_ in places)

    def _undefined(self, at: At = ()) -> Note:
        """Walk from the nan result down to the node that made it of numbers."""
        row = self.result
        while below := self._below(row, at):
            row, at = below[0]
        return self._made_nan(row, at)

    def _below(self, row: int, at: At) -> list[tuple[int, At]]:
        """The arguments that are nan as the node is; only those that it picks, if there are such."""
        inputs = self.graph.inputs[row]
        below = [place_ for place_, x in enumerate(self._inputs(row, at)) if isinstance(x, float) and isnan(x)]
        op = self.graph.ops[row]
        if op is not None and op.picks is not None and not op.variadic:
            below = [place_ for place_ in below if self._picked(op, row, place_, at)] or below
        return [(inputs[place_], at) for place_ in below]

    def _made_nan(self, row: int, at: At) -> Note:
        """What to say of the node that made a nan of numbers."""
        op = self.graph.ops[row]
        if op is None:
            given = "the value given for it" if row in self.graph.variables.values() else "the constant"
            return self._note("domain", row, f"{given} is not a number", fatal=True)
        inputs = self.graph.inputs[row]
        numbers = self._inputs(row, at)
        if op.domain is not None and not op.domain.contains(*numbers):
            where = self._equation(inputs[op.domain.argument], at)
            return self._note("domain", row, f"{where} is outside {op.domain.text}", fatal=True)
        sides = [number_text(value) for value in numbers]
        what = f" {op.sign} ".join(sides) if op.sign and len(sides) == 2 else f"{op.name}({', '.join(sides)})"
        return self._note("indeterminate", row, f"{what} has no value", fatal=True)

    def _kinks(self, row: int, at: At) -> list[Kink]:
        op = self.graph.ops[row]
        if op is None:
            return []
        out, inputs = self._number(row, at), self._inputs(row, at)
        return [kink for kink in op.kinks if kink.when(out, *inputs, **op.parameters)]

    def _says(self, kink: Kink, row: int, at: At) -> str:
        if isinstance(kink.says, str):
            return kink.says
        return kink.says(self._number(row, at), *self._inputs(row, at))

    def _with(self, says: str, row: int, at: At) -> str:
        """What is to be said, and the arguments it is said of."""
        where = self._where(row, at)
        return f"{says} ({where})" if where else says

    def _where(self, row: int, at: At) -> str:
        """``x = 0, y = 0``: the arguments of a node and their values."""
        return ", ".join(
            self._equation(i, at) for i in dict.fromkeys(self.graph.inputs[row]) if i not in self.graph.constants
        )

    def _equation(self, row: int, at: At) -> str:
        text, value = self._named(row, at), number_text(self._number(row, at))
        return value if row in self.graph.constants else f"{text} = {value}"

    def _text(self, row: int) -> str:
        """The node as it was written, shortened where it is long."""
        span = self.graph.spans.get(row)
        text = str(Expr(self.graph, row)) if span is None else self.text[span[0] : span[1]]
        text = " ".join(text.split())
        return text if len(text) <= 60 else text[:28] + " … " + text[-28:]

    def _note(self, kind: str, row: int, message: str, fatal: bool = False) -> Note:
        start = self.graph.spans.get(row, (0, 0))[0]
        return Note(kind, self._text(row), self.text, start, message, fatal, row)
