"""Print the passes of `adcli trace` as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..strict_json import json_text
from .printing import note_records

if TYPE_CHECKING:
    from ..formula.pass_tables import PassTables


def print_json(request: PassTables) -> str:
    """Return the passes as one JSON object."""
    passes, view = request.passes, request.view
    steps: list[dict[str, object]] = [
        {"name": step.name, "formula": None if step.formula is None else str(step.formula), "value": step.value}
        for step in passes.steps
    ]
    if request.forward:
        tangents = {name: passes.tangents(name) for name in request.names}
        for step, record in zip(passes.steps, steps, strict=True):
            if tangents:
                record["tangents"] = {name: moves.get(step.row, 0.0) for name, moves in tangents.items()}
    gradients = [view.answers[which].slopes for which in request.starts]
    trace = {
        "expression": view.text,
        "at": view.answers[0].inputs,
        "mode": "forward" if request.forward else "reverse",
        "forward": steps,
        **({} if request.forward else {"backward": _backward_records(request)}),
        **({"gradient": gradients[0]} if len(gradients) == 1 else {"jacobian": gradients}),
        "notes": note_records(view.notes()),
    }
    return json_text(trace) + "\n"


def _backward_records(request: PassTables) -> list[dict[str, object]]:
    passes = request.passes
    several = len(request.view.results) > 1
    return [
        ({"of": passes.names[passes.results[which]]} if several else {})
        | {
            "adjoint": each.target, "from": each.source, "slope": None if each.slope is None else str(each.slope),
            "factor": each.factor, "term": each.term, "total": each.total,
        }
        for which in request.starts
        for each in passes.backward(which)
    ]  # fmt: skip
