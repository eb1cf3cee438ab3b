"""How JSON nests the outputs: fields with a slot for each number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from ..ops.operands import Operand

# Of JSON: texts, whole numbers, a `Slot` for each result, and lists and mappings of these.
Field: TypeAlias = "str | int | list[Field] | dict[str, Field]"
Fields: TypeAlias = "dict[str, Field]"


class Slot(int):
    """The place of a number in the fields of JSON: its index among the outputs that are shown."""


class TransposedSlot(Slot):
    """The same for an array whose first axes, as many as `lead` says, are to stand last."""

    lead: int


def transposed_slot(index: int, lead: int) -> TransposedSlot:
    """Return the slot of an output whose first axes, as many as `lead` says, are to stand last."""
    slot = TransposedSlot(index)
    slot.lead = lead
    return slot


def fill(fields: Field, numbers: Sequence[Operand]) -> Operand:
    """Return the fields with numbers in the slots.

    >>> fill({"value": Slot(0), "gradient": {"x": Slot(1)}}, [6.0, 3.0])
    {'value': 6.0, 'gradient': {'x': 3.0}}
    """
    if isinstance(fields, TransposedSlot):
        array, lead = numbers[fields], fields.lead
        axes = [*range(lead, array.ndim), *range(lead)]
        return array.transpose(axes).copy()
    if isinstance(fields, Slot):
        return numbers[fields]
    if isinstance(fields, dict):
        return {name: fill(field, numbers) for name, field in fields.items()}
    return [fill(field, numbers) for field in fields] if isinstance(fields, list) else fields
