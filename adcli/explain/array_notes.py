"""What there is to say of one point where variables are arrays: `explain.Point` with an eye for single elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from math import isnan
from typing import Any

import numpy as np

from ..graph.text import array_text
from ..ops import Op
from ..ops.rules import Sweep
from ..ops.shapes import shape_text
from ..ops.structure import sum_to
from .notes import At, Note, Point

MOST = 1000  # elements of a node that are looked at one by one
SHOWN = 6  # elements of an array that a message shows


class ArrayPoint(Point):
    """One result at one point whose variables have shapes; see `Point`.

    `active` and `moving` hold, for each row, a truth for every element.
    """

    active: Any
    moving: Any

    def notes(self, slopes: Mapping[str, Any] | None) -> list[Note]:
        """What to tell of the value and, if there are any, of its slopes; fatal notes first."""
        value = np.asarray(self.values[self.result])
        if np.isnan(value).any():
            return [self._undefined(_first(np.isnan(value)))]
        found = [
            note
            for row in range(self.result + 1)
            if np.any(self.active[row])
            for note in self._all_notes(row, slopes is not None)
        ]
        undefined = [name for name, slope in (slopes or {}).items() if np.isnan(slope).any()]
        if undefined:
            self.adjoints()
            blame = self._blame or self._note("indeterminate", self.result, f"df/d{undefined[0]} is nan")
            blame.fatal = True
            found = [blame, *found]
        infinite = ["f"] if np.isinf(value).any() else []
        infinite += [f"df/d{name}" for name, slope in (slopes or {}).items() if np.isinf(slope).any()]
        if infinite and not any(note.kind in ("pole", "overflow") for note in found):
            variables = self.graph.variables.items()
            sources = [name for name, row in variables if np.isinf(self.values[row] or 0.0).any()]
            why = f"is infinite because {sources[0]} is" if sources else "is beyond the largest float64"
            found.append(self._note("overflow", self.result, f"{infinite[0]} {why}"))
        return found

    # ------------------------------------------------------------ which elements count

    def _reach(self) -> Any:
        active: list[Any] = [False] * (self.result + 1)
        moving: list[Any] = [False] * (self.result + 1)
        active[self.result] = np.ones(np.shape(self.values[self.result]), dtype=bool)
        moving[self.result] = active[self.result] & bool(self.varies[self.result])
        for row in range(self.result, -1, -1):
            op = self.graph.ops[row]
            if op is None or not np.any(active[row]):
                continue
            for place, argument in enumerate(self.graph.inputs[row]):
                reached = self._through(op, row, place, active[row])
                active[argument] = active[argument] | reached
                slope = op.partial(place) if op.shape is None else op.pull(place)
                if self.varies[argument] and slope is not None:
                    moving[argument] = moving[argument] | self._through(op, row, place, moving[row])
        return active, moving

    def _through(self, op: Op, row: int, place: int, mask: Any) -> Any:
        """The elements of an argument that the marked elements of a node are made of."""
        inputs = self._values_of(row)
        shape = np.shape(inputs[place])
        if not np.any(mask):
            return np.zeros(shape, dtype=bool)
        pick = op.pick(place) if op.picks is not None else None
        with np.errstate(all="ignore"):
            picked = True if pick is None else pick(self.values[row], *inputs, **op.parameters)
            if op.shape is not None:
                rule = op.pull(place)
                if op.moves and rule is not None:
                    pulled = rule(np.asarray(mask, dtype=float), self.values[row], *inputs, **op.parameters)
                    return np.asarray(np.broadcast_to(pulled, shape) != 0.0)
                return np.broadcast_to(picked, shape)
            full = np.broadcast_to(np.logical_and(mask, picked), np.shape(self.values[row]))
            return np.asarray(sum_to(full.astype(float), shape)) != 0.0

    def _values_of(self, row: int) -> list[Any]:
        return [self.values[argument] for argument in self.graph.inputs[row]]

    # ------------------------------------------------------------ the backward sweep

    def adjoints(self) -> dict[int, Any]:
        """The slope of the result, a number, by every row that moves it, each of the shape of its row."""
        if np.shape(self.values[self.result]) or not np.any(self.moving[self.result]):
            return {}
        sweep = Sweep()
        sweep.cotangents[self.result] = 1.0
        found: dict[int, Any] = {}
        with np.errstate(all="ignore"):
            for row in range(self.result, -1, -1):
                cotangent = sweep.selected(row)
                if cotangent is None:
                    continue
                found[row] = cotangent
                op, inputs = self.graph.ops[row], self.graph.inputs[row]
                if op is None:
                    continue
                keys = [argument if np.any(self.moving[argument]) else None for argument in inputs]
                sweep.step(row, op, self.values[row], self._values_of(row), keys)
                if self._blame is None:
                    for place, argument in enumerate(keys):
                        if argument is not None and np.isnan(sweep.selected(argument)).any():
                            self._blame = self._blame_of(op, row, place, cotangent)
                            break
        return found

    def _blame_of(self, op: Op, row: int, place: int, cotangent: Any) -> Note:
        """What to say of the node at whose argument a slope became nan."""
        if op.shape is None:
            whole = np.broadcast_to(cotangent, np.shape(self.values[row]))
            for at in self._looked_at(row, np.ones(whole.shape, dtype=bool)):
                partial = self._partial(op, row, place, at)
                if partial is not None and isnan(float(whole[at]) * partial) and not isnan(whole[at]):
                    return self._slope_blame(row, place, float(whole[at]), partial, None, at)
        return self._note("indeterminate", row, f"its slope is nan at {self._whole(self.graph.inputs[row][place])}")

    # ------------------------------------------------------------ single elements

    def _number(self, row: int, at: At) -> Any:
        value = self.values[row]
        return value[self._place(row, at)].item() if np.shape(value) else value

    def _place(self, row: int, at: At) -> At:
        """The index in a row of an element of what it is broadcast to."""
        shape = np.shape(self.values[row])
        return tuple([0 if n == 1 else i for n, i in zip(shape, at[len(at) - len(shape) :], strict=True)])

    def _named(self, row: int, at: At) -> str:
        text = self._text(row)
        if not np.shape(self.values[row]):
            return text
        index = ", ".join(map(str, self._place(row, at)))
        return f"{text}[{index}]" if text.isidentifier() else f"({text})[{index}]"

    def _whole(self, row: int) -> str:
        """A node and its value, or its shape where that is long."""
        value = np.asarray(self.values[row])
        shown = array_text(value) if value.ndim else repr(float(value))
        return (
            f"{self._text(row)} = {shown}" if value.size <= SHOWN else f"{self._text(row)} of {shape_text(value.shape)}"
        )

    def _moves(self, row: int, at: At) -> bool:
        return bool(np.asarray(self.moving[row])[at])

    def _looked_at(self, row: int, mask: Any) -> Iterator[At]:
        """The first of the marked elements of a node."""
        shape = np.shape(self.values[row])
        marked = np.broadcast_to(mask, shape)
        return islice((at for at in product(*map(range, shape)) if marked[at]), MOST)

    def _all_notes(self, row: int, with_slopes: bool) -> list[Note]:
        """The notes of a node: of the first element of each kind, with how many there are besides."""
        op = self.graph.ops[row]
        if op is None or op.is_condition:
            return []
        if op.shape is not None:
            return self._tensor_notes(op, row, with_slopes)
        if not op.kinks and np.isfinite(self.values[row]).all():
            return []
        found: dict[str, list[Note]] = {}
        for at in self._looked_at(row, self.active[row]):
            for note in self._node_notes(row, with_slopes, at):
                found.setdefault(note.kind, []).append(note)
        for notes in found.values():
            if len(notes) > 1:
                notes[0].message += f" (and so at {len(notes) - 1} more of its elements)"
        return [notes[0] for notes in found.values()]

    def _tensor_notes(self, op: Op, row: int, with_slopes: bool) -> list[Note]:
        out, inputs = self.values[row], self._values_of(row)
        shown = ", ".join([self._whole(argument) for argument in self.graph.inputs[row]])
        if np.isinf(out).any() and all(np.isfinite(each).all() for each in inputs):
            return [self._note("overflow", row, f"beyond the largest float64 ({shown})")]
        if not with_slopes or not np.any(self.moving[row]):
            return []
        return [
            self._note(
                kink.kind, row, f"{kink.kind} at {shown}: {self._says(kink, row, ())}; the chain rule does the rest"
            )
            for kink in op.kinks
            if kink.when(out, *inputs, **op.parameters)
        ]

    def _says(self, kink: Any, row: int, at: At) -> str:
        op = self.graph.ops[row]
        if op is not None and op.shape is not None and not isinstance(kink.says, str):
            return str(kink.says(self.values[row], *self._values_of(row)))
        return super()._says(kink, row, at)

    # ------------------------------------------------------------ who made a nan

    def _below(self, row: int, at: At) -> list[tuple[int, At]]:
        op = self.graph.ops[row]
        if op is None or op.shape is None:
            return [(argument, self._place(argument, at)) for argument, _ in super()._below(row, at)]
        below = [(argument, np.isnan(self.values[argument])) for argument in self.graph.inputs[row]]
        return [(argument, _first(undefined)) for argument, undefined in below if undefined.any()]

    def _made_nan(self, row: int, at: At) -> Note:
        op = self.graph.ops[row]
        if op is not None and op.shape is not None:
            shown = ", ".join([self._whole(argument) for argument in self.graph.inputs[row]])
            return self._note("indeterminate", row, f"it has no value at {shown}", fatal=True)
        note = super()._made_nan(row, at)
        if op is None and at:
            note.message = f"{self._named(row, at)} is not a number"
        return note


def _first(mask: Any) -> At:
    """The index of the first true element."""
    return tuple(np.argwhere(mask)[0].tolist()) if np.ndim(mask) else ()
