"""The JavaScript that computes the steps of a page, and the conditions of its marks."""

from __future__ import annotations

from math import isfinite
from typing import TypeAlias

from ..explain.steps import Trace
from ..graph.expr import Expr, Graph
from ..graph.tape import Tape
from ..ops import Op
from ..ops.operands import Operand
from ..ops.rules import local

Record: TypeAlias = dict[str, object]  # an object of the script's data


def generate(trace: Trace) -> tuple[str, dict[int, Record]]:
    """Return the JavaScript of every value, local derivative, pick and condition, and the conditions of each row."""
    from ..codegen.targets.javascript import function_text

    graph = trace.graph
    slopes, picks = [], []
    for row, position in trace.uses():
        op, out, arguments = _application(graph, row)
        pick = op.pick(position)
        slopes.append(_node(graph, local(op, position, out, arguments)))
        picks.append(_node(graph, 1.0 if pick is None else pick(out, *arguments)))
    conditions: list[Expr] = []
    by_row = {step.row: _conditions(trace, step.row, conditions) for step in trace.steps if graph.ops[step.row]}
    values = [Expr(graph, step.row) for step in trace.steps]
    return function_text(Tape(graph, [*values, *slopes, *picks, *conditions]), "adcli"), by_row


def _conditions(trace: Trace, row: int, conditions: list[Expr]) -> Record:
    """Return what the marks of a row are decided by: numbers of conditions, which are appended to the list."""

    def number(condition: Operand) -> int:
        conditions.append(_node(trace.graph, condition))
        return len(conditions) - 1

    op, out, arguments = _application(trace.graph, row)
    inputs = trace.graph.inputs[row]
    picks = [op.pick(position) for position in range(len(inputs))]
    return {
        "arguments": inputs,
        "finite": all(isfinite(trace.graph.constants.get(argument, 0.0)) for argument in inputs),
        "condition": op.is_condition,
        "variadic": op.variadic,
        "picks": [None if pick is None else number(pick(out, *arguments)) for pick in picks],
        "domain": op.domain and {"text": op.domain.text, "holds": number(op.domain.contains(*arguments))},
        "kinks": [
            {
                "kind": kink.kind,
                "says": kink.says if isinstance(kink.says, str) else kink.where,
                "matters": kink.arguments is None or any(trace.varies[inputs[position]] for position in kink.arguments),
                "when": number(kink.when(out, *arguments)),
            }
            for kink in op.kinks
        ],
    }


def _application(graph: Graph, row: int) -> tuple[Op, Expr, list[Expr]]:
    """Return the operation of a row, its node and the nodes of its arguments."""
    op = graph.ops[row]
    assert op is not None
    return op, Expr(graph, row), [Expr(graph, argument) for argument in graph.inputs[row]]


def _node(graph: Graph, x: Operand) -> Expr:
    """Return what a rule gave as a node. It may be a number."""
    return x if isinstance(x, Expr) else Expr(graph, graph.constant(float(x)))
